"""What came of a run, and how a list stands, in words and as facts."""

from __future__ import annotations

from batchsend.command_line import command_line
from batchsend.commands.invoking.invocation import ExitStatus
from batchsend.commands.printing.before_sending import changes_facts, pages_json
from batchsend.commands.printing.next_steps import Step, show_steps
from batchsend.commands.printing.output import attention, facts, say, stdout, warn
from batchsend.language import _, figure, joined, ngettext
from batchsend.operations.needs_attention import ToCorrect
from batchsend.operations.planning.planned import Plan
from batchsend.operations.report import Report
from batchsend.operations.send import Sent
from batchsend.reports import LEFT_OUT, Summary

SHOWN = 5
"""So many of a kind are shown one by one."""


def show_sent(sent: Sent, steps: tuple[Step, ...]) -> None:
    """Print what came of a run, and what to do next."""
    show_summary(sent.report)
    if sent.report.not_written:
        warn(sent.report.not_written, style="red")
    show_to_correct(sent.report.to_correct)
    for row, warnings in list(sent.warnings.items())[:SHOWN]:
        warn(
            ngettext(
                "Row {row} was sent with {number:,} warning:",
                "Row {row} was sent with {number:,} warnings:",
                len(warnings),
                row=row,
            )
        )
        for warning in warnings[:SHOWN]:
            warn(f"  {warning}")
        if len(warnings) > SHOWN:
            warn("  " + _("… and {number:,} more", number=len(warnings) - SHOWN))
    if len(sent.warnings) > SHOWN:
        warn(
            ngettext(
                "… and {number:,} more letter with warnings. `batchsend preview` shows them.",
                "… and {number:,} more letters with warnings. `batchsend preview` shows them.",
                len(sent.warnings) - SHOWN,
            )
        )
    if sent.letters_folder is not None and sent.answered:
        say(
            stdout(),
            _(
                "The letters as the sandbox received them: {letters_folder}",
                letters_folder=sent.letters_folder,
            ),
        )
        looking = command_line("sandbox", "--letters", sent.letters_folder)
        say(stdout(), _("In a browser: {looking}", looking=looking))
    if sent.stopped_because:
        warn(sent.stopped_because, style="red")
    if sent.stopped:
        say(attention(), _("Stopped half-way.") if sent.answered else _("Nothing was sent."))
    show_steps(stdout() if exit_status(sent) == ExitStatus.DONE else attention(), steps)


def show_summary(report: Report) -> None:
    """Print how the rows of a list stand."""
    summary = report.summary
    facts(stdout(), _counts(summary))
    # What is left out on purpose needs nobody, and the plan has said why.
    reasons = [group for group in summary.by_reason if group.status != LEFT_OUT]
    for group in reasons[:SHOWN]:
        left = group.rows - len(group.first_rows)
        more = [_("{number:,} more", number=left)] if left else []
        if group.reason:
            said = ngettext(
                "Row {rows}, {status}: {reason}",
                "Rows {rows}, {status}: {reason}",
                group.rows,
                rows=joined([*map(str, group.first_rows), *more]),
                status=_(group.status),
                reason=" ".join(group.reason.split()),
            )
            say(attention(), said)
    if len(reasons) > SHOWN:
        say(attention(), _("The report has the other reasons."))
    if report.moved:
        say(
            stdout(),
            _(
                "The report of the period before is now {moved}",
                moved=joined(map(str, report.moved)),
            ),
        )
    if report.files:
        say(stdout(), _("Report: {files}", files=joined(map(str, report.files))))
    for beside in report.files:
        if beside.stem == f"{report.path.stem}-new":
            usual = beside.with_stem(report.path.stem)
            warn(
                _(
                    "{usual} is open in another program and stays as it was. The report of "
                    "now is {beside}.",
                    usual=usual,
                    beside=beside,
                )
            )


def _counts(summary: Summary) -> dict[str, str]:
    """Letters by status, and beside them their rows where several make one letter."""
    of_letters, of_rows = summary.letters_by_status, summary.by_status
    lines = {_("Letters"): (summary.letters, summary.rows - of_rows.get(LEFT_OUT, 0))}
    lines |= {_(status): (of_letters[status], of_rows.get(status, 0)) for status in of_letters}
    shown = {
        name: figure(letters)
        if letters == rows
        else ngettext(
            "{letters:,} ({number:,} row)", "{letters:,} ({number:,} rows)", rows, letters=letters
        )
        for name, (letters, rows) in lines.items()
    }
    if LEFT_OUT in of_rows:
        shown[_(LEFT_OUT)] = ngettext("{number:,} row", "{number:,} rows", of_rows[LEFT_OUT])
    return shown


def show_to_correct(to_correct: ToCorrect) -> None:
    """Say where the rows are that need correcting."""
    if to_correct.not_written:
        warn(to_correct.not_written, style="red")
    if to_correct.why_beside:
        warn(to_correct.why_beside)
    if to_correct.path is not None:
        say(
            attention(),
            ngettext(
                "{number:,} row to be corrected: {path}",
                "{number:,} rows to be corrected: {path}",
                to_correct.rows,
                path=to_correct.path,
            ),
        )
    if to_correct.left_out:
        warn(
            ngettext(
                "The last {number:,} row did not fit into the workbook: correct those in it "
                "first, and run the same command again for the others.",
                "The last {number:,} rows did not fit into the workbook: correct those in "
                "it first, and run the same command again for the others.",
                to_correct.left_out,
            )
        )


def exit_status(sent: Sent) -> ExitStatus:
    """The documented exit status."""
    if sent.stopped:
        return ExitStatus.STOPPED if sent.answered else ExitStatus.NOTHING_DONE
    done = sent.all_accepted and not sent.report.not_written
    return ExitStatus.DONE if done else ExitStatus.SOME_NOT


def plan_facts(plan: Plan) -> dict[str, object]:
    """What `send` is about to do, for programs."""
    return {
        "mailing": plan.mailing.name,
        "period": plan.mailing.period,
        "destination": plan.target.destination,
        "list": plan.checked.list_path,
        "rows": plan.checked.rows,
        "plan": {
            "to_send": plan.to_send.height,
            "by_channel": plan.channels,
            "accepted_before": plan.accepted.height,
            "refused_before": plan.rejected.height,
            "perhaps_sent_before": plan.unknown.height,
            "being_sent_by_others": plan.under_way.height,
            "conflicts": plan.conflicts.height,
            "repeats": plan.repeats.height,
            "released_by_again": plan.released,
            "perhaps_repeats": plan.perhaps_repeats,
            "said_before": plan.said_before.height,
            "left_by_limit": plan.beyond_limit,
            "rows_kept_back": plan.checked.held,
            "rows_left_out": plan.checked.left_out.height,
        },
        "pages": pages_json(plan.pages),
        "compared_with_last": changes_facts(plan.compared_with_last),
        "looks_like_new_period": plan.looks_like_new_period,
        "notes": list(plan.checked.notes),
    }


def report_facts(report: Report) -> dict[str, object]:
    """How the rows of a list stand, for programs."""
    return {
        "by_status": dict(report.summary.by_status),
        "reasons": [
            {
                "status": group.status,
                "reason": group.reason,
                "rows": group.rows,
                "first_rows": group.first_rows,
            }
            for group in report.summary.by_reason
        ],
        "reports": report.files,
        "reports_moved": report.moved,
        "report_not_written": report.not_written or None,
        "needs_attention": report.to_correct.path,
        "rows_to_correct": report.to_correct.rows,
    }


def sent_facts(sent: Sent, steps: tuple[Step, ...]) -> dict[str, object]:
    """What came of a run, for programs."""
    return {
        **plan_facts(sent.plan),
        **report_facts(sent.report),
        "answered": sent.answered,
        "stopped": sent.stopped,
        "stopped_because": sent.stopped_because or None,
        "letters_with_warnings": len(sent.warnings),
        "next": [step.command for step in steps],
    }
