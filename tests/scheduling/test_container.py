"""The container, as far as it can be tried without an engine to make one.

The Containerfile is read; and batchsend runs as it would in there: the first process, nobody in
particular, on a file system of which only the mailing's folder and a temporary one can be written.
"""

from __future__ import annotations

import itertools
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from mailings import Api, MailingFolder, row
from waiting import until

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent.parent
INSTRUCTIONS = [
    line.split(maxsplit=1)
    for line in (ROOT / "Containerfile").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]
APART = """
set -e
mount --make-rprivate /
mount -t tmpfs -o mode=755 tmpfs /mnt
for what in python packages source mailing; do
    mkdir /mnt/$what
    mount --bind "$1" /mnt/$what
    shift
done
mkdir /mnt/tmp
mount -t tmpfs -o mode=1777 tmpfs /mnt/tmp
mount -o remount,ro /mnt
mount -o remount,bind,ro /
export TMPDIR=/mnt/tmp HOME=/ PYTHONPATH=/mnt/source:/mnt/packages LD_LIBRARY_PATH=/mnt/python/lib
exec setpriv --reuid 10001 --regid 10001 --clear-groups --bounding-set=-all --inh-caps=-all \
    --no-new-privs env --chdir /mnt/mailing "$@"
"""
"""Python goes where anybody can read it: it may lie in a home that is nobody else's."""


def _told(name: str) -> list[str]:
    return [words for instruction, words in INSTRUCTIONS if instruction == name]


def test_the_containerfile() -> None:
    assert {name for name, _ in INSTRUCTIONS} <= {
        *("FROM", "COPY", "RUN", "ENV", "USER", "WORKDIR", "STOPSIGNAL", "ENTRYPOINT", "CMD")
    }
    for words in _told("RUN") + _told("ENTRYPOINT") + _told("CMD"):
        assert all(isinstance(word, str) for word in json.loads(words)), "no shell in between"
    assert _told("ENTRYPOINT") == ['["batchsend"]']
    assert _told("STOPSIGNAL") == ["SIGTERM"]
    [user] = _told("USER")
    assert int(user.partition(":")[0]) > 0
    after = [name for name, _ in INSTRUCTIONS[INSTRUCTIONS.index(["USER", user]) :]]
    assert not {"COPY", "RUN"} & set(after)
    assert all(re.search(r":[0-9.]+-slim( AS \w+)?$", image) for image in _told("FROM"))


def test_what_the_containerfile_takes_is_there() -> None:
    let_in = (ROOT / ".containerignore").read_text("utf-8").splitlines()
    taken = [words.split()[:-1] for words in _told("COPY") if not words.startswith("--from")]
    for name in itertools.chain(*taken):
        assert (ROOT / name).exists()
        assert f"!{name}" in let_in
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    [extras] = re.findall(r"/source\[(.+?)\]", " ".join(_told("RUN")))
    assert set(extras.split(",")) <= project["optional-dependencies"].keys()


@pytest.mark.skipif(
    not (hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("unshare")),
    reason="only root can mount a file system for reading alone",
)
def test_batchsend_runs_in_there_and_hears_sigterm(mailing: MailingFolder, api: Api) -> None:
    mailing.write(*(row(number) for number in range(1, 501)))
    mailing.edit("rate = 500", "rate = 4")
    base = Path(sys.base_prefix).resolve()
    python = Path("/mnt/python") / Path(sys.executable).resolve().relative_to(base)
    send = f"-m batchsend send mailing.toml --base-url {api.base_url} --yes --json"
    with _owned_by_nobody(mailing.folder):
        process = subprocess.Popen(
            [
                *("unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"),
                *("bash", "-c", APART, "bash"),
                *map(str, (base, sysconfig.get_path("purelib"), ROOT, mailing.folder)),
                *("sh", "-c", f"touch /etc/batchsend && exit 9; exec {python} {send}"),
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        until(lambda: process.poll() is not None or len(api.identifiers()) > 4, "letters")
        assert process.poll() is None, process.communicate()
        [first] = psutil.Process(process.pid).children()
        assert first.uids().real == 10001
        first.send_signal(signal.SIGTERM)
        output, errors = process.communicate()
    assert process.returncode == 3, errors
    told = json.loads(output)
    assert told["stopped"]
    assert told["by_status"] == {
        "accepted": len(api.identifiers()),
        "pending": 500 - len(api.identifiers()),
    }
    assert "Read-only file system" in errors.splitlines()[0]


@contextmanager
def _owned_by_nobody(folder: Path) -> Iterator[None]:
    for path in (*folder.iterdir(), folder):
        os.chown(path, 10001, 10001)
    try:
        yield
    finally:
        os.chown(folder, 0, 0)
        for here, folders, _ in os.walk(folder):
            for name in folders:
                os.chown(Path(here, name), 0, 0)
