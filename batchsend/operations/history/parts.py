"""Runs of a part of a mailing's list: in version 0.1 rows were corrected in a list of their own."""

from __future__ import annotations

from pathlib import Path

from batchsend.corrections import is_reasons
from batchsend.errors import BatchsendError
from batchsend.ledger import Ledger, Run
from batchsend.letters import Snapshot
from batchsend.operations.history.runs import period_of

_USUAL_NAME = "needs-attention"


def is_of_a_part(run: Run, book: Ledger) -> bool:
    """Whether a run was of the corrected rows alone, in a needs-attention workbook (`--list
    needs-attention.xlsx`). Any other list is a whole one.

    Where its checked list is gone, the name of its file tells.
    """
    other = run.facts.options.get("other_list")
    if period_of(run) is not None or not other:
        return False
    try:
        columns = Snapshot.open(book.list_of(run)).columns
    except BatchsendError:
        return Path(str(other)).name.startswith(_USUAL_NAME)
    return any(is_reasons(column.heading) for column in columns)
