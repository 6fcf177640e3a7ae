"""Rows that would be one letter twice: what the check offers, and what it does."""

from __future__ import annotations

import pytest
from desks import Desk, shown, words
from mailings import MailingFolder, row

from batchsend.mailing import Mailing

AT = "/mailing/rent/mailing.toml"


@pytest.fixture
def rent(desk: Desk) -> MailingFolder:
    place = desk.folder / "rent"
    place.mkdir()
    return MailingFolder(place)


def mend(desk: Desk, row: int, way: str) -> str:
    """Press one of the buttons; what the check says then."""
    client = desk.client()
    desk.post(client, f"{AT}/check/twice", row=str(row), way=way)
    return shown(client, f"{AT}/check")


def test_a_copy_is_left_out_and_the_row_that_it_copies_gets_its_letter(
    desk: Desk, rent: MailingFolder
) -> None:
    rent.write(row(1), row(2), row(1), row(3), row(1))
    html = shown(desk.client(), f"{AT}/check")
    assert "Rows 4, 6 are copies" in words(html)
    assert "Leave rows 4, 6 out" in words(html)
    assert 'name="value"' not in html, "a copy cannot be corrected: it is not told from the other"
    assert "All 3 letters are ready" in words(mend(desk, 2, "copies"))
    assert Mailing.load(rent.path).list.copies == "skip"
    assert rent.run("send", "--sandbox").exit_code == 0
    assert list(rent.statuses().values()) == [
        "accepted",
        "accepted",
        "left out",
        "accepted",
        "left out",
    ]
    page = words(shown(desk.client(), f"{AT}/receipt?status=left+out"))
    assert "Says the same as row 2 in every column." in page
    client = desk.client()
    assert "Rows that say in every column what a row above them says" in words(
        shown(client, f"{AT}/list")
    )
    desk.post(client, f"{AT}/list/reading", copies="hold")
    assert "2 ready, 3 to look at" in words(shown(client, f"{AT}/check"))


@pytest.mark.slow
def test_one_of_two_rows_is_left_out(desk: Desk, rent: MailingFolder) -> None:
    rent.write(row(1), row(2), row(1, adresse="Storgata 99"))
    html = words(shown(desk.client(), f"{AT}/check"))
    assert "Leave row 2 out" in html
    assert "Leave row 4 out" in html
    assert "Make one letter" not in html, "they go to two addresses"
    assert "All 2 letters are ready" in words(mend(desk, 2, "out"))
    assert rent.run("send", "--sandbox").exit_code == 0
    assert rent.statuses() == {2: "left out", 3: "accepted", 4: "accepted"}
    page = words(shown(desk.client(), f"{AT}/list"))
    assert "A row is left out that you chose:" in page
    assert "Storgata 1”" in page
    desk.post(desk.client(), f"{AT}/list/skip", undo="0")
    assert "1 ready, 2 to look at" in words(shown(desk.client(), f"{AT}/check"))


@pytest.mark.slow
def test_rows_that_belong_together_make_one_letter(desk: Desk, rent: MailingFolder) -> None:
    rent.write(row(1), row(2), row(1, **{"beløp": "99,00"}))
    assert "Make one letter of these rows" in words(shown(desk.client(), f"{AT}/check"))
    assert "All 2 letters are ready" in words(mend(desk, 4, "one"))
    assert Mailing.load(rent.path).list.group_by == ("kundenr",)
    client = desk.client()
    assert "Rows that have the same in Kundenr. make one letter" in words(
        shown(client, f"{AT}/list")
    )
    desk.post(client, f"{AT}/list/reading", group_by="")
    assert "1 ready, 2 to look at" in words(shown(client, f"{AT}/check"))


@pytest.mark.slow
@pytest.mark.parametrize("way", ["one", "copies", "out", "", "{{ 1 }}"])
@pytest.mark.parametrize("number", [3, 99])
def test_a_row_that_is_there_once_is_not_touched(
    desk: Desk, rent: MailingFolder, way: str, number: int
) -> None:
    rent.write(row(1), row(2), row(1))
    before = rent.path.read_bytes()
    mend(desk, number, way)
    assert rent.path.read_bytes() == before


def test_what_is_no_way_out_of_it_is_not_taken(desk: Desk, rent: MailingFolder) -> None:
    rent.write(row(1), row(2), row(1, adresse="Storgata 99"))
    before = rent.path.read_bytes()
    mend(desk, 2, "one")
    mend(desk, 2, "copies")
    assert rent.path.read_bytes() == before


@pytest.mark.slow
def test_copies_are_held_back_unless_somebody_has_said_so(rent: MailingFolder) -> None:
    rent.write(row(1), row(1), row(2))
    assert rent.run("send", "--sandbox").exit_code == 1
    assert rent.statuses() == {2: "invalid", 3: "invalid", 4: "accepted"}
