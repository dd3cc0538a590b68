"""Could one shift do one visit on an otherwise empty day: exact, in plain Python.

Every way is tried: which store is passed, if any, where each part line comes from, which breaks are taken and
where between the stops. With that settled, as early as possible is best: nobody who leaves later arrives sooner.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from dispatch.eligibility import failures, quickest, within
from dispatch.problem import UNREACHABLE, Break, PartLine, PlanningProblem, Shift, Store, Visit


@dataclass(frozen=True, slots=True)
class Road:
    """The way between two places.

    Args:
        ticks: at full speed, `UNREACHABLE` where there is no way.
        rest: breaks may be taken on the way: there are other stops.
    """

    ticks: Callable[[int, int], int]
    rest: bool


Free = dict[int, int]
"""By the breaks taken (a bit each): the soonest the engineer is free where he is."""


def earliest_alone(
    problem: PlanningProblem, visit: Visit, shift: Shift, *, any_road: bool = False
) -> int | None:
    """The soonest the visit can start on this shift with nothing else to do, and home in time; None: it cannot.

    Visits linked to it are not looked at. With `any_road` the roads are the quickest ways over any other places and
    breaks may be taken there: None then rules the pair out whatever else is on the route.
    """
    if failures(problem, visit, shift):
        return None
    road = _quick(problem) if any_road else _direct(problem)
    if any_road and problem.pace:
        shift = replace(
            shift, breaks=()
        )  # what a rest on the road saves depends on the hour: as if none were owed
    starts = (
        _start(problem, visit, shift, store, road, ready_s)
        for store in (None, *problem.stores)
        if (ready_s := _parts_ready(problem, visit, shift, store)) is not None
        and _tools(problem, visit, shift, store)
    )
    return min((start for start in starts if start is not None), default=None)


def _direct(problem: PlanningProblem) -> Road:
    return Road(lambda origin, there: int(problem.travel_s[origin, there]), rest=False)


def _quick(problem: PlanningProblem) -> Road:
    ways = quickest(problem)
    return Road(ways.between, rest=True)


def _tools(problem: PlanningProblem, visit: Visit, shift: Shift, store: Store | None) -> bool:
    held = problem.engineers[shift.engineer].tools
    carried = {tool.item for tool in held if tool.covers(shift.start_s, shift.latest_s)}
    return carried | set(store.tools if store else ()) >= set(visit.tools)


def _parts_ready(problem: PlanningProblem, visit: Visit, shift: Shift, store: Store | None) -> int | None:
    """The soonest all lines can be had from van, `store` and offers together; None: not all of them."""
    soonest: int | None = None
    for ready_s, drawn in _served(problem, visit.parts, shift, store):
        if all(used <= held for used, held in drawn.values()) and (soonest is None or ready_s < soonest):
            soonest = ready_s
    return soonest


Drawn = dict[tuple[str, str, int], tuple[int, int]]
"""By source: units used, units held."""


def _served(
    problem: PlanningProblem, lines: tuple[PartLine, ...], shift: Shift, store: Store | None
) -> Iterator[tuple[int, Drawn]]:
    """Every way to serve the lines: when the last delivery comes, and what is drawn on."""
    if not lines:
        yield 0, {}
        return
    line = lines[0]
    for ready_s, drawn in _served(problem, lines[1:], shift, store):
        if line.without_cents is not None:
            yield ready_s, drawn
        for part in (line.part, *line.alternates):
            van = dict(problem.engineers[shift.engineer].van).get(part, 0)
            yield ready_s, _also(drawn, ("van", "", part), line.quantity, van)
            if store is not None:
                held = line.quantity * len(lines) if store.endless else dict(store.stock).get(part, 0)
                shelf = ("shelf", store.id, part)
                yield ready_s, drawn if store.endless else _also(drawn, shelf, line.quantity, held)
        for index in line.offers:
            offer = problem.offers[index]
            if offer.part not in {line.part, *line.alternates}:
                continue
            taken = _also(drawn, ("offer", offer.id, offer.part), line.quantity, offer.quantity)
            if offer.from_store >= 0 and not problem.stores[offer.from_store].endless:
                source = problem.stores[offer.from_store]
                shelf = ("shelf", source.id, offer.part)
                taken = _also(taken, shelf, line.quantity, dict(source.stock).get(offer.part, 0))
            yield max(ready_s, offer.arrives_s), taken


def _also(drawn: Drawn, source: tuple[str, str, int], quantity: int, held: int) -> Drawn:
    return {**drawn, source: (drawn.get(source, (0, 0))[0] + quantity, held)}


def _start(
    problem: PlanningProblem, visit: Visit, shift: Shift, store: Store | None, road: Road, ready_s: int
) -> int | None:
    """The soonest start over this store from which the engineer still gets home in time, his breaks taken."""
    free: Free = {0: shift.start_s}
    here = shift.start_place
    if store is not None:
        free = _reached(problem, shift, free, road, (here, store.place))
        free = {
            taken: start + store.pick_up_s
            for taken, at in free.items()
            if (start := within(store.opens, at)) is not None
        }
        here = store.place
    free = _reached(problem, shift, free, road, (here, visit.place))
    starts = {taken: _begins(visit, max(at, ready_s)) for taken, at in free.items()}
    good = [
        start
        for taken, start in starts.items()
        if start is not None
        and _home_in_time(problem, shift, {taken: start + visit.service_s}, road, visit.place)
    ]
    return min(good, default=None)


def _begins(visit: Visit, ready_s: int) -> int | None:
    ready_s = max(ready_s, visit.earliest_s)
    if visit.start_lock_s is None:
        return within(visit.windows, ready_s)
    agreed = within(visit.windows, visit.start_lock_s) == visit.start_lock_s
    return visit.start_lock_s if agreed and ready_s <= visit.start_lock_s else None


def _reached(problem: PlanningProblem, shift: Shift, free: Free, road: Road, leg: tuple[int, int]) -> Free:
    """Rest, drive, rest: when he is free on arrival, by the breaks taken."""
    driven = _driven(problem, shift, _rested(shift, free), road, leg)
    return _rested(shift, driven)


def _driven(problem: PlanningProblem, shift: Shift, free: Free, road: Road, leg: tuple[int, int]) -> Free:
    ticks = road.ticks(*leg)
    if ticks == UNREACHABLE or not free:
        return {}
    driven = {taken: problem.arrival(at, ticks) for taken, at in free.items()}
    if road.rest:
        left = min(free.values())
        for taken, number, rest in _takable(shift, driven):
            if rest.from_s <= driven[taken] and left < rest.until_s:
                _sooner(driven, taken | 1 << number, driven[taken] + rest.duration_s)
    return driven


def _rested(shift: Shift, free: Free) -> Free:
    """The same after any of the breaks still to be taken, in any order."""
    found = dict(free)
    for taken, number, rest in _takable(shift, found):
        start = max(found[taken], rest.from_s)
        if start < rest.until_s:
            _sooner(found, taken | 1 << number, start + rest.duration_s)
    return found


def _takable(shift: Shift, found: Free) -> Iterator[tuple[int, int, Break]]:
    """Every set of breaks taken, smaller ones first, with every break that may come next; `found` may grow."""
    for taken in range(1 << len(shift.breaks)):
        for number, rest in enumerate(shift.breaks):
            if taken in found and not taken >> number & 1:
                yield taken, number, rest


def _sooner(found: Free, taken: int, at: int) -> None:
    found[taken] = min(found.get(taken, at), at)


def _home_in_time(problem: PlanningProblem, shift: Shift, free: Free, road: Road, place: int) -> bool:
    home = _driven(problem, shift, _rested(shift, free), road, (place, shift.end_place))
    return any(
        at <= shift.latest_s
        and not any(not taken >> n & 1 and at > rest.until_s for n, rest in enumerate(shift.breaks))
        for taken, at in home.items()
    )
