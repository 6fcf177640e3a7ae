"""The mailbox page: what the sandbox received, newest first, each PDF beside its fields.

Everything shown came from a request, so everything is escaped; national ids are masked. The page
runs no script and fetches nothing but our own PDFs.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from html import escape
from itertools import islice
from typing import Any

from batchsend.expressions import masked
from batchsend.sandbox.letterbox import Letterbox, Received

__all__ = ["letter_page", "mailbox_page"]

SHOWN = 200
"""Letters on the page; the record has them all."""

STYLE = """
:root{color-scheme:light dark;--ink:#1c2430;--soft:#667085;--line:#d9dee7;--paper:#fff;
--desk:#f3f5f8;--stamp:#b42318;--link:#1d4ed8}
@media(prefers-color-scheme:dark){:root{--ink:#e6e9ef;--soft:#98a2b3;--line:#344054;--paper:#1d2430;
--desk:#131820;--stamp:#f97066;--link:#84adff}}
*{box-sizing:border-box}body{margin:0;background:var(--desk);color:var(--ink);
font:15px/1.5 system-ui,sans-serif}
header{display:flex;gap:1.5rem;align-items:baseline;flex-wrap:wrap;padding:1.25rem 2rem;
background:var(--paper);border-bottom:1px solid var(--line)}
h1{font-size:1.25rem;margin:0}header p{margin:0;color:var(--soft)}a{color:var(--link)}
main{padding:1.5rem 2rem;max-width:80rem;margin:auto}
ol{list-style:none;margin:0;padding:0;display:grid;gap:.5rem}
li a{display:grid;grid-template-columns:6rem 7rem 1fr 1fr;gap:1rem;padding:.7rem 1rem;
background:var(--paper);border:1px solid var(--line);border-radius:8px;text-decoration:none;
color:inherit}li a:hover,li a:focus-visible{border-color:var(--link);outline:0}
li span{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.time,.id,th{color:var(--soft);font-variant-numeric:tabular-nums}.name{font-weight:600}
.again{color:var(--stamp);font-weight:600}
.two{display:grid;grid-template-columns:minmax(18rem,2fr) 3fr;gap:1.5rem;align-items:start}
@media(max-width:60rem){.two{grid-template-columns:1fr}li a{grid-template-columns:1fr 1fr}}
table{width:100%;border-collapse:collapse;background:var(--paper);border:1px solid var(--line)}
th,td{padding:.35rem .75rem;text-align:left;vertical-align:top;border-bottom:1px solid var(--line);
overflow-wrap:anywhere}th{font-weight:400;width:40%}
object{width:100%;height:85vh;border:1px solid var(--line);background:var(--paper)}
"""


def mailbox_page(box: Letterbox) -> str:
    """All letters at a glance."""
    newest = list(islice((r for r in reversed(box.requests) if r.taken), SHOWN))
    lines = "\n".join(_line(box, letter) for letter in newest)
    empty = "<p>No letter has arrived yet. Load this page again when some have been sent.</p>"
    return _page(
        "Sandbox mailbox",
        f"<p>{' · '.join(_facts(box))}</p>",
        f"<ol>\n{lines}\n</ol>" if newest else empty,
    )


def _facts(box: Letterbox) -> Iterator[str]:
    """What stands at the top, as HTML."""
    yield f"{box.taken} letters taken of {len(box.requests)} requests"
    if box.taken > SHOWN:
        yield f"the newest {SHOWN} are shown"
    if again := sum(times > 1 for times in box.times_taken.values()):
        yield f'<span class="again">identifiers taken more than once: {again}</span>'
    if box.files is not None and box.files.trouble:
        yield f'<span class="again">no longer kept as files: {escape(box.files.trouble)}</span>'
    yield "nothing here was posted to anybody"


def letter_page(box: Letterbox, number: int) -> str:
    """One letter: its fields and its PDF. Empty when it is no longer kept."""
    fields = box.fields(number)
    if fields is None:
        return ""
    rows = "".join(
        f"<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>" for name, value in _flat(fields)
    )
    pdf = "<p>The PDF is no longer kept.</p>"
    if box.pdf(number) is not None:
        address = f"/sandbox/letters/{number}/pdf"
        pdf = (
            f'<object data="{address}" type="application/pdf">'
            f'<a href="{address}">Open the PDF</a></object>'
        )
    return _page(
        f"Letter {fields.get('Identifier', '')}",
        '<p><a href="/">All letters</a></p>',
        f'<div class="two"><table>{rows}</table>{pdf}</div>',
    )


def _line(box: Letterbox, letter: Received) -> str:
    fields = box.fields(letter.number) or {}
    recipient = fields.get("Invoicee") or {}
    place = " ".join(filter(None, (recipient.get("PostCode"), recipient.get("City"))))
    time = datetime.fromtimestamp(letter.at, UTC).astimezone().strftime("%H:%M:%S")
    times = box.times_taken[letter.identifier]
    again = f' <span class="again">×{times}</span>' if times > 1 else ""
    name = escape(", ".join(filter(None, (recipient.get("Name"), place))))
    return (
        f'<li><a href="/letters/{letter.number}"><span class="time">{time}</span>'
        f"<span>{escape(str(fields.get('Channel', '')))}</span>"
        f'<span class="name">{name}</span>'
        f'<span class="id">{escape(letter.identifier)}{again}</span></a></li>'
    )


def _flat(fields: dict[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    """Every field that is filled in, under its path."""
    found: list[tuple[str, str]] = []
    for name, value in fields.items():
        if isinstance(value, dict):
            found += _flat(value, f"{prefix}{name}.")
        elif isinstance(value, list):
            for position, item in enumerate(value):
                found += _flat(item, f"{prefix}{name}[{position}].")
        elif value:
            text = str(value)
            found.append((prefix + name, masked(text) if name == "NationalId" else text))
    return found


def _page(title: str, under: str, main: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>"
        f"<body><header><h1>{escape(title)}</h1>{under}</header><main>{main}</main></body></html>"
    )
