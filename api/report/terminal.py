"""The summary of a plan in the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from api.report import wording
from api.report.page_tables import MONEY_TERMS
from api.report.stories import stories
from api.report.view import Report
from api.text import Lang, label
from dispatch.desk.milestone import Milestone

SHOWN_ROWS = 12
"""Rows of a list printed at most; the page has them all."""


def print_summary(
    report: Report, console: Console, /, *, lang: Lang, files: Sequence[str] = (), page: str = "plan.html"
) -> None:
    """Print what a dispatcher wants to know first.

    Args:
        report: the plan and what it was made from.
        console: where to.
        lang: language of the output.
        files: paths of the files written, to be listed.
        page: the file that shows everything, named where a list is cut.
    """
    figures, settings = report.figures, report.board.region.settings
    console.print(Text(label("plan.title", lang, region=settings.name), style="bold"))
    subtitle = label(
        "plan.subtitle",
        lang,
        now=report.clock(0),
        zone=settings.zone,
        days=settings.horizon_days,
        engineers=len(report.board.region.field.engineers),
    )
    console.print(Text(subtitle, style="dim"))
    planned = label(
        "plan.summary_planned",
        lang,
        planned=figures.planned,
        visits=figures.visits,
        routes=figures.routes,
        engineers=figures.engineers,
        left_out=len(figures.left_out),
    )
    travel = label(
        "plan.summary_travel",
        lang,
        hours=wording.hours(figures.travel_s, lang),
        distance=wording.kilometres(figures.distance_m),
        overtime=wording.hours(figures.overtime_s, lang),
    )
    console.print(Text(planned))
    console.print(Text(travel))
    _left_out(report, console, lang, page)
    _calls(report, console, lang, page)
    _attainment(report, console, lang)
    _fetching(report, console, lang, page)
    _ordering(report, console, lang, page)
    _outside(report, console, lang, page)
    _cost(report, console, lang)
    _stories(report, console, lang, page)
    if files:
        _heading(console, "files", lang)
        for file in files:
            console.print(Text(f"  {file}"))


def _left_out(report: Report, console: Console, lang: Lang, page: str) -> None:
    rows = [
        [
            row.visit,
            report.visit[row.visit].severity,
            report.visit[row.visit].site_name,
            wording.reason(report, report.visit[row.visit], lang),
        ]
        for row in report.figures.left_out
    ]
    _list(console, "left_out", ("visit", "severity", "site", "reason"), rows, lang=lang, page=page)


def _calls(report: Report, console: Console, lang: Lang, page: str) -> None:
    rows = [wording.call(report, change, lang) for change in report.calls]
    heads = ("visit", "site", "told", "new_time", "engineer")
    _list(console, "calls", heads, rows, lang=lang, page=page)
    console.print(Text(wording.changes(report, lang), style="dim"))


def _attainment(report: Report, console: Console, lang: Lang) -> None:
    rows = [
        [
            label(f"milestone.{row.milestone.value}", lang),
            str(row.met),
            str(row.late),
            str(row.left_out),
            str(row.total),
            wording.percent(row.share),
        ]
        for row in report.figures.attainment
    ]
    _heading(console, "attainment", lang)
    heads = ("milestone", "met", "late", "not_planned", "promised", "share")
    console.print(_table(heads, rows, lang, numbers=range(1, 6)))


def _fetching(report: Report, console: Console, lang: Lang, page: str) -> None:
    picked = sorted(report.figures.pick_ups, key=lambda p: (p.at_s, p.store, p.part, p.tool))
    rows = [
        [
            report.place_names.get(row.store, row.store),
            report.clock(row.at_s),
            row.engineer,
            row.part or label("plan.tool", lang, tool=row.tool),
            str(row.quantity),
        ]
        for row in picked
    ]
    heads = ("store", "time", "engineer", "part", "quantity")
    _list(console, "pick_ups", heads, rows, lang=lang, page=page, numbers=(4,))
    rows = [
        [
            row.offer,
            label(f"plan.offer_{row.kind}", lang),
            f"{row.quantity} × {row.part}",
            row.visit,
            report.clock(row.arrives_s),
            report.money(row.cents),
        ]
        for row in report.figures.deliveries
    ]
    heads_d = ("offer", "way", "part", "visit", "arrives", "price")
    _list(console, "deliveries", heads_d, rows, lang=lang, page=page, numbers=(5,))


def _ordering(report: Report, console: Console, lang: Lang, page: str) -> None:
    rows = []
    for sent in report.figures.loaners:
        due_s = report.visit[sent.visit].due_s(Milestone.SUBSTITUTE)
        rows.append(
            [
                sent.unit,
                report.class_names.get(sent.loaner_class, sent.loaner_class),
                report.place_names.get(sent.store, sent.store),
                sent.visit,
                label(f"plan.loaner_by_{sent.by.value}", lang),
                report.clock(sent.stands_s),
                "" if due_s is None else report.clock(due_s),
            ]
        )
    heads = ("unit", "loaner_class", "store", "visit", "way", "stands", "substitute_due")
    _list(console, "loaners", heads, rows, lang=lang, page=page)
    rows = [
        [
            row.part,
            report.place_names.get(row.place, row.place),
            str(row.quantity),
            wording.source(report, row, lang),
            wording.amount(report, row.cost),
            wording.urgency(report, row, lang),
        ]
        for row in report.proposals
    ]
    heads_r = ("part", "place", "quantity", "way", "price", "if_nothing")
    _list(console, "reorder", heads_r, rows, lang=lang, page=page, numbers=(2, 4))


def _outside(report: Report, console: Console, lang: Lang, page: str) -> None:
    """Partners to ask and loaners that come back; nothing where there are none."""
    asked = [
        [
            row.partner,
            row.visit,
            report.visit[row.visit].site_name,
            report.clock(row.start_s),
            report.money(row.cents),
        ]
        for row in report.figures.given_away
    ]
    if asked:
        heads = ("partner", "visit", "site", "start", "price")
        _list(console, "given_away", heads, asked, lang=lang, page=page, numbers=(4,))
    back = [
        [row.unit, row.visit, report.visit[row.visit].site_name, row.engineer, report.clock(row.at_s)]
        for row in report.figures.fetched
    ]
    if back:
        heads = ("unit", "visit", "site", "engineer", "time")
        _list(console, "fetched", heads, back, lang=lang, page=page)


def _cost(report: Report, console: Console, lang: Lang) -> None:
    terms = asdict(report.figures.terms)
    _heading(console, "cost", lang)
    made = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2))
    made.add_column()
    made.add_column(justify="right")
    for name in MONEY_TERMS:
        made.add_row(Text(label(f"plan.cost_{name}", lang)), Text(report.money(terms[name])))
    total = Text(report.money(report.figures.terms.total), style="bold")
    made.add_row(Text(label("plan.key_total", lang), style="bold"), total)
    console.print(made)


def _stories(report: Report, console: Console, lang: Lang, page: str) -> None:
    told = stories(report)
    if not told:
        return
    _heading(console, "stories", lang)
    for one in told:
        console.print(Text(f"• {label(f'story.title_{one.story.kind}', lang)}", style="bold"))
        console.print(Padding(Text(report.tell(one.sentence, lang)), (0, 0, 0, 2)))
        where = f"{page}#{one.visit}" if one.visit else f"{page}#section-reorder"
        off = "" if one.holds else " " + label("plan.story_off", lang)
        console.print(Text(f"  {label('plan.see', lang, what=where)}{off}", style="dim"))


def _heading(console: Console, name: str, lang: Lang) -> None:
    console.print()
    console.print(Text(label(f"plan.{name}", lang), style="bold"))


def _list(
    console: Console,
    name: str,
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    lang: Lang,
    page: str,
    numbers: Iterable[int] = (),
) -> None:
    _heading(console, name, lang)
    if not rows:
        console.print(Text(label(f"plan.none_{name}", lang)))
        return
    console.print(_table(heads, rows[:SHOWN_ROWS], lang, numbers=numbers))
    if len(rows) > SHOWN_ROWS:
        more = label("plan.more", lang, count=len(rows) - SHOWN_ROWS, file=f"{page}#section-{name}")
        console.print(Text(more, style="dim"))


def _table(
    heads: Sequence[str], rows: Iterable[Sequence[str]], lang: Lang, *, numbers: Iterable[int] = ()
) -> Table:
    right = set(numbers)
    made = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="dim", padding=(0, 1))
    for at, name in enumerate(heads):
        made.add_column(
            Text(label(f"plan.head_{name}", lang)),
            justify="right" if at in right else "left",
            # An id or a time broken in two cannot be searched for; names and reasons fold.
            no_wrap=name
            in {"visit", "time", "told", "new_time", "arrives", "stands", "substitute_due", "engineer"},
        )
    for row in rows:
        # Text, not markup: a site may well be called "[red]".
        made.add_row(*(Text(cell) for cell in row))
    return made
