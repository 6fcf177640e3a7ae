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
_BREAKS = r"[\n\r\v\f\u2028\u2029\t]"
# What GOV.UK Notify refuses at the start of an address line: a formula, a note, a stray quote.
_STRANGE_START = r'^[@()=\[\]"\\/,<>~]'


class Appearance:
    """Looks at the lines that stand in the envelope's window."""

    def __init__(self, mapping: Mapping) -> None:
        self._mapping = mapping
        varying = {leaf.path for leaf in mapping.varying}
        self._lines = [path for path in _LINES if path in varying]
        self._addresses = [path for path in _ADDRESS if path in varying]

    def __call__(self, letters: pl.DataFrame, problems: Problems) -> None:
        """Tell what looks odd in the texts of `letters`."""
        for path in self._lines:
            message = _odd_signs(pl.col(path), starts=path in self._addresses)
            if path == "Invoicee.Name":
                message = pl.coalesce(message, _shouted(pl.col(path)))
            self._warn(letters, path, message, problems)
        for path in self._addresses:
            self._warn(letters, path, self._town_in(pl.col(path)), problems)

    def _warn(self, letters: pl.DataFrame, path: str, message: pl.Expr, problems: Problems) -> None:
        told = letters.select("row", pl.col(path).alias("text"), message.alias("message"))
        problems.add(
            told["row"],
            told["message"],
            column=self._mapping.headings(path),
            values=told["text"],
            severity="warning",
        )

    def _town_in(self, line: pl.Expr) -> pl.Expr:
        """An address line that ends in the town, which has a line of its own."""
        town, code = self._mapping.text("Invoicee.City"), self._mapping.text("Invoicee.PostCode")
        line, town = line.str.to_lowercase(), town.str.to_lowercase()
        ends_so = (town.str.len_chars() > 2) & line.str.ends_with(pl.format(" {}", town))
        numbered = line.str.contains(r"\d")
        code_too = (code != "") & line.str.ends_with(pl.format("{} {}", code, town))
        return pl.when(ends_so & (numbered | code_too)).then(
            pl.lit("The town stands in this line too, and it has a line of its own.")
        )


def _odd_signs(line: pl.Expr, *, starts: bool) -> pl.Expr:
    message = (
        pl.when(line.str.contains(_MANGLED))
        .then(
            pl.lit(
                "Letters in it seem to have been mangled; save the list anew, as UTF-8 or as a "
                "workbook."
            )
        )
        .when(line.str.contains(_BREAKS))
        .then(pl.lit("There is a line break in it; the letter has one line for it."))
    )
    if starts:
        message = message.when(line.str.contains(_STRANGE_START)).then(
            pl.lit("An address line does not usually begin with such a sign.")
        )
    return message.when(~line.str.contains(_USUAL)).then(
        pl.lit("There are unusual signs in it, which not every printer has.")
    )


def _shouted(name: pl.Expr) -> pl.Expr:
    words = name.str.contains(r"\p{Lu}{2,}[^\p{L}]+\p{Lu}{3,}|\p{Lu}{3,}[^\p{L}]+\p{Lu}{2,}")
    return pl.when(words & ~name.str.contains(r"\p{Ll}")).then(
        pl.lit("The name is in capitals, and will stand so in the letter.")
    )
