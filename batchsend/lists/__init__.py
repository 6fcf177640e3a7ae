"""Recipient lists -> numbered rows."""
