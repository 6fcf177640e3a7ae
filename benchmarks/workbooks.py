"""What reading a workbook costs: CPU and memory, beside the ways it is usually read.

`python benchmarks/workbooks.py [ROWS ...]` writes workbooks of ROWS rows (40,000 and 300,000
unless told) with 20 columns of texts, numbers and dates, and reads each in a process of its own.
openpyxl hands out values alone, without what their formats show: no leading zeros of a postcode.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from subprocess import run
from tempfile import TemporaryDirectory

from openpyxl import load_workbook
from xlsxwriter import Workbook

from batchsend.lists.workbooks.grid import store
from batchsend.lists.workbooks.xlsx import XlsxBook

try:
    import resource
except ImportError:  # Windows does not count a process's memory this way
    resource = None  # type: ignore[assignment]

TEXTS, NUMBERS, DATES = 11, 6, 3
"""Columns of each kind."""


def write_workbook(path: Path, rows: int) -> None:
    """A list of made-up values, as Excel would keep it: texts shared, dates as numbers."""
    book = Workbook(path)
    sheet = book.add_worksheet("Kunder")
    day, amount = (book.add_format({"num_format": code}) for code in ("dd.mm.yyyy", "#,##0.00"))
    chosen = random.Random(1)
    for column in range(TEXTS + NUMBERS + DATES):
        sheet.write_string(0, column, f"Felt {column}")
    for row in range(1, rows + 1):
        for column in range(TEXTS):
            sheet.write_string(row, column, f"verdi {column} {row % (7 ** (column % 6 + 1))}")
        for column in range(TEXTS, TEXTS + NUMBERS):
            number = chosen.randrange(10**6) / 100 if column % 2 else row * column
            sheet.write_number(row, column, number, amount if column % 2 else None)
        for column in range(TEXTS + NUMBERS, TEXTS + NUMBERS + DATES):
            sheet.write_datetime(row, column, date(2026, 1, 1) + timedelta(row % 700), day)
    book.close()


def read_by_batchsend(path: Path) -> int:
    """Rows stored as a person sees the sheet, as its own process for workbooks does it."""
    book = XlsxBook(path)
    with TemporaryDirectory() as folder:
        store(book.open(book.sheets[0].name), Path(folder), hidden=False)
        return len(list(Path(folder).iterdir()))


def read_by_openpyxl(path: Path) -> int:
    """Values alone."""
    book = load_workbook(path, read_only=True, data_only=True)
    return sum(len(row) for row in book.active.iter_rows(values_only=True))


WAYS: dict[str, Callable[[Path], int]] = {
    "batchsend": read_by_batchsend,
    "openpyxl": read_by_openpyxl,
}


def measure(way: str, path: Path) -> dict[str, float]:
    """CPU seconds and the most megabytes of one way."""
    before = time.process_time()
    WAYS[way](path)
    used = time.process_time() - before
    if resource is None:
        return {"cpu": used, "peak": float("nan")}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"cpu": used, "peak": peak / (1024**2 if sys.platform == "darwin" else 1024)}


def in_its_own_process(task: str, *arguments: object) -> str:
    """Do a task of this script apart: a child begins with the most memory its parent has had."""
    command = [sys.executable, __file__, task, *map(str, arguments)]
    return run(command, check=True, capture_output=True, text=True).stdout


def main(arguments: list[str]) -> None:
    """Measure the sizes that `arguments` name, or do one task of it in this process."""
    match arguments:
        case ["--measure", way, path]:
            print(json.dumps(measure(way, Path(path))))
        case ["--write", path, rows]:
            write_workbook(Path(path), int(rows))
        case sizes:
            compare([int(size) for size in sizes] or [40_000, 300_000])


def compare(sizes: list[int]) -> None:
    """Print a line for each size and way."""
    print(f"{'rows':>10}  {'way':<10} {'CPU s':>7} {'peak MB':>8}")
    for rows in sizes:
        with TemporaryDirectory() as folder:
            path = Path(folder) / "list.xlsx"
            in_its_own_process("--write", path, rows)
            for way in WAYS:
                found = json.loads(in_its_own_process("--measure", way, path))
                print(f"{rows:>10,}  {way:<10} {found['cpu']:>7.2f} {found['peak']:>8.0f}")


if __name__ == "__main__":
    main(sys.argv[1:])
