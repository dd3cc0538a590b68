"""Why this engineer, why not, what would help: answers in layers, each with how it is known.

filter: a rule that alone rules a shift out, on an empty day with every part on its quickest way (proved).
alone: whether the search can place the visit on an otherwise empty day (a place found is proved by itself, none
found is not a proof: breaks and several pick-ups are tried in a fixed way). insert: the cheapest place in the
plan as it stands (what does not fit there may still fit after moving others: not found).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from dispatch.eligibility import Failure, failures
from dispatch.plan import CostTerms, Known, Plan, Route, StopKind, Unassigned
from dispatch.problem import Engineer, Held, PlanningProblem, Shift, Visit
from dispatch.rules import Rule
from dispatch.solve import Candidate, laid_out, places_for
from kernel.errors import Message, Refusal, Value

if TYPE_CHECKING:
    # Importing it loads numba: `reasons` of a plan without a visit left out does not need it.
    from dispatch.solve.encode import Problem

TRIED_SHIFTS = 12
"""Shifts tried for a remedy, nearest to fitting first; a longer list helps nobody."""

LONGEST_EXTRA_S = 4 * 3600
"""Ticks of extra overtime a remedy proposes at most."""


class Layer(StrEnum):
    """How far a shift got."""

    FILTER = "filter"
    ALONE = "alone"
    INSERT = "insert"


@dataclass(frozen=True, slots=True)
class Answer:
    """What one shift says to the visit.

    Args:
        layer: the layer that decided.
        fits: the visit can be placed here in the plan as it stands.
        cents: cost difference when it fits.
        start_s: start of work when it fits, ticks.
    """

    shift: str
    engineer: str
    layer: Layer
    fits: bool
    known: Known
    message: Message
    rule: Rule | None = None
    cents: int = 0
    start_s: int = -1


@dataclass(frozen=True, slots=True)
class Remedy:
    """A single change after which the visit fits into the plan as it stands, tried and found so."""

    rule: Rule
    shift: str
    engineer: str
    message: Message
    size: int
    cents: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything known about one visit: where it is planned, what each shift answers, why not, what would help.

    `reason` is None for a planned visit. `remedies` hold the smallest changes first.
    """

    visit: str
    planned: str
    start_s: int
    answers: tuple[Answer, ...]
    reason: Unassigned | None
    remedies: tuple[Remedy, ...]


def explain(problem: PlanningProblem, plan: Plan, visit: str) -> Explanation:
    """Explain one visit of a plan.

    Raises:
        Refusal: ``explain.unknown_visit``.
    """
    if visit not in problem.visit_index:
        raise Refusal("explain.unknown_visit", visit=visit)
    wanted = problem.visits[problem.visit_index[visit]]
    shift, start_s = _where(plan, visit)
    rest = _without(plan, visit)
    answers = _answers(problem, rest, wanted, encoded=laid_out(problem))
    if shift:
        return Explanation(visit, shift, start_s, answers, None, ())
    reason = _reason(problem, wanted, answers)
    fits = any(answer.fits for answer in answers)
    return Explanation(visit, "", -1, answers, reason, () if fits else _remedies(problem, rest, wanted))


def reasons(problem: PlanningProblem, plan: Plan) -> tuple[Unassigned, ...]:
    """Give every visit a plan leaves out its reason, in the plan's order."""
    if not plan.unassigned:
        return ()
    encoded = laid_out(problem)
    return tuple(
        _reason(problem, visit, _answers(problem, plan, visit, encoded=encoded))
        for visit in (problem.visits[problem.visit_index[missing.visit]] for missing in plan.unassigned)
    )


def _where(plan: Plan, visit: str) -> tuple[str, int]:
    for route in plan.routes:
        for stop in route.stops:
            if stop.kind is StopKind.VISIT and stop.ref == visit:
                return route.shift, stop.start_s
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
    return replace(plan, routes=kept, unassigned=(*plan.unassigned, left))


def _empty(problem: PlanningProblem) -> Plan:
    left = (
        Unassigned(visit.id, Message("unassigned.not_found"), Known.NOT_FOUND) for visit in problem.visits
    )
    return Plan(routes=tuple[Route, ...](), unassigned=tuple(left), claimed=CostTerms())


def _answers(problem: PlanningProblem, rest: Plan, visit: Visit, *, encoded: Problem) -> tuple[Answer, ...]:
    alone = {found.shift: found for found in places_for(problem, _empty(problem), visit.id, encoded=encoded)}
    inserted = {found.shift: found for found in places_for(problem, rest, visit.id, encoded=encoded)}
    return tuple(
        _answer(problem, shift, failures(problem, visit, shift), alone.get(shift.id), inserted.get(shift.id))
        for shift in problem.shifts
    )


def _answer(
    problem: PlanningProblem,
    shift: Shift,
    failed: Sequence[Failure],
    alone: Candidate | None,
    inserted: Candidate | None,
) -> Answer:
    engineer = problem.engineers[shift.engineer].id
    if failed:
        first = failed[0]
        return Answer(shift.id, engineer, Layer.FILTER, False, Known.PROVED, first.message, first.rule)
    if alone is None:
        return Answer(shift.id, engineer, Layer.ALONE, False, Known.NOT_FOUND, Message("why.not_even_alone"))
    if inserted is None:
        return Answer(shift.id, engineer, Layer.INSERT, False, Known.NOT_FOUND, Message("why.no_gap"))
    named: dict[str, Value] = {"cost_cents": inserted.cents, "start_tick": inserted.start_s}
    return Answer(
        shift.id,
        engineer,
        Layer.INSERT,
        True,
        Known.PROVED,
        Message("why.fits", named),
        cents=inserted.cents,
        start_s=inserted.start_s,
    )


def _reason(problem: PlanningProblem, visit: Visit, answers: Sequence[Answer]) -> Unassigned:
    """The reason in one sentence: nobody can (which rule comes nearest), no part, no gap, or it pays to leave it out."""
    fitting = [answer for answer in answers if answer.fits]
    if fitting:
        best = min(fitting, key=lambda answer: answer.cents)
        named: dict[str, Value] = {
            "shift": best.shift,
            "engineer": best.engineer,
            "cost_cents": best.cents,
            "left_out_cents": visit.left_out,
        }
        code = "unassigned.place_now" if best.cents < visit.left_out else "unassigned.costs_more"
        return Unassigned(visit.id, Message(code, named), Known.NOT_FOUND)
    if any(answer.layer is Layer.INSERT for answer in answers):
        count = sum(answer.layer is Layer.INSERT for answer in answers)
        return Unassigned(visit.id, Message("unassigned.no_gap", {"shifts": count}), Known.NOT_FOUND)
    if any(answer.layer is Layer.ALONE for answer in answers):
        return Unassigned(visit.id, Message("unassigned.nobody_alone"), Known.NOT_FOUND)
    nearest = min(
        ((failures(problem, visit, shift), shift) for shift in problem.shifts),
        key=lambda pair: _distance(pair[0]),
        default=None,
    )
    if nearest is None:
        return Unassigned(visit.id, Message("unassigned.no_shifts"), Known.PROVED)
    failure, engineer = nearest[0][0], problem.engineers[nearest[1].engineer].id
    said = failure.message.code.removeprefix("why.")
    message = Message(
        f"unassigned.{said}", {**failure.message.params, "engineer": engineer, "shift": nearest[1].id}
    )
    return Unassigned(visit.id, message, Known.PROVED)


def _distance(failed: Sequence[Failure]) -> tuple[int, list[tuple[int, int]]]:
    """How far a shift is from fitting: fewer failures first; sizes are compared within one rule only."""
    return len(failed), [(list(Rule).index(failure.rule), failure.size) for failure in failed]


def _remedies(problem: PlanningProblem, rest: Plan, visit: Visit) -> tuple[Remedy, ...]:
    """Single changes tried one by one on the shifts nearest to fitting; only those that place the visit are kept.

    One for each rule and engineer: the nearest shift's.
    """
    tried = sorted(
        ((failures(problem, visit, shift), number) for number, shift in enumerate(problem.shifts)),
        key=lambda pair: (_distance(pair[0]), pair[1]),
    )
    near = [(failed, number) for failed, number in tried if len(failed) <= 1][:TRIED_SHIFTS]
    found = [remedy for failed, number in near for remedy in _tried(problem, rest, visit, failed, number)]
    found.sort(key=lambda remedy: (list(Rule).index(remedy.rule), remedy.size, remedy.cents))
    first: dict[tuple[Rule, str], Remedy] = {}
    for remedy in found:
        first.setdefault((remedy.rule, remedy.engineer), remedy)
    return tuple(first.values())


def _tried(
    problem: PlanningProblem, rest: Plan, visit: Visit, failed: Sequence[Failure], number: int
) -> Iterable[Remedy]:
    shift = problem.shifts[number]
    rule = failed[0].rule if failed else Rule.OVERTIME
    changed = _changed(problem, visit, rule, number, params=failed[0].message.params if failed else {})
    if changed is None:
        return
    candidates = {found.shift: found for found in places_for(changed, rest, visit.id)}
    if shift.id not in candidates:
        return
    engineer = problem.engineers[shift.engineer].id
    size = failed[0].size if failed else 0
    params: dict[str, Value] = {
        **(failed[0].message.params if failed else {}),
        "engineer": engineer,
        "shift": shift.id,
    }
    if rule is Rule.OVERTIME:
        size = candidates[shift.id].end_s - shift.latest_s
        if size <= 0:
            return
        params["by_s"] = size
    yield Remedy(
        rule, shift.id, engineer, Message(f"remedy.{rule.value}", params), size, candidates[shift.id].cents
    )


def _changed(
    problem: PlanningProblem, visit: Visit, rule: Rule, number: int, *, params: Mapping[str, Value]
) -> PlanningProblem | None:
    """The problem after the one change that lifts `rule` for this visit and shift; None: no such change is proposed.

    `params` are the failure's values: only the certificate, tool or part it names is changed.
    """
    shift = problem.shifts[number]
    engineer = problem.engineers[shift.engineer]
    match rule:
        case Rule.CERTIFICATE:
            item = problem.certificates.index(str(params["certificate"]))
            renewed = (*engineer.certificates, Held(item, shift.start_s, shift.latest_s))
            return _with_engineer(problem, shift.engineer, replace(engineer, certificates=renewed))
        case Rule.SKILL:
            taught = problem.skills.index(str(params["skill"]))
            levels = dict(engineer.skills) | {taught: int(params["level"])}
            return _with_engineer(
                problem, shift.engineer, replace(engineer, skills=tuple(sorted(levels.items())))
            )
        case Rule.TOOL:
            item = problem.tools.index(str(params["tool"]))
            lent = (*engineer.tools, Held(item, shift.start_s, shift.latest_s))
            return _with_engineer(problem, shift.engineer, replace(engineer, tools=lent))
        case Rule.ENGINEER_LOCK:
            return _with_visit(problem, replace(visit, engineer_lock=-1))
        case Rule.TIME_LOCK:
            return _with_visit(problem, replace(visit, start_lock_s=None))
        case Rule.EARLIEST:
            return _with_visit(problem, replace(visit, earliest_s=0))
        case Rule.WINDOW:
            return _with_visit(problem, replace(visit, windows=()))
        case Rule.PARTS:
            found = problem.part_index[str(params["part"])]
            kept = tuple(line for line in visit.parts if line.part != found)
            return _with_visit(problem, replace(visit, parts=kept))
        case Rule.OVERTIME:
            longer = replace(shift, overtime_s=shift.overtime_s + LONGEST_EXTRA_S * problem.ticks_per_unit)
            return replace(problem, shifts=(*problem.shifts[:number], longer, *problem.shifts[number + 1 :]))
        case _:
            return None


def _with_engineer(problem: PlanningProblem, number: int, engineer: Engineer) -> PlanningProblem:
    engineers = (*problem.engineers[:number], engineer, *problem.engineers[number + 1 :])
    return replace(problem, engineers=engineers)


def _with_visit(problem: PlanningProblem, visit: Visit) -> PlanningProblem:
    number = problem.visit_index[visit.id]
    return replace(problem, visits=(*problem.visits[:number], visit, *problem.visits[number + 1 :]))
