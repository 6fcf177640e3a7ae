"""Histories of people: what somebody may do to a mailing, month after month, and two witnesses.

`Office` is the person with the folders; `Post` is the other witness. A history is played again by
its seed.
"""

from __future__ import annotations

import shutil
import signal
import sqlite3
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from mailings import TEMPLATE, MailingFolder
from reliability.harness import sender
from reliability.post_office import Letter, Post
from reliability.powers import POWERS
from reports.lists import read
from waiting import PATIENCE

AT_ONCE = 2
"""Letters between a sender and the API."""
HEADINGS = "Kundenr;Fornavn;Etternavn;Adresse;Postnr;Poststed;Beløp;Måned"
MAILING = """\
name = "{name}"
[list]
path = "list.csv"
[template]
path = "letter.html"
[payload.Letter]
Channel = "PRINT"
Identifier = "rent-{{{{ måned }}}}-{{{{ kundenr }}}}"
LanguageID = "NO"
[payload.Letter.Invoicee]
Name = "{{{{ fornavn }}}} {{{{ etternavn }}}}"
Address1 = "{{{{ adresse }}}}"
PostCode = "{{{{ postnr }}}}"
City = "{{{{ poststed }}}}"
Reference = "{{{{ måned }}}}"
[payload.Letter.Invoicer]
Name = "Utleier AS"
[reports]
files = ["csv"]
[send]
rate = 2000
concurrency = {at_once}
timeout = 5
max_wait = 5
"""
EXCLUDING = """\
[[list.exclude]]
path = "paid.csv"
match = "kundenr"
must_match = false
"""
COPIES = "[copies]\ndays = 30\n"
FAMILIES = ["Bjørk", "Åsheim", "Grønli", "Hætta", "Lønning", "Sørlie"]


@dataclass
class Folder:
    """A mailing's folder, and what the person has put by of it."""

    mailing: MailingFolder
    name: str
    month: str
    tenants: list[int]
    zeros: int = 6
    """Digits of a customer number in the list; 0 where a spreadsheet took the zeros."""
    decomposed: bool = False
    copies: bool = False
    backup: Path | None = None
    knows: set[Letter] = field(default_factory=set)
    """Letters that this ledger, or a copy of it, has entered."""
    left: set[Letter] = field(default_factory=set)
    """What a killed sender sent from here, as long as nobody opened the ledger since."""


class Office:
    """Somebody who sends the rent notices every month, and what happens to their folders."""

    def __init__(
        self, place: Path, post: Post, random: Random, database: str | None = None
    ) -> None:
        self.place, self.post, self.random, self.database = place, post, random, database
        self.went: dict[Letter, set[tuple[str, str]]] = {}
        """Under which identifiers, and from mailings of which names, each letter was taken."""
        self.times: Counter[Letter] = Counter()
        self.forgotten_alone: set[Letter] = set()
        """Those whose recipient was forgotten by name while known, and by no purge of all since."""
        self.at_most: dict[Letter, int] = {}
        """How often a letter may have been taken, if not once: once more than when its recipient
        was forgotten, as docs/promise.md says, for then nobody knows it under another spelling, or
        in a mailing of another name."""
        self.named_otherwise: set[int] = set()
        """Tenants whose name was corrected, which a list written another way may not be: as
        docs/reliability.md says, who is called otherwise under an identifier that is written
        otherwise, in a mailing of another name, is somebody else."""
        self.killed = 0
        """How many senders."""
        self.lost: set[Letter] = set()
        """What killed senders sent with a ledger that was lost before anybody opened it again: as
        docs/promise.md says nobody knows of it, and a plan says that."""
        self.told: list[str] = []
        self.folders = [self._new("rent", "2026-11", [1, 2, 3, 4])]

    def _new(self, name: str, month: str, tenants: list[int]) -> Folder:
        path = self.place / f"folder-{len(getattr(self, 'folders', []))}"
        path.mkdir(parents=True)
        folder = Folder(MailingFolder(path), name, month, tenants)
        (path / "letter.html").write_text(TEMPLATE, encoding="utf-8")
        if self.database:
            folder.mailing.keep_ledger_at(self.database)
        self.write(folder)
        return folder

    def write(self, folder: Folder) -> None:
        lines = [HEADINGS]
        for number in folder.tenants:
            # Two flats of one owner: the same name, and each its own letter.
            family = FAMILIES[(number - 1) // 2 % len(FAMILIES)]
            if folder.decomposed:
                family = unicodedata.normalize("NFD", family)
            key = f"{number:0{folder.zeros}d}"
            lines.append(f"{key};Kari;{family};Storgata {number};0150;Oslo;1 234,50;{folder.month}")
        text = "\r\n".join([*lines, ""])
        (folder.mailing.folder / "list.csv").write_text(text, encoding="utf-8-sig")
        text = MAILING.format(name=folder.name, at_once=AT_ONCE)
        if (folder.mailing.folder / "paid.csv").exists():
            text += EXCLUDING
        if folder.copies:
            text += COPIES
        folder.mailing.path.write_text(text, encoding="utf-8")

    # What a person does.

    def send(self, folder: Folder, *options: str, host: str = "127.0.0.1") -> None:
        """Send with --yes, and hear both witnesses."""
        address = f"http://{host}:{self.post.port}"
        self.run(folder, "send", "--base-url", address, "--yes", *options)

    def send_elsewhere(self, folder: Folder) -> None:
        """The same API under another of its names."""
        self.send(folder, host=self.random.choice(["localhost", "LOCALHOST", "127.0.0.1"]))

    def send_some(self, folder: Folder) -> None:
        """One row only."""
        self.send(folder, "--rows", str(self.random.randint(2, len(folder.tenants) + 1)))

    def meet_faults(self, folder: Folder) -> None:
        """Send while the API loses answers, refuses, or gives answers that nobody documents."""
        hows = ["ok", "lost", "404", "409", "503", "500"]
        self.post.answers[:] = self.random.choices(hows, k=self.random.randint(1, 5))
        self.send(folder)
        self.post.answers.clear()

    def die(self, folder: Folder) -> None:
        """Send, and have the process killed as one of its first requests arrives."""
        after = self.random.randint(1, 3)
        address = f"http://127.0.0.1:{self.post.port}"
        before, taken = len(self.post.tried), len(self.post.taken)
        with sender(folder.mailing, address) as process:
            self.post.kill = lambda: (
                process.kill() if len(self.post.tried) - before >= after else None
            )
            process.communicate(timeout=PATIENCE)
        self.post.kill = None
        self.told.append(f"{folder.mailing.folder.name}: killed at {after}: {process.returncode}")
        assert process.returncode in {0, 1, 2, 3, -signal.SIGKILL}, self.told
        if process.returncode == -signal.SIGKILL:
            self.killed += 1
            folder.left |= {letter for _, letter in self.post.taken[taken:]}
        self.nobody_twice(folder)

    def send_at_once(self, folder: Folder) -> None:
        """Two processes begin at the same moment: on two copies, or on one folder."""
        other = self.random.choice(self.folders)
        address = f"http://127.0.0.1:{self.post.port}"
        before, codes = len(self.post.met), []
        with sender(folder.mailing, address) as one, sender(other.mailing, address) as two:
            for process in (one, two):
                said, _ = process.communicate(timeout=PATIENCE)
                self.told.append(f"{folder.mailing.folder.name}: {process.returncode}: {said}")
                codes.append(process.returncode)
        assert set(codes) <= {0, 1, 2, 3}, self.told
        if set(codes) == {2}:
            assert len(self.post.met) == before, self.told
        self.nobody_twice(folder, other)

    def run(self, folder: Folder, command: str, *options: str) -> int:
        """Run a command on a folder; its exit status, which says what it says in the manual."""
        for report in folder.mailing.folder.rglob("report.csv"):
            report.unlink()
        before, tried = len(self.post.met), set(self.post.tried)
        result = folder.mailing.run(command, *options)
        if result.exit_code != 2:
            folder.left = set()
        self.told.append(f"{folder.mailing.folder.name}: {command} {options}: {result.exit_code}")
        assert not isinstance(result.exception, Exception), (self.told, result.output)
        self.nobody_twice(folder, output=result.output)
        met = self.post.met[before:]
        if command == "send":
            self._ended_as_it_says(result.exit_code, met, result.output)
            reports = list(
                folder.mailing.folder.rglob("report.csv")
            )  # of an older period elsewhere
            assert reports or result.exit_code >= 2, (self.told, result.output)
            for report in reports:
                lines = self._adds_up(folder, read(report), tried, result.output)
                self._as_reported(result.exit_code, lines, options, result.output)
        else:
            assert result.exit_code in {0, 1, 2}, (self.told, result.output)
            assert not met, (self.told, result.output)
        return result.exit_code

    def _ended_as_it_says(self, code: int, met: list[str], output: str) -> None:
        """2 only where nothing was sent, 3 only where something was."""
        assert code in {0, 1, 2, 3}, (self.told, output)
        sent = [how for how in met if how != "503"]
        if code == 2:
            assert not sent, (self.told, output)
        if code == 3:
            assert sent, (self.told, output)

    def _as_reported(
        self, code: int, lines: list[dict[str, str]], options: tuple[str, ...], output: str
    ) -> None:
        """0 only where every letter that was asked for is accepted, 1 only where one is not."""
        asked = options[options.index("--rows") + 1] if "--rows" in options else None
        statuses = {line["status"] for line in lines if asked in {None, line["row"]}}
        if code in {0, 1}:
            well = statuses <= {"accepted", "left out"}
            assert well == (code == 0), (code, statuses, self.told, output)

    def nobody_twice(self, *senders: Folder, output: str = "") -> None:
        """No letter was taken again, but of somebody forgotten and in a way that is a new one."""
        for identifier, letter in self.post.taken[self.times.total() :]:
            went = self.went.setdefault(letter, set())
            ways = {(identifier, folder.name) for folder in senders}
            if self.times[letter]:
                lawful = self.times[letter] < self.at_most.get(letter, 1) and not ways <= went
                lawful |= letter in self.lost and "What it sent is not known" in output
                lawful |= letter[0] in self.named_otherwise and all(
                    identifier != before and all(folder.name != name for folder in senders)
                    for before, name in went
                )
                if letter in self.forgotten_alone and not self.database:
                    # The ledger that forgot one person knows the letter under any spelling.
                    lawful &= not all(letter in folder.knows for folder in senders)
                assert lawful, (letter, identifier, went, self.told, output)
            self.times[letter] += 1
            went |= ways
            for folder in senders:
                folder.knows.add(letter)

    def forgets(self, letters: Iterable[Letter], *, alone: bool = False) -> None:
        """From now on nobody knows any more who these letters went to; `alone`: all the rest of
        what was checked then is known."""
        for letter in letters:
            if self.times[letter]:
                was_known = self.at_most.get(letter, 1) <= self.times[letter]
                self.at_most[letter] = self.times[letter] + 1
                if not alone:
                    self.forgotten_alone.discard(letter)
                elif was_known:
                    self.forgotten_alone.add(letter)

    def _adds_up(
        self, folder: Folder, every: list[dict[str, str]], tried: set[Letter], output: str
    ) -> list[dict[str, str]]:
        """Those of a report's lines that are of the list that was sent."""
        # Beneath the list's own rows stand letters of earlier lists that it no longer has.
        lines = [line for line in every if line["run"] == every[0]["run"]]
        assert len(lines) == len(folder.tenants), (self.told, output)
        taken = {letter for _, letter in self.post.taken}
        untried = set()
        for line in lines:
            letter = (int(line["Adresse"].split()[-1]), line["Måned"])
            status = line["status"]
            if status == "accepted":
                assert letter in taken, (letter, self.told, output)
            if status in {"repeat", "conflict"} and letter not in tried:
                untried.add(letter)
        # What never was near the API is no repeat: a lawful letter is not held back. But of those
        # that a killed sender had noted as leaving nobody knows.
        assert len(untried) <= AT_ONCE * self.killed, (untried, self.told, output)
        return lines

    def settle(self, folder: Folder) -> None:
        """Ask the provider about each letter in doubt, and say what is true."""
        ledger = folder.mailing.folder / "ledger.sqlite"
        if self.database or not ledger.exists() or not ledger.stat().st_size:
            return
        doubtful = self._in_doubt(ledger)
        has = {identifier for identifier, _ in self.post.taken}
        for identifier in doubtful:
            decision = "--accepted" if identifier in has else "--failed"
            code = self.run(folder, "settle", identifier, decision)
            settled = identifier not in self._in_doubt(ledger)
            assert settled == (code != 2), (identifier, code, self.told)

    @staticmethod
    def _in_doubt(ledger: Path) -> list[str]:
        try:
            with closing(sqlite3.connect(ledger)) as connection:
                found = connection.execute("SELECT identifier FROM letters WHERE state = 'unknown'")
                return [identifier for (identifier,) in found]
        except sqlite3.DatabaseError:
            return []

    def purge(self, folder: Folder) -> None:
        """Remove all personal data there is."""
        if self.run(folder, "purge", "--older-than", "0") != 2:
            self.forgets(list(self.times) if self.database else folder.knows)

    def export_again(self, folder: Folder) -> None:
        """The same people, as another program writes them."""
        folder.zeros = self.random.choice([0, 6, 6, 9])
        folder.decomposed = self.random.random() < 0.3
        self.random.shuffle(folder.tenants)
        self.write(folder)

    def somebody_moves_in(self, folder: Folder) -> None:
        """A new tenant at the end of the list."""
        folder.tenants.append(max(folder.tenants) + 1)
        self.write(folder)

    def next_month(self, folder: Folder) -> None:
        """The next month's list in the same folder."""
        year, month = map(int, folder.month.split("-"))
        folder.month = f"{year + month // 12}-{month % 12 + 1:02d}"
        self.write(folder)

    def rename(self, folder: Folder) -> None:
        """Another name for the mailing."""
        folder.name += "-new"
        self.write(folder)

    def copy(self, folder: Folder) -> None:
        """The whole folder under another name, ledger and all, or without."""
        if len(self.folders) > 3:
            return
        path = self.place / f"folder-{len(self.folders)}"
        has_ledger = (folder.mailing.folder / "ledger.sqlite").exists()
        shutil.copytree(folder.mailing.folder, path)
        mailing = MailingFolder.__new__(MailingFolder)
        mailing.folder, mailing.path = path, path / "mailing.toml"
        self.folders.append(
            Folder(
                mailing,
                folder.name,
                folder.month,
                list(folder.tenants),
                folder.zeros,
                folder.decomposed,
                folder.copies,
                # One ledger to the register, however many copies.
                knows=folder.knows if has_ledger else set(),
            )
        )

    def copy_without_ledger(self, folder: Folder) -> None:
        """List, letter and mailing.toml, and nothing of what was sent."""
        before = len(self.folders)
        self.copy(folder)
        if len(self.folders) > before:
            self.folders[-1].knows = set()
            for left in self.folders[-1].mailing.folder.glob("ledger.*"):
                shutil.rmtree(left) if left.is_dir() else left.unlink()

    def put_by(self, folder: Folder) -> None:
        """A backup of the ledger as it is."""
        folder.backup = self.place / f"{folder.mailing.folder.name}.backup"
        shutil.rmtree(folder.backup, ignore_errors=True)
        folder.backup.mkdir()
        for file in folder.mailing.folder.glob("ledger.sqlite*"):
            shutil.copy(file, folder.backup)

    def restore(self, folder: Folder) -> None:
        """The backup of the ledger put back in place of what is there."""
        if folder.backup is None:
            return
        for file in folder.mailing.folder.glob("ledger.sqlite*"):
            file.unlink()
        for file in folder.backup.iterdir():
            shutil.copy(file, folder.mailing.folder)

    def empty_ledger(self, folder: Folder) -> None:
        """A synchronising program leaves a file of no bytes."""
        ledger = folder.mailing.folder / "ledger.sqlite"
        if ledger.exists():
            ledger.write_bytes(b"")
            self.lost |= folder.left

    def lose_wal(self, folder: Folder) -> None:
        """Only the main file of the ledger is kept."""
        self.lost |= folder.left
        for file in folder.mailing.folder.glob("ledger.sqlite-*"):
            file.unlink()

    def delete_ledger(self, folder: Folder) -> None:
        """The file is gone."""
        self.lost |= folder.left
        for file in folder.mailing.folder.glob("ledger.sqlite*"):
            file.unlink()


Steps = list[Callable[[Office, Folder], None]]

COMMON: Steps = [
    Office.send,
    Office.send,
    Office.send,
    Office.meet_faults,
    Office.export_again,
    Office.somebody_moves_in,
    Office.next_month,
]
COMMON += [Office.send_elsewhere, Office.send_some]
RARE: Steps = [
    Office.die,
    Office.copy,
    Office.copy_without_ledger,
    Office.put_by,
    Office.restore,
    Office.empty_ledger,
    Office.lose_wal,
]
RARE += [Office.send_at_once, Office.delete_ledger, Office.rename, Office.settle, Office.purge]


def play(seed: int, place: Path, post: Post, database: str | None = None) -> Office:
    """One history by its seed; AssertionError with all that was done where a witness objects."""
    office = Office(place, post, Random(seed), database)
    random = office.random
    for _ in range(random.randint(4, 10)):
        steps = random.choice([COMMON, COMMON, RARE, POWERS])
        step, folder = random.choice(steps), random.choice(office.folders)
        office.told.append(f"{folder.mailing.folder.name}: {step.__name__}")
        step(office, folder)
    office.send(random.choice(office.folders))
    return office
