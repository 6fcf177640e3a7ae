"""PreviewFolder: where a preview is written, beside whatever else may lie there.

It replaces and removes files that a preview wrote, and never another. Files are readable by their
owner only: they hold personal data. Knows nothing of what is in them.
"""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path

from batchsend.errors import ReportError
from batchsend.language import _

MANIFEST = ".batchsend-preview"
"""Lists the names of our files in the folder, one to a line."""
PLAIN_NAME = re.compile(r"\w[\w.-]*", re.ASCII)


class PreviewFolder:
    """A folder taking a new preview; `finish` removes what is left of the one before."""

    def __init__(self, path: Path) -> None:
        """Make the folder where there is none. Raises ReportError."""
        self.path = path
        self._written: set[str] = set()
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._earlier = _listed(path / MANIFEST)
        except OSError as error:
            raise _in_words(path, error) from error

    def write(self, name: str, content: bytes) -> Path:
        """Put a file in place at once, so that no reader ever sees half of it.

        Raises ReportError, also where a file of that name is not ours.
        """
        path = self.path / name
        try:
            if name not in self._earlier | self._written:
                if os.path.lexists(path):
                    raise ReportError(
                        _(
                            "There is a file {path} that no preview wrote; it is not changed.",
                            path=path,
                        ),
                        hint=_("Name another folder with --out."),
                    )
                # Listed before it is there: whatever happens in between, it is known as ours.
                _append(self.path / MANIFEST, f"{name}\n")
            _replace(path, content)
        except OSError as error:
            raise _in_words(path, error) from error
        self._written.add(name)
        return path

    def finish(self) -> None:
        """Remove the files of an earlier preview that this one has not replaced."""
        try:
            for name in self._earlier - self._written:
                (self.path / name).unlink(missing_ok=True)
            _replace(self.path / MANIFEST, "".join(f"{n}\n" for n in self._written).encode())
        except OSError as error:
            raise _in_words(self.path, error) from error


def previewed_files(folder: Path) -> list[Path]:
    """The files in a folder that previews wrote, and halves of files that a killed one left."""
    ours = [folder / name for name in _listed(folder / MANIFEST)]
    return [*(path for path in ours if path.is_file()), *folder.glob(f"{MANIFEST}.*.new")]


def _listed(manifest: Path) -> set[str]:
    if not manifest.is_file():
        return set()
    names = manifest.read_text(encoding="ascii", errors="replace").splitlines()
    # A name is never a way out of the folder, whoever wrote the list.
    return {name for name in names if PLAIN_NAME.fullmatch(name)}


def _replace(path: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f"{MANIFEST}.", suffix=".new")
    new = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)


def _append(path: Path, line: str) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "a", encoding="ascii") as file:
        file.write(line)


def _in_words(path: Path, error: OSError) -> ReportError:
    if isinstance(error, PermissionError):
        return ReportError(
            _("{path} may not be written, or is open in another program.", path=path),
            hint=_("Close it there, or name another folder with --out."),
        )
    return ReportError(
        _(
            "The preview cannot be written: {path}: {strerror}.",
            path=path,
            strerror=error.strerror or error,
        ),
        hint=_("Name another folder with --out."),
    )
