"""What is asked of a letter by itself, whole columns at a time."""

from batchsend.letters.checks.constants import judge_constants
from batchsend.letters.checks.judge import Judge
from batchsend.letters.checks.leftovers import Leftovers
from batchsend.letters.checks.printable import PrintableCheck

__all__ = ["Judge", "Leftovers", "PrintableCheck", "judge_constants"]
