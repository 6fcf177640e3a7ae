"""Encodings that lists are seldom in, or two in one file: read right, or refused in words."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from batchsend.errors import ListError
from batchsend.lists import RecipientList

Reader = Callable[..., RecipientList]
HEAD = "Kundenr;Navn;Adresse;Postnr;Poststed\r\n"
ROWS = (
    "1001;Åse Bjørnsæter;Sørgata 1;0150;Oslo\r\n1002;Pål Høyland;Kjærveien 3;5003;Bergen\r\n"
    "1003;Jörgen Ström;Östra gatan 7;114 55;Malmö\r\n1004;Kåre Skjæråsen;Bjørkåsen 9;8005;Bodø\r\n"
)
LIST = HEAD + ROWS
GREEK = "Nr;Όνομα;Πόλη\r\n1;Γιώργος Παπαδόπουλος;Αθήνα\r\n2;Ελένη Νικολάου;Πάτρα\r\n"
RUSSIAN = "Nr;Имя;Город\r\n1;Иван Петров;Москва\r\n2;Ольга Иванова;Тверь\r\n"
JAPANESE = "Nr;名前;市\r\n1;山田太郎;東京\r\n2;鈴木花子;大阪\r\n"
CZECH = "Nr;Navn;By\r\n1;Šárka Dvořáková;Plzeň\r\n2;Łukasz Żółć;Łódź\r\n"


def names(recipients: RecipientList) -> list[str]:
    return recipients.rows.collect().to_series(2).to_list()


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("text", [LIST, GREEK, RUSSIAN, JAPANESE * 20, CZECH])
def test_whole_characters_without_a_mark_are_read(read: Reader, codec: str, text: str) -> None:
    expected = [line.split(";")[1] for line in text.splitlines()[1:]]
    assert names(read(text.encode(codec))) == expected


@pytest.mark.parametrize(
    ("content", "said"),
    [
        *((LIST.encode(page), "EBCDIC") for page in ("cp037", "cp500", "cp273", "cp1140")),
        (LIST.replace("\r\n", "\x85").encode("cp037"), "EBCDIC"),
        (LIST.replace(";", " ").replace("\r\n", " " * 30).encode("cp500"), "EBCDIC"),
        (LIST.encode("utf-7"), "UTF-7"),
        (LIST.replace(";", ",").encode("utf-7"), "UTF-7"),
        (LIST.encode("utf-16") + ROWS.encode(), "in UTF-16, and a part is not"),
        (LIST.encode("utf-16") + b"1005;Kari Hansen;Storgata 1;0150;Oslo", "in UTF-16, and a part"),
        (LIST.encode() + ROWS.encode("utf-16-le"), "in UTF-16, and a part is not"),
        ((LIST + "1").encode() + ROWS.encode("utf-16-le"), "in UTF-16, and a part is not"),
        (b"\xff\xfe" + LIST.encode("cp1252"), "in UTF-16, and a part is not"),
        (LIST.encode("cp1252") + ROWS.encode("cp850"), "and others in"),
        (LIST.encode("cp850") + ROWS.encode("cp1252"), "and others in"),
        (LIST.encode("cp1252") + ROWS.encode("mac-roman"), "and others in"),
        (LIST.encode("mac-roman") + ROWS.encode("cp850"), "and others in"),
        (RUSSIAN.encode("cp1251"), "its bytes do not tell"),
        (RUSSIAN.encode("koi8-r"), "its bytes do not tell"),
        (GREEK.encode("cp1253"), "its bytes do not tell"),
        (JAPANESE.encode("shift-jis"), "its bytes do not tell"),
        *(
            (LIST.replace("\r\n", end).encode(), "has one line only")
            for end in ("\x85", "\u2028", "\u2029", "\x1e", "\v", "\f")
        ),
        (LIST.replace("\r\n", "\x85").encode("latin-1"), "has one line only"),
    ],
)
def test_what_would_be_other_letters_is_refused(read: Reader, content: bytes, said: str) -> None:
    with pytest.raises(ListError, match=said) as refused:
        read(content)
    assert refused.value.hint


@pytest.mark.parametrize("codec", ["cp037", "cp1251", "shift-jis", "utf-7"])
def test_a_stated_encoding_is_used(read: Reader, codec: str) -> None:
    text = {"cp1251": RUSSIAN, "shift-jis": JAPANESE}.get(codec, LIST)
    if codec == "utf-7":
        with pytest.raises(ListError):
            read(text.encode(codec))
    else:
        expected = [line.split(";")[1] for line in text.splitlines()[1:]]
        assert names(read(text.encode(codec), encoding=codec)) == expected


@pytest.mark.parametrize("page", ["cp1252", "cp850", "mac-roman", "cp1250", "iso8859-15"])
@pytest.mark.parametrize(
    "words",
    [
        ["“Kari” O’Brien", "l’hôtel", "Peña", "Müller", "Bjørn"],
        ["Miloš Živa", "Šimon", "Žana", "Bjørn", "Åse"],
        ["ÆØÅ ÅÆØ", "•••••", "50 €/mnd", "Tine®", "n°5", "Ærlig"],
        ["Łódź", "Żółć", "Dąbek", "Kraków", "Müller"],
    ],
)
def test_a_list_in_one_encoding_is_not_refused(read: Reader, page: str, words: list[str]) -> None:
    """Whatever signs and names are in it, as far as the page has them."""
    text = "Nr;Navn\r\n" + "".join(f"{at};{word}\r\n" for at, word in enumerate(words, 1))
    assert read(text.encode(page, errors="ignore")).rows.collect().height == len(words)
