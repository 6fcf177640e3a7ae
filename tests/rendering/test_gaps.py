"""CSS that an engine does not do is named with file and line, and by nobody else."""

from __future__ import annotations

import pytest

from batchsend.rendering.css_support import gaps

DROPPED_BY_PLUTOPRINT = [
    "display: grid",
    "display:inline-grid",
    "background: linear-gradient(red, blue)",
    "hyphens: auto",
    "string-set: title content()",
    "content: target-counter(attr(href), page)",
    "float: footnote",
    "page: wide",
    "box-shadow: 1mm 1mm red",
    "width: calc(50% - 1mm)",
    "width: min(10mm, 50%)",
    "font-variant: small-caps",
    "color: oklch(60% .2 20)",
    "text-overflow: ellipsis",
    "<embed src='a.svg'>",
    "orphans: 3",
    "position: absolute; left: 0; top: -9mm",
    "top:-.5cm; position: fixed",
]
DROPPED_BY_BOTH = [
    "position: sticky",
    "filter: blur(1px)",
    "writing-mode: vertical-rl",
    "rotate: 3deg",
    "<iframe src='a.html'>",
]
DONE = [
    "display: flex",
    "page-break-after: always",
    "break-inside: avoid",
    "margin-left: calc(1mm + 2mm)",
    "transform: rotate(3deg)",
    "grid: none",
    "content: counter(page)",
    "hyphens: manual",
    "column-count: 2",
    "counter-reset: page",
    "page: auto",
    "text-transform: uppercase",
    "max-width: 30mm",
    "position: relative; top: -2pt",
    "position: absolute; top: 0; left: -10mm",
    "position: absolute; margin-top: -2mm; top: 3mm",
]


@pytest.mark.parametrize("css", DROPPED_BY_PLUTOPRINT)
def test_what_only_weasyprint_does(css) -> None:
    texts = {"letter.css": f"p {{\n  {css};\n}}"}
    [gap] = gaps(texts, "plutoprint")
    assert gap.startswith("letter.css, line 2: PlutoPrint does not do ")
    assert gap.endswith("; WeasyPrint does.")
    assert list(gaps(texts, "weasyprint")) == []


@pytest.mark.parametrize("css", DROPPED_BY_BOTH)
def test_what_neither_does(css) -> None:
    for engine in ("plutoprint", "weasyprint"):
        [gap] = gaps({"a": css}, engine)
        assert "does not do" in gap
        assert "; " not in gap


@pytest.mark.parametrize("css", DONE)
def test_what_both_do_is_not_mentioned(css) -> None:
    assert list(gaps({"a": f"p {{ {css} }}"}, "plutoprint")) == []
    assert list(gaps({"a": f"p {{ {css} }}"}, "weasyprint")) == []


@pytest.mark.parametrize("comment", ["/* {} */", "<!-- {} -->", "{{# {} #}}"])
def test_comments_ask_for_nothing(comment) -> None:
    hidden = comment.format("display: grid\n;")
    assert list(gaps({"a": hidden}, "plutoprint")) == []
    [gap] = gaps({"a": hidden + "display: grid"}, "plutoprint")
    assert gap.startswith("a, line 2:")


def test_margins_of_the_first_page_alone() -> None:
    leaking = "@page :first { margin: 5cm }"
    fine = "@page :first { @bottom-left { content: none } } p { margin: 0 }"
    assert len(list(gaps({"a": leaking}, "plutoprint"))) == 1
    assert list(gaps({"a": fine}, "plutoprint")) == []


def test_templates_carry_them(folder) -> None:
    folder.write("letter.css", "div { display: grid }")
    templates = folder.load("<link rel=stylesheet href=letter.css><p style='hyphens: auto'>")
    assert [warning.partition(":")[0] for warning in templates.warnings] == [
        "letter.css, line 1",
        "letter.html, line 1",
    ]
