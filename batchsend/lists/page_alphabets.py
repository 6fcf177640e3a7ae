"""Code pages that lists are seldom in, each with the alphabets that it was made for.

In another page their bytes are letters, too, or signs inside of words: `ªlafur ìórsson` is
`Ólafur Þórsson` in DOS's Icelandic page. Such a list is refused with its likely page, and not read:
what 0.1 has sent of it stays as it went.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from batchsend.lists.code_pages import reads_badly

_NORTHERN = frozenset("åäöüéæø")
"""Letters of the neighbours, whose names stand in every list."""
_WESTERN = frozenset("æøåäöüßéèêëáàâãíìîïóòôõúùûýÿñçðþœšž")
_FINNISH = frozenset("åäöüéšž")
_ESTONIAN = frozenset("äöõüšž")
_ICELANDIC = frozenset("áéíóúýðþæö")
_POLISH = frozenset("ąćęłńóśźżöüä")
_CZECH = frozenset("áčďéěíňóřšťúůýžľĺŕôäöü")
_HUNGARIAN = frozenset("áéíóöőúüűä")
_CROATIAN = frozenset("čćđšžöüä")
_LITHUANIAN = frozenset("ąčęėįšųūž")
_LATVIAN = frozenset("āčēģīķļņšūž")
_CENTRAL = (_POLISH, _CZECH, _HUNGARIAN, _CROATIAN)
_BALTIC = (_FINNISH, _ESTONIAN, _LITHUANIAN, _LATVIAN)
_ALPHABETS = {
    "cp861": (_ICELANDIC,),
    "mac-iceland": (_ICELANDIC,),
    "cp775": _BALTIC,
    "cp1257": _BALTIC,
    "iso8859-13": _BALTIC,
    "cp852": _CENTRAL,
    "iso8859-2": _CENTRAL,
    "mac-latin2": (*_CENTRAL, *_BALTIC),
}
_OWN = {"cp1250": frozenset().union(*_CENTRAL, _WESTERN)}
_NOWHERE = re.compile(
    r"^Ð[^\WA-ZÀ-Þ\d_]|^[B-DF-HJ-NP-TV-Z]ð|^(?=.*[äÄ]).*[ðþÐÞ]"  # nor in Icelandic and Faroese
    r"|^[ìò]|rî"  # nor in Italian and French
)
"""Letters where no word has them."""
_FEWEST = 0.95
"""The share of words that have to be right in another page; the rest are typing errors."""


def likelier_pages(words: Sequence[bytes], page: str) -> Iterator[tuple[str, list[str]]]:
    """The pages in which words read well that do not so in `page`, each with those words.

    Only pages in which nearly all of the words are of one language's letters.
    """
    wrong = [word for word in words if not _right(word, page, _OWN.get(page, _WESTERN))]
    if not wrong:
        return
    for other, alphabets in _ALPHABETS.items():
        for alphabet in alphabets:
            right = [word for word in words if _right(word, other, alphabet | _NORTHERN)]
            known = set(right)
            better = [word.decode(other) for word in wrong if word in known]
            better = [word for word in better if alphabet & set(word.lower()) - _NORTHERN]
            if better and len(right) >= _FEWEST * len(words):
                yield other, better


def _right(word: bytes, page: str, alphabet: frozenset[str]) -> bool:
    """Whether all letters of a word are of an alphabet, each where it may stand."""
    text = word.decode(page, errors="replace")
    foreign = {char for char in text.lower() if not char.isascii() and char.isalpha()}
    return foreign <= alphabet and not reads_badly(word, page) and not _NOWHERE.search(text)
