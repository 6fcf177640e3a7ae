"""A mailing's corrections: cells that say something else than the list does, kept beside it."""

from batchsend.corrections.forgetting import forget, lines_about
from batchsend.corrections.journal import Correction, Draft, Journal, append, read_journal
from batchsend.corrections.matching import Labels, cells_of, differs, same_cell
from batchsend.corrections.moved_values import must_be_nobody_elses
from batchsend.corrections.overlay import Cell, Fit, State, draft, fits, laid_over
from batchsend.corrections.returned_workbook import (
    ORIGINAL,
    REASONS,
    ROW,
    Ignored,
    changes,
    is_reasons,
    read_returned,
)

__all__ = [
    "ORIGINAL",
    "REASONS",
    "ROW",
    "Cell",
    "Correction",
    "Draft",
    "Fit",
    "Ignored",
    "Journal",
    "Labels",
    "State",
    "append",
    "cells_of",
    "changes",
    "differs",
    "draft",
    "fits",
    "forget",
    "is_reasons",
    "laid_over",
    "lines_about",
    "must_be_nobody_elses",
    "read_journal",
    "read_returned",
    "same_cell",
]
