"""The contact sheet: one HTML file with every letter of a preview in it, to be leafed through.

It fetches nothing and is complete in itself, so that it can be handed on. Everything shown is
escaped, and its policy lets no script run but its own.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from importlib.resources import files

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from batchsend.previews.shown import Shown

LONGEST_SHEET = 100
"""Letters in one sheet: as many as a browser opens without a wait."""


def contact_sheet(name: str, letters: Sequence[Shown], *, made: datetime, left_out: int = 0) -> str:
    """The sheet of a mailing's letters as HTML; `left_out` letters are in the folder only."""
    env = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    env.filters["data_url"] = lambda png: "data:image/png;base64," + b64encode(png).decode()
    env.filters["breakable"] = lambda path: Markup(".<wbr>").join(path.split("."))
    style, script = _part("sheet.css"), _part("sheet.js")
    return env.from_string(_part("sheet.html")).render(
        name=name,
        letters=letters,
        left_out=left_out,
        made=f"{made:%Y-%m-%d %H:%M}",
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
