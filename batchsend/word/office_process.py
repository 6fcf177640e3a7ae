"""LibreOffice: where it is on this machine, which one, and a conversion of files by it.

It runs with a profile of its own, in which macros are off and nothing is read from elsewhere; two
that share one wait for each other without end. It hangs now and then: it is ended when no file has
come out of it for as long as one may take. Knows nothing of letters.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape

from batchsend.errors import TemplateError
from batchsend.language import N_, _

HINT: Final = N_(
    "Install LibreOffice (libreoffice.org), or turn the letter into HTML once: "
    "`batchsend letter-from FILE.docx`."
)
START: Final = 60.0
"""Seconds until the first file may be there, beside its own time: a cold disk, a new profile."""
_LOOKS: Final = 0.02
_PLACES: Final = {
    "darwin": ("/Applications/LibreOffice.app/Contents/MacOS/soffice",),
    "win32": (
        r"%ProgramFiles%\LibreOffice\program\soffice.exe",
        r"%ProgramFiles(x86)%\LibreOffice\program\soffice.exe",
    ),
    "linux": ("/usr/lib/libreoffice/program/soffice", "/opt/libreoffice*/program/soffice"),
}
_COMMANDS: Final = ("soffice", "libreoffice")
_SETTINGS: Final[dict[str, dict[str, str | bool | int]]] = {
    "Office.Common/Security/Scripting": {
        "DisableMacrosExecution": True,
        "MacroSecurityLevel": 3,
        "BlockUntrustedRefererLinks": True,
        "DisableActiveContent": True,
        "DisableOLEAutomation": True,
    },
    "Office.Writer/Content/Update": {"Link": 0},
    "Office.Common/Load": {"UpdateDocMode": 0},
    "Office.Java/VirtualMachine": {"Enable": False},
    "Office.Common/Misc": {"FirstRun": False, "CrashReport": False},
    "Office.Recovery/AutoSave": {"Enabled": False},
    "Office.Recovery/RecoveryInfo": {"Enabled": False},
    "Office.Jobs/Jobs/org.openoffice.Office.Jobs:Job['UpdateCheck']/Arguments": {
        "AutoCheckEnabled": False
    },
    "Office.Common/Filter/PDF/Export": {
        "UseTaggedPDF": True,
        "ExportFormFields": False,
        "ExportBookmarks": False,
        "ExportNotes": False,
        "ReduceImageResolution": True,
        "ImageResolution": 300,
        "Quality": 90,
    },
}
_HEAD: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<oor:items xmlns:oor="http://openoffice.org/2001/registry" '
    'xmlns:xs="http://www.w3.org/2001/XMLSchema" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n'
)
# Ended with whoever started it: it stays in the process group of the worker.
if sys.platform == "win32":
    _QUIET: dict[str, Any] = {"creationflags": subprocess.CREATE_NO_WINDOW}
else:
    _QUIET: dict[str, Any] = {}


def office() -> Path | None:
    """The program, or None where there is none: `BATCHSEND_SOFFICE`, the path, the usual places."""
    if given := os.environ.get("BATCHSEND_SOFFICE"):
        return Path(given) if Path(given).is_file() else None
    for command in _COMMANDS:
        found = shutil.which(command)
        if found and _has_writer(Path(found)):
            return Path(found)
    for place in _PLACES.get(sys.platform, ()):
        path = Path(os.path.expandvars(place))
        for there in sorted(Path(path.anchor).glob(str(path.relative_to(path.anchor)))):
            if _has_writer(there):
                return there
    return None


def _has_writer(program: Path) -> bool:
    """Whether it can read documents: Debian has the parts of LibreOffice as packages of their own,
    and Writer is `libswlo.so`."""
    parts = program.resolve().parent
    return (
        not (parts / "soffice.bin").exists()
        or sys.platform != "linux"
        or (parts / "libswlo.so").exists()
    )


def office_version() -> str:
    """As `7.4.7.2`; empty where there is no LibreOffice, or it does not answer."""
    program = office()
    return "" if program is None else _version_of(program)


@cache
def _version_of(program: Path) -> str:
    try:
        said = subprocess.run(  # noqa: S603 - the program that was found
            [program, "--version"],
            capture_output=True,
            text=True,
            timeout=START,
            check=False,
            **_QUIET,
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ""
    found = re.search(r"\d+(?:\.\d+)+", said)
    return found[0] if found else ""


class Office:
    """LibreOffice with a profile in `folder`, which is its own and nobody else's."""

    def __init__(
        self, folder: Path, *, settings: dict[str, str | bool | int] | None = None
    ) -> None:
        program = office()
        if program is None:
            raise TemplateError(_("LibreOffice is not installed on this machine."), hint=HINT)
        self._program = program
        self._profile = folder / "profile"
        (self._profile / "user").mkdir(parents=True)
        (self._profile / "user" / "registrymodifications.xcu").write_text(
            _registry(settings or {}), encoding="utf-8"
        )

    def convert(
        self,
        files: Sequence[str],
        folder: Path,
        *,
        to: str,
        limit: float,
        fonts: Path | None = None,
    ) -> bool:
        """Convert files of a folder to `to`, as `pdf`, beside them; whether it came to its end.

        It is ended when nothing new has come out for `limit` seconds. What it did before then is
        there; the last of it may be half a file.
        """
        command = [
            str(self._program),
            f"-env:UserInstallation={self._profile.resolve().as_uri()}",
            *("--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo"),
            *("--convert-to", to, "--outdir", "."),
            *files,
        ]
        environment = {**os.environ, "SAL_DISABLE_OPENCL": "1", "SAL_USE_VCLPLUGIN": "svp"}
        # Whatever asks for a web page all the same asks a proxy that is not there.
        environment |= dict.fromkeys(
            ("http_proxy", "https_proxy", "ftp_proxy"), "http://127.0.0.1:9"
        )
        if fonts is not None:
            environment["FONTCONFIG_FILE"] = str(fonts)
        process = subprocess.Popen(  # noqa: S603 - the program that was found
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **_QUIET,
        )
        try:
            return self._wait(process, files, folder, to, limit)
        finally:
            _end_with_children(process)

    @staticmethod
    def _wait(
        process: subprocess.Popen[bytes],
        files: Sequence[str],
        folder: Path,
        to: str,
        limit: float,
    ) -> bool:
        waiting = [folder / Path(name).with_suffix(f".{to.partition(':')[0]}") for name in files]
        deadline = time.monotonic() + START + limit
        while process.poll() is None:
            if waiting and waiting[0].exists():
                waiting = [path for path in waiting if not path.exists()]
                deadline = time.monotonic() + limit
            if time.monotonic() > deadline:
                return False
            with suppress(subprocess.TimeoutExpired):
                process.wait(_LOOKS)
        return process.returncode == 0


def _end_with_children(process: subprocess.Popen[bytes]) -> None:
    """The program is a script that starts another, which must not outlive it."""
    import psutil  # noqa: PLC0415 - not needed by who only asks for a version

    family: list[psutil.Process] = []
    with suppress(psutil.Error):
        family = psutil.Process(process.pid).children(recursive=True)
    for each in family:
        with suppress(psutil.Error):
            each.kill()
    if process.poll() is None:
        process.kill()
    process.wait()


def _registry(settings: dict[str, str | bool | int]) -> str:
    return _HEAD + "\n".join(_items(settings)) + "\n</oor:items>\n"


def _items(settings: dict[str, str | bool | int]) -> Iterator[str]:
    export = "Office.Common/Filter/PDF/Export"
    for path, values in {**_SETTINGS, export: _SETTINGS[export] | settings}.items():
        for name, value in values.items():
            said = str(value).lower() if isinstance(value, bool) else str(value)
            yield (
                f'<item oor:path="/org.openoffice.{escape(path)}"><prop oor:name="{name}" '
                f'oor:op="fuse"><value>{escape(said)}</value></prop></item>'
            )
