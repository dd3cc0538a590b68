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


CORE = 14
"""Units around the last that fits which are decided together."""

MOST_KITS = 20_000
"""Undominated kits looked at side by side; more are refused."""

_SAME = 1e-12


def kit(parts: Sequence[KitPart], *, budget: float) -> Kit:
    """The kit with the highest chance for this budget: greedy by gain for cost, then a small knapsack at the edge.

    The units near the last one that fits are chosen anew, all combinations that nothing dominates; the greedy value
    with a fraction of the next unit bounds every kit and is told.

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
    first = max(0, fits - CORE // 2)
    core = units[first : fits + CORE // 2]
    sure = units[:first]
    room = budget - sum(unit.cost for unit in sure)
    best = max(
        (found for found in _undominated(core) if found[0] <= room + _SAME), key=lambda found: found[1]
    )
    taken = [*sure, *(core[place] for place in _members(best[2]))]
    return _kit(parts, taken, budget=budget, at_best=min(1.0, math.exp(at_best)))


def frontier(parts: Sequence[KitPart]) -> tuple[Kit, ...]:
    """Every kit that no other beats in both cost and chance, cheapest first; exact for parts needed one by one.

    Source: Nemhauser and Ullmann (1969), Management Science 15(9), 494-505.

    Raises:
        Refusal: ``replenish.kit_part``, ``replenish.kit_too_many`` beyond `MOST_KITS`.

    >>> parts = [KitPart(str(i), c, (1 - p, p)) for i, (c, p) in enumerate([(4, 0.3), (1, 0.2), (2, 0.1), (6, 0.05)])]
    >>> [(int(one.cost), round(one.chance, 4)) for one in frontier(parts)]
    [(0, 0.4788), (1, 0.5985), (3, 0.665), (4, 0.684), (5, 0.855), (7, 0.95), (13, 1.0)]
    """
    units = sorted(_steps(parts), key=lambda unit: -_rate(unit))
    return tuple(
        _kit(parts, [units[place] for place in _members(found[2])], budget=found[0], at_best=None)
        for found in _undominated(units)
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
        logs = np.log(np.minimum(np.cumsum(part.needed), 1.0)).tolist()
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


def _slope(logs: list[float], low: int, high: int) -> float:
    return (logs[high] - logs[low]) / (high - low)


def _rate(unit: _Unit) -> float:
    return unit.gain / unit.cost if unit.cost > 0 else math.inf


Found = tuple[float, float, object]
"""Cost, gain and the places chosen, as a chain ``(place, the rest)`` that ends in None."""


def _undominated(units: Sequence[_Unit]) -> list[Found]:
    """Choices of units that no other beats in both cost and gain, cheapest first."""
    found: list[Found] = [(0.0, 0.0, None)]
    for place, unit in enumerate(units):
        more = [(cost + unit.cost, gain + unit.gain, (place, chain)) for cost, gain, chain in found]
        merged = sorted((*found, *more), key=lambda one: (one[0], -one[1]))
        found = []
        for one in merged:
            if not found or one[1] > found[-1][1] + _SAME:
                found.append(one)
        if len(found) > MOST_KITS:
            raise Refusal("replenish.kit_too_many", highest=MOST_KITS)
    return found


def _members(chain: object) -> list[int]:
    places = []
    while isinstance(chain, tuple):
        places.append(int(chain[0]))
        chain = chain[1]
    return places


def _log_empty(parts: Sequence[KitPart]) -> float:
    return sum(math.log(part.needed[0]) for part in parts)


def _kit(parts: Sequence[KitPart], taken: Sequence[_Unit], *, budget: float, at_best: float | None) -> Kit:
    count = [0] * len(parts)
    for unit in taken:
        count[unit.row] += unit.number
    units = {part.part: number for part, number in zip(parts, count, strict=True) if number}
    cost = math.fsum(unit.cost for unit in taken)
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
