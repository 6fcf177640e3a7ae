"""`batchsend`: the program itself, its commands, and how a failure is said."""

from __future__ import annotations

import os
from typing import Any

import click

from batchsend.commands.check import check
from batchsend.commands.init import init
from batchsend.commands.inspect import inspect
from batchsend.commands.preview import preview
from batchsend.commands.purge import purge
from batchsend.commands.report import report
from batchsend.commands.sandbox import sandbox
from batchsend.commands.send import send
from batchsend.commands.settle import settle
from batchsend.commands.status import status
from batchsend.errors import BatchsendError, UnreportedError
from batchsend.scratch import sweep
from batchsend.version import __version__

__all__ = ["main"]

SOME_NOT, NOTHING_DONE = 1, 2


class Program(click.Group):
    """A group that says every failure in words and leaves with the documented status."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except UnreportedError as error:
            raise Shortfall(str(error)) from error
        except BatchsendError as error:
            raise Failure(str(error)) from error
        except (click.ClickException, click.exceptions.Exit):
            raise
        except (KeyboardInterrupt, click.Abort):
            raise Failure("Stopped.") from None
        except Exception as error:
            if os.environ.get("BATCHSEND_DEBUG"):
                raise
            raise Shortfall(
                f"This is a fault in batchsend, not in your files ({type(error).__name__}).\n"
                "What was sent is in the ledger. Set BATCHSEND_DEBUG=1 to see the details, "
                "which may show personal data."
            ) from error


class Failure(click.ClickException):
    """Nothing was done, and why."""

    exit_code = NOTHING_DONE


class Shortfall(Failure):
    """Something may have been done, and why not all of it."""

    exit_code = SOME_NOT


@click.group(cls=Program, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="batchsend")
def main() -> None:
    """Send a mailing of letters from a spreadsheet.

    Start with `batchsend init LIST`, look with `check` and `preview`, then `send`.
    Exit status: 0 every letter accepted, 1 some were not, 2 nothing was done,
    3 stopped half-way (run again to go on).
    """
    sweep()


for command in (init, inspect, check, preview, send, report, status, settle, purge, sandbox):
    main.add_command(command)
