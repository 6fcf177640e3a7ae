"""Which letters are worth looking at, and why."""

from __future__ import annotations

from pathlib import Path

from checked_lists import row, snapshot_of

from batchsend.letters import RowSet
from batchsend.previews import worth_seeing


def test_each_letter_in_which_something_may_go_wrong(tmp_path: Path) -> None:
    chosen = worth_seeing(
        snapshot_of(
            tmp_path,
            row(1),
            row(2),
            row(3, name="Gunnhild-Kristine Mæhlum-Østgårdshaug"),
            row(4, address="Øvre Bakklandet 1234, inngang fra gården"),
            row(5, address_2="c/o Bø"),
            row(6, channel="EMAIL"),
            row(7, lang="EN"),
            row(8, name="Bø", channel="EMAIL"),
            row(9, note="x" * 80),
        )
    )
    assert chosen == {
        2: ("the first letter", "the first by PRINT", "the first in NO"),
        4: ("the longest name (37 characters)",),
        5: ("the longest address line (40 characters)",),
        6: ("the most address lines (3)",),
        7: ("the first by EMAIL",),
        8: ("the first in EN",),
        10: ("the most text in its row",),
    }


def test_the_town_is_an_address_line_too(tmp_path: Path) -> None:
    chosen = worth_seeing(snapshot_of(tmp_path, row(1), row(2, city="Oslo-" + "x" * 30)))
    assert "the longest address line (40 characters)" in chosen[3]


def test_the_most_rows_where_rows_are_grouped(tmp_path: Path) -> None:
    snapshot = snapshot_of(
        tmp_path, row(1, note="x" * 80), row(2), row(1), row(2), row(2), group_by=("no",)
    )
    chosen = worth_seeing(snapshot)
    assert list(chosen) == [2, 3]
    assert chosen[3] == ("the most rows in one letter (3)",)


def test_rows_that_are_kept_back_are_not_chosen(tmp_path: Path) -> None:
    snapshot = snapshot_of(tmp_path, row(1, postcode="15", name="x" * 60), row(2), row(3))
    chosen = worth_seeing(snapshot)
    assert list(chosen) == [3]
    [letter] = snapshot.letters(RowSet.parse("3"))
    assert letter.identifier == "test-2"


def test_none_where_no_letter_can_be_sent(tmp_path: Path) -> None:
    assert worth_seeing(snapshot_of(tmp_path, row(1, postcode="15"))) == {}


def test_never_more_than_fourteen(tmp_path: Path) -> None:
    kinds = [(c, n) for c in ("PRINT", "EMAIL", "DIGIPOST", "KIVRA") for n in range(20)]
    languages = ("NO", "NN", "SE", "DK", "FI", "EN")
    rows = [
        row(
            number,
            channel=channel,
            lang=languages[number % 6],
            id="21927422163",
            name="N" + "n" * n,
            address="A" + "a" * (n * 7 % 20),
            note="x" * (n * 3 % 20),
        )
        for number, (channel, n) in enumerate(kinds)
    ]
    chosen = worth_seeing(snapshot_of(tmp_path, *rows))
    reasons = {reason for why in chosen.values() for reason in why}
    assert {f"the first in {language}" for language in languages} <= reasons
    assert "the first by KIVRA" in reasons
    assert len(chosen) <= 14
