"""The language of what a person reads, and how a message is written in it.

A message is a whole English sentence with named places. The catalogues in `locale/` have it in the
other languages; `python batchsend/locale/make.py` collects the messages and compiles them. Knows
nothing of the rest of the package.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, wraps
from numbers import Number
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

if TYPE_CHECKING:
    from decimal import Decimal
    from gettext import NullTranslations

    import polars as pl
    from jinja2 import Environment

P = ParamSpec("P")
T = TypeVar("T")

VARIABLE = "BATCHSEND_LANGUAGE"
LANGUAGES = {"en": "English", "nb": "Norsk bokmål"}
"""The languages that messages can be in, each with its own name for itself."""
_ALSO = {"no": "nb", "nn": "nb", "nor": "nb", "nob": "nb", "nno": "nb", "eng": "en", "c": "en"}
_LOCALE = Path(__file__).parent / "locale"

_spoken: ContextVar[str | None] = ContextVar("language", default=None)
_face: ContextVar[tuple[str, Mapping[str, str]]] = ContextVar("face", default=("", {}))


def _(message: str, /, **places: object) -> str:
    """The message in the current language, with its places filled.

    Places are named as in `str.format`, and what is put into them is never looked at for braces.
    A message without places is taken as it stands, so one that is asked for without them comes
    back to be filled later.

    >>> _("Row {row}: {value} is not a date.", row=5, value="{x}")
    'Row 5: {x} is not a date.'
    """
    language = current_language()
    message = _face.get()[1].get(message, message)
    if language != "en":
        message = _catalogue(language).gettext(message)
    return _filled(message, language, places) if places else message


def ngettext(one: str, more: str, number: int, /, **places: object) -> str:
    """The message that fits `number`, which is a place of it, too.

    >>> ngettext("{number} letter", "{number:,} letters", 1200)
    '1,200 letters'
    """
    message = fitting(one, more, number)
    return _filled(message, current_language(), {"number": number, **places})


def fitting(one: str, more: str, number: int) -> str:
    """The same before its places are filled, as `_` gives a message without them."""
    language, own = current_language(), _face.get()[1]
    said = one if number == 1 else more
    if language == "en":
        return own.get(said, said)
    if said in own:  # a face's sentence for one and that for more are messages of their own
        return _catalogue(language).gettext(own[said])
    return _catalogue(language).ngettext(one, more, number)


def messages(language: str) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Every message of a catalogue as `_` or `ngettext` is given it, for one and for more, and the
    same in the language; nothing for English, which has none."""
    from babel.messages.mofile import read_mo  # noqa: PLC0415 - for whoever asks for all of them

    path = _LOCALE / language / "LC_MESSAGES" / "batchsend.mo"
    if not path.exists():
        return
    with path.open("rb") as file:
        catalogue = read_mo(file)
    for message in catalogue:
        if message.id and message.string:
            yield _forms(message.id), _forms(message.string)


def _forms(said: str | Iterable[str]) -> tuple[str, ...]:
    return (said,) if isinstance(said, str) else tuple(said)


def figure(number: float | Decimal, form: str = ",") -> str:
    """A number as the current language writes it; `form` is a format of numbers.

    >>> figure(12000), figure(0.5, ",.2f")
    ('12,000', '0.50')
    """
    return _filled(f"{{number:{form}}}", current_language(), {"number": number})


def filled(message: str, /, **places: pl.Expr | str) -> pl.Expr:
    """A message whose places are filled from columns, for all rows at once.

    Takes what `_` gives without places; a name is that of a column. Where a place is null, so is
    the message.
    """
    import polars as pl  # noqa: PLC0415 - who has columns has it loaded

    parts: list[pl.Expr] = []
    for text, place, _spec, _conversion in Formatter().parse(message):
        parts += [pl.lit(text)] if text else []
        if place is not None:
            column = places[place]
            parts.append(pl.col(column) if isinstance(column, str) else column)
    return pl.concat_str(parts)


def either(parts: Iterable[str]) -> str:
    """Things of which one is meant, as one writes them in a sentence.

    >>> either(["a", "b", "c"]), either(["a"])
    ('a, b or c', 'a')
    """
    *first, last = list(parts) or [""]
    return _("{first} or {last}", first=", ".join(first), last=last) if first else last


def joined(parts: Iterable[str]) -> str:
    """A list as one writes it in a sentence.

    >>> joined(["a", "b", "c"]), joined(["a"]), joined([])
    ('a, b and c', 'a', '')
    """
    *first, last = list(parts) or [""]
    return _("{first} and {last}", first=", ".join(first), last=last) if first else last


def cached(function: Callable[P, T]) -> Callable[P, T]:
    """`functools.cache` for what says messages: kept apart for each language and face."""

    @cache
    def keep(_spoken: tuple[str, str], /, *arguments: Any, **named: Any) -> T:
        return function(*arguments, **named)

    @wraps(function)
    def ask(*arguments: P.args, **named: P.kwargs) -> T:
        return keep((current_language(), current_face()), *arguments, **named)  # type: ignore[arg-type] # hashable

    return ask


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for it
    """A message that is written down before the language is known; `_` says it later."""
    return message


def current_language() -> str:
    """The language of messages, a key of LANGUAGES: that of `speaking`, or of the environment."""
    return _spoken.get() or language_named(os.environ.get(VARIABLE, "")) or "en"


def language_named(name: str) -> str | None:
    """The key of LANGUAGES that somebody means, or None.

    Takes what browsers and systems write.

    >>> language_named("no-NO"), language_named("nb_NO.UTF-8"), language_named("de")
    ('nb', 'nb', None)
    """
    first = re.split(r"[-_.@]", name.strip().lower(), maxsplit=1)[0]
    found = _ALSO.get(first, first)
    return found if found in LANGUAGES else None


def in_each_language(message: str) -> Iterator[str]:
    """A message without places in every language: what was written in one is read in another."""
    for language in LANGUAGES:
        with speaking(language):
            said = _(message)
        yield said


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Say messages in this language within the block, in this thread or task only.

    A thread that is started within does so, too, where it is run in a copy of the context.
    `language` is a key of LANGUAGES.
    """
    if language not in LANGUAGES:
        raise ValueError(f"no language of messages: {language}")
    before = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(before)


@contextmanager
def facing(face: str, words: Mapping[str, str]) -> Iterator[None]:
    """Say messages as this face of batchsend has them within the block, and threads as `speaking`.

    `words` gives messages another English sentence, which has the same places or fewer: a cure is
    a setting on the command line, and a button on a page.

    >>> with facing("page", {"Set x to {x}.": "Press {x}."}):
    ...     _("Set x to {x}.", x=1)
    'Press 1.'
    """
    before = _face.set((face, words))
    try:
        yield
    finally:
        _face.reset(before)


def current_face() -> str:
    """The name of the face that messages are for; empty for the command line."""
    return _face.get()[0]


def install(environment: Environment) -> None:
    """Give Jinja2 templates `{% trans %}`, `_` and `ngettext` in the current language.

    Places are written `%(name)s` there, as Jinja2 has it, and what is put into them is escaped
    where the environment escapes.
    """
    environment.add_extension("jinja2.ext.i18n")
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_callables(  # type: ignore[attr-defined] # the extension adds it
        _plain, _plain_plural, newstyle=True
    )


def _plain(message: str) -> str:
    return _(message)


def _plain_plural(one: str, more: str, number: int) -> str:
    language = current_language()
    if language == "en":
        return one if number == 1 else more
    return _catalogue(language).ngettext(one, more, number)


class _Places(Formatter):
    """Fills places as `str.format` does, but with numbers written as the language writes them."""

    def format_field(self, value: object, format_spec: str) -> str:
        text = str(super().format_field(value, format_spec))
        if isinstance(value, Number) and ("," in format_spec or "." in format_spec):
            return text.translate(_NORDIC)
        return text


_NORDIC = str.maketrans({",": "\u00a0", ".": ","})
_PLACES = _Places()


def _filled(message: str, language: str, places: dict[str, object]) -> str:
    if language == "en":
        return message.format(**places)
    said = _PLACES.vformat(message, (), places)
    # What is quoted may have the marks itself, as a merge field's name in Word.
    return said.replace("««", "«").replace("»»", "»")


@cache
def _catalogue(language: str) -> NullTranslations:
    from gettext import translation  # noqa: PLC0415 - who reads English needs no catalogue

    return translation("batchsend", _LOCALE, [language])
