"""What the API and the connection say, made fit to be kept and shown."""

from __future__ import annotations

import time
import unicodedata
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from batchsend.sending.texts_from_outside import LONGEST, explanation, fit_to_show


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("plain", "plain"),
        ("Åsgårdstrand — “ja”", "Åsgårdstrand — “ja”"),
        ("two\r\nlines\tand  blanks ", "two lines and blanks"),
        ("a \x1b[31;1mred\x1b[0m word", "a red word"),
        ("\x1b]0;title\x07after", "after"),
        ("\x1b]8;;https://evil.example\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1b[2J\x1b[Hcleared", "cleared"),
        ("\x9b31mc1\x9d0;t\x9cafter", "c1after"),
        ("half \x1b", "half"),
        ("nul\x00bell\x07back\x08", "nul bell back"),
        ("left\u202eright\u2066\u200b\ufeff", "leftright"),
        ("line\u2028sep\u2029end", "line sep end"),
        ("lone \ud800 surrogate", "lone surrogate"),
        ("NationalId 01857212345 is wrong", "NationalId 018572***** is wrong"),
        ("19850101-1236", "198501**-****"),
        ("order 1234567 stays", "order 1234567 stays"),
    ],
)
def test_fit_to_show(said: str, shown: str) -> None:
    assert fit_to_show(said) == shown


@given(st.text(max_size=2000))
def test_nothing_unfit_gets_through(said: str) -> None:
    shown = fit_to_show(said)
    assert len(shown) <= LONGEST
    assert all(unicodedata.category(sign)[0] != "C" for sign in shown)


@given(st.text(max_size=400), st.text(max_size=400))
def test_no_secret_gets_through_nor_a_part_of_one(before: str, after: str) -> None:
    secret = "s3cr3t-" + "x" * 40
    shown = fit_to_show(f"{before}{secret}{after}", [secret])
    assert "s3cr3t" not in shown


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"Message": "City is missing."}, "City is missing."),
        ({"message": "a", "errors": ["b", "c"]}, "a; b; c"),
        (
            {"errors": {"City": ["is required"], "PostCode": "wrong"}},
            "City: is required; PostCode: wrong",
        ),
        ({"errors": [{"Field": "City", "Message": "is required"}]}, "City: is required"),
        ({"title": "Invalid", "status": 400, "detail": "No PDF"}, "No PDF; Invalid"),
        ({"Error": {"Code": "E12", "Message": "No such channel"}}, "E12: No such channel"),
        ({"unheard": {"of": "shape", "nr": 7}}, "unheard: of: shape; unheard: nr: 7"),
        (["one", "one", "two"], "one; two"),
        ("only text", "only text"),
        (None, ""),
        ({}, ""),
    ],
)
def test_messages_are_found_in_json_of_any_shape(body: Any, said: str) -> None:
    assert explanation(orjson.dumps(body)) == said


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"Bad request", "Bad request"),
        (b"<html><title>400</title><style>p{}</style><p>No <b>way</b>", "400 No way"),
        ("Ugyldig postnummer på linje 3".encode("latin-1"), "Ugyldig postnummer p� linje 3"),
        (b"\xff\xfe\x00", "��"),
        (b'{"Message": "cut', '{"Message": "cut'),
    ],
)
def test_other_bodies_are_read_as_text(body: bytes, said: str) -> None:
    assert fit_to_show(explanation(body)) == said


@pytest.mark.parametrize(
    "body",
    [
        b"<" * 64_000,
        b"<script>" * 8_000,
        b"\x1b]" * 32_000,
        b"[" * 64_000,
        b'{"errors":' * 6_000,
        orjson.dumps({"errors": {f"field{n}": ["x" * 10] * 5 for n in range(900)}}),
    ],
)
def test_hostile_bodies_cost_little(body: bytes) -> None:
    started = time.thread_time()  # this thread's own work: nobody else's counts
    assert len(fit_to_show(explanation(body))) <= LONGEST
    assert time.thread_time() - started < 10, "it takes milliseconds; what grows squared, minutes"


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=30,
    )
)
def test_any_json_is_read_without_a_crash(content: Any) -> None:
    try:
        body = orjson.dumps(content)
    except orjson.JSONEncodeError:
        return
    fit_to_show(explanation(body))
