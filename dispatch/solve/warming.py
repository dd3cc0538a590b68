"""Compiling everything once, by solving a tiny problem of each kind."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from dispatch.problem import (
    Engineer,
    Link,
    Objective,
    Pair,
    PartLine,
    PlanningProblem,
    Prices,
    Shift,
    Store,
    Visit,
)
from dispatch.solve.budget import Budget
from dispatch.solve.encode import encode
from dispatch.solve.engine import run
from dispatch.solve.insertion import places_for


def compile_all() -> None:
    """Fill the cache. Every compiled function has one signature, so two problems reach all but a few branches."""
    problem = _tiny()
    plan = run(problem, Budget(seed=1, work=40))
    run(problem, Budget(seed=1, work=0), hint=plan)
    places_for(encode(problem), plan, problem.visits[0].id)
    run(_home_care(problem), Budget(seed=1, work=40))


def _home_care(problem: PlanningProblem) -> PlanningProblem:
    visits = tuple(replace(visit, parts=()) for visit in problem.visits)
    return replace(problem, objective=Objective.HOME_CARE, stores=(), visits=visits)


def _tiny() -> PlanningProblem:
    travel = np.array([[0, 60, 60], [60, 0, 60], [60, 60, 0]], dtype=np.int64)
    visits = tuple(
        Visit(
            id=f"V{i}",
            ticket=f"T{i}",
            place=1 + i % 2,
            service_s=60,
            earliest_s=0,
            left_out=100_000,
            parts=(PartLine(0, 1),),
        )
        for i in range(4)
    )
    return PlanningProblem(
        objective=Objective.MONEY,
        places=("P0", "P1", "P2"),
        travel_s=travel,
        distance_m=travel * 10,
        skills=(),
        certificates=(),
        tools=(),
        parts=("part",),
        loaner_classes=(),
        engineers=(Engineer("E0"), Engineer("E1")),
        shifts=(Shift("S0", 0, 0, 0, 0, 3600), Shift("S1", 1, 0, 0, 0, 3600)),
        stores=(Store("D0", 0, stock=((0, 9),)),),
        offers=(),
        visits=visits,
        prices=Prices(travel_hour=100, distance_km=10),
        horizon_s=3600,
        links=(Link(0, 1, 0, 0, Pair.DIFFERENT, both=True),),
    )
