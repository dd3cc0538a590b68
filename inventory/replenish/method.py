"""Which forecast to trust: the one whose stock serves most for the money on demand it has not seen.

Every method is fitted on the first periods, turned into base stocks at several targets, and played through the rest:
what it would have tied up and what share of the units it would have served.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from inventory.replenish.accuracy import absolute_error, mean_error, pinball
from inventory.replenish.forecast import Method, rate_by, table
from inventory.replenish.lead_time_demand import Floats
from inventory.replenish.marks import Counts, base_stocks
from inventory.replenish.trace import Formula, Trace
from kernel.errors import Refusal

TARGETS = (0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99)
"""Chances of no shortage at which every method is played through."""

PINBALL_LEVEL = 0.95
"""Where the upper end of the forecast is judged."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """How one method did on demand it had not seen.

    Args:
        method: which.
        investment: money tied up in base stock at each target, rising.
        fill: share of units served from the shelf then.
        mean_error: too much (above zero) or too little, as a share of what was asked for.
        pinball: of the upper end of a period's demand, units.
        absolute_error: units a period; told, never judged by.
    """

    method: Method
    investment: Floats
    fill: Floats
    mean_error: float
    pinball: float
    absolute_error: float


@dataclass(frozen=True, slots=True)
class Choice:
    """The method that served most for the money.

    Args:
        method: which.
        fill: its share of units served, averaged over the investments all methods span.
        judgements: all methods, in the order of `Method`.
        why: the calculation.
    """

    method: Method
    fill: float
    judgements: tuple[Judgement, ...]
    why: Trace


def choose(
    demand: ArrayLike, *, fitted: int, lead: ArrayLike, price: ArrayLike, alpha: float = 0.1
) -> Choice:
    """Judge every method and take the one with the highest fill for the same investment.

    Args:
        demand: shape (series, periods), NaN where nothing is known.
        fitted: periods the methods may see; the rest is played through.
        lead: lead time of each series in whole periods, at least 1.
        price: money a unit.
        alpha: smoothing weight.

    Source: Syntetos, Nikolopoulos and Boylan (2010), International Journal of Forecasting 26(1), 134-143; Teunter and
    Duncan (2009), Journal of the Operational Research Society 60(3), 321-329.

    Raises:
        Refusal: ``stock.demand_shape``, ``replenish.fit_too_short``, ``replenish.lead_not_whole``, ``replenish.no_demand``.
    """
    history = table(demand)
    if not 2 <= fitted < history.shape[1]:
        raise Refusal("replenish.fit_too_short", fitted=fitted, periods=history.shape[1])
    wait = np.broadcast_to(np.asarray(lead), history.shape[:1])
    if len(wait) and ((wait < 1).any() or (wait != np.floor(wait)).any()):
        raise Refusal("replenish.lead_not_whole")
    worth = np.broadcast_to(np.asarray(price, dtype=np.float64), history.shape[:1])
    judged = tuple(
        _judge(method, history, fitted=fitted, lead=wait.astype(np.int64), price=worth, alpha=alpha)
        for method in Method
    )
    able = [one for one in judged if one.method is not Method.NOTHING]
    low = max(float(one.investment[0]) for one in able)
    high = min(float(one.investment[-1]) for one in able)
    money = np.linspace(low, max(low, high), 101)
    fills = [float(np.interp(money, one.investment, one.fill).mean()) for one in able]
    best = int(np.argmax(fills))
    why = Trace(
        Formula.METHOD,
        {"series": len(history), "fitted": fitted, "played": history.shape[1] - fitted},
        {"method": able[best].method.value, "fill": fills[best]},
        {
            "from_money": low,
            "to_money": max(low, high),
            "next_best": sorted(fills)[-2],
            "mean_error": able[best].mean_error,
            "pinball": able[best].pinball,
        },
    )
    return Choice(able[best].method, fills[best], judged, why)


def _judge(
    method: Method, history: Floats, *, fitted: int, lead: Counts, price: Floats, alpha: float
) -> Judgement:
    seen, came = history[:, :fitted], history[:, fitted:]
    known = ~np.isnan(seen)
    count = np.maximum(known.sum(axis=1), 1)
    mean = np.where(known, seen, 0.0).sum(axis=1) / count
    squares = np.where(known, (np.where(known, seen, 0.0) - mean[:, None]) ** 2, 0.0).sum(axis=1)
    variance = squares / np.maximum(count - 1, 1)
    rate = rate_by(method, seen, alpha=alpha)
    stocks = [_stock(rate * lead, variance * lead, level) for level in TARGETS]
    upper = _stock(rate, variance, PINBALL_LEVEL)
    return Judgement(
        method,
        investment=np.array([float(stock @ price) for stock in stocks]),
        fill=np.array([served(history, first=fitted, stock=stock, lead=lead) for stock in stocks]),
        mean_error=mean_error(came, np.repeat(rate[:, None], came.shape[1], axis=1)),
        pinball=pinball(came, np.repeat(upper[:, None], came.shape[1], axis=1), level=PINBALL_LEVEL),
        absolute_error=absolute_error(came, np.repeat(rate[:, None], came.shape[1], axis=1)),
    )


def _stock(mean: Floats, variance: Floats, level: float) -> Counts:
    found = base_stocks(mean, variance, cycle_service_level=np.full(len(mean), level))
    return np.where(mean > 0, found, 0)


def served(history: ArrayLike, *, first: int, stock: ArrayLike, lead: ArrayLike) -> float:
    """Share of units served from the shelf from period `first` on, with base stocks that never change.

    What is handed out in a period is there again `lead` periods later, so a period finds the stock less what was asked
    for in the ``lead - 1`` before it; what is short waits.

    Args:
        history: demand, shape (series, periods); unknown periods ask for nothing and are not counted.
        first: first period that counts.
        stock: base stock of each series.
        lead: lead time of each series in whole periods, at least 1.

    Raises:
        Refusal: ``replenish.no_demand``.

    >>> served([[0, 1, 1, 2]], first=1, stock=[1], lead=[2])
    0.25
    """
    asked = np.nan_to_num(table(history))
    before = np.concatenate((np.zeros((len(asked), 1)), np.cumsum(asked, axis=1)), axis=1)
    held = np.asarray(stock, dtype=np.float64)
    wait = np.asarray(lead, dtype=np.int64)
    given = 0.0
    for period in range(first, asked.shape[1]):
        since = np.maximum(0, period - wait + 1)
        out = before[:, period] - np.take_along_axis(before, since[:, None], axis=1)[:, 0]
        given += float(np.minimum(asked[:, period], np.maximum(0.0, held - out)).sum())
    total = float(asked[:, first:].sum())
    if total <= 0:
        raise Refusal("replenish.no_demand")
    return given / total
