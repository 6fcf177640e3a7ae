"""Templates: what a mailing's letters are rendered from, read and compiled before anything is sent.

One template for all letters or one per language. Knows no engine but its name, and no letter.
"""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from pathlib import Path

import jinja2
from jinja2 import nodes

from batchsend.errors import SettingsError, TemplateError
from batchsend.expressions import (
    HOME_ZONE,
    LETTER_NAMES,
    Environment,
    Names,
    environment,
    formats_used,
    is_quotation,
    left_in,
    names_used,
    plain_lines,
    plain_text,
    visible_text,
    what_is_wrong,
)
from batchsend.language import _
from batchsend.letters import TemplateNeeds
from batchsend.lists import Column
from batchsend.rendering.css.lists import lists_without_room
from batchsend.rendering.css.support import gaps
from batchsend.rendering.engines.choice import batch_of, engine_version, time_limit
from batchsend.rendering.ready_made import ENGINE, ReadyMade
from batchsend.rendering.settings import (
    DocumentSettings,
    EngineName,
    PageSettings,
    Standard,
    TemplateSettings,
)
from batchsend.rendering.template_files import SourceLoader, TemplateFiles
from batchsend.rendering.template_folder import missing

_TAGGED = ("a", "ua-1")
"""How the names of standards end whose documents are read aloud."""
_UNTOLD_IMAGE = re.compile(r"<img\b(?![^>]*\salt\s*=\s*(\"[^\"]|'[^']|[^\s\"'>]))")


@dataclass(frozen=True, slots=True)
class Templates:
    """Everything rendering needs, as plain data: workers get a copy and never look at the disk."""

    settings: TemplateSettings
    files: Mapping[str, TemplateFiles]
    """By LanguageID; a single template is under the empty text."""
    uses: frozenset[str]
    """Names that must be columns of the list; `row` and `rows` where it may look at any."""
    formats: Mapping[str, AbstractSet[str]]
    """Columns that are passed straight through a filter, with those filters' names."""
    digest: str
    """SHA-256 over every file a letter could be made from, the engine's name and the standard."""
    engine: str
    """As `plutoprint 0.23.0`; `ready-made` where there is no template."""
    pages: PageSettings
    """What the finished pages are held against."""
    warnings: tuple[str, ...]
    """What the engine does not do of what the templates ask for, by file and line."""

    ready_made: ReadyMade
    """Documents that are not made from a template."""
    zone: str = HOME_ZONE
    """The time zone in which an instant in the list is a day."""

    @classmethod
    def load(  # noqa: PLR0913 - one call takes all that a mailing says of its templates
        cls,
        settings: TemplateSettings | None,
        *,
        folder: Path,
        pages: PageSettings | None = None,
        document: DocumentSettings | None = None,
        zone: str = HOME_ZONE,
        texts: Mapping[str, str] | None = None,
    ) -> Templates:
        """Read and compile every template; `folder` is what the settings' paths are relative to.

        Without `settings`, `document` must name the PDF that is the letter. `texts` stand in, by
        LanguageID, for what a template's file says: a letter that is not saved yet.
        Raises TemplateError naming file and line.
        """
        document = document or DocumentSettings()
        if settings is None and document.pdf is None:
            raise TemplateError(_("There is neither a [template] path nor a [document] pdf."))
        settings = settings or TemplateSettings(path={})
        ready_made = ReadyMade.load(document, folder, zone)
        files = _read(settings, folder, texts or {})
        engine = engine_version(settings, files) if files else ENGINE
        jinja = environment(autoescape=True)
        return cls(
            settings=settings,
            files=files,
            uses=ready_made.uses.union(*(_uses(each, jinja) for each in files.values())),
            # A letter that is ready made uses none of them.
            formats={} if document.pdf else _formats(files.values(), jinja),
            digest=_digest(files, ready_made, engine, settings),
            engine=engine,
            pages=pages or PageSettings(),
            warnings=tuple(
                dict.fromkeys(
                    (*_gaps(files.values(), settings, engine), *_unkept(settings, document))
                )
            ),
            ready_made=ready_made,
            zone=zone,
        )

    @property
    def unprintable(self) -> str:
        """A regular expression, Python's and Rust's alike, for a character that some letter's fonts
        lack: an empty box in print. A list's columns can be searched for it before sending.
        """
        return "|".join(sorted({files.unprintable for files in self.files.values()}))

    @property
    def languages(self) -> frozenset[str] | None:
        """The LanguageIDs there is a template for; None where letters may be in any."""
        if "" in self.files or self.ready_made.settings.pdf:
            return None
        return frozenset(self.files)

    def fitted(self, columns: Sequence[Column]) -> Templates:
        """The same for a list with these columns, which merge fields name in Word's own way."""
        if not any(each.is_word for each in self.files.values()):
            return self
        files = {key: each.fitted(columns) for key, each in self.files.items()}
        jinja = environment(autoescape=True)
        return replace(
            self,
            files=files,
            uses=self.ready_made.uses.union(*(_uses(each, jinja) for each in files.values())),
            formats={} if self.ready_made.settings.pdf else _formats(files.values(), jinja),
        )

    @property
    def at_once(self) -> int:
        """Letters a worker takes at a time."""
        return batch_of(self.engine)

    @property
    def time_limit(self) -> float:
        """Seconds a worker may take for them."""
        return time_limit(self.engine, self.settings)

    @property
    def needs(self) -> TemplateNeeds:
        """What the check of a list asks for them."""
        return TemplateNeeds(self.digest, self.uses, self.formats, self.unprintable, self.languages)

    def must_fit(self, columns: Sequence[Column]) -> None:
        """Raise SettingsError for names that are no columns, with file, line and what was meant."""
        names = Names(columns)
        wrong = []
        for name in sorted(self.uses):
            try:
                names.check({name}, place=self._place_of(name), known=LETTER_NAMES)
            except SettingsError as error:
                wrong.append(error)
        if wrong:
            raise SettingsError(" ".join(each.message for each in wrong), hint=wrong[0].hint)

    def placeholders_left(self, columns: Sequence[Column]) -> tuple[str, ...]:
        """What to say of bracketed words that readers would see, as `[vedlegg]`.

        Raises SettingsError where one is the name of a column, or nearly: its value was meant.
        """
        jinja = environment(autoescape=True)
        notes = []
        for files in self.files.values():
            for file, source in files.sources.items():
                found = (
                    (line, *left)
                    for line, text in _readable(jinja, source, files)
                    for left in left_in(visible_text(text), columns)
                )
                for line, written, column in found:
                    at = line or _line_of(written, source)
                    place = f"{files.folder / files.where(file, at)}"
                    if column is not None:
                        raise SettingsError(
                            _(
                                "{place}: “{written}” would appear like this in every "
                                "letter; it looks like the column “{heading}”.",
                                place=place,
                                written=written,
                                heading=column.heading or column.name,
                            ),
                            hint=_(
                                "Write {{{{ {column} }}}} for its value. If it is meant to "
                                'stand there, write {{{{ "{written}" }}}}.',
                                column=column.name,
                                written=written,
                            ),
                        )
                    if not is_quotation(written):
                        notes.append(
                            _(
                                "{place}: “{written}” will appear like this in every letter.",
                                place=place,
                                written=written,
                            )
                        )
        return tuple(dict.fromkeys(notes))

    def _place_of(self, name: str) -> str:
        """Where a template names it first."""
        jinja = environment(autoescape=True)
        for files in self.files.values():
            for file, source in files.sources.items():
                found = [n for n in jinja.parse(source).find_all(nodes.Name) if n.name == name]
                if found:
                    return f"{files.folder / files.where(file, found[0].lineno)}"
        return "[document]"

    def for_preview(self) -> Templates:
        """The same, but a letter that would be held back for its pages is only warned of."""
        return replace(self, pages=self.pages.only_warning())

    def for_language(self, language: str) -> TemplateFiles:
        """The template of a LanguageID; TemplateError where there is none for it."""
        found = self.files.get("") or self.files.get(language)
        if found is None:
            there = ", ".join(sorted(self.files)) or _("none")
            raise TemplateError(
                _(
                    "[template] path has no template for LanguageID {language}.",
                    language=language or _("(empty)"),
                ),
                hint=_("It has one for: {there}.", there=there),
            )
        return found


def _read(
    settings: TemplateSettings, folder: Path, texts: Mapping[str, str]
) -> dict[str, TemplateFiles]:
    jinja = environment(autoescape=True)
    paths = settings.path if isinstance(settings.path, dict) else {"": settings.path}
    files = {
        key: TemplateFiles.read(folder / path, jinja, texts.get(key)) for key, path in paths.items()
    }
    for each in files.values():
        _compile(each)
    return files


def _digest(
    files: Mapping[str, TemplateFiles],
    ready_made: ReadyMade,
    engine: str,
    settings: TemplateSettings,
) -> str:
    # Not the engine's version: an update makes no other letter.
    digest = hashlib.sha256(f"{engine.partition(' ')[0]} {settings.standard or ''}".encode())
    for key, each in sorted(files.items()):
        digest.update(key.encode() + b"\0")
        each.update(digest)
    ready_made.update(digest)
    return digest.hexdigest()


def _compile(files: TemplateFiles) -> None:
    jinja = environment(SourceLoader(files), autoescape=True)
    for name, source in files.sources.items():
        try:
            jinja.get_template(name)
        except jinja2.TemplateSyntaxError as error:
            where = files.folder / files.where(Path(error.filename or name).name, error.lineno)
            said = what_is_wrong(error, jinja.filters)
            raise TemplateError(f"{where}: {said}.") from None
        except jinja2.TemplateError as error:
            raise TemplateError(f"{files.folder / name}: {error.message}") from None
        for used in jinja.parse(source).find_all(nodes.Filter) if files.is_word else ():
            if used.name == "qr_code":
                place = files.folder / files.where(name, used.lineno)
                raise TemplateError(
                    _("{place}: a QR code cannot be put into a Word document.", place=place),
                    hint=_(
                        "Make the letter in HTML: batchsend letter-from turns this one into it."
                    ),
                )


def _uses(files: TemplateFiles, jinja: Environment) -> frozenset[str]:
    """Names the template needs from outside."""
    trees = [jinja.parse(source) for source in files.sources.values()]
    needed = frozenset[str]().union(*(names_used(jinja, s) for s in files.sources.values()))
    if len(trees) > 1 or any(tree.find(nodes.Block) for tree in trees):
        # What one file or block sets, others see; their syntax alone does not tell.
        needed -= frozenset[str]().union(*(_set_by(tree) for tree in trees))
    return needed - LETTER_NAMES


def _readable(jinja: Environment, source: str, files: TemplateFiles) -> Iterable[tuple[int, str]]:
    """What stands outside expressions: of a Word document each paragraph, with its line; else all
    of it, and no line.
    """
    if files.is_word:
        return plain_lines(jinja, source).items()
    return [(0, plain_text(jinja, source))]


def _line_of(text: str, source: str) -> int:
    """The line on which a text stands first; that of its first word, where tags part it."""
    for sought in (text, html.escape(text, quote=False), re.sub(r"\W+", "", text)):
        at = source.find(sought)
        if at >= 0:
            return source.count("\n", 0, at) + 1
    return 1


def _set_by(tree: nodes.Template) -> set[str]:
    names = {node.name for node in tree.find_all(nodes.Name) if node.ctx != "load"}
    names |= {node.name for node in tree.find_all(nodes.Macro)}
    names |= {node.target for node in tree.find_all(nodes.Import)}
    for node in tree.find_all(nodes.FromImport):
        names |= {name if isinstance(name, str) else name[1] for name in node.names}
    return names


def _gaps(
    templates: Iterable[TemplateFiles], settings: TemplateSettings, engine: str
) -> Iterator[str]:
    name: EngineName = "plutoprint" if engine.startswith("plutoprint") else "weasyprint"
    for files in templates:
        yield from files.notes
        yield from gaps(files.texts, name)
        if name == "plutoprint":
            yield from lists_without_room(files.texts)
        yield from missing(files.texts, files.resources)
        if settings.standard and not files.is_word:
            yield from _unfit_for(settings.standard, files)


def _unkept(settings: TemplateSettings, document: DocumentSettings) -> Iterator[str]:
    if settings.standard and document.append:
        yield (
            _(
                "[document] append: a letter with other documents after it is no longer "
                "{standard}; its own pages keep their tags.",
                standard=settings.standard,
            )
        )


def _unfit_for(standard: Standard, files: TemplateFiles) -> Iterator[str]:
    """What a standard wants of a template that no engine can add."""
    if "<title" not in "".join(files.sources.values()):
        yield f"{files.start}: {standard} wants a <title>."
    if not re.search(r"<html[^>]*\slang=", files.sources[files.start]):
        yield f'{files.start}: {standard} wants a language, as <html lang="nb">.'
    if standard.endswith(_TAGGED):
        for name, source in files.sources.items():
            for image in _UNTOLD_IMAGE.finditer(source):
                line = source.count("\n", 0, image.start()) + 1
                yield _(
                    '{name}, line {line}: {standard} wants a text for each image, as alt="Logo".',
                    name=name,
                    line=line,
                    standard=standard,
                )


def _formats(templates: Iterable[TemplateFiles], jinja: Environment) -> dict[str, frozenset[str]]:
    """What every template formats alike: a column one language leaves alone is not claimed."""
    claims = []
    for files in templates:
        claim: dict[str, set[str]] = {}
        for source in files.sources.values():
            for column, filters in formats_used(jinja, source).items():
                claim.setdefault(column, set()).update(filters)
        claims.append(claim)
    return {
        column: frozenset.intersection(*(frozenset(claim[column]) for claim in claims))
        for column in claims[0]
        if all(column in claim for claim in claims)
    }
