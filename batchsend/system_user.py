"""system_user: who runs batchsend, by the name that the system knows."""

from __future__ import annotations

import os
from functools import cache


@cache
def system_user() -> str:
    """The account that this process belongs to, as `kari`; never empty.

    Asked of the system, and not of variables such as LOGNAME, which anybody can set. An account
    without a name, as in many containers, is `user 1000`, by its number.
    """
    if os.name == "nt":
        return _of_windows()
    import pwd  # noqa: PLC0415 - there is none on Windows

    number = os.getuid()
    try:
        return pwd.getpwuid(number).pw_name or f"user {number}"
    except KeyError:
        return f"user {number}"


def _of_windows() -> str:
    """As Windows' own GetUserNameW says, which looks at the process and at no variable.

    https://learn.microsoft.com/windows/win32/api/winbase/nf-winbase-getusernamew
    """
    import ctypes  # noqa: PLC0415 - needed on Windows only

    size = ctypes.c_ulong(257)  # UNLEN + 1
    name = ctypes.create_unicode_buffer(size.value)
    library = getattr(ctypes, "windll").advapi32  # noqa: B009 - unknown to type checkers elsewhere
    if library.GetUserNameW(name, ctypes.byref(size)) and name.value:
        return name.value
    return os.environ.get("USERNAME") or "user unknown"
