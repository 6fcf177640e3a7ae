"""The contact sheet: one HTML file with every letter of a preview in it, to be leafed through.

It fetches nothing and is complete in itself, so that it can be handed on. Everything shown is
escaped, and its policy lets no script run but its own.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from importlib.resources import files
from typing import Any, Self

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from batchsend.language import _, current_language, install
from batchsend.letters import Letter, Snapshot
from batchsend.masking import masked

SHORTEST_ID = 8
"""Signs; what is shorter in a column of national ids is none, and may stand anywhere."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One letter of a preview; where `error` is a sentence, one that will not be sent as it is."""

    row: int
    why: tuple[str, ...] = ()
    """Why it is worth looking at; empty where the operator named its row."""
    name: str = ""
    summary: str = ""
    """Channel, language, pages, as one would say it."""
    fields: tuple[tuple[str, str], ...] = ()
    """The request's texts by their paths, those that are filled in."""
    pages: int = 0
    pictures: tuple[bytes, ...] = ()
    """A PNG of each page, of the first ones where there are many."""
    warnings: tuple[str, ...] = ()
    error: str = ""
    stem: str = ""
    """What its files are called, without their endings."""


@dataclass(frozen=True, slots=True)
class Mask:
    """Strikes the national ids of one letter out of whatever is shown of it."""

    ids: frozenset[str]

    @classmethod
    def of(cls, letter: Letter, snapshot: Snapshot) -> Self:
        """Those in the request, and those in the list's columns that hold such."""
        places = [column.index for column in snapshot.columns if column.key in snapshot.sensitive]
        cells = {row.cells[place].strip() for row in letter.rows for place in places}
        national_id = str(letter.fields["Invoicee"].get("NationalId") or "")
        return cls(frozenset(text for text in {*cells, national_id} if len(text) >= SHORTEST_ID))

    def __call__(self, shown: Any) -> Any:
        """A text, or a tree of dicts, lists and tuples with texts in it, ids masked."""
        match shown:
            case str():
                for text in self.ids:
                    shown = shown.replace(text, masked(text))
                return shown
            case dict():
                return {name: self(inner) for name, inner in shown.items()}
            case list() | tuple():
                return [self(inner) for inner in shown]
        return shown


def texts_of(tree: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a request that is filled in, with its path.

    >>> list(texts_of({"Invoicee": {"Name": "Åse Bø", "City": ""}, "LanguageID": "NO"}))
    [('Invoicee.Name', 'Åse Bø'), ('LanguageID', 'NO')]
    """
    match tree:
        case dict():
            for name, inner in tree.items():
                yield from texts_of(inner, f"{path}.{name}" if path else name)
        case list():
            for place, inner in enumerate(tree):
                yield from texts_of(inner, f"{path}.{place}")
        case str() if tree:
            yield path, tree


def file_stem(row: int, identifier: str) -> str:
    """What the files of a letter are called, for every file system, whatever the identifier.

    >>> file_stem(7, "../rent 1")
    '00007-rent-1'
    """
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", identifier).strip("-.")[:80]
    return f"{row:05}-{plain}".rstrip("-.")


LONGEST_SHEET = 100
"""Letters in one sheet: as many as a browser opens without a wait."""


def contact_sheet(name: str, letters: Sequence[Shown], *, made: datetime, left_out: int = 0) -> str:
    """The sheet of a mailing's letters as HTML; `left_out` letters are in the folder only."""
    env = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    install(env)
    env.filters["data_url"] = lambda png: "data:image/png;base64," + b64encode(png).decode()
    env.filters["breakable"] = lambda path: Markup(".<wbr>").join(path.split("."))
    style, script = _part("sheet.css"), _part("sheet.js")
    return env.from_string(_part("sheet.html")).render(
        name=name,
        letters=letters,
        left_out=left_out,
        made=f"{made:%Y-%m-%d %H:%M}",
        language=current_language(),
        words={said: _(said) for said in re.findall(r'\b_\("([^"\\]+)"', script)},
        # Ours, and fixed by their digests: nothing that comes from a list is in them.
        style=Markup(style),  # noqa: S704
        script=Markup(script),  # noqa: S704
        policy="default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; "
        f"style-src {_digest(style)}; script-src {_digest(script)}",
    )


def _part(name: str) -> str:
    return (files("batchsend.previews") / name).read_text(encoding="utf-8").strip()


def _digest(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
