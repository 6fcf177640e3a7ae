"""report.html: used in a browser as the person in charge would, and closed to the world."""

from __future__ import annotations

import re
import stat
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from browser import Tabs, accessibility_faults
from reports.accounts import account, large, of_cells
from reports.lists import listed, standing

from batchsend.ledger import REHEARSAL
from batchsend.reports import TABLE, Account, rows_report, write_file


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of 400 letters with all kinds of outcomes."""
    path = tmp_path_factory.mktemp("mixed") / "report.html"
    write_file(path, large(400))
    return path


def opened(tabs: Tabs, path: Path, **options: Any) -> Any:
    page = tabs.open(path.as_uri(), **options)
    page.wait_for_selector("body[data-ready]")
    return page


def shown(tabs: Tabs, folder: Path, account: Account, **options: Any) -> Any:
    write_file(folder / "report.html", account)
    return opened(tabs, folder / "report.html", **options)


def column(page: Any, place: int) -> list[str]:
    """The texts of a column, the first being the row's number."""
    lines = page.locator("#table tbody tr:not(.why, .whole)")
    cells: list[str] = lines.evaluate_all(
        "(lines, place) => lines.map((line) => line.cells[place].textContent)", place
    )
    return cells


ROW, STATUS, IDENTIFIER, NAME = 1, 2, 3, 5


def found(page: Any) -> str:
    text: str = page.inner_text("#found")
    return text


class TestTheTable:
    def test_it_begins_with_the_list_as_it_is(self, tabs: Tabs, mixed: Path) -> None:
        page = opened(tabs, mixed)
        assert found(page) == "400 rows, 1 to 50 shown."
        assert column(page, ROW) == [str(row) for row in range(2, 52)]

    def test_every_column_is_searched(self, tabs: Tabs, mixed: Path) -> None:
        page = opened(tabs, mixed)
        # The last column of the list is in no column of the table.
        page.fill("#search", "245,50")
        page.get_by_text("1 of 400 rows.").wait_for()
        assert column(page, ROW) == ["35"]
        page.fill("#search", "nobody")
        page.get_by_text("No row is like that.").wait_for()
        page.fill("#search", "ÅSE oslo")
        page.get_by_text("1 of 400 rows.").wait_for()
        assert column(page, NAME) == ["Åse Bjørk2"]

    def test_it_is_filtered_by_status_and_channel(self, tabs: Tabs, mixed: Path) -> None:
        page = opened(tabs, mixed)
        page.uncheck("#statuses input[value=accepted]")
        assert found(page) == "32 of 400 rows."
        assert "accepted" not in column(page, STATUS)
        page.select_option("#channel", "DIGIPOST")
        assert found(page) == "11 of 400 rows."

    @pytest.mark.slow
    def test_its_heads_sort_up_and_down(self, tabs: Tabs, mixed: Path) -> None:
        page = opened(tabs, mixed)
        page.select_option("#size", "500")
        name = page.get_by_role("button", name="Navn")
        name.click()
        names = column(page, NAME)
        # Numbers by their size, æ and å after z, as in a Norwegian telephone book.
        assert names[:2] == ["Kari Bjørk5", "Kari Bjørk6"]
        assert names[-3:] == ["ola Bjørk3", "Ærlig Bjørk4", "Åse Bjørk2"]
        heading = page.locator("#table thead th", has=name)
        assert heading.get_attribute("aria-sort") == "ascending"
        name.click()
        assert column(page, NAME) == names[::-1]
        assert heading.get_attribute("aria-sort") == "descending"

    @pytest.mark.slow
    def test_empty_cells_come_last_either_way(self, tabs: Tabs, mixed: Path) -> None:
        page = opened(tabs, mixed)
        page.select_option("#size", "500")
        sent = page.get_by_role("button", name="Sent")
        for _ in range(2):
            sent.click()
            times = column(page, 9)
            assert times[0] != ""
            assert times[-1] == ""

    @pytest.mark.slow
    def test_its_pages_are_turned(self, tabs: Tabs, mixed: Path) -> None:
        page = opened(tabs, mixed)
        page.get_by_role("button", name="Next").click()
        assert column(page, ROW)[0] == "52"
        page.get_by_role("button", name="Last").click()
        assert page.inner_text("#place") == "Page 8 of 8"
        assert page.get_by_role("button", name="Next").is_disabled()
        assert page.evaluate("document.activeElement.id") == "back", "the keyboard goes on there"

    @pytest.mark.slow
    def test_a_row_opens_to_all_that_is_known_of_it(self, tabs: Tabs, mixed: Path) -> None:
        page = opened(tabs, mixed)
        more = page.get_by_role("button", name="All of row 3", exact=True)
        more.press("Enter")
        assert more.get_attribute("aria-expanded") == "true"
        told = page.inner_text("#table .whole dl")
        assert re.search(r"Beløp\s+21,50", told)
        assert re.search(r"http_status\s+202", told)
        more.press("Enter")
        assert page.locator("#table .whole").count() == 0

    @pytest.mark.slow
    def test_on_a_phone_it_says_who_and_why_within_the_width(self, tabs: Tabs, mixed: Path) -> None:
        page = opened(tabs, mixed, width=360)
        page.uncheck("#statuses input[value=accepted]")
        page.locator("#table tbody .more button").first.press("Enter")
        assert page.locator("#table th", has_text="Navn").is_visible()
        for told in ("#table .why span", "#table .whole dl"):
            box = page.locator(told).first.bounding_box()
            assert box["width"] > 200, told
            assert box["x"] + box["width"] <= 360, told

    @pytest.mark.slow
    def test_a_concern_shows_its_rows_there(self, tabs: Tabs, tmp_path: Path) -> None:
        page = shown(tabs, tmp_path, large(2_000))
        page.locator("button.show[data-status=rejected]").click()
        assert found(page) == "40 of 2,000 rows."
        assert set(column(page, STATUS)) == {"rejected"}
        page.get_by_role("button", name="Show others too").click()
        assert page.locator("#picked").is_hidden()

    @pytest.mark.slow
    def test_it_is_quick_with_100_000_rows(self, tabs: Tabs, tmp_path: Path) -> None:
        page = shown(tabs, tmp_path, large(100_000))
        assert found(page) == "100,000 rows, 1 to 50 shown."
        page.fill("#search", "100,000")
        page.fill("#search", "bjørk97 oslo rejected")
        page.get_by_text("of 100,000 rows").wait_for()
        page.fill("#search", "")
        page.get_by_text("100,000 rows, 1 to 50").wait_for()
        page.get_by_role("button", name="Identifier").click()
        page.get_by_role("button", name="Identifier").click()
        assert column(page, IDENTIFIER)[0] == "rent-2026-11-100001"
        assert page.locator("#table tbody tr").count() < 110


class TestWhatItSays:
    def test_numbers_concerns_and_charts(self, tabs: Tabs, mixed: Path) -> None:
        page = opened(tabs, mixed)
        assert (
            page.inner_text(".verdict")
            == "368 of 400 letters were accepted. 32 rows need attention."
        )
        assert [text.split("\n")[:2] for text in page.locator(".card").all_inner_texts()] == [
            ["368", "accepted"], ["8", "rejected"], ["4", "failed"], ["8", "unknown"],
            ["8", "invalid"], ["4", "pending"],
        ]  # fmt: skip
        groups = page.locator("#attention .group h3 .badge").all_inner_texts()
        assert groups == ["unknown", "rejected", "invalid", "failed", "pending"]
        titles = page.locator("#charts figure h3").all_inner_texts()
        assert titles == [
            "Outcomes by channel", "Pages of the accepted letters",
            "Cost of the accepted letters, NOK",
        ]  # fmt: skip
        page.locator("#technical summary").first.click()
        technical = page.locator("#technical figure h3").all_inner_texts()
        assert technical == ["Attempts", "Time to the answer"], "8 seconds have no course"

    @pytest.mark.slow
    def test_every_chart_says_the_same_in_words_and_figures(self, tabs: Tabs, mixed: Path) -> None:
        page = opened(tabs, mixed)
        page.locator("#technical summary").first.click()
        for figure in page.locator("figure").all():
            assert figure.locator("figcaption p").inner_text().endswith(".")
            figure.locator("summary").click()
            assert figure.locator("tbody tr").count() > 0
        costs = page.locator("#charts figure").last.locator("tbody tr").all_inner_texts()
        assert costs[-1].split("\t")[0] == "Together"

    def test_times_are_by_the_clock_of_whoever_reads_it(self, tabs: Tabs, mixed: Path) -> None:
        seen = []
        for zone in ("Europe/Oslo", "America/New_York"):
            page = opened(tabs, mixed, zone=zone)
            assert zone in page.inner_text("#zone")
            seen.append((page.inner_text("time >> nth=0"), column(page, 9)[0]))
        (oslo, oslo_row), (new_york, new_york_row) = seen
        apart = datetime.fromisoformat(oslo) - datetime.fromisoformat(new_york)
        assert apart == timedelta(hours=6)
        rows = datetime.fromisoformat(oslo_row) - datetime.fromisoformat(new_york_row)
        assert rows == timedelta(hours=6)

    def test_without_its_script_all_but_the_table_is_there(self, tabs: Tabs, mixed: Path) -> None:
        page = tabs.open(mixed.as_uri(), java_script=False)
        assert "32 rows need attention" in page.inner_text("body")
        assert re.search(r"\(UTC[+-]\d\d:\d\d\)", page.inner_text("time >> nth=0"))
        assert "report.csv has the same rows" in page.inner_text("noscript")

    def test_a_rehearsal_is_called_one_wherever_one_looks(self, tabs: Tabs, tmp_path: Path) -> None:
        page = shown(tabs, tmp_path, large(60, destination=REHEARSAL))
        assert page.title().startswith("Rehearsal: ")
        assert "Nothing was posted" in page.inner_text(".banner")
        assert "accepted by the sandbox" in page.inner_text(".verdict")
        assert page.locator("#table tbody .tag").count() == 50
        assert ", had it been real" in page.locator("#charts figure h3").last.inner_text()

    def test_a_list_without_a_row_has_a_report_too(self, tabs: Tabs, tmp_path: Path) -> None:
        page = shown(tabs, tmp_path, account(rows_report(listed(), standing(), complete=True)))
        assert page.inner_text(".verdict") == "There is no letter in it."
        assert found(page) == "There is no row to show."

    def test_several_rows_of_a_letter_are_one_letter(self, tabs: Tabs, tmp_path: Path) -> None:
        rows = listed({}, {"letter": 2, "identifier": "letter-2"}, {})
        known = standing(letter_2="accepted", letter_4="accepted")
        page = shown(tabs, tmp_path, account(rows_report(rows, known, complete=True)))
        assert page.inner_text(".verdict").startswith("2 of 2 letters were accepted.")
        assert "3 rows make 2 letters" in page.inner_text("#outcomes")
        assert found(page) == "3 rows."


class TestHostileTexts:
    TEXTS = (
        "</script><script>alert(1)</script>",
        "<img src=https://example.com/x onerror=alert(1)>",
        "<!-- the rows -->",
        '=HYPERLINK("https://example.com")',
        "{{ 7 * 7 }}",
        "kari\u202eirak\x00\x1f\x85",
        "\u2028'\"`\\",
    )

    def test_they_are_shown_as_they_are(self, tabs: Tabs, tmp_path: Path) -> None:
        hostile = of_cells(*self.TEXTS, heading="</title><script>alert(2)</script>")
        page = shown(tabs, tmp_path, hostile)
        seen = [re.sub("[\u202e\x00\x1f\x85]", "\ufffd", text) for text in self.TEXTS]
        assert column(page, 4) == seen
        assert page.locator("script").count() == 3
        assert page.locator("img").count() == 0

    def test_so_are_reasons_and_names(self, tabs: Tabs, tmp_path: Path) -> None:
        rows = listed(*({"held": True, "reasons": text, "channel": text} for text in self.TEXTS))
        page = shown(tabs, tmp_path, account(rows_report(rows, standing(), complete=True)))
        reasons = page.locator("#attention .reason").all_inner_texts()
        assert "</script><script>alert(1)</script>" in reasons
        assert page.locator("script").count() == 3
        assert page.locator("img").count() == 0

    def test_national_ids_stay_masked(self, tmp_path: Path) -> None:
        rows = listed({"c0": "13887512345"}, sensitive=frozenset({"c0"}))
        known = standing(letter_2="accepted")
        path = tmp_path / "report.html"
        write_file(path, account(rows_report(rows, known, complete=True)))
        assert "13887512345" not in path.read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("width", "scheme"),
    [
        (390, "dark"),
        pytest.param(1280, "light", marks=pytest.mark.slow),
        pytest.param(390, "light", marks=pytest.mark.slow),
        pytest.param(1280, "dark", marks=pytest.mark.slow),
    ],
)
def test_nothing_keeps_anybody_from_reading_it(
    tabs: Tabs, mixed: Path, scheme: str, width: int
) -> None:
    page = opened(tabs, mixed, scheme=scheme, width=width)
    page.get_by_role("button", name="All of row 3", exact=True).click()
    page.locator("#technical summary").first.click()
    for summary in page.locator("figure summary").all():
        summary.click()
    assert accessibility_faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.slow
def test_on_paper_it_has_its_rows_and_nothing_to_click(
    tabs: Tabs, mixed: Path, tmp_path: Path
) -> None:
    page = opened(tabs, mixed)
    page.uncheck("#statuses input[value=accepted]")
    page.pdf(path=tmp_path / "report.pdf", prefer_css_page_size=True)
    with pypdfium2.PdfDocument(tmp_path / "report.pdf") as pdf:
        assert {tuple(round(side) for side in sheet.get_size()) for sheet in pdf} == {(595, 842)}
        text = " ".join(sheet.get_textpage().get_text_bounded() for sheet in pdf)
    assert "rent-2026-11-357" in text
    assert "32 of 400 rows." in text
    assert "rent-2026-11-2 " not in text
    for button in ("Search every column", "Next", "In figures"):
        assert button not in text


@pytest.mark.slow
def test_paper_has_the_rows_of_every_page(tabs: Tabs, mixed: Path, tmp_path: Path) -> None:
    page = opened(tabs, mixed)
    assert "rent-2026-11-399" not in page.inner_text("#table")
    page.pdf(path=tmp_path / "report.pdf")
    with pypdfium2.PdfDocument(tmp_path / "report.pdf") as pdf:
        text = " ".join(sheet.get_textpage().get_text_bounded() for sheet in pdf)
    assert {f"rent-2026-11-{row}" for row in range(2, 402)} <= set(text.split())


def test_every_status_has_its_colours(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    write_file(path, large(10))
    html = path.read_text(encoding="utf-8")
    for place, status in enumerate(TABLE):
        assert f".{status.css_class} {{ --status: var(--{status.css_class}); }}" in html
        assert f".outcomes .color-{place} {{ --series: var(--{status.css_class}); }}" in html
        assert f"--{status.css_class}: {status.light};" in html
        assert f"--{status.css_class}: {status.dark};" in html


def test_it_is_one_file_of_its_owner_that_asks_for_nothing(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    write_file(path, large(10))
    html = path.read_text(encoding="utf-8")
    assert "default-src &#39;none&#39;" in html
    assert not re.search(r"""(?:src|href)=["'](?!#)""", html)
    assert list(tmp_path.iterdir()) == [path]
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
