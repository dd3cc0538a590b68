"""Every supplier's scorecard, and what of it the review of stock goes by."""

from __future__ import annotations

from datetime import datetime

from inventory.replenish.assessment import Delivered
from inventory.stockroom import Stockroom
from inventory.supply.delivered import deliveries
from inventory.supply.supplier import Scorecard, scorecard
from kernel.errors import Refusal
from kernel.ids import natural_key

ENOUGH = 5
"""Deliveries from which on what a supplier has shown replaces what it promised."""


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
    kinds = {place.id: place.kind for place in stockroom.places}
    known = [row for row in stockroom.lot_inspections if row.at <= now]
    rows = deliveries(
        (move for move in stockroom.moves if move.at <= now), kinds, stockroom.purchase_orders, known
    )
    return tuple(
        scorecard(supplier.id, rows, now=now, since=since, part=part)
        for supplier in sorted(stockroom.suppliers, key=lambda supplier: natural_key(supplier.id))
    )


def as_delivered(stockroom: Stockroom, now: datetime) -> dict[str, Delivered]:
    """Give what the review reads instead of promises, by supplier id; a supplier with too few deliveries is not in it."""
    return {
        card.supplier: card.delivered(at_least=ENOUGH)
        for card in scorecards(stockroom, now)
        if card.deliveries >= ENOUGH
    }
