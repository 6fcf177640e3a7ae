"""What a template's CSS asks for and its engine leaves out or does wrong, told before
anything is printed. An engine drops what it does not know in silence. And what to write instead.

`support.csv` has what each engine does. `python benchmarks/css.py` makes it, by printing each
feature with and without. Knows only texts and engines' names.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from batchsend.language import N_, _
from batchsend.rendering.settings import EngineName

TABLE = Path(__file__).with_name("support.csv")
"""A feature a row: as it is written, then `yes`, `no` or `wrong` for each engine and Chromium."""

_LABELS: dict[EngineName, str] = {"plutoprint": "PlutoPrint", "weasyprint": "WeasyPrint"}
_BEGIN, _END = r"(?<![\w-])", r"(?![\w-])"
_TOP = r"(?<![\w-])top\s*:\s*-\s*0*\.?0*[1-9]"
_OUT_OF_FLOW = r"position\s*:\s*(?:absolute|fixed)"
_NEAR = r"[^{}\"']{0,300}?"
_START = r"(?:^|(?<=[{}>;]))"
"""Where a rule begins."""
_KEPT = r"\{[^{}]*?(?P<name>(?<![\w-])(?:page-)?"
_PATTERNS = {
    "@page :first { margin }": r"@page\s*:\s*first\b[^{]*\{[^{}@]*?(?<![\w-])(?P<name>margin)",
    "@media (min-width)": r"@media[^{]*\(\s*(?P<name>(?:min|max)-width)",
    "nested rules": _START + r"\s*(?P<name>[^{}@;]+)\{(?:[^{}]*;)?[^{};@]*\{",
    "page": r"(?<![\w@-])page\s*:\s*(?!auto\b)[a-z]",
    "all": r"(?<![\w-])all\s*:\s*(?:initial|unset|revert)",
    "appearance": r"(?<![\w-])appearance\s*:\s*none\b",
    "line-clamp": r"(?<![\w-])(?P<name>(?:-webkit-)?line-clamp)\s*:",
    "font-synthesis": r"(?<![\w-])font-synthesis\s*:\s*none\b",
    "calc(%)": r"(?<![\w-])calc\([^;{}]*%",
    # What `page_feet` puts right is not left out.
    "break-after: avoid": rf"{_START}(?:(?!\bh[1-6]\b)[^{{}}<>;])*{_KEPT}break-after\s*:\s*avoid)",
    "break-before: avoid": rf"{_START}(?:(?!\btr\.)[^{{}}<>;])*{_KEPT}break-before\s*:\s*avoid)",
    "top: -1mm": rf"{_OUT_OF_FLOW}{_NEAR}(?P<name>{_TOP})|{_TOP}{_NEAR}{_OUT_OF_FLOW}",
}
"""Of features that are not looked for as they are written."""
_VALUES = frozenset({"fit-content", "min-content", "unset", "revert"})
"""Features that are a value, of whatever property."""
_COMMENT = re.compile(r"/\*.*?\*/|<!--.*?-->|\{#.*?#\}", re.DOTALL)
_EXPRESSION = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_STYLES = re.compile(
    r"<style\b[^>]*>(.*?)</style|\sstyle\s*=\s*(?:\"([^\"]*)\"|'([^']*)')",
    re.DOTALL | re.IGNORECASE,
)


class Gap(NamedTuple):
    """A feature that an engine does not do, or not as it should."""

    feature: str
    pattern: re.Pattern[str]
    wrong: bool
    done_by: str
    """The other engine, if that does it."""


def gaps(texts: Mapping[str, str], engine: EngineName) -> Iterator[str]:
    """A sentence for each feature in `texts` (by file name) that `engine` does not do."""
    for name, text in texts.items():
        # Line by line is where people look; a comment keeps its lines and loses its words.
        bare = _without(_COMMENT, text)
        css = (
            bare
            if name.endswith(".css")
            else _css_of(_EXPRESSION.sub(lambda found: _lines(found[0]), bare))
        )
        for gap in _gaps_of(engine):
            searched = bare if gap.feature.startswith("<") else css
            if found := gap.pattern.search(searched):
                at = found.start("name") if found.groupdict().get("name") else found.start()
                said = _said(gap, name, searched.count("\n", 0, at) + 1, engine)
                yield f"{said} {_(CURES.get(gap.feature, DEFAULT))}"


def pattern(feature: str) -> str:
    """A regular expression that finds a feature, as the table writes it, in CSS or HTML.

    >>> pattern("@layer"), pattern("oklch()")
    ('@layer(?![\\\\w-])', '(?<![\\\\w-])oklch\\\\(')
    """
    if feature in _PATTERNS:
        return _PATTERNS[feature]
    name = re.escape(feature.removesuffix("()"))
    end = r"\(" if feature.endswith("()") else _END
    owner, colon, value = name.partition(r":\ ")
    if feature[0] in "@<:1":
        found = {
            "@": name.replace(r"\ :", r"\s*(?P<name>:)") + end,
            "<": name.removesuffix(">") + end,
            ":": f"::?{name.lstrip(':')}{end}",
            "1": rf"(?<![\w#.-])[\d.]+(?P<name>{name[1:]}){end}",
        }[feature[0]]
    elif feature in _VALUES:
        found = rf"{_BEGIN}[\w-]+\s*:[^;{{}}]{{0,300}}?{_BEGIN}(?P<name>{name}){end}"
    elif colon:
        found = rf"{_BEGIN}{owner}\s*:[^;{{}}]{{0,300}}?{_BEGIN}{value}{end}"
    elif feature.endswith("()"):
        found = f"{_BEGIN}{name}{end}"
    else:
        found = rf"{_BEGIN}{name}\s*:(?!\s*(?:none|auto|normal|initial|inherit|0)\b)"
    return found


def cure(feature: str) -> str:
    """What to write instead, as a sentence; blank where nothing is known that does the same."""
    return _(CURES[feature]) if feature in CURES else ""


@cache
def _gaps_of(engine: EngineName) -> tuple[Gap, ...]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, ("feature", "plutoprint", "weasyprint", "chromium")))[1:]
    other: EngineName = "weasyprint" if engine == "plutoprint" else "plutoprint"
    return tuple(
        Gap(
            row["feature"],
            re.compile(pattern(row["feature"]), re.IGNORECASE),
            row[engine] == "wrong",
            _LABELS[other] if row[other] == "yes" else "",
        )
        for row in rows
        if row[engine] != "yes"
    )


def _said(gap: Gap, name: str, line: int, engine: EngineName) -> str:
    places = {"name": name, "line": line, "engine": _LABELS[engine], "feature": gap.feature}
    if gap.wrong and gap.done_by:
        message = _("{name}, line {line}: {engine} prints “{feature}” wrong; {other} does it.")
        return _(message, other=gap.done_by, **places)
    if gap.wrong:
        return _("{name}, line {line}: {engine} prints “{feature}” wrong.", **places)
    if gap.done_by:
        return _(
            "{name}, line {line}: {engine} leaves out “{feature}”; {other} does it.",
            other=gap.done_by,
            **places,
        )
    return _("{name}, line {line}: {engine} leaves out “{feature}”.", **places)


def _css_of(html: str) -> str:
    """Its style sheets, each on its own lines, and nothing else."""
    parts = []
    end = 0
    for found in _STYLES.finditer(html):
        number = next(each for each in (1, 2, 3) if found[each] is not None)
        # A brace, so that no rule goes on from one to the next.
        parts += [_lines(html[end : found.start(number)]), "}", found[number]]
        end = found.end(number)
    return "".join(parts)


def _without(unread: re.Pattern[str], text: str) -> str:
    return unread.sub(lambda found: _lines(found[0]), text)


def _lines(text: str) -> str:
    return "\n" * text.count("\n")


DEFAULT = N_("The letter goes without it: look at the preview.")
"""Where nothing else does the same."""

_FLEX = N_("Write “display: flex” or a table instead.")
_ONE_COLOUR = N_("Write one colour, or use a picture.")
_PICTURE = N_("Use a picture that looks so already.")
_HEX = N_("Write the colour as #rrggbb.")
_LENGTH = N_("Write one length, and min-width or max-width beside it.")
_TRANSFORM = N_("Write “transform” with the same in brackets, as “transform: rotate(3deg)”.")
_RUNNING = N_("Write “position: running(name)” and “content: element(name)” instead.")
_BY_NAME = N_("Name the section, not its page.")
_NOTE = N_("Put the note below its paragraph.")
_ALIKE = N_("Give all pages the same size and margins.")
_RULES = N_("Write its rules without it.")
_TOGETHER = N_("Write “break-inside: avoid” on the paragraph.")
_CAPITALS = N_("Write capital letters in a smaller size.")
_IMG = N_("Write <img> instead.")
_CUT = N_("Shorten the text with the filter truncate.")

CURES = {
    "display: grid": _FLEX,
    "display: inline-grid": _FLEX,
    "display: contents": _FLEX,
    "display: flow-root": N_("Write “overflow: hidden” instead."),
    "align-content: center": N_("Write “justify-content: center” in a column instead."),
    "aspect-ratio": N_("Write both width and height."),
    "text-overflow": _CUT,
    "line-clamp": _CUT,
    "max-lines": _CUT,
    "text-shadow": _PICTURE,
    "box-shadow": N_("Write a border instead."),
    "text-decoration-thickness": N_("Write a border-bottom instead."),
    "text-underline-offset": N_("Write a border-bottom instead."),
    "text-wrap: nowrap": N_("Write “white-space: nowrap” instead."),
    "writing-mode": N_("Write “transform: rotate(-90deg)” instead."),
    "hyphens: auto": N_("Write &shy; where a long word may break."),
    "hyphens: none": N_("Take &shy; out of the text instead."),
    "font-variant: small-caps": _CAPITALS,
    "font-variant-caps: small-caps": _CAPITALS,
    "font-variant-caps: all-small-caps": _CAPITALS,
    "linear-gradient()": _ONE_COLOUR,
    "repeating-linear-gradient()": _ONE_COLOUR,
    "radial-gradient()": _ONE_COLOUR,
    "conic-gradient()": _ONE_COLOUR,
    "border-image": _PICTURE,
    "filter": _PICTURE,
    "background-blend-mode": _PICTURE,
    "mix-blend-mode": _PICTURE,
    "clip-path": _PICTURE,
    "mask": _PICTURE,
    "mask-image": _PICTURE,
    "rotate": _TRANSFORM,
    "scale": _TRANSFORM,
    "translate": _TRANSFORM,
    "calc(%)": N_("Write the length itself, in mm."),
    "min()": _LENGTH,
    "max()": _LENGTH,
    "clamp()": _LENGTH,
    "round()": _LENGTH,
    "env()": N_("Write the value itself."),
    "1q": N_("Write the length in mm."),
    "lab()": _HEX,
    "lch()": _HEX,
    "oklab()": _HEX,
    "oklch()": _HEX,
    "color()": _HEX,
    "color-mix()": _HEX,
    "light-dark()": _HEX,
    "device-cmyk()": _HEX,
    "fit-content": N_("Write “display: table” instead."),
    "unset": N_("Write the value itself."),
    "revert": N_("Write the value itself."),
    "all": N_("Write each property that is meant."),
    "image-set()": N_("Write url() instead."),
    "::first-line": N_("Put the words into a <span> and style that."),
    "nested rules": N_("Write each rule by itself, with its whole selector."),
    "@supports": _RULES,
    "@layer": _RULES,
    "@container": _RULES,
    "@scope": _RULES,
    "@media (min-width)": _RULES,
    "@property": N_("Write the variable under :root."),
    "@page :first { margin }": N_(
        "The margins go on to all pages: give <main> a padding-top, and place the letterhead with "
        "“position: absolute”."
    ),
    "@page :right": _ALIKE,
    "@page :blank": _ALIKE,
    "page": _ALIKE,
    "string-set": _RUNNING,
    "content()": _RUNNING,
    "target-counter()": _BY_NAME,
    "target-text()": _BY_NAME,
    "float: footnote": _NOTE,
    "@footnote": _NOTE,
    "break-after: avoid": N_(
        "It is kept on headings (h1 to h6); elsewhere put both into a <div> with “break-inside: "
        "avoid”."
    ),
    "break-before: avoid": N_(
        "It is kept on rows with a class, as “tr.sum”; elsewhere put both into a <div> with "
        "“break-inside: avoid”."
    ),
    "orphans": _TOGETHER,
    "widows": _TOGETHER,
    "top: -1mm": N_(
        "What stands above the page's margin is not printed: make the margin smaller, or use "
        "@top-left."
    ),
    "<object>": _IMG,
    "<embed>": _IMG,
    "<canvas>": _IMG,
    "<iframe>": N_("Put its text into the letter."),
    "<script>": N_("Nothing in a letter is run: write the value, or an expression in {{ }}."),
    "<math>": _IMG,
    "<progress>": N_("Write a <div> with a width and a background."),
    "<meter>": N_("Write a <div> with a width and a background."),
}
"""By feature, as `support.csv` writes it."""
