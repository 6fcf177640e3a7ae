"""`[[send.fallback]]`: the refusals that send a letter by another channel, as a mailing says.

Nothing of this is documented by the API, so nothing is assumed. Knows nothing of letters.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Self

from pydantic import Field, model_validator

from batchsend.language import N_, _, in_each_language
from batchsend.sending.responses import KINDS, AnswerKind
from batchsend.settings import Section

_ANSWER = N_("The API answered {status}")
"""How every refusal begins that the API itself has said."""
NOT_BY = N_("It cannot go by {channel}: {why}")
"""The reason why a refused letter did not go by the next channel."""


class Fallback(Section):
    """A refusal, and the channel by which its letter goes then, under the same identifier."""

    status: int = 400
    """The answer's status: one of those that refuse a letter for good."""
    contains: Annotated[str, Field(min_length=3)]
    """Words in the answer, in any case: only a refusal that says them is meant."""
    channel: Annotated[str, Field(min_length=1)]
    """The channel to go by then. A letter goes by each channel once at most, and from one rule to
    those after it."""

    @model_validator(mode="after")
    def _is_a_refusal(self) -> Self:
        refusals = sorted(status for status, kind in KINDS.items() if kind is AnswerKind.REJECTED)
        if self.status not in refusals:
            named = ", ".join(map(str, refusals))
            raise ValueError(
                _(
                    "status is one of {named}: no other answer refuses a letter for good",
                    named=named,
                )
            )
        return self


def next_channel(
    rules: Sequence[Fallback], *, first: str, last: str, status: int | None, said: str
) -> str | None:
    """By which channel a letter goes that was refused by the channel `last`, and by `first` before
    it, if that is another; None where the mailing describes no such refusal.

    `said` is the reason as it is noted.
    """
    reached = 0
    if last != first:
        to = [rule.channel for rule in rules]
        reached = to.index(last) + 1 if last in to else len(rules)
    answer = _said_last(said).casefold()
    for rule in rules[reached:]:
        meant = rule.status == status and rule.contains.casefold() in answer
        if meant and rule.channel not in {first, last}:
            return rule.channel
    return None


def _said_last(said: str) -> str:
    """Of a noted reason what the API said last, without what we have added, in any language."""
    last = min((said.rpartition(mark)[2] for mark in _marks(_ANSWER)), key=len)
    for mark in _marks(NOT_BY):
        last = last.partition(mark)[0]
    return last


def _marks(message: str) -> Iterator[str]:
    """How a message begins in each language."""
    return (each.partition("{")[0] for each in in_each_language(message))
