"""Rows -> checked letters."""
