"""What is asked of one part at one place, and the levels that meet it.

Units are whole units of a part and days. `fill_rate` is the share of units served from the shelf;
`cycle_service_level` is the chance that no unit is short before the order arrives: not the same number.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from inventory.replenish.lead_time_demand import LeadTimeDemand
from inventory.replenish.marks import NOT_SET, Levels, base_stocks, fill_rates, marks, reorder_points
from kernel.errors import Refusal


@dataclass(frozen=True, slots=True)
class StockPolicy:
    """What is asked of one part at one place.

    Args:
        part: part id.
        place: place id.
        fill_rate: share of units to be served from the shelf, above 0 and below 1.
        review_period_days: days between two looks.
        minimum: reorder point set by hand (an order is due at or below it); None: the formula's.
        maximum: order-up-to level set by hand; None: the formula's.

    Raises:
        Refusal: ``stock.fill_rate_out_of_range``, ``stock.negative_review_period``,
            ``stock.negative_level``, ``stock.maximum_below_minimum``.
    """

    part: str
    place: str
    fill_rate: float
    review_period_days: float
    minimum: int | None = None
    maximum: int | None = None

    def __post_init__(self) -> None:
        if not 0 < self.fill_rate < 1:
            raise Refusal("stock.fill_rate_out_of_range", part=self.part, value=self.fill_rate)
        if self.review_period_days < 0:
            raise Refusal("stock.negative_review_period", part=self.part)
        if self.minimum is not None and self.minimum < 0:
            raise Refusal("stock.negative_level", part=self.part, place=self.place, value=self.minimum)
        if self.maximum is not None and self.maximum < max(self.minimum or 0, 0):
            raise Refusal("stock.maximum_below_minimum", part=self.part, place=self.place)


def fill_rate(demand: LeadTimeDemand, *, reorder_point: int, quantity: int) -> float:
    """Share of units served from the shelf under (R, Q); see `marks.fill_rates`.

    >>> round(fill_rate(LeadTimeDemand(mean=1.0, variance=1.0), reorder_point=1, quantity=1), 4)
    0.7358
    """
    found = fill_rates([demand.mean], [demand.variance], reorder_point=[reorder_point], quantity=[quantity])
    return float(found[0])


def reorder_point(demand: LeadTimeDemand, *, quantity: int, target_fill_rate: float) -> int:
    """The lowest reorder point at which (R, `quantity`) reaches the fill rate; see `marks.reorder_points`.

    Raises:
        Refusal: ``stock.level_too_high``.

    >>> reorder_point(LeadTimeDemand(mean=1.0, variance=1.0), quantity=1, target_fill_rate=0.9)
    2
    """
    found = reorder_points([demand.mean], [demand.variance], quantity=[quantity], target=[target_fill_rate])
    return int(found[0])


def base_stock(demand: LeadTimeDemand, *, cycle_service_level: float) -> int:
    """The lowest stock level S with ``P(X <= S) >= cycle_service_level``; see `marks.base_stocks`.

    Raises:
        Refusal: ``stock.level_too_high``.

    >>> base_stock(LeadTimeDemand(mean=4.0, variance=4.0), cycle_service_level=0.95)
    8
    """
    return int(base_stocks([demand.mean], [demand.variance], cycle_service_level=[cycle_service_level])[0])


def economic_order_quantity(*, demand_a_year: float, order_cost: float, holding_cost_a_year: float) -> float:
    """The order size with the least ordering and holding cost: ``sqrt(2 K d / h)``.

    Args:
        demand_a_year: d, units.
        order_cost: K, money an order.
        holding_cost_a_year: h, money to hold one unit for a year.

    Source: Harris (1913); example 3.1 of Snyder and Shen (2019), Fundamentals of Supply Chain Theory, 2nd ed.

    >>> round(economic_order_quantity(demand_a_year=1300, order_cost=8, holding_cost_a_year=0.225), 2)
    304.05
    """
    return math.sqrt(2 * order_cost * demand_a_year / holding_cost_a_year)


def levels(demand: LeadTimeDemand, policy: StockPolicy, *, quantity: int) -> Levels:
    """Marks for one part at one place; see `levels_of_many`."""
    return levels_of_many([demand], [policy], quantity=[quantity])[0]


def levels_of_many(
    demands: Sequence[LeadTimeDemand], policies: Sequence[StockPolicy], *, quantity: Sequence[int]
) -> list[Levels]:
    """Marks for many parts and places: the formula's, unless set by hand; see `marks.marks`.

    Args:
        demands: over lead time and review period, one for each part-place.
        policies: target and marks set by hand, likewise.
        quantity: the usual order size, at least 1, likewise.

    Raises:
        Refusal: ``stock.level_too_high``.
    """
    found = marks(
        [demand.mean for demand in demands],
        [demand.variance for demand in demands],
        quantity=quantity,
        target=[policy.fill_rate for policy in policies],
        minimum=[NOT_SET if policy.minimum is None else policy.minimum for policy in policies],
        maximum=[NOT_SET if policy.maximum is None else policy.maximum for policy in policies],
    )
    return found.each()
