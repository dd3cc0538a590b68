"""The last safe moment is exact: a minute later the way no longer holds, or no longer keeps what it keeps."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dispatch.cost import cost, visit_stops
from dispatch.plan import Plan, Route, Stop, StopKind
from dispatch.problem import Break, Lateness, Link, PlanningProblem, Shift, Store, Window
from dispatch.rescue.last_moment import MINUTE_S, Decision, decided_at, safe_until
from dispatch.rescue.retime import Delay, retimed
from dispatch.solve import Budget, solve
from dispatch.summary import forecasts
from dispatch.verify import violations
from tests import builders as build
from tests.dispatch.solve.worlds import Size, world

BUDGET = Budget(seed=1, work=600)


def kept(problem: PlanningProblem, plan: Plan | None, visit: str) -> set[str]:
    """The visit's promises a plan keeps."""
    assert plan is not None
    stop = next((stop for stop in visit_stops(plan) if stop.ref == visit), None)
    found = forecasts(problem.visits[problem.visit_index[visit]], stop)
    return {one.milestone.value for one in found if one.spare_s is not None and one.spare_s >= 0}


def later(problem: PlanningProblem, visit: str, by_s: int, used: set[str]) -> PlanningProblem:
    """The problem when what is ordered for the visit is ordered later."""
    offers = tuple(
        replace(one, arrives_s=one.arrives_s + by_s) if one.id in used else one for one in problem.offers
    )
    index = problem.visit_index[visit]
    wanted = problem.visits[index]
    if wanted.loaner is not None:
        couriers = tuple(replace(one, arrives_s=one.arrives_s + by_s) for one in wanted.loaner.couriers)
        wanted = replace(wanted, loaner=replace(wanted.loaner, couriers=couriers))
    visits = (*problem.visits[:index], wanted, *problem.visits[index + 1 :])
    return replace(problem, offers=offers, visits=visits)


@pytest.mark.parametrize("seed", range(25))
def test_a_minute_after_the_last_safe_moment_the_way_is_lost(seed: int) -> None:
    """At that minute every rule still holds and every promise kept is kept; a minute later not."""
    problem = world(seed, Size(visits=7, engineers=3, days=2))
    plan = solve(problem, BUDGET)

    for visit in {stop.ref for stop in visit_stops(plan)}:
        way = Decision(problem, plan, plan, frozenset({visit}), leaves=True)
        promised = kept(problem, plan, visit)
        until_s = safe_until(way)
        if until_s is None:
            assert not promised
            continue
        last, lost = decided_at(way, until_s), decided_at(way, until_s + MINUTE_S)
        assert last is not None
        assert promised <= kept(problem, last, visit)
        assert lost is None or not promised <= kept(problem, lost, visit)
        stop = next(stop for stop in visit_stops(plan) if stop.ref == visit)
        shifted = later(problem, visit, until_s, {supply.from_id for supply in stop.supply})
        assert violations(shifted, replace(last, claimed=cost(shifted, last))) == ()


@pytest.mark.parametrize("seed", range(25))
def test_driving_a_route_again_starts_nothing_later(seed: int) -> None:
    """The search starts as early as it can; the same stops in the same order cannot be driven any earlier."""
    problem = world(seed, Size(visits=8, engineers=3, days=2))
    plan = solve(problem, BUDGET)

    for route in plan.routes:
        again = retimed(problem, route, Delay())

        assert again is not None
        assert again.end_s <= route.end_s
        for old, new in zip(route.stops, again.stops, strict=True):
            assert new.start_s <= old.start_s or old.kind is StopKind.BREAK


def line(**changes: Any) -> tuple[PlanningProblem, Route]:
    """One visit at place 2, two hundred ticks away, that starts at 200 and takes ten."""
    problem, plan = build.one(build.visit("V", 2), **changes)
    return problem, plan.routes[0]


def test_an_agreed_window_is_waited_for_and_then_lost() -> None:
    """Leaving at 100 the window at 300 is met on time; leaving at 400 it is over."""
    problem, route = line()
    agreed = replace(problem, visits=(replace(problem.visits[0], windows=(Window(300, 500),)),))

    met, missed = (retimed(agreed, route, Delay(at, 0)) for at in (100, 400))

    assert met is not None
    assert (met.stops[0].arrive_s, met.stops[0].start_s, met.end_s) == (300, 300, 510)
    assert missed is None


def test_a_closed_store_and_a_missed_lock_end_the_way() -> None:
    """The store opens at 150: an early stop waits. Locked to 250, a visit reached at 260 is lost."""
    problem, _ = line(stores=(Store("D", 1, pick_up_s=20, opens=(Window(150, 160),)),))
    stops = (Stop(StopKind.PICK_UP, "D", 100, 150, 170), build.at("V", 270))
    route = Route("S1", 0, 480, stops)
    locked = replace(problem, visits=(replace(problem.visits[0], start_lock_s=270),))

    waits, closed = (retimed(locked, route, Delay(at, 0)) for at in (0, 60))
    late = retimed(replace(locked, stores=(replace(problem.stores[0], opens=()),)), route, Delay(60, 0))

    assert waits is not None
    assert [stop.start_s for stop in waits.stops] == [150, 270]
    assert closed is None
    assert late is None


def test_a_break_keeps_its_place_and_ends_the_way_when_it_is_late() -> None:
    """A rest of 50 between 100 and 200 at home, before the road."""
    shift = build.shift("S1", 0, breaks=(Break(100, 200, 50),))
    problem, _ = line(shifts=(shift,))
    route = Route("S1", 0, 560, (Stop(StopKind.BREAK, "", 100, 100, 150), build.at("V", 350)))

    again = retimed(problem, route, Delay(160, 0))
    owed = retimed(problem, replace(route, stops=route.stops[1:]), Delay())

    assert again is not None
    assert [(stop.kind, stop.start_s) for stop in again.stops] == [
        (StopKind.BREAK, 100),
        (StopKind.VISIT, 360),
    ]
    assert owed is None


def test_a_break_outside_its_window_is_not_driven_again() -> None:
    """The shift begins later than when the plan was made, so its break has another window: planned anew, not guessed."""
    shift = build.shift("S1", 0, breaks=(Break(120, 200, 50),))
    problem, _ = line(shifts=(shift,))
    route = Route("S1", 0, 560, (Stop(StopKind.BREAK, "", 100, 100, 150), build.at("V", 350)))

    assert retimed(problem, route, Delay()) is None


def test_a_mate_is_driven_later_too() -> None:
    """A crew of two starts at once: whoever decides for one decides for both."""
    first = build.visit("A", 2, arrive=Lateness(500, 1, 60))
    problem = build.problem(
        visits=(first, build.visit("B", 2)),
        shifts=(build.shift("S1", 0, end_s=2000), build.shift("S2", 0, end_s=2000)),
        links=(Link(0, 1, 0, 0, both=True),),
    )
    routes = tuple(Route(shift, 0, 410, (build.at(name, 200),)) for shift, name in (("S1", "A"), ("S2", "B")))
    plan = build.plan(*routes)

    way = Decision(problem, plan, plan, frozenset({"A"}), leaves=True)
    moved = decided_at(way, 240)

    assert moved is not None
    assert [stop.start_s for stop in visit_stops(moved)] == [440, 440]
    assert safe_until(way) == 300


def test_without_a_promise_there_is_no_last_moment() -> None:
    """Nothing can be lost."""
    problem, route = line()
    plan = build.plan(route)

    assert safe_until(Decision(problem, plan, plan, frozenset({"V"}), leaves=True)) is None


def test_a_day_of_shift_is_the_limit() -> None:
    """The promise would hold for long, but the engineer has to be home by 700."""
    visit = build.visit("V", 2, arrive=Lateness(9_000, 1, 60))
    problem, plan = build.one(visit, shifts=(replace(SHIFT, end_s=700),))

    assert safe_until(Decision(problem, plan, plan, frozenset({"V"}), leaves=True)) == 240


SHIFT = Shift(id="S1", engineer=0, start_place=0, end_place=0, start_s=0, end_s=10_000)
