"""list + corrections + period: the mailing's list as its letters are made of it."""

from __future__ import annotations

from pathlib import Path

from batchsend.lists import RecipientList, with_period
from batchsend.mailing import Mailing
from batchsend.operations.mailing_list.corrected import read_corrected
from batchsend.operations.mailing_list.leaving_out import leave_out


def recipients_of(mailing: Mailing, workspace: Path) -> RecipientList:
    """The mailing's list, corrected, without the rows that are left out on purpose.

    Raises as `read_corrected` and `leave_out`.
    """
    corrected = read_corrected(mailing, workspace)
    return leave_out(with_period(corrected, mailing.period), mailing, workspace)
