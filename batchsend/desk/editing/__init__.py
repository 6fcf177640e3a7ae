"""letter.html as a document to be edited, and back, without loss."""

from batchsend.desk.editing.letter_source import LetterSource
from batchsend.desk.editing.writing import NotADocumentError

__all__ = ["LetterSource", "NotADocumentError"]
