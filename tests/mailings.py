"""Mailings to test with, and the record of the API they are sent to."""

from __future__ import annotations

import csv
import json
import urllib.request
from pathlib import Path
from typing import Any

import pypdfium2
from click.testing import CliRunner, Result
from waiting import PATIENCE

from batchsend.commands import main
from batchsend.sandbox import Faults

HEADINGS = "Kundenr.;Fornavn;Etternavn;Adresse;Postnr;Poststed;E-post;Beløp"
TEMPLATE = """\
<!doctype html>
<html lang="no"><head><style>
@page { size: A4; margin: 20mm }
body { font: 11pt "Noto Sans" }
.to { position: absolute; left: 5mm; top: 30mm }
</style></head><body>
<p class="to">{{ letter.Invoicee.Name }}<br>{{ letter.Invoicee.PostCode }} {{ poststed }}</p>
<p style="margin-top: 80mm">Du skylder {{ beløp | money }}.</p>
</body></html>
"""
MAILING = """\
name = "test"
[list]
path = "list.csv"
[template]
path = "letter.html"
[payload.Letter]
Channel = "PRINT"
Identifier = "test-{{ kundenr }}"
LanguageID = "NO"
[payload.Letter.Invoicee]
Name = "{{ fornavn }} {{ etternavn }}"
Address1 = "{{ adresse }}"
PostCode = "{{ postnr }}"
City = "{{ poststed }}"
Email = "{{ e_post }}"
CustomerNo = "{{ kundenr }}"
[payload.Letter.Invoicer]
Name = "Utleier AS"
[reports]
files = ["csv"]
[send]
rate = 500
[checks]
hold = ["Email"]
"""


def row(number: int, **changes: str) -> str:
    """A right line of the list, or one with a mistake in it."""
    cells = {
        "kundenr": str(1000 + number),
        "fornavn": "Åse",
        "etternavn": f"Bjørk{chr(97 + number % 26)}",
        "adresse": f"Storgata {number}",
        "postnr": "0150",
        "poststed": "Oslo",
        "e_post": f"kunde{number}@example.com",
        "beløp": "1 234,50",
    }
    return ";".join({**cells, **changes}.values())


class MailingFolder:
    """A mailing in a folder of its own, and the command line to work on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / "mailing.toml"
        self.write(*(row(number) for number in range(1, 7)))
        (folder / "letter.html").write_text(TEMPLATE, encoding="utf-8")
        self.path.write_text(MAILING, encoding="utf-8")

    def write(self, *lines: str) -> None:
        """Put a list of these lines in place, as Norwegian Excel writes it."""
        text = "\r\n".join((HEADINGS, *lines, ""))
        (self.folder / "list.csv").write_bytes(text.encode("cp1252"))

    def edit(self, old: str, new: str) -> None:
        """Change mailing.toml."""
        text = self.path.read_text(encoding="utf-8")
        assert old in text
        self.path.write_text(text.replace(old, new), encoding="utf-8")

    def write_in_word(self, letter: bytes) -> None:
        """Have this .docx for its letter, and a channel that no page rule is for."""
        self.edit('path = "letter.html"', 'path = "brev.docx"')
        self.edit('Channel = "PRINT"', 'Channel = "EMAIL"')
        (self.folder / "brev.docx").write_bytes(letter)

    def check_without_end(self) -> None:
        """Have every check of it come to the first row, and no further."""
        endless = "{% for _ in range(99999) %}" * 3 + "{{ kundenr }}" + "{% endfor %}" * 3
        self.edit('LanguageID = "NO"', f'LanguageID = "NO"\nNote = "{endless}"')

    def keep_ledger_at(self, address: str) -> None:
        """Have its ledger in a database, from now on and for whoever has this folder."""
        (self.folder / ".env").write_text(f"BATCHSEND_LEDGER_URL={address}\n", encoding="utf-8")

    def run(self, command: str, *options: str) -> Result:
        """Run a batchsend command on this mailing."""
        return CliRunner().invoke(main, [command, str(self.path), *options])

    def report(self) -> list[dict[str, str]]:
        """The lines of the report that was written last, be it of a rehearsal."""
        written = (self.folder / name for name in ("report.csv", "rehearsal-report.csv"))
        newest = max(filter(Path.exists, written), key=lambda path: path.stat().st_mtime_ns)
        text = newest.read_text(encoding="utf-8-sig")
        return list(
            csv.DictReader(text.splitlines(), delimiter=";" if text.startswith("row;") else ",")
        )

    def statuses(self) -> dict[int, str]:
        """The status of each row of the newest list in the report."""
        lines = self.report()
        newest = lines[0]["run"] if lines else ""
        return {int(line["row"]): line["status"] for line in lines if line["run"] == newest}


class Sandbox:
    """A letter API of our own that is told what to do."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url

    def misbehave(self, **faults: Any) -> None:
        """Do so from now on; without faults, do as it should."""
        self._ask("POST", "faults", Faults(**faults).model_dump_json().encode())

    def empty(self) -> None:
        """Forget every letter."""
        self._ask("DELETE", "letters")

    def _ask(self, method: str, what: str, body: bytes | None = None) -> bytes:
        question = urllib.request.Request(
            f"{self.base_url}/sandbox/{what}",
            data=body,
            method=method,
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(question, timeout=PATIENCE) as answer:
            content: bytes = answer.read()
        return content


class Api(Sandbox):
    """The same, and its record of what it took."""

    def taken(self) -> list[dict[str, Any]]:
        """Every letter it took, in the order it took them."""
        letters: list[dict[str, Any]] = json.loads(self._ask("GET", "letters"))
        return letters

    def identifiers(self) -> list[str]:
        """The identifiers it took, repetitions included."""
        return [letter["identifier"] for letter in self.taken()]

    def pdf(self, identifier: str) -> bytes:
        """The document of the letter that it took under this identifier."""
        [number] = [each["id"] for each in self.taken() if each["identifier"] == identifier]
        return self._ask("GET", f"letters/{number}/pdf")

    def text(self, identifier: str) -> str:
        """What that says."""
        with pypdfium2.PdfDocument(self.pdf(identifier)) as document:
            return "\n".join(page.get_textpage().get_text_range() for page in document)
