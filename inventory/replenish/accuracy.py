"""How far forecasts are off. Three figures to judge by, and one that must not choose.

On intermittent demand the smallest absolute error belongs to whoever forecasts nothing at all. So methods are chosen
by `method.choose`, by what the stock they lead to serves; absolute errors are told beside it, never used.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inventory.replenish.forecast import table
from kernel.errors import Refusal

Floats = NDArray[np.float64]


def mase(history: ArrayLike, actual: ArrayLike, forecast: ArrayLike, /, *, season: int = 12) -> Floats:
    """Mean absolute error in units of the seasonal naive error of the history, series by series.

    Missing is not zero: a period nobody knows enters neither error. NaN where the history has no seasonal error, or
    none that is not zero.

    Source: Hyndman and Koehler (2006), International Journal of Forecasting 22(4), 679-688.

    Args:
        history: shape (series, periods).
        actual: what came, shape (series, ahead).
        forecast: shape (series, ahead).
        season: periods in a season.

    Returns:
        Shape (series,).

    >>> mase([[1, 2, 3, 4]], [[3, 9]], [[3, 4]], season=2).tolist()
    [1.25]
    """
    known = table(history)
    scale = _mean_known(np.abs(known[:, season:] - known[:, :-season]))
    error = _mean_known(np.abs(_same(actual, forecast)))
    found = np.full(len(known), np.nan)
    np.divide(error, scale, out=found, where=scale > 0)
    return found


def mean_error(actual: ArrayLike, forecast: ArrayLike, /) -> float:
    """Forecast less actual, over everything known, as a share of what was asked for: above zero is too much.

    Raises:
        Refusal: ``replenish.no_demand`` where nothing was asked for.

    >>> mean_error([[2, 0, 2]], [[2, 2, 2]])
    0.5
    """
    wrong = _same(actual, forecast)
    asked = float(np.nansum(np.asarray(actual, dtype=np.float64)))
    if asked <= 0:
        raise Refusal("replenish.no_demand")
    return float(-np.nansum(wrong)) / asked


def absolute_error(actual: ArrayLike, forecast: ArrayLike, /) -> float:
    """Mean absolute error over everything known, units. To be told, not to choose by; see the module."""
    return float(np.nanmean(np.abs(_same(actual, forecast))))


def pinball(actual: ArrayLike, quantile: ArrayLike, /, *, level: float) -> float:
    """How well `quantile` is passed by `actual` in a share ``1 - level`` of the periods: units, the less the better.

    A unit short counts `level`, a unit too many ``1 - level``.

    Source: Koenker and Bassett (1978), Econometrica 46(1), 33-50.

    >>> round(pinball([[0, 4]], [[2, 2]], level=0.9), 6)
    1.0
    """
    if not 0 < level < 1:
        raise Refusal("replenish.fraction_out_of_range", value=level)
    over = _same(actual, quantile)
    return float(np.nanmean(np.maximum(level * over, (level - 1) * over)))


def _same(actual: ArrayLike, forecast: ArrayLike) -> Floats:
    came, told = table(actual), table(forecast)
    if came.shape != told.shape:
        raise Refusal("replenish.forecast_shape", actual=str(came.shape), forecast=str(told.shape))
    return came - told


def _mean_known(values: Floats) -> Floats:
    known = ~np.isnan(values)
    count = known.sum(axis=1)
    total = np.where(known, values, 0.0).sum(axis=1)
    found = np.full(len(values), np.nan)
    np.divide(total, count, out=found, where=count > 0)
    return found
