"""What was asked to be brought, followed until it is received: to be sent or ordered, on the way, there.

Nothing of this is stored: goods are sent, received and ordered under the number of what was asked for, and the ledger and the
orders say how far it has come.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from inventory.catalogue.place import PlaceKind
from inventory.stock.move import Move
from inventory.stock.sourcing import OfferKind, SupplyOffer
from inventory.supply.purchasing import PurchaseOrderLine
from kernel.ids import natural_key


class BringStage(StrEnum):
    """How far it has come."""

    TO_SEND = "to_send"
    TO_ORDER = "to_order"
    ON_THE_WAY = "on_the_way"
    RECEIVED = "received"


@dataclass(frozen=True, slots=True)
class Followed:
    """What was asked for and how far it has come.

    Args:
        offer: as asked for.
        stage: of the units furthest behind.
        left: units at that stage.
        late: it is not there though it should be by now.
    """

    offer: SupplyOffer
    stage: BringStage
    left: int
    late: bool


def followed(
    offers: Iterable[SupplyOffer],
    moves: Iterable[Move],
    orders: Iterable[PurchaseOrderLine],
    kinds: Mapping[str, PlaceKind],
    *,
    now: datetime,
) -> tuple[Followed, ...]:
    """Follow what was asked for, the first expected first.

    Args:
        offers: what was asked for.
        moves: the ledger; what was lost on the way has to be sent again.
        orders: purchase orders.
        kinds: kind by place id.
        now: the moment, aware.
    """
    rows = tuple(offers)
    named = {row.id for row in rows}
    sent: dict[str, int] = {}
    there: dict[str, int] = {}
    seen: set[str] = set()
    for move in moves:
        if move.source_document not in named or move.key in seen or move.at > now:
            continue
        seen.add(move.key)
        origin, end, sign = move.from_place, move.to_place, 1
        if move.reverses:
            origin, end, sign = end, origin, -1
        number, units = move.source_document, sign * move.quantity
        road = PlaceKind.IN_TRANSIT
        if kinds.get(end) is PlaceKind.ADJUSTMENT:
            sent[number] = sent.get(number, 0) - units
            continue
        if kinds.get(origin) is not road:
            sent[number] = sent.get(number, 0) + units
        if kinds.get(end) is not road:
            there[number] = there.get(number, 0) + units
    ordered = {row.order: row for row in orders if row.order in named}
    found = [
        _bought(row, ordered.get(row.id), now)
        if row.kind is OfferKind.PURCHASE
        else _moved(row, sent.get(row.id, 0), there.get(row.id, 0), now)
        for row in rows
    ]
    return tuple(sorted(found, key=lambda one: (one.offer.arrives_at, natural_key(one.offer.id))))


def _moved(offer: SupplyOffer, sent: int, there: int, now: datetime) -> Followed:
    late = offer.arrives_at < now
    if sent < offer.quantity:
        return Followed(offer, BringStage.TO_SEND, offer.quantity - sent, late)
    if there < sent:
        return Followed(offer, BringStage.ON_THE_WAY, sent - there, late)
    return Followed(offer, BringStage.RECEIVED, 0, late=False)


def _bought(offer: SupplyOffer, line: PurchaseOrderLine | None, now: datetime) -> Followed:
    late = offer.arrives_at < now
    if line is None:
        return Followed(offer, BringStage.TO_ORDER, offer.quantity, late)
    if line.outstanding:
        return Followed(offer, BringStage.ON_THE_WAY, line.outstanding, late)
    return Followed(offer, BringStage.RECEIVED, 0, late=False)
