"""What an expression or template asks of a list, read from its syntax, nothing being rendered; and
what_is_wrong: Jinja's words for a slip in one, as one says it to a person.

The sentences of slips are those of Jinja 3.1; what is not among them is passed on as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from jinja2 import TemplateSyntaxError, nodes

from batchsend.expressions.environment import Environment, Tracker
from batchsend.expressions.filters import AS_IT_STANDS, CURRENCY, FORMATS
from batchsend.language import N_, _
from batchsend.text import nearest

# Nodes whose every part is evaluated, whatever the data. What is not named here may be skipped at
# run time (a branch, the right side of `or`, a block that another template replaces).
_STRAIGHT = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Assign,
    nodes.With,
    nodes.Scope,
    nodes.ExprStmt,
    nodes.Filter,
    nodes.Call,
    nodes.Keyword,
    nodes.Getattr,
    nodes.Getitem,
    nodes.Concat,
    nodes.List,
    nodes.Tuple,
    nodes.Dict,
    nodes.Pair,
    nodes.BinExpr,
    nodes.UnaryExpr,
)
_SKIPPING = (nodes.And, nodes.Or)


def names_used(env: Environment, source: str) -> frozenset[str]:
    """The names `source` takes from outside: columns, `letter`, `language`, `row` and `rows`.

    With one of the last two it may look at any column. Functions are left out.
    Raises jinja2.TemplateSyntaxError.

    >>> from batchsend.expressions import environment
    >>> sorted(names_used(environment(autoescape=False), "{{ fornavn }} {{ row['E-post'] }}"))
    ['fornavn', 'row']
    """
    return frozenset(_undeclared(env, source) - env.globals.keys())


def functions_used(env: Environment, source: str) -> frozenset[str]:
    """The functions `source` takes from us, as `today`, called or not; a column is none of them.

    Raises jinja2.TemplateSyntaxError.

    >>> from batchsend.expressions import environment
    >>> functions_used(environment(autoescape=False), "{{ today() | date }} {{ row.range }}")
    frozenset({'today'})
    """
    # Jinja2 counts a function among the undeclared names only where it does not know it.
    bare = env.overlay()
    bare.globals = {}
    return frozenset(_undeclared(bare, source) & env.globals.keys())


def plain_text(env: Environment, source: str) -> str:
    """What stands in `source` outside its expressions; a mark that is in no word for each of them.

    >>> from batchsend.expressions import environment
    >>> plain_text(environment(autoescape=False), "Hei, {{ navn }}!").split("\ufffc")
    ['Hei, ', '!']
    """
    return "".join(text for _line, text in _plain_parts(env, source))


def plain_lines(env: Environment, source: str) -> dict[int, str]:
    r"""The same for each line on which such a text begins; the first line is 1.

    >>> from batchsend.expressions import environment
    >>> plain_lines(environment(autoescape=False), "Hei{# \n #} på{# \n #} deg")
    {1: 'Hei', 2: ' på', 3: ' deg'}
    """
    lines: dict[int, str] = {}
    for line, text in _plain_parts(env, source):
        lines[line] = lines.get(line, "") + text
    return lines


def _plain_parts(env: Environment, source: str) -> Iterator[tuple[int, str]]:
    for output in env.parse(source).find_all(nodes.Output):
        for node in output.nodes:
            yield node.lineno, node.data if isinstance(node, nodes.TemplateData) else "\ufffc"


def _undeclared(env: Environment, source: str) -> set[str]:
    tracker = Tracker(env)
    tracker.visit(env.parse(source))
    return tracker.undeclared_identifiers


def formats_used(env: Environment, source: str) -> dict[str, set[str]]:
    """The columns that `source` passes straight through a filter of FORMATS, or through
    AS_IT_STANDS, whatever the data.

    `{{ beløp | money }}` gives `{"beløp": {"money"}}`; so do `{{ row.beløp | money }}`, the same
    in a loop over `rows`, and `rows | total("beløp")` with its own filter's name. A currency that
    `money` is given is a use besides, CURRENCY and its code. A use that some
    letters may not come to, as within `{% if %}`, is left out: those letters may lack the value.
    Keys are as `source` writes them: names, or headings in `row["…"]`.
    Raises jinja2.TemplateSyntaxError.
    """
    template = env.parse(source)
    rebound = {
        name.name for name in template.find_all(nodes.Name) if name.ctx in {"store", "param"}
    }
    if "rows" in rebound:
        return {}
    ours = rebound | env.globals.keys()
    found: dict[str, set[str]] = {}
    for column, filter_name in _always(template, row_names=frozenset({"row"}) - rebound):
        if column not in ours:
            found.setdefault(column, set()).add(filter_name)
    return found


def _always(node: nodes.Node, row_names: frozenset[str]) -> Iterator[tuple[str, str]]:
    """(column, filter) for each typed use below `node` that is always come to."""
    if isinstance(node, nodes.For):
        yield from _always(node.iter, row_names)
        if _is_loop_over_rows(node) and isinstance(node.target, nodes.Name):
            for child in node.body:
                yield from _always(child, row_names | {node.target.name})
    elif isinstance(node, _SKIPPING):
        yield from _always(node.left, row_names)
    elif isinstance(node, _STRAIGHT):
        if isinstance(node, nodes.Filter) and (node.name in FORMATS or node.name == AS_IT_STANDS):
            column = _column(node, row_names)
            if column is not None:
                yield column, node.name
            if node.name == "money" and (code := _first_text(node)):
                summed = node.node if isinstance(node.node, nodes.Filter) else node
                column = _column(summed, row_names)
                if column is not None:
                    yield column, CURRENCY + code
        for child in node.iter_child_nodes():
            yield from _always(child, row_names)


def _is_loop_over_rows(loop: nodes.For) -> bool:
    return (
        isinstance(loop.iter, nodes.Name)
        and loop.iter.name == "rows"
        and loop.test is None
        and not loop.recursive
    )


def _first_text(use: nodes.Filter) -> str:
    """The argument of a filter that has one, if it is a text that is written down."""
    match [*use.args, *(keyword.value for keyword in use.kwargs)]:
        case [nodes.Const(value=str(text))]:
            return text
    return ""


def _column(use: nodes.Filter, row_names: frozenset[str]) -> str | None:
    """The column whose cell the filter is given, if that is plain to see."""
    match use.node:
        case nodes.Name(name="rows"):
            match use.args:
                case [nodes.Const(value=str(column))] if use.name == "total":
                    return column
        case nodes.Name(name=name):
            return name
        case nodes.Getattr(node=nodes.Name(name=owner), attr=column) if owner in row_names:
            return column
        case nodes.Getitem(node=nodes.Name(name=owner), arg=nodes.Const(value=str(column))) if (
            owner in row_names
        ):
            return column
    return None


_SAID = (  # @ is what the parentheses hold
    (r"unexpected end of template.*end of print", N_("{{ is not closed by }}")),
    (r"unexpected end of template.*end of statement block", N_("{% is not closed by %}")),
    (r"Missing end of comment", N_("{# is not closed by #}")),
    (
        r"The innermost block that needs to be closed is '(\w+)'",
        N_("{% @ … %} is not ended by {% end@ %}"),
    ),
    (r"Encountered unknown tag '(end\w+)'", N_("{% @ %} ends what has not begun")),
    (r"Encountered unknown tag '(\w+)'", N_("there is no {% @ %}")),
    (r"((?:un)?expected .+)", N_("what stands in {{ … }} or {% … %} does not fit together (@)")),
)


def what_is_wrong(error: TemplateSyntaxError, filters: Iterable[str]) -> str:
    """As a part of a sentence, without the full stop; `filters` are those that may be meant.

    >>> from jinja2 import TemplateSyntaxError
    >>> what_is_wrong(TemplateSyntaxError("No filter named 'mony'.", 1), ["money", "date"])
    'there is no filter “mony”; did you mean “money”?'
    """
    said = error.message or ""
    if found := re.match(r"No (filter|test) named '(.+)'", said):
        kind, name = found.groups()
        if kind == "test":
            return _("there is no test “{name}”", name=name)
        if meant := nearest(name, filters, 1):
            return _(
                "there is no filter “{name}”; did you mean “{meant}”?", name=name, meant=meant[0]
            )
        return _("there is no filter “{name}”", name=name)
    for pattern, words in _SAID:
        if found := re.search(pattern, said, re.IGNORECASE):
            return _(words).replace("@", found[found.lastindex or 0]).replace(".)", ")")
    return said.rstrip(".")
