"""The sandbox and its strictness."""

from typing import Any

import pytest
from jinja2 import DictLoader, TemplateError, UndefinedError
from jinja2.exceptions import SecurityError

from batchsend.errors import RenderingError
from batchsend.expressions import Environment, Names, environment, functions_used, names_used
from batchsend.lists import Column, Row


@pytest.fixture
def env() -> Environment:
    return environment(autoescape=True)


def variables() -> dict[str, Any]:
    names = Names([Column(0, "Navn", "navn")])
    return {**names.variables([Row(2, ("<b>Kari",))]), "letter": {"Name": "Kari"}}


@pytest.mark.parametrize(
    "source",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ row.__class__ }}",
        "{{ row._names.columns }}",
        "{{ row | attr('_names') }}",
        "{{ row['_names'] }}",
        "{{ (rows | first).__init__.__globals__ }}",
        "{{ today.__self__ }}",
        "{{ rows.append(1) }}",
        "{{ letter.update(Name='Ola') }}",
        "{{ letter.__class__ }}",
        "{{ '{0.__class__}'.format(row) }}",
        "{{ range(1000000000) | list }}",
        "{{ lipsum }}",
        "{{ cycler }}",
        "{{ joiner.__init__ }}",
    ],
)
def test_there_is_no_way_out(env: Environment, source: str) -> None:
    with pytest.raises((SecurityError, UndefinedError, OverflowError)):
        env.from_string(source).render(variables())


def test_values_are_escaped_in_html_only(env: Environment) -> None:
    assert env.from_string("{{ navn }}").render(variables()) == "&lt;b&gt;Kari"
    plain = environment(autoescape=False)
    assert plain.from_string("{{ navn }}").render(variables()) == "<b>Kari"


def test_a_field_the_letter_lacks_is_named_with_those_it_has(env: Environment) -> None:
    with pytest.raises(UndefinedError, match="no “Nam” here, only Name"):
        env.from_string("{{ letter.Nam }}").render(variables())


def test_an_unknown_filter_does_not_compile(env: Environment) -> None:
    with pytest.raises(TemplateError, match="monye"):
        env.from_string("{{ navn | monye }}")


def test_today_is_there(env: Environment) -> None:
    said = env.from_string("{{ today() | date }}").render({**variables(), "language": "SE"})
    assert len(said) == len("2026-03-05")


MUCH_OF_LITTLE = [
    "{{ 'x' * 10 ** 10 }}",
    "{{ [0] * 10 ** 9 }}",
    "{{ (9 ** 9) ** (9 ** 9) }}",
    "{{ range(10 ** 9) | list }}",
    "{{ '%0999999999d' % 1 }}",
    "{{ '%0999999999d' | format(1) }}",
    "{{ '%*d' % (999999999, 1) }}",
    "{{ '{:999999999}'.format(1) }}",
    "{{ '{:{}}'.format(1, 999999999) }}",
    "{{ 'x' | center(999999999) }}",
    "{{ 'x'.ljust(999999999) }}",
    "{{ 'x' | indent(width=999999999) }}",
    "{{ [1] | batch(999999999, 0) | list }}",
    "{{ 1.5 | round(999999999, 'ceil') }}",
    "{{ 5 | number(999999999) }}",
    "{{ 5 | kid(width=999999999) }}",
]


@pytest.mark.parametrize("source", MUCH_OF_LITTLE)
def test_much_cannot_be_made_of_little(env: Environment, source: str) -> None:
    template = env.from_string(source)
    with pytest.raises((RenderingError, OverflowError)):
        template.render(language="NO")


@pytest.mark.parametrize(
    "source",
    [
        "{{ 'x' | probe }}",
        "{{ ('x' | probe) ~ 'y' }}",
        "{% set a = 'x' | probe %}{{ a }}",
        "{% if 'x' | probe %}{% endif %}",
        "{% include 'x' | probe ignore missing %}",
    ],
)
def test_nothing_is_worked_out_before_it_is_rendered(env: Environment, source: str) -> None:
    worked_out = []
    env.filters["probe"] = lambda value: worked_out.append(value) or "x"
    template = env.from_string(source)
    names_used(env, source)
    functions_used(env, source)
    assert not worked_out
    env.loader = DictLoader({})
    template.render()
    assert worked_out


def test_autoescaping_cannot_hang_on_an_expression(env: Environment) -> None:
    with pytest.raises(TemplateError, match="autoescape is true or false"):
        env.from_string("{% autoescape 'x' | upper %}{% endautoescape %}")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{{ '-' * 20 }}", "-" * 20),
        ("{{ 5000000 * 12 }} {{ 2 ** 10 }} {{ 7 % 4 }}", "60000000 1024 3"),
        ("{{ '%5.2f%%' % 1.5 }} {{ '%s' | format(5000000) }}", " 1.50% 5000000"),
        ("{{ '{:>9}|{a[b]}'.format(5000000, a={'b': 1}) }}", "  5000000|1"),
        ("{{ 'a' | center(5) }}|{{ 12345678 | round(1) }}", "  a  |12345678"),
    ],
)
def test_what_letters_need_is_left_alone(env: Environment, source: str, expected: str) -> None:
    assert env.from_string(source).render() == expected
