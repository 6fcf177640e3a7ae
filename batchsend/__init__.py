"""batchsend: send a mailing of letters from a spreadsheet."""

__version__ = "0.1.0"
