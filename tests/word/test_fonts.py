"""The fonts that a machine has: those of collections, too, and no other files; and the characters
that none of them has, which would be boxes in silence."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTCollection, TTFont
from mailings import HEADINGS, MailingFolder, row
from word_documents import REL, W, document, merge_field, paragraph, run

from batchsend.rendering.fonts import SHIPPED
from batchsend.word import WordTemplate, fonts, fonts_here


def test_a_collection_has_the_names_of_all_its_fonts(tmp_path: Path) -> None:
    collection = TTCollection()
    for name in ("NotoSans-Bold", "NotoSerif-Italic"):
        font = TTFont(SHIPPED / f"{name}.ttf")
        for record in font["name"].names:
            record.string = record.toUnicode().replace("Noto", "Øvre")
        collection.fonts.append(font)
    file = io.BytesIO()
    collection.save(file)
    (tmp_path / "to.ttc").write_bytes(file.getvalue())
    (tmp_path / "none.ttf").write_bytes(b"no font at all")
    (tmp_path / "folder.otf").mkdir()
    added = fonts_here(tmp_path) - fonts_here()
    assert {"øvre sans", "øvre sans bold", "øvre serif", "øvre serif italic"} <= added


def test_a_font_in_the_file_alone_is_told() -> None:
    table = (
        f'<w:fonts xmlns:w="{W}" xmlns:r="{REL}"><w:font w:name="Vår Egen">'
        '<w:embedRegular r:id="rId1"/></w:font></w:fonts>'
    )
    link = f'<Relationship Id="rIdF" Type="{REL}/fontTable" Target="fontTable.xml"/>'
    data = document(
        paragraph(run("x")), font="Vår Egen", more={"word/fontTable.xml": table}, links=link
    )
    [note] = WordTemplate.read(data, frozenset({"noto sans"})).notes
    assert "Vår Egen, which is only in the file itself" in note
    assert WordTemplate.read(data, frozenset({"vår egen"})).notes == ()


FOREIGN = {"Hebrew": "\u05d3\u05d5\u05d3", "CJK": "\u5c71\u7530", "emoji": "\U0001f600"}


@pytest.fixture
def bare_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stand_in: Callable[[str], Path]
) -> Path:
    """A machine whose only fonts are in the folder handed back."""
    stand_in("all")
    folder = tmp_path / "system" / "fonts"
    folder.mkdir(parents=True)
    monkeypatch.setattr(fonts, "_FOLDERS", {sys.platform: (str(folder),)})
    monkeypatch.setattr(fonts, "_read", fonts._read.__wrapped__)
    return folder


@pytest.fixture
def mailing(tmp_path: Path) -> MailingFolder:
    folder = tmp_path / "mailing"
    folder.mkdir()
    made = MailingFolder(folder)
    body = paragraph(run("Kjære "), merge_field("Fornavn"), run(", \uf0b7 Žižek"))
    made.write_in_word(document(body, font="Noto Sans"))
    return made


def font(family: str, characters: str) -> bytes:
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    pen.lineTo((0, 700))
    pen.lineTo((700, 0))
    pen.closePath()
    characters = "".join(dict.fromkeys(characters))
    names = [".notdef", *(f"u{ord(c):05X}" for c in characters)]
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({ord(c): f"u{ord(c):05X}" for c in characters})
    builder.setupGlyf(dict.fromkeys(names, pen.glyph()))
    builder.setupHorizontalMetrics(dict.fromkeys(names, (800, 0)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": family, "styleName": "Regular", "psName": family})
    builder.setupOS2()
    builder.setupPost()
    file = io.BytesIO()
    builder.save(file)
    return file.getvalue()


@pytest.mark.slow
@pytest.mark.parametrize("script", FOREIGN)
def test_characters_that_no_font_has_are_told_at_check(
    mailing: MailingFolder, bare_machine: Path, script: str
) -> None:
    name = FOREIGN[script]
    rows = "\r\n".join((HEADINGS, row(1), row(2, fornavn=name)))
    (mailing.folder / "list.csv").write_bytes(rows.encode())
    said = " ".join(mailing.run("check").output.split())
    assert f"No font of the template has {' '.join(dict.fromkeys(name))}: the letter would" in said

    (bare_machine / "LastResort.ttf").write_bytes(font("LastResort", name))
    assert "No font of the template has" in " ".join(mailing.run("check").output.split())

    (bare_machine / "foreign.ttf").write_bytes(font("Foreign", name))
    assert "No font of the template has" not in " ".join(mailing.run("check").output.split())


def test_and_in_the_letter_where_its_own_text_has_them(
    mailing: MailingFolder, bare_machine: Path
) -> None:
    body = paragraph(run(f"Kjære {FOREIGN['CJK']}"))
    (mailing.folder / "brev.docx").write_bytes(document(body, font="Noto Sans"))
    assert mailing.run("preview").exit_code == 0
    said = (mailing.folder / "preview" / "index.html").read_text(encoding="utf-8")
    assert "no font here has “\u5c71” (U+5C71 CJK UNIFIED IDEOGRAPH-5C71)" in said
