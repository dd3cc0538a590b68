"""Where a large problem is cut into pieces: neighbouring engineers with the visits around them.

Places get coordinates from the travel matrix alone (FastMap: C. Faloutsos and K. Lin, SIGMOD 1995), and the engineers are halved
along a line again and again. Each sweep turns the lines, so what stood at a border once stands inside a piece the next time.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from dispatch.problem import PlanningProblem
from dispatch.solve.layout import Ints

Doubles = NDArray[np.float64]

A_SHIFT = 10
TURN = math.pi * (3 - math.sqrt(5))
"""Radians between the lines of one sweep and the next: no two sweeps of a search have nearly the same."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Indices of the shifts and visits that are planned together, in order."""

    shifts: tuple[int, ...]
    visits: tuple[int, ...]


@dataclass(slots=True)
class _Knot:
    """Engineers that stay together, with the visits that stay with them."""

    shifts: list[int] = field(default_factory=list)
    visits: list[int] = field(default_factory=list)


def could_serve(problem: PlanningProblem) -> int:
    """About how many visits can be on routes: of more than ten a shift the rest waits and costs little search."""
    return min(len(problem.visits), A_SHIFT * len(problem.shifts))


def positions(problem: PlanningProblem) -> Doubles:
    """Coordinates (places, 2) whose distances are about the ticks of travel; what cannot be reached lies far away."""
    travel = problem.travel_s
    count = len(problem.places)
    found = np.zeros((count, 2))
    if count < 2:
        return found
    longest = float(max(1, int(travel.max())))

    def ticks(place: int) -> Doubles:
        there = travel[place].astype(np.float64)
        return np.where(there < 0, 2 * longest, there)

    for axis in range(2):

        def apart(place: int, at: Doubles = found) -> Doubles:
            """Squared ticks to a place that the axes before do not explain."""
            return np.asarray(np.maximum(0.0, ticks(place) ** 2 - ((at - at[place]) ** 2).sum(axis=1)))

        one = int(np.argmax(apart(0)))
        other = int(np.argmax(apart(one)))
        across = float(apart(one)[other])
        if across <= 0:
            break
        found[:, axis] = (apart(one) + across - apart(other)) / (2 * math.sqrt(across))
    return found


def pieces(
    problem: PlanningProblem, at: Doubles, shift_of: Ints, *, sweep: int, visits: int, shifts: int
) -> tuple[Piece, ...]:
    """Cut the problem; every shift and every visit is in exactly one piece, linked visits in the same.

    Args:
        problem: what is planned.
        at: its `positions`.
        shift_of: (visits,) the shift each visit stands on, -1: none.
        sweep: number of the cut, from 0.
        visits: of a piece, about.
        shifts: of a piece, at most about.
    """
    knots, free = _knots(problem, shift_of)
    served = int((shift_of >= 0).sum())
    many = max(
        -(-max(served, could_serve(problem)) // visits),
        -(-len(problem.shifts) // shifts),
    )
    many = max(1, min(many, len(knots)))
    homes = np.array([_middle(problem, at, knot, shift_of) for knot in knots]).reshape(-1, 2)
    sites = np.array([np.mean([at[problem.visits[v].place] for v in group], axis=0) for group in free])
    sites = sites.reshape(-1, 2)
    angle = sweep * TURN
    turned = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    cut = _Cut(homes @ turned, sites @ turned, shares=served == 0)
    weights = np.array([1.0 + len(knot.shifts) + len(knot.visits) for knot in knots])
    made = []
    for mine, near in cut.halved(np.arange(len(knots)), np.arange(len(free)), weights, many):
        own = [v for n in mine for v in knots[n].visits] + [v for n in near for v in free[n]]
        made.append(Piece(tuple(sorted(h for n in mine for h in knots[n].shifts)), tuple(sorted(own))))
    return tuple(made)


def _knots(problem: PlanningProblem, shift_of: Ints) -> tuple[list[_Knot], list[list[int]]]:
    """Engineers tied by linked visits, and the groups of linked visits that are tied to nobody."""
    engineers = len(problem.engineers)
    parent = list(range(engineers + len(problem.visits)))

    def root(one: int) -> int:
        while parent[one] != one:
            parent[one] = parent[parent[one]]
            one = parent[one]
        return one

    def tie(one: int, other: int) -> None:
        a, b = root(one), root(other)
        parent[max(a, b)] = min(a, b)  # an engineer is the root wherever there is one

    at_work = {shift.engineer for shift in problem.shifts}
    for link in problem.links:
        tie(engineers + link.first, engineers + link.second)
    for index, visit in enumerate(problem.visits):
        if shift_of[index] >= 0:
            tie(engineers + index, problem.shifts[int(shift_of[index])].engineer)
        if visit.engineer_lock in at_work:  # besides: the plan in force may have it elsewhere
            tie(engineers + index, visit.engineer_lock)
        elif shift_of[index] < 0 and visit.published and visit.published.engineer in at_work:
            tie(engineers + index, visit.published.engineer)
    knots: defaultdict[int, _Knot] = defaultdict(_Knot)
    for index, shift in enumerate(problem.shifts):
        knots[root(shift.engineer)].shifts.append(index)
    free: defaultdict[int, list[int]] = defaultdict(list)
    for index in range(len(problem.visits)):
        found = root(engineers + index)
        if found in knots:
            knots[found].visits.append(index)
        else:
            free[found].append(index)
    return [knots[n] for n in sorted(knots)], [free[n] for n in sorted(free)]


def _middle(problem: PlanningProblem, at: Doubles, knot: _Knot, shift_of: Ints) -> Doubles:
    """Where a knot is: amid what it serves, or where its shifts begin."""
    places = [problem.visits[v].place for v in knot.visits if shift_of[v] >= 0]
    return np.asarray(at[places or [problem.shifts[h].start_place for h in knot.shifts]].mean(axis=0))


@dataclass(frozen=True, eq=False)
class _Cut:
    """Turned coordinates of knots and free visits.

    Args:
        shares: give each side its share of the visits, whatever lies where: nobody has any yet.
    """

    homes: Doubles
    sites: Doubles
    shares: bool

    def halved(self, knots: Ints, free: Ints, weights: Doubles, many: int) -> list[tuple[Ints, Ints]]:
        """Knots and free visits of each of `many` pieces."""
        if many <= 1 or len(knots) < 2:
            return [(knots, free)]
        spread = np.ptp(self.homes[knots], axis=0)
        axis = int(spread[1] > spread[0])
        order = knots[np.argsort(self.homes[knots, axis], kind="stable")]
        left = many // 2
        upto = np.cumsum(weights[order])
        first = int(np.searchsorted(upto, upto[-1] * left / many))
        first = min(max(first, 1), len(order) - 1)
        ahead = free[np.argsort(self.sites[free, axis], kind="stable")]
        if self.shares:
            share = round(len(ahead) * float(upto[first - 1] / upto[-1]))
        else:
            line = (self.homes[order[first - 1], axis] + self.homes[order[first], axis]) / 2
            share = int((self.sites[ahead, axis] < line).sum())
        near = self.halved(order[:first], ahead[:share], weights, left)
        return near + self.halved(order[first:], ahead[share:], weights, many - left)
