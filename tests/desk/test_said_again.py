"""Reasons that were kept in one language are read in another."""

from __future__ import annotations

from string import Formatter

import pytest
from desks import Desk, shown, words
from mailings import MailingFolder, row

from batchsend.desk.said_again import said_again
from batchsend.desk.wording import WORDS
from batchsend.language import facing, messages, speaking

LEAST = 12
"""Letters of its own by which a message is known."""
AT = "/mailing/rent/mailing.toml"
NO_COUNTRY = "There is no such country. Write its code of two letters, as NO or SE."
I_NORSK = "Det finnes ikke noe slikt land. Skriv landets kode på to bokstaver, som NO eller SE."


@pytest.fixture
def rent(desk: Desk) -> MailingFolder:
    place = desk.folder / "rent"
    place.mkdir()
    return MailingFolder(place)


def test_the_receipts_reasons_are_in_the_readers_language(desk: Desk, rent: MailingFolder) -> None:
    rent.write(row(1), row(2, postnr="150"), row(3, postnr=""))
    assert rent.run("send", "--sandbox").exit_code == 1
    client = desk.client()
    english = words(shown(client, f"{AT}/receipt"))
    assert "A postcode in Norway has 4 digits." in english
    client.headers["accept-language"] = "nb"
    norwegian = words(shown(client, f"{AT}/receipt"))
    assert "Et postnummer i Norge har 4 sifre." in norwegian
    assert "postcode" not in norwegian
    client.headers["accept-language"] = "en"
    assert words(shown(client, f"{AT}/receipt")) == english


def test_the_check_is_in_the_readers_language(desk: Desk, rent: MailingFolder) -> None:
    rent.write(row(1), row(2, postnr="150"))
    client = desk.client()
    assert "A postcode in Norway has 4 digits." in words(shown(client, f"{AT}/check"))
    client.headers["accept-language"] = "nb"
    assert "Et postnummer i Norge har 4 sifre." in words(shown(client, f"{AT}/check"))


@pytest.mark.parametrize(
    ("said", "again"),
    [
        (NO_COUNTRY, I_NORSK),
        (f"Land: {NO_COUNTRY}", f"Land: {I_NORSK}"),
        (f"Land: {NO_COUNTRY} · Land 2: {NO_COUNTRY}", f"Land: {I_NORSK} · Land 2: {I_NORSK}"),
        (f"{NO_COUNTRY} Quoth the API: 17.", f"{I_NORSK} Quoth the API: 17."),
        (f"Quoth the API: 17. {NO_COUNTRY}", f"Quoth the API: 17. {I_NORSK}"),
        ("Oslo", "Oslo"),
        ("Sent", "Sent"),
        ("{", "{"),
        ("{row} of {", "{row} of {"),
        ("", ""),
    ],
)
def test_what_the_catalogue_has_is_said_and_all_else_stays(said: str, again: str) -> None:
    with speaking("nb"):
        assert said_again(said) == again
    with speaking("en"):
        assert said_again(again) == said


def test_what_stands_in_a_place_is_put_there_as_it_is() -> None:
    said = "Rows 15, 16 would be the same letter, {x} %(y)s <b>. Choose at “Check” what is to"
    said += " become of them; or, if they are different letters, choose at “Who gets it” a column"
    said += " that tells them apart."
    with speaking("nb"), facing("desk", WORDS):
        assert "Radene 15, 16 " in said_again(said)
        assert "{x} %(y)s <b>" in said_again(said)


def test_what_a_command_said_of_settings_is_said_with_buttons() -> None:
    said = 'Hidden in the sheet. Set hidden = "read" under [list] to read it.'
    with facing("desk", WORDS):
        assert said_again(said) == (
            "Hidden in the sheet. Take it in at “Your list” if it is a recipient."
        )


@pytest.mark.slow
def test_nearly_every_message_is_found_again() -> None:
    """Some are the same in one language and differ in the other; no other is lost."""
    lost, all_of_them = [], 0
    for ours, said in messages("nb"):
        for at, (english, norwegian) in enumerate(zip(ours, said, strict=False)):
            places = [place for _text, place, *_ in _parsed(norwegian) if place]
            if "%(" in english or not norwegian.count(" ") or any("{" in each for each in places):
                continue
            own = "".join(text for text, *_ in _parsed(norwegian)) if places else "x" * LEAST
            if sum(map(str.isalpha, own)) < LEAST:
                continue
            all_of_them += 1
            with speaking("en"):
                if said_again(_filled(norwegian, at)) != _filled(english, at):
                    lost.append(english)
    assert len(lost) < all_of_them / 50, lost


def _parsed(message: str) -> list[tuple[str, str | None, str | None, str | None]]:
    try:
        return list(Formatter().parse(message))
    except ValueError:
        return []


def _filled(message: str, at: int) -> str:
    parts = _parsed(message)
    if not any(place and place.isidentifier() for _text, place, *_ in parts):
        return message
    values = {"number": "17" if at else "1"}
    return "".join(
        text + (values.get(place, f"X{place}9") if place else "") for text, place, *_ in parts
    )


@pytest.mark.parametrize("between", [" ", "\n"])
def test_what_a_page_breaks_names_no_rule_and_no_setting(between: str) -> None:
    reason = (
        "the page breaks the rules for PRINT: page 1, paper: 216 x 279 mm is not A4 (210 x 297); "
        f"page 2, clear: “Hei. Du” is near.{between}"
        "Change the template, or the limits in [page.PRINT]."
    )
    with facing("desk", WORDS):
        assert said_again(reason) == (
            "Page 1: 216 x 279 mm is not A4 (210 x 297). "
            "Page 2: “Hei. Du” is near. Change the letter at “The letter”."
        )
