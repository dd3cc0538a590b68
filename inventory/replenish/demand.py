"""How much of a part goes out: rates from intermittent history, vectorised over series.

Every function takes demand of shape (series, periods), units a period, NaN where nothing is known (a missing
period is not a period without demand), and gives rates of the same shape: entry ``[i, t]`` is the rate a period
of series `i` as known after period `t`, the forecast for every period to come; 0 before the first demand.

Methods are not chosen by absolute error: on intermittent demand forecasting nothing at all wins that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inventory.stock.position import PartPlace
from kernel.errors import Refusal

DAYS_A_MONTH = 365.25 / 12
"""Mean length of a calendar month in days."""

_MONTH = re.compile(r"((?:19|20|21)\d{2})-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class DemandMonth:
    """Units of `part` asked for at `place` in one calendar month (``2026-03``).

    Raises:
        Refusal: ``stock.not_a_month``, ``stock.negative_demand``.
    """

    part: str
    place: str
    month: str
    quantity: int

    def __post_init__(self) -> None:
        if not _MONTH.fullmatch(self.month):
            raise Refusal("stock.not_a_month", value=self.month[:40])
        if self.quantity < 0:
            raise Refusal("stock.negative_demand", part=self.part, value=self.quantity)


@dataclass(frozen=True, slots=True)
class DemandRate:
    """How a part is asked for at a place.

    Args:
        per_month: units a month, as forecast.
        variance: of the monthly quantity, in units squared.
        months: length of the history it was read from.
    """

    per_month: float
    variance: float
    months: int

    @property
    def per_day(self) -> float:
        """Units a day."""
        return self.per_month / DAYS_A_MONTH

    @property
    def variance_per_day(self) -> float:
        """Variance of a day's quantity, days being independent."""
        return self.variance / DAYS_A_MONTH


NO_DEMAND = DemandRate(per_month=0.0, variance=0.0, months=0)
"""Nothing is known to have been asked for."""


def croston(demand: ArrayLike, /, *, alpha: float = 0.1) -> NDArray[np.float64]:
    """Croston's rate: smoothed size over smoothed interval, both moved only when there is demand.

    ``z += α (y - z)``, ``p += α (q - p)``, rate ``z / p``; the first demand sets both, its interval counted
    from the start of the series.

    Source: Croston (1972), Operational Research Quarterly 23(3), 289-303.

    Args:
        demand: shape (series, periods), see the module.
        alpha: smoothing weight of size and interval, 0 to 1.

    Returns:
        Rates, units a period, of the same shape.

    Example: demand 3 in period 4 and 2 in period 7:

    >>> croston([[0, 0, 0, 3, 0, 0, 2]])[0].round(4).tolist()
    [0.0, 0.0, 0.0, 0.75, 0.75, 0.75, 0.7436]
    """
    history = _table(demand)
    size = np.zeros(len(history))
    interval = np.zeros(len(history))
    waited = np.zeros(len(history))
    rates = np.zeros_like(history)
    for period in range(history.shape[1]):
        now = history[:, period]
        waited += ~np.isnan(now)
        hit = now > 0
        first = hit & (interval == 0)
        size = np.where(first, now, np.where(hit, size + alpha * (now - size), size))
        interval = np.where(first, waited, np.where(hit, interval + alpha * (waited - interval), interval))
        waited = np.where(hit, 0.0, waited)
        np.divide(size, interval, out=rates[:, period], where=interval > 0)
    return rates


def sba(demand: ArrayLike, /, *, alpha: float = 0.1) -> NDArray[np.float64]:
    """Croston's rate times ``1 - α/2``, which takes out most of its upward bias.

    Source: Syntetos and Boylan (2005), International Journal of Forecasting 21(2), 303-314.

    >>> float(sba([[0, 0, 0, 3]])[0, -1])
    0.7124999999999999
    """
    return (1 - alpha / 2) * croston(demand, alpha=alpha)


def tsb(demand: ArrayLike, /, *, alpha: float = 0.1, beta: float = 0.1) -> NDArray[np.float64]:
    """Smoothed size times smoothed chance of demand; the chance decays while nothing is asked for.

    ``b += β (d - b)`` every period (d: 1 with demand, else 0), ``z += α (y - z)`` with demand, rate ``b z``.
    The first demand sets the size, and the chance to one over its interval from the start.

    Source: Teunter, Syntetos and Babai (2011), European Journal of Operational Research 214(3), 606-615.

    >>> tsb([[0, 2, 0, 0]], beta=0.5)[0].tolist()
    [0.0, 1.0, 0.5, 0.25]
    """
    history = _table(demand)
    size = np.zeros(len(history))
    chance = np.zeros(len(history))
    waited = np.zeros(len(history))
    rates = np.zeros_like(history)
    for period in range(history.shape[1]):
        now = history[:, period]
        known = ~np.isnan(now)
        waited += known
        hit = now > 0
        first = hit & (chance == 0)
        moved = np.where(known & (chance > 0), chance + beta * (hit - chance), chance)
        chance = np.where(first, 1 / np.maximum(waited, 1), moved)
        size = np.where(first, now, np.where(hit, size + alpha * (now - size), size))
        rates[:, period] = size * chance
    return rates


def _table(demand: ArrayLike) -> NDArray[np.float64]:
    history = np.asarray(demand, dtype=np.float64)
    if history.ndim != 2:
        raise Refusal("stock.demand_shape", dimensions=history.ndim)
    return history


def monthly(
    rows: Iterable[DemandMonth], *, now: datetime
) -> tuple[tuple[PartPlace, ...], NDArray[np.float64]]:
    """Lay history out month by month, up to the last month that was whole by `now`.

    A month without a row is a month in which nothing was asked for: this history is read from our own issues,
    which are complete from its first month on.

    Returns:
        The part-places in order, and their demand of shape (part-places, months).
    """
    last = now.year * 12 + now.month - 1
    dated = [(int(row.month[:4]) * 12 + int(row.month[5:]) - 1, row) for row in rows]
    dated = [(month, row) for month, row in dated if month < last]
    keys = tuple(sorted({(row.part, row.place) for _, row in dated}))
    if not dated:
        return keys, np.zeros((0, 0))
    first = min(month for month, _ in dated)
    index = {key: i for i, key in enumerate(keys)}
    history = np.zeros((len(keys), last - first))
    for month, row in dated:
        history[index[row.part, row.place], month - first] += row.quantity
    return keys, history


def rates(rows: Iterable[DemandMonth], *, now: datetime, alpha: float = 0.1) -> dict[PartPlace, DemandRate]:
    """Demand rate of every part-place with history: SBA for the mean, sample variance of the months.

    Args:
        rows: the history.
        now: the month it falls in is not whole yet and does not count.
        alpha: smoothing weight of `sba`.
    """
    keys, history = monthly(rows, now=now)
    if not keys:
        return {}
    mean = sba(history, alpha=alpha)[:, -1]
    months = history.shape[1]
    variance = history.var(axis=1, ddof=1) if months > 1 else np.zeros(len(keys))
    return {
        key: DemandRate(per_month=float(mean[i]), variance=float(variance[i]), months=months)
        for i, key in enumerate(keys)
    }
