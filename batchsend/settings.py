"""What every table of mailing.toml has in common: Section, their base; Period, which sending of a
mailing it is; and Places, the line and column of every key of a TOML text, which TOML's readers do
not tell.

Each room defines its own tables on top of Section. A period is never made from the clock. Places
reads only what `tomllib` has accepted already, and so need not judge it: it follows keys, strings
and brackets, and takes any other value as it comes.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import PydanticCustomError, core_schema

from batchsend.language import _


class Section(BaseModel):
    """A table of mailing.toml: unknown keys are errors, values never change after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


def wrong_keys(messages: Mapping[str, str]) -> PydanticCustomError:
    """What a validator raises that finds keys wrong further down, by their dotted paths from its
    own table; so each can be told with its own line."""
    text = "; ".join(messages.values())
    return PydanticCustomError("wrong_keys", "{text}", {"text": text, "messages": dict(messages)})


def json_schema(model: type[BaseModel], *, title: str) -> dict[str, Any]:
    """The schema, draft 2020-12, of what `model` takes; its docstrings are the descriptions."""
    made = model.model_json_schema(schema_generator=_OfToml)
    return {"$schema": _OfToml.schema_dialect, **made, "title": title}


class _OfToml(GenerateJsonSchema):
    """As pydantic makes it, but for what TOML is different in."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        # TOML has no null: a key that is not set is left out.
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        made = super().default_schema(schema)
        if isinstance(made.get("default"), dict | None):
            del made["default"]  # its keys have their own
        return made

    def str_schema(self, schema: core_schema.StringSchema) -> JsonSchemaValue:
        made = super().str_schema(schema)
        if self._config.coerce_numbers_to_str:
            made["type"] = ["string", "number"]
        return made

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 - pydantic's signature
        return False


LONGEST = 40
_FORM = re.compile(r"[^\W_](?:[\w.-]*[^\W_])?")


def must_be_period(text: str) -> str:
    """The text itself; ValueError, in words, where it could not stand in every identifier and name
    a folder on every system.

    >>> must_be_period("2027-01")
    '2027-01'
    """
    if len(text) > LONGEST or not _FORM.fullmatch(text):
        raise ValueError(
            _(
                "must be letters and digits, with - . or _ between them, at most {longest} "
                "of all, such as 2027-01",
                longest=LONGEST,
            )
        )
    return text


Period = Annotated[str, AfterValidator(must_be_period)]


_SPACE = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_KEY = re.compile(r"""[ \t]*(?P<key>"(?:[^"\\]|\\.)*"|'[^']*'|[^\s=.\]"']+)[ \t]*(?P<dot>\.)?""")
_PLAIN_VALUE = re.compile(
    r'"""(?:[^"\\]|\\.|"{1,2}(?!"))*"{3,5}'
    r"|'''(?:[^']|'{1,2}(?!'))*'{3,5}"
    r'|"(?:[^"\\]|\\.)*"'
    r"|'[^']*'"
    r"|[^,\]}#\n]+",
    re.DOTALL,
)

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a key or a value begins, both counted from 1."""

    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.line}:{self.column}"


class Places:
    """Where each key, and each item of a list, stands in a text that is valid TOML."""

    def __init__(self, text: str) -> None:
        self._text = text.replace("\r\n", "\n")
        self._starts = dict(_Scanner(self._text).all())

    def of(self, path: Sequence[str | int]) -> Place | None:
        """The place of what `path` leads to, or of what is nearest above it; None if nothing is.

        What the path has besides keys and positions is passed over.
        """
        found: Path = ()
        for part in path:
            if (*found, part) in self._starts:
                found = (*found, part)
        if not found:
            return None
        start = self._starts[found]
        line = self._text.count("\n", 0, start) + 1
        return Place(line, start - self._text.rfind("\n", 0, start))

    def __iter__(self) -> Iterator[Path]:
        return iter(self._starts)


class _Scanner:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._tables: dict[Path, int] = {}
        """How many tables each array of tables has so far."""

    def all(self) -> Mapping[Path, int]:
        """Where everything begins, by its path; of tables opened in parts, the first one."""
        starts: dict[Path, int] = {}
        for path, start in self._document():
            starts.setdefault(path, start)
        return starts

    def _document(self) -> Iterator[tuple[Path, int]]:
        table: Path = ()
        while self._next():
            if self._text.startswith("[", self._at):
                places, table = self._header()
                yield from places
            else:
                yield from self._pair(table)

    def _next(self) -> str:
        """The next sign that means something; empty at the end."""
        space = _SPACE.match(self._text, self._at)
        self._at = space.end() if space else self._at
        return self._text[self._at : self._at + 1]

    def _header(self) -> tuple[list[tuple[Path, int]], Path]:
        brackets = 2 if self._text.startswith("[[", self._at) else 1
        self._at += brackets
        path: Path = ()
        places: list[tuple[Path, int]] = []
        keys = list(self._keys())
        for number, (key, start) in enumerate(keys, 1):
            path = (*path, key)
            places.append((path, start))
            if number == len(keys) and brackets == 2:
                self._tables[path] = self._tables.get(path, 0) + 1
            if path in self._tables:
                path = (*path, self._tables[path] - 1)
                places.append((path, start))
        self._at += brackets
        return places, path

    def _keys(self) -> Iterator[tuple[str, int]]:
        """The parts of a key, and where each begins."""
        more = True
        while more and (found := _KEY.match(self._text, self._at)):
            self._at = found.end()
            key = found["key"]
            yield tomllib.loads(f"key = {key}")["key"] if key[0] in "\"'" else key, found.start(1)
            more = bool(found["dot"])

    def _pair(self, table: Path) -> Iterator[tuple[Path, int]]:
        path = table
        for key, start in self._keys():
            path = (*path, key)
            yield path, start
        self._at += 1  # the sign =
        yield from self._value(path)

    def _value(self, path: Path) -> Iterator[tuple[Path, int]]:
        match self._next():
            case "[":
                yield from self._array(path)
            case "{":
                yield from self._inline_table(path)
            case _:
                value = _PLAIN_VALUE.match(self._text, self._at)
                self._at = value.end() if value else len(self._text)

    def _array(self, path: Path) -> Iterator[tuple[Path, int]]:
        self._at += 1
        number = 0
        while self._next() not in {"]", ""}:
            yield (*path, number), self._at
            yield from self._value((*path, number))
            number += 1
            self._comma()
        self._at += 1

    def _inline_table(self, path: Path) -> Iterator[tuple[Path, int]]:
        self._at += 1
        while self._next() not in {"}", ""}:
            yield from self._pair(path)
            self._comma()
        self._at += 1

    def _comma(self) -> None:
        if self._next() == ",":
            self._at += 1
