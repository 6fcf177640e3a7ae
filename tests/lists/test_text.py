"""Text files in every dialect that spreadsheets and business systems write."""

from __future__ import annotations

import codecs
import encodings.aliases
from collections.abc import Callable

import pytest

from batchsend.errors import ListError, SettingsError
from batchsend.lists import RecipientList

Reader = Callable[..., RecipientList]

TABLE = "Kundenr;Navn;Adresse;Postnr;Poststed\r\n" + "".join(
    f"{100 + at};{name};Ærfuglveien {at};0{150 + at};{town}\r\n"
    for at, (name, town) in enumerate(
        [
            ("Kari Nordmann", "Oslo"),
            ("Bjørn Åsgård", "Tromsø"),
            ("Sølvi Bråthen", "Bodø"),
            ("Åse Grünerløkken", "Ålesund"),
            ("Ola Östlund", "Tønsberg"),
        ]
    )
)


def cells(recipients: RecipientList) -> list[tuple[int, *tuple[str, ...]]]:
    return recipients.rows.collect().rows()


def table_cells() -> list[tuple[int, *tuple[str, ...]]]:
    return [(row, *line.split(";")) for row, line in enumerate(TABLE.splitlines()[1:], start=2)]


def problems(recipients: RecipientList) -> list[tuple[int, str, str]]:
    return [(p["row"], p["column"], p["severity"]) for p in recipients.problems.to_dicts()]


@pytest.mark.parametrize(
    "encoding",
    [
        ("utf-8", b"", "UTF-8"),
        ("utf-8", codecs.BOM_UTF8, "UTF-8 with byte order mark"),
        ("utf-8", codecs.BOM_UTF8 * 2, "UTF-8 with byte order mark"),
        ("utf-16-le", codecs.BOM_UTF16_LE, "UTF-16 LE with byte order mark"),
        ("utf-16-be", codecs.BOM_UTF16_BE, "UTF-16 BE with byte order mark"),
        ("utf-16-le", b"", "UTF-16 LE"),
        ("utf-16-be", b"", "UTF-16 BE"),
        ("utf-32-le", codecs.BOM_UTF32_LE, "UTF-32 LE with byte order mark"),
        ("cp1252", b"", "Windows-1252"),
        ("iso-8859-1", b"", "Windows-1252"),
        ("cp850", b"", "cp850 (DOS)"),
        ("mac-roman", b"", "MacRoman"),
    ],
)
@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_separators_and_line_ends(
    read: Reader, encoding: tuple[str, bytes, str], separator: str, end: str
) -> None:
    codec, bom, found = encoding
    text = TABLE.replace(";", separator).replace("\r\n", end)
    recipients = read(bom + text.encode(codec))
    assert cells(recipients) == table_cells()
    assert [c.heading for c in recipients.columns] == TABLE.splitlines()[0].split(";")
    assert recipients.findings["encoding"] == found
    assert recipients.findings["separator"] == {"\t": "tab"}.get(separator, separator)
    assert recipients.problems.is_empty()
    assert recipients.notes == ()


def test_central_european_names(read: Reader) -> None:
    text = "Navn;Sted\nŁukasz Wójcik;Kraków\nŽofie Dvořáková;Plzeň\nGyőző Szűcs;Győr\n"
    recipients = read(text.encode("cp1250"))
    assert recipients.findings["encoding"] == "Windows-1250"
    assert cells(recipients)[0] == (2, "Łukasz Wójcik", "Kraków")


def test_one_late_letter_decides_the_encoding(read: Reader) -> None:
    text = "Navn;Sted\n" + "Kari Nordmann;Oslo\n" * 40_000 + "Bjørn Dahl;Bodø\n"
    recipients = read(text.encode("cp1252"))
    assert recipients.findings["encoding"] == "Windows-1252"
    assert recipients.rows.tail(1).collect().rows() == [(40_002, "Bjørn Dahl", "Bodø")]


@pytest.mark.parametrize(
    ("main", "fewer", "found"),
    [
        ("utf-8", "cp1252", "UTF-8 mixed with Windows-1252"),
        ("cp1252", "utf-8", "Windows-1252 mixed with UTF-8"),
        ("cp850", "utf-8", "cp850 (DOS) mixed with UTF-8"),
    ],
)
def test_mixed_encodings_are_read_line_by_line_and_named_by_row(
    read: Reader, main: str, fewer: str, found: str
) -> None:
    lines = ["Navn;Sted", "Bjørn;Bodø", "Kari;Oslo", "Åse;Tromsø", "Sølvi;Vadsø", "Pål;Røst"]
    mixed = [line.encode(fewer if at == 3 else main) for at, line in enumerate(lines)]
    recipients = read(b"\n".join(mixed))
    assert cells(recipients) == [(at, *line.split(";")) for at, line in enumerate(lines[1:], 2)]
    assert problems(recipients) == [(4, "", "warning")]
    assert recipients.findings["encoding"] == found
    assert any(found in note for note in recipients.notes)


def test_bytes_that_are_no_letter_are_an_error_of_their_row(read: Reader) -> None:
    recipients = read(b"Navn;Sted\nBj\xf8rn;Bod\xf8\nK\x81ri;Oslo\n", encoding="cp1252")
    assert problems(recipients) == [(3, "Navn", "error")]
    assert recipients.problems["value"].to_list() == ["K\ufffdri"]


def test_nul_bytes_are_left_out_and_counted(read: Reader) -> None:
    recipients = read(b"Navn;Sted\nKari\0\0;Oslo\nOla;Bodo\n" + b"\0" * 50)
    assert cells(recipients) == [(2, "Kari", "Oslo"), (3, "Ola", "Bodo")]
    assert any("NUL" in note and "row 2" in note for note in recipients.notes)


@pytest.mark.parametrize(
    ("text", "headings", "expected"),
    [
        pytest.param("sep=;\nNavn;Sted\nA;B\n", ["Navn", "Sted"], [(2, "A", "B")], id="sep="),
        pytest.param('"sep=,"\r\nNavn,Sted\r\nA,B', ["Navn", "Sted"], [(2, "A", "B")], id='"sep="'),
        pytest.param("SEP=|\nNavn|a;b\nA|B;C\n", ["Navn", "a;b"], [(2, "A", "B;C")], id="SEP"),
        pytest.param(
            "Kundeliste\n\nNavn;Adresse;Sted\nA;B;C\n",
            ["Navn", "Adresse", "Sted"],
            [(4, "A", "B", "C")],
            id="title rows",
        ),
        pytest.param(
            "Kundeliste;;\nUtskrift;01.11.2026;\nFornavn;Gjeld;Rente\nA;B;3\nC;D;4\n",
            ["Fornavn", "Gjeld", "Rente"],
            [(4, "A", "B", "3"), (5, "C", "D", "4")],
            id="wide title rows",
        ),
        pytest.param(
            "\n\nNavn;Sted\n\nA;B\n\n\nC;D\n\n\n",
            ["Navn", "Sted"],
            [(5, "A", "B"), (8, "C", "D")],
            id="blank lines",
        ),
        pytest.param(
            "Navn;Sted\n;\nA;B\n \t; \u00a0\n",
            ["Navn", "Sted"],
            [(3, "A", "B")],
            id="blank cells",
        ),
        pytest.param(
            "Navn;Sted;;\nA;B;;\nC;D;;\n",
            ["Navn", "Sted"],
            [(2, "A", "B"), (3, "C", "D")],
            id="trailing empty columns",
        ),
        pytest.param(
            "Navn;Sted\nA;B;\nC;D;\n",
            ["Navn", "Sted"],
            [(2, "A", "B"), (3, "C", "D")],
            id="separator at the end of rows only",
        ),
        pytest.param(
            "Navn;;Sted\nA;;B\n", ["Navn", "Sted"], [(2, "A", "B")], id="empty column inside"
        ),
        pytest.param(
            "Navn;;Sted\nA;x;B\n",
            ["Navn", "", "Sted"],
            [(2, "A", "x", "B")],
            id="filled column without a heading",
        ),
        pytest.param(
            "Navn;Navn;Sted\nA;B;C\n", ["Navn", "Navn", "Sted"], [(2, "A", "B", "C")], id="twice"
        ),
        pytest.param(
            'Navn;Merknad\n"A\nB";x\n"C";"y\r\n\r\nz"\nD;"""q"" e"\n',
            ["Navn", "Merknad"],
            [(2, "A\nB", "x"), (3, "C", "y\n\nz"), (4, "D", '"q" e')],
            id="quoted line breaks",
        ),
        pytest.param(
            '"Navn";"Sted"\n"A";"B"\n',
            ["Navn", "Sted"],
            [(2, "A", "B")],
            id="everything quoted",
        ),
        pytest.param(
            'Navn, Sted\n"Dahl, A", "Oslo"\n',
            ["Navn", " Sted"],
            [(2, "Dahl, A", "Oslo")],
            id="blanks before quotes",
        ),
        pytest.param(
            'Navn;Mål\nRør;5" x 3\nDør;80x200\n',
            ["Navn", "Mål"],
            [(2, "Rør", '5" x 3'), (3, "Dør", "80x200")],
            id="inches",
        ),
        pytest.param("Navn\nA\nB, C\nD\n", ["Navn"], [(2, "A"), (3, "B, C"), (4, "D")], id="one"),
        pytest.param("Navn\n\nA\n\nB", ["Navn"], [(3, "A"), (5, "B")], id="one, blanks"),
        pytest.param(
            'Navn\n"A;B"\n"C\nD"\n', ["Navn"], [(2, "A;B"), (3, "C\nD")], id="one, quoted"
        ),
        pytest.param(
            "Navn;Beløp\nA;1 234,50\nB;2,00\nC;7,25\n",
            ["Navn", "Beløp"],
            [(2, "A", "1 234,50"), (3, "B", "2,00"), (4, "C", "7,25")],
            id="decimal commas",
        ),
        pytest.param(
            "Navn;Postnr\nA; 0150 \n B;=1+1\n",
            ["Navn", "Postnr"],
            [(2, "A", " 0150 "), (3, " B", "=1+1")],
            id="cells as they stand",
        ),
        pytest.param(
            'Navn;Postnr\nA;="0150"\nB;"=""0151"""\nC;0152\n',
            ["Navn", "Postnr"],
            [(2, "A", "0150"), (3, "B", "0151"), (4, "C", "0152")],
            id="text as formula",
        ),
        pytest.param(
            "\u200bNavn;#Sted\n#A;B\n",
            ["\u200bNavn", "#Sted"],
            [(2, "#A", "B")],
            id="number signs are no comments",
        ),
        pytest.param("Navn;Sted\nNA;null\n", ["Navn", "Sted"], [(2, "NA", "null")], id="no nulls"),
    ],
)
def test_dialects(
    read: Reader, text: str, headings: list[str], expected: list[tuple[object, ...]]
) -> None:
    recipients = read(text.encode())
    assert [c.heading for c in recipients.columns] == headings
    assert cells(recipients) == expected
    assert recipients.problems.is_empty()


@pytest.mark.parametrize(
    "footer",
    [
        "Antall: 2",
        "\nAntall: 2;;",
        "Sum;;1234",
        "\n\nTotalt 2 rader\nUtskrift 01.11.2026\n",
        "Side 1",
    ],
)
def test_a_footer_is_left_out_aloud(read: Reader, footer: str) -> None:
    recipients = read(f"Navn;Adresse;Sted\nA;B;C\nD;E;F\n{footer}".encode())
    assert [row for row, *_ in cells(recipients)] == [2, 3]
    assert any("footer_rows = 0" in note for note in recipients.notes)


def test_sums_without_a_word_are_a_footer(read: Reader) -> None:
    recipients = read(b"Navn;Adresse;Sted;Sum\nA;B;C;100\nD;E;F;200\n;;;300\n")
    assert [row for row, *_ in cells(recipients)] == [2, 3]


def test_the_footer_can_be_set(read: Reader) -> None:
    text = b"Navn;Adresse;Sted\nA;B;C\nD;E;F\nAntall: 2\n"
    assert [row for row, *_ in cells(read(text, footer_rows=0))] == [2, 3, 4]
    assert [row for row, *_ in cells(read(text, footer_rows=2))] == [2]


@pytest.mark.parametrize(
    "last", ["Total Betong AS;Storgata 1;0150;Oslo", "Endre Lie;;;", "Sum-Regnskap;Vei 2;0151;Oslo"]
)
def test_a_recipient_is_no_footer(read: Reader, last: str) -> None:
    recipients = read(f"Navn;Adresse;Postnr;Sted\nA;B;0150;C\n{last}\n".encode())
    assert [row for row, *_ in cells(recipients)] == [2, 3]


def test_a_long_row_is_an_error_and_a_short_one_is_filled(read: Reader) -> None:
    recipients = read(b"Navn;Adresse;Sted\nA;B;C;D\nE;F\nG;H;I\nJ;K;L;;\n")
    assert cells(recipients) == [
        (2, "A", "B", "C"),
        (3, "E", "F", ""),
        (4, "G", "H", "I"),
        (5, "J", "K", "L"),
    ]
    assert problems(recipients) == [(2, "", "error")]
    assert "4 cells" in recipients.problems["message"][0]
    assert any("Row 3 had fewer cells" in note for note in recipients.notes)


@pytest.mark.parametrize(
    ("text", "rows", "wrong"),
    [
        pytest.param(
            '1;"Kari;Storgata;0150\n2;Ola;Lia;0151\n3;Per;Vik;0152',
            [2, 3, 4],
            [(2, "error")],
            id="never closed",
        ),
        pytest.param(
            '1;"Kari;Storgata;0150\n2;Ola;Lia;0151\n3;Per";Vik;0152',
            [2, 3, 4],
            [(2, "error")],
            id="closed two rows on",
        ),
        pytest.param(
            '1;"Kari;Storgata;0150\n2;Ola";Lia;0151\n3;Per;Vik;0152',
            [2, 3, 4],
            [(2, "error")],
            id="closed on the next row",
        ),
        pytest.param(
            '1;"Kari;Storgata;0150\n2;"Ola Lie";Lia;0151\n3;Per;Vik;0152',
            [2, 3, 4],
            [(2, "error")],
            id="a proper quote on the next row",
        ),
        pytest.param(
            '1;"Kari;Storgata";0150\n2;Ola;Lia;0151', [2, 3], [(2, "error")], id="two cells in one"
        ),
        pytest.param(
            '1;"Kari;Storgata;0150\n\n2;Ola;Lia;0151\n3;Per;5";0152',
            [2, 4, 5],
            [(2, "error")],
            id="over a blank row",
        ),
        pytest.param(
            '1;"Baren" AS;Storgata;0150\n2;Ola;Lia;0151',
            [2, 3],
            [(2, "warning")],
            id="a quoted word",
        ),
        pytest.param(
            '1;"Kari\nNordmann";Storgata;0150\n2;"Ola;Lia;0151\n3;"Per";Vik;0152',
            [2, 3, 4],
            [(3, "error")],
            id="after a proper line break",
        ),
    ],
)
def test_a_stray_quote_is_named_and_takes_no_row_with_it(
    read: Reader, text: str, rows: list[int], wrong: list[tuple[int, str]]
) -> None:
    recipients = read(f"Nr;Navn;Adresse;Postnr\n{text}\n".encode())
    assert [row for row, *_ in cells(recipients)] == rows
    assert cells(recipients)[-1][-1] == text[-4:]
    assert [(row, severity) for row, _, severity in problems(recipients)] == wrong


def test_a_stray_quote_takes_no_more_than_its_row_in_a_long_file(read: Reader) -> None:
    lines = [f"{row};Kari Nordmann;Storgata {row};0150" for row in range(2, 60_000)]
    lines[29_998] = '30000;"Kari Nordmann;Storgata;0150'
    recipients = read("\n".join(["Nr;Navn;Adresse;Postnr", *lines]).encode())
    assert problems(recipients) == [(30_000, "Navn", "error")]
    assert recipients.rows.collect()["c0"].to_list() == [str(row) for row in range(2, 60_000)]


@pytest.mark.parametrize(
    ("text", "first_row"),
    [
        ("1001;Kari;Storgata 1;0150\n1002;Ola;Lia 2;0151\n", 1),
        ("Kari;kari@example.com\nOla;ola@example.com\n", 1),
        ("0150\n0151\n", 1),
        ("Prosjekt;Ansvarlig;2025;2026\nA;B;100;200\nC;D;300;400\n", 2),
        ("Kode;Hvem\nA;B\n", 2),
    ],
)
def test_a_list_without_headings_is_said_to_have_none(
    read: Reader, text: str, first_row: int
) -> None:
    recipients = read(text.encode())
    assert cells(recipients)[0][0] == first_row
    said = [note for note in recipients.notes if "headings = [" in note]
    assert bool(said) == (first_row == 1)
    assert (recipients.findings["header row"] == "none") == (first_row == 1)


def test_headings_can_be_given(read: Reader) -> None:
    recipients = read(b"Kari;Oslo\nOla;Bodo\n", headings=["Navn", "Sted"])
    assert [c.name for c in recipients.columns] == ["navn", "sted"]
    assert cells(recipients) == [(1, "Kari", "Oslo"), (2, "Ola", "Bodo")]
    assert not any("headings" in note for note in recipients.notes)


def test_headings_can_be_replaced(read: Reader) -> None:
    recipients = read(b"X;Y\nKari;Oslo\n", headings=["Navn", "Sted"], header_row=1)
    assert [c.name for c in recipients.columns] == ["navn", "sted"]
    assert cells(recipients) == [(2, "Kari", "Oslo")]


@pytest.mark.parametrize("codec", sorted(set(encodings.aliases.aliases.values())))
def test_any_encoding_can_be_set_even_a_wrong_one(read: Reader, codec: str) -> None:
    try:
        recipients = read("Navn;Sted\nBjørn;Bodø\nÅse;Røst\n".encode("cp1252"), encoding=codec)
    except (ListError, SettingsError) as error:
        refused = error.message
    else:
        refused = ""
        assert recipients.rows.collect().height
    assert not refused or refused.endswith(".")


@pytest.mark.parametrize(
    ("written", "wanted"), [("utf-16-be", "utf-16"), ("utf-16-le", "utf-16"), ("utf-16", "utf-16")]
)
def test_utf16_may_be_set_without_an_order_of_bytes(
    read: Reader, written: str, wanted: str
) -> None:
    recipients = read("Navn;Sted\nBjørn;Bodø\n".encode(written), encoding=wanted)
    assert cells(recipients) == [(2, "Bjørn", "Bodø")]


def test_each_finding_can_be_set(read: Reader) -> None:
    text = "x;y\nNavn|Sted;by\nBjørn|Oslo;O\n".encode("cp1252")
    recipients = read(text, encoding="cp850", separator="|", header_row=2, quote="none")
    assert [c.heading for c in recipients.columns] == ["Navn", "Sted;by"]
    assert cells(recipients) == [(3, "Bj°rn", "Oslo;O")]
    assert cells(read(b"Navn\tSted\n'A\tB'\tC\n", separator="tab", quote="'")) == [(2, "A\tB", "C")]


@pytest.mark.parametrize(
    ("content", "settings", "words"),
    [
        (b"", {}, "is empty"),
        (b"\n \n;;\n", {}, "is empty"),
        (b"\xef\xbb\xbf", {}, "is empty"),
        (b"\0\0\0\0", {}, "is empty"),
        (b"Navn;Sted\n", {}, "no rows below"),
        (b"Navn;Sted\n\n;\n", {}, "no rows below"),
        (b"Navn;Sted\nA;B\n", {"header_row": 7}, "cannot be in row 7"),
        (b"a" * 10_000_000, {}, "line of more than"),
        (b"a;" * 20_000 + b"\nA;B\n", {}, "columns"),
    ],
)
def test_what_is_no_list_is_said_in_words(
    read: Reader, content: bytes, settings: dict[str, object], words: str
) -> None:
    with pytest.raises(ListError, match=words):
        read(content, **settings)


@pytest.mark.parametrize("encoding", ["latin-99", "base64", "unicode_escape", "utf-7"])
def test_an_unknown_encoding_is_said_in_words(read: Reader, encoding: str) -> None:
    with pytest.raises(SettingsError, match="no encoding called"):
        read(b"Navn\nA\n", encoding=encoding)


@pytest.mark.parametrize("cell", ["1" * 90_000 + "x", "a." * 40_000, "a@" * 40_000, "x" * 90_000])
def test_a_very_long_cell_takes_no_longer_than_it_should(read: Reader, cell: str) -> None:
    recipients = read(f"Navn;Sted\nKari;{cell}\n{cell};Oslo\n".encode())
    assert cells(recipients)[0] == (2, "Kari", cell)


def test_national_ids_are_masked_in_problems(read: Reader) -> None:
    recipients = read(b'Fnr;Navn\n"01817212345;Kari\n')
    assert recipients.problems["value"].to_list() == ['"018172*****']


def test_the_digest_is_of_the_bytes(read: Reader) -> None:
    assert read(b"Navn\nA\n").digest != read(b"Navn\r\nA\r\n").digest
