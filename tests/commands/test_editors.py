"""What shells and editors are told: completions, and the schema of mailing.toml."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.shell_completion import get_completion_class
from click.testing import CliRunner
from mailings import MailingFolder

from batchsend.commands import main
from batchsend.mailing import MailingFile
from batchsend.settings import json_schema

ROOT = Path(__file__).parent.parent.parent


def _proposed(typed: str) -> list[str]:
    """What a bash asks for at the end of what was typed, as the script makes it do."""
    words = typed.split(" ")
    result = CliRunner().invoke(
        main,
        prog_name="batchsend",
        env={
            "_BATCHSEND_COMPLETE": "bash_complete",
            "COMP_WORDS": typed,
            "COMP_CWORD": str(len(words) - 1),
        },
    )
    assert result.exit_code == 0
    return result.stdout.splitlines()


@pytest.mark.parametrize(
    ("typed", "proposed"),
    [
        ("batchsend se", ["plain,send", "plain,settle"]),
        ("batchsend send --ret", ["plain,--retry-rejected"]),
        ("batchsend send m", ["file,m"]),
        ("batchsend inspect list.csv --hidden ", ["plain,skip", "plain,read"]),
        ("batchsend completion z", ["plain,zsh"]),
    ],
)
def test_what_the_tab_key_proposes(typed: str, proposed: list[str]) -> None:
    assert _proposed(typed) == proposed


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_is_clicks_own(shell: str) -> None:
    result = CliRunner().invoke(main, ["completion", shell])
    assert result.exit_code == 0
    assert "_BATCHSEND_COMPLETE" in result.stdout
    assert get_completion_class(shell) is not None


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    made = json_schema(MailingFile, title="mailing.toml")
    jsonschema.Draft202012Validator.check_schema(made)
    return made


def _faults(schema: dict[str, Any], text: str) -> list[str]:
    found = jsonschema.Draft202012Validator(schema).iter_errors(tomllib.loads(text))
    return [fault.message for fault in found]


@pytest.mark.parametrize("path", sorted(ROOT.glob("example_data/*/mailing.toml")), ids=str)
def test_every_mailing_that_ships_fits_the_schema(schema: dict[str, Any], path: Path) -> None:
    assert _faults(schema, path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("rate = 500", "rates = 5", "'rates' was unexpected"),
        ("rate = 500", "rate = -1", "-1 is less than or equal to the minimum of 0"),
        ("rate = 500", 'rate = "fast"', "'fast' is not of type 'number'"),
        ("PostCode =", "Postcode =", "'Postcode' was unexpected"),
        ('Channel = "PRINT"', 'Channel = "PRINT"\nFreeText = "x"', "False schema does not allow"),
        ('name = "test"', "", "'name' is a required property"),
    ],
)
def test_what_the_loader_refuses_does_not_fit(
    schema: dict[str, Any], mailing: MailingFolder, old: str, new: str, fault: str
) -> None:
    mailing.edit(old, new)
    assert mailing.run("check").exit_code == 2
    (found,) = _faults(schema, mailing.path.read_text(encoding="utf-8"))
    assert fault in found


def test_it_explains_the_keys_and_knows_no_secrets(schema: dict[str, Any]) -> None:
    assert "never exceeded" in schema["$defs"]["SendSettings"]["properties"]["rate"]["description"]
    names = set(_names(schema))
    assert "rate" in names
    assert not names & {"SubscriptionId", "StorageId", "bearer_token", "client_secret"}


def _names(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
        for inner in schema.values():
            yield from _names(inner)


def test_the_command_prints_it(schema: dict[str, Any]) -> None:

    result = CliRunner().invoke(main, ["schema"])
    assert json.loads(result.stdout) == schema
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
