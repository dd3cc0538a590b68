"""How high stock must stand for a target: lead-time demand, backorders, reorder point, order size.

Units are whole units of a part and days. `fill_rate` is the share of units served from the shelf;
`cycle_service_level` is the chance that no unit is short before the order arrives: not the same number.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inventory.replenish.demand import DemandRate
from kernel.errors import Refusal

HIGHEST_LEVEL = 1_000_000
"""Levels above this are refused: the figures behind them are wrong."""


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


@dataclass(frozen=True, slots=True)
class LeadTimeDemand:
    """Demand over a stretch of days: Poisson where variance does not exceed the mean, else negative binomial.

    Args:
        mean: units.
        variance: units squared.

    Source: Sherbrooke (2004), Optimal Inventory Modeling of Systems, 2nd ed., ch. 2 and 3.
    """

    mean: float
    variance: float

    @property
    def distribution(self) -> str:
        """``poisson`` or ``negative_binomial``."""
        return "negative_binomial" if self.variance > self.mean * (1 + 1e-9) else "poisson"

    def pmf(self, highest: int) -> NDArray[np.float64]:
        """Chance of exactly 0, 1, ... `highest` units, by recurrence in logarithms (no underflow)."""
        count = np.arange(1, highest + 1, dtype=np.float64)
        if self.mean <= 0:
            return np.concatenate(([1.0], np.zeros(highest)))
        if self.distribution == "poisson":
            log_first = -self.mean
            log_steps = math.log(self.mean) - np.log(count)
        else:
            # r successes, p their chance: mean r(1-p)/p, variance r(1-p)/p².
            p = self.mean / self.variance
            r = self.mean * p / (1 - p)
            log_first = r * math.log(p)
            log_steps = np.log(count - 1 + r) - np.log(count) + math.log1p(-p)
        return np.asarray(np.exp(log_first + np.concatenate(([0.0], np.cumsum(log_steps)))))


def lead_time_demand(
    rate: DemandRate, *, lead_time_days: float, lead_time_sd_days: float, review_period_days: float = 0.0
) -> LeadTimeDemand:
    """Demand over the protection interval: from one look to the arrival of what the next look orders.

    ``mean = d (L + T)``, ``variance = v (L + T) + d² s²`` with d units a day, v their variance, L and s the mean
    and standard deviation of the lead time, T the review period, in days.

    Source: Silver, Pyke and Thomas (2017), Inventory and Production Management in Supply Chains, 4th ed., ch. 6.

    >>> lead_time_demand(DemandRate(30.4375, 30.4375, 24), lead_time_days=7, lead_time_sd_days=2)
    LeadTimeDemand(mean=7.0, variance=11.0)
    """
    interval = lead_time_days + review_period_days
    mean = rate.per_day * interval
    variance = rate.variance_per_day * interval + (rate.per_day * lead_time_sd_days) ** 2
    return LeadTimeDemand(mean=mean, variance=variance)


def expected_backorders(demand: LeadTimeDemand, *, highest: int) -> NDArray[np.float64]:
    """Units short on average with stock level S = 0, 1, ... `highest`.

    ``EBO(S) = Σ_{x > S} (x - S) P(x)``, computed as ``EBO(0) = mean``, ``EBO(S+1) = EBO(S) - P(X > S)``.

    Source: Sherbrooke (2004), eq. 2.6 and its table for Poisson demand.

    >>> expected_backorders(LeadTimeDemand(mean=1.0, variance=1.0), highest=3).round(4).tolist()
    [1.0, 0.3679, 0.1036, 0.0233]
    """
    above = 1 - np.cumsum(demand.pmf(highest))[:highest]
    steps = np.concatenate(([demand.mean], -above))
    return np.asarray(np.clip(np.cumsum(steps), 0.0, None), dtype=np.float64)


def fill_rate(demand: LeadTimeDemand, *, reorder_point: int, quantity: int) -> float:
    """Share of units served from the shelf under (R, Q): order `quantity` when the position is at or under R.

    ``1 - (EBO(R) - EBO(R + Q)) / Q``: the position is spread evenly over R+1 ... R+Q. Exact for unit-sized
    Poisson demand; with orders of several units it judges units, not whole orders.

    Source: Hadley and Whitin (1963), Analysis of Inventory Systems, ch. 4.

    >>> round(fill_rate(LeadTimeDemand(mean=1.0, variance=1.0), reorder_point=1, quantity=1), 4)
    0.7358
    """
    short = expected_backorders(demand, highest=max(reorder_point + quantity, 1))
    at_point = short[reorder_point] if reorder_point >= 0 else demand.mean - reorder_point
    return float(1 - (at_point - short[reorder_point + quantity]) / quantity)


def reorder_point(demand: LeadTimeDemand, *, quantity: int, target_fill_rate: float) -> int:
    """The lowest reorder point R, from -1, at which (R, `quantity`) reaches the fill rate; see `fill_rate`.

    -1 means that nothing is kept: an order is placed only for what is known to be needed.

    Raises:
        Refusal: ``stock.level_too_high`` beyond `HIGHEST_LEVEL`.

    >>> reorder_point(LeadTimeDemand(mean=1.0, variance=1.0), quantity=1, target_fill_rate=0.9)
    2
    """
    if demand.mean <= 0:
        return -1
    highest = _reach(demand)
    while highest <= HIGHEST_LEVEL:
        short = expected_backorders(demand, highest=highest + quantity)
        short = np.concatenate(([demand.mean + 1], short))  # R = -1: one unit is owed already
        filled = 1 - (short[: highest + 2] - short[quantity : highest + 2 + quantity]) / quantity
        # Below the last level the sum of chances is exact to about 1e-12: ask for no more than that.
        reached = np.flatnonzero(filled >= target_fill_rate - 1e-12)
        if reached.size:
            return int(reached[0]) - 1
        highest *= 2
    raise Refusal("stock.level_too_high", mean=round(demand.mean, 2), highest=HIGHEST_LEVEL)


def base_stock(demand: LeadTimeDemand, *, cycle_service_level: float) -> int:
    """The lowest stock level S with ``P(X <= S) >= cycle_service_level``.

    Source: Silver, Pyke and Thomas (2017), ch. 6 (P1 measure).

    Raises:
        Refusal: ``stock.level_too_high`` beyond `HIGHEST_LEVEL`.

    >>> base_stock(LeadTimeDemand(mean=4.0, variance=4.0), cycle_service_level=0.95)
    8
    """
    highest = _reach(demand)
    while highest <= HIGHEST_LEVEL:
        reached = np.flatnonzero(np.cumsum(demand.pmf(highest)) >= cycle_service_level - 1e-12)
        if reached.size:
            return int(reached[0])
        highest *= 2
    raise Refusal("stock.level_too_high", mean=round(demand.mean, 2), highest=HIGHEST_LEVEL)


def _reach(demand: LeadTimeDemand) -> int:
    return math.ceil(demand.mean + 8 * math.sqrt(max(demand.variance, demand.mean))) + 8


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


@dataclass(frozen=True, slots=True)
class Levels:
    """Between which marks stock is kept.

    Args:
        reorder_point: order when the position is at or under it.
        order_up_to: up to which an order fills the position.
        safety_stock: reorder point less mean lead-time demand, never below zero.
        fill_rate: what the reorder point and order size bring, as a share of units.
        by_hand: whether either mark was set by hand.
    """

    reorder_point: int
    order_up_to: int
    safety_stock: float
    fill_rate: float
    by_hand: bool


def levels(demand: LeadTimeDemand, policy: StockPolicy, *, quantity: int) -> Levels:
    """Marks for one part at one place: the formula's, unless set by hand.

    Args:
        demand: over lead time and review period.
        policy: target and marks set by hand.
        quantity: the usual order size, at least 1.
    """
    low = policy.minimum
    if low is None:
        low = reorder_point(demand, quantity=quantity, target_fill_rate=policy.fill_rate)
        if policy.maximum is not None:
            low = min(low, policy.maximum - 1)
    high = policy.maximum if policy.maximum is not None else low + quantity
    reached = 1.0 if demand.mean <= 0 else fill_rate(demand, reorder_point=low, quantity=max(1, high - low))
    return Levels(
        reorder_point=low,
        order_up_to=high,
        safety_stock=max(0.0, low - demand.mean),
        fill_rate=reached,
        by_hand=policy.minimum is not None or policy.maximum is not None,
    )
