"""Folder: the mailings below the one folder that a desk is for, and nothing outside it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request

from batchsend.mailing import Mailing

FILE = "mailing.toml"
DEEPEST = 6
"""Folders below FOLDER that are looked into."""
_NEVER = {"node_modules", "__pycache__", "ledger.snapshots", "sandbox-letters"}


@dataclass(frozen=True, slots=True)
class Folder:
    """FOLDER, resolved."""

    root: Path

    def inside(self, name: str) -> Path | None:
        """What a name below FOLDER is the name of; None where that leads out of it."""
        if "\0" in name:
            return None
        path = (self.root / name).resolve()
        return path if path.is_relative_to(self.root) else None

    def name_of(self, path: Path) -> str:
        """What a file of it is called in addresses."""
        known = path if path.is_relative_to(self.root) else path.resolve()
        return known.relative_to(self.root).as_posix()

    def mailings(self) -> Iterator[tuple[Path, float]]:
        """Every mailing.toml below it, and when it or its ledger was written last, in seconds."""
        yield from _mailings(self.root, DEEPEST)


def _mailings(folder: Path, deeper: int) -> Iterator[tuple[Path, float]]:
    below: list[Path] = []
    written = 0.0
    found = False
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name == FILE:
                    found = True
                    written = max(written, entry.stat().st_mtime)
                elif entry.name == "ledger.sqlite":
                    written = max(written, entry.stat().st_mtime)
                elif (
                    deeper
                    and entry.name not in _NEVER
                    and not entry.name.startswith(".")
                    and entry.is_dir(follow_symlinks=False)
                ):
                    below.append(Path(entry.path))
    except OSError:
        return  # a folder of others
    if found:
        yield folder / FILE, written
        return  # what a mailing keeps beside it is no mailing
    for each in below:
        yield from _mailings(each, deeper - 1)


def folder_of(request: Request) -> Folder:
    """The desk's folder."""
    folder: Folder = request.app.state.folder
    return folder


def path_at(request: Request) -> Path:
    """The mailing.toml that an address names; 404 where it leads nowhere, or out of FOLDER."""
    path = folder_of(request).inside(request.path_params["mailing"])
    if path is None or path.suffix != ".toml" or not path.is_file():
        raise HTTPException(404)
    return path


def mailing_at(request: Request) -> Mailing:
    """The mailing that an address names.

    404 where it leads nowhere, or out of FOLDER. Raises SettingsError where it cannot be read.
    """
    return Mailing.load(path_at(request))
