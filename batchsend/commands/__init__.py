"""The command line: one thin file per command. All printing lives here.

Commands gather options, call the pipeline and say what came of it; they decide nothing else.
"""

from batchsend.commands.program import main

__all__ = ["main"]
