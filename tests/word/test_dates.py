"""Dates as programs write them, in a Word letter."""

from __future__ import annotations

import pytest

from batchsend.expressions import environment
from batchsend.lists import Column
from batchsend.word.columns import FIELD, TYPED, printed

COLUMNS = (Column(0, "Forfall", "forfall"),)


@pytest.mark.parametrize("kind", [FIELD, TYPED])
@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("2027-01-15", "15.01.2027"),
        ("2027-01-15T00:00:00", "15.01.2027"),
        ("2027-01-15 14:30:00", "15.01.2027 14:30"),
        ("2027-01-14T23:30:00Z", "15.01.2027 00:30"),
        ("15. januar", "15. januar"),
        ("2027-99-15", "2027-99-15"),
        ("", ""),
    ],
)
def test_a_field_shows_a_date_as_people_read_it(kind, cell: str, shown: str) -> None:
    source = printed(f"{{{{ {kind.named('Forfall')} }}}}", COLUMNS)
    made = environment(autoescape=True).from_string(source)
    assert made.render(forfall=cell, language="NO") == shown


def test_what_has_a_picture_or_a_filter_is_left_as_it_says() -> None:
    source = f'{{{{ {FIELD.named("Forfall")} | date_as("yyyy-MM-dd") }}}}«{{{{ forfall }}}}'
    made = environment(autoescape=True).from_string(printed(source, COLUMNS))
    assert made.render(forfall="2027-01-15", language="NO") == "2027-01-15«2027-01-15"


def test_a_swedish_letter_has_its_own() -> None:
    source = printed(f"{{{{ {FIELD.named('Forfall')} }}}}", COLUMNS)
    made = environment(autoescape=True).from_string(source)
    assert made.render(forfall="2027-01-15T00:00:00", language="SE") == "2027-01-15"
