"""letter-from and init --letter: a Word letter as an HTML letter, and what it has lost."""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

import pypdfium2
import pytest
from click.testing import CliRunner, Result
from mailings import Api, row
from PIL import Image
from word_documents import (
    REL,
    document,
    field,
    instruct,
    merge_field,
    paragraph,
    run,
    table,
    text_box,
    torn,
)

from batchsend.commands import main
from batchsend.errors import TemplateError
from batchsend.starter import read_letter

HEADINGS = "Kundenr.;Fornavn;Etternavn;Adresse;Postnr;Poststed;E-post;Beløp"


def picture() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (40, 20), "red").save(file, "PNG")
    return file.getvalue()


BLIP = (
    '<w:r><w:drawing><wp:inline><wp:extent cx="1080000" cy="540000"/><wp:docPr id="1" name="a" '
    'descr="Kart"/><a:graphic><a:graphicData '
    'uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:blipFill>'
    '<a:blip r:embed="rIdP"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline>'
    "</w:drawing></w:r>"
)
LETTER = document(
    paragraph(merge_field("Fornavn"), run(" "), merge_field("Etternavn")),
    paragraph(merge_field("Adresse")),
    paragraph(merge_field("Postnr"), run(" "), merge_field("Poststed")),
    paragraph(run("Ny leie &amp; mer"), look='<w:pStyle w:val="Overskrift1"/>'),
    paragraph(
        run("Kjære "),
        torn("«Fornavn»"),
        run(", se "),
        run("her", "<w:b/>"),
        run(" og "),
        run("der", "<w:i/>"),
    ),
    paragraph(
        field(
            instruct(" IF ") + merge_field("Poststed") + instruct(' = "Oslo" "i byen" "utenfor" ')
        )
    ),
    paragraph(run("{% if beløp %}")),
    paragraph(
        run("Leien er "), merge_field("Beløp", r'\# "# ##0,00"'), run(" i "), merge_field("Epost")
    ),
    paragraph(run("{% endif %}")),
    table(
        [paragraph(run("Hva")), paragraph(run("Kr"))],
        [
            paragraph(merge_field("rows.Kundenr")),
            paragraph(merge_field("rows.Beløp"), look='<w:jc w:val="right"/>'),
        ],
    ),
    paragraph(BLIP),
    paragraph(run("Vi sa «ha det bra»."), text_box(paragraph(run("Til "), merge_field("Fornavn")))),
    header=paragraph(run("Utleier AS")),
    footer=paragraph(run("Angrerett i 14 dager")) + paragraph(run("Side "), field(" PAGE ", "1")),
    links=f'<Relationship Id="rIdP" Type="{REL}/image" Target="media/a.png"/>',
    more={"word/media/a.png": picture()},
)


def started(
    folder: Path, letter: bytes | str = LETTER, name: str = "brev.docx"
) -> tuple[Path, Result]:
    """A mailing made by init, ready to be sent."""
    (folder / "list.csv").write_bytes("\r\n".join((HEADINGS, row(1), row(2), "")).encode("cp1252"))
    data = letter.encode("cp1252") if isinstance(letter, str) else letter
    (folder / name).write_bytes(data)
    result = run_("init", folder / "list.csv", folder / "m", "--letter", folder / name)
    mailing = folder / "m" / "mailing.toml"
    if result.exit_code == 0:
        text = mailing.read_text(encoding="utf-8")
        mailing.write_text(text.replace('Name = ""', 'Name = "Utleier AS"'), encoding="utf-8")
    return mailing, result


def run_(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(each) for each in arguments])


def body(mailing: Path) -> str:
    text = (mailing.parent / "letter" / "letter.html").read_text(encoding="utf-8")
    return re.sub(r"\s+", " ", text.partition("<main>")[2].partition("</main>")[0])


def test_text_fields_lists_tables_and_pictures_are_taken(tmp_path: Path) -> None:
    mailing, result = started(tmp_path)
    assert result.exit_code == 0, result.output
    found = body(mailing)
    for said in (
        "<h1>Ny leie &amp; mer</h1>",
        "<p>Kjære {{ fornavn }}, se <strong>her</strong> og <em>der</em></p>",
        '{% if poststed | meets("=", "Oslo") %}i byen{% else %}utenfor{% endif %}',
        '{% if beløp %} <p>Leien er {{ beløp | number_as("# ##0,00") }} i {{ e_post }}</p>'
        " {% endif %}",
        "{% for each in rows %} <tr> <td>{{ each.kundenr }}</td>"
        '<td class="number">{{ each.beløp }}</td>',
        '<img alt="Kart" src="picture-1.png" style="width: 30mm">',
        "<p>Vi sa «ha det bra».</p>",
    ):
        assert said in found
    assert (mailing.parent / "letter" / "picture-1.png").read_bytes() == picture()


def test_a_text_right_of_a_number_keeps_away_from_it(tmp_path: Path) -> None:
    right = '<w:jc w:val="right"/>'
    cells = [paragraph(run("1 000,00"), look=right), paragraph(run("betalt"))]
    mailing, _ = started(
        tmp_path, document(table(cells), paragraph(run("x"), "<w:r><w:br/></w:r>"))
    )
    assert '<td class="number">1 000,00</td><td style="padding-left: 4mm">betalt</td>' in body(
        mailing
    )
    assert "<p>x</p>" in body(mailing)


def test_the_address_is_the_letterhead_s(tmp_path: Path) -> None:
    mailing, result = started(tmp_path)
    assert "adresse" not in body(mailing)
    told = " ".join(result.output.split())
    assert "letterhead's now: «Fornavn» «Etternavn», «Adresse», «Postnr» «Poststed»" in told


@pytest.mark.parametrize(
    "top",
    [
        paragraph(BLIP) + paragraph(merge_field("Fornavn")),
        paragraph(BLIP, merge_field("Fornavn")),
        paragraph() + table([paragraph(BLIP), paragraph()]) + paragraph(merge_field("Fornavn")),
        paragraph(BLIP) + paragraph() + paragraph(field(" ADDRESSBLOCK ", "x")),
    ],
    ids=["above it", "beside it", "in a table", "above an address block"],
)
def test_the_address_below_a_logo_is_the_letterhead_s_too(tmp_path: Path, top: str) -> None:
    letter = document(
        top,
        paragraph(merge_field("Adresse")),
        paragraph(merge_field("Postnr"), run(" "), merge_field("Poststed")),
        paragraph(run("Kjære "), merge_field("Fornavn"), run(".")),
        links=f'<Relationship Id="rIdP" Type="{REL}/image" Target="media/a.png"/>',
        more={"word/media/a.png": picture()},
    )
    mailing, result = started(tmp_path, letter)
    assert "«Adresse», «Postnr» «Poststed»" in " ".join(result.output.split())
    found = body(mailing)
    assert found.count("{{") == 1
    assert "Kjære {{ fornavn }}." in found
    assert '<img alt="Kart" src="picture-1.png" style="width: 30mm">' in found


def test_a_link_that_the_document_does_not_have_is_told(tmp_path: Path) -> None:
    letter = document(paragraph('<w:hyperlink r:id="rId9">', run("her"), "</w:hyperlink>"))
    _, result = started(tmp_path, letter)
    assert "brev.docx: it cannot be read: 'rId9'" in " ".join(result.output.split())


def test_what_stands_below_a_picture_below_the_address_is_the_letter_s(tmp_path: Path) -> None:
    letter = document(
        paragraph(merge_field("Adresse")),
        paragraph(BLIP),
        paragraph(merge_field("Fornavn")),
        paragraph(run("Velkommen.")),
        links=f'<Relationship Id="rIdP" Type="{REL}/image" Target="media/a.png"/>',
        more={"word/media/a.png": picture()},
    )
    mailing, _ = started(tmp_path, letter)
    found = body(mailing)
    assert "{{ fornavn }}" in found
    assert "{{ adresse }}" not in found
    assert "<img" in found


def test_it_is_a_letter_that_can_be_rehearsed(tmp_path: Path) -> None:
    mailing, _ = started(tmp_path)
    sent = run_("send", mailing, "--sandbox", "--yes")
    assert sent.exit_code == 0, sent.output
    [path, _] = sorted((mailing.parent / "sandbox-letters").glob("*.pdf"))
    text = pypdfium2.PdfDocument(path)[0].get_textpage().get_text_bounded()
    for said in ("Kjære Åse, se her og der", "i byen", "Utleier AS", "0150 OSLO"):
        assert said in text.replace("\u00a0", " ")


def test_nothing_is_sent_until_it_is_said_that_what_was_left_behind_is_not_needed(
    tmp_path: Path, api: Api
) -> None:
    mailing, result = started(tmp_path)
    for lost in ("header: Utleier AS", "footer: Angrerett i 14 dager", "text box: Til «Fornavn»"):
        assert lost in result.output
    told = " ".join(run_("check", mailing).output.split())
    assert "has left behind in Word its footer: Angrerett i 14 dager" in told
    secrets = "BATCHSEND_SUBSCRIPTION_ID=x\nBATCHSEND_STORAGE_ID=y\n"
    (mailing.parent / ".env").write_text(secrets, encoding="utf-8")
    real = "send", mailing, "--yes", "--base-url", api.base_url
    refused = run_(*real)
    assert refused.exit_code == 2
    assert "left behind its header: Utleier AS" in refused.output
    text = mailing.read_text(encoding="utf-8")
    said = text.replace("[template]", '[template]\nleft_behind = "not needed"')
    mailing.write_text(said, encoding="utf-8")
    assert "left behind" not in run_("check", mailing).output
    sent = run_(*real)
    assert "left behind" not in sent.output
    assert api.taken()


def test_a_page_number_is_nothing_to_miss(tmp_path: Path) -> None:
    numbers = paragraph(run("Side "), field(" PAGE ", "1"), run(" av "), field(" NUMPAGES ", "2"))
    _, result = started(tmp_path, document(paragraph(run("Hei")), footer=numbers))
    assert "Left behind" not in result.output


def test_letter_from_needs_no_list_and_writes_over_nothing(tmp_path: Path) -> None:
    (tmp_path / "brev.docx").write_bytes(LETTER)
    folder = tmp_path / "ny"
    made = run_("letter-from", tmp_path / "brev.docx", folder)
    assert made.exit_code == 0, made.output
    text = (folder / "letter.html").read_text(encoding="utf-8")
    assert "{{ fornavn }}" in text
    assert "{{ epost }}" in text  # the list will tell that it is e_post
    assert {"head.html", "letter.css", "logo.svg", "picture-1.png"} <= {
        p.name for p in folder.iterdir()
    }
    again = run_("letter-from", tmp_path / "brev.docx", folder)
    assert again.exit_code == 2
    assert "already exists" in again.output
    assert (folder / "letter.html").read_text(encoding="utf-8") == text


WEB = """<html xmlns:o="urn:x"><head>
<meta http-equiv=Content-Type content="text/html; charset=windows-1252">
<style>p.MsoNormal {margin:0cm}</style></head><body lang=NO><div class=WordSection1>
<p class=MsoNormal>«Fornavn» «<span class=SpellE>Etternavn</span>»<o:p></o:p></p>
<h1><span style='color:red'>Ny leie</span></h1>
<p class=MsoNormal>Kjære <!--[if supportFields]><span style='mso-element:field-begin'></span>
MERGEFIELD Fornavn <span style='mso-element:field-separator'></span><![endif]-->«<b>For</b>navn»
<!--[if supportFields]><span style='mso-element:field-end'></span><![endif]-->, beløpet er
{{ beløp | money }} &amp; «<span>Epost</span>».</p>
<p class=MsoNormal><span style='mso-element:field-begin'></span> MERGEFIELD Poststed <span
style='mso-element:field-separator'></span>«Poststed»<span
style='mso-element:field-end'></span> slutt</p>
<table class=MsoTableGrid><tr><td width=300><p class=MsoNormal>Hva</p></td>
<td><p class=MsoNormal align=right style='text-align:right'>1,00</p></td></tr></table>
<p><img width=96 src="brev_files/image001.png" alt=Kart><img src="http://example.com/a.png"></p>
<script>alert(1)</script></div></body></html>"""


def test_a_saved_web_page_is_taken_the_same_way(tmp_path: Path) -> None:
    (tmp_path / "brev_files").mkdir()
    (tmp_path / "brev_files" / "image001.png").write_bytes(picture())
    header = "<div style='mso-element:header' id=h1><p>Utleier AS</p></div>"
    (tmp_path / "brev_files" / "header.htm").write_text(f"<html><body>{header}</body></html>")
    mailing, result = started(tmp_path, WEB, "brev.htm")
    assert result.exit_code == 0, result.output
    found = body(mailing)
    for said in (
        "<h1>Ny leie</h1>",
        "<p>Kjære {{ fornavn }}<b></b> , beløpet er {{ beløp | money }} &amp; {{ e_post }}.</p>",
        "<p>{{ poststed }} slutt</p>",
        '<td>Hva</td> <td class="number">1,00</td>',
        'src="picture-1.png"',
    ):
        assert said.replace("<b></b>", "") in found.replace("<b></b>", "")
    for gone in ("MERGEFIELD", "alert", "Mso", "example.com", "etternavn"):
        assert gone not in found
    assert (
        "picture: a picture that does not lie beside it (http://example.com/a.png)" in result.output
    )
    assert "header: Utleier AS" in result.output


@pytest.mark.parametrize("name", ["brev.pdf", "brev.txt", "brev.pages"])
def test_other_files_are_told_how_to_be_saved(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"x")
    with pytest.raises(TemplateError, match="neither a Word document") as raised:
        read_letter(tmp_path / name)
    assert ".docx" in (raised.value.hint or "")


def test_older_formats_need_libreoffice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BATCHSEND_SOFFICE", str(tmp_path / "none"))
    (tmp_path / "brev.doc").write_bytes(b"\xd0\xcf\x11\xe0")
    with pytest.raises(TemplateError, match=r"a \.doc file is read with LibreOffice") as raised:
        read_letter(tmp_path / "brev.doc")
    assert "File > Save As" in (raised.value.hint or "")


RTF = r"{\rtf1\ansi Kj\'e6re \'abFornavn\'bb, det er {\b viktig}.\par}"


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="one file is enough")
def test_rtf_goes_through_libreoffice(tmp_path: Path, real_office: None) -> None:
    (tmp_path / "brev.rtf").write_text(RTF, encoding="ascii")
    prose = read_letter(tmp_path / "brev.rtf")
    assert "<p>Kjære {{ fornavn }}, det er <strong>viktig</strong>.</p>" in prose.html
