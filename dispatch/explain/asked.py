"""What each shift, and each outside partner, answers to one visit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatch.cost import partner_piece, visit_stops
from dispatch.eligibility import failures
from dispatch.explain.alone import earliest_alone
from dispatch.explain.answer import Answer, Layer
from dispatch.explain.together import Mates
from dispatch.plan import CostTerms, Known, Outsourced, Plan, Route, Unassigned
from dispatch.problem import Outside, PlanningProblem, Shift, Visit
from dispatch.rescue.part_of import by_itself, part_of
from dispatch.rules import Rule
from dispatch.solve import Candidate, laid_out, places_for
from kernel.errors import Message, Value

if TYPE_CHECKING:
    # Importing it loads numba: `reasons` of a plan without a visit left out does not need it.
    from dispatch.solve.encode import Problem


def nobody_planned(problem: PlanningProblem) -> Plan:
    """The plan that leaves everything out: every day is empty."""
    left = (
        Unassigned(visit.id, Message("unassigned.not_found"), Known.NOT_FOUND) for visit in problem.visits
    )
    return Plan(routes=tuple[Route, ...](), unassigned=tuple(left), claimed=CostTerms())


def answers_of(
    problem: PlanningProblem, rest: Plan, visit: Visit, *, encoded: Problem, mates: Mates
) -> tuple[Answer, ...]:
    """Every shift's answer, in order of the problem's shifts. `rest` is the plan without the visit."""
    alone = {found.shift for found in places_for(problem, nobody_planned(problem), visit.id, encoded=encoded)}
    inserted = {found.shift: found for found in places_for(problem, rest, visit.id, encoded=encoded)}
    first = _first_left_out(problem, rest, visit)
    return tuple(
        _answer(problem, visit, number, inserted.get(shift.id), mates, alone=shift.id in alone, first=first)
        for number, shift in enumerate(problem.shifts)
    )


def his_answers(
    problem: PlanningProblem, rest: Plan, visit: Visit, engineer: int, *, mates: Mates
) -> tuple[Answer, ...]:
    """As `answers_of`, of one engineer's shifts: only his days are laid out, where nobody else has to come along."""
    his = [number for number, shift in enumerate(problem.shifts) if shift.engineer == engineer]
    if problem.visit_index[visit.id] in problem.linked:
        every = answers_of(problem, rest, visit, encoded=laid_out(problem), mates=mates)
        return tuple(every[number] for number in his)
    names = {problem.shifts[number].id for number in his}
    inserted, alone = (
        {found.shift: found for found in places_for(by_itself(part.problem), part.plan, visit.id)}
        for part in (part_of(problem, plan, names, {visit.id}) for plan in (rest, nobody_planned(problem)))
    )
    first = _first_left_out(problem, rest, visit)
    return tuple(
        _answer(problem, visit, number, inserted.get(name), mates, alone=name in alone, first=first)
        for number in his
        for name in (problem.shifts[number].id,)
    )


def _first_left_out(problem: PlanningProblem, rest: Plan, visit: Visit) -> str:
    """A visit that has to come before this one and is left out; empty: none."""
    index = problem.visit_index[visit.id]
    planned = {stop.ref for stop in visit_stops(rest)}
    firsts = (problem.visits[one.first].id for one in problem.links if one.second == index and not one.both)
    return next((first for first in firsts if first not in planned), "")


def _answer(
    problem: PlanningProblem,
    visit: Visit,
    number: int,
    inserted: Candidate | None,
    mates: Mates,
    *,
    alone: bool,
    first: str,
) -> Answer:
    shift = problem.shifts[number]
    failed = failures(problem, visit, shift)
    if failed:
        return _no(problem, shift, Layer.FILTER, Known.PROVED, failed[0].message, failed[0].rule)
    if inserted is not None:
        named: dict[str, Value] = {"cost_cents": inserted.cents, "start_tick": inserted.start_s}
        return Answer(
            shift.id,
            problem.engineers[shift.engineer].id,
            Layer.INSERT,
            True,
            Known.PROVED,
            Message("why.fits", named),
            cents=inserted.cents,
            start_s=inserted.start_s,
        )
    if not alone and earliest_alone(problem, visit, shift) is None:
        return _no(problem, shift, Layer.ALONE, Known.PROVED, Message("why.not_even_alone"))
    index = problem.visit_index[visit.id]
    mate = mates.blocking(index, number) if index in problem.linked else None
    if mate is not None:
        other = Message("why.mate", {"other": problem.visits[mate].id})
        return _no(problem, shift, Layer.ALONE, Known.PROVED, other, Rule.LINK)
    if first:
        said = Message("why.first_left_out", {"other": first})
        return _no(problem, shift, Layer.INSERT, Known.NOT_FOUND, said, Rule.LINK)
    return _no(problem, shift, Layer.INSERT, Known.NOT_FOUND, Message("why.no_gap"))


def _no(
    problem: PlanningProblem,
    shift: Shift,
    layer: Layer,
    known: Known,
    message: Message,
    rule: Rule | None = None,
) -> Answer:
    engineer = problem.engineers[shift.engineer].id
    return Answer(shift.id, engineer, layer, False, known, message, rule)


def partners_of(problem: PlanningProblem, visit: Visit) -> tuple[Message, ...]:
    """What outside partners answer: each with his start and price, or why none is asked."""
    if problem.visit_index[visit.id] in problem.linked:
        return (Message("explain.partner_linked"),)
    if not visit.outside:
        return (Message("explain.partner_not_offered"),)
    return tuple(
        Message(
            "explain.partner_fits",
            {
                "partner": one.partner,
                "start_tick": one.start_s,
                "cost_cents": partner_price(problem, visit, one),
            },
        )
        for one in visit.outside
    )


def partner_price(problem: PlanningProblem, visit: Visit, one: Outside) -> int:
    """What giving the visit to a partner costs, lateness included."""
    done = Outsourced(visit.id, one.partner, one.start_s, one.start_s + visit.service_s)
    return partner_piece(problem, done).terms.total
