"""Writing what was chosen on a page into mailing.toml, which stays a developer's own file.

Comments, order and all that was not chosen stay as they are. What does not fit is not written.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from batchsend.errors import SettingsError, in_short
from batchsend.language import _
from batchsend.mailing import Mailing

Keys = tuple[str, ...]


def change(path: Path, values: Mapping[Keys, object]) -> Mailing:
    """Set keys of a mailing.toml, as `("list", "sheet")`; None takes a key out.

    The mailing as it is then. Raises SettingsError where it would not be one, or cannot be written;
    the file is as it was then.
    """
    try:
        document = tomlkit.parse(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            _("{path} cannot be read: {reason}.", path=path, reason=in_short(error))
        ) from None
    except TOMLKitError:
        Mailing.load(path)  # says in words what is wrong
        raise
    for keys, value in values.items():
        _set(document, keys, value)
    return _replace(path, tomlkit.dumps(document))


def _set(document: MutableMapping[str, Any], keys: Keys, value: object) -> None:
    table = document
    for key in keys[:-1]:
        if key not in table:
            if value is None:
                return
            table[key] = tomlkit.table()
        table = table[key]
    if value is None:
        table.pop(keys[-1], None)
    elif table.get(keys[-1]) != value:
        table[keys[-1]] = value


def _replace(path: Path, text: str) -> Mailing:
    """Write it whole or not at all, and only what can be read again."""
    try:
        number, name = tempfile.mkstemp(prefix=".mailing-", suffix=".toml", dir=path.parent)
        with os.fdopen(number, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        new = Path(name)
        try:
            Mailing.load(new)
            new.chmod(path.stat().st_mode & 0o777)
            new.replace(path)
        finally:
            new.unlink(missing_ok=True)
    except OSError as error:
        raise SettingsError(
            _("{path} cannot be written: {reason}.", path=path, reason=in_short(error))
        ) from error
    return Mailing.load(path)
