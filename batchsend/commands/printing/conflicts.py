"""Letters that are not sent, as one with other content went under their identifier."""

from __future__ import annotations

from datetime import datetime

from batchsend.language import _
from batchsend.operations.planning.repeats import OtherCell


def conflict_with_forgotten_told(row: int, identifier: str, when: datetime) -> str:
    """That nobody can tell any more what the letter said that went, and what to do."""
    day = f"{when.astimezone():%Y-%m-%d}"
    return _(
        "Row {row}: {identifier} went on {day}. What that letter said is forgotten, so nobody can "
        "tell whether it is this one, which is not sent. Only if this is another letter, give it "
        "an identifier of its own.",
        row=row,
        identifier=identifier,
        day=day,
    )


def conflict_told(row: int, identifier: str, when: datetime, cell: OtherCell | None) -> str:
    """What is another one in it, and what to do."""
    facts = {"row": row, "identifier": identifier, "day": f"{when.astimezone():%Y-%m-%d}"}
    if cell is None:
        return _(
            "Row {row}: {identifier} went on {day} with other content, and is not "
            "sent again. Only if this is another letter, give it an identifier of its own.",
            **facts,
        )
    facts |= {"column": cell.heading, "was": cell.was, "now": cell.now}
    if cell.same_list:
        return _(
            "Row {row}: {identifier} went on {day} with other content, and is not sent again. "
            "The list is the same, but {column} was read as “{was}” then, and as “{now}” now. "
            "Only if the letter that went was wrong, give this one an identifier of its own.",
            **facts,
        )
    return _(
        "Row {row}: {identifier} went on {day} with other content, and is not sent again: "
        "{column} was “{was}” then, and is “{now}” now. Only if this is another letter, give it "
        "an identifier of its own.",
        **facts,
    )
