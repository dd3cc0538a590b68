"""Why a visit is left out, in one sentence, and how that is known."""

from __future__ import annotations

from collections.abc import Sequence

from dispatch.eligibility import distance, failures
from dispatch.explain.alone import earliest_alone
from dispatch.explain.answer import Answer, Layer
from dispatch.explain.asked import partner_price
from dispatch.explain.together import Mates
from dispatch.plan import Known, Unassigned
from dispatch.problem import PlanningProblem, Visit
from dispatch.rules import Rule
from kernel.errors import Message, Value


def reason_of(problem: PlanningProblem, visit: Visit, answers: Sequence[Answer], mates: Mates) -> Unassigned:
    """Nobody can (which rule comes nearest), a mate cannot, no gap, or it pays to leave it out.

    `proved` is said only of what holds whatever else is planned.
    """
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
