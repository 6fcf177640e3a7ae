"""The second engine: the same templates, the same safety, and the standards only it can make.

Each test has a process of its own: fonts are set up once in a process.
"""

from __future__ import annotations

import importlib.util
import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pypdfium2
import pytest

from batchsend.errors import TemplateError

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("weasyprint") is None, reason="WeasyPrint is an extra"
)

HOSTILE = [
    "http://example.com/a.png",
    "//example.com/a.png",
    "file:///etc/passwd",
    "../secret.png",
    "%2e%2e/secret.png",
    "lagoon.png",
]


def test_one_letter_tells_it_all(  # noqa: PLR0917 - fixtures
    folder, letter, press_all, pdf_of, text, fonts, png
) -> None:
    """A letter with resources, and beside it each way out of the folder, in one process."""
    (folder.path.parent / "secret.png").write_bytes(png())
    folder.write("style.css", "p { background: url(logo.png) } @import 'more.css';")
    folder.write("logo.png", png())
    folder.write("broken.png", png(pixels=False).replace(b"IDAT", b"IDAX"))
    folder.write("icon.svg", "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>")
    traps = [f"<img src='{url}'>" for url in [*HOSTILE, "broken.png"]]
    html = (
        "<html lang=nb><title>Brev</title><link rel=stylesheet href=style.css>"
        "<p style='font-family: Arial'>Kjære {{ navn }} <b>ÆØÅ</b><img src='icon.svg'></p>"
    ) + "".join(
        f"{{% if kundenr == '{1003 + n}' %}}{trap}{{% endif %}}" for n, trap in enumerate(traps)
    )
    with folder.press(html, engine="weasyprint") as press:
        good, *bad = press_all(press, [letter(n) for n in range(2, 3 + len(traps))])
    assert good.engine.startswith("weasyprint ")
    assert good.pages == 1
    assert text(pdf_of(good)) == ["Kjære Kari Øvergård 2 ÆØÅ"]
    # WeasyPrint writes the family's name with spaces as hyphens.
    assert {name.replace("-", "").casefold() for name in fonts(pdf_of(good))} == {
        "notosans",
        "notosansbold",
    }
    for made, url in zip(bad, HOSTILE, strict=False):
        assert url.removeprefix("../").removeprefix("%2e%2e/").lstrip("/") in made.error
    assert "broken.png" in bad[-1].error


def streams(pdf: bytes) -> Iterator[bytes]:
    for match in re.finditer(rb"stream\r?\n(.*?)endstream", pdf, re.S):
        with suppress(zlib.error):
            yield zlib.decompressobj().decompress(match[1])


@pytest.mark.parametrize(
    ("standard", "mark"),
    [
        ("pdf/ua-1", b"pdfuaid:part"),
        ("pdf/a-3a", b"pdfaid:conformance"),
    ],
)
def test_standards_pick_the_engine_that_can(  # noqa: PLR0917 - fixtures
    folder, letter, press_all, pdf_of, standard, mark
) -> None:
    html = "<html lang=nb><title>Brev</title><h1>Hei</h1><table><tr><th>a<td>b</table>"
    with folder.press(html, standard=standard) as press:
        [made] = press_all(press, [letter()])
    pdf = pdf_of(made)
    assert made.engine.startswith("weasyprint ")
    assert made.warnings == ()
    assert any(mark in stream for stream in streams(pdf))
    document = pypdfium2.PdfDocument(pdf)
    tagged = pypdfium2.raw.FPDFCatalog_IsTagged(document)
    document.close()
    assert tagged


def test_what_a_standard_needs_is_said_before_sending(folder) -> None:
    assert folder.load("<p>Hei", standard="pdf/ua-1").warnings == (
        "letter.html: pdf/ua-1 wants a <title>.",
        'letter.html: pdf/ua-1 wants a language, as <html lang="nb">.',
    )
    assert folder.load("<html lang=nb><title>x</title>", standard="pdf/ua-1").warnings == ()


def test_plutoprint_makes_no_standard(folder) -> None:
    with pytest.raises(TemplateError, match=r"cannot make(.|\n)*weasyprint"):
        folder.load("Hei", engine="plutoprint", standard="pdf/a-3a")


def test_the_engine_is_part_of_the_digest(folder) -> None:
    pluto = folder.load("Hei", engine="plutoprint")
    weasy = folder.load("Hei", engine="weasyprint")
    tagged = folder.load("Hei", standard="pdf/ua-1")
    assert len({pluto.digest, weasy.digest, tagged.digest}) == 3
    assert pluto.digest == folder.load("Hei", path=Path("letter.html")).digest
