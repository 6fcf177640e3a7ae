"""Section, the base of every table of mailing.toml. Each room defines its own on top of it."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict
from pydantic_core import PydanticCustomError


class Section(BaseModel):
    """A table of mailing.toml: unknown keys are errors, values never change after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


def wrong_keys(messages: Mapping[str, str]) -> PydanticCustomError:
    """What a validator raises that finds keys wrong further down, by their dotted paths from its
    own table; so each can be told with its own line."""
    text = "; ".join(messages.values())
    return PydanticCustomError("wrong_keys", "{text}", {"text": text, "messages": dict(messages)})
