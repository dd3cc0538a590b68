"""The arithmetic of a clock in words: how a due time came about, step by step, as codes with values.

Values named ``..._at`` are moments (ISO, UTC) and ``..._s`` whole seconds; the edge puts them into the
reader's zone and language.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from dispatch.desk.clock import (
    Claim,
    ClockState,
    State,
    allowance_s,
    calendar_of,
    pauses_of,
    running,
    settled,
)
from dispatch.desk.happened import FOREVER_S, Facts, Pause, gather
from dispatch.desk.milestone import Promise
from dispatch.desk.scheme import Scheme
from dispatch.desk.term import Term, Unit
from dispatch.desk.ticket import Ticket, TicketEvent
from kernel.calendars import BusinessCalendar
from kernel.errors import Message, Value
from kernel.timetable import epoch_s, moment_of

SHOWN_OPENINGS = 12
"""Opening periods listed one by one; the rest is summed in one line."""


def arithmetic(
    state: ClockState,
    ticket: Ticket,
    events: Iterable[TicketEvent],
    scheme: Scheme,
    calendars: Mapping[str, BusinessCalendar],
    now: datetime,
) -> tuple[Message, ...]:
    """Say how a clock came to stand where it stands.

    Args:
        state: one clock of `clock.clocks`, folded from the other arguments.
        ticket: the ticket.
        events: its events in order of time.
        scheme: its scheme version.
        calendars: as handed to the fold.
        now: as handed to the fold.

    Returns:
        Steps with codes ``arithmetic.*``, in order of time; the last one says where the clock stands.
    """
    facts = gather(ticket, events, epoch_s(now))
    steps = [Message("arithmetic.reported", _values(reported_at=facts.reported_s))]
    if state.promise is Promise.NOT_PROMISED:
        return (*steps, Message("arithmetic.not_promised"))
    if state.promise is Promise.CUSTOMER_SET:
        steps.append(Message("arithmetic.customer_sets"))
    elif state.claim is not None:
        stopped_s = state.met_s if state.met_s is not None else state.ended_s
        until_s = stopped_s if stopped_s is not None else max(epoch_s(now), facts.reported_s)
        steps += _counting(state, state.claim, facts, scheme, calendars, until_s)
    if state.due_s is not None:
        due = _values(due_at=state.due_s)
        paused = state.state is State.PAUSED
        steps.append(Message("arithmetic.due_if_resumed", due) if paused else Message("arithmetic.due", due))
    return (*steps, _standing(state))


def _counting(
    state: ClockState,
    claim: Claim,
    facts: Facts,
    scheme: Scheme,
    calendars: Mapping[str, BusinessCalendar],
    until_s: int,
) -> Iterator[Message]:
    calendar = calendar_of(claim.term, scheme, calendars)
    if claim.start_s != facts.reported_s:
        yield Message("arithmetic.severity_changed", _values(changed_at=claim.start_s))
    left_s = allowance_s(claim, scheme, calendar)
    yield _allowed(claim.term, left_s, calendar)
    due_s = state.due_s or 0
    # A wait that ended before the count began, or began after the clock stopped, stopped nothing.
    pauses = [
        pause
        for pause in pauses_of(facts, scheme, state.milestone)
        if claim.start_s < pause.end_s and pause.start_s < until_s
    ]
    waits = {pause.start_s: pause for pause in pauses if pause.start_s < due_s}
    shown = 0
    hidden_s = 0
    spans = [(a, b) for a, b in running(claim.start_s, due_s, settled(pauses, until_s))]
    for from_s, to_s in spans:
        for start_s in sorted(start for start in waits if start <= from_s):
            yield _waited(waits.pop(start_s))
        openings = [(from_s, to_s)] if calendar is None else calendar.openings_s(from_s, to_s)
        for open_s, close_s in openings:
            left_s -= close_s - open_s
            shown += 1
            if shown > SHOWN_OPENINGS:
                hidden_s += close_s - open_s
            elif calendar is not None or pauses:
                yield Message(
                    "arithmetic.counted",
                    _values(from_at=open_s, to_at=close_s, counted_s=close_s - open_s, left_s=left_s),
                )
    if hidden_s:
        yield Message("arithmetic.counted_more", _values(openings=shown - SHOWN_OPENINGS, counted_s=hidden_s))
    for start_s in sorted(waits):
        yield _waited(waits[start_s])


def _allowed(term: Term, within_s: int, calendar: BusinessCalendar | None) -> Message:
    if term.unit is Unit.SAME_DAY:
        return Message("arithmetic.allowed_same_day", _values(within_s=within_s))
    if calendar is None:
        return Message("arithmetic.allowed_elapsed", _values(within_s=within_s))
    if term.unit is Unit.DAY:
        return Message(
            "arithmetic.allowed_working_days",
            _values(days=term.amount, day_s=calendar.working_day_s, within_s=within_s, calendar=calendar.id),
        )
    return Message("arithmetic.allowed_business", _values(within_s=within_s, calendar=calendar.id))


def _waited(pause: Pause) -> Message:
    if pause.end_s == FOREVER_S:
        return Message("arithmetic.waiting", _values(wait=str(pause.wait), from_at=pause.start_s))
    return Message(
        "arithmetic.waited", _values(wait=str(pause.wait), from_at=pause.start_s, to_at=pause.end_s)
    )


def _standing(state: ClockState) -> Message:
    stopped_s = state.met_s if state.met_s is not None else state.ended_s
    left_s = state.remaining_s or 0
    match state.state:
        case State.MET:
            return Message("arithmetic.met", _values(met_at=stopped_s or 0))
        case State.BREACHED if state.met_s is not None:
            return Message("arithmetic.met_late", _values(met_at=state.met_s, late_s=-left_s))
        case State.BREACHED:
            return Message("arithmetic.overdue", _values(late_s=-left_s))
        case State.CANCELLED:
            return Message("arithmetic.cancelled", _values(ended_at=stopped_s or 0))
        case State.AWAITING_CUSTOMER:
            return Message("arithmetic.awaiting_customer")
        case State.PAUSED:
            return Message("arithmetic.paused", _values(left_s=left_s))
        case _:
            return Message("arithmetic.running", _values(left_s=left_s))


def _values(**values: str | int) -> dict[str, Value]:
    """Give the values of a step, moments as ISO texts."""
    return {
        name: moment_of(value).isoformat() if name.endswith("_at") and isinstance(value, int) else value
        for name, value in values.items()
    }
