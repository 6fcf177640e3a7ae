"""Attacks on months: whatever is done to list, corrections or folder between two sendings, nobody
gets a letter twice and nobody is missed."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
from mailings import Api, MailingFolder, row

from batchsend import Mailing, Target, execute, plan, render_ahead

pytestmark = pytest.mark.slow


def send(mailing: MailingFolder, api: Api, *options: str) -> dict[str, Any]:
    result = mailing.run("send", "--base-url", api.base_url, "--yes", "--json", *options)
    assert result.stdout, result.output
    told: dict[str, Any] = json.loads(result.stdout)
    return told


def correct(mailing: MailingFolder, *options: str) -> None:
    result = mailing.run("correct", *options)
    assert result.exit_code == 0, result.output


def questions(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What somebody at a terminal, who says no, is asked from now on."""
    asked: list[str] = []
    asking = sys.modules["batchsend.commands.send"]
    monkeypatch.setattr(asking, "must_have_somebody_to_ask", lambda *_, **__: None)
    monkeypatch.setattr(asking, "asked", lambda question: bool(asked.append(question)))
    return asked


def with_periods(mailing: MailingFolder) -> None:
    mailing.edit('Identifier = "test-{{ kundenr }}"', 'Identifier = "{{ period }}-{{ kundenr }}"')


def test_a_letter_whose_identifier_is_corrected_afterwards_does_not_go_again(
    mailing: MailingFolder, api: Api
) -> None:
    mailing.write(row(1), row(2))
    send(mailing, api)
    mailing.write(row(3), row(1), row(2))  # nor where the list has changed besides
    correct(mailing, "--row", "3", "Kundenr.=5001", "Adresse=Nygata 1")
    told = send(mailing, api)
    assert told["plan"]["repeats"] == 1
    assert sorted(api.identifiers()) == ["test-1001", "test-1002", "test-1003"]
    assert mailing.statuses()[3] == "repeat"
    told = send(mailing, api, "--again", "3")
    assert told["by_status"] == {"accepted": 3}, "unless somebody names its row"


def test_nor_where_such_a_correction_is_undone(mailing: MailingFolder, api: Api) -> None:
    mailing.write(row(1), row(2))
    correct(mailing, "--row", "2", "Kundenr.=5001")
    send(mailing, api)
    correct(mailing, "--undo")
    assert send(mailing, api)["plan"]["repeats"] == 1
    correct(mailing, "--row", "2", "Kundenr.=6001")
    assert send(mailing, api)["plan"]["repeats"] == 1, "nor corrected otherwise"
    assert sorted(api.identifiers()) == ["test-1002", "test-5001"]


def test_a_corrected_identifier_goes_in_the_next_period(mailing: MailingFolder, api: Api) -> None:
    mailing.write(row(1), row(2))
    with_periods(mailing)
    send(mailing, api, "--period", "2027-01")
    result = mailing.run("correct", "--row", "2", "Kundenr.=5001", "--period", "2027-02")
    if result.exit_code:
        mailing.edit('name = "test"', 'name = "test"\nperiod = "2027-02"')
        correct(mailing, "--row", "2", "Kundenr.=5001")
    listed = ("--period", "2027-02", "--list", str(mailing.folder / "list.csv"))
    assert send(mailing, api, *listed)["by_status"] == {"accepted": 2}


@pytest.mark.parametrize(
    "period", ["2027-01 ", "2027-1", "2027\u201301", "202701", "2027_01", "2027.01"]
)
def test_a_period_written_another_way_sends_nothing(
    mailing: MailingFolder, api: Api, period: str
) -> None:
    mailing.write(row(1))
    with_periods(mailing)
    send(mailing, api, "--period", "2027-01")
    assert send(mailing, api, "--period", period)["exit_status"] == 2
    assert api.identifiers() == ["2027-01-1001"]


def test_after_a_purge_the_period_is_still_done(mailing: MailingFolder, api: Api) -> None:
    mailing.write(row(1), row(2))
    with_periods(mailing)
    send(mailing, api, "--period", "2027-01")
    assert mailing.run("purge", "--older-than", "0").exit_code == 0
    assert send(mailing, api, "--period", "2027-01")["by_status"] == {"accepted": 2}
    assert len(api.identifiers()) == 2


def test_who_was_forgotten_gets_no_second_letter(mailing: MailingFolder, api: Api) -> None:
    mailing.write(row(1), row(2))
    send(mailing, api)
    assert mailing.run("purge", "--identifier", "test-1001").exit_code == 0
    send(mailing, api)
    correct(mailing, "--row", "2", "Adresse=Nygata 1")
    send(mailing, api)
    correct(mailing, "--row", "2", "Kundenr.=5001")
    assert send(mailing, api)["plan"]["repeats"] == 1
    assert sorted(api.identifiers()) == ["test-1001", "test-1002"]


@pytest.mark.parametrize("cell", ["Adresse=Nygata 1", "Etternavn=Hansen"])
def test_a_recipient_corrected_after_sending_is_a_conflict(
    mailing: MailingFolder, api: Api, cell: str
) -> None:
    mailing.write(row(1), row(2))
    send(mailing, api)
    correct(mailing, "--row", "2", cell)
    assert send(mailing, api)["by_status"] == {"accepted": 1, "conflict": 1}
    assert len(api.identifiers()) == 2


def test_a_list_sent_again_as_another_period_is_told(mailing: MailingFolder, api: Api) -> None:
    mailing.write(row(1), row(2))
    with_periods(mailing)
    send(mailing, api, "--period", "2027-01")
    told = send(mailing, api, "--period", "2027-02", "--list", str(mailing.folder / "list.csv"))
    assert told["compared_with_last"]["same"]


def test_a_new_period_does_not_take_another_ones_list_unasked(
    mailing: MailingFolder, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """March's list was forgotten: mailing.toml names January's, and February's was another."""
    with_periods(mailing)
    mailing.write(row(1), row(2))
    send(mailing, api, "--period", "2027-01")
    mailing.write(row(1), row(3))
    february = (mailing.folder / "list.csv").rename(mailing.folder / "feb.csv")
    mailing.write(row(1), row(2))
    send(mailing, api, "--period", "2027-02", "--list", str(february))
    api.empty()
    march = ("send", "--base-url", api.base_url, "--period", "2027-03")
    refused = mailing.run(*march, "--yes")
    assert refused.exit_code == 2
    assert "is the very one that the period 2027-01 was sent from" in refused.output
    assert "with --list" in refused.output
    assert api.taken() == []
    asked = questions(monkeypatch)
    told = mailing.run(*march)
    assert "The list is the very same as that of the period 2027-01" in told.output
    assert "although the list says what that of the period 2027-01 said" in asked[0]
    # Named, it is taken; and then the period goes on with it.
    named = mailing.run(*march, "--yes", "--limit", "1", "--list", str(mailing.folder / "list.csv"))
    assert named.exit_code == 1, named.output
    assert mailing.run(*march, "--yes").exit_code == 0
    assert sorted(api.identifiers()) == ["2027-03-1001", "2027-03-1002"]


@pytest.mark.parametrize("again_saved", [False, True])
def test_and_asked_about(
    mailing: MailingFolder, api: Api, monkeypatch: pytest.MonkeyPatch, again_saved: bool
) -> None:
    mailing.write(row(1), row(2))
    with_periods(mailing)
    send(mailing, api, "--period", "2027-01")
    if again_saved:
        mailing.write(row(2), row(1))
    asked = questions(monkeypatch)
    mailing.run("send", "--base-url", api.base_url, "--period", "2027-02")
    [question] = asked
    assert "although the list says what that of the period 2027-01 said" in question


def test_no_question_more_where_a_new_list_came(
    mailing: MailingFolder, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailing.write(row(1), row(2))
    with_periods(mailing)
    send(mailing, api, "--period", "2027-01")
    mailing.write(row(1), row(2, beløp="1,00"))
    asked = questions(monkeypatch)
    mailing.run("send", "--base-url", api.base_url, "--period", "2027-02")
    assert "although" not in asked[0]


@pytest.mark.parametrize("change", ["template", "list", "corrections"])
def test_what_was_rendered_ahead_goes_as_it_was_planned(
    mailing: MailingFolder, api: Api, change: str
) -> None:
    mailing.write(row(1), row(2))
    loaded = Mailing.load(mailing.path)
    with plan(loaded, Target.api(loaded, api.base_url)) as made:
        ahead = render_ahead(made)
        if change == "template":
            page = mailing.folder / "letter.html"
            page.write_text(page.read_text("utf-8").replace("Du skylder", "De skylder"), "utf-8")
        elif change == "list":
            mailing.write(row(2, beløp="9,00"), row(1, beløp="9,00"))
        else:
            correct(mailing, "--row", "2", "Beløp=9,00")
        execute(ahead)
    assert sorted(api.identifiers()) == ["test-1001", "test-1002"]
    for number in (1, 2):
        text = api.text(f"test-100{number}").replace("\xa0", " ")
        assert "Du skylder" in text
        assert "1 234,50" in text
    # The next run compares with what went, and not with what came between.
    told = send(mailing, api)
    assert told["plan"]["to_send"] == 0
    assert len(api.identifiers()) == 2


@pytest.mark.parametrize(("begins", "status"), [("o-", 0), ("", 1)])
def test_two_mailings_of_one_ledger_and_period_send_no_identifier_twice(
    mailing: MailingFolder, api: Api, begins: str, status: int
) -> None:
    mailing.write(row(1), row(2))
    with_periods(mailing)
    send(mailing, api, "--period", "2027-01")
    mailing.write(row(1), row(2, beløp="2,00"))
    other = MailingFolder.__new__(MailingFolder)
    other.folder, other.path = mailing.folder, mailing.folder / "other.toml"
    text = mailing.path.read_text("utf-8").replace('name = "test"', 'name = "other"')
    other.path.write_text(text.replace("{{ period }}-", begins + "{{ period }}-"), "utf-8")
    own = {"2027-01-1001", "2027-01-1002"}
    ledger = ("--ledger", str(mailing.folder / "ledger.sqlite"))
    told = send(other, api, "--period", "2027-01", *ledger)
    assert told["exit_status"] == status
    assert told["plan"]["conflicts"] == status
    assert sorted(api.identifiers()) == sorted(own | {begins + each for each in own})


def test_a_skip_that_fails_for_one_row_holds_it_alone(mailing: MailingFolder, api: Api) -> None:
    mailing.write(row(1), row(2, beløp=""), row(3))
    mailing.edit('path = "list.csv"', 'path = "list.csv"\nskip = "{{ 1 // (beløp | length) > 5 }}"')
    send(mailing, api)
    assert sorted(api.identifiers()) == ["test-1001", "test-1003"]
    assert mailing.statuses()[3] == "invalid"


ADDRESS = "Address1 }}<br>{{ letter.Invoicee.PostCode }} {{ letter.Invoicee.City }}"


class TestExcluded:
    def exclude(self, mailing: MailingFolder, path: str, match: str = '"kundenr"') -> None:
        lines = f'path = "list.csv"\n[[list.exclude]]\npath = "{path}"\nmatch = {match}'
        mailing.edit('path = "list.csv"', lines)

    def write(self, mailing: MailingFolder, text: str) -> None:
        (mailing.folder / "paid.csv").write_text(text, encoding="utf-8")

    def test_the_list_itself_sends_nothing(self, mailing: MailingFolder, api: Api) -> None:
        self.exclude(mailing, "list.csv")
        told = send(mailing, api)
        assert "Every row of list.csv is left out" in told["error"]["message"]
        assert not api.identifiers()

    def test_blank_keys_and_reformatted_ones(self, mailing: MailingFolder, api: Api) -> None:
        mailing.write(row(1, kundenr="0001001"), row(2), row(3), row(4, kundenr=""))
        self.exclude(mailing, "paid.csv")
        self.write(mailing, "kundenr;x\n1001;a\n;b\n1002.0;c\n")
        send(mailing, api)
        assert api.identifiers() == ["test-1003"]
        assert mailing.statuses()[5] == "invalid"

    def test_two_of_one_name_and_postcode_are_both_left_out(
        self, mailing: MailingFolder, api: Api
    ) -> None:
        mailing.write(row(1, etternavn="Dahl"), row(2, etternavn="Dahl"), row(3))
        self.exclude(mailing, "paid.csv", '["etternavn", "postnr"]')
        self.write(mailing, "etternavn;postnr\nDahl;150\n")
        told = send(mailing, api)
        assert mailing.statuses() == {2: "left out", 3: "left out", 4: "accepted"}
        assert "Each of these names several rows, perhaps of different people: " in " ".join(
            told["notes"]
        )

    def test_nothing_is_said_where_each_names_one(self, mailing: MailingFolder, api: Api) -> None:
        self.exclude(mailing, "paid.csv")
        self.write(mailing, "kundenr\n1001\n1002\n")
        assert "names several rows" not in " ".join(send(mailing, api)["notes"])


def test_a_letter_to_me_is_none_of_the_periods(
    mailing: MailingFolder, api: Api, data: Path
) -> None:
    mailing.write(row(1))
    with_periods(mailing)
    page = mailing.folder / "letter.html"
    text = page.read_text("utf-8").replace("PostCode }} {{ poststed }}", ADDRESS)
    page.write_text(text, "utf-8")
    me = (
        '[send.me]\nName = "Kari"\nAddress1 = "Kontorveien 7"\nPostCode = "5003"\nCity = "Bergen"\n'
    )
    mailing.path.write_text(mailing.path.read_text("utf-8") + me, "utf-8")
    result = mailing.run(
        "send", "--base-url", api.base_url, "--yes", "--to-me", "2", "--period", "2027-01"
    )
    assert result.exit_code == 0, result.output
    assert not (mailing.folder / "ledger.sqlite").exists()
    assert not any(path.is_file() for path in data.rglob("*.sqlite"))
    assert send(mailing, api, "--period", "2027-01")["by_status"] == {"accepted": 1}
    assert len(set(api.identifiers())) == 2


@pytest.mark.parametrize("period", ["2027-01", "2027-1", "202701"])
def test_a_copied_folder_sends_the_period_to_nobody_again(
    mailing: MailingFolder,
    api: Api,
    tmp_path_factory: pytest.TempPathFactory,
    data: Path,
    period: str,
) -> None:
    mailing.write(row(1), row(2))
    with_periods(mailing)
    send(mailing, api, "--period", "2027-01")
    folder = tmp_path_factory.mktemp("copies") / "copy"
    shutil.copytree(
        mailing.folder, folder, ignore=shutil.ignore_patterns("ledger*", "report*", data.name)
    )
    copy = MailingFolder.__new__(MailingFolder)
    copy.folder, copy.path = folder, folder / "mailing.toml"
    told = send(copy, api, "--period", period)
    assert told["plan"]["repeats"] == 2, told
    assert len(api.identifiers()) == 2


@pytest.mark.parametrize("undone", [False, True])
def test_nor_from_a_copied_folder_under_a_corrected_identifier(
    mailing: MailingFolder, api: Api, tmp_path: Path, undone: bool
) -> None:
    mailing.write(row(1), row(2))
    if undone:
        correct(mailing, "--row", "2", "Kundenr.=5001")
    send(mailing, api)
    went = sorted(api.identifiers())
    (tmp_path / "copy").mkdir()
    copy = MailingFolder(tmp_path / "copy")
    shutil.rmtree(copy.folder)
    shutil.copytree(
        mailing.folder, copy.folder, ignore=shutil.ignore_patterns("ledger*", "report*", "copy")
    )
    correct(copy, *(["--undo"] if undone else ["--row", "2", "Kundenr.=5001"]))
    told = send(copy, api)
    assert told["plan"]["repeats"] == 2, "one by its identifier, one by what it was called before"
    assert sorted(api.identifiers()) == went
    assert "before a correction" in (copy.folder / "report.csv").read_text(encoding="utf-8")


def test_nor_after_a_purge_under_a_corrected_identifier(mailing: MailingFolder, api: Api) -> None:
    mailing.write(row(1), row(2))
    send(mailing, api)
    mailing.run("purge", "--older-than", "0")
    correct(mailing, "--row", "2", "Kundenr.=5001")
    assert send(mailing, api)["plan"]["repeats"] == 1
    assert sorted(api.identifiers()) == ["test-1001", "test-1002"]


@pytest.mark.parametrize("restored", ["older", "none"])
def test_corrections_put_back_from_a_backup(
    mailing: MailingFolder, api: Api, restored: str
) -> None:
    mailing.write(row(1), row(2))
    correct(mailing, "--row", "3", "Beløp=5,00")
    old = (mailing.folder / "corrections.jsonl").read_bytes()
    correct(mailing, "--row", "2", "Kundenr.=5001")
    send(mailing, api)
    if restored == "older":
        (mailing.folder / "corrections.jsonl").write_bytes(old)
    else:
        (mailing.folder / "corrections.jsonl").unlink()
    told = send(mailing, api)
    assert told["plan"]["repeats"] == 1
    assert sorted(api.identifiers()) == ["test-1002", "test-5001"]


def test_a_row_skipped_after_its_letter_went_is_a_conflict(
    mailing: MailingFolder, api: Api
) -> None:
    mailing.write(row(1), row(2), row(1, beløp="2,50"))
    mailing.edit('path = "list.csv"', 'path = "list.csv"\ngroup_by = ["kundenr"]')
    send(mailing, api)
    mailing.edit("group_by", "skip = \"{{ beløp == '2,50' }}\"\ngroup_by")
    told = send(mailing, api)
    assert (told["plan"]["conflicts"], told["plan"]["to_send"]) == (1, 0), told
    assert len(api.identifiers()) == 2


def test_a_second_answer_that_was_lost_leaves_the_letter_in_doubt_on_both_channels(
    mailing: MailingFolder, api: Api
) -> None:
    mailing.write(row(1))
    mailing.edit('Channel = "PRINT"', 'Channel = "DIGIPOST"')
    rule = '[[send.fallback]]\ncontains = "is not reached"\nchannel = "PRINT"\n'
    mailing.path.write_text(mailing.path.read_text("utf-8") + rule, "utf-8")
    api.misbehave(letters={"test-1001": ("400", "drop after", "ok")})
    send(mailing, api)
    api.misbehave()
    assert send(mailing, api)["plan"]["to_send"] == 0
    assert mailing.statuses() == {2: "unknown"}
    assert api.identifiers() == ["test-1001"]
