"""What is not wrong but looks as if somebody should look: warnings, never errors."""

from __future__ import annotations

import polars as pl

from batchsend.language import _
from batchsend.letters.basis import Basis
from batchsend.letters.checks.leftovers import MANGLED, MANGLED_IN_ADDRESS
from batchsend.letters.problems import Problems
from batchsend.masking import ID_IN_TEXT, masked_in_text

_LINES = tuple(f"Invoicee.{name}" for name in ("Name", "Address1", "Address2", "Address3", "City"))
_ADDRESS = _LINES[1:4]
_NAMES = ("Invoicee.Name", "Invoicee.City")
_TOWN = "Invoicee.City"

_USUAL = r"^[\p{Latin}\p{M}\p{Nd} .,:;'’`´\"“”«»/\\()&+#@*!?%§°ªº|_–—-]*$"
# Most lines are made of these only, and need no second look.
_PLAIN = r"^(?:[A-Za-z0-9ÆØÅæøåÄÖäöÉéÜü][A-Za-z0-9ÆØÅæøåÄÖäöÉéÜü .,'/-]*)?$"
_NO_NAME = r"^[^\p{L}]*[1-9][^\p{L}]*$|^(?i:true|false|sann|usann|sant|sand|falsk|falskt)$"
# With a national id in it, which would be read through the envelope's window.
_WITH_ID = rf"(?:^|[^0-9])(?:{ID_IN_TEXT})(?:[^0-9]|$)"
_MAIL = r"^[^\s@]+@[^\s@]+\.[^\s@]+$"
_FIELD = r"^\s*«[^«»]+»\s*$"
_SUSPECT = rf"{_NO_NAME}|@|«|[0-9]{{5}}"  # quickly looked for, and in every text of these
_BREAKS = r"[\n\r\v\f\u2028\u2029\t]"
# Two words or more in capitals; short ones such as NRK AS are names.
_WORDS = r"\p{Lu}{2,}[^\p{L}]+\p{Lu}{3,}"
# What GOV.UK Notify refuses at the start of an address line: a formula, a note, a stray quote.
_STRANGE_START = r'^[@()=\[\]"\\/,<>~]'


class Appearance:
    """Looks at the lines that stand in the envelope's window."""

    def __init__(self, basis: Basis) -> None:
        self._mapping = mapping = basis.mapping
        varying = {leaf.path for leaf in mapping.varying}
        self._lines = [path for path in _LINES if path in varying]

    def __call__(self, letters: pl.DataFrame, _members: pl.DataFrame, problems: Problems) -> None:
        """Tell what looks odd in the texts of `letters`."""
        for path in self._lines:
            line = pl.col(path)
            odd = letters.filter(~line.str.contains(_PLAIN))
            self._warn(odd, path, _odd_signs(line, starts=path in _ADDRESS), problems)
            if path in _NAMES:
                suspect = letters.filter(line.str.contains(_SUSPECT))
                masked = line.map_elements(masked_in_text, return_dtype=pl.String)
                self._warn(suspect, path, _no_name(line), problems, value=masked)
            if path == "Invoicee.Name":
                said = _("The name is in capitals, and will appear so in the letter.")
                capitals = letters.filter(~line.str.contains(r"\p{Ll}"))
                self._warn(capitals, path, _where(line.str.contains(_WORDS), said), problems)
            if path in _ADDRESS:
                said = _("The town stands in this line too, and it has a line of its own.")
                alike = letters.filter(_ending(line) == _ending(self._mapping.text(_TOWN)))
                self._warn(alike, path, _where(self._ends_in_town(line), said), problems)

    def _warn(
        self,
        letters: pl.DataFrame,
        path: str,
        message: pl.Expr,
        problems: Problems,
        *,
        value: pl.Expr | None = None,
    ) -> None:
        """Tell of each letter for which `message` is not null."""
        problems.tell(
            letters,
            message.is_not_null(),
            message,
            column=self._mapping.headings(path),
            value=self._mapping.shown(path, pl.col(path)) if value is None else value,
            severity="warning",
        )

    def _ends_in_town(self, line: pl.Expr) -> pl.Expr:
        town, code = self._mapping.text(_TOWN), self._mapping.text("Invoicee.PostCode")
        ends_so = line.str.to_lowercase().str.ends_with(pl.format(" {}", town.str.to_lowercase()))
        after_number = line.str.contains(r"\d")
        after_code = (code != "") & line.str.contains(code, literal=True)
        return (town.str.len_chars() > 2) & ends_so & (after_number | after_code)


def _no_name(line: pl.Expr) -> pl.Expr:
    """Why a text can hardly be the name of somebody, or of a town; null where it may be."""
    return (
        pl.when(line.str.contains(_WITH_ID))
        .then(pl.lit(_("A national id stands in it, and the envelope's window would show it.")))
        .when(line.str.contains(f"{_NO_NAME}|{_MAIL}|{_FIELD}"))
        .then(pl.lit(_("This looks like no name. Look whether it stands in the right column.")))
    )


def _where(condition: pl.Expr, message: str) -> pl.Expr:
    return pl.when(condition).then(pl.lit(message))


def _ending(text: pl.Expr) -> pl.Expr:
    """A few signs of it, to see quickly which texts cannot end alike."""
    return text.str.tail(3).str.to_lowercase()


def _odd_signs(line: pl.Expr, *, starts: bool) -> pl.Expr:
    """What is odd about the signs in a line; null where nothing is."""
    strange_start = line.str.contains(_STRANGE_START) if starts else pl.lit(False)
    return (
        pl.when(line.str.contains(_BREAKS))
        .then(pl.lit(_("There is a line break in it; the letter has one line for it.")))
        .when(strange_start)
        .then(pl.lit(_("An address line does not usually begin with such a character.")))
        .when(~line.str.contains(_USUAL) & ~line.str.contains(f"{MANGLED}|{MANGLED_IN_ADDRESS}"))
        .then(
            pl.lit(
                _(
                    "There are unusual characters in it, which not every printer has. The "
                    "letter goes as it is; look at it in a preview, and write them otherwise if "
                    "they are missing."
                )
            )
        )
    )
