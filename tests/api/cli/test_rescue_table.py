"""The card of a rescue: no heading stands over nothing."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO

from rich.console import Console

from api.cli.rescue_table import print_rescue
from api.text import label
from api.usecases.rescuing import Rescued, rescue_ticket
from dispatch.board import Board
from dispatch.cost import cost
from dispatch.plan import CostTerms
from dispatch.pose import problem_of
from dispatch.solve import Budget, solve
from dispatch.verify import violations
from tests import regions as build


def printed(rescued: Rescued) -> str:
    """The card as text."""
    out = StringIO()
    print_rescue(rescued, Console(file=out, width=200), "en")
    return out.getvalue()


def test_where_nothing_costs_anything_no_money_is_announced() -> None:
    """Only waiting is open: the line that promises money term by term comes with a way that costs some."""
    board = Board.of(build.region())
    problem = problem_of(board)
    plan = solve(problem, Budget(seed=1, work=100))
    assert violations(problem, plan) == ()
    assert plan.claimed == cost(problem, plan)
    found = rescue_ticket(board, problem, plan, "V-1")
    (wait, *_) = found.rescue.ways
    heading = label("rescue.terms", "en", currency="CNY")

    waiting = replace(found, rescue=replace(found.rescue, ways=(wait,)))
    dear = replace(wait, terms=CostTerms(overtime=100))
    both = replace(found, rescue=replace(found.rescue, ways=(wait, dear)))

    assert wait.cents == 0
    assert heading not in printed(waiting)
    assert heading in printed(both)
