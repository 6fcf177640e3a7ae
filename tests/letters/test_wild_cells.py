"""Whatever stands in the cells: every row is accounted for, and what is sent can be sent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr
from thoroughness import examples

from batchsend.request import Subscription, request_body

HEADINGS = (
    *("Kundenr.", "Navn", "Adresse", "Postnr", "Poststed", "Land"),
    *("Fnr", "Orgnr", "E-post", "Mobil", "Kanal", "Språk", "Beløp"),
)
LETTER = {
    "Channel": "{{ kanal or 'PRINT' }}",
    "LanguageID": "{{ språk or 'NO' }}",
    "Note": "{{ navn | upper }} {{ beløp }}",
}
INVOICEE = {
    "CountryCode": "{{ land }}",
    "NationalId": "{{ fnr }}",
    "OrganizationNumber": "{{ orgnr }}",
    "Email": "{{ e_post }}",
    "Mobile": "{{ mobil }}",
}
LIKELY = [
    *("", " ", "0", "NO", "SE", "DE", "Norge", "PRINT", "EMAIL", "kivra", "DIGIPOST", "0150"),
    *("11455", "974760673", "DE136695976", "01857212300", "811228-9874", "131052-308T"),
    *("a@example.com", "99653241", "+46701234567", "1 234,50", "15.03.2026", "{{ navn }}", "=1+1"),
]
cells = st.one_of(
    st.sampled_from(LIKELY),
    st.text(st.characters(codec="utf-8"), max_size=12),
    st.text(st.sampled_from("0123456789+-@. ()/,"), max_size=14),
)
rows = st.lists(st.tuples(*[cells] * len(HEADINGS)), min_size=1, max_size=12)


@settings(
    deadline=None,
    max_examples=examples(30),
    # Each example writes a snapshot of its own.
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(rows=rows, grouped=st.booleans())
def test_every_row_is_accounted_for_and_what_is_sent_is_the_documented_body(
    check: Any, rows: list[tuple[str, ...]], grouped: bool
) -> None:
    checked = check(
        rows,
        HEADINGS,
        letter=LETTER,
        invoicee=INVOICEE,
        group_by=("kundenr",) if grouped else (),
        uses=frozenset({"beløp"}),
        formats={"beløp": {"money", "date"}} if len(rows) % 2 else {},
    )
    letters = list(checked.snapshot.letters())
    sent = [row for letter in letters for row in letter.rows]
    held = checked.snapshot.frame.filter("held").select("row", "reasons").collect().rows()
    assert sorted([row.number for row in sent] + [row for row, _ in held]) == list(
        range(2, len(rows) + 2)
    )
    assert [tuple(row.cells) for row in sent] == [rows[row.number - 2] for row in sent]
    assert all(reason for _, reason in held)
    assert len({letter.identifier for letter in letters}) == len(letters) == checked.letters
    subscription = Subscription(SubscriptionId=SecretStr("a"), StorageId=SecretStr("b"))
    for letter in letters:
        body = json.loads(request_body(letter.fields, b"%PDF", subscription))
        assert body["Letter"]["Identifier"] == letter.identifier


@pytest.mark.parametrize("name", ["a [b] {c}.parquet", "brev *.parquet", "æøå 100 %.parquet"])
def test_odd_names_of_files_are_names(check: Any, tmp_path: Path, name: str) -> None:
    folder = tmp_path / f"folder of {name}"
    folder.mkdir()
    snapshot = check([("1", *["x"] * 12)], HEADINGS).snapshot
    moved = snapshot.path.rename(folder / name)
    assert type(snapshot).open(moved).frame.collect().height == 1
