"""Why a visit is left out, in one sentence, and how that is known."""

from __future__ import annotations

from collections.abc import Sequence

from dispatch.cost import visit_stops
from dispatch.desk.visit import part_of_trip
from dispatch.eligibility import distance, failures
from dispatch.explain.alone import earliest_alone
from dispatch.explain.answer import Answer, Layer
from dispatch.explain.asked import partner_price
from dispatch.explain.together import Mates
from dispatch.plan import Known, Plan, Unassigned
from dispatch.pose.bench import RETURN
from dispatch.problem import PlanningProblem, Visit
from dispatch.rules import Rule
from kernel.errors import Message, Value

TIME = frozenset(
    f"unassigned.{code}"
    for code in (
        "no_shifts",
        "no_gap",
        "mate",
        "not_alone",
        "nobody_alone",
        "earliest_after_shift",
        "overtime",
    )
)
"""Reasons with which a unit in the workshop waits for another day."""


def reason_of(
    problem: PlanningProblem, visit: Visit, answers: Sequence[Answer], mates: Mates, *, away: bool = False
) -> Unassigned:
    """Nobody can (which rule comes nearest), a mate cannot, no gap, or it pays to leave it out.

    `proved` is said only of what holds whatever else is planned. `away`: the visit brings back a unit that is collected
    (`stays_away`); where time is all that keeps it from its customer, it stays in the workshop.
    """
    found = _reason(problem, visit, answers, mates)
    if away and found.reason.code in TIME:
        said = Message("unassigned.stays_in_workshop", {"visit": visit.desk_visit})
        return Unassigned(visit.id, said, found.known)
    return found


def stays_away(problem: PlanningProblem, plan: Plan, visit: Visit) -> bool:
    """Whether a visit brings back what has been collected, or is collected in the plan."""
    if visit.role != RETURN or part_of_trip(visit.id)[1]:
        return False
    index = problem.visit_index[visit.id]
    planned = {stop.ref for stop in visit_stops(plan)}
    firsts = [link for link in problem.links if link.second == index]
    return all(not link.both and problem.visits[link.first].id in planned for link in firsts)


def _reason(problem: PlanningProblem, visit: Visit, answers: Sequence[Answer], mates: Mates) -> Unassigned:
    offered = _offered(problem, visit, answers)
    if offered is not None:
        return Unassigned(visit.id, offered, Known.NOT_FOUND)
    if not answers:
        return Unassigned(visit.id, Message("unassigned.no_shifts"), Known.PROVED)
    open_ones = [answer for answer in answers if answer.layer is Layer.INSERT]
    if open_ones:
        return Unassigned(visit.id, _no_gap(open_ones), Known.NOT_FOUND)
    alone = [answer for answer in answers if answer.layer is Layer.ALONE]
    if not alone:
        return _nearest(problem, visit)
    mate = next((answer for answer in alone if answer.rule is Rule.LINK), None)
    if mate is not None:
        said = Message("unassigned.mate", dict(mate.message.params))
        return Unassigned(visit.id, said, _known(problem, visit, mates))
    known = _known(problem, visit, mates)
    code = "unassigned.not_alone" if known is Known.PROVED else "unassigned.nobody_alone"
    return Unassigned(visit.id, Message(code), known)


def _offered(problem: PlanningProblem, visit: Visit, answers: Sequence[Answer]) -> Message | None:
    """It could be done, by one of our own or a partner: place it now, or it costs more than leaving it out."""
    fitting = [answer for answer in answers if answer.fits]
    partners = () if problem.visit_index[visit.id] in problem.linked else visit.outside
    prices = [(partner_price(problem, visit, one), one.partner) for one in partners]
    best = min(fitting, key=lambda answer: answer.cents, default=None)
    if best is not None and (not prices or best.cents <= min(prices)[0]):
        named: dict[str, Value] = {
            "shift": best.shift,
            "engineer": best.engineer,
            "cost_cents": best.cents,
            "left_out_cents": visit.left_out,
        }
        return Message(
            "unassigned.place_now" if best.cents < visit.left_out else "unassigned.costs_more", named
        )
    if prices:
        cents, partner = min(prices)
        told: dict[str, Value] = {
            "partner": partner,
            "cost_cents": cents,
            "left_out_cents": visit.left_out,
        }
        cheaper = cents < visit.left_out
        return Message("unassigned.partner_now" if cheaper else "unassigned.partner_costs_more", told)
    return None


def _no_gap(open_ones: Sequence[Answer]) -> Message:
    first = next((answer for answer in open_ones if answer.rule is Rule.LINK), None)
    if first is not None:
        return Message("unassigned.first_left_out", dict(first.message.params))
    return Message("unassigned.no_gap", {"shifts": len(open_ones)})


def _known(problem: PlanningProblem, visit: Visit, mates: Mates) -> Known:
    """Proved when no shift could do it over any roads, with any other stops on the way, or a mate rules it out."""
    index = problem.visit_index[visit.id]
    linked = index in problem.linked
    for number, shift in enumerate(problem.shifts):
        possible = earliest_alone(problem, visit, shift, any_road=True) is not None
        if possible and not (linked and mates.blocking(index, number) is not None):
            return Known.NOT_FOUND
    return Known.PROVED


def _nearest(problem: PlanningProblem, visit: Visit) -> Unassigned:
    """Every shift fails a rule: the one nearest to fitting is named."""
    failed, shift = min(
        ((failures(problem, visit, shift), shift) for shift in problem.shifts),
        key=lambda pair: distance(pair[0]),
    )
    failure, engineer = failed[0], problem.engineers[shift.engineer].id
    said = failure.message.code.removeprefix("why.")
    message = Message(
        f"unassigned.{said}", {**failure.message.params, "engineer": engineer, "shift": shift.id}
    )
    return Unassigned(visit.id, message, Known.PROVED)
