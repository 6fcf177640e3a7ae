"""One letter in, one document out: what is in the PDF, and what is said when there is none."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from batchsend.errors import RenderingError
from batchsend.lists import Row


def test_a_letter_says_what_its_row_says(folder, letter, text) -> None:
    renderer = folder.renderer(
        "<p>Kjære {{ navn }}, {{ beløp | money }}, {{ row['Kundenr.'] }}, "
        "{{ letter.Invoicee.Address1 }}, {{ language }}, {{ rows | length }}</p>"
    )
    document = renderer.render(letter())
    assert text(document.pdf) == [
        "Kjære Kari Øvergård 2, 1\N{NO-BREAK SPACE}234,50, 1002, Storgata 1, NO, 1".replace(
            "\N{NO-BREAK SPACE}", " "
        )
    ]
    assert document.pages == 1
    assert document.engine.startswith("plutoprint ")


def test_each_language_has_its_template(folder, letter, text) -> None:
    folder.write("no.html", "Hei")
    folder.write("se.html", "Hej")
    renderer = folder.renderer(path={"NO": Path("no.html"), "SE": Path("se.html")})
    assert text(renderer.render(letter()).pdf) == ["Hei"]
    assert text(renderer.render(letter(language="SE")).pdf) == ["Hej"]
    with pytest.raises(RenderingError, match=r"Row 7: .*no template for LanguageID DK"):
        renderer.render(letter(7, language="DK"))


def test_values_never_become_markup(folder, letter, text) -> None:
    renderer = folder.renderer("<p title='{{ navn }}'>{{ navn }}</p>")
    navn = "<b>Per</b> & \"Pål\" 'x' <img src='http://example.com/'> {{ kundenr }}"
    document = renderer.render(letter(navn=navn))
    assert text(document.pdf) == [navn]


def test_fields_that_are_not_filled_in_are_blank(folder, letter, text) -> None:
    document = folder.renderer("<p>[{{ letter.Invoicee.Address2 }}]</p>").render(letter())
    assert text(document.pdf) == ["[]"]


def test_the_pages_are_counted(folder, letter, text) -> None:
    html = "<p>one</p><p style='break-before: page'>two</p><p style='break-before: page'>three</p>"
    document = folder.renderer(html).render(letter())
    assert document.pages == 3
    assert text(document.pdf) == ["one", "two", "three"]


def test_resources_come_from_the_folder(folder, letter, png) -> None:
    folder.write("style.css", "@import 'deep/more.css'; p { background: url('a b.png') }")
    folder.write("deep/more.css", "body { background: url(../logo.png) }")
    folder.write("deep/icon.svg", "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>")
    folder.write("logo.png", png())
    folder.write("a b.png", png())
    html = "<link rel=stylesheet href=style.css><p>x<img src='deep/icon.svg'><img src='./logo.png'>"
    with_images = folder.renderer(html).render(letter())
    without = folder.renderer("<p>x").render(letter())
    assert with_images.pdf.count(b"/Image") > without.pdf.count(b"/Image")


HOSTILE = [
    ("<img src='http://example.com/a.png'>", "http://example.com/a.png"),
    ("<img src='//example.com/a.png'>", "//example.com/a.png"),
    ("<img src='file:///etc/passwd'>", "file:///etc/passwd"),
    ("<img src='file://host/share/a.png'>", "host/share/a.png"),
    ("<img src='../secret.png'>", "secret.png"),
    ("<img src='a/../../secret.png'>", "secret.png"),
    ("<img src='%2e%2e/secret.png'>", "secret.png"),
    ("<img src='%2e%2e%2fsecret.png'>", "secret.png"),
    ("<img src='..\\secret.png'>", "secret.png"),
    ("<img src='/secret.png'>", "secret.png"),
    ("<img src='%252e%252e/secret.png'>", "secret.png"),
    ("<img src='logo.png%00.jpg'>", "logo.png"),
    ("<img src='ftp://example.com/a.png'>", "ftp://example.com/a.png"),
    ("<link rel=stylesheet href='https://example.com/a.css'>", "https://example.com/a.css"),
    ("<style>@import 'https://example.com/b.css';</style>", "https://example.com/b.css"),
    ("<p style='background: url(http://example.com/c.png)'>x</p>", "http://example.com/c.png"),
    (
        "<style>@font-face { font-family: Q; src: url(http://example.com/q.ttf) }"
        " p { font-family: Q }</style><p>x</p>",
        "http://example.com/q.ttf",
    ),
    ("<svg><image href='file:///etc/hostname' width='9' height='9'/></svg>", "/etc/hostname"),
    ("<img src='outside.svg'>", "http://example.com/from-svg.png"),
    ("<base href='file:///etc/'><img src='hostname'>", "file:///etc/hostname"),
    ("<base href='http://example.com/'><img src='d.png'>", "http://example.com/d.png"),
    ("<style>p::before { content: url(file:///etc/e.svg) }</style><p>x", "file:///etc/e.svg"),
    ("<link rel=stylesheet href='data:text/css,@import url(file:///etc/f);'>x", "file:///etc/f"),
    (
        "<img src=\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' width='9' "
        "height='9'><image href='file:///etc/g.png' width='9' height='9'/></svg>\">",
        "file:///etc/g.png",
    ),
    ("<img src='lagoon.png'>", "did you mean lagune.png?"),
]


@pytest.mark.parametrize(("html", "named"), HOSTILE, ids=[html for html, _ in HOSTILE])
def test_nothing_comes_from_anywhere_else(folder, letter, png, html, named) -> None:
    (folder.path.parent / "secret.png").write_bytes(png())
    folder.write("logo.png", png())
    folder.write("lagune.png", png())
    folder.write(
        "outside.svg",
        "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'>"
        "<image href='http://example.com/from-svg.png' width='9' height='9'/></svg>",
    )
    renderer = folder.renderer(f"<!-- lagune.png -->{html}")
    with pytest.raises(RenderingError) as error:
        renderer.render(letter(5))
    assert named in error.value.message
    assert error.value.message.startswith("Row 5: letter.html: ")


def test_an_image_bomb_within_the_page_is_refused(folder, letter, png) -> None:
    bomb = base64.b64encode(png(30_000, 30_000, pixels=False)).decode()
    with pytest.raises(RenderingError, match="more than 40 million pixels"):
        folder.renderer(f"<img src='data:image/png;base64,{bomb}'>").render(letter())


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ("\n\n{{ ukjent }}", "letter.html, line 3: nothing is called “ukjent”"),
        ("{{ row.navm }}", "line 1: the list has no column “navm”; did you mean “navn”"),
        ("\n{{ navn | money }}", "line 2: "),
        ("{{ 1 / 0 }}", "line 1: division by zero"),
        ("{{ navn.__class__.__mro__ }}", "line 1: "),
        ("{{ ''.__class__.__base__.__subclasses__() }}", "line 1: "),
        ("{{ cycler.__init__.__globals__ }}", "line 1: "),
        ("{% include 'part.html' %}", "part.html, line 2: "),
        ("{{ letter.Invoicee.Nmae }}", "line 1: there is no “Nmae” here"),
        ("{% for i in range(999999999) %}{% endfor %}", "line 1: "),
    ],
)
def test_an_error_names_row_file_and_line(folder, letter, html, said) -> None:
    folder.write("part.html", "\n{{ ukjent }}")
    with pytest.raises(RenderingError) as error:
        folder.renderer(html).render(letter(12))
    assert error.value.message.startswith("Row 12: ")
    assert said in error.value.message


def test_nul_bytes_are_an_error_and_no_crash(folder, letter) -> None:
    with pytest.raises(RenderingError, match="Row 2: "):
        folder.renderer("{{ navn }}").render(letter(navn="a\0b"))


def test_grouped_rows_are_all_there(folder, letter, text) -> None:
    renderer = folder.renderer("{% for r in rows %}<p>{{ r.kundenr }}</p>{% endfor %}")
    rows = tuple(Row(n, (str(n), "", "")) for n in (1004, 1009, 1011))
    assert text(renderer.render(letter(rows=rows)).pdf) == ["1004 1009 1011"]


def test_an_error_that_quotes_a_national_id_masks_it(folder, letter) -> None:
    renderer = folder.renderer("{{ navn | money }}")
    for quoted, shown in (("nr 01857212345", "nr 018572*****"), ("6408233234 x", "64082***** x")):
        with pytest.raises(RenderingError) as caught:
            renderer.render(letter(navn=quoted))
        assert shown in str(caught.value)
        assert quoted not in str(caught.value)
