"""A few routes of a plan as a problem of their own, everybody else kept exactly where he is.

What the routes that stand still use of vans, shelves, offers and loaner units is taken off, so whatever is
found for the part holds in the whole plan.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import numpy as np

from dispatch.plan import CostTerms, Plan, Route, StopKind
from dispatch.problem import Engineer, Link, PlanningProblem, Visit
from dispatch.standing import Drawn, Standing, drawn, overdrawn, standing


@dataclass(frozen=True)
class Part:
    """The part as a problem with its own plan, and what stands still beside it."""

    problem: PlanningProblem
    plan: Plan
    still: Plan


def part_of(
    problem: PlanningProblem,
    plan: Plan,
    shifts: Collection[str],
    visits: Collection[str],
    *,
    taken: Drawn | None = None,
) -> Part:
    """Cut `shifts` with all their visits, and `visits` that are on no route, out of a problem and its plan.

    A visit linked to one of them comes along, with its whole route. `taken` is what the plan's routes take together,
    where it is known; None: it is added up.
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
    others = drawn(problem, still.routes) if taken is None else taken.less(drawn(problem, mine.routes))
    # cut before it is made less: what is known of ids belongs to the whole
    return Part(_less(problem, _cut(problem, own, free), others), mine, still)


def by_itself(problem: PlanningProblem) -> PlanningProblem:
    """The same problem with only the places, people, offers and stock its visits and shifts have to do with.

    A part of a large region brings along the roads, vans and shelves of all of it, and a search reads them all.
    """
    at = {visit.place for visit in problem.visits} | {store.place for store in problem.stores}
    at |= {place for shift in problem.shifts for place in (shift.start_place, shift.end_place)}
    used, asked = sorted(at), _asked(problem)
    offers = sorted({offer for visit in problem.visits for line in visit.parts for offer in line.offers})
    people = sorted({shift.engineer for shift in problem.shifts}.union(*map(_named, problem.visits)))
    new = _Numbers(*({old: number for number, old in enumerate(some)} for some in (used, people, offers)))
    both = np.ix_(used, used)
    return replace(
        problem,
        places=tuple(problem.places[old] for old in used),
        travel_s=problem.travel_s[both],
        distance_m=problem.distance_m[both],
        engineers=tuple(_carrying(problem.engineers[old], asked) for old in people),
        visits=tuple(_renumbered(one, new) for one in problem.visits),
        shifts=tuple(
            replace(
                one,
                engineer=new.people[one.engineer],
                start_place=new.places[one.start_place],
                end_place=new.places[one.end_place],
            )
            for one in problem.shifts
        ),
        stores=tuple(
            replace(one, place=new.places[one.place], stock=_of(one.stock, asked)) for one in problem.stores
        ),
        offers=tuple(problem.offers[old] for old in offers),
    )


def _asked(problem: PlanningProblem) -> set[int]:
    """Parts its visits may take."""
    return {
        part for visit in problem.visits for line in visit.parts for part in (line.part, *line.alternates)
    }


@dataclass(frozen=True, slots=True)
class _Numbers:
    """New numbers of places, people and offers by the old ones; their order stays."""

    places: dict[int, int]
    people: dict[int, int]
    offers: dict[int, int]


def _named(visit: Visit) -> set[int]:
    """Engineers whom a visit names by what tells one from another, whether he has a shift or not."""
    named = {*visit.preferred, visit.engineer_lock}
    if visit.published is not None:
        named.add(visit.published.engineer)
    return named - {-1}


def _renumbered(visit: Visit, new: _Numbers) -> Visit:
    published = visit.published and replace(
        visit.published, engineer=new.people.get(visit.published.engineer, -1)
    )
    return replace(
        visit,
        place=new.places[visit.place],
        engineer_lock=new.people.get(visit.engineer_lock, -1),
        barred=tuple(new.people[one] for one in visit.barred if one in new.people),
        preferred=tuple(new.people[one] for one in visit.preferred),
        published=published,
        parts=tuple(
            replace(line, offers=tuple(new.offers[one] for one in line.offers)) for line in visit.parts
        ),
    )


def _carrying(engineer: Engineer, asked: set[int]) -> Engineer:
    return replace(engineer, van=_of(engineer.van, asked))


def _of(stock: tuple[tuple[int, int], ...], asked: set[int]) -> tuple[tuple[int, int], ...]:
    return tuple(one for one in stock if one[0] in asked)


def joined(problem: PlanningProblem, still: Plan, part: Plan, *, known: Standing | None = None) -> Plan:
    """The plan of the part and what stood still, as one plan of the whole problem, priced anew.

    `known` is a plan of the problem that has most of these routes, where there is one.
    """
    place = problem.visit_index
    whole = Plan(
        routes=tuple(
            sorted((*still.routes, *part.routes), key=lambda route: problem.shift_index[route.shift])
        ),
        unassigned=tuple(sorted((*still.unassigned, *part.unassigned), key=lambda one: place[one.visit])),
        claimed=CostTerms(),
        outside=tuple(sorted((*still.outside, *part.outside), key=lambda one: place[one.visit])),
    )
    return replace(whole, claimed=(standing(problem, whole) if known is None else known.after(whole)).terms)


def _closed(problem: PlanningProblem, plan: Plan, own: set[str], free: set[str]) -> tuple[set[str], set[str]]:
    """The shifts and visits with everything that is linked to them."""
    routes, mates = {route.shift: route for route in plan.routes}, _mates(problem)
    shift_of = {visit: route.shift for route in plan.routes for visit in _served(route)} if mates else {}
    while True:
        free |= {visit for shift in own & routes.keys() for visit in _served(routes[shift])}
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
    kept = sorted(problem.visit_index[visit] for visit in free & problem.visit_index.keys())
    new = {old: at for at, old in enumerate(kept)}
    links = tuple(
        replace(link, first=new[link.first], second=new[link.second])
        for link in problem.links
        if _inside(link, new)
    )
    return replace(
        problem,
        visits=tuple(problem.visits[index] for index in kept),
        shifts=tuple(
            problem.shifts[index]
            for index in sorted(problem.shift_index[shift] for shift in own & problem.shift_index.keys())
        ),
        links=links,
    )


def _inside(link: Link, new: dict[int, int]) -> bool:
    return link.first in new and link.second in new


def in_want(problem: PlanningProblem, plan: Plan, *, taken: Drawn | None = None) -> frozenset[str]:
    """The shifts that draw on a shelf or an offer which no longer has enough for everybody who does.

    `taken` is what the plan's routes take together, where it is known.
    """
    taken = drawn(problem, plan.routes) if taken is None else taken
    short = set(overdrawn(problem, taken, taken))
    if not short:
        return frozenset()

    def draws(route: Route) -> bool:
        own = drawn(problem, (route,))
        return bool(short & {*own.shelves, *own.offers})

    return frozenset(route.shift for route in plan.routes if draws(route))


def _less(problem: PlanningProblem, cut: PlanningProblem, taken: Drawn) -> PlanningProblem:
    """What was cut out of a problem, without what others have taken; vans of people without a shift in it stay as they are.

    Of what lies in stores only what its visits ask for comes along.
    """
    engineers, stores, offers = list(problem.engineers), list(problem.stores), list(problem.offers)
    crew, asked = {shift.engineer for shift in cut.shifts}, _asked(cut)
    shelves: dict[str, dict[int, int]] = {}
    for (store_id, part), units in taken.shelves.items():
        if part in problem.part_index:
            shelves.setdefault(store_id, {})[problem.part_index[part]] = units
    lent = taken.lent.keys()
    for number in crew:
        man = engineers[number]
        van = tuple((part, held - taken.vans[man.id, problem.parts[part]]) for part, held in man.van)
        engineers[number] = replace(man, van=van, loaners=_still_there(man.loaners, lent))
    for number, store in enumerate(stores):
        stock = _left(_of(store.stock, asked), shelves.get(store.id, {}))
        stores[number] = replace(store, stock=stock, loaners=_still_there(store.loaners, lent))
    for offer, quantity in taken.offers.items():
        number = problem.offer_index[offer]
        offers[number] = replace(offers[number], quantity=offers[number].quantity - quantity)
    return replace(cut, engineers=tuple(engineers), stores=tuple(stores), offers=tuple(offers))


Stock = tuple[tuple[int, int], ...]
"""Units by part."""


def _left(stock: Stock, used: Mapping[int, int]) -> Stock:
    return tuple((part, held - used.get(part, 0)) for part, held in stock) if used else stock


Units = tuple[tuple[int, tuple[str, ...]], ...]
"""Loaner units by class."""


def _still_there(loaners: Units, lent: Collection[str]) -> Units:
    left = ((kind, tuple(unit for unit in units if unit not in lent)) for kind, units in loaners)
    return tuple((kind, units) for kind, units in left if units)
