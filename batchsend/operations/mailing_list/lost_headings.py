"""Headings that a mailing uses and that its newest list no longer has: which of the new ones may be
the same column, and what to write then. Nothing is taken for another column unasked.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from batchsend.errors import BatchsendError, SettingsError
from batchsend.language import _, figure
from batchsend.ledger import REHEARSAL
from batchsend.letters import Snapshot, identifier_columns
from batchsend.lists import PERIOD, Column, RecipientList
from batchsend.mailing import Mailing
from batchsend.operations.history.receipt import snapshot_of
from batchsend.operations.history.runs import ledger_of, runs_if_any
from batchsend.operations.mailing_list.list_changes import SAME_CELLS, Table, is_like
from batchsend.rendering import Templates
from batchsend.text import folded

_CODE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")
_LINES_SHOWN = 8


@dataclass(frozen=True, slots=True)
class _Lost:
    """A column of the earlier list that this one has not."""

    was: Column
    now: Column | None
    """The new column that it may be."""
    alike: int
    """Rows of the same people in which both say the same; or what stands in both, where nobody
    can be found again."""
    of: int
    """Rows of the same people in which the earlier one says anything; or all that it says."""
    by_people: bool


@contextmanager
def lost_headings_explained(
    mailing: Mailing, recipients: RecipientList, templates: Templates
) -> Iterator[None]:
    """Say of a SettingsError that names a column which the last list had what has become of it."""
    try:
        yield
    except SettingsError as error:
        explained = None
        with suppress(BatchsendError):
            explained = _explained(error, mailing, recipients, templates)
        raise (explained or error) from None


def _explained(
    error: SettingsError, mailing: Mailing, recipients: RecipientList, templates: Templates
) -> SettingsError | None:
    found = _last_list(mailing)
    if found is None:
        return None
    path, before = found
    columns = tuple(column for column in recipients.columns if column.name != PERIOD)
    now = Table(columns, recipients.rows)
    lost = [each for each in _lost(mailing, before, now) if _is_named(each.was, error)]
    if not lost:
        return None
    named = ", ".join(column.name for column in columns if column.name)
    hints = [
        *_what_to_write(mailing, lost, templates),
        _("Or give the column its old heading in the list."),
        _("The list's columns are: {columns}", columns=named),
    ]
    said = [_in_words(each, path, recipients.path) for each in lost]
    return SettingsError("\n".join(said), hint="\n".join(hints))


def _is_named(column: Column, error: SettingsError) -> bool:
    """Whether an error is about a column."""
    names = {column.name, folded(column.name), column.heading}
    return any(f"“{name}”" in error.message for name in names if name)


def _last_list(mailing: Mailing) -> tuple[Path, Snapshot] | None:
    """The list that went last, and its file; where nothing was real the last rehearsed one."""
    place = mailing.ledger_place
    if isinstance(place, Path) and not place.exists():
        return None
    with ledger_of(mailing, None) as book:
        runs = runs_if_any(mailing, book)
        real = [run for run in runs if run.facts.destination != REHEARSAL]
        for run in reversed(real or runs):
            with suppress(BatchsendError):
                return run.facts.list_path, Snapshot.open(snapshot_of(run, book))
    return None


def _lost(mailing: Mailing, snapshot: Snapshot, now: Table) -> Iterator[_Lost]:
    before = Table.of(snapshot)
    there = {folded(column.name): column for column in now.columns}
    known = {folded(column.name) for column in before.columns}
    new = [column for column in now.columns if folded(column.name) not in known]
    try:
        made_of = identifier_columns(mailing.payload, snapshot.columns, mailing.checks.country)
    except SettingsError:
        made_of = ()
    keys = [
        (column, there.get(folded(column.name))) for column in made_of if column in before.columns
    ]
    pairs = [(was, column) for was, column in keys if column is not None]
    both = _same_people(before, now, pairs) if pairs and len(pairs) == len(keys) else None
    for was in before.columns:
        if folded(was.name) not in there:
            yield (
                _with_the_same_values(was, new, before, now)
                if both is None
                else _of_the_same_people(was, new, both)
            )


def _same_people(before: Table, now: Table, pairs: Sequence[tuple[Column, Column]]) -> pl.DataFrame:
    """Rows of both lists beside each other, the earlier one's cells under `was c0` and so on."""
    then = _by_key(before, [was for was, _now in pairs]).rename(
        {column.key: f"was {column.key}" for column in before.columns}
    )
    return then.join(_by_key(now, [here for _was, here in pairs]), on="key")


def _by_key(table: Table, keys: Sequence[Column]) -> pl.DataFrame:
    cells = [pl.col(column.key).fill_null("").str.strip_chars() for column in table.columns]
    key = [pl.col(column.key).fill_null("").str.strip_chars() for column in keys]
    rows = table.rows.select(*cells, key=pl.concat_str([pl.lit(""), *key], separator="\x1f"))
    return rows.unique("key", keep="none").collect(engine="streaming")


def _of_the_same_people(was: Column, new: Sequence[Column], both: pl.DataFrame) -> _Lost:
    said = both.filter(pl.col(f"was {was.key}") != "")
    alike = {
        column: said.filter(pl.col(f"was {was.key}") == pl.col(column.key)).height for column in new
    }
    return _likeliest(was, alike, said.height, by_people=True)


def _with_the_same_values(was: Column, new: Sequence[Column], before: Table, now: Table) -> _Lost:
    values = _values(before, was)
    alike = {column: len(values & _values(now, column)) for column in new}
    return _likeliest(was, alike, len(values), by_people=False)


def _values(table: Table, column: Column) -> set[str]:
    cells = table.rows.select(pl.col(column.key).str.strip_chars().unique())
    return set(cells.collect(engine="streaming").to_series()) - {"", None}


def _likeliest(was: Column, alike: Mapping[Column, int], of: int, *, by_people: bool) -> _Lost:
    """The new column that is most like an earlier one, by what stands in it or by its heading."""
    likely = [
        each for each in alike if (of and alike[each] >= SAME_CELLS * of) or is_like(was, each)
    ]
    now = max(likely, key=lambda each: alike[each], default=None)
    return _Lost(was, now, alike[now] if now else 0, of, by_people)


def _in_words(lost: _Lost, before: Path, now: Path) -> str:
    was = lost.was.heading or lost.was.name
    places = {"was": was, "before": before.name, "now": now.name}
    if lost.now is None:
        return _(
            "The heading “{was}” of the last list, {before}, is not in {now}, and this mailing "
            "uses it. No new heading is like it.",
            **places,
        )
    new = lost.now.heading or lost.now.name
    if not lost.of:
        return _(
            "The heading “{was}” of the last list, {before}, is not in {now}, and this mailing "
            "uses it. “{new}” is new.",
            new=new,
            **places,
        )
    places |= {"new": new, "alike": figure(lost.alike), "of": figure(lost.of)}
    if not lost.by_people:
        return _(
            "The heading “{was}” of the last list, {before}, is not in {now}, and this mailing "
            "uses it. “{new}” is new, and has {alike} of the {of} values that stood there.",
            **places,
        )
    return _(
        "The heading “{was}” of the last list, {before}, is not in {now}, and this mailing uses "
        "it. “{new}” is new, and says the same in {alike} of {of} rows of the same people.",
        **places,
    )


def _what_to_write(mailing: Mailing, lost: Sequence[_Lost], templates: Templates) -> Iterator[str]:
    """The lines of mailing.toml and of the letter that name lost columns, with the new names."""
    renamed = {each.was: each.now for each in lost if each.now is not None}
    if not renamed:
        return
    changed = [
        *_lines(str(mailing.path), mailing.path.read_text(encoding="utf-8"), renamed),
        *_lines_of_letter(templates, renamed),
    ]
    if changed:
        yield _("If it is the same column, these lines are to say:")
        yield from changed[:_LINES_SHOWN]
    if len(changed) > _LINES_SHOWN:
        yield _("… and {number:,} more lines like them.", number=len(changed) - _LINES_SHOWN)


def _lines_of_letter(templates: Templates, renamed: Mapping[Column, Column]) -> Iterator[str]:
    for files in templates.files.values():
        for file, source in files.sources.items():
            for number, line in enumerate(source.splitlines(), start=1):
                code = [each for each in _CODE.findall(line) if _renamed(each, renamed) != each]
                if code:
                    place = f"{files.folder / files.where(file, number)}"
                    yield _line(place, " … ".join(_renamed(each, renamed) for each in code))


def _lines(path: str, text: str, renamed: Mapping[Column, Column]) -> Iterator[str]:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.lstrip().startswith("#"):
            continue
        new = _CODE.sub(lambda code: _renamed(code[0], renamed), line)
        if new != line:
            yield _line(f"{path}, line {number}", new.strip())


def _line(place: str, text: str) -> str:
    return f"  {place}: {text}"


def _renamed(code: str, renamed: Mapping[Column, Column]) -> str:
    """What is in the braces with new columns in the place of earlier ones."""
    for was, now in renamed.items():
        code = re.sub(rf"(?<=[\[( ,]){re.escape(_quoted(was.heading))}", _quoted(now.heading), code)
        plain = "|".join(map(re.escape, _names(was)))
        if plain:
            bare = now.name if now.name.isidentifier() else f"row[{_quoted(now.heading)}]"
            code = re.sub(rf"(?<![\w.\"'|])(?<!\| )(?:{plain})(?![\w\"'(])", bare, code)
    return code


def _quoted(heading: str) -> str:
    return json.dumps(heading, ensure_ascii=False)


def _names(column: Column) -> Iterable[str]:
    return {name for name in (column.name, folded(column.name)) if name}
