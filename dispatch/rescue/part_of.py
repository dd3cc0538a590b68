"""A few routes of a plan as a problem of their own, everybody else kept exactly where he is.

What the routes that stand still use of vans, shelves, offers and loaner units is taken off, so whatever is
found for the part holds in the whole plan.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np

from dispatch.cost import cost, visit_stops
from dispatch.plan import CostTerms, Plan, Route, Source, StopKind
from dispatch.problem import Engineer, Link, PlanningProblem, Store


@dataclass(frozen=True)
class Part:
    """The part as a problem with its own plan, and what stands still beside it."""

    problem: PlanningProblem
    plan: Plan
    still: Plan


def part_of(problem: PlanningProblem, plan: Plan, shifts: Collection[str], visits: Collection[str]) -> Part:
    """Cut `shifts` with all their visits, and `visits` that are on no route, out of a problem and its plan.

    A visit linked to one of them comes along, with its whole route.
    """
    own, free = _closed(problem, plan, set(shifts), set(visits))
    still = replace(
        plan,
        routes=tuple(route for route in plan.routes if route.shift not in own),
        unassigned=tuple(one for one in plan.unassigned if one.visit not in free),
        outside=tuple(one for one in plan.outside if one.visit not in free),
    )
    mine = replace(
        plan,
        routes=tuple(route for route in plan.routes if route.shift in own),
        unassigned=tuple(one for one in plan.unassigned if one.visit in free),
        outside=tuple(one for one in plan.outside if one.visit in free),
        claimed=CostTerms(),
    )
    return Part(_cut(_less(problem, still), own, free), mine, still)


def on_own_roads(problem: PlanningProblem) -> PlanningProblem:
    """The same problem with only the places its visits, shifts and stores are at.

    A part of a large region brings along the roads of all of it, and a search reads them all.
    """
    at = {visit.place for visit in problem.visits} | {store.place for store in problem.stores}
    at |= {place for shift in problem.shifts for place in (shift.start_place, shift.end_place)}
    used = sorted(at)
    new = {old: number for number, old in enumerate(used)}
    both = np.ix_(used, used)
    return replace(
        problem,
        places=tuple(problem.places[old] for old in used),
        travel_s=problem.travel_s[both],
        distance_m=problem.distance_m[both],
        visits=tuple(replace(one, place=new[one.place]) for one in problem.visits),
        shifts=tuple(
            replace(one, start_place=new[one.start_place], end_place=new[one.end_place])
            for one in problem.shifts
        ),
        stores=tuple(replace(one, place=new[one.place]) for one in problem.stores),
    )


def joined(problem: PlanningProblem, still: Plan, part: Plan) -> Plan:
    """The plan of the part and what stood still, as one plan of the whole problem, priced anew."""
    place = problem.visit_index
    whole = Plan(
        routes=tuple(
            sorted((*still.routes, *part.routes), key=lambda route: problem.shift_index[route.shift])
        ),
        unassigned=tuple(sorted((*still.unassigned, *part.unassigned), key=lambda one: place[one.visit])),
        claimed=CostTerms(),
        outside=tuple(sorted((*still.outside, *part.outside), key=lambda one: place[one.visit])),
    )
    return replace(whole, claimed=cost(problem, whole))


def _closed(problem: PlanningProblem, plan: Plan, own: set[str], free: set[str]) -> tuple[set[str], set[str]]:
    """The shifts and visits with everything that is linked to them."""
    routes = {route.shift: _served(route) for route in plan.routes}
    shift_of = {visit: shift for shift, served in routes.items() for visit in served}
    mates = _mates(problem)
    while True:
        free |= {visit for shift in own for visit in routes.get(shift, ())}
        found = {mate for visit in free for mate in mates.get(visit, ())} - free
        if not found:
            return own, free
        free |= found
        own |= {shift_of[visit] for visit in found if visit in shift_of}


def _mates(problem: PlanningProblem) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for link in problem.links:
        first, second = problem.visits[link.first].id, problem.visits[link.second].id
        found.setdefault(first, set()).add(second)
        found.setdefault(second, set()).add(first)
    return found


def together(problem: PlanningProblem, visit: str) -> tuple[str, ...]:
    """A visit and all that are linked to it, directly or through others; itself first."""
    mates, found = _mates(problem), [visit]
    for one in found:
        found.extend(sorted(mates.get(one, set()) - set(found)))
    return tuple(found)


def _served(route: Route) -> tuple[str, ...]:
    return tuple(stop.ref for stop in route.stops if stop.kind is StopKind.VISIT)


def _cut(problem: PlanningProblem, own: set[str], free: set[str]) -> PlanningProblem:
    kept = [index for index, visit in enumerate(problem.visits) if visit.id in free]
    new = {old: at for at, old in enumerate(kept)}
    links = tuple(
        replace(link, first=new[link.first], second=new[link.second])
        for link in problem.links
        if _inside(link, new)
    )
    return replace(
        problem,
        visits=tuple(problem.visits[index] for index in kept),
        shifts=tuple(shift for shift in problem.shifts if shift.id in own),
        links=links,
    )


def _inside(link: Link, new: dict[int, int]) -> bool:
    return link.first in new and link.second in new


@dataclass(frozen=True)
class _Drawn:
    """Units taken: from vans by (engineer, part), shelves by (store, part), offers by id."""

    vans: Counter[tuple[str, str]]
    shelves: Counter[tuple[str, str]]
    offers: Counter[str]


def _drawn(problem: PlanningProblem, routes: tuple[Route, ...]) -> _Drawn:
    drawn = _Drawn(Counter(), Counter(), Counter())
    for route in routes:
        engineer = problem.engineers[problem.shifts[problem.shift_index[route.shift]].engineer].id
        for supply in (supply for stop in route.stops for supply in stop.supply):
            if supply.source is Source.VAN:
                drawn.vans[engineer, supply.part] += supply.quantity
            elif supply.source is Source.PICK_UP:
                drawn.shelves[supply.from_id, supply.part] += supply.quantity
            elif supply.source is Source.OFFER:
                offer = problem.offers[problem.offer_index[supply.from_id]]
                drawn.offers[offer.id] += supply.quantity
                if offer.from_store >= 0:
                    drawn.shelves[problem.stores[offer.from_store].id, supply.part] += supply.quantity
    return drawn


def in_want(problem: PlanningProblem, plan: Plan) -> frozenset[str]:
    """The shifts that draw on a shelf or an offer which no longer has enough for everybody who does."""
    drawn = _drawn(problem, plan.routes)
    held = {
        (store.id, problem.parts[part]): units
        for store in problem.stores
        if not store.endless
        for part, units in store.stock
    }
    endless = {store.id for store in problem.stores if store.endless}
    short = {key for key, used in drawn.shelves.items() if key[0] not in endless and used > held.get(key, 0)}
    spent = {offer.id for offer in problem.offers if drawn.offers[offer.id] > offer.quantity}
    return frozenset(
        route.shift
        for route in plan.routes
        if short & _drawn(problem, (route,)).shelves.keys() or spent & _drawn(problem, (route,)).offers.keys()
    )


def _less(problem: PlanningProblem, still: Plan) -> PlanningProblem:
    """The problem without what the still routes take."""
    drawn = _drawn(problem, still.routes)
    lent = {stop.loaner.unit for stop in visit_stops(still) if stop.loaner is not None}
    return replace(
        problem,
        engineers=tuple(_van(problem, engineer, drawn.vans, lent) for engineer in problem.engineers),
        stores=tuple(_shelf(problem, store, drawn.shelves, lent) for store in problem.stores),
        offers=tuple(
            replace(offer, quantity=offer.quantity - drawn.offers[offer.id]) for offer in problem.offers
        ),
    )


def _van(
    problem: PlanningProblem, engineer: Engineer, used: Counter[tuple[str, str]], lent: set[str]
) -> Engineer:
    van = tuple((part, held - used[engineer.id, problem.parts[part]]) for part, held in engineer.van)
    return replace(engineer, van=van, loaners=_still_there(engineer.loaners, lent))


Units = tuple[tuple[int, tuple[str, ...]], ...]
"""Loaner units by class."""


def _still_there(loaners: Units, lent: set[str]) -> Units:
    left = ((kind, tuple(unit for unit in units if unit not in lent)) for kind, units in loaners)
    return tuple((kind, units) for kind, units in left if units)


def _shelf(problem: PlanningProblem, store: Store, used: Counter[tuple[str, str]], lent: set[str]) -> Store:
    stock = tuple((part, held - used[store.id, problem.parts[part]]) for part, held in store.stock)
    return replace(store, stock=stock, loaners=_still_there(store.loaners, lent))
