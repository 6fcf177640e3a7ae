"""A logo is as large as its shape allows."""

from __future__ import annotations

import base64
from pathlib import Path

import pypdfium2
import pytest
from PIL import ImageChops

TEMPLATES = Path(__file__).parents[2] / "templates"
DOTS = 4
"""Of the picture, for each millimetre."""


@pytest.mark.parametrize("css", sorted(TEMPLATES.glob("*/letter.css")), ids=lambda p: p.parent.name)
@pytest.mark.parametrize(("shape", "width"), [((100, 100), 10), ((900, 180), 50), ((900, 60), 55)])
def test_a_logo_fits_by_height_and_width(
    css: Path, shape: tuple[int, int], width: float, folder, letter
) -> None:
    across, down = shape
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {across} {down}">'
        f'<rect width="{across}" height="{down}" fill="#f00"/></svg>'
    )
    source = base64.b64encode(svg.encode()).decode()
    html = (
        f"<style>{css.read_text('utf-8')}</style>"
        f'<div class="letterhead"><img src="data:image/svg+xml;base64,{source}" alt="">'
        '<div class="name">Eksempel</div></div>'
    )
    page = pypdfium2.PdfDocument(folder.renderer(html).render(letter()).pdf)[0]
    red, green, _ = page.render(scale=DOTS * 25.4 / 72).to_pil().convert("RGB").split()
    found = ImageChops.subtract(red, green).point(lambda value: 255 * (value > 200)).getbbox()
    assert found is not None
    left, top, right, bottom = found
    assert (right - left) / DOTS == pytest.approx(width, abs=0.6)
    assert (bottom - top) / DOTS == pytest.approx(width * down / across, abs=0.6)
