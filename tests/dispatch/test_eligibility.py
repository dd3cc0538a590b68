"""`proved` is a claim about every plan: nothing a solved plan does may be called impossible beforehand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from dispatch.eligibility import Quickest, able, failures, quickest
from dispatch.explain import reasons
from dispatch.plan import Known, StopKind
from dispatch.problem import UNREACHABLE
from dispatch.solve import Budget, places_for, solve
from tests.dispatch.solve.worlds import Size, world


@pytest.mark.parametrize("seed", range(30))
def test_what_a_plan_does_was_never_proved_impossible(seed: int) -> None:
    """Random worlds with closed roads, broken triangles, several days, parts and tools from several places."""
    problem = world(seed, Size(visits=10, engineers=3, days=2, gaps=True))

    plan = solve(problem, Budget(seed=seed, work=200))

    shifts = {shift.id: shift for shift in problem.shifts}
    wrong = [
        (stop.ref, route.shift)
        for route in plan.routes
        for stop in route.stops
        if stop.kind is StopKind.VISIT
        and failures(problem, problem.visits[problem.visit_index[stop.ref]], shifts[route.shift])
    ]
    assert wrong == []


@pytest.mark.parametrize("seed", range(12))
def test_a_reason_said_to_be_proved_leaves_the_search_no_place(seed: int) -> None:
    """Neither in the plan as it stands nor on any shift of it."""
    problem = world(seed, Size(visits=12, engineers=2, days=1))
    plan = solve(problem, Budget(seed=seed, work=100))

    proved = [reason.visit for reason in reasons(problem, plan) if reason.known is Known.PROVED]

    assert [visit for visit in proved if places_for(problem, plan, visit)] == []


@pytest.mark.parametrize("kind", [np.int32, np.int64])
def test_the_quickest_way_agrees_with_trying_every_way(kind: type[np.integer[Any]]) -> None:
    """Row by row against Floyd and Warshall over the whole matrix, one-way gaps included."""
    rng = np.random.default_rng(3)
    travel = rng.integers(1, 100, size=(9, 9))
    np.fill_diagonal(travel, 0)
    travel[rng.random((9, 9)) < 0.4] = UNREACHABLE
    travel[8, :8] = UNREACHABLE
    far = np.where(travel == UNREACHABLE, 10**9, travel)
    np.fill_diagonal(far, 0)
    for over in range(9):
        far = np.minimum(far, far[:, over, None] + far[None, over, :])

    found = np.array([Quickest(travel.astype(kind)).from_(origin) for origin in range(9)])

    assert (found == np.where(far >= 10**9, UNREACHABLE, far)).all()
    assert (found == UNREACHABLE).any()


@pytest.mark.parametrize("seed", range(20))
def test_who_is_able_is_who_fails_no_rule(seed: int) -> None:
    """Said sooner, where the direct way does already, and the same."""
    problem = world(seed, Size(visits=10, engineers=3, days=2))

    for visit in problem.visits:
        for shift in problem.shifts:
            assert able(problem, visit, shift) == (not failures(problem, visit, shift))


def test_problems_with_the_same_roads_share_the_quickest_ways() -> None:
    """A region's roads stay while its problem is another one every minute."""
    problem = world(1, Size())

    assert quickest(replace(problem, horizon_s=7)) is quickest(problem)
    assert quickest(replace(problem, travel_s=problem.travel_s.copy())) is not quickest(problem)
