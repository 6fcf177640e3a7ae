"""settle: letters whose answer was lost are listed, decided about, and never sent by themselves."""

from __future__ import annotations

import pytest
from mailings import Api, MailingFolder

from batchsend.ledger import Ledger
from batchsend.sandbox import Fault, Faults, running_sandbox

LOST = {
    "test-1002": (Fault.DROP_AFTER,),  # taken, and the answer lost
    "test-1005": (Fault.ERROR,),  # not taken, but nobody can tell from a 500
}


@pytest.fixture
def api(api: Api) -> Api:
    """An API that leaves two letters in doubt, and takes them when asked again."""
    api.misbehave(letters=LOST)
    return api


@pytest.fixture
def mailing(mailing: MailingFolder, api: Api) -> MailingFolder:
    """The mailing after it was sent there once."""
    assert mailing.run("send", "--base-url", api.base_url, "--yes").exit_code == 1
    return mailing


@pytest.mark.slow
def test_they_are_not_sent_again_by_themselves(mailing: MailingFolder, api: Api) -> None:
    result = mailing.run("send", "--base-url", api.base_url, "--yes")
    assert result.exit_code == 1
    assert "Perhaps sent before  2" in result.output
    assert sorted(api.identifiers()) == ["test-1001", "test-1002", "test-1003", *_LAST]


_LAST = ["test-1004", "test-1006"]


def test_without_a_decision_they_are_listed(mailing: MailingFolder) -> None:
    result = mailing.run("settle")
    assert result.exit_code == 1
    assert "test-1002" in result.output
    assert "test-1005" in result.output
    assert "test-1001" not in result.output


def test_decided_one_by_one_the_mailing_is_complete(mailing: MailingFolder, api: Api) -> None:
    assert mailing.run("settle", "--accepted", "test-1002").exit_code == 1
    assert mailing.run("settle", "--resend", "test-1005").exit_code == 0
    assert mailing.run("send", "--base-url", api.base_url, "--yes").exit_code == 0
    assert sorted(api.identifiers()) == [f"test-{1000 + number}" for number in range(1, 7)]
    assert set(mailing.statuses().values()) == {"accepted"}


@pytest.mark.slow
def test_decided_by_file(mailing: MailingFolder, api: Api) -> None:
    file = mailing.folder / "decisions.csv"
    file.write_text("identifier,decision\ntest-1002,accepted\ntest-1005,failed\n")
    assert mailing.run("settle", "--from", str(file)).exit_code == 0
    assert mailing.run("send", "--base-url", api.base_url, "--yes").exit_code == 0
    assert len(api.identifiers()) == 6


def test_all_at_once(mailing: MailingFolder) -> None:
    assert mailing.run("settle", "--all", "--accepted").exit_code == 0
    assert set(mailing.run("report").output.split()) >= {"accepted", "6"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--accepted", "test-1001"], "test-1001"),  # it is accepted already
        (["--resend", "test-9999"], "test-9999"),  # nobody knows it
        (["--all"], "--accepted, --resend or --failed"),
        (["--accepted"], "--all"),
        (["--all", "--accepted", "--failed"], "one decision, not --accepted and --failed"),
    ],
)
def test_what_cannot_be_decided_changes_nothing(
    mailing: MailingFolder, options: list[str], says: str
) -> None:
    result = mailing.run("settle", *options)
    assert result.exit_code == 2
    assert says in result.output
    assert mailing.run("settle").output.count("test-100") == 2


def test_a_file_as_excel_writes_it_in_norway(mailing: MailingFolder) -> None:
    file = mailing.folder / "decisions.csv"
    file.write_text("identifier;decision\ntest-1002;accepted\n", encoding="utf-8-sig")
    assert "1 letter settled" in mailing.run("settle", "--from", str(file)).output


def test_what_goes_again_goes_to_the_same_api(mailing: MailingFolder, api: Api) -> None:
    told = mailing.run("settle", "--all", "--resend").output
    assert f"--base-url {api.base_url}" in told


def test_a_file_that_is_not_understood_is_refused_by_its_line(mailing: MailingFolder) -> None:
    file = mailing.folder / "decisions.csv"
    file.write_text("identifier,decision\ntest-1002,accepted\ntest-1005,perhaps\n")
    result = mailing.run("settle", "--from", str(file))
    assert result.exit_code == 2
    assert "row 3" in result.output


@pytest.mark.slow
def test_the_letters_of_a_neighbour_in_the_ledger_are_none_of_its_business(
    mailing: MailingFolder, api: Api
) -> None:
    ours = mailing.path
    mailing.path = ours.with_name("other.toml")
    mailing.path.write_text(
        ours.read_text(encoding="utf-8").replace('"test-', '"other-'), encoding="utf-8"
    )
    assert mailing.run("send", "--base-url", api.base_url, "--yes").exit_code == 0
    assert mailing.run("settle", "--all", "--failed").exit_code == 0
    result = mailing.run("settle", "--failed", "test-1002")
    assert result.exit_code == 2
    assert "has sent no letter test-1002" in result.output
    mailing.path = ours
    assert mailing.run("settle").output.count("test-100") == 2


@pytest.mark.slow
def test_a_rehearsal_since_does_not_hide_them(mailing: MailingFolder) -> None:
    assert mailing.run("send", "--sandbox").exit_code == 0
    result = mailing.run("settle")
    assert result.exit_code == 1
    assert "test-1002" in result.output


@pytest.mark.slow
def test_letters_unknown_at_two_apis_are_all_listed_and_told_apart(
    mailing: MailingFolder, api: Api
) -> None:
    with running_sandbox(faults=Faults(letters=LOST)) as second:
        assert mailing.run("send", "--base-url", second, "--yes").exit_code == 1
    assert mailing.run("settle").output.count("test-100") == 4
    result = mailing.run("settle", "--accepted", "test-1002")
    assert result.exit_code == 2
    assert "--destination" in result.output
    result = mailing.run("settle", "--accepted", "test-1002", "--destination", api.base_url)
    assert "1 letter settled" in result.output
    left = mailing.run("settle")
    assert f"1 letter to {api.base_url}" in left.output.replace("\n", " ")
    assert f"2 letters to {second}" in left.output.replace("\n", " ")


def test_while_the_ledger_is_in_use_it_waits_for_another_day(mailing: MailingFolder) -> None:
    with Ledger.open(mailing.folder / "ledger.sqlite") as book, book.settling():
        result = mailing.run("settle", "--all", "--accepted")
    assert result.exit_code == 2
    assert "in use by another run" in result.output
    assert mailing.run("settle").output.count("test-100") == 2


@pytest.mark.slow
def test_a_mailing_in_a_renamed_folder_is_the_same(mailing: MailingFolder) -> None:
    moved = mailing.folder.rename(mailing.folder.with_name(f"{mailing.folder.name}-renamed"))
    mailing.folder, mailing.path = moved, moved / "mailing.toml"
    assert mailing.run("settle", "--accepted", "test-1002", "test-1005").exit_code == 0
    result = mailing.run("report")
    assert result.exit_code == 0, result.output
    assert set(mailing.statuses().values()) == {"accepted"}


def test_a_file_that_contradicts_itself_or_the_command_line_is_refused(
    mailing: MailingFolder,
) -> None:
    file = mailing.folder / "decisions.csv"
    file.write_text("identifier,decision\ntest-1002,accepted\n\ntest-1002,failed\n")
    result = mailing.run("settle", "--from", str(file))
    assert result.exit_code == 2
    assert "accepted in row 2, failed in row 4" in " ".join(result.output.split())
    file.write_text("identifier,decision\ntest-1002,accepted\ntest-1002,accepted\n")
    result = mailing.run("settle", "--from", str(file), "--resend", "test-1002")
    assert result.exit_code == 2
    assert "the command line says resend" in " ".join(result.output.split())
    assert mailing.run("settle").output.count("test-100") == 2
