"""No word of the desk stays English: with every message marked, what is not marked is data."""

from __future__ import annotations

import re
from gettext import NullTranslations
from html.parser import HTMLParser
from pathlib import Path

import pytest
from desks import Desk, drop, shown, workbook

from batchsend import language

SCREENS = ("list", "people", "check", "receipt", "next", "tidy")
UNREAD = {"script", "style", "template", "code", "textarea"}
READ = {"aria-label", "placeholder", "alt", "title"}
_INNERMOST = re.compile("⟦[^⟦⟧]*(⟧|$)")


class _Marks(NullTranslations):
    """Every message in brackets."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, one: str, more: str, number: int) -> str:
        return f"⟦{one if number == 1 else more}⟧"


class _Texts(HTMLParser):
    """What a page shows or reads out, and what it does not come from a message."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._unread = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unread += tag in UNREAD
        self.found += [value for name, value in attrs if name in READ and value]

    def handle_endtag(self, tag: str) -> None:
        self._unread -= tag in UNREAD

    def handle_data(self, data: str) -> None:
        if not self._unread:
            self.found.append(data)


def unmarked(html: str) -> set[str]:
    """Words of a page that no message says."""
    left = set()
    for text in _Texts(html).found:
        bare, before = text, ""
        while bare != before:
            bare, before = _INNERMOST.sub(" ", bare), bare
        left |= {bare.strip()} if re.search(r"[^\W\d_]{2,}", bare) else set()
    return left


@pytest.fixture
def marks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A language in which each message is marked."""
    monkeypatch.setitem(language.LANGUAGES, "qq", "Marks")
    catalogue = language._catalogue
    monkeypatch.setattr(
        language, "_catalogue", lambda name: _Marks() if name == "qq" else catalogue(name)
    )


@pytest.mark.usefixtures("marks")
@pytest.mark.slow
def test_what_is_not_a_message_is_data(desk: Desk, tmp_path: Path) -> None:
    client = desk.client()
    client.headers["accept-language"] = "qq"
    pages = {"start, empty": client.get("/").text}
    where = drop(desk, client, workbook(tmp_path / "leietakere.xlsx")).json()["go"]
    at = where.rpartition("/")[0]
    settings = desk.folder / "leietakere" / "mailing.toml"
    settings.write_text(settings.read_text().replace('Name = ""', 'Name = "Utleier AS"'))
    pages |= {name: shown(client, f"{at}/{name}") for name in SCREENS}
    pages["start"] = client.get("/").text
    found = {
        name: bare
        for name, html in pages.items()
        if (bare := {each for each in unmarked(html) if not _is_data(each)})
    }
    assert not found, sorted(set().union(*found.values()))


_DATA = re.compile(
    r"/|Nordmann|Storgata|Oslo|OSLO|SUM|Leietakere|leietakere|Notater|Utleier"
    r"|^(Leienr|Navn|Adresse|Postnr/sted|Leie|English|Norsk bokmål|Marks|batchsend|mailing\.toml)$"
)


def _is_data(text: str) -> bool:
    """What stands in the list, names of files and of languages, and our own."""
    return bool(_DATA.search(text))


def test_a_word_that_no_message_says_is_found() -> None:
    page = '<p title="Bare">⟦All ⟦3 letters⟧ are ready⟧ 12</p><p>Rows</p><script>var x</script>'
    assert unmarked(page) == {"Bare", "Rows"}
