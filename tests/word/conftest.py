"""LibreOffice for the tests: the real one, or one that fails as it sometimes does."""

from __future__ import annotations

import io
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest

from batchsend.word.office_process import office

MAKES = {
    "all": "pass",
    "hangs": "time.sleep(600)",
    "dies": "os.kill(os.getpid(), 9)",
    "skips": "continue",
}
STAND_IN = """\
#!{python}
# A LibreOffice that makes the same PDF of everything, and {how} at what has {mark} in it.
import os, pathlib, sys, time
if "--version" in sys.argv:
    print("LibreOffice 7.4.7.2 40(Build:2)")
    sys.exit()
with open({log!r}, "a") as log:
    print(sum(each.endswith(".docx") for each in sys.argv), file=log)
for name in (each for each in sys.argv if each.endswith(".docx")):
    if {mark!r}.encode() in pathlib.Path(name).read_bytes():
        {what}
    pathlib.Path(name).with_suffix(".pdf").write_bytes(pathlib.Path({pdf!r}).read_bytes())
"""


@pytest.fixture(autouse=True)
def no_office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is no LibreOffice but for a test that asks for one, as on most machines."""
    monkeypatch.setenv("BATCHSEND_SOFFICE", str(tmp_path / "none"))


@pytest.fixture
def real_office(no_office: None, own_workers: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Skip where there is no LibreOffice. Kept workers may have a stand-in for it."""
    monkeypatch.delenv("BATCHSEND_SOFFICE")
    if office() is None:
        pytest.skip("LibreOffice is not installed")


@pytest.fixture
def stand_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, blank_pdf: bytes, own_workers: None
) -> Callable[[str], Path]:
    """Put a program in LibreOffice's place; what it was called with is in the file handed back."""

    def put(how: str, mark: str = "UHELL") -> Path:
        program, log, pdf = (tmp_path / name for name in ("soffice", "calls", "blank.pdf"))
        pdf.write_bytes(blank_pdf)
        program.write_text(
            STAND_IN.format(
                python=sys.executable,
                how=how,
                mark=mark,
                what=MAKES[how],
                log=str(log),
                pdf=str(pdf),
            )
        )
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("BATCHSEND_SOFFICE", str(program))
        monkeypatch.setattr("batchsend.word.office_process.START", 2.0)
        return log

    return put


@pytest.fixture
def blank_pdf() -> bytes:
    pdf = pypdfium2.PdfDocument.new()
    pdf.new_page(595, 842)
    file = io.BytesIO()
    pdf.save(file)
    return file.getvalue()
