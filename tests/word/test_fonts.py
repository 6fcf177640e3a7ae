"""The fonts that a machine has: those of collections, too, and no other files."""

from __future__ import annotations

import io
from pathlib import Path

from fontTools.ttLib import TTCollection, TTFont

from batchsend.rendering.fontfolder import SHIPPED
from batchsend.word import fonts_here


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
