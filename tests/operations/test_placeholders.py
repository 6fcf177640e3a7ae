"""Placeholders in the text of a template."""

from __future__ import annotations

from pathlib import Path

import pytest
from mailings import TEMPLATE, MailingFolder, row


def _with(folder: Path, text: str) -> MailingFolder:
    mailing = MailingFolder(folder)
    written = TEMPLATE.replace("Du skylder", f"{text} Du skylder")
    (folder / "letter.html").write_text(written, encoding="utf-8")
    return mailing


@pytest.mark.parametrize(
    "written",
    ["«Fornavn»", "{ kundenr }", "[Etternavn]", "&lt;&lt;Fornavn&gt;&gt;", "<<fornavn>>", "%beløp%",
     "«<b>Fornavn</b>»", "##POSTSTED##"],
)  # fmt: skip
def test_a_column_in_brackets_stops_the_mailing(tmp_path: Path, written: str) -> None:
    result = _with(tmp_path, written).run("check")
    assert result.exit_code == 2
    assert "letter.html, line 8" in result.output


@pytest.mark.parametrize(
    "written",
    ["Fornavn:", '{{ "[fornavn]" }}', "<!-- [fornavn] -->", "{# {fornavn} #}",
     "<style>p { fornavn }</style>", '<a title="[fornavn]">x</a>'],
)  # fmt: skip
def test_what_no_reader_takes_for_one_passes(tmp_path: Path, written: str) -> None:
    result = _with(tmp_path, written).run("check")
    assert result.exit_code == 0, result.output
    assert "ornavn" not in result.output


def test_another_word_in_brackets_is_said_aloud(tmp_path: Path) -> None:
    result = _with(tmp_path, "Se [vedlegg] og «Norges lover».").run("check")
    assert result.exit_code == 0
    assert "“[vedlegg]” will appear like this" in result.output
    assert "Norges" not in result.output


def test_a_recipient_without_a_column_is_for_one_letter_only(mailing: MailingFolder) -> None:
    mailing.edit('Name = "{{ fornavn }} {{ etternavn }}"', 'Name = "Styret"')
    result = mailing.run("check")
    assert result.exit_code == 2
    assert "every recipient would have the same" in result.output.replace("\n", " ")
    mailing.write(row(1))
    assert mailing.run("check").exit_code == 0
