"""The request body is the documented one, field for field."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from batchsend.errors import RenderingError
from batchsend.request import LetterBody, Request, Subscription, request_body

EXAMPLE = (Path(__file__).parent / "letter-request.example.json").read_text("utf-8")
SUBSCRIPTION = Subscription(SubscriptionId=SecretStr("s3cret"), StorageId=SecretStr("267"))
LEAST = {
    "Channel": "PRINT",
    "Identifier": "1",
    "Invoicee": {"Name": "Kari"},
    "Invoicer": {"Name": "Utleier AS"},
}


def ordered(value: Any) -> Any:
    """Objects as lists of pairs, so that equality looks at the order of keys, too."""
    if isinstance(value, dict):
        return [(key, ordered(inner)) for key, inner in value.items()]
    return [ordered(inner) for inner in value] if isinstance(value, list) else value


def test_the_documented_example_comes_out_unchanged_key_for_key() -> None:
    written = Request.model_validate_json(EXAMPLE).to_json()
    assert ordered(json.loads(written)) == ordered(json.loads(EXAMPLE))


def test_the_example_passes_strictly_too() -> None:
    assert Request.model_validate_json(EXAMPLE, strict=True)


def test_a_request_is_the_fields_with_the_pdf_in_its_place() -> None:
    example = json.loads(EXAMPLE)
    pdf = bytes(range(256)) * 3
    fields = {name: part for name, part in example["Letter"].items() if name != "FreeText"}
    body = json.loads(request_body(fields, pdf, SUBSCRIPTION))
    example["Letter"]["FreeText"] = base64.b64encode(pdf).decode()
    example["Subscription"] = {"SubscriptionId": "s3cret", "StorageId": "267"}
    assert ordered(body) == ordered(example)


def test_the_pdf_is_in_the_standard_alphabet() -> None:
    text = json.loads(request_body(LEAST, b"\xfb\xff\xfe", SUBSCRIPTION))["Letter"]["FreeText"]
    assert text == "+//+"


def test_letters_beyond_ascii_are_utf_8() -> None:
    fields = {**LEAST, "Invoicee": {"Name": "Åse Bjørnøy"}}
    assert "Åse Bjørnøy".encode() in request_body(fields, b"%PDF", SUBSCRIPTION)


def test_documented_texts_that_are_not_given_are_empty_and_blocks_are_left_out() -> None:
    letter = json.loads(request_body(LEAST, b"%PDF", SUBSCRIPTION))["Letter"]
    assert letter["Note"] == ""
    assert letter["Invoicee"]["NationalId"] == ""
    assert "ChannelSettings" not in letter
    assert "OtherReferences" not in letter


@pytest.mark.parametrize("shown", [repr, str])
def test_credentials_never_show(shown: Any) -> None:
    request = Request(Letter=LetterBody.model_validate(LEAST), Subscription=SUBSCRIPTION)
    assert "s3cret" not in shown(request)
    assert "s3cret" not in request.model_dump_json()


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("Letter", "Nota"), "x"),
        (("Letter", "Invoicee", "Adress1"), "x"),
        (("Extra",), "x"),
        (("Letter", "Note"), 5),
        (("Letter", "Invoicee", "PostCode"), None),
    ],
)
def test_what_is_not_documented_is_refused(path: tuple[str, ...], value: object) -> None:
    body = json.loads(EXAMPLE)
    place = body
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = value
    with pytest.raises(ValidationError):
        Request.model_validate_json(json.dumps(body), strict=True)


@pytest.mark.parametrize("lacking", ["Channel", "Identifier", "Invoicee", "Invoicer"])
def test_what_every_letter_needs_is_asked_for(lacking: str) -> None:
    fields = {name: part for name, part in LEAST.items() if name != lacking}
    with pytest.raises(RenderingError, match=lacking):
        request_body(fields, b"%PDF", SUBSCRIPTION)
