"""Suppliers and what they promise for each part."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kernel.errors import Refusal


@dataclass(frozen=True, slots=True)
class Supplier:
    """Who sells parts.

    Args:
        id: natural key.
        name: as it trades.
        lead_time_days: days from order to shelf, on average.
        lead_time_sd_days: standard deviation of that, in days.

    Raises:
        Refusal: ``stock.negative_lead_time``.
    """

    id: str
    name: str
    lead_time_days: float
    lead_time_sd_days: float

    def __post_init__(self) -> None:
        if self.lead_time_days < 0 or self.lead_time_sd_days < 0:
            raise Refusal("stock.negative_lead_time", supplier=self.id)


@dataclass(frozen=True, slots=True)
class SupplierTerms:
    """What one supplier asks for one part.

    Args:
        supplier: supplier id.
        part: part id.
        price: of one unit, in the region's currency.
        lead_time_days: days from order to shelf for this part; None: the supplier's own.
        minimum: units of the smallest order.
        multiple: an order is a whole number of these units.
        last_order_on: the last day on which it takes an order for the part; None: no end is known.

    Raises:
        Refusal: ``stock.negative_lead_time``, ``stock.terms_below_one``, ``money.negative``.
    """

    supplier: str
    part: str
    price: Decimal
    lead_time_days: float | None = None
    minimum: int = 1
    multiple: int = 1
    last_order_on: date | None = None

    def __post_init__(self) -> None:
        if self.lead_time_days is not None and self.lead_time_days < 0:
            raise Refusal("stock.negative_lead_time", supplier=self.supplier)
        if self.minimum < 1 or self.multiple < 1:
            raise Refusal("stock.terms_below_one", supplier=self.supplier, part=self.part)
        if self.price < 0:
            raise Refusal("money.negative", value=str(self.price))

    def sold_on(self, day: date, /) -> bool:
        """Say whether an order for the part is still taken on a day.

        >>> SupplierTerms("S", "P", Decimal(1), last_order_on=date(2026, 6, 30)).sold_on(date(2026, 7, 1))
        False
        """
        return self.last_order_on is None or day <= self.last_order_on

    def order_of(self, wanted: int) -> int:
        """The smallest order that brings at least `wanted` units: minimum, then whole multiples.

        >>> SupplierTerms("S", "P", Decimal(1), minimum=10, multiple=4).order_of(3)
        12
        """
        return -(-max(wanted, self.minimum) // self.multiple) * self.multiple
