"""Played forward to any moment and posed again, nothing under way is lost: crews, later days, relief, workshops."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.board import Board
from dispatch.carry import carried, shifted
from dispatch.cost import cost, visit_stops
from dispatch.crew import Engineer, Shift
from dispatch.desk.customer import Asset, Site
from dispatch.desk.visit import CrewRole, Visit
from dispatch.event import CustomersTold, PlanPublished
from dispatch.plan import Plan
from dispatch.policy import Policy, TravelSettings
from dispatch.pose import problem_of
from dispatch.problem import PlanningProblem
from dispatch.problem import Visit as Posed
from dispatch.progress import InForce, as_planned
from dispatch.publish import stops_of
from dispatch.region import Region
from dispatch.replan import changes_of, replan
from dispatch.solve import Budget
from dispatch.verify import violations
from kernel.interval import Interval
from kernel.place import LatLon
from tests import regions as build

BUDGET = Budget(seed=1, work=120)
DAYS = (6, 7, 8)
HANDOVER_S = Policy().handover_min * 60
NAMES = ("E-1", "E-2", "E-3")

KINDS = {
    "plain": {"duration_min": 50},
    "crew": {"duration_min": 90},
    "days": {"duration_min": 780},
    "relief": {"duration_min": 560, "continuous": True},
    "bench": {"duration_min": 40, "bench_min": 150, "return_min": 20},
}


@cache
def going(kinds: tuple[str, ...], *, pace: bool, rest: bool, budget: Budget = BUDGET) -> InForce:
    """A plan for visits of these kinds, published, and every customer told."""
    board = Board.of(world(kinds, pace=pace, rest=rest))
    turned = replan(board, budget)
    board = board.apply(PlanPublished(stops_of(board, turned.problem, turned.plan)))
    board = board.apply(CustomersTold(tuple(board.published), board.now))
    return InForce(board, problem_of(board), turned.plan)


def world(kinds: tuple[str, ...], *, pace: bool, rest: bool) -> Region:
    """Three engineers on three long days, a visit of each kind at a site of its own; a crew's helper is shorter."""
    spots = [LatLon(26.02 + 0.03 * i, 119.3 + 0.04 * (i % 2)) for i in range(len(kinds))]
    homes = [LatLon(26.1, 119.28), LatLon(26.02, 119.33), LatLon(26.06, 119.36)]
    region = build.region(
        sites=tuple(Site(f"S-{i}", "K-1", at, f"Site {i}") for i, at in enumerate(spots)),
        assets=tuple(Asset(f"A-{i}", f"S-{i}", "SN", "M1") for i in range(len(kinds))),
        engineers=tuple(Engineer(name, "D-1", at) for name, at in zip(NAMES, homes, strict=True)),
        skills=(),
        certificates=(),
        shifts=tuple(
            Shift(
                f"{name}/{day:02d}",
                name,
                Interval(build.at(8, day=day), build.at(18, day=day)),
                overtime_min=30,
                break_between=Interval(build.at(12, day=day), build.at(14, day=day)) if rest else None,
                break_min=45 if rest else 0,
            )
            for day in DAYS
            for name in NAMES
        ),
        tickets=tuple(build.ticket(f"T-{i}", site=f"S-{i}", asset=f"A-{i}") for i in range(len(kinds))),
        visits=tuple(
            replace(Visit(f"V-{i}", f"T-{i}", f"S-{i}", 1), **KINDS[kind])  # type: ignore[arg-type]
            for i, kind in enumerate(kinds)
        ),
        crew_roles=tuple(
            CrewRole(f"V-{i}", "helper", 35, within_min=20 * (i % 2))
            for i, kind in enumerate(kinds)
            if kind == "crew"
        ),
        part_needs=(),
    )
    travel = TravelSettings(pace=((7 * 60, 600), (9 * 60, 1000), (17 * 60, 700)) if pace else ())
    return replace(region, settings=replace(region.settings, travel=travel))


def after(start: InForce, minutes: int) -> Board:
    """The board some minutes later, everything as planned."""
    until = start.board.now + timedelta(minutes=minutes)
    board = start.board
    for at, event in as_planned(start, until=until):
        board = board.at(at).apply(event)
    return board.at(until)


def ahead(start: InForce, by_s: int) -> dict[str, int]:
    """Work still to be done `by_s` ticks after a plan was made, by part; of visits nobody goes to by visit, all in all."""
    stops = {stop.ref: stop for stop in visit_stops(start.plan)}
    served = {visit.desk_visit for visit in start.problem.visits if visit.id in stops}
    found = Counter[str]()
    for visit in start.problem.visits:
        if visit.desk_visit not in served:
            found[visit.desk_visit] += whole_s(visit)
        elif visit.id not in stops:
            found[visit.id] = visit.service_s
        elif stops[visit.id].end_s > by_s:
            found[visit.id] = stops[visit.id].end_s - max(by_s, stops[visit.id].start_s)
    return dict(found)


def left(problem: PlanningProblem, start: InForce) -> dict[str, int]:
    """The same as a problem has it."""
    stops = {stop.ref for stop in visit_stops(start.plan)}
    served = {visit.desk_visit for visit in start.problem.visits if visit.id in stops}
    found = Counter[str]()
    for visit in problem.visits:
        if visit.desk_visit in served:
            found[visit.id] = visit.service_s
        else:
            found[visit.desk_visit] += whole_s(visit)
    return dict(found)


def whole_s(visit: Posed) -> int:
    """A part's work, less what is done twice at a change of hands."""
    return visit.service_s - (HANDOVER_S if visit.role == "relief" else 0)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(sorted(KINDS)), min_size=1, max_size=4).map(tuple),
    st.booleans(),
    st.booleans(),
    st.integers(0, 3 * 24 * 60),
)
def test_whatever_has_begun_goes_on(kinds: tuple[str, ...], pace: bool, rest: bool, minutes: int) -> None:
    """No work lost or invented, nobody at two places, and who was told a time keeps it when all goes as planned."""
    start = going(kinds, pace=pace, rest=rest)
    board = after(start, minutes)
    problem = problem_of(board)
    in_force = shifted(start.plan, board.tick(start.board.now))

    turned = replan(board, BUDGET, in_force=in_force)

    assert left(problem, start) == ahead(start, -board.tick(start.board.now))
    at_work = [visit.engineer_lock for visit in problem.visits if visit.start_lock_s == 0]
    assert len(at_work) == len(set(at_work))
    kept = carried(problem, in_force)
    for plan in (kept, turned.plan):
        assert violations(problem, plan) == ()
        assert plan.claimed == cost(problem, plan)
        assert {visit.id for visit in problem.visits if visit.start_lock_s == 0} <= placed(plan)
    assert placed(kept) >= placed(start.plan) & {visit.id for visit in problem.visits}
    assert [change for change in changes_of(board, problem, kept) if change.told] == []
    assert turned.plan.claimed.total <= kept.claimed.total
    anew = Board.of(board.region, now=board.now)
    assert problem_of(anew).digest == problem.digest


def placed(plan: Plan) -> set[str]:
    """Parts somebody goes to."""
    return {stop.ref for stop in visit_stops(plan)}


@pytest.mark.parametrize("hours", [0, 1, 3, 5, 8, 11, 20, 25, 27, 30])
def test_no_told_customer_is_moved_when_there_is_no_news(hours: int) -> None:
    """One visit of every kind, planned as well as may be: whenever it is planned again, everybody keeps his time."""
    start = going(tuple(KINDS), pace=True, rest=True, budget=Budget(seed=1, work=3000))
    board = after(start, hours * 60)

    turned = replan(board, BUDGET, in_force=shifted(start.plan, board.tick(start.board.now)))

    assert violations(turned.problem, turned.plan) == ()
    assert turned.plan.claimed == cost(turned.problem, turned.plan)
    assert [change for change in turned.changes if change.told] == []
