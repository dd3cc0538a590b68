"""Clocks: a pure fold of a ticket's events, its scheme's version, the calendars and the present moment.

Each milestone the scheme knows has one clock, met by the steps of `happened`. What can no longer happen (an
arrival after a remote repair, a loaner after the repair) is cancelled if its time had not yet come, else
breached. Only waits the scheme names stop a clock: a repair that did not hold is taken back when the ticket is
reopened, and its time runs on from the report. Moments count in whole seconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from dispatch.desk.happened import FOREVER_S, Facts, Pause, gather
from dispatch.desk.milestone import Milestone, Promise, Severity, SeverityChange, TicketKind
from dispatch.desk.scheme import Scheme
from dispatch.desk.term import Term, Unit
from dispatch.desk.ticket import Ticket, TicketEvent
from kernel.calendars import BusinessCalendar
from kernel.clock import zone
from kernel.timetable import epoch_s, moment_of

# Looking a member up in its enum takes as long as a bisection; a fold asks for a dozen, so they are looked up once.
_REPAIR, _SUBSTITUTE = Milestone.REPAIR, Milestone.SUBSTITUTE
_NOT_PROMISED, _CUSTOMER_SET = Promise.NOT_PROMISED, Promise.CUSTOMER_SET
_SAME_DAY = Unit.SAME_DAY


class State(StrEnum):
    """Where a clock stands."""

    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    BREACHED = "breached"
    CANCELLED = "cancelled"
    NOT_PROMISED = "not_promised"
    AWAITING_CUSTOMER = "awaiting_customer"


_UNPROMISED = State.NOT_PROMISED
_RUNNING, _PAUSED, _MET, _BREACHED = State.RUNNING, State.PAUSED, State.MET, State.BREACHED


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
    def stopped_s(self) -> int | None:
        """When the clock stopped for good, seconds since 1970 UTC; None: it has not."""
        return self.met_s if self.met_s is not None else self.ended_s

    @property
    def is_open(self) -> bool:
        """Still to be done and promised."""
        return self.met_s is None and self.ended_s is None and self.promise is not Promise.NOT_PROMISED


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
        events: its events in order of time (`life.check_history`); later ones than `now` are not yet known.
        scheme: the scheme version the ticket keeps.
        calendars: by id; they take the place of the scheme's own of the same id.
        now: aware.

    Returns:
        The clocks, in the order of `Milestone`.
    """
    now_s = epoch_s(now)
    facts = gather(ticket, events, now_s)
    return {
        promised.milestone: _clock(ticket, facts, scheme, calendars, now_s, promised)
        for promised in _promised(scheme, ticket.severity, ticket.remote, ticket.kind)
    }


class _Promised(NamedTuple):
    """A milestone's term at one severity, with what it comes to by the scheme's own calendar."""

    milestone: Milestone
    term: Term
    calendar: BusinessCalendar | None
    allowed_s: int


@lru_cache(maxsize=1024)
def _promised(scheme: Scheme, severity: Severity, remote: bool, kind: TicketKind, /) -> tuple[_Promised, ...]:
    """Look up what a scheme promises at a severity: the same for every ticket opened under it."""
    found = []
    for milestone in scheme.milestones:
        term = scheme.term(milestone, severity, remote=remote, kind=kind)
        assert term is not None, milestone
        calendar = calendar_of(term, scheme, {})
        found.append(_Promised(milestone, term, calendar, term.allowance_s(calendar)))
    return tuple(found)


def reached_at(
    ticket: Ticket,
    events: Iterable[TicketEvent],
    scheme: Scheme,
    calendars: Mapping[str, BusinessCalendar],
    now: datetime,
    milestone: Milestone,
    *,
    percent: int,
) -> datetime | None:
    """Give the moment at which a share of a milestone's time is used up, in the clock's own time.

    Args:
        ticket: the ticket.
        events: its events in order of time.
        scheme: its scheme version.
        calendars: as handed to `clocks`.
        now: aware; what comes later is not yet known.
        milestone: one the scheme knows.
        percent: the share; 100 is the due time, above 100 lies past it.

    Returns:
        The moment, aware UTC; while the clock is paused, as if work resumed now. None without a due time.
    """
    if milestone not in scheme.milestones:
        return None
    now_s = epoch_s(now)
    facts = gather(ticket, events, now_s)
    by_milestone = {
        one.milestone: one for one in _promised(scheme, ticket.severity, ticket.remote, ticket.kind)
    }
    state = _clock(ticket, facts, scheme, calendars, now_s, by_milestone[milestone])
    if state.due_s is None:
        return None
    claim = state.claim
    if claim is None:
        return moment_of(facts.reported_s + -(-(state.due_s - facts.reported_s) * percent // 100))
    until_s = max(now_s, facts.reported_s) if state.stopped_s is None else state.stopped_s
    calendar = calendar_of(claim.term, scheme, calendars)
    share_s = -(-allowance_s(claim, scheme, calendar) * percent // 100)
    pauses = settled(pauses_of(facts, scheme, milestone), until_s)
    return moment_of(_due(claim.start_s, share_s, calendar, pauses))


def due_of(term: Term, start_s: int, scheme: Scheme, calendars: Mapping[str, BusinessCalendar], /) -> int:
    """Give the second at which a timed term counted from `start_s` runs out, nothing stopping it."""
    calendar = calendar_of(term, scheme, calendars)
    return _due(start_s, allowance_s(Claim(term, start_s), scheme, calendar), calendar, ())


def _clock(
    ticket: Ticket,
    facts: Facts,
    scheme: Scheme,
    calendars: Mapping[str, BusinessCalendar],
    now_s: int,
    promised: _Promised,
) -> ClockState:
    milestone, term, calendar, left_s = promised
    met_s, ended_s = facts.met.get(milestone), facts.ended.get(milestone)
    if milestone is _REPAIR and scheme.loaner is not None and scheme.loaner.stops_repair:
        standing_s = facts.met.get(_SUBSTITUTE)
        if met_s is None or (standing_s is not None and standing_s < met_s):
            met_s = standing_s
    if met_s is not None and ended_s is not None and ended_s < met_s:
        met_s = None
    stopped_s = ended_s if met_s is None else met_s
    claims = () if not facts.severities else claims_of(ticket, facts, scheme, milestone, stopped_s)
    claim = claims[0] if claims else Claim(term, facts.reported_s)
    promise = claim.term.promise
    if promise is _NOT_PROMISED:
        return ClockState(milestone, promise, _UNPROMISED, None, met_s, 0, None, None, ended_s)
    until_s = stopped_s
    if until_s is None:
        until_s = now_s if now_s > facts.reported_s else facts.reported_s  # noqa: FURB136 max() is a tenth of the fold
    if promise is _CUSTOMER_SET:
        due_s = facts.customer_due.get(milestone)
        state = _state(due_s, met_s, ended_s, now_s)
        remaining_s = None if due_s is None else due_s - until_s
        return ClockState(
            milestone, promise, state, due_s, met_s, until_s - facts.reported_s, remaining_s, None, ended_s
        )
    pauses = pauses_of(facts, scheme, milestone) if facts.pauses else ()
    past = settled(pauses, until_s) if pauses else ()
    if not claims and term.unit is not _SAME_DAY and term.calendar not in calendars:
        if past:
            due_s = _due(claim.start_s, left_s, calendar, past)
        else:
            due_s = claim.start_s + left_s if calendar is None else calendar.add_s(claim.start_s, left_s)
    else:
        due_s = FOREVER_S
        for one in claims or (claim,):
            days = calendar_of(one.term, scheme, calendars)
            allowed_s = allowance_s(one, scheme, days)
            one_s = _due(one.start_s, allowed_s, days, past)
            if one_s < due_s:
                due_s, claim, calendar, left_s = one_s, one, days, allowed_s
    elapsed_s = 0
    if pauses:
        for from_s, to_s in running(claim.start_s, until_s, pauses):
            elapsed_s += _length(calendar, from_s, to_s)
    elif until_s > claim.start_s:
        elapsed_s = until_s - claim.start_s
        if calendar is not None:
            elapsed_s = calendar.between_s(claim.start_s, until_s)
    state = _state(due_s, met_s, ended_s, now_s)
    if pauses and state is _RUNNING and pauses[-1].end_s == FOREVER_S:
        state = _PAUSED
    return ClockState(milestone, promise, state, due_s, met_s, elapsed_s, left_s - elapsed_s, claim, ended_s)


def claims_of(
    ticket: Ticket, facts: Facts, scheme: Scheme, milestone: Milestone, stopped_s: int | None, /
) -> list[Claim]:
    """Give the counts that run for a milestone after every change of severity; the earliest due decides.

    A change at or after `stopped_s` no longer touches the clock.
    """
    term = scheme.term(milestone, ticket.severity, remote=ticket.remote, kind=ticket.kind)
    assert term is not None, milestone  # callers walk the scheme's own milestones
    claims = [Claim(term, facts.reported_s)]
    for at_s, severity in facts.severities:
        if stopped_s is not None and at_s >= stopped_s:
            break
        changed = scheme.term(milestone, severity, remote=ticket.remote, kind=ticket.kind)
        assert changed is not None, milestone
        if scheme.severity_change is SeverityChange.RESTART:
            claims = [Claim(changed, at_s)]
        elif scheme.severity_change is SeverityChange.CARRY:
            claims = [Claim(changed, facts.reported_s)]
        elif claims[0].term.promise is _NOT_PROMISED:
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
    if claim.term.unit is not _SAME_DAY:
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
        return _MET if due_s is None or met_s <= due_s else _BREACHED
    if ended_s is not None:
        return State.CANCELLED if due_s is None or ended_s <= due_s else _BREACHED
    if due_s is None:
        return State.AWAITING_CUSTOMER
    return _BREACHED if now_s > due_s else _RUNNING
