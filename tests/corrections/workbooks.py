"""Workbooks as other programs, and batchsend 0.1, leave them."""

from __future__ import annotations

import subprocess
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl


def as_0_1_wrote_it(path: Path, headings: Sequence[str], rows: Mapping[int, Sequence[str]]) -> None:
    """A needs-attention workbook of version 0.1: the list's columns, then what is wrong, which
    begins with the row's number."""
    book = openpyxl.Workbook()
    book.active.title = "Needs attention"
    book.active.append([*headings, "What is wrong (batchsend)"])
    for number, cells in rows.items():
        book.active.append([*cells, f"Row {number}: Postnr: Not a postcode in Norway."])
    book.save(path)
    with zipfile.ZipFile(path, "a") as archive:
        archive.comment = b"batchsend needs-attention"


def saved_by_libreoffice(path: Path) -> None:
    """Have LibreOffice open a workbook and save it again."""
    with TemporaryDirectory() as folder:
        profile = f"-env:UserInstallation=file://{folder}/profile"
        subprocess.run(
            ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", folder, path],
            check=True,
            capture_output=True,
            timeout=120,
        )
        path.write_bytes((Path(folder) / path.name).read_bytes())
