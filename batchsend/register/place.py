"""Where the register lies: in the folder that the platform has for a user's data."""

from __future__ import annotations

import os
from pathlib import Path

from platformdirs import user_data_path


def data_folder() -> Path:
    """The folder that BATCHSEND_DATA names, else the platform's for this user; made by nobody yet.

    Raises OSError or RuntimeError where the user has no home folder.
    """
    named = os.environ.get("BATCHSEND_DATA")
    place = Path(named).expanduser() if named else user_data_path("batchsend", appauthor=False)
    return place.absolute()
