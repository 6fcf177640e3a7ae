"""`batchsend schema`: what may stand in a mailing.toml, for editors."""

from __future__ import annotations

import json

import click

from batchsend.mailing import MailingFile
from batchsend.settings import json_schema


@click.command
def schema() -> None:
    """Print the JSON Schema of mailing.toml.

    Editors complete and check it with that.

    Save it beside the mailing, and write as the first line of mailing.toml: #:schema ./FILE
    """
    click.echo(json.dumps(json_schema(MailingFile, title="mailing.toml"), indent=2))
