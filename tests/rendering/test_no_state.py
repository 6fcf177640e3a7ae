"""Nothing passes from one letter to the next: whatever the template, the order and the worker."""

from __future__ import annotations

import importlib.util
import io
from pathlib import Path

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from thoroughness import examples

from batchsend.errors import RenderingError
from batchsend.expressions import environment
from batchsend.lists import Column
from batchsend.rendering import Renderer

COLUMNS = tuple(
    Column(n, name, name.lower().strip(".")) for n, name in enumerate(("Kundenr.", "Navn", "Beløp"))
)
# The fixtures that it would warn of make things and keep none.
MADE_BY_FIXTURES = [HealthCheck.function_scoped_fixture]
FONTS = Path(__file__).parents[2] / "batchsend/rendering/fonts"
ENGINES = [
    "plutoprint",
    pytest.param(
        "weasyprint",
        marks=pytest.mark.skipif(
            importlib.util.find_spec("weasyprint") is None, reason="WeasyPrint is an extra"
        ),
    ),
]
FILES = {
    "sum.html": """
        {% set ns = namespace(total=0, who="nobody", seen=[]) %}
        {% macro line(name, amount) %}
          {% set ns.total = ns.total + amount %}{% set ns.seen = ns.seen + [name] %}
          {{ name }} after {{ ns.who }}{% set ns.who = name %}
        {% endmacro %}
        {% macro total() %}{{ ns.total }} {{ ns.seen }}{% endmacro %}""",
    "through.html": """
        {% import "sum.html" as sum %}
        {% macro add(name) %}{{ sum.line(name, 10) }}{{ sum.total() }}{% endmacro %}""",
    "known.html": """
        {% set ns = namespace(n=0) %}
        {% macro count() %}{% set ns.n = ns.n + 1 %}{{ ns.n }} {{ navn }}{% endmacro %}""",
    "part.html": """
        {% from "sum.html" import line, total %}{{ line(navn, 1) }}{{ total() }}
        {% set ns = namespace(n=0) %}{% set ns.n = ns.n + 1 %}{{ ns.n }}""",
    "base.html": """
        {% import "sum.html" as sum %}{% set ns = namespace(n=0) %}
        {% block top %}{{ sum.line("top", 5) }}{% endblock %}
        {% block main %}base {{ navn }}{% endblock %}{{ sum.total() }}""",
}
PIECES = (
    '{% from "sum.html" import line, total %}{{ line(navn, 100) }}{{ total() }}',
    '{% from "sum.html" import line as l, total as t with context %}{{ l(navn, 7) }}{{ t() }}',
    '{% import "sum.html" as s %}{{ s.line(navn, 3) }}{{ s.ns.who }}{{ s.total() }}',
    '{% for file in ["sum.html", "sum.html"] %}{% import file as m %}{{ m.line(navn, 1) }}'
    "{{ m.total() }}{% endfor %}",
    '{% from "through.html" import add %}{{ add(navn) }}{{ add("twice") }}',
    '{% import "known.html" as k with context %}{{ k.count() }}{{ k.count() }}',
    '{% include "part.html" %}',
    '{% include "part.html" ignore missing %}',
    '{% include "gone.html" ignore missing without context %}',
    '{% include ["gone.html", "part.html"] %}',
    "{% set n = namespace(n=0) %}{% for r in rows %}{% set n.n = 1 + n.n %}{{ n.n }}{% endfor %}",
    "{% set seen = [navn] %}{% set seen = seen + [kundenr] %}{{ seen }}",
    "{% macro m(a, kept=[]) %}{{ kept }}{{ a }}{{ caller() if caller }}{{ varargs }}{% endmacro %}"
    "{{ m(navn, [1], 2) }}{% call m(kundenr) %}{{ navn }}{% endcall %}",
    "{% for n in range(3) %}{{ loop.cycle('a', 'b') }}{{ loop.changed(navn) }}{% endfor %}",
    "{% for n in [[1, [2]]] recursive %}{{ n if n is number else loop(n) }}{% endfor %}",
    "{% with x = navn %}{{ x }}{% endwith %}{{ x is defined }}",
    "{% set said %}{{ navn }}{% endset %}{{ said }}{% filter upper %}{{ said }}{% endfilter %}",
    "{% autoescape false %}{{ '<b>' }}{% endautoescape %}{{ '<i>' }}",
    "{{ [1, 2, 3, 4, 5, 6, 7] | random }}",
    "{{ beløp | money('NOK') }}{{ '99653241' | phone }}{{ '1.3.2026' | long_date }}",
    "{{ rows | total('beløp') }}{{ letter.Invoicee | address_block }}",
    "{{ row | items | list }}{{ letter | dictsort }}",
    "{{ navn | amount }}",
    "{% set namespace = 1 %}{{ ukjent }}",
)
BLOCK = '{% extends "base.html" %}{% block main %}{{ super() }}{{ self.top() }}PIECES{% endblock %}'


@given(
    pieces=st.lists(st.sampled_from(PIECES), min_size=1, max_size=4).map("".join),
    extends=st.booleans(),
    order=st.lists(st.integers(2, 6), min_size=2, max_size=6),
)
@settings(max_examples=examples(300, quick=12), suppress_health_check=MADE_BY_FIXTURES)
def test_any_template_says_of_each_letter_what_it_says_alone(
    folder, letter, pieces, extends, order
) -> None:
    for name, source in FILES.items():
        folder.write(name, source)
    templates = folder.load(BLOCK.replace("PIECES", pieces) if extends else pieces)
    alone = {n: html(Renderer(templates, COLUMNS), letter(n)) for n in set(order)}
    worker = Renderer(templates, COLUMNS)
    for number in order:
        assert html(worker, letter(number)) == alone[number]


def html(renderer: Renderer, letter) -> str:
    try:
        return renderer.html(letter)
    except RenderingError as error:
        return str(error)


def test_what_one_letter_imports_twice_is_one_within_it(folder, letter) -> None:
    folder.write("sum.html", FILES["sum.html"])
    folder.write("part.html", '{% from "sum.html" import line %}{{ line(navn, 1) }}')
    source = '{% include "part.html" %}{% from "sum.html" import total %}Sum {{ total() }}'
    made = folder.renderer(source)
    for number in (2, 3):
        assert f"Sum 1 [&#39;Kari Øvergård {number}&#39;]" in made.html(letter(number))


def test_what_is_drawn_follows_the_row_alone(folder, letter) -> None:
    made = folder.renderer("{{ range(1000) | random }}")
    first = [made.html(letter(n)) for n in range(2, 12)]
    assert [made.html(letter(n)) for n in range(11, 1, -1)] == first[::-1]
    assert len(set(first)) > 5


def test_a_mapping_expression_keeps_nothing() -> None:
    made = environment(autoescape=False).from_string(
        "{% set ns = namespace(n=0) %}{% set ns.n = ns.n + 1 %}{{ ns.n }}"
    )
    assert [made.render() for _ in range(3)] == ["1"] * 3


TROUBLED = """<html lang="nb"><title>Brev</title><style>
{% if navn == "Brand" %}@font-face { font-family: Brand; src: url(brand/serif.ttf) }{% endif %}
{% if navn == "Other" %}@font-face { font-family: Brand; src: url(brand/mono.ttf) }{% endif %}
p { font-family: Brand, sans-serif }</style><p>Hei {{ navn }} <img src="logo.png">
{% if navn == "Gone" %}<img src="gone.png">{% endif %}
{% if navn in ("Broken", "Long") %}<img src="data:image/png;base64,iVBORw0KGgoAAAA=">{% endif %}
{% if navn == "Long" %}{% for n in range(501) %}<p style="break-after: page">x{% endfor %}
{% endif %}
{% import "sum.html" as sum %}{{ sum.line(navn, 1) }}{{ sum.total() }}"""
NAMES = ("Plain", "Brand", "Plain", "Other", "Plain", "Gone", "Gone", "Broken", "Broken")


@pytest.fixture
def troubled(folder, png):
    """A template whose letters differ in fonts and pictures, some of which cannot be read."""
    folder.write("brand/serif.ttf", (FONTS / "NotoSerif-Bold.ttf").read_bytes())
    folder.write("brand/mono.ttf", (FONTS / "NotoSansMono-Regular.ttf").read_bytes())
    folder.write("logo.png", png())
    folder.write("sum.html", FILES["sum.html"])

    def press(engine: str):
        return folder.press(TROUBLED, engine=engine)

    return press


def made_of(prepared, pdf_of) -> bytes | str:
    """The PDF without its date, or what is said instead."""
    if prepared.error:
        return prepared.error
    with pikepdf.open(io.BytesIO(pdf_of(prepared))) as pdf, io.BytesIO() as file:
        for key in {"/CreationDate", "/ModDate"} & set(pdf.docinfo.keys()):
            del pdf.docinfo[key]
        # Unpacked: PlutoPrint's date is packed together with other objects.
        pdf.save(file, static_id=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
        return file.getvalue()


@pytest.mark.parametrize("engine", ENGINES)
def test_fonts_and_faults_stay_with_their_letter(  # noqa: PLR0917 - fixtures
    troubled, letter, press_all, pdf_of, fonts, engine
) -> None:
    names = [*NAMES, *(["Long", "Plain"] if engine == "plutoprint" else [])]
    with troubled(engine) as press:
        made = press_all(press, [letter(n, navn=name) for n, name in enumerate(names, 2)])
    of = {name: [p for p, n in zip(made, names, strict=True) if n == name] for name in names}
    assert all("gone.png" in prepared.error for prepared in of["Gone"])
    assert all("iVBOR" in prepared.error for prepared in of["Broken"])
    assert all("more than 500" in prepared.error for prepared in of.get("Long", ()))
    [plain] = {frozenset(fonts(pdf_of(prepared))) for prepared in of["Plain"]}
    others = [frozenset(fonts(pdf_of(*of[name]))) for name in ("Brand", "Other")]
    assert len({plain, *others}) == 3


@pytest.mark.slow
@pytest.mark.parametrize("engine", ENGINES)
def test_each_letter_is_byte_for_byte_what_a_fresh_process_makes(
    troubled, letter, press_all, pdf_of, engine
) -> None:
    letters = [letter(n, navn=name) for n, name in enumerate(sorted({*NAMES, "Long"}), 2)]
    alone = {}
    for each in letters:
        with troubled(engine) as press:
            [made] = press_all(press, [each])
            alone[each.rows[0].number] = made_of(made, pdf_of)

    @given(order=st.lists(st.sampled_from(letters), min_size=2, max_size=20))
    @settings(max_examples=examples(10), deadline=None)
    def in_any_order(order) -> None:
        with troubled(engine) as press:
            for each in press_all(press, order):
                assert made_of(each, pdf_of) == alone[each.entry.row]

    in_any_order()
