"""Work that is broken off: its engineer's absence begins, or the ticket has to wait. What was done of it is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.board import Board
from dispatch.cost import cost
from dispatch.crew import Absence
from dispatch.desk.ticket import EventKind, TicketEvent
from dispatch.desk.visit import CrewRole
from dispatch.event import EngineerAway, TicketHappened
from dispatch.pose import problem_of
from dispatch.problem import PlanningProblem
from dispatch.solve import Budget, solve
from dispatch.verify import violations
from kernel.interval import Interval
from tests import regions as build
from tests.dispatch.test_work_left import (
    PUBLISHED,
    TWO_DAYS,
    came,
    left,
    posed,
    region,
    said,
    work_min,
)

TOMORROW = build.at(0, day=7)


def ill(since: datetime, until: datetime = TOMORROW, engineer: str = "E-1") -> Absence:
    """He is ill from then on."""
    return Absence("ill-1", engineer, Interval(since, until), "illness")


def waits(at: datetime, by: str = "E-1") -> TicketEvent:
    """The ticket has to wait for a part."""
    return TicketEvent("T-1", at, EventKind.WAITING, by, "not in the van", "part", visit="V-1")


def rest(problem: PlanningProblem) -> list[tuple[str, int, int]]:
    """What remains: id, minutes, locked engineer; its plan holds, whether or not it pays to do it so late."""
    plan = solve(problem, Budget(seed=1, work=60))
    assert violations(problem, plan) == ()
    assert plan.claimed == cost(problem, plan)
    return [(visit.id, visit.service_s // 60, visit.engineer_lock) for visit in problem.visits]


@pytest.mark.parametrize("published", [(), PUBLISHED])
@pytest.mark.parametrize("now", [build.at(15, 30), build.at(23), build.at(7, day=7), build.at(9, day=7)])
def test_who_falls_ill_at_work_has_done_what_he_did(now: datetime, published: tuple[Any, ...]) -> None:
    """Seven hours of sixteen, the same as if he had said that he left."""
    fallen = region(
        TWO_DAYS, came(build.at(8)), field={"absences": (ill(build.at(15)),), "published": published}
    )
    went = region(TWO_DAYS, came(build.at(8)), left(build.at(15)), field={"published": published})
    both = replace(went, field=replace(went.field, absences=fallen.field.absences))

    assert rest(posed(fallen, now)) == [("V-1#2", 270, 0), ("V-1#3", 270, 0)]
    assert posed(fallen, now).digest == posed(both, now).digest
    assert rest(posed(went, now)) == rest(posed(fallen, now))


def test_before_he_falls_ill_he_is_at_work() -> None:
    """An absence that is known ahead ends nothing yet; the board that goes forward ends it in time."""
    world = region(TWO_DAYS, came(build.at(8)), field={"absences": (ill(build.at(15)),)})

    before = Board.of(world, now=build.at(14))

    assert before.standing["E-1"].visit == "V-1"
    assert work_min(problem_of(before)) == 10 * 60
    after = before.at(build.at(15, 30))
    assert after.standing["E-1"].visit == ""
    assert problem_of(after).digest == posed(world, build.at(15, 30)).digest


def test_an_absence_entered_later_counts_from_its_beginning() -> None:
    """He called at four: he has been in bed since three."""
    board = Board.of(region(TWO_DAYS, came(build.at(8))), now=build.at(16))

    told = board.apply(EngineerAway(ill(build.at(15))))

    assert rest(problem_of(told)) == [("V-1#2", 270, 0), ("V-1#3", 270, 0)]
    assert problem_of(told).digest == problem_of(Board.of(told.region, now=build.at(16))).digest


def test_who_comes_again_the_next_day_goes_on_where_he_stopped() -> None:
    """Nine hours were left; an hour later eight are."""
    absent = {"absences": (ill(build.at(15)),)}
    world = region(TWO_DAYS, came(build.at(8)), came(build.at(8, day=7)), field=absent)

    assert work_min(posed(world, build.at(9, day=7))) == 8 * 60


def test_who_says_that_he_left_after_he_fell_ill_worked_until_then() -> None:
    """His word counts, and the visit is not over."""
    absent = {"absences": (ill(build.at(15)),)}
    world = region(TWO_DAYS, came(build.at(8)), left(build.at(15, 30)), field=absent)

    assert work_min(posed(world, build.at(16))) == TWO_DAYS - 450


def test_a_desk_that_tidies_up_the_next_day_changes_nothing() -> None:
    """Nobody worked through the night."""
    absent = {"absences": (ill(build.at(15)),)}
    world = region(TWO_DAYS, came(build.at(8)), left(build.at(10, day=7), by="desk"), field=absent)

    assert work_min(posed(world, build.at(11, day=7))) == TWO_DAYS - 420


def test_who_is_ill_the_next_morning_went_home_at_the_end_of_his_shift() -> None:
    """Nine hours are done, not sixteen."""
    absent = {"absences": (ill(TOMORROW, build.at(0, day=8)),)}
    world = region(TWO_DAYS, came(build.at(8)), field=absent)

    assert work_min(posed(world, build.at(9, day=7))) == TWO_DAYS - 540


def test_short_work_is_begun_anew_by_whoever_comes() -> None:
    """Half an hour of an hour is nothing another engineer can build on; it does not wait for who is ill."""
    world = region(60, came(build.at(9)), field={"absences": (ill(build.at(9, 30)),)})

    for now in (build.at(9, 40), build.at(9, day=7)):
        assert rest(posed(world, now)) == [("V-1", 60, -1)]


def test_who_fell_ill_on_the_road_is_no_longer_on_the_way() -> None:
    """The next morning anybody may go."""
    gone = {"absences": (ill(build.at(9)),)}
    world = region(60, said(EventKind.TRAVELLING, build.at(8, 50)), field=gone)

    assert rest(posed(world, build.at(9, day=7))) == [("V-1", 60, -1)]


def test_a_helpers_illness_is_not_the_first_engineers() -> None:
    """The first goes on; of the helper's two days seven hours are done."""
    roles = (CrewRole("V-1", "helper", TWO_DAYS),)
    both = (came(build.at(8)), came(build.at(8), "E-2"))
    absent = {"crew_roles": roles, "absences": (ill(build.at(15), engineer="E-2"),)}

    problem = posed(region(TWO_DAYS, *both, field=absent), build.at(15, 30))

    work = {
        role: sum(v.service_s for v in problem.visits if ("@helper" in v.id) is role) // 60
        for role in (True, False)
    }
    assert work == {True: TWO_DAYS - 420, False: TWO_DAYS - 450}


def test_continuous_work_is_kept_too() -> None:
    """Three hours of sixteen are done, whoever relieves him."""
    absent = {"absences": (ill(build.at(11)),)}
    world = region(TWO_DAYS, came(build.at(8)), field=absent, continuous=True)
    went = region(TWO_DAYS, came(build.at(8)), left(build.at(11)), continuous=True)

    assert rest(posed(world, build.at(11, 30))) == rest(posed(went, build.at(11, 30)))


def test_work_that_waits_keeps_what_was_done() -> None:
    """Seven hours are done; of the last day's seven hours six."""
    first = region(TWO_DAYS, came(build.at(8)), waits(build.at(15)))
    day = (came(build.at(8)), left(build.at(17)), came(build.at(8, day=7)), waits(build.at(14, day=7)))

    assert rest(posed(first, build.at(15, 30))) == [("V-1#2", 270, 0), ("V-1#3", 270, 0)]
    assert rest(posed(region(TWO_DAYS, *day), build.at(14, 30, day=7))) == [("V-1#3", 60, 0)]


def test_leaving_after_the_wait_was_said_does_not_end_the_work() -> None:
    """He waits for the part, then he drives on: there is as much to do as before."""
    waiting = (came(build.at(8)), waits(build.at(15)))

    said_so, went = (
        posed(region(TWO_DAYS, *waiting, *more), build.at(15, 30)) for more in ((), (left(build.at(15, 10)),))
    )

    assert [(v.id, v.service_s) for v in said_so.visits] == [(v.id, v.service_s) for v in went.visits]


def test_a_unit_that_was_not_collected_yet_is_not_in_the_workshop() -> None:
    """He fell ill while he took it off: somebody has to collect it."""
    absent = {"absences": (ill(build.at(9, 30)),)}
    world = region(60, came(build.at(9)), field=absent, bench_min=240, return_min=20)

    problem = posed(world, build.at(10))

    assert [(v.id, v.service_s // 60) for v in problem.visits] == [("V-1", 60), ("V-1#2", 20)]


@settings(max_examples=60, deadline=None)
@given(st.integers(5, 520), st.booleans(), st.booleans())
def test_done_and_left_are_the_whole(minutes: int, fell_ill: bool, continuous: bool) -> None:
    """However long he was there: what he did and what remains are sixteen hours, and the board gone forward agrees."""
    at = build.at(8) + timedelta(minutes=minutes)
    world = region(TWO_DAYS, came(build.at(8)), continuous=continuous)
    event = EngineerAway(ill(at)) if fell_ill else TicketHappened(waits(at))

    board = Board.of(world, now=build.at(8)).at(at).apply(event)

    (stint,) = board.begun["V-1"].stints
    assert (stint.began, stint.left) == (build.at(8), at)
    shared = len(problem_of(board).visits) - 1 if continuous else 0
    handed_over = shared * world.settings.policy.handover_min
    assert work_min(problem_of(board)) == TWO_DAYS - minutes + handed_over
    assert problem_of(board).digest == problem_of(Board.of(board.region, now=at)).digest
