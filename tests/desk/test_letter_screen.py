"""The letter's screen: what its requests do to the mailing, and how it is used in a browser."""

from __future__ import annotations

import html
import io
import json
import re
from pathlib import Path
from typing import Any

import docx
import httpx
import pytest
from browser import Tabs, accessibility_faults
from desks import Desk, shown, words
from jinja2 import nodes
from PIL import Image, ImageChops

from batchsend.desk.screens.letter.sender import logo_of
from batchsend.errors import SettingsError
from batchsend.expressions import environment
from batchsend.lists import ListSettings
from batchsend.mailing import Mailing
from batchsend.starter import (
    ShippedLetter,
    begun_letters,
    gallery,
    looks,
    shipped_letters,
    start_mailing,
)
from batchsend.word.office_process import office

BEGUN = begun_letters()["letter.html"]
AT = "/mailing/rent/mailing.toml/letter"
LIST = (
    "Kundenr;Navn;Adresse;Postnr;Poststed;Husleie;Fødselsnummer\n"
    "1;Kari Nordmann;Storgata 1;0150;Oslo;7550,50;21927412345\n"
    "2;Ola Nordmann-Gundersen-Øverland;Storgata 2;0150;Oslo;8100;\n"
)


@pytest.fixture
def rent(desk: Desk) -> Path:
    """A mailing as `init` begins it; its letter."""
    (desk.folder / "list.csv").write_text(LIST, encoding="utf-8")
    start_mailing(ListSettings(path=desk.folder / "list.csv"), desk.folder / "rent")
    return desk.folder / "rent" / "letter" / "letter.html"


@pytest.fixture
def client(desk: Desk) -> httpx.Client:
    return desk.client()


def sent(desk: Desk, client: httpx.Client, what: str, **body: Any) -> httpx.Response:
    token = {"x-batchsend-token": desk.door.token}
    return client.post(f"{AT}/{what}", json=body, headers=token)


def dropped(desk: Desk, client: httpx.Client, what: str, name: str, data: bytes) -> httpx.Response:
    headers = {"x-batchsend-token": desk.door.token, "x-batchsend-name": name}
    return client.post(f"{AT}/{what}", content=data, headers=headers)


def opened(client: httpx.Client) -> dict[str, Any]:
    """What the page gives the editor."""
    page = client.get(AT).text
    found = re.search(r'data-letter="([^"]*)"', page)
    assert found
    given: dict[str, Any] = json.loads(
        found[1]
        .replace("&#34;", '"')
        .replace("&amp;", "&")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&#39;", "'")
    )
    return given


def sender(desk: Desk, client: httpx.Client, **changes: str) -> httpx.Response:
    details = {"Name": "Utleier AS", "Address1": "Kongeveien 1", "PostCode": "0580"}
    details |= {"City": "Oslo", "CountryCode": "no", **changes}
    return desk.post(client, f"{AT}/sender", **details)


def test_a_letter_is_saved_as_it_was_but_for_what_was_written(
    desk: Desk, client: httpx.Client, rent: Path
) -> None:
    before, given = rent.read_text(encoding="utf-8"), opened(client)
    given["doc"]["content"][0]["content"][0]["text"] = "Ny leie"
    body = {key: given[key] for key in ("base", "doc", "known", "key")}
    first = sent(desk, client, "save", **body).json()
    assert rent.read_text(encoding="utf-8") == before.replace("Overskrift</h1>", "Ny leie</h1>")
    given["doc"]["content"][0]["content"][0]["text"] = "Ny husleie"
    assert sent(desk, client, "save", **{**body, "known": first["known"]}).status_code == 200
    assert rent.read_text(encoding="utf-8") == before.replace("Overskrift</h1>", "Ny husleie</h1>")


def test_a_letter_that_was_changed_elsewhere_is_not_written_over(
    desk: Desk, client: httpx.Client, rent: Path
) -> None:
    given = opened(client)
    rent.write_text("<main><p>Somebody else</p></main>", encoding="utf-8")
    body = {key: given[key] for key in ("base", "doc", "known", "key")}
    answer = sent(desk, client, "save", **body)
    assert answer.status_code == 409
    assert "another window or program" in answer.json()["said"]
    assert rent.read_text(encoding="utf-8") == "<main><p>Somebody else</p></main>"


@pytest.mark.parametrize(
    "body",
    [{}, {"text": 7}, {"text": "x" * 600_000}, {"base": "<p>a</p>", "doc": {"type": "script"}}],
)
def test_what_is_no_letter_is_refused(
    desk: Desk, client: httpx.Client, rent: Path, body: dict[str, Any]
) -> None:
    before = rent.read_bytes()
    assert sent(desk, client, "save", **body).status_code == 400
    assert sent(desk, client, "page", **body).status_code == 400
    assert rent.read_bytes() == before


@pytest.mark.parametrize(
    "what", ["save", "page", "sender", "logo", "word", "word/take", "choose", "fit"]
)
def test_nothing_is_done_without_the_pages_token(
    client: httpx.Client, rent: Path, what: str
) -> None:
    before = rent.read_bytes()
    assert client.post(f"{AT}/{what}", content=b"{}").status_code == 403
    assert rent.read_bytes() == before


def page_of(desk: Desk, client: httpx.Client, text: str, **more: Any) -> dict[str, Any]:
    found: dict[str, Any] = sent(desk, client, "page", text=text, **more).json()
    return found


def test_the_page_says_what_is_wrong_with_the_letter_in_plain_sentences(
    desk: Desk, client: httpx.Client, rent: Path
) -> None:
    sender(desk, client)
    text = rent.read_text(encoding="utf-8").replace("Overskrift", "Ny leie")
    text = text.replace("Skriv brevet her.", "Leien er {{ husleie | money }}.")
    good = page_of(desk, client, text)
    assert (good["troubles"], good["pages"], good["unknown"]) == ([], 1, [])
    assert good["person"] == {"row": 2, "name": "Kari Nordmann"}
    wide = "<table><tr>" + "<td>" + "</td><td>".join(["Kontonummer"] * 30) + "</td></tr></table>"
    cases = {
        "{{ husleje }}": "Did you mean “Husleie”?",
        "[navn]": "“[navn]” will stand like this in every letter. Put the field “Navn”",
        "«Navn»": "Put the field “Navn” in its place.",
        "Skriv brevet her.": "“Skriv brevet her.” is still the sample's text.",
        "{{ navn | mony }}": "did you mean “money”?",
        "{{ navn | money }}": "“Kari Nordmann” is not an amount.",
        wide: "is wider than the page",
        '<p style="position: absolute; top: 40mm; left: 0">Inn</p>': "Page 1: ",
    }
    for wrong, expected in cases.items():
        answer = page_of(desk, client, text.replace("</h1>", f"</h1>{wrong}"))
        assert any(expected in sentence for sentence in answer["troubles"]), (wrong, answer)
        for sentence in answer["troubles"]:
            assert sentence.endswith((".", "?", "”"))
            assert "letter.html" not in sentence
            assert str(desk.folder) not in sentence


def test_a_page_that_breaks_a_rule_has_the_rules_mark_on_it(
    desk: Desk, client: httpx.Client, rent: Path
) -> None:
    sender(desk, client)
    text = rent.read_text(encoding="utf-8")

    def picture(**more: Any) -> Image.Image:
        [name] = page_of(desk, client, **more)["pictures"]
        answer = client.get(f"/letter-picture/{name}.png")
        return Image.open(io.BytesIO(answer.content)).convert("RGB")

    plain, marked = picture(text=text), picture(text=text, limits=True)
    broken = picture(
        text=text.replace("</h1>", '</h1><p style="position: absolute; top: 67mm">Kontor</p>')
    )
    left, top, right, bottom = (mm / 25.4 * 120 for mm in (15, 44, 120, 78))
    window = left, top, right, bottom
    assert ImageChops.difference(plain, marked).crop(window).getbbox()
    assert ImageChops.difference(plain, broken).crop(window).getbbox()
    assert abs(plain.width - 210 / 25.4 * 120) <= 1


def test_the_page_is_of_whom_one_chooses(desk: Desk, client: httpx.Client, rent: Path) -> None:
    people = client.get(f"{AT}/whose").json()
    assert [(each["row"], each["why"]) for each in people] == [(2, "first"), (3, "longest")]
    assert [each["row"] for each in client.get(f"{AT}/whose?q=gundersen").json()] == [3]
    answer = page_of(desk, client, rent.read_text(encoding="utf-8"), row=3)
    assert answer["person"]["name"] == "Ola Nordmann-Gundersen-Øverland"
    fields = client.get(f"{AT}/fields?row=2").json()["columns"]
    samples = {each["label"]: (each["source"], each["sample"]) for each in fields}
    assert samples["Husleie"] == ("{{ husleie }}", "7550,50")
    assert "12345" not in samples["Fødselsnummer"][1]


def test_the_sender_is_written_into_the_mailing_and_kept_for_the_next(
    desk: Desk, client: httpx.Client, rent: Path
) -> None:
    mailing = rent.parents[1] / "mailing.toml"
    assert sender(desk, client, Name="").status_code == 422
    assert sender(desk, client, Name="{{ navn }}").status_code == 422
    assert 'Name = ""  # your own name: fill it in' in mailing.read_text(encoding="utf-8")
    assert sender(desk, client).status_code == 303
    assert 'Name = "Utleier AS"' in mailing.read_text(encoding="utf-8")
    assert 'CountryCode = "NO"' in mailing.read_text(encoding="utf-8")
    start_mailing(ListSettings(path=desk.folder / "list.csv"), desk.folder / "next")
    page = client.get("/mailing/next/mailing.toml/letter").text
    assert 'value="Utleier AS"' in page
    assert "as it was in your last mailing" in page.replace("how it was", "as it was")


def png(size: tuple[int, int] = (300, 100)) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, "red").save(file, "PNG")
    return file.getvalue()


def test_a_logo_is_printed_and_kept_for_the_next_mailing(
    desk: Desk, client: httpx.Client, rent: Path
) -> None:
    text = rent.read_text(encoding="utf-8")
    assert dropped(desk, client, "logo", "logo.png", png((100, 100))).json()["go"] == AT
    [name] = page_of(desk, client, text)["pictures"]
    picture = Image.open(io.BytesIO(client.get(f"/letter-picture/{name}.png").content))
    middle = round(30 / 25.4 * 120), round(19 / 25.4 * 120)
    assert picture.convert("RGB").getpixel(middle) == (255, 0, 0)
    start_mailing(ListSettings(path=desk.folder / "list.csv"), desk.folder / "next")
    desk.post(client, "/mailing/next/mailing.toml/letter/logo/kept")
    kept = desk.folder / "next" / "letter" / "logo.svg"
    assert kept.read_bytes() == rent.with_name("logo.svg").read_bytes() != looks("logo.svg")


@pytest.mark.parametrize(
    "data",
    [b"", b"MZ nothing", png()[:-20], b"<svg", b"<?xml version='1.0'?><html/>",
     b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + (60_000).to_bytes(4, "big") * 2 + b"IEND" * 3],
)  # fmt: skip
def test_what_is_no_picture_is_refused(
    desk: Desk, client: httpx.Client, rent: Path, data: bytes
) -> None:
    answer = dropped(desk, client, "logo", "../../logo.png", data)
    assert answer.status_code == 422
    assert answer.json()["said"].endswith(".")
    assert rent.with_name("logo.svg").read_bytes() == looks("logo.svg")


def test_a_drawing_loses_its_scripts_and_what_it_would_fetch() -> None:
    made = logo_of(
        b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="x()"><script>x()</script>&x;'
        b'<image href="http://example.com/x.png"/><image href="data:image/png;base64,AA=="/></svg>'
    )
    assert b"data:image/png" in made
    for gone in (b"script", b"onload", b"example.com", b"root:"):
        assert gone not in made
    with pytest.raises(SettingsError):
        logo_of(b"<svg>" + b" " * 400_000 + b"</svg>")


def test_a_letter_that_ships_is_copied_and_never_over_a_changed_one_unasked(
    desk: Desk, client: httpx.Client, rent: Path
) -> None:
    chosen = {"name": "rent-notice", "language": "en"}
    assert desk.post(client, f"{AT}/choose", **chosen).status_code == 303
    shipped = (shipped_letters()["rent-notice"] / "letter.en.html").read_bytes()
    assert rent.read_bytes() == shipped
    own = shipped.replace(b"</h1>", b"!</h1>")
    rent.write_bytes(own)
    asked = desk.post(client, f"{AT}/choose", name="empty", language="nb")
    assert "Keep my letter" in asked.text
    assert rent.read_bytes() == own
    desk.post(client, f"{AT}/choose", name="empty", language="nb", sure="yes")
    assert rent.read_bytes() == BEGUN
    assert rent.with_name("letter.before.html").read_bytes() == own
    assert desk.post(client, f"{AT}/choose", name="../x", language="nb").status_code == 404


def test_the_gallery_has_every_letter_that_ships_with_its_picture_in_both_languages(
    client: httpx.Client, rent: Path
) -> None:
    for language in ("nb", "en"):
        page = html.unescape(client.get(AT, headers={"accept-language": language}).text)
        for letter in gallery():
            if letter.templates[0].suffix == ".html":
                assert letter.title[language] in page
                assert letter.about[language] in page
    for name in re.findall(r'src="(/gallery/[^"]+)"', page):
        with Image.open(io.BytesIO(client.get(name).content)) as image:
            assert image.size == (420, 594)
    assert client.get("/gallery/..%2Fbegun-no-1.png").status_code == 404


@pytest.mark.parametrize("language", ["nb", "en"])
@pytest.mark.parametrize("letter", gallery(), ids=lambda letter: letter.name)
def test_each_letter_of_the_gallery_can_be_chosen(
    desk: Desk, client: httpx.Client, rent: Path, letter: ShippedLetter, language: str
) -> None:
    answer = desk.post(client, f"{AT}/choose", name=letter.name, language=language)
    if letter.templates[0].suffix == ".docx" and office() is None:
        assert answer.status_code == 404
        return
    assert answer.status_code == 303
    template = Mailing.load(rent.parents[1]).template
    assert template is not None
    assert isinstance(template.path, Path)
    taken = (rent.parents[1] / template.path).read_bytes()
    spoken = letter.templates[language == "en" and len(letter.templates) > 1]
    assert taken == spoken.read_bytes()


def word_letter(header: str = "", also: str = "") -> bytes:
    document = docx.Document()
    document.add_paragraph("Hei, {{ navn }}. Leien blir høyere.")
    document.add_paragraph(also)
    if header:
        document.sections[0].header.paragraphs[0].text = header
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def test_a_word_letter_is_taken_once_what_it_loses_is_seen(
    desk: Desk, client: httpx.Client, rent: Path
) -> None:
    answer = dropped(desk, client, "word", "brev.docx", word_letter("Borettslaget"))
    go = answer.json()["go"]
    page = client.get(go).text
    assert "At the top of the pages" in page
    assert "Borettslaget" in page
    key = go.partition("key=")[2]
    desk.post(client, f"{AT}/word/take", key=key, how="text")
    assert rent.read_bytes() == BEGUN
    desk.post(client, f"{AT}/word/take", key=key, how="text", seen="yes")
    assert "Leien blir høyere." in rent.read_text(encoding="utf-8")
    assert 'left_behind = "not needed"' in (rent.parents[1] / "mailing.toml").read_text("utf-8")
    assert opened(client)["doc"] is not None


@pytest.mark.slow
@pytest.mark.skipif(office() is None, reason="LibreOffice is not installed")
def test_a_letter_that_stays_in_word_is_shown_as_it_is_printed_with_what_is_wrong(
    desk: Desk, client: httpx.Client, rent: Path
) -> None:
    """python-docx makes pages of the American size."""
    answer = dropped(desk, client, "word", "brev.docx", word_letter(also="Ring «Mobil»."))
    key = answer.json()["go"].partition("key=")[2]
    desk.post(client, f"{AT}/word/take", key=key, how="word")
    page = shown(client, AT)
    said = words(html.unescape(page))
    assert "cannot be sent as it is. Page 1:" in said
    assert "216 x 279 mm is not A4" in said
    assert "[page." not in said
    assert "paper:" not in said, "no rule is named"
    assert "“«Mobil»” will appear like this in every letter" in said
    assert "The sender's name and address are not filled in yet" in said
    troubles = page[page.index("This letter cannot be sent") :].partition("</div>")[0]
    assert "“«Mobil»”" in html.unescape(troubles), "what is wrong is said together"
    assert "Use its text on our letterhead" in troubles
    assert "Logo" not in said, "a letter in Word has its own"
    picture = re.search(r'src="([^"]+/printed/2/1\.png)"', page)
    assert picture
    assert client.get(picture[1]).headers["content-type"] == "image/png"
    assert client.get(picture[1].replace("/1.png", "/9.png")).status_code == 404
    client.post("/language", data={"token": desk.door.token, "language": "nb"})
    said = words(html.unescape(shown(client, AT)))
    assert "Side 1: 216 x 279 mm er ikke A4 (210 x 297)." in said
    assert "Endre brevet her." in said
    assert "[page." not in said
    assert str(desk.folder) not in said
    assert "paper:" not in said
    way_out = desk.post(client, f"{AT}/word/text")
    key = way_out.headers["location"].partition("key=")[2]
    desk.post(client, f"{AT}/word/take", key=key, how="text", seen="yes")
    assert opened(client)["doc"] is not None, "it is written on the page from now on"
    assert desk.post(client, f"{AT}/word/text").status_code == 404, "it is no longer in Word"


@pytest.mark.parametrize(("name", "data"), [("brev.docx", b"PK nothing"), ("~$brev.docx", b"x"),
                                            ("brev.exe", b"MZ")])  # fmt: skip
def test_what_is_no_word_letter_is_refused_in_words(
    desk: Desk, client: httpx.Client, rent: Path, name: str, data: bytes
) -> None:
    answer = dropped(desk, client, "word", name, data)
    assert answer.status_code == 422
    assert "/" not in answer.json()["said"]
    assert rent.read_bytes() == BEGUN


def drawn(page: Any) -> int:
    return int(page.locator("#pages").get_attribute("data-drawn") or 0)


def at_letter(tabs: Tabs, desk: Desk, **look: Any) -> Any:
    page = tabs.open(desk.link(), **look)
    page.locator("main").wait_for()
    page.goto(f"{desk.base}{AT}")
    page.wait_for_function("() => document.getElementById('pages').dataset.drawn > 0")
    page.locator("#fields button").first.wait_for()
    return page


@pytest.mark.slow
def test_a_letter_is_written_with_fields_and_saved(desk: Desk, tabs: Tabs, rent: Path) -> None:
    page = at_letter(tabs, desk)
    page.locator("#paper-text h1").click()
    page.keyboard.press("Control+A")
    page.keyboard.press("ArrowUp")
    page.locator("#paper-text p").nth(1).click(click_count=3)
    page.keyboard.type("Leien blir ")
    before = drawn(page)
    page.locator("#fields button", has_text="Husleie").click()
    page.wait_for_function(
        "before => document.getElementById('pages').dataset.drawn > before", arg=before
    )
    page.locator("#paper-text .chip", has_text="Husleie").click()
    page.locator("#form").select_option(label="an amount: 1 234,50")
    page.locator("#paper-text h1").click(click_count=3)
    page.keyboard.type("Ny leie {{ navn }}")
    page.keyboard.press("Control+S")
    page.get_by_text("The letter is saved.").wait_for()
    saved = rent.read_text(encoding="utf-8")
    assert "<h1>Ny leie &#123;{ navn }}</h1>" in saved
    assert "<p>Leien blir {{ husleie | money }}</p>" in saved
    start = BEGUN.decode().partition("<main>")[0]
    assert saved.startswith(start)
    assert saved.endswith(BEGUN.decode().partition('<div class="closing">')[2])


@pytest.mark.slow
def test_what_is_pasted_is_text_with_its_looks_and_nothing_else(
    desk: Desk, tabs: Tabs, rent: Path
) -> None:
    page = at_letter(tabs, desk)
    page.locator("#paper-text h1").click(click_count=3)
    page.evaluate(
        """() => {
          const data = new DataTransfer();
          data.setData("text/html", '<p onclick="x()" style="color:red"><b>Fet</b> tekst'
            + '<img src="//evil.example.com/x" onerror="window.hit=1"><script>window.hit=1</script>'
            + '<span data-field="{{ 7 * 7 }}">felt</span></p>');
          document.getElementById("paper-text").dispatchEvent(
            new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }"""
    )
    page.locator("#paper-text strong", has_text="Fet").wait_for()
    page.locator("#save").click()
    page.get_by_text("The letter is saved.").wait_for()
    assert "<strong>Fet</strong> tekstfelt" in rent.read_text(encoding="utf-8")
    assert page.evaluate("window.hit") is None


@pytest.mark.alone
@pytest.mark.slow
def test_a_new_page_is_there_soon_after_the_last_key(desk: Desk, tabs: Tabs, rent: Path) -> None:
    page = at_letter(tabs, desk)
    page.locator("#paper-text h1").click()
    taken = []
    for _ in range(7):
        before = drawn(page)
        page.evaluate(
            """() => document.addEventListener("keyup", () => {
              const pages = document.getElementById("pages"), typed = performance.now();
              new MutationObserver((_, watch) => {
                window.taken = performance.now() - typed;
                watch.disconnect();
              }).observe(pages, { attributeFilter: ["data-drawn"] });
            }, { once: true })"""
        )
        page.keyboard.type("x")
        page.wait_for_function(
            "before => document.getElementById('pages').dataset.drawn > before", arg=before
        )
        taken.append(page.evaluate("window.taken"))
    assert min(taken) < 500, taken


@pytest.mark.slow
def test_a_letter_that_ships_is_made_to_fit_the_list(desk: Desk, tabs: Tabs, rent: Path) -> None:
    desk.post(desk.client(), f"{AT}/choose", name="rent-notice", language="nb")
    page = tabs.open(desk.link())
    page.locator("main").wait_for()
    page.goto(f"{desk.base}{AT}")
    page.locator("#unfit select").first.wait_for()
    assert accessibility_faults(page) == []
    unknown = set()
    for choice in page.locator("#unfit select").all():
        unknown.add(choice.get_attribute("name"))
        choice.select_option(label="Husleie")
    with page.expect_navigation():
        page.locator("#fit").click()
    names = environment(autoescape=True).parse(rent.read_text("utf-8")).find_all(nodes.Name)
    used = {each.name for each in names}
    assert "husleie" in used
    assert not unknown & used
    page.wait_for_function("() => document.getElementById('unfit').dataset.of === ''")


@pytest.mark.slow
def test_a_field_is_dragged_into_the_letter(desk: Desk, tabs: Tabs, rent: Path) -> None:
    page = at_letter(tabs, desk)
    page.set_viewport_size({"width": 1280, "height": 2400})  # nothing scrolls on the way
    page.locator("#fields button", has_text="Husleie").drag_to(page.locator("#paper-text h1"))
    page.locator("#paper-text h1 .chip", has_text="Husleie").wait_for(timeout=20_000)
    page.locator("#save").click()
    page.get_by_text("The letter is saved.").wait_for()
    heading = re.search(r"<h1>.*</h1>", rent.read_text(encoding="utf-8"))
    assert heading
    assert "{{ husleie }}" in heading[0]


@pytest.mark.slow
def test_of_two_tabs_one_saves_and_the_other_is_told(desk: Desk, tabs: Tabs, rent: Path) -> None:
    first = at_letter(tabs, desk)
    second = at_letter(tabs, desk)
    for tab, text in ((first, "Fra den ene"), (second, "Fra den andre")):
        tab.locator("#paper-text h1").click(click_count=3)
        tab.keyboard.type(text)
    first.locator("#save").click()
    first.get_by_text("The letter is saved.").wait_for()
    second.locator("#save").click()
    second.get_by_text("changed in another window or program").wait_for()
    assert "Fra den ene</h1>" in rent.read_text(encoding="utf-8")
    assert second.locator("#paper-text h1").inner_text() == "Fra den andre"
    tabs.faults = [fault for fault in tabs.faults if "409" not in fault]


@pytest.mark.slow
def test_a_letter_that_cannot_be_edited_without_loss_is_text(
    desk: Desk, tabs: Tabs, rent: Path
) -> None:
    source = "<main>\r\n<p>Hei, {{ navn }}<p>uten slutt\r\n</main>\r\n"
    rent.write_bytes(source.encode())
    page = tabs.open(desk.link())
    page.locator("main").wait_for()
    page.goto(f"{desk.base}{AT}")
    page.get_by_text("shown as the text of its file").wait_for()
    page.locator("#source").press("Control+End")
    page.keyboard.type("<!-- x -->")
    page.locator("#save").click()
    page.get_by_text("The letter is saved.").wait_for()
    assert rent.read_bytes() == f"{source}<!-- x -->".encode()


@pytest.mark.slow
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (390, "light")])
@pytest.mark.parametrize("name", ["empty", "payment-reminder"])
def test_the_screen_can_be_used_by_everybody(  # noqa: PLR0917 - pytest's
    desk: Desk, tabs: Tabs, rent: Path, width: int, scheme: str, name: str
) -> None:
    client = desk.client()
    desk.post(client, f"{AT}/choose", name=name, language="nb")
    page = tabs.open(desk.link(), width=width, scheme=scheme)
    page.locator("main").wait_for()
    page.goto(f"{desk.base}{AT}")
    page.locator("#fields button").first.wait_for()
    page.locator("#troubles li").first.wait_for()
    assert accessibility_faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.slow
def test_the_keyboard_alone_writes_and_leaves_the_letter(
    desk: Desk, tabs: Tabs, rent: Path
) -> None:
    page = at_letter(tabs, desk)
    page.locator("#style").focus()
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "paper-text":
            break
    page.keyboard.press("Control+End")
    page.keyboard.press("Enter")
    page.keyboard.type("Styret")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "save"
    page.keyboard.press("Enter")
    page.get_by_text("The letter is saved.").wait_for()
    assert "Name }}</p>\n    <p>Styret</p>\n  </div>" in rent.read_text(encoding="utf-8")
