"""The desk's own words: no page of it names a setting, an option or a command."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from pathlib import Path
from string import Formatter

import pytest
from desks import Desk, shown, words
from ledger.builders import facts
from mailings import MailingFolder, row

import batchsend
from batchsend.desk.said_again import said_again
from batchsend.desk.wording import WORDS
from batchsend.language import facing, ngettext, speaking
from batchsend.ledger import Ledger
from batchsend.ledger.database import in_use

AT = "/mailing/rent/mailing.toml"
SCREENS = ("list", "people", "check", "look", "send", "receipt", "next", "tidy")
Spoil = Callable[[MailingFolder], None]
SETTING = re.compile(
    r"\[\[?[a-z]+(\.[a-z]+)*\]|(?<![\w-])--[a-z]"
    r"|\bbatchsend (?:check|correct|init|letter|preview)\b"
    r"|\bbatchsend (?:purge|report|send|settle|status)\b|\.toml\b(?!/)|\b[a-z]+_[a-z_]+\b"
    r"|\bInvoicee\b|\bIdentifier\b|\bpayload\b|\bLanguageID\b"
)


def _messages() -> set[str]:
    """Every text that stands in batchsend's own code, but for the desk's words."""
    return {
        part.value
        for path in Path(batchsend.__file__).parent.rglob("*.py")
        if path.parent.name != "wording"
        for part in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    }


def _places(message: str) -> set[str]:
    return {name for _text, name, _spec, _as in Formatter().parse(message) if name}


def test_each_word_of_the_desk_is_for_a_message_there_is_and_fits_its_places() -> None:
    assert set(WORDS) <= _messages(), set(WORDS) - _messages()
    for message, own in WORDS.items():
        assert _places(own) <= _places(message), own
        assert not SETTING.search(re.sub(r"\{[^}]*\}", "", own)), own


NOT_ON_THE_DESK = (
    # Commands that the desk does not have, and options of theirs.
    *("commands/", "desk/", "sandbox/", "clusters/", "previews/folder.py", "starter/folder.py"),
    *("operations/send.py", "operations/sent_letter.py", "operations/settle.py"),
    *("operations/status.py", "reports/writing.py", "web/serving.py"),
    # What somebody writes into files, and has to find there: databases, doors, engines, spelling.
    *("copies/", "expressions/", "ledger/", "mailing.py", "mailing_problems.py"),
    *("letters/settings.py", "operations/periods.py", "rendering/engines/choice.py"),
    *("sending/status_call.py", "sending/authorization.py", "sending/settings.py"),
    "operations/target.py",
)
"""Rooms and files whose sentences may name settings on the desk, too."""


def _said_below(root: Path) -> dict[str, str]:
    """Every message that a room below the desk says, and where."""
    found = {}
    for path in root.rglob("*.py"):
        where = path.relative_to(root).as_posix()
        if where.startswith(NOT_ON_THE_DESK):
            continue
        for part in ast.walk(ast.parse(path.read_text("utf-8"))):
            said = isinstance(part, ast.Call) and getattr(part.func, "id", "") in SAYERS
            for text in part.args[:2] if isinstance(part, ast.Call) and said else ():
                if isinstance(text, ast.Constant) and isinstance(text.value, str):
                    found[text.value] = where
    return found


SAYERS = {"_", "N_", "ngettext"}
IN_A_PLACE = {'under [{table}], {key} = "{value}"'}
"""What only ever stands in a place that the desk's own sentence does not have."""


def test_what_names_a_setting_has_a_sentence_of_the_desk() -> None:
    said = _said_below(Path(batchsend.__file__).parent)
    bare = {
        message: where
        for message, where in said.items()
        if message not in {*WORDS, *IN_A_PLACE}
        and SETTING.search(re.sub(r"\{[^}]*\}", "x", message))
    }
    assert bare == {}


def _pairs() -> dict[str, str]:
    """The messages of the package that are said of one and of more."""
    found = {}
    for path in Path(batchsend.__file__).parent.rglob("*.py"):
        for part in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(part, ast.Call) and getattr(part.func, "id", "") == "ngettext":
                one, more = map(ast.literal_eval, part.args[:2])
                found[one] = more
    return found


def test_what_the_desk_says_of_one_and_of_more_is_in_norwegian() -> None:
    pairs = {one: more for one, more in _pairs().items() if {one, more} & WORDS.keys()}
    assert pairs
    for one, more in pairs.items():
        places = {name: "x" for name in _places(one) | _places(more) if name != "number"}
        for number in (1, 3):
            with facing("desk", WORDS):
                english = ngettext(one, more, number, **places)
                with speaking("nb"):
                    said = ngettext(one, more, number, **places)
                assert said != english
                assert not SETTING.search(said), said


def test_a_mailing_that_is_sent_from_elsewhere_is_told_without_a_ledger(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "ledger.sqlite") as book:
        book.begin_run(facts())
        [other] = book.runs()
        errors = [in_use(tmp_path / "ledger.sqlite", run) for run in (other, None)]
    for error in errors:
        for language, said in (("en", "being sent from elsewhere"), ("nb", "sendes fra et annet")):
            with speaking(language), facing("desk", WORDS):
                told = f"{said_again(error.message)} {said_again(error.hint or '')}"
            assert said in told
            assert "ledger" not in told
            assert "command" not in told


def _wrong_cells(rent: MailingFolder) -> None:
    wrong = (row(1, postnr="150"), row(1), row(2, postnr="0000"), row(3, navn=""), row(4))
    rent.write(*wrong)


def _groups_that_disagree(rent: MailingFolder) -> None:
    rent.edit('path = "list.csv"', 'path = "list.csv"\ngroup_by = ["kundenr"]')
    rent.write(row(1), row(1, poststed="Bergen"), row(2, kundenr=""), row(3), row(3, beløp=""))


def _groups_by_no_column(rent: MailingFolder) -> None:
    rent.edit('path = "list.csv"', 'path = "list.csv"\ngroup_by = ["avtale"]')


def _filled_down_from_no_column(rent: MailingFolder) -> None:
    rent.edit('path = "list.csv"', 'path = "list.csv"\nfill_down = ["avtale"]')


def _placeholders_left(rent: MailingFolder) -> None:
    _letter(rent, "Du skylder", "Kjære «Navn», du skylder")


def _a_field_that_no_column_has(rent: MailingFolder) -> None:
    _letter(rent, "{{ beløp | money }}", "{{ husleie | money }}")


def _columns_that_are_missing(rent: MailingFolder) -> None:
    path = rent.folder / "list.csv"
    path.write_bytes(path.read_bytes().replace(b"Postnr", b"Kode"))


def _a_sender_who_lives_nowhere(rent: MailingFolder) -> None:
    rent.edit('Name = "Utleier AS"', 'Name = "Utleier AS"\nPostCode = "15"')


def _another_text_under_a_letter_that_went(rent: MailingFolder) -> None:
    rent.run("send", "--sandbox", "--yes")
    rent.write(row(1, beløp="99,00"), row(2))


def _the_same_under_another_reference(rent: MailingFolder) -> None:
    rent.run("send", "--sandbox", "--yes")
    rent.edit('"test-{{ kundenr }}"', '"other-{{ kundenr }}"')


def _a_period_without_a_place(rent: MailingFolder) -> None:
    rent.run("send", "--sandbox", "--yes")
    rent.edit('name = "test"', 'name = "test"\nperiod = "2027-02"')


def _a_page_that_cannot_be_posted(rent: MailingFolder) -> None:
    _letter(rent, "left: 5mm; top: 30mm", "left: -15mm; top: 90mm")
    _letter(rent, "Du skylder", "<span style='font-size: 90pt'>Sammenslutningen</span> skylder")


def _languages_without_a_letter(rent: MailingFolder) -> None:
    rent.edit('path = "letter.html"', 'path = { EN = "letter.html" }')


def _the_same_reference_for_all(rent: MailingFolder) -> None:
    rent.edit('"test-{{ kundenr }}"', '"test"')


def _a_letter_that_is_gone(rent: MailingFolder) -> None:
    (rent.folder / "letter.html").unlink()


def _limits_that_are_passed(rent: MailingFolder) -> None:
    rent.edit("rate = 500", "rate = 500\nmax_letters = 2")


def _letter(rent: MailingFolder, old: str, new: str) -> None:
    path = rent.folder / "letter.html"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


SPOILED = (
    *(_wrong_cells, _groups_that_disagree, _groups_by_no_column, _filled_down_from_no_column),
    *(_placeholders_left, _a_field_that_no_column_has, _columns_that_are_missing),
    *(_another_text_under_a_letter_that_went, _the_same_under_another_reference),
    *(_a_period_without_a_place, _a_page_that_cannot_be_posted, _languages_without_a_letter),
    *(
        _a_sender_who_lives_nowhere,
        _the_same_reference_for_all,
        _a_letter_that_is_gone,
        _limits_that_are_passed,
    ),
)


@pytest.mark.slow
@pytest.mark.parametrize("spoil", SPOILED, ids=lambda spoil: spoil.__name__)
def test_a_spoiled_mailing_names_no_setting(desk: Desk, spoil: Spoil) -> None:
    place = desk.folder / "rent"
    place.mkdir()
    rent = MailingFolder(place)
    spoil(rent)
    client = desk.client()
    for language in ("en", "nb"):
        client.headers["accept-language"] = language
        for screen in SCREENS:
            text = words(_own(shown(client, f"{AT}/{screen}")))
            assert not SETTING.search(text), (screen, SETTING.search(text), text)


def _own(html: str) -> str:
    """A page without what is folded away for whoever looks after the machine."""
    return re.sub(r"<details class=.card.><summary>(Technical|Teknisk).*?</details>", "", html)


def test_the_command_line_keeps_its_settings(tmp_path: Path) -> None:
    rent = MailingFolder(tmp_path)
    _wrong_cells(rent)
    assert "group_by" in rent.run("check").output
