"""What is wrong with a mailing.toml is told with its line, its key, and what may be meant."""

from __future__ import annotations

import re

import pytest
from mailings import MailingFolder


def _told(mailing: MailingFolder) -> str:
    result = mailing.run("check")
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    return result.stderr


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('name = "test"', "name = test", "mailing.toml:1:8: the value is not understood"),
        ('name = "test"', 'name = "test', "mailing.toml:1:13: a text goes on over the end"),
        ('name = "test"', "name = “test”", "Quotation marks are the straight ones"),
        ('path = "list.csv"', 'path = "C:\\Users\\list.csv"', "write / for \\"),
        ("rate = 500", "rate = 0,5", "Decimals are written with a point, as 0.5."),
        ("rate = 500", "insecure_http = True", "Write true or false, in small letters"),
        ("rate = 500", "rate = 5\nrate = 6", "a key is there twice"),
        ("[send]", "[send", "mailing.toml:21:6: the name of a table stands in brackets"),
        ("[send]", "[list]", "mailing.toml:21:6: a table is there twice"),
        ("rate = 500", "per_day = 0500", 'or PostCode = "0150"'),
    ],
)
def test_what_is_no_toml(mailing: MailingFolder, old: str, new: str, says: str) -> None:
    mailing.edit(old, new)
    assert says in _told(mailing)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("rate = 500", "rates = 5", ":22:1: there is no key send.rates; did you mean rate?"),
        ("[list]", "rate = 5\n[list]", ":2:1: there is no key rate; did you mean send.rate?"),
        ("rate = 500", "rate = -1", ":22:1: send.rate: must be more than 0"),
        ("rate = 500", 'rate = "fast"', ":22:1: send.rate: must be a number, as 20 or 0.5"),
        ("rate = 500", "attempts = 1.5", ":22:1: send.attempts: must be a whole number"),
        ("rate = 500", 'hours = "8"', ":22:1: send.hours: hours are written as `08:00-20:00`"),
        ("rate = 500", 'auth = { kind = "x" }', ":22:10: send.auth.kind: must be 'none', 'be"),
        ("rate = 500", "[send.auth]\nscop = 1", ":23:1: there is no key send.auth.scop; did"),
        ('path = "letter.html"', "path = 3", ":5:1: template.path: must be a file name"),
        ('path = "letter.html"', "path = { NO = 3 }", ":5:10: template.path.NO: must be a file"),
        ('path = "list.csv"', 'path = "x"\ngroup_by = [\n"a",\n 3]', ":6:2: list.group_by, item 2"),
        ("PostCode =", "Postcode =", ":13:1: [payload] the request has no Letter.Invoicee.Postcod"),
        ('Name = "Utleier AS"', "", ":17:17: payload.Letter.Invoicer.Name is missing"),
        (
            "[send]",
            "[[payload.Letter.OtherReferences]]\nType = '1'\nValue = '2'\n"
            "[[payload.Letter.OtherReferences]]\nType = '1'\nValu = '2'\n[send]",
            ":26:1: [payload] the request has no Letter.OtherReferences.Valu; did you mean",
        ),
    ],
)
def test_what_does_not_fit(mailing: MailingFolder, old: str, new: str, says: str) -> None:
    mailing.edit(old, new)
    told = _told(mailing)
    assert f"{mailing.path}{says}" in told
    assert told.count(f"{mailing.path}:") == 1


def test_all_of_it_is_told_at_once_in_the_order_of_the_file(mailing: MailingFolder) -> None:
    mailing.edit("rate = 500", "rate = 0\nconcurrenc = 3")
    mailing.edit('path = "list.csv"', 'path = "list.csv"\nheader_row = 0')
    assert re.findall(r"mailing\.toml:(\d+):", _told(mailing)) == ["4", "23", "24"]


def test_a_file_in_another_encoding_is_told_of_in_a_sentence(mailing: MailingFolder) -> None:
    mailing.path.write_bytes("name = 'Bodø'".encode("cp1252"))
    assert f"{mailing.path} cannot be read: it is not text in UTF-8." in _told(mailing)
