"""Steps of a history that change what is sent without a change to the list: periods, corrections,
exclude lists, one forgotten person, copies."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reliability.histories import Folder, Office


def _any_row(office: Office, folder: Folder) -> str:
    return str(office.random.randint(2, len(folder.tenants) + 1))


def send_a_period(office: Office, folder: Folder) -> None:
    """Name the period and its list on the command line; mailing.toml knows neither."""
    listed = f"list-{folder.month}.csv"
    shutil.copy(folder.mailing.folder / "list.csv", folder.mailing.folder / listed)
    path = str(folder.mailing.folder / listed)
    office.send(folder, "--period", folder.month, "--list", path)


def correct_a_name(office: Office, folder: Folder) -> None:
    """The recipient has another name from then on, at the same address."""
    row, name = _any_row(office, folder), office.random.choice(["Kari Anne", "Karin"])
    office.named_otherwise.add(folder.tenants[int(row) - 2])
    office.run(folder, "correct", "--row", row, f"Fornavn={name}")


def correct_an_identifier(office: Office, folder: Folder) -> None:
    """The column that the identifier is made of: the row has an identifier that never was."""
    row = office.random.randint(2, len(folder.tenants) + 1)
    number = 900_000 + folder.tenants[row - 2]
    office.run(folder, "correct", "--row", str(row), f"Kundenr={number}")


def undo(office: Office, folder: Folder) -> None:
    """Take back what was corrected last."""
    office.run(folder, "correct", "--undo")


def put_by_corrections(office: Office, folder: Folder) -> None:
    """A backup of the corrections as they are."""
    journal = folder.mailing.folder / "corrections.jsonl"
    if journal.exists():
        shutil.copy(journal, office.place / f"{folder.mailing.folder.name}.jsonl")


def restore_corrections(office: Office, folder: Folder) -> None:
    """The backup in place of what is there; without one, none are left."""
    journal = folder.mailing.folder / "corrections.jsonl"
    backup = office.place / f"{folder.mailing.folder.name}.jsonl"
    journal.unlink(missing_ok=True)
    if backup.exists():
        shutil.copy(backup, journal)


def exclude(office: Office, folder: Folder) -> None:
    """Somebody has paid: left out by a list, or by none any more."""
    excluded = folder.mailing.folder / "paid.csv"
    if excluded.exists():
        excluded.unlink()
    else:
        number = office.random.choice(folder.tenants)
        excluded.write_text(f"Kundenr;Betalt\r\n{number};ja\r\n", encoding="utf-8-sig")
    office.write(folder)


def forget(office: Office, folder: Folder) -> None:
    """Remove the personal data of one person."""
    if office.post.taken:
        identifier, letter = office.random.choice(office.post.taken)
        if office.run(folder, "purge", "--identifier", identifier) != 2:
            office.forgets([letter], alone=True)


def keep_copies(office: Office, folder: Folder) -> None:
    """From now on each accepted letter's PDF is kept."""
    folder.copies = True
    office.write(folder)


POWERS: list[Callable[[Office, Folder], None]] = [
    send_a_period,
    correct_a_name,
    correct_an_identifier,
    undo,
    put_by_corrections,
    restore_corrections,
    exclude,
    forget,
    keep_copies,
]
