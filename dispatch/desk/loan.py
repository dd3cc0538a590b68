"""Loaners lent: for which ticket, where each loan stands, when the unit has to be back.

The unit is the storekeeper's (a serial in the pool, reached through `dispatch/loaners.py`); the loan is the desk's:
for which ticket, since when, until when, and who must be reminded. A loan that stands meets `substitute`; whether
it stops `repair` too is the scheme's word (`LoanerClause.stops_repair`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from dispatch.desk.clause import LoanerClause
from dispatch.desk.ticket import EventKind, TicketEvent
from kernel.clock import utc
from kernel.errors import Refusal
from kernel.ids import checked_id


@dataclass(frozen=True, slots=True)
class TicketLoan:
    """A loaner unit is kept for a ticket from `reserved_at` on.

    Args:
        id: the loan's id.
        ticket: what it is for.
        unit: the loaner unit's id.
        reserved_at: when, aware.
        by: id of who reserved it.

    Raises:
        Refusal: ``id.malformed``, ``clock.*``.
    """

    id: str
    ticket: str
    unit: str
    reserved_at: datetime
    by: str

    def __post_init__(self) -> None:
        for text in (self.id, self.ticket, self.unit, self.by):
            checked_id(text)
        object.__setattr__(self, "reserved_at", utc(self.reserved_at))


class LoanStep(StrEnum):
    """What happens to a loan after the reservation."""

    PREPARING = "preparing"
    """Somebody gets the unit ready."""
    OUT = "out"
    """It left; `due_back_at` says until when it is lent."""
    AT_CUSTOMER = "at_customer"
    """It stands and runs at the customer's."""
    EXTENDED = "extended"
    """It is lent until another moment, `due_back_at`; `reason` says why."""
    REMINDED = "reminded"
    """The next one of the overdue ladder was told; `reason` says who and what he said."""
    BACK = "back"
    """It is back on our side."""
    INSPECTING = "inspecting"
    """Somebody looks what state it is in."""
    PASSED = "passed"
    """It can be lent again."""
    FAILED = "failed"
    """It came back damaged; `reason` says how."""
    RELEASED = "released"
    """It never left: the reservation is given up; `reason` says why."""


class LoanState(StrEnum):
    """Where a loan stands."""

    RESERVED = "reserved"
    PREPARING = "preparing"
    OUT = "out"
    AT_CUSTOMER = "at_customer"
    RETURN_DUE = "return_due"
    BACK = "back"
    INSPECTING = "inspecting"
    PASSED = "passed"
    FAILED = "failed"
    RELEASED = "released"

    @property
    def covers(self) -> bool:
        """The loan answers what is owed: the unit is on its way to standing at the customer's, or stands."""
        return self in {
            LoanState.RESERVED,
            LoanState.PREPARING,
            LoanState.OUT,
            LoanState.AT_CUSTOMER,
            LoanState.RETURN_DUE,
        }

    @property
    def holds_unit(self) -> bool:
        """Nobody else can have the unit."""
        return self.covers or self in {LoanState.BACK, LoanState.INSPECTING, LoanState.FAILED}


_AFTER: Mapping[LoanState, frozenset[LoanStep]] = {
    LoanState.RESERVED: frozenset({LoanStep.PREPARING, LoanStep.OUT, LoanStep.RELEASED}),
    LoanState.PREPARING: frozenset({LoanStep.OUT, LoanStep.RELEASED}),
    LoanState.OUT: frozenset({LoanStep.AT_CUSTOMER, LoanStep.EXTENDED, LoanStep.REMINDED, LoanStep.BACK}),
    LoanState.AT_CUSTOMER: frozenset({LoanStep.EXTENDED, LoanStep.REMINDED, LoanStep.BACK}),
    LoanState.BACK: frozenset({LoanStep.INSPECTING}),
    LoanState.INSPECTING: frozenset({LoanStep.PASSED, LoanStep.FAILED}),
    LoanState.PASSED: frozenset(),
    # What was mended is inspected again.
    LoanState.FAILED: frozenset({LoanStep.INSPECTING}),
    LoanState.RELEASED: frozenset(),
}
_LENDS_UNTIL = frozenset({LoanStep.OUT, LoanStep.EXTENDED})
_SAYS_WHY = frozenset({LoanStep.EXTENDED, LoanStep.REMINDED, LoanStep.FAILED, LoanStep.RELEASED})
_STAYS = frozenset({LoanStep.EXTENDED, LoanStep.REMINDED})


@dataclass(frozen=True, slots=True)
class LoanEvent:
    """One step of a loan.

    Args:
        loan: its id.
        at: when, aware.
        step: what happened.
        by: id of who says so.
        reason: why; required where `LoanStep` says so.
        due_back_at: until when it is lent, with `OUT` and `EXTENDED` only, aware.

    Raises:
        Refusal: ``loan.reason_missing``, ``loan.due_back_missing``, ``loan.due_back_not_used``,
            ``loan.due_back_passed``, ``id.malformed``, ``clock.*``.
    """

    loan: str
    at: datetime
    step: LoanStep
    by: str
    reason: str = ""
    due_back_at: datetime | None = None

    def __post_init__(self) -> None:
        checked_id(self.loan)
        checked_id(self.by)
        object.__setattr__(self, "at", utc(self.at))
        if self.step in _SAYS_WHY and not self.reason.strip():
            raise Refusal("loan.reason_missing", loan=self.loan, step=self.step)
        if self.due_back_at is None:
            if self.step in _LENDS_UNTIL:
                raise Refusal("loan.due_back_missing", loan=self.loan, step=self.step)
            return
        if self.step not in _LENDS_UNTIL:
            raise Refusal("loan.due_back_not_used", loan=self.loan, step=self.step)
        object.__setattr__(self, "due_back_at", utc(self.due_back_at))
        if self.due_back_at < self.at:
            due = self.due_back_at.isoformat()
            raise Refusal("loan.due_back_passed", loan=self.loan, at_time=self.at.isoformat(), due=due)


class LoanStanding(NamedTuple):
    """Where a loan stands at a moment.

    Args:
        state: see `LoanState`.
        out_at, stands_at, back_at: when it left, stood at the customer's and came back; None: not yet.
        due_back_at: until when it is lent, as said last; None: it has not left.
        return_due_at: when it had to be on its way back; None: not yet, or never left.
        reminders: when the overdue ladder was climbed, in order.
    """

    state: LoanState
    out_at: datetime | None = None
    stands_at: datetime | None = None
    back_at: datetime | None = None
    due_back_at: datetime | None = None
    return_due_at: datetime | None = None
    reminders: tuple[datetime, ...] = ()


def following(standing: LoanStanding, /) -> tuple[LoanStep, ...]:
    """Steps that may follow where a loan stands; one that is due back is still out, or at the customer's."""
    state = standing.state
    if state is LoanState.RETURN_DUE:
        state = LoanState.OUT if standing.stands_at is None else LoanState.AT_CUSTOMER
    return tuple(step for step in LoanStep if step in _AFTER[state])


def loan_standing(
    events: Iterable[LoanEvent],
    clause: LoanerClause,
    now: datetime,
    *,
    needed_until: datetime | None = None,
) -> LoanStanding:
    """Fold the events of one loan.

    The unit is due back once the customer's own equipment runs again. A scheme that lends until then asks for
    nothing sooner, whatever was said when it left; others ask for it by the moment last agreed.

    Args:
        events: in order of time (`check_loan`); later ones than `now` are not yet known.
        clause: what the ticket's scheme says about loaners.
        now: aware.
        needed_until: when the customer no longer needed it (`needed_until`); None: still needed.
    """
    known = [event for event in events if event.at <= now]
    state = _state(known, now)
    found = LoanStanding(state)
    for event in known:
        match event.step:
            case LoanStep.OUT:
                found = found._replace(out_at=event.at, due_back_at=event.due_back_at)
            case LoanStep.EXTENDED:
                found = found._replace(due_back_at=event.due_back_at)
            case LoanStep.AT_CUSTOMER:
                found = found._replace(stands_at=event.at)
            case LoanStep.BACK:
                found = found._replace(back_at=event.at)
            case LoanStep.REMINDED:
                found = found._replace(reminders=(*found.reminders, event.at))
            case _:
                pass
    ends = [needed_until, None if clause.until_repaired else found.due_back_at]
    passed = [end for end in ends if end is not None and end <= now]
    if passed and found.out_at is not None:
        found = found._replace(return_due_at=max(min(passed), found.out_at))
        if state is LoanState.AT_CUSTOMER:
            state = LoanState.RETURN_DUE
    return found._replace(state=state)


def kept_units(loans: Iterable[TicketLoan], events: Iterable[LoanEvent], now: datetime, /) -> dict[str, str]:
    """Say which units are not for everybody: the ticket that alone may have each.

    An empty ticket means nobody: the unit is out, whether or not the pool has heard of it, or back and not inspected.
    """
    steps: dict[str, list[LoanEvent]] = {}
    for event in events:
        steps.setdefault(event.loan, []).append(event)
    kept: dict[str, str] = {}
    for loan in loans:
        if loan.reserved_at > now:
            continue
        state = _state(steps.get(loan.id, ()), now)
        if state in {LoanState.RESERVED, LoanState.PREPARING}:
            kept[loan.unit] = loan.ticket
        elif state.holds_unit:
            kept.setdefault(loan.unit, "")
    return kept


def _state(events: Iterable[LoanEvent], now: datetime) -> LoanState:
    state = LoanState.RESERVED
    for event in events:
        if event.at <= now and event.step not in _STAYS:
            state = LoanState(event.step)
    return state


def needed_until(events: Iterable[TicketEvent], now: datetime, /) -> datetime | None:
    """When the customer's own equipment ran again at his place or the ticket ended; None: he still needs a loaner.

    A unit repaired in the workshop helps him once it is returned.
    """
    ended: datetime | None = None
    repaired = away = False
    for event in events:
        if event.at > now:
            break
        match event.kind:
            case EventKind.REOPENED:
                ended, repaired = None, False
            case EventKind.COLLECTED:
                away = True
            case EventKind.RETURNED:
                away = False
            case EventKind.REPAIRED | EventKind.DELIVERED:
                repaired = True
            case _:
                pass
        over = event.kind in {EventKind.CLOSED, EventKind.CANCELLED}
        if ended is None and (over or (repaired and not away)):
            ended = event.at
    return ended


def as_ticket_event(loan: TicketLoan, event: LoanEvent, /) -> TicketEvent | None:
    """Give the step of the ticket's life that a step of its loan is: a loaner in place; None: none."""
    if event.step is not LoanStep.AT_CUSTOMER:
        return None
    return TicketEvent(loan.ticket, event.at, EventKind.LOANER_IN_PLACE, event.by)


def check_loan(loan: TicketLoan, events: Iterable[LoanEvent], /) -> Iterator[Refusal]:
    """Give what is wrong with a loan's events in the order they stand.

    Yields:
        ``loan.of_another``, ``loan.before_reserved``, ``loan.out_of_order``, ``loan.no_such_move`` (at the customer's
        before it left, inspected before it is back, ...).
    """
    state, last_at = LoanState.RESERVED, loan.reserved_at
    for event in events:
        if event.loan != loan.id:
            yield Refusal("loan.of_another", loan=loan.id, other=event.loan)
            continue
        said: dict[str, Any] = {"loan": loan.id, "step": str(event.step), "at_time": event.at.isoformat()}
        if event.at < loan.reserved_at:
            yield Refusal("loan.before_reserved", **said, reserved=loan.reserved_at.isoformat())
        elif event.at < last_at:
            yield Refusal("loan.out_of_order", **said, after=last_at.isoformat())
        if event.step not in _AFTER[state]:
            yield Refusal("loan.no_such_move", **said, state=str(state))
        elif event.step not in _STAYS:
            state = LoanState(event.step)
        last_at = max(last_at, event.at)


def check_units(
    loans: Iterable[TicketLoan], events: Mapping[str, Iterable[LoanEvent]], /
) -> Iterator[Refusal]:
    """Give the loans that want a unit while another one holds it: ``loan.unit_held_twice``.

    Args:
        loans: the first of two that clash stands.
        events: by loan, in order of time.
    """
    holders: dict[str, list[tuple[str, datetime, datetime | None]]] = {}
    for loan in loans:
        until = _free_again(events.get(loan.id, ()))
        mine = holders.setdefault(loan.unit, [])
        for other, start, end in mine:
            if (end is None or loan.reserved_at < end) and (until is None or start < until):
                yield Refusal("loan.unit_held_twice", unit=loan.unit, loan=loan.id, other=other)
                break
        else:
            mine.append((loan.id, loan.reserved_at, until))


def _free_again(events: Iterable[LoanEvent]) -> datetime | None:
    """When a loan's unit was anybody's again; None: it is held."""
    ends = {LoanStep.PASSED, LoanStep.RELEASED}
    return next((event.at for event in events if event.step in ends), None)


def loan_days(standing: LoanStanding, now: datetime, /) -> int:
    """Started days a unit has been out up to now, for the measure of loaner days; 0: it never left."""
    if standing.out_at is None:
        return 0
    return -((standing.out_at - (standing.back_at or now)) // timedelta(days=1))
