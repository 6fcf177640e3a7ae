"""approve: what a second person approves before a mailing is sent; and whether a plan fits it.

Who approved is asked of the database, or is the owner of a file, whatever is written there.
"""

from __future__ import annotations

import hashlib
import os
import stat
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Self

import orjson
import polars as pl

from batchsend.errors import ReportError, SettingsError, in_short
from batchsend.language import _
from batchsend.ledger import Ledger, Place
from batchsend.letters import Checked
from batchsend.mailing import Mailing
from batchsend.operations.check import check_into, templates_of
from batchsend.operations.history.runs import ledger_of
from batchsend.operations.periods import typed_mailing
from batchsend.operations.planning.pages_found import A_MINUTE, PagesFound, pages_of
from batchsend.operations.planning.planned import Plan
from batchsend.operations.progress import Progress, silent
from batchsend.rendering import Templates
from batchsend.scratch import ScratchFolder
from batchsend.system_user import system_user

_WRITABLE = stat.S_IWGRP | stat.S_IWOTH


@dataclass(frozen=True, slots=True)
class ToApprove:
    """A mailing as somebody is asked to approve it."""

    mailing: Mailing
    facts: ApprovedFacts
    pages: PagesFound
    list_path: Path
    rows: int
    held: int


def to_approve(
    mailing: Mailing, seconds: float = A_MINUTE, progress: Progress = silent
) -> ToApprove:
    """Check the mailing, and render its letters for so many seconds. Raises what `check` raises."""
    templates = templates_of(mailing)
    with ScratchFolder() as folder:
        checked = check_into(folder / "snapshot", mailing, templates)
        letters = checked.snapshot.identities().collect(engine="streaming")
        pages = pages_of(checked, mailing, templates, seconds, progress)
        facts = ApprovedFacts.of(mailing, checked, templates, letters, pages)
    return ToApprove(mailing, facts, pages, checked.list_path, checked.rows, checked.held)


def approve(asked: ToApprove, ledger: Place | None = None) -> str:
    """Write down that this user approves it; where, and as whom, in words.

    Raises LedgerError, or ReportError where the file cannot be written.
    """
    mailing = asked.mailing
    place = ledger or mailing.ledger_place
    if not isinstance(place, Path):
        from batchsend.ledger import approvals  # noqa: PLC0415 - loads SQLAlchemy

        with ledger_of(mailing, ledger) as book:
            by = approvals.approve(book, mailing.name, asked.facts.written())
        said = _("Approved by {by}, in the ledger {place}.", by=by, place=place)
    else:
        path, by = approval_file(mailing), system_user()
        at = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
        _write(path, asked.facts.written(by=by, at=at))
        said = _("Approved by {by}: {path}", by=by, path=path)
    return f"{said}\n{_what_it_is_worth(mailing, by)}"


def _what_it_is_worth(mailing: Mailing, by: str) -> str:
    """Whether anybody asks for the approval, and who cannot use it."""
    if mailing.send.approval:
        return _(
            "Whoever sends the mailing must be another user than {by}: sent by {by}, it is "
            "refused.",
            by=by,
        )
    return _(
        "[send] approval is not set in {path}, so nobody asks for an approval: anyone can send the "
        "mailing, {by} among them.",
        path=mailing.path,
        by=by,
    )


def must_be_approved(plan: Plan) -> str:
    """Who approved a plan. Raises SettingsError where nobody else has, or what it is of differs."""
    mailing = plan.mailing
    if isinstance(plan.ledger_place, Path):
        approver, facts = _of_file(mailing)
    else:
        with ledger_of(mailing, plan.ledger_place) as book:
            approver, facts = _of_database(mailing, book)
    now = ApprovedFacts.of(mailing, plan.checked, plan.templates, plan.to_send, plan.pages)
    different = list(facts.differences(now))
    if different:
        said = " ".join(different)
        raise SettingsError(
            _(
                "This is not what {approver} approved. {said} Nothing was sent.",
                approver=approver,
                said=said,
            ),
            hint=_(
                "Have it approved as it is now: batchsend approve {path}",
                path=typed_mailing(mailing),
            ),
        )
    return approver


def approval_file(mailing: Mailing) -> Path:
    """Where the approval lies, unless the ledger is a database."""
    stem = mailing.path.stem
    return mailing.folder / ("approval.json" if stem == "mailing" else f"{stem}.approval.json")


def _not_approved(mailing: Mailing) -> SettingsError:
    return SettingsError(
        _("[send] approval is set, and nobody has approved this mailing. Nothing was sent."),
        hint=_(
            "Another user than you approves it with: batchsend approve {path}",
            path=typed_mailing(mailing),
        ),
    )


def _one_account(name: str) -> SettingsError:
    return SettingsError(
        _(
            "This mailing was approved by {name}, who is also sending it. Two persons are "
            "needed, each with an account of their own. Nothing was sent.",
            name=name,
        ),
        hint=_("Have it approved by another user, or send it as another."),
    )


def _of_database(mailing: Mailing, book: Ledger) -> tuple[str, ApprovedFacts]:
    from batchsend.ledger import approvals  # noqa: PLC0415 - loads SQLAlchemy

    found = approvals.last_approval(book, mailing.name)
    if found is None:
        raise _not_approved(mailing)
    if found.by == approvals.database_user(book):
        raise _one_account(found.by)
    return found.by, _read(found.facts, _("The approval in {place}", place=book.place))


def _of_file(mailing: Mailing) -> tuple[str, ApprovedFacts]:
    path = approval_file(mailing)
    if not hasattr(os, "getuid"):
        raise SettingsError(
            _(
                "[send] approval needs a ledger in PostgreSQL on this system, where the "
                "owner of a file cannot be known."
            ),
            hint=_("Keep the ledger in a database: [ledger] url."),
        )
    try:
        opened = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        raise _not_approved(mailing) from None
    except OSError as error:
        raise SettingsError(
            _("{path} cannot be read: {reason}.", path=path, reason=in_short(error))
        ) from None
    with os.fdopen(opened, "rb") as file:
        # Of the file that is open, whatever lies there a moment later.
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode) or found.st_mode & _WRITABLE:
            raise SettingsError(
                _(
                    "{path} can be changed by others than the one who approved. Nothing was sent.",
                    path=path,
                ),
                hint=_("Have it approved again; the file must be writable by its owner alone."),
            )
        if found.st_uid == _sender():
            raise _one_account(system_user())
        return _name_of(found.st_uid), _read(file.read(), str(path))


def _sender() -> int:
    return os.getuid()


def _name_of(number: int) -> str:
    import pwd  # noqa: PLC0415 - there is none on Windows

    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"user {number}"


def _read(text: str | bytes, where: str) -> ApprovedFacts:
    try:
        return ApprovedFacts.read(text)
    except ValueError:
        raise SettingsError(
            _("{where} is no approval that this version can read. Nothing was sent.", where=where),
            hint=_("Have it approved again."),
        ) from None


def _write(path: Path, text: str) -> None:
    """Put it in place of an older one, whoever wrote that, owned by this user."""
    try:
        with NamedTemporaryFile("w", dir=path.parent, prefix=".approval-", delete=False) as file:
            try:
                file.write(text)
                file.flush()
                Path(file.name).chmod(0o644)
                os.fsync(file.fileno())
                Path(file.name).replace(path)
            except BaseException:
                with suppress(OSError):
                    Path(file.name).unlink()
                raise
    except OSError as error:
        raise ReportError(
            _(
                "The approval cannot be written to {path}: {reason}.",
                path=path,
                reason=in_short(error),
            ),
            hint=_("Whoever approves needs to be able to write in the mailing's folder."),
        ) from None


_DIGEST = 16
"""Bytes that a letter is known by."""


@dataclass(frozen=True, slots=True)
class ApprovedFacts:
    """All that an approval is of."""

    mailing: str
    list: str
    """SHA-256 of the list, and so with what follows."""
    corrections: str
    """Empty where there are none."""
    template: str
    settings: str
    """Of what mailing.toml says of letters, pages, prices and other channels."""
    letters: int
    cost: str | None
    """None where no prices are set, or where it is known of some letters only."""
    each: str
    """Sixteen bytes for each letter (identifier, channel, content), sorted, in base64."""

    @classmethod
    def of(
        cls,
        mailing: Mailing,
        checked: Checked,
        templates: Templates,
        letters: pl.DataFrame,
        pages: PagesFound | None,
    ) -> Self:
        """What `letters` (`identifier`, `channel`, `content`) of a checked list are."""
        known = pages is not None and not pages.estimated
        cost = pages.cost if known and pages is not None else None
        return cls(
            mailing=mailing.name,
            list=checked.list_digest,
            corrections=_file_digest(mailing),
            template=hashlib.sha256(f"{templates.digest} {templates.engine}".encode()).hexdigest(),
            settings=_settings_digest(mailing),
            letters=letters.height,
            cost=None if cost is None else str(cost),
            each=b64encode(b"".join(sorted(_digests(letters)))).decode(),
        )

    @classmethod
    def read(cls, text: str | bytes) -> Self:
        """The reverse of `written`. Raises ValueError where it is something else."""
        try:
            facts = cls(**orjson.loads(text)["approves"])
            b64decode(facts.each, validate=True)
        except (TypeError, LookupError) as error:
            raise ValueError(str(error)) from error
        return facts

    def written(self, **who: str) -> str:
        """As it is kept, beside `who` approved and when: for people, as nobody is believed what
        they write there."""
        return orjson.dumps({**who, "approves": asdict(self)}).decode()

    def differences(self, now: ApprovedFacts) -> Iterator[str]:
        """What is to be sent `now` that was not approved, in sentences."""
        if now.mailing != self.mailing:
            yield _("It approves another mailing, {mailing}.", mailing=self.mailing)
        if now.list != self.list:
            yield _("The list has changed since.")
        if now.corrections != self.corrections:
            yield _("The corrections have changed since.")
        if now.template != self.template:
            yield _("The template, or the program that renders it, has changed since.")
        if now.settings != self.settings:
            yield _(
                "What mailing.toml says of the letters, their pages or prices has changed since."
            )
        if unknown := len(now._set() - self._set()):
            yield _(
                "{unknown:,} of the letters are not among the {letters:,} approved.",
                unknown=unknown,
                letters=self.letters,
            )
        if now.cost and self.cost and Decimal(now.cost) > Decimal(self.cost):
            yield _(
                "They cost {cost}, and {self_cost} was approved.",
                cost=now.cost,
                self_cost=self.cost,
            )

    def _set(self) -> frozenset[bytes]:
        joined = b64decode(self.each)
        return frozenset(joined[at : at + _DIGEST] for at in range(0, len(joined), _DIGEST))


def _digests(letters: pl.DataFrame) -> Iterator[bytes]:
    for facts in letters.select("identifier", "channel", "content").iter_rows():
        yield hashlib.sha256(orjson.dumps(facts)).digest()[:_DIGEST]


def _file_digest(mailing: Mailing) -> str:
    path = mailing.corrections
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""


def _settings_digest(mailing: Mailing) -> str:
    parts = (
        mailing.payload,
        mailing.checks,
        mailing.page,
        mailing.document,
        mailing.prices,
    )
    all_parts = (*parts, *mailing.send.fallback)
    text = "\n".join(part.model_dump_json() if part else "" for part in all_parts)
    return hashlib.sha256(text.encode()).hexdigest()
