"""What `send` is about to do, before it asks."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from math import ceil

from rich.console import Console

from batchsend.commands.invocation import command_line
from batchsend.commands.terminal import attention, facts, joined, plural, say
from batchsend.pipeline import Plan

__all__ = ["show_plan"]

SHOWN = 5
"""So many letters are told of one by one."""


def show_plan(console: Console, plan: Plan) -> None:
    """Print what a run is about to do; what is odd about it, where somebody will see it."""
    left = {
        "Accepted before": plan.accepted.height,
        "Refused before": plan.rejected.height,
        "Perhaps sent before": plan.unknown.height,
        "Being sent by another run": plan.under_way.height,
        "Left by --limit": plan.beyond_limit,
        "Rows kept back": plan.checked.held,
    }
    facts(
        console,
        {
            "Mailing": plan.mailing.name,
            "List": f"{plan.checked.list_path}, {plural(plan.checked.rows, 'row')}",
            "Template": _template(plan),
            "Engine": plan.engine,
            "To": "the sandbox on this machine; nothing is posted"
            if plan.target.is_sandbox
            else plan.target.destination,
            "Letters to send": _letters(plan),
            **{name: f"{number:,}" for name, number in left.items() if number},
            **_pace(plan),
            **_cost(plan),
            "Ledger": f"{plan.ledger_place}"
            + (" (new: nothing is known of earlier sendings)" if plan.first_run else ""),
        },
    )
    for note in (*plan.mailing.notes, *plan.checked.notes):
        say(console, note)
    if plan.checked.held:
        other = ("--list", plan.mailing.list.path) if plan.mailing.other_list else ()
        checking = command_line("check", plan.mailing.path, *other)
        say(console, f"Why rows are kept back: {checking}")
    _warn(attention(), plan)


def _template(plan: Plan) -> str:
    template, documents = plan.mailing.template, plan.mailing.document
    if template is None:
        return f"none; the letters are {documents.pdf}"
    if isinstance(template.path, dict):
        return joined(f"{path} ({language})" for language, path in template.path.items())
    return str(template.path)


def _letters(plan: Plan) -> str:
    channels = joined(f"{number:,} {channel}" for channel, number in plan.channels.items())
    letters = f"{plan.to_send.height:,}"
    return f"{letters}: {channels}" if channels else letters


def _pace(plan: Plan) -> dict[str, str]:
    """How fast letters leave, and the least time that takes."""
    send, letters = plan.target.settings(plan.mailing), plan.to_send.height
    limits = [f"{send.rate:g} a second at most", f"{send.concurrency} at once"]
    if send.per_day:
        limits.append(f"{send.per_day:,} a day")
    if send.hours:
        limits.append(f"{send.hours} only")
    days = ceil(letters / send.per_day) if send.per_day else 1
    least = timedelta(seconds=letters / send.rate)
    takes = plural(days, "day") if days > 1 else in_words(least)
    if days == 1 and least < timedelta(minutes=1):
        will_take = "less than a minute, if the API keeps up"
    else:
        will_take = f"{takes} or more"
    return {"Pace": ", ".join(limits)} | ({"Will take": will_take} if letters else {})


def in_words(time: timedelta) -> str:
    """A length of time to go by.

    >>> in_words(timedelta(seconds=59)), in_words(timedelta(minutes=61)), in_words(timedelta(1))
    ('1 minute', '1 hour 1 minute', '24 hours')
    """
    minutes = max(1, ceil(time.total_seconds() / 60))
    hours, minutes = divmod(minutes, 60)
    parts = [plural(hours, "hour")] if hours else []
    return " ".join([*parts, plural(minutes, "minute")] if minutes else parts)


def _cost(plan: Plan) -> dict[str, str]:
    """What the letters cost at least: how many sheets they take shows when they are rendered."""
    prices = plan.mailing.prices
    if prices is None or plan.target.is_sandbox:
        return {}
    cost = sum(
        (prices.of(channel, number, number) for channel, number in plan.channels.items()),
        Decimal(0),
    )
    return {"Cost": f"{cost:,.2f} {prices.currency} with one sheet each; more for longer letters"}


def _warn(console: Console, plan: Plan) -> None:
    for row, identifier, when in (
        plan.conflicts.head(SHOWN).select("row", "identifier", "submitted_at").iter_rows()
    ):
        say(
            console,
            f"Row {row}: {identifier} went on {when.astimezone():%Y-%m-%d} with other content, and "
            "is not sent again. Only if this is another letter, give it an identifier of its own.",
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
    for run in plan.other_runs:
        say(
            console,
            f"Another run has been sending since {run.started.astimezone():%Y-%m-%d %H:%M} "
            f"(process {run.process}). No letter goes twice, but each keeps its own pace: see that "
            "the API takes both.",
            style="yellow",
        )
    if plan.same_list_sent:
        when = plan.same_list_sent.started.astimezone()
        say(
            console,
            f"This very list was sent there on {when:%Y-%m-%d %H:%M}, under other identifiers.",
            style="yellow",
        )
