"""Submissions -> outcomes."""
