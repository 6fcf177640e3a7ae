"""What PlutoPrint does not print because it stands above the page's margin: found by printing the
letter once more with nothing moved from its place, where style sheets may put something there.

Knows nothing of letters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from batchsend.rendering.page_checks import bare
from batchsend.rendering.pdf.opened import open_pdf
from batchsend.rendering.pdf.text import page_texts

_RISING = re.compile(
    r"(?<![\w-])(?:top|inset[\w-]*|margin(?:-top|-block[\w-]*)?|transform|translate)\s*:"
    r"[^;{}\"']*-\s*0*\.?0*[1-9]|(?<![\w-])bottom\s*:\s*\d{3}"
)
_IN_ORDER = (
    "* { position: static !important; float: none !important; transform: none !important;"
    " margin-top: 0 !important }"
)
"""The style with which everything is printed, one below the other."""
_MOST = 6
"""Words that are named."""
_PAGES = 3
"""Digits of a page's number."""


def may_rise(texts: Mapping[str, str]) -> bool:
    """Whether a template's texts (by file name) may put something above the margin."""
    return any(_RISING.search(text) for text in texts.values())


def vanished(pdf: bytes, printed: Callable[[str], bytes]) -> str:
    """The first words that are not in `pdf`, but are when it is `printed` with a style that leaves
    everything in its place; blank where there are none.
    """
    there = _text(pdf)
    if there is None:
        return ""
    seen = bare(there)
    words = [word for word in (_text(printed(_IN_ORDER)) or "").split() if _is_missing(word, seen)]
    return " ".join(words[:_MOST])


def _is_missing(word: str, seen: str) -> bool:
    word = bare(word)
    # The letter printed so may have a page more, and its number.
    return word not in seen and not (word.isdigit() and len(word) <= _PAGES)


def _text(pdf: bytes) -> str | None:
    """The text of all pages; None where that of one cannot be read."""
    with open_pdf(pdf) as opened:
        texts = list(page_texts(opened))
    return None if None in texts else " ".join(filter(None, texts))
