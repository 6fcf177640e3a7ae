"""The documentation is built without a warning, and its pages can be read by everybody."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from browser import Tabs, accessibility_faults

DOCS = Path(__file__).parent.parent.parent / "docs"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built pages. A dead link, an unknown anchor or a page in no table of contents fails."""
    pytest.importorskip("sphinx", reason="the extra `docs` is not installed")
    out = tmp_path_factory.mktemp("site")
    options = ["-q", "-W", "--keep-going", "-d", str(out / "doctrees")]
    run = subprocess.run(
        [sys.executable, "-m", "sphinx", *options, str(DOCS), str(out / "html")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return out / "html"


@pytest.mark.slow
def test_every_page_is_built(site: Path) -> None:
    pages = {page.stem for page in DOCS.glob("*.md")}
    assert pages <= {page.stem for page in site.glob("*.html")}


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *what: object) -> None:
        pass


@pytest.fixture
def address(site: Path) -> Iterator[str]:
    """Where the site is served: the checker cannot read the style sheets of files."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.slow
def test_its_pages_can_be_read_by_everybody(address: str, tabs: Tabs) -> None:
    faults = []
    for built in DOCS.glob("*.md"):
        page = tabs.open(f"{address}/{built.stem}.html")
        empty = page.evaluate("[...document.images].filter(each => !each.naturalWidth).length")
        faults += [f"{built.name} has a picture of nothing"] * bool(empty)
        page.close()
    for name, width, scheme in (
        ("tutorial", 390, "dark"),
        ("settings", 1280, "light"),
        ("design", 1280, "dark"),
        ("python", 390, "light"),
    ):
        page = tabs.open(f"{address}/{name}.html", width=width, scheme=scheme)
        if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
            faults.append(f"{name} is {wide} wide")
        faults += [f"{name}: {fault}" for fault in accessibility_faults(page)]
    assert faults == []
