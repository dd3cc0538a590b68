"""All ways out for one visit: which there are, which are closed and why, and each open one placed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dispatch.cost import visit_stops
from dispatch.plan import Plan, Source, Supply
from dispatch.problem import PartLine, PlanningProblem, Visit, is_kept, plain_name
from dispatch.rescue import narrow
from dispatch.rescue.lending import loaners
from dispatch.rescue.narrow import Narrowed
from dispatch.rescue.placed import Case, no_place, placed, priced, promises, where
from dispatch.rescue.refused import RefusedPart
from dispatch.rescue.way import Rescue, Way, WayKind
from dispatch.rescue.workshop import Bench, workshop
from dispatch.solve import Budget
from kernel.errors import Message, Refusal, Value

NEAR = 4
"""Cheapest shifts tried for a way, in the plan and on empty days, besides the visit's own."""

WORK = 2_000
"""Search steps for each way."""

NO_WORKSHOP = Message("closed.no_workshop")

GENERAL = frozenset({WayKind.REORDER, WayKind.OVERTIME, WayKind.ENGINEER})
"""Ways that leave open how the part or a loaner comes."""


def late_visit(problem: PlanningProblem, plan: Plan, name: str) -> str:
    """The visit to rescue: `name` itself, or of a ticket's visits the one that keeps its promises worst.

    Raises:
        Refusal: ``rescue.nothing_open``: the problem has no visit or ticket of that id.
    """
    if name in problem.visit_index:
        return name
    own = [visit.id for visit in problem.visits if name in {visit.ticket, visit.desk_visit}]
    if not own:
        raise Refusal("rescue.nothing_open", name=name[:80])

    def worst(visit: str) -> tuple[float, str]:
        spares = (promise.spare_s for promise in promises(problem, plan, (visit,)))
        return min((float("-inf") if s is None else s for s in spares), default=float("inf")), visit

    return min(own, key=worst)


def ways_out(
    problem: PlanningProblem,
    plan: Plan,
    visit: str,
    *,
    refused: Sequence[RefusedPart] = (),
    bench: Bench | Message = NO_WORKSHOP,
    near: int = NEAR,
    budget: Budget | None = None,
) -> Rescue:
    """Compare the ways out for `visit`, in the plan as it is.

    Args:
        problem: what was planned; its objective is money.
        plan: its plan; keeps every rule, its cost claimed.
        visit: the visit's id.
        refused: parts the scheme rules out, to be listed as closed.
        bench: the workshop for it (`dispatch.rescue.workshop.bench`), or why it cannot go there.
        near: shifts tried for each way besides the visit's own; with as many as there are the whole plan is solved again.
        budget: for each way; None: `WORK` steps with seed 1.

    Returns:
        Open ways first, in order of `WayKind`, the plan as it is at their head; then the closed ones with their reasons.

    Raises:
        Refusal: ``rescue.nothing_open``.
    """
    if visit not in problem.visit_index:
        raise Refusal("rescue.nothing_open", name=visit[:80])
    wanted = problem.visits[problem.visit_index[visit]]
    tickets = tuple(one.id for one in problem.visits if one.ticket == wanted.ticket)
    here = where(plan).get(visit)
    shift = here.shift if here else ""
    case = Case(
        problem,
        plan,
        visit,
        tickets,
        engineer=problem.shifts[problem.shift_index[shift]].engineer if shift else None,
        shift=shift,
        near=near,
        budget=budget or Budget(seed=1, work=WORK),
    )
    found = [
        priced(case, WayKind.WAIT, Message("rescue.way_wait"), plan),
        *_ways(case, wanted, refused, bench),
    ]
    found = _once(found, visit)
    ranked = sorted(found, key=lambda way: (way.closed is not None, list(WayKind).index(way.kind)))
    return Rescue(wanted.ticket, visit, tuple(ranked))


def _ways(case: Case, visit: Visit, refused: Sequence[RefusedPart], bench: Bench | Message) -> Iterator[Way]:
    free = narrow.forced(case.problem, visit.id)
    yield from _own_engineer(case, free)
    yield _another(case, visit, free)
    for number, line in enumerate(visit.parts):
        if not _from_van(case, line):
            yield from _supplies(case, visit, free, number)
    yield from (_original_only(one) for one in refused)
    yield from loaners(case, visit, free)
    yield from _partners(case, visit, free)
    yield workshop(case, bench)


def _own_engineer(case: Case, free: Narrowed) -> Iterator[Way]:
    if case.engineer is None:
        return
    own = narrow.by_our_own(narrow.by_engineer(free, case.engineer))
    days = frozenset(shift.id for shift in case.problem.shifts if shift.engineer == case.engineer)
    named: dict[str, Value] = {"engineer": case.problem.engineers[case.engineer].id}
    same = narrow.without_more_overtime(own, case.plan)
    yield _solved(case, WayKind.REORDER, Message("rescue.way_reorder", named), same, also=days)
    name = Message("rescue.way_overtime", named)
    if all(shift.overtime_s == 0 for shift in case.problem.shifts if shift.engineer == case.engineer):
        yield Way(WayKind.OVERTIME, name, Message("closed.no_overtime", named))
    else:
        yield _solved(case, WayKind.OVERTIME, name, own, also=days)


def _another(case: Case, visit: Visit, free: Narrowed) -> Way:
    name = Message("rescue.way_engineer")
    ours = narrow.by_our_own(free)
    if case.engineer is None:
        return _solved(case, WayKind.ENGINEER, name, ours)
    if visit.engineer_lock >= 0:
        locked: dict[str, Value] = {"engineer": case.problem.engineers[visit.engineer_lock].id}
        return Way(WayKind.ENGINEER, name, Message("closed.engineer_locked", locked))
    return _solved(case, WayKind.ENGINEER, name, narrow.by_others(ours, case.engineer))


def _supplies(case: Case, visit: Visit, free: Narrowed, number: int) -> Iterator[Way]:
    """Every shelf and every offer that could serve a line with its own part, and every stand-in."""
    problem, line = case.problem, visit.parts[number]
    named: dict[str, Value] = {"part": plain_name(problem.parts[line.part])}
    ours = narrow.by_our_own(free)
    kept = [part for part in line.alternates if is_kept(problem.parts[part])]
    own = (*kept, line.part)
    shelves = [
        (store, narrowed)
        for at, store in enumerate(problem.stores)
        for part in own
        if (narrowed := narrow.from_shelf(ours, number, part, at)) is not None
    ]
    if not shelves:
        name = Message("rescue.way_pick_up_anywhere", named)
        yield Way(WayKind.PICK_UP, name, Message("closed.no_shelf", named))
    for store, narrowed in shelves:
        name = Message("rescue.way_pick_up", {**named, "store": store.id})
        yield _solved(case, WayKind.PICK_UP, name, narrowed)
    offers = [index for index in line.offers if problem.offers[index].part in own]
    if not offers:
        name = Message("rescue.way_delivery_any", named)
        yield Way(WayKind.DELIVERY, name, Message("closed.no_offer", named))
    for index in offers:
        offer = problem.offers[index]
        told: dict[str, Value] = {**named, "offer": offer.id, "arrives_tick": offer.arrives_s}
        name = Message(f"rescue.way_{offer.kind}", told)
        by = narrow.by_offer(ours, number, index)
        if by is None:
            yield Way(WayKind.DELIVERY, name, Message("closed.offer_taken", told))
        else:
            yield _solved(case, WayKind.DELIVERY, name, by)
    asked = {other.part for other in visit.parts}
    for part in line.alternates:
        if part not in asked and part not in kept:
            name = Message("rescue.way_alternate", {**named, "other": problem.parts[part]})
            yield _solved(case, WayKind.ALTERNATE, name, narrow.by_alternate(ours, number, part))


def _original_only(one: RefusedPart) -> Way:
    said: dict[str, Value] = {
        "part": one.part,
        "other": one.other,
        "scheme": one.scheme,
        "price_cents": one.price,
        "other_price_cents": one.other_price,
    }
    name = Message("rescue.way_alternate", {"part": one.part, "other": one.other})
    return Way(WayKind.ALTERNATE, name, Message("closed.original_only", said))


def _partners(case: Case, visit: Visit, free: Narrowed) -> Iterator[Way]:
    if case.problem.visit_index[visit.id] in case.problem.linked:
        yield Way(WayKind.PARTNER, Message("rescue.way_partner_any"), Message("closed.partner_linked"))
        return
    if not visit.outside:
        yield Way(WayKind.PARTNER, Message("rescue.way_partner_any"), Message("closed.no_partner"))
    for number, one in enumerate(visit.outside):
        name = Message("rescue.way_partner", {"partner": one.partner, "start_tick": one.start_s})
        yield _solved(case, WayKind.PARTNER, name, narrow.by_partner(free, number))


def _solved(
    case: Case, kind: WayKind, name: Message, way: Narrowed, *, also: frozenset[str] = frozenset()
) -> Way:
    plan = placed(case, way, also=also)
    if plan is None:
        return Way(kind, name, no_place(way))
    return priced(case, kind, name, plan)


def _from_van(case: Case, line: PartLine) -> bool:
    """Whether the plan has the line in the engineer's van already."""
    return any(
        supply.needed == case.problem.parts[line.part] and supply.source is Source.VAN
        for supply in _supply_of(case)
    )


def _supply_of(case: Case) -> tuple[Supply, ...]:
    return next((stop.supply for stop in visit_stops(case.plan) if stop.ref == case.visit), ())


def _once(ways: Sequence[Way], visit: str) -> list[Way]:
    """Ways that do to the visit, at the same cost, what the plan does are closed, and general ones a special one names."""
    seen: dict[tuple[object, ...], Way] = {}
    for way in sorted(ways, key=lambda way: (way.kind is not WayKind.WAIT, way.kind in GENERAL)):
        seen.setdefault(_outcome(way, visit), way)
    return [_closed_if_known(way, seen[_outcome(way, visit)]) for way in ways]


def _outcome(way: Way, visit: str) -> tuple[object, ...]:
    if way.plan is None:
        return (way.name.code, *way.name.params.items())
    at = where(way.plan).get(visit)
    return (at and (at.shift, at.done), way.plan.claimed.total)


def _closed_if_known(way: Way, first: Way) -> Way:
    if way is first or way.closed is not None:
        return way
    if first.kind is WayKind.WAIT:
        return Way(way.kind, way.name, Message("closed.as_planned"))
    return Way(way.kind, way.name, Message("closed.same_way")) if way.kind in GENERAL else way
