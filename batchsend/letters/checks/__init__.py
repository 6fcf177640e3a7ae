"""What is asked of a letter by itself, whole columns at a time; `judge.py` lists all of it."""

from batchsend.letters.checks.constants import judge_constants, recipients_must_differ
from batchsend.letters.checks.judge import CHECKS, Judge

__all__ = ["CHECKS", "Judge", "judge_constants", "recipients_must_differ"]
