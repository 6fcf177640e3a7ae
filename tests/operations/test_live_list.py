"""The list while its letter is written: the first letter is there before the list is checked."""

from __future__ import annotations

from pathlib import Path

import pytest
from mailings import MailingFolder, row

from batchsend.errors import ListError
from batchsend.letters import Letter
from batchsend.mailing import Mailing
from batchsend.operations.correct import Cell, correct_cells
from batchsend.operations.looking import live_list
from batchsend.operations.looking.live_list import LiveList


@pytest.fixture
def rent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MailingFolder:
    """Twenty rows, of which the first four are looked at before the others."""
    monkeypatch.setattr(live_list, "FIRST", 4)
    mailing = MailingFolder(tmp_path)
    mailing.write(*(row(number) for number in range(1, 21)))
    return mailing


def letter(
    rent: MailingFolder, of: LiveList | None = None, row: int | None = None, key: str = ""
) -> Letter:
    found = (of or LiveList()).letter(Mailing.load(rent.path), row, key)[1]
    assert found is not None
    return found


def test_the_first_letter_does_not_wait_for_the_whole_list(
    rent: MailingFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(_of: LiveList, _mailing: Mailing) -> None:
        raise AssertionError("the whole list was checked")

    with monkeypatch.context() as patch:
        patch.setattr(LiveList, "whole", never)
        assert letter(rent).rows[0].number == 2
        assert letter(rent, row=4).rows[0].number == 4
    assert LiveList().whole(Mailing.load(rent.path)).letters == 20


def test_a_row_further_down_is_found(rent: MailingFolder) -> None:
    assert letter(rent, row=20).identifier == "test-1019"


def test_where_the_first_rows_are_wrong_the_first_right_one_is_shown(rent: MailingFolder) -> None:
    rent.write(*(row(number, postnr="x" if number < 9 else "0150") for number in range(1, 21)))
    live = LiveList()
    assert letter(rent, live).rows[0].number == 10
    assert letter(rent, live, row=3).rows[0].number == 10


def test_a_language_that_only_later_rows_have(rent: MailingFolder) -> None:
    rent.edit('LanguageID = "NO"', "LanguageID = \"{{ 'EN' if kundenr == '1012' else 'NO' }}\"")
    assert letter(rent, key="EN").identifier == "test-1012"
    assert letter(rent, row=3, key="EN").identifier == "test-1012"
    assert letter(rent, row=3, key="SE").rows[0].number == 3


def test_a_letter_of_several_rows_has_all_of_them(rent: MailingFolder) -> None:
    rent.write(*(row(number % 5, beløp=str(number)) for number in range(20)))
    rent.edit('path = "list.csv"', 'path = "list.csv"\ngroup_by = ["kundenr"]')
    assert [each.number for each in letter(rent).rows] == [2, 7, 12, 17]


def test_a_list_or_a_cell_that_was_changed_is_read_again(rent: MailingFolder) -> None:
    live = LiveList()
    assert letter(rent, live).fields["Invoicee"]["City"] == "Oslo"
    correct_cells(Mailing.load(rent.path), [Cell(2, "Poststed", "OSLO")])
    assert letter(rent, live).fields["Invoicee"]["City"] == "OSLO"
    rent.write(*(row(number) for number in range(7, 9)))
    assert letter(rent, live).identifier == "test-1007"
    assert live.whole(Mailing.load(rent.path)).letters == 2


def test_a_list_without_rows_is_said(rent: MailingFolder) -> None:
    rent.write()
    with pytest.raises(ListError):
        letter(rent)
