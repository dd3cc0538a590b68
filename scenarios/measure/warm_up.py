"""How much of a run's beginning still tells of the empty start: MSER-5.

Source: White, "An effective truncation heuristic for bias reduction in simulation output", Simulation 69 (1997)
323-334; White, Cobb and Spratt, Winter Simulation Conference 2000, 755-760 (batches of five).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

BATCH = 5


def mser(values: Sequence[float] | np.ndarray, /, *, batch: int = BATCH) -> int | None:
    """Give the number of leading values to leave out: what remains has the least squared standard error of its mean.

    Args:
        values: one figure after another in time.
        batch: values averaged before judging; a last incomplete batch is not judged.

    Returns:
        A multiple of `batch`; None: the best cut lies beyond the first half, so the run is too short to say.

    >>> mser([9, 9, 9, 9, 9, *[1, 2, 1, 2, 1] * 10])
    5
    """
    whole = len(values) // batch
    if whole < 2:
        return None
    means = np.asarray(values[: whole * batch], dtype=float).reshape(whole, batch).mean(axis=1)
    left = np.arange(whole, 0, -1)
    # Sums over means[d:] for every cut d, around the whole mean, where squares lose fewest digits.
    centred = means - means.mean()
    sums = np.cumsum(centred[::-1])[::-1]
    squares = np.cumsum((centred * centred)[::-1])[::-1]
    judged = np.maximum(squares - sums * sums / left, 0.0) / (left * left)
    judged = judged[: whole - 1]  # one batch alone has no spread: it always looks best
    cut = int(np.argmin(judged))
    return None if cut > whole // 2 else cut * batch
