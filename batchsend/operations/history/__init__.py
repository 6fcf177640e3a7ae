"""What earlier runs did, as the ledger and this user's register have it."""
