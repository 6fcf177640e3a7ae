"""The charts of report.html, as SVG that takes its colours from the page.

Each has a sentence and a table that say the same, for whoever does not see it. Drawn by pygal;
its own styles and scripts are left out, so that the page's are the only ones.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate
from xml.etree import ElementTree

import pygal
from markupsafe import Markup
from pygal.graph.graph import Graph

from batchsend.language import _, figure, ngettext
from batchsend.reports.account import Answers, Charge, Figures, Throughput
from batchsend.reports.statuses import STATUSES

# pygal has Python look for its plug-ins by a hook that Python warns of; we use none.
sys.meta_path[:] = [each for each in sys.meta_path if type(each).__module__ != "pygal"]

WIDTH, HEIGHT = 560, 240
BAR = 44
"""How high a horizontal bar is, with the space around it."""
LABELS = 8
"""So many labels fit below a chart over time."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart, and the same in words."""

    title: str
    svg: Markup | None
    """None where there is nothing to compare."""
    sentence: str
    headings: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]
    legend: tuple[tuple[str, str], ...] = ()
    """The class of a colour, and what it stands for."""
    is_cost: bool = False


def charts(figures: Figures, currency: str) -> list[Chart]:
    """What there is to compare of the letters: of one bar alone the page's head says as much."""
    found = _known(_channels(figures), _pages(figures), _cost(figures.charges, currency))
    return [each for each in found if each.svg is not None]


def technical_charts(figures: Figures) -> list[Chart]:
    """What there is to show of the requests: nothing of runs that were over in a moment, and
    nothing where each letter took one."""
    return _known(
        *(_progress(course, figures) for course in figures.courses),
        *(_pace(course, figures) for course in figures.courses),
        _attempts(figures) if len(figures.attempts) > 1 else None,
        _answers(figures.answers),
    )


def _known(*found: Chart | None) -> list[Chart]:
    return sorted((each for each in found if each is not None), key=lambda each: each.svg is None)


def _channels(figures: Figures) -> Chart | None:
    if not figures.letters:
        return None
    statuses = [status for status in STATUSES if status in figures.by_status]
    channels = list(figures.by_channel)
    graph = _bars(pygal.HorizontalStackedBar, channels)
    for status in STATUSES:
        graph.add(status, [figures.by_channel[name].get(status) for name in reversed(channels)])
    total = {name: sum(counts.values()) for name, counts in figures.by_channel.items()}
    said = (
        _(
            "{name}: {accepted:,} of {total:,} accepted",
            name=name,
            accepted=figures.by_channel[name].get("accepted", 0),
            total=total[name],
        )
        for name in channels
    )
    return Chart(
        title=_("Outcomes by channel"),
        svg=_compared(graph, "outcomes", len(channels)),
        sentence="; ".join(said) + ".",
        headings=(_("Channel"), *(_(status) for status in statuses), _("letters")),
        lines=tuple(
            (name, *(figure(counts.get(status, 0)) for status in statuses), figure(total[name]))
            for name, counts in figures.by_channel.items()
        ),
        legend=tuple((f"status-{status}", _(status)) for status in statuses),
    )


def _progress(course: Throughput, figures: Figures) -> Chart:
    so_far = list(accumulate(course.accepted))
    graph = _over_time(pygal.Line, course)
    graph.fill, graph.show_dots = True, False
    graph.add("accepted", so_far)
    minutes = _length(course)
    return Chart(
        title=_of_run(_("Progress"), course, figures),
        svg=_svg(graph, "progress"),
        sentence=ngettext(
            "{number:,} letter accepted in {minutes}, from {began:%Y-%m-%d %H:%M:%S} on.",
            "{number:,} letters accepted in {minutes}, from {began:%Y-%m-%d %H:%M:%S} on.",
            so_far[-1],
            minutes=minutes,
            began=course.began.astimezone(),
        ),
        headings=(_("Time"), _("accepted so far")),
        lines=tuple(zip(_clock(course), map(_number, so_far), strict=True)),
    )


def _pace(course: Throughput, figures: Figures) -> Chart:
    step = course.step.total_seconds()
    per_second = [number / step for number in course.accepted]
    others = [number / step for number in course.other]
    graph = _over_time(pygal.StackedBar, course)
    graph.spacing = 1
    graph.value_formatter = _number
    graph.add("accepted", per_second)
    graph.add("other", [number or None for number in others])
    mean = sum(course.accepted) / max(step * len(course.accepted), step)
    failed = sum(course.other)
    return Chart(
        title=_of_run(_("Pace"), course, figures),
        svg=_svg(graph, "pace"),
        sentence=ngettext(
            "{mean:,.1f} letters a second on average; {number:,} request ended otherwise.",
            "{mean:,.1f} letters a second on average; {number:,} requests ended otherwise.",
            failed,
            mean=mean,
        )
        if failed
        else _("{mean:,.1f} letters a second on average.", mean=mean),
        headings=(_("Time"), _("accepted a second"), _("other answers a second")),
        lines=tuple(
            (when, figure(accepted, ",.1f"), figure(other, ",.1f"))
            for when, accepted, other in zip(_clock(course), per_second, others, strict=True)
        ),
        legend=(("tone-0", _("accepted")), ("tone-1", _("other answers, or none")))
        if failed
        else (),
    )


def _attempts(figures: Figures) -> Chart | None:
    if not figures.attempts:
        return None
    letters = sum(number for _other, number in figures.attempts)
    once = dict(figures.attempts).get(1, 0)
    names = [
        ngettext("{number} request", "{number} requests", tries)
        for tries, _other in figures.attempts
    ]
    return _counts(
        _("Attempts"),
        ngettext(
            "{once:,} of {number:,} accepted letter needed one request only.",
            "{once:,} of {number:,} accepted letters needed one request only.",
            letters,
            once=once,
        ),
        (_("Requests for a letter"), _("letters")),
        list(zip(names, (number for _other, number in figures.attempts), strict=True)),
    )


def _answers(answers: Answers | None) -> Chart | None:
    if answers is None:
        return None
    return _counts(
        _("Time to the answer"),
        _answered(answers),
        (_("Time"), _("requests")),
        list(answers.groups),
    )


def _answered(answers: Answers) -> str:
    places = {"median": answers.median, "p95": answers.p95, "slowest": answers.slowest}
    if answers.unanswered:
        return ngettext(
            "{number:,} request had an answer: half of them within {median:,} ms, 95 in 100 within "
            "{p95:,} ms, the slowest after {slowest:,} ms. {unanswered:,} had none.",
            "{number:,} requests had an answer: half of them within {median:,} ms, 95 in 100 "
            "within {p95:,} ms, the slowest after {slowest:,} ms. {unanswered:,} had none.",
            answers.requests,
            unanswered=answers.unanswered,
            **places,
        )
    return ngettext(
        "{number:,} request had an answer: half of them within {median:,} ms, 95 in 100 within "
        "{p95:,} ms, the slowest after {slowest:,} ms.",
        "{number:,} requests had an answer: half of them within {median:,} ms, 95 in 100 within "
        "{p95:,} ms, the slowest after {slowest:,} ms.",
        answers.requests,
        **places,
    )


def _pages(figures: Figures) -> Chart | None:
    if not figures.pages:
        return None
    pages = sum(each.pages for each in figures.charges)
    printed = sum(each.sheets for each in figures.charges)
    said = ngettext("{number:,} page in all.", "{number:,} pages in all.", pages)
    if printed:
        said = ngettext(
            "{pages} What is printed takes {number:,} sheet, of two pages each.",
            "{pages} What is printed takes {number:,} sheets, of two pages each.",
            printed,
            pages=said,
        )
    return _counts(
        _("Pages of the accepted letters"),
        said,
        (_("Pages"), _("letters")),
        [
            (ngettext("{number} page", "{number} pages", size), number)
            for size, number in figures.pages
        ],
    )


def _cost(charges: Sequence[Charge], currency: str) -> Chart | None:
    if not charges or any(each.cost is None for each in charges):
        return None
    costs = [(each, each.cost or Decimal(0)) for each in charges]
    graph = _bars(pygal.HorizontalBar, [each.channel for each in charges])
    graph.value_formatter = lambda cost: figure(cost, ",.2f")
    graph.add("cost", [float(cost) for _other, cost in reversed(costs)])
    total = sum((cost for _other, cost in costs), Decimal(0))
    return Chart(
        title=_("Cost of the accepted letters, {currency}", currency=currency),
        svg=_compared(graph, "cost", len(costs)),
        sentence=_(
            "{total:,.2f} {currency} by the prices in mailing.toml.", total=total, currency=currency
        ),
        headings=(_("Channel"), _("letters"), _("sheets"), currency),
        lines=(
            *(
                (each.channel, figure(each.letters), figure(each.sheets), figure(cost, ",.2f"))
                for each, cost in costs
            ),
            (_("Together"), *_sums(charges), figure(total, ",.2f")),
        ),
        is_cost=True,
    )


def _sums(charges: Sequence[Charge]) -> tuple[str, str]:
    return figure(sum(each.letters for each in charges)), figure(
        sum(each.sheets for each in charges)
    )


def _counts(
    title: str, sentence: str, headings: tuple[str, str], counts: list[tuple[str, int]]
) -> Chart:
    graph = _bars(pygal.HorizontalBar, [name for name, _other in counts])
    graph.add(headings[1], [number for _other, number in reversed(counts)])
    drawn = _compared(graph, "counts", len(counts))
    lines = tuple((name, figure(number)) for name, number in counts)
    return Chart(title, drawn, sentence, headings, lines)


def _bars(kind: Callable[..., Graph], names: Sequence[str]) -> Graph:
    """A chart of horizontal bars, the first on top; its values are added last first."""
    graph = _graph(kind, height=BAR * len(names) + 40)
    graph.print_values = kind is pygal.HorizontalBar
    graph.show_x_guides, graph.show_y_guides = True, False
    graph.x_labels = list(reversed(names))
    return graph


def _compared(graph: Graph, kind: str, bars: int) -> Markup | None:
    """The drawing of so many bars; None of one alone, which has no other to be compared with."""
    return _svg(graph, kind) if bars > 1 else None


def _over_time(kind: Callable[..., Graph], course: Throughput) -> Graph:
    graph = _graph(kind, height=HEIGHT)
    every = -(-len(course.accepted) // LABELS)
    graph.x_labels = ["" if place % every else when for place, when in enumerate(_clock(course))]
    graph.truncate_label = -1
    return graph


def _graph(kind: Callable[..., Graph], height: int) -> Graph:
    style = pygal.style.Style(
        label_font_size=13, major_label_font_size=13, value_font_size=13, no_data_font_size=14
    )
    return kind(
        width=WIDTH,
        height=height,
        css=[],
        js=[],
        style=style,
        show_legend=False,
        margin=6,
        margin_right=24,
        spacing=10,
        max_scale=6,
        value_formatter=_whole,
        include_x_axis=True,
        no_data_text=_("nothing to show"),
    )


def _svg(graph: Graph, kind: str) -> Markup:
    """The drawing alone, to be coloured by the page: what it says stands beside it in words."""
    root = ElementTree.fromstring(graph.render(is_unicode=True))  # noqa: S314 - pygal's own
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]  # HTML knows SVG by itself
    _without_extras(root)
    drawn = "".join(ElementTree.tostring(part, encoding="unicode") for part in root.findall("g"))
    # Whatever is a text in it has been escaped on the way.
    return Markup(  # noqa: S704
        f'<svg class="drawing {kind}" viewBox="{root.attrib["viewBox"]}" aria-hidden="true">'
        f"{drawn}</svg>"
    )


def _without_extras(part: ElementTree.Element) -> None:
    """Take out what only pygal's own script would need."""
    for child in list(part):
        if child.tag in {"desc", "title"} or "tooltip-overlay" in child.get("class", ""):
            part.remove(child)
        else:
            _without_extras(child)


def _clock(course: Throughput) -> list[str]:
    """The time at which each step began, as on the clock of this machine."""
    steps = range(len(course.accepted))
    times = [(course.began + course.step * step).astimezone() for step in steps]
    days = len({time.date() for time in times}) > 1
    fine = course.step.total_seconds() < 60
    form = ("%d.%m. " if days else "") + ("%H:%M:%S" if fine else "%H:%M")
    return [f"{time:{form}}" for time in times]


def _length(course: Throughput) -> str:
    seconds = course.step.total_seconds() * len(course.accepted)
    hours, rest = divmod(round(seconds), 3600)
    minutes, left = divmod(rest, 60)
    if hours:
        return _("{hours} h {minutes} min", hours=hours, minutes=minutes)
    if minutes:
        return _("{minutes} min {seconds} s", minutes=minutes, seconds=left)
    return _("{seconds} s", seconds=max(left, 1))


def _of_run(title: str, course: Throughput, figures: Figures) -> str:
    if len(figures.courses) == 1:
        return title
    return _("{title}, run {number}", title=title, number=course.run)


def _number(value: float) -> str:
    return figure(value, ",.10g")


def _whole(value: float) -> str:
    """Of what is counted there are no halves: they have no place on an axis."""
    return f"{value:,.0f}" if value == round(value) else ""
