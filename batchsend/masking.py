"""National ids made fit to be shown: what looks like one, and how it is masked.

Knows nothing of lists, letters or reports; whatever shows a text asks here.
"""

from __future__ import annotations

import re

from stdnum.no.fodselsnummer import calc_check_digit1, calc_check_digit2

_SHOWN, _HIDDEN = 6, 5
_MARK = r"[ \u00a0+\u2010-\u2013-]?"
_LIKE_A_NATIONAL_ID = re.compile(
    rf"(?<!\d)(?:\d{{6}}{_MARK}\d{{5}}(?!\d)"  # Norwegian
    rf"|(?:18|19|20)?\d{{6}}{_MARK}\d{{4}}(?!\d)"  # Danish, Swedish; Norwegian that lost its zero
    r"|\d{6}[-+A-FU-Y]\d{3}[\dA-Y](?![^\W_]))",  # Finnish
    re.IGNORECASE,
)
NORWEGIAN_IN_TEXT = rf"\d{{6}}{_MARK}\d{{5}}"
"""What may be a Norwegian national id, for a regular expression of Python's or Rust's."""
_NORWEGIAN = re.compile(rf"(?<!\d){NORWEGIAN_IN_TEXT}(?!\d)")
_DATED = r"(?:18|19|20)?\d{6}[-+]\d{4}|(?:19|20)\d{10}"
_FINNISH = r"\d{6}[-+A-FU-Ya-fu-y]\d{3}[\dA-Ya-y]"
ID_IN_TEXT = rf"{NORWEGIAN_IN_TEXT}|{_DATED}|{_FINNISH}"
"""What may be a national id of Norway, Sweden, Denmark or Finland, likewise."""
_OTHERS = re.compile(rf"(?<![^\W_])(?:{_DATED}|{_FINNISH})(?![^\W_])")


def masked(national_id: str) -> str:
    """A national id fit to be shown: `01857212345` gives `018572*****`.

    Takes any country's form. At most the first six digits (the date of birth) stay, and the last
    five signs never do; blanks and hyphens stay where they are. Empty gives empty.

    >>> masked("018572 12345")
    '018572 *****'
    """
    signs = sum(sign.isalnum() for sign in national_id)
    shown = max(0, min(_SHOWN, signs - _HIDDEN))
    result: list[str] = []
    for sign in national_id:
        if not sign.isalnum():
            result.append(sign)
            continue
        result.append(sign if shown > 0 else "*")
        shown -= 1
    return "".join(result)


def masked_in_text(text: str) -> str:
    """`text` with all that looks like a national id in it masked: an error may quote anything.

    No date or check digit is asked of them, since it is the wrong ones that errors quote; so
    other numbers of ten to twelve digits are masked, too.

    >>> masked_in_text("“640823-3234” is not an amount")
    '“64082*-****” is not an amount'
    """
    return _LIKE_A_NATIONAL_ID.sub(lambda found: masked(found[0]), text)


def masked_where_valid(text: str) -> str:
    """`text` with each national id in it masked: a Norwegian one whose check digits are right, and
    a Swedish, Danish or Finnish one, written with its hyphen or century, that begins with a date.

    For cells that hold other numbers as well, which are to stay: bank accounts, KIDs, telephones.

    >>> masked_where_valid("gjelder 028100 00034, konto 1234.56.78903 og 12345678901")
    'gjelder 028100 *****, konto 1234.56.78903 og 12345678901'
    """
    text = _NORWEGIAN.sub(lambda found: masked(found[0]) if _checks(found[0]) else found[0], text)
    return _OTHERS.sub(lambda found: masked(found[0]) if _is_dated(found[0]) else found[0], text)


def _is_dated(number: str) -> bool:
    """Whether it begins with a day, month and year in either order; Sweden adds 60 to some days."""
    digits = re.match(r"\d+", number)
    first = digits[0] if digits else ""
    six = first[2:8] if len(first) in {8, 12} else first[:6]
    a, month, b = int(six[:2]), int(six[2:4]), int(six[4:6])
    return 1 <= month <= 12 and (1 <= a <= 31 or 1 <= b <= 31 or 61 <= b <= 91)


def _checks(national_id: str) -> bool:
    digits = "".join(filter(str.isdigit, national_id))
    return digits[9:] == calc_check_digit1(digits) + calc_check_digit2(digits)
