"""Draw the letters that ship as the desk's gallery shows them: python docs/make_gallery.py"""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image

from batchsend.mailing import Mailing
from batchsend.operations.live_page import LivePage
from batchsend.starter import begun_letter, shipped_letters

ROOT = Path(__file__).parent.parent
GALLERY = ROOT / "batchsend/desk/static/gallery"
WIDTH = 480
OTHERS = "rent-notice"
"""The mailing whose first recipient gets the letters that no example sends."""


def main() -> None:
    """Write a picture of each letter in each language."""
    GALLERY.mkdir(exist_ok=True)
    live = LivePage()
    for name, place in shipped_letters().items():
        for language, file in (("nb", "letter.html"), ("en", "letter.en.html")):
            _draw(live, name, language, (place / file).read_text(encoding="utf-8"))
    for language in ("nb", "en"):
        _draw(live, "empty", language, begun_letter().decode())
    live.close()


def _draw(live: LivePage, name: str, language: str, text: str) -> None:
    example = ROOT / "example_data" / name
    mailing = Mailing.load(example if example.is_dir() else ROOT / "example_data" / OTHERS)
    template = mailing.template
    assert template is not None  # noqa: S101 - they all have one
    if isinstance(template.path, dict):
        one = template.model_copy(update={"path": template.path["NO"]})
        mailing = mailing.model_copy(update={"template": one})
    proof = live.proof(mailing, text, None)
    assert proof is not None  # noqa: S101 - nobody else asks
    assert proof.pictures, proof.troubles  # noqa: S101
    picture = Image.open(io.BytesIO(proof.pictures[0])).convert("RGB")
    picture.thumbnail((WIDTH, WIDTH * 2), Image.Resampling.LANCZOS)
    picture.quantize(48).save(GALLERY / f"{name}.{language}.png", optimize=True)


if __name__ == "__main__":
    main()
