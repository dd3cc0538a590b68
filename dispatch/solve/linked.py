"""Visits whose starts are linked, as groups: connected visits, in an order in which each is next to one before it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from dispatch.problem import Pair, PlanningProblem
from dispatch.solve import layout as at
from dispatch.solve.layout import Ints

_PAIRS = {Pair.ANY: at.ANYONE, Pair.SAME: at.SAME, Pair.DIFFERENT: at.DIFFERENT}


@dataclass(frozen=True, eq=False)
class Groups:
    """The links as arrays: LK, LI, GM, ME and MT of `layout.Encoded`."""

    links: Ints
    by_visit: Ints
    spans: Ints
    members: Ints
    in_turn: Ints


def grouped(problem: PlanningProblem, visits: Ints) -> Groups:
    """Lay out the links, and write group, links and distance from the group's first member into `visits`.

    V_LEAST and V_MOST say how long after the group's first member this one can start, FAR where links do not say.
    V_ALONE is 1 for a visit that may be done although those after it are not, V_FLOAT for one that floats.
    """
    links = [
        (
            link.first,
            link.second,
            link.least_s,
            at.FAR if link.most_s is None else link.most_s,
            _PAIRS[link.engineers],
            int(link.both),
        )
        for link in problem.links
    ]
    touching: defaultdict[int, list[int]] = defaultdict(list)
    for number, link in enumerate(problem.links):
        touching[link.first].append(number)
        touching[link.second].append(number)
    by_visit: list[int] = []
    for visit in range(len(problem.visits)):
        visits[visit, at.V_LINK] = len(by_visit)
        by_visit.extend(touching[visit])
        visits[visit, at.V_LINK_END] = len(by_visit)
    spans: list[tuple[int, int, int]] = []
    members: list[int] = []
    in_turn: list[int] = []
    for root in _roots(problem):
        if visits[root, at.V_GROUP] >= 0:
            continue
        first = len(members)
        members.append(root)
        visits[root, at.V_GROUP] = len(spans)
        while ways := [
            (links[number][3] - links[number][2], number, here)
            for here in members[first:]
            for number in touching[here]
            if visits[links[number][0], at.V_GROUP] != visits[links[number][1], at.V_GROUP]
        ]:
            _, number, here = min(ways)  # the least room first: who has room finds a place around the others
            one, other, least, most, _, _ = links[number]
            there = other if one == here else one
            visits[there, at.V_GROUP] = len(spans)
            low, high = (least, most) if one == here else (-most, -least)
            visits[there, at.V_LEAST] = _sum(int(visits[here, at.V_LEAST]), low)
            visits[there, at.V_MOST] = _sum(int(visits[here, at.V_MOST]), high)
            members.append(there)
        for here in reversed(members[first:]):
            mates = {visit for number in touching[here] for visit in links[number][:2]} - {here}
            room = min(links[number][3] - links[number][2] for number in touching[here])
            visits[here, at.V_FLOAT] = int(room > 0 and not any(visits[v, at.V_FLOAT] for v in mates))
        in_turn += _in_turn(problem, members[first:])
        spans.append((first, len(members), int(in_turn[first:] != members[first:])))
    for visit in range(len(problem.visits)):
        visits[visit, at.V_ALONE] = int(not any(problem.links[n].both for n in touching[visit]))
    return Groups(
        np.array(links, dtype=np.int64).reshape(-1, at.K_COLUMNS),
        np.array(by_visit, dtype=np.int64),
        np.array(spans, dtype=np.int64).reshape(-1, 3),
        np.array(members, dtype=np.int64),
        np.array(in_turn, dtype=np.int64),
    )


def _in_turn(problem: PlanningProblem, members: list[int]) -> list[int]:
    """The members in the same order, but none before one it has to wait for: placed when their starts are known, and after they took parts."""
    waits = {(link.first, link.second) for link in problem.links if link.least_s >= 0}
    left, found = list(members), list[int]()
    while left:
        found.append(next(v for v in left if not any((other, v) in waits for other in left)))
        left.remove(found[-1])
    return found


def _roots(problem: PlanningProblem) -> list[int]:
    """Visits that nothing comes before, then all linked ones (a circle has no such visit)."""
    seconds = {link.second for link in problem.links}
    return [*sorted(problem.linked - seconds), *sorted(problem.linked)]


def _sum(one: int, other: int) -> int:
    return at.FAR if abs(one) >= at.FAR or abs(other) >= at.FAR else one + other
