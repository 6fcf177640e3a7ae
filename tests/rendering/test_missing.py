"""Pictures and style sheets that a template names and does not have."""

from __future__ import annotations

from pathlib import Path

import pytest
from mailings import TEMPLATE, MailingFolder
from PIL import Image

from batchsend.rendering.template_folder import missing


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('<img src="logo.png" alt="x">', "there is no logo.png"),
        ("<img alt='x' src='logo.png'>", "there is no logo.png"),
        ('<img src="C:\\bilder\\logo.png">', "a path of one computer"),
        ('<img src="file:///C:/bilder/logo.png">', "a path of one computer"),
        ('<img src="https://example.com/logo.png">', "on the web"),
        ('<link rel="stylesheet" href="https://example.com/x.css">', "on the web"),
        ('<link href="brev.css" rel="stylesheet">', "there is no brev.css"),
        ("<p style=\"background: url('bg.png')\">", "there is no bg.png"),
        ('<img src="Logo.png">', "there is no Logo.png"),
    ],
)
def test_each_is_told_with_its_line(text: str, said: str) -> None:
    (told,) = missing({"letter.html": f"<p>\n{text}"}, {"Logo.PNG", "there.png"})
    assert told.startswith("letter.html, line 2: ")
    assert said in told


@pytest.mark.parametrize(
    "text",
    [
        '<img src="there.png">', '<img src="./there.png?1">', '<img src="data:image/png;base64,x">',
        '<img src="{{ file }}.png">', '<!-- <img src="x.png"> -->', '{# <img src="x.png"> #}',
        '<a href="https://example.com">x</a>', "/* url(x.png) */", "fill: url(#a)",
    ],
)  # fmt: skip
def test_nothing_is_said_of_the_others(text: str) -> None:
    assert list(missing({"letter.html": text}, {"there.png"})) == []


def test_a_style_sheet_names_files_from_its_own_folder() -> None:
    texts = {"css/letter.css": "p { background: url(../there.png) } b { background: url(x.png) }"}
    (told,) = missing(texts, {"there.png", "css/letter.css"})
    assert "x.png" in told


@pytest.mark.slow
def test_check_says_so(tmp_path: Path) -> None:
    mailing = MailingFolder(tmp_path)
    written = TEMPLATE.replace("<body>", '<body><img src="logo.png" alt="">')
    (tmp_path / "letter.html").write_text(written, encoding="utf-8")
    assert "there is no logo.png" in mailing.run("check").output
    Image.new("RGB", (4, 4)).save(tmp_path / "logo.png")
    assert "logo.png" not in mailing.run("check").output
