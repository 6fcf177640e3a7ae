"""Postcodes and the towns they are of: warnings, never more."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from letters.conftest import HEADINGS, Check

from batchsend.errors import SettingsError


def _warned(check: Check, code: str, town: str, land: str = "NO", **checks: object) -> list[str]:
    cells = [("1", "Kari", "Gate 1", code, town, land)]
    headings = (*HEADINGS, "Land")
    checked = check(cells, headings, invoicee={"CountryCode": "{{ land }}"}, checks=checks)
    assert checked.letters == 1
    assert set(checked.problems["severity"]) <= {"warning"}
    return checked.problems["column"].to_list()


@pytest.mark.parametrize(
    ("code", "town", "land"),
    [
        ("0150", "Oslo", "NO"), ("0150", "OSLO", "NO"), ("0150", "Olso", "NO"),
        ("5003", "Bergen", "NO"), ("9170", "Longyearbyen", "NO"), ("9170", "Longyearbyen", "SJ"),
        ("114 55", "Stockholm", "SE"), ("11455", "Stockholm", "SE"), ("2100", "København Ø", "DK"),
        ("1050", "København", "DK"), ("00100", "Helsinki", "FI"), ("00100", "Helsingfors", "FI"),
        ("100", "Tórshavn", "FO"), ("3900", "Nuuk", "GL"), ("22100", "Mariehamn", "AX"),
        ("101", "Reykjavík", "IS"), ("10115", "Mynchen", "DE"),
    ],
)  # fmt: skip
def test_those_that_belong_together_pass(check: Check, code: str, town: str, land: str) -> None:
    assert _warned(check, code, town, land) == []


@pytest.mark.parametrize(
    ("code", "town", "land"),
    [
        ("0150", "Bergen", "NO"), ("5003", "Oslo", "NO"), ("0150", "Fantasiby", "NO"),
        ("114 55", "Göteborg", "SE"), ("2100", "Aarhus", "DK"), ("00100", "Oulu", "FI"),
        ("3900", "Sisimiut", "GL"),
    ],
)  # fmt: skip
def test_another_town_is_warned_of(check: Check, code: str, town: str, land: str) -> None:
    assert _warned(check, code, town, land) == ["Poststed"]


@pytest.mark.parametrize(
    ("code", "land"), [("0200", "NO"), ("1234", "NO"), ("111 00", "SE"), ("199", "IS")]
)
def test_a_postcode_that_is_not_given_out_is_warned_of(check: Check, code: str, land: str) -> None:
    assert _warned(check, code, "By", land) == ["Postnr"]


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8"])
def test_the_register_of_the_mailing_wins(check: Check, tmp_path: Path, encoding: str) -> None:
    register = tmp_path / "postnummerregister.txt"
    lines = "0150\tBERGEN\t0301\tOSLO\tG\r\n1234\tBØ\t0301\tOSLO\tG\r\n"
    register.write_bytes(lines.encode(encoding))
    own: dict[str, Any] = {"postcodes": register}
    assert _warned(check, "0150", "Bergen", **own) == []
    assert _warned(check, "1234", "Bø", **own) == []
    assert _warned(check, "0150", "Oslo", **own) == ["Poststed"]
    assert _warned(check, "5003", "Bergen", **own) == ["Postnr"]
    assert _warned(check, "114 55", "Göteborg", "SE", **own) == ["Poststed"]


@pytest.mark.parametrize("content", [None, b"", b"navn;sted\n"])
def test_a_register_that_is_none_is_refused(
    check: Check, tmp_path: Path, content: bytes | None
) -> None:
    register = tmp_path / "register.txt"
    if content is not None:
        register.write_bytes(content)
    with pytest.raises(SettingsError, match=r"checks\.postcodes"):
        _warned(check, "0150", "Oslo", postcodes=register)
