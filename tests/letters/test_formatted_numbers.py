"""Numbers shown with fewer decimals than they have: what letters say, and are known by."""

from __future__ import annotations

import io
import pickle
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from batchsend.expressions import environment
from batchsend.letters import (
    Checked,
    CheckSettings,
    Letter,
    PayloadSettings,
    TemplateNeeds,
    check_letters,
)
from batchsend.lists import Figure, ListSettings, read_list

FIELDS: dict[str, Any] = {
    "Channel": "PRINT",
    "Identifier": "rent-{{ nr }}",
    "Invoicee": {
        "Name": "Kari Nordmann",
        "Address1": "Storgata 1",
        "Address2": "Andel {{ andel }}",
        "PostCode": "{{ postnr }}",
        "City": "Oslo",
        "CustomerNo": "{{ nr }}",
    },
    "Invoicer": {"Name": "Utleier AS"},
}
ROWS = ((1001.5, 33.333333, 0.969109400479616, 150), (1001.5, 66.666667, 0.969109400479616, 150))


def checked(
    folder: Path,
    formats: tuple[str, ...],
    identifier: str = "rent-{{ nr }}",
    currency: str = "",
    **settings: Any,
) -> Checked:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Nr", "Beløp", "Andel", "Postnr"])
        shown = [book.add_format({"num_format": code}) for code in formats]
        for at, row in enumerate(ROWS, start=1):
            for column, value in enumerate(row):
                sheet.write(at, column, value, shown[column])
    uses = {"total", f"currency:{currency}"} if currency else {"total"}
    (folder / "list.xlsx").write_bytes(out.getvalue())
    wanted = ListSettings.model_validate({"path": "list.xlsx", **settings})
    return check_letters(
        read_list(wanted, folder=folder, workspace=folder),
        PayloadSettings.model_validate({"Letter": FIELDS | {"Identifier": identifier}}),
        group_by=wanted.group_by,
        checks=CheckSettings.model_validate({"same": ["Name", "Address1", "PostCode", "City"]}),
        template=TemplateNeeds("template", frozenset({"rows", "beløp"}), {"beløp": uses}),
        snapshot=folder / "snapshot",
    )


def letter(found: Checked) -> Letter:
    assert found.problems.filter(severity="error").is_empty(), found.problems
    (only,) = found.snapshot.letters()
    return only


FULL = ("0.0000", "0.000000", "0.0000000000000000%", "0000")
SHOWN = ("0", "0.00", "0.0%", "[<=9999]0000;General")


@pytest.mark.parametrize("identifier", ["rent-{{ nr }}", "rent-{{ nr | replace(',', '') }}"])
def test_what_is_shown_is_said_and_what_is_stored_is_known(tmp_path: Path, identifier: str) -> None:
    found = letter(checked(tmp_path, SHOWN, identifier, group_by=["nr"]))
    assert found.identifier == "rent-1001.5"
    assert found.fields["Invoicee"]["CustomerNo"] == "1001.5"
    assert found.fields["Invoicee"]["Address2"] == "Andel 96.9%"
    assert found.fields["Invoicee"]["PostCode"] == "0150"


def test_sums_are_of_what_is_stored(tmp_path: Path) -> None:
    found = letter(checked(tmp_path, SHOWN, group_by=["nr"]))
    env = environment(autoescape=True)
    rows = [dict(zip(("nr", "beløp"), row.cells, strict=False)) for row in found.rows]

    def said(source: str) -> str:
        return env.from_string(source).render(rows=rows, language="NO")

    assert said("{{ rows[0]['beløp'] }}") == "33.33"
    assert said("{{ rows | total('beløp') }}") == "100.000000"
    assert said("{{ (rows[0]['beløp'] | amount) * 3 }}") == "99.999999"
    assert said("{{ rows[0]['beløp'] | number }}") == "33,33"
    assert said("{{ rows[0]['beløp'] | number(4) }}") == "33,3333"


def test_the_format_of_amounts_that_the_template_shows_makes_no_other_letter(
    tmp_path: Path,
) -> None:
    contents: list[str] = []
    for formats in (FULL, ("0", "0.00", *FULL[2:])):
        folder = tmp_path / str(len(contents))
        folder.mkdir()
        contents.append(letter(checked(folder, formats, group_by=["nr"])).content)
    assert contents[0] == contents[1]


def test_a_worker_process_gets_the_same_numbers() -> None:
    made = pickle.loads(pickle.dumps((Figure("33.33", "33.333333"),)))
    assert made == ("33.33",)
    assert made[0].stored == "33.333333"
    assert made[0].strip() is made[0]


@pytest.mark.parametrize(
    ("code", "currency", "told"),
    [
        ('#,##0.00 "kr"', "EUR", True),
        ("[$kr-414] #,##0.00", "USD", True),
        ('_-* #,##0.00\\ "kr"_-', "EUR", True),
        ('#,##0.00 "€"', "NOK", True),
        ('#,##0.00 "kr"', "NOK", False),
        ("[$kr-41D] #,##0.00", "SEK", False),
        ('#,##0.00 "€"', "EUR", False),
        ("#,##0.00", "EUR", False),
        ('#,##0.00 "kr"', "", False),
    ],
)
def test_another_currency_than_that_of_the_cells_format_is_told(
    tmp_path: Path, code: str, currency: str, told: bool
) -> None:
    formats = ("0", code, "0", "0000")
    found = checked(tmp_path, formats, currency=currency, group_by=["nr"])
    said = found.problems.filter(column="Beløp", severity="warning")
    assert [row for row in said["row"] if "by its cell's format" in said["message"][0]] == (
        [2] if told else []
    )
    assert letter(found).identifier == "rent-1001.5"
