"""Letters written in a word processor: read, made templates of, filled, and converted."""

from batchsend.word.columns import printed
from batchsend.word.filling import filled
from batchsend.word.fonts import characters_here, fonts_here
from batchsend.word.reading import WORD_KINDS, docx_of
from batchsend.word.shown import shown_words
from batchsend.word.template import WordTemplate, paragraph_at

__all__ = [
    "WORD_KINDS",
    "WordTemplate",
    "characters_here",
    "docx_of",
    "filled",
    "fonts_here",
    "paragraph_at",
    "printed",
    "shown_words",
]
