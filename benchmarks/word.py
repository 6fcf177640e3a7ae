"""Letters written in Word: by LibreOffice and as HTML, beside LibreOffice alone.

    python benchmarks/word.py [--letters 64] [--rounds 3]

The letter is the meter reading of the examples, every one with other data. All ways take turns in
one run; times are CPU, LibreOffice's own included, and medians. What they are held against is
LibreOffice converting the same letters, filled in beforehand as a mail merge leaves them: all of
them at one start, and one at a start each (an eighth of them).
"""

from __future__ import annotations

import argparse
import resource
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from batchsend import Mailing
from batchsend.letters import Letter
from batchsend.lists import Column
from batchsend.operations.check import check_into
from batchsend.rendering import Renderer, Templates, TemplateSettings
from batchsend.rendering.document import Document
from batchsend.starter import read_letter, write_letter
from batchsend.word import filled
from batchsend.word.office_process import Office, office

EXAMPLE = Path(__file__).parent.parent / "example_data" / "meter-reading" / "mailing.toml"
BASE = "LibreOffice alone, one start"
SHARE = 8
"""A start for each letter is tried with one in so many."""


def main() -> None:
    """Measure and print the table."""
    options = _options()
    if office() is None:
        print("LibreOffice is not installed.")
        return
    mailing, columns, letters = _letters(options.letters)
    with TemporaryDirectory() as name:
        folder = Path(name)
        ways = _ways(mailing, columns, letters, folder)
        measured: dict[str, list[tuple[float, float]]] = {way: [] for way in ways}
        for _ in range(options.rounds):
            for way, (count, run) in ways.items():
                measured[way].append(_timed(run, count))
    cpu = {way: statistics.median(m[0] for m in each) for way, each in measured.items()}
    clock = {way: statistics.median(m[1] for m in each) for way, each in measured.items()}
    print(f"{'':44}{'CPU ms a letter':>16}{'clock ms':>10}{'to ' + BASE:>34}")
    for way in ways:
        print(f"{way:44}{cpu[way]:16.2f}{clock[way]:10.2f}{cpu[way] / cpu[BASE]:34.3f}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--letters", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=3)
    return parser.parse_args()


def _letters(count: int) -> tuple[Mailing, tuple[Column, ...], list[Letter]]:
    mailing = Mailing.load(EXAMPLE)
    templates = Templates.load(mailing.template, folder=mailing.folder)
    with TemporaryDirectory() as folder:
        checked = check_into(Path(folder) / "snapshot", mailing, templates)
        some, columns = list(checked.snapshot.letters()), checked.snapshot.columns
    made = (replace(some[n % len(some)], identifier=f"bench-{n}") for n in range(count))
    return mailing, columns, list(made)


def _ways(
    mailing: Mailing, columns: tuple[Column, ...], letters: list[Letter], folder: Path
) -> dict[str, tuple[int, Callable[[], None]]]:
    templates = Templates.load(mailing.template, folder=mailing.folder)
    faithful = Renderer(templates, columns)
    files = templates.for_language("NO").fitted(columns)
    document = mailing.folder / str(mailing.template.path)
    turned = write_letter(read_letter(document, columns), folder / "letter")
    html = Renderer(Templates.load(TemplateSettings(path=turned.letter), folder=folder), columns)

    def fill() -> list[bytes]:
        return [filled(faithful.html(letter), files.word_parts) for letter in letters]

    merged = folder / "merged"
    merged.mkdir()
    for number, data in enumerate(fill()):
        (merged / f"{number}.docx").write_bytes(data)
    names = [f"{number}.docx" for number in range(len(letters))]
    alone = Office(folder)

    def one_start() -> None:
        alone.convert(names, merged, to="pdf", limit=60)
        _clear(merged)

    def a_start_each() -> None:
        for name in names[: max(len(names) // SHARE, 1)]:
            alone.convert([name], merged, to="pdf", limit=60)
        _clear(merged)

    fill()  # once, for what is compiled and read at first
    html.render_each(letters[:2])
    return {
        BASE: (len(names), one_start),
        "LibreOffice alone, a start each": (max(len(names) // SHARE, 1), a_start_each),
        "batchsend, filled in only": (len(names), fill),
        "batchsend, libreoffice, checked": (len(names), lambda: _rendered(faithful, letters)),
        "batchsend, turned into HTML, checked": (len(names), lambda: _rendered(html, letters)),
    }


def _rendered(renderer: Renderer, letters: list[Letter]) -> None:
    made = renderer.render_each(letters)
    wrong = [each for each in made if not isinstance(each, Document)]
    if wrong:
        raise SystemExit(f"{len(wrong)} letters failed: {wrong[0]}")


def _clear(folder: Path) -> None:
    for path in folder.glob("*.pdf"):
        path.unlink()


def _timed(run: Callable[[], object], count: int) -> tuple[float, float]:
    """Milliseconds a letter: of CPU, with that of programs started, and by the clock."""
    before, began = _cpu(), time.perf_counter()
    run()
    return (_cpu() - before) * 1000 / count, (time.perf_counter() - began) * 1000 / count


def _cpu() -> float:
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in used)


if __name__ == "__main__":
    main()
