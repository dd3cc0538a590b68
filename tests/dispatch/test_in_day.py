"""A day that has begun: people start where they stand, and what is under way is finished first."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from dispatch.board import Board
from dispatch.crew import Absence, Position
from dispatch.desk.ticket import EventKind, TicketEvent
from dispatch.event import EngineerAway, EngineerSeen, TicketHappened
from dispatch.pose import problem_of
from dispatch.problem import PlanningProblem, Shift
from dispatch.solve import Budget, solve
from dispatch.verify import violations
from kernel.interval import Interval
from kernel.place import LatLon
from tests import regions as build

HOUR_S = 3600


def step(kind: EventKind, at: datetime, value: str = "", reason: str = "") -> TicketHappened:
    """A step of T-1 by E-1."""
    return TicketHappened(TicketEvent("T-1", at, kind, "E-1", reason, value))


def first_shift(problem: PlanningProblem) -> Shift:
    """E-1's."""
    return next(shift for shift in problem.shifts if problem.engineers[shift.engineer].id == "E-1")


def on_site() -> Board:
    """E-1 began to work on V-1 (60 minutes) at nine; it is half past."""
    board = Board.of(build.region()).at(build.at(9)).apply(step(EventKind.ON_SITE, build.at(9)))
    return board.at(build.at(9, 30))


def test_a_visit_under_way_keeps_its_engineer_and_only_what_is_left_of_it() -> None:
    """Half an hour is done, half an hour remains, from now, where he stands; the arrival is no longer owed."""
    problem = problem_of(on_site())

    (visit,) = problem.visits
    shift = first_shift(problem)
    assert (visit.engineer_lock, visit.start_lock_s, visit.service_s) == (shift.engineer, 0, HOUR_S // 2)
    assert (problem.places[shift.start_place], shift.start_s) == ("site:S-1", 0)
    assert visit.arrive is None
    assert visit.repair is not None


def test_a_revised_finish_is_believed() -> None:
    """The engineer knows best how long it takes."""
    board = on_site().apply(step(EventKind.FORECAST_FINISH, build.at(9, 20), build.at(12).isoformat()))

    assert problem_of(board).visits[0].service_s == 5 * HOUR_S // 2


def test_a_silent_overrun_is_finished_any_minute() -> None:
    """Past his time and not heard of: he is not free yet."""
    assert problem_of(on_site().at(build.at(11))).visits[0].service_s == 60


def test_what_is_under_way_is_finished_whatever_the_overtime_allows() -> None:
    """Nobody leaves an open machine because his shift ends; the plan holds and says what it costs."""
    board = on_site().apply(step(EventKind.FORECAST_FINISH, build.at(9, 20), build.at(18).isoformat()))
    problem = problem_of(board)

    plan = solve(problem, Budget(seed=1, work=20))

    assert first_shift(problem).overtime_s > HOUR_S
    assert plan.unassigned == ()
    assert violations(problem, plan) == ()


def test_a_visit_finished_in_overtime_is_not_planned_again() -> None:
    """After his shift he finishes what he began; no second engineer is sent."""
    board = on_site().apply(step(EventKind.FORECAST_FINISH, build.at(9, 20), build.at(18).isoformat()))

    assert problem_of(board.at(build.at(17, 30))).visits == ()


def test_who_left_starts_from_there_and_the_visit_is_done() -> None:
    """The ticket may need another trip; this one is over."""
    board = on_site().apply(step(EventKind.LEFT, build.at(9, 30)))
    problem = problem_of(board)

    assert problem.visits == ()
    assert problem.places[first_shift(problem).start_place] == "site:S-1"
    assert first_shift(problem).start_s == 0
    assert board.tickets.keys() == {"T-1"}


def test_work_that_waits_for_a_part_is_to_be_planned_again_in_full() -> None:
    """The engineer is free where he stands."""
    problem = problem_of(on_site().apply(step(EventKind.WAITING, build.at(9, 30), "part", "no part")))

    assert problem.visits[0].engineer_lock == -1
    assert problem.visits[0].service_s == HOUR_S
    assert problem.places[first_shift(problem).start_place] == "site:S-1"


def test_who_is_on_the_way_arrives_when_the_road_says() -> None:
    """He left home at nine; ten minutes later he is still on the road, and the visit is his."""
    board = Board.of(build.region()).at(build.at(9)).apply(step(EventKind.TRAVELLING, build.at(9)))

    problem = problem_of(board.at(build.at(9, 5)))

    road = board.roads.index["home:E-1"], board.roads.index["site:S-1"]
    shift = first_shift(problem)
    assert problem.places[shift.start_place] == "site:S-1"
    assert shift.start_s == board.roads.seconds[road] - 300
    assert problem.visits[0].engineer_lock == shift.engineer
    assert problem.visits[0].start_lock_s is None


def test_a_position_is_where_the_day_goes_on() -> None:
    """Said at nine, free from ten."""
    seen = Position("E-1", build.at(9), LatLon(26.06, 119.31), free_at=build.at(10))

    problem = problem_of(Board.of(build.region()).at(build.at(9)).apply(EngineerSeen(seen)))

    assert problem.places[first_shift(problem).start_place] == "at:26.06,119.31"
    assert first_shift(problem).start_s == HOUR_S


def test_what_was_heard_in_another_shift_does_not_count() -> None:
    """Where somebody was last night is not where he starts this morning."""
    night = build.region(positions=(Position("E-1", build.at(22, day=5), LatLon(26.06, 119.31)),))

    assert (
        problem_of(Board.of(night)).places[first_shift(problem_of(Board.of(night))).start_place] == "home:E-1"
    )


def test_an_engineer_taken_ill_leaves_his_visit_to_others() -> None:
    """Under way means that somebody is there to do it."""
    ill = Absence("AB-1", "E-1", Interval(build.at(9, 30), build.at(23)), "illness")

    problem = problem_of(on_site().apply(EngineerAway(ill)))

    assert problem.visits[0].engineer_lock == -1
    assert [problem.engineers[shift.engineer].id for shift in problem.shifts] == ["E-2"]


def test_the_part_in_his_van_is_used_by_the_visit_he_works_on() -> None:
    """It is still on hand and already spoken for."""
    board = Board.of(build.region()).at(build.at(9))
    by_second = TicketHappened(TicketEvent("T-1", build.at(9), EventKind.ON_SITE, "E-2"))

    first, second = problem_of(on_site()), problem_of(board.apply(by_second))

    assert first.visits[0].parts == ()
    assert [replace(line, offers=()) for line in second.visits[0].parts] == [second.visits[0].parts[0]]
    assert second.engineers[1].van == ((0, 1),)


def test_who_works_through_the_time_for_his_break_has_it_afterwards() -> None:
    """Nobody is pulled off an open machine, and nobody goes without a break."""
    region = build.region()
    noon = Interval(build.at(11, 30), build.at(13, 30))
    shifts = tuple(replace(shift, break_between=noon, break_min=45) for shift in region.field.shifts)
    board = Board.of(build.region(shifts=shifts)).at(build.at(9)).apply(step(EventKind.ON_SITE, build.at(9)))
    late = step(EventKind.FORECAST_FINISH, build.at(9), build.at(15).isoformat())

    problem = problem_of(board.apply(late))
    plan = solve(problem, Budget(seed=1, work=20))

    assert first_shift(problem).breaks[0].until_s == 6 * HOUR_S + HOUR_S // 2
    assert plan.unassigned == ()
    assert violations(problem, plan) == ()
