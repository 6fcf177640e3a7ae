"""Rows that are left out and taken in with a click, as the command line understands it, too."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from desks import Desk, drop, shown, words
from tenants import TenantList

from batchsend.mailing import Mailing


@pytest.mark.slow
def test_rows_are_left_out_and_taken_in(desk: Desk, tmp_path: Path) -> None:
    tenants = TenantList.made()
    client = desk.client()
    where = drop(desk, client, tenants.write(tmp_path / "leie.xlsx", "2027-01")).json()["go"]
    at = where.rpartition("/")[0]
    path = desk.folder / "leie" / "mailing.toml"
    said = Mailing.load(path).list.skips
    assert len(said) == 1, "proposed as the list was dropped"
    assert "2 rows are left out by what Merknad says (rows " in words(shown(client, where))
    expected = sum(each.gets_a_letter for each in tenants.tenants)
    assert f"{expected} recipients" in words(shown(client, where))
    desk.post(client, f"{at}/list/skip", undo="0")
    html = shown(client, where)
    assert f"{expected + 2} recipients" in words(html)
    assert "2 rows say in Merknad" in words(html)
    proposed = re.search(r'name="expression" value="([^"]+)"', html)
    assert proposed
    expression = proposed[1].replace("&#39;", "'").replace("&amp;", "&").replace("&#34;", '"')
    desk.post(client, f"{at}/list/skip", expression="{{ kundenr }}")
    assert Mailing.load(path).list.skips == (), "nothing but what was proposed"
    desk.post(client, f"{at}/list/skip", expression=expression)
    assert Mailing.load(path).list.skips == said
    assert f"{expected} recipients" in words(shown(client, where))

    desk.post(client, f"{at}/list/row", row="5", take="out")
    desk.post(client, f"{at}/list/row", row="6", take="out")
    assert f"{expected - 2} recipients" in words(shown(client, where))
    desk.post(client, f"{at}/list/row", row="6", take="in")
    assert f"{expected - 1} recipients" in words(shown(client, where))
    moved = next(r for r, each in enumerate(tenants.tenants, 5) if "ikke send" in each.remark)
    desk.post(client, f"{at}/list/row", row=str(moved), take="in")
    assert f"{expected} recipients" in words(shown(client, where))
    desk.post(client, f"{at}/list/row", row=str(moved), take="out")
    desk.post(client, f"{at}/list/row", row="5", take="in")
    assert f"{expected} recipients" in words(shown(client, where))
    assert Mailing.load(path).list.skips[0] == said[0], "as it was"


def test_a_row_that_no_column_tells_apart_cannot_be_named(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "twice.csv").write_text(
        "Navn;Adresse;Postnr;Poststed\n" + "A B;Gata 1;0150;Oslo\n" * 2
    )
    client = desk.client()
    where = drop(desk, client, tmp_path / "twice.csv").json()["go"]
    assert "leave out" not in words(shown(client, where))
    at = where.rpartition("/")[0]
    assert desk.post(client, f"{at}/list/row", row="2", take="out").status_code == 422
