"""How soon pages can be used: a long report in a browser, and a desk of very many mailings.

    python benchmarks/pages.py [--rows 100000] [--mailings 10000]

The report is of a mailing as `second_run.py` makes it; it can be used once its rows are shown. The
desk runs in a process of its own, each mailing in a folder of its own with its list and its
template; the start page is asked for as a browser does. Needs the `benchmarks` extra and Chromium.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import other_programs
import second_run
from playwright.sync_api import sync_playwright

from batchsend import report

LEFT = 100
ROUNDS = 5
USABLE = "() => document.querySelectorAll('#table tbody tr').length > 0"


def main() -> None:
    """Measure and print a table."""
    options = _options()
    with TemporaryDirectory() as folder:
        os.environ["BATCHSEND_DATA"] = str(Path(folder) / "data")
        took = {f"report.html of {options.rows:,} rows": _report(Path(folder), options.rows)}
        first, again = _start_page(Path(folder) / "many", options.mailings)
    took[f"the start page of a desk of {options.mailings:,} mailings, first"] = [first]
    took["the same again"] = again
    for name, each in took.items():
        print(f"{name:55}{statistics.median(each):6.2f} s")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--mailings", type=int, default=10_000)
    return parser.parse_args()


def _report(folder: Path, rows: int) -> list[float]:
    """Seconds until the report can be used, each time in a new tab."""
    mailing = second_run._mailing(folder, rows, 6)
    second_run._first_run(mailing, "http://127.0.0.1:9", LEFT, killed=False)
    [page] = report(mailing, files=[folder / "report.html"]).files
    took = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=other_programs.CHROMIUM, args=other_programs.NO_SANDBOX
        )
        browser.new_page().goto("about:blank")  # the browser itself has started
        for _round in range(ROUNDS):
            tab = browser.new_page()
            began = time.perf_counter()
            tab.goto(page.as_uri())
            tab.wait_for_function(USABLE)
            took.append(time.perf_counter() - began)
            tab.close()
        browser.close()
    return took


def _start_page(folder: Path, mailings: int) -> tuple[float, list[float]]:
    """Seconds of the first answer, and of those after it."""
    for number in range(mailings):
        place = folder / f"{number // 100:03}" / f"mailing {number}"
        place.mkdir(parents=True)
        (place / "list.csv").write_text("number;name\n1;Kari Nordmann\n", encoding="utf-8")
        (place / "letter.html").write_text(second_run.TEMPLATE, encoding="utf-8")
        (place / "mailing.toml").write_text(second_run.MAILING, encoding="utf-8")
    with _desk(folder) as link, httpx.Client(timeout=60) as browser:
        browser.get(link)  # which lets it in, and leads to the start page
        start, took = str(httpx.URL(link).join("/")), []
        for _round in range(ROUNDS + 1):
            began = time.perf_counter()
            answer = browser.get(start, headers={"sec-fetch-site": "same-origin"})
            took.append(time.perf_counter() - began)
            assert f"of {mailings}" in " ".join(re.sub("<[^>]+>", " ", answer.text).split())
    return took[0], took[1:]


@contextmanager
def _desk(folder: Path) -> Iterator[str]:
    """The link of a desk that runs."""
    command = [sys.executable, "-m", "batchsend", "desk", str(folder), "--no-browser"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as desk:
        assert desk.stdout is not None
        found = re.search(r"http://\S+", desk.stdout.readline())
        assert found is not None
        try:
            yield found[0]
        finally:
            desk.terminate()


if __name__ == "__main__":
    main()
