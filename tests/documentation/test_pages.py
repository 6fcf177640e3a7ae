"""Every command that the documentation shows is run, and ends as its page says."""

from __future__ import annotations

import doctest
import io
import re
import shlex
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import takewhile
from pathlib import Path

import pytest
from click.testing import CliRunner
from documentation.pages import Block, blocks, changed
from documentation.prepared import IN_DOUBT, PREPARED
from mailings import Sandbox

from batchsend.commands import main
from batchsend.sandbox import running_sandbox

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent.parent
SETTING = re.compile(r"[A-Z_]+=")
RUN = re.compile("^```(sh|pycon)$", re.MULTILINE)
PAGES = [
    page
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
    if RUN.search(page.read_text(encoding="utf-8"))
]
LANGUAGES = {"", "sh", "text", "toml", "html", "css", "python", "pycon"}
NOT_RUN = {"not run", "main-job", "tests"}


class Somebody(io.BytesIO):
    """A person at the terminal, who agrees to everything."""

    def isatty(self) -> bool:
        return True


class Reader:
    """Who goes through a page from top to bottom, doing what it says."""

    def __init__(self, page: Path, opened: ExitStack) -> None:
        self._page = page
        self._opened = opened
        self._printed = ""
        self._where = ""
        self._sandbox = ""
        self._names: dict[str, object] = {}

    def read(self) -> None:
        for block in blocks(self._page):
            self._where = f"{self._page.name}, line {block.line}"
            self._do(block)

    def _do(self, block: Block) -> None:
        assert block.language in LANGUAGES, f"{self._where}: nobody runs {block.language}"
        orders = block.orders
        if "first" in orders:
            PREPARED[orders["first"]]()
        if "file" in orders:
            path = Path(orders["file"])
            path.parent.mkdir(exist_ok=True, parents=True)
            path.write_text(block.text, encoding="utf-8")
        if "change" in orders:
            path = Path(orders["change"])
            path.write_text(changed(path.read_text("utf-8"), block.text), encoding="utf-8")
        if "prints" in orders:
            for line in map(_plain, block.text.splitlines()):
                assert line in self._printed, f"{self._where}: not printed: {line}\n{self._printed}"
        if block.language == "python" and self._page.parent.name == "docs":
            exec(block.text, {"__name__": self._page.stem})
        if block.language == "pycon":
            self._examples(block.text)
        if block.language == "sh" and not orders.keys() & NOT_RUN:
            *others, last = block.commands()
            for command in others:
                self._run(command, 0)
            self._run(last, int(orders.get("exits", "0")))

    def _examples(self, session: str) -> None:
        """What a person types at Python's prompt, and what comes back."""
        test = doctest.DocTestParser().get_doctest(session, self._names, self._where, None, 0)
        doctest.DebugRunner().run(test, clear_globs=False)
        self._names = test.globs

    def _run(self, command: str, expected: int) -> None:
        words = shlex.split(command, comments=True)
        settings = dict(word.split("=", 1) for word in takewhile(SETTING.match, words))
        program, *arguments = words[len(settings) :]
        assert program == "batchsend", f"{self._where}: nobody runs {program}"
        if arguments[0] == "sandbox":
            self._sandbox = self._opened.enter_context(_sandbox(arguments[1:]))
            return
        arguments = [each.replace("http://127.0.0.1:8400", self._sandbox) for each in arguments]
        *arguments, to, file = arguments if ">" in arguments else (*arguments, "", "")
        with Somebody(b"y\n") as person:
            result = CliRunner().invoke(main, arguments, input=person, env=settings)
        if to:
            Path(file).write_text(result.stdout, encoding="utf-8")
        self._printed = _plain(result.output)
        assert result.exit_code == expected, (
            f"{self._where}: {command} ended with {result.exit_code}\n{result.output}"
        )


@contextmanager
def _sandbox(options: list[str]) -> Iterator[str]:
    """`batchsend sandbox` in a terminal of its own, its page opened; and its address."""
    command = [sys.executable, "-m", "batchsend", "sandbox", *options, "--port=0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            address = re.findall(r"http://\S+", process.stdout.readline())[0]
            with urllib.request.urlopen(address) as page:
                assert page.status == 200
            yield address
        finally:
            process.terminate()


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


@pytest.fixture(scope="module")
def api() -> Iterator[str]:
    with running_sandbox() as base_url:
        yield base_url


@pytest.mark.usefixtures("own_workers")  # those that are kept are at home in another folder
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_its_commands_run(
    page: Path, tmp_path: Path, api: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sandbox = Sandbox(api)
    sandbox.empty()
    doubt = "first: october in doubt" in page.read_text(encoding="utf-8")
    sandbox.misbehave(**({"letters": IN_DOUBT} if doubt else {}))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BATCHSEND_BASE_URL", api)
    monkeypatch.setenv("BATCHSEND_SUBSCRIPTION_ID", "subscription-1")
    monkeypatch.setenv("BATCHSEND_STORAGE_ID", "storage-1")
    with ExitStack() as opened:
        Reader(page, opened).read()
