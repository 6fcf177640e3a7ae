"""The files a template can use, read once: letters are rendered from these bytes, never from disk.

What is read is what the digest covers, what workers are handed, and all that an engine can get at:
nothing on the network and nothing outside the template's folder is within reach. Knows no engine.
"""

from __future__ import annotations

import hashlib
import html
import mimetypes
import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import jinja2
from jinja2 import nodes

from batchsend.errors import TemplateError
from batchsend.expressions import Environment, what_is_wrong
from batchsend.language import N_, _
from batchsend.lists import Column
from batchsend.rendering.fonts import SHIPPED, unprintable_pattern
from batchsend.rendering.template_folder import IMAGE_KINDS, files_below, inside, read_file
from batchsend.text import nearest
from batchsend.word import (
    WORD_KINDS,
    WordTemplate,
    characters_here,
    docx_of,
    fonts_here,
    paragraph_at,
    printed,
)

FONTS = "fonts/"
"""The subfolder whose fonts a template has without naming them."""
_FONT_KINDS = {".ttf", ".otf", ".ttc", ".otc", ".woff", ".woff2"}
_KINDS = _FONT_KINDS | IMAGE_KINDS | {".css", ".svg"}
_SOURCE_KINDS = {".html", ".htm", ".jinja", ".j2", ".txt", ".svg", ".css"}
_WORD, _WORKBOOK = N_("a Word document"), N_("a workbook")
_OFFICE = {
    **dict.fromkeys((".pages", ".wpd", ".wps"), _WORD),
    **dict.fromkeys((".xlsx", ".xls", ".xlsm", ".xlsb", ".ods"), _WORKBOOK),
    ".pdf": N_("a PDF"),
}
_MARKS = {"%PDF": N_("a PDF"), "{\\rtf": N_("a text document (RTF)")}
_OTHER_TEXTS = {
    **dict.fromkeys((".csv", ".tsv", ".json"), N_("a list")),
    ".toml": N_("a file of settings"),
}
"""What is text like a template, and is none."""
_SEVERAL = (nodes.List, nodes.Tuple)


# Asked for several times for every letter.
_uri = cache(Path.as_uri)


class Refused(Exception):  # noqa: N818 - it is raised and caught as an answer, not an error
    """A template asked for something it may not have; the text says what and why."""


@dataclass(frozen=True, slots=True)
class TemplateFiles:
    """One template and what it can use. Names are relative to `folder`, with forward slashes."""

    folder: Path
    start: str
    sources: Mapping[str, str]
    """Jinja2 sources: the template, and all it extends, includes or imports."""
    resources: Mapping[str, bytes]
    """Style sheets, images and fonts."""
    unprintable: str
    """A regular expression for a character that no font at hand has."""
    is_word: bool = False
    """Whether it is a Word document, whose parts without text are among the resources."""
    notes: tuple[str, ...] = ()
    """What is worth knowing of a Word document."""
    lasting: bytes = b""
    """Of a Word document: what makes it another letter where it changes."""

    @classmethod
    def read(cls, path: Path, environment: Environment, text: str | None = None) -> TemplateFiles:
        """Read the template at `path` and all it refers to; `text` stands in for what it says.

        A file counts when a source or style sheet mentions its name, or the subfolder it lies in
        (for names made from data, as in `signatures/{{ clerk }}.png`); those in `fonts/` always.
        Reports and previews written beside a template therefore never change it.
        Raises TemplateError for what is missing, too large, or does not compile.
        """
        folder = path.parent.resolve()
        if path.suffix.lower() in WORD_KINDS:
            return _word(path)
        sources = _sources(folder, path.name, environment, text)
        resources = _resources(folder, sources)
        return cls(folder, path.name, sources, resources, unprintable_pattern(_fonts(resources)))

    @property
    def base_url(self) -> str:
        """What relative URLs in the template are relative to."""
        return f"{_uri(self.folder)}/{quote(self.start)}"

    @property
    def fonts(self) -> dict[str, bytes]:
        """The template's own fonts, by name."""
        return _fonts(self.resources)

    @property
    def word_parts(self) -> dict[str, bytes]:
        """The parts of a Word document that are the same in every letter."""
        return {n: d for n, d in self.resources.items() if not n.startswith(FONTS)}

    def fitted(self, columns: Sequence[Column]) -> TemplateFiles:
        """The same with the names of merge fields as the list has them."""
        if not self.is_word:
            return self
        sources = {name: printed(source, columns) for name, source in self.sources.items()}
        return replace(self, sources=sources)

    def where(self, name: str, line: int) -> str:
        """A line of a source as a person finds it."""
        if self.is_word:
            return f"{name}, {paragraph_at(self.sources[name], line)}"
        return f"{name}, line {line}"

    @property
    def texts(self) -> dict[str, str]:
        """Everything in which CSS may stand, by name."""
        if self.is_word:
            return {}
        return {
            **{n: d.decode("utf-8", "replace") for n, d in self.resources.items() if _is_text(n)},
            **self.sources,
        }

    def resource(self, url: str) -> tuple[bytes, str]:
        """The bytes and MIME type of what an engine asks for; Refused names the URL otherwise."""
        parts = urlsplit(url)
        if parts.scheme != "file" or parts.netloc:
            raise Refused(_("{url} is not a file in the template's folder", url=url))
        root = urlsplit(_uri(self.folder)).path + "/"
        if not parts.path.startswith(root):
            raise Refused(_("{url} lies outside the template's folder", url=url))
        name = posixpath.normpath(unquote(parts.path[len(root) :]))
        if name.startswith("../"):
            raise Refused(_("{url} lies outside the template's folder", url=url))
        if name not in self.resources:
            raise Refused(_not_among(name, self.resources))
        return self.resources[name], _mime_type(name)

    def update(self, digest: hashlib._Hash) -> None:
        """Feed every name and content to `digest`."""
        if self.is_word:
            digest.update(self.start.encode() + b"\0" + hashlib.sha256(self.lasting).digest())
            for name, font in sorted(self.fonts.items()):
                digest.update(name.encode() + b"\0" + hashlib.sha256(font).digest())
            return
        everything = {
            **self.resources,
            **{f"{n}\0": s.encode() for n, s in self.sources.items()},
        }
        for name, data in [(self.start, b""), *sorted(everything.items())]:
            digest.update(len(name).to_bytes(8, "big") + name.encode())
            digest.update(len(data).to_bytes(8, "big") + data)


class SourceLoader(jinja2.BaseLoader):
    """Jinja2's way to the sources of one template; the file's path makes errors name it."""

    def __init__(self, files: TemplateFiles) -> None:
        self.files = files

    def get_source(
        self,
        environment: jinja2.Environment,  # noqa: ARG002 - Jinja2's interface
        template: str,
    ) -> tuple[str, str, None]:
        """The source of `template`, and where it was read."""
        try:
            source = self.files.sources[template]
        except KeyError:
            raise jinja2.TemplateNotFound(template) from None
        return source, str(self.files.folder / template), None


def _word(path: Path) -> TemplateFiles:
    """A Word document, with the fonts that lie beside it."""
    folder = path.parent.resolve()
    try:
        data = docx_of(path)
        own = (folder / FONTS,) if (folder / FONTS).is_dir() else ()
        read = WordTemplate.read(data, fonts_here(SHIPPED, *own))
    except TemplateError as error:
        raise TemplateError(f"{path}: {error.message}", hint=error.hint) from None
    fonts = {
        name: read_file(folder, name, 0)
        for name in files_below(folder / FONTS, _FONT_KINDS, folder)
    }
    return TemplateFiles(
        folder,
        path.name,
        {path.name: read.source},
        {**read.parts, **fonts},
        unprintable_pattern(fonts, characters_here()),
        is_word=True,
        notes=tuple(f"{path.name}: {note}" for note in read.notes),
        lasting=read.lasting,
    )


def _sources(
    folder: Path, start: str, environment: Environment, text: str | None
) -> dict[str, str]:
    found = {start: _text(folder / start) if text is None else text}
    waiting = [start]
    while waiting:
        name = waiting.pop()
        for other, line, may_miss in _references(folder, name, found[name], environment):
            if other in found:
                continue
            path = inside(folder, other)
            if path is None or not path.is_file():
                if may_miss:
                    continue
                raise TemplateError(
                    _(
                        "{folder}, line {line}: there is no {other} in {folder_2}.",
                        folder=folder / name,
                        line=line,
                        other=other,
                        folder_2=folder,
                    ),
                    hint=_("Name included files as seen from the template's folder."),
                )
            found[other] = _text(path)
            waiting.append(other)
    return found


def _references(
    folder: Path, name: str, source: str, environment: Environment
) -> Iterator[tuple[str, int, bool]]:
    """Each template that `source` extends, includes or imports: name, line, and whether it may be
    missing. A name made by an expression could be any file of that kind.
    """
    try:
        tree = environment.parse(source, name, str(folder / name))
    except jinja2.TemplateSyntaxError as error:
        raise TemplateError(
            _(
                "{filename}, line {lineno}: {what_is_wrong}.",
                filename=error.filename or folder / name,
                lineno=error.lineno,
                what_is_wrong=what_is_wrong(error, environment.filters),
            )
        ) from None
    kinds = (nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)
    for node in tree.find_all(kinds):
        assert isinstance(node, kinds)  # noqa: S101 - find_all's type says less
        may_miss = isinstance(node, nodes.Include) and node.ignore_missing
        said = node.template.items if isinstance(node.template, _SEVERAL) else [node.template]
        choices = [str(one.value) for one in said if isinstance(one, nodes.Const)]
        if len(choices) < len(said):
            for other in files_below(folder, _SOURCE_KINDS):
                yield other, node.lineno, True
            continue
        for other in choices:
            yield other, node.lineno, may_miss or len(choices) > 1


def _resources(folder: Path, sources: Mapping[str, str]) -> dict[str, bytes]:
    candidates = set(files_below(folder, _KINDS))
    found: dict[str, bytes] = {}
    texts = list(sources.values())
    while texts:
        text = texts.pop()
        for name in sorted(candidates):
            if name.startswith(FONTS) or _mentions(text, name):
                candidates.discard(name)
                found[name] = read_file(folder, name, sum(map(len, found.values())))
                if _is_text(name):
                    texts.append(found[name].decode("utf-8", "replace"))
    return found


def _fonts(resources: Mapping[str, bytes]) -> dict[str, bytes]:
    return {
        name: data
        for name, data in resources.items()
        if name.startswith(FONTS) and posixpath.splitext(name)[1].lower() in _FONT_KINDS
    }


def _is_text(name: str) -> bool:
    return name.lower().endswith((".css", ".svg"))


def _mentions(text: str, name: str) -> bool:
    base, folder = posixpath.basename(name), posixpath.dirname(name)
    if folder and f"{folder}/" in text:
        return True
    return any(form in text for form in {base, quote(base), html.escape(base)})


def _text(path: Path) -> str:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise TemplateError(_("There is no template at {path}.", path=path)) from None
    except UnicodeDecodeError as error:
        if what := _OFFICE.get(path.suffix.lower()):
            raise _no_template(path, _(what)) from None
        raise TemplateError(
            _("{path} is not UTF-8 text (at byte {start}).", path=path, start=error.start),
            hint=_("Save it as UTF-8 in your editor."),
        ) from None
    except OSError as error:
        raise TemplateError(
            _("{path} cannot be read: {strerror}", path=path, strerror=error.strerror or error)
        ) from None
    if what := _OTHER_TEXTS.get(path.suffix.lower()) or next(
        (what for mark, what in _MARKS.items() if text.startswith(mark)), ""
    ):
        raise _no_template(path, _(what))
    return text


def _no_template(path: Path, what: str) -> TemplateError:
    return TemplateError(
        _("{path} is {office}, and a template is HTML.", path=path, office=what),
        hint=_(
            "Write the letter as letter.html: `batchsend init LIST` makes one to "
            "begin with. A PDF that is the letter as it stands is named by "
            "[document] pdf."
        ),
    )


def _not_among(name: str, candidates: Iterable[str]) -> str:
    close = nearest(name, list(candidates), 1)
    if close:
        return _(
            "{name} is not among the template's files (did you mean {meant}?)",
            name=name,
            meant=close[0],
        )
    return _("{name} is not among the template's files", name=name)


def _mime_type(name: str) -> str:
    known = {".svg": "image/svg+xml", ".css": "text/css", ".webp": "image/webp"}
    suffix = posixpath.splitext(name)[1].lower()
    # Not all of these are in every machine's table of types.
    return known.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
