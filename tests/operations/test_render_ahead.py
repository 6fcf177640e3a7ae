"""Letters are rendered before anybody is asked: the plan knows their pages, and keeps them."""

from __future__ import annotations

import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from mailings import Api, MailingFolder, row

from batchsend import Mailing, Plan, Target, execute, plan, render_ahead
from batchsend.errors import SettingsError
from batchsend.operations.planning.pages_found import check_pages

PRICES = '[prices]\ncurrency = "NOK"\nPRINT = 10\nextra_sheet = 2\n'


def planned(mailing: MailingFolder, api: Api) -> Plan:
    loaded = Mailing.load(mailing.path)
    return plan(loaded, Target.api(loaded, api.base_url))


def kept(mailing: MailingFolder) -> list[Path]:
    return list((mailing.folder / "ledger.snapshots").glob(".batchsend-in-use-*"))


def second_sheet_for(mailing: MailingFolder, kundenr: str) -> None:
    template = mailing.folder / "letter.html"
    more = (
        f"{{% if kundenr == '{kundenr}' %}}"
        + '<p style="break-before: page">2</p><p style="break-before: page">3</p>{% endif %}'
    )
    template.write_text(template.read_text(encoding="utf-8").replace("</body>", more + "</body>"))


def hold(mailing: MailingFolder, kundenr: str) -> None:
    """Its page has nobody in the window."""
    template = mailing.folder / "letter.html"
    text = template.read_text(encoding="utf-8")
    named = "{{ letter.Invoicee.Name }}<br>{{ letter.Invoicee.PostCode }} {{ poststed }}"
    assert named in text
    template.write_text(
        text.replace(named, f"{{% if kundenr != '{kundenr}' %}}{named}{{% endif %}}"), "utf-8"
    )


def test_the_plan_has_pages_sheets_and_price(mailing: MailingFolder, api: Api) -> None:
    mailing.path.write_text(mailing.path.read_text("utf-8") + PRICES, "utf-8")
    second_sheet_for(mailing, "1002")
    with planned(mailing, api) as made:
        found = render_ahead(made).pages
        assert found is not None
        assert (found.rendered, found.estimated) == (6, 0)
        assert (found.pages, found.sheets, found.cost) == (8, 7, Decimal(62))
        assert not api.taken()


def test_what_there_is_no_time_for_is_an_estimate(mailing: MailingFolder, api: Api) -> None:
    mailing.path.write_text(mailing.path.read_text("utf-8") + PRICES, "utf-8")
    with planned(mailing, api) as made:
        found = render_ahead(made, seconds=0).pages
    assert found is not None
    assert (found.rendered, found.estimated) == (0, 6)
    assert (found.letters, found.pages, found.cost) == (6, 6, Decimal(60))


def test_a_page_that_cannot_be_sent_is_in_the_plan(mailing: MailingFolder, api: Api) -> None:
    hold(mailing, "1003")
    with planned(mailing, api) as made:
        ahead = render_ahead(made)
        assert ahead.pages is not None
        assert ahead.pages.held.select("row", "identifier").rows() == [(4, "test-1003")]
        assert "address window" in ahead.pages.held["reason"][0]
        assert ahead.leaving == 5
        execute(ahead)
    assert len(api.taken()) == 5
    assert mailing.statuses()[4] == "invalid"


def test_what_is_sent_is_what_was_kept(mailing: MailingFolder, api: Api) -> None:
    """The template's file is gone by then, and still everybody gets their own page."""
    with planned(mailing, api) as made:
        ahead = render_ahead(made)
        [folder] = kept(mailing)
        assert folder.stat().st_mode & 0o077 == 0
        written = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
        assert len(written) == 7  # and the lock
        before = {path.read_bytes().partition(b"\n")[2] for path in folder.iterdir()} - {b""}
        execute(ahead)
        assert not kept(mailing)
    assert {api.pdf(letter["identifier"]) for letter in api.taken()} == before


def test_a_row_that_changes_after_the_plan_goes_as_it_was_planned(
    mailing: MailingFolder, api: Api
) -> None:
    with planned(mailing, api) as made:
        ahead = render_ahead(made)
        mailing.write(*(row(number, fornavn="Ola") for number in (3, 1, 2, 6, 5, 4)))
        execute(ahead)
    names = {each["identifier"]: each["fields"]["Invoicee"]["Name"] for each in api.taken()}
    assert names["test-1003"] == "Åse Bjørkd"
    assert "Åse Bjørkd" in api.text("test-1003")


def test_another_mailing_of_the_folder_gets_none_of_them(mailing: MailingFolder, api: Api) -> None:
    text = mailing.path.read_text("utf-8").replace("test-{{", "other-{{")
    (mailing.folder / "other.toml").write_text(text.replace('"test"', '"other"'), "utf-8")
    loaded = Mailing.load(mailing.folder / "other.toml")
    with planned(mailing, api) as made:
        render_ahead(made)
        with plan(loaded, Target.api(loaded, api.base_url)) as others:
            ahead = render_ahead(others)
            assert len(kept(mailing)) == 2
            execute(ahead)
        assert len(kept(mailing)) == 1
    assert not kept(mailing)
    for letter in api.taken():
        assert letter["fields"]["Invoicee"]["Name"] in api.text(letter["identifier"])


@pytest.mark.slow
def test_what_a_killed_run_kept_goes_with_the_next_plan(mailing: MailingFolder, api: Api) -> None:
    program = (
        "import sys, time\n"
        "from batchsend import Mailing, Target, plan, render_ahead\n"
        "loaded = Mailing.load(sys.argv[1])\n"
        "ahead = render_ahead(plan(loaded, Target.api(loaded, sys.argv[2])))\n"
        "print('kept', flush=True)\n"
        "time.sleep(600)\n"
    )
    command = [sys.executable, "-c", program, str(mailing.path), api.base_url]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == b"kept\n"
            assert len(kept(mailing)) == 1
        finally:
            process.kill()
    assert len(kept(mailing)) == 1
    result = mailing.run("send", "--base-url", api.base_url, "--yes")
    assert result.exit_code == 0, result.output
    assert not kept(mailing)
    assert len(api.taken()) == 6


def test_a_no_leaves_nothing(mailing: MailingFolder, api: Api) -> None:
    with planned(mailing, api) as made:
        render_ahead(made)
        assert kept(mailing)
    assert not kept(mailing)


def test_check_tells_of_pages(mailing: MailingFolder) -> None:
    hold(mailing, "1003")
    result = mailing.run("check")
    assert result.exit_code == 1
    assert "Row 4 cannot be sent" in result.output
    without = mailing.run("check", "--no-letters")
    assert without.exit_code == 0, without.output
    told = json.loads(mailing.run("check", "--json").stdout)
    assert told["pages"]["held"] == 1
    assert told["pages"]["pages"] == 5


def test_check_renders_for_no_longer_than_it_may(mailing: MailingFolder) -> None:
    found = check_pages(Mailing.load(mailing.path), seconds=0).pages
    assert (found.rendered, found.estimated) == (0, 6)


class TestCaps:
    def cap(self, mailing: MailingFolder, cap: str) -> None:
        mailing.edit("[send]", f"[send]\n{cap}")

    @pytest.mark.slow
    @pytest.mark.parametrize(
        ("cap", "said"),
        [
            ("max_letters = 5", "6 letters, and [send] max_letters is 5"),
            ("max_cost = 59.5", "60.00 NOK, and [send] max_cost is 59.50"),
        ],
    )
    def test_a_plan_beyond_it_sends_nothing(
        self, mailing: MailingFolder, api: Api, cap: str, said: str
    ) -> None:
        mailing.path.write_text(mailing.path.read_text("utf-8") + PRICES, "utf-8")
        self.cap(mailing, cap)
        result = mailing.run("send", "--base-url", api.base_url, "--yes")
        assert result.exit_code == 2, result.output
        assert said in " ".join(result.output.split())
        assert "raise it in" in result.output
        with planned(mailing, api) as made, pytest.raises(SettingsError, match=r"\[send\] max_"):
            execute(made)
        assert not api.taken()
        part = mailing.run("send", "--base-url", api.base_url, "--yes", "--limit", "5")
        assert part.exit_code in {0, 1}, part.output
        assert len(api.taken()) == 5

    def test_held_to_while_sending(
        self, mailing: MailingFolder, api: Api, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The estimate of what was not rendered was too low."""
        mailing.path.write_text(mailing.path.read_text("utf-8") + PRICES, "utf-8")
        self.cap(mailing, "max_cost = 61")
        second_sheet_for(mailing, "1002")
        with planned(mailing, api) as made:
            sent = execute(render_ahead(made, seconds=0))
        assert sent.stopped
        assert "max_cost is 61.00" in sent.stopped_because
        assert 0 < len(api.taken()) < 6

    def test_a_rehearsal_goes_and_tells(self, mailing: MailingFolder) -> None:
        self.cap(mailing, "max_letters = 5")
        result = mailing.run("send", "--sandbox")
        assert result.exit_code == 0, result.output
        assert "max_letters is 5" in result.output

    def test_max_cost_needs_prices(self, mailing: MailingFolder) -> None:
        self.cap(mailing, "max_cost = 5")
        result = mailing.run("check")
        assert result.exit_code == 2
        assert "needs [prices]" in result.output


def test_what_there_was_no_time_for_is_rendered_later_and_not_kept(
    mailing: MailingFolder, api: Api
) -> None:
    with planned(mailing, api) as made:
        ahead = render_ahead(made, seconds=0)
        [folder] = kept(mailing)
        sizes: list[int] = []
        execute(ahead, progress=lambda _: sizes.append(len(list(folder.iterdir()))))
    assert set(sizes) <= {0, 1}  # the lock alone, until it goes
    assert len(api.taken()) == 6
