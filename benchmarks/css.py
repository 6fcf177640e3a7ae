"""CSS and HTML that the engines do, leave out or do wrong: each feature of `css_trials.toml` is
printed with and without it, by each engine as batchsend uses it and by Chromium, and the pictures
are compared.

    python benchmarks/css.py

Writes what it finds into `batchsend/rendering/css/support.csv`, by which `check` warns, and
`docs/css.md`. A feature with which no engine's page looks otherwise proves nothing: it is named
and left out. Needs the `benchmarks` extra, and Chromium on the path.
"""

from __future__ import annotations

import csv
import io
import math
import re
import shutil
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from html import escape
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal, NamedTuple

import pypdfium2
from PIL import Image, ImageChops

from batchsend.expressions import environment
from batchsend.rendering.css.support import TABLE, cure, pattern
from batchsend.rendering.settings import EngineName
from batchsend.rendering.template_files import TemplateFiles

TRIALS = Path(__file__).with_suffix("").with_name("css_trials.toml")
PAGE = Path(__file__).parent.parent / "docs" / "css.md"
BASE = (
    '@page { size: 100mm 90mm; margin: 5mm } body { margin: 0; font: 10pt/14pt "Noto Sans" } '
    "p { margin: 0 0 2mm 0 }"
)
"""What every page of a trial begins with."""
SCALE = 2
"""Dots a point: a missing word is some hundred of them."""
DARKER = 24
FEW = 200
"""What should look alike does where no more dots than this differ by more than that, of 255. Of
one page with and without a feature no dot differs, if the engine leaves it out."""
Verdict = Literal["yes", "no", "wrong"]
Printed = Callable[[str], bytes]
"""HTML, to a PDF."""


class Trial(NamedTuple):
    """A feature, in a page with it, the same without it, and one that should look like it."""

    feature: str
    group: str
    used: str
    unused: str
    like: str | None


def trials() -> Iterator[Trial]:
    """All that are tried, by group, as the file has them."""
    groups = tomllib.loads(TRIALS.read_text(encoding="utf-8"))
    pages = groups.pop("pages")
    for group, features in groups.items():
        for feature, said in features.items():
            html = said.get("html", "words" if "css" in said else "")
            body = pages.get(html, html)
            own = f"<style>{said.get('css', '')}</style>{body}"
            token = re.escape(said["token"]) if "token" in said else pattern(feature)
            like = f"<style>{said['like']}</style>{body}" if "like" in said else None
            yield Trial(feature, group, own, _without(token, own), like)


def verdict(trial: Trial, printed: Printed) -> Verdict:
    """What an engine does of it."""
    with_it, without = printed(_whole(trial.used)), printed(_whole(trial.unused))
    if with_it == without:
        return "no"
    used = pictures(with_it)
    if differing(used, pictures(without)) == 0:
        return "no"
    if trial.like is not None and differing(used, pictures(printed(_whole(trial.like)))) > FEW:
        return "wrong"
    return "yes"


def pictures(pdf: bytes) -> list[Image.Image]:
    """A small picture of each page."""
    with closing(pypdfium2.PdfDocument(pdf)) as document:
        return [page.render(scale=SCALE).to_pil().convert("RGB") for page in document]


def differing(some: list[Image.Image], others: list[Image.Image]) -> float:
    """How many dots a reader sees to differ."""
    if [each.size for each in some] != [each.size for each in others]:
        return math.inf
    pairs = zip(some, others, strict=True)
    greys = (ImageChops.difference(one, other).convert("L") for one, other in pairs)
    return sum(sum(grey.histogram()[DARKER:]) for grey in greys)


@contextmanager
def engine(name: EngineName, folder: Path) -> Iterator[Printed]:
    """An engine as batchsend uses it; `folder` has the files of the trials."""
    from importlib import import_module  # noqa: PLC0415 - one of them may be missing

    module = import_module(f"batchsend.rendering.engines.{name}")
    jinja = environment(autoescape=True)

    def printed(html: str) -> bytes:
        letter = folder / "letter.html"
        letter.write_text(html, encoding="utf-8")
        files = TemplateFiles.read(letter, jinja)
        pdf: bytes = module.engine(None).render(html, files).pdf
        return pdf

    yield printed


@contextmanager
def chromium(folder: Path) -> Iterator[Printed]:
    """The browser of the system."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - an extra

    program = shutil.which("chromium") or shutil.which("google-chrome") or shutil.which("chrome")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page()

        def printed(html: str) -> bytes:
            letter = folder / "letter.html"
            letter.write_text(html, encoding="utf-8")
            page.goto(letter.as_uri())
            return page.pdf(prefer_css_page_size=True, print_background=True)

        yield printed
        browser.close()


def files_of_trials(folder: Path) -> None:
    """A picture of 4 by 4 dots, and a style sheet to import."""
    dots = Image.effect_noise((40, 40), 200).convert("RGB")
    dots.paste((255, 0, 0), (0, 0, 20, 10))
    dots.save(folder / "dots.png", dpi=(96, 96))
    (folder / "imported.css").write_text(".b { color: red }", encoding="utf-8")


def main() -> None:
    """Try everything and write the table and its page."""
    found: dict[str, dict[str, Verdict]] = {}
    versions = {}
    with TemporaryDirectory() as named:
        folder = Path(named)
        files_of_trials(folder)
        for name in ("plutoprint", "weasyprint"):
            versions[name] = f"{name} {version(name)}"
            with engine(name, folder) as printed:
                _try_all(name, printed, found)
        with chromium(folder) as printed:
            versions["chromium"] = "chromium"
            _try_all("chromium", printed, found)
    for feature in [each for each, said in found.items() if set(said.values()) == {"no"}]:
        print(f"no engine shows it: {feature}")
        del found[feature]
    file = io.StringIO()
    table = csv.writer(file, lineterminator="\n")
    table.writerow(("feature", *versions.values()))
    table.writerows((feature, *said.values()) for feature, said in found.items())
    TABLE.write_text(file.getvalue(), encoding="utf-8")
    PAGE.write_text(page(found, versions), encoding="utf-8")


def _try_all(name: str, printed: Printed, found: dict[str, dict[str, Verdict]]) -> None:
    for trial in trials():
        found.setdefault(trial.feature, {})[name] = verdict(trial, printed)
        print(f"{name:11} {trial.feature:32} {found[trial.feature][name]}", file=sys.stderr)


def page(found: Mapping[str, Mapping[str, str]], versions: Mapping[str, str]) -> str:
    """The page of the documentation."""
    lines = [
        "# CSS that is printed",
        "",
        "Made by `python benchmarks/css.py`, which prints each feature with and without it and",
        f"compares the pictures: {versions['plutoprint']}, {versions['weasyprint']}, and Chromium,",
        "which shows that the feature does something. What is missing here was not tried.",
        "",
        "“no” is left out by the engine in silence; “wrong” looks otherwise than it should. Of",
        "both, `check` names file and line. The columns are of letters by batchsend: the",
        "[foot of a page](pages.md#the-foot-of-a-page) is put right after PlutoPrint. What it does",
        "not do is written up [for its authors](upstream.md).",
    ]
    groups = {trial.feature: trial.group for trial in trials()}
    for group in dict.fromkeys(groups.values()):
        told = [each for each in found if groups[each] == group]
        fine = [each for each in told if set(list(found[each].values())[:2]) == {"yes"}]
        rest = [each for each in told if each not in fine]
        lines += ["", f"## {group.replace('-', ' ').capitalize()}", ""]
        if rest:
            lines += ["| | PlutoPrint | WeasyPrint | Chromium | instead |", "|---|---|---|---|---|"]
            lines += [f"| {_row(each, found[each])} |" for each in rest]
            lines += [""]
        lines += [f"Done by both engines: {', '.join(f'`{each}`' for each in fine)}."]
    return "\n".join(lines) + "\n"


def _row(feature: str, said: Mapping[str, str]) -> str:
    return " | ".join((f"`{feature}`", *said.values(), escape(cure(feature), quote=False)))


def _whole(own: str) -> str:
    return f"<!doctype html><html><meta charset=utf-8><style>{BASE}</style>{own}"


def _without(token: str, own: str) -> str:
    """The same with a name that nobody knows in place of the feature's own."""
    found = re.search(token, own, re.IGNORECASE)
    if found is None:
        raise ValueError(f"{token} does not stand in {own}")
    start = found.start("name") if "name" in found.re.groupindex else found.start()
    while not own[start].isalpha():
        start += 1
    return f"{own[:start]}x-{own[start:]}"


if __name__ == "__main__":
    main()
