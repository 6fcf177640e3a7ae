"""Number format codes, taken apart by the grammar of ECMA-376 part 1, 18.8.30 and 18.8.31.

A code has up to four sections, `positive;negative;zero;text`, or sections with conditions, as
`[<=9999]0000;General`. Files have the codes in English, whatever language Excel shows them in; some
programs write the words and the letters of dates as their own Excel has them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

_TOKENS = re.compile(
    r"""
      "(?P<quoted>[^"]*)"?                     # a text
    | \\(?P<escaped>.)                         # one character of text
    | _. | \*.                                 # a blank as wide as the character; a filling one
    | \[(?P<bracket>[^\]]*)\]                  # colour, condition, language, hours beyond 24
    | (?P<semicolon>;)
    | (?P<general>General|Standard|Generelt|Allmänt|Yleinen)
    | (?P<half>AM/PM|A/P)
    | (?P<exponent>E[+-])
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_CONDITION = re.compile(r"\s*(<=|>=|<>|<|>|=)\s*(-?[\d.]+(?:E[+-]?\d+)?)\s*", re.IGNORECASE)
_ELAPSED = re.compile(r"h+|m+|s+|t+", re.IGNORECASE)
"""Of hours, too, as Nordic Excel writes them: `t` of time, timme and tunti."""
_CURRENCY = re.compile(r"\$([^-]*)")
_SCALING = re.compile(r"[0#?](,+)(?![0#?,])")
_FRACTION_OF_SECOND = re.compile(r"(?<=s)[.,]0+")
# German TT.MM.JJJJ, Danish and Norwegian dd.mm.åååå, Swedish ÅÅÅÅ-MM-DD, Finnish pp.kk.vvvv.
_OWN_DATE = re.compile(
    r"(?=.*([jåv])\1)(?:[tdp]{1,4}|[mk]{1,4}|[jåv]{2,4}|[\s.,/-])+", re.IGNORECASE
)
_OWN_LETTERS = str.maketrans("tpkjåv", "ddmyyy")


@dataclass(frozen=True)
class Section:
    """One section of a code."""

    tokens: tuple[str, ...]
    """What shows digits, dates and the like, one character each, in small letters."""
    texts: tuple[tuple[int, str], ...]
    """Text that is shown as it stands, each with the number of tokens before it."""
    elapsed: str
    """`h`, `m` or `s` where a time is counted on beyond its day, hour or minute."""
    condition: tuple[str, Decimal] | None

    @cached_property
    def code(self) -> str:
        """The tokens, as one text."""
        code = "".join(self.tokens)
        return code.translate(_OWN_LETTERS) if _OWN_DATE.fullmatch(code) else code

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing in it, which in a code of one section is `General`."""
        return not self.tokens and not self.texts

    @cached_property
    def is_general(self) -> bool:
        """Whether numbers are shown without a format."""
        return "g" in self.tokens and not re.search("[0#?]", self.code)

    @cached_property
    def shows_no_number(self) -> bool:
        """Whether there is no place for a digit in it: words stand for the number, or nothing."""
        return not re.search("[0#?g]", self.code)

    @cached_property
    def thousands(self) -> int:
        """How often the number is divided by a thousand: `0.0,,` shows millions."""
        found = _SCALING.search(self.code)
        return len(found[1]) if found else 0

    @cached_property
    def unscaled(self) -> Section:
        """The same without the division."""
        found = _SCALING.search(self.code)
        start, end = found.span(1) if found else (0, 0)
        return replace(self, tokens=self.tokens[:start] + self.tokens[end:])

    @cached_property
    def is_moment(self) -> bool:
        """Whether it shows a date or time. `0 DKK` does not."""
        if self.elapsed:
            return True
        bare = _FRACTION_OF_SECOND.sub("", self.code)
        return bool(re.search("[ymdhs]", bare)) and not re.search("[0#?]", bare)

    @cached_property
    def shows(self) -> tuple[bool, bool, bool]:
        """Of a moment: whether it shows the date, the time, and the seconds."""
        time = bool(self.elapsed or re.search("[hs]", self.code))
        # An m beside h or s is minutes; alone it is a month.
        date = not self.elapsed and bool(not time or re.search("[yd]|m{3,}", self.code))
        return date, time, "s" in self.code

    @cached_property
    def decimals(self) -> int | None:
        """How many decimals it shows; None if it shows something else than a number with decimals,
        such as a fraction, a power of ten, or thousands of it.
        """
        code = self.code.replace("%", "").replace("-", "").replace("+", "").strip()
        found = re.fullmatch(r"[^0#?]*[0#?](?:[0#?,\s]*[0#?])?(?:\.([0#?]*))?[^0#?,.]*", code)
        if not found or re.search(r"[e/]", code):
            return None
        return len(found[1] or "")

    @cached_property
    def is_amount(self) -> bool:
        """Whether it shows a number with decimals, and nothing about it that may be told."""
        plain = not (self.pads or self.is_moment or "%" in self.code or self.condition)
        return plain and self.decimals is not None and not self.texts and not self._has_letters

    @property
    def _has_letters(self) -> bool:
        return re.search(r"[^\W\d_]|[€$£¥]", self.code) is not None

    @property
    def words(self) -> tuple[str, str]:
        """The text before the number, and all other text."""
        return (
            "".join(piece for place, piece in self.texts if not place),
            "".join(piece for place, piece in self.texts if place),
        )

    @cached_property
    def pads(self) -> bool:
        """Whether it shows whole numbers with zeros before them: `0000`, `0###`, `000 00`."""
        places = re.sub(r"[^0#]", "", self.code)
        return bool(re.match("#*0[0#]", places)) and not re.search(r"[.,e?/%]", self.code)


def sections(code: str) -> list[Section]:
    """The sections of a code; at least one, of which the last may be for text."""
    return [_section(tokens) for tokens in _split(code)]


def chosen(made: list[Section], number: Decimal) -> Section:
    """The section by which `number` is shown."""
    numeric = [section for section in made if "@" not in section.tokens][:3] or made[:1]
    for place, section in enumerate(numeric):
        if place == len(numeric) - 1 or _meets(section, place, len(numeric), number):
            return section
    raise AssertionError("the last one takes all that is left")


def _meets(section: Section, place: int, count: int, number: Decimal) -> bool:
    if section.condition is not None:
        sign, bound = section.condition
        return {
            "<": number < bound,
            "<=": number <= bound,
            ">": number > bound,
            ">=": number >= bound,
            "=": number == bound,
            "<>": number != bound,
        }[sign]
    if place == 0:
        return number > 0 or (count < 3 and number == 0)
    return number < 0


def _split(code: str) -> Iterator[list[re.Match[str]]]:
    section: list[re.Match[str]] = []
    for found in _TOKENS.finditer(code):
        if found["semicolon"]:
            yield section
            section = []
        else:
            section.append(found)
    yield section


def _section(found: list[re.Match[str]]) -> Section:
    tokens: list[str] = []
    texts: list[tuple[int, str]] = []
    elapsed, condition = "", None
    for token in found:
        bracket = token["bracket"]
        if bracket is not None:
            if _ELAPSED.fullmatch(bracket):
                unit = bracket[0].lower().replace("t", "h")
                elapsed = elapsed or unit
                tokens.append(unit)
            elif compared := _CONDITION.fullmatch(bracket):
                condition = (compared[1], Decimal(compared[2].strip(".") or 0))
            elif (currency := _CURRENCY.match(bracket)) and currency[1]:
                texts.append((len(tokens), currency[1]))
        elif token["general"]:
            tokens.append("g")
        elif token["half"]:
            tokens.append("h")
        elif token["exponent"]:
            tokens.append("e")
        elif mark := token["other"]:
            tokens.append(mark.lower())
        elif text := token["quoted"] or token["escaped"]:
            texts.append((len(tokens), text))
    return Section(tuple(tokens), tuple(texts), elapsed, condition)
