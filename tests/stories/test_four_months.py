"""A housing association sends its rent notices for four months, from a list that is kept by hand.

After each month: nobody got a letter twice, nobody was missed, corrections held, and the one
receipt adds up to every row that a person sees in the sheet.
"""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result
from mailings import Api
from programs import BATCHSEND
from tenants import NOT_TO_SEND, TenantList
from waiting import until

from batchsend.commands import main


@dataclass
class Office:
    """Who keeps the list: the mailing's folder, the tenants as they are now, and what went."""

    folder: Path
    api: Api
    tenants: TenantList
    paid: set[int] = field(default_factory=set)

    @property
    def mailing(self) -> Path:
        return self.folder / "husleie" / "mailing.toml"

    def run(self, command: str, *options: str) -> Result:
        return CliRunner().invoke(main, [command, str(self.mailing), *options])

    def send(self, period: str, *options: str) -> Result:
        return self.run("send", *self.of(period), *options)

    def of(self, period: str) -> tuple[str, ...]:
        listed = str(self.tenants.write(self.folder / f"Beboerliste {period}.xlsx", period))
        return (
            *("--period", period, "--list", listed),
            *("--base-url", self.api.base_url, "--yes"),
        )

    def due(self) -> set[int]:
        """Whom the association means to write to."""
        return self.tenants.numbers() - self.paid

    def got(self, period: str) -> set[int]:
        """Who got this period's letter; nobody got any twice."""
        names = Counter(self.api.identifiers())
        assert set(names.values()) <= {1}, [name for name, times in names.items() if times > 1]
        return {int(name.rpartition("-")[2]) for name in names if f"-{period}-" in name}

    def adds_up(self, period: str) -> dict[int, str]:
        """The receipt has each row of the sheet once; its statuses by row."""
        receipts = sorted((self.folder / "husleie").glob("*report.csv"))
        assert [path.name for path in receipts] == ["report.csv"], "there is one receipt"
        text = receipts[0].read_text(encoding="utf-8-sig")
        lines = list(csv.DictReader(text.splitlines(), delimiter=";"))
        newest = lines[0]["run"]
        rows = {int(line["row"]): line["status"] for line in lines if line["run"] == newest}
        known = {row for row, _ in self.tenants.rows()}
        assert known <= rows.keys(), "every tenant's row is there, hidden ones, too"
        assert len(rows) == len(known) + 2, "and the sum and the note below the list"
        assert {rows[row] for row in rows.keys() - known} == {"left out"}
        sent = {each.number for row, each in self.tenants.rows() if rows[row] == "accepted"}
        assert sent == self.got(period) & {each.number for each in self.tenants.tenants}
        return rows


@pytest.fixture
def office(tmp_path: Path, api: Api, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setenv("BATCHSEND_SUBSCRIPTION_ID", "subscription")
    monkeypatch.setenv("BATCHSEND_STORAGE_ID", "storage")
    tenants = TenantList.made()
    first = tenants.write(tmp_path / "Beboerliste.xlsx", "januar 2027")
    arguments = ["init", str(first), str(tmp_path / "husleie"), "--period", "2027-01"]
    made = CliRunner().invoke(main, arguments)
    assert made.exit_code == 0, made.output
    mailing = tmp_path / "husleie" / "mailing.toml"
    text = mailing.read_text(encoding="utf-8").replace('Name = ""', 'Name = "Solbakken borettslag"')
    text = text.replace("rate = 10 ", "rate = 500 ")
    mailing.write_text(text, encoding="utf-8")
    letter = tmp_path / "husleie" / "letter" / "letter.html"
    written = letter.read_text(encoding="utf-8")
    start, end = written.index("<main>"), written.index("</main>")
    text = "<main><h1>Husleie</h1><p>Husleien er {{ husleie | money }}.</p>"
    letter.write_text(written[:start] + text + written[end:], encoding="utf-8")
    return Office(tmp_path, api, tenants)


@pytest.mark.slow
def test_four_months(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    _january(office)
    _february(office)
    _march(office, monkeypatch)
    _april(office)


def _january(office: Office) -> None:
    """Eight postcodes lost their zero, of which one is to be corrected in the workbook."""
    wrong = office.tenants.tenants[5]
    office.tenants.tenants[5] = replace(wrong, lost_zero=False, postcode="58", town="Olso")
    checked = office.run("check", "--no-letters", *office.of("2027-01")[:4])
    assert checked.exit_code == 1, checked.output
    assert office.run("correct", *office.of("2027-01")[:4], "--certain", "--yes").exit_code == 0
    sent = office.send("2027-01")
    assert sent.exit_code == 1, sent.output
    held = office.due() - office.got("2027-01")
    assert held == {wrong.number}
    rows = office.adds_up("2027-01")
    assert Counter(rows.values())["left out"] == 3 + 2 + 2, "hidden, not to be sent, below the list"

    workbook = office.folder / "husleie" / "needs-attention.xlsx"
    book = openpyxl.load_workbook(workbook)
    sheet = book.worksheets[0]
    headings = {cell.value: cell.column for cell in sheet[1]}
    sheet.cell(2, headings["Postnr"]).value = "0581"
    sheet.cell(2, headings["Poststed"]).value = "Oslo"
    book.save(workbook)
    forgotten = office.send("2027-01")
    assert forgotten.exit_code == 2, "what was corrected and not taken is not forgotten"
    taken = office.run("correct", *office.of("2027-01")[:4])
    assert taken.exit_code == 0, taken.output
    sent = office.send("2027-01")
    assert sent.exit_code == 0, sent.output
    assert office.got("2027-01") == office.due()
    assert set(office.adds_up("2027-01").values()) == {"accepted", "left out"}
    assert not workbook.exists(), "nothing is open"


def _february(office: Office) -> None:
    """Somebody comes, somebody goes, somebody moves; the machine loses power half-way."""
    gone, *rest = office.tenants.tenants
    new = replace(rest[9], number=1901, name="Lie, Nora", street="Solbakken 1")
    moved = replace(rest[40], remark=NOT_TO_SEND)
    office.tenants = TenantList([*rest[:40], moved, *rest[41:], new])
    command = (*BATCHSEND, "send", str(office.mailing), *office.of("2027-02"), "--rate", "40")
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ}
    ) as process:
        until(lambda: len(office.got("2027-02")) >= 20, "twenty letters")
        process.kill()
    sent = office.run("send", "--period", "2027-02", "--base-url", office.api.base_url, "--yes")
    told = office.run("settle", "--all", "--accepted") if sent.exit_code == 1 else None
    assert told is None or told.exit_code == 0, told.output
    office.run("send", "--period", "2027-02", "--base-url", office.api.base_url, "--yes")
    missed = office.due() - office.got("2027-02")
    assert len(missed) <= 8, "those in doubt, of which the office said that they went"
    assert office.got("2027-02") <= office.due(), "corrections held: nobody else's number"
    assert gone.number not in office.got("2027-02")
    assert (office.folder / "husleie" / "reports" / "2027-01" / "report.csv").exists()


def _march(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder is copied, and sent from there; then from the old one again. Some have paid."""
    paid = office.folder / "betalt.csv"
    office.paid = {each.number for each in office.tenants.tenants[60:63]}
    paid.write_text("Kundenr\n" + "\n".join(map(str, sorted(office.paid))), encoding="utf-8")
    text = office.mailing.read_text(encoding="utf-8")
    rule = '[[list.exclude]]\npath = "../betalt.csv"\nmatch = "Kundenr"\nreason = "har betalt"\n'
    before, _, after = text.partition("[template]")
    office.mailing.write_text(f"{before}{rule}\n[template]{after}", encoding="utf-8")
    old = office.folder / "husleie"
    shutil.copytree(old, office.folder / "husleie kopi")
    copy = replace(office, folder=office.folder)
    options = office.of("2027-03")
    there = CliRunner().invoke(
        main, ["send", str(office.folder / "husleie kopi" / "mailing.toml"), *options]
    )
    assert there.exit_code == 0, there.output
    assert copy.got("2027-03") == office.due()
    again = office.run("send", *options)
    assert again.exit_code == 1, again.output
    assert office.got("2027-03") == office.due(), "what went from the copy is a repeat here"
    assert not office.due() & office.paid


def _april(office: Office) -> None:
    """Personal data of what is done with goes; the next month goes all the same, once."""
    purged = office.run("purge", "--older-than", "0", "--reports")
    assert purged.exit_code == 0, purged.output
    office.paid = set()
    text = office.mailing.read_text(encoding="utf-8")
    start, end = text.index("[[list.exclude]]"), text.index("[template]")
    office.mailing.write_text(text[:start] + text[end:], encoding="utf-8")
    sent = office.send("2027-04")
    assert sent.exit_code == 0, sent.output
    assert office.got("2027-04") == office.due()
    assert set(office.adds_up("2027-04").values()) == {"accepted", "left out"}
    for period in ("2027-01", "2027-04"):
        once_more = office.run("send", *office.of(period))
        assert once_more.exit_code in {0, 1}, once_more.output
    assert office.got("2027-04") == office.due()
