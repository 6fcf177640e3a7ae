"""What reaches a person is said by `_`: a sentence that is not would stay English for ever."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from catalogues import messages

import batchsend
from batchsend import errors

PACKAGE = Path(batchsend.__file__).parent
SOURCES = [path for path in sorted(PACKAGE.rglob("*.py")) if "sandbox" not in path.parts]
ERRORS = {name for name, found in vars(errors).items() if isinstance(found, type)}
TOLD = {"tell": 2, "Problem": 3, "Finding": 1, "warn": 0, "say": 1}
"""Functions whose argument at this place is read by people."""


def bare_sentences(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Sentences in the places that people read which no message is made of."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        read = [each.value for each in node.keywords if each.arg == "hint"]
        place = 0 if name in ERRORS else TOLD.get(name)
        if place is not None:
            read += node.args[place : place + 1]
        for each in read:
            yield from ((found.lineno, words_of(found)) for found in texts_of(each))


def texts_of(node: ast.AST) -> Iterator[ast.expr]:
    if isinstance(node, ast.IfExp):
        yield from texts_of(node.body)
        yield from texts_of(node.orelse)
    elif isinstance(node, ast.BinOp):
        yield from texts_of(node.left)
        yield from texts_of(node.right)
    elif isinstance(node, ast.Constant | ast.JoinedStr) and re.search(
        r"[^\W\d_]{2,}", words_of(node)
    ):
        yield node


def words_of(node: ast.expr) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(str(each.value) for each in node.values if isinstance(each, ast.Constant))
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def test_every_sentence_that_people_read_is_a_message() -> None:
    bare = [
        f"{path.relative_to(PACKAGE)}:{line}: {words}"
        for path in SOURCES
        for line, words in bare_sentences(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert not bare


@pytest.mark.parametrize(
    "source",
    [
        'raise ListError("It is empty.")',
        'raise ListError(_("It is empty."), hint=f"Export {name} again.")',
        'problems.tell(letters, wrong, "It is wrong." if one else _("They are."), column="")',
        'warn(_("Row {row}", row=row) + " was sent.")',
    ],
)
def test_one_that_is_not_is_found(source: str) -> None:
    assert list(bare_sentences(ast.parse(source)))


def test_no_message_is_a_piece() -> None:
    forms = [
        form
        for message in messages()
        if message.id
        for form in (message.id if isinstance(message.id, tuple) else (message.id,))
    ]
    assert not [form for form in forms if form != form.strip() or form[0] in ",;."]
    assert not [form for form in forms if "{}" in form], "a place without a name"
