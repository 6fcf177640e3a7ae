"""What every table of mailing.toml has in common, and where in the file its keys stand."""

from batchsend.settings.places import Place, Places
from batchsend.settings.renaming import Renamed, with_new_names
from batchsend.settings.schema import json_schema
from batchsend.settings.section import Section, wrong_keys

__all__ = [
    "Place",
    "Places",
    "Renamed",
    "Section",
    "json_schema",
    "with_new_names",
    "wrong_keys",
]
