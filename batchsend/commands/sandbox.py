"""`batchsend sandbox`: the local letter API alone, until stopped."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from batchsend.commands.printing.output import say, stdout
from batchsend.language import _, joined
from batchsend.sandbox import Fault, Faults, serve

FAULTS = [fault.replace(" ", "-") for fault in Fault if fault is not Fault.OK]


class _FaultType(click.ParamType[tuple[Fault, float]]):
    """`503=0.05` or `503=5%` as a fault and the share of requests it strikes."""

    name = "fault"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[Fault, float]:
        if isinstance(value, tuple):
            return value
        name, _other, share = str(value).partition("=")
        if name not in FAULTS:
            self.fail(
                _("“{name}” is not a fault; there are {faults}.", name=name, faults=joined(FAULTS)),
                param,
                ctx,
            )
        try:
            number = float(share.removesuffix("%")) / (100 if share.endswith("%") else 1)
        except ValueError:
            number = -1
        if not 0 <= number <= 1:
            self.fail(
                _(
                    "“{value}” needs a share of the requests: {name}=5% or {name}=0.05.",
                    value=value,
                    name=name,
                )
            )
        return Fault(name.replace("-", " ")), number


@click.command(epilog=f"Faults are {joined(FAULTS)}. The page of the sandbox says what each does.")
@click.option(
    "--port", type=click.IntRange(0, 65_535), metavar="N", default=8400, show_default=True
)
@click.option(
    "--letters",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Keep the newest 1,000 letters it receives in this folder, and show those that are there.",
)
@click.option(
    "--fault",
    "shares",
    type=_FaultType(),
    multiple=True,
    metavar="NAME=SHARE",
    help="Misbehave: 503=5% strikes one request in twenty. As often as there are faults.",
)
@click.option(
    "--delay",
    type=click.FloatRange(0, 3600),
    metavar="SECONDS",
    default=1.0,
    show_default=True,
    help="Seconds that the faults `slow` and `drip` take.",
)
@click.option("--refuse-repeats", is_flag=True, help="Refuse a letter that was taken already.")
def sandbox(
    port: int,
    letters: Path | None,
    shares: tuple[tuple[Fault, float], ...],
    delay: float,
    *,
    refuse_repeats: bool,
) -> None:
    """Run a stand-in for the letter API on this machine.

    It runs until Ctrl-C, and nothing is ever posted.

    Open its address in a browser to see the letters as they come, and to make it misbehave.
    """
    if sum(share for _other, share in shares) > 1:
        raise click.UsageError(_("The shares of the faults add up to more than every request."))

    def ready(base_url: str) -> None:
        say(
            stdout(),
            _("The sandbox takes letters at {base_url} and shows them there.", base_url=base_url),
        )
        say(
            stdout(),
            _("Send to it: batchsend send MAILING --base-url {base_url}", base_url=base_url),
        )
        say(
            stdout(),
            _("Set BATCHSEND_SUBSCRIPTION_ID and BATCHSEND_STORAGE_ID to anything for that."),
        )
        say(stdout(), _("Ctrl-C ends it."))

    faults = Faults(rates=dict(shares), delay=delay, refuse_repeats=refuse_repeats)
    serve(port=port, faults=faults, letters=letters, recall=True, ready=ready)
