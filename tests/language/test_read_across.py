"""What was written in one language is understood by a run in another."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from mailings import MailingFolder, row

from batchsend.language import LANGUAGES, VARIABLE, _, speaking
from batchsend.sending import NOT_BY, Fallback, next_channel

RULES = (
    Fallback(contains="is not reached", channel="EBREV"),
    Fallback(contains="has no postbox", channel="PRINT"),
)
ANSWERED = "The API answered {status}"
PAIRS = [(first, second) for first in LANGUAGES for second in LANGUAGES]


def noted(language: str, said: str) -> str:
    """A refusal as a run in this language notes it."""
    with speaking(language):
        return f"{_(ANSWERED, status=400)}: {said}"


@pytest.mark.parametrize(("wrote", "reads"), PAIRS)
def test_a_refusal_is_understood_in_either_language(wrote: str, reads: str) -> None:
    with speaking(reads):
        said = noted(wrote, "It is not reached.")
        assert next_channel(RULES, first="DIGIPOST", last="DIGIPOST", status=400, said=said) == (
            "EBREV"
        )


@pytest.mark.parametrize(("wrote", "reads"), PAIRS)
def test_so_is_that_of_the_next_channel_without_our_own_words(wrote: str, reads: str) -> None:
    """What was noted of the first channel stands before it, what we add behind it."""
    with speaking(wrote):
        refused = _("Refused by {channel}: {said}.", channel="DIGIPOST", said="It is not reached")
        ours = _(NOT_BY, channel="PRINT", why="It is not reached.")
    second = noted(wrote, "It has no postbox.")
    with speaking(reads):
        reason = f"{refused} {second} {ours}"
        assert next_channel(RULES, first="DIGIPOST", last="EBREV", status=400, said=reason) == (
            "PRINT"
        )
        other = f"{refused} {noted(wrote, 'City is missing.')} {ours}"
        assert next_channel(RULES, first="DIGIPOST", last="DIGIPOST", status=400, said=other) is (
            None
        )


@pytest.mark.parametrize(("wrote", "reads"), [("nb", "en"), ("en", "nb"), ("nb", "nb")])
def test_a_workbook_of_rows_to_correct(
    mailing: MailingFolder, monkeypatch: pytest.MonkeyPatch, wrote: str, reads: str
) -> None:
    mailing.write(row(1), row(2, postnr="581"))
    path = mailing.folder / "needs-attention.xlsx"
    monkeypatch.setenv(VARIABLE, wrote)
    mailing.run("check", "--needs-attention", str(path))
    _correct(path, wrote)
    monkeypatch.setenv(VARIABLE, reads)
    result = mailing.run("correct", str(path))
    assert result.exit_code == 0, result.output
    assert "2 letters" in mailing.run("check").output or reads == "nb"
    assert mailing.run("check").exit_code == 0


def _correct(path: Path, language: str) -> None:
    book = openpyxl.load_workbook(path)
    sheet = book.active
    assert sheet is not None
    headings = [str(cell.value) for cell in sheet[1]]
    with speaking(language):
        assert headings[:2] == [_("What is wrong (batchsend)"), _("Row in the list (batchsend)")]
    sheet.cell(2, headings.index("Postnr") + 1).value = "0581"
    book.save(path)
