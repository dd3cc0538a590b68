"""The oracle's plan: its variables' values as a `Plan`, for the verifier to read."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from dispatch.plan import (
    CostTerms,
    Known,
    LoanerBy,
    LoanerChoice,
    Outsourced,
    Plan,
    Route,
    Source,
    Stop,
    StopKind,
    Supply,
    Unassigned,
)
from kernel.errors import Message
from tests.dispatch.oracle.sheet import Sheet, Stay
from tests.dispatch.oracle.takings import BROUGHT, aboard


def read_plan(sheet: Sheet, solver: Any) -> Plan:
    """Read the solution; the claim is left for the caller to fill in."""
    problem = sheet.problem
    loaners = _loaners(sheet, solver)
    routes = [
        _route(sheet, solver, h, loaners)
        for h, day in enumerate(sheet.days)
        if solver.boolean_value(day.used)
    ]
    outside = [
        Outsourced(
            problem.visits[v].id,
            problem.visits[v].outside[n].partner,
            problem.visits[v].outside[n].start_s,
            problem.visits[v].outside[n].start_s + problem.visits[v].service_s,
        )
        for (v, n), lit in sheet.outside.items()
        if solver.boolean_value(lit)
    ]
    missing = [
        Unassigned(visit.id, Message("unassigned.not_found"), Known.NOT_FOUND)
        for visit, out in zip(problem.visits, sheet.out, strict=True)
        if solver.boolean_value(out)
    ]
    return Plan(tuple(routes), tuple(missing), CostTerms(), outside=tuple(outside))


def _route(sheet: Sheet, solver: Any, h: int, loaners: dict[int, LoanerChoice]) -> Route:
    problem, day, shift = sheet.problem, sheet.days[h], sheet.problem.shifts[h]
    onward = {i: j for i, j, road in day.roads if solver.boolean_value(road)}
    before, after = _rests(sheet, solver, h)
    stops, node = list(after[0]), onward[0]
    while node:
        stops += [*before[node], _stop(sheet, solver, h, node, loaners), *after[node]]
        node = onward[node]
    depart_s = min([solver.value(day.leave), *(rest.start_s for rest in after[0])])
    assert depart_s >= shift.start_s
    home_s = solver.value(day.home)
    return Route(problem.shifts[h].id, depart_s, home_s, tuple(stops))


def _rests(
    sheet: Sheet, solver: Any, h: int
) -> tuple[defaultdict[int, list[Stop]], defaultdict[int, list[Stop]]]:
    before: defaultdict[int, list[Stop]] = defaultdict(list)
    after: defaultdict[int, list[Stop]] = defaultdict(list)
    for rest in sorted(sheet.days[h].rests, key=lambda rest: int(solver.value(rest.begin))):
        at_s = solver.value(rest.begin)
        stop = Stop(StopKind.BREAK, "", at_s, at_s, at_s + rest.duration_s)
        for where, lits in ((before, rest.before), (after, rest.after)):
            for node, lit in lits.items():
                if solver.boolean_value(lit):
                    where[node].append(stop)
    return before, after


def _stop(sheet: Sheet, solver: Any, h: int, node: int, loaners: dict[int, LoanerChoice]) -> Stop:
    problem = sheet.problem
    if node > len(problem.visits):
        k = node - 1 - len(problem.visits)
        reach_s, begin_s = _times(solver, sheet.days[h].pick_up)
        tools = tuple(problem.tools[tool] for tool in problem.stores[k].tools)
        end_s = begin_s + problem.stores[k].pick_up_s
        return Stop(StopKind.PICK_UP, problem.stores[k].id, reach_s, begin_s, end_s, tools=tools)
    v = node - 1
    visit = problem.visits[v]
    reach_s, begin_s = _times(solver, sheet.stays[v])
    return Stop(
        StopKind.VISIT,
        visit.id,
        reach_s,
        begin_s,
        begin_s + visit.service_s,
        supply=_supply(sheet, solver, v),
        loaner=_standing(loaners.get(v), begin_s),
        fetches=visit.fetches,
        trip=visit.trip,
        role=visit.role,
    )


def _times(solver: Any, stay: Stay) -> tuple[int, int]:
    return solver.value(stay.reach), solver.value(stay.begin)


def _standing(loaner: LoanerChoice | None, begin_s: int) -> LoanerChoice | None:
    if loaner is None or loaner.by is LoanerBy.COURIER:
        return loaner
    return LoanerChoice(loaner.unit, loaner.loaner_class, loaner.store, loaner.by, begin_s)


def _supply(sheet: Sheet, solver: Any, v: int) -> tuple[Supply, ...]:
    problem, chosen = sheet.problem, dict[int, Supply]()
    for (w, n, source, part, from_), lit in sheet.lines.items():
        if w == v and solver.boolean_value(lit):
            line = problem.visits[v].parts[n]
            quantity = 0 if source == "without" else line.quantity
            from_id = ""
            if source == "pick_up":
                from_id = problem.stores[from_].id
            if source == "offer":
                from_id = problem.offers[from_].id
            chosen[n] = Supply(
                problem.parts[line.part], problem.parts[part], quantity, Source(source), from_id
            )
    return tuple(chosen[n] for n in range(len(problem.visits[v].parts)))


def _loaners(sheet: Sheet, solver: Any) -> dict[int, LoanerChoice]:
    """Give each loan a unit of its own."""
    problem = sheet.problem
    free = {
        (loaner_class, k): list(units)
        for k, store in enumerate(problem.stores)
        for loaner_class, units in store.loaners
    }
    for e, engineer in enumerate(problem.engineers):
        free |= {(loaner_class, aboard(e)): list(units) for loaner_class, units in engineer.loaners}
    lent: dict[int, LoanerChoice] = {}
    for (v, loaner_class, k, n), lit in sheet.loaners.items():
        if solver.boolean_value(lit):
            grant = problem.visits[v].loaner
            assert grant is not None
            by = LoanerBy.VISIT if n == BROUGHT else LoanerBy.COURIER
            stands_s = 0 if n == BROUGHT else grant.couriers[n].arrives_s
            unit = free[loaner_class, k].pop(0)
            store = problem.stores[k].id if k >= 0 else ""
            lent[v] = LoanerChoice(unit, problem.loaner_classes[loaner_class], store, by, stands_s)
    return lent
