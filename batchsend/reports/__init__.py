"""The ledger and the list -> reports."""
