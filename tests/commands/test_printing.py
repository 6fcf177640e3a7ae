"""Where what is printed cannot be written, or nobody reads on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from mailings import MailingFolder

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


@pytest.mark.skipif(not FULL.exists(), reason="there is no full device here")
@pytest.mark.parametrize("options", ["", " --json"])
def test_a_full_disk_is_said_in_words(mailing: MailingFolder, options: str) -> None:
    ended = run(mailing, f'"$python" -m batchsend send mailing.toml --sandbox{options} > {FULL}')
    assert ended.returncode == 1
    assert "Error: What there is to say cannot be printed or written: No space left" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="the line is one of a POSIX shell")
def test_a_reader_may_have_seen_enough(mailing: MailingFolder) -> None:
    rows = ["Navn;Ort", *(f"Kari {number};Oslo" for number in range(30_000))]
    (mailing.folder / "long.csv").write_text("\n".join(rows), encoding="utf-8")
    ended = run(mailing, '"$python" -m batchsend inspect long.csv --csv | head -1')
    assert (ended.stdout, ended.stderr) == ("row,Navn,Ort\n", "")
