"""What is not wrong but looks as if somebody should look: warnings, never errors."""

from __future__ import annotations

import polars as pl

from batchsend.letters.mapping import Mapping
from batchsend.letters.problems import Problems

__all__ = ["Appearance"]

_LINES = tuple(f"Invoicee.{name}" for name in ("Name", "Address1", "Address2", "Address3", "City"))
_ADDRESS = _LINES[1:4]

# Letters saved in one encoding and read in another: "Ã¥" was "å", and nobody is called that.
_MANGLED = "[\ufffd]|[ÂÃ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€|ï»¿"
_USUAL = r"^[\p{Latin}\p{M}\p{Nd} .,:;'’`´\"“”«»/\\()&+#@*!?%§°ªº|_–—-]*$"
# Most lines are made of these only, and need no second look.
_PLAIN = r"^(?:[A-Za-z0-9ÆØÅæøåÄÖäöÉéÜü][A-Za-z0-9ÆØÅæøåÄÖäöÉéÜü .,'/-]*)?$"
_BREAKS = r"[\n\r\v\f\u2028\u2029\t]"
# What GOV.UK Notify refuses at the start of an address line: a formula, a note, a stray quote.
_STRANGE_START = r'^[@()=\[\]"\\/,<>~]'


class Appearance:
    """Looks at the lines that stand in the envelope's window."""

    def __init__(self, mapping: Mapping) -> None:
        self._mapping = mapping
        varying = {leaf.path for leaf in mapping.varying}
        self._lines = [path for path in _LINES if path in varying]

    def __call__(self, letters: pl.DataFrame, problems: Problems) -> None:
        """Tell what looks odd in the texts of `letters`."""
        for path in self._lines:
            line = pl.col(path)
            message = _odd_signs(line, starts=path in _ADDRESS)
            self._warn(letters, ~line.str.contains(_PLAIN), path, message, problems)
            if path == "Invoicee.Name":
                said = "The name is in capitals, and will stand so in the letter."
                self._warn(letters, _shouted(line), path, pl.lit(said), problems)
            if path in _ADDRESS:
                said = "The town stands in this line too, and it has a line of its own."
                self._warn(letters, self._ends_in_town(line), path, pl.lit(said), problems)

    def _warn(
        self,
        letters: pl.DataFrame,
        where: pl.Expr,
        path: str,
        message: pl.Expr,
        problems: Problems,
    ) -> None:
        line = pl.col(path)
        told = letters.lazy().filter(where).select("row", line=line, message=message).collect()
        problems.tell(
            told,
            pl.col("message").is_not_null(),
            pl.col("message"),
            column=self._mapping.headings(path),
            value=self._mapping.shown(path, pl.col("line")),
            severity="warning",
        )

    def _ends_in_town(self, line: pl.Expr) -> pl.Expr:
        town, code = self._mapping.text("Invoicee.City"), self._mapping.text("Invoicee.PostCode")
        ends_so = line.str.to_lowercase().str.ends_with(pl.format(" {}", town.str.to_lowercase()))
        after_number = line.str.contains(r"\d")
        after_code = (code != "") & line.str.contains(code, literal=True)
        return (town.str.len_chars() > 2) & ends_so & (after_number | after_code)


def _odd_signs(line: pl.Expr, *, starts: bool) -> pl.Expr:
    """What is odd about the signs in a line; null where nothing is."""
    strange_start = line.str.contains(_STRANGE_START) if starts else pl.lit(False)
    return (
        pl.when(line.str.contains(_MANGLED))
        .then(
            pl.lit(
                "Letters in it seem to have been mangled; save the list anew, as UTF-8 or as a "
                "workbook."
            )
        )
        .when(line.str.contains(_BREAKS))
        .then(pl.lit("There is a line break in it; the letter has one line for it."))
        .when(strange_start)
        .then(pl.lit("An address line does not usually begin with such a sign."))
        .when(~line.str.contains(_USUAL))
        .then(pl.lit("There are unusual signs in it, which not every printer has."))
    )


def _shouted(name: pl.Expr) -> pl.Expr:
    """Two words or more, and no small letter; short ones such as NRK AS are names."""
    words = r"\p{Lu}{2,}[^\p{L}]+\p{Lu}{3,}|\p{Lu}{3,}[^\p{L}]+\p{Lu}{3,}"
    return ~name.str.contains(r"\p{Ll}") & name.str.contains(words)
