"""Gaps: what a template's CSS asks for and its engine does not do, told before anything is printed.

Found by rendering each feature with and without, and comparing the pictures (PlutoPrint 0.23,
WeasyPrint 70). An engine drops what it does not know in silence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from batchsend.language import N_, _
from batchsend.rendering.settings import EngineName

_LABELS: dict[EngineName, str] = {"plutoprint": "PlutoPrint", "weasyprint": "WeasyPrint"}
_BOTH: frozenset[EngineName] = frozenset({"plutoprint", "weasyprint"})
_PLUTOPRINT: frozenset[EngineName] = frozenset({"plutoprint"})
_WEASYPRINT: frozenset[EngineName] = frozenset({"weasyprint"})


class _Gap(NamedTuple):
    pattern: str
    feature: str
    engines: frozenset[EngineName]


_GAPS = (
    _Gap(r"\bdisplay\s*:\s*(inline-)?grid\b", N_("CSS grid"), _PLUTOPRINT),
    _Gap(r"\b(linear|radial)-gradient\(", N_("gradients"), _PLUTOPRINT),
    _Gap(r"\bconic-gradient\(", N_("conic gradients"), _BOTH),
    _Gap(r"\bhyphens\s*:\s*auto\b", N_("automatic hyphens (write &shy; instead)"), _PLUTOPRINT),
    _Gap(r"\bstring-set\s*:", "string-set", _PLUTOPRINT),
    _Gap(r"\btarget-(counters?|text)\(", N_("target-counter and target-text"), _PLUTOPRINT),
    _Gap(r"\bfloat\s*:\s*footnote\b", N_("footnotes"), _PLUTOPRINT),
    _Gap(r"(?<![\w@-])page\s*:\s*(?!auto\b)[a-z]", N_("named pages"), _PLUTOPRINT),
    _Gap(r"@page\s*:\s*(left|right)\b", N_("left and right pages"), _PLUTOPRINT),
    _Gap(
        r"@page\s*:\s*first\b[^{]*\{[^{}@]*\bmargin",
        N_("other margins on the first page (they go on to all pages)"),
        _PLUTOPRINT,
    ),
    _Gap(r"\bbox-shadow\s*:", N_("box shadows"), _PLUTOPRINT),
    _Gap(r"\btext-shadow\s*:", N_("text shadows"), _BOTH),
    _Gap(r"(?<![\w-])filter\s*:", N_("filters"), _BOTH),
    _Gap(r"\bmix-blend-mode\s*:", N_("blend modes"), _WEASYPRINT),
    _Gap(r"\bwriting-mode\s*:\s*(vertical|sideways)", N_("vertical text"), _BOTH),
    _Gap(r"\bposition\s*:\s*sticky\b", N_("sticky positions"), _BOTH),
    _Gap(r"\bcalc\([^;{}]*%", N_("calc() with percentages"), _PLUTOPRINT),
    _Gap(r"(?<![\w-])(min|max|clamp)\(\s*[\d.]", N_("min(), max() and clamp()"), _PLUTOPRINT),
    _Gap(r"\bbox-decoration-break\s*:", "box-decoration-break", _PLUTOPRINT),
    _Gap(r"\btext-align-last\s*:", "text-align-last", _PLUTOPRINT),
    _Gap(r"\btext-overflow\s*:\s*ellipsis\b", "text-overflow", _PLUTOPRINT),
    _Gap(r"\bfont-variant(-caps)?\s*:[^;}]*small-caps", N_("small capitals"), _PLUTOPRINT),
    _Gap(r"\bclip-path\s*:", "clip-path", _BOTH),
    _Gap(r"(?<![\w-])mask(-image)?\s*:", N_("masks"), _BOTH),
    _Gap(
        r"\b(oklch|oklab|lab|lch|color-mix|device-cmyk)\(",
        N_("colours but RGB and HSL"),
        _PLUTOPRINT,
    ),
    _Gap(r"@layer\b", N_("cascade layers"), _PLUTOPRINT),
    _Gap(r"@supports\b", N_("@supports (its rules are dropped)"), _BOTH),
    _Gap(r"@container\b", N_("container queries"), _BOTH),
    _Gap(r"::?first-line\b", "::first-line", _PLUTOPRINT),
    _Gap(r"\bborder-image(-source)?\s*:", N_("border images"), _PLUTOPRINT),
    _Gap(r"\b(max-lines|line-clamp)\s*:", N_("line clamping"), _PLUTOPRINT),
    _Gap(r"\baspect-ratio\s*:", "aspect-ratio", _BOTH),
    _Gap(r"(?<![\w-])(scale|rotate|translate)\s*:", N_("scale, rotate (write transform)"), _BOTH),
    _Gap(r"(?<![\w-])(orphans|widows)\s*:", N_("orphans and widows"), _PLUTOPRINT),
    _Gap(
        r"position\s*:\s*(absolute|fixed)[^{}\"']*?(?<![\w-])top\s*:\s*-\s*0*\.?0*[1-9]"
        r"|(?<![\w-])top\s*:\s*-\s*0*\.?0*[1-9][^{}\"']*?position\s*:\s*(absolute|fixed)",
        N_("anything above the page's margin, where a negative top may put it (it is not printed)"),
        _PLUTOPRINT,
    ),
    _Gap(r"<script\b", N_("scripts"), _BOTH),
    _Gap(r"<iframe\b", N_("frames"), _BOTH),
    _Gap(r"<(object|embed)\b", N_("embedded objects (write <img>)"), _PLUTOPRINT),
)
_COMMENT = re.compile(r"/\*.*?\*/|<!--.*?-->|\{#.*?#\}", re.S)


def gaps(texts: Mapping[str, str], engine: EngineName) -> Iterator[str]:
    """A sentence for each feature in `texts` (by file name) that `engine` does not do."""
    for name, text in texts.items():
        # Line by line is where people look; a comment keeps its lines and loses its words.
        bare = _COMMENT.sub(lambda match: "\n" * match[0].count("\n"), text)
        for gap in _GAPS:
            found = re.search(gap.pattern, bare, re.I)
            if found and engine in gap.engines:
                line = bare.count("\n", 0, found.start()) + 1
                others = [_LABELS[other] for other in sorted(_BOTH - gap.engines)]
                places = {
                    "name": name,
                    "line": line,
                    "engine": _LABELS[engine],
                    "feature": _(gap.feature),
                }
                if others:
                    yield _(
                        "{name}, line {line}: {engine} does not do {feature}; {other} does.",
                        other=others[0],
                        **places,
                    )
                else:
                    yield _("{name}, line {line}: {engine} does not do {feature}.", **places)
