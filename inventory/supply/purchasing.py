"""Purchase orders, line by line, and what of them is still to come."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from inventory.catalogue.place import PlaceKind
from inventory.catalogue.supplier import Supplier
from inventory.stock.move import Move
from kernel.clock import utc
from kernel.errors import Refusal


@dataclass(frozen=True, slots=True)
class PurchaseOrderLine:
    """One part on one purchase order.

    Args:
        order: order id; together with the part it names the line.
        supplier: supplier id.
        part: part id.
        quantity: units ordered.
        to_place: where they are to arrive.
        ordered_at: when it was sent.
        promised_at: the first date the supplier confirmed, by which it is judged; None: not confirmed.
        received: units that have arrived.
        later: dates confirmed after the first, as they came; the last is expected.

    Raises:
        Refusal: ``stock.not_positive``, ``stock.received_negative``, ``supply.later_without_first``, ``clock.naive_time``.
    """

    order: str
    supplier: str
    part: str
    quantity: int
    to_place: str
    ordered_at: datetime
    promised_at: datetime | None = None
    received: int = 0
    later: tuple[datetime, ...] = ()

    def __post_init__(self) -> None:
        if self.quantity < 1:
            raise Refusal("stock.not_positive", id=self.order, value=self.quantity)
        if self.received < 0:
            raise Refusal("stock.received_negative", order=self.order, value=self.received)
        object.__setattr__(self, "ordered_at", utc(self.ordered_at))
        if self.promised_at is not None:
            object.__setattr__(self, "promised_at", utc(self.promised_at))
        elif self.later:
            raise Refusal("supply.later_without_first", order=self.order)
        object.__setattr__(self, "later", tuple(utc(date) for date in self.later))

    @property
    def expected(self) -> datetime | None:
        """The last date confirmed; None: not confirmed."""
        return self.later[-1] if self.later else self.promised_at

    @property
    def outstanding(self) -> int:
        """Units still to come; a supplier who sent too much owes nothing."""
        return max(0, self.quantity - self.received)


def counted_in(
    lines: Iterable[PurchaseOrderLine], move: Move, kinds: Mapping[str, PlaceKind], /
) -> tuple[PurchaseOrderLine, ...]:
    """Count a move into the order line its document and part name, as receipts are; any other move changes none.

    What a reversal sends back to the supplier counts less, down to nothing.
    """
    came = kinds[move.from_place] is PlaceKind.SUPPLIER and not move.reverses
    went = kinds[move.to_place] is PlaceKind.SUPPLIER and bool(move.reverses)
    units = move.quantity if came else -move.quantity if went else 0
    return tuple(
        replace(line, received=max(0, line.received + units))
        if units and (line.order, line.part) == (move.source_document, move.part)
        else line
        for line in lines
    )


def due_at(line: PurchaseOrderLine, supplier: Supplier) -> datetime:
    """When the rest of a line is due: as last confirmed, else order date plus the supplier's lead time."""
    return line.expected or line.ordered_at + timedelta(days=supplier.lead_time_days)


def expected_at(line: PurchaseOrderLine, supplier: Supplier, *, now: datetime) -> datetime:
    """When the rest of a line is expected: on the day it is due.

    A date that has passed is moved to a day from now: what is late has not arrived and may arrive any day. That is
    good enough not to buy it again, and not to promise it to a customer.
    """
    due = due_at(line, supplier)
    return due if due > now else now + timedelta(days=1)
