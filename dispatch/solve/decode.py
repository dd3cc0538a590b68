"""Routes in memory as a `Plan` with ids, every stop timed, and the search's own claim of the cost."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace

import numpy as np

from dispatch.plan import (
    CostTerms,
    Known,
    LoanerBy,
    LoanerChoice,
    Manifest,
    Outsourced,
    Plan,
    Route,
    Source,
    Stop,
    StopKind,
    Supply,
    Unassigned,
)
from dispatch.problem import Objective, PlanningProblem, Visit
from dispatch.solve.anneal import Saved
from dispatch.solve.encode import Problem
from dispatch.solve.layout import (
    BY_COURIER,
    BY_VISIT,
    C_COLUMNS,
    C_COST,
    C_DEPART,
    C_END,
    C_METRES,
    C_TRAVEL,
    C_WORST,
    H_BRK,
    H_START_PLACE,
    NO_LOANER,
    O_WIN,
    O_WIN_END,
    S_PICK_UP,
    S_PLACE,
    S_WIN,
    S_WIN_END,
    V_PIN,
    V_PLACE,
    V_SERVICE,
    Ints,
)
from dispatch.solve.prices import partner_terms
from dispatch.solve.timing import fit, late_terms, rest_times, room_for_times, schedule
from kernel.errors import Message


@dataclass(frozen=True, eq=False)
class Timed:
    """A route's times and totals as `timing.schedule` gives them."""

    shift: int
    tokens: Ints
    times: Ints
    totals: Ints


def decode(encoded: Problem, saved: Saved, manifest: Manifest | None) -> Plan:
    """Turn saved routes into a plan; `manifest` goes along."""
    encoded = pinned(encoded, saved)
    problem = encoded.problem
    timed = [timed_route(encoded, saved, int(h)) for h in np.flatnonzero(saved.L)]
    routes = [_route(encoded, saved, route) for route in timed]
    routes = _with_units(problem, routes)
    served = {stop.ref for route in routes for stop in route.stops if stop.kind is StopKind.VISIT}
    missing = [index for index, visit in enumerate(problem.visits) if visit.id not in served]
    unassigned = tuple(_unassigned(encoded, index) for index in missing if index not in encoded.outside)
    outside = tuple(_outsourced(encoded, index) for index in missing if index in encoded.outside)
    claimed = _claim(encoded, saved, timed, missing)
    return Plan(tuple(routes), unassigned, claimed, manifest, outside)


@dataclass(frozen=True, eq=False)
class Priced:
    """What a plan costs, piece by piece: each route by its shift's id, each visit without one by its own."""

    routes: dict[str, CostTerms]
    others: dict[str, CostTerms]


def priced(encoded: Problem, saved: Saved, plan: Plan) -> Priced:
    """Price what `plan`, decoded from `saved`, is made of. No objective whose value is no sum of routes."""
    encoded = pinned(encoded, saved)
    problem = encoded.problem
    timed = [timed_route(encoded, saved, int(h)) for h in np.flatnonzero(saved.L)]
    others = [one.visit for one in plan.unassigned] + [one.visit for one in plan.outside]
    return Priced(
        {problem.shifts[route.shift].id: _claim(encoded, saved, [route], []) for route in timed},
        {visit: _claim(encoded, saved, [], [problem.visit_index[visit]]) for visit in others},
    )


def pinned(encoded: Problem, saved: Saved) -> Problem:
    """Give the problem with the pins of `saved`."""
    p = encoded.arrays._replace(W=encoded.arrays.W.copy())
    for h in np.flatnonzero(saved.L).tolist():
        for v in saved.R[h, : saved.L[h]].tolist():
            if v >= 0 and p.V[v, V_PIN] >= 0:
                p.W[p.V[v, V_PIN]] = saved.PN[v], saved.PN[v] + 1
    return replace(encoded, arrays=p)


def _outsourced(encoded: Problem, index: int) -> Outsourced:
    visit, partner = encoded.problem.visits[index], encoded.outside[index]
    return Outsourced(visit.id, partner.partner, partner.start_s, partner.start_s + visit.service_s)


def _unassigned(encoded: Problem, index: int) -> Unassigned:
    visit = encoded.problem.visits[index].id
    if index in encoded.nobody:
        return Unassigned(visit, Message("unassigned.nobody", {"visit": visit}), Known.PROVED)
    return Unassigned(visit, Message("unassigned.not_found", {"visit": visit}), Known.NOT_FOUND)


def timed_route(encoded: Problem, saved: Saved, h: int) -> Timed:
    """Time the saved route of shift `h`."""
    count = int(saved.L[h])
    times, totals = room_for_times(count), np.zeros(C_COLUMNS, dtype=np.int64)
    tokens = saved.R[h, :count].copy()
    possible = schedule(encoded.arrays, h, tokens, count, saved.PO, times, totals)
    assert possible, "a route of the search can be driven"
    if encoded.problem.objective is Objective.WORKING_TIME and not times[:, 2:].any():
        _leave_late(encoded, saved, h, tokens, times, int(totals[C_DEPART]))
    return Timed(h, tokens, times, totals)


def _leave_late(encoded: Problem, saved: Saved, h: int, tokens: Ints, times: Ints, depart_s: int) -> None:
    """Time the stops anew from the latest departure: the waits it saves are gone, the end is the same."""
    p = encoded.arrays
    here, t = int(p.H[h, H_START_PLACE]), depart_s
    for i, token in enumerate(tokens.tolist()):
        if token >= 0:
            o = int(saved.PO[token])
            there, work = int(p.V[token, V_PLACE]), int(p.V[token, V_SERVICE])
            spans = int(p.O[o, O_WIN]), int(p.O[o, O_WIN_END])
        else:
            there, work = int(p.SI[-1 - token, S_PLACE]), int(p.SI[-1 - token, S_PICK_UP])
            spans = int(p.SI[-1 - token, S_WIN]), int(p.SI[-1 - token, S_WIN_END])
        arrive = encoded.problem.arrival(t, int(p.T[here, there]))
        start = fit(p.W, *spans, arrive)
        times[i, 0], times[i, 1] = arrive, start
        here, t = there, start + work


def _route(encoded: Problem, saved: Saved, timed: Timed) -> Route:
    problem = encoded.problem
    shift = problem.shifts[timed.shift]
    stops: list[Stop] = []
    depart_s = int(timed.totals[C_DEPART])
    left_s, rested, store = depart_s, 0, -1
    for i, token in enumerate(timed.tokens.tolist()):
        arrive_s, start_s, before, on_site = (int(x) for x in timed.times[i])
        stops.extend(_rests(encoded, timed, rested, left_s, before))
        if not stops:  # the wait before the first stop is spent at home
            arrive_s = problem.arrival(depart_s, _first_leg(encoded, timed))
        stops.extend(_rests(encoded, timed, rested + before, arrive_s, on_site))
        rested += before + on_site
        if token < 0:
            store = -1 - token
            shelf = problem.stores[store]
            tools = _tools_taken(problem, timed, i)
            stop = Stop(StopKind.PICK_UP, shelf.id, arrive_s, start_s, start_s + shelf.pick_up_s, tools=tools)
        else:
            stop = visit_stop(encoded, saved, token, store, (arrive_s, start_s))
        stops.append(stop)
        left_s = stop.end_s
    stops.extend(_rests(encoded, timed, rested, left_s, int(timed.times[len(timed.tokens), 2])))
    return Route(shift.id, depart_s, int(timed.totals[C_END]), tuple(stops))


def _first_leg(encoded: Problem, timed: Timed) -> int:
    problem, token = encoded.problem, int(timed.tokens[0])
    there = problem.visits[token].place if token >= 0 else problem.stores[-1 - token].place
    return int(encoded.arrays.T[problem.shifts[timed.shift].start_place, there])


def _rests(encoded: Problem, timed: Timed, rested: int, at_s: int, count: int) -> list[Stop]:
    out = np.zeros((count, 2), dtype=np.int64)
    first = encoded.arrays.H[timed.shift, H_BRK] + rested
    rest_times(encoded.arrays, first, at_s, count, out)
    here = at_s
    stops = []
    for start_s, end_s in out.tolist():
        stops.append(Stop(StopKind.BREAK, "", here, start_s, end_s))
        here = end_s
    return stops


def _tools_taken(problem: PlanningProblem, timed: Timed, pick: int) -> tuple[str, ...]:
    shift = problem.shifts[timed.shift]
    carried = {
        held.item
        for held in problem.engineers[shift.engineer].tools
        if held.covers(shift.start_s, shift.latest_s)
    }
    wanted = {
        tool
        for token in timed.tokens[pick + 1 :].tolist()
        if token >= 0
        for tool in problem.visits[token].tools
        if tool not in carried
    }
    return tuple(problem.tools[tool] for tool in sorted(wanted))


def visit_stop(encoded: Problem, saved: Saved, v: int, store: int, reached: tuple[int, int]) -> Stop:
    """Give the stop of visit `v`, reached and begun at `reached`, its pick-up (if any) at `store`."""
    problem = encoded.problem
    visit, option = problem.visits[v], encoded.options[int(saved.PO[v])]
    arrive_s, start_s = reached
    supplies: list[Supply] = []
    carried = 0
    for choice in option.lines:
        if choice.delivered:
            source, from_id = Source.OFFER, problem.offers[choice.offer].id
        elif not choice.carried:
            source, from_id = Source.WITHOUT, ""
        elif (int(saved.NM[v]) >> carried) & 1:
            source, from_id = Source.PICK_UP, problem.stores[store].id
        else:
            source, from_id = Source.VAN, ""
        carried += choice.carried
        needed = problem.parts[visit.parts[choice.line].part]
        supplies.append(Supply(needed, problem.parts[choice.part], choice.quantity, source, from_id))
    loaner = None
    if option.loaner.kind != NO_LOANER:
        name = problem.loaner_classes[option.loaner.loaner_class]
        courier = option.loaner.courier
        if courier is not None and option.loaner.kind == BY_COURIER:
            home = problem.stores[courier.store].id
            loaner = LoanerChoice("", name, home, LoanerBy.COURIER, courier.arrives_s)
        elif option.loaner.kind == BY_VISIT:
            picked_up = (int(saved.NM[v]) >> carried) & 1  # the loaner is the need after the parts
            home = problem.stores[store].id if picked_up else ""
            loaner = LoanerChoice("", name, home, LoanerBy.VISIT, start_s)
    return Stop(
        StopKind.VISIT,
        visit.id,
        arrive_s,
        start_s,
        start_s + visit.service_s,
        tuple(supplies),
        loaner,
        fetches=visit.fetches,
        trip=visit.trip,
        role=visit.role,
    )


def _with_units(problem: PlanningProblem, routes: list[Route]) -> list[Route]:
    """Name the loaner units: those of a store, or a van, and class in order of standing, then of visit id."""
    wanted: defaultdict[tuple[str, int, str], list[tuple[int, str]]] = defaultdict(list)
    for route in routes:
        van = problem.shifts[problem.shift_index[route.shift]].engineer
        for stop in route.stops:
            if stop.loaner is not None:
                holder = -1 if stop.loaner.store else van
                use = stop.loaner.store, holder, stop.loaner.loaner_class
                wanted[use].append((stop.loaner.stands_s, stop.ref))
    units: dict[str, str] = {}
    for (store, holder, name), uses in wanted.items():
        shelf = problem.stores[problem.store_index[store]] if store else problem.engineers[holder]
        free = dict(shelf.loaners)[problem.class_index[name]]
        units.update({visit: unit for (_, visit), unit in zip(sorted(uses), free, strict=False)})
    return [
        replace(
            route,
            stops=tuple(
                replace(stop, loaner=replace(stop.loaner, unit=units[stop.ref])) if stop.loaner else stop
                for stop in route.stops
            ),
        )
        for route in routes
    ]


def _claim(encoded: Problem, saved: Saved, timed: list[Timed], missing: list[int]) -> CostTerms:
    problem, p = encoded.problem, encoded.arrays
    left_out = sum(problem.visits[index].left_out for index in missing if index not in encoded.outside)
    if problem.objective is Objective.HOME_CARE:
        measure = sum(int(route.totals[C_COST]) for route in timed)
        measure += max((int(route.totals[C_WORST]) for route in timed), default=0)
        return CostTerms(measure=measure, left_out=left_out)
    if problem.objective is not Objective.MONEY:
        by_time = problem.objective is Objective.WORKING_TIME
        column = C_COST if by_time else C_TRAVEL
        vehicles = len(timed) if problem.objective is Objective.VEHICLES_THEN_DISTANCE else 0
        measure = sum(int(route.totals[column]) for route in timed)
        return CostTerms(measure=measure, left_out=left_out, vehicles=vehicles)
    prices, hour = problem.prices, 3600 * problem.ticks_per_unit
    terms: defaultdict[str, int] = defaultdict(int)
    for index in missing:
        if index in encoded.outside:
            for name, cents in partner_terms(problem.visits[index], encoded.outside[index]).items():
                terms[name] += cents
    for route in timed:
        shift = problem.shifts[route.shift]
        terms["travel_time"] += -(-int(route.totals[C_TRAVEL]) * prices.travel_hour // hour)
        terms["distance"] += -(-int(route.totals[C_METRES]) * prices.distance_km // 1000)
        over = max(0, int(route.totals[C_END]) - shift.end_s)
        terms["overtime"] += -(-over * prices.overtime_hour // hour)
        terms["call_outs"] += shift.call_out_cents
        for i, v in enumerate(route.tokens.tolist()):
            if v >= 0:
                o = int(saved.PO[v])
                start_s, day = int(route.times[i, 1]), 24 * hour
                arrive, repair, substitute, days = late_terms(p.V, p.O, v, o, start_s, day)
                courier = encoded.options[o].loaner.courier
                by_courier = courier.cents if courier else 0
                terms["late_arrive"] += arrive
                terms["late_repair"] += repair
                terms["late_substitute"] += substitute
                terms["loaner_days"] += days
                terms["loaner_couriers"] += by_courier
                without = sum(choice.cents for choice in encoded.options[o].lines)
                terms["deliveries"] += encoded.options[o].cents - by_courier - without
                terms["second_visits"] += without
                _claim_person(problem, problem.visits[v], shift.engineer, start_s, terms)
    return CostTerms(left_out=left_out, **terms)


def _claim_person(
    problem: PlanningProblem, visit: Visit, engineer: int, start_s: int, terms: defaultdict[str, int]
) -> None:
    person = problem.engineers[engineer]
    if visit.preferred and engineer not in visit.preferred:
        terms["other_engineers"] += visit.other_engineer_cents
    if not person.at_home(visit.territory):
        terms["territory"] += person.away_cents or 0
    if visit.published is not None:
        terms["changes"] += visit.published.price(engineer, start_s)
