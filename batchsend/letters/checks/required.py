"""What each channel cannot do without. The API documents none of it; this is batchsend's rule."""

from __future__ import annotations

from functools import partial

import polars as pl

from batchsend.errors import SettingsError
from batchsend.language import _, filled
from batchsend.letters.basis import Basis, Check
from batchsend.letters.checks.postcodes import WITHOUT_POSTCODES
from batchsend.letters.mapping import Mapping
from batchsend.letters.problems import Problems, those_that_hold

_ALWAYS = ("Identifier", "Channel", "Invoicee.Name", "Invoicer.Name")
_ADDRESS = ("Invoicee.Address1", "Invoicee.PostCode", "Invoicee.City")
_BY_CHANNEL = {"PRINT": _ADDRESS, "EMAIL": ("Invoicee.Email",), "KIVRA": ("Invoicee.NationalId",)}

_REACHED_OTHERWISE = {
    "Invoicee.Email": ("PRINT", "DIGIPOST", "KIVRA"),
    "Invoicee.Mobile": ("PRINT", "DIGIPOST", "KIVRA", "EMAIL"),
    "Invoicee.NationalId": ("PRINT", "EMAIL"),
    "Invoicee.OrganizationNumber": ("PRINT", "EMAIL"),
    "Invoicee.PostCode": ("EMAIL",),
}


def required_of_mapping(mapping: Mapping) -> None:
    """Raise SettingsError for what no letter of this mapping has and all of them need."""
    channel = mapping.constants.get("Channel")
    needed = (*_ALWAYS, *_BY_CHANNEL.get(channel or "", ()))
    if channel == "DIGIPOST" and _never(mapping, "Invoicee.NationalId"):
        needed += _ADDRESS
    lacking = [path for path in needed if _never(mapping, path)]
    if lacking:
        names = ", ".join(lacking)
        raise SettingsError(
            _(
                "No letter has {names}, and every letter by {channel} needs it.",
                names=names,
                channel=channel,
            )
            if channel
            else _("No letter has {names}, and every letter needs it.", names=names),
            hint=_("Give it in mailing.toml: {example}.", example=_example(lacking[0])),
        )
    if "Identifier" in mapping.constants:
        raise SettingsError(
            _("payload.Letter.Identifier is the same in every letter."),
            hint=_(
                "Build it from a column that differs, such as the customer number: "
                'Identifier = "rent-2026-11-{{ kundenr }}".'
            ),
        )


def dispensable(path: str, channel: pl.Expr) -> pl.Expr:
    """Whether a letter by `channel` can go without the text at `path`: it reaches its recipient in
    another way. Of a channel that is not known it is not known either."""
    return channel.is_in(list(_REACHED_OTHERWISE.get(path, ())))


def is_dispensable(path: str, channel: str) -> bool:
    """The same of one channel."""
    return channel in _REACHED_OTHERWISE.get(path, ())


def required(basis: Basis) -> Check:
    """Tells what a letter lacks for its channel."""
    return partial(_required, basis.mapping)


def _required(
    mapping: Mapping, letters: pl.DataFrame, _members: pl.DataFrame, problems: Problems
) -> None:
    channel = mapping.text("Channel")
    national_id = mapping.text("Invoicee.NationalId")
    by_address = (channel == "PRINT") | (channel == "DIGIPOST") & (national_id == "")
    needed = dict.fromkeys(_ALWAYS, pl.lit(True)) | dict.fromkeys(_ADDRESS, by_address)
    has_postcodes = ~mapping.text("Invoicee.CountryCode").is_in(list(WITHOUT_POSTCODES))
    needed["Invoicee.PostCode"] = by_address & has_postcodes
    needed |= {"Invoicee.Email": channel == "EMAIL", "Invoicee.NationalId": channel == "KIVRA"}
    lacking = {
        path: is_needed & (mapping.text(path) == "")
        for path, is_needed in needed.items()
        if not mapping.constants.get(path)
    }
    for path in those_that_hold(letters, lacking):
        problems.tell(
            letters,
            lacking[path],
            _("Missing: every letter needs it. Fill it in.")
            if path in _ALWAYS
            else _lacking(channel),
            column=mapping.headings(path),
        )


def _lacking(channel: pl.Expr) -> pl.Expr:
    return (
        pl.when(channel == "DIGIPOST")
        .then(pl.lit(_("Missing: DIGIPOST needs it, or else a national id. Fill in one of them.")))
        .otherwise(
            filled(_("Missing: a letter by {channel} needs it. Fill it in."), channel=channel)
        )
    )


def _never(mapping: Mapping, path: str) -> bool:
    return path not in mapping.leaves or mapping.constants.get(path) == ""


def _example(path: str) -> str:
    """Where and how a mailing says what is at `path`."""
    table, _other, key = f"payload.Letter.{path}".rpartition(".")
    value = "{{ column }}" if path.startswith("Invoicee.") else "…"
    return _('under [{table}], {key} = "{value}"', table=table, key=key, value=value)
