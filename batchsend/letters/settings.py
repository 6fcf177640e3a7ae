"""`[payload]` and `[checks]` of mailing.toml: what a letter says, and what is asked of each row."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, Field, field_validator, model_validator

from batchsend.expressions import zone_of
from batchsend.language import N_, _, either
from batchsend.request import LetterBody, Recipient
from batchsend.settings import Section, wrong_keys
from batchsend.text import nearest

_NOT_MAPPED = {
    "Subscription": N_(
        "it is a credential and comes from the environment: set "
        "BATCHSEND_SUBSCRIPTION_ID and BATCHSEND_STORAGE_ID, there or in .env"
    ),
    "Letter.FreeText": N_("it is the rendered letter, which batchsend puts in; leave it out"),
}


def _known_zone(name: str) -> str:
    if name:
        try:
            ZoneInfo(name)
        except (ValueError, OSError, ZoneInfoNotFoundError):
            raise ValueError(_("must be a time zone, as Europe/Oslo")) from None
    return name


class PayloadSettings(Section):
    """The request body as the API documents it, with expressions over the row's columns in it.

    `Name = "{{ fornavn }} {{ etternavn }}"`: Jinja2, a column named by its heading in lower case
    with `_` for all but letters and digits.
    """

    Letter: Annotated[LetterBody, Field(json_schema_extra={"properties": {"FreeText": False}})]

    @model_validator(mode="before")
    @classmethod
    def _only_known_names(cls, table: Any) -> Any:
        if isinstance(table, dict):
            wrong = {place: why for place, path in _paths(table) if (why := _why_not(path))}
            if wrong:
                raise wrong_keys(wrong)
        return table


class Lengths(Section):
    """How many characters a channel takes.

    Defaults: the national scheme's letter (difi SikkerDigitalPost XSD) and Digipost's API v8,
    which agree; the letter API itself documents none.
    """

    Name: int = Field(default=130, ge=1)
    Address: int = Field(default=100, ge=1)
    """Each of Address1, Address2 and Address3."""
    City: int = Field(default=80, ge=1)
    PostCode: int = Field(default=10, ge=1)


class ChannelLengths(Section):
    """The lengths of each channel; a channel not named here has those of PRINT."""

    PRINT: Lengths = Lengths()
    DIGIPOST: Lengths = Lengths()
    KIVRA: Lengths = Lengths()
    EMAIL: Lengths = Lengths()


class CheckSettings(Section):
    """What is asked of each row before anything is sent."""

    country: Annotated[str, Field(pattern="^[A-Z]{2}$")] = "NO"
    """The country of addresses that name none, ISO 3166-1: it goes into their letters."""
    postcodes: Path | None = None
    """Norway's postcodes, as Bring publishes them (tab separated); otherwise our own table of the
    Nordic countries says which town a postcode is of."""
    time_zone: Annotated[str, AfterValidator(_known_zone)] = ""
    """The time zone in which an instant such as 2026-11-14T23:00:00Z is a day, as
    `Europe/Helsinki`; unless set, that of most people in `country`."""
    synthetic_ids: bool = True
    """Whether Norwegian test numbers (month + 80, 65 or 40) pass; nobody real has one."""
    blank: tuple[str, ...] = ()
    """Names under Invoicee, as "Email": where such a value is wrong, the letter goes without it
    instead of being held back, where its channel needs the value, too."""
    hold: tuple[str, ...] = ()
    """Names under Invoicee, as "Email": where such a value is wrong, the letter is held back though
    its channel does not need the value. Otherwise it goes without it, with a warning."""
    same: tuple[str, ...] = ()
    """Names under Invoicee, as "City": such a text may be the same in every letter, with no column
    of the list in it. `CountryCode` and `Reference` may be in any case."""
    lengths: ChannelLengths = ChannelLengths()

    @property
    def zone(self) -> str:
        """The time zone in which an instant is a day."""
        return self.time_zone or zone_of(self.country)

    def beside(self, folder: Path) -> CheckSettings:
        """The same with the file of postcodes taken from `folder` where its name is relative."""
        if self.postcodes is None:
            return self
        return self.model_copy(update={"postcodes": folder / self.postcodes})

    @field_validator("blank", "hold", "same")
    @classmethod
    def _names_of_invoicee(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            if name not in Recipient.model_fields:
                meant = nearest(name, Recipient.model_fields, n=1)
                raise ValueError(
                    _(
                        "there is no {name} under Invoicee; did you mean {meant}?",
                        name=name,
                        meant=either(meant),
                    )
                    if meant
                    else _("there is no {name} under Invoicee", name=name)
                )
        return names


def _paths(table: dict[str, Any], place: str = "", above: str = "") -> Iterator[tuple[str, str]]:
    """Every key as it stands in the table, positions in lists included, and without them."""
    for name, value in table.items():
        here, path = f"{place}{name}", f"{above}{name}"
        yield here, path
        if isinstance(value, dict):
            yield from _paths(value, f"{here}.", f"{path}.")
        elif isinstance(value, list | tuple):
            for number, one in enumerate(value):
                if isinstance(one, dict):
                    yield from _paths(one, f"{here}.{number}.", f"{path}.")


def _documented(model: type[BaseModel], above: str) -> Iterator[str]:
    """Every name of the body below `model`, with the names above it."""
    for name, field in model.model_fields.items():
        path = f"{above}{name}"
        yield path
        for inner in (field.annotation, *_inside(field.annotation)):
            if isinstance(inner, type) and issubclass(inner, BaseModel):
                yield from _documented(inner, f"{path}.")


def _inside(annotation: Any) -> Iterator[Any]:
    """The types within `A | None` and `tuple[A, ...]`."""
    for part in get_args(annotation):
        yield part
        yield from _inside(part)


_KNOWN = ("Letter", *_documented(LetterBody, "Letter."))


def _why_not(path: str) -> str:
    if path in _NOT_MAPPED:
        return _(
            "{path} cannot be mapped: {not_mapped}", path=path, not_mapped=_(_NOT_MAPPED[path])
        )
    above = path.rpartition(".")[0]
    if path in _KNOWN or (above and (above not in _KNOWN or above in _NOT_MAPPED)):
        return ""  # right, or below a name that is wrong itself
    siblings = [known for known in _KNOWN if known.rpartition(".")[0] == above]
    last = path.rpartition(".")[2]
    elsewhere = [known for known in _KNOWN if known.rpartition(".")[2] == last]
    meant = elsewhere or [
        near for near in siblings if near.rpartition(".")[2] in nearest(last, _last(siblings), n=1)
    ]
    if meant:
        return _("the request has no {path}; did you mean {meant}?", path=path, meant=either(meant))
    return _("the request has no {path}", path=path)


def _last(paths: list[str]) -> list[str]:
    return [path.rpartition(".")[2] for path in paths]
