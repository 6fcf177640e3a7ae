"""Seal: copies encrypted with AES-256-GCM, under a key that is made from a secret.

A copy is bound to what is said of it, so that none can be passed off as another's.
"""

from __future__ import annotations

import hashlib
import os
from functools import lru_cache
from typing import TYPE_CHECKING

from pydantic import SecretStr

from batchsend.errors import ReportError, SettingsError
from batchsend.language import _

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
