"""What `send` is about to do, before it asks, and letters that are not sent, as one with other
content went under their identifier."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from math import ceil

from rich.console import Console

from batchsend.command_line import command_line
from batchsend.commands.printing.before_sending import (
    new_period,
    notes_apart,
    pages_facts,
    show_held_pages,
    show_left_out,
    told_changes,
)
from batchsend.commands.printing.output import facts, say, warn
from batchsend.language import _, figure, joined, ngettext
from batchsend.letters import RowSet
from batchsend.operations.periods import as_chosen
from batchsend.operations.planning.planned import Plan
from batchsend.operations.planning.repeats import OtherCell
from batchsend.operations.running.permission import beyond_caps


def conflict_with_forgotten_told(row: int, identifier: str, when: datetime) -> str:
    """That nobody can tell any more what the letter said that went, and what to do."""
    day = f"{when.astimezone():%Y-%m-%d}"
    return _(
        "Row {row}: {identifier} went on {day}. What that letter said is forgotten, so nobody can "
        "tell whether it is this one, which is not sent. Only if this is another letter, give it "
        "an identifier of its own.",
        row=row,
        identifier=identifier,
        day=day,
    )


def conflict_told(row: int, identifier: str, when: datetime, cell: OtherCell | None) -> str:
    """What is another one in it, and what to do."""
    facts = {"row": row, "identifier": identifier, "day": f"{when.astimezone():%Y-%m-%d}"}
    if cell is None:
        return _(
            "Row {row}: {identifier} went on {day} with other content, and is not "
            "sent again. Only if this is another letter, give it an identifier of its own.",
            **facts,
        )
    facts |= {"column": cell.heading, "was": cell.was, "now": cell.now}
    if cell.same_list:
        return _(
            "Row {row}: {identifier} went on {day} with other content, and is not sent again. "
            "The list is the same, but {column} was read as “{was}” then, and as “{now}” now. "
            "Only if the letter that went was wrong, give this one an identifier of its own.",
            **facts,
        )
    return _(
        "Row {row}: {identifier} went on {day} with other content, and is not sent again: "
        "{column} was “{was}” then, and is “{now}” now. Only if this is another letter, give it "
        "an identifier of its own.",
        **facts,
    )


SHOWN = 5
"""So many letters are told of one by one."""
NAMED = 3
"""So many letters are named in a sentence about more of them."""
ROWS_NAMED = 60
"""So long may be what names rows; where it is longer, the report has them."""


def show_plan(console: Console, plan: Plan) -> None:
    """Print what a run is about to do; what is odd about it, where somebody will see it."""
    left = {
        _("Accepted before"): plan.accepted.height,
        _("Refused before"): plan.rejected.height,
        _("Perhaps sent before"): plan.unknown.height,
        _("Refused before, now by another channel"): len(plan.resumed),
        _("Repeats, not sent"): plan.repeats.height,
        _("Being sent by another run"): plan.under_way.height,
        _("Left by --limit"): plan.beyond_limit,
        _("Rows held back"): plan.checked.held,
        _("Rows left out"): plan.checked.left_out.height,
    }
    rows = ngettext("{number:,} row", "{number:,} rows", plan.checked.rows)
    facts(
        console,
        {
            _("Mailing"): plan.mailing.name,
            **({_("Period"): plan.mailing.period} if plan.mailing.period else {}),
            _("List"): f"{plan.checked.list_path}, {rows}",
            _("Template"): _template(plan),
            _("Engine"): plan.engine,
            _("To"): _("the sandbox on this machine; nothing is posted")
            if plan.target.is_sandbox
            else plan.target.destination,
            _("Letters to send"): _letters(plan),
            **{name: figure(number) for name, number in left.items() if number},
            **_pace(plan),
            **pages_facts(plan.pages),
            **_cost(plan),
            _("Ledger"): _("{place} (new: nothing has been sent with it)", place=plan.ledger_place)
            if plan.first_run
            else f"{plan.ledger_place}",
        },
    )
    for note in notes_apart(plan.checked):
        say(console, note)
    show_left_out(plan.checked, console)
    for line in told_changes(plan):
        say(console, line)
    if plan.checked.held:
        checking = command_line("check", plan.mailing.path, *as_chosen(plan.mailing))
        say(console, _("Why rows are held back: {checking}", checking=checking))
    if plan.pages is not None:
        show_held_pages(plan.pages)
    for warning in _warnings(plan):
        warn(warning)


def _template(plan: Plan) -> str:
    template, documents = plan.mailing.template, plan.mailing.document
    if template is None:
        return _("none; the letters are {pdf}", pdf=documents.pdf)
    if isinstance(template.path, dict):
        return joined(f"{path} ({language})" for language, path in template.path.items())
    return str(template.path)


def _letters(plan: Plan) -> str:
    channels = joined(f"{figure(number)} {channel}" for channel, number in plan.channels.items())
    letters = figure(plan.to_send.height)
    return f"{letters}: {channels}" if channels else letters


def _pace(plan: Plan) -> dict[str, str]:
    """How fast letters leave, and the least time that takes."""
    send, letters = plan.target.settings(plan.mailing), plan.to_send.height
    limits = [
        _("{rate:g} a second at most", rate=send.rate),
        _("{number} at once", number=send.concurrency),
    ]
    if send.per_day:
        limits.append(_("{number:,} a day", number=send.per_day))
    if send.hours:
        limits.append(_("{hours} only", hours=send.hours))
    days = ceil(letters / send.per_day) if send.per_day else 1
    least = timedelta(seconds=letters / send.rate)
    takes = ngettext("{number:,} day", "{number:,} days", days) if days > 1 else in_words(least)
    if days == 1 and least < timedelta(minutes=1):
        will_take = _("less than a minute, if the API keeps up")
    else:
        will_take = _("{time} or more", time=takes)
    return {_("Pace"): ", ".join(limits)} | ({_("Will take"): will_take} if letters else {})


def in_words(time: timedelta) -> str:
    """A length of time to go by.

    >>> in_words(timedelta(seconds=59)), in_words(timedelta(minutes=61)), in_words(timedelta(1))
    ('1 minute', '1 hour 1 minute', '24 hours')
    """
    minutes = max(1, ceil(time.total_seconds() / 60))
    hours, minutes = divmod(minutes, 60)
    parts = [ngettext("{number:,} hour", "{number:,} hours", hours)] if hours else []
    return " ".join(
        [*parts, ngettext("{number:,} minute", "{number:,} minutes", minutes)] if minutes else parts
    )


def _cost(plan: Plan) -> dict[str, str]:
    """What the letters cost at least: how many sheets they take shows when they are rendered."""
    prices = plan.mailing.prices
    if prices is None or plan.pages is not None or plan.target.is_sandbox:
        return {}
    cost = sum(
        (prices.of(channel, number, number) for channel, number in plan.channels.items()),
        Decimal(0),
    )
    return {
        _("Cost"): _(
            "{cost:,.2f} {currency} with one sheet each; more for longer letters",
            cost=cost,
            currency=prices.currency,
        )
    }


def _warnings(plan: Plan) -> list[str]:
    """What is odd about a run, in sentences."""
    return [
        *_conflicts(plan),
        *_before_periods(plan),
        *_repeats(plan),
        *plan.registered.told,
        *_said_before(plan),
        *_in_doubt(plan),
        *_elsewhere(plan),
        *_beside_others(plan),
        *([said] if (said := beyond_caps(plan)) else []),
    ]


def _conflicts(plan: Plan) -> Iterator[str]:
    if plan.looks_like_new_period:
        yield from new_period(plan)
        return
    shown = plan.conflicts.head(SHOWN).select("row", "identifier", "submitted_at", "was_content")
    for row, identifier, when, was_content in shown.iter_rows():
        if was_content == "":
            yield conflict_with_forgotten_told(row, identifier, when)
        else:
            yield conflict_told(row, identifier, when, plan.said_otherwise.get(identifier))
    if plan.conflicts.height > SHOWN:
        yield _("… and {conflicts:,} more like it.", conflicts=plan.conflicts.height - SHOWN)


def _before_periods(plan: Plan) -> Iterator[str]:
    if plan.went_without_period:
        number = f"{plan.went_without_period:,}"
        yield (
            _(
                "Letters whose identifiers went before this mailing had a period: {number}. "
                "They are not sent again. If they are to go in this period, let Identifier use "
                "{{{{ period }}}}.",
                number=number,
            )
        )


def _repeats(plan: Plan) -> Iterator[str]:
    for row, why in plan.repeats.head(SHOWN).select("row", "why").iter_rows():
        yield _("Row {row} is not sent: {why}", row=row, why=why)
    if plan.repeats.height > SHOWN:
        yield _("… and {repeats:,} more with such a reason.", repeats=plan.repeats.height - SHOWN)
    releasable = plan.registered.releasable(plan.repeats)
    if releasable.height:
        rows = str(RowSet.of(releasable["row"]))
        yield _(
            "Only where they are other letters, send them by naming their rows, as --again {rows}.",
            rows=rows if len(rows) <= ROWS_NAMED else "2,5-9",
        )
    if plan.perhaps_repeats:
        yield (
            ngettext(
                "{number:,} letter may have gone before: under the same identifier written "
                "another way, which is no longer in the list. Whom that went to is not known "
                "any more, as the checked list of its run is gone.",
                "{number:,} letters may have gone before: under the same identifier written "
                "another way, which is no longer in the list. Whom that went to is not known "
                "any more, as the checked list of its run is gone.",
                plan.perhaps_repeats,
            )
        )


def _said_before(plan: Plan) -> Iterator[str]:
    """What may be right, as the next month's rent is, and is sent."""
    number = plan.said_before.height
    if not number:
        return
    named = [
        _(
            "row {row}, {identifier} (before it {earlier}, on {when:%Y-%m-%d})",
            row=row,
            identifier=identifier,
            earlier=earlier,
            when=when.astimezone(),
        )
        for row, identifier, earlier, when in plan.said_before.head(NAMED)
        .select("row", "identifier", "earlier", "submitted_at")
        .iter_rows()
    ]
    more = [_("{number:,} more", number=number - NAMED)] if number > NAMED else []
    yield ngettext(
        "{number:,} letter to be sent says what went to the same recipient before, under another "
        "identifier that the list no longer has: {letters}. See that it is to go.",
        "{number:,} letters to be sent say what went to the same recipient before, under another "
        "identifier that the list no longer has: {letters}. See that they are to go.",
        number,
        letters=joined([*named, *more]),
    )


def _in_doubt(plan: Plan) -> Iterator[str]:
    if plan.unknown.height:
        yield (
            _(
                "It is not known whether the letters “perhaps sent before” arrived: they are "
                "not sent again without a decision."
            )
        )


def _elsewhere(plan: Plan) -> Iterator[str]:
    for other, number in plan.elsewhere.items():
        yield (
            ngettext(
                "{number:,} letter of these went to {other} before. If that is the same API at "
                "another address, they would arrive twice.",
                "{number:,} letters of these went to {other} before. If that is the same API at "
                "another address, they would arrive twice.",
                number,
                other=other,
            )
        )


def _beside_others(plan: Plan) -> Iterator[str]:
    for run in plan.other_runs:
        yield (
            _(
                "Another run has been sending since {started:%Y-%m-%d %H:%M} (process "
                "{process}). No letter goes twice, but each keeps its own pace: see that the "
                "API takes both.",
                started=run.started.astimezone(),
                process=run.process,
            )
        )
