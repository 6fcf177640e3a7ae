"""send: every letter once, whatever is done and however often."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from mailings import Api, MailingFolder, row
from reliability.harness import sender
from waiting import output_of, until


class TestOnce:
    def test_every_letter_arrives_with_its_own_data(self, mailing: MailingFolder, api: Api) -> None:
        result = mailing.run("send", "--base-url", api.base_url, "--yes")
        assert result.exit_code == 0, result.output
        taken = {letter["identifier"]: letter["fields"] for letter in api.taken()}
        assert sorted(taken) == [f"test-{1000 + number}" for number in range(1, 7)]
        assert taken["test-1003"]["Invoicee"]["Name"] == "Åse Bjørkd"
        assert taken["test-1003"]["Invoicee"]["PostCode"] == "0150"
        assert set(mailing.statuses().values()) == {"accepted"}

    def test_sending_again_sends_nothing(self, mailing: MailingFolder, api: Api) -> None:
        for _ in range(3):
            result = mailing.run("send", "--base-url", api.base_url, "--yes")
            assert result.exit_code == 0, result.output
        assert len(api.identifiers()) == 6

    def test_a_rehearsal_does_not_count_as_sent(self, mailing: MailingFolder, api: Api) -> None:
        assert mailing.run("send", "--sandbox").exit_code == 0
        assert mailing.run("send", "--base-url", api.base_url, "--yes").exit_code == 0
        assert len(api.identifiers()) == 6

    @pytest.mark.slow
    def test_the_report_says_where_its_letters_went(self, mailing: MailingFolder, api: Api) -> None:
        mailing.run("send", "--sandbox")
        assert {line["destination"] for line in mailing.report()} == {"sandbox"}
        mailing.run("send", "--base-url", api.base_url, "--yes")
        assert {line["destination"] for line in mailing.report()} == {api.base_url}

    @pytest.mark.slow
    def test_a_rehearsal_shows_the_sandbox_no_secret(self, mailing: MailingFolder) -> None:
        assert mailing.run("send", "--sandbox").exit_code == 0
        kept = b"".join(
            file.read_bytes() for file in (mailing.folder / "sandbox-letters").iterdir()
        )
        assert kept
        assert b"secret-1" not in kept

    @pytest.mark.slow
    def test_a_letter_that_changed_can_be_rehearsed_again(self, mailing: MailingFolder) -> None:
        assert mailing.run("send", "--sandbox").exit_code == 0
        template = mailing.folder / "letter.html"
        template.write_text(template.read_text(encoding="utf-8").replace("skylder", "skyldte"))
        again = mailing.run("send", "--sandbox")
        assert again.exit_code == 0, again.output
        assert "Letters to send  6" in again.output
        assert "Letters to send  0" in mailing.run("send", "--sandbox").output

    @pytest.mark.slow
    def test_the_folder_of_rehearsed_letters_has_each_once_and_as_it_was_last(
        self, mailing: MailingFolder
    ) -> None:
        folder = mailing.folder / "sandbox-letters"
        assert mailing.run("send", "--sandbox").exit_code == 0
        first = {path.name: path.read_bytes() for path in folder.iterdir()}
        mailing.write(row(1, **{"beløp": "99,00"}), *(row(number) for number in range(3, 7)))
        assert mailing.run("send", "--sandbox").exit_code == 0
        second = {path.name: path.read_bytes() for path in folder.iterdir()}
        kept = {name for name in first if "test-1001" not in name}
        assert len(kept) == 10
        assert {name: second.pop(name) for name in kept} == {name: first[name] for name in kept}
        assert [name.partition("-")[2] for name in sorted(second)] == [
            "test-1001.json",
            "test-1001.pdf",
        ]

    @pytest.mark.slow
    def test_new_rows_go_out_and_old_ones_do_not(self, mailing: MailingFolder, api: Api) -> None:
        mailing.run("send", "--base-url", api.base_url, "--yes")
        mailing.write(*(row(number) for number in range(1, 9)))
        assert mailing.run("send", "--base-url", api.base_url, "--yes").exit_code == 0
        assert Counter(api.identifiers()).most_common(1)[0][1] == 1
        assert len(api.identifiers()) == 8

    @pytest.mark.slow
    def test_an_identifier_used_before_for_another_letter_is_not_sent(
        self, mailing: MailingFolder, api: Api
    ) -> None:
        mailing.run("send", "--base-url", api.base_url, "--yes")
        mailing.write(row(1, **{"beløp": "99,00"}), *(row(number) for number in range(2, 7)))
        result = mailing.run("send", "--base-url", api.base_url, "--yes")
        assert result.exit_code == 1
        assert "Row 2: test-1001 went on" in result.output
        assert len(api.identifiers()) == 6
        assert mailing.statuses()[2] == "conflict"

    @pytest.mark.slow
    @pytest.mark.parametrize(
        "use", ["{% for each in rows %}{{ each.beløp }}{% endfor %}", "{{ row['Beløp'] }}"]
    )
    def test_so_it_is_if_only_what_the_template_finds_in_the_rows_differs(
        self, mailing: MailingFolder, api: Api, use: str
    ) -> None:
        template = mailing.folder / "letter.html"
        text = template.read_text(encoding="utf-8").replace("{{ beløp | money }}", use)
        template.write_text(text, encoding="utf-8")
        mailing.run("send", "--base-url", api.base_url, "--yes")
        mailing.write(row(1, **{"beløp": "99,00"}), *(row(number) for number in range(2, 7)))
        assert mailing.run("send", "--base-url", api.base_url, "--yes").exit_code == 1
        assert mailing.statuses()[2] == "conflict"


class TestSelection:
    def test_rows(self, mailing: MailingFolder, api: Api) -> None:
        result = mailing.run("send", "--base-url", api.base_url, "--yes", "--rows", "2,6-7")
        assert result.exit_code == 0, result.output
        assert sorted(api.identifiers()) == ["test-1001", "test-1005", "test-1006"]
        assert Counter(mailing.statuses().values()) == {"accepted": 3, "skipped": 3}

    @pytest.mark.slow
    def test_limit_after_limit_reaches_everybody(self, mailing: MailingFolder, api: Api) -> None:
        for expected in (4, 6):
            mailing.run("send", "--base-url", api.base_url, "--yes", "--limit", "4")
            assert len(set(api.identifiers())) == len(api.identifiers()) == expected

    def test_dry_run_leaves_nothing_behind(self, mailing: MailingFolder, api: Api) -> None:
        result = mailing.run("send", "--base-url", api.base_url, "--dry-run")
        assert result.exit_code == 0
        assert "Letters to send  6: 6 PRINT" in result.output
        assert api.identifiers() == []
        assert not list(mailing.folder.glob("*report.csv"))

    def test_all_or_nothing(self, mailing: MailingFolder, api: Api) -> None:
        mailing.write(row(1), row(2, postnr="15"))
        result = mailing.run("send", "--base-url", api.base_url, "--yes", "--all-or-nothing")
        assert result.exit_code == 2
        assert api.identifiers() == []


class TestWrongRows:
    def test_they_stay_and_the_others_go(self, mailing: MailingFolder, api: Api) -> None:
        mailing.write(row(1), row(2, postnr="15"), row(3, e_post="kunde 3@example"), row(4))
        result = mailing.run("send", "--base-url", api.base_url, "--yes")
        assert result.exit_code == 1
        assert sorted(api.identifiers()) == ["test-1001", "test-1004"]
        assert mailing.statuses() == {2: "accepted", 3: "invalid", 4: "invalid", 5: "accepted"}

    @pytest.mark.slow
    def test_corrected_they_go(self, mailing: MailingFolder, api: Api) -> None:
        mailing.write(row(1), row(2, postnr="15"))
        mailing.run("send", "--base-url", api.base_url, "--yes")
        mailing.write(row(1), row(2))
        assert mailing.run("send", "--base-url", api.base_url, "--yes").exit_code == 0
        assert api.identifiers() == ["test-1001", "test-1002"]

    def test_the_report_has_a_line_for_every_row(self, mailing: MailingFolder, api: Api) -> None:
        mailing.write(row(1), row(2, postnr="15"), row(3))
        mailing.run("send", "--base-url", api.base_url, "--yes")
        lines = mailing.report()
        assert [line["row"] for line in lines] == ["2", "3", "4"]
        assert lines[1]["Kundenr."] == "1002"
        assert lines[1]["Postnr"] == "15"
        assert "15" in lines[1]["reason"] or "Postnr" in lines[1]["reason"]


class TestReport:
    @pytest.mark.slow
    def test_it_is_written_again_from_the_ledger(self, mailing: MailingFolder) -> None:
        mailing.run("send", "--sandbox")
        first = mailing.report()
        (mailing.folder / "report.csv").unlink()
        (mailing.folder / "list.csv").unlink()
        assert mailing.run("report").exit_code == 0
        assert mailing.report() == first

    def test_before_anything_was_sent_it_says_so(self, mailing: MailingFolder) -> None:
        result = mailing.run("report")
        assert result.exit_code == 2
        assert "was never sent" in result.output

    def test_a_place_it_cannot_be_written_to_is_found_out_before_sending(
        self, mailing: MailingFolder, api: Api
    ) -> None:
        result = mailing.run(
            "send",
            "--base-url",
            api.base_url,
            "--yes",
            "--report",
            str(mailing.folder / "no/r.csv"),
        )
        assert result.exit_code == 2
        assert "there is no folder" in result.output
        assert api.identifiers() == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
class TestStopping:
    LETTERS = 80
    """Which take more than a minute, one a second."""

    @pytest.fixture
    def mailing(self, mailing: MailingFolder) -> MailingFolder:
        mailing.write(*(row(number) for number in range(1, self.LETTERS + 1)))
        return mailing

    @pytest.mark.slow
    @pytest.mark.parametrize(
        "kind", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.slow)]
    )
    def test_interrupted_it_drains_reports_and_goes_on(
        self, mailing: MailingFolder, api: Api, kind: signal.Signals
    ) -> None:
        process = sender(mailing, api.base_url, "--rate", "1")
        until(api.identifiers, "the first letter")
        process.send_signal(kind)
        output = output_of(process)
        assert process.returncode == 3, output
        assert "To go on:" in output
        sent = Counter(mailing.statuses().values())
        assert sent["accepted"] == len(api.identifiers())
        assert sent == {
            "accepted": sent["accepted"],
            "pending": self.LETTERS - sent["accepted"],
        }
        assert mailing.run("send", "--base-url", api.base_url, "--yes").exit_code == 0
        assert len(set(api.identifiers())) == len(api.identifiers()) == self.LETTERS


def test_the_module_is_the_command(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "batchsend", "--version"],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
        env=os.environ,
    )
    assert run.stdout.startswith("batchsend, version ")
