"""Placeholders of other programs, left where a column's value was meant."""

from __future__ import annotations

import pytest
from letters.conftest import GOOD, Check

from batchsend.errors import SettingsError

WRITTEN = (
    "{ navn }",
    "{navn}",
    "${navn}",
    "{MERGEFIELD navn}",
    '{ MERGEFIELD "Navn" \\* MERGEFORMAT }',
    "«navn»",
    "<<Navn>>",
    "<navn>",
    "[navn]",
    "[ Navn ]",
    "%navn%",
    "##NAVN##",
    "#navn#",
    "@@navn@@",
    "$navn$",
    "__navn__",
    "*|NAVN|*",
    "|navn|",
    "<%= navn %>",
    "[% navn %]",
    "[@navn]",
    "[*Navn*]",
    "%(navn)s",
    "$(navn)",
    "$navn",
    "@navn",
    "{kunde.navn}",
    "{field:Navn}",
    "‹navn›",
    "»Navn«",
    "^navn^",
    "!navn!",
    "navn",
)


@pytest.mark.parametrize("written", WRITTEN)
def test_a_placeholder_in_the_mapping_stops_the_mailing(check: Check, written: str) -> None:
    with pytest.raises(SettingsError) as error:
        check([GOOD], invoicee={"Name": written})
    assert "{{ navn }}" in str(error.value)


@pytest.mark.parametrize("written", WRITTEN[:-1])
def test_beside_a_column_and_outside_the_address_too(check: Check, written: str) -> None:
    for letter, invoicee in (
        ({}, {"Name": f"{{{{ navn }}}} {written}"}),
        ({"Note": f"Til {written}"}, {}),
    ):
        with pytest.raises(SettingsError, match="Navn"):
            check([GOOD], letter=letter, invoicee=invoicee)


def test_a_name_nearly_a_columns_is_meant_for_it(check: Check) -> None:
    with pytest.raises(SettingsError, match="kundenr"):
        check([GOOD], letter={"Note": "Kunde {kunde nr}"})


@pytest.mark.parametrize(
    "words",
    [
        "kr $5",
        "post@navnet.example.com",
        "__",
        "[*]",
        "@kundesenter",
        "100 %(ca.)s",
        "a|b|c",
        "»Ja«",
    ],
)
def test_marks_of_ordinary_text_are_none(check: Check, words: str) -> None:
    notes = check([GOOD], letter={"Note": words}).notes
    assert not any("as it stands" in note for note in notes)


def test_another_bracketed_word_is_said_aloud(check: Check) -> None:
    checked = check([GOOD], letter={"Note": "Se [vedlegg]"})
    assert any("[vedlegg]" in note for note in checked.notes)
    assert checked.letters == 1


def test_a_column_named_in_a_label_of_the_mapping_is_lawful(check: Check) -> None:
    reference = {"Type": "kundenr", "Value": "{{ kundenr }}"}
    assert check([GOOD], letter={"OtherReferences": [reference]}).letters == 1


@pytest.mark.parametrize("name", ["Name", "Address1", "City", "CustomerNo"])
def test_a_text_of_the_recipient_without_a_column_stops_the_mailing(
    check: Check, name: str
) -> None:
    rows = [GOOD, ("1002", *GOOD[1:])]
    with pytest.raises(SettingsError, match=f'same = ."{name}".'):
        check(rows, invoicee={name: "Kari"})
    assert check(rows, invoicee={name: "Kari"}, checks={"same": [name]}).letters == 2
    assert check([GOOD], invoicee={name: "Kari"}).letters == 1


def test_one_that_the_channel_does_not_need_is_said_aloud(check: Check) -> None:
    rows = [GOOD, ("1002", *GOOD[1:])]
    checked = check(rows, invoicee={"Email": "post@example.com"})
    assert checked.letters == 2
    assert any("Invoicee.Email" in note for note in checked.notes)


def test_what_comes_from_a_column_may_be_the_same_in_every_row(check: Check) -> None:
    rows = [GOOD, ("1002", *GOOD[1:])]
    checked = check(rows, invoicee={"CountryCode": "NO", "Reference": "Vår ref. 1"})
    assert (checked.letters, checked.held) == (2, 0)
