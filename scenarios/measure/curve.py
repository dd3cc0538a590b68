"""Reading a row of scenarios as a curve: where more stops paying (the knee), and what nobody beats (the front).

Source of the knee: Satopaa, Albrecht, Irwin and Raghavan, "Finding a 'kneedle' in a haystack", ICDCS Workshops 2011,
166-171: the point farthest above the chord of the normalised curve.
"""

from __future__ import annotations

from collections.abc import Sequence


def knee(points: Sequence[tuple[float, float]], /) -> int | None:
    """Give the index of the point after which a rising curve flattens most; None: fewer than three, or it does not bend.

    >>> knee([(1, 0.10), (2, 0.60), (3, 0.90), (4, 0.95), (5, 0.97)])
    2
    >>> knee([(1, 1.0), (2, 2.0), (3, 3.0)]) is None
    True
    """
    if len(points) < 3:
        return None
    (x_first, y_first), (x_last, y_last) = points[0], points[-1]
    wide, high = x_last - x_first, y_last - y_first
    if wide <= 0 or high <= 0:
        return None
    above = [(y - y_first) / high - (x - x_first) / wide for x, y in points]
    best = max(range(len(above)), key=lambda at: (above[at], -at))
    return best if above[best] > 1e-9 else None


def front(points: Sequence[tuple[float, float]], /) -> tuple[int, ...]:
    """Give the indices of (cost, share) pairs no other beats in both, by rising cost; equals are both given.

    >>> front([(10, 0.8), (12, 0.7), (14, 0.9)])
    (0, 2)
    """
    return tuple(
        at
        for at in sorted(range(len(points)), key=lambda one: (points[one][0], -points[one][1], one))
        if not any(
            cost <= points[at][0] and share >= points[at][1] and (cost, share) != points[at]
            for cost, share in points
        )
    )
