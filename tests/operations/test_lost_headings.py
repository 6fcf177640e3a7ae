"""Headings that the mailing uses and that next month's list writes another way."""

from __future__ import annotations

import pytest
from mailings import Api, MailingFolder, row


@pytest.fixture
def january(mailing: MailingFolder, api: Api) -> MailingFolder:
    """A mailing that was sent in January, whose mapping, `skip` and letter name columns."""
    mailing.edit('Identifier = "test-', 'Identifier = "{{ period }}-')
    mailing.edit('path = "list.csv"', 'path = "list.csv"\nskip = "{{ beløp == \'0,00\' }}"')
    sent = mailing.run("send", "--base-url", api.base_url, "--yes", "--period", "jan")
    assert sent.exit_code == 0, sent.output
    return mailing


def february(mailing: MailingFolder, *lines: str, **headings: str) -> str:
    """What a check says of a list with other headings."""
    mailing.write(*lines)
    text = (mailing.folder / "list.csv").read_bytes().decode("cp1252")
    for was, now in headings.items():
        text = text.replace(was, now, 1)
    (mailing.folder / "feb.csv").write_bytes(text.encode("cp1252"))
    result = mailing.run(
        "check", "--period", "feb", "--list", str(mailing.folder / "feb.csv"), "--no-letters"
    )
    assert result.exit_code == 2, result.output
    return result.output


def test_it_says_which_new_heading_has_the_same_below_it_and_what_to_write(
    january: MailingFolder,
) -> None:
    told = february(january, *map(row, range(2, 9)), Postnr="Postnummer")
    assert (
        "The heading “Postnr” of the last list, list.csv, is not in feb.csv, and this mailing uses "
        "it. “Postnummer” is new, and says the same in 5 of 5 rows of the same people."
    ) in told
    lines = january.path.read_text(encoding="utf-8").splitlines()
    number = lines.index('PostCode = "{{ postnr }}"') + 1
    assert f'  {january.path}, line {number}: PostCode = "{{{{ postnummer }}}}"' in told
    columns = told.partition("The list's columns are: ")[2]
    assert columns.strip() == (
        "kundenr, fornavn, etternavn, adresse, postnummer, poststed, e_post, beløp"
    )


def test_letter_and_skip_are_named_as_well(january: MailingFolder) -> None:
    told = february(january, *map(row, range(1, 7)), Beløp="Å betale (kr)")
    assert "“Å betale (kr)” is new, and says the same in 6 of 6 rows" in told
    assert "skip = \"{{ å_betale_kr == '0,00' }}\"" in told
    letter = january.folder / "letter.html"
    assert f"  {letter}, line 8: {{{{ å_betale_kr | money }}}}" in told


def test_the_column_of_the_identifier_has_no_people_to_go_by(january: MailingFolder) -> None:
    told = february(january, *map(row, range(1, 7)), **{"Kundenr.": "Kundenummer"})
    assert "The heading “Kundenr.” of the last list" in told
    assert "“Kundenummer” is new, and has 6 of the 6 values that stood there." in told


def test_where_nothing_is_like_it_nothing_is_proposed(january: MailingFolder) -> None:
    lines = (row(number, postnr=f"x{number}") for number in range(1, 7))
    told = february(january, *lines, Postnr="Sone")
    assert "No new heading is like it." in told
    assert "are to say" not in told


def test_a_name_that_no_list_had_is_the_old_message(january: MailingFolder) -> None:
    january.edit("{{ postnr }}", "{{ postnrr }}")
    told = january.run("check", "--period", "feb", "--no-letters")
    assert told.exit_code == 2
    assert "the list has no column “postnrr”; did you mean “postnr”" in told.output
    assert "The list's columns are: kundenr, " in told.output
    assert "period" not in told.output.partition("The list's columns are: ")[2]
