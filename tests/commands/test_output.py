"""Schedulers read one JSON object and the exit status; people choose how much they read."""

from __future__ import annotations

import io
import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from desks import workbook
from mailings import Api, MailingFolder, row

from batchsend import errors
from batchsend.commands import main
from batchsend.commands.invoking.invocation import ExitStatus
from batchsend.sandbox import Fault

DOCS = Path(__file__).parent.parent.parent / "docs"


def _json(result: Result) -> dict[str, Any]:
    """Standard output, which is one JSON object and nothing else."""
    told: dict[str, Any] = json.loads(result.stdout)
    assert told["exit_status"] == result.exit_code
    return told


def _documented(command: str) -> set[str]:
    """The keys that docs/schedulers.md names for a command."""
    page = (DOCS / "schedulers.md").read_text(encoding="utf-8")
    (table,) = re.findall(rf"^## {command}\n(.*?)(?=^## |\Z)", page, re.DOTALL | re.MULTILINE)
    common = page.split("## ", 1)[0]
    return set(re.findall(r"^\| `(\w+)` \|", common + table, re.MULTILINE)) - {"error"}


def test_the_keys_are_those_that_are_documented(mailing: MailingFolder, api: Api) -> None:
    there = ("--base-url", api.base_url, "--yes")
    for command, options in {
        "check": (),
        "send": there,
        "settle": (),
        "preview": ("--rows", "2"),
        "purge": ("--older-than", "1"),
    }.items():
        told = _json(mailing.run(command, *options, "--json"))
        assert told["command"] == command
        assert set(told) == _documented(command), command
    listed = CliRunner().invoke(main, ["inspect", str(mailing.folder / "list.csv"), "--json"])
    assert set(_json(listed)) == _documented("inspect")


def test_the_plans_keys_are_documented(mailing: MailingFolder, api: Api) -> None:
    page = (DOCS / "schedulers.md").read_text(encoding="utf-8")
    [described] = re.findall(r"^\| `plan` \| (.+) \|$", page, re.MULTILINE)
    told = _json(mailing.run("send", "--base-url", api.base_url, "--dry-run", "--json"))
    assert set(re.findall(r"`(\w+)`", described)) == set(told["plan"])


def test_every_kind_of_error_is_documented() -> None:
    page = (DOCS / "schedulers.md").read_text(encoding="utf-8")
    [described] = re.findall(r"^`kind` is (.+?)\(of batchsend\)", page, re.DOTALL | re.MULTILINE)
    ours = {name.removesuffix("Error").lower() for name in vars(errors) if name.endswith("Error")}
    kinds = ours - {"batchsend"} | {"usage", "stopped", "fault"}
    assert set(re.findall(r"`([a-z]+)`", described)) == kinds


def test_check_says_what_is_wrong(mailing: MailingFolder) -> None:
    mailing.write(row(1), row(2, postnr="15"))
    result = mailing.run("check", "--json")
    told = _json(result)
    assert (told["exit_status"], told["rows"], told["letters"]) == (1, 2, 1)
    (problem,) = told["first_problems"]
    assert (problem["row"], problem["column"], problem["value"]) == (3, "Postnr", "15")
    assert "15" in result.stderr
    assert told["next"][0].startswith(f"batchsend check {mailing.path} --needs-attention ")


def test_every_warning_of_the_terminal_is_in_the_json(
    mailing: MailingFolder, api: Api, nobody: str
) -> None:
    mailing.write(row(1), row(2), row(3))
    api.misbehave(letters={"test-1001": [Fault.ERROR], "test-1003": [Fault.BUSY]})
    sent = _json(mailing.run("send", "--base-url", api.base_url, "--yes", "--json"))
    [pause] = sent["warnings"]
    assert pause.startswith("Pausing for 1 second. The API answered 429")
    mailing.write(row(1), row(2, beløp="17"), row(3))
    again = mailing.run("send", "--base-url", api.base_url, "--yes", "--json")
    elsewhere = mailing.run("send", "--base-url", nobody, "--dry-run", "--json")
    told = _json(again)["warnings"]
    assert [each.split(" ")[:3] for each in told] == [
        ["Row", "3:", "test-1002"],
        ["It", "is", "not"],
    ]
    assert "2 letters of these went to" in _json(elsewhere)["warnings"][0]
    for result in (again, elsewhere):
        assert all(warning in result.stderr for warning in _json(result)["warnings"])


def test_a_warning_is_said_in_one_way_only() -> None:
    """`warn` says it and keeps it for --json; a sentence coloured elsewhere would pass that by."""
    coloured = re.compile(r"\bsay\((?:[^()]|\([^()]*\))*style=\"(?:yellow|red)\"")
    commands = Path(errors.__file__).parent / "commands"
    found = {
        path.name for path in commands.rglob("*.py") if coloured.search(path.read_text("utf-8"))
    }
    # `preview --watch` has no JSON, `report --json` prints its notes with the rows, and an unknown
    # language is said before any command is there.
    assert found == {"preview.py", "program.py", "report.py"}


def test_send_counts_what_came_of_it(mailing: MailingFolder, api: Api) -> None:
    mailing.write(row(1), row(2, postnr="15"), row(3))
    told = _json(mailing.run("send", "--base-url", api.base_url, "--yes", "--json"))
    assert told["plan"]["to_send"] == 2
    assert told["plan"]["by_channel"] == {"PRINT": 2}
    assert told["by_status"] == {"accepted": 2, "invalid": 1}
    assert str(mailing.folder / "report.csv") in told["reports"]
    again = f"batchsend send {mailing.path} --base-url {api.base_url} --yes --json"
    assert told["next"] == [f"batchsend correct {mailing.path}", again]


@pytest.mark.parametrize(
    ("command", "kind"),
    [
        (["check", "none.toml", "--json"], "settings"),
        (["check", "--json"], "usage"),
        (["check", "none.toml", "--jason", "--json"], "usage"),
        (["sned", "--json"], "usage"),
        (["send", "none.toml", "--quiet", "--verbose", "--json"], "usage"),
        (["report", "none.toml", "--json"], "settings"),
    ],
)
def test_an_error_is_json_too(command: list[str], kind: str) -> None:
    result = CliRunner().invoke(main, command)
    told = _json(result)
    assert result.exit_code == 2
    assert told["error"]["kind"] == kind
    assert told["error"]["message"].splitlines()[0] in result.stderr


def test_json_never_asks_on_standard_output(mailing: MailingFolder, api: Api) -> None:
    told = _json(mailing.run("send", "--base-url", api.base_url, "--json"))
    assert "--yes" in told["error"]["hint"]


class TestQuiet:
    @pytest.mark.slow
    def test_nothing_is_printed_where_nothing_needs_attention(self, mailing: MailingFolder) -> None:
        for command in (["check"], ["send", "--sandbox"], ["preview", "--rows", "2"]):
            result = mailing.run(*command, "--quiet")
            assert (result.exit_code, result.output) == (0, "")

    @pytest.mark.slow
    def test_what_needs_attention_is(self, mailing: MailingFolder) -> None:
        mailing.write(row(1), row(2, postnr="15"))
        assert "Postnr" in mailing.run("check", "--quiet").output
        sent = mailing.run("send", "--sandbox", "--quiet").output
        assert "Row 3, invalid" in sent
        assert "needs-attention.xlsx" in sent
        assert "accepted" not in sent


class TestVerbose:
    def test_it_says_what_is_read_and_decided(self, mailing: MailingFolder, api: Api) -> None:
        result = mailing.run("send", "--base-url", api.base_url, "--yes", "--verbose")
        for text in (
            f"Settings are read from {mailing.path}.",
            "BATCHSEND_SUBSCRIPTION_ID is set in the environment.",
            f"Letters go to {api.base_url}, as --base-url says.",
            "encoding: Windows-1252",
            "test-1001: request 1 was answered with HTTP 202",
        ):
            assert text in result.stderr
        assert "subscription-secret-1" not in result.output
        assert "is set in" not in mailing.run("check").output

    @pytest.mark.slow
    def test_no_national_id_is_printed(self, mailing: MailingFolder) -> None:
        mailing.edit('"test-{{ kundenr }}"', '"01857212345-{{ kundenr }}"')
        told = mailing.run("send", "--sandbox", "--verbose").stderr
        assert "018572*****-1001: request 1" in told
        assert "01857212345" not in told


class TestColour:
    @pytest.fixture(autouse=True)
    def _no_say(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("NO_COLOR", "FORCE_COLOR"):
            monkeypatch.delenv(name, raising=False)

    @pytest.mark.slow
    def test_none_in_a_file(self, mailing: MailingFolder) -> None:
        assert "\x1b" not in mailing.run("send", "--sandbox").output

    def test_on_a_terminal_unless_told_otherwise(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from batchsend.commands.printing.output import say, stdout  # noqa: PLC0415 - after the change

        def shown() -> str:
            screen = io.StringIO()
            screen.isatty = lambda: True  # type: ignore[method-assign]  # a terminal to look at
            monkeypatch.setattr(sys, "stdout", screen)
            monkeypatch.setenv("TERM", "xterm-256color")
            say(stdout(), "careful", style="yellow")
            return screen.getvalue()

        assert "\x1b[33m" in shown()
        monkeypatch.setenv("NO_COLOR", "1")
        assert "\x1b[33m" not in shown()


class TestExitStatus:
    """By command, as the README says."""

    def test_done(self, mailing: MailingFolder, api: Api) -> None:
        there = ("--base-url", api.base_url, "--yes")
        for command in (
            ["check"],
            ["send", *there],
            ["report"],
            ["settle"],
            ["purge", "--older-than", "1"],
        ):
            assert mailing.run(*command).exit_code == ExitStatus.DONE, command

    def test_some_not(self, mailing: MailingFolder, api: Api) -> None:
        mailing.write(row(1), row(2), row(3, postnr="15"))
        api.misbehave(letters={"test-1001": [Fault.DROP_AFTER]})
        for command in (
            ["check"],
            ["preview", "--rows", "4"],
            ["send", "--base-url", api.base_url, "--yes"],
            ["report"],
            ["settle"],
        ):
            assert mailing.run(*command).exit_code == ExitStatus.SOME_NOT, command

    @pytest.mark.slow
    def test_letters_are_told_from_rows(self, mailing: MailingFolder) -> None:
        mailing.edit('path = "list.csv"', 'path = "list.csv"\ngroup_by = ["kundenr"]')
        mailing.write(row(1), row(1, beløp="2"), row(2))
        lines = mailing.run("send", "--sandbox").output.splitlines()
        assert "Letters   2 (3 rows)" in lines
        assert "accepted  2 (3 rows)" in lines
        mailing.edit('group_by = ["kundenr"]', "")
        mailing.write(row(3))
        assert "Letters   1" in mailing.run("send", "--sandbox").output.splitlines()

    def test_nothing_done(self, mailing: MailingFolder) -> None:
        for command in (
            ["report"],
            ["settle"],
            ["status"],
            ["purge", "--older-than", "1"],
            ["send"],
            ["send", "--nonsense"],
        ):
            assert mailing.run(*command).exit_code == ExitStatus.NOTHING_DONE, command
        mailing.path.unlink()
        for name in ("check", "preview", "inspect"):
            assert mailing.run(name).exit_code == ExitStatus.NOTHING_DONE, name

    def test_stopped(self, mailing: MailingFolder, api: Api) -> None:
        mailing.write(*(row(number) for number in range(1, 60)))
        mailing.edit("rate = 500", "rate = 500\nconcurrency = 1\nstop_after = 3\nattempts = 1")
        # Whichever letters come first: workers hand them over as they are made.
        api.misbehave(script=(*(Fault.OK,) * 8, *(Fault.UNAVAILABLE,) * 60))
        result = mailing.run("send", "--base-url", api.base_url, "--yes")
        assert result.exit_code == ExitStatus.STOPPED, result.output
        lines = result.output.splitlines()
        assert lines[-2:] == [
            "When that is fixed, to go on:",
            f"  batchsend send {mailing.path} --base-url {api.base_url} --yes",
        ]

    def test_every_one_is_in_the_readme(self) -> None:
        readme = (DOCS / "reference.md").read_text(encoding="utf-8")
        for status in ExitStatus:
            assert f"| **{status:d}** |" in readme


def test_a_row_that_is_no_recipient_is_told_of_once_before_sending(tmp_path: Path) -> None:
    """With what stands in it, where it seems to be a sum or a note."""
    book = workbook(tmp_path / "list.xlsx")
    assert CliRunner().invoke(main, ["init", str(book), str(tmp_path / "m")]).exit_code == 0
    path = tmp_path / "m" / "mailing.toml"
    text = path.read_text(encoding="utf-8").replace('Name = ""', 'Name = "Utleier AS"')
    path.write_text(text, encoding="utf-8")
    for command in (["check", str(path)], ["send", str(path), "--sandbox", "--dry-run"]):
        result = CliRunner().invoke(main, command)
        said = " ".join(result.output.split())
        assert "2 rows left out: Row 5: Hidden in the sheet" in said, said
        assert "“SUM" in said
        assert said.count("Row 16 ") == 1
        assert said.lower().count("row 5") == 1
        assert "Row 16 at the end was not read as a recipient" in result.stdout.replace("\n", " ")
