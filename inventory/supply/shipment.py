"""Shipments of a supplier, followed until they are received, and deliveries of more or less than was ordered."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from inventory.supply.inspection import Arrival
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
    shipments: Iterable[Shipment], lines: Iterable[PurchaseOrderLine], *, now: datetime
) -> tuple[OnTheWay, ...]:
    """Shipments not yet received, the earliest expected first.

    What has arrived of an order line settles its shipments in the order they left. Of a shipment told again the last word
    counts: another date, another number of units.
    """
    told = {(row.id, row.order, row.part): row for row in shipments}
    arrived = {(line.order, line.part): line.received for line in lines}
    open_: list[OnTheWay] = []
    for shipment in sorted(told.values(), key=lambda row: (row.sent_at, row.id)):
        if shipment.sent_at > now:
            continue
        key = (shipment.order, shipment.part)
        settled = min(arrived.get(key, 0), shipment.quantity)
        arrived[key] = arrived.get(key, 0) - settled
        if settled < shipment.quantity:
            open_.append(OnTheWay(shipment, shipment.quantity - settled, shipment.expected_at < now))
    return tuple(sorted(open_, key=lambda row: (row.shipment.expected_at, row.shipment.id)))


def surplus(line: PurchaseOrderLine, arrived: int, *, over_share: Decimal = Decimal(0)) -> int:
    """Units of a delivery beyond what the order line and its tolerance allow: to be turned away at the door.

    Args:
        line: with what has been received so far.
        arrived: units that came now.
        over_share: share of the ordered quantity that may come beyond it, rounded down.

    >>> from datetime import UTC
    >>> line = PurchaseOrderLine("O", "S", "P", 20, "D", datetime(2026, 3, 2, tzinfo=UTC), received=15)
    >>> surplus(line, 8), surplus(line, 8, over_share=Decimal("0.1"))
    (3, 1)
    """
    most = line.quantity + math.floor(line.quantity * over_share)
    return max(0, arrived - max(0, most - line.received))


def turned_away(
    arrivals: Iterable[Arrival], lines: Mapping[str, PurchaseOrderLine], *, over_share: Decimal | None
) -> tuple[tuple[Arrival, int], ...]:
    """Turn away at the door what a delivery brings beyond its order: each arrival, with the units too many.

    Args:
        arrivals: in the order of the note; two of one part count together.
        lines: of the order, by part; parts it does not name are taken as they come.
        over_share: see `surplus`; None: nothing is turned away for being too much.
    """
    left = dict(lines)
    found: list[tuple[Arrival, int]] = []
    for arrival in arrivals:
        line, taken = left.get(arrival.part), arrival.quantity - arrival.rejected
        if line is None or over_share is None or taken < 1:
            found.append((arrival, 0))
            continue
        too_many = surplus(line, taken, over_share=over_share)
        left[arrival.part] = replace(line, received=line.received + taken - too_many)
        found.append((replace(arrival, rejected=arrival.rejected + too_many), too_many))
    return tuple(found)


def is_complete(line: PurchaseOrderLine, *, under_share: Decimal = Decimal(0)) -> bool:
    """Say whether enough has come: all, or all but a tolerated share of the order, rounded down."""
    return line.outstanding <= math.floor(line.quantity * under_share)
