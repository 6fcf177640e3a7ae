"""`batchsend`: the program itself, its commands, and how a failure is said."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from importlib import import_module
from typing import Any

import click
from click.exceptions import NoSuchCommand
from click.shell_completion import CompletionItem

from batchsend.commands.invoking.invocation import (
    ExitStatus,
    has_sending_started,
    output_mode,
    remember_typed,
    set_output_mode,
)
from batchsend.errors import BatchsendError, HalfwayError, UnreportedError, in_short
from batchsend.language import LANGUAGES, VARIABLE, _, joined, language_named
from batchsend.version import __version__

COMMANDS = {
    "The work, in its order": {
        "init": "Make a mailing folder from a list.",
        "check": "Check every row of a mailing's list.",
        "correct": "Correct cells of the list. The list itself is not changed.",
        "preview": "Write some letters as PDF and pictures.",
        "approve": "Approve a mailing that another user is going to send.",
        "send": "Send a mailing: every letter once, however often this is run.",
        "report": "Write the report again.",
    },
    "After sending": {
        "settle": "Decide about letters whose answer was lost.",
        "status": "Ask the API whether accepted letters were delivered.",
        "letter": "Write the PDF of a letter as it was sent.",
        "person": "Put out all that is kept of one letter's recipient.",
        "purge": "Remove personal data of earlier runs, or of one person.",
    },
    "In a browser": {
        "desk": "Open the desk: the whole mailing in a browser.",
    },
    "To look and to try": {
        "letter-from": "Turn a Word letter into an HTML letter.",
        "inspect": "Show how a list is read.",
        "example": "Put mailings to try into a new folder.",
        "sandbox": "Run a stand-in for the letter API on this machine.",
    },
    "For your tools": {
        "schema": "Print the JSON Schema of mailing.toml.",
        "completion": "Print what makes a shell complete commands with the Tab key.",
        "help": "Show this help, or that of a command.",
    },
}
"""Every command and the first sentence of its help. Each is the function of its name in the module
of its name, which is loaded when it is called: most of them load much."""


class _Program(click.Group):
    """A group that says every failure in words and leaves with the documented status."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return [name for section in COMMANDS.values() for name in section]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        name = cmd_name.replace("-", "_")
        module = import_module(f"batchsend.commands.{name}")
        command: click.Command = getattr(module, name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except NoSuchCommand as error:
            possible = self.list_commands(ctx)
            raise NoSuchCommand(error.command_name, possibilities=possible, ctx=ctx) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's
        for heading, commands in COMMANDS.items():
            with formatter.section(heading):
                formatter.write_dl(list(commands.items()))

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        found = [
            CompletionItem(name, help=summary)
            for commands in COMMANDS.values()
            for name, summary in commands.items()
            if name.startswith(incomplete)
        ]
        return found + click.Command.shell_complete(self, ctx, incomplete)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        # Known before the command's own options are, of which one may be wrong.
        set_output_mode(ctx, as_json="--json" in args)
        remember_typed(ctx, args)
        _must_be_text(args)
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return self._invoke(ctx)
        except click.ClickException as error:
            if output_mode().as_json:
                from batchsend.commands.printing.output import finish_with_error  # noqa: PLC0415 - loads rich

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
            if has_sending_started(ctx):
                raise Halfway(
                    _(
                        "Stopped half-way, before the summary. The ledger knows how each "
                        "letter stands."
                    ),
                    hint=_(
                        "Run the same command again to go on; what was accepted is left "
                        "out. `batchsend report` says how each letter stands."
                    ),
                    kind="halfway",
                ) from None
            if ctx.invoked_subcommand == "send":
                raise Failure(_("Stopped. Nothing was sent."), kind="stopped") from None
            raise Failure(_("Stopped."), kind="stopped") from None
        except Exception as error:
            if isinstance(error, OSError) and error.errno == errno.EPIPE:
                raise  # who read what we print has seen enough, which click takes quietly
            if os.environ.get("BATCHSEND_DEBUG"):
                raise
            if isinstance(error, OSError) and error.filename is None:
                from batchsend.commands.printing.output import print_no_more  # noqa: PLC0415 - loads rich

                print_no_more()
                raise Shortfall(
                    _("Cannot write the output: {reason}.", reason=in_short(error)),
                    hint=_(
                        "What was sent is in the ledger. Make room, or print to somewhere else."
                    ),
                    kind="unreported",
                ) from error
            raise Shortfall(
                _(
                    "This is a fault in batchsend, not in your files ({name}).",
                    name=type(error).__name__,
                ),
                hint=_(
                    "What was sent is in the ledger. Set BATCHSEND_DEBUG=1 to see the "
                    "details, which may show personal data."
                ),
                kind="fault",
            ) from error


def _must_be_text(words: list[str]) -> None:
    """A file may have a name that no ledger and no report could hold."""
    for word in words:
        shown = word.encode(errors="replace").decode()
        if shown != word:
            raise click.UsageError(
                _(
                    "{shown} has characters in its name that are not text. Rename the file "
                    "and use its new name.",
                    shown=shown,
                )
            )


def _tell_of_language() -> None:
    """Say once that messages are in English, where the environment asks for a language they have
    not."""
    asked = os.environ.get(VARIABLE, "")
    if asked and language_named(asked) is None:
        from batchsend.commands.printing.output import remember_warning, say, stderr  # noqa: PLC0415 - loads rich

        said = _(
            "{variable} is “{asked}”, and messages are in {languages} only: they are in English.",
            variable=VARIABLE,
            asked=asked,
            languages=joined(LANGUAGES),
        )
        remember_warning(said)
        say(stderr(), said, style="yellow")


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


@click.group(
    cls=_Program, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__, prog_name="batchsend")
@click.pass_obj
def main(install_signal_handlers: Callable[[], None] | None) -> None:
    """Send a mailing of letters from a spreadsheet.

    Start with `batchsend init LIST`, look with `check` and `preview`, then `send`.
    Exit status: 0 every letter accepted, 1 some were not, 2 nothing was done,
    3 stopped half-way (run again to go on).
    """
    if install_signal_handlers is not None:  # a caller from Python has its own
        install_signal_handlers()
    from batchsend.scratch import sweep  # noqa: PLC0415 - help and version do without

    _tell_of_language()

    sweep()
