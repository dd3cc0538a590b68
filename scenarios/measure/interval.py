"""How sure a figure is: t intervals over replications, paired differences, and what 100 % of few cases proves.

Replications are independent, so their spread says how far the mean of a few lies from the mean of all. Two
scenarios are compared replication by replication, under the same random numbers: what both have in common cancels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import isfinite, nan, sqrt

import numpy as np

from scenarios.measure.student import t_quantile

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean over replications and the interval the true mean lies in.

    Args:
        mean: over the replications that have the figure; nan: none has it.
        half: half the width; nan: fewer than two have it, so nothing says how far off the mean is.
        n: replications that have the figure.
        confidence: share of such intervals that hold the true mean.
    """

    mean: float
    half: float
    n: int
    confidence: float = CONFIDENCE

    @property
    def low(self) -> float:
        """Lower end."""
        return self.mean - self.half

    @property
    def high(self) -> float:
        """Upper end."""
        return self.mean + self.half


class Verdict(StrEnum):
    """What a difference shows, in the confidence asked for."""

    MORE = "more"
    LESS = "less"
    NOT_DETECTED = "not_detected"
    """The interval holds zero: no difference was seen, which does not say there is none."""
    EQUAL = "equal"
    """Every replication gave the very same figure."""
    UNKNOWN = "unknown"
    """Fewer than two replications have the figure in both."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What a scenario changes against another, replication by replication."""

    by: Interval
    verdict: Verdict


def interval(values: Sequence[float] | np.ndarray, /, *, confidence: float = CONFIDENCE) -> Interval:
    """Give the t interval of the mean of independent values; nan among them means: this one has no such figure.

    Source: Law, Simulation Modeling and Analysis (5th ed. 2015), (4.12); its example 4.26 is the doctest.

    >>> found = interval([1.20, 1.50, 1.68, 1.89, 0.95, 1.49, 1.58, 1.55, 0.50, 1.09], confidence=0.90)
    >>> round(found.mean, 2), round(found.half, 2)
    (1.34, 0.24)
    """
    known = np.asarray(values, dtype=float)
    known = known[np.isfinite(known)]
    n = len(known)
    if n == 0:
        return Interval(nan, nan, 0, confidence)
    mean = float(known.mean())
    if n == 1:
        return Interval(mean, nan, 1, confidence)
    if np.all(known == known[0]):  # no rounding left over where nothing differs
        return Interval(float(known[0]), 0.0, n, confidence)
    spread = float(known.std(ddof=1))
    return Interval(mean, t_quantile((1 + confidence) / 2, n - 1) * spread / sqrt(n), n, confidence)


def difference(
    scenario: Sequence[float] | np.ndarray,
    base: Sequence[float] | np.ndarray,
    /,
    *,
    confidence: float = CONFIDENCE,
) -> Difference:
    """Compare two scenarios of the same replications in the same order; the interval is that of scenario - base.

    A replication where either lacks the figure is left out of both. Source: Law (2015), 10.2.1, paired-t.
    """
    pairs = np.asarray(scenario, dtype=float) - np.asarray(base, dtype=float)
    by = interval(pairs, confidence=confidence)
    if by.n < 2:
        return Difference(by, Verdict.UNKNOWN)
    if by.half == 0.0 and by.mean == 0.0:
        return Difference(by, Verdict.EQUAL)
    if by.low > 0:
        return Difference(by, Verdict.MORE)
    return Difference(by, Verdict.LESS if by.high < 0 else Verdict.NOT_DETECTED)


def worst_share(n: int, /, *, confidence: float = CONFIDENCE) -> float:
    """Give the least true share that `n` successes out of `n` leave possible: 100 % of few cases proves little.

    The failures may be as frequent as 1 - (1 - confidence)^(1/n), about 3/n at 95 %. Source: Hanley and Lippman-Hand,
    "If nothing goes wrong, is everything all right?", JAMA 249 (1983) 1743-1745.

    Args:
        n: cases, none of which failed; 0: nothing is known.
        confidence: how sure.

    >>> [round(worst_share(n), 4) for n in (0, 14, 100, 300)]
    [0.0, 0.8074, 0.9705, 0.9901]
    """
    return (1 - confidence) ** (1 / n) if n > 0 else 0.0


def finite(value: float, /) -> float | None:
    """The value, None where there is none: what JSON and CSV can hold."""
    return value if isfinite(value) else None
