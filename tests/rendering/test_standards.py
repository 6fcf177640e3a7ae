"""What a PDF says of itself: language and title with PlutoPrint; the rules of PDF/A and PDF/UA that
can be read off its structure with WeasyPrint. `BATCHSEND_VERAPDF` names a veraPDF that judges, too.
"""

from __future__ import annotations

import errno
import io
import os
import re
import sys
import warnings
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from verapdf import complaint

from batchsend.rendering.pdf.language import in_language, language_of

HTML = """<!doctype html>
<html lang="nb"><head><meta charset="utf-8"><title>Varsel om leie – «Åse»</title></head><body>
<h1>Varsel</h1><p>Hei {{ navn }}</p><ul><li>en<li>to</ul>
<table><thead><tr><th>Post<th>Kr</tr></thead><tbody><tr><td>a<td>1</tr></tbody></table>
<p><a href="https://example.com">Lenke</a> <img src="logo.svg" alt="Logo"></p></body></html>"""
LOGO = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><circle r="9"/></svg>'


@pytest.fixture
def made(folder, letter):
    def make(html: str = HTML, **settings: Any) -> bytes:
        folder.write("logo.svg", LOGO)
        return folder.renderer(html, **settings).render(letter()).pdf

    return make


def test_plutoprint_s_letters_have_a_language_and_show_their_title(made, text) -> None:
    pdf = made(engine="plutoprint")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            assert str(opened.Root.Lang) == "nb"
            assert opened.Root.ViewerPreferences.DisplayDocTitle
            assert str(opened.docinfo["/Title"]) == "Varsel om leie – «Åse»"
            assert len(opened.pages) == 1
            assert opened.check_pdf_syntax() == []
    assert "Hei Kari Øvergård 2" in text(pdf)[0]
    assert pypdfium2.PdfDocument(pdf).get_metadata_value("Title") == "Varsel om leie – «Åse»"


def test_without_a_language_nothing_is_added(made) -> None:
    pdf = made("<p>Hei", engine="plutoprint")
    assert pdf.count(b"startxref") == 1
    assert language_of("<p lang=nb>") == ""
    for other in (b"", b"Hei", pdf[:500], pdf.replace(b"/XRef", b"/XReg"), pdf[:-20]):
        assert in_language(other, "nb") == other


def test_a_language_is_said_once(made) -> None:
    pdf = made(engine="plutoprint")
    assert pdf.count(b"startxref") == 1
    assert in_language(pdf, "en") == pdf


@pytest.mark.parametrize("table", [1_000, 65_535, 16_777_215])
def test_a_language_is_said_where_the_file_grows_beyond_its_table(table) -> None:
    """An offset takes two bytes below 65,536, and three below 16,777,216."""
    pdf = in_language(as_cairo_writes(table), "nn")
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert str(opened.Root.Lang) == "nn"
        assert opened.check_pdf_syntax() == []
        assert opened.get_warnings() == []
        assert len(opened.pages) == 1


def as_cairo_writes(table: int) -> bytes:
    """A page whose table of offsets stands so many bytes from the beginning."""
    objects = [
        b"<< /Type /Pages /Kids [ 2 0 R ] /Count 1 >>\n",
        b"<< /Type /Page /Parent 1 0 R /MediaBox [ 0 0 595 842 ] /Resources << >> >>\n",
        b"<< /Type /Catalog\n   /Pages 1 0 R\n>>\n",
    ]
    starts = [sum(map(len, objects[:n])) for n in range(3)]
    numbers = b"".join(b"%d %d\n" % pair for pair in zip((1, 2, 3), starts, strict=True))
    data = zlib.compress(numbers + b"".join(objects))
    packed = (
        b"4 0 obj\n<< /Type /ObjStm\n   /Length 5 0 R\n   /N 3\n   /First %d\n"
        b"   /Filter /FlateDecode\n>>\nstream\n%b\nendstream\nendobj\n"
    ) % (len(numbers), data)
    length = b"5 0 obj\n   %d\nendobj\n" % len(data)
    places = {5: table - len(length), 6: table, 4: table - len(length) - len(packed)}
    head = b"%PDF-1.7\n%"
    filling = b"x" * (places[4] - len(head) - 1) + b"\n"
    wide = (table.bit_length() + 7) // 8
    rows = [(0, 0, 65535), *((2, 4, n) for n in range(3)), *((1, places[n], 0) for n in (4, 5, 6))]
    entries = zlib.compress(
        b"".join(
            bytes([kind]) + place.to_bytes(wide, "big") + other.to_bytes(2, "big")
            for kind, place, other in rows
        )
    )
    end = (
        b"6 0 obj\n<< /Type /XRef\n   /Length %d\n   /Filter /FlateDecode\n   /Size 7\n"
        b"   /W [1 %d 2]\n   /Root 3 0 R\n>>\nstream\n%b\nendstream\nendobj\n"
        b"startxref\n%d\n%%%%EOF\n"
    ) % (len(entries), wide, entries, table)
    return head + filling + packed + length + end


def objects(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    return (each for each in pdf.objects if isinstance(each, pikepdf.Dictionary | pikepdf.Stream))


def tags(node: Any) -> Iterator[pikepdf.Object]:
    """Every structure element under this one."""
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from tags(kid)


def archival(pdf: pikepdf.Pdf) -> None:
    """Rules of ISO 19005-2 and -3 that a file's structure shows."""
    assert not pdf.is_encrypted
    assert "/ID" in pdf.trailer
    with pdf.open_metadata() as said:
        assert said["pdfaid:part"] in {"2", "3"}
        assert said["dc:title"]
    assert [intent.S for intent in pdf.Root.OutputIntents] == ["/GTS_PDFA1"]
    assert "/JavaScript" not in pdf.Root.get("/Names", {})
    assert "/AA" not in pdf.Root
    assert "/OpenAction" not in pdf.Root
    for each in objects(pdf):
        if each.get("/Type") == "/FontDescriptor":
            assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(each.keys())
        assert each.get("/Subtype") not in {"/Movie", "/Sound", "/Screen", "/3D", "/PS"}
        assert each.get("/S") not in {"/Launch", "/JavaScript", "/ImportData", "/ResetForm"}
        assert "/TR" not in each
        if isinstance(each, pikepdf.Stream):
            assert "LZWDecode" not in str(each.get("/Filter"))
            assert "/F" not in each
        if each.get("/Type") == "/Annot":
            assert int(each.get("/F", 4)) & 4  # printed
            assert not int(each.get("/F", 4)) & 0b100011  # neither hidden nor invisible


def accessible(pdf: pikepdf.Pdf) -> None:
    """Rules of ISO 14289-1 that a file's structure shows."""
    with pdf.open_metadata() as said:
        assert said["pdfuaid:part"] == "1"
        assert said["dc:title"]
    assert pdf.Root.MarkInfo.Marked
    assert str(pdf.Root.Lang) == "nb"
    assert pdf.Root.ViewerPreferences.DisplayDocTitle
    found = list(tags(pdf.Root.StructTreeRoot))
    kinds = [str(each.S) for each in found]
    for kind in ("/H1", "/P", "/L", "/LI", "/Table", "/TR", "/TH", "/TD", "/Link", "/Figure"):
        assert kind in kinds
    assert all(each.get("/Alt") for each in found if each.S == "/Figure")
    for page in pdf.pages:
        assert "/StructParents" in page
        if "/Annots" in page:
            assert page.Tabs == "/S"
            assert all("/Contents" in note or "/StructParent" in note for note in page.Annots)
    for each in objects(pdf):
        if each.get("/Type") == "/Font" and each.get("/Subtype") == "/Type0":
            assert "/ToUnicode" in each


@pytest.mark.filterwarnings("ignore:.*sRGB2014:pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(
    "standard", ["pdf/a-2b", "pdf/a-2u", "pdf/a-3b", "pdf/a-3u", "pdf/a-3a", "pdf/ua-1"]
)
def test_rules_of_a_standard_that_its_structure_shows(made, tmp_path: Path, standard) -> None:
    pytest.importorskip("weasyprint")
    made_pdf = made(engine="weasyprint", standard=standard)
    with pikepdf.open(io.BytesIO(made_pdf)) as pdf:
        (accessible if standard == "pdf/ua-1" else archival)(pdf)
    if verapdf := os.environ.get("BATCHSEND_VERAPDF"):
        file = tmp_path / "letter.pdf"
        file.write_bytes(made_pdf)
        assert complaint(verapdf, file, standard) == ""


VERDICTS = {
    "passes": ("print('PASS', sys.argv[-1], sys.argv[2])", "^$"),
    "fails": ("print('FAIL', sys.argv[-1])", r"letter\.pdf does not keep pdf/ua-1: FAIL /"),
    "hangs": ("time.sleep(600)", r"did not answer within 0\.5 seconds\.$"),
    "dies": ("sys.exit('no Java here')", r"no verdict \(it ended with 1\); it said: no Java here$"),
    "is silent": ("pass", r"no verdict \(it ended with 0\); it said: nothing$"),
    "babbles": (
        "sys.stdout.buffer.write(b'\\xff\\x00PASSED? 7')",
        r"no verdict \(it ended with 0\); it said: .*PASSED\? 7$",
    ),
}


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a script")
@pytest.mark.parametrize("how", VERDICTS)
def test_a_verapdf_that_does_not_pass_ends_in_a_sentence(tmp_path: Path, how: str) -> None:
    does, said = VERDICTS[how]
    program = tmp_path / "verapdf"
    program.write_text(f"#!{sys.executable}\nimport sys, time\n{does}\n")
    program.chmod(0o700)
    file = tmp_path / "letter.pdf"
    patience = 0.5 if how == "hangs" else 60
    assert re.search(said, complaint(str(program), file, "pdf/ua-1", patience), re.DOTALL)


def test_one_that_is_missing_is_named(tmp_path: Path) -> None:
    program = str(tmp_path / "verapdf")
    said = complaint(program, tmp_path / "letter.pdf", "pdf/a-2b")
    assert said == f"BATCHSEND_VERAPDF names {program}, which cannot be started: " + (
        f"{os.strerror(errno.ENOENT)}."
    )


def test_weasyprint_has_language_and_title_without_a_standard(made) -> None:
    pytest.importorskip("weasyprint")
    with pikepdf.open(io.BytesIO(made(engine="weasyprint"))) as pdf:
        assert str(pdf.Root.Lang) == "nb"
        assert "/StructTreeRoot" not in pdf.Root
