"""One expression of the payload, read by its syntax: which columns it names, and whether polars
can make its text for a whole column of rows. Renders nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl
from jinja2 import nodes

from batchsend.errors import SettingsError
from batchsend.expressions import Names
from batchsend.letters.text import squeezed, trimmed
from batchsend.lists import Column

_OTHER_NAMES = frozenset({"row", "rows", "language"})


def as_expression(template: nodes.Template, names: Names, *, exact: bool = False) -> pl.Expr | None:
    """The text as a polars expression over cells; None where it is more than columns and text.

    `exact`: numbers are written in full, not as the sheet shows them.

    Understands columns, text, `~`, `or`, and `a if b else c` where b is a text or compares two.
    A text of several parts has its inner runs of blanks made one, since a part may be empty.
    """
    parts = list(_parts(template))
    known = [text for part in parts if (text := _text(part, names, exact)) is not None]
    if len(known) < len(parts):
        return None
    if len(parts) != 1 or isinstance(parts[0], nodes.Concat):
        return squeezed(pl.concat_str(known or [pl.lit("")]))
    is_column = _column_key(parts[0]) is not None  # whose text is trimmed already
    return known[0] if is_column else trimmed(known[0])


def columns_named(template: nodes.Template, names: Names) -> tuple[Column, ...]:
    """The columns it names, in its order.

    Raises SettingsError for a heading in `row["…"]` that the list does not have.
    """
    found = []
    for node in template.find_all((nodes.Name, nodes.Getitem, nodes.Getattr)):
        key = _column_key(node)
        column = _column(key, names) if key is not None else None
        if column is not None:
            found.append(column)
        elif key is not None and isinstance(node, nodes.Getitem):
            raise SettingsError(f"{names.why_not(key)}.")
    return tuple(dict.fromkeys(found))


def takes_rows(template: nodes.Template) -> bool:
    """Whether it may look at columns it does not name, through `rows` or all of `row`."""
    loose = [name for name in template.find_all(nodes.Name) if name.name in {"row", "rows"}]
    cells = [
        node
        for node in template.find_all((nodes.Getitem, nodes.Getattr))
        if _column_key(node) is not None
    ]
    return len(loose) > len(cells)


def _text(  # noqa: PLR0911 - one for each kind of expression
    node: nodes.Node, names: Names, exact: bool
) -> pl.Expr | None:
    match node:
        case nodes.TemplateData(data=text) | nodes.Const(value=str(text)):
            return pl.lit(text)
        case nodes.Or(left=left, right=right):
            first, second = _text(left, names, exact), _text(right, names, exact)
            both = first is not None and second is not None
            return pl.when(first != "").then(first).otherwise(second) if both else None
        case nodes.Concat(nodes=inner):
            parts = [made for part in inner if (made := _text(part, names, exact)) is not None]
            return pl.concat_str(parts) if len(parts) == len(inner) else None
        case nodes.CondExpr(test=test, expr1=yes, expr2=no) if no is not None:
            condition = _condition(test, names, exact)
            first, second = _text(yes, names, exact), _text(no, names, exact)
            if condition is None or first is None or second is None:
                return None
            return pl.when(condition).then(first).otherwise(second)
        case _:
            key = _column_key(node)
            column = _column(key, names) if key is not None else None
            if column is not None:
                return trimmed(pl.col(column.key) if exact else column.shown)
            return None


def _condition(node: nodes.Node, names: Names, exact: bool) -> pl.Expr | None:
    """Whether a text is there, or is the same as another."""
    match node:
        case nodes.Not(node=inner):
            condition = _condition(inner, names, exact)
            return None if condition is None else ~condition
        case nodes.Compare(expr=left, ops=[nodes.Operand(op="eq" | "ne" as sign, expr=right)]):
            first, second = _text(left, names, exact), _text(right, names, exact)
            if first is None or second is None:
                return None
            return first == second if sign == "eq" else first != second
        case _:
            text = _text(node, names, exact)
            return None if text is None else text != ""


def _column(key: str, names: Names) -> Column | None:
    try:
        return names.columns[names.place(key)]
    except KeyError:
        return None


def _column_key(node: nodes.Node) -> str | None:
    """The name or heading where `node` is a column and nothing else."""
    match node:
        case nodes.Name(name=name) if name not in _OTHER_NAMES:
            return name
        case nodes.Getitem(node=nodes.Name(name="row"), arg=nodes.Const(value=str(heading))):
            return heading
        case nodes.Getattr(node=nodes.Name(name="row"), attr=name):
            return name
    return None


def _parts(template: nodes.Template) -> Iterator[nodes.Node]:
    for node in template.body:
        if isinstance(node, nodes.Output):
            yield from node.nodes
        else:
            yield node
