"""The finished page against the rules of a channel, measured on real PDFs."""

from __future__ import annotations

from typing import Any

import pytest

from batchsend.errors import RenderingError
from batchsend.rendering import PageSettings
from batchsend.rendering.page_checks import check_pages
from batchsend.rendering.pdf.opened import open_pdf
from batchsend.rendering.settings import PageRules

FIELDS = {
    "Invoicee": {
        "Name": "Kari Øvergård",
        "Address1": "Storgata 1",
        "PostCode": "0150",
        "City": "Oslo",
        "CountryCode": "NO",
    }
}
RULES = PageSettings().PRINT

PLACED = (
    "<style>@page {{ size: A4; margin: 0 }} body {{ margin: 0; font: 11pt/14pt sans-serif }}"
    " div {{ position: absolute; white-space: nowrap }}</style>{}"
)


def at(left: float, top: float, text: str, style: str = "") -> str:
    return f"<div style='left: {left}mm; top: {top}mm; {style}'>{text}</div>"


ADDRESS = at(20, 48, "Kari Øvergård<br>Storgata 1<br>0150 Oslo")
BODY = at(25, 95, "Vi skriver til deg om husleien.")


@pytest.fixture
def check(folder, letter):
    """What is found on the page of some HTML: rule and text."""

    def run(html: str, rules: PageRules = RULES, fields: dict[str, Any] = FIELDS) -> list[str]:
        pdf = folder.renderer(PLACED.format(html)).render(letter()).pdf
        return [str(finding) for finding in check_pages(pdf, rules, fields)]

    return run


def test_a_letter_as_it_should_be_has_no_findings(check) -> None:
    head = at(25, 12, "Utleier AS") + at(140, 50, "Oslo, 1. november 2026")
    foot = at(180, 285, "Side 1 av 1")
    assert check(ADDRESS + head + BODY + foot) == []


@pytest.mark.parametrize(
    ("html", "said"),
    [
        (
            at(20, 72, "Kari Øvergård<br>Storgata 1<br>0150 Oslo"),
            ["page 1, window: “0150 Oslo” reaches 7.0 ", "mm below the address window"],
        ),
        (
            at(12, 48, "Kari Øvergård<br>Storgata 1<br>0150 Oslo"),
            ["page 1, window: “0150 Oslo” reaches 2.8 ", "mm to the left of the address window"],
        ),
        (at(20, 40, "Kari Øvergård<br>Storgata 1<br>0150 Oslo"), ["reaches 3.", "mm above"]),
        (
            at(20, 120, "Kari Øvergård"),
            ["window: the name “Kari Øvergård” is not in the address window; ", "mm below it"],
        ),
        (BODY, ["page 1, window: the name “Kari Øvergård” is not in the address window"]),
        (
            ADDRESS + at(80, 60, "Deres ref. 123"),
            ["page 1, window: “Deres ref. 123” reaches ", "mm into the address window"],
        ),
        (
            ADDRESS + at(70, 50, "", "width: 20mm; height: 5mm; background: #246"),
            ["page 1, window: a line or picture reaches 5.0 mm into the address window"],
        ),
        (ADDRESS + at(25, 82, "Kjære leietaker"), ["page 1, clear: “Kjære leietaker” is 4."]),
        (ADDRESS + at(25, 36, "Utleier"), ["clear: “Utleier” is ", "10 mm must stay clear"]),
        (ADDRESS + at(122, 60, "Dato"), ["page 1, clear: “Dato” is 2."]),
        (
            ADDRESS + at(15, 200, "Innhold"),
            ["page 1, margin: “Innhold” starts 15.", "18 mm must stay free"],
        ),
        (
            ADDRESS + "".join(at(16, 200 + 5 * n, f"Punkt {n}") for n in range(3)),
            ["page 1, margin: “Punkt 0” starts 16.", "so do 2 more"],
        ),
        (
            ADDRESS + at(5, 130, "Streng"),
            ["page 1, barcode: “Streng” reaches 9.", "(0 to 15 mm from the left, 95 to 175"],
        ),
        (
            ADDRESS + at(0, 100, "", "width: 210mm; height: 5mm; background: #eee"),
            ["page 1, barcode_drawings: a line or picture reaches 15.0 mm into"],
        ),
        (
            ADDRESS + "<p style='padding: 9mm 30mm; break-after: page'>x</p>" * 15,
            ["pages: 15 pages (8 sheets), at most 14 fit"],
        ),
        (
            at(20, 48, "Kari Øvergård<br>Storgata 1<br>0150 Oslo", "font-size: 8pt"),
            ["page 1, address: “Kari Øvergård” is set in 8.0 points"],
        ),
        (
            at(20, 48, "Kari Øvergård<br>Storgata 1<br><br>0150 Oslo"),
            ["page 1, address: there is a blank line before “0150 Oslo”"],
        ),
        (
            at(20, 48, "Kari Øvergård<br>0150 Oslo<br>Storgata 1"),
            ["page 1, address: “Storgata 1” follows the line of the postcode"],
        ),
    ],
)
def test_what_is_wrong_is_named_and_measured(check, html, said) -> None:
    finding = check(html)[-1]
    for part in said:
        assert part in finding


def test_the_text_must_not_start_too_high(check) -> None:
    rules = RULES.model_copy(update={"body_from": 95, "clear": 0})
    [finding] = check(ADDRESS + at(25, 85, "Kjære leietaker"), rules)
    assert finding.startswith("page 1, body: “Kjære leietaker” starts 8")
    assert finding.endswith("mm from the top, the text of a letter 95 mm or lower")


@pytest.mark.parametrize(
    "html",
    [
        at(20, 48, "KARI ØVERGÅRD<br>storgata 1<br>NO-0150 Oslo<br>Norge"),
        at(20, 48, "Kari <b>Øver</b>gård<br>Storgata&nbsp;1<br>0150 Oslo"),
        at(20, 48, "<span style='letter-spacing: 1pt'>Kari Øvergård</span><br>0150 Oslo"),
        ADDRESS + at(0, 95, "", "width: 15mm; height: 80mm; background: white"),
        ADDRESS + at(0, 95, "&nbsp;"),
        ADDRESS
        + at(
            20,
            200,
            "<div style='left: -20mm; width: 90mm; height: 9mm; background: red'></div>",
            "width: 80mm; height: 9mm; overflow: hidden",
        ),
    ],
    ids=["capitals and country", "bold", "spaced", "white", "blank", "clipped"],
)
def test_what_does_not_show_or_belongs_there_is_fine(check, html) -> None:
    assert check(html) == []


def test_every_page_is_checked(check) -> None:
    html = ADDRESS + "<p style='break-after: page'>&nbsp;</p><p style='break-after: page'>b</p><p>c"
    rules = RULES.model_copy(update={"border": 0})
    assert [found.partition(":")[0] for found in check(html, rules)] == [
        "page 2, margin",
        "page 3, margin",
    ]


@pytest.mark.parametrize(
    ("size", "fits"),
    [
        ("A4", True),
        ("210mm 297mm", True),
        ("595pt 842pt", True),
        ("205mm 290mm", True),
        ("Letter", False),
        ("A5", False),
        ("A4 landscape", True),
        ("211mm 298mm", False),
    ],
)
def test_the_paper_is_a4(folder, letter, size, fits) -> None:
    html = f"<style>@page {{ size: {size} }}</style>x"
    renderer = folder.renderer(html, pages=PageSettings().only_warning())
    warnings = renderer.render(letter()).warnings
    assert [w for w in warnings if "is not A4" in w] == ([] if fits else list(warnings))


def test_a_rule_can_hold_warn_or_be_off(folder, letter) -> None:
    def settings(severity: str) -> PageSettings:
        return PageSettings.model_validate(
            {"EMAIL": {"max_pages": 1, "rules": {"pages": severity}}, "PRINT": {"clear": 5}}
        )

    html = "a<p style='break-before: page'>b"
    warned = folder.renderer(html, pages=settings("warn")).render(letter())
    assert warned.warnings == ("pages: 2 pages (1 sheets), at most 1 fit",)
    assert folder.renderer(html, pages=settings("off")).render(letter()).warnings == ()
    with pytest.raises(RenderingError, match=r"Row 9: .*2 pages(.|\n)*\[page.EMAIL\]"):
        folder.renderer(html, pages=settings("hold")).render(letter(9))
    softened = settings("hold").only_warning()
    assert folder.renderer(html, pages=softened).render(letter()).warnings == warned.warnings
    assert softened.PRINT.clear == 5
    assert softened.PRINT.max_pages == 14


def test_other_channels_have_their_own_limits() -> None:
    settings = PageSettings()
    assert settings.for_channel("KIVRA").max_kilobytes == 740
    assert settings.for_channel("PRINT").left_margin == 18
    assert settings.for_channel("SMOKE_SIGNAL") == settings.EMAIL
    assert settings.for_channel("model_fields") == settings.EMAIL


def pdf(page: str = "", *, text: str = "x", version: str = "1.4") -> bytes:
    """A PDF by hand: one page of A4 with one text in a font that is not embedded."""
    stream = f"BT /F 12 Tf 100 500 Td ({text}) Tj ET"
    parts = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 595 842] >>",
        "<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources "
        f"<< /Font << /F 5 0 R >> >> {page} >>",
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out = f"%PDF-{version}\n"
    places = []
    for number, part in enumerate(parts, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{part}\nendobj\n"
    table = len(out)
    out += f"xref\n0 {len(parts) + 1}\n0000000000 65535 f \n"
    out += "".join(f"{place:010} 00000 n \n" for place in places)
    out += f"trailer << /Size {len(parts) + 1} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n"
    return out.encode()


@pytest.mark.parametrize(
    ("document", "rules"),
    [
        (pdf(), ["standard_fonts"]),
        (pdf(version="2.0"), ["version", "standard_fonts"]),
        (pdf("/MediaBox [0 0 842 595]"), ["standard_fonts"]),
        (pdf("/MediaBox [0 0 842 595] /Rotate 270"), ["standard_fonts"]),
        (pdf("/Rotate 90"), ["standard_fonts"]),
        (pdf("/MediaBox [0 0 1000 1000] /CropBox [0 0 595 842]"), ["paper", "standard_fonts"]),
    ],
)
def test_ready_made_documents_are_held_against_the_same_rules(document, rules) -> None:
    assert [finding.rule for finding in check_pages(document, PageRules(), {})] == rules


def test_positions_are_those_of_the_paper() -> None:
    with open_pdf(pdf("/CropBox [50 40 545 802] /Rotate 270")) as document:
        [page] = document.pages()
        # The page is closed by now; only its measures stay.
        assert (round(page.width, 1), round(page.height, 1)) == (174.6, 268.8)
    with open_pdf(pdf("/CropBox [50 40 545 802]")) as document:
        for page in document.pages():
            [mark] = page.marks()
            assert page.text(mark) == "x"
            assert mark.box.left == pytest.approx((100 - 50) * 25.4 / 72, abs=0.2)
            assert page.baseline(mark) == pytest.approx(((802 - 500) * 25.4 / 72, 12), abs=0.01)


@pytest.mark.parametrize("document", [b"", b"%PDF-1.7\n", b"<html>", pdf()[:300]])
def test_what_is_no_pdf_is_an_error_in_words(document) -> None:
    with pytest.raises(RenderingError, match=r"PDF"):
        check_pages(document, PageRules(), {})


def test_the_size_is_that_of_the_file() -> None:
    rules = PageRules(max_kilobytes=0.5)
    [finding, *_] = check_pages(pdf(), rules, {})
    assert str(finding) == "size: 1 kB, at most 0.5 kB are accepted"


def test_settings_that_are_no_rules_are_refused() -> None:
    with pytest.raises(ValueError, match="margin_left"):
        PageSettings.model_validate({"PRINT": {"margin_left": 3}})


def test_long_texts_are_read_whole() -> None:
    words = "lang " * 100 + "slutt"
    with open_pdf(pdf(text=words)) as document:
        for page in document.pages():
            [mark] = page.marks()
            assert page.text(mark) == words
