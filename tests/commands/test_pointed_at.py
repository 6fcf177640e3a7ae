"""Files and names that are nearly what is wanted: told what they are, and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from mailings import MailingFolder
from openpyxl import Workbook

from batchsend.commands import main
from batchsend.errors import ListError, RenderingError, SettingsError
from batchsend.expressions import parse_amount
from batchsend.mailing import Environment
from batchsend.operations.settle import decisions_from

SECRETS = ("BATCHSEND_BASE_URL", "BATCHSEND_SUBSCRIPTION_ID", "BATCHSEND_STORAGE_ID")


@pytest.fixture
def mailing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MailingFolder:
    for name in SECRETS:
        monkeypatch.delenv(name, raising=False)
    return MailingFolder(tmp_path)


@pytest.mark.parametrize("command", ["check", "send", "preview"])
def test_a_list_where_a_mailing_is_wanted(mailing: MailingFolder, command: str) -> None:
    book = mailing.folder / "kunder.xlsx"
    Workbook().save(book)
    for path in (mailing.folder / "list.csv", book):
        result = CliRunner().invoke(main, [command, str(path)])
        assert result.exit_code == 2
        assert f"`batchsend init {path}`" in result.output


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("brev.docx", "is not a Word document, or is cut short"),
        ("brev.xlsx", "a template is HTML"),
        ("brev.pdf", "a template is HTML"),
    ],
)
def test_an_office_file_where_a_template_is_wanted(
    mailing: MailingFolder, name: str, said: str
) -> None:
    (mailing.folder / name).write_bytes(b"PK\x03\x04\xff\xfe")
    mailing.edit('path = "letter.html"', f'path = "{name}"')
    result = mailing.run("check")
    assert result.exit_code == 2
    assert said in result.output


def test_a_dollar_in_a_secret_is_kept(mailing: MailingFolder) -> None:
    lines = ("BATCHSEND_SUBSCRIPTION_ID=sub${X}12", "BATCHSEND_STORAGE_ID=sto$HOME", "X=y")
    (mailing.folder / ".env").write_text("\n".join(lines), encoding="utf-8")
    found = Environment.load(mailing.folder).subscription()
    assert found.SubscriptionId.get_secret_value() == "sub${X}12"
    assert found.StorageId.get_secret_value() == "sto$HOME"


@pytest.mark.parametrize(
    ("file", "line", "said"),
    [
        (".env.txt", "BATCHSEND_BASE_URL=https://example.com", "call it .env"),
        (".env", "batchsend_base_url=https://example.com", "write BATCHSEND_BASE_URL"),
        (".env", "BATCHSEND_BASEURL=https://example.com", "write BATCHSEND_BASE_URL"),
        (".env", "BATCHSEND_BASE_URL: https://example.com", "write = behind it in .env"),
        (".env", "batchsend_subscription_id=a", "write BATCHSEND_SUBSCRIPTION_ID"),
    ],
)
def test_what_is_not_read_is_pointed_at(
    mailing: MailingFolder, file: str, line: str, said: str
) -> None:
    (mailing.folder / file).write_text(line, encoding="utf-8")
    result = mailing.run("send", "--yes")
    assert result.exit_code == 2
    assert said in " ".join(result.output.split())


SAID = {"case-1": "accepted", "case-2": "failed"}
ROWS = "identifier;decision\r\ncase-1;accepted\r\ncase-2;failed\r\n"


@pytest.mark.parametrize(
    "content",
    [
        ROWS.encode(),
        b"\xef\xbb\xbf" + ROWS.encode(),
        ROWS.replace(";", ",").encode(),
        ROWS.replace(";", "\t").encode("utf-16"),
        ROWS.replace("identifier;decision", "Identifier;Decision").encode(),
        ROWS.replace("accepted", " Accepted ").encode(),
        f"{ROWS};\r\n;\r\n".encode(),
        f"sep=;\r\n{ROWS}".encode(),
        b"Row;Identifier;Kunde;Decision\r\n2;case-1;Bj\xf8rn;accepted\r\n3;case-2;\xc5se;failed\r\n",
    ],
)
def test_decisions_are_read_as_lists_are(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "decisions.csv"
    file.write_bytes(content)
    assert decisions_from(file) == SAID


def test_decisions_may_be_a_workbook(tmp_path: Path) -> None:
    book = Workbook()
    for line in ROWS.split():
        book.active.append(line.split(";"))
    book.save(tmp_path / "decisions.xlsx")
    assert decisions_from(tmp_path / "decisions.xlsx") == SAID


def test_what_is_no_decision_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "decisions.csv"
    file.write_text(f"{ROWS}case-3;maybe\r\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="row 4"):
        decisions_from(file)
    with pytest.raises(ListError):
        decisions_from(tmp_path / "nothing.csv")


@pytest.mark.parametrize("text", ["1.234,56-", "1 234,56 -", "500-", "12,5−"])
def test_a_minus_behind_an_amount_is_told_with_its_right_form(text: str) -> None:
    with pytest.raises(RenderingError) as error:
        parse_amount(text)
    assert f"as -{text.rstrip(' -−')}" in str(error.value)


def test_a_dash_for_decimals_is_none() -> None:
    assert parse_amount("500,-") == 500
