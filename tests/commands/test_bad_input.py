"""Whatever is wrong, a sentence says so, nothing is sent, and the status is 2."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from mailings import Api, MailingFolder, row

from batchsend.commands import main


def _refused(mailing: MailingFolder, *says: str) -> None:
    result = mailing.run("send", "--sandbox")
    assert result.exit_code == 2, result.output
    assert "Traceback" not in result.output
    assert "fault in batchsend" not in result.output
    for text in says:
        assert text in result.output
    assert not (mailing.folder / "sandbox-letters").exists()


class TestTheMailing:
    def test_not_there(self, tmp_path: Path) -> None:
        result = CliRunner().invoke(main, ["check", str(tmp_path / "none.toml")])
        assert result.exit_code == 2
        assert "There is no mailing at" in result.output

    @pytest.mark.parametrize(
        ("there", "asked", "says"),
        [
            ("mailing.toml.txt", "mailing.toml", "take .txt off its name"),
            ("mailing.toml.txt", "mailing.toml.txt", "Call it mailing.toml."),
            ("letter.docx", "letter.docx", "--letter"),
            ("list.csv", "list.csv", "batchsend init"),
        ],
    )
    def test_another_file(self, tmp_path: Path, there: str, asked: str, says: str) -> None:
        (tmp_path / there).write_bytes(b"%PDF-1.7\n%\xe2\xe3")
        result = CliRunner().invoke(main, ["check", str(tmp_path / asked)])
        assert result.exit_code == 2
        said = " ".join(result.output.split())
        assert says in said
        assert "Traceback" not in said

    def test_a_pdf_of_which_no_letter_can_be_made(self, tmp_path: Path) -> None:
        (tmp_path / "letter.pdf").write_bytes(b"%PDF-1.7\n%\xe2\xe3")
        result = CliRunner().invoke(main, ["check", str(tmp_path / "letter.pdf")])
        assert result.exit_code == 2
        assert "letter.pdf" in result.output
        assert "--letter" not in result.output

    def test_not_toml(self, mailing: MailingFolder) -> None:
        mailing.edit('name = "test"', "name = test")
        _refused(mailing, "mailing.toml:1:8")

    def test_a_misspelt_key(self, mailing: MailingFolder) -> None:
        mailing.edit("rate = 500", "rates = 500")
        _refused(mailing, "send.rates", "did you mean rate?")

    def test_a_misspelt_name_of_the_request(self, mailing: MailingFolder) -> None:
        mailing.edit("PostCode =", "Postcode =")
        _refused(mailing, "Postcode", "PostCode")

    def test_a_value_that_does_not_fit(self, mailing: MailingFolder) -> None:
        mailing.edit("rate = 500", "rate = -1")
        _refused(mailing, "send.rate")


class TestTheList:
    def test_not_there(self, mailing: MailingFolder) -> None:
        (mailing.folder / "list.csv").unlink()
        _refused(mailing, "list.csv")

    @pytest.mark.parametrize(
        "content",
        [
            pytest.param(b"", id="empty"),
            pytest.param(b"\r\n\r\n", id="blank"),
            pytest.param(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", id="a picture"),
            pytest.param(b"PK\x03\x04 no workbook", id="a broken zip"),
            pytest.param(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", id="a PDF"),
        ],
    )
    def test_no_list(self, mailing: MailingFolder, content: bytes) -> None:
        (mailing.folder / "list.csv").write_bytes(content)
        _refused(mailing, "list.csv")

    def test_header_only(self, mailing: MailingFolder) -> None:
        mailing.write()
        _refused(mailing, "list.csv")

    def test_a_column_that_is_not_there(self, mailing: MailingFolder) -> None:
        mailing.edit("{{ poststed }}", "{{ postste }}")
        _refused(mailing, "postste", "poststed")

    def test_the_same_identifier_twice(self, mailing: MailingFolder, api: Api) -> None:
        mailing.write(row(1), row(2), row(1, fornavn="Kari"), row(3))
        result = mailing.run("send", "--base-url", api.base_url, "--yes")
        assert result.exit_code == 1
        assert sorted(api.identifiers()) == ["test-1002", "test-1003"]
        reasons = {line["row"]: line["reason"] for line in mailing.report()}
        assert "4" in reasons["2"]
        assert "2" in reasons["4"]


class TestTheTemplate:
    def test_not_there(self, mailing: MailingFolder) -> None:
        (mailing.folder / "letter.html").unlink()
        _refused(mailing, "letter.html")

    def test_does_not_compile(self, mailing: MailingFolder) -> None:
        (mailing.folder / "letter.html").write_text("<p>\n{% if x %}\n<p>", encoding="utf-8")
        _refused(mailing, "letter.html", "line")

    def test_names_a_column_that_is_not_there(self, mailing: MailingFolder) -> None:
        (mailing.folder / "letter.html").write_text("{{ belopp }}", encoding="utf-8")
        _refused(mailing, "belopp", "beløp")


class TestTheDestination:
    def test_none_is_set(self, mailing: MailingFolder) -> None:
        result = mailing.run("send", "--yes")
        assert result.exit_code == 2
        assert "BATCHSEND_BASE_URL" in result.output

    @pytest.mark.parametrize("name", ["BATCHSEND_SUBSCRIPTION_ID", "BATCHSEND_STORAGE_ID"])
    def test_a_secret_is_missing(
        self, mailing: MailingFolder, monkeypatch: pytest.MonkeyPatch, api: Api, name: str
    ) -> None:
        monkeypatch.delenv(name)
        result = mailing.run("send", "--base-url", api.base_url, "--yes")
        assert result.exit_code == 2
        assert name in result.output
        assert api.identifiers() == []

    def test_secrets_come_from_the_env_file_too(
        self, mailing: MailingFolder, monkeypatch: pytest.MonkeyPatch, api: Api
    ) -> None:
        monkeypatch.delenv("BATCHSEND_SUBSCRIPTION_ID")
        (mailing.folder / ".env").write_text(
            f"BATCHSEND_SUBSCRIPTION_ID=from-file\nBATCHSEND_BASE_URL={api.base_url}\n"
        )
        assert mailing.run("send", "--yes").exit_code == 0
        assert len(api.identifiers()) == 6

    def test_plain_http_to_another_machine(self, mailing: MailingFolder) -> None:
        result = mailing.run("send", "--base-url", "http://192.0.2.1", "--yes")
        assert result.exit_code == 2
        assert "plain http" in result.output

    def test_nobody_there(self, mailing: MailingFolder, nobody: str) -> None:
        mailing.edit("rate = 500", "rate = 500\nmax_wait = 1")
        result = mailing.run("send", "--base-url", nobody, "--yes")
        assert result.exit_code == 2, result.output
        assert nobody.removeprefix("http://") in result.output or "connect" in result.output.lower()
        assert set(mailing.statuses().values()) <= {"pending", "failed"}

    def test_nobody_to_ask(self, mailing: MailingFolder, api: Api) -> None:
        result = mailing.run("send", "--base-url", api.base_url)
        assert result.exit_code == 2
        assert "--yes" in result.output
        assert api.identifiers() == []
