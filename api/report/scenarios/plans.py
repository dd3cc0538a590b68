"""Plans side by side: what everybody did on the days kept of one replication, as data and as drawings, scenario under scenario."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from api.report import wording
from api.report.markup import Markup, element, joined, table
from api.report.scenarios.about import About
from api.report.scenarios.charts import BETTER, WORSE
from api.report.scenarios.document import whole_page
from api.text import Lang, label
from kernel.ids import natural_key
from scenarios.measure.diary import Day, Visit

PAGE = "plans.html"
MOST_DRAWN = 4
"""Scenarios drawn under each other; the data has them all."""
WIDTH, LEFT, RIGHT, HEAD, BAR, GAP = 1225.0, 96.0, 20.0, 22.0, 11.0, 7.0
HOUR_S = 3600
TONES = ("#2f6fb0", "#7a8791", "#8a5aa8", BETTER)
"""Of the scenarios, the base first; late visits are filled with `WORSE` whatever the scenario."""


def plans(about: About, /) -> str:
    """Give the days kept of every scenario as JSON: moments in the region's own time with their offset, `late_s` in seconds."""
    kept = about.simulated.wanted.days_kept
    assert kept is not None
    found = {
        "replication": kept.replication,
        "scenarios": [
            {"id": scenario.id, "days": [_day(day) for day in days]}
            for scenario, days in zip(about.scenarios, about.simulated.diaries, strict=True)
        ],
    }
    return json.dumps(found, ensure_ascii=False, indent=None, separators=(",", ":")) + "\n"


def _day(day: Day) -> Mapping[str, object]:
    return {
        "day": day.day.isoformat(),
        "engineers": [
            {"engineer": name, "visits": [_visit(visit) for visit in visits]}
            for name, visits in day.engineers
        ],
    }


def _visit(visit: Visit) -> Mapping[str, object]:
    return {
        "ticket": visit.ticket,
        "site": visit.site,
        "severity": visit.severity,
        "set_out": visit.set_out.isoformat(),
        "start": visit.start.isoformat(),
        "end": visit.end.isoformat(),
        "late_s": visit.late_s,
    }


def plans_page(about: About, lang: Lang, /) -> str:
    """Give the page: a drawing for every day, everybody's visits of each scenario under each other, late ones marked."""
    kept = about.simulated.wanted.days_kept
    assert kept is not None
    names = [about.name(one.id, lang) for one in about.scenarios[:MOST_DRAWN]]
    days = about.simulated.diaries[:MOST_DRAWN]
    about_them = element(
        "p", label("simulation.plans_about", lang, replication=kept.replication), class_="muted"
    )
    left_out = len(about.scenarios) - len(names)
    more = (
        [element("p", label("simulation.plans_more", lang, count=left_out), class_="warning")]
        if left_out
        else []
    )
    body = [about_them, *more, _legend(names, lang)]
    for row, on in enumerate(days[0]):
        body.append(_section([own[row] for own in days], names, on.day, lang, opened=row == 0))
    return whole_page(label("simulation.plans", lang), " · ".join(names), joined(body), lang)


def _legend(names: Sequence[str], lang: Lang) -> Markup:
    items = [(tone, name) for tone, name in zip(TONES, names, strict=False)]
    items.append((WORSE, label("simulation.plans_late_mark", lang)))
    return element(
        "ul",
        joined(
            element(
                "li",
                element(
                    "svg",
                    element("rect", x=1, y=3, width=26, height=10, fill=tone),
                    width=28,
                    height=16,
                    aria_hidden="true",
                ),
                name,
            )
            for tone, name in items
        ),
        class_="legend",
    )


def _section(days: Sequence[Day], names: Sequence[str], on: date, lang: Lang, *, opened: bool) -> Markup:
    heading = element("summary", wording.day(on, lang))
    summary = table(
        ["", *(label(f"simulation.plans_{column}", lang) for column in ("people", "visits", "late", "way"))],
        ([name, *_counts(day)] for name, day in zip(names, days, strict=True)),
        numbers=range(1, 5),
    )
    inside = [heading, summary, element("div", _drawing(days, names, on, lang), class_="wide")]
    return element("details", *inside, open="open") if opened else element("details", *inside)


def _counts(day: Day) -> tuple[str, ...]:
    visits = day.visits
    way_s = sum((visit.start - visit.set_out).total_seconds() for visit in visits)
    late = sum(visit.late_s > 0 for visit in visits)
    return str(len(day.engineers)), str(len(visits)), str(late), f"{way_s / HOUR_S:,.1f}"


def _drawing(days: Sequence[Day], names: Sequence[str], on: date, lang: Lang) -> Markup:
    visits = [visit for day in days for visit in day.visits]
    if not visits:
        return element("p", label("simulation.plans_none", lang))
    zone = visits[0].start.tzinfo
    midnight = datetime(on.year, on.month, on.day, tzinfo=zone)
    first = min(_hours(visit.set_out, midnight) for visit in visits)
    last = max(_hours(visit.end, midnight) for visit in visits)
    low, high = int(first // 1), int(-(-last // 1))
    hour = (WIDTH - LEFT - RIGHT) / max(1, high - low)

    def x(at: datetime) -> float:
        return LEFT + (_hours(at, midnight) - low) * hour

    people = sorted({name for day in days for name, _ in day.engineers}, key=natural_key)
    drawn, y = list[Markup](), HEAD
    own = [dict(day.engineers) for day in days]
    for name in people:
        drawn.append(element("text", name, x=6, y=y + len(days) * BAR / 2 + 4, class_="who"))
        for row, mine in enumerate(own):
            for visit in mine.get(name, ()):
                places = x(visit.set_out), x(visit.start), x(visit.end)
                drawn += _bar(
                    places, y + row * BAR, TONES[row], _tip(visit, names[row], lang), visit.late_s > 0
                )
        y += len(days) * BAR + GAP
    step = max(1, -(-(high - low) // 24))
    scale = [
        joined(
            [
                element("path", d=f"M{LEFT + (n - low) * hour:.1f} {HEAD - 6:.1f}V{y:.1f}", class_="hour"),
                element("text", f"{n % 24:02d}:00", x=LEFT + (n - low) * hour, y=12, class_="hourword"),
            ]
        )
        for n in range(low, high + 1, step)
    ]
    return element(
        "svg",
        joined([*scale, *drawn]),
        width=WIDTH,
        height=y,
        viewBox=f"0 0 {WIDTH:.0f} {y:.0f}",
        role="img",
        aria_label=label("simulation.plans", lang),
    )


def _bar(places: tuple[float, float, float], top: float, tone: str, tip: str, late: bool) -> Iterator[Markup]:
    """The way and the visit; a late one has another colour and a cross, for who cannot see it."""
    out, start, end = places
    wide = max(2.0, end - start - 1)
    yield element("path", d=f"M{out:.1f} {top + BAR / 2:.1f}H{start:.1f}", class_="road")
    bar = element(
        "rect",
        element("title", tip),
        x=start,
        y=top + 1,
        width=wide,
        height=BAR - 2,
        fill=WORSE if late else tone,
        stroke=tone,
    )
    yield bar
    if late:
        yield element("path", d=f"M{start + 3:.1f} {top + 3:.1f}l5 5m0 -5l-5 5", class_="cross")


def _hours(at: datetime, midnight: datetime) -> float:
    return (at - midnight) / timedelta(hours=1)


def _tip(visit: Visit, name: str, lang: Lang) -> str:
    lines = [
        f"{visit.ticket} · {visit.severity}",
        visit.site,
        f"{visit.start:%H:%M}–{visit.end:%H:%M}",
        name,
    ]
    if visit.late_s:
        lines.append(label("simulation.plans_late_by", lang, minutes=-(-visit.late_s // 60)))
    return "\n".join(lines)
