"""What every table of mailing.toml has in common, and where in the file its keys stand."""

from batchsend.settings.places import Place, Places
from batchsend.settings.section import Section, json_schema, wrong_keys

__all__ = [
    "Place",
    "Places",
    "Section",
    "json_schema",
    "wrong_keys",
]
