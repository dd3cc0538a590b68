"""Demand that comes in orders of several units: what is served in units, in whole orders, and how often shelves are bare.

The three are not the same number: a job that needs four of a part is not helped by three.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from inventory.replenish.lead_time_demand import Floats
from inventory.replenish.trace import Formula, Trace
from kernel.errors import Refusal

_MOST_AT_ONCE = 500.0
"""Orders beyond which exp(-orders) comes near underflow: the recursion starts from a part of them."""


@dataclass(frozen=True, slots=True)
class OrderedDemand:
    """Orders at random (Poisson), each for a random number of units: compound Poisson.

    Args:
        orders: orders over the lead time on average.
        sizes: chance that an order is for 1, 2, ... units; adds up to 1.

    Raises:
        Refusal: ``replenish.order_sizes``.
    """

    orders: float
    sizes: tuple[float, ...]

    def __post_init__(self) -> None:
        if not self.sizes or min(self.sizes) < 0 or abs(sum(self.sizes) - 1) > 1e-6 or self.orders < 0:
            raise Refusal("replenish.order_sizes", total=round(sum(self.sizes), 6), orders=self.orders)

    @property
    def mean_size(self) -> float:
        """Units an order, on average."""
        return float(np.arange(1, len(self.sizes) + 1) @ np.asarray(self.sizes))

    @property
    def mean(self) -> float:
        """Units over the lead time, on average."""
        return self.orders * self.mean_size

    def pmf(self, highest: int) -> Floats:
        """Chance of exactly 0, 1, ... `highest` units over the lead time.

        ``P(0) = exp(-a)``, ``P(k) = a / k Σ_j j q_j P(k - j)``; many orders are halved first and folded back.

        Source: Panjer (1981), ASTIN Bulletin 12(1), 22-26; Adelson (1966).
        """
        folds = max(0, math.ceil(math.log2(max(self.orders, 1.0) / _MOST_AT_ONCE)))
        orders = self.orders / 2**folds
        weight = np.arange(1, len(self.sizes) + 1) * np.asarray(self.sizes)
        chance = np.zeros(highest + 1)
        chance[0] = math.exp(-orders)
        for count in range(1, highest + 1):
            wide = min(count, len(weight))
            chance[count] = orders / count * float(weight[:wide] @ chance[count - wide : count][::-1])
        for _ in range(folds):
            chance = np.convolve(chance, chance)[: highest + 1]
        return chance


@dataclass(frozen=True, slots=True)
class OrderFill:
    """What base stock S = 0, 1, ... brings; every array is indexed by S.

    Args:
        demand: over the lead time.
        unit_fill: share of units served at once.
        order_fill: share of orders served whole at once.
        ready_rate: chance that at least one unit is on the shelf.
        backorders: units short on average.
    """

    demand: OrderedDemand
    unit_fill: Floats
    order_fill: Floats
    ready_rate: Floats
    backorders: Floats

    def lowest(self, *, order_fill: float) -> int | None:
        """The lowest base stock that serves this share of orders whole; None: none of those computed does."""
        enough = np.flatnonzero(self.order_fill >= order_fill - 1e-12)
        return int(enough[0]) if enough.size else None

    def why(self, stock: int) -> Trace:
        """The calculation behind one base stock."""
        return Trace(
            Formula.ORDER_FILL,
            {"orders": self.demand.orders, "mean_size": self.demand.mean_size, "stock": stock},
            {
                "unit_fill": float(self.unit_fill[stock]),
                "order_fill": float(self.order_fill[stock]),
                "ready_rate": float(self.ready_rate[stock]),
                "backorders": float(self.backorders[stock]),
            },
        )


def order_fill(demand: OrderedDemand, *, highest: int) -> OrderFill:
    """What base stock 0 to `highest` brings under one-for-one replenishment with a known lead time.

    An order finds the stock S less the lead time's demand: with D units asked for, ``P(on hand >= k) = P(D <= S - k)``.

    Source: Axsäter (2015), Inventory Control, 3rd ed., ch. 5; Feeney and Sherbrooke (1966).

    >>> found = order_fill(OrderedDemand(1.0, (0.6, 0.3, 0.0, 0.1)), highest=4)
    >>> [round(float(value), 5) for value in (found.unit_fill[4], found.order_fill[4], found.ready_rate[4])]
    [0.77898, 0.77314, 0.84465]
    """
    sizes = np.asarray(demand.sizes)
    at_most = np.cumsum(demand.pmf(highest))
    # on_hand[S, k-1]: chance that at least k units lie there.
    left = np.arange(highest + 1)[:, None] - np.arange(1, len(sizes) + 1)
    on_hand = np.where(left >= 0, at_most[np.maximum(left, 0)], 0.0)
    larger = 1 - np.concatenate(([0.0], np.cumsum(sizes)[:-1]))
    short = np.concatenate(([demand.mean], demand.mean - np.cumsum(1 - at_most)[:-1]))
    return OrderFill(
        demand,
        unit_fill=on_hand @ larger / demand.mean_size,
        order_fill=on_hand @ sizes,
        ready_rate=on_hand[:, 0],
        backorders=np.clip(short, 0.0, None),
    )


def order_sizes(orders: ArrayLike) -> tuple[float, ...]:
    """Read how large orders are: the share of those for 1, 2, ... units.

    Args:
        orders: units of each order known, at least 1 each.

    Raises:
        Refusal: ``replenish.no_orders``.

    >>> order_sizes([1, 1, 4, 1])
    (0.75, 0.0, 0.0, 0.25)
    """
    counts = np.asarray(orders, dtype=np.int64)
    if not counts.size or counts.min() < 1:
        raise Refusal("replenish.no_orders")
    return tuple(float(share) for share in np.bincount(counts)[1:] / counts.size)
