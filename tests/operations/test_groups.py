"""Letters of several rows, through the commands."""

from __future__ import annotations

import pytest
from mailings import Api, MailingFolder, row

FIRST, OTHER, SECOND = row(1), row(2), row(1, beløp="2,50")


@pytest.fixture
def grouped(mailing: MailingFolder) -> MailingFolder:
    """Rows 2 and 4 make one letter, row 3 another."""
    mailing.write(FIRST, OTHER, SECOND)
    mailing.edit('path = "list.csv"', 'path = "list.csv"\ngroup_by = ["kundenr"]')
    return mailing


@pytest.mark.parametrize(
    ("rows", "sent"),
    [
        ("2", ["test-1001"]),
        ("4", ["test-1001"]),
        ("4-", ["test-1001"]),
        ("3", ["test-1002"]),
        ("3-4", ["test-1001", "test-1002"]),
    ],
)
def test_any_row_of_a_letter_chooses_it(
    grouped: MailingFolder, api: Api, rows: str, sent: list[str]
) -> None:
    result = grouped.run("send", "--base-url", api.base_url, "--yes", "--rows", rows)
    assert result.exit_code == 0, result.output
    assert sorted(api.identifiers()) == sent


def test_a_preview_shows_the_letter_of_any_of_its_rows(grouped: MailingFolder) -> None:
    assert grouped.run("preview", "--rows", "4").exit_code == 0
    (letter,) = (grouped.folder / "preview").glob("*.pdf")
    assert "1001" in letter.name


def test_a_list_sorted_anew_sends_nothing_twice(grouped: MailingFolder, api: Api) -> None:
    grouped.edit('Identifier = "test-{{ kundenr }}"', 'Identifier = "{{ kundenr }}-{{ beløp }}"')
    for lines in ([FIRST, OTHER, SECOND], [SECOND, OTHER, FIRST]):
        grouped.write(*lines)
        grouped.run("send", "--base-url", api.base_url, "--yes")
    assert api.identifiers() == ["1002-1 234,50"]
    assert "Differs from row 2" in grouped.report()[2]["reason"]
