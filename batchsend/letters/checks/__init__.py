"""What is asked of a letter by itself, whole columns at a time."""

from batchsend.letters.checks.constants import judge_constants
from batchsend.letters.checks.judge import Judge

__all__ = ["Judge", "judge_constants"]
