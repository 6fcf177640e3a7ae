"""The office of a housing association: its list, its mailing, and what went of it.

It keeps its own record of what it means to send, and holds batchsend to that after each step.
"""

from __future__ import annotations

import csv
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl
from click.testing import CliRunner, Result
from mailings import Api
from programs import BATCHSEND
from tenants import Tenant, TenantList

from batchsend.commands import main

BELOW_THE_LIST = 2
"""Rows with something in them below the last tenant: the sum and a note."""

PRINTED = re.compile(r"batchsend [a-z]+ \S*mailing\.toml.*")
"""A command that somebody is to type."""


@dataclass
class Office:
    """Who keeps the list: the folder, the tenants as they are this month, and whom they mean."""

    folder: Path
    api: Api
    tenants: TenantList
    period: str = "2027-01"
    mailing_folder: str = "husleie"
    paid: set[int] = field(default_factory=set)
    """Who is on the list, and has paid since."""
    struck: Tenant | None = None
    """The row of a tenant who is on the list twice that a correction has taken off."""
    right: dict[int, tuple[str, str]] = field(default_factory=dict)
    """Postcode and town of those whose row has others."""

    @property
    def home(self) -> Path:
        """The mailing's folder."""
        return self.folder / self.mailing_folder

    @property
    def mailing(self) -> Path:
        return self.home / "mailing.toml"

    @property
    def list_path(self) -> Path:
        return self.folder / f"Beboerliste {self.period}.xlsx"

    @property
    def workbook(self) -> Path:
        return self.home / "needs-attention.xlsx"

    def begin_month(self, period: str, tenants: list[Tenant]) -> None:
        """Keep a new list for a new month."""
        self.period, self.tenants = period, TenantList(tenants)
        self.tenants.write(self.list_path, period)

    def on_this(self) -> tuple[str, ...]:
        """The options that choose this month and its list."""
        return ("--period", self.period, "--list", str(self.list_path))

    def run(self, command: str, *options: str) -> Result:
        result = CliRunner().invoke(main, [command, str(self.mailing), *options])
        if self.period in options and self.period not in self.mailing.read_text(encoding="utf-8"):
            for printed in PRINTED.findall(result.output):
                assert f"--period {self.period}" in printed, printed
        return result

    def send(self, *options: str) -> Result:
        return self.run("send", *self._sending(), *options)

    @contextmanager
    def sending_process(self, *options: str) -> Iterator[subprocess.Popen[bytes]]:
        """`send` as a program of its own, to be killed."""
        command = (*BATCHSEND, "send", str(self.mailing), *self._sending(), *options)
        out = subprocess.DEVNULL
        with subprocess.Popen(command, stdout=out, stderr=out) as process:
            try:
                yield process
            finally:
                process.kill()

    def _sending(self) -> tuple[str, ...]:
        return (*self.on_this(), "--base-url", self.api.base_url, "--yes")

    def edit(self, old: str, new: str) -> None:
        """Change mailing.toml."""
        text = self.mailing.read_text(encoding="utf-8")
        assert text.count(old) == 1, old
        self.mailing.write_text(text.replace(old, new), encoding="utf-8")

    def correct_in_workbook(self, changes: dict[int, dict[str, str]]) -> None:
        """Write into needs-attention.xlsx, by customer number and heading, as one does in Excel."""
        book = openpyxl.load_workbook(self.workbook)
        sheet = book.worksheets[0]
        columns = {str(cell.value): cell.column for cell in sheet[1]}
        for number, cells in changes.items():
            [at] = [
                line
                for line in range(2, sheet.max_row + 1)
                if str(sheet.cell(line, columns["Kundenr"]).value) == str(number)
            ]
            for heading, text in cells.items():
                sheet.cell(at, columns[heading]).value = text
        book.save(self.workbook)

    # What must be so.

    def _means(self, tenant: Tenant) -> bool:
        """Whether a row is to get a letter."""
        struck = self.struck is not None and tenant == self.struck
        return tenant.gets_a_letter and tenant.number not in self.paid and not struck

    def due(self) -> set[int]:
        """Whom the association means to write to this month."""
        return self.tenants.numbers() - self.paid

    def got(self, period: str = "") -> set[int]:
        """Who got the letter of this month, or of a period."""
        wanted = f"-{period or self.period}-"
        return {int(name.rpartition("-")[2]) for name in self.api.identifiers() if wanted in name}

    def stands(
        self, *, open_: frozenset[int] | set[int] = frozenset(), gone: set[int] | None = None
    ) -> None:
        """Nobody twice, nobody missed but those that are `open_`, nobody besides but those that
        are `gone` from the list since, each letter as corrected, and a receipt that adds up."""
        names = Counter(self.api.identifiers())
        assert [name for name, times in names.items() if times > 1] == []
        due = self.due()
        assert due - self.got() == open_
        assert self.got() - due == (gone or set())
        self._letters_are_right()
        self._receipt_adds_up(gone or set())

    def _letters_are_right(self) -> None:
        """Each letter of this month has its own tenant's name and the right postcode."""
        known = {each.number: each for each in self.tenants.tenants}
        for letter in self.api.taken():
            number = int(letter["identifier"].rpartition("-")[2])
            if f"-{self.period}-" not in letter["identifier"] or number not in known:
                continue
            tenant = known[number]
            surname, _, first_name = tenant.name.partition(", ")
            place = self.right.get(number, (tenant.postcode, tenant.town))
            invoicee = letter["fields"]["Invoicee"]
            assert invoicee["Name"] == f"{first_name} {surname}"
            assert [number, invoicee["PostCode"], invoicee["City"]] == [number, *place], (
                number,
                invoicee,
            )

    def _receipt_adds_up(self, gone: set[int]) -> None:
        """The one receipt of this month has each row that a person sees in the sheet once, and
        beside those only the letters that went to somebody who is off the list since."""
        lines = self.receipt()
        newest = int(lines[0]["run"])
        listed = [line for line in lines if int(line["run"]) == newest]
        others = [line for line in lines if int(line["run"]) != newest]
        tenants = dict(self.tenants.rows())
        rows = Counter(int(line["row"]) for line in listed)
        assert set(rows.values()) == {1}
        assert tenants.keys() <= rows.keys(), "each tenant's row is there, hidden ones, too"
        below = rows.keys() - tenants.keys()
        assert len(below) == BELOW_THE_LIST
        statuses = {int(line["row"]): line["status"] for line in listed}
        assert {statuses[row] for row in below} == {"left out"}
        sent = {tenants[row].number for row in tenants if statuses[row] == "accepted"}
        # A sender that was killed may not have seen the answer that its letter was taken.
        in_doubt = {tenants[row].number for row in tenants if statuses[row] == "unknown"}
        assert sent == self.got() - gone - in_doubt
        assert {int(line["identifier"].rpartition("-")[2]) for line in others} == gone
        left_out = {row for row in tenants if statuses[row] == "left out"}
        assert left_out == {row for row, each in tenants.items() if not self._means(each)}
        self._the_same_in_the_workbook(len(lines))

    def receipt(self, period: str = "") -> list[dict[str, str]]:
        """The lines of the receipt of this month, or of an earlier one: there is one of each."""
        place = self.home / "reports" / period if period else self.home
        assert {path.name for path in place.glob("report*")} - {"reports"} == {
            "report.csv",
            "report.html",
            "report.xlsx",
        }
        text = (place / "report.csv").read_text(encoding="utf-8-sig")
        return list(csv.DictReader(text.splitlines(), delimiter=";"))

    def _the_same_in_the_workbook(self, lines: int) -> None:
        book = openpyxl.load_workbook(self.home / "report.xlsx", read_only=True)
        try:
            counts = {sheet.title: sheet.max_row for sheet in book.worksheets}
        finally:
            book.close()
        assert lines + 1 in counts.values(), counts

    def statuses(self, period: str = "") -> Counter[str]:
        """Lines of a receipt by status."""
        return Counter(line["status"] for line in self.receipt(period))
