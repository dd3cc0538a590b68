"""The plan in force, carried on: what becomes of it under what is true now when nobody decides anything."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from dispatch.board import Board
from dispatch.cost import cost, visit_stops
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
from dispatch.pose import PIECE
from dispatch.problem import PartLine, PlanningProblem, Visit, is_kept, plain_name
from dispatch.provision import provided
from dispatch.rescue.part_of import by_itself, joined, part_of
from dispatch.rescue.retime import Delay, retimed
from dispatch.solve import Budget, solve
from dispatch.verify import broken_rules
from dispatch.verify.accounted import unknown_ids
from dispatch.verify.routes import of_route
from kernel.errors import Message

CARRYING = Budget(seed=1, work=0)
"""The routes keep their order, so there is nothing to search for."""

DEAR = 10**10
"""Cents: more than going to any visit costs, however late."""


def shifted(plan: Plan, by_s: int) -> Plan:
    """The same moments in the ticks of a board `-by_s` ticks later."""

    def later(stop: Stop) -> Stop:
        times = {name: getattr(stop, name) + by_s for name in ("arrive_s", "start_s", "end_s")}
        loaner = stop.loaner and replace(stop.loaner, stands_s=stop.loaner.stands_s + by_s)
        return replace(stop, loaner=loaner, **times)

    routes = tuple(
        replace(
            route,
            depart_s=route.depart_s + by_s,
            end_s=route.end_s + by_s,
            stops=tuple(map(later, route.stops)),
        )
        for route in plan.routes
    )
    outside = tuple(replace(one, start_s=one.start_s + by_s, end_s=one.end_s + by_s) for one in plan.outside)
    return replace(plan, routes=routes, outside=outside)


def carried(problem: PlanningProblem, in_force: Plan) -> Plan:
    """Go on as planned: every visit stays with its engineer (or partner) and in its order, no sooner than planned.

    A route that still holds is driven as planned, later where it must be. Of one that does not, every visit stays
    with its engineer where there is a way, else it is left out. Nobody who was left out is placed.

    Args:
        problem: what is true now.
        in_force: the plan people go by, in the problem's ticks (`shifted`).

    Returns:
        A plan of `problem`, priced.
    """
    known = provided(problem, _known(problem, in_force))
    same = {route.shift: again for route in known.routes if (again := _again(problem, route)) is not None}
    mixed = replace(known, routes=tuple(same.get(route.shift, route) for route in known.routes))
    broken = {route.shift for route in known.routes} - same.keys()
    tried = _driven(problem, mixed, broken) if broken else _priced(problem, mixed)
    if not broken_rules(problem, tried):
        return tried
    # What they take together is no longer there: everybody's sources are chosen again.
    return _driven(problem, known, {route.shift for route in known.routes})


def _again(problem: PlanningProblem, route: Route) -> Route | None:
    """The route no sooner than planned; None where it does not hold by itself any more."""
    floor = {stop.ref: stop.start_s for stop in route.stops if stop.kind is StopKind.VISIT}
    alone = replace(_NOTHING, routes=(route,))
    if next(unknown_ids(problem, alone), None) is not None or not _breaks_due(problem, route):
        return None
    again = retimed(problem, route, Delay(floor=floor))
    return again if again is not None and next(of_route(problem, again), None) is None else None


def _breaks_due(problem: PlanningProblem, route: Route) -> bool:
    due = sorted(one.duration_s for one in problem.shifts[problem.shift_index[route.shift]].breaks)
    taken = sorted(stop.end_s - stop.start_s for stop in route.stops if stop.kind is StopKind.BREAK)
    return taken in (due, due[: len(taken)])


def _driven(problem: PlanningProblem, known: Plan, shifts: Collection[str]) -> Plan:
    """The plan with some routes sought again, every visit of theirs held to its engineer."""
    served = {stop.ref: _engineer(problem, route.shift) for route in known.routes for stop in _visits(route)}
    part = part_of(problem, known, shifts, ())
    nobody = tuple(range(len(problem.engineers)))
    # Somebody decided that he goes: that leaving the visit out would be cheaper is for a new plan to say, not for this one.
    dear = DEAR + sum(one.left_out for one in problem.visits)

    def held(visit: Visit) -> Visit:
        if visit.id in served:
            return replace(visit, engineer_lock=served[visit.id], outside=(), left_out=dear + visit.left_out)
        return replace(visit, barred=nobody, outside=())

    locked = replace(part.problem, visits=tuple(map(held, part.problem.visits)))
    # An engineer has other shifts: a visit that no longer fits today may stand on a free day of his.
    crew = {_engineer(problem, shift) for shift in shifts}
    still = {route.shift for route in part.still.routes}
    own = (one for one in problem.shifts if one.engineer in crew and one.id not in still)
    again = by_itself(replace(locked, shifts=tuple(own)))
    return joined(problem, part.still, solve(again, CARRYING, part.plan))


def _known(problem: PlanningProblem, plan: Plan) -> Plan:
    """What of a plan the problem still has; every other visit is left out."""
    by_shift: dict[str, Route] = {}
    for route in plan.routes:
        shift = route.shift if route.shift in problem.shift_index else _other_piece(problem, route.shift)
        stops = tuple(_ahead(problem, route))
        if not shift or not any(stop.kind is StopKind.VISIT for stop in stops):
            continue
        before = by_shift.get(shift)
        both = (
            replace(before, stops=before.stops + stops)
            if before
            else replace(route, shift=shift, stops=stops)
        )
        by_shift[shift] = both
    outside = tuple(asked for one in plan.outside if (asked := _still_asked(problem, one)) is not None)
    routes = tuple(sorted(by_shift.values(), key=lambda route: problem.shift_index[route.shift]))
    kept = replace(_NOTHING, routes=routes, outside=outside)
    served = {stop.ref for stop in visit_stops(kept)} | {one.visit for one in outside}
    left = (
        Unassigned(visit.id, Message("unassigned.not_found"), Known.NOT_FOUND)
        for visit in problem.visits
        if visit.id not in served
    )
    return replace(kept, unassigned=tuple(left))


def _still_asked(problem: PlanningProblem, done: Outsourced) -> Outsourced | None:
    """The visit with its partner, when he offers to come now; None: he no longer does."""
    if done.visit not in problem.visit_index:
        return None
    visit = problem.visits[problem.visit_index[done.visit]]
    start_s = next((one.start_s for one in visit.outside if one.partner == done.partner), None)
    return None if start_s is None else replace(done, start_s=start_s, end_s=start_s + visit.service_s)


def _ahead(problem: PlanningProblem, route: Route) -> Iterator[Stop]:
    """What of a route is still to be done: breaks and pick-ups that have begun are over, what they gave is in the van."""
    emptied = {stop.ref for stop in route.stops if stop.kind is StopKind.PICK_UP and stop.start_s <= 0}
    for stop in route.stops:
        if stop.kind is not StopKind.VISIT:
            if stop.start_s > 0:
                yield stop
        elif stop.ref in problem.visit_index:
            visit = problem.visits[problem.visit_index[stop.ref]]
            told = tuple(
                replace(one, source=Source.VAN, from_id="") if one.from_id in emptied else one
                for one in stop.supply
            )
            supply = tuple(_served(problem, route, visit, told))
            loaner = _brought(problem, route, stop.loaner) if visit.loaner is not None else None
            start_s = visit.start_lock_s if visit.start_lock_s is not None else stop.start_s
            end_s = start_s + visit.service_s
            yield replace(
                stop, start_s=start_s, end_s=end_s, supply=supply, loaner=loaner, fetches=visit.fetches
            )


def _served(
    problem: PlanningProblem, route: Route, visit: Visit, told: tuple[Supply, ...]
) -> Iterator[Supply]:
    """What the plan took for each line, under the names of today: units may have been kept for the visit since, or freed."""
    for line in visit.parts:
        name = problem.parts[line.part]
        same = [one for one in told if plain_name(one.needed) == plain_name(name)]
        one = next((one for one in same if one.needed == name), next(iter(same), None))
        if one is None:
            continue
        if one.source is Source.WITHOUT:
            yield replace(one, needed=name, part=name)
        elif any(is_kept(word) for word in (name, one.needed, one.part, *_own_names(problem, line))):
            part = _named(problem, route, line, one)
            yield replace(one, needed=name, part=part, quantity=line.quantity)
        else:
            yield one


def _own_names(problem: PlanningProblem, line: PartLine) -> tuple[str, ...]:
    return tuple(problem.parts[part] for part in (line.part, *line.alternates))


def _named(problem: PlanningProblem, route: Route, line: PartLine, one: Supply) -> str:
    """The name today of what was to be taken there: units kept for the visit first, as nobody else may take them."""
    names = [name for name in _own_names(problem, line) if plain_name(name) == plain_name(one.part)]
    held: dict[int, int] = {}
    if one.source is Source.PICK_UP and one.from_id in problem.store_index:
        held = dict(problem.stores[problem.store_index[one.from_id]].stock)
    elif one.source is Source.OFFER and one.from_id in problem.offer_index:
        offer = problem.offers[problem.offer_index[one.from_id]]
        held = {offer.part: offer.quantity}
    elif one.source is Source.VAN:
        shift = route.shift if route.shift in problem.shift_index else _other_piece(problem, route.shift)
        held = dict(problem.engineers[_engineer(problem, shift)].van) if shift else {}
    enough = [name for name in names if held.get(problem.part_index[name], 0) >= line.quantity]
    return min(enough or names or [one.part], key=lambda name: not is_kept(name))


def _brought(problem: PlanningProblem, route: Route, loaner: LoanerChoice | None) -> LoanerChoice | None:
    """The loaner of a visit still to be done: one that lies in the engineer's van by now is taken from there."""
    if loaner is None or loaner.by is not LoanerBy.VISIT:
        return loaner
    shift = route.shift if route.shift in problem.shift_index else _other_piece(problem, route.shift)
    if not shift:
        return loaner
    carried = problem.engineers[_engineer(problem, shift)].loaners
    in_van = any(loaner.unit in units for _, units in carried)
    return replace(loaner, store="") if in_van else loaner


def _priced(problem: PlanningProblem, plan: Plan) -> Plan:
    return replace(plan, claimed=cost(problem, plan))


def _visits(route: Route) -> Iterator[Stop]:
    return (stop for stop in route.stops if stop.kind is StopKind.VISIT)


def _other_piece(problem: PlanningProblem, shift: str) -> str:
    """A piece of the same shift: an absence has cut it, or cuts it no more."""
    whole = shift.partition(PIECE)[0]
    return next((one.id for one in problem.shifts if one.id.partition(PIECE)[0] == whole), "")


def _engineer(problem: PlanningProblem, shift: str) -> int:
    return problem.shifts[problem.shift_index[shift]].engineer


_NOTHING = Plan((), (), CostTerms())


def as_published(board: Board, problem: PlanningProblem) -> Plan:
    """The published stops as a plan in force, where nobody has kept the plan they came from: who goes where in which order.

    It says nothing of parts and breaks: `carried` finds them.
    """
    by_shift: dict[str, list[Stop]] = {}
    outside: list[Outsourced] = []
    for name, stop in board.published.items():
        if name not in problem.visit_index:
            continue
        visit = problem.visits[problem.visit_index[name]]
        start_s = board.tick(stop.starts_at)
        if stop.partner:
            outside.append(Outsourced(name, stop.partner, start_s, start_s + visit.service_s))
            continue
        here = Stop(StopKind.VISIT, name, start_s, start_s, start_s + visit.service_s)
        by_shift.setdefault(stop.shift, []).append(replace(here, trip=visit.trip, role=visit.role))
    routes = (
        Route(shift, min(one.start_s for one in stops), max(one.end_s for one in stops), tuple(stops))
        for shift, stops in sorted(
            (shift, sorted(stops, key=lambda one: (one.start_s, one.ref)))
            for shift, stops in by_shift.items()
        )
    )
    return replace(_NOTHING, routes=tuple(routes), outside=tuple(outside))
