"""How fast the road goes by time of day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast the road goes from `from_s` until the next pace begins: per mille of the matrix's speed."""

    from_s: int
    per_mille: int


def arrival(pace: Sequence[Pace], leave_s: int, travel_s: int) -> int:
    """The tick at which a way of `travel_s` at full speed ends when it begins at `leave_s`.

    The least tick by which the road's pace since `leave_s`, ticks times per mille, sums up to ``1000 * travel_s``
    (the speed model of Ichoua, Gendreau and Potvin 2003): who leaves later never arrives sooner.

    >>> arrival((Pace(0, 500), Pace(100, 1000)), 40, 60)
    130
    """
    if not pace:
        return leave_s + travel_s
    left, here = 1000 * travel_s, leave_s
    for now, then in zip(pace, (*pace[1:], None), strict=True):
        if then is not None and then.from_s <= here:
            continue
        needs_s = -(-left // now.per_mille)
        if then is None or here + needs_s <= then.from_s:
            return here + needs_s
        left -= (then.from_s - here) * now.per_mille
        here = then.from_s
    raise AssertionError("the last pace has no end")


def departure(pace: Sequence[Pace], arrive_s: int, travel_s: int) -> int:
    """The last tick at which a way of `travel_s` at full speed may begin to end by `arrive_s`.

    >>> departure((Pace(0, 500), Pace(100, 1000)), 130, 60)
    40
    """
    if not pace:
        return arrive_s - travel_s
    slowest = min(one.per_mille for one in pace)
    needs_s = -(-1000 * travel_s // slowest)
    low, high = arrive_s - needs_s, arrive_s
    while low < high:
        middle = (low + high + 1) // 2
        if arrival(pace, middle, travel_s) <= arrive_s:
            low = middle
        else:
            high = middle - 1
    return low
