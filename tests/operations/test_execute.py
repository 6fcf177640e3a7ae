"""A plan is carried out as it was shown: what is still unsent of it, and nothing besides."""

from __future__ import annotations

from pathlib import Path

import pytest
from mailings import Api, MailingFolder, row
from postgres import PostgresServer

from batchsend import Mailing, Plan, RowSet, Selection, Target, execute, plan
from batchsend.errors import LedgerError


@pytest.fixture(params=["file", "database"])
def mailing(request: pytest.FixtureRequest, mailing: MailingFolder) -> MailingFolder:
    """With a ledger in a file, and in a database."""
    if request.param == "database":
        postgres: PostgresServer = request.getfixturevalue("postgres")
        mailing.keep_ledger_at(postgres.new_place())
    return mailing


def planned(mailing: MailingFolder, api: Api, **chosen: int | RowSet) -> Plan:
    loaded = Mailing.load(mailing.path)
    selection = Selection(**chosen)  # type: ignore[arg-type]
    return plan(loaded, Target.api(loaded, api.base_url), selection=selection)


def sent_by_another(mailing: MailingFolder, api: Api, *options: str) -> None:
    result = mailing.run("send", "--base-url", api.base_url, "--yes", *options)
    assert result.exit_code in {0, 1}, result.output


def lists_kept(mailing: MailingFolder) -> list[Path]:
    return list((mailing.folder / "ledger.snapshots").glob("mailing-*"))


def test_a_plan_sends_nothing_and_leaves_no_copy_of_the_list(
    mailing: MailingFolder, api: Api
) -> None:
    with planned(mailing, api) as made:
        assert made.to_send.height == 6
        assert lists_kept(mailing)
    assert not lists_kept(mailing)
    assert not api.taken()


@pytest.mark.slow
def test_a_plan_that_was_executed_leaves_its_list_for_the_reports(
    mailing: MailingFolder, api: Api
) -> None:
    with planned(mailing, api) as made:
        execute(made)
    assert len(lists_kept(mailing)) == 1
    assert mailing.run("report").exit_code == 0


@pytest.mark.slow
def test_what_another_run_took_since_is_not_sent(mailing: MailingFolder, api: Api) -> None:
    made = planned(mailing, api)
    sent_by_another(mailing, api, "--rows", "3-4")
    sent = execute(made)
    assert sent.plan.to_send["row"].to_list() == [2, 5, 6, 7]
    assert sorted(api.identifiers()) == [f"test-{number}" for number in range(1001, 1007)]


@pytest.mark.slow
def test_never_more_than_the_plan(mailing: MailingFolder, api: Api) -> None:
    """The letters of the plan are gone by now, and others have come within its limit."""
    made = planned(mailing, api, limit=2)
    sent_by_another(mailing, api, "--rows", "2-3")
    sent = execute(made)
    assert sent.plan.to_send.height == 0
    assert sorted(api.identifiers()) == ["test-1001", "test-1002"]


@pytest.mark.slow
def test_a_list_that_has_grown_since_adds_nothing(mailing: MailingFolder, api: Api) -> None:
    made = planned(mailing, api)
    mailing.write(*(row(number) for number in range(1, 9)))
    sent_by_another(mailing, api, "--rows", "2")
    assert execute(made).plan.to_send.height == 5
    assert len(api.taken()) == 6


@pytest.mark.slow
def test_a_plan_executed_twice_sends_once(mailing: MailingFolder, api: Api) -> None:
    with planned(mailing, api) as made:
        execute(made)
        assert execute(made).plan.to_send.height == 0
    assert len(api.taken()) == 6


def test_a_plan_that_was_discarded_cannot_be_executed(mailing: MailingFolder, api: Api) -> None:
    made = planned(mailing, api)
    made.discard()
    with pytest.raises(LedgerError, match="copy of the checked list is gone"):
        execute(made)
    assert not api.taken()
