"""One letter of several rows."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from thoroughness import examples

from batchsend.errors import SettingsError
from batchsend.letters import CheckSettings, PayloadSettings, RowSet, TemplateNeeds, check_letters
from batchsend.lists import PROBLEMS, Column, RecipientList

HEADINGS = ("Kundenr.", "Navn", "Adresse", "Postnr", "Poststed", "Beløp")
GROUPED = {"group_by": ("kundenr",)}


def row(customer: str, amount: str = "10,00", **other: str) -> tuple[str, ...]:
    cells = {
        "nr": customer,
        "navn": f"Navn {customer.strip()}",
        "adresse": "Storgata 1",
        "postnr": "0150",
        "sted": "Oslo",
        "beløp": amount,
    }
    return tuple((cells | other).values())


def test_the_rows_of_a_letter_need_not_lie_together(check: Any) -> None:
    rows = [
        row("1", "1"),
        row("2", "2"),
        row("1", "3"),
        row("3", "4"),
        row("2", "5"),
        row("1", "6"),
    ]
    checked = check(rows, HEADINGS, **GROUPED)
    made = [
        (letter.identifier, [(row.number, row.cells[5]) for row in letter.rows])
        for letter in checked.snapshot.letters()
    ]
    assert made == [
        ("test-1", [(2, "1"), (4, "3"), (7, "6")]),
        ("test-2", [(3, "2"), (6, "5")]),
        ("test-3", [(5, "4")]),
    ]
    assert (checked.rows, checked.letters, checked.held) == (6, 3, 0)


def test_expressions_see_the_first_row_and_all_of_them(check: Any) -> None:
    rows = [row("1", "1,50"), row("2", "7"), row("1", "2,50")]
    note = "{{ beløp }} av {{ rows | total('beløp') | money }} i {{ rows | length }}"
    checked = check(rows, HEADINGS, letter={"Note": note}, **GROUPED)
    assert [letter.fields["Note"] for letter in checked.snapshot.letters()] == [
        "1,50 av 4,00 i 2",
        "7 av 7,00 i 1",
    ]


def test_keys_are_the_same_but_for_the_blanks_around_them(check: Any) -> None:
    checked = check(
        [row(key, navn="x") for key in ("1", " 1\u00a0", "\u200b1")], HEADINGS, **GROUPED
    )
    assert (checked.letters, checked.held) == (1, 0)


def test_rows_can_be_grouped_by_several_columns(check: Any) -> None:
    rows = [row("1", "a"), row("1", "b"), row("1", "a"), row("", "1a")]
    letter = {"Identifier": "{{ kundenr }}-{{ belop }}"}
    checked = check(rows, HEADINGS, letter=letter, group_by=("kundenr", "belop"))
    assert [len(letter.rows) for letter in checked.snapshot.letters()] == [2, 1, 1]


@pytest.mark.parametrize(
    ("other", "column"),
    [
        ({"navn": "Noen Annen"}, "Navn"),
        ({"adresse": "Storgata 2"}, "Adresse"),
        ({"postnr": "0151"}, "Postnr"),
        ({"sted": "Bergen"}, "Poststed"),
    ],
)
def test_rows_that_disagree_on_the_recipient_name_each_other_and_send_nothing(
    check: Any, other: dict[str, str], column: str
) -> None:
    checked = check([row("1"), row("2"), row("1"), row("1", **other)], HEADINGS, **GROUPED)
    (problem,) = checked.problems.rows(named=True)
    assert (problem["row"], problem["column"], problem["severity"]) == (5, column, "error")
    assert "Differs from row 2" in problem["message"]
    assert [letter.identifier for letter in checked.snapshot.letters()] == ["test-2"]
    assert checked.held == 3


def test_an_expression_of_the_recipient_must_agree_too(check: Any) -> None:
    rows = [row("1", navn="kari"), row("1", navn="ola")]
    invoicee = {"Name": "{{ navn | title }}"}
    assert check(rows, HEADINGS, invoicee=invoicee, **GROUPED).held == 2


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("Identifier", "inv-{{ beløp }}"),
        ("Identifier", "inv-{{ beløp | lower }}"),
        ("Channel", "{{ 'FAX' if beløp == 'a' else 'PRINT' }}"),
        ("LanguageID", "{{ 'SE' if beløp == 'a' else 'NO' }}"),
    ],
)
def test_which_letter_it_is_does_not_hang_on_the_order_of_its_rows(
    check: Any, path: str, source: str
) -> None:
    """Else a list sorted anew would send the same letter under another name."""
    rows = [row("1", "a"), row("2", "c"), row("1", "b")]
    for made in (rows, rows[::-1]):
        checked = check(made, HEADINGS, letter={path: source}, **GROUPED)
        (problem,) = checked.problems.filter(severity="error").rows(named=True)
        assert (problem["row"], problem["column"]) == (4, "Beløp")
        assert "Differs from row 2" in problem["message"]
        assert (checked.letters, checked.held) == (1, 2)


def test_rows_may_differ_in_all_else(check: Any) -> None:
    rows = [row("1", "a"), row("1", "b")]
    letter = {"Note": "{{ beløp }}"}
    assert check(rows, HEADINGS, letter=letter, **GROUPED).problems.is_empty()


def test_one_wrong_row_keeps_its_whole_letter_back_and_says_which(check: Any) -> None:
    rows = [row("1", "10"), row("2", "5"), row("1", "ti"), row("1", "30")]
    checked = check(
        rows, HEADINGS, uses=frozenset({"rows"}), formats={"beløp": {"total"}}, **GROUPED
    )
    fates = checked.snapshot.frame.select("row", "held", "reasons").collect().rows()
    assert [held for _, held, _ in fates] == [True, False, True, True]
    assert "Beløp: “ti” is not an amount" in fates[2][2]
    assert fates[0][2] == fates[3][2] == "Its letter is held back because of row 4."
    assert [letter.identifier for letter in checked.snapshot.letters()] == ["test-2"]


def test_rows_without_a_key_are_told_and_belong_to_nobody(check: Any, told: Any) -> None:
    rows = [row(""), row("1"), row(" "), row("1")]
    letter = {"Identifier": "{{ kundenr or row['Navn'] }}-x"}
    checked = check(rows, HEADINGS, letter=letter, **GROUPED)
    empty = [(number, "Kundenr.", "error") for number in (2, 4)]
    assert [problem for problem in told(checked) if problem[1] == "Kundenr."][:2] == empty
    assert [len(letter.rows) for letter in checked.snapshot.letters()] == [2]


def test_every_row_knows_the_identifier_and_content_of_its_letter(check: Any) -> None:
    checked = check([row("1"), row("2"), row("1")], HEADINGS, **GROUPED)
    frame = checked.snapshot.frame.collect()
    assert frame["identifier"].to_list() == ["test-1", "test-2", "test-1"]
    assert frame.item(0, "content") == frame.item(2, "content") != frame.item(1, "content")
    assert frame["letter"].to_list() == [2, 3, 2]
    assert checked.snapshot.identities().collect()["row"].to_list() == [2, 3]


def test_letters_with_one_identifier_are_repeats_but_rows_of_one_letter_are_not(check: Any) -> None:
    rows = [row("1", "a"), row("1", "a"), row("1", "b", navn="Noen Annen")]
    checked = check(rows, HEADINGS, group_by=("kundenr", "beløp"))
    assert set(checked.problems["message"]) == {
        "Rows 2, 4 have the same identifier, test-1. Delete the copy; or build Identifier from "
        "columns that tell them apart."
    }
    assert checked.held == 3


def test_the_content_of_a_letter_is_that_of_all_its_rows(check: Any) -> None:
    def content(*amounts: str) -> str:
        rows = [row("1", amount) for amount in amounts]
        checked = check(rows, HEADINGS, uses=frozenset({"rows"}), **GROUPED)
        (letter,) = checked.snapshot.letters()
        return letter.content

    assert content("1", "2") == content("1", "2")
    assert len({content("1", "2"), content("2", "1"), content("1"), content("1", "2", "2")}) == 4


@pytest.mark.parametrize("name", ["kundenummer", "kunde", "Kundenr"])
def test_a_key_that_is_no_column_stops_the_mailing(check: Any, name: str) -> None:
    with pytest.raises(SettingsError, match=r"list\.group_by: .*did you mean “kundenr”"):
        check([row("1")], HEADINGS, group_by=(name,))


@settings(deadline=None, max_examples=examples(30))
@given(
    st.lists(st.sampled_from("abcde"), min_size=1, max_size=40),
    st.integers(1, 7),
    st.integers(1, 9),
)
def test_however_the_list_is_cut_the_letters_are_the_same(
    tmp_path_factory: pytest.TempPathFactory, keys: list[str], window: int, portion: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("batchsend.letters.grouping.WINDOW", window)
        patch.setattr("batchsend.letters.drafting.PORTION", portion)
        made = _letters(tmp_path_factory, keys)
    expected: dict[str, list[int]] = {}
    for number, key in enumerate(keys, start=2):
        expected.setdefault(key, []).append(number)
    assert made == list(expected.items())


def _letters(factory: pytest.TempPathFactory, keys: list[str]) -> list[tuple[str, list[int]]]:
    frame = pl.DataFrame({"row": pl.Series(range(2, len(keys) + 2), dtype=pl.UInt32), "c0": keys})
    table = {
        "Channel": "FAX",
        "Identifier": "{{ key }}",
        "Note": "{{ rows | length }}",
        "Invoicee": {"Name": "{{ key }}"},
        "Invoicer": {"Name": "x"},
    }
    folder = factory.mktemp("check")
    checked = check_letters(
        RecipientList(
            path=folder / "list.csv",
            columns=(Column(0, "Key", "key"),),
            rows=frame.lazy(),
            problems=PROBLEMS.to_frame(),
            findings={},
            notes=(),
            digest="",
        ),
        PayloadSettings.model_validate({"Letter": table}),
        group_by=("key",),
        checks=CheckSettings(),
        template=TemplateNeeds(""),
        snapshot=folder / "snapshot",
    )
    letters = list(checked.snapshot.letters())
    assert all(letter.fields["Note"] == str(len(letter.rows)) for letter in letters)
    return [(letter.identifier, [row.number for row in letter.rows]) for letter in letters]


def test_the_rows_of_letters_are_found_by_any_of_them(check: Any) -> None:
    rows = [row("1"), row("2"), row("1"), row("3", sted="")]
    snapshot = check(rows, HEADINGS, **GROUPED).snapshot
    found = {text: str(snapshot.beginnings(RowSet.parse(text))) for text in ("4", "3-4", "5", "9-")}
    assert found == {"4": "2", "3-4": "2-3", "5": "5", "9-": ""}
    assert (
        str(
            check(
                rows, HEADINGS, letter={"Identifier": "{{ kundenr }}-{{ beløp }}"}
            ).snapshot.beginnings(RowSet.parse("9-"))
        )
        == "9-"
    )


def statement(nr: str, navn: str = "", amount: str = "1,00") -> tuple[str, ...]:
    """A line of a statement that has its recipient, or only a blank below it."""
    address = ("Storgata 1", "0150", "Oslo") if navn else ("", "", "")
    return (nr, navn, *address, amount)


@pytest.mark.parametrize("blanks", [1, 2, 3])
def test_the_letter_above_rows_without_a_key_is_held(check: Any, blanks: int) -> None:
    rows = [statement("1", "Kari"), *[statement("")] * blanks, statement("2", "Ola")]
    checked = check(rows, HEADINGS, **GROUPED)
    assert [letter.identifier for letter in checked.snapshot.letters()] == ["test-2"]
    fates = checked.snapshot.frame.select("row", "held", "reasons").collect().rows()
    assert fates[0][1]
    for _, _, why in fates[: 1 + blanks]:
        assert 'fill_down = ["kundenr", "navn", "adresse", "postnr", "poststed"]' in why


def test_rows_without_a_key_that_repeat_the_name_above_hold_it_too(check: Any) -> None:
    rows = [statement("1", "Kari"), statement("", "Kari"), statement("2", "Ola")]
    assert check(rows, HEADINGS, **GROUPED).letters == 1


def test_rows_with_the_key_and_no_name_are_proposed_to_be_filled(check: Any) -> None:
    rows = [statement("1", "Kari"), statement("1"), statement("2", "Ola")]
    checked = check(rows, HEADINGS, **GROUPED)
    assert checked.letters == 1
    proposed = 'fill_down = ["navn", "adresse", "postnr", "poststed"]'
    assert proposed in checked.problems.filter(column="Navn")["message"].item()


SUMS = ("Sum", "SUM:", "Totalt", "Total", "Totalsum", "Delsum", "I alt", "Summa", "Yhteensä",
        "Å betale:", "Att betala", "Sum kr", "Total eks. mva", "Totalt inkl. moms")  # fmt: skip


@pytest.mark.parametrize("word", SUMS)
def test_a_row_that_sums_up_the_others_is_warned_of(check: Any, told: Any, word: str) -> None:
    rows = [row("1"), row("1", word), row("2", "Sum av delene"), row("2"), row("3", word)]
    assert told(check(rows, HEADINGS, **GROUPED)) == [(3, "Beløp", "warning")]


@pytest.mark.parametrize("key", ["1 Totalt", "Sum 1", "Total 1", "1 Sum"])
def test_a_row_whose_key_is_the_sum_of_one_is_warned_of(check: Any, told: Any, key: str) -> None:
    rows = [row("1"), row(key), row("Sumo")]
    assert (3, "Kundenr.", "warning") in told(check(rows, HEADINGS, **GROUPED))


def item(number: str, what: str, amount: str) -> tuple[str, ...]:
    return (*row(number)[:-1], what, amount)


@pytest.mark.parametrize(
    ("amounts", "sums"),
    [
        (("10", "20", "30"), True),
        (("1 000,50", "999,50", "2 000,00"), True),
        (("-10", "20.5", "10.5"), True),
        (("10", "20", "31"), False),
        (("0", "0", "0"), False),
        (("10", "x", "10"), False),
    ],
)
def test_a_last_row_that_is_the_sum_without_its_words_is_warned_of(
    check: Any, told: Any, amounts: tuple[str, ...], sums: bool
) -> None:
    headings = (*HEADINGS[:-1], "Vare", HEADINGS[-1])
    words = ["a", "b", ""]
    rows = [item("1", *both) for both in zip(words, amounts, strict=True)]
    found = told(check([*rows, item("2", "a", "1")], headings, **GROUPED))
    assert found == ([(4, "Beløp", "warning")] if sums else [])


def test_the_sum_of_all_letters_below_the_last_one_is_warned_of(check: Any, told: Any) -> None:
    headings = (*HEADINGS[:-1], "Vare", HEADINGS[-1])
    lines = [item("2", what, amount) for what, amount in (("a", "30"), ("b", "5"), ("", "35"))]
    found = told(check([item("1", "a", "1"), *lines, item("2", "", "36")], headings, **GROUPED))
    assert found == [(5, "Beløp", "warning"), (6, "Beløp", "warning")]


def test_a_last_row_with_its_words_may_cost_as_much_as_the_others(check: Any, told: Any) -> None:
    headings = (*HEADINGS[:-1], "Vare", HEADINGS[-1])
    rows = [item("1", what, amount) for what, amount in (("a", "10"), ("b", "20"), ("c", "30"))]
    assert told(check(rows, headings, **GROUPED)) == []


@pytest.mark.parametrize("mark", ['"', "”", "-", "–", "-“-", "do.", "ditto", "''", " 〃 "])
def test_a_mark_for_the_cell_above_holds_the_letter_above(check: Any, mark: str) -> None:
    blank = {"navn": "", "adresse": "", "postnr": "", "sted": ""}
    rows = [row("1"), row(mark, **blank), row("2"), row("3", navn="-")]
    checked = check(rows, HEADINGS, **GROUPED)
    assert [letter.identifier for letter in checked.snapshot.letters()] == ["test-2", "test-3"]
    held = checked.problems.filter(pl.col("severity") == "error")
    assert set(held["row"]) == {2, 3}
    assert "Write what stands there" in " ".join(held["message"])


def test_a_customer_who_is_called_like_a_mark_has_a_letter(check: Any) -> None:
    checked = check([row("1"), row("-"), row("do")], HEADINGS, **GROUPED)
    assert (checked.letters, checked.held) == (3, 0)
