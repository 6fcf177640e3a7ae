"""What checking a list costs: CPU and memory at several sizes, beside the ways it is usually done.

`python benchmarks/check.py [ROWS ...]` makes lists of so many rows (10,000, 100,000 and 1,000,000
unless told) with 20 columns, one row in a hundred of them wrong, and checks each in a process of
its own: reading, mapping, every check, and the snapshot. The usual ways read the smallest list with
the csv module or pandas, and check a pydantic model for each row; they do less, and in a program
that has everything loaded already.
"""

from __future__ import annotations

import csv
import itertools
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import phonenumbers
import polars as pl
from email_validator import validate_email
from pydantic import BaseModel, ValidationError, field_validator
from stdnum.no import fodselsnummer

from batchsend.letters import CheckSettings, PayloadSettings, TemplateNeeds, check_letters
from batchsend.lists import ListSettings, read_list

try:
    import resource
except ImportError:  # Windows does not count a process's memory this way
    resource = None  # type: ignore[assignment]

SAMPLE = 10_000
"""Rows that the usual ways are measured on; their cost grows evenly with them."""

PAYLOAD = {
    "Letter": {
        "Channel": "PRINT",
        "Identifier": "rent-2026-11-{{ kundenr }}",
        "LanguageID": "NO",
        "Invoicee": {
            "Name": "{{ fornavn }} {{ etternavn }}",
            "Address1": "{{ adresse }}",
            "PostCode": "{{ postnr }}",
            "City": "{{ poststed }}",
            "CountryCode": "{{ land or 'NO' }}",
            "CustomerNo": "{{ kundenr }}",
            "NationalId": "{{ fodselsnummer }}",
            "Email": "{{ e_post }}",
            "Mobile": "{{ mobil }}",
        },
        "Invoicer": {"Name": "Utleier AS"},
    }
}


def write_list(path: Path, rows: int) -> None:
    """A list of synthetic people, as Norwegian Excel would write it in UTF-8."""
    row = pl.int_range(rows, dtype=pl.Int64)
    streets = pl.Series("street", ["Storgata", "Åsveien", "Kirkegata", "Øvre Bakklandet"])
    codes, towns = _norwegian_towns()
    bad = row % 100 == 99

    def either(right: pl.Expr, *wrong: pl.Expr) -> pl.Expr:
        made = right
        for place, other in enumerate(wrong):
            made = pl.when(bad & (row // 100 % len(wrong) == place)).then(other).otherwise(made)
        return made

    pl.select(
        (row + 100_000).cast(pl.String).alias("Kundenr."),
        pl.concat_str(pl.lit("Åse"), (row % 89).cast(pl.String)).alias("Fornavn"),
        pl.concat_str(pl.lit("Nordmann"), (row % 9973).cast(pl.String)).alias("Etternavn"),
        pl.concat_str(
            pl.lit(streets).gather(row % 4), pl.lit(" "), (row // 7).cast(pl.String)
        ).alias("Adresse"),
        either(pl.lit(codes).gather(row % len(codes)), pl.lit("620"), pl.lit("")).alias("Postnr"),
        pl.lit(towns).gather(row % len(towns)).alias("Poststed"),
        pl.when(row % 50 == 0).then(pl.lit("Norge")).otherwise(pl.lit("")).alias("Land"),
        _national_ids(rows).alias("Fødselsnummer"),
        either(
            pl.format("kunde.{}@example.com", row), pl.lit("kunde@"), pl.lit("a b@example.com")
        ).alias("E-post"),
        either((row % 9_000_000 + 90_000_000).cast(pl.String), pl.lit("12345")).alias("Mobil"),
        (row % 10_000 + 5_000).cast(pl.String).alias("Beløp"),
        pl.format("2026-{}-15", (row % 12 + 1).cast(pl.String).str.zfill(2)).alias("Forfall"),
        *(
            pl.format("verdi {} {}", place, row % (997 + place)).alias(f"Felt {place}")
            for place in range(8)
        ),
    ).write_csv(path, separator=";", quote_style="never")  # as Excel does where it need not


def _norwegian_towns() -> tuple[pl.Series, pl.Series]:
    """Postcodes and their towns: a right row is right for every check."""
    table = files("batchsend.letters").joinpath("postcodes", "nordic.tsv").read_bytes()
    found = (
        pl.read_csv(table, separator="\t", quote_char=None, schema_overrides=[pl.String] * 3)
        .filter(country="NO")
        .select(pl.col("postcodes").str.split(" "), "town")
        .explode("postcodes")
    )
    return found["postcodes"], found["town"]


def _national_ids(rows: int) -> pl.Expr:
    """Synthetic Norwegian test numbers (month + 80), with their check digits."""
    serial = pl.int_range(rows, dtype=pl.Int64)
    day, month, year = serial % 28 + 1, serial // 28 % 12 + 81, serial // 336 % 100
    individual = serial // 33_600 % 500
    nine = day * 10**7 + month * 10**5 + year * 1000 + individual
    digits = [nine // 10 ** (8 - place) % 10 for place in range(9)]
    first = -sum(d * w for d, w in zip(digits, (3, 7, 6, 1, 8, 9, 4, 5, 2), strict=True)) % 11
    weights = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
    second = -sum(d * w for d, w in zip([*digits, first], weights, strict=True)) % 11
    whole = (nine * 100 + first * 10 + second).cast(pl.String).str.zfill(11)
    # One in six has a check digit of ten, and so is never given out.
    return pl.when((first < 10) & (second < 10)).then(whole).otherwise(pl.lit(""))


def measure(path: Path) -> dict[str, float]:
    """Check the list at `path` in this process."""
    payload = PayloadSettings.model_validate(PAYLOAD)
    with TemporaryDirectory() as folder:
        before = time.process_time()
        recipients = read_list(ListSettings(path=path), folder=path.parent, workspace=Path(folder))
        checked = check_letters(
            recipients,
            payload,
            group_by=(),
            checks=CheckSettings(),
            template=TemplateNeeds(
                "benchmark",
                frozenset({"beløp", "forfall", "fornavn"}),
                {"beløp": {"money"}, "forfall": {"date"}},
            ),
            snapshot=Path(folder) / "snapshot.parquet",
        )
        used = time.process_time() - before
    return {
        "cpu": used,
        "peak": peak_megabytes(),
        "held": checked.held,
        "problems": checked.problems.height,
    }


def peak_megabytes() -> float:
    """The most memory this process has had, as far as it can be told."""
    if resource is None:
        return float("nan")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024**2 if sys.platform == "darwin" else 1024)


class Person(BaseModel):
    """A recipient as it is usually checked, a field at a time."""

    identifier: str
    name: str
    address: str
    postcode: str
    city: str
    national_id: str
    email: str
    mobile: str

    @field_validator("postcode")
    @classmethod
    def _four_digits(cls, text: str) -> str:
        if not re.fullmatch(r"\d{4}", text):
            raise ValueError("not a postcode")
        return text

    @field_validator("national_id")
    @classmethod
    def _checked_id(cls, text: str) -> str:
        if text:
            real = text[:2] + str(int(text[2:4]) - 80).zfill(2) + text[4:]
            fodselsnummer.get_gender(real)
            fodselsnummer.calc_check_digit1(text)
            fodselsnummer.calc_check_digit2(text)
        return text

    @field_validator("email")
    @classmethod
    def _address_of_mail(cls, text: str) -> str:
        validate_email(text, check_deliverability=False)
        return text

    @field_validator("mobile")
    @classmethod
    def _number_with_code(cls, text: str) -> str:
        try:
            number = phonenumbers.parse(text, "NO")
        except phonenumbers.NumberParseException as error:
            raise ValueError(str(error)) from None
        if not phonenumbers.is_valid_number(number):
            raise ValueError("not a number")
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def measure_usual(way: str, path: Path) -> float:
    """CPU seconds for a row, read by the csv module or pandas, and checked as a model."""
    before = time.process_time()
    rows: Iterable[Mapping[str, str]]
    if way == "csv":
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(itertools.islice(csv.DictReader(file, delimiter=";"), SAMPLE))
    else:
        table = pd.read_csv(path, sep=";", dtype=str, keep_default_na=False, nrows=SAMPLE)
        rows = table.to_dict("records")
    people = [_checked(row) for row in rows]
    return (time.process_time() - before) / len(people)


def _checked(row: Mapping[str, str]) -> Person | None:
    try:
        return Person(
            identifier=f"rent-2026-11-{row['Kundenr.']}",
            name=f"{row['Fornavn']} {row['Etternavn']}",
            address=row["Adresse"],
            postcode=row["Postnr"],
            city=row["Poststed"],
            national_id=row["Fødselsnummer"],
            email=row["E-post"],
            mobile=row["Mobil"],
        )
    except ValidationError:
        return None


def in_its_own_process(task: str, *arguments: object) -> str:
    """Run a task of this script apart, so that no memory but its own is counted."""
    command = [sys.executable, __file__, task, *map(str, arguments)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def main(arguments: list[str]) -> None:
    """Measure the sizes that `arguments` name, or do one task of it."""
    match arguments:
        case ["--write", path, size]:
            write_list(Path(path), int(size))
        case ["--check", path]:
            print(json.dumps(measure(Path(path))))
        case ["--usual", way, path]:
            print(measure_usual(way, Path(path)))
        case sizes:
            compare([int(size) for size in sizes] or [10_000, 100_000, 1_000_000])


def compare(sizes: list[int]) -> None:
    """Print a line for each size, and what the row-by-row way costs."""
    print(f"{'rows':>10} {'CPU s':>8} {'us a row':>9} {'peak MB':>8} {'held':>8} {'problems':>9}")
    with TemporaryDirectory() as folder:
        paths = {size: Path(folder) / f"{size}.csv" for size in sizes}
        for size, path in paths.items():
            in_its_own_process("--write", path, size)
            told = json.loads(in_its_own_process("--check", path))
            print(
                f"{size:>10,} {told['cpu']:>8.2f} {told['cpu'] / size * 1e6:>9.1f} "
                f"{told['peak']:>8.0f} {told['held']:>8,} {told['problems']:>9,}"
            )
        ours = told["cpu"] / size
        for way in ("csv", "pandas"):
            each = float(in_its_own_process("--usual", way, paths[sizes[0]]))
            print(f"{way} + pydantic: {each * 1e6:.0f} us a row, {each / ours:.1f} times as much")


if __name__ == "__main__":
    main(sys.argv[1:])
