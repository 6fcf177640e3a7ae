"""corrections.jsonl: whole whatever happens, and one line for each cell."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from batchsend.corrections import Draft, append, read_journal
from batchsend.errors import SettingsError
from batchsend.lists import Figure
from batchsend.system_user import system_user

ONE = Draft((("Kundenr.", "1001"),), "Postnr", "581", "0581")
TWO = Draft((("Kundenr.", Figure("0007", "7")),), "Navn", "Åse", "Åse\nBjørk")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "corrections.jsonl"


def enter(path: Path, *drafts: Draft) -> None:
    append(path, lambda _: drafts)


def test_what_is_entered_comes_back_with_when_and_by_whom(path: Path) -> None:
    enter(path, ONE, TWO)
    enter(path, ONE)
    journal = read_journal(path)
    assert [each.draft for each in journal.corrections] == [ONE, TWO, ONE]
    assert [each.taking for each in journal.corrections] == [1, 1, 2]
    assert {each.by for each in journal.corrections} == {system_user()}
    assert all(each.at.tzinfo is not None for each in journal.corrections)
    key = journal.corrections[1].draft.key[0][1]
    assert isinstance(key, Figure)
    assert key.stored == "7"
    assert len(path.read_text(encoding="utf-8").splitlines()) == 3
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_who_entered_it_is_not_taken_from_the_environment(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = system_user()
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "somebody-else")
    enter(path, ONE)
    assert read_journal(path).corrections[0].by == before


def test_what_is_undone_is_a_line_of_its_own_and_what_was_before_holds_again(path: Path) -> None:
    later = Draft(ONE.key, "Postnr", "581", "0582")
    enter(path, ONE)
    enter(path, later)
    assert [each.draft for each in read_journal(path).in_force] == [later]
    append(path, lambda _: (), undo=lambda journal: [each.number for each in journal.last_taking])
    journal = read_journal(path)
    assert [each.draft for each in journal.in_force] == [ONE]
    assert [each.draft for each in journal.last_taking] == [ONE]
    assert len(path.read_text(encoding="utf-8").splitlines()) == 3


@pytest.mark.parametrize("cut", range(1, 40, 3))
def test_a_torn_last_line_counts_for_nothing_and_is_gone_with_the_next(
    path: Path, cut: int
) -> None:
    enter(path, ONE)
    whole = path.read_bytes()
    torn = json.dumps({"taking": 2, "key": [["Navn", "Å"]]}, ensure_ascii=False).encode()
    path.write_bytes(whole + torn[:cut])
    assert [each.draft for each in read_journal(path).corrections] == [ONE]
    enter(path, TWO)
    assert [each.draft for each in read_journal(path).corrections] == [ONE, TWO]
    assert path.read_bytes().startswith(whole + b'{"taking": 2')


def test_a_last_line_without_its_end_is_a_line(path: Path) -> None:
    enter(path, ONE)
    path.write_bytes(path.read_bytes().rstrip(b"\n"))
    enter(path, TWO)
    assert [each.draft for each in read_journal(path).corrections] == [ONE, TWO]


@pytest.mark.parametrize("line", ["{}", "no JSON", '{"undo": "x"}', "[1]", '{"taking": 1}'])
def test_a_line_that_is_none_is_named(path: Path, line: str) -> None:
    enter(path, ONE)
    path.write_text(path.read_text(encoding="utf-8") + line + "\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"corrections\.jsonl, line 2 cannot be understood"):
        read_journal(path)
    with pytest.raises(SettingsError, match="line 2"):
        enter(path, TWO)


def test_a_file_that_is_no_text_is_said_in_words(path: Path) -> None:
    path.write_bytes(b"\xff\xfe{\x00\n\n")
    with pytest.raises(SettingsError, match="not text in UTF-8"):
        read_journal(path)


def test_nothing_is_written_where_there_is_nothing_to_enter(path: Path) -> None:
    enter(path)
    assert not path.exists()


def test_two_processes_enter_at_once_and_nothing_is_lost(path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from batchsend.corrections import Draft, append\n"
        "ready = Path(sys.argv[1]).parent.joinpath\n"
        "ready(sys.argv[2]).touch()\n"
        "while not (ready('a').exists() and ready('b').exists()): pass\n"
        "for number in range(15):\n"
        "    each = Draft((('Kundenr.', f'{sys.argv[2]}-{number}'),), 'Postnr', '1', '2')\n"
        "    append(Path(sys.argv[1]), lambda _: [each, each])\n"
    )
    both = [
        subprocess.Popen([sys.executable, "-c", program, str(path), name]) for name in ("a", "b")
    ]
    assert [process.wait(60) for process in both] == [0, 0]
    journal = read_journal(path)
    keys = [each.draft.key[0][1] for each in journal.corrections]
    assert sorted(keys) == sorted([f"{name}-{at}" for name in "ab" for at in range(15)] * 2)
    takings = [each.taking for each in journal.corrections]
    assert takings == [at // 2 + 1 for at in range(60)]
