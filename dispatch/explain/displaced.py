"""Who would give way: the visit forced onto an engineer, and the plan solved again around it."""

from __future__ import annotations

from dispatch.explain.answer import Displacement
from dispatch.plan import Plan
from dispatch.problem import PlanningProblem, Visit
from dispatch.rescue import narrow
from dispatch.rescue.placed import Case, placed, priced
from dispatch.rescue.way import WayKind
from dispatch.rescue.ways import NEAR, WORK
from dispatch.solve import Budget
from kernel.errors import Message

ASKED = 3
"""Engineers asked, the ones for whom the visit alone is cheapest."""


def displacements(
    problem: PlanningProblem, rest: Plan, visit: Visit, engineers: list[int]
) -> tuple[Displacement, ...]:
    """Plans in which one of the first `ASKED` of `engineers` does the visit, cheapest first.

    Each is a whole plan that keeps every rule; where none was found for an engineer, he is not listed.
    """
    case = Case(
        problem,
        rest,
        visit.id,
        (visit.id,),
        engineer=None,
        shift="",
        near=NEAR,
        budget=Budget(seed=1, work=WORK),
    )
    found = []
    for engineer in engineers[:ASKED]:
        way = narrow.by_our_own(narrow.by_engineer(narrow.forced(problem, visit.id), engineer))
        plan = placed(case, way)
        if plan is None:
            continue
        priced_way = priced(case, WayKind.ENGINEER, Message("rescue.way_engineer"), plan)
        effect = priced_way.effect
        found.append(
            Displacement(
                priced_way.engineer,
                -1 if priced_way.start_s is None else priced_way.start_s,
                priced_way.cents,
                effect.moved,
                effect.late,
                effect.displaced,
            )
        )
    return tuple(sorted(found, key=lambda one: (one.cents, one.engineer)))
