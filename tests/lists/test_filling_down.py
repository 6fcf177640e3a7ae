"""Cells that are blank because they are as above."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lists.conftest import Reader
from thoroughness import examples

from batchsend.errors import SettingsError
from batchsend.lists import ListSettings, read_list

TEXT = "Kundenr;Navn;Adresse;Beløp\n1;Kari;Storgata 1;10\n;;;20\n;; ;30\n2;Ola;;40\n;;;50\n"
FILLED = ("kundenr", "navn", "adresse")


def _rows(read: Reader, text: str, **settings: object) -> list[tuple[str, ...]]:
    frame = read(text.encode(), **settings).rows.collect()
    return [tuple(row[1:]) for row in frame.rows()]


def test_blank_cells_take_those_above_only_where_all_of_them_are_blank(read: Reader) -> None:
    assert _rows(read, TEXT, fill_down=FILLED) == [
        ("1", "Kari", "Storgata 1", "10"),
        ("1", "Kari", "Storgata 1", "20"),
        ("1", "Kari", "Storgata 1", "30"),
        ("2", "Ola", "", "40"),  # his own row: nobody else's address
        ("2", "Ola", "", "50"),
    ]


def test_nothing_is_filled_unless_it_is_asked_for(read: Reader) -> None:
    assert _rows(read, TEXT)[1] == ("", "", "", "20")


def test_never_from_a_row_of_another_customer(read: Reader) -> None:
    text = "Kundenr;Navn;Beløp\n1;Kari;10\n1;;20\n2;;30\n"
    rows = _rows(read, text, fill_down=("navn",), group_by=("kundenr",))
    assert rows == [("1", "Kari", "10"), ("1", "Kari", "20"), ("2", "", "30")]


def test_a_name_that_is_no_column_is_refused(read: Reader) -> None:
    with pytest.raises(SettingsError, match="did you mean “navn”"):
        read(TEXT.encode(), fill_down=("navm",))


@given(st.lists(st.sampled_from(["", "a", "b"]), min_size=1, max_size=8))
@settings(deadline=None, max_examples=examples(20))
def test_every_row_has_the_nearest_value_above(
    tmp_path_factory: pytest.TempPathFactory, cells: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("list")
    lines = "".join(f"{cell};{number};x\n" for number, cell in enumerate(cells))
    (folder / "list.csv").write_text(f"Navn;Nummer;Merke\n{lines}", encoding="utf-8")
    wanted = ListSettings.model_validate({"path": "list.csv", "fill_down": ["navn"]})
    found = read_list(wanted, folder=folder, workspace=folder).rows.collect()["c0"].to_list()
    last, expected = "", []
    for cell in cells:
        last = cell or last
        expected.append(last)
    assert found == expected
