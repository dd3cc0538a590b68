"""Home care in pairs: what is put off is what timing anew would say, and small plans are the best there are."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from dispatch.cost import cost
from dispatch.problem import (
    Break,
    Engineer,
    Lateness,
    Link,
    Objective,
    Pair,
    PlanningProblem,
    Shift,
    Visit,
    Window,
)
from dispatch.solve import Budget, solve
from dispatch.solve.anneal import empty_saved, price_of, restore
from dispatch.solve.encode import encode
from dispatch.solve.layout import empty_routes
from dispatch.solve.pair_places import put_alone, put_both
from dispatch.solve.pair_search import write
from dispatch.solve.pairs import (
    N_MATE,
    N_SHIFT,
    N_START,
    empty_pairs,
    in_pairs,
    price_of_pairs,
    read_routes,
    retime,
)
from dispatch.solve.routes import clear
from dispatch.verify import violations
from tests.dispatch.solve.worlds import Size, world


def care(seed: int, visits: int, pairs: int, engineers: int) -> PlanningProblem:
    """Random home care in whole minutes: the first `pairs` pairs of visits are linked, some at a distance, some times hard."""
    rng = np.random.default_rng(seed)
    spots = rng.integers(0, 60, (visits + 1, 2))
    travel = np.abs(spots[:, None] - spots[None, :]).sum(axis=2).astype(np.int64)
    base = world(seed, Size(visits=2), Objective.HOME_CARE)

    def visit(number: int) -> Visit:
        opens = int(rng.integers(0, 300))
        return Visit(
            id=f"V{number:02d}",
            ticket=f"T{number:02d}",
            place=number + 1,
            service_s=int(rng.integers(5, 60)),
            earliest_s=opens,
            windows=(Window(opens, opens + int(rng.integers(60, 200))),) if rng.integers(3) == 0 else (),
            left_out=3000,
            skills=((int(rng.integers(2)), 1),) if rng.integers(2) else (),
            arrive=Lateness(due_s=opens + int(rng.integers(0, 60)), cents=1, per_s=1),
        )

    def link(number: int) -> Link:
        least = int(rng.integers(0, 40)) * int(rng.integers(2))
        room = int(rng.integers(0, 40)) * int(rng.integers(2))
        return Link(2 * number, 2 * number + 1, least, least + room, Pair.DIFFERENT, both=True)

    return replace(
        base,
        places=tuple(f"P{i:02d}" for i in range(visits + 1)),
        travel_s=travel,
        distance_m=np.zeros_like(travel),
        engineers=tuple(
            Engineer(f"E{i}", skills=((0, 5), (1, 5)) if i < 2 else ((i % 2, 5),)) for i in range(engineers)
        ),
        shifts=tuple(Shift(f"S{i}", i, 0, 0, 0, int(rng.integers(400, 900))) for i in range(engineers)),
        stores=(),
        offers=(),
        visits=tuple(visit(i) for i in range(visits)),
        horizon_s=1200,
        links=tuple(link(i) for i in range(pairs)),
    )


@pytest.mark.parametrize("seed", range(12))
def test_a_plan_in_pairs_keeps_every_rule(seed: int) -> None:
    """The search times all routes together; the verifier reads the plan alone."""
    problem = care(seed, 14, seed % 8, 3 + seed % 3)
    assert in_pairs(encode(problem).arrays)

    plan = solve(problem, Budget(seed=seed, work=400))

    assert violations(problem, plan) == ()
    assert plan.claimed == cost(problem, plan)
    assert solve(problem, Budget(seed=seed, work=400)) == plan


@pytest.mark.parametrize("seed", range(12))
def test_a_way_round_that_is_quicker_misleads_nobody(seed: int) -> None:
    """Where the direct way takes longer than one over a visit, taking the visit out puts the others off."""
    problem = care(seed, 14, 3, 3)
    rng = np.random.default_rng(seed)
    travel = problem.travel_s + 60 * (rng.random(problem.travel_s.shape) < 0.15)
    np.fill_diagonal(travel, 0)
    problem = replace(problem, travel_s=travel)
    assert in_pairs(encode(problem).arrays)

    plan = solve(problem, Budget(seed=seed, work=400))

    assert violations(problem, plan) == ()
    assert plan.claimed == cost(problem, plan)


@pytest.mark.parametrize("seed", range(10))
def test_a_small_plan_in_pairs_is_the_best_there_is(seed: int) -> None:
    """All orders on all engineers, timed by hand."""
    problem = care(seed, 5, 1 + seed % 2, 3)

    plan = solve(problem, Budget(seed=seed, work=600))

    assert plan.claimed.total == min(_prices(problem))


@pytest.mark.parametrize("seed", range(20))
def test_what_is_put_off_is_what_timing_anew_says(seed: int) -> None:
    """After every visit put in, no start is sooner or later than the soonest; and the price is that of the routes."""
    problem = care(seed, 24, 8, 6)
    p = encode(problem).arrays
    a, s, rng = empty_pairs(p), empty_routes(p), np.ones(1, dtype=np.int64)
    clear(p, s)
    read_routes(p, s, a.X)

    for v in np.random.default_rng(seed).permutation(24).tolist():
        if a.X[v, N_SHIFT] < 0:
            (put_alone if a.X[v, N_MATE] < 0 else put_both)(p, a, v, rng, 0)
        said = a.X.copy()
        retime(p.T, a.X, 24)
        on_routes = a.X[:24, N_SHIFT] >= 0

        assert (said[:24][on_routes, N_START] == a.X[:24][on_routes, N_START]).all()

    price, saved = price_of_pairs(p.T, a.X, 24), empty_saved(s)
    write(p, a.X, price, saved)
    restore(p, s, saved)
    assert price_of(p, s) == price


def test_anything_but_visits_and_pairs_is_searched_with_pins() -> None:
    """A break, three in a row, the same engineer for both or another objective: routes are timed one by one."""
    problem = care(1, 6, 2, 3)
    first = problem.links[0]
    rest = (Break(from_s=100, until_s=200, duration_s=30),)

    assert in_pairs(encode(problem).arrays)
    assert not in_pairs(encode(replace(problem, objective=Objective.MONEY)).arrays)
    assert not in_pairs(encode(replace(problem, shifts=(replace(problem.shifts[0], breaks=rest),))).arrays)
    for other in (
        replace(first, engineers=Pair.SAME),
        replace(first, both=False),
        Link(1, 2, 0, 60, Pair.DIFFERENT, both=True),
    ):
        links = (other, *problem.links[1:]) if other.first == 0 else (*problem.links, other)
        assert not in_pairs(encode(replace(problem, links=links)).arrays)


def _prices(problem: PlanningProblem) -> Iterator[int]:
    """Price of every plan: each visit on a shift or nowhere, each route in every order."""
    able = encode(problem).arrays.C
    choices = [[-1, *np.flatnonzero(row).tolist()] for row in able]
    for who in itertools.product(*choices):
        if any(
            (who[k.first] < 0) != (who[k.second] < 0) or 0 <= who[k.first] == who[k.second]
            for k in problem.links
        ):
            continue
        crews = [[v for v, h in enumerate(who) if h == shift] for shift in range(len(problem.shifts))]
        for routes in itertools.product(*(itertools.permutations(crew) for crew in crews)):
            price = _price(problem, routes)
            if price is not None:
                yield price + sum(
                    visit.left_out for visit, h in zip(problem.visits, who, strict=True) if h < 0
                )


def _price(problem: PlanningProblem, routes: tuple[tuple[int, ...], ...]) -> int | None:
    """Travel, lateness and the greatest lateness of the soonest starts; None where there are none."""
    visits, travel = problem.visits, problem.travel_s
    start = {v: visits[v].earliest_s for route in routes for v in route}
    before = dict.fromkeys(start, -1)
    while before != start:
        before = dict(start)
        for route in routes:
            free, place = 0, 0
            for v in route:
                start[v] = max(start[v], free + int(travel[place, visits[v].place]))
                free, place = start[v] + visits[v].service_s, visits[v].place
        for k in problem.links:
            if k.first in start:
                start[k.second] = max(start[k.second], start[k.first] + k.least_s)
                start[k.first] = max(start[k.first], start[k.second] - (k.most_s or 0))
        if any(at > problem.horizon_s for at in start.values()):
            return None
    if any(w.close_s <= at for v, at in start.items() for w in visits[v].windows):
        return None
    price, late = 0, [0]
    for h, route in enumerate(routes):
        if route:
            way = [0, *(visits[v].place for v in route), 0]
            price += int(sum(travel[a, b] for a, b in itertools.pairwise(way)))
            free = start[route[-1]] + visits[route[-1]].service_s
            if free + int(travel[way[-2], 0]) > problem.shifts[h].latest_s:
                return None
        late += [max(0, start[v] - due.due_s) for v in route if (due := visits[v].arrive)]
    return price + sum(late) + max(late)
