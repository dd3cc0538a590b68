"""What a published route takes along is found again where there is nothing to decide."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.cost import visit_stops
from dispatch.plan import Plan, Route, Source, StopKind, Supply
from dispatch.problem import Break, Engineer, LoanerGrant, PartLine
from dispatch.provision import provided
from dispatch.rules import Rule
from dispatch.solve import Budget, solve
from dispatch.verify.routes import of_route
from dispatch.verify.supplies import stock
from tests import builders as build
from tests.dispatch.solve.worlds import Size, world

SMALL = Size(visits=7, engineers=3, days=1, stores=1)


def published(plan: Plan) -> Plan:
    """What of a plan is published: who goes where and when."""

    def bare(route: Route) -> Route:
        stops = (replace(one, supply=(), loaner=None, arrive_s=one.start_s) for one in route.stops)
        return replace(route, stops=tuple(one for one in stops if one.kind is StopKind.VISIT))

    return replace(plan, routes=tuple(map(bare, plan.routes)))


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_a_route_that_is_found_again_holds_and_begins_when_it_was_published(seed: int) -> None:
    """Its breaks stand where the search had them, and together the routes take no more than is in the vans."""
    problem = world(seed, SMALL)
    plan = solve(problem, Budget(seed=1, work=60))
    bare = published(plan)

    again = provided(problem, bare)

    starts = {stop.ref: stop.start_s for stop in visit_stops(bare)}
    changed = [now for was, now in zip(bare.routes, again.routes, strict=True) if now != was]
    assert not tuple(stock(problem, again))
    for route in changed:
        assert [stop.start_s for stop in route.stops if stop.ref] == [
            starts[s.ref] for s in route.stops if s.ref
        ]
        assert {wrong.rule for wrong in of_route(problem, route)} <= {Rule.TOOL}  # those lie in a store


def test_a_break_and_a_part_of_the_van_are_found_again() -> None:
    """Nobody searches for what follows from the published times."""
    problem = build.problem(
        visits=(build.visit("V", 4, parts=(PartLine(part=0, quantity=1),)),),
        engineers=(Engineer(id="E1", van=((0, 1),)),),
    )
    problem = replace(
        problem, shifts=tuple(replace(one, breaks=(Break(0, 300, 60),)) for one in problem.shifts)
    )
    bare = build.plan(Route("S1", 0, 810, (build.at("V", 500),)))

    again = provided(problem, bare)

    (route,) = again.routes
    assert [stop.kind for stop in route.stops] == [StopKind.BREAK, StopKind.VISIT]
    assert route.stops[1].start_s == 500
    assert route.stops[1].supply == (Supply(problem.parts[0], problem.parts[0], 1, Source.VAN),)


def test_what_is_needed_for_sure_has_the_unit_of_the_van() -> None:
    """A visit that may go without leaves the last unit to the one that cannot."""
    maybe = build.visit("V1", 4, parts=(PartLine(part=0, quantity=1, without_cents=5),))
    sure = build.visit("V2", 4, parts=(PartLine(part=0, quantity=1),))
    problem = build.problem(visits=(maybe, sure), engineers=(Engineer(id="E1", van=((0, 1),)),))
    bare = build.plan(Route("S1", 0, 5000, (build.at("V1", 500), build.at("V2", 1500))))

    again = provided(problem, bare)

    assert again == bare  # what V1 does is to be decided


def test_where_a_loaner_could_be_granted_the_route_is_left_as_it_is() -> None:
    """Whether one is brought is a decision about money."""
    problem = build.problem(visits=(build.visit("V", 4, loaner=LoanerGrant((), (), 0)),))
    bare = build.plan(Route("S1", 0, 810, (build.at("V", 400),)))

    again = provided(problem, bare)

    assert again == bare


def test_what_a_plan_says_it_takes_stands() -> None:
    """It knows more than the times: what it took and why is not guessed anew."""
    problem = world(3, SMALL)
    plan = solve(problem, Budget(seed=1, work=60))

    again = provided(problem, plan)

    assert any(stop.supply for stop in visit_stops(plan))
    assert again == plan
