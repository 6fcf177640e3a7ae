"""write_html: report.html, for the person in charge; one file that fetches nothing.

Everything shown is escaped, and its policy lets no script run but its own. The rows travel as
packed data, so that nothing in them can be taken for HTML, and the page shows some at a time.
"""

from __future__ import annotations

import gzip
import re
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import IO

import orjson
import polars as pl
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from batchsend.language import _, current_language, figure, install
from batchsend.ledger import REHEARSAL
from batchsend.reports.account import Account
from batchsend.reports.atomic_files import replacing
from batchsend.reports.rows import SYSTEM_COLUMNS, RowsReport, visible
from batchsend.reports.statuses import BY_NAME, NEEDS_ATTENTION, TABLE
from batchsend.reports.summary import CELLS_SHOWN
from batchsend.version import __version__

HTML_BEGINS = b"<!doctype html>\n<!-- batchsend report -->"
MOST_LISTED = 200_000
"""Rows in the page's table; of a longer list it has those that need attention."""
_ROWS_AT_ONCE = 5_000
_BETWEEN = "\x1f"
"""Stands between the list's own cells of a row, which hold no control characters."""
_PLACE = "<!-- the rows -->"


def write_html(path: Path, account: Account) -> None:
    """Write the page to `path`, whole or not at all. Raises ReportError."""
    shown = account.at_most(MOST_LISTED)
    shown = replace(shown, rows=_readable(shown.rows))
    before, after = _page(shown).split(_PLACE)
    with replacing(path) as file:
        file.write(before.encode())
        _pack(shown.rows, file)
        file.write(after.encode())


def _page(account: Account) -> str:
    from batchsend.reports.charts import (  # noqa: PLC0415 - slow to load, seldom needed
        charts,
        technical_charts,
    )

    env = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    install(env)
    env.filters |= {"number": figure, "clock": _clock, "iso": datetime.isoformat}
    style, script = _part("report.css") + _colours(), _part("report.js")
    about, prices, rows = account.about, account.about.prices, account.rows
    currency = prices.currency if prices else ""
    return env.from_string(_part("page.html")).render(
        about=about,
        figures=account.figures,
        attention=account.attention,
        charts=charts(account.figures, currency),
        technical=technical_charts(account.figures),
        currency=currency,
        statuses=BY_NAME,
        urgent=NEEDS_ATTENTION,
        sandbox=REHEARSAL,
        part=account.part,
        columns={
            "system": SYSTEM_COLUMNS,
            "own": rows.headings[len(SYSTEM_COLUMNS) :],
            "shown": min(CELLS_SHOWN, len(rows.columns)),
            "runs": len(about.runs) > 1,
        },
        version=__version__,
        language=current_language(),
        words={said: _(said) for said in re.findall(r'\b_\("([^"\\]+)"', script)},
        names={status: BY_NAME[status].label for status in BY_NAME},
        # Ours, and fixed by their digests: nothing that comes from a list is in them.
        style=Markup(style),  # noqa: S704
        script=Markup(script),  # noqa: S704
        place=Markup(_PLACE),  # noqa: S704
        policy="default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; "
        f"style-src {_digest(style)}; script-src {_digest(script)}",
    )


def _colours() -> str:
    """The style of every status, for light and dark pages and for paper."""
    light = " ".join(f"--{each.css_class}: {each.light};" for each in TABLE)
    dark = " ".join(f"--{each.css_class}: {each.dark};" for each in TABLE)
    rules = [
        f":root {{ {light} }}",
        f"@media (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}",
        f"@media print {{ :root {{ {light} }} }}",
    ]
    for place, each in enumerate(TABLE):  # the charts add their series in this order
        colour = f"var(--{each.css_class})"
        rules.append(f".{each.css_class} {{ --status: {colour}; }}")
        rules.append(f".outcomes .color-{place} {{ --series: {colour}; }}")
    return "\n" + "\n".join(rules)


def _readable(report: RowsReport) -> RowsReport:
    """With its texts as they can be shown."""
    texts = ["identifier", "reason", "request_id", "channel", "delivery"]
    texts += [column.key for column in report.columns]
    return replace(report, frame=report.frame.with_columns(visible(pl.col(texts))))


def _pack(report: RowsReport, file: IO[bytes]) -> None:
    """The rows as lines of JSON, packed: each line is the columns of some thousand rows."""
    with (
        _Base64(file) as encoded,
        gzip.GzipFile(fileobj=encoded, mode="wb", compresslevel=6, mtime=0) as packed,
    ):
        for columns in _columns(report):
            packed.write(orjson.dumps(columns) + b"\n")


def _columns(report: RowsReport) -> Iterator[dict[str, list[object]]]:
    own = [pl.col(column.key).fill_null("") for column in report.columns]
    frame = report.frame.select(
        *SYSTEM_COLUMNS,
        own=pl.concat_str(own, separator=_BETWEEN) if own else pl.lit(""),
    ).with_columns(
        pl.col("status", "channel", "engine").cast(pl.String),
        pl.col("submitted_at").dt.strftime("%Y-%m-%dT%H:%M:%SZ"),
    )
    for batch in frame.collect_batches(chunk_size=_ROWS_AT_ONCE, maintain_order=True):
        yield batch.to_dict(as_series=False)


class _Base64:
    """A file that takes bytes and writes them to another as base64."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._rest = b""

    def write(self, data: bytes) -> int:
        whole = self._rest + bytes(data)
        cut = len(whole) - len(whole) % 3
        self._file.write(b64encode(whole[:cut]))
        self._rest = whole[cut:]
        return len(data)

    def flush(self) -> None:
        """Nothing is complete before the end."""

    def __enter__(self) -> _Base64:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.write(b64encode(self._rest))


def _clock(moment: datetime) -> str:
    """A time as on the clock of this machine, for where no script puts it by the reader's own."""
    here = moment.astimezone()
    offset = here.isoformat()[-6:]
    return _("{here:%Y-%m-%d %H:%M} (UTC{offset})", here=here, offset=offset)


def _part(name: str) -> str:
    return (files("batchsend.reports") / "page" / name).read_text(encoding="utf-8").strip()


def _digest(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
