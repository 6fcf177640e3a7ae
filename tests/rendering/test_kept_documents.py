"""A kept document goes to the letter it was rendered from, and to no other, whatever happened."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rendering.conftest import COLUMNS

from batchsend.letters import Letter
from batchsend.lists import Figure, Row
from batchsend.rendering import KeptDocuments, Templates, TemplateSettings, kept_documents
from batchsend.rendering.document import Document

TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=3)
SAME_OFTEN = st.sampled_from(["", "a", "b", "1", "1.0", "10"]) | TEXTS
CELLS = SAME_OFTEN | st.builds(Figure, SAME_OFTEN, SAME_OFTEN)


@st.composite
def letters(draw: st.DrawFn) -> Letter:
    rows = st.builds(Row, st.integers(2, 4), st.tuples(CELLS, CELLS, CELLS))
    return Letter(
        identifier=draw(SAME_OFTEN),
        channel=draw(st.sampled_from(["PRINT", "DIGIPOST"])),
        language=draw(st.sampled_from(["NO", "EN"])),
        fields={"Invoicee": {"Name": draw(SAME_OFTEN), "City": draw(SAME_OFTEN)}},
        rows=tuple(draw(st.lists(rows, min_size=1, max_size=2))),
        content=draw(st.sampled_from(["0", "1"])),
    )


def neighbours(letter: Letter) -> list[Letter]:
    """Letters that differ from it in one thing each."""
    first, *rest = letter.rows
    cell, *cells = first.cells
    other_rows = [
        Row(first.number + 1, first.cells),
        Row(first.number, (f"{cell}x", *cells)),
        Row(first.number, (Figure(str(cell), f"{cell}.0001"), *cells)),
        Row(first.number, (*cells, cell)),
    ]
    return [
        *(replace(letter, rows=(row, *rest)) for row in other_rows),
        replace(letter, identifier=f"{letter.identifier}x"),
        replace(letter, fields={**letter.fields, "Note": "x"}),
        replace(letter, content=f"{letter.content}x"),
        replace(letter, language="SE"),
        replace(letter, channel="KIVRA"),
    ]


def all_of(letter: Letter) -> object:
    """All that a letter may print: two that differ in any of it have documents of their own."""
    cells = [
        (row.number, [(str(c), c.stored if isinstance(c, Figure) else None) for c in row.cells])
        for row in letter.rows
    ]
    return repr((replace(letter, rows=()), cells))


@pytest.fixture(scope="module")
def templates() -> Iterator[Templates]:
    with TemporaryDirectory() as folder:
        (Path(folder) / "letter.html").write_text("<p>{{ navn }}")
        yield Templates.load(TemplateSettings(path=Path("letter.html")), folder=Path(folder))


@given(
    kept=st.lists(letters(), max_size=6),
    asked=st.lists(letters(), max_size=6),
    order=st.randoms(use_true_random=False),
    killed_after=st.integers(0, 200),
)
def test_only_ever_its_own(
    templates: Templates,
    kept: list[Letter],
    asked: list[Letter],
    order: random.Random,
    killed_after: int,
) -> None:
    """Kept, shuffled, a file cut short by a kill, another taken for it; then asked for."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        documents = KeptDocuments.at(folder, templates, COLUMNS)
        for letter in kept:
            documents.keep(letter, Document(repr(all_of(letter)).encode(), 1, "e"))
        files = sorted(folder.iterdir())
        whole = set(map(all_of, kept))
        assert len(files) == len(whole)
        if len(files) > 1:
            files[0].write_bytes(files[1].read_bytes())  # a file under another's name
        if len(files) > 2:
            files[2].write_bytes(files[2].read_bytes()[:killed_after])
        everybody = [*kept, *asked, *(each for letter in kept for each in neighbours(letter))]
        order.shuffle(everybody)
        found = [(letter, documents.of(letter)) for letter in everybody]
        for letter, document in found:
            assert document is None or document.pdf == repr(all_of(letter)).encode()
        there = {all_of(letter) for letter, document in found if document is not None}
        assert len(there) >= len(whole) - 2


def test_not_by_another_template_or_columns_or_page_rules(
    templates: Templates, tmp_path: Path
) -> None:
    letter = Letter("a", "PRINT", "NO", {}, (Row(2, ("1", "2", "3")),), "0")
    document = Document(b"%PDF", 1, "e")
    KeptDocuments.at(tmp_path, templates, COLUMNS).keep(letter, document)
    assert KeptDocuments.at(tmp_path, templates, COLUMNS).of(letter) == document
    turned = (replace(COLUMNS[0], name="navn"), replace(COLUMNS[1], name="kundenr"), COLUMNS[2])
    assert KeptDocuments.at(tmp_path, templates, turned).of(letter) is None
    for other in (
        replace(templates, digest="other"),
        replace(templates, engine="plutoprint 99"),
        replace(templates, pages=templates.pages.only_warning()),
    ):
        assert KeptDocuments.at(tmp_path, other, COLUMNS).of(letter) is None


def test_nothing_is_kept_where_the_ledger_needs_the_room(
    templates: Templates, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_documents, "ROOM_LEFT", 10**18)
    letter = Letter("a", "PRINT", "NO", {}, (Row(2, ("1",)),), "0")
    KeptDocuments.at(tmp_path, templates, COLUMNS).keep(letter, Document(b"%PDF", 1, "e"))
    assert not list(tmp_path.iterdir())
