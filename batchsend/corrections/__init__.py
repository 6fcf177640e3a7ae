"""A mailing's corrections: cells that say something else than the list does, kept beside it."""

from batchsend.corrections.cells import differs, same_cell
from batchsend.corrections.columns import Labels
from batchsend.corrections.correction import Correction, Draft, Journal, Text
from batchsend.corrections.drafting import Cell, draft
from batchsend.corrections.forgetting import forget, lines_about
from batchsend.corrections.journal import append, read_journal
from batchsend.corrections.layout import ORIGINAL, REASONS, ROW, is_own, is_reasons
from batchsend.corrections.matching import cells_of
from batchsend.corrections.overlay import Fit, State, fits, laid_over
from batchsend.corrections.returned import (
    Change,
    Ignored,
    Returned,
    changes,
    read_returned,
    same_text,
)

__all__ = [
    "ORIGINAL",
    "REASONS",
    "ROW",
    "Cell",
    "Change",
    "Correction",
    "Draft",
    "Fit",
    "Ignored",
    "Journal",
    "Labels",
    "Returned",
    "State",
    "Text",
    "append",
    "cells_of",
    "changes",
    "differs",
    "draft",
    "fits",
    "forget",
    "is_own",
    "is_reasons",
    "laid_over",
    "lines_about",
    "read_journal",
    "read_returned",
    "same_cell",
    "same_text",
]
