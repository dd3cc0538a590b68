"""What is measured of a plan changed while people wait is a plan that holds."""

from __future__ import annotations

from benchmarks import urgent
from dispatch.board import Board
from dispatch.event import PlanPublished
from dispatch.pose import problem_of
from dispatch.publish import stops_of
from dispatch.solve import Budget, solve
from scenarios.world.region import region
from scenarios.world.spec import Spec


def test_an_engineer_who_falls_ill_is_planned_around_and_both_plans_hold() -> None:
    """A gap between plans that break rules would say nothing."""
    spec = Spec(engineers=3, visits=9, remote=1, loaners=2, closed=5, depots=1, history_months=1)
    board = Board.of(region(spec, seed=urgent.SEED))
    problem = problem_of(board)
    plan = solve(problem, Budget(seed=1, work=200))
    board = board.apply(PlanPublished(stops_of(board, problem, plan)))
    gone = problem.engineers[problem.shifts[problem.shift_index[plan.routes[0].shift]].engineer].id

    found = urgent.after(board, plan, gone, soon=0.2, fresh=0.2)

    assert found.wrong == 0
    assert found.again > 0
    assert found.fresh > 0


def test_every_question_is_asked_once_and_timed() -> None:
    """A figure over fewer questions than it says would be made up."""
    asked: list[int] = []

    took = urgent.waited([lambda: asked.append(1), lambda: asked.append(2)])

    assert asked == [1, 2]
    assert len(took.wall_ms) == len(took.cpu_ms) == 2
