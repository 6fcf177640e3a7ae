"""CSS and HTML that an engine leaves out is named with file, line and what to write instead."""

from __future__ import annotations

import csv
import importlib.util
import json
import re
import subprocess
import sys
from html import escape
from pathlib import Path

import pytest

from batchsend.rendering.css.support import CURES, TABLE, gaps, pattern
from batchsend.rendering.settings import EngineName

ROOT = Path(__file__).parents[2]
ENGINES: tuple[EngineName, ...] = ("plutoprint", "weasyprint")
_SPEC = importlib.util.spec_from_file_location("css_trials", ROOT / "benchmarks" / "css.py")
assert _SPEC is not None
assert _SPEC.loader is not None
css = importlib.util.module_from_spec(_SPEC)
sys.modules["css_trials"] = css
_SPEC.loader.exec_module(css)

with TABLE.open(encoding="utf-8", newline="") as file:
    _ROWS = list(csv.reader(file))
FOUND = {feature: dict(zip(ENGINES, said, strict=False)) for feature, *said in _ROWS[1:]}
CHROMIUM = {row[0]: row[3] for row in _ROWS[1:]}
TRIALS = {trial.feature: trial for trial in css.trials() if trial.feature in FOUND}
DROPPED = [(each, engine) for engine in ENGINES for each in FOUND if FOUND[each][engine] != "yes"]
PAGE = (ROOT / "docs" / "css.md").read_text(encoding="utf-8")

MENTIONED = {
    "linear-gradient()": "background: linear-gradient(red, blue)",
    "target-counter()": "content: target-counter(attr(href), page)",
    "page": "page: wide",
    "calc(%)": "width: calc(50% - 1mm)",
    "min()": "width: min(10mm, 50%)",
    "break-after: avoid": "page-break-after: avoid",
    "top: -1mm": "top:-.5cm; position: fixed",
    "revert": "color: revert",
    "1q": "width: 3.5q",
}
DONE = [
    "display: flex",
    "page-break-after: always",
    "break-inside: avoid",
    "margin-left: calc(1mm + 2mm)",
    "transform: rotate(3deg)",
    "grid: none",
    "filter: none",
    "content: counter(page)",
    "page: auto",
    "text-transform: uppercase",
    "max-width: 30mm",
    "position: relative; top: -2pt",
    "position: absolute; top: 0; left: -10mm",
    "position: absolute; margin-top: -2mm; top: 3mm",
]


@pytest.mark.parametrize(("feature", "engine"), DROPPED)
def test_whoever_uses_it_is_told_and_nobody_else(feature: str, engine: EngineName) -> None:
    trial = TRIALS[feature]
    told = [each for each in gaps({"a.html": f"\n{trial.used}"}, engine) if f"“{feature}”" in each]
    assert len(told) == 1
    assert told[0].startswith("a.html, line 2: ")
    assert told[0].endswith(".")
    if FOUND[feature]["weasyprint"] == "yes":
        assert "; WeasyPrint does it. " in told[0]
    unused = gaps({"a.html": trial.unused.replace(".x-box {", ".box")}, engine)
    assert [each for each in unused if f"“{feature}”" in each] == []


TRYING = """
import json, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
import css
folder, wanted = Path(sys.argv[2]), json.load(sys.stdin)
css.files_of_trials(folder)
trials = {trial.feature: trial for trial in css.trials()}
with css.engine(sys.argv[3], folder) as printed:
    print(json.dumps({feature: css.verdict(trials[feature], printed) for feature in wanted}))
"""


@pytest.mark.slow
@pytest.mark.parametrize("engine", ENGINES)
def test_the_table_is_what_the_engines_do(engine: EngineName, tmp_path: Path) -> None:
    """In a process of its own: one renders with one set of fonts, and these are not the usual."""
    pytest.importorskip(engine)
    tried = subprocess.run(
        [sys.executable, "-c", TRYING, str(ROOT / "benchmarks"), str(tmp_path), engine],
        input=json.dumps(list(TRIALS)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert tried.returncode == 0, tried.stderr
    found = json.loads(tried.stdout.splitlines()[-1])
    assert found == {feature: said[engine] for feature, said in FOUND.items()}


def test_every_feature_is_one_that_some_engine_shows() -> None:
    shown = {each for each, said in FOUND.items() if "yes" in (*said.values(), CHROMIUM[each])}
    assert set(FOUND) == shown
    assert len(FOUND) > 250


def test_what_to_write_instead_is_of_features_that_are_left_out() -> None:
    assert set(CURES) <= {feature for feature, _engine in DROPPED}


def test_the_page_has_them_all() -> None:
    assert [feature for feature in FOUND if f"`{feature}`" not in PAGE] == []
    cures = (escape(each, quote=False).replace("|", "\\|") for each in CURES.values())
    assert [each for each in cures if each not in PAGE] == [], "with tags that can be read"


@pytest.mark.parametrize("feature", MENTIONED)
def test_it_is_found_however_it_is_written(feature: str) -> None:
    written = f"p {{\n  {MENTIONED[feature]};\n}}"
    told = list(gaps({"letter.css": written}, "plutoprint"))
    assert [each.partition(":")[0] for each in told] == ["letter.css, line 2"]
    assert f"“{feature}”" in told[0]
    assert re.search(pattern(feature), written)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("declarations", DONE)
def test_what_both_do_is_not_mentioned(declarations: str, engine: EngineName) -> None:
    assert list(gaps({"a.css": f"p {{ {declarations} }}"}, engine)) == []


@pytest.mark.parametrize("comment", ["/* {} */", "<!-- {} -->", "{{# {} #}}"])
def test_comments_ask_for_nothing(comment: str) -> None:
    hidden = comment.format("display: grid\n;")
    assert list(gaps({"a.css": hidden}, "plutoprint")) == []
    [gap] = gaps({"a.css": hidden + "p { display: grid }"}, "plutoprint")
    assert gap.startswith("a.css, line 2:")


@pytest.mark.parametrize(
    "text",
    [
        "<p>Scale: 1:100. Filter: blue. Page: seven. all: 3. @supports and <b>min(</b>1)",
        "<p style='width: {{ max(a, b) }}mm'>{{ rotate: 3 }}",
        '<style>@media print { p { color: red } } @page { @top-left { content: "" } }</style>',
        "<style>h2 { break-after: avoid } tr.sum { break-before: avoid }</style>",
        "<style>@page :first { @bottom-left { content: none } } p { margin: 0 }</style>",
    ],
)
def test_text_expressions_and_what_is_put_right_ask_for_nothing(text: str) -> None:
    assert list(gaps({"letter.html": text}, "plutoprint")) == []


@pytest.mark.parametrize("engine", ENGINES)
def test_no_letter_that_ships_uses_any(engine: EngineName) -> None:
    shipped = [
        path
        for folder in (ROOT / "templates", ROOT / "batchsend" / "starter")
        for path in folder.rglob("*.*")
        if path.suffix in {".css", ".html"}
    ]
    assert len(shipped) > 40
    texts = {f"{path.parent.name}/{path.name}": path.read_text("utf-8") for path in shipped}
    assert list(gaps(texts, engine)) == []


def test_templates_carry_them(folder) -> None:
    folder.write("letter.css", "div { display: grid }")
    templates = folder.load("<link rel=stylesheet href=letter.css><p style='hyphens: auto'>")
    assert templates.warnings == (
        "letter.css, line 1: PlutoPrint leaves out “display: grid”; WeasyPrint does it. "
        "Write “display: flex” or a table instead.",
        "letter.html, line 1: PlutoPrint leaves out “hyphens: auto”; WeasyPrint does it. "
        "Write &shy; where a long word may break.",
    )
