"""The desk's own words: no page of it names a setting, an option or a command."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from string import Formatter

import pytest
from desks import Desk, shown, words
from mailings import MailingFolder, row

import batchsend
from batchsend.desk.words import WORDS

AT = "/mailing/rent/mailing.toml"
SETTING = re.compile(
    r"\[\[?[a-z]+(\.[a-z]+)*\]|(?<![\w-])--[a-z]"
    r"|\bbatchsend (?:check|correct|init|letter|preview)\b"
    r"|\bbatchsend (?:purge|report|send|settle|status)\b|\.toml\b(?!/)|\b[a-z]+_[a-z_]+\b"
    r"|\bInvoicee\b|\bIdentifier\b|\bpayload\b|\bLanguageID\b"
)


def _messages() -> set[str]:
    """Every text that stands in batchsend's own code, but for the desk's words."""
    return {
        part.value
        for path in Path(batchsend.__file__).parent.rglob("*.py")
        if path.name != "words.py"
        for part in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    }


def _places(message: str) -> set[str]:
    return {name for _text, name, _spec, _as in Formatter().parse(message) if name}


def test_each_word_of_the_desk_is_for_a_message_there_is_and_fits_its_places() -> None:
    assert set(WORDS) <= _messages(), set(WORDS) - _messages()
    for message, own in WORDS.items():
        assert _places(own) <= _places(message), own
        assert not SETTING.search(re.sub(r"\{[^}]*\}", "", own)), own


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "nb"])
def test_a_spoiled_mailing_names_no_setting(desk: Desk, tmp_path: Path, language: str) -> None:
    place = desk.folder / "rent"
    place.mkdir()
    rent = MailingFolder(place)
    wrong = (row(1, postnr="150"), row(1), row(2, postnr="0000"), row(3, navn=""), row(4))
    rent.write(*wrong)
    client = desk.client()
    client.headers["accept-language"] = language
    for screen in ("list", "check", "send", "receipt", "next", "tidy"):
        text = words(shown(client, f"{AT}/{screen}"))
        assert not SETTING.search(text), (screen, SETTING.search(text), text)
    assert "group_by" in rent.run("check").output, "the command line keeps its settings"
