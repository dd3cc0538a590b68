"""Levels that cost least where a shortage has a price: exact (R, Q) and (s, S), and (R, Q) for fast movers.

Costs are money a period (or day): `holding` for a unit lying there, `shortage` for a unit owed, each a period;
`order_cost` an order. Every function also says what its levels cost.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from inventory.replenish.lead_time_demand import Floats, LeadTimeDemand, backorders, chances, reach
from inventory.replenish.trace import Formula, Trace
from kernel.errors import Refusal


@dataclass(frozen=True, slots=True)
class OrderUpTo:
    """Order up to `level` when the position is at or under `point` (s, S); `cost` money a period."""

    point: int
    level: int
    cost: float
    why: Trace


@dataclass(frozen=True, slots=True)
class OrderQuantity:
    """Order `quantity` when the position is at or under `point` (R, Q); `cost` money a period."""

    point: float
    quantity: float
    cost: float
    why: Trace


@dataclass(frozen=True, slots=True)
class Prices:
    """What keeping, owing and ordering cost; see the module.

    Raises:
        Refusal: ``replenish.price_not_positive``.
    """

    holding: float
    shortage: float
    order_cost: float

    def __post_init__(self) -> None:
        if min(self.holding, self.shortage) <= 0 or self.order_cost < 0:
            raise Refusal("replenish.price_not_positive", holding=self.holding, shortage=self.shortage)


def order_up_to(period: LeadTimeDemand, protection: LeadTimeDemand, prices: Prices) -> OrderUpTo:
    """The (s, S) of least cost a period, exactly: looked at every period, demand independent from period to period.

    ``c(s, S) = (K + Σ_{j < S - s} m(j) G(S - j)) / M(S - s)`` with m the renewal density of a period's demand and
    G the expected holding and shortage cost at the end of the protection interval.

    Source: Zheng and Federgruen (1991), Operations Research 39(4), 654-665.

    Args:
        period: demand of one period.
        protection: demand of lead time and one period together.
        prices: a period.

    >>> best = order_up_to(LeadTimeDemand(6, 6), LeadTimeDemand(6, 6), Prices(1, 4, 5))
    >>> best.point, best.level, round(best.cost, 4)
    (4, 10, 8.0341)
    """
    expected = _Expected(protection, prices)
    renewal = _Renewal(period)
    order_cost = prices.order_cost

    def cost(point: int, level: int) -> float:
        density, total = renewal.upto(level - point)
        return (order_cost + float(density @ expected.between(point + 1, level)[::-1])) / total

    level = expected.lowest
    point = level - 1
    while cost(point, level) > expected.at(point):
        point -= 1
    best, top, best_top = cost(point, level), level + 1, level
    while expected.at(top) <= best:
        if cost(point, top) < best:
            best_top = top
            while cost(point, top) <= expected.at(point + 1):
                point += 1
            best = cost(point, top)
        top += 1
    why = Trace(
        Formula.ORDER_UP_TO,
        {"mean": period.mean, "variance": period.variance, **_said(prices)},
        {"point": point, "level": best_top, "cost": best},
        {"cheapest_without_order_cost": expected.lowest},
    )
    return OrderUpTo(point, best_top, best, why)


def order_quantity(protection: LeadTimeDemand, prices: Prices, *, demand_a_period: float) -> OrderQuantity:
    """The (R, Q) of least cost a period, exactly for unit-sized demand looked at all the time.

    ``c(R, Q) = (K λ + Σ_{y = R+1}^{R+Q} G(y)) / Q``; the interval grows to its cheaper side while that lowers c.

    Source: Federgruen and Zheng (1992), Operations Research 40(4), 808-813.

    >>> best = order_quantity(LeadTimeDemand(3, 3), Prices(20, 150, 100), demand_a_period=1.5)
    >>> best.point, best.quantity, round(best.cost, 4)
    (3, 5, 107.9236)
    """
    if demand_a_period <= 0:
        raise Refusal("replenish.no_demand")
    expected = _Expected(protection, prices)
    point, quantity = expected.lowest - 1, 1
    total = prices.order_cost * demand_a_period + expected.at(expected.lowest)
    while True:
        below, above = expected.at(point), expected.at(point + quantity + 1)
        if min(below, above) >= total / quantity:
            break
        total += min(below, above)
        quantity += 1
        point -= below <= above
    why = Trace(
        Formula.ORDER_QUANTITY,
        {"mean": protection.mean, "variance": protection.variance, "rate": demand_a_period, **_said(prices)},
        {"point": point, "quantity": quantity, "cost": total / quantity},
        {"cheapest_without_order_cost": expected.lowest},
    )
    return OrderQuantity(point, quantity, total / quantity, why)


def order_quantity_normal(
    *, demand_a_year: float, lead_mean: float, lead_sd: float, prices: Prices, rough: bool = False
) -> OrderQuantity:
    """(R, Q) for parts asked for all the time, lead-time demand normal; two published approximations.

    Here `shortage` is money for each unit short, once (`rough` False: expected inventory level), or for each unit
    and year (`rough` True: loss function); `holding` a unit and year.

    Source: Snyder and Shen (2019), Fundamentals of Supply Chain Theory, 2nd ed., ch. 5; Hadley and Whitin (1963).

    Raises:
        Refusal: ``replenish.no_demand``, ``replenish.shortage_too_cheap`` where owing always costs less than keeping.

    >>> best = order_quantity_normal(
    ...     demand_a_year=1300, lead_mean=1300 / 12, lead_sd=150 / 12**0.5, prices=Prices(0.225, 7.5, 8)
    ... )
    >>> round(best.point, 2), round(best.quantity, 2), round(best.cost, 2)
    (213.97, 318.59, 95.45)
    """
    if demand_a_year <= 0 or lead_sd <= 0:
        raise Refusal("replenish.no_demand")
    holding, shortage, order_cost = prices.holding, prices.shortage, prices.order_cost
    quantity = math.sqrt(2 * order_cost * demand_a_year / holding)
    point = lead_mean
    for _ in range(200):
        if rough:
            point = lead_mean + lead_sd * _standard_loss_inverse(
                holding * quantity / (holding + shortage) / lead_sd
            )
            owed = (holding + shortage) * _second_loss(point, lead_mean, lead_sd) / demand_a_year
        else:
            risk = quantity * holding / (shortage * demand_a_year)
            if risk >= 1:
                raise Refusal("replenish.shortage_too_cheap", shortage=shortage)
            point = NormalDist(lead_mean, lead_sd).inv_cdf(1 - risk)
            owed = shortage * _loss(point, lead_mean, lead_sd)
        following = math.sqrt(2 * demand_a_year * (order_cost + owed) / holding)
        settled = abs(following - quantity) < 1e-10 * quantity
        quantity = following
        if settled:
            break
    lying = holding * (point - lead_mean + quantity / 2)
    cost = lying + (order_cost + owed) * demand_a_year / quantity
    why = Trace(
        Formula.ORDER_QUANTITY_NORMAL,
        {"rate": demand_a_year, "mean": lead_mean, "sd": lead_sd, **_said(prices)},
        {"point": point, "quantity": quantity, "cost": cost},
    )
    return OrderQuantity(point, quantity, cost, why)


class _Expected:
    """G(y): expected holding and shortage cost with position y, computed as far as it is asked for."""

    def __init__(self, demand: LeadTimeDemand, prices: Prices) -> None:
        self.demand = demand
        self.prices = prices
        self.short = backorders(
            demand.mean, demand.variance, highest=int(reach(demand.mean, demand.variance))
        )
        self.lowest = int(np.argmin(self.between(0, len(self.short) - 1)))

    def between(self, first: int, last: int) -> Floats:
        """G(first), ..., G(last)."""
        while last >= len(self.short):
            self.short = backorders(self.demand.mean, self.demand.variance, highest=2 * len(self.short))
        level = np.arange(first, last + 1)
        owed = np.where(level >= 0, self.short[np.maximum(level, 0)], self.demand.mean - level)
        lying = level - self.demand.mean + owed
        return np.asarray(self.prices.holding * lying + self.prices.shortage * owed)

    def at(self, level: int) -> float:
        """G(level)."""
        return float(self.between(level, level)[0])


class _Renewal:
    """m(j) and M(j) of one period's demand, computed as far as asked for."""

    def __init__(self, period: LeadTimeDemand) -> None:
        if period.mean <= 0:
            raise Refusal("replenish.no_demand")
        self.period = period
        self.density = np.zeros(0)

    def upto(self, width: int) -> tuple[Floats, float]:
        """m(0), ..., m(width - 1) and M(width)."""
        if width > len(self.density):
            size = max(64, 2 * width)
            chance = chances(self.period.mean, self.period.variance, highest=size)
            density = np.zeros(size)
            density[0] = 1 / (1 - chance[0])
            for count in range(1, size):
                density[count] = float(chance[1 : count + 1] @ density[count - 1 :: -1]) / (1 - chance[0])
            self.density = density
        return self.density[:width], float(self.density[:width].sum())


def _said(prices: Prices) -> dict[str, float]:
    return {"holding": prices.holding, "shortage": prices.shortage, "order_cost": prices.order_cost}


def _loss(point: float, mean: float, sd: float) -> float:
    """Units short on average above `point`, demand normal."""
    z = (point - mean) / sd
    normal = NormalDist()
    return sd * (normal.pdf(z) - z * (1 - normal.cdf(z)))


def _second_loss(point: float, mean: float, sd: float) -> float:
    """Half the mean square of units short: ``∫ n(y) dy`` from `point` on."""
    z = (point - mean) / sd
    normal = NormalDist()
    return sd**2 / 2 * ((z * z + 1) * (1 - normal.cdf(z)) - z * normal.pdf(z))


def _standard_loss_inverse(wanted: float) -> float:
    """The z at which the standard loss is `wanted`, by bisection: the loss falls strictly."""
    low, high = -max(40.0, 2 * wanted), 40.0
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if _loss(middle, 0.0, 1.0) > wanted else (low, middle)
    return (low + high) / 2
