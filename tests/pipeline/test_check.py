"""check: what list and template together show before anything is sent."""

from __future__ import annotations

from mailings import MailingFolder, row

from batchsend import Mailing, check


def test_a_character_no_font_has_is_named_with_its_row(mailing: MailingFolder) -> None:
    mailing.write(row(1), row(2, fornavn="Åse", etternavn="Bjørk"))
    path = mailing.folder / "list.csv"
    text = path.read_bytes().decode("cp1252").replace("Bjørk;", "王小明;")
    path.write_bytes(text.encode("utf-8-sig"))
    problems = check(Mailing.load(mailing.path)).problems
    told = problems.filter(row=3).filter(problems.filter(row=3)["message"].str.contains("font"))
    assert told.height == 1
    assert told["severity"].item() == "warning"
    assert told["value"].item() == "王 小 明"


def test_what_the_template_prints_besides_the_address_is_looked_at_too(
    mailing: MailingFolder,
) -> None:
    template = mailing.folder / "letter.html"
    text = template.read_text(encoding="utf-8").replace("</body>", "{{ kundenr }}</body>")
    template.write_text(text, encoding="utf-8")
    path = mailing.folder / "list.csv"
    path.write_text(path.read_bytes().decode("cp1252").replace("1003", "100三"), encoding="utf-8")
    problems = check(Mailing.load(mailing.path)).problems
    assert problems.filter(row=4)["value"].to_list().count("三") == 1


def test_an_identifier_of_national_ids_is_refused(mailing: MailingFolder) -> None:
    path = mailing.folder / "list.csv"
    path.write_bytes(path.read_bytes().replace(b"Kundenr.", "Fødselsnummer".encode("cp1252")))
    text = mailing.path.read_text(encoding="utf-8").replace("kundenr", "fødselsnummer")
    mailing.path.write_text(text, encoding="utf-8")
    result = mailing.run("check")
    assert result.exit_code == 2
    assert "national id" in result.output
