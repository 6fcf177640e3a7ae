"""What becomes of rendered letters: files, and what the sheet says of each."""

from __future__ import annotations

import json
from base64 import b64encode
from io import BytesIO
from pathlib import Path

import pypdfium2
from checked_lists import checked_list, row

from batchsend.letters import Letter, RowSet
from batchsend.outcome import Entry
from batchsend.previews import Preview, PreviewFolder, PreviewWriter
from batchsend.previews import folder as shelf
from batchsend.previews.contact_sheet import LONGEST_SHEET
from batchsend.rendering import RenderedLetter

ID = "21927422163"


def prepared(letter: Letter, *, pages: int = 1, error: str = "") -> RenderedLetter:
    document = pypdfium2.PdfDocument.new()
    for _ in range(pages):
        document.new_page(100, 100)
    file = BytesIO()
    document.save(file)
    body = {"Letter": {**letter.fields, "FreeText": b64encode(file.getvalue()).decode()}}
    return RenderedLetter(
        Entry(
            letter.identifier,
            letter.rows[0].number,
            letter.channel,
            letter.content,
            pages=0 if error else pages,
            engine="plutoprint 0.23.0",
        ),
        body=b"" if error else json.dumps(body).encode(),
        warnings=(f"page 1, margin: “{letter.rows[0].cells[-2]}” stands there",),
        error=error,
    )


def previewed(folder: Path, *rows: tuple[str, ...], pages: int = 1, error: str = "") -> Preview:
    checked = checked_list(folder, *rows)
    filled = PreviewWriter(
        PreviewFolder(folder / "out"), checked, why={2: ("the first",)}, marks=None
    )
    for letter in checked.snapshot.letters():
        filled.put(letter, prepared(letter, pages=pages, error=error))
    filled.keep_back(RowSet.parse("1-"))
    return filled.finish("rent")


def test_a_letters_files_and_what_is_shown_of_it(tmp_path: Path) -> None:
    preview = previewed(tmp_path, row(1, id=ID), pages=2)
    assert [path.name for path in preview.files] == [
        "00002-test-1.pdf",
        "00002-test-1.json",
        "00002-test-1-page-1.png",
        "00002-test-1-page-2.png",
    ]
    [shown] = preview.letters
    assert shown.summary == "PRINT · NO · 2 pages · plutoprint 0.23.0"
    assert shown.why == ("the first",)
    assert shown.warnings == ("page 1, margin: “219274*****” stands there",)
    assert ("Invoicee.NationalId", "219274*****") in shown.fields


def test_a_letter_that_could_not_be_rendered(tmp_path: Path) -> None:
    preview = previewed(tmp_path, row(1, id=ID), error=f"“{ID}” is not a date")
    assert preview.not_shown == ((2, "“219274*****” is not a date"),)
    assert preview.letters[0].error == "“219274*****” is not a date"
    assert preview.files == ()
    assert preview.written == 0


def test_of_a_very_long_letter_the_first_pages(tmp_path: Path) -> None:
    [shown] = previewed(tmp_path, row(1), pages=23).letters
    assert len(shown.pictures) == shelf.PAGES
    assert "Only the first 20 of its 23 pages are pictured." in shown.warnings


def test_a_long_list_has_files_for_all_and_a_sheet_for_the_first(tmp_path: Path) -> None:
    wrong = [row(n, postcode="15") for n in range(10)]
    good = [row(n) for n in range(10, LONGEST_SHEET + 13)]
    preview = previewed(tmp_path, *wrong, *good)
    assert preview.written == len(good)
    # Rows that make no letter take no letter's place.
    assert [shown.error for shown in preview.letters] == [""] * LONGEST_SHEET
    assert len(preview.not_shown) == 10
    assert "3 more" in preview.index.read_text(encoding="utf-8")
