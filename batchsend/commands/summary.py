"""What `send` is about to do, and what came of it, in words."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from batchsend.commands.terminal import facts, joined, plural, quoted, say
from batchsend.pipeline import Plan, Report, Sent, ToCorrect

__all__ = [
    "NOTHING_DONE",
    "exit_status",
    "show_plan",
    "show_sent",
    "show_summary",
    "show_to_correct",
]

ALL_ACCEPTED, SOME_NOT, NOTHING_DONE, STOPPED = range(4)
SHOWN = 5
"""So many of a kind are shown one by one."""


def show_plan(console: Console, plan: Plan) -> None:
    """Print what a run is about to do."""
    channels = joined(f"{number:,} {channel}" for channel, number in plan.channels.items())
    letters = f"{plan.to_send.height:,}"
    left = {
        "Accepted before": plan.accepted.height,
        "Refused before": plan.rejected.height,
        "Perhaps sent before": plan.unknown.height,
        "Left by --limit": plan.beyond_limit,
        "Rows kept back": plan.checked.held,
    }
    send = plan.mailing.send
    facts(
        console,
        {
            "Mailing": plan.mailing.name,
            "List": f"{plan.checked.list_path}, {plural(plan.checked.rows, 'row')}",
            "Engine": plan.engine,
            "To": "the sandbox on this machine; nothing is posted"
            if plan.target.is_sandbox
            else plan.target.destination,
            "Letters to send": f"{letters}: {channels}" if channels else letters,
            "Pace": f"{send.rate:g} a second at most, {send.concurrency} at once",
            "Ledger": f"{plan.ledger_path}"
            + (" (new: nothing is known of earlier sendings)" if plan.first_run else ""),
            **{name: f"{number:,}" for name, number in left.items() if number},
        },
    )
    for note in plan.checked.notes:
        say(console, note)
    if plan.checked.held:
        say(console, f"Why rows are kept back: batchsend check {quoted(plan.mailing.path)}")
    _warn(console, plan)


def _warn(console: Console, plan: Plan) -> None:
    for row, identifier, when in (
        plan.conflicts.head(SHOWN).select("row", "identifier", "submitted_at").iter_rows()
    ):
        say(
            console,
            f"Row {row}: {identifier} went on {when:%Y-%m-%d} with other content, and is not sent "
            "again. Only if this is another letter, give it an identifier of its own.",
            style="yellow",
        )
    if plan.conflicts.height > SHOWN:
        say(console, f"… and {plan.conflicts.height - SHOWN:,} more like it.", style="yellow")
    if plan.unknown.height:
        say(
            console,
            "It is not known whether the letters “perhaps sent before” arrived: they are not sent "
            "again by themselves.",
            style="yellow",
        )
    for other, number in plan.elsewhere.items():
        say(
            console,
            f"{plural(number, 'letter')} of these went to {other} before. If that is the same API "
            "at another address, they would arrive twice.",
            style="yellow",
        )
    if plan.same_list_sent:
        say(
            console,
            f"This very list was sent there on {plan.same_list_sent.started:%Y-%m-%d %H:%M} UTC, "
            "under other identifiers.",
            style="yellow",
        )


def show_sent(console: Console, sent: Sent) -> None:
    """Print what came of a run, and what to do next."""
    show_summary(console, sent.report)
    if sent.report.not_written:
        say(console, sent.report.not_written, style="red")
        say(
            console,
            "What became of the letters is in the ledger. The report, anywhere else: batchsend "
            f"report {_typed(sent.plan.mailing.path)}{_ledger(sent.plan)} --report FILE",
        )
    to_correct = sent.report.to_correct
    show_to_correct(console, to_correct)
    if to_correct.path is not None:
        sandbox = " --sandbox" if sent.plan.target.is_sandbox else ""
        say(
            console,
            "Correct and save it, then: batchsend send "
            f"{_typed(sent.plan.mailing.path)} --list {_typed(to_correct.path)}{sandbox}",
        )
    for row, warnings in list(sent.warnings.items())[:SHOWN]:
        say(console, f"Row {row}, sent with a warning: {' '.join(warnings)}", style="yellow")
    if len(sent.warnings) > SHOWN:
        rest = plural(len(sent.warnings) - SHOWN, "letter")
        say(console, f"… and {rest} more with warnings. `batchsend preview` shows them.")
    if sent.letters_folder is not None and sent.answered:
        say(console, f"The letters as the sandbox received them: {sent.letters_folder}")
        say(console, f"In a browser: batchsend sandbox --letters {_typed(sent.letters_folder)}")
    if sent.stopped_because:
        say(console, sent.stopped_because, style="red")
    if sent.stopped:
        how_far = "Stopped half-way." if sent.answered else "Nothing was sent."
        say(console, f"{how_far} Run the same command again to go on.")


def show_summary(console: Console, report: Report) -> None:
    """Print how the rows of a list stand."""
    summary = report.summary
    facts(
        console,
        {
            "Rows": f"{summary.rows:,}",
            **{status: f"{number:,}" for status, number in summary.by_status.items()},
        },
    )
    for group in summary.by_reason[:SHOWN]:
        rows = joined(str(row) for row in group.first_rows)
        more = f" and {group.rows - len(group.first_rows):,} more"
        where = rows + (more if group.rows > len(group.first_rows) else "")
        if group.reason:
            label = "Row" if group.rows == 1 else "Rows"
            say(console, f"{label} {where}, {group.status}: {' '.join(group.reason.split())}")
    if len(summary.by_reason) > SHOWN:
        say(console, "The report has the other reasons.")
    if report.files:
        say(console, f"Report: {joined(map(str, report.files))}")


def show_to_correct(console: Console, to_correct: ToCorrect) -> None:
    """Say where the rows are that need correcting."""
    if to_correct.not_written:
        say(console, to_correct.not_written, style="red")
    if to_correct.path is not None:
        say(console, f"{plural(to_correct.rows, 'row')} to be corrected: {to_correct.path}")
    if to_correct.left_out:
        say(
            console,
            f"The last {plural(to_correct.left_out, 'row')} did not fit into the workbook: correct "
            "those in it first, and run the same command again for the others.",
            style="yellow",
        )


def _ledger(plan: Plan) -> str:
    """The option that names the ledger, where it is not in its usual place."""
    usual = plan.mailing.ledger.resolve()
    return "" if plan.ledger_path == usual else f" --ledger {_typed(plan.ledger_path)}"


def _typed(path: Path) -> str:
    """A path as it is typed on a command line."""
    return f'"{path}"' if " " in str(path) else str(path)


def exit_status(sent: Sent) -> int:
    """The documented exit status."""
    if sent.stopped:
        return STOPPED if sent.answered else NOTHING_DONE
    return ALL_ACCEPTED if sent.all_accepted and not sent.report.not_written else SOME_NOT
