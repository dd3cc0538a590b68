"""Ways to bring a part to where it is needed, as offers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from kernel.clock import utc
from kernel.errors import Refusal

BY_HAND = "BRING-"
"""Ids of what somebody asked for by hand begin with this."""


class OfferKind(StrEnum):
    """Who brings it: our own transfer, a courier, or the supplier."""

    TRANSFER = "transfer"
    COURIER = "courier"
    PURCHASE = "purchase"


@dataclass(frozen=True, slots=True)
class SupplyOffer:
    """`quantity` units of `part` can be with `demand_ref` at `arrives_at`, for `price`.

    Args:
        id: natural key.
        part: part id.
        kind: transfer, courier or purchase.
        source: the place it is taken from (transfer, courier) or the supplier's id (purchase).
        demand_ref: what it is brought to; opaque here.
        arrives_at: when it is there, aware.
        price: of the whole offer (goods and way), in the region's currency.
        quantity: units.

    Raises:
        Refusal: ``stock.not_positive``, ``money.negative``, ``clock.naive_time``.
    """

    id: str
    part: str
    kind: OfferKind
    source: str
    demand_ref: str
    arrives_at: datetime
    price: Decimal
    quantity: int

    def __post_init__(self) -> None:
        if self.quantity < 1:
            raise Refusal("stock.not_positive", id=self.id, value=self.quantity)
        if self.price < 0:
            raise Refusal("money.negative", value=str(self.price))
        object.__setattr__(self, "arrives_at", utc(self.arrives_at))
