"""The workshop as a way out of a repair on site: two trips, planned and priced like anybody's."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dispatch.board import Board
from dispatch.cost import cost, visit_stops
from dispatch.crew import Shift
from dispatch.desk.customer import Asset
from dispatch.desk.ticket import EventKind, TicketEvent
from dispatch.desk.visit import CrewRole, Lock, PublishedStop, Visit
from dispatch.desk.workshop import BenchTime
from dispatch.event import PlanPublished, TicketHappened, WorkshopChosen
from dispatch.pose import problem_of
from dispatch.publish import ChangeKind
from dispatch.region import Region
from dispatch.replan import replan
from dispatch.rescue import Bench, Rescue, Way, WayKind, bench, ways_out
from dispatch.solve import Budget, solve
from dispatch.verify import violations
from kernel.errors import Message, Refusal
from kernel.interval import Interval
from tests import regions as build

BUDGET = Budget(seed=1, work=400)
ALL = 99
"""Every shift is near."""

TIMES = BenchTime("M1", collect_min=30, bench_min=120, return_min=30)


def region(**field: Any) -> Region:
    """A repair of five and a half hours in shifts of six, and two other visits beside it; two engineers, two days."""
    shifts = tuple(
        Shift(f"{name}/0{day}", name, Interval(build.at(8, day=day), build.at(14, day=day)))
        for name in ("E-1", "E-2")
        for day in (6, 7)
    )
    tickets = (
        build.ticket("T-1", asset="A-1"),
        *(build.ticket(f"T-{n}", site="S-2", asset="A-2") for n in (2, 3)),
    )
    visits = (
        Visit("V-1", "T-1", "S-1", 330),
        *(Visit(f"V-{n}", f"T-{n}", "S-2", 90) for n in (2, 3)),
    )
    return build.region(
        **{
            "shifts": shifts,
            "tickets": tickets,
            "visits": visits,
            "part_needs": (),
            "bench_times": (TIMES,),
            **field,
        }
    )


def rescued(board: Board, *, near: int = ALL) -> tuple[Rescue, Way]:
    """All ways out for V-1, and the workshop among them."""
    problem = problem_of(board)
    plan = solve(problem, BUDGET)
    found = ways_out(problem, plan, "V-1", bench=bench(board, "V-1"), near=near, budget=BUDGET)
    (way,) = (one for one in found.ways if one.kind is WayKind.WORKSHOP)
    return found, way


@pytest.mark.parametrize("near", [1, ALL])
def test_the_workshop_is_a_plan_that_holds_and_costs_what_it_says(near: int) -> None:
    """Collected, repaired on the bench for two hours, brought back; the price against the plan as it is."""
    board = Board.of(region())
    found, way = rescued(board, near=near)

    assert way.plan is not None
    assert way.problem is not None
    assert violations(way.problem, way.plan) == ()
    assert way.plan.claimed == cost(way.problem, way.plan)
    stops = {stop.ref: stop for stop in visit_stops(way.plan)}
    assert stops["V-1"].end_s - stops["V-1"].start_s == 30 * 60
    assert stops["V-1#2"].start_s >= stops["V-1"].end_s + 120 * 60
    assert way.finish_s == stops["V-1#2"].end_s
    as_it_is = found.ways[0].plan
    assert as_it_is is not None
    assert way.cents == way.plan.claimed.total - as_it_is.claimed.total


def test_it_is_what_the_solver_itself_makes_of_a_workshop_trip() -> None:
    """With every shift near the way costs what planning the whole region costs, had the desk said workshop at once."""
    board = Board.of(region())
    _, way = rescued(board)

    sent = problem_of(board.apply(WorkshopChosen("V-1")))
    own = solve(sent, BUDGET)

    assert violations(sent, own) == ()
    assert own.claimed == cost(sent, own)
    assert way.problem is not None
    assert way.problem.digest == sent.digest
    assert way.plan is not None
    assert way.plan.claimed == own.claimed


def test_said_by_the_desk_at_once_it_is_the_same_problem() -> None:
    """A region whose visit has bench times of its own and one whose visit is sent there later are the same."""
    row = Visit("V-1", "T-1", "S-1", 30, bench_min=120, return_min=30, continuous=False)
    visits = (row, *region().field.visits[1:])

    assert (
        problem_of(Board.of(region(visits=visits))).digest
        == problem_of(Board.of(region()).apply(WorkshopChosen("V-1"))).digest
    )


def test_others_who_make_room_are_named() -> None:
    """What a way does to everybody else stands on the card."""
    _, way = rescued(Board.of(region()))

    assert {*way.effect.moved, *way.effect.late, *way.effect.displaced} <= {"V-2", "V-3"}


def why(board: Board) -> Message:
    """Why the workshop is closed."""
    found = bench(board, "V-1")
    assert isinstance(found, Message)
    return found


def test_without_what_it_takes_to_know_the_way_is_closed_and_says_what_to_enter() -> None:
    """Nothing is guessed: no workshop, no bench time for the model, no model."""
    other = BenchTime("M9", 10, 10, 10)
    bare = (Asset("A-1", "S-1", "SN1"), Asset("A-2", "S-2", "SN2", "M1"))

    assert why(Board.of(region(bench_times=()))) == Message("closed.no_workshop")
    assert why(Board.of(region(bench_times=(other,)))) == Message("closed.no_bench", {"model": "M1"})
    assert why(Board.of(region(assets=bare))) == Message("closed.no_model", {"ticket": "T-1"})


def test_what_has_begun_or_goes_there_anyway_is_closed() -> None:
    """A unit that is open on the table is not collected, and one that is collected is not collected again."""
    board = Board.of(region())
    begun = board.apply(TicketHappened(TicketEvent("T-1", build.at(8), EventKind.ON_SITE, "E-1")))

    assert why(begun) == Message("closed.begun")
    assert why(board.apply(WorkshopChosen("V-1"))) == Message("closed.is_workshop")
    assert isinstance(bench(board, "V-1"), Bench)


@pytest.mark.parametrize(
    ("name", "changed", "code"),
    [
        ("V-9", {}, "board.unknown_visit"),
        ("V-1", {"bench_times": ()}, "board.no_bench_time"),
        (
            "V-2",
            {"assets": (Asset("A-1", "S-1", "SN1", "M1"), Asset("A-2", "S-2", "SN2"))},
            "board.no_bench_time",
        ),
    ],
)
def test_the_board_sends_nothing_there_it_knows_no_time_for(
    name: str, changed: dict[str, Any], code: str
) -> None:
    """And says what is missing."""
    with pytest.raises(Refusal) as refused:
        Board.of(region(**changed)).apply(WorkshopChosen(name))

    assert refused.value.code == code


def test_a_visit_is_sent_once_and_never_from_under_somebody() -> None:
    """It stands on the board as a trip to the bench from then on."""
    board = Board.of(region())
    begun = board.apply(TicketHappened(TicketEvent("T-1", build.at(8), EventKind.ON_SITE, "E-1")))
    sent = board.apply(WorkshopChosen("V-1"))

    codes = []
    for where in (begun, sent):
        with pytest.raises(Refusal) as refused:
            where.apply(WorkshopChosen("V-1"))
        codes.append(refused.value.code)

    assert codes == ["board.visit_begun", "board.at_workshop"]
    assert sent.workshop == ("V-1",)
    assert (
        replace(sent.visits["V-1"], duration_min=330, bench_min=None, return_min=0, continuous=None)
        == (board.visits["V-1"])
    )


def test_a_crew_is_not_sent_there() -> None:
    """Whoever was to come along has nothing to do when one engineer collects the unit: the desk says so first."""
    board = Board.of(region(crew_roles=(CrewRole("V-1", "helper", 60),)))

    with pytest.raises(Refusal) as refused:
        board.apply(WorkshopChosen("V-1"))

    assert refused.value.code == "board.crew_at_workshop"
    assert why(board) == Message("closed.crew")


def told(piece: int, *, day: int, lock: Lock = Lock.BOTH) -> PublishedStop:
    """A day of V-1 the customer knows of."""
    return PublishedStop("V-1", f"E-1/0{day}", build.at(8, day=day), lock, build.at(7), piece=piece)


def test_days_of_a_repair_are_no_days_to_bring_it_back() -> None:
    """Two days on site were published: collecting may start when it likes, the return has no date, the customer is called."""
    days = (told(1, day=6), told(2, day=7), told(3, day=7, lock=Lock.NONE))
    board = Board.of(region(published=days)).apply(WorkshopChosen("V-1"))

    turned = replan(board, BUDGET)

    assert violations(turned.problem, turned.plan) == ()
    assert turned.plan.claimed == cost(turned.problem, turned.plan)
    collect, back = (turned.problem.visits[turned.problem.visit_index[one]] for one in ("V-1", "V-1#2"))
    assert (collect.start_lock_s, collect.engineer_lock >= 0) == (None, True)
    assert (back.published, back.start_lock_s, back.engineer_lock) == (None, None, -1)
    found = {change.visit: change for change in turned.changes}
    assert found["V-1#2"].told
    assert found["V-1#2"].old == ("E-1/07", build.at(8, day=7))
    assert (found["V-1#3"].kind, found["V-1#3"].told) == (ChangeKind.LEFT_OUT, True)


def test_in_a_plan_published_since_the_return_stands_as_published() -> None:
    """Once people go by the trip to the bench, its second piece is the return; nothing old is listed any more."""
    board = Board.of(region(published=(told(1, day=6), told(2, day=7)))).apply(WorkshopChosen("V-1"))

    after = board.apply(PlanPublished((told(1, day=6), told(2, day=7))))

    problem = problem_of(after)
    back = problem.visits[problem.visit_index["V-1#2"]]
    assert after.overtaken == ()
    assert back.published is not None
    assert back.start_lock_s is not None
