"""`batchsend`: the program itself, its commands, and how a failure is said."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from typing import Any

import click

from batchsend.commands.begun import has_begun
from batchsend.commands.check import check
from batchsend.commands.completion import completion
from batchsend.commands.example import example
from batchsend.commands.exit_status import ExitStatus
from batchsend.commands.init import init
from batchsend.commands.inspect import inspect
from batchsend.commands.manner import speak
from batchsend.commands.next_steps import remember_typed
from batchsend.commands.output import finish_with_error, print_no_more
from batchsend.commands.preview import preview
from batchsend.commands.purge import purge
from batchsend.commands.report import report
from batchsend.commands.sandbox import sandbox
from batchsend.commands.schema import schema
from batchsend.commands.send import send
from batchsend.commands.settle import settle
from batchsend.commands.status import status
from batchsend.errors import BatchsendError, HalfwayError, UnreportedError, in_short
from batchsend.scratch import sweep
from batchsend.version import __version__

__all__ = ["main"]


class Program(click.Group):
    """A group that says every failure in words and leaves with the documented status."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        # Known before the command's own options are, of which one may be wrong.
        speak(ctx, as_json="--json" in args)
        remember_typed(ctx, args)
        _must_be_text(args)
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return self._invoke(ctx)
        except click.ClickException as error:
            with ctx.scope(cleanup=False):
                finish_with_error(ctx, error)
            raise

    def _invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except HalfwayError as error:
            raise Halfway.of(error) from error
        except UnreportedError as error:
            raise Shortfall.of(error) from error
        except BatchsendError as error:
            raise Failure.of(error) from error
        except (click.ClickException, click.exceptions.Exit):
            raise
        except (KeyboardInterrupt, click.Abort):
            if has_begun(ctx):
                raise Halfway(
                    "Stopped half-way, and before the summary: the ledger has what became of the "
                    "letters.",
                    hint="Run the same command again to go on; what was accepted is left out. "
                    "`batchsend report` says how each letter stands.",
                    kind="halfway",
                ) from None
            nothing_sent = " Nothing was sent." if ctx.invoked_subcommand == "send" else ""
            raise Failure(f"Stopped.{nothing_sent}", kind="stopped") from None
        except Exception as error:
            if isinstance(error, OSError) and error.errno == errno.EPIPE:
                raise  # who read what we print has seen enough, which click takes quietly
            if os.environ.get("BATCHSEND_DEBUG"):
                raise
            if isinstance(error, OSError) and error.filename is None:
                print_no_more()
                raise Shortfall(
                    f"What there is to say cannot be printed or written: {in_short(error)}.",
                    hint="What was sent is in the ledger. Make room, or print to somewhere else.",
                    kind="unreported",
                ) from error
            raise Shortfall(
                f"This is a fault in batchsend, not in your files ({type(error).__name__}).",
                hint="What was sent is in the ledger. Set BATCHSEND_DEBUG=1 to see the details, "
                "which may show personal data.",
                kind="fault",
            ) from error


def _must_be_text(words: list[str]) -> None:
    """A file may have a name that no ledger and no report could hold."""
    for word in words:
        shown = word.encode(errors="replace").decode()
        if shown != word:
            raise click.UsageError(
                f"{shown} has signs in its name that are not text. Rename it, and say its new name."
            )


class Failure(click.ClickException):
    """Nothing was done, and why."""

    exit_code = ExitStatus.NOTHING_DONE

    def __init__(self, said: str, *, kind: str, hint: str | None = None) -> None:
        super().__init__(said if hint is None else f"{said}\n{hint}")
        self.said, self.hint, self.kind = said, hint, kind

    @classmethod
    def of(cls, error: BatchsendError) -> Failure:
        """The failure that an error of ours is to a person."""
        kind = type(error).__name__.removesuffix("Error").lower()
        return cls(error.message, hint=error.hint, kind=kind)


class Shortfall(Failure):
    """Something may have been done, and why not all of it."""

    exit_code = ExitStatus.SOME_NOT


class Halfway(Failure):
    """A run stopped, and why."""

    exit_code = ExitStatus.STOPPED


@click.group(cls=Program, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="batchsend")
@click.pass_obj
def main(heed: Callable[[], None] | None) -> None:
    """Send a mailing of letters from a spreadsheet.

    Start with `batchsend init LIST`, look with `check` and `preview`, then `send`.
    Exit status: 0 every letter accepted, 1 some were not, 2 nothing was done,
    3 stopped half-way (run again to go on).
    """
    if heed is not None:  # the program's own; who calls it from Python has ways of his own
        heed()
    sweep()


for command in (
    init,
    example,
    inspect,
    check,
    preview,
    send,
    report,
    status,
    settle,
    purge,
    sandbox,
    schema,
    completion,
):
    main.add_command(command)
