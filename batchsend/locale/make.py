"""Collects the messages of the source into the catalogues and compiles these.

Run it after a message has been added or changed, then translate what is new in `batchsend.po`, and
run it again: `python batchsend/locale/make.py`. A message whose English has changed is new: no
translation is guessed, and those of messages that are gone are dropped.
"""

from __future__ import annotations

import io
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

HERE = Path(__file__).parent
PACKAGE = HERE.parent
KEYWORDS = {"_": None, "gettext": None, "N_": None, "ngettext": (1, 2)}
_HEADER = "# What batchsend says, made by batchsend/locale/make.py; the translations are by hand."
_METHODS = [
    ("locale/**", "ignore"),
    ("**.py", "python"),
    ("**.html", "jinja2.ext:babel_extract"),
    ("reports/page/*.js", "javascript"),
    ("previews/*.js", "javascript"),
]
_JINJA = {"newstyle_gettext": "true", "trimmed": "true", "silent": "false"}


class _Catalogue(Catalog):
    """A catalogue whose head says no more than what is read: no dates, no names."""

    @property  # type: ignore[misc] # Babel's can be set
    def mime_headers(self) -> list[tuple[str, str]]:
        return [
            ("Language", str(self.locale)),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
            ("Plural-Forms", self.plural_forms),
        ]


def extracted() -> Catalog:
    """All messages of the source, each with the file that says it."""
    catalogue = Catalog()
    found = extract_from_dir(
        PACKAGE, method_map=_METHODS, options_map={"**.html": _JINJA}, keywords=KEYWORDS
    )
    for file, _line, message, _comments, _context in sorted(found, key=lambda each: each[:2]):
        catalogue.add(message, locations=[(file.replace("\\", "/"), 1)])
    return catalogue


def po_path(language: str) -> Path:
    """The catalogue of a language, which people write."""
    return HERE / language / "LC_MESSAGES" / "batchsend.po"


def read(language: str) -> Catalog:
    """The catalogue of a language as it is written down."""
    with po_path(language).open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def renewed(language: str, messages: Catalog) -> Catalog:
    """The catalogue with exactly these messages, and the translations that it had of them."""
    before = read(language) if po_path(language).exists() else Catalog(locale=language)
    catalogue = _Catalogue(locale=language, header_comment=_HEADER, fuzzy=False)
    for message in messages:
        if message.id:
            kept = before.get(message.id)
            fits = kept is not None and kept.id == message.id
            added = catalogue.add(
                message.id, kept.string if kept and fits else None, locations=message.locations
            )
            if "%(" not in str(message.id):  # Babel takes “5% of” for a place
                added.flags.discard("python-format")
    return catalogue


def is_translated(message: Message) -> bool:
    """Whether a message has all its forms in the other language."""
    return all(message.string) if isinstance(message.string, tuple) else bool(message.string)


def written(catalogue: Catalog) -> bytes:
    """The text of a catalogue."""
    text = io.BytesIO()
    write_po(text, catalogue, width=0, include_lineno=False)
    return text.getvalue()


def compiled(catalogue: Catalog) -> bytes:
    """What the program reads: only what is translated."""
    data = io.BytesIO()
    write_mo(data, catalogue)
    return data.getvalue()


def main() -> None:
    """Write the catalogues and what is compiled of them, and name what is not translated yet."""
    messages = extracted()
    for path in sorted(HERE.glob("*/LC_MESSAGES")):
        language = path.parent.name
        catalogue = renewed(language, messages)
        po_path(language).write_bytes(written(catalogue))
        po_path(language).with_suffix(".mo").write_bytes(compiled(catalogue))
        missing = [each.id for each in catalogue if each.id and not is_translated(each)]
        for message in missing:
            print(f"{language}: not translated: {message!r}")


if __name__ == "__main__":
    main()
