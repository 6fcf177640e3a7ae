"""Text in the colour of the paper, in letters made from a template."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Unseen = Callable[[str], list[str]]


@pytest.fixture
def unseen(folder, letter) -> Unseen:
    def found(html: str) -> list[str]:
        renderer = folder.renderer(f"<style>body {{ font: 11pt sans-serif }}</style>{html}")
        return [each for each in renderer.render(letter()).warnings if "unseen" in each]

    return found


@pytest.mark.parametrize(
    "style",
    ["color: #fff", "color:#FEFEFE", "color: white", "color: rgb(255, 255, 255)",
     "color: ghostwhite", "color: #f5f5f5", "background: white; color: white"],
)  # fmt: skip
def test_white_text_on_white_is_told(unseen: Unseen, style: str) -> None:
    (said,) = unseen(f"<p>Kjære Kari<p style='{style}'>Kontonummer 1234 56 78903")
    assert "page 1, unseen: “Kontonummer 1234 56 78903” is in a colour that nobody sees" in said


@pytest.mark.parametrize(
    "html",
    [
        "<p style='color: #fff; background: #123'>Faktura",
        "<table style='background: navy; color: white'><tr><th>Vare<th>Beløp</table>",
        "<div style='background: #246; padding: 4mm'><p style='color: #fff'>Faktura</div>",
        "<p style='color: #777'>Grå",
        "<p style='color: #fff'>&nbsp;</p>",
        "<p style='background-color: #fff'>Faktura",
    ],
)
def test_text_that_is_seen_is_not(unseen: Unseen, html: str) -> None:
    assert unseen(html) == []
