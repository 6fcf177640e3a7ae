"""Ready-made PDFs, as `[document]` names them: sent instead of a template's letter, or after it.

They lie under the mailing's folder and nowhere else. Knows nothing of templates.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jinja2

from batchsend.errors import BatchsendError, RenderingError, TemplateError, in_short
from batchsend.expressions import (
    HOME_ZONE,
    LETTER_NAMES,
    Environment,
    environment,
    names_used,
)
from batchsend.language import _
from batchsend.rendering.pdf.opened import page_count
from batchsend.rendering.settings import DocumentSettings

ENGINE = "ready-made"
"""What stands for the engine of a letter that none has made."""
MAX_BYTES = 50_000_000
_COMMON = frozenset({"language"})
"""Names that are no column: many letters have one of their values."""


@dataclass(frozen=True, slots=True)
class ReadyMade:
    """The documents of a mailing that are not made from a template.

    A name without an expression in it is the same for every letter: its file is read once, and is
    part of what the mailing says. A name made from data is looked for when its letter's turn comes.
    """

    folder: Path
    settings: DocumentSettings
    uses: frozenset[str]
    """Names that must be columns of the list; `row` and `rows` where it may look at any."""
    constant: Mapping[str, bytes]
    """The files every letter has, by name."""
    personal: frozenset[str] = frozenset()
    """The names, as `[document]` has them, with a column in them that tells rows apart."""
    zone: str = HOME_ZONE
    """The time zone in which an instant in the list is a day."""
    _expressions: dict[str, jinja2.Template] = field(default_factory=dict, compare=False)

    @classmethod
    def load(cls, settings: DocumentSettings, folder: Path, zone: str = HOME_ZONE) -> ReadyMade:
        """Read what every letter has. Raises TemplateError."""
        jinja = environment(autoescape=False)
        expressions = [*([settings.pdf] if settings.pdf else []), *settings.append]
        uses: frozenset[str] = frozenset()
        constant: dict[str, bytes] = {}
        for expression in expressions:
            try:
                if _is_constant(jinja, expression):
                    constant[expression] = _read(folder, expression, settings)
                else:
                    uses |= names_used(jinja, expression) - LETTER_NAMES
            except jinja2.TemplateSyntaxError as error:
                raise TemplateError(
                    _(
                        "[document]: {expression}: {message}",
                        expression=expression,
                        message=error.message,
                    )
                ) from None
            except RenderingError as error:
                raise TemplateError(
                    _("[document]: {message}", message=error.message), hint=error.hint
                ) from None
        personal = frozenset(each for each in expressions if names_used(jinja, each) - _COMMON)
        return cls(folder, settings, uses, constant, personal, zone)

    def __reduce__(self) -> tuple[Any, ...]:
        # Compiled expressions stay in the process that made them.
        parts = (self.folder, self.settings, self.uses, self.constant, self.personal, self.zone)
        return ReadyMade, parts

    def update(self, digest: hashlib._Hash) -> None:
        """Feed every name and constant content to `digest`; nothing where there are none."""
        for name in self._all:
            digest.update(b"\0document\0" + name.encode() + b"\0")
            digest.update(hashlib.sha256(self.constant.get(name, b"")).digest())

    @property
    def names_data(self) -> bool:
        """Whether letters may have documents of their own."""
        return any(name not in self.constant for name in self._all)

    @property
    def names_any(self) -> bool:
        """Whether there are any documents."""
        return bool(self._all)

    @property
    def _all(self) -> list[str]:
        return [*([self.settings.pdf] if self.settings.pdf else []), *self.settings.append]

    def names(self, context: Mapping[str, Any]) -> list[str]:
        """Of a letter's documents: of the letter itself, then of those after it; empty where it has
        none there. RenderingError where a name cannot be made.
        """
        expressions = [self.settings.pdf or "", *self.settings.append]
        return [self._name(expression, context) for expression in expressions]

    def own_name(self, context: Mapping[str, Any]) -> str:
        """Of the PDF that is this letter and should be no other; empty where there is none."""
        return self._name(self.settings.pdf or "", context) if self.must_name_recipient else ""

    @property
    def must_name_recipient(self) -> bool:
        """Whether the PDF that is the letter is one recipient's own."""
        return self.settings.pdf in self.personal

    def appended_names(self, context: Mapping[str, Any]) -> list[str]:
        """Of what comes after the letter and may be its own: not what `[document]` itself names
        whole, as in `{{ 'terms.pdf' if overdue }}`.
        """
        personal = [each for each in self.settings.append if each in self.personal]
        named = ((each, self._name(each, context)) for each in personal)
        return [name for each, name in named if name and name not in each]

    def read(self, name: str) -> bytes:
        """The document of that name. RenderingError where it is not there, or outside."""
        return (
            self.constant[name]
            if name in self.constant
            else _read(self.folder, name, self.settings)
        )

    def letter(self, context: Mapping[str, Any]) -> bytes | None:
        """The PDF that is the letter, or None where a template's is."""
        return self._document(self.settings.pdf, context) if self.settings.pdf else None

    def appended(self, context: Mapping[str, Any]) -> list[bytes]:
        """What comes after the letter, in order; what comes out blank adds nothing."""
        found = (self._document(expression, context) for expression in self.settings.append)
        return [document for document in found if document is not None]

    def _document(self, expression: str, context: Mapping[str, Any]) -> bytes | None:
        name = self._name(expression, context)
        return self.read(name) if name else None

    def _name(self, expression: str, context: Mapping[str, Any]) -> str:
        if expression in self.constant:
            return expression
        if expression not in self._expressions:
            jinja = environment(autoescape=False, zone=self.zone)
            self._expressions[expression] = jinja.from_string(expression)
        try:
            return self._expressions[expression].render(context).strip()
        except jinja2.TemplateError as error:
            raise RenderingError(
                _(
                    "[document] {expression}: {message}",
                    expression=expression,
                    message=error.message,
                )
            ) from None
        except BatchsendError as error:
            words = f"[document] {expression}: {error.message}"
            raise RenderingError(words, hint=error.hint) from None


def _is_constant(jinja: Environment, expression: str) -> bool:
    parts = list(jinja.lex(expression))
    return all(kind == "data" for _line, kind, _text in parts)


def _read(folder: Path, name: str, settings: DocumentSettings) -> bytes:
    """The PDF called `name` under `folder`. RenderingError where it is not there, or outside."""
    try:
        path = (folder / name).resolve()
        if not path.is_relative_to(folder.resolve()):
            raise RenderingError(
                _("{name} lies outside the mailing's folder.", name=name),
                hint=_("Put the documents that are sent under {folder}.", folder=folder),
            )
        if path.is_dir():
            raise RenderingError(
                _("“{name}” is a folder, not a PDF.", name=name),
                hint=_(
                    "Where a row has none, let it come to nothing: "
                    '"{% if attachment %}folder/{{ attachment }}{% endif %}".'
                ),
            )
        if path.stat().st_size > MAX_BYTES:
            raise RenderingError(
                _("{name} has more than {max_bytes} MB.", name=name, max_bytes=MAX_BYTES // 10**6)
            )
        data = path.read_bytes()
    except FileNotFoundError:
        raise RenderingError(
            _("There is no {name} in {folder}.", name=name, folder=folder)
        ) from None
    except (OSError, ValueError) as error:
        raise RenderingError(
            _("{name} cannot be read: {reason}.", name=name, reason=in_short(error))
        ) from None
    try:
        pages = page_count(data)
    except RenderingError as error:
        raise RenderingError(f"{name}: {error.message}") from None
    if pages > settings.max_pages:
        raise RenderingError(
            _(
                "{name} has {pages} pages, more than {max_pages}.",
                name=name,
                pages=pages,
                max_pages=settings.max_pages,
            ),
            hint=_("[document] max_pages is the limit."),
        )
    return data
