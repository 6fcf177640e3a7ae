"""E-mail addresses: the plain ones as columns, all others by email-validator. No DNS."""

from __future__ import annotations

import polars as pl
from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email

from batchsend.language import _
from batchsend.letters.checks.judged import Judged, Judgement, one_by_one, settle

_WORD = r"[A-Za-z0-9_+-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9]|[A-Za-z0-9-]{0,24}[A-Za-z0-9])?"
_PLAIN = rf"^{_WORD}(?:\.{_WORD}){{0,5}}@(?:{_LABEL}\.){{1,4}}[A-Za-z]{{2,24}}$"
# What the plain form lets through and may still be wrong is asked about as well.
_ODD = rf"--|[^@]{{65}}|(?i:[@.](?:{'|'.join(SPECIAL_USE_DOMAIN_NAMES)})$)"


def judge_emails(texts: pl.Series, countries: pl.Series) -> Judged:
    """Whether each text is one e-mail address; it is sent as it stands."""
    frame = pl.DataFrame({"text": texts, "country": countries})
    text = pl.col("text")
    plain = text.str.contains(_PLAIN) & ~text.str.contains(_ODD)
    return settle(frame, plain, text, one_by_one(_ask))


def _ask(text: str, _country: str) -> Judgement:
    why = _in_plain_words(text)
    if why is None:
        try:
            validate_email(text, check_deliverability=False)
        except EmailNotValidError as error:
            why = str(error).rstrip(".") + "."
    if why is not None:
        return Judgement(text, _("Not an e-mail address: {why}", why=why))
    if not text.isascii():
        return Judgement(
            text, doubtful=_("An e-mail address with letters few systems take; is it right?")
        )
    return Judgement(text)


def _in_plain_words(text: str) -> str | None:
    local, at, domain = text.rpartition("@")
    if not at:
        return _("it has no @.")
    if "@" in local:
        return _("there are two of them, or an @ too many. Write one.")
    if any(sign.isspace() for sign in text):
        return _("there is a blank in it. Take it out.")
    if "." not in domain:
        return _("what comes after the @ has no full stop, as in example.com.")
    if not local:
        return _("there is nothing before the @.")
    return None
