"""What a mailing asks of each row."""

from __future__ import annotations

from batchsend.letters import CheckSettings
from batchsend.mailing import Mailing


def checks_of(mailing: Mailing) -> CheckSettings:
    """The same as mailing.toml has it, the file of postcodes named from where the mailing lies."""
    given = mailing.checks.postcodes
    if given is None:
        return mailing.checks
    return mailing.checks.model_copy(update={"postcodes": mailing.folder / given})
