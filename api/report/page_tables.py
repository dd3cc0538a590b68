"""The tables of the page: cost, attainment, what was left out, what to fetch, send and order, every visit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from api.report import marks, wording
from api.report.markup import Markup, element, joined, table
from api.report.view import Report, VisitView
from api.text import Lang, label
from dispatch.deadline import DeadlineState
from dispatch.desk.milestone import Milestone

MONEY_TERMS = (
    "late_arrive",
    "late_repair",
    "late_substitute",
    "left_out",
    "travel_time",
    "distance",
    "overtime",
    "call_outs",
    "deliveries",
    "loaner_couriers",
    "loaner_days",
    "second_visits",
    "partners",
    "other_engineers",
    "territory",
    "changes",
)
"""Cost terms in the order a manager reads them."""


def cost(report: Report, lang: Lang, /) -> Markup:
    """The cost, term by term."""
    terms = asdict(report.figures.terms)
    rows = [
        element(
            "tr",
            element("td", label(f"plan.cost_{name}", lang)),
            element("td", report.money(terms[name]), class_="n"),
        )
        for name in MONEY_TERMS
    ]
    total = element(
        "tr",
        element("td", label("plan.key_total", lang)),
        element("td", report.money(report.figures.terms.total), class_="n"),
        class_="sum",
    )
    return element("table", element("tbody", joined([*rows, total])))


def attainment(report: Report, lang: Lang, /) -> Markup:
    """How many promises of each milestone the plan keeps."""
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
    heads = _heads(lang, "milestone", "met", "late", "not_planned", "promised", "share")
    note = element("p", label("plan.attainment_note", lang), class_="muted")
    return joined([table(heads, rows, numbers=range(1, 6)), note])


def left_out(report: Report, visits: Sequence[VisitView], lang: Lang, /) -> Markup:
    """What nobody is planned for, and why."""
    if not visits:
        return element("p", label("plan.none_left_out", lang))
    rows = [
        [
            _link(visit.id),
            visit.severity,
            visit.site_name,
            _state(visit.state, lang),
            _due(report, visit, Milestone.ARRIVE),
            _due(report, visit, Milestone.REPAIR),
            wording.reason(report, visit, lang),
        ]
        for visit in visits
    ]
    return table(
        _heads(lang, "visit", "severity", "site", "state", "arrive_due", "repair_due", "reason"),
        rows,
        unbroken=(0, 3, 4, 5),
    )


def calls(report: Report, lang: Lang, /) -> Markup:
    """Which customers to call because the time they were told does not hold, and what changed in all."""
    count = element("p", wording.changes(report, lang), class_="muted")
    if not report.calls:
        return joined([element("p", label("plan.none_calls", lang)), count])
    rows = [
        [_link(visit), *said] for visit, *said in (wording.call(report, one, lang) for one in report.calls)
    ]
    heads = _heads(lang, "visit", "site", "told", "new_time", "engineer")
    return joined([table(heads, rows, unbroken=(0, 2, 3, 4)), count])


def pick_ups(report: Report, lang: Lang, /) -> Markup:
    """What to lay out at which depot, for whom, by when."""
    picked = sorted(report.figures.pick_ups, key=lambda p: (p.store, p.at_s, p.shift, p.part, p.tool))
    if not picked:
        return element("p", label("plan.none_pick_ups", lang))
    rows = [
        [
            report.place_names.get(row.store, row.store),
            report.clock(row.at_s),
            row.engineer,
            row.part or label("plan.tool", lang, tool=row.tool),
            report.part_names.get(row.part, ""),
            str(row.quantity),
        ]
        for row in picked
    ]
    return table(
        _heads(lang, "store", "time", "engineer", "part", "name", "quantity"),
        rows,
        numbers=(5,),
        unbroken=(1,),
    )


def deliveries(report: Report, lang: Lang, /) -> Markup:
    """Which offers to take."""
    if not report.figures.deliveries:
        return element("p", label("plan.none_deliveries", lang))
    rows = [
        [
            row.offer,
            label(f"plan.offer_{row.kind}", lang),
            report.place_names.get(row.from_store, row.from_store),
            f"{row.quantity} × {row.part}",
            _link(row.visit),
            report.clock(row.arrives_s),
            report.money(row.cents),
        ]
        for row in report.figures.deliveries
    ]
    heads = _heads(lang, "offer", "way", "store", "part", "visit", "arrives", "price")
    return table(heads, rows, numbers=(6,), unbroken=(0, 4, 5))


def loaners(report: Report, lang: Lang, /) -> Markup:
    """Which loaner units to send."""
    if not report.figures.loaners:
        return element("p", label("plan.none_loaners", lang))
    rows = [
        [
            row.unit,
            report.class_names.get(row.loaner_class, row.loaner_class),
            report.place_names.get(row.store, row.store),
            _link(row.visit),
            report.visit[row.visit].site_name,
            label(f"plan.loaner_by_{row.by.value}", lang),
            report.clock(row.stands_s),
            _due(report, report.visit[row.visit], Milestone.SUBSTITUTE),
        ]
        for row in report.figures.loaners
    ]
    return table(
        _heads(lang, "unit", "loaner_class", "store", "visit", "site", "way", "stands", "substitute_due"),
        rows,
    )


def given_away(report: Report, lang: Lang, /) -> Markup:
    """Which outside partners to ask for what."""
    rows = [
        [
            row.partner,
            _link(row.visit),
            report.visit[row.visit].site_name,
            report.clock(row.start_s),
            report.money(row.cents),
        ]
        for row in report.figures.given_away
    ]
    heads = _heads(lang, "partner", "visit", "site", "start", "price")
    return table(heads, rows, numbers=(4,), unbroken=(0, 1, 3))


def fetched(report: Report, lang: Lang, /) -> Markup:
    """Which loaners come back with whom."""
    rows = [
        [
            row.unit,
            _link(row.visit),
            report.visit[row.visit].site_name,
            row.engineer,
            report.clock(row.at_s),
        ]
        for row in report.figures.fetched
    ]
    return table(_heads(lang, "unit", "visit", "site", "engineer", "time"), rows, unbroken=(0, 1, 3, 4))


def reorder(report: Report, lang: Lang, /) -> Markup:
    """What to move and to buy."""
    if not report.proposals:
        return element("p", label("plan.none_reorder", lang))
    rows = [
        [
            row.part,
            report.part_names.get(row.part, ""),
            report.place_names.get(row.place, row.place),
            str(row.quantity),
            wording.source(report, row, lang),
            f"{report.here(row.arrives_at):%Y-%m-%d}" if row.arrives_at else "–",
            wording.amount(report, row.cost),
            wording.urgency(report, row, lang),
        ]
        for row in report.proposals
    ]
    heads = _heads(lang, "part", "name", "place", "quantity", "way", "arrives", "price", "if_nothing")
    made = table(heads, rows, numbers=(3, 6), unbroken=(0, 5))
    count = label("plan.reorder_count", lang, count=len(rows))
    return element("details", element("summary", count), made, open="open")


def visits(report: Report, lang: Lang, /) -> Markup:
    """Every visit with its times, deadlines and supplies."""
    heads = _heads(
        lang,
        "visit",
        "severity",
        "site",
        "engineer",
        "start",
        "arrive_due",
        "repair_due",
        "state",
        "spare",
        "supply",
    )
    head = element("thead", element("tr", joined(element("th", text) for text in heads)))
    body = element("tbody", joined(_visit(report, visit, lang) for visit in report.visits))
    count = label("plan.visit_count", lang, count=len(report.visits))
    return element("details", element("summary", count), element("table", head, body), open="open")


def _visit(report: Report, visit: VisitView, lang: Lang) -> Markup:
    supplied = [
        *wording.supplies(report, visit, lang),
        wording.loaner(report, visit, lang),
        wording.fetched(visit, lang),
    ]
    cells = (
        visit.id,
        visit.severity,
        visit.site_name,
        wording.who(visit, lang),
        report.clock(visit.done.start_s) if visit.done else "",
        _due(report, visit, Milestone.ARRIVE),
        _due(report, visit, Milestone.REPAIR),
        _state(visit.state, lang),
        wording.spare(visit.spare_s, lang),
        label("spoken.then", lang).join(filter(None, supplied)),
    )
    tight = {0, 4, 5, 6}
    made = (
        element("td", cell, class_="t") if at in tight else element("td", cell)
        for at, cell in enumerate(cells)
    )
    return element("tr", Markup("".join(made)), id=visit.id)


def _heads(lang: Lang, *names: str) -> list[str]:
    return [label(f"plan.head_{name}", lang) for name in names]


def _due(report: Report, visit: VisitView, milestone: Milestone) -> str:
    due_s = visit.due_s(milestone)
    return "" if due_s is None else report.clock(due_s)


def _link(visit: str) -> Markup:
    return element("a", visit, href=f"#{visit}")


def _state(state: DeadlineState, lang: Lang) -> Markup:
    _, edge, _ = marks.COLOURS[state]
    box = element("rect", x=0.5, y=0.5, width=15, height=13, rx=2, fill=marks.fill_of(state), stroke=edge)
    drawing = element("svg", box, marks.mark(state, 8.0, 7.0), width=16, height=14, aria_hidden="true")
    return element("span", drawing, label(f"plan.state_{state.value}", lang), class_="state")
