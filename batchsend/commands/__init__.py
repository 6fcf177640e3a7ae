"""The command line: one thin file per command. All printing lives here.

Commands gather options, call the operations and show the outcome; they decide nothing else.
"""

from batchsend.commands.invoking.program import main

__all__ = ["main"]
