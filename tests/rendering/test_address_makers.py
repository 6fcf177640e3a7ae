"""The same letter from the programs that make most PDFs: its address is found in each of them.

They write texts differently: PlutoPrint a line at a time, WeasyPrint with glyph numbers, Chromium
letter by letter, LibreOffice with blank lines as texts of their own.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from batchsend.rendering import PageSettings
from batchsend.rendering.page_checks import check_pages

NAME = "Tove Aavatsmark-Fjærgård"
FIELDS = {
    "Invoicee": {
        "Name": NAME,
        "Address1": "Vålerenga Torg 71",
        "PostCode": "0117",
        "City": "Oslo",
        "CountryCode": "NO",
    }
}
HTML = """<!doctype html><meta charset="utf-8"><style>
@page { size: A4; margin: 0 } body { margin: 0; font: 10.5pt/13pt "Noto Sans", sans-serif }
div { position: absolute; left: 25mm; white-space: pre } .spread { letter-spacing: .3pt }
</style><div style="top: %smm" class="%s">%s
Vålerenga Torg 71
0117 OSLO</div><div style="top: 110mm">Hei Tove. Dette er brevet.</div>"""
FLAT_ODT = """<?xml version="1.0" encoding="UTF-8"?><office:document
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
 xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2"
 office:mimetype="application/vnd.oasis.opendocument.text"><office:automatic-styles>
<style:page-layout style:name="A4"><style:page-layout-properties fo:page-width="210mm"
 fo:page-height="297mm" fo:margin-top="%smm" fo:margin-left="25mm" fo:margin-right="25mm"
 fo:margin-bottom="20mm"/></style:page-layout></office:automatic-styles><office:master-styles>
<style:master-page style:name="Standard" style:page-layout-name="A4"/></office:master-styles>
<office:body><office:text>%s</office:text></office:body></office:document>"""


def with_chromium(html: str, folder: Path) -> bytes:
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        pytest.skip("needs Chromium")
    (folder / "letter.html").write_text(html, encoding="utf-8")
    command = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
    command += [f"--user-data-dir={folder / 'profile'}", f"--print-to-pdf={folder / 'letter.pdf'}"]
    subprocess.run(
        [*command, (folder / "letter.html").as_uri()], check=True, capture_output=True, timeout=120
    )
    return (folder / "letter.pdf").read_bytes()


def with_libreoffice(top: float, folder: Path) -> bytes:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("needs LibreOffice")
    lines = [
        "",
        "",
        NAME,
        "Vålerenga Torg 71",
        "0117 OSLO",
        *[""] * 8,
        "Hei Tove. Dette er brevet.",
    ]
    paragraphs = "".join(f"<text:p>{line or ' '}</text:p>" for line in lines)
    (folder / "letter.fodt").write_text(FLAT_ODT % (top, paragraphs), encoding="utf-8")
    command = [office, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"]
    command += ["--convert-to", "pdf", "--outdir", str(folder), str(folder / "letter.fodt")]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return (folder / "letter.pdf").read_bytes()


def found(pdf: bytes) -> dict[str, str]:
    ignored = {"standard_fonts", "paper"}
    rules = PageSettings().PRINT
    return {f.rule: f.message for f in check_pages(pdf, rules, FIELDS) if f.rule not in ignored}


@pytest.mark.parametrize("spread", ["", "spread"])
@pytest.mark.parametrize("engine", ["plutoprint", "weasyprint"])
def test_our_engines(folder, letter, engine, spread) -> None:
    pytest.importorskip(engine)
    for top, rules in ((55, set()), (82, {"window", "addressee"}), (130, {"addressee"})):
        html = HTML % (top, spread, NAME)
        pdf = folder.renderer(html, engine=engine).render(letter()).pdf
        said = found(pdf)
        assert rules <= set(said) if rules else said == {}


@pytest.mark.slow
@pytest.mark.parametrize("spread", ["", "spread"])
def test_chromium(tmp_path: Path, spread) -> None:
    assert found(with_chromium(HTML % (55, spread, NAME), tmp_path)) == {}
    assert "addressee" in found(with_chromium(HTML % (130, spread, NAME), tmp_path))


@pytest.mark.slow
def test_libreoffice(tmp_path: Path) -> None:
    assert "addressee" not in found(with_libreoffice(42, tmp_path))
    assert "window" not in found(with_libreoffice(42, tmp_path))
    assert "addressee" in found(with_libreoffice(110, tmp_path))
