"""command_line: a batchsend command that somebody is to type, as it can be pasted into a shell."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from pathlib import Path

_PLAIN_ON_WINDOWS = re.compile(r"[\w.:\\/=+-]+")


def command_line(*words: str | Path, platform: str = os.name) -> str:
    r"""A batchsend command as it can be pasted into a shell.

    On Windows it is read alike by cmd.exe and by PowerShell, but for a `$` or a backtick, which
    PowerShell takes for its own even in quotation marks, and a `%` in cmd.exe.

    >>> command_line("send", "mailing.toml", "--limit", "5", platform="posix")
    'batchsend send mailing.toml --limit 5'
    >>> command_line("send", r"R&D\mailing.toml", "--rows", "2,5-9", platform="nt")
    'batchsend send "R&D\\mailing.toml" --rows "2,5-9"'
    """
    return typed("batchsend", *words, platform=platform)


def typed(*words: str | Path, platform: str = os.name) -> str:
    """Words of a command, each quoted where a shell would take it apart."""
    texts = list(map(str, words))
    return " ".join(map(_quoted, texts)) if platform == "nt" else shlex.join(texts)


def _quoted(word: str) -> str:
    """A word for a shell of Windows: both take `&` and `;` for an end, PowerShell splits at `,`."""
    as_program_reads_it = subprocess.list2cmdline([word])
    if _PLAIN_ON_WINDOWS.fullmatch(word) or as_program_reads_it.startswith('"'):
        return as_program_reads_it
    # A space has list2cmdline quote the word; then it is taken out again.
    return subprocess.list2cmdline([f" {word}"]).replace('" ', '"', 1)
