"""Periods: next month's letters are other letters, and within one everything stays guarded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mailings import Api, MailingFolder, row
from postgres import PostgresServer

from batchsend import Mailing
from batchsend.errors import SettingsError
from batchsend.mailing import must_be_named
from batchsend.operations.history.runs import is_written_like
from batchsend.operations.periods import in_period, periods


def _can_be_named(period: str) -> bool:
    try:
        must_be_named(period)
    except SettingsError:
        return False
    return True


def with_periods(mailing: MailingFolder) -> None:
    mailing.edit('Identifier = "test-{{ kundenr }}"', 'Identifier = "{{ period }}-{{ kundenr }}"')


def months_list(mailing: MailingFolder, name: str, *lines: str) -> Path:
    """A list beside the mailing's own."""
    mailing.write(*lines)
    return (mailing.folder / "list.csv").rename(mailing.folder / name)


def send(mailing: MailingFolder, api: Api, *options: str) -> dict[str, Any]:
    result = mailing.run("send", "--base-url", api.base_url, "--yes", "--json", *options)
    assert result.stdout, result.output
    told: dict[str, Any] = json.loads(result.stdout)
    return told


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def kept(mailing: MailingFolder, request: pytest.FixtureRequest) -> MailingFolder:
    """A mailing with periods, its ledger in either database."""
    if request.param == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgres")
        mailing.keep_ledger_at(server.new_place())
    with_periods(mailing)
    return mailing


@pytest.mark.slow
def test_a_new_month_takes_a_period_and_a_list(kept: MailingFolder, api: Api) -> None:
    january = months_list(kept, "jan.csv", row(1), row(2), row(3))
    february = months_list(kept, "feb.csv", row(1), row(2, beløp="9,50"), row(4))
    first = send(kept, api, "--period", "2027-01", "--list", str(january))
    assert first["by_status"] == {"accepted": 3}
    second = send(kept, api, "--period", "2027-02", "--list", str(february))
    assert second["by_status"] == {"accepted": 3}
    assert (second["plan"]["conflicts"], second["plan"]["repeats"]) == (0, 0)
    assert second["plan"]["said_before"] == 0, "the same letter as last month is this month's"
    assert sorted(api.identifiers()) == [
        *("2027-01-1001", "2027-01-1002", "2027-01-1003"),
        *("2027-02-1001", "2027-02-1002", "2027-02-1004"),
    ]
    changes = second["compared_with_last"]
    assert (changes["first_new"], changes["first_gone"]) == ([4], [4])
    assert (changes["stayed"], changes["changed"], changes["period"]) == (2, 1, "2027-01")

    # A period alone takes its own last list, and nothing goes twice.
    for period in ("2027-01", "2027-02"):
        again = send(kept, api, "--period", period)
        assert again["plan"]["to_send"] == 0
        assert again["by_status"] == {"accepted": 3}
    assert len(api.identifiers()) == 6
    told = periods(Mailing.load(kept.path))
    assert [(each.name, each.sent, each.open, each.list_path.name) for each in told] == [
        ("2027-01", 3, 0, "jan.csv"), ("2027-02", 3, 0, "feb.csv")
    ]  # fmt: skip


@pytest.mark.slow
def test_within_a_period_everything_stays_guarded(kept: MailingFolder, api: Api) -> None:
    kept.write(row(1, kundenr="0001001"), row(2))
    assert send(kept, api, "--period", "2027-01")["by_status"] == {"accepted": 2}
    kept.write(row(1), row(2, beløp="7,00"))
    told = send(kept, api, "--period", "2027-01")
    assert (told["plan"]["repeats"], told["plan"]["conflicts"]) == (1, 1)
    assert len(api.identifiers()) == 2


@pytest.mark.slow
def test_letters_of_no_period_are_not_forgotten(mailing: MailingFolder, api: Api) -> None:
    """A mailing of 0.1 gets a period halfway: what says the same is still asked about."""
    assert send(mailing, api)["by_status"] == {"accepted": 6}
    with_periods(mailing)
    told = mailing.run("send", "--base-url", api.base_url, "--dry-run", "--json", "--period", "1")
    assert json.loads(told.stdout)["plan"]["said_before"] == 6


class TestWhatIsNoPeriod:
    def test_an_identifier_of_another_period_is_refused(
        self, mailing: MailingFolder, api: Api
    ) -> None:
        mailing.edit('name = "test"', 'name = "test"\nperiod = "2027-01"')
        assert send(mailing, api)["by_status"] == {"accepted": 6}
        for options in ((), ("--sandbox",)):
            where = options or ("--base-url", api.base_url, "--yes")
            result = mailing.run("send", *where, "--period", "2027-02")
            assert result.exit_code == 2
            assert "test-1001 went in the period 2027-01" in result.output
            assert "{{ period }}" in result.output
        assert len(api.identifiers()) == 6

    def test_one_that_is_written_like_another_is_refused(
        self, mailing: MailingFolder, api: Api
    ) -> None:
        with_periods(mailing)
        send(mailing, api, "--period", "2027-01")
        result = mailing.run("send", "--base-url", api.base_url, "--yes", "--period", "2027-1")
        assert result.exit_code == 2
        assert "The period 2027-1 is written like 2027-01" in result.output

    @pytest.mark.parametrize("name", ["../x", "", "a b", "-1", "x" * 41, "a/b", "1."])
    def test_a_name_that_no_folder_could_have(self, mailing: MailingFolder, name: str) -> None:
        result = mailing.run("check", "--period", name)
        assert result.exit_code == 2
        assert "must be letters and digits" in result.output

    def test_a_column_that_says_another_is_refused(self, mailing: MailingFolder) -> None:
        mailing.edit('name = "test"', 'name = "test"\nperiod = "2027-01"')
        text = (mailing.folder / "list.csv").read_text(encoding="cp1252")
        for said, status in (("2027-01", 0), ("2027-02", 2)):
            told = text.replace("Beløp", "Period").replace("1 234,50", said)
            (mailing.folder / "list.csv").write_text(told, encoding="cp1252")
            letter = mailing.folder / "letter.html"
            letter.write_text(letter.read_text().replace("{{ beløp | money }}", "{{ period }}"))
            assert mailing.run("check").exit_code == status

    def test_a_column_stays_an_ordinary_one_without_the_setting(
        self, mailing: MailingFolder, api: Api
    ) -> None:
        mailing.edit('"test-{{ kundenr }}"', '"{{ period }}-{{ kundenr }}"')
        assert mailing.run("check").exit_code == 2, "no such column, and no period"
        mailing.edit("{{ period }}-", "{{ fornavn }}-")
        assert mailing.run("check").exit_code == 0


@pytest.mark.slow
def test_what_looks_like_a_new_period_gets_its_command(mailing: MailingFolder, api: Api) -> None:
    assert send(mailing, api)["by_status"] == {"accepted": 6}
    mailing.write(*(row(number, beløp=f"{number},00") for number in range(2, 8)))
    result = mailing.run("send", "--base-url", api.base_url, "--dry-run")
    assert "5 of 6 letters have identifiers that went before" in result.output
    assert f"batchsend send {mailing.path} --period PERIOD --list" in result.output
    # A letter that was rewritten is no new period.
    mailing.write(*(row(number) for number in range(1, 7)))
    letter = mailing.folder / "letter.html"
    letter.write_text(letter.read_text().replace("Du skylder", "De skylder"))
    result = mailing.run("send", "--base-url", api.base_url, "--dry-run")
    assert "looks like a new period" not in result.output
    assert "with other content" in result.output


@pytest.mark.slow
def test_printed_commands_carry_period_and_list(mailing: MailingFolder, api: Api) -> None:
    with_periods(mailing)
    other = months_list(mailing, "feb.csv", row(1), row(2, postnr="15"))
    chosen = ("--period", "2027-02", "--list", str(other))
    for command, options in (("check", ()), ("preview", ()), ("send", ("--sandbox",))):
        result = mailing.run(command, *chosen, *options)
        steps = [line for line in result.output.splitlines() if line.startswith("  batchsend")]
        assert steps, command
        assert all("--period 2027-02" in step for step in steps), result.output


def test_the_list_of_a_period_is_found_where_the_folder_was_moved(
    mailing: MailingFolder, api: Api, tmp_path: Path
) -> None:
    with_periods(mailing)
    other = months_list(mailing, "feb.csv", row(1))
    mailing.write(row(5))
    send(mailing, api, "--period", "2027-02", "--list", str(other))
    found = in_period(Mailing.load(mailing.path), "2027-02")
    assert found.list.path.name == "feb.csv"
    other.unlink()
    result = mailing.run("check", "--period", "2027-02")
    assert result.exit_code == 2
    assert "The last list of the period 2027-02 is no longer at" in result.output


def test_where_all_are_rehearsed_the_report_is_of_the_last_rehearsal(kept: MailingFolder) -> None:
    for period in ("2026-11", "2026-12", "2026-11"):
        assert kept.run("send", "--sandbox", "--yes", "--period", period).exit_code == 0
    mailing = Mailing.load(kept.path)
    lie = {each.name: each.report for each in periods(mailing)}
    assert lie == {"2026-11": mailing.report, "2026-12": mailing.report_of("2026-12")}


@pytest.mark.slow
def test_a_letter_in_doubt_is_settled_and_sent_again_in_its_own_period(
    mailing: MailingFolder, api: Api
) -> None:
    with_periods(mailing)
    mailing.write(row(1))
    api.misbehave(letters={"2027-01-1001": ("drop after",)})
    send(mailing, api, "--period", "2027-01")
    api.misbehave()
    send(mailing, api, "--period", "2027-02", "--list", str(mailing.folder / "list.csv"))
    assert mailing.run("settle", "--period", "2027-02").exit_code == 0
    assert "2027-01-1001" in mailing.run("settle").output
    result = mailing.run("settle", "2027-01-1001", "--failed")
    assert result.exit_code == 0
    assert f"send {mailing.path} --period 2027-01 --base-url" in result.output
    assert "reports/2027-01" in mailing.run("report", "--period", "2027-01").output


PERIODS = ("2027-01", "2027-02", "2027-11", "27", "1")


@given(st.text("0123456789-", min_size=1, max_size=6).filter(_can_be_named))
def test_another_period_is_never_this_one(other: str) -> None:
    """But where only zeros or signs between make the difference: then it is refused."""
    numbers = [int(part) for part in other.split("-") if part]
    alike = other in is_written_like("2027-01", {other})
    assert alike == (numbers == [2027, 1] or int("".join(other.split("-"))) == 202701)


@pytest.mark.slow
@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    sendings=st.lists(
        st.tuples(st.sampled_from(PERIODS), st.sets(st.integers(1, 4), min_size=1)),
        min_size=2,
        max_size=5,
    )
)
def test_each_gets_one_letter_a_period(
    tmp_path_factory: pytest.TempPathFactory,
    mailing: MailingFolder,
    api: Api,
    sendings: list[tuple[str, set[int]]],
) -> None:
    """No period holds another's letters, and none sends one twice."""
    api.empty()
    one = MailingFolder(tmp_path_factory.mktemp("months"))
    with_periods(one)
    due: set[str] = set()
    with pytest.MonkeyPatch.context() as patch:
        # Each example has a register of its own.
        patch.setenv("BATCHSEND_DATA", str(one.folder / "data"))
        for period, people in sendings:
            one.write(*(row(number) for number in sorted(people)))
            listed = ("--period", period, "--list", str(one.folder / "list.csv"))
            assert send(one, api, *listed)["exit_status"] == 0
            due |= {f"{period}-{1000 + number}" for number in people}
            assert sorted(api.identifiers()) == sorted(due)
