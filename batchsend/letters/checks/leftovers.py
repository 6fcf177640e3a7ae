"""What programs leave in place of a value: error values, "NULL", mangled letters, dates that Excel
made of house numbers, and nothing where the key should be.

None of it looks wrong to a program: "#NAME? Hansen" is a name, and "rent-" an identifier.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass

import polars as pl

from batchsend.expressions import AS_IT_STANDS
from batchsend.language import N_, _
from batchsend.letters.basis import Basis
from batchsend.letters.checks.days import IMPOSSIBLE, INSTANT, MONTH_FIRST, NO_DAY
from batchsend.letters.checks.required import is_dispensable
from batchsend.letters.mapping import KNOWN_BY, Mapping
from batchsend.letters.problems import Problems, Severity
from batchsend.letters.text import trimmed
from batchsend.lists import Column
from batchsend.text import BLANKS

_EXPONENT = r"[0-9](?:[.,][0-9]+)?[Ee]\+[0-9]{1,3}"
_POINT_ZERO = r"[0-9]+[.,]0+"
_MONTH = (
    r"(?i-u:jan(?:uari?|uary)?|feb(?:ruari?|ruary)?|mar|mär|mars|marts|märz|march|apr|april|mai|maj|may"
    r"|jun|juni|june|jul|juli|july|aug|august|augusti|sep|sept|september|okt|oct|oktober|october"
    r"|nov|november|des|dec|dez|desember|december|dezember"
    r"|(?:tammi|helmi|maalis|huhti|touko|kesä|heinä|elo|syys|loka|marras|joulu)(?:kuu(?:ta)?)?)"
)
_DATE = (
    r"[0-9]{4}[-/][0-9][0-9][-/][0-9][0-9](?:[ T]0?0:00(?::00)?)?"
    r"|[0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{4}|[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{2}"
    rf"|[0-9]{{1,2}}(?:[.\-/]|\. ?| ){_MONTH}\.?(?:[.\-/ ]?[0-9]{{2,4}})?"
    rf"|{_MONTH}[.\-/ ][0-9]{{1,2}}"
)
_MARKS = r"[\p{Pd}.?*_]+"
_SERIAL = r"4[0-9]{4}"
"""A day of 2009 to 2036 by the number that Excel keeps of it: where a house number became a date,
and the date a number again."""
_DAYS = rf"{IMPOSSIBLE}|{INSTANT}"
_ADDED_DECIMAL = r"[0-9]+\.0"
_NAMES_SOMETHING = re.compile(
    r"(?:nr|nummer|number|numero|kode?|code|kid|konto|account|telefon|mobil|phone|puhelin|år|year"
    r"|ref(?:eran[sc]e|erence|erens)?|viite|faktura|invoice|ordre|order|sak|avtale|kontrakt|polise"
    r"|(?:^|_)(?:no|nro|id))$"
)
"""How the names of columns end whose numbers are none to reckon with."""
_OF_PEOPLE = re.compile(
    r"navn|name|namn|nimi|kontakt|person|adresse|gate|poststed|ort$|(?:^|_)by$|city"
)
"""What the names of columns have in them that hold a name or a part of an address."""
_OF_COMPUTERS = re.compile(
    r"mail|(?:^|_)e_?post|nett|web|url|bruker|user|login|domene|domain|(?:^|_)file?_?na(?:vn|me|mn)"
)
"""The same of those whose names and addresses are of another kind: `ola_nordmann@example.com`."""
_NEVER_AN_ERROR = frozenset(
    f"Invoicee.{name}" for name in ("Email", "Mobile", "NationalId", "OrganizationNumber")
)
"""Texts whose rules take no error value for right."""
_COLUMN_ALONE = re.compile(r"\{\{\s*(?:\w+|row\[[^]]+\])\s*\}\}")
_ANY_COLUMN = frozenset({"row", "rows"})
_BETWEEN = "\x1f"
_NEVER = r"[^\s\S]"
_ADDRESS = frozenset(f"Invoicee.{name}" for name in ("Address1", "Address2", "Address3"))
_LINES = _ADDRESS | {"Invoicee.Name", "Invoicee.City"}
_NEEDED = frozenset({"Invoicee.Name", "Invoicee.Address1", "Invoicee.City"})
_NAMING = frozenset({"Identifier", "Invoicee.CustomerNo", "Invoicee.Reference"})
_ERRORS = (
    N_("This is an error of the spreadsheet's, not a value. Correct the formula there."),
    N_(
        "A program has written this for an empty cell, and the letter will show it. Empty "
        "the cell, or leave it if it is meant."
    ),
    N_("Letters in it seem to have been mangled; save the list again, as UTF-8 or as a workbook."),
    N_(
        "A number cut short to its first digits: whom or what it names is lost. Format the "
        "column as text, and fill it in again."
    ),
    N_(
        "A number with decimals, which cannot be what this is called: a program has added "
        "them. Write it without them."
    ),
    N_(
        "A date, where an address is: Excel makes one of numbers such as 2-4. Format the "
        "column as text, and write the number again."
    ),
    N_(
        "A date among other values: Excel makes one of numbers such as 2-4. Format the "
        "column as text, and write it again if it is none."
    ),
    N_(
        "Programs write this day for “no date” or “no end”, and the letter will show "
        "it. Correct it, or leave it if it is meant."
    ),
    N_("There is no such day, and the letter will show it. Correct it."),
    N_(
        "A moment as programs write it, and the letter will show it like this; here it may be "
        "another day. Write {{ … | date }} in the letter, or write the day in the list."
    ),
    N_(
        "It says that nothing is known, and the letter will show it. Fill it in, or empty the cell."
    ),
)


def columns_shown(mapping: Mapping, uses: AbstractSet[str]) -> tuple[Column, ...]:
    """The list's columns that the template (which `uses` these names) may look at."""
    columns = mapping.names.columns
    if uses & _ANY_COLUMN:
        return columns
    places = {mapping.names.place(name) for name in uses if name != "letter"}
    return tuple(column for column in columns if column.index in places)


@dataclass(frozen=True, slots=True)
class _Trace:
    """What a cell may hold that is no value."""

    pattern: str
    message: str
    severity: Severity
    columns: frozenset[Column]
    unless: str = _NEVER
    """Cells that another check has a message for."""
    among_others: bool = False
    """Whether it matters only where most cells of the column hold something else."""


class Leftovers:
    """Checks the cells that letters are made of.

    Hardly any row has one. So all its cells are looked at as one text first.
    """

    def __init__(self, basis: Basis) -> None:
        mapping, uses = basis.mapping, basis.template.uses
        mapped = {column for leaf in mapping.varying for column in leaf.columns}
        shown = mapped | set(columns_shown(mapping, uses))
        bare = frozenset(_without_filter(shown - mapped, basis))
        needless = _needless(basis, uses)
        called = frozenset(column for column in bare if _NAMES_SOMETHING.search(column.name))
        address, lines = _columns_of(mapping, _ADDRESS), _columns_of(mapping, _LINES)
        people = lines | set(filter(_is_of_people, shown))
        others = {path for path in mapping.leaves if path.startswith("OtherReferences.")}
        naming = _columns_of(mapping, _NAMING | others)
        # Of Identifier, CustomerNo and Reference `spoilt` tells this, which knows more of numbers.
        numbers = _columns_of(mapping, others) - _columns_of(mapping, _NAMING)
        days = MONTH_FIRST if mapping.constants.get("LanguageID") == "EN" else _NEVER
        self._mapping = mapping
        self._text = mapping.text("Identifier")
        self._identifier = mapping.leaves["Identifier"]
        told = map(_, _ERRORS)
        none = f"^(?:{ERROR_VALUE}|{NOTHING})$"
        fine = rf"{none}|^[^%<]*(?:https?://|www\.)\S+%\S*[^<]*$"  # `%` belongs to such addresses
        self._anywhere = (
            _Trace(f"^(?:{ERROR_VALUE})$", next(told), "error", frozenset(shown - needless)),
            _Trace(f"^(?:{NOTHING})$", (nothing := next(told)), "warning", frozenset(shown)),
            _Trace(NOTHING_BESIDE, nothing, "warning", lines, none),
            _Trace(MANGLED, (mangled := next(told)), "warning", frozenset(shown - people), fine),
            _Trace(f"{MANGLED}|{MANGLED_IN_ADDRESS}", mangled, "warning", frozenset(people), none),
        )
        self._in_some = (
            _Trace(f"^{_EXPONENT}$", (power := next(told)), "error", numbers),
            _Trace(rf"(?:^|\s){_EXPONENT}$", power, "error", address),
            _Trace(f"^{_POINT_ZERO}$", (decimals := next(told)), "error", numbers),
            _Trace(rf"(?:^|\s){_POINT_ZERO}$", decimals, "warning", address),
            _Trace(rf"(?:^|\s)(?:{_DATE})$", (date := next(told)), "warning", address),
            _Trace(f"^{_SERIAL}$", date, "warning", address, among_others=True),
            _Trace(f"^{_MARKS}$", _(_ERRORS[-1]), "warning", _columns_of(mapping, KNOWN_BY)),
            _Trace(
                f"^(?:{_DATE})$",
                (others_told := next(told)),
                "warning",
                naming - address,
                among_others=True,
            ),
        )
        self._in_bare = (
            _Trace(f"^{_EXPONENT}$", power, "warning", bare),
            _Trace(f"^{_ADDED_DECIMAL}$", decimals, "warning", called),
            _Trace(f"^(?:{_DATE})$", others_told, "warning", called, among_others=True),
            _Trace(f"^(?:{NO_DAY})$", next(told), "warning", bare),
            _Trace(f"^(?:{IMPOSSIBLE})$", next(told), "warning", bare, days),
            _Trace(f"^(?:{INSTANT})$", next(told), "warning", bare, f"^(?:{NO_DAY})$"),
        )
        needed = _columns_of(mapping, _NEEDED)
        self._needed = _Trace(f"^(?:{UNKNOWN})$", next(told), "warning", needed)
        edges = rf"(?:^|{_BETWEEN})[{BLANKS}]*(?:{{}})[{BLANKS}]*(?:{_BETWEEN}|$)"
        self._suspect_anywhere = f"{SUSPECT}|" + edges.format(
            f"#[^{_BETWEEN}]+|Err:[0-9]+|{NOTHING}"
        )
        self._suspect_anywhere += f"|{SUSPECT_BESIDE}" if lines else ""
        self._suspect_anywhere += rf"|{SUSPECT_OF_PEOPLE}" if people else ""
        self._suspect_in_bare = edges.format(
            f"{_EXPONENT}|{_ADDED_DECIMAL}|{NO_DAY}|{_DAYS}" + (f"|{_DATE}" if called else "")
        )
        # Few columns, and a pattern that fails at a cell's first letter: each is looked at alone.
        unknown = rf"^[{BLANKS}]*(?:{UNKNOWN})[{BLANKS}]*$"
        columns = self._needed.columns
        self._says_unknown = [pl.col(column.key).str.contains(unknown) for column in columns]
        self._suspect_in_some = (
            rf"(?:^|\s|{_BETWEEN})(?:{_EXPONENT}|{_POINT_ZERO}|{_DATE}|{_SERIAL}|{_MARKS})"
            rf"[{BLANKS}]*(?:{_BETWEEN}|$)"
        )

    def __call__(self, letters: pl.DataFrame, members: pl.DataFrame, problems: Problems) -> None:
        """`letters` with their texts, `members` every row of them with its cells."""
        for traces, suspect in (
            (self._anywhere, self._suspect_anywhere),
            (self._in_some, self._suspect_in_some),
            (self._in_bare, self._suspect_in_bare),
        ):
            columns = _in_order(column for trace in traces for column in trace.columns)
            # Untrimmed, which costs less than half; so blanks may stand at the edges.
            cells = pl.concat_str([column.key for column in columns], separator=_BETWEEN)
            rows = members.filter(cells.str.contains(suspect)) if columns else members.clear()
            if rows.height:
                for trace in traces:
                    self._tell(trace, rows, members, problems)
        self._tell_unknown(members, problems)
        self._without_key(letters, members, problems)

    def _tell_unknown(self, members: pl.DataFrame, problems: Problems) -> None:
        if self._says_unknown:
            rows = members.filter(pl.any_horizontal(self._says_unknown))
            if rows.height:
                self._tell(self._needed, rows, members, problems)

    def _tell(
        self, trace: _Trace, rows: pl.DataFrame, members: pl.DataFrame, problems: Problems
    ) -> None:
        for column in _in_order(trace.columns):
            cell = trimmed(pl.col(column.key))
            found = rows.filter(cell.str.contains(trace.pattern), ~cell.str.contains(trace.unless))
            filled = members.select((cell != "").sum()).item() if trace.among_others else 0
            if trace.among_others and 2 * found.height > filled:
                continue
            problems.tell(
                found,
                pl.lit(True),
                trace.message,
                column=column.heading or column.name,
                value=self._mapping.shown_cell(column),
                severity=trace.severity,
            )

    def _without_key(
        self, letters: pl.DataFrame, members: pl.DataFrame, problems: Problems
    ) -> None:
        parts = [trimmed(pl.col(column.key)) == "" for column in self._identifier.own_columns]
        empty = members.filter(*parts) if parts else members.clear()
        if empty.height:
            written = letters.filter(self._text != "").select("row")  # else it is told as missing
            problems.tell(
                empty.join(written, on="row", how="semi"),
                pl.lit(True),
                _("Empty, and the letter's identifier is built from it. Fill it in."),
                column=self._identifier.own_headings,
            )


def _without_filter(columns: Iterable[Column], basis: Basis) -> Iterator[Column]:
    """Those that the template shows as they stand, as far as is known."""
    names = basis.mapping.names
    formatted = set()
    for name, filters in basis.template.formats.items():
        if filters <= {AS_IT_STANDS}:
            continue
        with suppress(KeyError):  # a variable of the template's own
            formatted.add(names.place(name))
    return (column for column in columns if column.index not in formatted)


def _needless(basis: Basis, uses: AbstractSet[str]) -> set[Column]:
    """Columns of which nothing is in a letter but what its rule judges, and it may go without."""
    mapping, channel = basis.mapping, basis.mapping.constants.get("Channel", "")
    elsewhere = set(columns_shown(mapping, uses))
    spared: set[Column] = set()
    for leaf in mapping.varying:
        spares = leaf.path in _NEVER_AN_ERROR and _COLUMN_ALONE.fullmatch(leaf.source)
        name = leaf.path.removeprefix("Invoicee.")
        if spares and (is_dispensable(leaf.path, channel) or name in basis.checks.blank):
            spared |= set(leaf.columns)
        else:
            elsewhere |= set(leaf.columns)
    return spared - elsewhere


def _is_of_people(column: Column) -> bool:
    name = column.name
    return _OF_PEOPLE.search(name) is not None and _OF_COMPUTERS.search(name) is None


def _columns_of(mapping: Mapping, paths: AbstractSet[str]) -> frozenset[Column]:
    return frozenset(
        column for leaf in mapping.varying if leaf.path in paths for column in leaf.columns
    )


def _in_order(columns: Iterable[Column]) -> list[Column]:
    return sorted(set(columns), key=lambda column: column.index)


# In the languages of the Nordic countries, English and German; Excel's and LibreOffice's. All but a
# few end with a mark, in any language.
ERROR_VALUE = (
    r"#¡?\p{Lu}[\p{Lu}/0-9]+[!?]"
    r"|(?i:#(?:REF|VALUE|NAME|NUM|DIV/0|VERDI|NAVN|VÄRDEFEL|NAMN|VÆRDI|ARVO|NIMI|WERT|BEZUG)[!?]?)"
    r"|(?i:#(?:N/A|N/D|I/T|NV|SAKNAS|PUUTTUU|GETTING_DATA|BUSY!|FIELD!)(?: #?N/?A)?|#NA)"
    r"|(?i:#(?:ERROR|FEIL|FEJL|FEL|FEHLER|TYPE|DELETED|SLETTET|MULTIVALUE)!?)"  # databases, reports
    r"|#{3,}"  # a column too narrow for its number
    r"|Err:5[0-9]{2}"
)
NOTHING = (
    r"#?NULL#?|null|[(<\[](?i:null|none|nil|blank|empty)[)>\]]|None|[Nn]a[Nn]|NAN|\\N|[Nn]/[Aa]|<NA>"
    r"|NaT|[Nn]il|NIL|undefined|(?:System\.)?DBNull(?:\.Value)?|\[object \w+\]|[Nn]\.[Aa]\."
    r"|(?:NULL|null|None|nan|NaN)(?:,? +(?:NULL|null|None|nan|NaN))+|System\.[A-Z]\w+(?:\[\])?"
    r"|[Kk]\. ?A\.|'{2}|\"{2}|\{\}|\[\]|[+-]?(?:inf|Infinity|1\.#(?:IND|QNAN|INF)[0-9]*)|-nan|NA"
    r"|0000-00-00(?:[ T]00:00:00)?|00\.00\.0000"
)
"""What databases and programs write. People are called Null, so it is no error."""
_WORDS = "NULL|null|None|nan|NaN|undefined"
NOTHING_BESIDE = rf"^(?:{_WORDS}),? \p{{Lu}}|\p{{L}},? (?:{_WORDS}|{ERROR_VALUE})$"
"""The same beside a name or a street, where a program has put two cells together."""
# Without \b, which is slow in a text that is not all ASCII.
SUSPECT_BESIDE = rf"(?:^|[\s\x1f])(?:{_WORDS})(?:$|[\s,\x1f])|\s#\p{{L}}"
_UNKNOWN = (
    r"ukjent|ing(?:en|et)|ikke (?:oppgitt|registrert|angitt|angivet|tilgjengelig)|mangler|tom"
    r"|okän[dt]|ei ole"
    r"|(?:ej|inte) känd|(?:ej|inte) känt|ej angiv(?:en|et)|(?:uppgift )?saknas|ukendt|tuntematon"
    r"|ei tie(?:dossa|toa)|puuttuu"
    r"|unbekannt|fehlt|(?:nicht|keine) angabe|nicht angegeben|leer|unknown|missing|blank|empty"
    r"|not (?:provided|available|applicable|given|known|specified)|tb[adc]"
)
UNKNOWN = (
    rf"[(<\[]?(?i:{_UNKNOWN})[)>\]]?|\p{{Pd}}+|[.?*_]+|[xX]+|0+"
    r"|(?i:do\.|dito|ditto)|\p{Pd}* ?[\"”“〃]+ ?\p{Pd}*"  # as in the row above
)
"""What people write where a name, a street or a town has to be."""


_READ_WRONGLY = (
    r"[\x{fffd}\x{80}-\x{9f}]"
    r"|[ÂÃ][\x{80}-\x{bf}€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€|ï»¿"  # UTF-8 as Windows-1252
    r"|[├┬][^\s]"  # as DOS
    r"|[√¬][^\s\d\p{L}]"  # as Macintosh
    r"|[ĂÄ][\x{80}-\x{a0}¸¦…‚„†‡•–—]"  # as Windows-1250
    r"|\p{L}[ÂÊÃ]\p{Ll}|(?:^|\s)ÿ\p{Ll}"  # Windows-1252 as Macintosh
    r"|(?:^|\s)Ã\p{Ll}"  # the same where a program has dropped its control characters
    r"|\p{Ll}[ŒŠŽ]|\p{L}Ÿ\p{Ll}|\p{L}[†›„‚”ƒ¿¾¢™]\p{L}"  # Macintosh and DOS as Windows-1252
    r"|\p{L}[°µ³]\p{Ll}|[ĺĹ]"  # Windows-1252 as DOS, and as Windows-1250
    r"|\p{L}[¸¨¯]\p{L}|(?:^|\s)[¨¯]\p{Ll}"  # as the Baltic Windows-1257
)
_ESCAPED = (
    r"|(?i:%C[2-5]%[89AB][0-9A-F])|\p{L}%(?:2[0-9A-Fa-f]|[C-Fc-f][0-9A-Fa-f])\p{L}"
    r"|\\r\\n|\\[nt](?:\p{Lu}|[0-9\s]|$)"  # line breaks and tabs as programs write them
    r"|(?i:</?(?:br|b|i|u|p|em|strong|span|div|font|td|tr|li|ul)(?:\s[^<>]*)?/?>)"
    r"|_x[0-9A-F]{4}_|\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|\\[2-3][0-7]{2}"
    r"|\+A[A-P][A-Za-z0-9+/]-"  # UTF-7
    r"|(?i:\p{L}|\b)=(?:C[2-5]=[89AB][0-9A-F]|[CDEF][0-9A-F]\p{Ll})"
    r"|&(?:#\d{2,5}|#[xX][0-9a-fA-F]{2,4}|[a-zA-Z]{2,8}[0-9]{0,2});"
)
MANGLED = (
    rf"{_READ_WRONGLY}{_ESCAPED}|^[^\s/]*\p{{L}}\?{{1,2}}\p{{Ll}}"
    r"|\s[^\s/]*\p{L}\?{1,2}\p{Ll}|(?:^|\s)\?\p{Ll}|\p{L}¤\p{Ll}"
)
"""In any text. A `?` in an address of the web is none."""
MANGLED_IN_ADDRESS = (
    r"\p{L}\?(?:\s|$)|\p{Ll}[_*#~^¢]\p{Ll}"
    r"|\p{L}[{|}\\]\p{Ll}|(?:^|\s)[{|}\\\[\]]\p{Ll}|\p{L}[\[\]]\p{Ll}"  # the 7-bit letters
    r"|\p{Lu}[\[\]\\]\p{Lu}{2}"
)
"""In a name, street or town besides."""
SUSPECT_OF_PEOPLE = r"[_*#~^¢][a-zæøåäö]"
SUSPECT = (
    r"[\x{fffd}\x{80}-\x{9f}├┬√¬†›„‚”ƒ°µ³ĺĹ¿¾¢™¸¨¯¤%=&?<{|}\\\[\]]|\+A[A-P]|_x[0-9A-F]"
    r"|[ÂÃĂÄ][^\s\p{L}]|[ÂÊÃÿ]\p{Ll}|â€|ï»¿|[a-zæøåäö][ŒŠŽ]|Ÿ"
)
"""What is in every text that one of the others finds; for a quick look at many."""
