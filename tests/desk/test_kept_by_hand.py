"""A workbook as people keep it by hand: rows twice, hidden rows, postcodes without their zero."""

from __future__ import annotations

import io
import re
from html import unescape
from pathlib import Path

import docx
import httpx
import pytest
from browser import Tabs
from desks import Desk, drop, shown, words
from openpyxl import Workbook

from batchsend.mailing import Mailing

AT = "/mailing/tenants/mailing.toml"
HEADINGS = ["Nr", "Navn", "Gate", "Postnr/sted", "Land", "Leie"]
COPY = 15
"""The row that is there twice; the copy is the next one."""


@pytest.fixture
def list_of_tenants(tmp_path: Path) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADINGS)
    for number in range(2, 22):
        town = "581 Oslo" if number < 5 else "5003 Bergen"
        town = "111 51 Stockholm" if number == 9 else town
        cells = [1000 + number, f"Nordmann{chr(95 + number)}, Kari", f"Gata {number}", town]
        sheet.append([*cells, "Sverige" if number == 9 else None, 9000 + number])
        if number == COPY:
            sheet.append([*cells, None, 9000 + number])
    sheet.row_dimensions[11].hidden = sheet.row_dimensions[12].hidden = True
    book.save(tmp_path / "tenants.xlsx")
    return tmp_path / "tenants.xlsx"


@pytest.fixture
def client(desk: Desk, list_of_tenants: Path) -> httpx.Client:
    """Somebody who has dropped the list, chosen what tells the letters apart and said who sends."""
    client = desk.client()
    drop(desk, client, list_of_tenants)
    html = shown(client, f"{AT}/people")
    assert "Nr, which some rows have twice" in words(html)
    chosen = re.search(r'value="([^"]*\{\{ nr \}\}[^"]*)">Nr, which', html)
    assert chosen
    assert "Choose a column here." in words(html)
    desk.post(client, f"{AT}/people/chosen", Identifier=unescape(chosen[1]))
    assert "Choose a column here." not in words(shown(client, f"{AT}/people"))
    path = desk.folder / "tenants" / "mailing.toml"
    path.write_text(path.read_text("utf-8").replace('Name = ""', 'Name = "Utleier AS"'), "utf-8")
    return client


def test_rows_that_are_there_twice_are_held_and_the_others_go(
    desk: Desk, client: httpx.Client
) -> None:
    assert "14 ready, 5 to look at" in words(shown(client, f"{AT}/check"))


@pytest.mark.slow
def test_a_row_of_such_a_list_is_still_left_out_with_a_click(
    desk: Desk, client: httpx.Client
) -> None:
    html = shown(client, f"{AT}/list")
    assert 'aria-label="Leave row 5 out"' in html
    assert f'aria-label="Leave row {COPY} out"' not in html, "it is not told from its copy"
    desk.post(client, f"{AT}/list/row", row="5", take="out")
    assert "18 recipients" in words(shown(client, f"{AT}/list"))
    assert desk.post(client, f"{AT}/list/row", row=str(COPY), take="out").status_code == 422


def test_what_stays_behind_names_the_hidden_rows(desk: Desk, client: httpx.Client) -> None:
    behind = words(shown(client, f"{AT}/send")).partition("What stays behind")[2]
    assert "2 rows are hidden in the sheet and get no letter. Rows 11, 12" in behind
    assert "5 rows have something wrong in them and get no letter." in behind


@pytest.mark.slow
def test_an_envelope_has_its_country_as_the_page_has_it(desk: Desk, client: httpx.Client) -> None:
    html = words(shown(client, f"{AT}/people")).partition("envelopes will show it")[2]
    assert "111 51 STOCKHOLM SWEDEN" in html


@pytest.mark.slow
def test_the_sheets_hidden_rows_are_said_and_taken_in(desk: Desk, client: httpx.Client) -> None:
    html = words(shown(client, f"{AT}/list"))
    assert "2 rows are hidden in the sheet and get no letter (rows 11, 12)." in html
    desk.post(client, f"{AT}/list/reading", hidden="read")
    html = words(shown(client, f"{AT}/list"))
    assert "21 recipients" in html
    assert "are hidden in the sheet" not in html


@pytest.mark.slow
def test_a_cell_with_postcode_and_town_is_shown_and_cured_whole(
    desk: Desk, client: httpx.Client
) -> None:
    html = shown(client, f"{AT}/check")
    assert html.count('name="value" value="581 Oslo"') == 3
    assert "581 Oslo → 0581 Oslo" in words(html)
    cause = re.search(r'name="cause" value="([^"]+)"', html)
    assert cause
    desk.post(client, f"{AT}/check/cure", cause=unescape(cause[1]), expected="3")
    assert "17 ready, 2 to look at" in words(shown(client, f"{AT}/check"))


@pytest.mark.slow
def test_a_letter_from_word_greets_by_the_name_as_the_envelope_has_it(
    desk: Desk, client: httpx.Client, tmp_path: Path
) -> None:
    document, file = docx.Document(), io.BytesIO()
    document.add_paragraph("Hei {{ navn }}, den nye leien er {{ leie }} i {{ gate }}.")
    document.save(file)
    (tmp_path / "brev.docx").write_bytes(file.getvalue())
    go = drop(desk, client, tmp_path / "brev.docx", f"{AT}/letter/word").json()["go"]
    desk.post(client, f"{AT}/letter/word/take", key=go.partition("key=")[2], how="text")
    letter = (desk.folder / "tenants" / "letter" / "letter.html").read_text("utf-8")
    assert "Hei {{ letter.Invoicee.Name }}, den nye leien er {{ leie }} i {{ gate }}." in letter


@pytest.mark.slow
def test_a_form_that_has_to_wait_waits_where_a_page_can_be_asked_for_again(
    desk: Desk, client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(desk.work), "plan", lambda *_: None)
    answer = desk.post(client, f"{AT}/send/begin?to=test", expected="14")
    assert answer.status_code == 303
    assert "What is to be sent is being counted" in words(
        client.get(answer.headers["location"]).text
    )


@pytest.mark.slow
def test_what_stays_behind_is_said_when_the_others_have_gone(
    desk: Desk, client: httpx.Client
) -> None:
    html = shown(client, f"{AT}/send")
    assert "Rehearse 14 letters" in words(html)
    desk.post(client, f"{AT}/send/begin?to=test", expected="14")
    run = desk.work.run_at(Mailing.load(desk.folder / "tenants" / "mailing.toml").path)
    assert run is not None
    run.join()
    assert "5 rows got no letter" in words(client.get(f"{AT}/under-way").text)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("http://letters.example.com", "begins with http://"),
        ("letters", "is not a web address"),
        ("https://somebody:secret@letters.example.com", "holds a user name"),
    ],
)
def test_an_address_that_no_letter_can_go_to_is_refused_where_it_is_typed(
    desk: Desk, client: httpx.Client, address: str, why: str
) -> None:
    secrets = {"BATCHSEND_SUBSCRIPTION_ID": "a", "BATCHSEND_STORAGE_ID": "b"}
    form = {"BATCHSEND_BASE_URL": address, **secrets}
    html = words(desk.post(client, f"{AT}/send/keys", **form).text)
    assert why in html
    assert "base_url" not in html
    assert not (desk.folder / "tenants" / ".env").exists(), "it is asked for once more"


@pytest.mark.slow
def test_why_a_form_is_refused_is_said_on_its_own_page(
    tabs: Tabs, desk: Desk, client: httpx.Client
) -> None:
    page = tabs.open(desk.link())
    page.get_by_role("heading", name="Your mailings").wait_for()
    page.goto(f"{desk.base}{AT}/list")
    button = page.get_by_role("button", name="Take them in", exact=True)
    button.wait_for()
    (desk.folder / "tenants" / "mailing.toml").write_text("name = ")
    button.press("Enter")
    page.get_by_text("mailing.toml").first.wait_for()
    assert page.url.endswith("/list")
    # The browser itself logs an answer of 422 as an error of the console.
    tabs.faults = [fault for fault in tabs.faults if "422" not in fault]


@pytest.mark.slow
def test_on_a_phone_a_cell_to_be_corrected_is_whole(
    tabs: Tabs, desk: Desk, client: httpx.Client
) -> None:
    shown(client, f"{AT}/check")
    page = tabs.open(desk.link(), width=390)
    page.get_by_role("heading", name="Your mailings").wait_for()
    page.goto(f"{desk.base}{AT}/check")
    cell = page.get_by_label("Row 2, Postnr/sted")
    box, room = cell.bounding_box(), page.locator(".causes").first.bounding_box()
    card = page.locator("section.card").first.bounding_box()
    assert box
    assert room
    assert card
    assert box["x"] + box["width"] <= card["x"] + card["width"] - 8
    assert room["width"] <= card["width"]
    assert cell.evaluate("cell => cell.scrollWidth <= cell.clientWidth"), "what stands there"


@pytest.mark.slow
@pytest.mark.parametrize("screen", ["list", "check", "send", "receipt"])
def test_on_a_phone_the_step_that_is_open_is_in_sight(
    tabs: Tabs, desk: Desk, client: httpx.Client, screen: str
) -> None:
    shown(client, f"{AT}/{screen}")
    page = tabs.open(desk.link(), width=390)
    page.get_by_role("heading", name="Your mailings").wait_for()
    page.goto(f"{desk.base}{AT}/{screen}")
    page.wait_for_load_state("networkidle")
    box = page.locator("nav.steps [aria-current]").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
