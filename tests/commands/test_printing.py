"""Where what is printed cannot be written, or nobody reads on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from mailings import MailingFolder, row

FULL = Path("/dev/full")


def run(mailing: MailingFolder, shell: str) -> subprocess.CompletedProcess[str]:
    """A line of the shell, `$it` being batchsend."""
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", shell],
        cwd=mailing.folder,
        env={"PATH": "/usr/bin:/bin", "python": sys.executable},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.skipif(not FULL.exists(), reason="there is no full device here")
@pytest.mark.parametrize("options", ["", pytest.param(" --json", marks=pytest.mark.slow)])
def test_a_full_disk_is_said_in_words(mailing: MailingFolder, options: str) -> None:
    ended = run(mailing, f'"$python" -m batchsend send mailing.toml --sandbox{options} > {FULL}')
    assert ended.returncode == 1
    assert "Error: Cannot write the output: No space left" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.slow
def test_a_name_that_the_terminal_has_no_signs_for_is_shown_without_them(
    mailing: MailingFolder,
) -> None:
    mailing.write(row(1))
    assert mailing.run("send", "--sandbox").exit_code == 0
    line = 'PYTHONIOENCODING=ascii "$python" -m batchsend report mailing.toml --table'
    ended = run(mailing, line)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "?se" in ended.stdout


@pytest.mark.skipif(sys.platform != "linux", reason="names are text elsewhere")
def test_a_file_whose_name_is_not_text_is_refused(mailing: MailingFolder) -> None:
    ended = run(mailing, '"$python" -m batchsend send mailing.toml --list "$(printf "l\\xe5.csv")"')
    assert ended.returncode == 2
    assert "l?.csv has characters in its name that are not text. Rename the file" in ended.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="the line is one of a POSIX shell")
def test_a_reader_may_have_seen_enough(mailing: MailingFolder) -> None:
    rows = ["Navn;Ort", *(f"Kari {number};Oslo" for number in range(30_000))]
    (mailing.folder / "long.csv").write_text("\n".join(rows), encoding="utf-8")
    ended = run(mailing, '"$python" -m batchsend inspect long.csv --csv | head -1')
    assert (ended.stdout, ended.stderr) == ("row,Navn,Ort\n", "")
