"""Which user of the system does something, so that it can be said by whom it was done."""

from __future__ import annotations

import getpass
import os
import sys


def system_user() -> str:
    """The name of the account that this process runs as; its number where it has no name.

    Asked of the system, not of the environment, which anybody can set.
    """
    if sys.platform == "win32":
        return getpass.getuser()
    import pwd  # noqa: PLC0415 - not on Windows

    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # as in a container
        return str(os.getuid())
