"""Repeats under a corrected identifier: a letter went, and then the cell that its identifier is
made of was corrected, or such a correction was undone.

What letters would be called without a correction is noted with the run that sends them. So a letter
is found again whatever happens to the corrections and the checked lists afterwards.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

import polars as pl

from batchsend.corrections import Correction, Labels, read_journal
from batchsend.ledger import Ledger
from batchsend.letters import REPEATS, Checked, Snapshot, folded_identifier, identifier_columns
from batchsend.lists import PERIOD, Column, Figure
from batchsend.mailing import Mailing
from batchsend.operations.history.register_entries import noted_names
from batchsend.operations.planning.repeats import Earlier, by_snapshot, went_as

_NOTED = pl.Schema({"run": pl.UInt32(), "hash": pl.String(), "earlier": pl.String()})


def noted(names: pl.DataFrame) -> dict[str, list[str]]:
    """What a run notes of its letters' other names; `names` has what each `identifier` is `called`,
    or would be."""
    others: dict[str, list[str]] = {}
    different = names.filter(pl.col("called") != pl.col("identifier"))
    for identifier, other in hashed_names(different).select("identifier", "hash").iter_rows():
        others.setdefault(other, []).append(identifier)
    return others


def went_under_a_noted_name(names: pl.DataFrame, earlier: Earlier) -> pl.DataFrame:
    """Which letters went under another identifier, by what the run noted that sent it, as REPEATS.

    `names` are as `noted` takes them, and what each letter is called now is among them.
    """
    repeats = under_noted_names(names, earlier).select("identifier", why=went_as())
    return repeats.unique("identifier", keep="last", maintain_order=True)


def under_noted_names(names: pl.DataFrame, earlier: Earlier) -> pl.DataFrame:
    """Each of the names beside every earlier letter that its run noted under it: `identifier`,
    `called`, and the columns of `earlier`."""
    known = [(run.number, *each) for run in earlier.runs for each in noted_names(run)]
    then = pl.DataFrame(known, schema=_NOTED, orient="row")
    then = then.join(earlier.letters, on=["run", "earlier"])
    return hashed_names(names if known else names.clear()).join(then, on="hash").drop("hash")


def hashed_names(names: pl.DataFrame) -> pl.DataFrame:
    """The names, each with the `hash` of every form that it is folded to, since a spreadsheet may
    have taken its zeros by the time it comes up again."""
    hashes = [
        form.map_elements(_hash, return_dtype=pl.String)
        for form in folded_identifier(pl.col("called"))
    ]
    return pl.concat([names.with_columns(hash=each) for each in hashes]).unique(maintain_order=True)


def _hash(name: str) -> str:
    return hashlib.blake2b(name.encode(), digest_size=16).hexdigest()


_Texts = dict[Column, set[str]]
"""What one row said or says in columns of its identifier."""


def went_before_a_correction(
    mailing: Mailing, checked: Checked, names: pl.DataFrame, earlier: Earlier, book: Ledger
) -> pl.DataFrame:
    """Which letters went under the identifier that their row has without a correction, or had with
    one: as REPEATS. `names` are what they are and were `called`, as of `names_of`.

    Where the file of corrections was lost or put back, those count that an earlier run used on the
    very same list.
    """
    if names.is_empty() or earlier.letters.is_empty():
        return REPEATS.to_frame()
    snapshot = checked.snapshot
    went = names.join(earlier.letters, left_on="called", right_on="earlier")
    found = [went.select("identifier", "run", earlier="called")]
    own = _made_of(mailing, snapshot)
    of_this_list = [run for run in earlier.runs if run.facts.list_digest == checked.list_digest]
    for before, some in by_snapshot(earlier.letters, of_this_list, book):
        if before is not None and _headings(before) == _headings(snapshot):
            found.append(_rows_that_differ(snapshot, names, before, some, own))
    repeats = pl.concat(found).select("identifier", why=went_as())
    return repeats.unique("identifier", keep="last", maintain_order=True)


def names_of(mailing: Mailing, snapshot: Snapshot, letters: pl.DataFrame) -> pl.DataFrame:
    """What letters (`identifier`) are `called`, and would be without a correction of theirs, or
    were with one that was undone.

    Raises SettingsError where the corrections cannot be read.
    """
    found: list[tuple[str, str]] = []
    for texts in _rows_said(mailing, snapshot, _made_of(mailing, snapshot)):
        said = [pl.col(column.key).is_in(list(known)) for column, known in texts.items()]
        listed = snapshot.frame.filter(pl.all_horizontal(said)).select("identifier")
        now = listed.collect(engine="streaming").join(letters, on="identifier", how="semi")
        for identifier in now["identifier"].unique():
            found += [(identifier, other) for other in sorted(_others(identifier, texts))]
    names = letters.select("identifier", called="identifier")
    others = pl.DataFrame(found, schema=names.schema, orient="row")
    return pl.concat([names, others.unique(maintain_order=True)])


def _made_of(mailing: Mailing, snapshot: Snapshot) -> list[Column]:
    """The list's own columns that identifiers are made of."""
    columns = identifier_columns(mailing.payload, snapshot.columns, mailing.checks.country)
    return [column for column in columns if column.name != PERIOD]


def _rows_that_differ(
    snapshot: Snapshot,
    names: pl.DataFrame,
    before: Snapshot,
    some: pl.DataFrame,
    own: Sequence[Column],
) -> pl.DataFrame:
    """Letters of the rows that said something else in their identifier's columns when the very same
    list went: each with its earlier identifier and the run that sent that."""
    cells = [pl.col(column.key).fill_null("") for column in own]
    who = pl.concat_str([pl.lit(""), *cells], separator="\x1f").alias("who")
    now = snapshot.frame.select("row", "identifier", who).collect(engine="streaming")
    then = before.frame.select("row", who, earlier="identifier").collect(engine="streaming")
    both = (
        now.join(names, on="identifier", how="semi")
        .join(then.join(some.select("earlier", "run"), on="earlier"), on="row", suffix=" then")
        .filter(pl.col("who") != pl.col("who then"))
    )
    return both.select("identifier", "run", "earlier")


def _headings(snapshot: Snapshot) -> list[tuple[str, str]]:
    columns = (column for column in snapshot.columns if column.name != PERIOD)
    return [(column.key, column.heading) for column in columns]


def _rows_said(mailing: Mailing, snapshot: Snapshot, own: Sequence[Column]) -> list[_Texts]:
    labels = Labels(snapshot.columns)
    rows: dict[object, _Texts] = {}
    for each in read_journal(mailing.corrections).corrections:
        key, label = each.draft.key, each.draft.column
        column = labels.find(label)
        if column is None:  # its heading was changed since: it may be any of these
            for one in own:
                rows.setdefault((key, label, one), {one: set()})[one].update(_texts(each))
        elif column in own:
            texts = rows.setdefault(key, {})
            texts.setdefault(column, set()).update(_texts(each))
    return list(rows.values())


def _texts(correction: Correction) -> Iterator[str]:
    for text in (correction.draft.was, correction.draft.now):
        yield str(text)
        if isinstance(text, Figure):
            yield text.stored


def _others(identifier: str, texts: _Texts) -> set[str]:
    """The identifier with the other texts of its row in the place of those that stand in it."""
    found = {identifier}
    for known in texts.values():
        found |= {each.replace(was, now) for each in found for was in known if was for now in known}
    return found - {identifier}
