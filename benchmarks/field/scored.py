"""Plans priced by one measure: our own, and what others' routes come to when our insertion has placed what they left out."""

from __future__ import annotations

from dataclasses import dataclass, replace

from api.text import say
from benchmarks.apart import supplied, without_supply
from benchmarks.field.peers import Routes
from benchmarks.joint import mended
from dispatch.cost import cost
from dispatch.plan import CostTerms, Plan, Route, Stop, StopKind
from dispatch.problem import PlanningProblem
from dispatch.solve import Budget, solve
from dispatch.verify import violations


@dataclass(frozen=True, slots=True)
class Scored:
    """What a plan comes to.

    Args:
        cents: by `dispatch.cost`.
        left_out: visits on no route; `left_out_before`: of the planner's own answer, before ours were inserted.
        broken: rules the plan breaks, in words; empty when all is well.
    """

    cents: int
    left_out: int
    left_out_before: int
    broken: tuple[str, ...]


def ours(problem: PlanningProblem, *, seconds: float) -> Scored:
    """Plan it ourselves, with two search threads."""
    plan = solve(problem, Budget(seed=1, seconds=seconds))
    return _scored(problem, plan, len(plan.unassigned))


def theirs(problem: PlanningProblem, answers: list[Routes], *, supply: bool) -> Scored:
    """The best of a peer's answers, each completed by our insertion and, with `supply`, given parts and loaners."""
    scored = []
    for routes in answers:
        seen = without_supply(problem) if supply else problem
        plan = completed(seen, routes)
        if supply:
            plan = mended(problem, supplied(problem, plan))
        scored.append(_scored(problem, plan, len(problem.visits) - sum(map(len, routes))))
    return min(scored, key=lambda one: one.cents)


def completed(problem: PlanningProblem, routes: Routes) -> Plan:
    """The plan of these routes: who does what and in which order stays, what is left out is put at the cheapest place."""
    engineer = {v: shift.engineer for shift, route in zip(problem.shifts, routes, strict=True) for v in route}
    locked = replace(
        problem,
        visits=tuple(
            replace(visit, engineer_lock=engineer.get(v, -1)) for v, visit in enumerate(problem.visits)
        ),
    )
    hint = Plan(
        tuple(
            Route(
                shift.id,
                shift.start_s,
                shift.end_s,
                tuple(Stop(StopKind.VISIT, problem.visits[v].id, 0, 0, 0) for v in route),
            )
            for shift, route in zip(problem.shifts, routes, strict=True)
            if route
        ),
        (),
        CostTerms(),
    )
    return solve(locked, Budget(seed=1, work=0), hint)


def _scored(problem: PlanningProblem, plan: Plan, before: int) -> Scored:
    return Scored(
        cost(problem, plan).total,
        len(plan.unassigned),
        before,
        tuple(say(one.message, "en") for one in violations(problem, plan)),
    )
