"""Workbooks -> RecipientList: .xlsx, .xlsm, .xlsb, .xls and .ods."""

from batchsend.lists.workbooks.workbook import read_workbook

__all__ = ["read_workbook"]
