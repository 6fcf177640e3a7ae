"""Fonts: those that ship, a template's own, and the characters that none of them has."""

from __future__ import annotations

import io
import re

import polars as pl
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTCollection, TTFont

from batchsend.errors import RenderingError, TemplateError
from batchsend.rendering.fonts import SHIPPED, TABLE, ranges

SPADE = "♠"
DIE = "⚀"


def own_font(family: str, characters: str, flavor: str | None = None) -> bytes:
    """A font of squares."""
    pen = TTGlyphPen(None)
    for corner in ((0, 0), (0, 700), (700, 700), (700, 0)):
        (pen.moveTo if corner == (0, 0) else pen.lineTo)(corner)
    pen.closePath()
    square = pen.glyph()
    names = [".notdef", *(f"uni{ord(c):04X}" for c in characters)]
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({ord(c): f"uni{ord(c):04X}" for c in characters})
    builder.setupGlyf(dict.fromkeys(names, square))
    builder.setupHorizontalMetrics(dict.fromkeys(names, (800, 0)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": family, "styleName": "Regular", "psName": family})
    builder.setupOS2(sTypoAscender=800, usWinAscent=800, usWinDescent=200)
    builder.setupPost()
    builder.font.flavor = flavor
    file = io.BytesIO()
    builder.save(file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("style", "font"),
    [
        ("font-family: sans-serif", "NotoSans-Regular"),
        ("font-family: sans-serif; font-weight: bold", "NotoSans-Bold"),
        ("font-family: sans-serif; font-style: italic", "NotoSans-Italic"),
        ("font-family: 'Noto Sans'; font-weight: 700; font-style: italic", "NotoSans-BoldItalic"),
        ("font-family: serif", "NotoSerif-Regular"),
        ("font-family: 'Noto Serif'; font-weight: bold", "NotoSerif-Bold"),
        ("font-family: serif; font-style: italic", "NotoSerif-Italic"),
        ("font-family: serif; font-style: italic; font-weight: bold", "NotoSerif-BoldItalic"),
        ("font-family: monospace", "NotoSansMono-Regular"),
        ("font-family: 'Courier New'; font-weight: bold", "NotoSansMono-Bold"),
        ("font-family: Arial", "NotoSans-Regular"),
        ("font-family: Calibri, Verdana", "NotoSans-Regular"),
        ("font-family: 'Times New Roman'", "NotoSerif-Regular"),
    ],
)
def test_families_people_write_are_there_and_embedded(folder, letter, fonts, style, font) -> None:
    pdf = folder.renderer(f'<p style="{style}">Særlig på øya</p>').render(letter()).pdf
    assert fonts(pdf) == {font}


def test_the_alphabets_of_europe_can_be_printed(folder, letter, text) -> None:
    sample = "Ærlig Đuro Łódź Þór Žižek ğüşıöç Ŝŭ Ελλάδα Ђорђе Київ ʻ 1 234,50 € £ ¥ – “” … № ½ →"
    document = folder.renderer(f"<p>{sample}</p>").render(letter())
    assert document.warnings == ()
    assert text(document.pdf) == [sample]


@pytest.mark.parametrize("sample", ["Beløp 1\u00a0234,50 i\u00a0dag", "1\u00a0234,50 i alt"])
def test_a_blank_that_does_not_break_costs_no_font_of_its_own(folder, letter, text, sample) -> None:
    pdf = folder.renderer(f"<p>{sample}</p>").render(letter()).pdf
    assert pdf.count(b"/Length1 ") == 1  # a font file's own key
    assert [line.replace("\u00a0", " ") for line in text(pdf)] == [sample.replace("\u00a0", " ")]


def test_a_character_no_font_has_is_named_once(folder, letter) -> None:
    document = folder.renderer("<p>{{ navn }} {{ navn }} &#x5b57;</p>").render(letter(navn="漢 A"))
    assert [warning.partition(":")[0] for warning in document.warnings] == [
        "no font here has “漢” (U+6F22 CJK UNIFIED IDEOGRAPH-6F22)",
        "no font here has “字” (U+5B57 CJK UNIFIED IDEOGRAPH-5B57)",
    ]


def test_characters_that_show_nothing_need_no_font(folder, letter) -> None:
    silent = "a\u00adb\u200bc\u200e\ufeffd\u2060\ufe0f\te"
    document = folder.renderer("<p>{{ navn }}</p>").render(letter(navn=silent))
    assert document.warnings == ()


def test_a_list_can_be_searched_for_what_cannot_be_printed(folder) -> None:
    names = pl.Series(["Kari Øvergård", "漢字", "Ђорђе", "a [^b]-\\]c", "", "😀", "y\u0308"])
    pattern = folder.load("Hei").unprintable
    assert names.str.contains(pattern).to_list() == [False, True, False, False, False, True, False]


def test_own_fonts_are_used_by_their_names(folder, letter, press_all, pdf_of, fonts) -> None:
    folder.write("fonts/Cards.ttf", own_font("Cards", SPADE + "AB"))
    html = f"<p style='font-family: Cards'>AB</p><p>{SPADE} {{{{ navn }}}}</p>"
    with folder.press(html) as press:
        [prepared] = press_all(press, [letter(navn="Per")])
    assert prepared.warnings == ()
    assert fonts(pdf_of(prepared)) == {"Cards", "NotoSerif-Regular"}
    assert re.search(folder.load().unprintable, SPADE) is None


def test_a_collection_of_fonts_is_as_good_as_a_font(
    folder, letter, press_all, pdf_of, fonts
) -> None:
    collection = TTCollection()
    for family in ("Cards", "Dice"):
        collection.fonts.append(TTFont(io.BytesIO(own_font(family, f"A{SPADE}"))))
    file = io.BytesIO()
    collection.save(file, shareTables=False)
    folder.write("fonts/Own.ttc", file.getvalue())
    with folder.press(f'<p style="font-family: Cards">A{SPADE}') as press:
        [made] = press_all(press, [letter(2)])
    assert made.warnings == ()
    assert "Cards" in str(fonts(pdf_of(made)))


def test_web_fonts_are_used(folder, letter, press_all, pdf_of, fonts) -> None:
    pytest.importorskip("brotli", reason="the extra `weasyprint` brings it, for WOFF 2")
    folder.write("fonts/Cards.woff", own_font("Cards", SPADE, "woff"))
    folder.write("fonts/Dice.woff2", own_font("Dice", DIE, "woff2"))
    html = f"<p style='font-family: Cards'>{SPADE}</p><p style='font-family: Dice'>{DIE}</p>"
    with folder.press(html) as press:
        [made] = press_all(press, [letter()])
    assert made.warnings == ()
    assert re.search(folder.load().unprintable, SPADE + DIE) is None
    used = fonts(pdf_of(made))  # of WOFF 2, cairo draws the characters
    assert len(used) == 2
    assert "Noto" not in str(used)


WRONG = {
    "text": b"no font at all",
    "empty": b"",
    "cut short": own_font("Cards", "AB")[:300],
    "web font cut short": own_font("Cards", "AB", "woff")[:200],
    "web font without its tables": own_font("Cards", "AB", "woff")[:44],
    "web font 2 of nothing": b"wOF2" + bytes(100),
}


@pytest.mark.parametrize("data", WRONG.values(), ids=WRONG.keys())
def test_what_is_no_font_is_said_at_once(folder, data) -> None:
    folder.write("fonts/Own.ttf", data)
    with pytest.raises(TemplateError, match=r"fonts/Own.ttf is not a font that can be used"):
        folder.load("Hei")


def test_one_process_has_one_set_of_fonts(folder, letter) -> None:
    folder.renderer("Hei").render(letter())
    folder.write("fonts/Cards.ttf", own_font("Cards", "A"))
    with pytest.raises(RenderingError, match="RenderPool"):
        folder.renderer("Hei").render(letter())


def test_the_table_of_characters_is_that_of_the_fonts() -> None:
    have: set[int] = set()
    for path in SHIPPED.glob("*.ttf"):
        with TTFont(path, lazy=True) as font:
            have |= set(font.getBestCmap())
            assert "fpgm" not in font, f"{path.name} has hinting, which doubles every PDF"
    assert TABLE.read_text().split() == [f"{a:X}-{b:X}" for a, b in ranges(have)]
