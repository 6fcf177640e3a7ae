"""Key: turns what is personal into what can be compared with itself, and with nothing else.

Without the key, which never leaves its folder, names cannot be tried one after another.
"""

from __future__ import annotations

import os
import secrets
import tempfile
from hashlib import blake2b
from pathlib import Path
from typing import Self

from batchsend.language import _
from batchsend.register.entries import RegisterError

SIZE = 32
"""Bytes of the key."""
HASH_SIZE = 16
"""Bytes of a hash: enough for no two recipients ever to share one by chance."""


class Key:
    """A random key, in a file that its owner only can read."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    @classmethod
    def read(cls, path: Path) -> Self:
        """The key in a file; RegisterError where there is none in it."""
        try:
            secret = path.read_bytes()
        except FileNotFoundError:
            secret = b""
        if len(secret) != SIZE:
            raise RegisterError(
                _(
                    "There is no file {path} with the key that the register was made with.",
                    path=path,
                ),
                hint=_(
                    "Put it back from a backup; or delete {parent}, and with it what the "
                    "register knows.",
                    parent=path.parent,
                ),
            )
        return cls(secret)

    @staticmethod
    def make(path: Path) -> None:
        """Write a new key. The file is there whole or not at all."""
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".key-")  # for its owner only
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(secrets.token_bytes(SIZE))
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise

    def hash(self, purpose: str, text: str) -> bytes:
        """The keyed hash of a text; that of the same text for another purpose is another one."""
        return blake2b(
            text.encode(), digest_size=HASH_SIZE, key=self._secret, person=purpose.encode()
        ).digest()
