"""Code pages of other languages, whose bytes are letters of Western ones, too.

`Ayşe` would be `Ayþe` in every letter, and `Žukauskienė` `Þukauskienë`. They are refused and not
read: what 0.1 has sent of such a list stays as it went.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable
from itertools import islice

import chardet

from batchsend.errors import ListError
from batchsend.language import _
from batchsend.lists.code_pages import NORDIC_PAGES, fits, reads_badly
from batchsend.lists.page_alphabets import likelier_pages

_LANGUAGES = {
    "cp1254": frozenset({"tr", "az"}),
    "cp1257": frozenset({"lt", "lv", "et"}),
}
"""Each page with the languages that it is for, as chardet calls them."""
_LABELS = {
    "cp1254": "Windows-1254",
    "cp1257": "Windows-1257",
    "iso8859-2": "ISO 8859-2",
    "iso8859-13": "ISO 8859-13",
    "cp775": "cp775 (DOS)",
    "cp852": "cp852 (DOS)",
    "cp861": "cp861 (DOS)",
    "mac-latin2": "Mac Central European",
    "mac-iceland": "Mac Icelandic",
}
_LIKELIER = 1.5
"""How much likelier than its own page another one has to be. In 1,100 samples of 3 to 40 words of
the Nordic and Western languages none was above 1; of Hungarian, 2 of 100 were, up to 1.4."""
_TELLING_WORDS = 3
_ODD_WORDS = 2
_MOST_WORDS = 2_000


def refuse_foreign_pages(words: Iterable[bytes], page: str, name: str) -> None:
    """ListError if the words are better ones of another language in another page than in `page`."""
    distinct = list(islice(dict.fromkeys(words), _MOST_WORDS))
    for other, better in likelier_pages(distinct, page):
        raise _perhaps_in(other, better[0], name)
    if page in ("cp1252", "cp1250"):
        _refuse_languages(distinct, page, name)


def _refuse_languages(distinct: list[bytes], page: str, name: str) -> None:
    """The same by the language that chardet takes the words for."""
    likelihood = _likelihood(b"\n".join(distinct))
    own = likelihood.get(page, ("", 0.0))[1]
    for other, languages in _LANGUAGES.items():
        language, likely = likelihood.get(other, ("", 0.0))
        telling = [word for word in distinct if _read(word, page) != _read(word, other)]
        speaks = language in languages and likely > _LIKELIER * own
        odd = [word for word in telling if _is_odd(word, page, other)]
        if (speaks and len(telling) >= _TELLING_WORDS) or len(odd) >= _ODD_WORDS:
            raise _perhaps_in(other, _read((odd or telling)[0], other), name)


def _perhaps_in(codec: str, example: str, name: str) -> ListError:
    return ListError(
        _(
            "{name} seems to be in {label}, which its bytes do not tell for certain.",
            name=name,
            label=_LABELS[codec],
        ),
        hint=_(
            'If “{example}” is right, set encoding = "{codec}" under [list]; if not, '
            "export the list in UTF-8.",
            example=example,
            codec=codec,
        ),
    )


def _likelihood(words: bytes) -> dict[str, tuple[str, float]]:
    """What chardet says of each page: the language, and how likely it is."""
    found: dict[str, tuple[str, float]] = {}
    for guess in chardet.detect_all(
        words,
        ignore_threshold=True,
        prefer_superset=True,
        max_bytes=len(words) + 1,
    ):
        if guess["encoding"] is not None:
            page = codecs.lookup(guess["encoding"]).name
            page = "cp1252" if page == "iso8859-1" else page
            found.setdefault(page, (guess["language"] or "", guess["confidence"]))
    return found


def _is_odd(word: bytes, page: str, other: str) -> bool:
    """Whether a word has letters of Nordic names in the other page, and in no usual one."""
    usual = any(fits(word, nordic) for nordic in NORDIC_PAGES)
    return not usual and fits(word, other) and reads_badly(word, page)


def _read(word: bytes, page: str) -> str:
    return word.decode(page, errors="replace")
