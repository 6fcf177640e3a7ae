"""What a person calls a field of the request that no column of the list is for."""

from __future__ import annotations

from batchsend.language import N_, _

_NAMES = {
    "Invoicee.Name": N_("Name"),
    "Invoicee.Address1": N_("Street"),
    "Invoicee.Address2": N_("More of the address"),
    "Invoicee.Address3": N_("More of the address"),
    "Invoicee.PostCode": N_("Postcode"),
    "Invoicee.City": N_("Town"),
    "Invoicee.CountryCode": N_("Country"),
    "Invoicee.CustomerNo": N_("Customer number"),
    "Invoicee.Email": N_("E-mail"),
    "Invoicee.Mobile": N_("Mobile number"),
    "Invoicee.NationalId": N_("National id"),
    "Invoicee.OrganizationNumber": N_("Organisation number"),
    "Channel": N_("Channel"),
    "Identifier": N_("The letter's own reference"),
    "LanguageID": N_("Language"),
}


def called(path: str) -> str:
    """The name of a field below `Letter`; its path where it has none.

    >>> called("Invoicee.PostCode"), called("OtherReferences.0.Value")
    ('Postcode', 'OtherReferences.0.Value')
    """
    return _(_NAMES[path]) if path in _NAMES else path
