"""The walk from a dropped list to a rehearsed mailing, by the requests that the pages make."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from desks import Desk, drop, rehearse, running_desk, shown, words, workbook
from mailings import TEMPLATE, MailingFolder, row
from openpyxl import load_workbook
from tenants import TenantList
from waiting import until
from word_documents import document, paragraph, run

from batchsend.desk import work
from batchsend.desk.folder import Folder
from batchsend.ledger import Ledger
from batchsend.mailing import Mailing
from batchsend.word.office_process import office

AT = "/mailing/rent/mailing.toml"


@pytest.fixture
def rent(desk: Desk) -> MailingFolder:
    place = desk.folder / "rent"
    place.mkdir()
    return MailingFolder(place)


def test_from_a_dropped_workbook_to_a_rehearsed_mailing(desk: Desk, tmp_path: Path) -> None:
    client = desk.client()
    where = drop(desk, client, workbook(tmp_path / "leietakere.xlsx")).json()["go"]
    at = where.rpartition("/")[0]
    sheet = words(shown(client, where))
    assert "11 recipients in leietakere.xlsx" in sheet
    assert "no recipient: hidden in the sheet" in sheet
    assert "no recipient: below the list" in sheet
    assert "Kari Nordmannb" in words(shown(client, f"{at}/people")), "turned round already"
    desk.post(client, f"{at}/people/chosen", Name="{{ navn }}")
    people = shown(client, f"{at}/people")
    assert "Nordmannb, Kari" in words(people)
    turned = re.search(r'name="Name" value="([^"]+)">Turn', people)
    assert turned
    desk.post(client, f"{at}/people/chosen", Name=turned[1])
    assert "Kari Nordmannb" in words(shown(client, f"{at}/people"))
    assert "Nobody stands on the letter as its sender" in words(shown(client, f"{at}/check"))
    path = desk.folder / "leietakere" / "mailing.toml"
    assert "# Every letter's own reference" in path.read_text(), "comments stay"
    path.write_text(path.read_text().replace('Name = ""', 'Name = "Utleier AS"'))
    assert "All 11 letters are ready" in words(shown(client, f"{at}/check"))
    assert "The rehearsal is done" in rehearse(desk, client, at)
    assert "11 rehearsed" in words(shown(client, f"{at}/receipt"))
    found = words(shown(client, f"{at}/receipt?q=nordmannc"))
    assert "Storgata 12" in found
    assert "Storgata 4" not in found
    start = words(client.get("/").text)
    assert "leietakere 11 0" in start
    assert "rehearsal" in start


def test_a_title_that_is_merged_is_shown_once(desk: Desk, tmp_path: Path) -> None:
    path = TenantList.made(number=160).write(tmp_path / "list.xlsx", "desember")
    book = load_workbook(path)
    sheet = book.active
    assert sheet is not None
    sheet.merge_cells("A1:H1")
    book.save(path)
    client = desk.client()
    html = shown(client, drop(desk, client, path).json()["go"])
    assert html.count("Beboerliste Solbakken borettslag, desember") == 1
    assert '<td colspan="8">Beboerliste' in html
    assert '<td colspan="4">Adresse</td>' in html
    assert html.count("<td>Oslo</td>") > 5, "recipients are shown cell by cell"


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["cp1252", "utf-8-sig", "utf-16"])
def test_a_text_is_shown_with_all_its_columns(
    desk: Desk, tmp_path: Path, separator: str, encoding: str
) -> None:
    lines = [["Nr", "Navn", "Gate", "Postnr", "Poststed"]]
    lines += [[f"{n}", "Åse Bjørk", f"Gata {n}", "0150", "Oslo"] for n in range(1, 9)]
    path = tmp_path / "list.csv"
    path.write_text("\n".join(map(separator.join, lines)), encoding=encoding)
    client = desk.client()
    html = shown(client, drop(desk, client, path).json()["go"])
    assert "8 recipients" in words(html)
    assert "Nr Navn Gate Postnr Poststed" in words(html)
    assert "3 Åse Bjørk Gata 3 0150 Oslo" in words(html)


@pytest.mark.slow
def test_the_sheet_and_the_heading_row_are_chosen_on_the_page(desk: Desk, tmp_path: Path) -> None:
    client = desk.client()
    where = drop(desk, client, workbook(tmp_path / "list.xlsx")).json()["go"]
    at = where.rpartition("/")[0]
    desk.post(client, f"{at}/list/reading", sheet="Notater")
    assert Mailing.load(desk.folder / "list" / "mailing.toml").list.sheet == "Notater"
    desk.post(client, f"{at}/list/reading", sheet="Leietakere", header_row="3")
    mailing = Mailing.load(desk.folder / "list" / "mailing.toml")
    assert mailing.list.header_row == 3
    assert mailing.payload.Letter.Invoicee.Name == "{{ navn | surname_last }}"
    desk.post(client, f"{at}/list/reading", sheet="Gone")
    lost = shown(client, where)
    assert "no sheet called" in words(lost)
    assert "<option" in lost, "and others are to be chosen from"
    desk.post(client, f"{at}/list/reading", sheet="Leietakere", hidden="read")
    assert "12 recipients" in words(shown(client, where))


def test_a_list_that_is_none_leaves_nothing_behind(desk: Desk, tmp_path: Path) -> None:
    client = desk.client()
    for name, content in (("~$list.xlsx", b"x"), ("list.pdf", b"%PDF-1.7 x"), ("empty.csv", b"")):
        (tmp_path / name).write_bytes(content)
        answer = drop(desk, client, tmp_path / name)
        assert answer.status_code == 422
        assert answer.json()["said"]
    assert list(desk.folder.iterdir()) == []


def test_without_a_sender_every_screen_leads_to_where_it_is_given(
    desk: Desk, rent: MailingFolder
) -> None:
    rent.edit('Name = "Utleier AS"', 'Name = ""')
    client = desk.client()
    for screen in ("check", "look", "send"):
        main = shown(client, f"{AT}/{screen}").partition("<main")[2]
        assert "Nobody stands on the letter as its sender" in main
        assert f'href="{AT}/letter"' in main


def test_the_check_groups_by_cause(desk: Desk, rent: MailingFolder) -> None:
    rent.write(*(row(number, postnr="150") for number in (1, 2, 3)), row(4))
    html = words(shown(desk.client(), f"{AT}/check"))
    assert "1 ready, 3 to look at" in html
    assert html.count("3 rows") == 1
    answer = desk.post(desk.client(), f"{AT}/check/workbook")
    assert answer.headers["content-disposition"].endswith("needs-attention.xlsx")


@pytest.mark.parametrize(
    ("language", "title", "what", "ready"),
    [
        ("en", "The letter cannot be posted like this", "address", "All 6 letters are ready"),
        ("nb", "Brevet kan ikke sendes slik", "adresse", "Alle 6 brev er klare"),
    ],
)
def test_a_letter_whose_pages_cannot_be_posted_is_not_ready(  # noqa: PLR0917 - a sentence
    desk: Desk, rent: MailingFolder, language: str, title: str, what: str, ready: str
) -> None:
    client = desk.client()
    client.headers["accept-language"] = language
    assert ready in words(shown(client, f"{AT}/check"))
    letter = rent.folder / "letter.html"
    letter.write_text(letter.read_text(encoding="utf-8").replace("top: 30mm", "top: 120mm"))
    html = shown(client, f"{AT}/check")
    assert title in words(html)
    assert ready not in words(html)
    card = html.partition('aria-labelledby="wrong-pages"')[2].partition("</section>")[0]
    assert what in words(card)
    assert "addressee" not in card
    assert f'href="{AT}/letter"' in card
    step = html.partition(f'href="{AT}/check"')[2].partition("</a>")[0]
    assert "✓" not in step


@pytest.mark.parametrize(("language", "named"), [("en", "at “Check”"), ("nb", "under «Kontroll»")])
def test_a_message_does_not_send_one_to_the_screen_it_stands_on(
    desk: Desk, rent: MailingFolder, language: str, named: str
) -> None:
    rent.write(row(1), row(2), row(1))
    client = desk.client()
    client.headers["accept-language"] = language
    html = words(shown(client, f"{AT}/check"))
    assert named not in html
    assert ("Choose here what" if language == "en" else "Velg her hva") in html


@pytest.mark.slow
@pytest.mark.skipif(office() is None, reason="LibreOffice is not installed")
def test_a_word_letter_whose_pages_cannot_be_posted_is_not_ready(
    desk: Desk, rent: MailingFolder
) -> None:
    rent.write_in_word(document(paragraph(run("Kjære «fornavn»"))))
    rent.edit('Channel = "EMAIL"', 'Channel = "PRINT"')
    html = words(shown(desk.client(), f"{AT}/check"))
    assert "The letter cannot be posted like this" in html
    assert "All 6" not in html


def test_what_is_left_in_a_letter_is_said_where_it_is_seen(desk: Desk, rent: MailingFolder) -> None:
    letter = rent.folder / "letter.html"
    letter.write_text(letter.read_text(encoding="utf-8").replace("Du skylder", "[vedlegg] Betal"))
    html = shown(desk.client(), f"{AT}/check")
    said = "“[vedlegg]” will appear like this in every letter"
    assert said in words(html.partition('aria-labelledby="of-letter"')[2].partition("</sec")[0])
    assert html.count(said) == 1


def test_what_stops_the_check_is_said_at_the_check_also_to_who_wants_to_look(
    desk: Desk, rent: MailingFolder
) -> None:
    (rent.folder / "letter.html").write_text("<p>{{ telefon }}</p>", encoding="utf-8")
    client = desk.client()
    assert "To the letter" in words(shown(client, f"{AT}/look"))


def test_looking_draws_the_letter_that_is_asked_for(desk: Desk, rent: MailingFolder) -> None:
    client = desk.client()
    html = shown(client, f"{AT}/look?row=3")
    assert "Letter 2 of 6" in words(html)
    picture = client.get(f"{AT}/look/3/1.png")
    assert picture.content.startswith(b"\x89PNG")
    assert client.get(f"{AT}/look/3/9.png").status_code == 404
    assert client.get(f"{AT}/look/999/1.png").status_code == 404


def test_a_picture_and_a_button_wait_for_the_check_of_what_was_changed_last(
    desk: Desk, rent: MailingFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "SOON", 0.001)
    rent.write(row(1), row(2), row(1))
    client = desk.client()
    shown(client, f"{AT}/look?row=3")
    rent.write(row(1), row(2, fornavn="Ola"), row(1))
    assert client.get(f"{AT}/look/3/1.png").content.startswith(b"\x89PNG")
    rent.write(row(1), row(2), row(1))
    desk.post(client, f"{AT}/check/twice", row="4", way="copies")
    assert Mailing.load(rent.path).list.copies == "skip"


def test_real_letters_go_only_when_their_number_is_typed(
    desk: Desk, rent: MailingFolder, monkeypatch: pytest.MonkeyPatch, nobody: str
) -> None:
    monkeypatch.setenv("BATCHSEND_BASE_URL", nobody)
    monkeypatch.setenv("BATCHSEND_SUBSCRIPTION_ID", "subscription-secret-1")
    monkeypatch.setenv("BATCHSEND_STORAGE_ID", "storage-secret-1")
    client = desk.client()
    assert "6 real letters" in words(shown(client, f"{AT}/send?to=real"))
    begin = f"{AT}/send/begin?to=real"
    for typed in ("", "5", "66"):
        refused = desk.post(client, begin, expected="6", typed=typed)
        said = f"you typed {typed}, and it is 6 letters" if typed else "the number is missing"
        assert f"Nothing has been sent: {said}." in words(refused.text)
    assert "has changed" in words(desk.post(client, begin, expected="5", typed="5").text)
    assert desk.work.run_at(rent.path) is None
    assert desk.post(client, begin, expected="6", typed="6").status_code == 303
    run = until(lambda: desk.work.run_at(rent.path), "it begins")
    assert run is not None
    run.stop()
    run.join()


def test_a_run_is_stopped_and_goes_on(desk: Desk, rent: MailingFolder) -> None:
    rent.write(*(row(number) for number in range(1, 101)))
    rent.edit("rate = 500", "rate = 10")
    client = desk.client()
    shown(client, f"{AT}/send")
    desk.post(client, f"{AT}/send/begin?to=test", expected="100")
    run = desk.work.run_at(rent.path)
    assert run is not None
    until(lambda: run.done >= 3, "letters go")
    again = desk.post(client, f"{AT}/send/begin?to=test", expected="100")
    assert again.status_code in {303, 422}, "a second tab starts no second run"
    assert desk.work.run_at(rent.path) is run
    desk.post(client, f"{AT}/under-way/stop")
    run.join()
    assert "Stopped on the way" in words(client.get(f"{AT}/under-way").text)
    with Ledger.open(rent.folder / "ledger.sqlite") as book:
        states = book.outline("sandbox")["state"].cast(str).to_list()
    assert set(states) == {"accepted"}, "nothing is left in doubt"
    assert 3 <= len(states) < 100
    rent.edit("rate = 10", "rate = 500")
    left = 100 - len(states)
    assert f"Go on: {left} letters have not gone" in words(shown(client, f"{AT}/receipt"))
    assert f"{left} of {left} letters" in rehearse(desk, client, AT)


@pytest.mark.slow
def test_work_that_takes_longer_than_a_page_may_is_found_done(
    desk: Desk, rent: MailingFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To plan opens the ledger and so writes to it: that alone is no reason to plan again."""
    monkeypatch.setattr("batchsend.desk.work.SOON", 0.0)
    client = desk.client()
    assert "data-again" in client.get(f"{AT}/send").text
    for screen in ("list", "people", "check", "look", "send"):
        assert "data-again" not in shown(client, f"{AT}/{screen}")


def test_work_that_takes_longer_than_a_page_may_and_fails_is_said_to_have_failed(
    desk: Desk, rent: MailingFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tried again before anybody has seen why it failed, it would be waited for without an end."""
    monkeypatch.setattr("batchsend.desk.work.SOON", 0.0)
    (rent.folder / "letter.html").write_text("<p>{{ telefon }}</p>", encoding="utf-8")
    client = desk.client()
    assert "data-again" in client.get(f"{AT}/check").text
    for _page_and_what_it_asks_for_anew in range(2):
        assert "telefon" in words(shown(client, f"{AT}/check"))
    (rent.folder / "letter.html").write_text(TEMPLATE, encoding="utf-8")
    assert "All 6 letters are ready" in words(shown(client, f"{AT}/check"))


def test_what_another_sends_is_said_in_words(desk: Desk, rent: MailingFolder) -> None:
    client = desk.client()
    with Ledger.open(rent.folder / "ledger.sqlite") as book, book.settling():
        shown(client, f"{AT}/send")
        desk.post(client, f"{AT}/send/begin?to=test", expected="6")
        run = desk.work.run_at(rent.path)
        assert run is not None
        run.join()
        html = words(client.get(f"{AT}/under-way").text)
    assert "It did not come to its end" in html
    assert run.wrong is not None
    assert run.wrong.message in html


def test_what_the_command_line_did_shows_at_once(desk: Desk, rent: MailingFolder) -> None:
    client = desk.client()
    assert "Nothing has been sent yet" in words(shown(client, f"{AT}/receipt"))
    assert rent.run("send", "--sandbox").exit_code == 0
    assert "6 rehearsed" in words(shown(client, f"{AT}/receipt"))
    assert client.get(f"{AT}/receipt/files/rehearsal.csv").status_code == 200


def test_progress_is_told_while_the_page_is_open(desk: Desk, rent: MailingFolder) -> None:
    client = desk.client()
    shown(client, f"{AT}/send")
    desk.post(client, f"{AT}/send/begin?to=test", expected="6")
    with client.stream("GET", f"{AT}/under-way/events") as told:
        lines = list(told.iter_lines())
    assert told.headers["content-type"].startswith("text/event-stream")
    assert lines[-3:] == ["event: end", "data: {}", ""]


def test_tidying_says_what_goes_and_what_stays(desk: Desk, rent: MailingFolder) -> None:
    client = desk.client()
    rehearse(desk, client, AT)
    html = words(client.get(f"{AT}/tidy?days=0").text)
    assert "sandbox-letters/ (12 files)" in html
    assert "list.csv" in html.partition("These stay")[2]
    assert list((rent.folder / "sandbox-letters").glob("*.pdf"))
    desk.post(client, f"{AT}/tidy/clear", days="0")
    assert not list((rent.folder / "sandbox-letters").glob("*.pdf"))
    assert (rent.folder / "list.csv").exists()


def test_a_mailing_that_cannot_be_read_is_said_and_hides_no_other(
    desk: Desk, rent: MailingFolder
) -> None:
    (desk.folder / "odd").mkdir()
    (desk.folder / "odd" / "mailing.toml").write_text("name = ")
    html = words(desk.client().get("/").text)
    assert "cannot be opened" in html
    assert "rent" in html
    assert desk.client().get("/mailing/odd/mailing.toml/list").status_code == 422


@pytest.mark.slow
def test_ten_thousand_mailings_are_listed_in_a_second(tmp_path: Path) -> None:
    for number in range(10_000):
        place = tmp_path / f"{number // 100}" / f"{number}"
        place.mkdir(parents=True)
        (place / "mailing.toml").write_text("x")
    with running_desk(tmp_path) as desk:
        client = desk.client()
        client.get("/")
        began = time.process_time()
        html = client.get("/").text
        assert time.process_time() - began < 2.0
    assert "of 10000" in words(html)
    assert len(list(Folder(tmp_path).mailings())) == 10_000


def test_the_language_is_the_browsers_until_somebody_chooses(desk: Desk) -> None:
    client = desk.client()
    assert '<html lang="nb">' in client.get("/", headers={"accept-language": "nb-NO,nb;q=0.9"}).text
    assert '<html lang="en">' in client.get("/", headers={"accept-language": "de"}).text
    desk.post(client, "/language", language="nb", back="//evil.example.com")
    assert '<html lang="nb">' in client.get("/", headers={"accept-language": "en"}).text


def test_nobody_is_led_elsewhere(desk: Desk) -> None:
    client = desk.client()
    for back in ("//evil.example.com", "/\\evil.example.com", "http://evil.example.com", ""):
        answer = desk.post(client, "/language", language="nb", back=back)
        assert answer.headers["location"] == "/"
