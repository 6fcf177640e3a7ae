"""A sentence that was kept in one language, said again in the reader's.

A checked list, a ledger and a run that has ended keep their reasons as they were said. Which
message a sentence is, and what stands in its places, is found in the catalogue; what it does not
have, as an API's own words, stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from string import Formatter

from babel import Locale

from batchsend.desk.wording import WORDS
from batchsend.language import LANGUAGES, _, current_face, current_language, fitting, messages
from batchsend.letters import BETWEEN_REASONS
from batchsend.operations.looking.drawing import finding

_LEAST = 12
"""Letters of its own by which a message with places is known."""
_MOST = 12
"""Sentences that are looked at."""
_KEPT = 20_000
_ENDS = re.compile(r"(?<=[.?!:]) ")
_NORDIC = str.maketrans({",": "\u00a0", ".": ","})
_ENGLISH = str.maketrans({"\u00a0": ",", ",": "."})


@dataclass(frozen=True, slots=True)
class _Form:
    """A message as it is said in one language, for one or for more."""

    pattern: re.Pattern[str]
    piece: str
    """Its longest text between places: what lacks it is another message."""
    weight: int
    """Letters of its own."""
    message: tuple[str, ...]
    """As `_` or `ngettext` is given it."""
    number: int
    """1 for one; else it is of more."""
    language: str


def said_again(reason: str) -> str:
    """A reason, perhaps of several sentences about several columns, in the current language."""
    return _again(reason, current_language(), current_face())


@lru_cache(_KEPT)
def _again(reason: str, _language: str, _face: str) -> str:
    return BETWEEN_REASONS.join(map(_part, reason.split(BETWEEN_REASONS)))


def _part(text: str) -> str:
    """A sentence or several, which may come after the name of a column and a colon."""
    words = _ENDS.split(text, _MOST)
    for count in range(len(words), 0, -1):
        said = _sentence(" ".join(words[:count]))
        if said is not None:
            rest = " ".join(words[count:])
            return f"{said} {_part(rest)}" if rest else said
    first, *others = words
    return f"{first} {_part(' '.join(others))}" if others else text


def _sentence(text: str) -> str | None:
    """The message that it is, said again; None where it is none."""
    known = _forms()
    form = known.whole.get(text)
    if form is not None:
        return _said(form)
    fits = (
        (form.weight, found.groupdict(), form)
        for form in known.with_places
        if form.piece in text and (found := form.pattern.fullmatch(text))
    )
    best = max(fits, key=lambda each: each[0], default=None)
    if best is None:
        return None
    _own, places, form = best
    said = _said(form, places.get("number"))
    return _filled(said, {name: _place(name, each) for name, each in places.items()}, form)


def _place(name: str, text: str) -> str:
    """What stands in a place may be a sentence itself, what a page breaks, or a country's name."""
    if name == "held":
        return _broken(text)
    if name == "country":
        return _countries().get(text, {}).get(current_language(), text)
    long_enough = _weight(text) >= _LEAST
    return _again(text, current_language(), current_face()) if long_enough else text


def _broken(text: str) -> str:
    """What a page breaks; the sentence that follows it, on a line of its own or not, may have been
    taken for a part of it."""
    *others, last = text.split("; ")
    words = _ENDS.split(last.replace("\n", " "))
    for count in range(1, len(words)):
        hint = _sentence(f"{' '.join(words[count:])}.")
        if hint is not None:
            said = map(finding, [*others, " ".join(words[:count])])
            return " ".join([*said, hint])
    return " ".join(map(finding, [*others, last]))


def _said(form: _Form, number: str | None = None) -> str:
    """The message with its places; where it counts, as many as stand there: Norwegian may have one
    sentence for one and for more."""
    if len(form.message) == 1:
        return _(form.message[0])
    one, more = form.message
    return fitting(one, more, form.number if number is None else 1 if number == "1" else 2)


def _filled(message: str, places: Mapping[str, str], form: _Form) -> str:
    parts: list[str] = []
    for text, place, spec, _conversion in Formatter().parse(message):
        parts.append(text)
        if place is not None:
            said = places.get(place, "")
            parts.append(_number(said, form.language) if spec and spec[0] in ",." else said)
    return "".join(parts)


def _number(text: str, language: str) -> str:
    """A number as the current language writes it."""
    if language == current_language():
        return text
    return text.translate(_NORDIC if language == "en" else _ENGLISH)


@cache
def _countries() -> dict[str, dict[str, str]]:
    """What a country that is called so in one of the languages is called in each."""
    tables = {language: Locale.parse(language).territories for language in LANGUAGES}
    return {
        name: {language: names[code] for language, names in tables.items()}
        for table in tables.values()
        for code, name in table.items()
    }


@dataclass(frozen=True, slots=True)
class _Forms:
    whole: dict[str, _Form]
    """Those without places, by what they say."""
    with_places: tuple[_Form, ...]


@cache
def _forms() -> _Forms:
    """Every message as each language says it, the desk's own words among them."""
    whole: dict[str, _Form] = {}
    with_places: list[_Form] = []
    for form in _all_forms():
        if form.pattern.groups:
            with_places += [form] if form.weight >= _LEAST else []
        elif " " in form.piece:
            whole.setdefault(form.piece, form)
    return _Forms(whole, tuple(with_places))


def _all_forms() -> Iterator[_Form]:
    for language in LANGUAGES:
        for message, said in messages(language):
            yield from _of(message, message, "en")
            yield from _of(message, said, language)
    for command_line, desk in WORDS.items():
        yield from _of((command_line,), (command_line,), "en")
        yield from _of((desk,), (desk,), "en")


def _of(message: tuple[str, ...], said: tuple[str, ...], language: str) -> Iterator[_Form]:
    for number, text in enumerate(said, 1):
        if text and "%(" not in text:  # a page's own, which is nowhere kept
            yield _form(message, text, number, language)


def _form(message: tuple[str, ...], text: str, number: int, language: str) -> _Form:
    try:
        parts = list(Formatter().parse(text))
    except ValueError:
        parts = []
    names = [place for _text, place, _spec, _conversion in parts if place is not None]
    if not names or not all(name.isidentifier() for name in names):  # braces of a template's own
        return _Form(re.compile(re.escape(text)), text, _weight(text), message, number, language)
    pieces, pattern, seen = [], "", set[str]()
    for piece, place, _spec, _conversion in parts:
        pieces.append(piece)
        pattern += re.escape(piece)
        if place is not None:
            pattern += f"(?P={place})" if place in seen else f"(?P<{place}>.+?)"
            seen.add(place)
    longest = max(pieces, key=len)
    weight = _weight("".join(pieces))
    return _Form(re.compile(pattern, re.DOTALL), longest, weight, message, number, language)


def _weight(text: str) -> int:
    return sum(map(str.isalpha, text))
