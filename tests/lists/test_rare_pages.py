"""Code pages that few lists are in: read right, or refused with it; never wrong in silence."""

from __future__ import annotations

import random

import pytest
from lists.conftest import Reader

from batchsend.errors import ListError
from batchsend.lists import RecipientList

NAMES = {
    "nb": "Bjørn Åse Pål Kåre Ådne Sæther Nygård Øvrebø Håland Næss Fjøsne Strøm Ås Skår Tromsø "
    "Bodø Røros Åsveien Bjørkeveien Skogstjørna Østby Askøy",
    "sv": "Åsa Björn Östen Märta Söderström Åkesson Öberg Lööf Hägg Malmö Örebro Åre Växjö",
    "da": "Søren Åge Mørk Ærø Østergaard Kjær Bæk Nørgaard Køge Rønne Skærbæk Søndergade Ågade",
    "fi": "Päivi Väinö Yrjö Hélène Mäkinen Jääskeläinen Könönen Ylönen Östman Jyväskylä Ähtäri",
    "fi+": "Päivi Väinö Šimo Mäkinen Šemeikka Žukov Könönen Tšernyh Jyväskylä Ähtäri Äyritie",
    "is": "Þórunn Sigríður Ólafur Þór Guðmundur Ýmir Þórsdóttir Sigurðsson Ísafjörður",
    "de": "Jürgen Käthe Änne Müller Weiß Groß Jäger Köln Düsseldorf Schloßstraße Mühlweg",
    "fr": "François Hélène Zoé Benoît Agnès Noël Lefèvre Pâris Forêt Nîmes Évreux Sète Église",
    "fr+": "Hélène Éric Lebœuf Œuvrard Agnès Noël Lefèvre Sœurs Pâris Évreux Béziers",
    "es": "José Ángel Begoña Núñez Muñoz García Peña Málaga Cádiz Logroño España",
    "pt": "João Inês Conceição Simões Magalhães Guimarães Évora São Gonçalves Leão",
    "et+": "Õie Jüri Šarlotte Žanna Ülle Põld Mägi Kõiv Šults Pärnu Võru Tõrva",
    "pl": "Łukasz Małgorzata Jędrzej Wójcik Dąbrowski Żuławski Śliwa Łódź Kraków Gdańsk Długa",
    "cs": "Jiří Zdeněk Šárka Růžena Dvořák Černý Kučera Šťastný Plzeň Děčín Náměstí Říční",
}
WESTERN = ("nb", "sv", "da", "de", "fr", "es", "pt")
READ = [
    *((people, page) for people in WESTERN for page in ("cp1252", "iso8859-15", "cp850")),
    *((people, "mac-roman") for people in ("nb", "sv", "da", "de")),
    *((people, page) for people in ("nb", "da", "sv") for page in ("cp858", "cp865")),
    *(("is", page) for page in ("cp1252", "iso8859-15", "cp850")),
    ("fi", "cp1252"),
    ("fi+", "cp1252"),
    ("fi+", "iso8859-15"),
    ("fr+", "cp1252"),
    ("fr+", "iso8859-15"),
    ("et+", "iso8859-15"),
    ("pl", "cp1250"),
    ("cs", "cp1250"),
]
SAID = [
    *(("is", page) for page in ("cp861", "mac-iceland")),
    *(("fi+", page) for page in ("cp775", "cp1257", "mac-latin2")),
    *(("et+", page) for page in ("cp775", "cp1257")),
    *((people, page) for people in ("pl", "cs") for page in ("cp852", "iso8859-2", "mac-latin2")),
]


def some(people: str, seed: int) -> str:
    chance, names = random.Random(seed), NAMES[people].split()
    rows = ["nr;navn;sted"]
    rows += [f"{n};{' '.join(chance.sample(names, 2))};{chance.choice(names)}" for n in range(12)]
    return "\n".join(rows) + "\n"


def cells(recipients: RecipientList) -> list[list[str]]:
    return [list(row) for row in recipients.rows.collect().select("c0", "c1", "c2").rows()]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("people", "page"), READ)
def test_usual_pages_are_read_as_they_were_written(
    read: Reader, people: str, page: str, seed: int
) -> None:
    text = some(people, seed)
    recipients = read(text.encode(page))
    assert cells(recipients) == [line.split(";") for line in text.splitlines()[1:]]
    assert not recipients.notes


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("people", "page"), SAID)
def test_other_pages_are_said_and_then_read(
    read: Reader, people: str, page: str, seed: int
) -> None:
    text = some(people, seed)
    with pytest.raises(ListError, match="do not tell for certain") as refused:
        read(text.encode(page))
    assert 'set encoding = "' in str(refused.value.hint)
    recipients = read(text.encode(page), encoding=page)
    assert cells(recipients) == [line.split(";") for line in text.splitlines()[1:]]


@pytest.mark.parametrize("word", [*NAMES["nb"].split(), "Hélène", "Peña", "João", "Guimarães"])
def test_one_foreign_name_of_windows_is_read_in_its_page(read: Reader, word: str) -> None:
    recipients = read(f"nr;navn;sted\n1;{word} Hansen;Oslo\n2;Kari Berg;Bergen\n".encode("cp1252"))
    assert cells(recipients)[0][1] == f"{word} Hansen"


@pytest.mark.parametrize("words", ["O´Brien", "Fran¸cois", "Bj¨orn", "2½", "½ kg", "a¦b", "d´Arc"])
def test_marks_of_windows_stay_marks(read: Reader, words: str) -> None:
    recipients = read(f"nr;navn;sted\n1;{words};Malmö\n2;Per Åkesson;Örebro\n".encode("cp1252"))
    assert cells(recipients)[0][1] == words


def test_a_page_told_by_one_word_is_said(read: Reader) -> None:
    recipients = read("nr;navn;sted\n1;Alès Hansen;Oslo\n2;Kari Berg;Bergen\n".encode("cp850"))
    note = next(note for note in recipients.notes if "encoding" in note)
    assert cells(recipients)[0][1].split()[0] in note
    assert not read("nr;navn;sted\n1;Per;Malmö\n2;Kari;Bergen\n".encode("cp1252")).notes
