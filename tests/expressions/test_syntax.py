"""What a template asks of a list, told from its source alone."""

import pytest

from batchsend.expressions import environment, formats_used, functions_used, names_used


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("Kari", set()),
        ("{{ fornavn }} {{ etternavn }}", {"fornavn", "etternavn"}),
        ("{{ row['E-post'] }}{{ rows | length }}{{ today() | date }}", {"row", "rows"}),
        ("{% for r in rows %}{{ r.beløp }}{{ navn }}{% endfor %}", {"navn", "rows"}),
        ("{% set x = navn %}{{ x }}", {"navn"}),
        ("{{ land or 'NO' }}", {"land"}),
        ("{% if letter.Note %}{{ beløp | money }}{% endif %}{{ language }}",
         {"letter", "beløp", "language"}),
        ("{% for i in range(3) %}{{ i }}{% endfor %}", set()),
    ],
)  # fmt: skip
def test_names(source: str, expected: set[str]) -> None:
    assert names_used(environment(autoescape=False), source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{{ today() | date }}", {"today"}),
        ("{% set day = today %}{% if x %}{{ day() }}{% endif %}", {"today"}),
        ("{{ row.today }}{{ row['today'] }} today", set()),
        ("{% set today = navn %}{{ today }}", set()),
        ("{% for n in range(3) %}{{ n }}{% endfor %}", {"range"}),
    ],
)
def test_functions(source: str, expected: set[str]) -> None:
    assert functions_used(environment(autoescape=False), source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{{ beløp | money }}", {"beløp": {"money"}}),
        ("{{ beløp | money('NOK') | upper }}", {"beløp": {"money", "currency:NOK"}}),
        ("{{ beløp | money }} {{ beløp | number }}", {"beløp": {"money", "number"}}),
        ("{{ row.forfall | date }}", {"forfall": {"date"}}),
        ("{{ row['Ny husleie'] | money }}", {"Ny husleie": {"money"}}),
        ("{{ (ny | amount - gammel | amount) | money }}",
         {"ny": {"amount"}, "gammel": {"amount"}}),
        ("{{ 'kr ' ~ beløp | money }}", {"beløp": {"money"}}),
        ("{% set sum = beløp | amount %}{{ sum | money }}", {"beløp": {"amount"}}),
        ("{% for r in rows %}{{ r.beløp | money }}{% endfor %}", {"beløp": {"money"}}),
        ("{% for row in rows %}{{ row.beløp | money }}{% endfor %}", {"beløp": {"money"}}),
        ("{{ rows | total('beløp') | money }}", {"beløp": {"total"}}),
        ("{{ rows | total('beløp') | money(currency='EUR') }}",
         {"beløp": {"total", "currency:EUR"}}),
        ("{{ beløp | money(valuta) }}", {"beløp": {"money"}}),
        ("{{ kundenr | kid(width=9) }}", {"kundenr": {"kid"}}),
        ("{{ beløp | money or '-' }}", {"beløp": {"money"}}),
    ],
)  # fmt: skip
def test_formats_that_every_letter_needs(source: str, expected: dict[str, set[str]]) -> None:
    assert formats_used(environment(autoescape=False), source) == expected


@pytest.mark.parametrize(
    "source",
    [
        "{{ beløp }}",
        "{{ beløp | upper }}",
        "{{ beløp | default('0') | money }}",
        "{{ (beløp or '0') | money }}",
        "{{ '-' or beløp | money }}",
        "{{ beløp | money if beløp else '-' }}",
        "{% if beløp %}{{ beløp | money }}{% endif %}",
        "{% if x %}{% else %}{{ beløp | money }}{% endif %}",
        "{% for r in rows if r.beløp %}{{ r.beløp | money }}{% endfor %}",
        "{% for r in andre %}{{ r.beløp | money }}{% endfor %}",
        "{% for r in rows %}{% if r.beløp %}{{ r.beløp | money }}{% endif %}{% endfor %}",
        "{% for r in rows %}x{% else %}{{ beløp | money }}{% endfor %}",
        "{% macro m(beløp) %}{{ beløp | money }}{% endmacro %}",
        "{% macro m() %}{{ beløp | money }}{% endmacro %}",
        "{% set beløp = '5' %}{{ beløp | money }}",
        "{% set row = rows[0] %}{{ row.beløp | money }}",
        "{% set rows = [] %}{{ rows | total('beløp') }}",
        "{% block sum %}{{ beløp | money }}{% endblock %}",
        "{{ '9500' | money }}",
        "{{ today() | date }}{{ today | date }}",
        "{{ letter.Invoicee.Name | money }}",
        "{{ rows | total(kolonne) }}",
    ],
)
def test_formats_that_some_letters_may_not_need(source: str) -> None:
    assert formats_used(environment(autoescape=False), source) == {}
