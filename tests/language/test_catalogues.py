from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from string import Formatter

import catalogues
import pytest
from babel.messages import Catalog, Message
from catalogues import make
from hypothesis import given
from hypothesis import strategies as st

from batchsend.language import LANGUAGES, _, ngettext, speaking

OTHERS = [language for language in LANGUAGES if language != "en"]
_PERCENT = re.compile(r"%\((\w+)\)s")


@pytest.fixture(scope="module")
def messages() -> Catalog:
    return catalogues.messages()


def forms(message: Message) -> list[tuple[str, str]]:
    """Each form of a message with its translation."""
    return list(zip(_each(message.id), _each(message.string), strict=True))


def _each(said: str | Sequence[str] | None) -> tuple[str, ...]:
    return (said,) if isinstance(said, str) else tuple(said or ())


def places(text: str) -> set[tuple[str, str]]:
    """The names of its places, each with how its value is written; dates differ by country."""
    found = {(name, "") for name in _PERCENT.findall(text)}
    for _text, name, form, conversion in Formatter().parse(text):
        if name is not None:
            found.add((name, "a date" if "%d" in (form or "") else f"{conversion or ''}{form}"))
    return found


def filled_by_call(message: Message) -> bool:
    return any("{" in form for form, _translated in forms(message))


@pytest.mark.parametrize("language", OTHERS)
def test_every_message_is_in_every_language_and_no_other_is(language, messages):
    catalogue = make.read(language)
    assert {each.id for each in catalogue if each.id} == {each.id for each in messages if each.id}
    missing = [each.id for each in catalogue if each.id and not make.is_translated(each)]
    assert not missing
    assert not [each.id for each in catalogue if each.fuzzy]


@pytest.mark.parametrize("language", OTHERS)
def test_the_catalogues_are_as_they_are_made(language, messages):
    made = make.renewed(language, messages)
    hint = "run python batchsend/locale/make.py"
    assert make.po_path(language).read_bytes() == make.written(made), hint
    assert make.po_path(language).with_suffix(".mo").read_bytes() == make.compiled(made), hint


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_has_the_places_of_its_message(language):
    catalogue = make.read(language)
    wrong = []
    for message in catalogue:
        if message.id:
            for form, translated in forms(message):
                parsed = "{" in form and not _is_text_with_braces(form)
                ours = places(form) if parsed else set(_PERCENT.findall(form))
                theirs = places(translated) if parsed else set(_PERCENT.findall(translated))
                if ours != theirs:
                    wrong.append((form, translated))
            if "%(" in str(message.id):
                wrong += [(message.id, str(error)) for error in message.check(catalogue)]
    assert not wrong


def _is_text_with_braces(text: str) -> bool:
    """A message without places may show braces: it is never filled."""
    try:
        named = [name for _text, name, _form, _conversion in Formatter().parse(text)]
    except ValueError:
        return True
    return any(name is not None and not name.isidentifier() for name in named)


WORDS = st.text(max_size=8) | st.sampled_from(["{row}", "{{", "%s", "%(x)s", "{0.__class__}"])


@pytest.mark.parametrize("language", LANGUAGES)
@given(word=WORDS, number=st.integers(0, 10**7))
def test_no_value_breaks_a_message(language, word, number):
    values = {"number": number, "text": word, "a date": datetime(2026, 11, 28, 9, 30)}

    def value(form: str) -> object:
        kind = "a date" if "%" in form and not form.endswith("%") else "number" if form else "text"
        return values[kind]

    with speaking(language):
        for message in _FILLED:
            first = message.id[0] if message.pluralizable else message.id
            given = {
                name: value(form or "")
                for _text, name, form, _conversion in Formatter().parse(first)
                if name is not None
            }
            if message.pluralizable:
                given.pop("number", None)
                one, more = _each(message.id)
                said = ngettext(one, more, number, **given)
            else:
                said = _(message.id, **given)
            if word and word in given.values() and "!r" not in first:
                assert word in said


_FILLED = [
    message
    for message in make.read("nb")
    if message.id
    and all("{" in form and not _is_text_with_braces(form) for form, _said in forms(message))
    and all(places(form) for form, _said in forms(message))
]


def test_the_property_is_tried_on_most_messages():
    assert len(_FILLED) > 500
