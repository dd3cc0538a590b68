"""Why this engineer, why not, what would help: answers in layers, each with how it is known.

filter: a rule that alone rules a shift out, on an empty day with every part on its quickest way (proved).
alone: whether the shift could do the visit on an otherwise empty day (proved either way), and whether the visits that
go with it let it (a mate that rules it out is proved, one that seems to let it is not). insert: the cheapest place
in the plan as it stands (what does not fit there may still fit after moving others: not found). displace: who would
give way (found: a verified plan).
"""

from __future__ import annotations

from dataclasses import replace

from dispatch.explain.answer import Answer, Displacement, Explanation, Layer, Remedy
from dispatch.explain.asked import answers_of, his_answers, nobody_planned, partners_of
from dispatch.explain.displaced import displacements
from dispatch.explain.reason import reason_of, stays_away
from dispatch.explain.remedy import remedied, remedies
from dispatch.explain.together import Mates
from dispatch.plan import Known, Plan, StopKind, Unassigned
from dispatch.problem import PlanningProblem
from dispatch.solve import laid_out, places_for
from kernel.errors import Message, Refusal

__all__ = [
    "Answer",
    "Displacement",
    "Explanation",
    "Layer",
    "Remedy",
    "answers",
    "explain",
    "reasons",
    "remedied",
]


def explain(problem: PlanningProblem, plan: Plan, visit: str) -> Explanation:
    """Explain one visit of a plan.

    Raises:
        Refusal: ``explain.unknown_visit``.
    """
    if visit not in problem.visit_index:
        raise Refusal("explain.unknown_visit", visit=visit)
    wanted = problem.visits[problem.visit_index[visit]]
    where, start_s = _where(plan, visit)
    rest = _without(plan, visit)
    encoded, mates = laid_out(problem), Mates(problem)
    answers = answers_of(problem, rest, wanted, encoded=encoded, mates=mates)
    partners = partners_of(problem, wanted)
    if where:
        return Explanation(visit, where, start_s, answers, partners, None)
    reason = reason_of(problem, wanted, answers, mates, away=stays_away(problem, rest, wanted))
    if any(answer.fits for answer in answers):
        return Explanation(visit, "", -1, answers, partners, reason)
    alone = sorted(
        places_for(problem, nobody_planned(problem), visit, encoded=encoded), key=lambda one: one.cents
    )
    engineers = list(dict.fromkeys(problem.shifts[problem.shift_index[one.shift]].engineer for one in alone))
    return Explanation(
        visit,
        "",
        -1,
        answers,
        partners,
        reason,
        remedies(problem, rest, wanted),
        displacements(problem, rest, wanted, engineers),
    )


def answers(problem: PlanningProblem, plan: Plan, visit: str, engineer: str) -> tuple[Answer, ...]:
    """What an engineer's shifts say to one visit of a plan: the part of `explain` that takes milliseconds.

    Raises:
        Refusal: ``explain.unknown_visit``, ``candidates.unknown_engineer``.
    """
    if visit not in problem.visit_index:
        raise Refusal("explain.unknown_visit", visit=visit)
    if engineer not in problem.engineer_index:
        raise Refusal("candidates.unknown_engineer", engineer=engineer)
    wanted, number = problem.visits[problem.visit_index[visit]], problem.engineer_index[engineer]
    return his_answers(problem, _without(plan, visit), wanted, number, mates=Mates(problem))


def reasons(problem: PlanningProblem, plan: Plan) -> tuple[Unassigned, ...]:
    """Give every visit a plan leaves out its reason, in the plan's order."""
    if not plan.unassigned:
        return ()
    encoded, mates = laid_out(problem), Mates(problem)
    return tuple(
        reason_of(
            problem,
            visit,
            answers_of(problem, plan, visit, encoded=encoded, mates=mates),
            mates,
            away=stays_away(problem, plan, visit),
        )
        for visit in (problem.visits[problem.visit_index[missing.visit]] for missing in plan.unassigned)
    )


def _where(plan: Plan, visit: str) -> tuple[str, int]:
    for route in plan.routes:
        for stop in route.stops:
            if stop.kind is StopKind.VISIT and stop.ref == visit:
                return route.shift, stop.start_s
    for one in plan.outside:
        if one.visit == visit:
            return one.partner, one.start_s
    return "", -1


def _without(plan: Plan, visit: str) -> Plan:
    """The plan with the visit's stop taken out and the visit listed as left out; times are read anew by whoever inserts."""
    if any(missing.visit == visit for missing in plan.unassigned):
        return plan
    routes = (
        replace(route, stops=tuple(s for s in route.stops if s.kind is not StopKind.VISIT or s.ref != visit))
        for route in plan.routes
    )
    kept = tuple(route for route in routes if any(stop.kind is StopKind.VISIT for stop in route.stops))
    left = Unassigned(visit, Message("unassigned.not_found"), Known.NOT_FOUND)
    outside = tuple(one for one in plan.outside if one.visit != visit)
    return replace(plan, routes=kept, unassigned=(*plan.unassigned, left), outside=outside)
