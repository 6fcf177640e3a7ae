"""The rooms in a row: the only package that knows them all."""

from batchsend.pipeline.accounting import account
from batchsend.pipeline.asking import ask_for_status, settle_by_asking
from batchsend.pipeline.checking import check, check_and_return
from batchsend.pipeline.correcting import ToCorrect, place_to_correct
from batchsend.pipeline.planning import Plan, Selection
from batchsend.pipeline.previewing import preview
from batchsend.pipeline.progress import Notice, Progress, ProgressReport
from batchsend.pipeline.purging import Cleared, purge
from batchsend.pipeline.reporting import Report, report, report_real, write_account
from batchsend.pipeline.sending import Sent, send
from batchsend.pipeline.settling import (
    Decision,
    Unknown,
    decisions_from,
    settle,
    unknown_letters,
)
from batchsend.pipeline.target import Target
from batchsend.pipeline.watching import watch
from batchsend.previews import Preview

__all__ = [
    "Cleared",
    "Decision",
    "Notice",
    "Plan",
    "Preview",
    "Progress",
    "ProgressReport",
    "Report",
    "Selection",
    "Sent",
    "Target",
    "ToCorrect",
    "Unknown",
    "account",
    "ask_for_status",
    "check",
    "check_and_return",
    "decisions_from",
    "place_to_correct",
    "preview",
    "purge",
    "report",
    "report_real",
    "send",
    "settle",
    "settle_by_asking",
    "unknown_letters",
    "watch",
    "write_account",
]
