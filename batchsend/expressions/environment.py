"""The one Jinja2 that mappings and templates share: sandboxed, strict, with our filters; and bounds
for what an expression may make of a few characters.

`9 ** 9 ** 99` never ends, and `"x" * 10 ** 10` takes all memory there is; neither can be stopped
once it has begun. Templates are rendered in processes that can be ended; mappings are not, and
nothing is while it is being compiled. So nothing is worked out while compiling, and what makes much
of little is refused. Knows nothing of letters.
"""

from __future__ import annotations

import functools
import random
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextvars import ContextVar
from datetime import date
from typing import Any

from jinja2 import BaseLoader, StrictUndefined, Template, nodes, pass_context
from jinja2.compiler import CodeGenerator, Frame
from jinja2.environment import TemplateModule
from jinja2.filters import do_format
from jinja2.meta import TrackingCodeGenerator
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from batchsend.errors import RenderingError
from batchsend.expressions.filters import FILTERS
from batchsend.expressions.locales import HOME_ZONE
from batchsend.expressions.names import FUNCTIONS, RowView
from batchsend.language import _

LARGEST = 1_000_000
"""Signs of a text, parts of a list: more than any letter has."""
_BITS = 4096
"""Of a whole number."""
# A width or precision of five digits, or one that an argument says: `%09999d`, `%*d`, `{:{}}`.
_WIDTH = re.compile(r"%[^a-zA-Z%]*(\d{5}|\*)|\{[^{}]*:[^{}]*(\d{5}|\{)")
_LITERALS = (nodes.TemplateData, nodes.Const)
BOUNDED_OPERATORS = frozenset({"*", "**", "%"})


class Compiler(CodeGenerator):
    """Jinja2's compiler; but what is not a plain text or number waits until it is rendered."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.optimizer = None

    def _output_child_to_const(self, node: nodes.Expr, frame: Frame, finalize: Any) -> str:
        if not isinstance(node, _LITERALS):
            raise nodes.Impossible
        return super()._output_child_to_const(node, frame, finalize)

    def visit_EvalContextModifier(  # noqa: N802 - Jinja2's name
        self, node: nodes.EvalContextModifier, frame: Frame
    ) -> None:
        """Jinja2's own, for `{% autoescape %}`, which may not be worked out either."""
        for option in node.options:
            if not isinstance(option.value, _LITERALS):
                self.fail(_("{key} is true or false", key=option.key), node.lineno)
        super().visit_EvalContextModifier(node, frame)


class Tracker(Compiler, TrackingCodeGenerator):
    """Jinja2's finder of undeclared names, which is its compiler as well."""


def must_be_bounded(operator: str, left: Any, right: Any) -> None:
    """Raise RenderingError for an operation of BOUNDED_OPERATORS that makes too much."""
    match operator:
        case "%" if isinstance(left, str):
            _must_be_narrow(left)
        case "*" if isinstance(left, int) and isinstance(right, int):
            _must_fit(left.bit_length() + right.bit_length(), _BITS)
        case "*":
            for many, times in ((left, right), (right, left)):
                if isinstance(many, str | bytes | list | tuple) and isinstance(times, int):
                    _must_fit(len(many) * times, LARGEST)
        case "**" if isinstance(left, int) and isinstance(right, int):
            _must_fit(left.bit_length() * right, _BITS)


def bounded(function: Callable[..., Any]) -> Callable[..., Any]:
    """A filter of Jinja2's that takes a width or a number of parts, refusing a huge one."""

    @functools.wraps(function)
    def refusing(*arguments: Any, **named: Any) -> Any:
        # The first is the value, or what Jinja2 puts before it.
        _must_be_few((*arguments[1:], *named.values()))
        return function(*arguments, **named)

    return refusing


def formatted(pattern: str, *arguments: Any, **named: Any) -> str:
    """Jinja2's filter `format`, refusing a huge width."""
    _must_be_narrow(pattern)
    return do_format(pattern, *arguments, **named)


def must_be_bounded_call(function: Any, arguments: Iterable[Any]) -> None:
    """Raise RenderingError for a method of a text that would make a huge one."""
    owner = getattr(getattr(function, "__wrapped__", function), "__self__", None)
    if isinstance(owner, str):
        if function.__name__ in {"format", "format_map"}:
            _must_be_narrow(owner)
        else:
            _must_be_few(arguments)


def _must_be_few(numbers: Iterable[Any]) -> None:
    """Raise RenderingError where one of the arguments is a huge number."""
    for number in numbers:
        if isinstance(number, int):
            _must_fit(number, LARGEST)


def _must_fit(size: int, most: int) -> None:
    if size > most:
        raise RenderingError(_("This makes something too large for any letter."))


def _must_be_narrow(pattern: str) -> None:
    if _WIDTH.search(pattern):
        raise RenderingError(
            _("“{pattern}” makes something too large for any letter.", pattern=pattern[:40])
        )


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
