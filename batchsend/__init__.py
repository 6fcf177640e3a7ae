"""batchsend: send a mailing of letters from a spreadsheet, every letter once.

The same steps as the command line, from Python:

    from batchsend import Mailing, Target, check, send

    mailing = Mailing.load("rent-notice/mailing.toml")
    print(check(mailing).problems)
    sent = send(mailing, Target.sandbox())
    print(sent.report.summary.by_status)
"""

from typing import TYPE_CHECKING

from batchsend.loading import when_asked
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
    from batchsend.operations.check import check
    from batchsend.operations.correct import (
        Cell,
        Corrected,
        Listed,
        Taken,
        certain_cures,
        correct_cells,
        corrections_of,
        take_workbook,
        take_workbooks,
        undo,
    )
    from batchsend.operations.plan import plan
    from batchsend.operations.planning.pages_found import PagesFound
    from batchsend.operations.planning.planned import Plan
    from batchsend.operations.planning.selection import Selection
    from batchsend.operations.preview import preview
    from batchsend.operations.progress import ProgressReport
    from batchsend.operations.report import Report, report
    from batchsend.operations.running.permission import render_ahead
    from batchsend.operations.send import Sent, execute, send
    from batchsend.operations.target import Target
    from batchsend.previews import Preview

__all__ = [
    "BatchsendError",
    "Cell",
    "Checked",
    "Corrected",
    "LedgerError",
    "ListError",
    "Listed",
    "Mailing",
    "PagesFound",
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
    "Taken",
    "Target",
    "TemplateError",
    "UnreportedError",
    "__version__",
    "certain_cures",
    "check",
    "correct_cells",
    "corrections_of",
    "execute",
    "plan",
    "preview",
    "render_ahead",
    "report",
    "send",
    "take_workbook",
    "take_workbooks",
    "undo",
]

_HOMES = {
    "errors": (
        "BatchsendError",
        "LedgerError",
        "ListError",
        "RenderingError",
        "ReportError",
        "SendingError",
        "SettingsError",
        "TemplateError",
        "UnreportedError",
    ),
    "letters": ("Checked", "RowSet"),
    "mailing": ("Mailing",),
    "operations.check": ("check",),
    "operations.planning.pages_found": ("PagesFound",),
    "operations.running.permission": ("render_ahead",),
    "operations.correct": (
        "Cell",
        "Corrected",
        "Listed",
        "Taken",
        "certain_cures",
        "correct_cells",
        "corrections_of",
        "take_workbook",
        "take_workbooks",
        "undo",
    ),
    "operations.plan": ("plan",),
    "operations.planning.planned": ("Plan",),
    "operations.planning.selection": ("Selection",),
    "operations.preview": ("preview",),
    "operations.progress": ("ProgressReport",),
    "operations.report": ("Report", "report"),
    "operations.send": ("Sent", "execute", "send"),
    "operations.target": ("Target",),
    "previews": ("Preview",),
}
if not TYPE_CHECKING:
    __getattr__ = when_asked(__name__, _HOMES)
