"""Somebody's corrections are forgotten, and nobody else's."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

from batchsend.corrections import Draft, append, forget, lines_about, read_journal

ROW = {"Kundenr.": "1001", "Navn": "Bjørk, Åse", "Postnr": "0581", "Poststed": "Oslo"}
"""As it was corrected."""
WHOLE = (
    ("Kundenr.", "1001"),
    ("Navn", "Bjørk, Åse"),
    ("Postnr", "58"),
    ("Poststed", "Olso"),
)
"""The same row as it stands in the list, where a key is of all its cells."""


def _only(draft: Draft, _: object) -> list[Draft]:
    return [draft]


def journal_of(folder: Path, *drafts: Draft) -> Path:
    path = folder / "corrections.jsonl"
    for each in drafts:
        append(path, partial(_only, each))
    return path


def test_the_rows_corrections_go_and_all_lines_keep_their_numbers(tmp_path: Path) -> None:
    others = Draft((("Kundenr.", "1002"),), "Navn", "Aase", "Åse")
    path = journal_of(tmp_path, Draft((("Kundenr.", "1001"),), "Postnr", "58", "0581"), others)
    append(path, lambda _: [], undo=lambda journal: [journal.corrections[0].number])
    assert [json.loads(each)["now"] for each in lines_about(path, [ROW])] == ["0581"]
    assert forget(path, [ROW]) == 1
    journal = read_journal(path)
    assert [(each.number, each.draft) for each in journal.corrections] == [(2, others)]
    assert journal.lines == 3
    assert "0581" not in path.read_text(encoding="utf-8")
    later = Draft((("Kundenr.", "1003"),), "Navn", "x", "y")
    append(path, lambda _: [later])
    assert read_journal(path).in_force[-1].draft == later


def test_a_key_of_all_cells_is_known_though_several_were_corrected(tmp_path: Path) -> None:
    path = journal_of(
        tmp_path,
        Draft(WHOLE, "Postnr", "58", "0581"),
        Draft(WHOLE, "Poststed", "Olso", "Oslo"),
    )
    assert forget(path, [ROW]) == 2
    assert "Bjørk" not in path.read_text(encoding="utf-8")


def test_another_with_the_same_text_in_another_column_is_kept(tmp_path: Path) -> None:
    path = journal_of(tmp_path, Draft((("Kundenr.", "0581"),), "Navn", "Aase", "Åse"))
    assert forget(path, [ROW]) == 0
    assert len(read_journal(path).in_force) == 1


def test_a_line_that_holds_a_line_separator_stays_one_line(tmp_path: Path) -> None:
    odd = Draft((("Kundenr.", "1002"),), "Navn", "A\u2028B", "AB")
    path = journal_of(tmp_path, odd, Draft((("Kundenr.", "1001"),), "Postnr", "58", "0581"))
    assert forget(path, [ROW]) == 1
    assert [each.draft for each in read_journal(path).corrections] == [odd]


def test_without_a_file_there_is_nothing_to_forget(tmp_path: Path) -> None:
    path = tmp_path / "corrections.jsonl"
    assert forget(path, [ROW]) == 0
    assert not path.exists()
