"""Section, the base of every table of mailing.toml, and the JSON Schema of them all.

Each room defines its own on top of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import PydanticCustomError, core_schema


class Section(BaseModel):
    """A table of mailing.toml: unknown keys are errors, values never change after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


def wrong_keys(messages: Mapping[str, str]) -> PydanticCustomError:
    """What a validator raises that finds keys wrong further down, by their dotted paths from its
    own table; so each can be told with its own line."""
    text = "; ".join(messages.values())
    return PydanticCustomError("wrong_keys", "{text}", {"text": text, "messages": dict(messages)})


def json_schema(model: type[BaseModel], *, title: str) -> dict[str, Any]:
    """The schema, draft 2020-12, of what `model` takes; its docstrings are the descriptions."""
    made = model.model_json_schema(schema_generator=_OfToml)
    return {"$schema": _OfToml.schema_dialect, **made, "title": title}


class _OfToml(GenerateJsonSchema):
    """As pydantic makes it, but for what TOML is different in."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        # TOML has no null: a key that is not set is left out.
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        made = super().default_schema(schema)
        if isinstance(made.get("default"), dict | None):
            del made["default"]  # its keys have their own
        return made

    def str_schema(self, schema: core_schema.StringSchema) -> JsonSchemaValue:
        made = super().str_schema(schema)
        if self._config.coerce_numbers_to_str:
            made["type"] = ["string", "number"]
        return made

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 - pydantic's signature
        return False
