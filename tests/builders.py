"""Small worlds for tests: a problem with one line of places a hundred ticks apart, changed field by field."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from dispatch.plan import CostTerms, Plan, Route, Stop, StopKind
from dispatch.problem import (
    Engineer,
    Objective,
    PlanningProblem,
    Prices,
    Shift,
    Visit,
)

STEP = 100


def visit(name: str, place: int, /, **changes: Any) -> Visit:
    """A visit of ten ticks that may be left out for 10,000 cents."""
    plain = Visit(id=name, ticket=f"T{name}", place=place, service_s=10, earliest_s=0, left_out=10_000)
    return replace(plain, **changes)


def shift(name: str, engineer: int, /, **changes: Any) -> Shift:
    """A shift of 10,000 ticks that starts and ends at place 0."""
    return replace(
        Shift(id=name, engineer=engineer, start_place=0, end_place=0, start_s=0, end_s=10_000), **changes
    )


def problem(*, visits: tuple[Visit, ...] = (), places: int = 5, **changes: Any) -> PlanningProblem:
    """One engineer E1 with shift S1 on a line of places `STEP` ticks apart; a tick of travel costs a cent."""
    line = np.arange(places)
    travel = (np.abs(line[:, None] - line[None, :]) * STEP).astype(np.int64)
    plain = PlanningProblem(
        objective=Objective.MONEY,
        places=tuple(f"P{i}" for i in range(places)),
        travel_s=travel,
        distance_m=travel * 10,
        skills=("HV", "IT"),
        certificates=("WELD",),
        tools=("SCOPE",),
        parts=("A", "B"),
        loaner_classes=("L",),
        engineers=(Engineer(id="E1"),),
        shifts=(shift("S1", 0),),
        stores=(),
        offers=(),
        visits=visits,
        prices=Prices(travel_hour=3600),
        horizon_s=20_000,
    )
    return replace(plain, **changes)


def at(name: str, arrive: int, /, *, start: int | None = None, work: int = 10, **changes: Any) -> Stop:
    """A visit's stop: arrives, starts at once unless said otherwise, works `work` ticks."""
    begins = arrive if start is None else start
    plain = Stop(kind=StopKind.VISIT, ref=name, arrive_s=arrive, start_s=begins, end_s=begins + work)
    return replace(plain, **changes)


def plan(*routes: Route, claimed: CostTerms | None = None, **changes: Any) -> Plan:
    """A plan of the given routes with nothing left out."""
    return replace(Plan(routes=routes, unassigned=(), claimed=claimed or CostTerms()), **changes)


def one(
    visit: Visit, *, stop: Stop | None = None, before: tuple[Stop, ...] = (), **changes: Any
) -> tuple[PlanningProblem, Plan]:
    """A problem and a good plan with one visit at place 2, reached after two steps."""
    world = problem(visits=(visit,), **changes)
    stop = stop or at(visit.id, 2 * STEP)
    end = stop.end_s + 2 * STEP
    return world, plan(Route("S1", 0, end, (*before, stop)))
