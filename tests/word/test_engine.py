"""LibreOffice as an engine: when it works, and when it hangs, dies or leaves a letter out."""

from __future__ import annotations

import io
import os
import signal
import time
from collections.abc import Callable
from concurrent.futures import BrokenExecutor
from pathlib import Path
from typing import Any

import psutil
import pypdfium2
import pytest
from waiting import until
from word_documents import document, field, merge_field, paragraph, run, table, text_box, torn

from batchsend.errors import RenderingError, TemplateError
from batchsend.letters import Letter
from batchsend.lists import Column, Row
from batchsend.rendering import Renderer, Templates, TemplateSettings, Workers
from batchsend.rendering.document import Document
from batchsend.rendering.workers.pool import _Job, _prepare_all
from batchsend.request import Subscription
from batchsend.word.office_process import office

COLUMNS = (Column(0, "Kundenr.", "kundenr"), Column(1, "Navn", "navn"))


def letters(*names: str, language: str = "NO") -> list[Letter]:
    return [
        Letter(
            identifier=str(number),
            channel="EMAIL",
            language=language,
            fields={
                "Channel": "EMAIL",
                "Identifier": str(number),
                "LanguageID": language,
                "Invoicee": {"Name": name, "Address1": "Storgata 1", "PostCode": "0150"},
                "Invoicer": {"Name": "Utleier AS"},
            },
            rows=(Row(number, (str(1000 + number), name)),),
            content="",
        )
        for number, name in enumerate(names, start=2)
    ]


def renderer(folder: Path, data: bytes, **settings: Any) -> Renderer:
    (folder / "brev.docx").write_bytes(data)
    template = TemplateSettings(path=Path("brev.docx"), **settings)
    return Renderer(Templates.load(template, folder=folder), COLUMNS)


def pages(document: Document | RenderingError) -> list[str]:
    assert isinstance(document, Document), document
    pdf = pypdfium2.PdfDocument(document.pdf)
    return [page.get_textpage().get_text_bounded().replace("\r\n", "\n") for page in pdf]


WHOLE = document(
    paragraph(
        run("Kjære "), merge_field("Navn"), text_box(paragraph(torn("«Navn»"), run(" i boks")))
    ),
    table([paragraph(run("Kundenr")), paragraph(merge_field("Kundenr"))]),
    paragraph(run("x"), '<w:r><w:br w:type="page"/></w:r>', run("Vilkår for {{ navn }}")),
    header=paragraph(run("Utleier AS til "), merge_field("Navn")),
    footer=paragraph(run("Side "), field(" PAGE ", "1"), run(" av "), field(" NUMPAGES ", "1")),
)


def test_what_a_fixed_height_cuts_off_holds_the_letter(tmp_path: Path, real_office: None) -> None:
    row = table([paragraph(run("en linje som er lang " * 9)), paragraph(merge_field("Navn"))])
    exact = '<w:tr><w:trPr><w:trHeight w:val="300" w:hRule="exact"/></w:trPr>'
    boxed = text_box(*(paragraph(run(f"linje{n}")) for n in range(30)))
    fine = '<w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/>'
    of_both = renderer(
        tmp_path,
        document(
            paragraph(run("{% if navn == 'Lang' %}"), boxed, run("{% endif %}")),
            row.replace("<w:tr>", exact).replace("Navn", "Kundenr"),
            paragraph(run("ü", fine), run("ü", fine), run(" Kjære "), merge_field("Navn")),
        ),
    )
    short, long = of_both.render_each(letters("Kort", "Lang"))
    assert "cut: “en linje som er lang” is not printed" in str(short)
    assert "linje5 linje6" in str(long)


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Document]]:
    """Letters in two languages, by one start of the real LibreOffice."""
    if office() is None:
        pytest.skip("LibreOffice is not installed")
    press = renderer(tmp_path_factory.mktemp("real"), WHOLE)
    names = ("Åse Bø", "Бојана & <Љ>")
    all_letters = [*letters(*names), *letters(*names, language="SE")]
    made = [each for each in press.render_each(all_letters) if isinstance(each, Document)]
    return {"NO": made[:2], "SE": made[2:]}


class TestReal:
    def test_each_letter_is_a_document_of_its_own(self, printed: dict[str, list[Document]]) -> None:
        first, second = printed["NO"]
        for letter, name in ((first, "Åse Bø"), (second, "Бојана & <Љ>")):
            assert letter.pages == 2
            one, two = pages(letter)
            assert f"Kjære {name}" in one
            assert f"{name} i boks" in one
            assert f"Utleier AS til {name}" in one
            assert f"Vilkår for {name}" in two
            assert f"Utleier AS til {name}" in two
        assert "1002" in pages(first)[0]
        assert "Åse" not in "".join(pages(second))

    def test_pages_are_numbered_within_the_letter(self, printed: dict[str, list[Document]]) -> None:
        for letter in printed["NO"]:
            assert [f"Side {n} av 2" in text for n, text in enumerate(pages(letter), 1)] == [
                True
            ] * 2

    def test_the_pdf_is_tagged_and_says_its_language(
        self, printed: dict[str, list[Document]]
    ) -> None:
        pikepdf = pytest.importorskip("pikepdf")
        for language, tag in (("NO", "nb-NO"), ("SE", "sv-SE")):
            with pikepdf.open(io.BytesIO(printed[language][0].pdf)) as pdf:
                assert str(pdf.Root.Lang) == tag
                assert pdf.Root.MarkInfo.Marked

    def test_it_says_what_made_it(self, printed: dict[str, list[Document]]) -> None:
        assert printed["NO"][0].engine.startswith("libreoffice ")


PLAIN = document(paragraph(merge_field("Navn")))


def test_many_letters_are_made_by_one_start(
    tmp_path: Path, stand_in: Callable[[str], Path]
) -> None:
    log = stand_in("all")
    made = renderer(tmp_path, PLAIN).render_each(letters(*(f"nr {n}" for n in range(50))))
    assert all(isinstance(each, Document) for each in made)
    assert log.read_text().split() == ["50"]


@pytest.mark.slow
@pytest.mark.parametrize("how", ["dies", "skips", "hangs"])
def test_the_letter_it_stops_at_is_held_and_no_other(
    tmp_path: Path, stand_in: Callable[[str], Path], how: str
) -> None:
    log = stand_in(how)
    names = [f"nr {n}" for n in range(20)]
    names[7] = "UHELL"
    made = renderer(tmp_path, PLAIN, timeout=0.5).render_each(letters(*names))
    held = {n: str(each) for n, each in enumerate(made) if isinstance(each, RenderingError)}
    assert held.keys() == {7}
    assert held[7].startswith("Row 9: LibreOffice did not make a PDF of it")
    assert log.read_text().split() == (["20", "1"] if how == "skips" else ["20", "1", "12"])


@pytest.mark.slow
def test_nothing_that_it_started_is_left(tmp_path: Path, stand_in: Callable[[str], Path]) -> None:
    stand_in("hangs")
    renderer(tmp_path, PLAIN, timeout=0.2).render_each(letters("UHELL"))
    assert not [
        child
        for child in psutil.Process(os.getpid()).children(recursive=True)
        if "soffice" in " ".join(child.cmdline())
    ]


def test_one_that_never_makes_anything_is_given_up(
    tmp_path: Path, stand_in: Callable[[str, str], Path]
) -> None:
    log = stand_in("dies", "w:document")
    made = renderer(tmp_path, PLAIN).render_each(letters(*(f"nr {n}" for n in range(40))))
    assert all(isinstance(each, RenderingError) for each in made)
    assert "no PDF of any letter" in str(made[-1])
    assert len(log.read_text().split()) < 10


def test_half_a_file_is_no_letter(
    tmp_path: Path, stand_in: Callable[[str], Path], blank_pdf: bytes
) -> None:
    stand_in("all")
    press = renderer(tmp_path, PLAIN)
    (tmp_path / "blank.pdf").write_bytes(blank_pdf[:-20])
    [made] = press.render_each(letters("x"))
    assert isinstance(made, RenderingError)


def test_without_libreoffice_it_is_told_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BATCHSEND_SOFFICE", str(tmp_path / "none"))
    with pytest.raises(TemplateError, match="LibreOffice") as raised:
        renderer(tmp_path, PLAIN)
    assert "letter-from" in (raised.value.hint or "")


@pytest.mark.parametrize("engine", ["plutoprint", "weasyprint"])
def test_other_engines_do_not_take_it(tmp_path: Path, engine: str) -> None:
    with pytest.raises(TemplateError, match="takes HTML"):
        renderer(tmp_path, PLAIN, engine=engine)


def test_it_does_not_take_html(tmp_path: Path) -> None:
    (tmp_path / "letter.html").write_text("<p>x</p>", encoding="utf-8")
    settings = TemplateSettings(path=Path("letter.html"), engine="libreoffice")
    with pytest.raises(TemplateError, match="is for Word documents"):
        Templates.load(settings, folder=tmp_path)


def test_a_standard_it_cannot_make_is_told(tmp_path: Path, stand_in: Callable[[str], Path]) -> None:
    stand_in("all")
    with pytest.raises(TemplateError, match="pdf/a-3a"):
        renderer(tmp_path, PLAIN, standard="pdf/a-3a")


def test_the_letter_s_own_time_counts_and_not_that_of_all(
    tmp_path: Path, stand_in: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in("all")
    program = tmp_path / "soffice"
    program.write_text(
        program.read_text().replace(
            "    pathlib.Path(name)", "    time.sleep(0.2)\n    pathlib.Path(name)", 1
        )
    )
    press = renderer(tmp_path, PLAIN, timeout=1)
    started = time.monotonic()
    made = press.render_each(letters(*(f"nr {n}" for n in range(8))))
    assert time.monotonic() - started > 1.2
    assert all(isinstance(each, Document) for each in made)


def soffice_running(folder: Path) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter(["cmdline"]):
        if str(folder / "soffice") in " ".join(process.info["cmdline"] or ()):
            found.append(process)
    return found


def test_a_worker_that_is_ended_takes_its_libreoffice_along(
    tmp_path: Path, stand_in: Callable[[str], Path]
) -> None:
    stand_in("hangs")
    (tmp_path / "brev.docx").write_bytes(PLAIN)
    templates = Templates.load(TemplateSettings(path=Path("brev.docx")), folder=tmp_path)
    job = _Job(templates, COLUMNS, Subscription(SubscriptionId="x", StorageId="y"), None, None)
    with Workers(1, timeout=60) as workers:
        work = workers.submit(_prepare_all, job, letters("UHELL"))
        until(lambda: soffice_running(tmp_path), "the stand-in to run")
        [pid] = workers.pids
        os.kill(pid, signal.SIGKILL)
        with pytest.raises(BrokenExecutor):
            work.result(timeout=60)
        until(lambda: not soffice_running(tmp_path), "the stand-in to end")
