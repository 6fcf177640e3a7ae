"""The screen of the letter: from a gallery, a file or Word, and the sender on it."""

from batchsend.desk.screens.letter import fit, gallery, page, printed, screen, sender, word

SCREENS = (screen, page, fit, gallery, word, printed, sender)
"""Every module with routes of its own."""

__all__ = ["SCREENS"]
