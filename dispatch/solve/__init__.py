"""The solver: `solve(problem, budget, hint)` gives a plan; `warm` compiles it beforehand.

A compiled search (ruin and recreate on flat arrays) proposes routes, CP-SAT chooses among them. Compiled
code is kept from run to run (`cache`); numba and OR-Tools are imported when the first solve begins.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from dispatch.plan import Plan
from dispatch.problem import PlanningProblem
from dispatch.solve import cache
from dispatch.solve.budget import Budget, Progress
from dispatch.solve.candidate import Candidate
from kernel.clock import Stopwatch

__all__ = [
    "Budget",
    "Candidate",
    "Progress",
    "cache",
    "laid_out",
    "places_for",
    "solve",
    "solve_part",
    "warm",
]

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


def solve_part(problem: PlanningProblem, budget: Budget, hint: Plan | None = None) -> Plan:
    """`solve` for the few visits of a part of a plan, in milliseconds: a little work is done in one thread, and nothing is signed.

    Args:
        problem: the part.
        budget: how long; the same problem, hint, seed and work give the same plan.
        hint: the part's plan as it is.

    Returns:
        As `solve`, without a manifest: it is for the whole plan to say how it came to be.
    """
    from dispatch.solve import decompose, engine

    if decompose.is_large(problem):
        return replace(decompose.run(problem, budget, hint), manifest=None)
    return engine.run_part(problem, budget, hint)


KEPT, KEPT_BYTES = 4, 1 << 29
"""Problems laid out that are kept, and what they may take in all: about two of 3,000 visits and 300 engineers."""

_LAID_OUT: OrderedDict[int, Problem] = OrderedDict()
_TURN = threading.Lock()


def laid_out(problem: PlanningProblem, *, keep: bool = True) -> Problem:
    """Lay the problem out for `places_for`, to ask many questions about one problem.

    The last ones are kept for whoever asks next about the very same problem: it is frozen and stays as long as what was
    made of it, so nothing here can be out of date. `keep` False: nobody will ask about it again.
    """
    from dispatch.solve.encode import encode as lay_out

    with _TURN:
        known = _LAID_OUT.get(id(problem))
        if known is not None:
            _LAID_OUT.move_to_end(id(problem))
            return known
    made = lay_out(problem)
    if keep and _bytes(made) <= KEPT_BYTES:
        with _TURN:
            _LAID_OUT[id(problem)] = made
            while len(_LAID_OUT) > KEPT or sum(map(_bytes, _LAID_OUT.values())) > KEPT_BYTES:
                _LAID_OUT.popitem(last=False)
    return made


def _bytes(made: Problem) -> int:
    return sum(array.nbytes for array in made.arrays)


def places_for(
    problem: PlanningProblem, plan: Plan, visit: str, *, encoded: Problem | None = None
) -> list[Candidate]:
    """Find the cheapest place for one visit on every shift of a plan, other visits staying in their order.

    Args:
        problem: what is planned.
        plan: its plan; a stop of `visit` itself is thought away first.
        visit: the visit's id.
        encoded: `laid_out(problem)` where it is at hand, to answer in milliseconds. The routes of the plan last asked about are
            kept with it: of a plan that differs in a few only these are put in anew.

    Returns:
        At most one candidate per shift, in order of the problem's shifts; a shift with no place has none.

    Raises:
        KeyError: the problem has no such visit.
    """
    from dispatch.solve.insertion import places_for as find

    return find(encoded if encoded is not None else laid_out(problem, keep=False), plan, visit)


def warm() -> None:
    """Compile everything into the cache by solving tiny problems of each kind: at set-up, a few minutes."""
    from dispatch.solve.warming import compile_all

    compile_all()
