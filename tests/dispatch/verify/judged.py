"""Plans before the verifier, and the pieces they are made of."""

from __future__ import annotations

from dataclasses import replace

from dispatch.cost import cost
from dispatch.plan import (
    LoanerBy,
    LoanerChoice,
    Plan,
    Source,
    Stop,
    StopKind,
    Supply,
)
from dispatch.problem import (
    Engineer,
    LoanerCourier,
    LoanerGrant,
    PartLine,
    PlanningProblem,
    Store,
)
from dispatch.rules import Rule
from dispatch.verify import violations
from tests import builders as build

PICK_UP = Stop(StopKind.PICK_UP, "D", 0, 0, 0)
FROM_D = Supply("A", "A", 1, Source.PICK_UP, "D")
FROM_VAN = Supply("A", "A", 1, Source.VAN)
SHELF = (Store("D", 0, stock=((0, 1),)),)
NEEDS_A = build.visit("V", 2, parts=(PartLine(0, 1),))
GRANT = LoanerGrant((0,), (LoanerCourier(0, 0, 50, 700),), day_cents=100)
LENDING = (Store("D", 0, loaners=((0, ("U1",)),)),)
TWO = (Engineer("E1"), Engineer("E2"))
MAYBE_A = build.visit("V", 2, parts=(PartLine(0, 1, without_cents=400),))
WITHOUT = Supply("A", "A", 0, Source.WITHOUT)
SENT = LoanerChoice("U1", "L", "D", LoanerBy.COURIER, 50)


def claimed(problem: PlanningProblem, plan: Plan) -> Plan:
    """The plan with its true cost claimed."""
    return replace(plan, claimed=cost(problem, plan))


def broken(problem: PlanningProblem, plan: Plan) -> set[Rule]:
    """The rules `plan` breaks."""
    return {found.rule for found in violations(problem, claimed(problem, plan))}


def named(problem: PlanningProblem, plan: Plan) -> set[tuple[Rule, str]]:
    """Rules broken and how, whatever the plan claims."""
    return {(found.rule, found.message.code.removeprefix("verify.")) for found in violations(problem, plan)}
