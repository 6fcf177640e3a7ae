"""A housing association sends its rent notices for four months, from a list that is kept by hand.

After each step: nobody got a letter twice, nobody was missed, corrections held, and the one
receipt adds up to every row that a person sees in the sheet.
"""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from mailings import Api
from stories.office import Office
from tenants import NOT_TO_SEND, TenantList
from waiting import until

from batchsend.commands import main

WRONG = 1006
"""Whose postcode and town are both typed wrong, in every month's list."""
ABROAD = 1021
"""Who lives in Sweden, whose posts write no country before their postcodes."""
TWICE = 1071
"""Who is on the list twice."""
ACCEPTED = {"accepted", "left out"}
DONE = 0
SOME_NOT = 1
NOTHING_DONE = 2


@pytest.fixture
def office(tmp_path: Path, api: Api, monkeypatch: pytest.MonkeyPatch) -> Office:
    """The association's office, with all its tenants."""
    tenants = TenantList.made()
    tenants.tenants[5] = replace(
        tenants.tenants[5], lost_zero=False, postcode="58", town="Olso", remark="ny"
    )
    tenants.twice(TWICE, "har også garasje")
    return office_of(tenants, tmp_path, api, monkeypatch)


def office_of(
    tenants: TenantList, folder: Path, api: Api, monkeypatch: pytest.MonkeyPatch
) -> Office:
    """The mailing as `init` makes it of the first list, with a sender and a text."""
    monkeypatch.setenv("BATCHSEND_SUBSCRIPTION_ID", "subscription")
    monkeypatch.setenv("BATCHSEND_STORAGE_ID", "storage")
    office = Office(folder, api, tenants, right={ABROAD: ("411 04", "Göteborg")})
    office.begin_month("2027-01", tenants.tenants)
    arguments = [str(office.list_path), str(office.home), "--period", "2027-01"]
    made = CliRunner().invoke(main, ["init", *arguments])
    assert made.exit_code == DONE, made.output
    office.edit('Name = ""', 'Name = "Solbakken borettslag"')
    office.edit("rate = 10 ", "rate = 500 ")
    letter = office.home / "letter" / "letter.html"
    written = letter.read_text(encoding="utf-8")
    start, end = written.index("<main>"), written.index("</main>")
    text = "<main><h1>Husleie {{ period }}</h1><p>Husleien er {{ husleie | money }}.</p>"
    letter.write_text(written[:start] + text + written[end:], encoding="utf-8")
    return office


def test_two_months_of_a_small_house(
    tmp_path: Path, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The story in short."""
    house = TenantList(TenantList.made().tenants[:6])
    house.tenants[5] = replace(house.tenants[5], remark=NOT_TO_SEND)
    office = office_of(house, tmp_path, api, monkeypatch)
    wrong = {each.number for each in house.tenants if each.lost_zero}
    assert office.send().exit_code == SOME_NOT
    office.stands(open_=wrong & office.due())
    assert office.run("correct", *office.on_this(), "--certain", "--yes").exit_code == DONE
    assert office.send().exit_code == DONE
    office.stands()
    gone, *rest = house.tenants
    new = replace(gone, number=1901, name="Lie, Nora", lost_zero=False)
    office.begin_month("2027-02", [*rest, new])
    told = office.send()
    assert told.exit_code == DONE, told.output
    assert "Since the list of the period 2027-01: 1 new, 1 gone" in told.output
    office.stands()
    assert set(office.statuses("2027-01")) == ACCEPTED


@pytest.mark.slow
def test_four_months(office: Office) -> None:
    january(office)
    february(office)
    march(office)
    april(office)


def january(office: Office) -> None:
    """Eight postcodes lost their zero, one row is typed wrong, and one tenant is there twice."""
    rehearsed = office.run("send", *office.on_this(), "--sandbox")
    assert rehearsed.exit_code == SOME_NOT, rehearsed.output
    certain = office.run("correct", *office.on_this(), "--certain", "--yes")
    assert certain.exit_code == DONE, certain.output
    sent = office.send()
    assert sent.exit_code == SOME_NOT, sent.output
    office.stands(open_={WRONG, TWICE})

    cells = {"Postnr": "0581", "Poststed": "Oslo"}
    office.correct_in_workbook({WRONG: cells})
    before = office.got()
    forgotten = office.send()
    assert forgotten.exit_code == NOTHING_DONE, "corrections that were not taken are not forgotten"
    assert office.got() == before
    taken = office.run("correct", *office.on_this())
    assert taken.exit_code == DONE, taken.output
    office.right[WRONG] = ("0581", "Oslo")
    again = office.tenants.tenants[-1]
    row = office.tenants.row_at(-1)
    struck = office.run("correct", *office.on_this(), "--row", str(row), f"Merknad={NOT_TO_SEND}")
    assert struck.exit_code == DONE, struck.output
    office.struck = again
    sent = office.send()
    assert sent.exit_code == DONE, sent.output
    office.stands()
    assert set(office.statuses()) == ACCEPTED
    assert not office.workbook.exists(), "nothing is open"
    assert office.send().exit_code == DONE
    office.stands()


def february(office: Office) -> None:
    """Somebody comes, somebody goes, somebody moves away, rents go up; the machine loses power."""
    gone, *rest = office.tenants.tenants
    rest = [replace(each, rent=each.rent + 100) for each in rest]
    new = replace(rest[9], number=1901, name="Lie, Nora", street="Solbakken 1", lost_zero=False)
    rest[40] = replace(rest[40], remark=NOT_TO_SEND)
    rest[41] = replace(rest[41], street="Solbakken 500")
    office.begin_month("2027-02", [*rest, new])
    real = (office.home / "report.csv").read_bytes()
    rehearsed = office.run("send", *office.on_this(), "--sandbox")
    assert rehearsed.exit_code == SOME_NOT, rehearsed.output
    assert (office.home / "report.csv").read_bytes() == real, "no rehearsal overwrites it"
    # The row that was struck is known by all its cells, and says another rent now.
    checked = office.run("check", *office.on_this(), "--no-letters")
    assert checked.exit_code == SOME_NOT
    assert "have the same identifier" in checked.output
    office.struck = rest[-1]
    row = office.tenants.row_at(-2)
    struck = office.run("correct", *office.on_this(), "--row", str(row), f"Merknad={NOT_TO_SEND}")
    assert struck.exit_code == DONE, struck.output
    with office.sending_process("--rate", "40") as process:
        until(lambda: len(office.got()) >= 20, "twenty letters")
        process.kill()
    assert gone.number not in office.got()

    resumed = office.send()
    assert resumed.exit_code == SOME_NOT, resumed.output
    in_doubt = {line["identifier"] for line in office.receipt() if line["status"] == "unknown"}
    numbers = {int(name.rpartition("-")[2]) for name in in_doubt}
    office.stands(open_=numbers - office.got())
    # The provider is asked, and says which of them it has.
    known = in_doubt & set(office.api.identifiers())
    for names, told in ((known, "--accepted"), (in_doubt - known, "--failed")):
        if names:
            settled = office.run("settle", *sorted(names), told)
            assert settled.exit_code in {DONE, SOME_NOT}, settled.output
    last = office.run("send", "--period", office.period, "--base-url", office.api.base_url, "--yes")
    assert last.exit_code == DONE, last.output
    office.stands()
    assert set(office.statuses()) == ACCEPTED
    assert set(office.statuses("2027-01")) == ACCEPTED, "the older receipt has its own place"
    assert gone.number in {
        int(line["identifier"].rpartition("-")[2])
        for line in office.receipt("2027-01")
        if line["status"] == "accepted"
    }


def march(office: Office) -> None:
    """Some have paid. The folder is copied, and sent from there; then from the old one again."""
    office.begin_month("2027-03", office.tenants.tenants)
    office.paid = {each.number for each in office.tenants.tenants[60:63]}
    lines = ["Kunde nr;Beløp", *(f"{number};100" for number in sorted(office.paid))]
    paid = office.folder / "betalt siden.csv"
    paid.write_text("\n".join(lines) + "\n", encoding="utf-8")
    rule = (
        '[[list.exclude]]\npath = "../betalt siden.csv"\nmatch = { kundenr = "Kunde nr" }\n'
        'reason = "har betalt"\n'
    )
    office.edit("[template]", f"{rule}\n[template]")
    copied = replace(office, mailing_folder="husleie - kopi")
    shutil.copytree(office.home, copied.home)
    sent = copied.send()
    assert sent.exit_code == DONE, sent.output
    copied.stands()
    again = office.send()
    assert again.exit_code == SOME_NOT, again.output
    copied.stands()
    assert office.statuses()["repeat"] == len(office.due()), "each went from the copy"
    # Somebody pays no more, and comes back on the list: one letter goes, from the copy.
    back = office.paid.pop()
    paid.write_text("\n".join(["Kunde nr;Beløp", *map(str, office.paid)]), encoding="utf-8")
    late = copied.send()
    assert late.exit_code == DONE, late.output
    assert back in office.got()
    copied.stands()


def april(office: Office) -> None:
    """Personal data of what is done with goes; the next month goes all the same, once."""
    planned = office.run("purge", "--older-than", "0", "--reports", "--dry-run")
    assert planned.exit_code == DONE, planned.output
    assert office.receipt("2027-01")
    purged = office.run("purge", "--older-than", "0", "--reports")
    assert purged.exit_code == DONE, purged.output
    names = {each.name for each in office.tenants.tenants}
    left = [path for path in office.home.rglob("*") if path.is_file() and has_any(path, names)]
    assert left == [office.home / "corrections.jsonl"], "and that it stays is said"
    assert f"{left[0]}: Corrections belong to the mailing" in purged.output.replace("\n", " ")
    corrections = office.run("correct", "--show", *office.on_this())
    assert "0581" in corrections.output
    before = office.api.identifiers()
    for period in ("2027-01", "2027-02", "2027-03"):
        again = office.run("send", "--period", period, "--base-url", office.api.base_url, "--yes")
        assert again.exit_code in {DONE, SOME_NOT}, again.output
    assert office.api.identifiers() == before, "nothing goes again in any period"
    office.paid.clear()
    text = office.mailing.read_text(encoding="utf-8")
    start, end = text.index("[[list.exclude]]"), text.index("[template]")
    office.mailing.write_text(text[:start] + text[end:], encoding="utf-8")
    office.begin_month("2027-04", office.tenants.tenants)
    sent = office.send()
    assert sent.exit_code == DONE, sent.output
    office.stands()


def has_any(path: Path, names: set[str]) -> bool:
    """Whether any of these names stands in a file."""
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path, read_only=True)
        cells = {
            cell.value for sheet in book.worksheets for line in sheet.iter_rows() for cell in line
        }
        return bool(cells & names)
    text = path.read_bytes().decode("utf-8", "replace")
    return any(name in text for name in names)
