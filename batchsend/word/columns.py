"""Which column of the list a merge field means.

Word makes the names of fields out of headings: blanks become `_`, other characters are left out,
and a name that would begin with a digit begins with `M_`. Until the list is known, a name in the
template's source says only that it is a field's; `fitted` puts the column's own in its place.
"""

from __future__ import annotations

import json
import keyword
import re
from collections.abc import Sequence

from batchsend.expressions import FUNCTIONS, LETTER_NAMES
from batchsend.lists import Column
from batchsend.text import column_name, folded

_PREFIX = re.compile(r"^m_(?=\d)")
_TAKEN = {*LETTER_NAMES, *FUNCTIONS, "row", "rows", "true", "false", "none"}
EACH = "each"
"""What a row of the letter is called in a line of a table that is repeated."""


class _Kind:
    """A way of naming a column, and how such a name is found again."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.pattern = re.compile(rf"\b(?P<owner>{EACH}\.)?{prefix}(?P<name>[0-9a-f]+)\b")

    def named(self, written: str, *, owner: str = "") -> str:
        """The name for what is written, until the list is known."""
        return f"{owner}{self.prefix}{written.encode().hex()}"


FIELD = _Kind("merge_field_")
"""A merge field: it must be a column."""
TYPED = _Kind("typed_field_")
"""A word in guillemets: a column, or a quotation."""
_TYPED_WHOLE = re.compile(r"\{\{ " + TYPED.prefix + r"([0-9a-f]+) \}\}")


_SHOWN = re.compile(
    rf"\{{\{{ (?:{EACH}\.)?(?:{FIELD.prefix}|{TYPED.prefix})(?P<hex>[0-9a-f]+) \}}\}}"
)


def printed(source: str, columns: Sequence[Column]) -> str:
    """The same as `fitted`, for a letter that stays in Word: what a field shows is written for
    people, unless a picture of its own says how.
    """

    def readable(found: re.Match[str]) -> str:
        shown = fitted(found[0], columns)
        is_column = _column(bytes.fromhex(found["hex"]).decode(), columns) is not None
        return shown.replace(" }}", " | readable }}") if is_column else shown

    return fitted(_SHOWN.sub(readable, source), columns)


def fitted(source: str, columns: Sequence[Column]) -> str:
    """A template's source with the columns' own names in it; quotations are text again."""

    def typed(found: re.Match[str]) -> str:
        written = bytes.fromhex(found[1]).decode()
        column = _column(written, columns)
        return f"«{_escaped(written)}»" if column is None else f"{{{{ {_reference(column)} }}}}"

    def field(found: re.Match[str]) -> str:
        written = bytes.fromhex(found["name"]).decode()
        column = _column(written, columns)
        owner = found["owner"] or ""
        if column is None:
            name = column_name(written)
            return owner + (name if name.isidentifier() and not _is_taken(name) else f"m_{name}")
        if owner and column.name.isidentifier() and not keyword.iskeyword(column.name):
            return owner + column.name
        return f"{EACH}[{json.dumps(column.name)}]" if owner else _reference(column)

    return FIELD.pattern.sub(field, _TYPED_WHOLE.sub(typed, source))


def plain(source: str) -> str:
    """The same without a list: each name as Word has it."""

    def name(found: re.Match[str]) -> str:
        written = bytes.fromhex(found["name"]).decode()
        name = _PREFIX.sub("", column_name(written))
        owner = found["owner"] or ""
        if name.isidentifier() and not (_is_taken(name) and not owner):
            return owner + name
        return f"{owner.rstrip('.') or 'row'}[{json.dumps(written, ensure_ascii=False)}]"

    return FIELD.pattern.sub(name, TYPED.pattern.sub(name, source))


def _column(written: str, columns: Sequence[Column]) -> Column | None:
    """The column of that heading or name, however Word has changed it; None where several are."""
    bare = _PREFIX.sub("", column_name(written))
    for form in (str, folded, _joined):
        found = [column for column in columns if column.name and form(column.name) == form(bare)]
        if found:
            return found[0] if len(found) == 1 else None
    # A field's name has at most 40 characters.
    if len(written) == 40:
        found = [column for column in columns if _joined(column.name).startswith(_joined(bare))]
        return found[0] if len(found) == 1 else None
    return None


def _joined(name: str) -> str:
    return folded(name).replace("_", "")


def _reference(column: Column) -> str:
    if column.name.isidentifier() and not _is_taken(column.name):
        return column.name
    return f"row[{json.dumps(column.name, ensure_ascii=False)}]"


def _is_taken(name: str) -> bool:
    return name in _TAKEN or keyword.iskeyword(name)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
