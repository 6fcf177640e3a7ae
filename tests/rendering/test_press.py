"""Worker processes: everything comes out, whatever happens to a process."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest
from pydantic import SecretStr
from waiting import PATIENCE

from batchsend.outcome import Entry
from batchsend.rendering import PageSettings, RenderedLetter, RenderPool
from batchsend.rendering.workers.executor import WorkerProcess
from batchsend.request import Subscription


def test_every_letter_comes_out_with_its_own_document(
    folder, letter, press_all, pdf_of, text
) -> None:
    letters = [letter(n) for n in range(2, 52)]
    with folder.press("<p>{{ navn }} pays {{ beløp | money }}</p>", workers=2) as press:
        prepared = press_all(press, letters)
    assert [p.entry.row for p in prepared] == list(range(2, 52))
    for made, source in zip(prepared, letters, strict=True):
        entry = made.entry
        assert (entry.identifier, entry.channel, entry.content, made.error, entry.pages) == (
            source.identifier,
            source.channel,
            source.content,
            "",
            1,
        )
        [page] = text(pdf_of(made))
        assert page.startswith(f"Kari Øvergård {made.entry.row} pays")


@pytest.mark.slow
def test_the_request_is_finished_in_the_worker(folder, letter, press_all) -> None:
    with folder.press("Hei") as press:
        [prepared] = press_all(press, [letter()])
    body = json.loads(prepared.body)
    assert body["Letter"]["Identifier"] == "rent-2"
    assert body["Subscription"] == {"SubscriptionId": "secret-id", "StorageId": "267"}
    assert "secret-id" not in repr(press) + repr(vars(press))


@pytest.mark.slow
def test_a_request_that_is_too_large_is_held_or_warned_of(folder, letter, press_all) -> None:
    limits = {"max_request_kilobytes": 2}
    channels = {
        "PRINT": {**limits, "rules": {"addressee": "off"}},
        "KIVRA": {**limits, "rules": {"size": "warn"}},
        "EMAIL": {**limits, "rules": {"size": "off"}},
    }
    pages = PageSettings.model_validate(channels)
    with folder.press("Hei", pages=pages) as press:
        held, warned, sent = press_all(press, [letter(channel=channel) for channel in channels])
    assert re.fullmatch(r"^size: the request has \d+ kB, at most 2 kB are accepted\.", held.error)
    assert warned.body
    assert warned.warnings[-1].startswith("size: the request has")
    assert sent.body
    assert sent.warnings == ()
    assert PageSettings().for_channel("KIVRA").max_request_kilobytes == 1000


def test_one_bad_letter_does_not_stop_the_others(folder, letter, press_all) -> None:
    html = "{% if kundenr == '1007' %}{{ navn | money }}{% endif %}{{ navn }}"
    with folder.press(html) as press:
        prepared = press_all(press, [letter(n) for n in range(2, 40)])
    assert [p.entry.row for p in prepared if p.error] == [7]
    [bad] = [p for p in prepared if p.error]
    assert not bad.error.startswith("Row 7: "), "it stands beside it"
    assert "letter.html, line 1" in bad.error
    assert bad.body == b""


TRAPS = [
    ("{{ 9 ** (9 ** 9) }}", "something too large"),
    ("{{ (navn * 9000) | replace('a', 'x' * 900000) }}", "MemoryError"),
    ("<img src='broken.png'>", "broken.png cannot be read"),
    ("<img src='data:image/png;base64,AAAA'>", "cannot be read"),
    ("<p style='height: 1000000mm'>x</p>", "pages, more than 500"),
]


@pytest.mark.slow
def test_a_trap_costs_its_own_letter_only(folder, letter, press_all, png) -> None:
    """Every second letter runs into a trap, the others are none the worse for it."""
    folder.write("broken.png", png(pixels=False))
    html = "{{ navn }}" + "".join(
        f"{{% if kundenr == '{1000 + 2 * n}' %}}{trap}{{% endif %}}"
        for n, (trap, _) in enumerate(TRAPS, start=1)
    )
    with folder.press(html, workers=2, timeout=PATIENCE) as press:
        prepared = press_all(press, [letter(n) for n in range(2, 2 * len(TRAPS) + 2)])
    bad = [made for made in prepared if made.error]
    assert [made.entry.row for made in bad] == [2 * n for n in range(1, len(TRAPS) + 1)]
    for made, (_, said) in zip(bad, TRAPS, strict=True):
        assert made.error
        assert said in made.error


@pytest.mark.slow
def test_a_loop_without_end_costs_its_own_letter_only(
    folder, letter, press_all, monkeypatch
) -> None:
    loop = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"
    html = "{{ navn }}{% if kundenr == '1003' %}" + loop + "{% endif %}"
    run = WorkerProcess.run

    def patient(process, fn, args, kwargs, limit):
        """The limit is for the loop alone: others may come to a machine that is busy."""
        loops = any(each.rows[0].number == 3 for each in args[0])
        return run(process, fn, args, kwargs, limit if loops else PATIENCE)

    monkeypatch.setattr(WorkerProcess, "run", patient)
    with folder.press(html, timeout=1) as press:
        prepared = press_all(press, [letter(n) for n in (2, 3, 4)])
    assert [made.entry.row for made in prepared if made.error] == [3]
    assert "longer than 1 seconds" in prepared[1].error


@pytest.mark.slow
def test_a_killed_worker_costs_nothing_but_time(folder, letter, pdf_of) -> None:
    async def collect(press: RenderPool) -> list[int]:
        rows = []
        async for prepared in press.prepare(letter(n) for n in range(2, 202)):
            pdf_of(prepared)
            rows.append(prepared.entry.row)
            if len(rows) in {1, 60}:
                for pid in press.pids:
                    psutil.Process(pid).kill()
        return rows

    with folder.press("{{ navn }}", workers=2) as press:
        rows = asyncio.run(collect(press))
    assert sorted(rows) == list(range(2, 202))


@pytest.mark.slow
def test_a_letter_whose_process_dies_every_time_is_given_up(
    folder, letter, press_all, monkeypatch
) -> None:
    with folder.press("{{ navn }}") as press:
        monkeypatch.setattr(press, "_job", _die_at_row_3)
        prepared = press_all(press, [letter(n) for n in (2, 3)])
    assert [p.entry.row for p in prepared if p.error] == [3]
    assert "stopped at this letter each time" in prepared[1].error


def _die_at_row_3(letters):
    if any(letter.rows[0].number == 3 for letter in letters):
        os._exit(9)
    return [RenderedLetter(Entry("", letter.rows[0].number, "", "")) for letter in letters]


@pytest.mark.slow
def test_no_more_is_taken_than_is_needed(folder, letter) -> None:
    taken = 0

    def letters():
        nonlocal taken
        for n in range(2, 100_000):
            taken += 1
            yield letter(n)

    async def first(press: RenderPool) -> None:
        async for _ in press.prepare(letters()):
            break

    with folder.press("{{ navn }}", workers=2) as press:
        asyncio.run(first(press))
    assert taken < 200


@pytest.mark.slow
def test_leaving_the_press_ends_its_processes(folder, letter, press_all) -> None:
    with folder.press("{{ navn }}", workers=2) as press:
        press_all(press, [letter(n) for n in range(2, 60)])
        processes = [psutil.Process(pid) for pid in press.pids]
        assert processes
    assert not any(process.is_running() for process in processes)


def test_another_executor_can_take_the_workers_place(folder, letter, press_all) -> None:
    templates = folder.load("{{ navn }}")
    secrets = Subscription(SubscriptionId=SecretStr("a"), StorageId=SecretStr("b"))
    with ThreadPoolExecutor(1) as pool, RenderPool(templates, (), secrets, executor=pool) as press:
        prepared = press_all(press, [letter(2)])
    assert "nothing is called “navn”" in prepared[0].error  # no columns were given


SCRIPT = """
import asyncio, sys, time
from pathlib import Path
from pydantic import SecretStr
from batchsend.letters import Letter
from batchsend.request import Subscription
from batchsend.lists import Column, Row
from batchsend.rendering import RenderPool, Templates, TemplateSettings

print("script starts", flush=True)
settings = TemplateSettings(path=Path("letter.html"))
templates = Templates.load(settings, folder=Path(sys.argv[1]))
subscription = Subscription(SubscriptionId=SecretStr("a"), StorageId=SecretStr("b"))
names = {"Invoicee": {"Name": "n"}, "Invoicer": {"Name": "m"}}
fields = {"Channel": "EMAIL", "Identifier": "i", **names}

def letters():
    for n in range(2, 40):
        yield Letter("i", "EMAIL", "NO", fields, (Row(n, ("x",)),), "c")

async def main(press):
    return [prepared async for prepared in press.prepare(letters())]

with RenderPool(templates, (Column(0, "A", "a"),), subscription, workers=1) as press:
    made = asyncio.run(main(press))
    print(len(made), "made", {p.error for p in made}, flush=True)
    print("pids", *press.pids, flush=True)
    if len(sys.argv) > 2:
        time.sleep(3600)
"""


def test_a_script_needs_no_main_guard(folder, tmp_path) -> None:
    folder.write("letter.html", "{{ a }}")
    script = tmp_path / "script.py"
    script.write_text(SCRIPT, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(script), str(folder.path)], capture_output=True, text=True, check=False
    )
    assert done.stdout.splitlines()[:2] == ["script starts", "38 made {''}"]
    assert done.stderr == ""


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="signals to groups are POSIX")
@pytest.mark.parametrize("how", ["kill", "interrupt"])
def test_workers_end_with_the_process_that_started_them(folder, tmp_path, how) -> None:
    folder.write("letter.html", "{{ a }}")
    script = tmp_path / "script.py"
    script.write_text(textwrap.dedent(SCRIPT), encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, str(script), str(folder.path), "wait"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as main:
        assert main.stdout is not None
        lines = [main.stdout.readline() for _ in range(3)]
        workers = [psutil.Process(int(pid)) for pid in lines[2].split()[1:]]
        assert workers
        if how == "kill":
            main.kill()
        else:
            os.killpg(main.pid, signal.SIGINT)  # as a terminal does
        main.wait()
        _, alive = psutil.wait_procs(workers, timeout=PATIENCE)
    assert not alive


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="looks at Linux's own environment")
def test_letters_look_the_same_where_there_are_no_fonts(folder, tmp_path, fonts) -> None:
    """No system fonts, no configuration, no home, nowhere to write but a temporary folder."""
    folder.write("letter.html", "<p style='font-family: Arial'>ÆØÅ <b>b</b> {{ a }}</p>")
    script = tmp_path / "script.py"
    script.write_text(
        SCRIPT + "\nimport base64, json\n"
        "pdf = base64.b64decode(json.loads(made[0].body)['Letter']['FreeText'])\n"
        f"Path({str(tmp_path / 'out.pdf')!r}).write_bytes(pdf)\n",
        encoding="utf-8",
    )
    empty = {
        "PATH": os.environ["PATH"],
        "HOME": "/nonexistent",
        "FONTCONFIG_PATH": "/nonexistent",
        "FONTCONFIG_FILE": "/nonexistent",
        "XDG_DATA_HOME": "/nonexistent",
        "TMPDIR": str(tmp_path),
    }
    done = subprocess.run(
        [sys.executable, str(script), str(folder.path)],
        env=empty,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    pdf = Path(tmp_path / "out.pdf").read_bytes()
    assert fonts(pdf) == {"NotoSans-Regular", "NotoSans-Bold"}
