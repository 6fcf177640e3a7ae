"""What is wrong with a mailing.toml, in words: the line, the key, and what may have been meant."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from itertools import takewhile
from pathlib import Path
from typing import get_args

from pydantic import BaseModel
from pydantic_core import ErrorDetails, ValidationError

from batchsend.errors import SettingsError
from batchsend.language import N_, _, either
from batchsend.settings import Place, Places
from batchsend.text import nearest

Keys = tuple[str | int, ...]
_TOP = Place(0, 0)

_WHERE = re.compile(r" \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$")
_CURLY_QUOTES = re.compile("[“”„«»‘’]")
_NOT_TOML = {
    "Cannot overwrite a value": N_("a key is there twice"),
    "Cannot declare": N_("a table is there twice"),
    "Cannot mutate": N_("a table is there twice"),
    "Expected '=' after": N_("a key needs = and a value after it"),
    "Expected ']'": N_("the name of a table stands in brackets, as [send]"),
    "Expected newline or end": N_("there is more on the line than one key and its value"),
    "Illegal character": N_(
        "a text goes on over the end of its line, or holds what cannot be seen"
    ),
    "Invalid hex value": N_("a \\ in a text has a meaning of its own"),
    "Invalid initial character for a key": N_("a key is missing"),
    "Invalid statement": N_("a line is key = value or [table]"),
    "Invalid value": N_("the value is not understood"),
    "Unclosed array": N_("a list is not closed with ]"),
    "Unclosed inline table": N_("a table is not closed with }"),
    "Unescaped '\\'": N_("a \\ in a text has a meaning of its own"),
    "Unterminated string": N_("a quotation mark is not closed"),
}
"""What tomllib says, by how that begins, and what it means."""
_MESSAGES = {
    "bool_type": N_("must be true or false, in small letters and without quotation marks"),
    "bool_parsing": N_("must be true or false, in small letters and without quotation marks"),
    "float_type": N_("must be a number, as 20 or 0.5, without quotation marks"),
    "float_parsing": N_("must be a number, as 20 or 0.5, without quotation marks"),
    "int_type": N_("must be a whole number, without quotation marks"),
    "int_parsing": N_("must be a whole number, without quotation marks"),
    "int_from_float": N_("must be a whole number"),
    "string_type": N_("must be a text in quotation marks"),
    "path_type": N_("must be a file name in quotation marks"),
    "tuple_type": N_('must be a list, as ["one", "two"]'),
    "dict_type": N_('must be a table, as { NO = "…", SE = "…" }'),
    "model_type": N_("must be a table of keys"),
    "model_attributes_type": N_("must be a table of keys"),
    "greater_than": N_("must be more than {gt:g}"),
    "greater_than_equal": N_("must be {ge:g} or more"),
    "less_than": N_("must be less than {lt:g}"),
    "less_than_equal": N_("must be {le:g} or less"),
    "literal_error": N_("must be {expected}"),
    "string_too_short": N_("must not be empty"),
    "too_short": N_("must not be empty"),
    "decimal_type": N_("must be a number, as 20 or 0.5"),
    "decimal_parsing": N_("must be a number, as 20 or 0.5"),
}


def not_toml(path: Path, text: str, error: tomllib.TOMLDecodeError) -> SettingsError:
    """Where a file stops being TOML, and what is probably meant there."""
    found = _WHERE.search(str(error))
    said = str(error)[: found.start()] if found else str(error)
    what = next((_(words) for start, words in _NOT_TOML.items() if said.startswith(start)), said)
    if path.suffix.lower() != ".toml":
        return SettingsError(
            _("{path} is not valid TOML: {what}.", path=path, what=what),
            hint=_("Name a mailing's mailing.toml. `batchsend init LIST` makes one from a list."),
        )
    lines = text.replace("\r\n", "\n").rstrip("\n").split("\n")
    line, column = len(lines), len(lines[-1]) + 1
    if found and found["line"]:
        line, column = int(found["line"]), int(found["column"])
    return SettingsError(
        f"{path}:{line}:{column}: {what}.", hint=_meant(lines[min(line, len(lines)) - 1])
    )


def _meant(line: str) -> str | None:
    """What to do about a line that is no TOML, where it is clear what was meant."""
    value = line.partition("=")[2].strip()
    if _CURLY_QUOTES.search(line):
        return _('Quotation marks are the straight ones, as in LanguageID = "NO".')
    if "\\" in value:
        return _("In a path, write / for \\, or use single marks: 'C:\\lists\\october.xlsx'.")
    if re.match(r"\d+,\d", value):
        return _("Decimals are written with a point, as 0.5.")
    if re.match(r"(?i)(true|false|yes|no|on|off)\b", value):
        return _("Write true or false, in small letters; a text stands in quotation marks.")
    if re.match(r"[^\W\d_]|0\d|\d+[./-]\d", value):
        return _('Texts stand in quotation marks, as in LanguageID = "NO" or PostCode = "0150".')
    return None


def unfit(path: Path, text: str, model: type[BaseModel], error: ValidationError) -> SettingsError:
    """Every key and value of a file that does not fit `model`, each with its line."""
    places = Places(text)
    found = [(places.of(keys), message) for keys, message in _each(error, model)]
    in_order = sorted(found, key=lambda each: each[0] or _TOP)
    return SettingsError(
        "\n".join(
            f"{path}:{place}: {message}" if place else f"{path}: {message}"
            for place, message in in_order
        )
    )


def in_words(error: ValidationError, model: type[BaseModel]) -> str:
    """The same of values that stand in no file."""
    return "; ".join(message for _other, message in _each(error, model))


def _each(error: ValidationError, model: type[BaseModel]) -> Iterator[tuple[Keys, str]]:
    """The path of each key that is wrong, and what is wrong with it: once, where it is nearest."""
    told: dict[Keys, str] = {}
    for detail in error.errors(include_url=False, include_input=False):
        # Where several types would do, pydantic tells of each by its name, as `dict[str,Path]`.
        keys = tuple(part for part in detail["loc"] if "[" not in str(part))
        if detail["type"] == "wrong_keys":
            for below, message in detail["ctx"]["messages"].items():
                told.setdefault((*keys, *map(_part, below.split("."))), f"[payload] {message}")
        else:
            told.setdefault(keys, _one_in_words(keys, detail, model))
    for keys, message in told.items():
        if not any(len(other) > len(keys) == _shared(other, keys) for other in told if keys):
            yield keys, message


def _part(text: str) -> str | int:
    return int(text) if text.isdigit() else text


def _shared(one: Keys, other: Keys) -> int:
    """How many keys two paths have in common from the top."""
    return sum(
        1 for _other in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    )


def _one_in_words(keys: Keys, detail: ErrorDetails, model: type[BaseModel]) -> str:
    match detail["type"]:
        case "extra_forbidden":
            key, meant = _dotted(keys), _meant_by(keys, model)
            if meant:
                return _(
                    "there is no key {key}; did you mean {meant}?", key=key, meant=either(meant)
                )
            return _("there is no key {key}", key=key)
        case "missing":
            return _("{key} is missing", key=_dotted(keys))
        case kind if kind in _MESSAGES:
            said = _(_MESSAGES[kind], **detail.get("ctx", {}))
            return f"{_dotted(keys)}: {said}" if keys else said
        case _other:
            said = detail["msg"].removeprefix("Value error, ")
            return f"{_dotted(keys)}: {said}" if keys else said


def _meant_by(keys: Keys, model: type[BaseModel]) -> Sequence[str]:
    """The keys that may be meant by one that there is not."""
    *above, last = map(str, keys)
    known = list(_paths(model))
    elsewhere = [".".join(path) for path in known if path[-1] == last]
    beside = [path[-1] for path in known if path[:-1] == tuple(above)]
    return elsewhere if len(elsewhere) == 1 else nearest(last, beside, n=1)


def _paths(model: type[BaseModel], above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every key that a file of `model` may have, with the tables it stands in."""
    for name, field in model.model_fields.items():
        yield (*above, name)
        for inner in (field.annotation, *get_args(field.annotation)):
            if isinstance(inner, type) and issubclass(inner, BaseModel):
                yield from _paths(inner, (*above, name))


def _dotted(keys: Keys) -> str:
    """`send.rate`; the items of a list are counted from 1: `checks.blank, item 2`."""
    return "".join(
        f", item {key + 1}" if isinstance(key, int) else f".{key}" for key in keys
    ).lstrip(".")
