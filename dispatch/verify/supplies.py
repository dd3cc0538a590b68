"""Parts of one visit and stops for them, and what all routes take together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from dispatch.plan import Plan, Source, Stop, Supply
from dispatch.problem import PartLine, PlanningProblem, Shift, Visit
from dispatch.rules import Rule
from dispatch.verify.violation import Violation, say


def pick_up(problem: PlanningProblem, shift: Shift, stop: Stop) -> Iterator[Violation]:
    """The stop lasts as long as it takes, while the store is open, and has the tools taken along."""
    store = problem.stores[problem.store_index[stop.ref]]
    if stop.end_s - stop.start_s != store.pick_up_s:
        yield say(Rule.PARTS, "wrong_pick_up_time", shift=shift.id, store=store.id, needs=store.pick_up_s)
    if store.opens and not any(w.open_s <= stop.start_s < w.close_s for w in store.opens):
        yield say(Rule.OPENING, "store_closed", shift=shift.id, store=store.id, start=stop.start_s)
    offered = {problem.tools[tool] for tool in store.tools}
    for tool in stop.tools:
        if tool not in offered:
            yield say(Rule.TOOL, "tool_not_there", shift=shift.id, store=store.id, tool=tool)


def parts(
    problem: PlanningProblem, visit: Visit, shift: Shift, stop: Stop, before: list[Stop]
) -> Iterator[Violation]:
    """Every part line is served once, in full, in a way that is open to it."""
    stores = {earlier.ref for earlier in before}
    if len(stop.supply) != len(visit.parts):
        yield say(Rule.PARTS, "lines_differ", visit=visit.id, shift=shift.id, lines=len(visit.parts))
    for line in visit.parts:
        needed = problem.parts[line.part]
        served = [supply for supply in stop.supply if supply.needed == needed]
        if len(served) == 1 and served[0].source is Source.WITHOUT:
            if line.without_cents is None or served[0].quantity or served[0].part != needed:
                yield say(Rule.SECOND_VISIT, "goes_without", visit=visit.id, shift=shift.id, part=needed)
            continue
        if len(served) != 1 or served[0].quantity != line.quantity:
            yield say(Rule.PARTS, "line_not_served", visit=visit.id, shift=shift.id, part=needed)
            continue
        if not _allowed(problem, line, served[0], stop.start_s):
            yield say(Rule.PARTS, "supply_not_allowed", visit=visit.id, shift=shift.id, part=served[0].part)
        if served[0].source is Source.PICK_UP and served[0].from_id not in stores:
            yield say(Rule.PARTS, "not_picked_up", visit=visit.id, shift=shift.id, part=served[0].part)


def _allowed(problem: PlanningProblem, line: PartLine, supply: Supply, start_s: int) -> bool:
    part = problem.part_index[supply.part]
    if part != line.part and part not in line.alternates:
        return False
    if supply.source is not Source.OFFER:
        return True
    index = problem.offer_index[supply.from_id]
    offer = problem.offers[index]
    return index in line.offers and offer.part == part and offer.arrives_s <= start_s


def stock(problem: PlanningProblem, plan: Plan) -> Iterator[Violation]:
    """Shared stock is not overspent: vans over an engineer's shifts, stores over routes and offers, offers over visits."""
    van: defaultdict[tuple[int, str], int] = defaultdict(int)
    store: defaultdict[tuple[str, str], int] = defaultdict(int)
    offers: defaultdict[str, int] = defaultdict(int)
    for route in plan.routes:
        engineer = problem.shifts[problem.shift_index[route.shift]].engineer
        for supply in (supply for stop in route.stops for supply in stop.supply):
            if supply.source is Source.VAN:
                van[engineer, supply.part] += supply.quantity
            elif supply.source is Source.PICK_UP:
                store[supply.from_id, supply.part] += supply.quantity
            elif supply.source is Source.OFFER:
                offer = problem.offers[problem.offer_index[supply.from_id]]
                offers[offer.id] += supply.quantity
                if offer.from_store >= 0:
                    store[problem.stores[offer.from_store].id, supply.part] += supply.quantity
    for (engineer, part), used in van.items():
        held = dict(problem.engineers[engineer].van).get(problem.part_index[part], 0)
        if used > held:
            yield say(
                Rule.STOCK,
                "van_overspent",
                engineer=problem.engineers[engineer].id,
                part=part,
                used=used,
                held=held,
            )
    for (store_id, part), used in store.items():
        shelf = problem.stores[problem.store_index[store_id]]
        held = dict(shelf.stock).get(problem.part_index[part], 0)
        if used > held and not shelf.endless:
            yield say(Rule.STOCK, "store_overspent", store=store_id, part=part, used=used, held=held)
    for offer_id, used in offers.items():
        held = problem.offers[problem.offer_index[offer_id]].quantity
        if used > held:
            yield say(Rule.STOCK, "offer_overspent", offer=offer_id, used=used, held=held)
