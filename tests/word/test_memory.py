"""Thousands of Word letters: as much memory at the end as at the beginning, and nothing left."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import psutil
import pytest

from batchsend.letters import Letter
from batchsend.lists import Column, Row
from batchsend.rendering import Renderer, Templates, TemplateSettings
from batchsend.rendering.document import Document

EXAMPLE = Path(__file__).parents[2] / "templates" / "meter-reading"
LETTERS = int(os.environ.get("BATCHSEND_TEST_LETTERS", "2000"))
CHUNK = 64
WARM = 8 * CHUNK
"""Letters after which everything that is kept is there."""
GROWTH = 20_000_000
"""Bytes that the process may grow by after its first letters."""


def letter(number: int) -> Letter:
    cells = (str(number), f"Åse Bø {number}", "", "123", "Kjeller", "1200", "01.12.2025")
    rows = tuple(Row(number + n, (*cells, "15.01.2027")) for n in range(1 + number % 3))
    fields = {
        "Channel": "EMAIL",
        "Identifier": str(number),
        "LanguageID": "NO",
        "Invoicee": {"Name": f"Åse Bø {number}"},
        "Invoicer": {"Name": "Vannverket AS"},
    }
    return Letter(
        identifier=str(number), channel="EMAIL", language="NO", fields=fields, rows=rows, content=""
    )


@pytest.mark.slow
def test_memory_is_flat(real_office: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    columns = [Column(n, h, h) for n, h in enumerate(("kundenr", "navn", "e_post"))]
    named = ("målernr", "plassering", "forrige_stand", "avlest", "frist")
    columns += [Column(n, h, h) for n, h in enumerate(named, start=3)]
    templates = Templates.load(TemplateSettings(path=EXAMPLE / "letter.docx"), folder=EXAMPLE)
    renderer = Renderer(templates, columns)
    process, first = psutil.Process(), 0
    for start in range(0, LETTERS, CHUNK):
        made = renderer.render_each([letter(n) for n in range(start, min(start + CHUNK, LETTERS))])
        assert all(isinstance(each, Document) for each in made)
        left = [*tmp_path.rglob("*.docx"), *tmp_path.rglob("*.pdf")]
        assert not left
        if start == WARM:
            first = process.memory_info().rss
    assert first
    assert process.memory_info().rss - first < GROWTH
