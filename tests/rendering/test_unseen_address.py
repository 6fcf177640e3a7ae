"""An address that is in a ready-made PDF, and that nobody can see on its page."""

from __future__ import annotations

import io
from collections.abc import Callable

import pikepdf
import pytest

from batchsend.rendering import PageSettings
from batchsend.rendering.page_checks import check_pages

HTML = """<!doctype html><style>@page { size: A4; margin: 14mm 25mm } body { margin: 0 }
p { position: absolute; left: 0; top: 34mm; margin: 0; font: 11pt sans-serif }</style>
<p>{{ navn }}<br>Storgata 1<br>0150</p><div style='margin-top: 90mm'>Brevet</div>"""


@pytest.fixture
def found(folder, letter) -> Callable[[bytes, bytes], list[str]]:
    """The rules broken where `new` stands in place of `old` in what a right letter draws."""

    def look(old: bytes, new: bytes) -> list[str]:
        made = letter(navn="Kari Øvergård")
        with pikepdf.open(io.BytesIO(folder.renderer(HTML).render(made).pdf)) as pdf:
            drawn = pikepdf.unparse_content_stream(pikepdf.parse_content_stream(pdf.pages[0]))
            assert old in drawn
            pdf.pages[0].obj.Contents = pdf.make_stream(drawn.replace(old, new))
            file = io.BytesIO()
            pdf.save(file)
        return [
            each.rule for each in check_pages(file.getvalue(), PageSettings().PRINT, made.fields)
        ]

    return look


def test_an_address_that_is_seen_is_right(found) -> None:
    assert found(b"BT", b"BT") == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"0 0 0 rg", b"1 1 1 rg"),
        (b"BT", b"BT 3 Tr"),
        (b"1 0 0 -1 0", b"0 0 9 9 re W n 1 0 0 -1 0"),
    ],
    ids=["white", "to be searched only", "clipped away"],
)
def test_an_address_that_nobody_sees_is_held(found, old, new) -> None:
    assert "addressee" in found(old, new)


def test_the_text_behind_a_scan_is_what_the_scan_shows(found) -> None:
    pixel = b"q 595 0 0 842 0 0 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \xcc EI Q\n"
    assert "addressee" not in found(b"BT", pixel + b"BT 3 Tr")
