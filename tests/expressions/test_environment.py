"""The sandbox and its strictness."""

from typing import Any

import pytest
from jinja2 import TemplateError, UndefinedError
from jinja2.sandbox import SecurityError

from batchsend.expressions import Environment, Names, environment
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
