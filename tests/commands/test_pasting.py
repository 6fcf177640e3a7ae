"""A command that is printed can be pasted into the shell that shows it."""

from __future__ import annotations

import shlex

import pytest

from batchsend.command_line import command_line


@pytest.mark.parametrize("word", ["brev oktober/mailing.toml", "R&D/a.toml", "it's", "æøå", "$a"])
def test_a_posix_shell_reads_the_words_again(word: str) -> None:
    assert shlex.split(command_line("send", word, platform="posix")) == ["batchsend", "send", word]


@pytest.mark.parametrize(
    ("word", "written"),
    [
        (r"C:\Brev\mailing.toml", r"C:\Brev\mailing.toml"),
        (r"påminnelse\mailing.toml", r"påminnelse\mailing.toml"),
        (r"brev oktober\mailing.toml", r'"brev oktober\mailing.toml"'),
        (r"R&D\mailing.toml", r'"R&D\mailing.toml"'),
        ("a;b(1).toml", '"a;b(1).toml"'),
        ("2,5-9", '"2,5-9"'),
        ("Ola's.toml", '"Ola\'s.toml"'),
        ("R&D\\", '"R&D\\\\"'),
        ("", '""'),
    ],
)
def test_both_shells_of_windows_read_the_word_whole(word: str, written: str) -> None:
    assert command_line("send", word, platform="nt") == f"batchsend send {written}"
