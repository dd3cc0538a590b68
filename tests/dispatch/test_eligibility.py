"""`proved` is a claim about every plan: nothing a solved plan does may be called impossible beforehand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from dispatch.eligibility import Quickest, able, failures, quickest, relaxed
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
    """One by one, and row by row once many were asked for, against Floyd and Warshall over the whole matrix, one-way gaps included."""
    rng = np.random.default_rng(3)
    travel = rng.integers(1, 100, size=(9, 9))
    np.fill_diagonal(travel, 0)
    travel[rng.random((9, 9)) < 0.4] = UNREACHABLE
    travel[8, :8] = UNREACHABLE
    far = np.where(travel == UNREACHABLE, 10**9, travel)
    np.fill_diagonal(far, 0)
    for over in range(9):
        far = np.minimum(far, far[:, over, None] + far[None, over, :])

    known = Quickest(travel.astype(kind))
    one_by_one = np.array([[known.between(a, b) for b in range(9)] for a in range(9)])
    for _ in range(32):
        again = np.array([[known.between(a, b) for b in range(9)] for a in range(9)])

    assert (one_by_one == np.where(far >= 10**9, UNREACHABLE, far)).all()
    assert (again == one_by_one).all()
    assert (again == UNREACHABLE).any()


def test_a_way_is_the_quickest_of_a_large_map_too() -> None:
    """More places than landmarks, in the plane with some roads four times as slow, one way each: one by one as all at once."""
    rng = np.random.default_rng(5)
    at = rng.integers(0, 1000, size=(120, 2))
    travel = np.abs(at[:, None] - at[None]).sum(axis=2)
    travel[rng.random(travel.shape) < 0.3] *= 4
    travel[rng.random(travel.shape) < 0.1] = UNREACHABLE
    np.fill_diagonal(travel, 0)
    known = Quickest(travel)
    far = 1 << 60
    closed = np.where(travel == UNREACHABLE, far, travel)

    for a in range(0, 120, 10):
        rows = relaxed(closed, a, far=far)
        assert [known.between(a, b) for b in range(0, 120, 4)] == rows[::4].tolist()
        assert all(known.at_least(a, b) <= rows[b] for b in range(120))
    assert any(known.at_least(a, a + 1) > 0 for a in range(119))
    assert any(known.between(a, a + 1) < travel[a, a + 1] for a in range(0, 119, 7))


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
