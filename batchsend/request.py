"""The documented request body of `POST /send/letter`, field for field.

Source: the letter API's page "Add a new B2C letter" (2025-09-23): names, order and the shape of
every value are its example's. What the API demands beyond that is not documented, so nothing here
judges a value; the checks do. Knows nothing of lists, mappings or sending.
"""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import orjson
from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError

from batchsend.errors import RenderingError
from batchsend.language import _


class _Part(BaseModel):
    """An object of the body: only the documented names, every value a string.

    A number is taken as its text, which `strict=True` refuses: mailing.toml may write one, the API
    may not be sent one.
    """

    model_config = ConfigDict(
        extra="forbid", frozen=True, coerce_numbers_to_str=True, use_attribute_docstrings=True
    )


class DigipostBlock(_Part):
    """`ChannelSettings.Digipost`."""

    SenderId: str = ""


class EmailBlock(_Part):
    """`ChannelSettings.Email`."""

    SenderName: str = ""
    SenderEmailAddress: str = ""
    Subject: str = ""


class KivraBlock(_Part):
    """`ChannelSettings.Kivra`."""

    SenderId: str = ""


class ChannelBlocks(_Part):
    """What a channel needs to know of the sender; a block that is not given is not sent."""

    Digipost: DigipostBlock | None = None
    Email: EmailBlock | None = None
    Kivra: KivraBlock | None = None


class Recipient(_Part):
    """`Letter.Invoicee`: who the letter is for."""

    OrganizationNumber: str = ""
    CustomerNo: str = ""
    NationalId: str = ""
    """Personal data of the most sensitive kind: masked wherever it is shown."""
    Name: str
    Address1: str = ""
    Address2: str = ""
    Address3: str = ""
    City: str = ""
    PostCode: str = ""
    CountryCode: str = ""
    """ISO 3166-1, two letters."""
    Email: str = ""
    Mobile: str = ""
    """Digits with country code, as in 4799653241."""
    Reference: str = ""


class Sender(_Part):
    """`Letter.Invoicer`: who sends it."""

    CompanyRegNo: str = ""
    Name: str
    Address1: str = ""
    City: str = ""
    PostCode: str = ""
    CountryCode: str = ""
    Email: str = ""
    Phone: str = ""
    WebAddress: str = ""


class OtherReference(_Part):
    """One of `OtherReferences`: a fee, a case number and the like."""

    Type: str
    Value: str


class LetterBody(_Part):
    """The body's `Letter` object."""

    Channel: str
    """PRINT, DIGIPOST, KIVRA or EMAIL."""
    ChannelSettings: ChannelBlocks | None = None
    ExternalUrl: str = ""
    FreeText: str = ""
    """The PDF in standard base64; batchsend puts it in."""
    LayoutID: str = ""
    Note: str = ""
    Identifier: str
    """The letter's own reference: unique in the mailing, the same in every run."""
    LanguageID: str = ""
    """NO, NN, SE, DK, FI or EN."""
    Invoicee: Recipient
    Invoicer: Sender
    OtherReferences: tuple[OtherReference, ...] | None = None


class Subscription(_Part):
    """Who pays: a credential, so it never shows in a repr, a log or a dump."""

    SubscriptionId: SecretStr
    StorageId: SecretStr


class Request(_Part):
    """The whole body, one letter in it."""

    Letter: LetterBody
    Subscription: Subscription

    def to_json(self) -> bytes:
        """JSON in UTF-8 under the API's names in the documented order, the credentials in clear.

        A documented text that was not given is sent as "", as the API's own example does; a block
        or list that was not given is left out.
        """
        credentials = {
            "SubscriptionId": self.Subscription.SubscriptionId.get_secret_value(),
            "StorageId": self.Subscription.StorageId.get_secret_value(),
        }
        letter = self.Letter.model_dump(exclude_none=True)
        return orjson.dumps({"Letter": letter, "Subscription": credentials})


def request_body(fields: dict[str, Any], pdf: bytes, subscription: Subscription) -> bytes:
    """The finished request of one letter: `fields` is the `Letter` object without `FreeText`.

    Raises RenderingError where `fields` is not the documented shape.
    """
    try:
        letter = LetterBody.model_validate(fields)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise RenderingError(
            _("The request cannot be made: {place}: {msg}.", place=place, msg=first["msg"])
        ) from None
    document = b64encode(pdf).decode("ascii")
    whole = letter.model_copy(update={"FreeText": document})
    return Request.model_construct(Letter=whole, Subscription=subscription).to_json()
