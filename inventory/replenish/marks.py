"""Reorder points, base stocks and fill rates for many part-places at once.

Every argument is an array with one entry for each part-place; results have the same shape. Rows are worked in
blocks of similar width, so that a hundred thousand small ones and a few large ones fit together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inventory.replenish.lead_time_demand import Floats, backorders, blocks, chances, checked, reach
from inventory.replenish.trace import Formula, Trace
from kernel.errors import Refusal, Value

Counts = NDArray[np.int64]

HIGHEST_LEVEL = 1_000_000
"""Levels above this are refused: the figures behind them are wrong."""

NOT_SET = -1
"""A mark nobody set by hand."""

ROUNDING = 1e-12
"""Sums of chances are exact to about this: no target is missed by less."""


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


@dataclass(frozen=True, slots=True)
class Marks:
    """Levels of many part-places; every array has one entry for each, in the order given.

    Args:
        mean: demand over lead time and review period, units.
        variance: its variance.
        quantity: the usual order.
        target: fill rate asked for.
        reorder_point: see `Levels`.
        order_up_to: see `Levels`.
        fill_rate: reached.
        by_hand: whether a mark was set by hand.
    """

    mean: Floats
    variance: Floats
    quantity: Counts
    target: Floats
    reorder_point: Counts
    order_up_to: Counts
    fill_rate: Floats
    by_hand: NDArray[np.bool_]

    @property
    def safety_stock(self) -> Floats:
        """Reorder point less mean demand, never below zero, units."""
        return np.asarray(np.maximum(0.0, self.reorder_point - self.mean), dtype=np.float64)

    def each(self) -> list[Levels]:
        """The marks of every part-place, in order."""
        columns = (self.reorder_point, self.order_up_to, self.safety_stock, self.fill_rate, self.by_hand)
        rows = zip(*(column.tolist() for column in columns), strict=True)
        return [Levels(low, high, safe, reached, by_hand=hand) for low, high, safe, reached, hand in rows]

    def why(self, row: int) -> Trace:
        """The calculation behind one part-place's marks."""
        bounds: dict[str, Value] = {"by_hand": bool(self.by_hand[row])}
        return Trace(
            Formula.LEVELS,
            {
                "mean": float(self.mean[row]),
                "variance": float(self.variance[row]),
                "quantity": int(self.quantity[row]),
                "target": float(self.target[row]),
            },
            {
                "reorder_point": int(self.reorder_point[row]),
                "order_up_to": int(self.order_up_to[row]),
                "reached": float(self.fill_rate[row]),
            },
            bounds,
        )


def marks(
    mean: ArrayLike,
    variance: ArrayLike,
    *,
    quantity: ArrayLike,
    target: ArrayLike,
    minimum: ArrayLike | None = None,
    maximum: ArrayLike | None = None,
) -> Marks:
    """Set the marks of many part-places: the formula's, unless set by hand.

    Args:
        mean: demand over lead time and review period, units.
        variance: its variance.
        quantity: the usual order, at least 1.
        target: fill rate asked for, above 0 and below 1.
        minimum: reorder points set by hand, `NOT_SET` where none; None: none anywhere.
        maximum: order-up-to levels set by hand, likewise.

    Raises:
        Refusal: ``stock.level_too_high``, ``replenish.demand_figures``, ``replenish.order_below_one``.
    """
    centre, spread = checked(mean, variance)
    order = _orders(quantity)
    wanted = np.broadcast_to(np.asarray(target, dtype=np.float64), centre.shape)
    unset = np.full(centre.shape, NOT_SET)
    low_told = unset if minimum is None else np.asarray(minimum, dtype=np.int64)
    high_told = unset if maximum is None else np.asarray(maximum, dtype=np.int64)
    low_set, high_set = low_told != NOT_SET, high_told != NOT_SET
    low = low_told.copy()
    free = ~low_set
    low[free] = reorder_points(centre[free], spread[free], quantity=order[free], target=wanted[free])
    low = np.where(free & high_set, np.minimum(low, high_told - 1), low)
    high = np.where(high_set, high_told, low + order)
    reached = np.ones(centre.shape)
    asked = centre > 0
    between = np.maximum(1, high - low)
    reached[asked] = fill_rates(
        centre[asked], spread[asked], reorder_point=low[asked], quantity=between[asked]
    )
    return Marks(centre, spread, order, wanted, low, high, reached, low_set | high_set)


def fill_rates(
    mean: ArrayLike, variance: ArrayLike, *, reorder_point: ArrayLike, quantity: ArrayLike
) -> Floats:
    """Share of units served from the shelf under (R, Q): order Q when the position is at or under R.

    ``1 - (EBO(R) - EBO(R + Q)) / Q``: the position is spread evenly over R+1 ... R+Q. Exact for unit-sized
    Poisson demand; with orders of several units it judges units, not whole orders. R may be -1.

    Source: Hadley and Whitin (1963), Analysis of Inventory Systems, ch. 4.
    """
    centre, spread = checked(mean, variance)
    low = np.asarray(reorder_point, dtype=np.int64)
    order = _orders(quantity)
    served = np.empty(centre.shape)
    for rows in blocks(low + order):
        short = backorders(centre[rows], spread[rows], highest=int((low[rows] + order[rows]).max()))
        row = np.arange(len(rows))
        at_point = np.where(low[rows] >= 0, short[row, np.maximum(low[rows], 0)], centre[rows] - low[rows])
        served[rows] = 1 - (at_point - short[row, low[rows] + order[rows]]) / order[rows]
    return served


def reorder_points(mean: ArrayLike, variance: ArrayLike, *, quantity: ArrayLike, target: ArrayLike) -> Counts:
    """The lowest reorder points R, from -1, at which (R, Q) reaches the fill rate; see `fill_rates`.

    -1 means that nothing is kept: an order is placed only for what is known to be needed.

    Raises:
        Refusal: ``stock.level_too_high`` beyond `HIGHEST_LEVEL`.
    """
    centre, spread = checked(mean, variance)
    order = _orders(quantity)
    wanted = np.asarray(target, dtype=np.float64)
    found = np.full(centre.shape, -1)
    left = np.flatnonzero(centre > 0)
    highest = reach(centre, spread)
    while left.size:
        _refuse_too_high(centre[left], highest[left])
        missed = []
        for block in blocks(highest[left] + order[left]):
            rows = left[block]
            short = backorders(centre[rows], spread[rows], highest=int((highest[rows] + order[rows]).max()))
            # R = -1: one unit is owed already.
            short = np.concatenate((centre[rows, None] + 1, short), axis=1)
            point = np.arange(int(highest[rows].max()) + 2)
            if (order[rows] == order[rows[0]]).all():
                beyond = short[:, order[rows[0]] : order[rows[0]] + len(point)]
            else:
                last = short.shape[1] - 1
                beyond = np.take_along_axis(short, np.minimum(point + order[rows, None], last), axis=1)
            filled = 1 - (short[:, : len(point)][:, : beyond.shape[1]] - beyond) / order[rows, None]
            enough = filled >= wanted[rows, None] - ROUNDING
            found[rows] = np.argmax(enough, axis=1) - 1
            missed.append(rows[~enough.any(axis=1)])
        left = np.concatenate(missed)
        highest[left] *= 2
    return found


def base_stocks(mean: ArrayLike, variance: ArrayLike, *, cycle_service_level: ArrayLike) -> Counts:
    """The lowest stock levels S with ``P(X <= S) >= cycle_service_level``.

    Source: Silver, Pyke and Thomas (2017), ch. 6 (P1 measure).

    Raises:
        Refusal: ``stock.level_too_high`` beyond `HIGHEST_LEVEL`.
    """
    centre, spread = checked(mean, variance)
    wanted = np.asarray(cycle_service_level, dtype=np.float64)
    found = np.zeros(centre.shape, dtype=np.int64)
    left = np.arange(len(centre))
    highest = reach(centre, spread)
    while left.size:
        _refuse_too_high(centre[left], highest[left])
        missed = []
        for block in blocks(highest[left]):
            rows = left[block]
            chance = np.cumsum(chances(centre[rows], spread[rows], highest=int(highest[rows].max())), axis=1)
            enough = chance >= wanted[rows, None] - ROUNDING
            found[rows] = np.argmax(enough, axis=1)
            missed.append(rows[~enough.any(axis=1)])
        left = np.concatenate(missed)
        highest[left] *= 2
    return found


def _orders(quantity: ArrayLike) -> Counts:
    order = np.asarray(quantity, dtype=np.int64)
    if order.size and order.min() < 1:
        raise Refusal("replenish.order_below_one", quantity=int(order.min()))
    return order


def _refuse_too_high(mean: Floats, highest: Counts) -> None:
    if highest.max() > HIGHEST_LEVEL:
        worst = float(mean[np.argmax(highest)])
        raise Refusal("stock.level_too_high", mean=round(worst, 2), highest=HIGHEST_LEVEL)
