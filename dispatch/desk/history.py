"""What was done before: closed tickets with cause, solution and the parts they took."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from dispatch.desk.life import Stage, state_of
from dispatch.desk.milestone import Severity
from dispatch.desk.ticket import EventKind, Ticket, TicketEvent
from kernel.errors import Refusal
from kernel.ids import checked_id


@dataclass(frozen=True, slots=True)
class PartUsed:
    """Whole units of one part a repair took.

    Raises:
        Refusal: ``history.no_quantity`` below one.
    """

    part: str
    quantity: int

    def __post_init__(self) -> None:
        checked_id(self.part)
        if self.quantity < 1:
            raise Refusal("history.no_quantity", part=self.part, quantity=self.quantity)


@dataclass(frozen=True, slots=True)
class ClosedTicket:
    """A ticket that is done, as the repair history keeps it.

    Args:
        ticket, asset, model: ids of the ticket and the asset, and the asset's model at the time.
        severity: it ended with.
        reported_at, repaired_at: moments, aware.
        arrived_at: when an engineer stood on site; None: solved without a visit.
        symptom: code of what was reported.
        cause, solution: what it was and what helped, in words.
        engineer: id of who solved it; empty: not known.
        parts: what was fitted.

    Raises:
        Refusal: ``history.out_of_order`` when it was repaired or reached before it was reported, or repaired
            before it was reached.
    """

    ticket: str
    asset: str
    model: str
    severity: Severity
    reported_at: datetime
    arrived_at: datetime | None
    repaired_at: datetime
    symptom: str = ""
    cause: str = ""
    solution: str = ""
    engineer: str = ""
    parts: tuple[PartUsed, ...] = ()

    def __post_init__(self) -> None:
        checked_id(self.ticket)
        checked_id(self.asset)
        moments = [self.reported_at, self.arrived_at or self.reported_at, self.repaired_at]
        if moments != sorted(moments):
            raise Refusal("history.out_of_order", ticket=self.ticket)


def as_closed(
    ticket: Ticket,
    events: Iterable[TicketEvent],
    now: datetime,
    *,
    model: str,
    cause: str = "",
    solution: str = "",
    parts: Iterable[PartUsed] = (),
) -> ClosedTicket | None:
    """Give what the repair history keeps of a ticket; None: it has no equipment, or is not closed after a repair.

    Args:
        ticket: as reported.
        events: its events in order of time.
        now: aware; later events are not yet known.
        model: of the equipment.
        cause: as recorded.
        solution: as recorded.
        parts: fitted for it.

    The arrival is the first one, the repair the last one: what was reopened had not held.
    """
    known = [event for event in events if event.at <= now]
    state = state_of(ticket, known, now)
    over = state.stage in {Stage.CLOSED, Stage.SURVEYED, Stage.FOLLOWED_UP}
    repaired = [e for e in known if e.kind in {EventKind.REPAIRED, EventKind.DELIVERED}]
    if not (over and repaired and ticket.asset):
        return None
    arrived = [event for event in known if event.kind is EventKind.ON_SITE]
    return ClosedTicket(
        ticket=ticket.id,
        asset=ticket.asset,
        model=model,
        severity=state.severity,
        reported_at=ticket.reported_at,
        arrived_at=arrived[0].at if arrived else None,
        repaired_at=repaired[-1].at,
        symptom=ticket.symptom,
        cause=cause,
        solution=solution,
        engineer=arrived[-1].by if arrived else repaired[-1].by,
        parts=tuple(parts),
    )
