"""Routes first, parts and loaners afterwards: what planning apart makes of a problem.

`without_supply` is what the route planner sees. `supplied` then gives the finished routes their parts and loaners:
who does what, on which shift and in which order stays as it is. For every route, in order of start, a pick-up stop
is tried at every store and place of the route, and for every visit each way to have its parts (van, pick-up, offer,
without where that is allowed) and each loaner; the cheapest by `dispatch.cost` is taken. A visit whose parts
cannot be had on its route, or which costs more there than left out, is dropped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product

from dispatch.cost import cost
from dispatch.plan import (
    CostTerms,
    Known,
    LoanerBy,
    LoanerChoice,
    Plan,
    Route,
    Source,
    Stop,
    StopKind,
    Supply,
    Unassigned,
)
from dispatch.problem import PartLine, PlanningProblem, Store, Visit
from dispatch.rescue.retime import Delay, retimed
from kernel.errors import Message

Key = tuple[str, str, str]
"""What stock is counted by: ``van``, engineer, part; ``store``, store, part or loaner class; ``offer``, offer, empty."""

LAST = 10**12
"""Ticks; later than any horizon."""


@dataclass(frozen=True, slots=True)
class _Way:
    """One way to supply a visit: its lines, a loaner or none, and what that takes."""

    supply: tuple[Supply, ...]
    loaner: LoanerChoice | None
    draws: tuple[tuple[Key, int], ...]


@dataclass(frozen=True, slots=True)
class _Priced:
    """A supplied route (None: nothing is left on it), its price and what it takes."""

    route: Route | None
    cents: int
    draws: tuple[tuple[Key, int], ...] = ()


def without_supply(problem: PlanningProblem) -> PlanningProblem:
    """The same problem as if every part were at hand and no loaner ever needed; service times stay."""
    return replace(
        problem,
        visits=tuple(
            replace(visit, parts=(), loaner=None, substitute=None if visit.loaner else visit.substitute)
            for visit in problem.visits
        ),
    )


def supplied(problem: PlanningProblem, routes_first: Plan) -> Plan:
    """Give the routes of a plan of `without_supply(problem)` parts and loaners, as far as they can be had."""
    left = _stock(problem)
    units = {
        (store.id, problem.loaner_classes[kind]): list(names)
        for store in problem.stores
        for kind, names in store.loaners
    }
    done: dict[str, Route] = {}
    starts = {shift.id: shift.start_s for shift in problem.shifts}
    for route in sorted(routes_first.routes, key=lambda one: (starts[one.shift], one.shift)):
        best = _best(problem, route, left)
        left.subtract(dict(best.draws))
        if best.route is not None:
            done[route.shift] = _with_units(best.route, units)
    plan = Plan(
        tuple(done[route.shift] for route in routes_first.routes if route.shift in done),
        (),
        CostTerms(),
        outside=routes_first.outside,
    )
    served = {stop.ref for route in plan.routes for stop in route.stops if stop.kind is StopKind.VISIT}
    served |= {one.visit for one in plan.outside}
    dropped = tuple(
        Unassigned(visit.id, Message("unassigned.not_found", {"visit": visit.id}), Known.NOT_FOUND)
        for visit in problem.visits
        if visit.id not in served
    )
    plan = replace(plan, unassigned=dropped)
    return replace(plan, claimed=cost(problem, plan))


def _stock(problem: PlanningProblem) -> Counter[Key]:
    left: Counter[Key] = Counter()
    for engineer in problem.engineers:
        left.update({("van", engineer.id, problem.parts[part]): units for part, units in engineer.van})
    for store in problem.stores:
        left.update({("store", store.id, problem.parts[part]): units for part, units in store.stock})
        left.update(
            {("loaner", store.id, problem.loaner_classes[kind]): len(names) for kind, names in store.loaners}
        )
    left.update({("offer", offer.id, ""): offer.quantity for offer in problem.offers})
    return left


def _with_units(route: Route, units: Mapping[tuple[str, str], list[str]]) -> Route:
    """Name the loaner units taken."""
    stops = tuple(
        replace(
            stop,
            loaner=replace(stop.loaner, unit=units[stop.loaner.store, stop.loaner.loaner_class].pop(0)),
        )
        if stop.loaner
        else stop
        for stop in route.stops
    )
    return replace(route, stops=stops)


def _best(problem: PlanningProblem, route: Route, left: Counter[Key]) -> _Priced:
    """The cheapest way to supply one route."""
    best = _filled(problem, route, left, None)
    visits = [
        problem.visits[problem.visit_index[stop.ref]] for stop in route.stops if stop.kind is StopKind.VISIT
    ]
    for store in problem.stores:
        if not any(_has_something_for(store, visit) for visit in visits):
            continue
        stop = Stop(StopKind.PICK_UP, store.id, LAST, LAST, LAST + store.pick_up_s)
        for at, before in enumerate(route.stops):
            if before.kind is StopKind.VISIT:
                stops = (*route.stops[:at], stop, *route.stops[at:])
                found = _filled(problem, replace(route, stops=stops), left, store)
                best = min(best, found, key=lambda one: one.cents)
    return best


def _has_something_for(store: Store, visit: Visit) -> bool:
    held = {part for part, units in store.stock if units}
    lent = {kind for kind, names in store.loaners if names}
    wanted = {part for line in visit.parts for part in (line.part, *line.alternates)}
    return bool(held & wanted or (visit.loaner and lent & set(visit.loaner.classes)))


def _filled(problem: PlanningProblem, route: Route, left: Counter[Key], store: Store | None) -> _Priced:
    """Supply visit after visit, each the cheapest way; then look at each once more with all others in place."""
    shift = problem.shifts[problem.shift_index[route.shift]]
    engineer = problem.engineers[shift.engineer].id
    picked, ways = False, dict[str, list[_Way]]()
    for stop in route.stops:
        picked = picked or stop.kind is StopKind.PICK_UP
        if stop.kind is StopKind.VISIT:
            visit = problem.visits[problem.visit_index[stop.ref]]
            ways[stop.ref] = list(_ways(problem, visit, engineer, store if picked else None))
    chosen: dict[str, _Way] = {}
    best = _Priced(None, cost(problem, Plan((), (), CostTerms())).total)
    for visit_id in (*ways, *ways):
        others = {name: way for name, way in chosen.items() if name != visit_id}
        for way in ways[visit_id]:
            found = _priced(problem, route, others | {visit_id: way}, left)
            if found.cents < best.cents:
                best, chosen = found, others | {visit_id: way}
    return best


def _priced(
    problem: PlanningProblem, route: Route, chosen: Mapping[str, _Way], left: Counter[Key]
) -> _Priced:
    """The route with the chosen visits only, timed and priced; what cannot be is dearer than anything."""
    draws: Counter[Key] = Counter()
    for way in chosen.values():
        draws.update(dict(way.draws))
    timed = None
    if all(left[key] >= units for key, units in draws.items()):
        timed = _timed(problem, _only(route, chosen))
    if timed is None:
        return _Priced(None, LAST)
    stops = tuple(
        replace(stop, loaner=replace(stop.loaner, stands_s=stop.start_s))
        if stop.loaner is not None and stop.loaner.by is LoanerBy.VISIT
        else stop
        for stop in timed.stops
    )
    timed = replace(timed, stops=stops)
    return _Priced(timed, cost(problem, Plan((timed,), (), CostTerms())).total, tuple(draws.items()))


def _only(route: Route, chosen: Mapping[str, _Way]) -> Route:
    return replace(
        route,
        stops=tuple(
            replace(stop, supply=chosen[stop.ref].supply, loaner=chosen[stop.ref].loaner)
            if stop.kind is StopKind.VISIT
            else stop
            for stop in route.stops
            if stop.kind is not StopKind.VISIT or stop.ref in chosen
        ),
    )


def _timed(problem: PlanningProblem, route: Route) -> Route | None:
    """Drive the stops as early as can be; a break that becomes due goes wherever it lets the route end soonest."""
    timed = retimed(problem, route, Delay())
    if timed is not None:
        return timed
    shift = problem.shifts[problem.shift_index[route.shift]]
    rests = [stop for stop in route.stops if stop.kind is StopKind.BREAK]
    for due in shift.breaks:
        if any(due.from_s <= rest.start_s < due.until_s for rest in rests):
            continue
        rest = Stop(StopKind.BREAK, "", due.from_s, due.from_s, due.from_s + due.duration_s)
        tried = (
            retimed(problem, replace(route, stops=(*route.stops[:at], rest, *route.stops[at:])), Delay())
            for at in range(len(route.stops) + 1)
        )
        return min((one for one in tried if one is not None), key=lambda one: one.end_s, default=None)
    return None


def _ways(problem: PlanningProblem, visit: Visit, engineer: str, store: Store | None) -> Iterator[_Way]:
    """Every way to supply a visit, with the store picked up from before it."""
    lines = [list(_line(problem, line, engineer, store)) for line in visit.parts]
    for loaner in _loaners(problem, visit, store):
        for choice in product(*lines):
            draws: Counter[Key] = Counter()
            for _, taken in choice:
                draws.update(dict(taken))
            if loaner is not None:
                draws["loaner", loaner.store, loaner.loaner_class] += 1
            yield _Way(tuple(supply for supply, _ in choice), loaner, tuple(draws.items()))


def _line(
    problem: PlanningProblem, line: PartLine, engineer: str, store: Store | None
) -> Iterator[tuple[Supply, tuple[tuple[Key, int], ...]]]:
    needed, units = problem.parts[line.part], line.quantity
    for part in (problem.parts[index] for index in (line.part, *line.alternates)):
        yield Supply(needed, part, units, Source.VAN), ((("van", engineer, part), units),)
        if store is not None:
            yield Supply(needed, part, units, Source.PICK_UP, store.id), ((("store", store.id, part), units),)
    for offer in (problem.offers[index] for index in line.offers):
        part = problem.parts[offer.part]
        drawn: tuple[tuple[Key, int], ...] = ((("offer", offer.id, ""), units),)
        if offer.from_store >= 0:
            drawn = (*drawn, (("store", problem.stores[offer.from_store].id, part), units))
        yield Supply(needed, part, units, Source.OFFER, offer.id), drawn
    if line.without_cents is not None:
        yield Supply(needed, needed, 0, Source.WITHOUT), ()


def _loaners(problem: PlanningProblem, visit: Visit, store: Store | None) -> Iterator[LoanerChoice | None]:
    yield None
    if visit.loaner is None:
        return
    for courier in visit.loaner.couriers:
        kind, home = problem.loaner_classes[courier.loaner_class], problem.stores[courier.store].id
        yield LoanerChoice("", kind, home, LoanerBy.COURIER, courier.arrives_s)
    for kind_at, names in store.loaners if store is not None else ():
        if names and kind_at in visit.loaner.classes:
            assert store is not None, "the loop is empty without one"
            yield LoanerChoice("", problem.loaner_classes[kind_at], store.id, LoanerBy.VISIT, 0)
