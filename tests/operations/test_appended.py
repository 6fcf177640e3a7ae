"""[document] append: what comes after a letter is not another recipient's."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from mailings import Api, MailingFolder, row

from batchsend import Mailing, check
from batchsend.letters import Checked, Letter
from batchsend.lists import Row
from batchsend.rendering import Renderer, Templates, TemplateSettings

Write = Callable[[str, str], None]
APPEND = "pdf/{{ kundenr }}.pdf"


@pytest.fixture
def write(mailing: MailingFolder) -> Write:
    """Writes a PDF of a text to the mailing's folder."""

    def make(name: str, text: str) -> None:
        html = f"<p style='margin: 30mm'>{text}"
        (mailing.folder / "maker.html").write_text(html, encoding="utf-8")
        settings = TemplateSettings(path=Path("maker.html"))
        templates = Templates.load(settings, folder=mailing.folder)
        people = {"Invoicee": {"Name": "x"}, "Invoicer": {"Name": "x"}}
        fields = {"Channel": "EMAIL", "Identifier": "x", **people}
        letter = Letter("x", "EMAIL", "NO", fields, (Row(2, ()),), "")
        path = mailing.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(Renderer(templates, ()).render(letter).pdf)

    return make


def name_of(number: int) -> str:
    return f"Åse Bjørk{chr(97 + number)}"


def append(mailing: MailingFolder, *expressions: str) -> None:
    named = ", ".join(f"'''{each}'''" for each in expressions)
    text = f"[document]\nappend = [{named}]\n\n[payload.Letter]\n"
    mailing.edit("[payload.Letter]\n", text)


@pytest.fixture
def with_invoices(mailing: MailingFolder, write: Write) -> MailingFolder:
    """After each of six letters comes an invoice with its recipient's name."""
    for number in range(1, 7):
        write(f"pdf/{1000 + number}.pdf", f"Faktura til {name_of(number)}")
    append(mailing, APPEND)
    return mailing


def slip(mailing: MailingFolder) -> None:
    """Give every PDF the name of the next one."""
    folder = mailing.folder / "pdf"
    for number in range(6, 0, -1):
        (folder / f"{1000 + number}.pdf").rename(folder / f"{1001 + number}.pdf")
    (folder / "1007.pdf").rename(folder / "1001.pdf")


def exchange(mailing: MailingFolder, one: int, other: int) -> None:
    folder = mailing.folder / "pdf"
    (folder / f"{one}.pdf").rename(folder / "kept")
    (folder / f"{other}.pdf").rename(folder / f"{one}.pdf")
    (folder / "kept").rename(folder / f"{other}.pdf")


def checked(mailing: MailingFolder) -> Checked:
    return check(Mailing.load(mailing.path))


def held(mailing: MailingFolder) -> dict[int, str]:
    errors = checked(mailing).problems.filter(severity="error")
    return dict(errors.select("row", "message").iter_rows())


@pytest.mark.slow
def test_appended_file_names_that_slipped_by_one_send_nothing(
    with_invoices: MailingFolder, api: Api
) -> None:
    assert held(with_invoices) == {}
    slip(with_invoices)
    assert held(with_invoices)[2] == (
        "[document]: pdf/1001.pdf, which comes after this letter alone: it names neither “Åse "
        "Bjørkb” nor this recipient's postcode, CustomerNo or Reference; is it somebody else's? "
        "Put the right PDF there; or, where it need not name anybody, set recipient = "
        '"warn" under [page.PRINT.rules].'
    )
    result = with_invoices.run("send", "--base-url", api.base_url, "--yes")
    assert result.exit_code == 1
    assert api.taken() == []
    assert set(with_invoices.statuses().values()) == {"invalid"}


def test_two_exchanged_hold_two(with_invoices: MailingFolder) -> None:
    exchange(with_invoices, 1002, 1005)
    assert set(held(with_invoices)) == {3, 6}


@pytest.mark.slow
def test_after_a_ready_made_letter_it_is_held_too(
    with_invoices: MailingFolder, write: Write
) -> None:
    for number in range(1, 7):
        write(f"own/{1000 + number}.pdf", f"Kjære {name_of(number)}")
    with_invoices.edit("[document]", '[document]\npdf = "own/{{ kundenr }}.pdf"')
    with_invoices.edit("[send]", '[page.PRINT.rules]\naddressee = "warn"\n[send]')
    assert held(with_invoices) == {}
    exchange(with_invoices, 1003, 1004)
    assert set(held(with_invoices)) == {4, 5}


@pytest.mark.parametrize("severity", ["warn", "off"])
def test_a_setting_lets_them_go(with_invoices: MailingFolder, severity: str) -> None:
    slip(with_invoices)
    rules = f'[page.PRINT.rules]\nrecipient = "{severity}"\n[send]'
    with_invoices.edit("[send]", rules)
    found = checked(with_invoices)
    assert found.letters == 6
    warnings = found.problems.filter(pl.col("message").str.contains("comes after this letter"))
    assert warnings.height == (6 if severity == "warn" else 0)


def test_by_other_ways_than_paper_it_warns(with_invoices: MailingFolder) -> None:
    slip(with_invoices)
    with_invoices.edit('Channel = "PRINT"', 'Channel = "EMAIL"')
    found = checked(with_invoices)
    assert found.letters == 6
    assert found.problems.filter(pl.col("message").str.contains("it names neither")).height == 6


@pytest.mark.slow
@pytest.mark.parametrize(
    ("expression", "files"),
    [
        ("terms.pdf", {"terms.pdf": "Vilkår"}),
        ("terms-{{ language }}.pdf", {"terms-NO.pdf": "Vilkår"}),
        ("{{ 'terms.pdf' if kundenr == '1003' }}", {"terms.pdf": "Vilkår"}),
        ("{% if kundenr > '1002' %}terms.pdf{% endif %}", {"terms.pdf": "Vilkår"}),
        ("{{ poststed }}.pdf", {"A.pdf": "Tariff A", "B.pdf": "Tariff B"}),
    ],
)
def test_what_is_meant_for_many_is_not_held(
    mailing: MailingFolder, write: Write, expression: str, files: dict[str, str]
) -> None:
    for name, text in files.items():
        write(name, text)
    mailing.write(*(row(number, poststed="AB"[number % 2]) for number in range(1, 7)))
    append(mailing, expression)
    assert held(mailing) == {}


def test_one_notice_saved_under_everybodys_name_is_meant_for_many(
    with_invoices: MailingFolder, write: Write
) -> None:
    write("notice.pdf", "Husk å lese av strømmåleren.")
    notice = (with_invoices.folder / "notice.pdf").read_bytes()
    for number in range(1, 7):
        (with_invoices.folder / f"pdf/{1000 + number}.pdf").write_bytes(notice)
    assert held(with_invoices) == {}


def test_what_cannot_be_read_is_not_held(mailing: MailingFolder, write: Write) -> None:
    outlines = "<svg width=90 height=90><path d='M0 0L{} 90'/></svg>"
    for number in range(1, 7):
        write(f"pdf/{1000 + number}.pdf", outlines.format(number))
    append(mailing, APPEND)
    assert held(mailing) == {}


def test_one_letters_own_among_those_of_many_is_asked(mailing: MailingFolder, write: Write) -> None:
    """The column names the terms in most rows, and an invoice in two."""
    write("terms.pdf", "Vilkår")
    write("1001.pdf", f"Faktura til {name_of(2)}")
    write("1002.pdf", f"Faktura til {name_of(2)}, igjen")
    files = ["1001", "1002", "terms", "terms", "terms"]
    rows = [row(number, poststed=file) for number, file in enumerate(files, 1)]
    mailing.write(*rows)
    append(mailing, "{{ poststed }}.pdf")
    assert set(held(mailing)) == {2}


def test_of_two_letters_with_one_pdf_the_one_it_does_not_name_is_held(
    with_invoices: MailingFolder,
) -> None:
    with_invoices.edit(APPEND, "pdf/{{ '1001' if kundenr < '1003' else kundenr }}.pdf")
    found = held(with_invoices)
    assert set(found) == {3}
    assert found[3].startswith(
        "[document]: pdf/1001.pdf, which comes after this letter and one more: it names the other "
        "letter's recipient, and not this one's. Put the right PDF there"
    )


def test_two_letters_to_one_person_may_have_one_pdf(with_invoices: MailingFolder) -> None:
    name = {"fornavn": "Åse", "etternavn": "Bjørkb"}
    with_invoices.write(row(1), row(2, **name), row(3))
    with_invoices.edit(APPEND, "pdf/{{ '1001' if kundenr < '1003' else kundenr }}.pdf")
    assert held(with_invoices) == {}


def test_of_a_group_the_pdf_after_its_letter_is_asked(with_invoices: MailingFolder) -> None:
    with_invoices.edit('path = "list.csv"', 'path = "list.csv"\ngroup_by = ["kundenr"]')
    with_invoices.write(row(1), row(1, beløp="5,00"), row(2))
    slip(with_invoices)
    assert {2, 4} <= set(held(with_invoices))
