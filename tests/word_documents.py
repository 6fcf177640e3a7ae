"""Documents to test with, by hand as Word writes them, and what letters made of them say."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import docx
from lxml import etree

from batchsend.expressions import Names, environment
from batchsend.lists import Column, Row
from batchsend.text import column_name
from batchsend.word import WordTemplate, filled, printed

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SPACES = (
    f'xmlns:w="{W}" xmlns:r="{REL}" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
)
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_PAGE = (
    '<w:sectPr w:rsidR="00A77B3E">{links}<w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="1417" w:right="1417" w:bottom="1417" w:left="1417" w:header="708" '
    'w:footer="708" w:gutter="0"/></w:sectPr>'
)
_STYLES = (
    f"{_HEAD}<w:styles {_SPACES}><w:docDefaults><w:rPrDefault><w:rPr>"
    '<w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:cs="{font}"/><w:sz w:val="22"/>'
    '<w:lang w:val="en-US" w:eastAsia="en-US" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
    '<w:pPrDefault/></w:docDefaults><w:style w:type="paragraph" w:default="1" w:styleId="Normal">'
    '<w:name w:val="Normal"/></w:style><w:style w:type="paragraph" w:styleId="Overskrift1">'
    '<w:name w:val="heading 1"/><w:basedOn w:val="Normal"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr>'
    "<w:rPr><w:b/></w:rPr></w:style></w:styles>"
)


def run(text: str, look: str = "") -> str:
    """A run, with the marks of revisions that Word leaves."""
    properties = f"<w:rPr>{look}</w:rPr>" if look else ""
    return f'<w:r w:rsidRPr="00C12D4F">{properties}<w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*runs: str, look: str = "") -> str:
    """A paragraph of runs."""
    properties = f"<w:pPr>{look}</w:pPr>" if look else ""
    return f'<w:p w:rsidR="00A77B3E" w14:paraId="4F1A2B3C">{properties}{"".join(runs)}</w:p>'


def torn(text: str, size: int = 3) -> str:
    """A text as it is after corrections: a run for every few characters, and marks between."""
    parts = [text[at : at + size] for at in range(0, len(text), size)]
    mark = '<w:proofErr w:type="spellStart"/><w:bookmarkStart w:id="0" w:name="_GoBack"/>'
    return (mark + '<w:bookmarkEnd w:id="0"/>').join(map(run, parts))


def merge_field(name: str, switches: str = r"\* MERGEFORMAT", look: str = "") -> str:
    """A merge field as Word's ribbon puts it: complex, its result in guillemets."""
    return field(f" MERGEFIELD {name} {switches} ", f"«{name}»", look)


def field(instruction: str, result: str = "", look: str = "") -> str:
    """A complex field; the instruction may hold others."""
    properties = f"<w:rPr>{look}</w:rPr>" if look else ""
    said = instruction if instruction.startswith("<") else instruct(instruction)
    return (
        f'<w:r>{properties}<w:fldChar w:fldCharType="begin"/></w:r>{said}'
        f'<w:r>{properties}<w:fldChar w:fldCharType="separate"/></w:r>'
        f"{run(result, look + '<w:noProof/>')}"
        f'<w:r>{properties}<w:fldChar w:fldCharType="end"/></w:r>'
    )


def instruct(text: str, look: str = "") -> str:
    """A piece of an instruction."""
    properties = f"<w:rPr>{look}</w:rPr>" if look else ""
    safe = text.replace("<", "&lt;").replace(">", "&gt;")
    return f'<w:r>{properties}<w:instrText xml:space="preserve">{safe}</w:instrText></w:r>'


def table(*rows: Sequence[str]) -> str:
    """A table of paragraphs."""
    made = "".join(
        "<w:tr>"
        + "".join(f'<w:tc><w:tcPr><w:tcW w:w="3000" w:type="dxa"/></w:tcPr>{c}</w:tc>' for c in row)
        + "</w:tr>"
        for row in rows
    )
    grid = '<w:gridCol w:w="3000"/>' * len(rows[0])
    return (
        '<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{made}</w:tbl>"
    )


def text_box(*paragraphs: str) -> str:
    """A run with a text box, as Word writes it for itself and once more for older programs."""
    inside = f"<w:txbxContent>{''.join(paragraphs)}</w:txbxContent>"
    return (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>'
        '<wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="1" '
        'behindDoc="0" locked="0" layoutInCell="1" allowOverlap="1"><wp:simplePos x="0" y="0"/>'
        '<wp:positionH relativeFrom="page"><wp:posOffset>720000</wp:posOffset></wp:positionH>'
        '<wp:positionV relativeFrom="page"><wp:posOffset>1800000</wp:posOffset></wp:positionV>'
        '<wp:extent cx="3000000" cy="1000000"/><wp:wrapNone/><wp:docPr id="1" name="Boks"/>'
        '<a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">'
        '<wps:wsp><wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/>'
        '<a:ext cx="3000000" cy="1000000"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
        f"</wps:spPr><wps:txbx>{inside}</wps:txbx><wps:bodyPr/></wps:wsp>"
        "</a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice><mc:Fallback><w:pict>"
        f'<v:shape style="width:236pt;height:79pt"><v:textbox>{inside}</v:textbox></v:shape>'
        "</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )


def document(
    *content: str,
    header: str = "",
    footer: str = "",
    settings: str = "",
    more: Mapping[str, str | bytes] | None = None,
    links: str = "",
    types: str = "",
    font: str = "Noto Sans",
) -> bytes:
    """A .docx; `links` go into the letter's relationships, `types` into the list of types."""
    parts: dict[str, str | bytes] = {
        "word/styles.xml": _STYLES.replace("{font}", font),
        "word/settings.xml": f"{_HEAD}<w:settings {_SPACES}>{settings}</w:settings>",
    }
    relations, overrides, sections = [], [], ""
    for kind, inner in (("header", header), ("footer", footer)):
        if inner:
            root = "hdr" if kind == "header" else "ftr"
            parts[f"word/{kind}1.xml"] = f"{_HEAD}<w:{root} {_SPACES}>{inner}</w:{root}>"
            relations.append((f"rId{kind}", kind, f"{kind}1.xml"))
            overrides.append((f"word/{kind}1.xml", kind))
            sections += f'<w:{kind}Reference w:type="default" r:id="rId{kind}"/>'
    body = "".join(content) + _PAGE.format(links=sections)
    parts["word/document.xml"] = (
        f"{_HEAD}<w:document {_SPACES}><w:body>{body}</w:body></w:document>"
    )
    relations += [("rIdS", "styles", "styles.xml"), ("rIdT", "settings", "settings.xml")]
    overrides += [("word/document.xml", "document.main"), ("word/styles.xml", "styles")]
    overrides.append(("word/settings.xml", "settings"))
    said = "".join(
        f'<Relationship Id="{i}" Type="{REL}/{k}" Target="{t}"/>' for i, k, t in relations
    )
    package = "http://schemas.openxmlformats.org/package/2006"
    parts["word/_rels/document.xml.rels"] = (
        f'{_HEAD}<Relationships xmlns="{package}/relationships">{said}{links}</Relationships>'
    )
    parts["_rels/.rels"] = (
        f'{_HEAD}<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
        f'Type="{REL}/officeDocument" Target="word/document.xml"/></Relationships>'
    )
    parts["[Content_Types].xml"] = (
        f'{_HEAD}<Types xmlns="{package}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="png" ContentType="image/png"/>'
        + "".join(
            f'<Override PartName="/{n}" ContentType="{_TYPES}.{k}+xml"/>' for n, k in overrides
        )
        + f"{types}</Types>"
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {**parts, **(more or {})}.items():
            archive.writestr(name, data)
    return file.getvalue()


def columns_of(headings: Sequence[str]) -> list[Column]:
    return [Column(place, head, column_name(head)) for place, head in enumerate(headings)]


def letter_of(
    data: bytes, *rows: Mapping[str, str], language: str = "NO", letter: object = None
) -> bytes:
    """The .docx of one letter, made of the rows."""
    columns = columns_of(list(rows[0]))
    template = WordTemplate.read(data)
    jinja = environment(autoescape=True)
    cells = [Row(n, tuple(row.values())) for n, row in enumerate(rows, start=2)]
    context = {**Names(columns).variables(cells), "letter": letter or {}, "language": language}
    rendered = jinja.from_string(printed(template.source, columns)).render(context)
    return filled(rendered, template.parts)


def paragraphs(docx: bytes, part: str = "word/document.xml") -> list[str]:
    """What each paragraph of a part says, in order; a line's end as `/`, a tab as `>`."""
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        root = etree.fromstring(archive.read(part))
    said = []
    for each in root.iter(f"{{{W}}}p"):
        text = ""
        for element in each.iter(f"{{{W}}}t", f"{{{W}}}br", f"{{{W}}}tab"):
            if next(element.iterancestors(f"{{{W}}}p")) is each:
                text += {"br": "/", "tab": ">"}.get(
                    etree.QName(element).localname, element.text or ""
                )
        said.append(text)
    return said


def said(
    data: bytes, *rows: Mapping[str, str], language: str = "NO", letter: object = None
) -> list[str]:
    """What the paragraphs of a letter say that say anything."""
    return [
        text
        for text in paragraphs(letter_of(data, *rows, language=language, letter=letter))
        if text
    ]


def rent_letter(path: Path) -> Path:
    """A short letter about a new rent, with one field of a mail merge."""
    letter = docx.Document()
    letter.add_heading("Ny husleie", 1)
    letter.add_paragraph("Husleien din er «Husleie» kroner i måneden fra 1. januar.")
    letter.add_paragraph("Vennlig hilsen")
    letter.add_paragraph("Solbakken borettslag")
    letter.save(str(path))
    return path
