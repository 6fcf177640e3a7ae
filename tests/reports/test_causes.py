"""What needs attention is grouped by its cause: one cure each."""

from __future__ import annotations

import re

import openpyxl
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from mailings import Api, MailingFolder, row
from thoroughness import examples

from batchsend.reports.summary import as_one, cause

TEXT = st.text(alphabet="aæ 19٣“”«»…,.\n", max_size=12)


def causes(*reasons: str | None) -> list[str]:
    frame = pl.DataFrame({"reason": reasons}, schema={"reason": pl.String})
    return frame.select(cause)["cause"].to_list()


@settings(max_examples=examples(300))
@given(st.lists(TEXT, min_size=2, max_size=40))
def test_reasons_of_one_cause_have_one_sentence_that_is_of_that_cause(reasons: list[str]) -> None:
    alike: dict[str, list[str]] = {}
    for reason, of in zip(reasons, causes(*reasons), strict=True):
        alike.setdefault(of, []).append(reason)
    for of, group in alike.items():
        said = as_one(group)
        assert causes(said) == [of]
        if len(set(group)) == 1:
            assert said == group[0]


def test_without_a_reason_there_is_a_cause() -> None:
    assert causes(None, "") == ["", ""]


def test_postcodes_that_lost_their_zeros_are_one_thing_to_mend(
    mailing: MailingFolder, api: Api
) -> None:
    mailing.edit('files = ["csv"]', 'files = ["csv", "html", "xlsx"]')
    mailing.write(row(1), row(2, postnr="581"), row(3, postnr="655"), row(4, postnr="x"))
    result = mailing.run("send", "--base-url", api.base_url, "--yes")
    assert "Rows 3 and 4, invalid: Postnr: A postcode in Norway has 4 digits." in result.output
    page = (mailing.folder / "report.html").read_text(encoding="utf-8")
    sections = re.findall(r'<details class="concern".*?</details>', page, re.DOTALL)
    [zeros] = [each for each in sections if "dropped a zero" in each]
    assert "2 rows" in zeros
    assert "Then it is …;" in zeros
    for cure in ("0581", "0655"):
        assert f"Then it is {cure}" in zeros, "each row has its own cure beside it"
    book = openpyxl.load_workbook(mailing.folder / "report.xlsx")
    lines = [[cell.value for cell in line] for line in book.worksheets[0].iter_rows(max_col=4)]
    assert [line[1:3] for line in lines if "dropped a zero" in str(line[3])] == [[2, "3, 4"]]
