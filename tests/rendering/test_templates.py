"""Loading templates: what counts as theirs, what they need, and what is wrong with them."""

from __future__ import annotations

import importlib.metadata
import os
import pickle
from pathlib import Path

import pytest

from batchsend.errors import SettingsError, TemplateError
from batchsend.lists import Column
from batchsend.rendering import Templates, TemplateSettings
from batchsend.rendering.fonts import SHIPPED


def test_names_are_gathered_from_every_part(folder) -> None:
    folder.write("base.html", "{{ navn }}{% block body %}{% endblock %}{% include 'foot.html' %}")
    folder.write("foot.html", "{{ total }} {{ kundenr }} {{ letter.Identifier }} {{ language }}")
    folder.write("parts/macros.html", "{% macro cell(value) %}<td>{{ value }}{% endmacro %}")
    templates = folder.load(
        "{% extends 'base.html' %}{% from 'parts/macros.html' import cell %}{% set total = 3 %}"
        "{% block body %}{{ cell(beløp) }}{% for r in rows %}{{ r.navn }}{% endfor %}{% endblock %}"
    )
    assert templates.uses == {"navn", "kundenr", "beløp", "rows"}


def test_typed_filters_are_told_for_whole_columns(folder) -> None:
    templates = folder.load("{{ beløp | money }}{% if navn %}{{ kundenr | number }}{% endif %}")
    assert templates.formats == {"beløp": {"money"}}


def test_a_format_is_claimed_only_where_every_language_has_it(folder) -> None:
    folder.write("no.html", "{{ beløp | money }}{{ kundenr | number }}")
    folder.write("en.html", "{{ beløp | money }}{{ kundenr }}{{ navn }}")
    templates = folder.load(path={"NO": Path("no.html"), "EN": Path("en.html")})
    assert templates.formats == {"beløp": {"money"}}
    assert templates.uses == {"beløp", "kundenr", "navn"}


@pytest.mark.parametrize(
    ("changed", "counts"),
    [
        ("letter.html", True),
        ("part.html", True),
        ("style.css", True),
        ("images/back.png", True),  # named by the style sheet
        ("signatures/anna.png", True),  # in a folder that is named before an expression
        ("fonts/Own.ttf", True),
        ("report.html", False),
        ("preview/page-1.png", False),
        ("unused.css", False),
        ("list.csv", False),
    ],
)
def test_the_digest_covers_what_a_letter_can_be_made_from(folder, png, changed, counts) -> None:
    used = ["letter.html", "part.html", "style.css", "images/back.png", "signatures/anna.png"]
    used.append("fonts/Own.ttf")
    html = (
        "<link rel=stylesheet href=style.css><img src='signatures/{{ navn }}.png'>"
        "{% include 'part.html' %}"
    )

    def write(name: str, more: str = "") -> None:
        image = png() + more.encode()
        contents: dict[str, str | bytes] = {
            "letter.html": html + more,
            "style.css": "p { background: url(images/back.png) }" + more,
        }
        contents["fonts/Own.ttf"] = (SHIPPED / "NotoSans-Bold.ttf").read_bytes() + more.encode()
        folder.write(name, image if name.endswith(".png") else contents.get(name, "x" + more))

    for name in [*used, "report.html", "preview/page-1.png", "unused.css", "list.csv"]:
        write(name)
    before = folder.load().digest
    assert folder.load().digest == before
    write(changed, "<!-- -->")
    assert (folder.load().digest != before) is counts


def test_the_digest_is_the_same_wherever_the_folder_lies(tmp_path: Path) -> None:
    digests = set()
    for name in ("here", "there"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "letter.html").write_text("Hei", encoding="utf-8")
        settings = TemplateSettings(path=Path("letter.html"))
        digests.add(Templates.load(settings, folder=tmp_path / name).digest)
    assert len(digests) == 1


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, "There is no template at"),
        ({"letter.html": "\n\n{% if %}"}, "letter.html, line 3: "),
        (
            {"letter.html": "{{ navn | muney }}"},
            "letter.html, line 1: there is no filter “muney”; did you mean “money”?",
        ),
        (
            {"letter.html": "\n{% include 'gone.html' %}"},
            "letter.html, line 2: there is no gone.html",
        ),
        (
            {"letter.html": "{% include 'part.html' %}", "part.html": "a\n{% endfor %}"},
            "part.html, line 2: ",
        ),
        ({"letter.html": "{% include '../secret.html' %}"}, "there is no ../secret.html"),
        ({"letter.html": b"\xe6\xf8"}, "letter.html is not UTF-8 text (at byte 0)."),
        ({"letter.html": "a.png", "a.png": "<html>"}, "a.png is not an image"),
        ({"letter.html": "a.gif", "a.gif": b"GIF89a\1\0\1\0"}, "or is cut short"),
    ],
)
def test_what_is_wrong_is_said_with_file_and_line(folder, files, said) -> None:
    (folder.path.parent / "secret.html").write_text("secret", encoding="utf-8")
    for name, content in files.items():
        folder.write(name, content)
    with pytest.raises(TemplateError) as error:
        folder.load()
    assert said in str(error.value)


def test_an_image_bomb_is_refused_before_anything_decodes_it(folder, png) -> None:
    folder.write("logo.png", png(50_000, 50_000, pixels=False))
    with pytest.raises(TemplateError, match="2500 million pixels"):
        folder.load("<img src=logo.png>")


def test_an_engine_that_is_not_installed_is_named(folder, monkeypatch) -> None:
    def nothing(name: str) -> str:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "version", nothing)
    with pytest.raises(TemplateError, match=r"weasyprint.*is not installed(.|\n)*pip install"):
        folder.load("Hei", engine="weasyprint")


def test_templates_reach_workers_whole(folder, png) -> None:
    folder.write("logo.png", png())
    templates = folder.load("<img src=logo.png>{{ navn | default('') }}")
    assert pickle.loads(pickle.dumps(templates)) == templates


@pytest.mark.skipif(os.name == "nt", reason="making links needs rights there")
def test_a_link_out_of_the_folder_is_not_followed(folder, png) -> None:
    outside = folder.path.parent / "outside.png"
    outside.write_bytes(png())
    (folder.path / "inside.png").write_bytes(png())
    (folder.path / "link.png").symlink_to(outside)
    (folder.path / "fine.png").symlink_to(folder.path / "inside.png")
    files = folder.load("link.png fine.png").for_language("NO")
    assert set(files.resources) == {"fine.png"}


def test_a_name_that_is_no_column_is_said_with_file_line_and_what_was_meant(folder) -> None:
    columns = [Column(0, "Navn", "navn"), Column(1, "Beløp", "beløp")]
    folder.write("head.html", "<p>\n{{ beløb }}")
    templates = folder.load("<p>Hei\n<p>{{ navm }} {{ navm }}\n{% include 'head.html' %}")
    with pytest.raises(SettingsError) as said:
        templates.must_fit(columns)
    place = folder.path.resolve()
    assert said.value.message == (
        f"{place / 'head.html'}, line 2: the list has no column “beløb”; did you mean “beløp”? "
        f"{place / 'letter.html'}, line 2: the list has no column “navm”; did you mean “navn”?"
    )
    folder.load("{{ navn }} {{ row.navm }} {{ letter.Identifier }} {{ language }}").must_fit(
        columns
    )
