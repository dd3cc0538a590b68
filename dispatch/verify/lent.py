"""Loaners: granted, brought or sent as offered, each unit once."""

from __future__ import annotations

from collections.abc import Iterator

from dispatch.cost import visit_stops
from dispatch.plan import LoanerBy, Plan, Stop
from dispatch.problem import PlanningProblem, Shift, Visit
from dispatch.rules import Rule
from dispatch.verify.violation import Violation, say


def loaner(
    problem: PlanningProblem, visit: Visit, shift: Shift, stop: Stop, before: list[Stop]
) -> Iterator[Violation]:
    """The loaner of one visit."""
    loaner = stop.loaner
    if loaner is None:
        return
    classes = {problem.loaner_classes[c] for c in visit.loaner.classes} if visit.loaner else set()
    if visit.loaner is None or loaner.loaner_class not in classes:
        yield say(Rule.LOANER, "loaner_not_granted", visit=visit.id, shift=shift.id, unit=loaner.unit)
        return
    if loaner.by is LoanerBy.VISIT and not loaner.store:
        held = dict(problem.engineers[shift.engineer].loaners)
        if loaner.unit not in held.get(problem.class_index[loaner.loaner_class], ()):
            yield say(Rule.LOANER, "loaner_not_in_van", visit=visit.id, shift=shift.id, unit=loaner.unit)
        if loaner.stands_s != stop.start_s:
            yield say(Rule.LOANER, "loaner_not_picked_up", visit=visit.id, shift=shift.id, unit=loaner.unit)
        return
    if loaner.by is LoanerBy.VISIT:
        if loaner.store not in {earlier.ref for earlier in before} or loaner.stands_s != stop.start_s:
            yield say(Rule.LOANER, "loaner_not_picked_up", visit=visit.id, shift=shift.id, unit=loaner.unit)
        return
    sent = {
        (problem.loaner_classes[c.loaner_class], problem.stores[c.store].id, c.arrives_s)
        for c in visit.loaner.couriers
    }
    if (loaner.loaner_class, loaner.store, loaner.stands_s) not in sent:
        yield say(Rule.LOANER, "loaner_not_offered", visit=visit.id, shift=shift.id, unit=loaner.unit)


def loaner_units(problem: PlanningProblem, plan: Plan) -> Iterator[Violation]:
    """Every unit is free where it is taken from, and promised once."""
    free = {
        (store.id, problem.loaner_classes[loaner_class], unit)
        for store in problem.stores
        for loaner_class, units in store.loaners
        for unit in units
    } | {
        ("", problem.loaner_classes[loaner_class], unit)
        for engineer in problem.engineers
        for loaner_class, units in engineer.loaners
        for unit in units
    }
    used: set[str] = set()
    for stop in visit_stops(plan):
        if stop.loaner is None:
            continue
        if (stop.loaner.store, stop.loaner.loaner_class, stop.loaner.unit) not in free:
            yield say(Rule.LOANER, "unit_not_free", visit=stop.ref, unit=stop.loaner.unit)
        if stop.loaner.unit in used:
            yield say(Rule.LOANER, "unit_twice", visit=stop.ref, unit=stop.loaner.unit)
        used.add(stop.loaner.unit)
