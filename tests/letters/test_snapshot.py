"""The list as it was checked, on disk: what sending and reporting read."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from batchsend.errors import ListError
from batchsend.letters import Letter, RowSet, Snapshot
from batchsend.lists import Row

HEADINGS = ("Kundenr.", "Navn", "Adresse", "Postnr", "Poststed", "Merknad", "")
USES = frozenset({"navn"})


def row(customer: str = "1", **other: str) -> tuple[str, ...]:
    cells = {
        "nr": customer,
        "navn": f" Navn {customer}",
        "adresse": "Storgata 1",
        "postnr": "0150",
        "sted": "Oslo",
        "merknad": "",
        "tom": "",
    }
    return tuple((cells | other).values())


def test_a_letter_is_its_fields_and_its_rows_as_typed(check: Any) -> None:
    cells = row(merknad=' "sitat"; =1+1\n')
    (letter,) = check([cells], HEADINGS, letter={"LanguageID": "nn"}).snapshot.letters()
    assert letter == Letter(
        identifier="test-1",
        channel="PRINT",
        language="NN",
        fields={
            "Channel": "PRINT",
            "LanguageID": "NN",
            "Identifier": "test-1",
            "Invoicee": {
                "Name": "Navn 1",
                "Address1": "Storgata 1",
                "City": "Oslo",
                "PostCode": "0150",
                "CountryCode": "NO",
            },
            "Invoicer": {"Name": "Utleier AS"},
        },
        rows=(Row(2, cells),),
        content=letter.content,
    )


def test_a_letter_without_a_language_is_written_in_norwegian(check: Any) -> None:
    (letter,) = check([row()], HEADINGS).snapshot.letters()
    assert letter.language == "NO"


def test_a_snapshot_opened_again_says_the_same(check: Any) -> None:
    checked = check([row("1"), row("2", postnr="620"), row("3")], HEADINGS)
    again = Snapshot.open(checked.snapshot.path)
    assert again.columns == checked.snapshot.columns
    assert [column.heading for column in again.columns] == list(HEADINGS)
    assert list(again.letters()) == list(checked.snapshot.letters())
    assert [letter.identifier for letter in again.letters()] == ["test-1", "test-3"]


@pytest.mark.parametrize(
    ("rows", "identifiers"),
    [
        ("2", ["test-1"]),
        ("3-4", ["test-2", "test-3"]),
        ("4,2", ["test-1", "test-3"]),
        ("3-", ["test-2", "test-3", "test-4"]),
        ("9", []),
    ],
)
def test_letters_of_some_rows_come_in_list_order(
    check: Any, rows: str, identifiers: list[str]
) -> None:
    snapshot = check([row(str(number)) for number in range(1, 5)], HEADINGS).snapshot
    made = snapshot.letters(RowSet.parse(rows))
    assert [letter.identifier for letter in made] == identifiers


def test_the_frame_has_every_row_with_its_fate(check: Any) -> None:
    frame = check([row("1"), row("2", postnr="620")], HEADINGS).snapshot.frame.collect()
    assert frame.columns == [
        *("row", "letter", "c0", "c1", "c2", "c3", "c4", "c5", "c6"),
        *("identifier", "channel", "content", "held", "reasons"),
    ]
    assert frame["c1"].to_list() == [" Navn 1", " Navn 2"]
    assert frame["held"].to_list() == [False, True]
    assert frame.item(0, "reasons") == ""
    assert frame.item(1, "reasons").startswith("Postnr: A postcode in Norway has 4 digits")


def test_it_knows_the_cells_at_fault(check: Any) -> None:
    rows = [row(), row("2", navn="KARI NORDMANN", postnr="x"), row("3", navn="", sted="")]
    assert check(rows, HEADINGS).snapshot.faults().rows() == [
        (3, "Postnr"),
        (4, "Navn"),
        (4, "Poststed"),
    ]


def test_identities_are_those_of_the_letters_that_can_be_sent(check: Any) -> None:
    snapshot = check([row("1"), row("2", postnr="620"), row("3")], HEADINGS).snapshot
    letters = list(snapshot.letters())
    assert snapshot.identities().collect().rows() == [
        (number, letter.identifier, "PRINT", letter.content)
        for number, letter in zip((2, 4), letters, strict=True)
    ]


def content(check: Any, cells: tuple[str, ...], headings: Any = HEADINGS, **settings: Any) -> str:
    (letter,) = check([cells], headings, **{"uses": USES, **settings}).snapshot.letters()
    return letter.content


def test_the_content_is_the_same_from_run_to_run_and_from_release_to_release(check: Any) -> None:
    """Ledgers keep it: a change here makes every letter that was sent look like another."""
    assert content(check, row()) == "4ec4fc045eac0eaeae6f7f0538f45666"


@pytest.mark.parametrize(
    "changes",
    [
        {"cells": row(navn="Noen Annen")},
        {"cells": row(adresse="Storgata 2")},
        {"digest": "another template"},
        {"letter": {"Note": "x"}},
        {"letter": {"Invoicer": {"Name": "Noen Annen AS"}}},
        {"letter": {"Channel": "FAX"}},
    ],
)
def test_another_letter_has_another_content(check: Any, changes: dict[str, Any]) -> None:
    cells = changes.pop("cells", row())
    assert content(check, cells, **changes) != content(check, row())


def test_columns_no_letter_shows_may_change_come_and_go(check: Any) -> None:
    noted = row(merknad="ringt 3. mai")
    assert content(check, noted) == content(check, row())
    assert content(check, (*row(), "x"), (*HEADINGS, "Status")) == content(check, row())


@pytest.mark.parametrize("name", ["row", "rows"])
def test_a_template_that_may_look_anywhere_makes_every_column_count(check: Any, name: str) -> None:
    uses = frozenset({name})
    noted = row(merknad="ringt 3. mai")
    assert content(check, noted, uses=uses) != content(check, row(), uses=uses)


def test_the_same_text_by_another_way_is_the_same_letter(check: Any) -> None:
    by_column = {"Invoicer": {"Name": "Utleier AS"}, "Note": "{{ merknad or 'x' }}"}
    by_constant = {"Invoicer": {"Name": "Utleier AS"}, "Note": "x"}
    assert content(check, row(), letter=by_column) == content(check, row(), letter=by_constant)


def test_a_text_that_moves_makes_another_letter(check: Any) -> None:
    first = {"Address2": "{{ kundenr }}", "Address3": ""}
    second = {"Address2": "", "Address3": "{{ kundenr }}"}
    assert content(check, row(), invoicee=first) != content(check, row(), invoicee=second)


def test_blanks_around_a_cell_make_no_other_letter(check: Any) -> None:
    assert content(check, row(navn="\u00a0Navn 1 ")) == content(check, row())


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps it in the user's own folder instead")
def test_only_its_owner_may_read_it(check: Any) -> None:
    path = check([row()], HEADINGS).snapshot.path
    assert stat.S_IMODE(path.stat().st_mode) == 0o700


def test_nothing_else_is_left_behind(check: Any) -> None:
    path = check([row()], HEADINGS).snapshot.path
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("kind", ["missing", "text", "other parquet", "folder"])
def test_what_is_no_snapshot_is_told(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "x.parquet"
    match kind:
        case "text":
            path.write_text("not a snapshot")
        case "other parquet":
            pl.DataFrame({"a": [1]}).write_parquet(path)
        case "folder":
            path.mkdir()
    with pytest.raises(ListError, match="does not hold a checked list"):
        Snapshot.open(path)
