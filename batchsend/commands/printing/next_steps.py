"""What to do next, as commands that are ready to be copied."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.text import Text

from batchsend.command_line import command_line
from batchsend.commands.invoking.invocation import as_typed
from batchsend.commands.printing.output import say
from batchsend.language import _
from batchsend.mailing import Mailing
from batchsend.operations.correct import has_certain_cures
from batchsend.operations.periods import as_chosen, period_chosen
from batchsend.operations.send import Sent


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do."""

    why: str
    """When to do it, or what for; a colon follows."""
    command: str


def show_steps(console: Console, steps: Sequence[Step]) -> None:
    """Print steps, each command on a line of its own."""
    for step in steps:
        say(console, f"{step.why}:")
        console.print(Text(f"  {step.command}", style="bold"), soft_wrap=True)


def after_sending(sent: Sent) -> tuple[Step, ...]:
    """What is useful after a run, the most urgent last."""
    mailing, typed = sent.plan.mailing, as_typed()
    told = sent.report.selected.by_status
    on_this = (mailing.path, *period_chosen(mailing), *_ledger(sent))
    rehearsed = sent.plan.target.is_sandbox
    steps: list[Step] = []
    if sent.report.to_correct.path is not None:
        command = command_line("correct", mailing.path, *as_chosen(mailing))
        if has_certain_cures(mailing, sent.plan.checked):
            steps.append(certain_step(mailing))
        steps += [
            Step(_("Correct the workbook and save it, then"), command),
            Step(_("And then"), typed),
        ]
    if told.get("unknown") and not rehearsed:
        command = command_line("settle", *on_this)
        steps.append(Step(_("What to do about the letters that are unknown"), command))
    if sent.report.not_written:
        command = f"{command_line('report', *on_this)} --report FILE"
        why = _("The ledger knows how each letter stands. To write the report elsewhere")
        steps.append(Step(why, command))
    if sent.stopped:
        why = _("When that is fixed, to go on") if sent.stopped_because else _("To go on")
        steps.append(Step(why, typed))
    elif told.get("failed") or sent.plan.beyond_limit:
        steps.append(Step(_("To send the others"), typed))
    steps = steps or [_when_all_is_done(sent, mailing, on_this)]
    return tuple(steps)


def certain_step(mailing: Mailing) -> Step:
    """Taking the cures that have only one answer."""
    command = command_line("correct", mailing.path, *as_chosen(mailing), "--certain")
    return Step(_("To take the cures that have only one answer"), command)


def _when_all_is_done(sent: Sent, mailing: Mailing, on_this: tuple[str | Path, ...]) -> Step:
    if sent.plan.target.is_sandbox:
        return Step(
            _("When the letters are as they should be, for real"),
            command_line("send", mailing.path, *as_chosen(mailing), *_ledger(sent)),
        )
    if mailing.status is not None:
        return Step(_("To ask later whether they were delivered"), command_line("status", *on_this))
    return Step(_("The report again, at any time"), command_line("report", *on_this))


def _ledger(sent: Sent) -> tuple[str | Path, ...]:
    """The option that names the ledger, where it is not in its usual place."""
    place, usual = sent.plan.ledger_place, sent.plan.mailing.ledger_place
    usually = isinstance(usual, Path) and place == usual.resolve()
    return () if usually or not isinstance(place, Path) else ("--ledger", place)
