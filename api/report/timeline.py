"""The timeline: one drawing a day, engineers by depot as rows, visits as bars in the colour and mark of their state."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from api.report import marks, wording
from api.report.markup import Markup, element, joined
from api.report.view import Report, RouteView, VisitView
from api.text import Lang, label
from api.text.spoken import length
from dispatch.desk.visit import Lock
from dispatch.plan import Source, Stop, StopKind
from dispatch.problem import Shift
from kernel.ids import natural_key

WIDTH_PX = 1225.0
LEAST_HOUR_PX, MOST_HOUR_PX = 62.0, 110.0
LETTER_PX = 7.0
"""Of bar text, wide enough for any of the fonts."""
ROW_PX = 27.0
LABEL_PX = 140.0
LOAD_PX = 80.0
HEAD_PX = 24.0
HOUR_S = 3600


@dataclass(frozen=True, slots=True)
class _Row:
    engineer: str
    depot: str
    shifts: tuple[Shift, ...]
    routes: tuple[RouteView, ...]


@dataclass(frozen=True, slots=True)
class _Axis:
    from_s: int
    until_s: int

    @property
    def hour_px(self) -> float:
        """As wide as the page allows, never so narrow that bars cannot be read."""
        hours = (self.until_s - self.from_s) / HOUR_S
        return min(MOST_HOUR_PX, max(LEAST_HOUR_PX, (WIDTH_PX - LABEL_PX - 20) / hours))

    def x(self, tick: int) -> float:
        inside = min(max(tick, self.from_s), self.until_s)
        return LABEL_PX + (inside - self.from_s) / HOUR_S * self.hour_px


def days(report: Report, lang: Lang, /) -> Iterator[tuple[str, Markup]]:
    """Give every day with a shift: its heading and its drawing."""
    for on, rows in sorted(_days(report).items()):
        yield wording.day(on, lang), _drawing(report, rows, lang)


def legend(lang: Lang, /) -> Markup:
    """Explain colours, marks and lines."""
    states = ["on_track", "at_risk", "will_miss", "breached"]
    items = []
    for state in (s for s in marks.COLOURS if s.value in states):
        _, edge, _ = marks.COLOURS[state]
        bar = element("rect", x=1, y=1, width=26, height=14, rx=2, fill=marks.fill_of(state), stroke=edge)
        items.append((joined([bar, marks.mark(state, 14.0, 8.0)]), f"plan.state_{state.value}"))
    road = element("path", d="M0 8h28", class_="road")
    rest = element("rect", x=1, y=3, width=26, height=10, fill="url(#rest)", stroke="#9aa3ad")
    shelf = element("rect", x=4, y=2, width=20, height=12, class_="pick")
    items += [
        (road, "plan.legend_travel"),
        (rest, "plan.legend_break"),
        (shelf, "plan.legend_pick_up"),
        (marks.parcel_icon(14.0, 8.0, ink="#15202b"), "plan.legend_delivery"),
        (marks.loaner_icon(14.0, 8.0, ink="#15202b"), "plan.legend_loaner"),
        (marks.padlock(14.0, 8.0, ink="#15202b"), "plan.legend_lock"),
    ]
    return element(
        "ul",
        joined(
            element("li", element("svg", drawing, width=28, height=16, aria_hidden="true"), label(code, lang))
            for drawing, code in items
        ),
        class_="legend",
    )


def _days(report: Report) -> dict[date, list[_Row]]:
    used = {view.shift.id: view for view in report.routes}
    cells: dict[tuple[date, str], list[Shift]] = {}
    for shift in report.problem.shifts:
        # On-call duty nobody is called from would fill the page with empty nights.
        if shift.id in used or not shift.call_out_cents:
            who = report.problem.engineers[shift.engineer].id
            cells.setdefault((report.local(shift.start_s).date(), who), []).append(shift)
    rows: dict[date, list[_Row]] = {}
    for (on, who), shifts in cells.items():
        routes = tuple(used[shift.id] for shift in shifts if shift.id in used)
        rows.setdefault(on, []).append(_Row(who, report.depots.get(who, ""), tuple(shifts), routes))
    for found in rows.values():
        found.sort(key=lambda row: (natural_key(row.depot), natural_key(row.engineer)))
    return rows


def _axis(report: Report, rows: list[_Row]) -> _Axis:
    plain = [s for row in rows for s in row.shifts if not s.call_out_cents]
    routes = [view.route for row in rows for view in row.routes]
    first = min([s.start_s for s in plain] + [r.depart_s for r in routes])
    last = max([s.end_s for s in plain] + [r.end_s for r in routes])
    past_hour = report.local(first).minute * 60 + report.local(first).second
    return _Axis(first - past_hour, last + -(last - first + past_hour) % HOUR_S)


def _drawing(report: Report, rows: list[_Row], lang: Lang) -> Markup:
    axis = _axis(report, rows)
    parts: list[Markup] = []
    y = HEAD_PX
    depot = None
    for row in rows:
        if row.depot != depot:
            depot = row.depot
            parts.append(_depot(report, row.depot, y, axis))
            y += 20
        parts.append(_row(report, row, y, axis, lang))
        y += ROW_PX
    width, height = axis.x(axis.until_s) + 14, y + 4
    now = Markup()
    if axis.from_s <= 0 <= axis.until_s:
        x = axis.x(0)
        line = element("path", d=f"M{x:.1f} {HEAD_PX - 4:.1f}V{height:.1f}", class_="now")
        word = element("text", label("plan.now", lang), x=x + 3, y=HEAD_PX + 7, class_="nowword")
        now = joined([line, word])
    return element(
        "svg",
        _hours(report, axis, height),
        joined(parts),
        now,
        width=width,
        height=height,
        viewBox=f"0 0 {width:.0f} {height:.0f}",
        role="img",
        aria_label=label("plan.timeline", lang),
    )


def _hours(report: Report, axis: _Axis, height: float) -> Markup:
    parts = []
    for tick in range(axis.from_s, axis.until_s + 1, HOUR_S):
        x = axis.x(tick)
        parts.append(element("path", d=f"M{x:.1f} {HEAD_PX - 4:.1f}V{height:.1f}", class_="hour"))
        parts.append(element("text", f"{report.local(tick):%H:%M}", x=x, y=13, class_="hourword"))
    return joined(parts)


def _depot(report: Report, depot: str, y: float, axis: _Axis) -> Markup:
    width = axis.x(axis.until_s)
    band = element("rect", x=0, y=y + 2, width=width, height=16, class_="depot")
    name = report.place_names.get(depot, depot)
    return joined([band, element("text", name, x=6, y=y + 14, class_="depotword")])


def _row(report: Report, row: _Row, y: float, axis: _Axis, lang: Lang) -> Markup:
    parts = [element("text", row.engineer, x=6, y=y + 15, class_="who")]
    for shift in row.shifts:
        left, right = axis.x(shift.start_s), axis.x(shift.end_s)
        parts.append(element("rect", x=left, y=y + 1, width=right - left, height=ROW_PX - 2, class_="shift"))
    parts.append(_load(row, y))
    for view in row.routes:
        parts += _route(report, view, y, axis, lang)
    return element("g", joined(parts))


def _load(row: _Row, y: float) -> Markup:
    paid = sum(shift.end_s - shift.start_s for shift in row.shifts)
    busy = sum(view.travel_s for view in row.routes)
    busy += sum(stop.end_s - stop.start_s for view in row.routes for stop in view.route.stops)
    share = min(1.0, busy / paid) if paid else 0.0
    back = element("rect", x=6, y=y + 20, width=LOAD_PX, height=3, fill="#e3e8ec")
    front = element("rect", x=6, y=y + 20, width=LOAD_PX * share, height=3, fill="#56636f")
    return joined([back, front])


def _route(report: Report, view: RouteView, y: float, axis: _Axis, lang: Lang) -> Iterator[Markup]:
    middle = y + ROW_PX / 2
    left_s = rested_s = view.route.depart_s
    for stop in view.route.stops:
        if stop.kind is StopKind.BREAK:
            rested_s = stop.end_s
            continue
        # A break after the drive is taken where the next work is: the road comes before it.
        yield _road(axis, rested_s if rested_s <= stop.arrive_s else left_s, stop.arrive_s, middle)
        left_s = rested_s = stop.end_s
    yield _road(axis, min(rested_s, view.route.end_s), view.route.end_s, middle)
    for stop in view.route.stops:
        match stop.kind:
            case StopKind.BREAK:
                yield _plain(axis, stop, y, "rest", label("plan.legend_break", lang), report)
            case StopKind.PICK_UP:
                name = report.place_names.get(stop.ref, stop.ref)
                yield _plain(axis, stop, y, "pick", label("plan.pick_up_at", lang, place=name), report)
            case _:
                yield _bar(report, report.visit[stop.ref], stop, y, axis, lang)


def _road(axis: _Axis, from_s: int, until_s: int, y: float) -> Markup:
    if until_s <= from_s:
        return Markup()
    return element("path", d=f"M{axis.x(from_s):.1f} {y:.1f}H{axis.x(until_s):.1f}", class_="road")


def _plain(axis: _Axis, stop: Stop, y: float, kind: str, said: str, report: Report) -> Markup:
    x = axis.x(stop.start_s)
    width = max(3.0, axis.x(stop.end_s) - x)
    times = f"{report.local(stop.start_s):%H:%M}–{report.local(stop.end_s):%H:%M}"
    return element(
        "rect",
        element("title", f"{said}\n{times}"),
        x=x,
        y=y + 7,
        width=width,
        height=ROW_PX - 14,
        class_=kind,
    )


def _bar(report: Report, visit: VisitView, stop: Stop, y: float, axis: _Axis, lang: Lang) -> Markup:
    x = axis.x(stop.start_s)
    width, height = max(6.0, axis.x(stop.end_s) - x - 1), ROW_PX - 6
    _, edge, ink = marks.COLOURS[visit.state]
    locked = visit.lock is not Lock.NONE
    middle, at = height / 2, 5.0
    inside = [
        element(
            "rect",
            x=0.75,
            y=0.75,
            width=width - 1.5,
            height=height - 1.5,
            rx=2,
            fill=marks.fill_of(visit.state),
            stroke=edge,
            stroke_width=2.5 if locked else 1.2,
        )
    ]
    icons = [marks.mark(visit.state, 9.0, middle)] if marks.mark(visit.state, 9.0, middle) else []
    if icons:
        inside += icons
        at = 17.0
    if locked:
        inside.append(marks.padlock(at + 4, middle, ink=ink))
        at += 12
    if stop.loaner is not None:
        inside.append(marks.loaner_icon(at + 5, middle, ink=ink))
        at += 13
    if any(supply.source is Source.OFFER for supply in stop.supply):
        inside.append(marks.parcel_icon(at + 5, middle, ink=ink))
        at += 13
    shown = _fitting(visit.id, width - at - 3)
    tone = "bar light" if ink == "#ffffff" else "bar"
    inside.append(element("text", shown, x=at, y=middle + 4, class_=tone))
    drawing = element(
        "svg",
        element("title", _tip(report, visit, lang)),
        joined(inside),
        x=x,
        y=y + 3,
        width=width,
        height=height,
    )
    return element("a", drawing, href=f"#{visit.id}")


def _fitting(name: str, room: float) -> str:
    """The id when there is room, else its last part, else nothing: half an id would name another visit."""
    for text in (name, name.rpartition("-")[2]):
        if len(text) * LETTER_PX <= room:
            return text
    return ""


def _tip(report: Report, visit: VisitView, lang: Lang) -> str:
    if visit.stop is None:
        return visit.id
    times = f"{report.local(visit.stop.start_s):%H:%M}–{report.local(visit.stop.end_s):%H:%M}"
    lines = [
        f"{visit.id} · {visit.severity} · {label(f'plan.state_{visit.state.value}', lang)}",
        f"{visit.site_name} · {visit.customer}",
        times,
    ]
    for promise in visit.promises:
        name = label(f"milestone.{promise.milestone.value}", lang)
        due = label("plan.due", lang, milestone=name, at=report.clock(promise.due_s))
        lines.append(f"{due} · {wording.spare(promise.spare_s, lang)}")
    lines += wording.supplies(report, visit, lang)
    lines += [wording.loaner(report, visit, lang)] if visit.stop.loaner else []
    lines += [stop_role] if (stop_role := visit.stop.role) else []
    lines += [wording.fetched(visit, lang)] if visit.stop.fetches else []
    wait_s = visit.stop.start_s - visit.stop.arrive_s
    lines += [label("plan.waits", lang, time=length(wait_s, lang))] if wait_s > 0 else []
    return "\n".join(lines)
