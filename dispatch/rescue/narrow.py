"""A problem narrowed to one way out, and the names of what the way reserved turned back.

A way that is to use one certain unit (a part on a shelf, an offer) gets that unit under a name of its own:
the visit asks for it, nobody else can have it, and no other source will do. Everything else stays free.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from dispatch.plan import Plan, Source, Stop, StopKind, Supply
from dispatch.problem import PartLine, PlanningProblem, Store, Visit

Item = TypeVar("Item")

OWN = "#"
"""Between a name and the visit it is reserved for; no id has it."""


@dataclass(frozen=True)
class Narrowed:
    """A problem with one way left to one visit.

    Args:
        needed: the part a line really asks for and the part really used, by the name the narrowed line asks for.
        brought_from: a store that has to be passed for a loaner; empty: none.
    """

    problem: PlanningProblem
    visit: str
    needed: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    brought_from: str = ""


def forced(problem: PlanningProblem, visit: str, *, also: Iterable[str] = ()) -> Narrowed:
    """Leaving `visit`, or one of `also`, out is dearer than leaving out everybody else: the way is tried at any price."""
    total = sum(one.left_out for one in problem.visits)
    if any(store.endless for store in problem.stores):
        problem = replace(problem, stores=tuple(_counted(problem, store) for store in problem.stores))
    for name in {visit, *also}:
        problem = problem.with_visit(replace(_the(problem, name), left_out=2 * total + 1))
    return Narrowed(problem, visit)


def _counted(problem: PlanningProblem, store: Store) -> Store:
    """An endless store with more of every part than is asked for: what a way reserves is not found there, too."""
    if not store.endless:
        return store
    asked = sum(line.quantity for visit in problem.visits for line in visit.parts)
    return replace(store, endless=False, stock=tuple((part, asked) for part in range(len(problem.parts))))


def by_engineer(way: Narrowed, engineer: int) -> Narrowed:
    """Only this engineer comes."""
    return replace(
        way, problem=way.problem.with_visit(replace(_the(way.problem, way.visit), engineer_lock=engineer))
    )


def by_others(way: Narrowed, engineer: int) -> Narrowed:
    """Anybody but this engineer comes."""
    visit = _the(way.problem, way.visit)
    barred = tuple(sorted({*visit.barred, engineer}))
    return replace(way, problem=way.problem.with_visit(replace(visit, barred=barred)))


def not_before(way: Narrowed, start_s: int) -> Narrowed:
    """It begins at this tick or later."""
    visit = _the(way.problem, way.visit)
    later = replace(visit, earliest_s=max(visit.earliest_s, start_s))
    return replace(way, problem=way.problem.with_visit(later))


def without_more_overtime(way: Narrowed, plan: Plan) -> Narrowed:
    """No shift works longer than `plan` has it work already."""
    ends = {route.shift: route.end_s for route in plan.routes}
    shifts = tuple(
        replace(shift, overtime_s=min(shift.overtime_s, max(0, ends.get(shift.id, 0) - shift.end_s)))
        for shift in way.problem.shifts
    )
    return replace(way, problem=replace(way.problem, shifts=shifts))


def from_shelf(way: Narrowed, line: int, part: int, store: int) -> Narrowed | None:
    """Line number `line` is served with `part` picked up at `store`; None: it has too few."""
    problem = way.problem
    visit, shelf = _the(problem, way.visit), problem.stores[store]
    quantity, held = visit.parts[line].quantity, dict(shelf.stock)
    if held.get(part, 0) < quantity:
        return None
    left = held | {part: held[part] - quantity, len(problem.parts): quantity}
    stores = _put(problem.stores, store, replace(shelf, stock=tuple(sorted(left.items()))))
    return _reserved(replace(way, problem=replace(problem, stores=stores)), line, part)


def by_offer(way: Narrowed, line: int, offer: int) -> Narrowed | None:
    """Line number `line` comes by `offer`; None: it can no longer bring enough."""
    problem = way.problem
    visit, one = _the(problem, way.visit), problem.offers[offer]
    quantity = visit.parts[line].quantity
    stores = problem.stores
    if one.quantity < quantity:
        return None
    if one.from_store >= 0:
        shelf = stores[one.from_store]
        held = dict(shelf.stock)
        if not shelf.endless and held.get(one.part, 0) < quantity:
            return None
        left = held | {one.part: max(0, held.get(one.part, 0) - quantity)}
        stores = _put(stores, one.from_store, replace(shelf, stock=tuple(sorted(left.items()))))
    rest = _put(problem.offers, offer, replace(one, quantity=one.quantity - quantity))
    own = replace(
        one, id=f"{one.id}{OWN}{visit.id}", part=len(problem.parts), quantity=quantity, from_store=-1
    )
    changed = replace(problem, stores=stores, offers=(*rest, own))
    return _reserved(replace(way, problem=changed), line, one.part, offers=(len(rest),))


def by_alternate(way: Narrowed, line: int, part: int) -> Narrowed:
    """Line number `line` is served with `part`, wherever it comes from."""
    problem, visit = way.problem, _the(way.problem, way.visit)
    asked = visit.parts[line]
    offers = tuple(index for index in asked.offers if problem.offers[index].part == part)
    other = PartLine(part, asked.quantity, offers=offers)
    names = {problem.parts[part]: (problem.parts[asked.part], problem.parts[part])}
    changed = replace(visit, parts=_put(visit.parts, line, other))
    return replace(way, problem=problem.with_visit(changed), needed={**way.needed, **names})


def past_store(way: Narrowed, store: int) -> Narrowed:
    """The route passes `store` before the visit, so that something can be brought from there."""
    problem, visit = way.problem, _the(way.problem, way.visit)
    token = len(problem.parts)
    shelf = problem.stores[store]
    changed = replace(
        problem,
        parts=(*problem.parts, f"{OWN}{visit.id}"),
        stores=_put(problem.stores, store, replace(shelf, stock=(*shelf.stock, (token, 1)))),
    )
    changed = changed.with_visit(replace(visit, parts=(*visit.parts, PartLine(token, 1))))
    return replace(way, problem=changed, brought_from=shelf.id)


def by_partner(way: Narrowed, number: int) -> Narrowed:
    """The visit's partner number `number` does it, nobody of our own."""
    problem, visit = way.problem, _the(way.problem, way.visit)
    everybody = tuple(range(len(problem.engineers)))
    changed = replace(visit, outside=(visit.outside[number],), barred=everybody)
    return replace(way, problem=problem.with_visit(changed))


def by_our_own(way: Narrowed) -> Narrowed:
    """No partner does it."""
    return replace(way, problem=way.problem.with_visit(replace(_the(way.problem, way.visit), outside=())))


def restored(way: Narrowed, plan: Plan) -> Plan:
    """The plan in the names of the problem before it was narrowed."""
    if not way.needed and not way.brought_from:
        return plan
    routes = tuple(
        replace(route, stops=tuple(_restored(way, stop) for stop in route.stops)) for route in plan.routes
    )
    return replace(plan, routes=routes)


def _restored(way: Narrowed, stop: Stop) -> Stop:
    if stop.kind is not StopKind.VISIT or stop.ref != way.visit:
        return stop
    real = tuple(_real(way, supply) for supply in stop.supply if not supply.needed.startswith(OWN))
    return replace(stop, supply=real)


def _real(way: Narrowed, supply: Supply) -> Supply:
    needed, part = way.needed.get(supply.needed, (supply.needed, supply.part))
    from_id = supply.from_id.partition(OWN)[0] if supply.source is Source.OFFER else supply.from_id
    return replace(supply, needed=needed, part=part, from_id=from_id)


def _reserved(way: Narrowed, line: int, part: int, *, offers: tuple[int, ...] = ()) -> Narrowed:
    problem, visit = way.problem, _the(way.problem, way.visit)
    name = f"{problem.parts[part]}{OWN}{visit.id}"
    asked = visit.parts[line]
    own = PartLine(len(problem.parts), asked.quantity, offers=offers)
    changed = replace(problem, parts=(*problem.parts, name))
    needed = {**way.needed, name: (problem.parts[asked.part], problem.parts[part])}
    changed = changed.with_visit(replace(visit, parts=_put(visit.parts, line, own)))
    return replace(way, problem=changed, needed=needed)


def _the(problem: PlanningProblem, visit: str) -> Visit:
    return problem.visits[problem.visit_index[visit]]


def _put(items: tuple[Item, ...], at: int, item: Item) -> tuple[Item, ...]:
    return (*items[:at], item, *items[at + 1 :])
