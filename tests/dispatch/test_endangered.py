"""Promises in danger: heard from the engineer before anybody plans again, and read from the plan."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from dispatch.board import Board
from dispatch.cost import cost
from dispatch.desk.milestone import Milestone
from dispatch.desk.ticket import EventKind, TicketEvent
from dispatch.endangered import Danger, Endangered, endangered
from dispatch.event import TicketHappened
from dispatch.expected_needs import expected_needs
from dispatch.plan import Plan
from dispatch.pose import problem_of
from dispatch.problem import PlanningProblem
from dispatch.rescue import late_visit
from dispatch.solve import Budget, solve
from dispatch.verify import violations
from tests import regions as build

NEXT_MORNING = build.at(7, day=7)
"""When the repair of T-1 is due."""


def happened(
    kind: EventKind, at: datetime, value: str = "", *, by: str = "E-2", reason: str = ""
) -> TicketHappened:
    """Something E-2 says about T-1."""
    return TicketHappened(TicketEvent("T-1", at, kind, by, reason, value, "V-1"))


def on_site(*events: TicketHappened, by: str = "E-2") -> Board:
    """The engineer is at work at nine, then says something."""
    board = Board.of(build.region(part_needs=())).at(build.at(10))
    for event in (happened(EventKind.ON_SITE, build.at(9), by=by), *events):
        board = board.apply(event)
    return board


def solved(board: Board) -> tuple[PlanningProblem, Plan]:
    """The board planned, the plan read again."""
    problem = problem_of(board)
    plan = solve(problem, Budget(seed=1, work=200))
    assert violations(problem, plan) == ()
    assert cost(problem, plan).total == plan.claimed.total
    return problem, plan


def test_the_engineers_word_for_a_late_finish_calls_for_rescue_at_once() -> None:
    """Said at ten, known at ten: nobody waits for the next plan to find out."""
    late = NEXT_MORNING + timedelta(hours=2)
    in_time = NEXT_MORNING.isoformat()

    board = on_site(happened(EventKind.FORECAST_FINISH, build.at(10), late.isoformat()))

    assert endangered(board) == (Endangered("T-1", Milestone.REPAIR, NEXT_MORNING, Danger.WORD, late),)
    assert endangered(board)[0].late_by == timedelta(hours=2)
    assert endangered(on_site(happened(EventKind.FORECAST_FINISH, build.at(10), in_time))) == ()


def test_a_later_word_takes_back_the_first() -> None:
    """The last one holds; and what is repaired needs no rescue."""
    late = happened(EventKind.FORECAST_FINISH, build.at(9, 30), build.at(9, day=7).isoformat())
    sooner = happened(EventKind.FORECAST_FINISH, build.at(10), build.at(11).isoformat())

    assert endangered(on_site(late, sooner)) == ()
    assert endangered(on_site(late, happened(EventKind.REPAIRED, build.at(10)))) == ()


def test_a_part_that_lies_in_his_van_is_no_danger_and_one_that_does_not_is() -> None:
    """E-2 carries one board: the second is missing, and E-1 carries none."""
    one, two = (happened(EventKind.PART_NEEDED, build.at(10), f"P-1 {n}") for n in (1, 2))
    by_other = happened(EventKind.PART_NEEDED, build.at(10), "P-1 1", by="E-1")

    assert endangered(on_site(one)) == ()
    assert [(e.danger, e.parts, e.forecast_at) for e in endangered(on_site(two))] == [
        (Danger.PART, (("P-1", 1),), None)
    ]
    assert [e.parts for e in endangered(on_site(one, one))] == [(("P-1", 1),)]
    assert [e.parts for e in endangered(on_site(by_other, by="E-1"))] == [(("P-1", 1),)]


def test_a_part_asked_for_is_a_need_of_the_visit_however_the_board_came_to_know() -> None:
    """The next trip takes it along, stock counts it, and a board built anew from the facts agrees."""
    waiting = happened(EventKind.WAITING, build.at(10), "part", reason="not in the van")
    board = on_site(happened(EventKind.PART_NEEDED, build.at(10), "P-1 2"), waiting)

    problem, plan = solved(board)

    assert [(need.part, need.quantity) for need in board.part_needs["V-1"]] == [("P-1", 2)]
    assert [line.quantity for line in problem.visits[0].parts] == [2]
    assert sum(s.quantity for route in plan.routes for stop in route.stops for s in stop.supply) == 2
    assert problem.digest == problem_of(Board.of(board.region, now=board.now)).digest
    assert [n.quantity for n in expected_needs(board.region, now=board.now)] == [2]


def test_the_plan_that_passes_a_due_time_names_it_and_the_visit_to_rescue() -> None:
    """Two days of work cannot end in one: the plan says so, and `late_visit` finds whom to help."""
    visit = replace(build.region().field.visits[0], earliest_at=build.at(8, day=7))
    shift = replace(build.region().field.shifts[1], id="E-2/07")
    day_two = replace(shift, worked=replace(shift.worked, start=build.at(8, day=7), end=build.at(17, day=7)))
    region = build.region(visits=(visit,), part_needs=(), shifts=(day_two,))
    board = Board.of(region)

    problem, plan = solved(board)
    found = {one.milestone: one for one in endangered(board, problem, plan)}

    assert set(found) >= {Milestone.ARRIVE, Milestone.REPAIR}
    assert found[Milestone.REPAIR].danger is Danger.PLAN
    assert found[Milestone.REPAIR].due_at == NEXT_MORNING
    assert (found[Milestone.REPAIR].late_by or timedelta()) > timedelta()
    assert late_visit(problem, plan, "T-1") == "V-1"
    assert list(found) == sorted(found, key=lambda one: found[one].due_at)


def test_where_work_rests_the_new_plan_knows_better_than_the_old_word() -> None:
    """Said before he left: the day after tomorrow. Planned since: this afternoon."""
    late = happened(EventKind.FORECAST_FINISH, build.at(9, 30), build.at(9, day=7).isoformat())
    waits = happened(EventKind.WAITING, build.at(10), "customer", reason="gate shut")
    board = on_site(late, waits)

    problem, plan = solved(board)

    assert [one.danger for one in endangered(board)] == [Danger.WORD]
    assert Milestone.REPAIR not in {one.milestone for one in endangered(board, problem, plan)}


def test_nobody_planned_is_a_danger_too() -> None:
    """A visit no one may do has no forecast at all."""
    board = Board.of(build.region(shifts=(), part_needs=()))

    problem, plan = solved(board)

    assert {one.danger for one in endangered(board, problem, plan)} == {Danger.NOBODY}


def test_a_plan_that_keeps_every_promise_endangers_none() -> None:
    """And the engineer's word goes before it where the two differ."""
    board = Board.of(build.region(part_needs=()))
    problem, plan = solved(board)
    late = happened(EventKind.FORECAST_FINISH, build.at(10), build.at(9, day=7).isoformat())

    assert endangered(board, problem, plan) == ()
    assert [e.danger for e in endangered(on_site(late), problem, plan)] == [Danger.WORD]


def short(units: int, at: datetime) -> TicketHappened:
    """The store cannot stage boards for the visit of T-1."""
    return happened(EventKind.PART_SHORT, at, f"P-1 {units}", by="W-1")


def test_a_part_the_store_cannot_stage_endangers_the_promise_until_it_is_planned_anew() -> None:
    """Nobody goes yet, so nothing makes it good; once the board is planned, the plan says whether the part is had."""
    board = Board.of(build.region()).at(build.at(10)).apply(short(1, build.at(9)))

    assert [(e.danger, e.parts) for e in endangered(board)] == [(Danger.PART, (("P-1", 1),))]
    assert all(e.danger is not Danger.PART for e in endangered(board, *solved(board)))
    assert endangered(Board.of(board.region, now=board.now)) == endangered(board)
