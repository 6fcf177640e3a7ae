"""what_is_wrong: Jinja's words for a slip in a template, as one says it to a person.

Its sentences are those of Jinja 3.1; what is not among them is passed on as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from jinja2 import TemplateSyntaxError

from batchsend.language import N_, _
from batchsend.text import nearest

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
