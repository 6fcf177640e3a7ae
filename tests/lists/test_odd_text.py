"""Text files as other programs quote, draw, end and cut them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from thoroughness import examples

from batchsend.errors import ListError
from batchsend.lists import RecipientList

Reader = Callable[..., RecipientList]
ROWS = [(2, "1001", "Kari Moe", "0150", "Oslo"), (3, "1002", "Ola Berg", "5003", "Bergen")]
HEAD = "Kundenr;Navn;Postnr;Sted"
KARI, OLA = "1001;Kari Moe;0150;Oslo", "1002;Ola Berg;5003;Bergen"
THREE = f"{HEAD}\n{KARI}\n{OLA}\n1003;Eva Lie;0350;Bodø\n"


def cells(recipients: RecipientList) -> list[tuple[object, ...]]:
    return [
        (row, *(cell.strip() for cell in texts)) for row, *texts in recipients.rows.collect().rows()
    ]


def problems(recipients: RecipientList) -> list[tuple[Any, ...]]:
    return recipients.problems.select("row", "column", "severity").rows()


def _quoted(separator: str, mark: str = '"', every: bool = True) -> str:
    """The list with its cells in such marks, all of them or texts only."""
    lines = []
    for line in (HEAD, KARI, OLA):
        marked = [
            f"{mark}{cell}{mark}" if every or not cell.isdigit() else cell
            for cell in line.split(";")
        ]
        lines.append(separator.join(marked))
    return "\n".join(lines) + "\n"


def _wrapped(separator: str) -> str:
    """The list with whole lines in quotation marks, those of its cells doubled."""
    lines = _quoted(separator).splitlines()
    return "".join('"' + line.replace('"', '""') + '"\n' for line in lines)


def _drawn(start: str, cross: str, wall: str = "|") -> list[str]:
    table = [line.split(";") for line in (HEAD, KARI, OLA)]
    ruler = start + cross.join("-" * 10 for _ in table[0]) + start
    edge = wall if start else ""
    rows = [edge + wall.join(f" {cell:<8} " for cell in row) + edge for row in table]
    return [ruler, rows[0], ruler, *rows[1:], ruler]


def numbered(text: str, *rows: int) -> tuple[str, list[tuple[object, ...]]]:
    """The text, and the two rows with these numbers."""
    return text, [(row, *found[1:]) for row, found in zip(rows, ROWS, strict=True)]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        numbered(_quoted(";", "'"), 2, 3),
        numbered(_quoted(",", "'"), 2, 3),
        numbered(_quoted("\t", "'", every=False), 2, 3),
        numbered(_wrapped(";"), 2, 3),
        numbered(_wrapped(","), 2, 3),
        numbered(f'"{HEAD}"\n"{KARI}"\n"{OLA}"\n', 2, 3),
        numbered(f'{HEAD}\n"{KARI}"\n"{OLA}"\n', 2, 3),
        numbered(f"{HEAD}\r\n{KARI}\r\n{OLA}\r\n\x1a", 2, 3),
        numbered("\n".join(_drawn("+", "+")) + "\n2 rows in set (0.00 sec)\n", 4, 5),
        numbered("\n".join(_drawn("", "+")[1:-1]) + "\n(2 rows)\n\n", 3, 4),
        numbered("\n".join(_drawn("|", "|")[1:-1]) + "\n", 3, 4),
        numbered(f"{HEAD}\n-------;----;------;----\n{KARI}\n{OLA}\n\n(2 rows affected)\n", 3, 4),
        numbered("\n".join(["SAP", "", *_drawn("-", "-")]) + "\n", 6, 7),
        numbered(f"{HEAD}\n{KARI}\n{OLA}\n".replace(";", "~"), 2, 3),
        numbered(f"#TYPE System.Object\n{_quoted(',')}", 3, 4),
        numbered(f"Kundeliste 2026\n{HEAD}\n{KARI}\n{OLA}\n", 3, 4),
        numbered(f"{HEAD}\n{KARI}\n{OLA}\n\n\nListe\nCopyright\nHemmelig\nAv Eva\nEva AS\n", 2, 3),
    ],
)
def test_a_list_however_it_is_written(
    read: Reader, text: str, rows: list[tuple[object, ...]]
) -> None:
    recipients = read(text.encode())
    assert [c.heading.strip() for c in recipients.columns] == HEAD.split(";")
    assert cells(recipients) == rows
    assert recipients.problems.is_empty()


def test_two_columns_below_a_type_or_above_a_long_footer(read: Reader) -> None:
    typed = read(b'#TYPE System.Object\r\n"Medlem","Kode"\r\n"Kari","A1"\r\n"Ola","B2"\r\n')
    assert cells(typed) == [(3, "Kari", "A1"), (4, "Ola", "B2")]
    titled = read(b"Medlemmer\nMedlem;Kode\nKari;A1\nOla;B2\n")
    assert cells(titled) == [(3, "Kari", "A1"), (4, "Ola", "B2")]


@pytest.mark.parametrize("text", ["Navn\nHansen, Kari\nBerg, Ola\n", "Merknad\nHei, du\nNei\n"])
def test_one_column_stays_one(read: Reader, text: str) -> None:
    assert len(read(text.encode()).columns) == 1


_MARKS = st.sampled_from(
    ["\x0b", "\x0c", "\x1d", "\x16", "\x07", "\x7f", "\x85", "\u2028", "\x1b[31m"]
)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
    max_examples=examples(25),
)
@given(
    st.lists(
        st.one_of(_MARKS, st.sampled_from(["Stor", "gata", " 1", "ø"])), min_size=1, max_size=6
    )
)
def test_control_characters_become_blanks_and_line_breaks(read: Reader, pieces: list[str]) -> None:
    cell = "".join(pieces)
    recipients = read(
        f"Navn;Adresse;Sted\nKari;{cell};Oslo\nOla;{'Storgata ' * 50};Oslo\n".encode()
    )
    ((_, _, seen, _), _) = recipients.rows.collect().rows()
    assert not any((ord(mark) < 32 and mark != "\n") or 127 <= ord(mark) < 160 for mark in seen)
    assert "\u2028" not in seen
    assert "[31m" not in seen
    letters = "".join(piece for piece in pieces if piece in ("Stor", "gata", " 1", "ø"))
    assert "".join(seen.split()) == "".join(letters.split())


def test_a_vertical_tab_breaks_the_line_of_an_address(read: Reader) -> None:
    text = f"{HEAD}\n1001;Storgata 1\x0bLeil. 4;0150;Trond\x1d heim\n{OLA}\n"
    assert cells(read(text.encode()))[0] == (2, "1001", "Storgata 1\nLeil. 4", "0150", "Trond heim")


@pytest.mark.parametrize("mark", ["\u2028", "\u2029", "\x85"])
def test_so_does_one_that_stands_alone_among_ordinary_text(read: Reader, mark: str) -> None:
    text = f"{HEAD}\n1001;Storgata 1{mark}Leil. 4;0150;Oslo\n{OLA}\n"
    assert cells(read(text.encode()))[0] == (2, "1001", "Storgata 1\nLeil. 4", "0150", "Oslo")


@pytest.mark.parametrize(
    ("row", "held"),
    [
        ("1003;Eva; Lie;0350;;", True),  # 6 cells, blank at the end
        ("1003;Eva; Lie;0350;", True),
        ("1003;Eva Lie;0350;Bodø", False),
        ("1003;Eva Lie;;", False),
    ],
)
def test_a_row_that_a_separator_has_shifted_is_held(read: Reader, row: str, held: bool) -> None:
    recipients = read(f"{HEAD}\n{KARI}\n{OLA}\n{row}\n".encode())
    assert (problems(recipients) == [(4, "", "error")]) is held


def test_blank_cells_beyond_the_last_column_of_all_rows_are_nothing(read: Reader) -> None:
    recipients = read(f"{HEAD}\n{KARI};;\n{OLA};;\n1003;Eva Lie;0350;Bodø;;\n".encode())
    assert recipients.problems.is_empty()


@pytest.mark.parametrize(
    ("kept", "expected"),
    [
        (len(THREE.encode()), []),  # whole
        (len(THREE.encode()) - 1, []),  # the last line end alone: as many programs write
        (len(THREE.encode()) - 4, [(4, "Sted", "warning")]),  # Bo
        (len(THREE.encode()) - 9, [(4, "", "error")]),  # 1003;Eva Lie;03
    ],
)
def test_a_file_that_is_cut_short_is_told(
    read: Reader, kept: int, expected: list[tuple[Any, ...]]
) -> None:
    text = THREE.replace(OLA, f"{OLA}\n1004;Åse Lund;8005;Narvik").encode()
    cut = len(text) - (len(THREE.encode()) - kept)
    found = problems(read(text[:cut]))
    assert [(row - 1, *more) for row, *more in found] == expected


def test_the_euro_of_iso_8859_15(read: Reader) -> None:
    text = "Navn;Beløp\nKari;100 €\nBjørn;5 €\n"
    recipients = read(text.encode("iso8859-15"))
    assert cells(recipients) == [(2, "Kari", "100 €"), (3, "Bjørn", "5 €")]
    windows = "Navn;Beløp\nKari;“¤”\nBjørn;5 ¤\n"
    assert cells(read(windows.encode("cp1252")))[1] == (3, "Bjørn", "5 ¤")


def test_numbers_as_headings(read: Reader) -> None:
    text = b"deltaker;0;1;2;3\n1;2;3;1;4\n2;4;4;2;1\n3;1;1;1;1\n"
    recipients = read(text)
    assert [c.heading for c in recipients.columns] == ["deltaker", "0", "1", "2", "3"]
    repeated = read(b"navn;adresse;1;2;3\nKari;Storgata 1;3;2;1\n7;Storgata 2;1;3;2\n")
    assert len(cells(repeated)) == 2


@pytest.mark.parametrize("marks", ["“”", "«»", "„“", "‘’", "´´"])
def test_typographic_quotation_marks_are_named(read: Reader, marks: str) -> None:
    cells = [f"{marks[0]}{text}{marks[1]}" for text in ("Nr", "Navn", "1", "Åse")]
    text = f"{cells[0]};{cells[1]}\n{cells[2]};{cells[3]}\n"
    with pytest.raises(ListError, match=f"stand in the marks {marks[0]} and {marks[1]}"):
        read(text.encode())
    assert read("Nr;Navn\n1;«Åse»\n".encode()).rows.collect().height == 1


@pytest.mark.parametrize("mark", ["`", "#", "§", "!"])
def test_one_column_that_may_be_several_is_told(read: Reader, mark: str) -> None:
    text = f"Nr{mark}Navn{mark}Sted\n1{mark}Kari{mark}Oslo\n2{mark}Ola{mark}Bodø\n"
    told = [note for note in read(text.encode()).notes if "separator" in note]
    assert bool(told) == mark.isascii()
    assert all(f"set separator = '{mark}'" in note for note in told)
    assert not any(
        "separator" in n for n in read(b"E-post\na-b@example.com\nc@example.com\n").notes
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('ID;PWXL;N;E\nP;PGeneral\nC;Y1;X1;K"Navn"\n', "a SYLK file"),
        ('TABLE\r\n0,1\r\n"EXCEL"\r\nVECTORS\r\n', "a DIF file"),
        ("\ufeffBEGIN:VCARD\nVERSION:3.0\nN:Hansen;Kari;;;\nEND:VCARD\n", "address cards"),
        ("begin:vcard\nversion:3.0\nn:Hansen;Kari\nend:vcard\n", "address cards"),
        ("UNA:+.? 'UNB+UNOC:3+1:14+2:14'\nUNH+1+INVOIC:D:96A:UN'\n", "an EDIFACT message"),
        ('["Kari","Oslo"]\n["Ola","Bodø"]\n', "holds JSON"),
        ("version https://git-lfs.github.com/spec/v1\noid sha256:1\n", "a pointer to a file"),
        ("BEGIN:VCALENDAR\nVERSION:2.0\n", "a calendar"),
        ("dn: cn=Kari,o=Eksempel\ncn: Kari\n", "directory entries"),
        ("INSERT INTO kunder VALUES (1,'Kari');\n", "a dump of a database"),
        ("CREATE TABLE kunder (id int);\n", "a dump of a database"),
        ("From: a@example.com\nTo: b@example.com\nSubject: Liste\n\nHei\n", "a message"),
        ('name = "x"\n[list]\npath = "a.csv"\n', "a file of settings"),
        ("[InternetShortcut]\nURL=https://example.com/\n", "a link"),
        ("1001Kari Moe        0150Oslo\n1002Ola Berg        5003Bergen\n", "a fixed width"),
    ],
)
def test_what_is_no_table_is_named(read: Reader, text: str, words: str) -> None:
    with pytest.raises(ListError, match=words):
        read(text.encode())


def test_the_file_that_excel_keeps_beside_an_open_one_is_named(read: Reader) -> None:
    with pytest.raises(ListError, match=r"Excel keeps this file beside kunder\.xlsx"):
        read(b"\x04Kari" + b"\0" * 160, "~$kunder.xlsx")


def test_too_many_columns_are_refused_in_little_memory(read: Reader, tmp_path: Path) -> None:
    wide = ",".join(["id", *(f"k{at}" for at in range(16_000))]) + "\n"
    content = (wide + ",".join("1" * 16_001) + "\n").encode()
    with pytest.raises(ListError, match=r"has 16,001 columns, more than any list"):
        read(content)
