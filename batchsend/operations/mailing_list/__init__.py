"""The mailing's list: corrected, with its period, and without the rows left out on purpose."""
