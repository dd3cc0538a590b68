"""Preventive visits: so many a year for every site under a contract, spread over the weeks, moved but never lost.

What is owed follows from the contracts (`preventive_need`), the day it is laid out for from the load (`spread`); what
happens to it then are facts. It has one day and one state at every moment.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from dispatch.desk.customer import Contract, Site
from dispatch.desk.milestone import Severity, TicketKind
from dispatch.desk.ticket import EventKind, Ticket, TicketEvent
from kernel.clock import utc, zone
from kernel.errors import Refusal
from kernel.ids import checked_id


@dataclass(frozen=True, slots=True)
class PreventiveVisit:
    """One visit owed for one period of a contract.

    Args:
        id: follows from contract, site and period.
        contract, site: ids.
        period_from: first day of the period; `period_until`: first day after it.
        on: day it was first laid out for.
        overbooked: no day of its period had room.

    Raises:
        Refusal: ``maintenance.period_backwards``, ``id.malformed``.
    """

    id: str
    contract: str
    site: str
    period_from: date
    period_until: date
    on: date
    overbooked: bool = False

    def __post_init__(self) -> None:
        for text in (self.id, self.contract, self.site):
            checked_id(text)
        if self.period_until <= self.period_from:
            raise Refusal("maintenance.period_backwards", visit=self.id)


class PreventiveStep(StrEnum):
    """What happens to a preventive visit."""

    MOVED = "moved"
    """To another day, `on`; `reason` says why."""
    OPENED = "opened"
    """A ticket stands for it from now on."""
    DONE = "done"
    """It was made; `on` is the day."""
    REPORTED = "reported"
    """The customer has the written report."""
    CANCELLED = "cancelled"
    """It will not be made; `reason` says why."""


_SAYS_WHY = frozenset({PreventiveStep.MOVED, PreventiveStep.CANCELLED})
_SAYS_DAY = frozenset({PreventiveStep.MOVED, PreventiveStep.DONE})


@dataclass(frozen=True, slots=True)
class PreventiveEvent:
    """One step of a preventive visit.

    Args:
        visit: its id.
        at: when, aware.
        step: what happened.
        by: id of who says so.
        reason: why it is moved or cancelled.
        on: the day, with `MOVED` and `DONE` only.

    Raises:
        Refusal: ``maintenance.reason_missing``, ``maintenance.day_missing``, ``maintenance.day_not_used``,
            ``id.malformed``, ``clock.*``.
    """

    visit: str
    at: datetime
    step: PreventiveStep
    by: str
    reason: str = ""
    on: date | None = None

    def __post_init__(self) -> None:
        checked_id(self.visit)
        checked_id(self.by)
        object.__setattr__(self, "at", utc(self.at))
        if self.step in _SAYS_WHY and not self.reason.strip():
            raise Refusal("maintenance.reason_missing", visit=self.visit, step=self.step)
        if (self.step in _SAYS_DAY) != (self.on is not None):
            code = "maintenance.day_missing" if self.on is None else "maintenance.day_not_used"
            raise Refusal(code, visit=self.visit, step=self.step)


class PreventiveState(StrEnum):
    """Where a preventive visit stands."""

    PLANNED = "planned"
    OPENED = "opened"
    DONE = "done"
    CANCELLED = "cancelled"


class PreventiveStanding(NamedTuple):
    """Where a preventive visit stands at a moment.

    Args:
        state: see `PreventiveState`.
        on: the day it is laid out for, was made on, or would have been made on.
        moved: how many times it was moved.
        outside: its day lies outside its period: moved, not lost, but not what was promised.
        report_owed: it was made and the scheme promises a written report nobody has sent yet.
    """

    state: PreventiveState
    on: date
    moved: int = 0
    outside: bool = False
    report_owed: bool = False


def preventive_standing(
    visit: PreventiveVisit, events: Iterable[PreventiveEvent], now: datetime, *, report: bool
) -> PreventiveStanding:
    """Fold the events of a preventive visit.

    Args:
        visit: as laid out.
        events: its events in order of time (`check_preventive`); later ones than `now` are not yet known.
        now: aware.
        report: the scheme promises a written report.
    """
    state, on, moved, reported = PreventiveState.PLANNED, visit.on, 0, False
    for event in events:
        if event.at > now:
            break
        on = event.on or on
        match event.step:
            case PreventiveStep.MOVED:
                moved += 1
            case PreventiveStep.REPORTED:
                reported = True
            case _:
                state = PreventiveState(event.step)
    outside = state is not PreventiveState.CANCELLED and not visit.period_from <= on < visit.period_until
    owed = report and state is PreventiveState.DONE and not reported
    return PreventiveStanding(state, on, moved, outside, owed)


def as_ticket(visit: PreventiveVisit, contract: Contract, site: Site, /, *, at: datetime) -> Ticket:
    """Give the ticket that stands for a preventive visit: it has the visit's id, so that it is opened once.

    Args:
        visit: which.
        contract: the one it is owed under; the ticket keeps its scheme version.
        site: where.
        at: when it is opened, aware.
    """
    return Ticket(
        visit.id,
        site.id,
        "",
        contract.scheme,
        contract.version,
        Severity.P4,
        TicketKind.PREVENTIVE,
        at,
        contract=contract.id,
        remote=site.remote,
    )


def with_ticket(
    visit: PreventiveVisit,
    events: Iterable[PreventiveEvent],
    ticket_events: Iterable[TicketEvent],
    /,
    *,
    zone_name: str,
) -> tuple[PreventiveEvent, ...]:
    """Give the events of a visit with the end of its ticket: made on the day the work was done, or called off.

    Args:
        visit: which.
        events: its own, in order of time.
        ticket_events: those of the ticket that stands for it, in order of time; none without a ticket.
        zone_name: IANA zone of the day.
    """
    known = list(events)
    if any(one.step in {PreventiveStep.DONE, PreventiveStep.CANCELLED} for one in known):
        return tuple(known)
    ends = {EventKind.REPAIRED, EventKind.DELIVERED, EventKind.CANCELLED}
    ended = next((one for one in ticket_events if one.kind in ends), None)
    if ended is not None and ended.kind is EventKind.CANCELLED:
        known.append(PreventiveEvent(visit.id, ended.at, PreventiveStep.CANCELLED, ended.by, ended.reason))
    elif ended is not None:
        on = ended.at.astimezone(zone(zone_name)).date()
        known.append(PreventiveEvent(visit.id, ended.at, PreventiveStep.DONE, ended.by, on=on))
    return tuple(sorted(known, key=lambda one: one.at))


_AFTER: Mapping[PreventiveState, frozenset[PreventiveStep]] = {
    PreventiveState.PLANNED: frozenset(PreventiveStep) - {PreventiveStep.REPORTED},
    PreventiveState.OPENED: frozenset({PreventiveStep.MOVED, PreventiveStep.DONE, PreventiveStep.CANCELLED}),
    PreventiveState.DONE: frozenset({PreventiveStep.REPORTED}),
    PreventiveState.CANCELLED: frozenset(),
}


def check_preventive(visit: PreventiveVisit, events: Iterable[PreventiveEvent], /) -> Iterator[Refusal]:
    """Give what is wrong with the events of a preventive visit in the order they stand.

    Yields:
        ``maintenance.of_another``, ``maintenance.out_of_order``, ``maintenance.no_such_move`` (moved after it was done,
        reported before it was, ...).
    """
    state = PreventiveState.PLANNED
    last_at: datetime | None = None
    for event in events:
        if event.visit != visit.id:
            yield Refusal("maintenance.of_another", visit=visit.id, other=event.visit)
            continue
        said: dict[str, Any] = {"visit": visit.id, "step": str(event.step), "at_time": event.at.isoformat()}
        if last_at is not None and event.at < last_at:
            yield Refusal("maintenance.out_of_order", **said, after=last_at.isoformat())
        last_at = max(event.at, last_at or event.at)
        if event.step not in _AFTER[state]:
            yield Refusal("maintenance.no_such_move", **said, state=str(state))
        elif event.step not in {PreventiveStep.MOVED, PreventiveStep.REPORTED}:
            state = PreventiveState(event.step)
