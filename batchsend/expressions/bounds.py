"""Bounds: what an expression may make of a few characters.

`9 ** 9 ** 99` never ends, and `"x" * 10 ** 10` takes all memory there is; neither can be stopped
once it has begun. Templates are rendered in processes that can be ended; mappings are not, and
nothing is while it is being compiled. So nothing is worked out while compiling, and what makes much
of little is refused. Knows nothing of letters.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable
from typing import Any

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.filters import do_format
from jinja2.meta import TrackingCodeGenerator

from batchsend.errors import RenderingError
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
