"""The contact sheet, read as a browser would read it."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from html.parser import HTMLParser

import pytest

from batchsend.previews import Shown
from batchsend.previews.contact_sheet import contact_sheet

MADE = datetime(2026, 11, 23, 6, 0)
HOSTILE = [
    "<script>alert(1)</script>",
    "\"'><img src=x onerror=alert(1)>",
    "</style><script>alert(1)</script>",
    "</title></table></article>",
    "{{ 7 * 7 }}{% raw %}",
    "&lt;b&gt; &amp; &#x3C;",
    "javascript:alert(1)",
    "]]>--><!--",
]


class Sheet(HTMLParser):
    """Every element with its attributes, and the text outside of script and style."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.code: list[str] = []
        self._open = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._open = tag

    def handle_endtag(self, tag: str) -> None:
        self._open = ""

    def handle_data(self, data: str) -> None:
        (self.code if self._open in {"script", "style"} else self.texts).append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def text(self) -> str:
        return " ".join("".join(self.texts).split())


def shown(row: int = 2, text: str = "Kari Nordmann") -> Shown:
    return Shown(
        row=row,
        why=("the longest name",),
        name=text,
        summary="PRINT · NO · 1 page",
        fields=(("Invoicee.Name", text), ("Invoicee.Address1", "Storgata 1")),
        pages=2,
        pictures=(b"\x89PNG one", b"\x89PNG two"),
        warnings=(f"page 1, window: {text}",),
        stem="00002-test-1",
    )


def sheet(*letters: Shown, left_out: int = 0) -> Sheet:
    return Sheet(contact_sheet("rent-2026", letters, made=MADE, left_out=left_out))


def test_a_letter_with_its_pages_fields_and_warnings() -> None:
    page = sheet(shown())
    pictures = page.all("img")
    assert [picture["alt"] for picture in pictures] == [
        "Page 1 of 2 of the letter to Kari Nordmann",
        "Page 2 of 2 of the letter to Kari Nordmann",
    ]
    sources = [str(picture["src"]).removeprefix("data:image/png;base64,") for picture in pictures]
    assert [b64decode(source) for source in sources] == [b"\x89PNG one", b"\x89PNG two"]
    for text in ("Invoicee.Name", "Storgata 1", "the longest name", "1 warning", "1 page"):
        assert text in page.text
    assert [link["href"] for link in page.all("a")] == [
        "#row-2",
        "00002-test-1.pdf",
        "00002-test-1.json",
    ]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_whatever_a_list_holds_is_text(hostile: str) -> None:
    letter, harmless = shown(text=hostile), shown(text="x")
    page = Sheet(contact_sheet(hostile, [letter, Shown(3, error=hostile)], made=MADE))
    plain = Sheet(contact_sheet("x", [harmless, Shown(3, error="x")], made=MADE))
    # The same elements with the same names of attributes: the values are nothing but values.
    assert [(tag, list(found)) for tag, found in page.elements] == [
        (tag, list(found)) for tag, found in plain.elements
    ]
    assert page.code == plain.code
    # In the title, heading, list, two headings of letters, field, warning and error.
    assert page.text.count(" ".join(hostile.split())) == 7
    assert page.all("img")[0]["alt"] == f"Page 1 of 2 of the letter to {hostile}"


def test_nothing_is_fetched_and_no_script_runs_but_its_own() -> None:
    html = contact_sheet("rent-2026", [shown()], made=MADE)
    page = Sheet(html)
    assert not re.search(r"https?:|//[a-z]|url\(|@import", html)
    policy = str(page.all("meta")[1]["content"])
    style, script = page.code
    digests = [b64encode(sha256(code.encode()).digest()).decode() for code in (style, script)]
    assert policy.startswith("default-src 'none'; img-src data:;")
    assert f"style-src 'sha256-{digests[0]}'" in policy
    assert f"script-src 'sha256-{digests[1]}'" in policy
    assert "unsafe" not in policy
    for tag, attributes in page.elements:
        assert not {name for name in attributes if name.startswith("on") or name == "style"}, tag


def test_it_can_be_used_without_seeing_it_and_without_a_mouse() -> None:
    page = sheet(shown(2), shown(3), Shown(4, error="no postcode"))
    assert page.all("html")[0]["lang"] == "en"
    assert page.all("nav")[0]["aria-label"] == "Letters"
    assert {attributes["type"] for attributes in page.all("button")} == {"button"}
    ids = [str(found["id"]) for _, found in page.elements if "id" in found]
    assert len(ids) == len(set(ids))
    assert {str(link["href"])[1:] for link in page.all("a") if "#" in str(link["href"])} <= {*ids}
    for article in page.all("article"):
        assert article["aria-labelledby"] in ids
        # Without the script all of them can be read.
        assert "hidden" not in article
    assert {found["scope"] for found in page.all("th")} == {"row"}


def test_a_row_that_makes_no_letter_says_why() -> None:
    page = sheet(Shown(4, error="Postnr: those look like 0150."))
    assert "no letter" in page.text
    assert "This row makes no letterPostnr: those look like 0150." in page.text
    assert page.all("img") == page.all("table") == []


def test_a_letter_that_its_page_keeps_back_is_shown_all_the_same() -> None:
    page = sheet(replace(shown(), error="page 1, paper: not A4"))
    assert "This letter will not be sent as it is" in page.text
    assert len(page.all("img")) == 2


def test_what_is_left_out_is_said() -> None:
    assert "1,200 more letters lie in the folder" in sheet(shown(), left_out=1200).text
    assert "1 more letter lies in the folder" in sheet(shown(), left_out=1).text
    assert "more" not in sheet(Shown(2)).text


def test_a_sheet_without_letters() -> None:
    assert "No letter to show." in sheet().text
