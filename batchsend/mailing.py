"""Mailing: one mailing.toml, read and checked; and Environment, what must never stand in it.

Composes the settings of the rooms and knows nothing of what they do with them.
"""

from __future__ import annotations

import logging
import os
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Self

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, model_validator

from batchsend.copies import CopiesSettings
from batchsend.errors import SettingsError, in_short
from batchsend.language import _, joined, ngettext
from batchsend.ledger import LedgerSettings, Place, Server
from batchsend.letters import CheckSettings, PayloadSettings
from batchsend.lists import ListSettings
from batchsend.mailing_problems import in_words, not_toml, unfit
from batchsend.rendering import DocumentSettings, PageSettings, TemplateSettings
from batchsend.reports import PriceSettings, ReportSettings
from batchsend.request import Subscription
from batchsend.sending import Credentials, SendSettings, StatusSettings
from batchsend.settings import Period, Section, must_be_period
from batchsend.text import nearest

STDIN = Path("-")
_SEMICOLON = frozenset({"NO", "NN", "SE", "DK", "FI"})
"""Languages of countries whose decimal sign is the comma, so that Excel separates by semicolons."""
_COLON = re.compile(r"^\s*(?:export\s+)?(BATCHSEND_\w+)\s*:", re.MULTILINE)
logging.getLogger("dotenv").setLevel(logging.ERROR)  # it speaks of statements; we of names
_NAMES = (
    "BATCHSEND_BASE_URL",
    "BATCHSEND_SUBSCRIPTION_ID",
    "BATCHSEND_STORAGE_ID",
    "BATCHSEND_LEDGER_URL",
    "BATCHSEND_COPIES_KEY",
)
_LISTS = {".csv", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".tsv", ".txt", ".parquet"}
_LETTERS = {".docx", ".doc", ".docm", ".dotx", ".odt", ".rtf", ".html", ".htm"}
_log = logging.getLogger(__name__)


class MailingFile(Section):
    """The tables of mailing.toml."""

    name: Annotated[str, Field(min_length=1)]
    """The mailing's name: it stands in the ledger and in every report."""
    period: Period | None = None
    """Which sending of the mailing this is, such as `2027-01`: letters of another period are other
    letters. Mapping and template know it as `{{ period }}`, and the identifier has to use it.
    `--period` overrules it."""
    list: ListSettings
    template: TemplateSettings | None = None
    document: DocumentSettings = DocumentSettings()
    page: PageSettings = PageSettings()
    payload: PayloadSettings
    checks: CheckSettings = CheckSettings()
    send: SendSettings = SendSettings()
    ledger: LedgerSettings = LedgerSettings()
    status: StatusSettings | None = None
    """How to ask the API what became of a letter; without it, it is not asked."""
    reports: ReportSettings = ReportSettings()
    copies: CopiesSettings = CopiesSettings()
    prices: PriceSettings | None = None
    """What letters cost; without it, reports say nothing of it."""

    @model_validator(mode="after")
    def _knows_its_cost(self) -> Self:
        if self.send.max_cost is not None and self.prices is None:
            raise ValueError(_("[send] max_cost needs [prices], which says what a letter costs"))
        return self

    @model_validator(mode="after")
    def _says_what_to_send(self) -> Self:
        if self.template is None and self.document.pdf is None:
            raise ValueError(
                _("[template] path is missing, and there is no [document] pdf in its place")
            )
        return self


class Mailing(MailingFile):
    """One send-out: where the list is, which template, how a row becomes a letter, how to send.

    Paths in it are relative to `folder`.
    """

    path: Path
    """The mailing.toml it was read from."""
    other_list: bool = False
    """Whether `list` is another than mailing.toml names."""
    other_period: bool = False
    """Whether `period` is another than mailing.toml says."""

    @property
    def folder(self) -> Path:
        """Where mailing.toml lies."""
        return self.path.parent

    @property
    def ledger_place(self) -> Place:
        """Where the ledger is unless told otherwise: in the database that the environment or
        [ledger] names, else in a file that the mailings of one folder share.

        Raises SettingsError where the environment names no database, or where mailing.toml is a
        link and there is a ledger beside it and another beside what it leads to.
        """
        file = self.ledger_folder / "ledger.sqlite"
        set_outside = Environment.load(self.folder).ledger_url
        url = set_outside.get_secret_value() if set_outside else self.ledger.url
        return Server.at(url, file.with_suffix(".snapshots")) if url else file

    @property
    def ledger_folder(self) -> Path:
        """Where a ledger in a file lies: beside mailing.toml itself, whatever links lead to it; but
        beside the link where only there is one, as version 0.1 left it."""
        own, linked = self.path.resolve().parent, self.folder
        if not (_has_ledger(linked) and linked.resolve() != own):
            return linked if linked.resolve() == own else own
        if _has_ledger(own):
            raise SettingsError(
                _(
                    "{path} is a link to {resolve}, and there is a ledger beside each of "
                    "them: what one of them knows was sent, the other may not know.",
                    path=self.path,
                    resolve=self.path.resolve(),
                ),
                hint=_(
                    "Name the one that counts with --ledger, or move the other and its "
                    "ledger.snapshots away."
                ),
            )
        return linked

    @property
    def report(self) -> Path:
        """Where the report of the mailing, or of its newest period, goes unless told otherwise."""
        return self.folder / f"{self._prefix}report.csv"

    @property
    def rehearsal_report(self) -> Path:
        """Where the report of a rehearsal goes once real letters were sent: never over theirs."""
        return self.folder / f"{self._prefix}rehearsal-report.csv"

    def report_of(self, period: str | None) -> Path:
        """Where the report of a period goes that is no longer the newest. No period is called as
        the folder of what went without one."""
        return self.folder / "reports" / (period or "_without-period") / self.report.name

    def kinds_of(self, report: Path, rows: int = 0) -> tuple[Path, ...]:
        """The kinds of a report beside each other, of a list of so many rows."""
        return tuple(report.with_suffix(f".{kind}") for kind in self.reports.kinds(rows))

    @property
    def csv_separator(self) -> str:
        """What separates the cells of report.csv, so that Excel opens it right where it is read."""
        nordic = self.payload.Letter.LanguageID.upper() in _SEMICOLON
        return self.reports.separator or (";" if nordic else ",")

    @property
    def needs_attention(self) -> str:
        """The name of the workbook beside the report with the rows to be corrected."""
        return f"{self._prefix}needs-attention.xlsx"

    @property
    def corrections(self) -> Path:
        """Where the mailing's corrections are kept: beside mailing.toml itself, whatever links lead
        to it, as `corrections.jsonl`; of another mailing.toml with its name in front."""
        return self.path.resolve().parent / f"{self._prefix}corrections.jsonl"

    @property
    def _prefix(self) -> str:
        return "" if self.path.stem == "mailing" else f"{self.path.stem}."

    def sending(self, *, rate: float | None = None, concurrency: int | None = None) -> Self:
        """The same mailing with another pace, where one is given."""
        given = {"rate": rate, "concurrency": concurrency}
        changes = {key: value for key, value in given.items() if value is not None}
        try:
            send = SendSettings.model_validate({**self.send.model_dump(), **changes})
        except ValidationError as error:
            raise SettingsError(in_words(error, SendSettings)) from None
        return self.model_copy(update={"send": send})

    def of_list(self, path: Path) -> Self:
        """The same mailing of another list.

        Where the mailing has a period, a list of the same kind of file is next month's, and is read
        as [list] says. Any other is read as it is found; what makes letters of its rows, and what
        leaves rows out, stays.
        `path` is relative to the working directory; `-` is standard input.
        """
        place = path if path == STDIN else path.absolute()
        alike = place.suffix.lower() == self.list.path.suffix.lower()
        if self.period is not None and alike:
            other = self.list.model_copy(update={"path": place})
        else:
            other = ListSettings(
                path=place,
                group_by=self.list.group_by,
                skip=self.list.skip,
                exclude=self.list.exclude,
            )
        return self.model_copy(update={"list": other, "other_list": True})

    def of_period(self, period: str) -> Self:
        """The same mailing in another period. Raises SettingsError where that cannot be one."""
        must_be_named(period)
        other = self.other_period or period != self.period
        return self.model_copy(update={"period": period, "other_period": other})

    @classmethod
    def load(cls, path: Path | str) -> Self:
        """Read a mailing.toml.

        >>> Mailing.load("example_data/payment-reminder/mailing.toml").name
        'payment-reminder-2026-11'

        Raises SettingsError where the file is missing, is not TOML, or has a key or value that
        does not fit, naming the key and, for a misspelt one, what may have been meant.
        """
        path = Path(path)
        if path.is_dir():
            path /= "mailing.toml"
        text, written = _read_toml(path)
        try:
            MailingFile.model_validate(written)
        except ValidationError as error:
            raise unfit(path, text, MailingFile, error) from None
        _log.info("Settings are read from %s.", path)
        return cls.model_validate({**written, "path": path})


def must_be_named(period: str) -> None:
    """Raise SettingsError where a period cannot be called that."""
    try:
        must_be_period(period)
    except ValueError as error:
        raise SettingsError(
            _("The period “{period}” {error}.", period=period, error=error)
        ) from None


@dataclass(frozen=True, slots=True)
class Environment:
    """What comes from the environment or the `.env` beside the mailing; the environment wins."""

    base_url: str | None
    subscription_id: SecretStr | None
    storage_id: SecretStr | None
    ledger_url: SecretStr | None
    """Where the ledger is, with the password."""
    copies_key: SecretStr | None
    """What copies of letters are encrypted with."""
    credentials: Credentials
    """What authorises us, and the secrets to be struck out of what the API says."""
    odd: tuple[str, ...] = ()
    """What seems to be meant for us and is not read, in sentences."""

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read `BATCHSEND_*` from the environment and from `folder/.env`."""
        try:
            # A $ in a secret is a $.
            found = {**dotenv_values(folder / ".env", interpolate=False), **os.environ}
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(
                _("{path} cannot be read: {reason}.", path=folder / ".env", reason=in_short(error))
            ) from None

        for name in sorted(name for name in found if name.startswith("BATCHSEND_")):
            place = "the environment" if name in os.environ else folder / ".env"
            _log.info("%s is set in %s.", name, place)

        def secret(name: str) -> SecretStr | None:
            value = found.get(name)
            return SecretStr(value) if value else None

        paying = (secret("BATCHSEND_SUBSCRIPTION_ID"), secret("BATCHSEND_STORAGE_ID"))
        return cls(
            found.get("BATCHSEND_BASE_URL") or None,
            *paying,
            secret("BATCHSEND_LEDGER_URL"),
            secret("BATCHSEND_COPIES_KEY"),
            Credentials.of(found, withheld=tuple(value for value in paying if value)),
            tuple(_not_read(folder, found)),
        )

    def subscription(self) -> Subscription:
        """The paying customer's credentials; SettingsError says which one is missing."""
        missing = [
            name
            for name, value in (
                ("BATCHSEND_SUBSCRIPTION_ID", self.subscription_id),
                ("BATCHSEND_STORAGE_ID", self.storage_id),
            )
            if value is None
        ]
        if self.subscription_id is None or self.storage_id is None:
            raise SettingsError(
                ngettext(
                    "{names} is not set.",
                    "{names} are not set.",
                    len(missing),
                    names=joined(missing),
                ),
                hint=" ".join(
                    [
                        _(
                            "Set what is missing in the environment or in a .env file beside "
                            "mailing.toml. To rehearse without, add --sandbox."
                        ),
                        *self.odd,
                    ]
                ),
            )
        return Subscription(SubscriptionId=self.subscription_id, StorageId=self.storage_id)


def _has_ledger(folder: Path) -> bool:
    """Whether there is a ledger, or what is left where there was one."""
    return any((folder / f"ledger.{kind}").exists() for kind in ("sqlite", "snapshots"))


def _not_read(folder: Path, found: Iterable[str]) -> Iterator[str]:
    """What to say of files and names that are nearly those which are read; never of values."""
    if not (folder / ".env").exists():
        for name in (".env.txt", "env", "env.txt"):
            if (folder / name).is_file():
                yield _(
                    "{folder} is not read: call it .env, without any ending.", folder=folder / name
                )
    else:
        text = (folder / ".env").read_text(encoding="utf-8", errors="replace")
        for name in _COLON.findall(text):
            yield _("{name} is not read: write = behind it in .env, and no colon.", name=name)
    for name in sorted(found):
        upper = name.upper()
        meant = nearest(upper, _NAMES, n=1, like=0.8) if upper.startswith("BATCHSEND") else []
        if meant and name != meant[0] and meant[0] not in found:
            yield _("{name} is not read: write {meant}.", name=name, meant=meant[0])


def _read_toml(path: Path) -> tuple[str, dict[str, Any]]:
    """The text of a file, and what it says."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes[-1:] == [".txt"] and ".toml" in suffixes and path.is_file():
        raise SettingsError(
            _("{path} has .txt at its end, which Windows may hide.", path=path),
            hint=_("Call it {name}.", name=path.stem),
        )
    if path.suffix.lower() in _LISTS and path.is_file():
        raise SettingsError(
            _("{path} is a list, and a mailing.toml is needed here.", path=path),
            hint=_(
                "`batchsend init {path}` makes one from this list; `batchsend inspect "
                "{path}` shows how it is read.",
                path=path,
            ),
        )
    if path.suffix.lower() in _LETTERS and path.is_file():
        raise SettingsError(
            _("{path} is a letter, and a mailing.toml is needed here.", path=path),
            hint=_(
                "`batchsend init LIST --letter {path}` makes one from a list and this letter.",
                path=path,
            ),
        )
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        longer = path.with_name(f"{path.name}.txt")
        raise SettingsError(
            _("There is no mailing at {path}.", path=path),
            hint=_("{name} is there: take .txt off its name.", name=longer.name)
            if longer.is_file()
            else _("`batchsend init LIST` makes one from your list."),
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            _("{path} cannot be read: {reason}.", path=path, reason=in_short(error))
        ) from None
    try:
        return text, tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise not_toml(path, text, error) from None
