"""QR codes in a letter, drawn and looked at module by module."""

from __future__ import annotations

import re
from pathlib import Path

import pypdfium2
import pytest
import segno
from markupsafe import Markup

from batchsend.errors import RenderingError
from batchsend.expressions import FILTERS, environment
from batchsend.letters import Letter
from batchsend.lists import Column, Row
from batchsend.rendering import Renderer, Templates, TemplateSettings

LINK = "https://example.no/betal/0001002344"
HTML = """<!doctype html><style>@page {{ size: A4; margin: 0 }} body {{ margin: 0 }}</style>
<div style="position: absolute; left: 20mm; top: 30mm">{{{{ "{}" | qr_code("{}mm") }}}}</div>"""


def printed(folder: Path, text: str, size: int) -> pypdfium2.PdfPage:
    path = folder / "letter.html"
    path.write_text(HTML.format(text, size), encoding="utf-8")
    fields = {
        "Channel": "PRINT",
        "Identifier": "1",
        "Invoicee": {"Name": "Åse"},
        "Invoicer": {"Name": "Utleier AS"},
    }
    letter = Letter("1", "PRINT", "NO", fields, (Row(2, ("",)),), "")
    templates = Templates.load(TemplateSettings(path=Path("letter.html")), folder=folder)
    document = Renderer(templates, [Column(0, "A", "a")]).render(letter)
    return pypdfium2.PdfDocument(document.pdf)[0]


def test_every_module_is_on_the_page(tmp_path: Path) -> None:
    size = 37  # mm: one for each module, the white border included
    scale = 8  # pixels a millimetre
    bitmap = printed(tmp_path, LINK, size).render(scale=scale * 25.4 / 72, grayscale=True)
    modules = [[bool(module) for module in row] for row in segno.make_qr(LINK, error="m").matrix]
    assert len(modules) + 8 == size

    def dark(left: float, top: float) -> bool:
        return bool(bitmap.buffer[int(top * scale) * bitmap.stride + int(left * scale)] < 128)

    seen = [
        [dark(20 + 4.5 + column, 30 + 4.5 + row) for column in range(len(modules))]
        for row in range(len(modules))
    ]
    assert seen == modules


def test_text_is_not_html() -> None:
    env = environment(autoescape=True)
    said = env.from_string("{{ text | qr_code }}").render(text="</svg><b>")
    assert isinstance(FILTERS["qr_code"]("x"), Markup)
    assert re.fullmatch(r"<svg [^<>]*>(<path [^<>]*>)+</svg>", said)


@pytest.mark.parametrize(
    ("text", "size", "message"),
    [
        ("", "28mm", "nothing to put"),
        ("x" * 3000, "28mm", "3000 characters are too many"),
        ("x", "28", "is not a size"),
        ("x", '28mm" onload="', "is not a size"),
    ],
)
def test_refuses(text: str, size: str, message: str) -> None:
    with pytest.raises(RenderingError, match=message):
        FILTERS["qr_code"](text, size)
