"""The plan a command is about: read from its file and checked against the dataset, or made now."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from api.cli.dataset import Opened
from kernel.errors import Location, Refusal

if TYPE_CHECKING:
    # Importing the solver takes a second: the other commands do not wait for it.
    from dispatch.board import Board
    from dispatch.plan import Plan
    from dispatch.problem import PlanningProblem
    from storage.plan_file import PlanFile


def given_plan(opened: Opened, path: Path) -> tuple[Board, PlanningProblem, PlanFile]:
    """Read a plan file, and pose the problem it was made for.

    Raises:
        Refusal: ``plan_file.*`` when the file is no plan, or not one of this dataset; ``board.*`` when a visit it sends
            to the workshop cannot go there.
    """
    from api.usecases.planning import as_in_plan
    from dispatch.board import Board
    from dispatch.pose import problem_of
    from storage.plan_file import check_belongs, read_plan

    file = read_plan(path)
    if file.head.dataset_digest != opened.digest:
        raise Refusal(
            "plan_file.other_dataset", at=Location(path.name), plan=path.name, dataset=opened.digest[:12]
        )
    board = as_in_plan(Board.of(opened.region, now=file.head.now), file.head.workshop)
    problem = problem_of(board)
    check_belongs(file, problem, dataset_digest=opened.digest, name=path.name)
    return board, problem, file


def given_or_made(
    opened: Opened, path: Path | None, *, work: int, now: datetime | None = None
) -> tuple[Board, PlanningProblem, Plan]:
    """`given_plan`, or without a path the dataset planned with `work` steps of search, at its own moment or at `now`.

    Raises:
        Refusal: ``plan_file.*``; ``plan_file.does_not_hold`` when the plan breaks a rule: what is built on it would, too.
    """
    from dispatch.board import Board
    from dispatch.replan import replan
    from dispatch.solve import Budget
    from dispatch.verify import violations

    if path is None:
        board = Board.of(opened.region, now=now)
        turned = replan(board, Budget(seed=1, work=work))
        return board, turned.problem, turned.plan
    board, problem, file = given_plan(opened, path)
    wrong = violations(problem, file.plan)
    if wrong:
        raise Refusal(
            "plan_file.does_not_hold",
            at=Location(path.name),
            count=len(wrong),
            rule=wrong[0].rule.value,
            code=wrong[0].message.code,
        )
    return board, problem, file.plan
