"""What ten million letters take, worked out from measured figures: the tables of docs/scale.md.

    python benchmarks/ten_million.py [--letters 10000000] [--letter-price 1.00] [--core-hour 0.05]

Arithmetic only; nothing is sent. Each figure it starts from was measured by the program named
beside it, with the rent notice of the examples, a page of text and a table. Prices are no
measurements: give your own.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator

RENDERING = 4.8
"""Milliseconds of CPU of all processes but the sender for a letter, by a cluster whose processors
are all in use: template, PDF, page checks, request, and Dask (scale.py)."""
SENDING = 1.0
"""Milliseconds of CPU of the sender for a letter, from the check to the report (scale.py)."""
RECEIVING = 0.15
"""The same, for taking its request from the cluster and not from a process here (scale.py)."""
CHECKING = 10.0
"""Seconds of CPU for a million rows of 20 columns (check.py)."""
REQUEST = 19.5
"""Kilobytes of a finished request, the PDF in it as base64 (scale.py)."""
ON_DISK = {"list, as CSV": 151, "checked list": 102, "ledger": 328, "report.csv": 291}
"""Bytes a letter, of a list of 8 columns (scale.py)."""
IN_USE = 0.7
"""How busy a processor may be planned to be; for the rest, machines are lost and letters grow."""
RATES = (20, 50, 100, 200, 400)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--letters", type=int, default=10_000_000)
    parser.add_argument("--letter-price", type=float, default=1.00)
    parser.add_argument("--core-hour", type=float, default=0.05)
    options = parser.parse_args()
    print("\n".join(by_rate(options.letters)))
    print()
    print("\n".join(whole(options.letters, options.letter_price, options.core_hour)))


def by_rate(letters: int) -> Iterator[str]:
    """What the API's rate decides."""
    yield (
        "| letters a second | takes | processors that render | of the sender's one | "
        "to the API | within the cluster |"
    )
    yield "|---:|---:|---:|---:|---:|---:|"
    for rate in RATES:
        rendering = rate * RENDERING / 1000 / IN_USE
        sending = rate * (SENDING + RECEIVING) / 1000
        megabits = rate * REQUEST * 8 / 1000
        yield (
            f"| {rate} | {_time(letters / rate)} | {max(1, -(-rendering // 1)):.0f} | "
            f"{sending:.0%} | {megabits:.0f} Mbit/s | {2 * megabits:.0f} Mbit/s |"
        )


def whole(letters: int, letter_price: float, core_hour: float) -> Iterator[str]:
    """What it takes whatever the rate."""
    hours = letters * (RENDERING + SENDING + RECEIVING) / 1000 / 3600
    yield f"| for {letters:,} letters | |"
    yield "|---|---:|"
    yield f"| checking the list, on one processor | {_time(letters / 1e6 * CHECKING)} |"
    yield f"| processors, rendering | {letters * RENDERING / 1000 / 3600:.1f} hours |"
    yield f"| processor, sending | {letters * (SENDING + RECEIVING) / 1000 / 3600:.1f} hours |"
    yield f"| to the API | {letters * REQUEST / 1e6:,.0f} GB |"
    for what, size in ON_DISK.items():
        yield f"| disk: {what} | {letters * size / 1e9:.1f} GB |"
    yield f"| disk: all of it | {letters * sum(ON_DISK.values()) / 1e9:.1f} GB |"
    yield f"| all processors, at {core_hour:.2f} an hour | {hours * core_hour:,.2f} |"
    yield f"| the letters, at {letter_price:.2f} each | {letters * letter_price:,.2f} |"


def _time(seconds: float) -> str:
    if seconds < 3600:
        return f"{seconds / 60:.0f} minutes"
    return f"{seconds / 3600:.1f} hours" if seconds < 48 * 3600 else f"{seconds / 86400:.1f} days"


if __name__ == "__main__":
    main()
