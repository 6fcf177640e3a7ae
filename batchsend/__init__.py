"""batchsend: send a mailing of letters from a spreadsheet, every letter once.

The same steps as the command line, from Python:

    from batchsend import Mailing, Target, check, send

    mailing = Mailing.load("rent-notice/mailing.toml")
    print(check(mailing).problems)
    sent = send(mailing, Target.sandbox())
    print(sent.report.summary.by_status)
"""

from batchsend.errors import (
    BatchsendError,
    LedgerError,
    ListError,
    RenderingError,
    ReportError,
    SendingError,
    SettingsError,
    TemplateError,
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
from batchsend.version import __version__

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
    "__version__",
    "check",
    "preview",
    "report",
    "send",
]
