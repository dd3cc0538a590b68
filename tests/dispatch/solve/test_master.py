"""CP-SAT has the last word: what it chooses is cheaper than what either thread found, and shares nothing twice."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dispatch.cost import cost
from dispatch.plan import Manifest, Plan, Source
from dispatch.problem import PlanningProblem
from dispatch.solve import engine
from dispatch.solve.columns import gather
from dispatch.solve.decode import decode
from dispatch.solve.encode import encode
from dispatch.solve.master import _is_one_shifts, _of_one_shift, _solve
from dispatch.verify import violations
from tests.dispatch.solve.worlds import Size, world

WORLDS, STEPS, EFFORT = 12, 200, 1.0


def searched_and_chosen(problem: PlanningProblem) -> tuple[int, Plan]:
    """Search a little with both threads; gives the cheaper thread's price, and the plan CP-SAT makes of all routes seen."""
    encoded = encode(problem)
    search = engine._begin(encoded, 1, None, engine.WHOLE)
    for thread in search.threads:
        engine._one_epoch(search, thread, STEPS)
    alone = min(int(thread.best.N[0]) for thread in search.threads)
    engine._learn(search)
    engine._close(search, EFFORT)
    manifest = Manifest(
        problem="", seed=1, work=0, versions={}, status="", pool_columns=0, pool_optimum=False
    )
    return alone, decode(encoded, search.best, manifest)


def shares_stock(plan: Plan) -> bool:
    """Say whether a part comes from a shelf or a delivery, which other routes draw on, too."""
    shared = {Source.PICK_UP, Source.OFFER}
    return any(supply.source in shared for r in plan.routes for stop in r.stops for supply in stop.supply)


def lends(plan: Plan) -> bool:
    """Say whether a loaner goes out."""
    return any(stop.loaner for route in plan.routes for stop in route.stops)


@pytest.mark.slow  # searches worlds of sixty visits
def test_the_last_choice_joins_routes_of_both_threads_and_overspends_nothing() -> None:
    """Without it a plan would be the better thread's: every world with shared stock, some with loaners, is cheaper with it."""
    problems = [world(seed, Size(visits=60, engineers=14, gaps=False)) for seed in range(WORLDS)]

    found = [searched_and_chosen(problem) for problem in problems]

    cheaper = [plan for alone, plan in found if plan.claimed.total < alone]
    assert all(plan.claimed.total <= alone for alone, plan in found)
    assert all(violations(problem, plan) == () for problem, (_, plan) in zip(problems, found, strict=True))
    assert all(plan.claimed == cost(p, plan) for p, (_, plan) in zip(problems, found, strict=True))
    assert sum(map(shares_stock, cheaper)) >= WORLDS - 1
    assert sum(map(lends, cheaper)) >= 3


def test_of_one_shifts_routes_the_cheapest_is_chosen_without_asking_cp_sat() -> None:
    """A part of a plan is often one engineer's day: looked through in a moment, and the same choice."""
    looked_through = 0
    for seed in range(WORLDS):
        problem = world(seed, Size(visits=12, engineers=3, gaps=False))
        problem = replace(problem, shifts=problem.shifts[:1], links=())
        encoded = encode(problem)
        search = engine._begin(encoded, 1, None, engine.Manner(threads=1))
        (thread,) = search.threads
        engine._one_epoch(search, thread, STEPS)
        columns, incumbent = gather(search.p, [thread.pool], thread.best, thread.routes.RC, None)
        if not columns.count:
            continue
        assert _is_one_shifts(search.p)
        chosen, price, optimum = _of_one_shift(search.p, columns, incumbent)
        asked = _solve(search.p, columns, incumbent, EFFORT)

        assert asked is not None
        assert (price, optimum) == asked[1:]
        assert len(chosen) <= 1
        looked_through += columns.count > 1
    assert looked_through >= WORLDS // 2
