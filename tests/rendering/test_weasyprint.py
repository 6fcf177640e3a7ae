"""The second engine: the same templates, the same safety, and the standards only it can make.

Each test has a process of its own: fonts are set up once in a process.
"""

from __future__ import annotations

import importlib.util
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
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
    assert good.entry.engine.startswith("weasyprint ")
    assert good.entry.pages == 1
    assert text(pdf_of(good)) == ["Kjære Kari Øvergård 2 ÆØÅ"]
    # WeasyPrint writes the family's name with spaces as hyphens.
    assert {name.replace("-", "").casefold() for name in fonts(pdf_of(good))} == {
        "notosans",
        "notosansbold",
    }
    for made, url in zip(bad, HOSTILE, strict=False):
        assert url.removeprefix("../").removeprefix("%2e%2e/").lstrip("/") in made.error
    assert "broken.png" in bad[-1].error


UA = ("{http://www.aiim.org/pdfua/ns/id/}part", "1")
A3A = ("{http://www.aiim.org/pdfa/ns/id/}conformance", "A")


@pytest.mark.slow
@pytest.mark.parametrize(("standard", "claim"), [("pdf/ua-1", UA), ("pdf/a-3a", A3A)])
def test_standards_pick_the_engine_that_can(  # noqa: PLR0917 - fixtures
    folder, letter, press_all, pdf_of, standard, claim
) -> None:
    """What the standards ask for, as far as it can be seen from outside."""
    folder.write("a.svg", "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>")
    html = (
        "<html lang=nb><title>Brev</title><img src=a.svg alt=Logo><h1>Hei {{ navn }}</h1>"
        "<table><thead><tr><th>a<th>b<tbody><tr><td>1<td><b>2</b></table>"
    )
    with folder.press(html, standard=standard) as press:
        [made] = press_all(press, [letter()])
    assert made.entry.engine.startswith("weasyprint ")
    assert made.warnings == ()
    with pikepdf.open(io.BytesIO(pdf_of(made))) as pdf:
        root = pdf.Root
        assert (bool(root.MarkInfo.Marked), str(root.Lang)) == (True, "nb")
        assert root.ViewerPreferences.DisplayDocTitle
        with pdf.open_metadata() as metadata:
            assert metadata[claim[0]] == claim[1]
            assert metadata["dc:title"] == "Brev"
        if standard.startswith("pdf/a"):
            assert root.OutputIntents[0].S == pikepdf.Name.GTS_PDFA1
            assert "/ID" in pdf.trailer
        assert not pdf.is_encrypted
        assert float(pdf.pdf_version) <= 1.7
        objects = [each for each in pdf.objects if isinstance(each, pikepdf.Dictionary)]
        assert not [each for each in objects if "/JS" in each or "/AA" in each]
        descriptors = [each for each in objects if "/FontName" in each]
        assert len(descriptors) == 2
        assert all({"/FontFile", "/FontFile2", "/FontFile3"} & set(each) for each in descriptors)
        assert all("/ToUnicode" in each for each in objects if each.get("/Subtype") == "/Type0")
        elements = list(structure(root.StructTreeRoot))
        kinds = [str(each.S) for each in elements]
        assert {"/Document", "/H1", "/Table", "/THead", "/TBody", "/TR"} <= set(kinds)
        assert (kinds.count("/TH"), kinds.count("/TD"), kinds.count("/Figure")) == (2, 2, 1)
        assert all(each.A.Headers for each in elements if each.S == "/TD")
        assert [str(each.Alt) for each in elements if each.S == "/Figure"] == ["Logo"]


def structure(node: pikepdf.Object) -> Iterator[pikepdf.Dictionary]:
    """Every element of a tagged PDF."""
    below: Any = node.get("/K", [])
    for each in below if isinstance(below, pikepdf.Array) else [below]:
        if isinstance(each, pikepdf.Dictionary) and "/S" in each:
            yield each
            yield from structure(each)


def test_what_a_standard_needs_is_said_before_sending(folder) -> None:
    assert folder.load("<p>Hei", standard="pdf/ua-1").warnings == (
        "letter.html: pdf/ua-1 wants a <title>.",
        'letter.html: pdf/ua-1 wants a language, as <html lang="nb">.',
    )
    assert folder.load("<html lang=nb><title>x</title>", standard="pdf/ua-1").warnings == ()


@pytest.mark.parametrize(
    ("image", "warned"),
    [
        ("<img src=a.svg>", True),
        ('<img src="a.svg" alt="">', True),
        ("<img src=a.svg alt=''>", True),
        ('<img src="a.svg" alt="Logo">', False),
        ("<img alt=Logo src=a.svg>", False),
        ("<img alt='{{ navn }}' src=a.svg>", False),
    ],
)
def test_an_image_that_nobody_can_read_aloud_is_warned_of(folder, image, warned) -> None:
    html = f"<html lang=nb><title>x</title>\n{image}"
    (folder.path / "a.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    words = 'letter.html, line 2: pdf/a-3a wants a text for each image, as alt="Logo".'
    assert folder.load(html, standard="pdf/a-3a").warnings == ((words,) if warned else ())
    assert folder.load(html, standard="pdf/a-3b").warnings == ()


def test_plutoprint_makes_no_standard(folder) -> None:
    with pytest.raises(TemplateError, match=r"cannot make(.|\n)*weasyprint"):
        folder.load("Hei", engine="plutoprint", standard="pdf/a-3a")


def test_the_engine_is_part_of_the_digest(folder) -> None:
    pluto = folder.load("Hei", engine="plutoprint")
    weasy = folder.load("Hei", engine="weasyprint")
    tagged = folder.load("Hei", standard="pdf/ua-1")
    assert len({pluto.digest, weasy.digest, tagged.digest}) == 3
    assert pluto.digest == folder.load("Hei", path=Path("letter.html")).digest


@pytest.mark.slow
@pytest.mark.parametrize(
    ("css", "said"),
    [
        ("float: left; width: 60mm", "is not printed"),
        ("position: absolute; width: 60mm", "is not printed"),
        ("height: 20mm; overflow: hidden", "goes beyond the box around it"),
        ("display: flex; flex-direction: column", ""),
        ("display: grid", ""),
    ],
)
def test_what_it_leaves_out_is_named(folder, letter, press_all, css: str, said: str) -> None:
    lines = "".join(f"<div>linje {n}</div>" for n in range(90))
    html = f"<style>.x {{ {css} }}</style><div class=x>{lines}</div><p>{{{{ navn }}}}"
    with folder.press(html, engine="weasyprint") as press:
        [made] = press_all(press, [letter()])
    assert said in made.error if said else not made.error


@pytest.mark.slow
def test_a_picture_off_the_paper_is_told(folder, letter, press_all, png) -> None:
    folder.write("logo.png", png())
    html = "{{ navn }}<img src=logo.png style='position: absolute; width: 50mm; left: 150mm'>"
    with folder.press(html, engine="weasyprint") as press:
        [made] = press_all(press, [letter()])
    assert [each for each in made.warnings if "mm off the right edge" in each], made
