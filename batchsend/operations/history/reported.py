"""The files of a mailing that runs wrote for people: its reports, and the rows to be corrected."""

from __future__ import annotations

import re
from pathlib import Path

from batchsend.mailing import Mailing
from batchsend.reports import is_report


def report_files(mailing: Mailing) -> list[Path]:
    """Its reports, beside it and under `reports/`; those of other mailings there are not."""
    found = [path for path in _ours(mailing) if path.stat().st_size and is_report(path)]
    return sorted(found)


def workbooks(mailing: Mailing) -> list[Path]:
    """Its needs-attention workbooks, whoever saved them last."""
    stem = Path(mailing.needs_attention).stem
    named = re.compile(rf"{re.escape(stem)}(-new)?(-\d+)?\.xlsx")
    return sorted(path for path in _ours(mailing) if named.fullmatch(path.name))


def _ours(mailing: Mailing) -> list[Path]:
    folder = mailing.folder
    neighbours = {f"{path.stem}." for path in folder.glob("*.toml")} - {"mailing."}
    own = f"{mailing.path.stem}."
    found = [*folder.iterdir(), *(folder / "reports").rglob("*")]
    return [
        path
        for path in found
        if not any(path.name.startswith(each) for each in neighbours - {own})
        and (own == "mailing." or path.name.startswith(own))
        and path.is_file()
    ]
