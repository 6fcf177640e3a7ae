"""Rendering alone: engines beside each other, one and two workers, and where the time goes.

    python benchmarks/rendering.py [--letters 2000] [--rounds 3] [--memory 20000]

The letter is the rent notice of the examples, every one with other data. WeasyPrint takes its turn
where it is installed, with a twentieth of the letters and one round. Figures are medians.
Chromium and LibreOffice make a few of the same letters, each in a process of its own, where they
are installed; `other_programs.py` says how. Needs the `benchmarks` extra.
`--memory` renders that many letters and shows what two workers' memory did meanwhile.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib.util
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import other_programs
import psutil
from pydantic import SecretStr

from batchsend import Mailing
from batchsend.letters import Letter, Snapshot
from batchsend.operations.check import check_into
from batchsend.rendering import Renderer, RenderPool, Templates, TemplateSettings
from batchsend.rendering.page_checks import check_pages
from batchsend.request import Subscription, request_body

EXAMPLE = Path(__file__).parent.parent / "example_data" / "rent-notice" / "mailing.toml"
SUBSCRIPTION = Subscription(SubscriptionId=SecretStr("bench"), StorageId=SecretStr("mark"))
WEASYPRINT_SHARE = 20
CHUNK = 16


def main() -> None:
    """Measure and print the tables."""
    options = _options()
    engines = ["plutoprint"]
    if importlib.util.find_spec("weasyprint"):
        engines.append("weasyprint")
    if options.engine in other_programs.WAYS:
        _other_program(options.engine)
        return
    if options.engine:
        _one_core(options.engine, options.letters)
        return
    _compare(engines, options.letters, options.rounds)
    _compare_programs(engines, options.letters)
    _parts()
    if options.memory:
        _memory(options.memory)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--letters", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--memory", type=int, default=0)
    parser.add_argument("--engine", help=argparse.SUPPRESS)
    return parser.parse_args()


def _compare(engines: list[str], letters: int, rounds: int) -> None:
    ways: dict[tuple[str, int], Callable[[], float]] = {}
    others: dict[tuple[str, str], float] = {}
    for engine in engines:
        count = letters if engine == "plutoprint" else letters // WEASYPRINT_SHARE
        ways[engine, 0] = lambda engine=engine, count=count: _apart(engine, count, others)
        for workers in (1, 2):
            ways[engine, workers] = lambda engine=engine, count=count, workers=workers: _pressed(
                engine, workers, count
            )
    speeds: dict[tuple[str, int], list[float]] = {way: [] for way in ways}
    for turn in range(rounds):
        for name, way in ways.items():
            if turn == 0 or name[0] == "plutoprint":
                speeds[name].append(way())
    medians = {name: statistics.median(each) for name, each in speeds.items()}

    print(f"{'':14}{'one core, letters per CPU second':>38}{'workers, by the clock':>26}")
    print(
        f"{'':14}{'rendered':>18}{'checked, in a request':>20}{'one':>12}{'two':>13}{'PDF kB':>9}"
    )
    for engine in engines:
        core, one, two = (medians[engine, n] for n in (0, 1, 2))
        checked, size = others[engine, "checked"], others[engine, "kB"]
        print(f"{engine:14}{core:18.1f}{checked:20.1f}{one:13.1f}{two:13.1f}{size:9.1f}")
    print("\nratios")
    for engine in engines:
        print(f"{engine + ', 2 workers to 1':38}{medians[engine, 2] / medians[engine, 1]:6.2f}")
    if len(engines) > 1:
        for workers, said in ((0, "on one core"), (2, "with 2 workers")):
            ratio = medians["plutoprint", workers] / medians["weasyprint", workers]
            print(f"{'plutoprint to weasyprint ' + said:38}{ratio:6.1f}")


def _letters(count: int) -> tuple[Mailing, tuple, list[Letter]]:
    """So many letters of the example, its own over and over with other rows and names."""
    mailing = Mailing.load(EXAMPLE)
    templates = Templates.load(mailing.template, folder=mailing.folder)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "snapshot.parquet"
        check_into(path, mailing, templates)
        snapshot = Snapshot.open(path)
        some, columns = list(snapshot.letters()), snapshot.columns
    return mailing, columns, list(_endless(some, count))


def _endless(some: list[Letter], count: int) -> Iterator[Letter]:
    for n in range(count):
        letter = some[n % len(some)]
        recipient = {**letter.fields["Invoicee"], "Name": f"Kari Nordmann {n}"}
        fields = {**letter.fields, "Channel": "PRINT", "Invoicee": recipient}
        yield replace(letter, channel="PRINT", identifier=f"bench-{n}", fields=fields)


def _templates(mailing: Mailing, engine: str) -> Templates:
    settings = TemplateSettings.model_validate({**dict(mailing.template), "engine": engine})
    return Templates.load(settings, folder=mailing.folder)


def _apart(engine: str, count: int, others: dict[tuple[str, str], float]) -> float:
    """Letters a second of CPU, in a process of its own: one has one engine and one set of fonts."""
    command = [sys.executable, __file__, "--engine", engine, "--letters", str(count)]
    said = _figures(command)
    rendered, others[engine, "clock"], others[engine, "kB"], others[engine, "checked"] = said
    return rendered


def _figures(command: list[str]) -> list[float]:
    said = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    return [float(figure) for figure in said.split()]


def _one_core(engine: str, count: int) -> None:
    mailing, columns, letters = _letters(count)
    templates = _templates(mailing, engine)
    renderer = Renderer(templates, columns)
    files = templates.for_language(letters[0].language)
    chunks = [letters[start : start + CHUNK] for start in range(0, count, CHUNK)]
    renderer.render_each(chunks[0])
    size = 0

    clock, started = time.perf_counter(), time.process_time()
    for chunk in chunks:
        for html in [renderer.html(letter) for letter in chunk]:
            size += len(renderer._engine.render(html, files).pdf)
    clock, rendered = time.perf_counter() - clock, time.process_time()
    for chunk in chunks:
        for letter, document in zip(chunk, renderer.render_each(chunk), strict=True):
            request_body(letter.fields, document.pdf, SUBSCRIPTION)
    finished = time.process_time()
    print(count / (rendered - started), count / clock, size / count / 1000)
    print(count / (finished - rendered))


def _compare_programs(engines: list[str], letters: int) -> None:
    """What each makes of the same letters, one after the other; a start of its own is left out."""
    print(
        f"\n{'':26}{'letters per CPU s':>20}{'by the clock':>15}{'PDF kB':>9}{'plutoprint is':>24}"
    )
    first: list[float] = []
    for name in [*engines, *other_programs.WAYS]:
        if name in other_programs.WAYS and (missing := other_programs.missing(name)):
            print(f"{name:26}left out: {missing}")
            continue
        count = letters if name == "plutoprint" else letters // WEASYPRINT_SHARE
        command = [sys.executable, __file__, "--engine", name, "--letters", str(count)]
        cpu, clock, size, *_ = _figures(command)
        first = first or [cpu, clock]
        times = f"{first[0] / cpu:.1f} × and {first[1] / clock:.1f} ×"
        print(f"{name:26}{cpu:20.1f}{clock:15.1f}{size:9.1f}{times:>24}")


def _other_program(name: str) -> None:
    mailing, columns, letters = _letters(other_programs.WAYS[name][1] + 1)
    templates = _templates(mailing, "plutoprint")
    renderer = Renderer(templates, columns)
    folder = templates.for_language(letters[0].language).folder
    print(*other_programs.measured(name, folder, [renderer.html(letter) for letter in letters]))


def _pressed(engine: str, workers: int, count: int) -> float:
    """Letters a second by the clock, once every worker is at work."""
    mailing, columns, letters = _letters(count + CHUNK * workers)

    async def press() -> float:
        started, done, warm = 0.0, 0, len(letters) - count
        with RenderPool(
            _templates(mailing, engine), columns, SUBSCRIPTION, workers=workers
        ) as pressing:
            async for prepared in pressing.prepare(iter(letters)):
                assert not prepared.error, prepared.error
                done += 1
                if done == warm:
                    started = time.perf_counter()
        return count / (time.perf_counter() - started)

    return asyncio.run(press())


def _parts() -> None:
    """CPU time of each step, as a worker takes them: one step for a whole chunk, then the next."""
    mailing, columns, letters = _letters(CHUNK)
    templates = _templates(mailing, "plutoprint")
    renderer = Renderer(templates, columns)
    files = templates.for_language(letters[0].language)
    rules = templates.pages.PRINT
    spent: dict[str, list[float]] = {"template": [], "engine": [], "page checks": [], "request": []}
    for _ in range(60):
        html = _timed(spent["template"], lambda: [renderer.html(each) for each in letters])
        pages = _timed(
            spent["engine"], lambda html=html: [renderer._engine.render(h, files) for h in html]
        )
        _timed(
            spent["page checks"],
            lambda pages=pages: [
                check_pages(page.pdf, rules, letter.fields, page.layout)
                for page, letter in zip(pages, letters, strict=True)
            ],
        )
        _timed(
            spent["request"],
            lambda pages=pages: [
                request_body(letter.fields, page.pdf, SUBSCRIPTION)
                for page, letter in zip(pages, letters, strict=True)
            ],
        )
    medians = {part: statistics.median(each) / CHUNK * 1000 for part, each in spent.items()}
    print("\nms of CPU a letter, PlutoPrint")
    for part, each in medians.items():
        print(f"{part:24}{each:8.3f}")
    share = medians["page checks"] / (medians["template"] + medians["engine"])
    print(f"{'page checks to rendering':24}{share:8.2f}")


def _timed(spent: list[float], step: Callable[[], list]) -> list:
    started = time.process_time()
    made = step()
    spent.append(time.process_time() - started)
    return made


def _memory(count: int) -> None:
    mailing, columns, some = _letters(1000)

    async def press() -> None:
        marks = [count // 20, count // 4, count // 2, count - 1]
        letters = _endless(some, count)
        with RenderPool(
            _templates(mailing, "plutoprint"), columns, SUBSCRIPTION, workers=2
        ) as pressing:
            done = 0
            async for _ in pressing.prepare(letters):
                if done in marks:
                    sizes = [psutil.Process(pid).memory_info().rss / 1e6 for pid in pressing.pids]
                    own = psutil.Process().memory_info().rss / 1e6
                    shown = ", ".join(f"{size:.0f}" for size in sizes)
                    print(f"{done + 1:10,} letters: workers {shown} MB, main process {own:.0f} MB")
                done += 1

    print("\nmemory")
    asyncio.run(press())


if __name__ == "__main__":
    main()
