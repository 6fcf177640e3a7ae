"""copy_examples: mailings to try, with their lists and letters, in a folder of one's own."""

from __future__ import annotations

import shutil
from pathlib import Path

from batchsend.errors import SettingsError, in_short

_PARTS = ("example_data", "templates")
_PACKAGE = Path(__file__).parent.parent
_LEFT_BY_RUNS = shutil.ignore_patterns(
    *("ledger.*", "report.*", "*.report.*", "*needs-attention*", "sandbox-letters", "preview"),
    *("make.py", "__pycache__"),
)


def copy_examples(folder: Path) -> Path:
    """Copy them into a new `folder`; the mailing.toml of the first one to try.

    Raises SettingsError where there is something already, or nothing can be written.
    """
    if folder.exists():
        raise SettingsError(
            f"{folder} is there already, and is left as it is.",
            hint="Name a folder that is not there yet.",
        )
    installed = _PACKAGE / "examples"
    source = installed if installed.is_dir() else _PACKAGE.parent  # of a clone
    try:
        for part in _PARTS:
            shutil.copytree(source / part, folder / part, ignore=_LEFT_BY_RUNS)
    except OSError as error:
        raise SettingsError(f"{folder} cannot be written: {in_short(error)}.") from error
    return folder / "example_data" / "payment-reminder" / "mailing.toml"
