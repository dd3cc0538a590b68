"""Student's t distribution: the quantile every interval here is made of, in plain Python.

Source: Press et al., Numerical Recipes (3rd ed. 2007), 6.4 (incomplete beta function by Lentz's continued fraction)
and 6.14.3; checked against the printed table (tests).
"""

from __future__ import annotations

from functools import cache
from math import exp, inf, isinf, lgamma, log, log1p

_LEAST = 1e-300
_CLOSE = 3e-16
_MOST_TERMS = 500


def beta_share(a: float, b: float, x: float, /) -> float:
    """Give the regularised incomplete beta function I_x(a, b), 0 to 1.

    Args:
        a: above 0.
        b: above 0.
        x: from 0 to 1.

    >>> round(beta_share(2.0, 3.0, 0.5), 10)  # 1 - 5/16
    0.6875
    """
    if x <= 0:
        return 0.0
    if x >= 1:
        return 1.0
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
    if x < (a + 1) / (a + b + 2):
        return front * _fraction(a, b, x) / a
    return 1.0 - front * _fraction(b, a, 1 - x) / b


def _fraction(a: float, b: float, x: float) -> float:
    """Lentz's continued fraction of the incomplete beta function."""
    c, d = 1.0, 1.0 - (a + b) * x / (a + 1)
    d = 1.0 / (d if abs(d) > _LEAST else _LEAST)
    total = d
    for m in range(1, _MOST_TERMS):
        for step in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1.0 + step * d
            d = 1.0 / (d if abs(d) > _LEAST else _LEAST)
            c = 1.0 + step / c
            c = c if abs(c) > _LEAST else _LEAST
            total *= c * d
        if abs(c * d - 1.0) < _CLOSE:
            break
    return total


def t_share(t: float, degrees: float, /) -> float:
    """Give the share of Student's t with `degrees` of freedom that lies at or below `t`.

    >>> round(t_share(2.228, 10), 3)
    0.975
    """
    if isinf(t):
        return 1.0 if t > 0 else 0.0
    tail = beta_share(degrees / 2, 0.5, degrees / (degrees + t * t)) / 2
    return 1.0 - tail if t > 0 else tail


@cache
def t_quantile(share: float, degrees: int, /) -> float:
    """Give the value below which `share` of Student's t lies.

    Args:
        share: above 0, below 1.
        degrees: of freedom, at least 1.

    >>> [round(t_quantile(0.975, n), 3) for n in (1, 4, 10, 19, 120)]
    [12.706, 2.776, 2.228, 2.093, 1.98]
    """
    assert 0 < share < 1
    assert degrees >= 1
    if share < 0.5:
        return -t_quantile(1 - share, degrees)
    low, high = 0.0, 1.0
    while t_share(high, degrees) < share:
        low, high = high, high * 2
        if high == inf:
            return high
    while high - low > 1e-12 * max(1.0, high):
        middle = (low + high) / 2
        if middle in {low, high}:
            break
        if t_share(middle, degrees) < share:
            low = middle
        else:
            high = middle
    return (low + high) / 2
