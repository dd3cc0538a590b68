"""Promises that were missed: which, by how much, what the time went on, what it costs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from dispatch.desk.breach import exposure
from dispatch.desk.clock import State, clocks
from dispatch.desk.life import state_of
from dispatch.desk.milestone import Milestone, Severity
from dispatch.measures.case import RECORDED_IN_ARCHIVE, Case
from dispatch.measures.period import Period
from dispatch.measures.restore import Phase, spent_until
from kernel.calendars import BusinessCalendar
from kernel.clock import utc
from kernel.ids import natural_key
from kernel.timetable import epoch_s, moment_of


@dataclass(frozen=True, slots=True)
class Miss:
    """One promise whose due time passed in the period without it.

    Args:
        ticket, site, scheme, area: whose promise, where, under which scheme.
        severity: as it is now.
        milestone: what was promised.
        due_at: when it was due (last promise).
        ended_at: when it was met after all, or could no longer be; None: still open.
        late_s: seconds past the due time, up to then or now.
        spent_on: what most of the time from the report until then went on; None: not recorded.
        cause: what the fault turned out to be; empty: not known, or no fault.
        cents: what the lateness costs by the scheme's prices so far, in cents of `currency`; 0: it prices none.
    """

    ticket: str
    site: str
    scheme: str
    area: str
    severity: Severity
    milestone: Milestone
    due_at: datetime
    ended_at: datetime | None
    late_s: int
    spent_on: Phase | None
    cause: str
    cents: int
    currency: str


def misses(
    cases: Iterable[Case], calendars: Mapping[str, BusinessCalendar], period: Period, /
) -> tuple[Miss, ...]:
    """List the promises that fell due in the period and were not kept, judged as of its `now`.

    Args:
        cases: tickets reported at any time.
        calendars: as handed to the clocks.
        period: in which the due time lies, in the last promise.

    Returns:
        Dearest first, then the latest; by due time and ticket where these are equal.
    """
    found = [
        miss
        for case in cases
        if case.scheme is not None and not _over_before(case, period)
        for miss in _missed(case, calendars, period)
    ]
    return tuple(
        sorted(
            found,
            key=lambda one: (-one.cents, -one.late_s, one.due_at, natural_key(one.ticket), one.milestone),
        )
    )


def _over_before(case: Case, period: Period) -> bool:
    """Whether the whole ticket had ended before the period began: nothing of it could fall due later."""
    return case.over_at is not None and case.over_at < period.start


def _missed(case: Case, calendars: Mapping[str, BusinessCalendar], period: Period) -> list[Miss]:
    scheme = case.scheme
    if scheme is None:
        return []
    states = clocks(case.ticket, case.events, scheme, calendars, period.now)
    late = [
        state
        for state in states.values()
        if state.state is State.BREACHED
        and state.due_s is not None
        and epoch_s(period.start) <= state.due_s < epoch_s(period.end)
        and (not case.archived or state.milestone in RECORDED_IN_ARCHIVE)
    ]
    if not late:
        return []
    severity = state_of(case.ticket, case.events, period.now).severity
    priced = {row.milestone: row.actual_cents for row in exposure(states, scheme, severity, period.now)}
    found = []
    for state in late:
        until = utc(period.now) if state.stopped_s is None else moment_of(state.stopped_s)
        spent = spent_until(case, until)
        found.append(
            Miss(
                case.ticket.id,
                case.ticket.site,
                scheme.id,
                case.area,
                severity,
                state.milestone,
                moment_of(state.due_s or 0),
                None if state.stopped_s is None else until,
                epoch_s(until) - (state.due_s or 0),
                None if spent is None else max(spent, key=lambda phase: spent[phase]),
                case.cause,
                priced.get(state.milestone, 0),
                scheme.currency,
            )
        )
    return found
