"""The ledger and the list -> reports."""

from batchsend.reports.account import About, Account, Charge
from batchsend.reports.atomic_files import in_words, is_open, take_place_of
from batchsend.reports.needs_attention import (
    MOST_WRITTEN,
    NeedsAttention,
    is_untouched,
    needs_attention,
)
from batchsend.reports.row_status import day_here
from batchsend.reports.rows import SYSTEM_COLUMNS, RowsReport, beneath, from_ledger, rows_report
from batchsend.reports.settings import REPORT_KINDS, PriceSettings, ReportSettings, sheets_of
from batchsend.reports.statuses import LEFT_OUT, NEEDS_ATTENTION, STATUSES, TABLE
from batchsend.reports.summary import Reason, Summary, summarise
from batchsend.reports.writing import (
    is_report,
    json_lines,
    must_be_writable,
    write_csv,
    write_file,
    write_problems,
)

__all__ = [
    "LEFT_OUT",
    "MOST_WRITTEN",
    "NEEDS_ATTENTION",
    "REPORT_KINDS",
    "STATUSES",
    "SYSTEM_COLUMNS",
    "TABLE",
    "About",
    "Account",
    "Charge",
    "NeedsAttention",
    "PriceSettings",
    "Reason",
    "ReportSettings",
    "RowsReport",
    "Summary",
    "beneath",
    "day_here",
    "from_ledger",
    "in_words",
    "is_open",
    "is_report",
    "is_untouched",
    "json_lines",
    "must_be_writable",
    "needs_attention",
    "rows_report",
    "sheets_of",
    "summarise",
    "take_place_of",
    "write_csv",
    "write_file",
    "write_problems",
]
