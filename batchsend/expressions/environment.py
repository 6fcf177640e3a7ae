"""The one Jinja2 that mappings and templates share: sandboxed, strict, with our filters."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any

from jinja2 import BaseLoader, StrictUndefined
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from batchsend.expressions.bounds import (
    BOUNDED_OPERATORS,
    Compiler,
    bounded,
    formatted,
    must_be_bounded,
    must_be_bounded_call,
)
from batchsend.expressions.filters import FILTERS
from batchsend.expressions.names import FUNCTIONS, RowView
from batchsend.expressions.zones import HOME_ZONE

__all__ = ["Environment", "environment"]


_MEASURED = ("batch", "center", "indent", "round", "slice", "tojson")
"""Filters of Jinja2's own that take a width or a number of parts."""


class _Missing(StrictUndefined):
    """A name that stands for nothing: any use of it is an error that says what there is."""

    __slots__ = ()

    @property
    def _undefined_message(self) -> str:
        if self._undefined_hint:
            return self._undefined_hint
        name = str(self._undefined_name)
        if isinstance(self._undefined_obj, RowView):
            return self._undefined_obj.why_not(name)
        if isinstance(self._undefined_obj, Mapping):
            there = ", ".join(map(str, self._undefined_obj))
            return f"there is no “{name}” here, only {there or 'nothing at all'}"
        return f"nothing is called “{name}”"


class Environment(ImmutableSandboxedEnvironment):
    """Jinja2 as batchsend sets it up; `environment` makes one."""

    code_generator_class = Compiler
    intercepted_binops = BOUNDED_OPERATORS
    zone = HOME_ZONE
    """The IANA time zone in which an instant is a day."""

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """What two values come to, unless that is too much."""
        must_be_bounded(operator, left, right)
        return super().call_binop(context, operator, left, right)

    def call(self, context: Context, obj: Any, /, *args: Any, **kwargs: Any) -> Any:
        """What a call gives, unless that is too much."""
        must_be_bounded_call(obj, (*args, *kwargs.values()))
        return super().call(context, obj, *args, **kwargs)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Columns before methods: `row.items` is the column "Items" where there is one."""
        if isinstance(obj, RowView):
            return self.getitem(obj, attribute)
        return super().getattr(obj, attribute)

    def preprocess(self, source: str, name: str | None = None, filename: str | None = None) -> str:
        """Compose letters: macOS saves å as two characters, which Jinja2 takes for no name."""
        return super().preprocess(unicodedata.normalize("NFC", str(source)), name, filename)


def environment(
    loader: BaseLoader | None = None, *, autoescape: bool, zone: str = HOME_ZONE
) -> Environment:
    """Make a Jinja2 environment for mappings (`autoescape=False`) or HTML (`autoescape=True`).

    It is sandboxed (no way from a value to Python's insides, no changing of what it is given),
    an undefined name is an error whose message says what may have been meant, and it has the
    filters of `FILTERS` and the function `today()`; an instant is a day in the time zone `zone`.
    Filters that write numbers and dates expect
    the letter's LanguageID as the variable `language`.

    >>> env = environment(autoescape=False)
    >>> env.from_string("{{ husleie | money }}").render(husleie="1.234,5", language="DK")
    '1.234,50'
    """
    env = Environment(loader=loader, autoescape=autoescape, undefined=_Missing)
    env.zone = zone
    env.filters.update({name: bounded(env.filters[name]) for name in _MEASURED})
    env.filters["format"] = formatted
    env.filters.update(FILTERS)
    env.globals["today"] = date.today
    env.globals = {name: env.globals[name] for name in FUNCTIONS}
    return env
