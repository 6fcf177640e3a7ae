"""What mailing.toml may say of letters, and what it is told when it says something else."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from batchsend.letters import CheckSettings, PayloadSettings

LETTER = {
    "Channel": "PRINT",
    "Identifier": "{{ kundenr }}",
    "Invoicee": {"Name": "{{ navn }}"},
    "Invoicer": {"Name": "Utleier AS"},
}


def why(table: dict[str, Any]) -> str:
    with pytest.raises(ValidationError) as caught:
        PayloadSettings.model_validate(table)
    return caught.value.errors()[0]["msg"]


@pytest.mark.parametrize(
    ("added", "meant"),
    [
        ({"Chanel": "PRINT"}, "Letter.Channel"),
        ({"LanguageId": "NO"}, "Letter.LanguageID"),
        ({"Name": "{{ navn }}"}, "Letter.Invoicee.Name or Letter.Invoicer.Name"),
        ({"Invoicee": {"Name": "a", "Adress1": "b"}}, "Letter.Invoicee.Address1"),
        ({"Invoicee": {"Name": "a", "Postcode": "b"}}, "Letter.Invoicee.PostCode"),
        (
            {"ChannelSettings": {"Email": {"SenderAddress": "a"}}},
            "Letter.ChannelSettings.Email.SenderEmailAddress",
        ),
        ({"OtherReferences": [{"Type": "a", "Valeu": "b"}]}, "Letter.OtherReferences.Value"),
    ],
)
def test_an_unknown_name_says_what_may_have_been_meant(added: dict[str, Any], meant: str) -> None:
    assert f"did you mean {meant}?" in why({"Letter": {**LETTER, **added}})


def test_all_unknown_names_are_told_at_once() -> None:
    said = why({"Letter": {**LETTER, "Chanel": "x", "Nota": "y"}})
    assert "Letter.Chanel" in said
    assert "Letter.Nota" in said


def test_the_pdf_cannot_be_mapped() -> None:
    assert "it is the rendered letter" in why({"Letter": {**LETTER, "FreeText": "JVBERi0="}})


def test_credentials_do_not_belong_in_the_file_and_are_not_repeated() -> None:
    said = why({"Letter": LETTER, "Subscription": {"SubscriptionId": "s3cret"}})
    assert "BATCHSEND_SUBSCRIPTION_ID" in said
    assert "s3cret" not in said


def test_a_number_is_taken_as_its_text() -> None:
    table = {"Letter": {**LETTER, "LayoutID": 7, "Invoicee": {"Name": "a", "CustomerNo": 12}}}
    letter = PayloadSettings.model_validate(table).Letter
    assert (letter.LayoutID, letter.Invoicee.CustomerNo) == ("7", "12")


def test_a_name_to_be_blanked_must_be_the_recipients() -> None:
    with pytest.raises(ValidationError, match="did you mean Email"):
        CheckSettings(blank=("E-mail",))


@pytest.mark.parametrize("country", ["no", "NOR", "", "Norge"])
def test_the_home_country_is_a_code(country: str) -> None:
    with pytest.raises(ValidationError):
        CheckSettings(country=country)
