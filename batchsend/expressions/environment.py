"""The one Jinja2 that mappings and templates share: sandboxed, strict, with our filters."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from datetime import date
from typing import Any

from jinja2 import BaseLoader, StrictUndefined, Template, pass_context
from jinja2.environment import TemplateModule
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
from batchsend.language import _

_IN_PARTS = re.compile(r"\w[\u0300-\u036f\u3099\u309a]+|[\u1100-\u11ff]{2,}")
"""Letters and their accents apart, and Korean syllables; other characters stay as they are."""
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
            if not there:
                return _("there is no “{name}” here, only nothing at all", name=name)
            return _("there is no “{name}” here, only {there}", name=name, there=there)
        return _("nothing is called “{name}”", name=name)


_modules: ContextVar[dict[Template, TemplateModule] | None] = ContextVar("modules", default=None)
"""What has been imported in the rendering under way."""


class _Forgetful(Template):
    """A template that keeps nothing from one rendering to the next.

    Jinja2 3.1 makes the module of an import once for as long as the template lives, and whatever
    its macros then change in it stays. Here it is made once for each rendering.
    """

    def render(self, *args: Any, **kwargs: Any) -> str:
        """The text; every module it imports is made for it."""
        before = _modules.set({})
        try:
            return super().render(*args, **kwargs)
        finally:
            _modules.reset(before)

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:  # noqa: ARG002
        modules = _modules.get()
        if modules is None:
            return self.make_module()
        if self not in modules:
            modules[self] = self.make_module()
        return modules[self]


class Environment(ImmutableSandboxedEnvironment):
    """Jinja2 as batchsend sets it up; `environment` makes one."""

    code_generator_class = Compiler
    template_class = _Forgetful
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
        composed = _IN_PARTS.sub(lambda part: unicodedata.normalize("NFC", part[0]), str(source))
        return super().preprocess(composed, name, filename)


@pass_context
def _drawn(context: Context, sequence: Sequence[Any]) -> Any:
    """Jinja2's filter `random`; but one row always draws the same, whatever was drawn before."""
    if not sequence:
        return context.environment.undefined(_("there is nothing to draw from"))
    row = context.resolve("row")
    seed = repr(row.cells) if isinstance(row, RowView) else ""
    return random.Random(seed).choice(sequence)  # noqa: S311 - no secret is drawn


def environment(
    loader: BaseLoader | None = None, *, autoescape: bool, zone: str = HOME_ZONE
) -> Environment:
    """Make a Jinja2 environment for mappings (`autoescape=False`) or HTML (`autoescape=True`).

    It is sandboxed (no way from a value to Python's insides, no changing of what it is given),
    an undefined name is an error whose message says what may have been meant, and it has the
    filters of `FILTERS` and the function `today()`; an instant is a day in the time zone `zone`. No
    rendering leaves anything for the next one. Filters that write numbers and dates expect the
    letter's LanguageID as the variable `language`.

    >>> env = environment(autoescape=False)
    >>> env.from_string("{{ husleie | money }}").render(husleie="1.234,5", language="DK")
    '1.234,50'
    """
    env = Environment(loader=loader, autoescape=autoescape, undefined=_Missing)
    env.zone = zone
    env.filters.update({name: bounded(env.filters[name]) for name in _MEASURED})
    env.filters["format"] = formatted
    env.filters["random"] = _drawn
    env.filters.update(FILTERS)
    env.globals["today"] = date.today
    env.globals = {name: env.globals[name] for name in FUNCTIONS}
    return env
