"""Every finding about a list can be overruled, in mailing.toml and on the command line alike."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from mailings import HEADINGS, MailingFolder, row
from xlsxwriter import Workbook

from batchsend import Mailing
from batchsend.commands import main

OTHERS = (row(1), row(2))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def text(*lines: str, encoding: str = "cp1252") -> bytes:
    return "\r\n".join((*lines, "")).encode(encoding)


def workbook() -> bytes:
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        book.add_worksheet("Forside").write(0, 0, "Om listen")
        sheet = book.add_worksheet("Kunder")
        for at, line in enumerate((HEADINGS, *OTHERS)):
            sheet.write_row(at, 0, line.split(";"))
        sheet.set_row(2, options={"hidden": True})
    return out.getvalue()


HEADLESS = [part for name in HEADINGS.split(";") for part in ("--heading", name)]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "content", "options", "settings"),
    [
        pytest.param(
            "list.csv",
            text(HEADINGS, row(1, etternavn="Škoda"), row(2), encoding="iso8859-15"),
            ["--encoding", "iso8859-15"],
            {"encoding": "iso8859-15"},
            id="encoding",
        ),
        pytest.param(
            "list.csv",
            text("sep=,", HEADINGS, *OTHERS),
            ["--separator", ";"],
            {"separator": ";"},
            id="separator",
        ),
        pytest.param(
            "list.csv",
            text(HEADINGS, row(1, adresse="'Lia; 2'"), row(2)),
            ["--quote", "'"],
            {"quote": "'"},
            id="quote",
        ),
        pytest.param(
            "list.csv",
            text(HEADINGS.replace("Fornavn", "Navn"), HEADINGS, *OTHERS),
            ["--header-row", "2"],
            {"header_row": 2},
            id="header row",
        ),
        pytest.param(
            "list.csv",
            text(*OTHERS),
            HEADLESS,
            {"headings": HEADINGS.split(";")},
            id="headings",
        ),
        pytest.param(
            "list.csv",
            text(HEADINGS, *OTHERS, row(1)),
            ["--footer-rows", "1"],
            {"footer_rows": 1},
            id="footer",
        ),
        pytest.param(
            "list.xlsx", workbook(), ["--sheet", "Kunder"], {"sheet": "Kunder"}, id="sheet"
        ),
        pytest.param(
            "list.xlsx",
            workbook(),
            ["--sheet", "Kunder", "--hidden", "read"],
            {"sheet": "Kunder", "hidden": "read"},
            id="hidden rows",
        ),
    ],
)
def test_it_is_the_same_in_both_places(
    mailing: MailingFolder,
    name: str,
    content: bytes,
    options: list[str],
    settings: dict[str, object],
) -> None:
    path = mailing.folder / name
    path.write_bytes(content)
    plain, overruled = run("inspect", str(path)), run("inspect", str(path), *options)
    assert overruled.exit_code == 0, overruled.output
    assert overruled.output != plain.output
    mailing.edit('path = "list.csv"', f'path = "{name}"')
    by_option = run("check", str(mailing.path), *options)
    lines = "".join(f"{key} = {json.dumps(value)}\n" for key, value in settings.items())
    mailing.edit("[list]\n", f"[list]\n{lines}")
    by_setting = run("check", str(mailing.path))
    assert "letters can be sent, 0 rows" in by_setting.output or "1 letter can" in by_setting.output
    assert by_option.output == by_setting.output


@pytest.mark.parametrize("command", [("send", "--dry-run", "--sandbox"), ("preview", "--rows=3")])
def test_sending_and_previewing_take_them_too(
    mailing: MailingFolder, command: tuple[str, ...]
) -> None:
    (mailing.folder / "list.csv").write_bytes(text("Kunder;;;", HEADINGS.lower(), *OTHERS))
    mailing.edit("[list]\n", "[list]\nheader_row = 1\n")
    name, *options = command
    assert mailing.run(name, *options).exit_code == 2
    done = mailing.run(name, *options, "--header-row", "2")
    assert done.exit_code == 0, done.output


def test_init_notes_what_it_was_told(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(text(*OTHERS, "Antall: to"))
    made = run("init", str(path), str(tmp_path / "m"), *HEADLESS, "--footer-rows", "1")
    assert made.exit_code == 0, made.output
    noted = Mailing.load(tmp_path / "m").list
    assert noted.headings == tuple(HEADINGS.split(";"))
    assert noted.footer_rows == 1


def test_what_does_not_fit_is_said_of_its_option(mailing: MailingFolder) -> None:
    refused = mailing.run("check", "--separator", "ab")
    assert refused.exit_code == 2
    assert "--separator: must be one character" in refused.output
