"""The solver's claim, term by term, against what `dispatch.cost` finds."""

from __future__ import annotations

from collections.abc import Iterator

from dispatch.plan import CostTerms, Plan
from dispatch.rules import Rule
from dispatch.verify.violation import Violation, say

_TERM_RULES = {
    "late_arrive": Rule.ARRIVE_DUE,
    "late_repair": Rule.REPAIR_DUE,
    "late_substitute": Rule.SUBSTITUTE_DUE,
    "left_out": Rule.LEFT_OUT,
    "travel_time": Rule.TRAVEL,
    "distance": Rule.TRAVEL,
    "overtime": Rule.OVERTIME,
    "call_outs": Rule.CALL_OUT,
    "deliveries": Rule.PARTS,
    "loaner_couriers": Rule.LOANER,
    "loaner_days": Rule.LOANER,
    "second_visits": Rule.SECOND_VISIT,
    "partners": Rule.PARTNER,
    "other_engineers": Rule.PREFERRED,
    "territory": Rule.TERRITORY,
    "changes": Rule.CHANGE,
    "measure": Rule.TRAVEL,
    "vehicles": Rule.SHIFT,
}


def claims(plan: Plan, found: CostTerms) -> Iterator[Violation]:
    """Terms claimed wrongly, where the plan really costs `found`."""
    for term, rule in _TERM_RULES.items():
        claimed, true = getattr(plan.claimed, term), getattr(found, term)
        if claimed != true:
            yield say(rule, "claim_differs", term=term, claimed=claimed, found=true)
