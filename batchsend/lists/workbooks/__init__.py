"""Workbooks -> RecipientList: .xlsx, .xlsm, .xlsb, .xls and .ods."""
