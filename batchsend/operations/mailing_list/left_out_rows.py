"""Rows left out on purpose: what `skip` and [[list.exclude]] of mailing.toml say of a list."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from batchsend.errors import ListError
from batchsend.language import _, filled
from batchsend.letters import copied_rows, letters_in_part, named_rows, skipped, without
from batchsend.lists import (
    LEFT_OUT,
    PROBLEMS,
    ExcludeSettings,
    ListSettings,
    RecipientList,
    read_list,
)
from batchsend.lists.problems import rows_in_words
from batchsend.mailing import Mailing


@dataclass(frozen=True, slots=True)
class _Found:
    """What one exclude list says of a recipient list."""

    rows: pl.DataFrame
    """`row`, and `reason` in a sentence."""
    warns: bool
    note: str


def leave_out(recipients: RecipientList, mailing: Mailing, workspace: Path) -> RecipientList:
    """The list without the rows that are left out on purpose, and with warnings of the others that
    an exclude list names.

    `workspace` takes the exclude lists while they are read. Raises SettingsError where `skip` or an
    exclude list names a column that is not there, ListError where an exclude list is missing, empty
    or damaged, names no row, or where nobody would be left.
    """
    settings = mailing.list
    if not (settings.skips or settings.exclude or settings.copies == "skip"):
        return recipients
    gone, problems = [LEFT_OUT.to_frame()], [recipients.problems]
    if settings.skips:
        rows, wrong = skipped(recipients, settings.skips, mailing.checks.zone)
        gone.append(rows)
        problems.append(wrong)
    if settings.copies == "skip":
        gone.append(copied_rows(recipients))
    notes = []
    for exclude in settings.exclude:
        found = _named_by(exclude, recipients, mailing, workspace)
        notes.append(found.note)
        if found.warns:
            problems.append(_warnings(found.rows))
        else:
            gone.append(found.rows)
    left = pl.concat(gone).unique("row", keep="first").sort("row")
    partly: list[int] = []
    if settings.group_by:
        partly = letters_in_part(recipients, left, settings.group_by).to_list()
    if partly:
        named = rows_in_words(partly).capitalize()
        notes.append(_("{named} left out; the other rows of their letters are sent.", named=named))
    told = pl.concat(problems).sort("row", maintain_order=True)
    noted = replace(recipients, problems=told, notes=(*recipients.notes, *notes))
    return without(noted, left)


def exclude_digests(mailing: Mailing) -> Iterator[str]:
    """A hash of each exclude list; empty where it cannot be read, which the check says."""
    for exclude in mailing.list.exclude:
        try:
            with (mailing.folder / exclude.path).open("rb") as file:
                yield hashlib.file_digest(file, "sha256").hexdigest()
        except OSError:
            yield ""


def _named_by(
    exclude: ExcludeSettings, recipients: RecipientList, mailing: Mailing, workspace: Path
) -> _Found:
    other = _read(exclude, mailing.folder, workspace)
    pairs, told = named_rows(recipients, other, exclude.columns)
    columns = ", ".join(exclude.columns.values())
    rows, naming = told.height, told["named"].sum()
    if not naming and exclude.must_match:
        raise ListError(
            _(
                "None of the rows of {path}, an exclude list, names a row of "
                "{recipients_path} by {columns}. Nothing was sent.",
                path=exclude.path,
                recipients_path=recipients.path,
                columns=columns,
            ),
            hint=_(
                "See that both lists write {columns} alike, and that it is the right file. "
                "Where it may be that nobody on it is in the list, set must_match = false "
                "under [[list.exclude]].",
                columns=columns,
            ),
        )
    others = told.filter(~pl.col("named"))["row"].to_list()
    note = _(
        "{path}: {naming:,} of {rows:,} rows found in the list by {columns}.",
        path=exclude.path,
        naming=naming,
        rows=rows,
        columns=columns,
    )
    if others and naming:
        note = _("{note} Not found: {rows}.", note=note, rows=rows_in_words(others))
    several = pairs.group_by("at").len().filter(pl.col("len") > 1)["at"].sort().to_list()
    if several and not mailing.list.group_by:
        note = _(
            "{note} Each of these names several rows, perhaps of different people: {rows}.",
            note=note,
            rows=rows_in_words(several),
        )
    for row, message in other.problems.select("row", "message").head(1).rows():
        note = _("{note} See its row {row}: {message}.", note=note, row=row, message=message)
    found = pairs.select("row", reason=_reason(exclude)).cast(LEFT_OUT)
    return _Found(found, exclude.as_ == "warn", note)


def _reason(exclude: ExcludeSettings) -> pl.Expr:
    """Why rows are left out, or warned of; `at` is the row of the exclude list."""
    said = exclude.reason.strip().rstrip(".")
    name = pl.lit(exclude.path.name)
    if said:
        reason = pl.lit(f"{said[0].upper()}{said[1:]}")
        return filled(_("{reason}: row {row} of {name}."), reason=reason, row="at", name=name)
    return filled(_("Named in row {row} of {name}."), row="at", name=name)


def _read(exclude: ExcludeSettings, folder: Path, workspace: Path) -> RecipientList:
    reading = exclude.model_dump(exclude={"match", "as_", "reason", "must_match"})
    # Its last row may look like a footer, and name somebody all the same; a sum names nobody.
    reading["footer_rows"] = reading["footer_rows"] or 0
    try:
        other = read_list(ListSettings(**reading), folder=folder, workspace=workspace)
    except ListError as error:
        raise ListError(
            _(
                "The exclude list cannot be used: {message} Nothing was sent.",
                message=error.message,
            ),
            hint=(error.hint or "").replace("[list]", "[[list.exclude]]")
            or _("Put it in its place, or take it out of mailing.toml."),
        ) from None
    wrong = other.problems.filter(severity="error")
    if wrong.height:
        row, message = wrong.row(0)[0], wrong.row(0)[3].rstrip(".")
        raise ListError(
            _(
                "The exclude list {path} cannot be read right: row {row}: {message}. "
                "Nothing was sent, as somebody on it might get a letter.",
                path=exclude.path,
                row=row,
                message=message,
            ),
            hint=_("Correct it, and run the same command again."),
        )
    return other


def _warnings(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.select(
        "row",
        column=pl.lit(""),
        value=pl.lit(""),
        message=pl.col("reason"),
        severity=pl.lit("warning"),
    ).cast(PROBLEMS)
