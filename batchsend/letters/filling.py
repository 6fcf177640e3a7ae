"""Rows -> the texts of their letters, by the mapping: polars for columns, Jinja2 for the rest."""

from __future__ import annotations

import re
from collections.abc import Iterable

import polars as pl
from jinja2 import Template

from batchsend.errors import BatchsendError
from batchsend.language import _
from batchsend.letters.mapping import KNOWN_BY, Leaf, Mapping
from batchsend.letters.problems import Problems
from batchsend.letters.text import RUN
from batchsend.lists import Figure, Row, texts_of
from batchsend.text import trimmed

_RUN = re.compile(RUN)


def fill(mapping: Mapping, members: pl.DataFrame, problems: Problems) -> pl.DataFrame:
    """One line per letter: its first row's `row` and cells, and each varying leaf by its path, and
    by its `key_in_full` where it has one.

    `members` holds all rows of the letters in list order: `row`, `letter` and the cells.
    """
    firsts = members.filter(pl.col("row") == pl.col("letter"))
    expressions = {
        leaf.path: leaf.made for leaf in mapping.varying if isinstance(leaf.made, pl.Expr)
    }
    expressions |= {
        leaf.key_in_full: leaf.in_full
        for leaf in mapping.varying
        if isinstance(leaf.in_full, pl.Expr)
    }
    filled = firsts.with_columns(**expressions)
    if mapping.rendered:
        filled = _render(mapping, filled, rows_by_letter(mapping, members), problems)
    return filled


def rows_by_letter(mapping: Mapping, members: pl.DataFrame) -> Iterable[list[Row]]:
    """The rows of each letter, in the letters' order."""
    cells = texts_of(members, mapping.names.columns)
    found: dict[int, list[Row]] = {}
    for letter, number, texts in zip(
        members["letter"].to_list(), members["row"].to_list(), cells, strict=True
    ):
        found.setdefault(letter, []).append(Row(number, texts))
    return found.values()


def _render(
    mapping: Mapping, filled: pl.DataFrame, letters: Iterable[list[Row]], problems: Problems
) -> pl.DataFrame:
    language = mapping.constants.get("LanguageID", "")
    languages = (
        filled["LanguageID"].to_list()
        if "LanguageID" in filled.columns
        else [language] * filled.height
    )
    made: dict[str, list[str]] = {leaf.path: [] for leaf in mapping.rendered}
    made |= {leaf.key_in_full: [] for leaf in mapping.rendered if leaf.in_full is not None}
    wrong: dict[str, list[str | None]] = {leaf.path: [] for leaf in mapping.rendered}
    formatted = any(column.formatted for column in mapping.names.columns)
    for rows, language in zip(letters, languages, strict=True):
        columns = mapping.names.variables(rows)
        variables = columns | {"language": language or "NO"}
        in_full = mapping.names.variables([_in_full(row) for row in rows]) if formatted else {}
        for leaf in mapping.rendered:
            # A column called "Language" is what the letter's language comes from.
            known = variables | columns if leaf.path == "LanguageID" else variables
            if leaf.path in KNOWN_BY:
                known = known | in_full
            text, message = _rendered(leaf, known, discreet=mapping.shows_ids(leaf.path))
            if leaf.path == "LanguageID":
                variables["language"] = text or "NO"
            made[leaf.path].append(text)
            if leaf.in_full is not None:
                full, _ = _rendered(leaf, known | in_full, discreet=True)
                made[leaf.key_in_full].append(full)
            wrong[leaf.path].append(message)
    for leaf in mapping.rendered:
        told = filled.select("row", message=pl.Series(wrong[leaf.path], dtype=pl.String))
        said = pl.col("message")
        problems.tell(told, said.is_not_null(), said, column=leaf.headings)
    return filled.with_columns(
        **{path: pl.Series(texts, dtype=pl.String) for path, texts in made.items()}
    )


def _in_full(row: Row) -> Row:
    """The row with its numbers as they are stored, not as the sheet shows them."""
    return Row(
        row.number,
        tuple(cell.stored if isinstance(cell, Figure) else cell for cell in row.cells),
    )


def _rendered(
    leaf: Leaf, variables: dict[str, object], *, discreet: bool
) -> tuple[str, str | None]:
    """The text, or else why there is none; `discreet` keeps what the row says out of that."""
    assert isinstance(leaf.made, Template)  # noqa: S101 - Mapping.rendered holds no others
    place = f"payload.Letter.{leaf.path} = “{leaf.source}”"
    try:
        text = leaf.made.render(variables)
    except BatchsendError as error:
        return "", _("{place} fails here.", place=place) if discreet else (
            f"{place}: {error.message}"
        )
    except Exception as error:
        # A mailing's expression can raise whatever it likes.
        if discreet:
            return "", _("{place} fails here.", place=place)
        return "", _("{place} fails here: {error}", place=place, error=error)
    return trimmed(_RUN.sub(" ", text)), None
