"""What else makes PDFs of letters: headless Chromium, and LibreOffice as an office would use it.

    python benchmarks/other_programs.py

lists the ways; `rendering.py` runs each in a process of its own and says how they compare. They get
letters that the templates have already been filled into. Chromium prints the HTML that batchsend's
engines get: through its DevTools protocol (Playwright), with one page kept open, and as a process
for each letter. LibreOffice converts mail-merged .docx of the same text, table, letterhead and
footer (python-docx) in one call; making them counts.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from html.parser import HTMLParser
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome") or ""
OFFICE = shutil.which("soffice") or shutil.which("libreoffice") or ""
PR_SET_CHILD_SUBREAPER = 36
NO_SANDBOX = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []


def chromium_kept_open(letters: Sequence[Path], out: Path) -> None:
    """One browser, one page, a letter after the other."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - it may not be there

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=NO_SANDBOX)
        page = browser.new_page()
        for letter in letters:
            page.goto(letter.as_uri())
            page.pdf(path=out / f"{letter.stem}.pdf", prefer_css_page_size=True)
        browser.close()


def chromium_each(letters: Sequence[Path], out: Path) -> None:
    """A process for each letter, as scripts call it."""
    for letter in letters:
        printed = f"--print-to-pdf={out / letter.stem}.pdf"
        subprocess.run(
            [
                CHROMIUM,
                "--headless",
                *NO_SANDBOX,
                "--no-pdf-header-footer",
                printed,
                letter.as_uri(),
            ],
            check=True,
            capture_output=True,
        )


def libreoffice(letters: Sequence[Path], out: Path) -> None:
    """A .docx for each letter, all converted in one call."""
    documents = [_docx(letter, out / f"{letter.stem}.docx") for letter in letters]
    profile = f"-env:UserInstallation={(out / 'profile').as_uri()}"
    subprocess.run(
        [OFFICE, profile, "--headless", "--convert-to", "pdf", "--outdir", str(out), *documents],
        check=True,
        capture_output=True,
    )


Way = Callable[[Sequence[Path], Path], None]
WAYS: dict[str, tuple[Way, int]] = {
    "Chromium, kept open": (chromium_kept_open, 60),
    "Chromium, a process each": (chromium_each, 8),
    "LibreOffice, one batch": (libreoffice, 60),
}
"""Each way, and how many letters it gets, since all of them are slow."""


def missing(way: str) -> str:
    """What it would take that is not here; empty where nothing is."""
    if way.startswith("Chromium"):
        if not CHROMIUM:
            return "there is no Chromium here"
        if way == "Chromium, kept open" and not importlib.util.find_spec("playwright"):
            return "there is no Playwright here"
    elif not OFFICE:
        return "there is no LibreOffice here"
    elif not importlib.util.find_spec("docx"):
        return "there is no python-docx here"
    return ""


def measured(way: str, template: Path, letters: Sequence[str]) -> tuple[float, float, float]:
    """Letters a second of CPU and by the clock, and kB of a PDF.

    The first letter is made alone before and taken off again: a program's start does not count.
    """
    _adopt_orphans()
    with TemporaryDirectory() as folder:
        place, out = Path(folder) / "letters", Path(folder) / "out"
        shutil.copytree(template, place)
        out.mkdir()
        paths = [place / f"letter-{n}.html" for n in range(len(letters))]
        for path, html in zip(paths, letters, strict=True):
            path.write_text(html, encoding="utf-8")
        one, all_of_them = _spent(way, paths[:1], out), _spent(way, paths, out)
        cpu, clock = (whole - first for whole, first in zip(all_of_them, one, strict=True))
        sizes = [(out / f"{path.stem}.pdf").stat().st_size for path in paths]
    count = len(letters) - 1
    return count / cpu, count / clock, sum(sizes) / len(sizes) / 1000


def _spent(way: str, letters: Sequence[Path], out: Path) -> tuple[float, float]:
    clock, cpu = time.perf_counter(), _cpu()
    WAYS[way][0](letters, out)
    return _cpu() - cpu, time.perf_counter() - clock


def _adopt_orphans() -> None:
    """Be told of the CPU time of every process below this one, also those whose parent has gone."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _cpu() -> float:
    """Seconds of this process and all below it, ended or not."""
    with suppress(ChildProcessError):
        while os.name == "posix" and os.waitpid(-1, os.WNOHANG)[0]:
            pass
    this = psutil.Process()
    times = [this.cpu_times(), *(each.cpu_times() for each in this.children(recursive=True))]
    # Their own, and on POSIX that of their children that have ended.
    return sum(sum(each[:4]) for each in times)


class _Parts(HTMLParser):
    """The parts of a letter in their order: paragraphs with their class or tag, and table rows."""

    _KINDS = ("h1", "h2", "p", "dt", "dd", "td", "th", "div")

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, list[str]]] = []
        self._kind, self._text, self._row = "", "", None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self._row = []
        elif tag == "br":
            self._text += "\n"
        elif tag in self._KINDS:
            self._end()
            self._kind = dict(attrs).get("class") or tag

    def handle_endtag(self, tag: str) -> None:
        if tag in self._KINDS:
            self._end()
        elif tag == "tr":
            self.found.append(("tr", self._row or []))
            self._row = None

    def handle_data(self, data: str) -> None:
        self._text += data

    def _end(self) -> None:
        text = "\n".join(" ".join(line.split()) for line in self._text.split("\n") if line.strip())
        if self._row is not None and self._kind:
            self._row.append(text)
        elif text and self._kind:
            self.found.append((self._kind, [text]))
        self._kind, self._text = "", ""


def _docx(letter: Path, path: Path) -> str:
    """The letter as a word processor has it: the same texts, a table, a footer."""
    from docx import Document  # noqa: PLC0415 - it may not be there
    from docx.shared import Mm, Pt  # noqa: PLC0415

    parts = _Parts()
    parts.feed(letter.read_text(encoding="utf-8").partition("<body>")[2])
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(25)
    document.styles["Normal"].font.name, document.styles["Normal"].font.size = "Noto Sans", Pt(10)
    table = None
    for kind, texts in parts.found:
        if kind == "tr":
            table = table or document.add_table(rows=0, cols=len(texts))
            for cell, text in zip(table.add_row().cells, texts, strict=False):
                cell.text = text
        elif kind == "sender-line":
            section.footer.paragraphs[0].text = texts[0]
        elif kind in {"h1", "h2"}:
            document.add_heading(texts[0], level=int(kind[1]))
        else:
            document.add_paragraph(texts[0])
    document.save(str(path))
    return str(path)


if __name__ == "__main__":
    for name in WAYS:
        print(name, missing(name) or "is here", sep=": ")
