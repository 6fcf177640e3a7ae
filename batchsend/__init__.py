"""batchsend: send a mailing of letters from a spreadsheet, every letter once.

The same steps as the command line, from Python:

    from batchsend import Mailing, Target, check, send

    mailing = Mailing.load("rent-notice/mailing.toml")
    print(check(mailing).problems)
    sent = send(mailing, Target.sandbox())
    print(sent.report.summary.by_status)
"""

from importlib import import_module
from typing import TYPE_CHECKING

from batchsend.version import __version__

if TYPE_CHECKING:
    from batchsend.errors import (
        BatchsendError,
        LedgerError,
        ListError,
        RenderingError,
        ReportError,
        SendingError,
        SettingsError,
        TemplateError,
        UnreportedError,
    )
    from batchsend.letters import Checked, RowSet
    from batchsend.mailing import Mailing
    from batchsend.pipeline import (
        Plan,
        Preview,
        ProgressReport,
        Report,
        Selection,
        Sent,
        Target,
        check,
        preview,
        report,
        send,
    )

__all__ = [
    "BatchsendError",
    "Checked",
    "LedgerError",
    "ListError",
    "Mailing",
    "Plan",
    "Preview",
    "ProgressReport",
    "RenderingError",
    "Report",
    "ReportError",
    "RowSet",
    "Selection",
    "SendingError",
    "Sent",
    "SettingsError",
    "Target",
    "TemplateError",
    "UnreportedError",
    "__version__",
    "check",
    "preview",
    "report",
    "send",
]

_ROOMS = ("errors", "letters", "mailing", "pipeline")


def __getattr__(name: str) -> object:
    # Found when first asked for: worker processes and the sandbox import this package too, and
    # start in half the time without the rooms they do not need.
    if name in __all__:
        for room in (import_module(f"batchsend.{each}") for each in _ROOMS):
            if name in room.__all__:
                return getattr(room, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
