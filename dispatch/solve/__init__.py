"""The solver: `solve(problem, budget, hint)` gives a plan; `warm` compiles it beforehand.

A compiled search (ruin and recreate on flat arrays) proposes routes, CP-SAT chooses among them. Compiled
code is kept from run to run (`cache`); numba and OR-Tools are imported when the first solve begins.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from dispatch.plan import Plan
from dispatch.problem import PlanningProblem
from dispatch.solve import cache
from dispatch.solve.budget import Budget, Progress
from dispatch.solve.candidate import Candidate
from kernel.clock import Stopwatch

__all__ = ["Budget", "Candidate", "Progress", "cache", "laid_out", "places_for", "solve", "warm"]

if TYPE_CHECKING:
    from dispatch.solve.encode import Problem


def solve(
    problem: PlanningProblem,
    budget: Budget,
    hint: Plan | None = None,
    *,
    progress: Callable[[Progress], bool] | None = None,
) -> Plan:
    """Search for a plan that costs as little as possible and keeps every rule.

    Args:
        problem: what to plan.
        budget: how long; the same problem, hint, seed and work give the same plan.
        hint: a plan to start from; what of it no longer holds is searched anew.
        progress: called in this thread at the end of each epoch; False ends the search early.

    Returns:
        The plan CP-SAT chose among all routes seen, with its cost claim and manifest. Visits left out say
        ``unassigned.nobody`` (proved: every engineer fails a rule) or ``unassigned.not_found``; where a large problem was
        cut into pieces (`decompose`) always the latter, which is no proof.
    """
    watch = Stopwatch()  # loading the compiled search counts, too
    from dispatch.solve import decompose, engine

    run = decompose.run if decompose.is_large(problem) else engine.run
    return run(problem, budget, hint, progress=progress, watch=watch)


def laid_out(problem: PlanningProblem) -> Problem:
    """Lay the problem out for `places_for`, to ask many questions about one problem."""
    from dispatch.solve.encode import encode as lay_out

    return lay_out(problem)


def places_for(
    problem: PlanningProblem, plan: Plan, visit: str, *, encoded: Problem | None = None
) -> list[Candidate]:
    """Find the cheapest place for one visit on every shift of a plan, other visits staying in their order.

    Args:
        problem: what is planned.
        plan: its plan; a stop of `visit` itself is thought away first.
        visit: the visit's id.
        encoded: `laid_out(problem)` where it is at hand, to answer in milliseconds.

    Returns:
        At most one candidate per shift, in order of the problem's shifts; a shift with no place has none.

    Raises:
        KeyError: the problem has no such visit.
    """
    from dispatch.solve.insertion import places_for as find

    return find(encoded if encoded is not None else laid_out(problem), plan, visit)


def warm() -> None:
    """Compile everything into the cache by solving tiny problems of each kind: at set-up, a few minutes."""
    from dispatch.solve.warming import compile_all

    compile_all()
