"""Every plan of a problem of two or three visits, judged by the verifier alone: finds an oracle that is too strict.

Times are the earliest possible: given who does what in which order and what each visit takes along, no price falls
with a later start but that of a changed start, for which not starting before the promised moment is tried as well.
Breaks are left to the other comparisons.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import permutations, product
from math import prod

from dispatch.cost import cost
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
from dispatch.problem import PlanningProblem, Visit, Window
from dispatch.verify import violations
from kernel.errors import Message


@dataclass(frozen=True)
class Choice:
    """How one visit is done on a route: what it takes along, its loaner, and no start before `from_s`."""

    visit: int
    supply: tuple[Supply, ...]
    loaner: LoanerChoice | None
    from_s: int

    @property
    def stores(self) -> set[str]:
        """Ids of the stores it needs a pick-up at."""
        taken = {supply.from_id for supply in self.supply if supply.source is Source.PICK_UP}
        brought = self.loaner is not None and self.loaner.by is LoanerBy.VISIT and self.loaner.store
        return taken | ({self.loaner.store} if self.loaner and brought else set())


def size(problem: PlanningProblem) -> int:
    """Say how many ways there are to choose, orders and pick-ups left aside."""
    return prod(
        1 + len(visit.outside) + len(problem.shifts) * len(_choices(problem, v))
        for v, visit in enumerate(problem.visits)
    )


def cheapest(problem: PlanningProblem) -> int:
    """Find the least cost of all plans the verifier accepts."""
    return min(plan.claimed.total for plan in _plans(problem) if violations(problem, plan) == ())


def _plans(problem: PlanningProblem) -> Iterator[Plan]:
    given = [
        [
            None,
            *visit.outside,
            *((h, one) for h in range(len(problem.shifts)) for one in _choices(problem, v)),
        ]
        for v, visit in enumerate(problem.visits)
    ]
    for chosen in product(*given):
        outside, missing = [], []
        days: list[list[Choice]] = [[] for _ in problem.shifts]
        for visit, one in zip(problem.visits, chosen, strict=True):
            if one is None:
                missing.append(Unassigned(visit.id, Message("unassigned.not_found"), Known.NOT_FOUND))
            elif isinstance(one, tuple):
                days[one[0]].append(one[1])
            else:
                outside.append(Outsourced(visit.id, one.partner, one.start_s, one.start_s + visit.service_s))
        ways = product(*(list(_ways(problem, day)) for day in days))
        for routes in (_timed(problem, way) for way in ways):
            plan = Plan(routes, tuple(missing), CostTerms(), outside=tuple(outside))
            yield replace(plan, claimed=cost(problem, plan))


def _choices(problem: PlanningProblem, v: int) -> list[Choice]:
    visit = problem.visits[v]
    supplies = list(product(*(_sources(problem, visit, n) for n in range(len(visit.parts)))))
    promised = visit.published
    froms = [0] if promised is None else [0, promised.start_s - promised.tolerance_s]
    return [Choice(v, *one) for one in product(supplies, [None, *_loaners(problem, visit)], froms)]


def _sources(problem: PlanningProblem, visit: Visit, n: int) -> list[Supply]:
    line = visit.parts[n]
    needed = problem.parts[line.part]
    ways = [Supply(needed, needed, 0, Source.WITHOUT)] if line.without_cents is not None else []
    for part in (line.part, *line.alternates):
        name = problem.parts[part]
        ways += [Supply(needed, name, line.quantity, Source.VAN)]
        ways += [Supply(needed, name, line.quantity, Source.PICK_UP, store.id) for store in problem.stores]
        ways += [
            Supply(needed, name, line.quantity, Source.OFFER, problem.offers[o].id)
            for o in line.offers
            if problem.offers[o].part == part
        ]
    return ways


def _loaners(problem: PlanningProblem, visit: Visit) -> list[LoanerChoice]:
    grant = visit.loaner
    if grant is None:
        return []
    sent = {(c.loaner_class, c.store, c.arrives_s) for c in grant.couriers}
    found = []
    for k, store in enumerate(problem.stores):
        for loaner_class, units in store.loaners:
            name = problem.loaner_classes[loaner_class]
            if loaner_class in grant.classes:
                stands = [at_s for of, where, at_s in sorted(sent) if (of, where) == (loaner_class, k)]
                found += [
                    LoanerChoice(unit, name, store.id, LoanerBy.COURIER, at_s)
                    for unit in units
                    for at_s in stands
                ]
                found += [LoanerChoice(unit, name, store.id, LoanerBy.VISIT, 0) for unit in units]
    for engineer in problem.engineers:
        for loaner_class, units in engineer.loaners:
            if loaner_class in grant.classes:
                name = problem.loaner_classes[loaner_class]
                found += [LoanerChoice(unit, name, "", LoanerBy.VISIT, 0) for unit in units]
    return found


def _ways(problem: PlanningProblem, day: list[Choice]) -> Iterator[tuple[Choice | int, ...]]:
    """Give every order with every pick-up that what is taken along, or a tool, may need."""
    if not day:
        yield ()
        return
    stores = {store for one in day for store in one.stores}
    for order in permutations(day):
        if not stores:
            yield order
        tools = any(problem.visits[one.visit].tools for one in order)
        for k, store in enumerate(problem.stores):
            if stores <= {store.id} and (stores or tools):
                for at in range(len(order)):
                    yield (*order[:at], k, *order[at:])


def _timed(problem: PlanningProblem, ways: tuple[tuple[Choice | int, ...], ...]) -> tuple[Route, ...]:
    """Time all days together, putting starts off until the links are content or a dozen turns have not helped."""
    begins_s = {one.visit: one.from_s for way in ways for one in way if isinstance(one, Choice)}
    routes: tuple[Route, ...] = ()
    for _ in range(12):
        routes = tuple(_route(problem, h, way, begins_s) for h, way in enumerate(ways) if way)
        starts_s = {
            problem.visit_index[stop.ref]: stop.start_s
            for route in routes
            for stop in route.stops
            if stop.kind is StopKind.VISIT
        }
        later_s = dict(begins_s)
        for link in problem.links:
            if link.first in starts_s and link.second in starts_s:
                least_s = starts_s[link.first] + link.least_s
                later_s[link.second] = max(later_s[link.second], least_s)
                if link.most_s is not None:
                    least_s = starts_s[link.second] - link.most_s
                    later_s[link.first] = max(later_s[link.first], least_s)
        if later_s == begins_s:
            break
        begins_s = later_s
    return routes


def _route(
    problem: PlanningProblem, h: int, way: tuple[Choice | int, ...], begins_s: dict[int, int]
) -> Route:
    shift = problem.shifts[h]
    here, now, stops = shift.start_place, shift.start_s, list[Stop]()
    for one in way:
        if isinstance(one, int):
            store = problem.stores[one]
            arrives = problem.arrival(now, max(0, int(problem.travel_s[here, store.place])))
            begin = _opens(store.opens, arrives)
            here, now = store.place, begin + store.pick_up_s
            tools = tuple(problem.tools[tool] for tool in store.tools)
            stops.append(Stop(StopKind.PICK_UP, store.id, arrives, begin, now, tools=tools))
            continue
        visit = problem.visits[one.visit]
        arrives = problem.arrival(now, max(0, int(problem.travel_s[here, visit.place])))
        offered = [
            problem.offers[problem.offer_index[supply.from_id]].arrives_s
            for supply in one.supply
            if supply.source is Source.OFFER
        ]
        earliest = max(arrives, visit.earliest_s, begins_s[one.visit], visit.start_lock_s or 0, *offered, 0)
        begin = _opens(visit.windows, earliest)
        here, now = visit.place, begin + visit.service_s
        loaner = one.loaner
        if loaner is not None and loaner.by is LoanerBy.VISIT:
            loaner = replace(loaner, stands_s=begin)
        stops.append(
            Stop(
                StopKind.VISIT, visit.id, arrives, begin, now, one.supply, loaner,
                fetches=visit.fetches, trip=visit.trip, role=visit.role,
            )
        )  # fmt: skip
    home = problem.arrival(now, max(0, int(problem.travel_s[here, shift.end_place])))
    return Route(shift.id, shift.start_s, home, tuple(stops))


def _opens(windows: tuple[Window, ...], at_s: int) -> int:
    return next((max(at_s, w.open_s) for w in windows if at_s < w.close_s), at_s)
