"""Makes the table of postcodes out of the package countrystatecity-postal-codes, as PyPI has it.

`python vendor/postcodes/make.py WHEEL`: a line for each country and town, with its
postcodes. The package's data is under the Open Database License, and so is the table.
"""

from __future__ import annotations

import json
import sys
import zipfile
from collections import defaultdict
from pathlib import Path

TABLE = Path(__file__).parents[2] / "batchsend" / "letters" / "postcodes" / "nordic.tsv"
COUNTRIES = ("AX", "DK", "FI", "FO", "GL", "IS", "NO", "SE", "SJ")


def main(wheel: Path) -> None:
    """Write the table."""
    lines = []
    with zipfile.ZipFile(wheel) as archive:
        for country in COUNTRIES:
            name = f"countrystatecity_postal_codes/data/by-country/{country}/postcodes.json"
            towns = defaultdict(set)
            for entry in json.loads(archive.read(name)):
                towns[entry["localityName"].strip()].add(entry["code"].replace(" ", ""))
            lines += [
                f"{country}\t{town}\t{' '.join(sorted(codes))}"
                for town, codes in sorted(towns.items())
            ]
    TABLE.write_text("country\ttown\tpostcodes\n" + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
