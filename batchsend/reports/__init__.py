"""The ledger and the list -> reports."""

from batchsend.reports.csv_report import write_csv
from batchsend.reports.files import must_be_writable
from batchsend.reports.problems import write_problems
from batchsend.reports.rows import STATUSES, SYSTEM_COLUMNS, RowsReport, rows_report
from batchsend.reports.summary import Reason, Summary, summarise

__all__ = [
    "STATUSES",
    "SYSTEM_COLUMNS",
    "Reason",
    "RowsReport",
    "Summary",
    "must_be_writable",
    "rows_report",
    "summarise",
    "write_csv",
    "write_problems",
]
