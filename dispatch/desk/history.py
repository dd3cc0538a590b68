"""What was done before: closed tickets with cause, solution and the parts they took."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dispatch.desk.milestone import Severity
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
