"""What is wrong with a plan: the specification, in plain Python, one function for each rule. Knows no solver.

`violations` takes any plan, however broken, and answers in words (codes under ``verify.``); an empty
answer means every hard rule holds and the claimed cost is exactly what `dispatch.cost` finds.
"""

from __future__ import annotations

from dispatch.cost import cost
from dispatch.plan import Plan
from dispatch.problem import PlanningProblem
from dispatch.verify.accounted import once, unknown_ids
from dispatch.verify.claims import claims
from dispatch.verify.lent import loaner_units
from dispatch.verify.routes import of_route
from dispatch.verify.supplies import stock
from dispatch.verify.together import links, partners
from dispatch.verify.violation import Violation

__all__ = ["Violation", "violations"]


def violations(problem: PlanningProblem, plan: Plan) -> tuple[Violation, ...]:
    """List everything wrong with `plan`, hard rules first, then cost terms claimed wrongly."""
    return broken_rules(problem, plan) or tuple(claims(plan, cost(problem, plan)))


def broken_rules(problem: PlanningProblem, plan: Plan) -> tuple[Violation, ...]:
    """List the hard rules `plan` breaks, whatever it claims to cost: only a plan without any has a price."""
    unknown = tuple(unknown_ids(problem, plan))
    if unknown:
        return unknown
    return (
        *once(problem, plan),
        *(wrong for route in plan.routes for wrong in of_route(problem, route)),
        *partners(problem, plan),
        *links(problem, plan),
        *stock(problem, plan),
        *loaner_units(problem, plan),
    )
