"""Rates from intermittent history, vectorised over series.

Every function takes demand of shape (series, periods), units a period, NaN where nothing is known (a missing
period is not a period without demand). The smoothing methods give rates of the same shape: entry ``[i, t]`` is the
rate a period of series `i` as known after period `t`, the forecast for every period to come; 0 before the first demand.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kernel.errors import Refusal


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
    history = table(demand)
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
    history = table(demand)
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


class Method(StrEnum):
    """A way to a demand rate; `NOTHING` is judged beside the others and cannot be chosen."""

    CROSTON = "croston"
    SBA = "sba"
    TSB = "tsb"
    MEAN = "mean"
    NOTHING = "nothing"


def rate_by(method: Method, demand: ArrayLike, /, *, alpha: float = 0.1) -> NDArray[np.float64]:
    """The rate of every series after its last period, by one method.

    Args:
        method: which; `MEAN` is the mean of the known periods, `NOTHING` is 0.
        demand: shape (series, periods), see the module.
        alpha: smoothing weight.

    Returns:
        Units a period, shape (series,).

    >>> rate_by(Method.MEAN, [[0, 0, 0, 3], [np.nan, np.nan, 1, 2]]).tolist()
    [0.75, 1.5]
    """
    history = table(demand)
    if method is Method.NOTHING or not history.shape[1]:
        return np.zeros(len(history))
    if method is Method.MEAN:
        known = ~np.isnan(history)
        return np.asarray(np.nansum(history, axis=1) / np.maximum(known.sum(axis=1), 1), dtype=np.float64)
    smoothed = {Method.CROSTON: croston, Method.SBA: sba, Method.TSB: tsb}
    return smoothed[method](history, alpha=alpha)[:, -1]


def table(demand: ArrayLike) -> NDArray[np.float64]:
    """Demand as an array of numbers.

    Raises:
        Refusal: ``stock.demand_shape``.
    """
    history = np.asarray(demand, dtype=np.float64)
    if history.ndim != 2:
        raise Refusal("stock.demand_shape", dimensions=history.ndim)
    return history


def seasonal_naive(demand: ArrayLike, /, *, ahead: int, season: int = 12) -> NDArray[np.float64]:
    """Forecast each of the next `ahead` periods by what was asked for one season before; NaN where that is unknown.

    Returns:
        Shape (series, ahead).

    Raises:
        Refusal: ``stock.demand_shape``, ``replenish.season_too_long``.

    >>> seasonal_naive([[1, 2, 3, 4]], ahead=3, season=2).tolist()
    [[3.0, 4.0, 3.0]]
    """
    history = table(demand)
    if not 0 < season <= history.shape[1]:
        raise Refusal("replenish.season_too_long", season=season, periods=history.shape[1])
    return history[:, history.shape[1] - season + np.arange(ahead) % season]


class DemandClass(StrEnum):
    """How demand comes: often or seldom, in even or uneven quantities."""

    SMOOTH = "smooth"
    ERRATIC = "erratic"
    INTERMITTENT = "intermittent"
    LUMPY = "lumpy"


SELDOM = 1.32
"""Periods between two with demand from which it counts as seldom."""

UNEVEN = 0.49
"""Squared coefficient of variation of the quantities from which they count as uneven."""


def demand_classes(demand: ArrayLike, /) -> tuple[DemandClass | None, ...]:
    """Class of every series; None: nothing was ever asked for.

    Interval: known periods over periods with demand. Variation: sample variance of the quantities where there was
    demand over their mean squared, 0 for a single one.

    Source: Syntetos, Boylan and Croston (2005), Journal of the Operational Research Society 56(5), 495-503.

    >>> demand_classes([[1, 1, 1, 2], [0, 0, 0, 3], [0, 0, 1, 9], [0, 0, 0, 0]])
    (<DemandClass.SMOOTH: 'smooth'>, <DemandClass.INTERMITTENT: 'intermittent'>, <DemandClass.LUMPY: 'lumpy'>, None)
    """
    history = table(demand)
    hit = history > 0
    times = hit.sum(axis=1)
    interval = (~np.isnan(history)).sum(axis=1) / np.maximum(times, 1)
    mean = np.where(hit, history, 0.0).sum(axis=1) / np.maximum(times, 1)
    squares = (np.where(hit, history - mean[:, None], 0.0) ** 2).sum(axis=1)
    variation = squares / np.maximum(times - 1, 1) / np.where(times > 0, mean, 1.0) ** 2
    even = (DemandClass.SMOOTH, DemandClass.INTERMITTENT)
    uneven = (DemandClass.ERRATIC, DemandClass.LUMPY)
    return tuple(
        (uneven if wild else even)[int(seldom)] if asked else None
        for asked, seldom, wild in zip(
            times.tolist(), (interval >= SELDOM).tolist(), (variation >= UNEVEN).tolist(), strict=True
        )
    )
