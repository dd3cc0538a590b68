"""Clocks: a pure fold of a ticket's events, its scheme's version, the calendars and the present moment.

Each milestone the scheme knows has one clock. A later step shows that the earlier ones were done by then at
the latest: who stands on site has been arranged, who repairs has responded. What can no longer happen (an
arrival after a remote repair, a loaner after the repair) is cancelled if its time had not yet come, else
breached. Only waits the scheme names stop a clock. Moments count in whole seconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from dispatch.desk.milestone import Milestone, Promise, Severity, SeverityChange, Wait
from dispatch.desk.scheme import Scheme, Term, Unit
from dispatch.desk.ticket import EventKind, Ticket, TicketEvent
from kernel.calendars import BusinessCalendar
from kernel.clock import zone
from kernel.timetable import epoch_s, moment_of

FOREVER_S = 1 << 62
"""A wait nobody has ended."""


class State(StrEnum):
    """Where a clock stands."""

    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    BREACHED = "breached"
    CANCELLED = "cancelled"
    NOT_PROMISED = "not_promised"
    AWAITING_CUSTOMER = "awaiting_customer"


class Claim(NamedTuple):
    """One count: a term counted from a moment (seconds since 1970 UTC)."""

    term: Term
    start_s: int


class ClockState(NamedTuple):
    """One milestone of one ticket at one moment. A named tuple: a desk folds a hundred thousand at a time.

    Args:
        milestone: which.
        promise: what the scheme says at the ticket's severity.
        state: where the clock stands.
        due_s: when it is due, seconds since 1970 UTC; while paused, as if work resumed now; None: no due time.
        met_s: when it was met (in time or late), None: not met.
        elapsed_s: seconds used up, in the clock's own time, waits that pause it left out.
        remaining_s: seconds left, negative when overdue; None where there is no due time.
        claim: the count that decides, None unless timed.
        ended_s: when it could no longer be met (repaired without it, closed, cancelled), None: it still can.
    """

    milestone: Milestone
    promise: Promise
    state: State
    due_s: int | None = None
    met_s: int | None = None
    elapsed_s: int = 0
    remaining_s: int | None = None
    claim: Claim | None = None
    ended_s: int | None = None

    @property
    def due_at(self) -> datetime | None:
        """When it is due, aware UTC."""
        return None if self.due_s is None else moment_of(self.due_s)

    @property
    def met_at(self) -> datetime | None:
        """When it was met, aware UTC."""
        return None if self.met_s is None else moment_of(self.met_s)

    @property
    def is_open(self) -> bool:
        """Still to be done and promised."""
        return self.met_s is None and self.ended_s is None and self.promise is not Promise.NOT_PROMISED


class Pause(NamedTuple):
    """A wait from `start_s` to `end_s` (out), seconds since 1970 UTC."""

    start_s: int
    end_s: int
    wait: Wait


class Facts(NamedTuple):
    """What a ticket's events say up to a moment, before any scheme is asked. Seconds since 1970 UTC."""

    reported_s: int
    met: Mapping[Milestone, int]
    ended: Mapping[Milestone, int]
    pauses: tuple[Pause, ...]
    severities: tuple[tuple[int, Severity], ...]
    customer_due: Mapping[Milestone, int]


_ANSWERED = (Milestone.ACKNOWLEDGE, Milestone.RESPOND)
_ARRANGED = (*_ANSWERED, Milestone.ARRANGE)
_DONE = (*_ARRANGED, Milestone.PROPOSE)
_MEETS: Mapping[EventKind, tuple[Milestone, ...]] = {
    EventKind.ACKNOWLEDGED: (Milestone.ACKNOWLEDGE,),
    EventKind.RESPONDED: _ANSWERED,
    EventKind.ARRANGED: _ARRANGED,
    EventKind.PROPOSED: (*_ANSWERED, Milestone.PROPOSE),
    EventKind.TRAVELLING: _ARRANGED,
    EventKind.ON_SITE: (*_ARRANGED, Milestone.ARRIVE),
    EventKind.LOANER_IN_PLACE: (Milestone.SUBSTITUTE,),
    EventKind.REPAIRED: (*_DONE, Milestone.REPAIR),
    EventKind.DELIVERED: (*_DONE, Milestone.DELIVER),
}
_ENDS: Mapping[EventKind, tuple[Milestone, ...]] = {
    EventKind.REPAIRED: (Milestone.ARRIVE, Milestone.SUBSTITUTE),
    EventKind.DELIVERED: (Milestone.ARRIVE, Milestone.SUBSTITUTE),
    EventKind.CLOSED: tuple(Milestone),
    EventKind.CANCELLED: tuple(Milestone),
}


def clocks(
    ticket: Ticket,
    events: Iterable[TicketEvent],
    scheme: Scheme,
    calendars: Mapping[str, BusinessCalendar],
    now: datetime,
) -> dict[Milestone, ClockState]:
    """Fold a ticket's events into one clock per milestone its scheme knows.

    Args:
        ticket: the ticket.
        events: its events in order of time (`ticket.check_history`); later ones than `now` are not yet known.
        scheme: the scheme version the ticket keeps.
        calendars: by id; they take the place of the scheme's own of the same id.
        now: aware.

    Returns:
        The clocks, in the order of `Milestone`.
    """
    now_s = epoch_s(now)
    facts = gather(ticket, events, now_s)
    return {
        milestone: _clock(ticket, facts, scheme, calendars, now_s, milestone)
        for milestone in scheme.milestones
    }


def gather(ticket: Ticket, events: Iterable[TicketEvent], now_s: int, /) -> Facts:
    """Sort a ticket's events up to a moment by what they mean to its clocks."""
    reported_s = epoch_s(ticket.reported_at)
    met: dict[Milestone, int] = {}
    ended: dict[Milestone, int] = {}
    pauses: list[Pause] = []
    severities: list[tuple[int, Severity]] = []
    customer_due: dict[Milestone, int] = {}
    waiting: tuple[int, Wait] | None = None
    for event in events:
        at_s = epoch_s(event.at)
        if at_s > now_s:
            break
        kind = event.kind
        for milestone in _MEETS.get(kind, ()):
            met.setdefault(milestone, at_s)
        for milestone in _ENDS.get(kind, ()):
            ended.setdefault(milestone, at_s)
        if kind is EventKind.WAITING or kind is EventKind.RESUMED:
            if waiting is not None:
                pauses.append(Pause(waiting[0], at_s, waiting[1]))
            waiting = (at_s, Wait(event.value)) if kind is EventKind.WAITING else None
        elif kind is EventKind.SEVERITY_CHANGED:
            severities.append((at_s, Severity(event.value)))
        elif kind is EventKind.CUSTOMER_SET and event.set_due is not None:
            customer_due[event.set_due[0]] = epoch_s(event.set_due[1])
    if waiting is not None:
        pauses.append(Pause(waiting[0], FOREVER_S, waiting[1]))
    return Facts(reported_s, met, ended, tuple(pauses), tuple(severities), customer_due)


def _clock(
    ticket: Ticket,
    facts: Facts,
    scheme: Scheme,
    calendars: Mapping[str, BusinessCalendar],
    now_s: int,
    milestone: Milestone,
) -> ClockState:
    met_s = facts.met.get(milestone)
    ended_s = facts.ended.get(milestone)
    if milestone is Milestone.REPAIR and scheme.loaner and scheme.loaner.stops_repair:
        standing_s = facts.met.get(Milestone.SUBSTITUTE, FOREVER_S)
        met_s = min(standing_s, met_s if met_s is not None else FOREVER_S)
        met_s = None if met_s == FOREVER_S else met_s
    if met_s is not None and ended_s is not None and ended_s < met_s:
        met_s = None
    stopped_s = met_s if met_s is not None else ended_s
    claims = claims_of(ticket, facts, scheme, milestone, stopped_s)
    promise = claims[0].term.promise
    if promise is Promise.NOT_PROMISED:
        return ClockState(milestone, promise, State.NOT_PROMISED, met_s=met_s, ended_s=ended_s)
    until_s = stopped_s if stopped_s is not None else max(now_s, facts.reported_s)
    if promise is Promise.CUSTOMER_SET:
        due_s = facts.customer_due.get(milestone)
        state = _state(due_s, met_s, ended_s, now_s)
        left_s = None if due_s is None else due_s - until_s
        return ClockState(
            milestone, promise, state, due_s, met_s, until_s - facts.reported_s, left_s, None, ended_s
        )
    pauses = pauses_of(facts, scheme, milestone)
    past = settled(pauses, until_s) if pauses else ()
    due_s, claim, calendar, left_s = FOREVER_S, claims[0], None, 0
    for one in claims:
        days = calendar_of(one.term, scheme, calendars)
        allowed_s = allowance_s(one, scheme, days)
        one_s = _due(one.start_s, allowed_s, days, past)
        if one_s < due_s:
            due_s, claim, calendar, left_s = one_s, one, days, allowed_s
    elapsed_s = 0
    for from_s, to_s in running(claim.start_s, until_s, pauses):
        elapsed_s += _length(calendar, from_s, to_s)
    left_s -= elapsed_s
    state = _state(due_s, met_s, ended_s, now_s)
    if state is State.RUNNING and pauses and pauses[-1].end_s == FOREVER_S:
        state = State.PAUSED
    return ClockState(milestone, promise, state, due_s, met_s, elapsed_s, left_s, claim, ended_s)


def claims_of(
    ticket: Ticket, facts: Facts, scheme: Scheme, milestone: Milestone, stopped_s: int | None, /
) -> list[Claim]:
    """Give the counts that run for a milestone after every change of severity; the earliest due decides.

    A change at or after `stopped_s` no longer touches the clock.
    """
    term = scheme.term(milestone, ticket.severity, remote=ticket.remote)
    assert term is not None, milestone  # callers walk the scheme's own milestones
    claims = [Claim(term, facts.reported_s)]
    for at_s, severity in facts.severities:
        if stopped_s is not None and at_s >= stopped_s:
            break
        changed = scheme.term(milestone, severity, remote=ticket.remote)
        assert changed is not None, milestone
        if scheme.severity_change is SeverityChange.RESTART:
            claims = [Claim(changed, at_s)]
        elif scheme.severity_change is SeverityChange.CARRY:
            claims = [Claim(changed, facts.reported_s)]
        elif claims[0].term.promise is Promise.NOT_PROMISED:
            claims = [Claim(changed, at_s)]
        elif changed.promise is Promise.TIMED:
            # A promised time is never taken back, whoever set the milestone's time before.
            timed = [claim for claim in claims if claim.term.promise is Promise.TIMED]
            claims = [*timed, Claim(changed, at_s)]
    return claims


def calendar_of(
    term: Term, scheme: Scheme, calendars: Mapping[str, BusinessCalendar], /
) -> BusinessCalendar | None:
    """Give the calendar a term counts by; None: elapsed time."""
    if not term.calendar:
        return None
    return calendars.get(term.calendar) or scheme.calendars[term.calendar]


def allowance_s(claim: Claim, scheme: Scheme, calendar: BusinessCalendar | None, /) -> int:
    """Seconds a count may take, in its own time."""
    if claim.term.unit is not Unit.SAME_DAY:
        return claim.term.allowance_s(calendar)
    here = zone(scheme.zone)
    day = moment_of(claim.start_s).astimezone(here).date() + timedelta(days=1)
    midnight = datetime(day.year, day.month, day.day, tzinfo=here)
    return epoch_s(midnight) - claim.start_s


def settled(pauses: Iterable[Pause], until_s: int, /) -> list[Pause]:
    """Give the pauses as they stand at `until_s`: a wait that goes on ends there, later ones last no time."""
    return [Pause(p.start_s, min(p.end_s, max(until_s, p.start_s)), p.wait) for p in pauses]


def _due(at_s: int, left_s: int, calendar: BusinessCalendar | None, pauses: Iterable[Pause]) -> int:
    """Give the moment at which `left_s` of the count's own time have run since `at_s`."""
    for pause in pauses:
        if pause.start_s > at_s:
            ran_s = _length(calendar, at_s, pause.start_s)
            if ran_s >= left_s:
                break
            left_s -= ran_s
        at_s = max(at_s, pause.end_s)
    return at_s + left_s if calendar is None else calendar.add_s(at_s, left_s)


def pauses_of(facts: Facts, scheme: Scheme, milestone: Milestone, /) -> tuple[Pause, ...]:
    """Give the waits that stop a milestone's clock under a scheme."""
    if not facts.pauses:
        return ()
    return tuple(p for p in facts.pauses if milestone in scheme.pauses.get(p.wait, ()))


def running(start_s: int, until_s: int, pauses: Iterable[Pause], /) -> list[tuple[int, int]]:
    """Give the stretches of [start, until) outside the pauses."""
    stretches = []
    for pause in pauses:
        if pause.start_s >= until_s:
            break
        if pause.start_s > start_s:
            stretches.append((start_s, pause.start_s))
        start_s = max(start_s, pause.end_s)
    if start_s < until_s:
        stretches.append((start_s, until_s))
    return stretches


def _length(calendar: BusinessCalendar | None, start_s: int, end_s: int) -> int:
    return end_s - start_s if calendar is None else calendar.between_s(start_s, end_s)


def _state(due_s: int | None, met_s: int | None, ended_s: int | None, now_s: int) -> State:
    if met_s is not None:
        return State.MET if due_s is None or met_s <= due_s else State.BREACHED
    if ended_s is not None:
        return State.CANCELLED if due_s is None or ended_s <= due_s else State.BREACHED
    if due_s is None:
        return State.AWAITING_CUSTOMER
    return State.BREACHED if now_s > due_s else State.RUNNING
