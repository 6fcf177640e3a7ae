"""The ledger and the list -> reports."""

from batchsend.reports.csv_report import write_csv
from batchsend.reports.files import must_be_writable
from batchsend.reports.needs_attention import (
    MOST_WRITTEN,
    NeedsAttention,
    is_reasons,
    is_untouched,
    needs_attention,
)
from batchsend.reports.problems import write_problems
from batchsend.reports.rows import STATUSES, SYSTEM_COLUMNS, RowsReport, rows_report
from batchsend.reports.summary import Reason, Summary, summarise

__all__ = [
    "MOST_WRITTEN",
    "STATUSES",
    "SYSTEM_COLUMNS",
    "NeedsAttention",
    "Reason",
    "RowsReport",
    "Summary",
    "is_reasons",
    "is_untouched",
    "must_be_writable",
    "needs_attention",
    "rows_report",
    "summarise",
    "write_csv",
    "write_problems",
]
