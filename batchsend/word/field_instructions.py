"""A field's instruction, as ` MERGEFIELD Navn \\* Upper `, and the Jinja2 that does the same.

Source: ECMA-376 part 1, 17.16. Knows nothing of XML.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from batchsend.errors import TemplateError
from batchsend.language import _
from batchsend.word.columns import FIELD

_CURLY = str.maketrans({"“": '"', "”": '"', "„": '"', "\u00a0": " "})
_WORDS = re.compile(
    r'"(?P<quoted>(?:[^"\\]|\\.)*)"?|\\(?P<switch>[*#@!a-zA-Z])|(?P<bare>(?:[^\s"\\]|\\(?=\s|$))+)'
)
_WITH_VALUE = {"*", "#", "@", "b", "f", "e", "l", "c", "d", "s", "t", "o"}
_CASES = {"upper", "lower", "firstcap", "caps"}
_NO_MATTER = {"mergeformat", "charformat", "mergeformatinet", "arabic"}
"""How it looks, which the letter's own runs say; and figures, which a number has anyway."""
_PLAIN_SWITCHES = {"m", "v"}
_PARTS = re.compile(r"<<(?P<before>\s*)(?P<name>_[A-Z]+\d*_)(?P<around>[^<>]*)>>")
_MAPPED = {
    "_TITLE": ("Courtesy Title",),
    "_NICK": ("Nickname", "First Name"),
    "_FIRST": ("First Name",),
    "_MIDDLE": ("Middle Name",),
    "_LAST": ("Last Name",),
    "_SUFFIX": ("Suffix",),
    "_COMPANY": ("Company",),
}


@dataclass(frozen=True, slots=True)
class Instruction:
    """What a field is asked to do."""

    kind: str
    """Its name in capitals, as `MERGEFIELD`; `=` for a formula."""
    words: tuple[str, ...]
    switches: tuple[tuple[str, str], ...]
    """Letter and value, in order."""
    text: str
    """As it is written, in one line."""

    @classmethod
    def read(cls, text: str) -> Instruction:
        r"""Take it apart.

        >>> read = Instruction.read(' MERGEFIELD "Ny husleie" \\# "# ##0,00" ')
        >>> read.kind, read.words, read.switches
        ('MERGEFIELD', ('Ny husleie',), (('#', '# ##0,00'),))
        """
        plain = " ".join(text.translate(_CURLY).split())
        words: list[str] = []
        switches: list[tuple[str, str]] = []
        waiting = ""
        for found in _WORDS.finditer(plain):
            if switch := found["switch"]:
                if waiting:
                    switches.append((waiting, ""))
                waiting = switch.lower()
                if waiting not in _WITH_VALUE:
                    switches.append((waiting, ""))
                    waiting = ""
                continue
            quoted = found["quoted"]
            word = found["bare"] if quoted is None else re.sub(r"\\(.)", r"\1", quoted)
            if waiting:
                switches.append((waiting, word))
                waiting = ""
            else:
                words.append(word)
        if waiting:
            switches.append((waiting, ""))
        kind = words.pop(0) if words else ""
        if kind.startswith("=") and len(kind) > 1:
            kind, words = "=", [kind[1:], *words]
        return cls(kind.upper(), tuple(words), tuple(switches), plain)

    def value(self, switch: str) -> str:
        """What stands after a switch; empty where there is none."""
        return next((value for name, value in self.switches if name == switch), "")


def literal(text: str) -> str:
    """A text as Jinja2 writes one."""
    return json.dumps(text, ensure_ascii=False)


def merge_field(read: Instruction, expression: str = "") -> str:
    """The Jinja2 of a MERGEFIELD; of `expression` where that is given in place of the column.

    Raises TemplateError naming what is not understood.
    """
    expression = expression or _column_of(read)
    shown = _formatted(read, expression)
    before, after = read.value("b"), read.value("f")
    if not before and not after:
        return f"{{{{ {shown} }}}}"
    parts = [literal(before)] * bool(before) + [shown] + [literal(after)] * bool(after)
    written = "".join(f"{{{{ {part} }}}}" for part in parts)
    return f"{{% if {expression} %}}{written}{{% endif %}}"


def compared_field(read: Instruction) -> str:
    """What a MERGEFIELD shows, as an expression to be compared. Raises as `merge_field` does."""
    if read.value("b") or read.value("f"):
        raise _not_understood(read, r"\b, \f")
    return _formatted(read, _column_of(read))


def _column_of(read: Instruction) -> str:
    if not read.words:
        raise _not_understood(read, _("it names no column"))
    return FIELD.named(read.words[0])


def _formatted(read: Instruction, expression: str) -> str:
    """An expression through the filters that its switches ask for."""
    shown = expression
    for switch, value in read.switches:
        if switch == "#":
            shown = f"{shown} | number_as({literal(value)})"
        elif switch == "@":
            shown = f"{shown} | date_as({literal(value)})"
        elif switch == "*" and value.lower() in _CASES:
            shown = f"{shown} | cased({literal(value)})"
        elif switch == "*" and value.lower() not in _NO_MATTER:
            raise _not_understood(read, f"\\* {value}")
        elif switch not in {"*", "b", "f", *_PLAIN_SWITCHES}:
            raise _not_understood(read, f"\\{switch}")
    return shown


def shown_date(read: Instruction) -> str:
    """The Jinja2 of DATE or TIME: the day on which the letter is made."""
    picture = read.value("@")
    if re.search("[hHs]", picture) or (read.kind == "TIME" and not picture):
        raise _not_understood(read, _("the time of day"))
    return f"{{{{ today() | {f'date_as({literal(picture)})' if picture else 'date'} }}}}"


def comparison(left: str, operator: str, right: str) -> str:
    """The condition of an IF; its sides are expressions."""
    return f"{left} | meets({literal(operator)}, {right})"


def greeting(read: Instruction, mapped: Mapping[str, str]) -> str:
    """The Jinja2 of a GREETINGLINE; `mapped` is which column Word took for each part of a name.

    Without one, the recipient's whole name is written.
    """
    picture = read.value("f") or "<<_BEFORE_ Kjære >><<_FIRST0_>> <<_LAST0_>><<_AFTER_ ,>>"
    instead = read.value("e")
    written, end, names = "", 0, 0
    for found in _PARTS.finditer(picture):
        between = picture[end : found.start()]
        end = found.end()
        name = found["name"].rstrip("_0123456789")
        if name in {"_BEFORE", "_AFTER"}:
            written += between + found["around"].removeprefix(" ")
            continue
        column = next((mapped[key] for key in _MAPPED.get(name, ()) if key in mapped), "")
        if column:
            value = FIELD.named(column)
            shown = f"{found['before']}{{{{ {value} }}}}{found['around']}"
            written += between + (
                shown
                if shown.startswith("{{ ") and shown.endswith(" }}")
                else f"{{% if {value} %}}{shown}{{% endif %}}"
            )
        elif name in {"_FIRST", "_LAST", "_NICK"}:
            if not mapped and not names:
                written += f"{between}{{{{ letter.Invoicee.Name }}}}"
                names += 1
        elif name not in {"_TITLE", "_MIDDLE", "_SUFFIX"}:
            raise _not_understood(read, found[0])
    written += picture[end:]
    if "{{" not in written:
        raise _not_understood(read, _("it names nobody"))
    if instead:
        return (
            f"{{% if letter.Invoicee.Name %}}{written}{{% else %}}"
            f"{{{{ {literal(instead)} }}}}{{% endif %}}"
        )
    return written


def _not_understood(read: Instruction, what: str) -> TemplateError:
    return TemplateError(
        _("the field {{ {text} }} is not understood: {what}.", text=read.text, what=what),
        hint=_("Take it out, or write what you want as {{ … }}: docs/word.md says how."),
    )
