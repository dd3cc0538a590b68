"""What a van should carry: the chance that every part of the next job is on board, for the money.

Parts are needed independently of each other; one missing part breaks the job. So the logarithm of the chance is a
sum over parts, each further unit of a part adds less, and the best kit is a knapsack.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from inventory.replenish.lead_time_demand import chances, reach
from inventory.replenish.trace import Formula, Trace
from kernel.errors import Refusal


@dataclass(frozen=True, slots=True)
class KitPart:
    """A part a van may carry.

    Args:
        part: part id.
        cost: what carrying one unit costs, in any one unit for all parts (money a year, or litres of space).
        needed: chance that 0, 1, ... units are needed between two refills; adds up to 1.

    Raises:
        Refusal: ``replenish.kit_part``.
    """

    part: str
    cost: float
    needed: tuple[float, ...]

    def __post_init__(self) -> None:
        whole = self.needed and min(self.needed) >= 0 and abs(sum(self.needed) - 1) < 1e-6
        if not whole or self.needed[0] <= 0 or self.cost < 0 or not math.isfinite(self.cost):
            raise Refusal("replenish.kit_part", part=self.part)


@dataclass(frozen=True, slots=True)
class Kit:
    """What to carry.

    Args:
        units: units by part id; parts left at home are absent.
        cost: of all units.
        chance: that every part needed is on board.
        why: the calculation; its bound is the chance no kit of this budget can pass.
    """

    units: dict[str, int]
    cost: float
    chance: float
    why: Trace


@dataclass(frozen=True, slots=True)
class _Unit:
    """More units of a part, usually one: what they cost and by how much they lift the logarithm of the chance."""

    row: int
    number: int
    cost: float
    gain: float


@dataclass(frozen=True, slots=True)
class _Choice:
    """So many units of a part: what they cost and by how much they lift the logarithm of the chance, above a first number."""

    row: int
    count: int
    cost: float
    gain: float


CORE = 14
"""Steps around the last that fits which are decided together, with every number of units between them; with no more steps
than these the kit is the best there is."""

MOST_KITS = 20_000
"""Undominated kits looked at side by side; more are refused."""

_SAME = 1e-12


def kit(parts: Sequence[KitPart], *, budget: float) -> Kit:
    """The kit with a chance as high as any found for this budget: greedy by gain for cost, then a small knapsack at the edge.

    The units near the last one that fits are chosen anew, all combinations that nothing dominates, one of a pair too. With
    more than `CORE` steps what lies further from the edge stays as the greedy choice has it, so a better kit may exist: the
    greedy value with a fraction of the next step bounds every kit and is told. `frontier` is exact.

    Source: Mamer and Smith (1982), Management Science 28(11), 1328-1333; Teunter (2006), European Journal of
    Operational Research 175(1), 1-15; Pisinger (1995), European Journal of Operational Research 87(1), 175-187.

    Raises:
        Refusal: ``replenish.kit_part``, ``replenish.budget_negative``.
    """
    if budget < 0:
        raise Refusal("replenish.budget_negative", money=budget)
    units = sorted(_steps(parts), key=lambda unit: -_rate(unit))
    fits = 0
    left = budget
    while fits < len(units) and units[fits].cost <= left + _SAME:
        left -= units[fits].cost
        fits += 1
    at_best = _log_empty(parts) + sum(unit.gain for unit in units[:fits])
    if fits < len(units):
        at_best += units[fits].gain * left / units[fits].cost
    first = max(0, min(fits - CORE // 2, len(units) - CORE))
    counts = [0] * len(parts)
    for unit in units[:first]:
        counts[unit.row] += unit.number
    most = dict[int, int]()
    for unit in units[first : first + CORE]:
        most[unit.row] = most.get(unit.row, counts[unit.row]) + unit.number
    room = budget - sum(part.cost * count for part, count in zip(parts, counts, strict=True))
    found = _undominated([_choices(parts[row], row, counts[row], high) for row, high in most.items()])
    best = max((one for one in found if one[0] <= room + _SAME), key=lambda one: one[1])
    return _kit(parts, _counted(counts, best[2]), budget=budget, at_best=min(1.0, math.exp(at_best)))


def frontier(parts: Sequence[KitPart]) -> tuple[Kit, ...]:
    """Every kit that no other beats in both cost and chance, cheapest first; exact, for parts needed in pairs too.

    Source: Nemhauser and Ullmann (1969), Management Science 15(9), 494-505.

    Raises:
        Refusal: ``replenish.kit_part``, ``replenish.kit_too_many`` beyond `MOST_KITS`.

    >>> parts = [KitPart(str(i), c, (1 - p, p)) for i, (c, p) in enumerate([(4, 0.3), (1, 0.2), (2, 0.1), (6, 0.05)])]
    >>> [(int(one.cost), round(one.chance, 4)) for one in frontier(parts)]
    [(0, 0.4788), (1, 0.5985), (3, 0.665), (4, 0.684), (5, 0.855), (7, 0.95), (13, 1.0)]
    """
    none = [0] * len(parts)
    every = [_choices(part, row, 0, len(part.needed) - 1) for row, part in enumerate(parts)]
    return tuple(
        _kit(parts, _counted(none, found[2]), budget=found[0], at_best=None) for found in _undominated(every)
    )


def poisson_need(mean: float, /) -> tuple[float, ...]:
    """Chances of needing 0, 1, ... units when `mean` are needed on average between refills, up to one in a million.

    >>> [round(chance, 4) for chance in poisson_need(0.1)][:3]
    [0.9048, 0.0905, 0.0045]
    """
    if mean < 0:
        raise Refusal("replenish.negative_load", value=mean)
    chance = chances(mean, mean, highest=int(reach(mean, mean)))
    enough = int(np.argmax(np.cumsum(chance) > 1 - 1e-6))
    last = 1 - float(chance[:enough].sum())
    return (*(float(share) for share in chance[:enough]), last)


def _steps(parts: Sequence[KitPart]) -> list[_Unit]:
    """Every unit worth carrying; units of a part are joined where the later adds more (parts needed in pairs)."""
    found = []
    for row, part in enumerate(parts):
        logs = _logs(part)
        corners = [0]
        for units in range(1, len(logs)):
            if logs[units] <= logs[corners[-1]]:
                continue
            while len(corners) > 1 and _slope(logs, corners[-2], corners[-1]) <= _slope(
                logs, corners[-1], units
            ):
                corners.pop()
            corners.append(units)
        found += [
            _Unit(row, high - low, part.cost * (high - low), logs[high] - logs[low])
            for low, high in pairwise(corners)
        ]
    return found


def _logs(part: KitPart) -> list[float]:
    """Logarithm of the chance that 0, 1, ... units are enough."""
    found: list[float] = np.log(np.minimum(np.cumsum(part.needed), 1.0)).tolist()
    return found


def _choices(part: KitPart, row: int, low: int, high: int) -> list[_Choice]:
    """Every number of units above `low` up to `high`."""
    logs = _logs(part)
    return [
        _Choice(row, count, part.cost * (count - low), logs[count] - logs[low])
        for count in range(low + 1, high + 1)
    ]


def _slope(logs: list[float], low: int, high: int) -> float:
    return (logs[high] - logs[low]) / (high - low)


def _rate(unit: _Unit) -> float:
    return unit.gain / unit.cost if unit.cost > 0 else math.inf


Found = tuple[float, float, object]
"""Cost, gain and what was chosen, as a chain ``(choice, the rest)`` that ends in None."""


def _undominated(classes: Sequence[Sequence[_Choice]]) -> list[Found]:
    """Kits of at most one choice of each class that no other beats in both cost and gain, cheapest first."""
    found: list[Found] = [(0.0, 0.0, None)]
    for choices in classes:
        more = [
            (cost + one.cost, gain + one.gain, (one, chain)) for cost, gain, chain in found for one in choices
        ]
        merged = sorted((*found, *more), key=lambda one: (one[0], -one[1]))
        found = []
        for one in merged:
            if not found or one[1] > found[-1][1] + _SAME:
                found.append(one)
        if len(found) > MOST_KITS:
            raise Refusal("replenish.kit_too_many", highest=MOST_KITS)
    return found


def _counted(first: Sequence[int], chain: object) -> list[int]:
    """Units of every part: as at first, or as chosen."""
    counts = list(first)
    while isinstance(chain, tuple):
        one, chain = chain
        counts[one.row] = one.count
    return counts


def _log_empty(parts: Sequence[KitPart]) -> float:
    return sum(math.log(part.needed[0]) for part in parts)


def _kit(parts: Sequence[KitPart], count: Sequence[int], *, budget: float, at_best: float | None) -> Kit:
    units = {part.part: number for part, number in zip(parts, count, strict=True) if number}
    cost = math.fsum(part.cost * number for part, number in zip(parts, count, strict=True))
    chance = math.prod(
        min(1.0, math.fsum(part.needed[: number + 1])) for part, number in zip(parts, count, strict=True)
    )
    why = Trace(
        Formula.KIT,
        {"parts": len(parts), "budget": budget, "empty": math.exp(_log_empty(parts))},
        {"units": sum(units.values()), "cost": cost, "chance": chance},
        {"at_best": chance if at_best is None else at_best},
    )
    return Kit(units, cost, chance, why)
