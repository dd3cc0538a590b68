"""The fold against a clock that knows nothing but minutes: it walks every one of them and looks at the wall."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import holidays
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from dispatch.desk.clock import State, clocks
from dispatch.desk.milestone import Milestone, Promise, Severity, SeverityChange, Wait
from dispatch.desk.scheme import Scheme, Term
from dispatch.desk.ticket import EventKind, TicketEvent
from kernel.calendars import BusinessCalendar, weekly
from kernel.clock import moment
from tests.desk_builders import NOT_PROMISED, event, make_scheme, make_ticket, minutes

Minutes = NDArray[Any]
MINUTE = timedelta(minutes=1)
WALKED = 60 * 24 * 28
"""Minutes walked from the first one: longer than any promise below can take."""
STARTS = {
    "Europe/Berlin": moment("2026-03-27T00:00Z"),
    "America/New_York": moment("2026-10-29T00:00Z"),
    "Australia/Lord_Howe": moment("2026-04-02T00:00Z"),
    "Asia/Shanghai": moment("2026-02-12T00:00Z"),
    "Africa/Casablanca": moment("2028-02-27T00:00Z"),
}
"""Days in which clocks change, Spring Festival, a leap day with a change of clocks in Ramadan."""
COUNTRIES = {"Europe/Berlin": "DE", "Asia/Shanghai": "CN"}
CALENDARS = {
    zone: (
        weekly("day", zone, {"mon-fri": "08:00-12:00,13:00-17:30"}, country=COUNTRIES.get(zone, "")),
        weekly("night", zone, {"mon-sun": "00:30-03:00,22:00-24:00"}),
    )
    for zone in STARTS
}
TIMED = st.builds(minutes, st.integers(1, 60 * 30), st.sampled_from(["", "day", "night"]))
TERMS = st.fixed_dictionaries(
    {severity: st.one_of(TIMED, TIMED, st.just(NOT_PROMISED)) for severity in Severity}
)
SCHEMES = st.builds(
    lambda zone, repair, arrive, change, waits: make_scheme(
        {Milestone.ARRIVE: arrive, Milestone.REPAIR: repair},
        *CALENDARS[zone],
        change=change,
        pauses=dict.fromkeys(waits, frozenset({Milestone.REPAIR})),
    ),
    st.sampled_from(sorted(STARTS)),
    TERMS,
    TERMS,
    st.sampled_from(list(SeverityChange)),
    st.sets(st.sampled_from(list(Wait))),
)
HAPPENINGS = st.lists(
    st.tuples(
        st.integers(0, 60 * 24 * 6),
        st.sampled_from(
            [
                (EventKind.WAITING, "part"),
                (EventKind.WAITING, "customer"),
                (EventKind.WAITING, "customer"),
                (EventKind.WAITING, "access"),
                (EventKind.RESUMED, ""),
                (EventKind.RESUMED, ""),
                (EventKind.SEVERITY_CHANGED, "P1"),
                (EventKind.SEVERITY_CHANGED, "P3"),
                (EventKind.SEVERITY_CHANGED, "P4"),
                (EventKind.ON_SITE, ""),
                (EventKind.REPAIRED, ""),
            ]
        ),
    ),
    max_size=7,
).map(lambda found: sorted(found, key=lambda happening: happening[0]))


@cache
def open_minutes(zone: str, calendar: str) -> Minutes:
    """Say for every minute from the zone's start whether the wall clock stands within hours."""
    week: BusinessCalendar = next(c for c in CALENDARS[zone] if c.id == calendar)
    country = COUNTRIES.get(zone) if calendar == "day" else None
    known = holidays.country_holidays(country, years=range(2026, 2029)) if country else None
    here = ZoneInfo(zone)
    found = []
    for minute in range(WALKED):
        wall = (STARTS[zone] + minute * MINUTE).astimezone(here)
        spans = week.week[wall.weekday()]
        if known is not None and wall.date() in known.weekend_workdays:
            spans = week.week[0]
        elif known is not None and wall.date() in known:
            spans = ()
        shown = wall.hour * 60 + wall.minute
        found.append(any(span.open_m <= shown < span.close_m for span in spans))
    return np.array(found)


def walk(term: Term, start: int, zone: str, paused: Minutes) -> tuple[int, Minutes]:
    """Count minute by minute: the minute the term runs out, and every minute that counts."""
    opened = open_minutes(zone, term.calendar) if term.calendar else np.ones(WALKED, dtype=bool)
    counting = np.flatnonzero(opened & ~paused)
    counting = counting[counting >= start]
    return int(counting[term.amount - 1]) + 1, counting


def brute_force(
    scheme: Scheme, zone: str, milestone: Milestone, severity: Severity, events: list[TicketEvent], now: int
) -> tuple[State, int | None, int]:
    """State, due minute and minutes elapsed of one clock, from first principles."""
    start = STARTS[zone]
    known = [(int((e.at - start) / MINUTE), e) for e in events if e.at <= start + now * MINUTE]
    done_by = EventKind.REPAIRED if milestone is Milestone.REPAIR else EventKind.ON_SITE
    met = next((at for at, e in known if e.kind is done_by), None)
    gone = next((at for at, e in known if e.kind is EventKind.REPAIRED), None)
    if milestone is Milestone.REPAIR or (met is not None and gone is not None and met <= gone):
        gone = None
    elif gone is not None:
        met = None
    stop = met if met is not None else gone
    until = stop if stop is not None else now
    paused, wait = np.zeros(WALKED, dtype=bool), ""
    happened: dict[int, str] = {
        at: e.value for at, e in known if e.kind in {EventKind.WAITING, EventKind.RESUMED}
    }
    for minute in range(until + 1):
        wait = happened.get(minute, wait)
        paused[minute] = minute < until and bool(wait) and milestone in scheme.pauses.get(Wait(wait), ())
    counts = [(scheme.milestones[milestone][severity], 0)]
    for at, e in known:
        if e.kind is EventKind.SEVERITY_CHANGED and (stop is None or at < stop):
            new = scheme.milestones[milestone][Severity(e.value)]
            if scheme.severity_change is SeverityChange.RESTART:
                counts = [(new, at)]
            elif scheme.severity_change is SeverityChange.CARRY:
                counts = [(new, 0)]
            elif new.promise is Promise.TIMED:
                counts = [c for c in counts if c[0].promise is Promise.TIMED] + [(new, at)]
    if counts[0][0].promise is Promise.NOT_PROMISED:
        return State.NOT_PROMISED, None, 0
    due, counting = min((walk(term, at, zone, paused) for term, at in counts), key=lambda found: found[0])
    elapsed = int((counting < until).sum())
    if stop is not None:
        in_time = State.MET if met is not None else State.CANCELLED
        return (in_time if stop <= due else State.BREACHED), due, elapsed
    waiting = bool(wait) and milestone in scheme.pauses.get(Wait(wait), ())
    state = State.BREACHED if now > due else State.PAUSED if waiting else State.RUNNING
    return state, due, elapsed


@settings(max_examples=300, deadline=None, derandomize=True)
@given(SCHEMES, st.sampled_from(list(Severity)), HAPPENINGS, st.integers(0, 60 * 24 * 8))
def test_the_fold_agrees_with_a_walk_through_every_minute(
    scheme: Scheme, severity: Severity, happenings: list[tuple[int, tuple[EventKind, str]]], now: int
) -> None:
    """Two ways to count that share no line agree on state, due time and time used."""
    zone = scheme.calendars["day"].zone
    start: datetime = STARTS[zone]
    events = [event(kind, start + at * MINUTE, value) for at, (kind, value) in happenings]

    found = clocks(make_ticket(start, severity=severity), events, scheme, {}, start + now * MINUTE)

    for milestone, clock in found.items():
        due = None if clock.due_at is None else int((clock.due_at - start) / MINUTE)
        expected = brute_force(scheme, zone, milestone, severity, events, now)
        assert (clock.state, due, clock.elapsed_s // 60) == expected, milestone
