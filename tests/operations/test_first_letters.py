"""The first letters of a list as they are printed: of each channel, and made once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from mailings import MailingFolder, row

from batchsend.letters import Checked
from batchsend.mailing import Mailing
from batchsend.operations.check import check_into, templates_of
from batchsend.operations.looking.first_letters import FirstLetter, first_letters
from batchsend.operations.preview import Looking
from batchsend.rendering import Templates


@pytest.fixture
def rent(tmp_path: Path) -> MailingFolder:
    return MailingFolder(tmp_path)


@pytest.fixture
def looking() -> Iterator[Looking]:
    found = Looking()
    yield found
    found.close()


def checked(rent: MailingFolder, name: str) -> tuple[Checked, Templates]:
    mailing = Mailing.load(rent.path)
    templates = templates_of(mailing)
    return check_into(rent.folder / name, mailing, templates), templates


def of(rent: MailingFolder, looking: Looking, name: str = "one") -> list[FirstLetter]:
    return list(first_letters(*checked(rent, name), looking))


def test_each_channel_has_its_own_first_letter(rent: MailingFolder, looking: Looking) -> None:
    rent.edit('Channel = "PRINT"', "Channel = \"{{ 'EMAIL' if e_post else 'PRINT' }}\"")
    rent.write(row(1), row(2), row(3, e_post=""), row(4, e_post=""))
    letter = rent.folder / "letter.html"
    letter.write_text(letter.read_text(encoding="utf-8").replace("top: 30mm", "top: 120mm"))
    by_email, on_paper = of(rent, looking)
    assert (by_email.row, on_paper.row) == (2, 4)
    assert by_email.printed.error == ""
    assert "addressee" in on_paper.printed.error


def test_a_letter_that_says_the_same_is_made_once(rent: MailingFolder, looking: Looking) -> None:
    [before] = of(rent, looking)
    rent.write(row(1), row(2, adresse="Storgata 99"))
    [after] = of(rent, looking, "two")
    assert after.printed is before.printed
    rent.write(row(1, fornavn="Ola"), row(2))
    [another] = of(rent, looking, "three")
    assert another.printed.pictures != before.printed.pictures


def test_no_letter_is_ready(rent: MailingFolder, looking: Looking) -> None:
    rent.write(row(1, postnr="150"))
    assert of(rent, looking) == []
