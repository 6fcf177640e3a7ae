"""One archive of copies: a zip file that only grows, and is whole at every flush; and Seal, which
encrypts copies with AES-256-GCM, under a key that is made from a secret.

What an archive holds stands in its directory, at its end. Copies and a new directory are written
behind the old one, so that a killed process or a full disk costs what was not flushed, and nothing
else. A copy is bound to what is said of it, so that none can be passed off as another's.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from pydantic import SecretStr

from batchsend.errors import ReportError, SettingsError, in_short
from batchsend.language import _
from batchsend.text import file_stem

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM


SALT = 16
_NONCE = 12
"""Bytes, drawn for each copy: NIST SP 800-38D, 8.2.2."""
_COST = {"n": 2**15, "r": 8, "p": 1, "maxmem": 2**26}
"""What one guess at the secret costs: 32 MB and a tenth of a second (RFC 7914)."""


class Seal:
    """Encrypts and decrypts copies with one secret, `BATCHSEND_COPIES_KEY`.

    Raises SettingsError where the package for that is not installed.
    """

    def __init__(self, secret: SecretStr) -> None:
        try:
            import cryptography  # noqa: F401, PLC0415 - only who encrypts needs it
        except ImportError:
            raise SettingsError(
                _("BATCHSEND_COPIES_KEY is set, and what encrypts copies is not installed."),
                hint=_("Install it: pip install 'batchsend-letters[copies]'"),
            ) from None
        self._secret = secret

    def closed(self, content: bytes, salt: bytes, about: bytes) -> bytes:
        """`content` encrypted, and bound to `about`."""
        nonce = os.urandom(_NONCE)
        return nonce + _cipher(self._secret, salt).encrypt(nonce, content, about)

    def opened(self, sealed: bytes, salt: bytes, about: bytes) -> bytes:
        """The reverse. Raises ReportError where the secret is another one, or anything changed."""
        from cryptography.exceptions import InvalidTag  # noqa: PLC0415

        try:
            return _cipher(self._secret, salt).decrypt(sealed[:_NONCE], sealed[_NONCE:], about)
        except (InvalidTag, ValueError):
            raise ReportError(
                _(
                    "The copy cannot be decrypted: BATCHSEND_COPIES_KEY is not the one that "
                    "it was kept with, or the file was changed."
                ),
                hint=_("Set the key that was set when the letter was sent."),
            ) from None


@lru_cache(maxsize=64)
def _cipher(secret: SecretStr, salt: bytes) -> AESGCM:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415

    text = secret.get_secret_value().encode()
    return AESGCM(hashlib.scrypt(text, salt=salt, dklen=32, **_COST))


MOST = 1_000
"""Copies in one archive: its directory is written at each flush."""
_END = b"PK\x05\x06"
_END_SIZE = 22
_BINARY = getattr(os, "O_BINARY", 0)  # only Windows has it, and needs it


@dataclass(frozen=True, slots=True)
class About:
    """Which letter a copy is of, and when it was answered."""

    destination: str
    identifier: str
    run: int
    ledger: str
    """The identity of the ledger that numbers its runs."""
    row: int
    channel: str
    answered: datetime

    def to_bytes(self) -> bytes:
        """As the archive has it beside the copy."""
        facts = {**asdict(self), "answered": self.answered.astimezone(UTC).isoformat()}
        return json.dumps(facts, ensure_ascii=False).encode()

    @classmethod
    def from_bytes(cls, text: bytes) -> Self:
        """The reverse. Raises ValueError, KeyError or TypeError where it is something else."""
        facts: dict[str, Any] = json.loads(text)
        return cls(**{**facts, "answered": datetime.fromisoformat(facts["answered"])})


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy that is there."""

    archive: Path
    member: str
    about: About

    def read(self, seal: Seal | None) -> bytes:
        """The PDF. Raises ReportError where it cannot be read or decrypted."""
        with opened(self.archive) as archive:
            try:
                content = archive.read(self.member)
                about = archive.getinfo(self.member).comment
            except (OSError, zipfile.BadZipFile, KeyError) as error:
                raise _unreadable(self.archive, error) from error
            salt = _facts(archive).get("salt")
        if salt is None:
            return content
        if seal is None:
            raise ReportError(
                _(
                    "The copy in {archive} is encrypted, and BATCHSEND_COPIES_KEY is not set.",
                    archive=self.archive,
                ),
                hint=_(
                    "Set it, in the environment or in .env, to what it was when the letter "
                    "was sent."
                ),
            )
        return seal.opened(content, bytes.fromhex(salt), about)


class Archive:
    """A new archive, for its owner's eyes only. Raises OSError where it cannot be written."""

    def __init__(self, path: Path, seal: Seal | None, days: int) -> None:
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | _BINARY
        self._file = os.fdopen(os.open(path, flags, 0o600), "w+b")
        self._seal, self._salt = seal, os.urandom(SALT)
        self._zip = zipfile.ZipFile(self._file, "w")  # PDFs are compressed already
        self._facts = {"days": days, "salt": self._salt.hex() if seal else None}
        self.size = 0
        """How many copies it has."""

    def add(self, about: About, content: bytes) -> None:
        """Put a copy into it; it is safe with the next flush."""
        self.size += 1
        label = about.to_bytes()
        ending = "pdf.sealed" if self._seal else "pdf"
        name = f"{self.size:04}-{file_stem(about.identifier)}.{ending}"
        info = zipfile.ZipInfo(name, _local(about.answered))
        info.comment = label
        info.external_attr = 0o600 << 16
        if self._seal:
            content = self._seal.closed(content, self._salt, label)
        self._zip.writestr(info, content)

    def flush(self) -> None:
        """Have everything on disk."""
        self._to_disk()
        self._zip = zipfile.ZipFile(self._file, "a")
        # What follows goes behind the directory that is there now, never over it.
        self._zip.start_dir = self._file.seek(0, os.SEEK_END)

    def close(self) -> None:
        """The last flush."""
        self._to_disk()
        self._file.close()

    def abandon(self) -> None:
        """Leave it as it was flushed last."""
        self._zip.fp = None  # so that it writes nothing more
        self._file.close()

    def _to_disk(self) -> None:
        self._zip.comment = json.dumps(self._facts).encode()
        self._zip.close()
        self._file.flush()
        os.fsync(self._file.fileno())


def opened(path: Path) -> zipfile.ZipFile:
    """An archive, as of its last flush. Raises ReportError where there is nothing of it to read."""
    try:
        try:
            return zipfile.ZipFile(path)
        except zipfile.BadZipFile:
            content = path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error) from error
    end = len(content)
    while (end := content.rfind(_END, 0, end)) >= 0:
        length = int.from_bytes(content[end + _END_SIZE - 2 : end + _END_SIZE], "little")
        try:
            return zipfile.ZipFile(io.BytesIO(content[: end + _END_SIZE + length]))
        except zipfile.BadZipFile:  # chance has made it: a directory lies further in front
            continue
    return zipfile.ZipFile(io.BytesIO(b"PK\x05\x06" + bytes(18)))


def copies_in(path: Path) -> Iterator[Copy]:
    """The copies that an archive has. Raises ReportError where it cannot be read."""
    with opened(path) as archive:
        for info in archive.infolist():
            try:
                about = About.from_bytes(info.comment)
            except (ValueError, KeyError, TypeError):  # not put there by us
                continue
            yield Copy(path, info.filename, about)


def days_of(path: Path) -> int:
    """For how many days an archive was to be kept when it was begun; 0 where it does not say."""
    with opened(path) as archive:
        return int(_facts(archive).get("days") or 0)


def rewrite_without(path: Path, members: set[str]) -> None:
    """Take copies out of an archive for good. Raises OSError where it cannot be written."""
    new = path.with_suffix(".new")
    new.unlink(missing_ok=True)
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | _BINARY
    with (
        opened(path) as old,
        os.fdopen(os.open(new, flags, 0o600), "w+b") as file,
        zipfile.ZipFile(file, "w") as archive,
    ):
        for info in old.infolist():
            if info.filename not in members:
                archive.writestr(info, old.read(info))
        archive.comment = old.comment
        archive.close()
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


def _facts(archive: zipfile.ZipFile) -> dict[str, Any]:
    try:
        facts = json.loads(archive.comment or b"{}")
    except ValueError:
        return {}
    return facts if isinstance(facts, dict) else {}


def _local(moment: datetime) -> tuple[int, int, int, int, int, int]:
    at = moment.astimezone()
    return at.year, at.month, at.day, at.hour, at.minute, at.second


def _unreadable(path: Path, error: Exception) -> ReportError:
    return ReportError(
        _(
            "The archive of copies {path} cannot be read: {reason}.",
            path=path,
            reason=in_short(error),
        )
    )
