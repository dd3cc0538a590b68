"""Shipments of a supplier, followed until they are received, and deliveries of more or less than was ordered."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from inventory.supply.inspection import Arrival
from inventory.supply.limits import Agreement, agreement_for
from inventory.supply.purchasing import PurchaseOrderLine
from kernel.clock import utc
from kernel.errors import Refusal


@dataclass(frozen=True, slots=True)
class Shipment:
    """The supplier says that units of an order line are on their way.

    Args:
        id: its waybill; one may bring several parts.
        order: order id.
        part: part id.
        quantity: units.
        sent_at: when they left, aware.
        expected_at: when they are expected, aware.
        by: who entered it.

    Raises:
        Refusal: ``stock.not_positive``, ``supply.expected_before_sent``, ``clock.naive_time``.
    """

    id: str
    order: str
    part: str
    quantity: int
    sent_at: datetime
    expected_at: datetime
    by: str = ""

    def __post_init__(self) -> None:
        if self.quantity < 1:
            raise Refusal("stock.not_positive", id=self.id, value=self.quantity)
        for name in ("sent_at", "expected_at"):
            object.__setattr__(self, name, utc(getattr(self, name)))
        if self.expected_at < self.sent_at:
            raise Refusal("supply.expected_before_sent", shipment=self.id)


@dataclass(frozen=True, slots=True)
class OnTheWay:
    """What of a shipment has not arrived: `left` units, `late` when they were expected before now."""

    shipment: Shipment
    left: int
    late: bool


def on_the_way(
    shipments: Iterable[Shipment],
    lines: Iterable[PurchaseOrderLine],
    *,
    now: datetime,
    agreements: Iterable[Agreement],
) -> tuple[OnTheWay, ...]:
    """Shipments not yet received, the earliest expected first.

    What has arrived of an order line settles its shipments in the order they left. Of a shipment told again the last word
    counts: another date, another number of units. Of a line that is complete nothing is on the way any more: what was
    turned away at its door, or stays away within the tolerance, nobody waits for.
    """
    told = {(row.id, row.order, row.part): row for row in shipments}
    agreed, ordered = tuple(agreements), tuple(lines)
    arrived = {(line.order, line.part): line.received for line in ordered}
    complete = {
        (line.order, line.part)
        for line in ordered
        if is_complete(line, under_share=agreement_for(agreed, line.supplier).under_share)
    }
    open_: list[OnTheWay] = []
    for shipment in sorted(told.values(), key=lambda row: (row.sent_at, row.id)):
        key = (shipment.order, shipment.part)
        if shipment.sent_at > now or key in complete:
            continue
        settled = min(arrived.get(key, 0), shipment.quantity)
        arrived[key] = arrived.get(key, 0) - settled
        if settled < shipment.quantity:
            open_.append(OnTheWay(shipment, shipment.quantity - settled, shipment.expected_at < now))
    return tuple(sorted(open_, key=lambda row: (row.shipment.expected_at, row.shipment.id)))


def room(line: PurchaseOrderLine, *, over_share: Decimal = Decimal(0)) -> int:
    """Units that may still come by an order line and its tolerance: what is beyond them is turned away at the door.

    Args:
        line: with what has been received so far.
        over_share: share of the ordered quantity that may come beyond it, rounded down.

    >>> from datetime import UTC
    >>> line = PurchaseOrderLine("O", "S", "P", 20, "D", datetime(2026, 3, 2, tzinfo=UTC), received=15)
    >>> room(line), room(line, over_share=Decimal("0.1"))
    (5, 7)
    """
    most = line.quantity + math.floor(line.quantity * over_share)
    return max(0, most - line.received)


def turned_away(arrival: Arrival, left: int | None) -> tuple[Arrival, int]:
    """Turn away at the door what a line of a delivery brings beyond what may still come: the line, and the units too many.

    Args:
        arrival: as counted at the door.
        left: units that may still come, see `room`; None: nothing is turned away for being too much.

    Raises:
        Refusal: ``supply.surplus_of_serials`` where its units are known one by one: somebody has to say which go back.

    >>> turned_away(Arrival("P", 9, rejected=1), 5)
    (Arrival(part='P', quantity=9, rejected=4, lot='', serials=()), 3)
    """
    taken = arrival.quantity - arrival.rejected
    too_many = 0 if left is None else max(0, taken - left)
    if not too_many:
        return arrival, 0
    if arrival.serials:
        raise Refusal("supply.surplus_of_serials", part=arrival.part, taken=taken, left=taken - too_many)
    return replace(arrival, rejected=arrival.rejected + too_many), too_many


def is_complete(line: PurchaseOrderLine, *, under_share: Decimal = Decimal(0)) -> bool:
    """Say whether enough has come: all, or all but a tolerated share of the order, rounded down."""
    return line.outstanding <= math.floor(line.quantity * under_share)
