"""Every supplier's scorecard, and what of it the review of stock goes by."""

from __future__ import annotations

from datetime import datetime

from inventory.replenish.assessment import Delivered
from inventory.stockroom import Stockroom, decided, lots_inspected
from inventory.supply.delivered import deliveries
from inventory.supply.supplier import ENOUGH, Delivery, Scorecard, scorecard
from kernel.errors import Refusal
from kernel.ids import natural_key


def scorecards(
    stockroom: Stockroom, now: datetime, *, since: datetime | None = None, part: str = ""
) -> tuple[Scorecard, ...]:
    """Give the scorecard of every supplier, in natural order.

    Args:
        stockroom: everything known.
        now: the moment, aware.
        since: count deliveries from this moment on; None: all.
        part: of this part only; empty: of all.

    Raises:
        Refusal: ``stock.unknown_part``.
    """
    if part and part not in {row.id for row in stockroom.parts}:
        raise Refusal("stock.unknown_part", part=part[:64])
    rows = _deliveries(stockroom, now)
    return tuple(
        scorecard(supplier.id, rows, now=now, since=since, part=part)
        for supplier in sorted(stockroom.suppliers, key=lambda supplier: natural_key(supplier.id))
    )


def as_delivered(stockroom: Stockroom, now: datetime) -> dict[tuple[str, str], Delivered]:
    """Give what the review reads instead of promises, by supplier and part id, for everything a supplier sells.

    What a part has shown, from `ENOUGH` deliveries of it on; else what its supplier has shown with all it sent, from as many
    on; else the pair is not in it. Deliveries count once each, however large: one large lot that failed is one failure.
    """
    rows = _deliveries(stockroom, now)
    whole = {supplier.id: scorecard(supplier.id, rows, now=now) for supplier in stockroom.suppliers}
    sent: dict[tuple[str, str], list[Delivery]] = {}
    for row in rows:
        sent.setdefault((row.supplier, row.part), []).append(row)
    found: dict[tuple[str, str], Delivered] = {}
    for terms in stockroom.terms:
        key = (terms.supplier, terms.part)
        card = scorecard(terms.supplier, sent.get(key, ()), now=now)
        if card.deliveries < ENOUGH:
            card = whole.get(terms.supplier, card)
        if card.deliveries >= ENOUGH:
            found[key] = card.delivered()
    return found


def _deliveries(stockroom: Stockroom, now: datetime) -> tuple[Delivery, ...]:
    kinds = {place.id: place.kind for place in stockroom.places}
    known = lots_inspected(stockroom, now=now)
    moves = (move for move in stockroom.moves if move.at <= now)
    gone = decided(stockroom, now=now)
    return deliveries(moves, kinds, stockroom.purchase_orders, known, gone)
