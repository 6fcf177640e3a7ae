"""A key that got another name is taken under its old one, with a note instead of an error."""

from __future__ import annotations

from typing import Annotated

import pytest
from pydantic import ValidationError

from batchsend.settings import Renamed, Section, with_new_names


class Oven(Section):
    heat: Annotated[int, Renamed("temperature", "2.0")] = 180


class Recipe(Section):
    oven: Annotated[Oven, Renamed("stove", "3.1")] = Oven()


def test_old_names_are_taken_and_told() -> None:
    table, notes = with_new_names({"stove": {"temperature": 200}}, Recipe)
    assert Recipe.model_validate(table) == Recipe(oven=Oven(heat=200))
    assert notes == {
        ("stove",): "stove is called oven since 3.1; please rename it.",
        ("stove", "temperature"): "temperature is called heat since 2.0; please rename it.",
    }


def test_todays_names_are_left_in_peace() -> None:
    today = {"oven": {"heat": 200}}
    assert with_new_names(today, Recipe) == (today, {})


def test_both_names_at_once_are_an_error() -> None:
    table, notes = with_new_names({"oven": {"heat": 200, "temperature": 100}}, Recipe)
    assert notes == {}
    with pytest.raises(ValidationError, match="temperature"):
        Recipe.model_validate(table)
