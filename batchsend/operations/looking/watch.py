"""Previewing again whenever a file is saved that the letters come from."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Generator
from pathlib import Path

from batchsend.errors import BatchsendError
from batchsend.letters import RowSet
from batchsend.mailing import Mailing
from batchsend.operations.preview import Proofs, Stamp, last_saved
from batchsend.operations.templates import templates_of
from batchsend.previews import Preview

LOOKS = 0.5
"""Seconds between two looks at whether a file was saved."""


def watch(
    load: Callable[[], Mailing], *, out: Path, rows: RowSet | None = None, marks: bool = False
) -> Generator[Preview | BatchsendError]:
    """The same at once and whenever mailing.toml, the list or the template is saved, without end.

    `load` reads the mailing, each time anew. What is wrong later is handed over in place of a
    preview, and watching goes on.
    """
    mailing = load()
    with Proofs(out, rows, marks) as proofs:
        shown: object = None
        while True:
            before = _stamps(mailing, out)
            try:
                mailing = load()
                # It may name other files now. As it was before it was read: it may change again.
                before = _stamps(mailing, out) | {mailing.path: before[mailing.path]}
                templates = templates_of(mailing)
                # Other files come and go beside a template; most of them mean nothing to it.
                now = mailing, last_saved(mailing.folder / mailing.list.path), templates.digest
                if now != shown:
                    yield proofs.of(mailing, templates)
                shown = now
            except BatchsendError as error:
                shown = None
                yield error
            while _stamps(mailing, out) == before:
                time.sleep(LOOKS)


def _stamps(mailing: Mailing, out: Path) -> dict[Path, Stamp]:
    """When each file that a preview may come from was last saved; not what previews write."""
    settings = mailing.template.path if mailing.template else {}
    templates = settings.values() if isinstance(settings, dict) else [settings]
    found = {path: last_saved(path) for path in (mailing.path, mailing.folder / mailing.list.path)}
    for folder in {(mailing.folder / template).parent.resolve() for template in templates}:
        for here, folders, names in os.walk(folder):
            inside = Path(here)
            folders[:] = [
                name
                for name in folders
                if not name.startswith(".") and inside / name != out.resolve()
            ]
            found |= {inside / name: last_saved(inside / name) for name in names}
    return found
