"""What is wrong with a plan: the specification, in plain Python, one function for each rule. Knows no solver.

`violations` takes any plan, however broken, and answers in words (codes under ``verify.``); an empty
answer means every hard rule holds and the claimed cost is exactly what `dispatch.cost` finds.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from dispatch.cost import cost, legs_of, place_of, visit_stops
from dispatch.plan import LoanerBy, Plan, Route, Source, Stop, StopKind, Supply
from dispatch.problem import UNREACHABLE, Engineer, PartLine, PlanningProblem, Shift, Visit
from dispatch.rules import Rule
from kernel.errors import Message, Value


@dataclass(frozen=True, slots=True)
class Violation:
    """A broken rule: which, in words, and the visit or shift it concerns."""

    rule: Rule
    message: Message
    visit: str = ""
    shift: str = ""


def violations(problem: PlanningProblem, plan: Plan) -> tuple[Violation, ...]:
    """List everything wrong with `plan`, hard rules first, then cost terms claimed wrongly."""
    unknown = tuple(_unknown_ids(problem, plan))
    if unknown:
        return unknown
    found = [
        *_once(problem, plan),
        *(wrong for route in plan.routes for wrong in _route(problem, route)),
        *_stock(problem, plan),
        *_loaner_units(problem, plan),
    ]
    return tuple(found) if found else tuple(_claims(problem, plan))


def _say(rule: Rule, what: str, *, visit: str = "", shift: str = "", **params: Value) -> Violation:
    named: dict[str, Value] = {"visit": visit, "shift": shift, **params}
    return Violation(rule, Message(f"verify.{what}", named), visit, shift)


def _unknown_ids(problem: PlanningProblem, plan: Plan) -> Iterator[Violation]:
    for route in plan.routes:
        if route.shift not in problem.shift_index:
            yield _say(Rule.SHIFT, "unknown_shift", shift=route.shift)
        for stop in route.stops:
            if stop.kind is StopKind.VISIT and stop.ref not in problem.visit_index:
                yield _say(Rule.ONCE, "unknown_visit", visit=stop.ref, shift=route.shift)
            if stop.kind is StopKind.PICK_UP and stop.ref not in problem.store_index:
                yield _say(Rule.PARTS, "unknown_store", shift=route.shift, store=stop.ref)
            for supply in stop.supply:
                known = {
                    Source.VAN: True,
                    Source.PICK_UP: supply.from_id in problem.store_index,
                    Source.OFFER: supply.from_id in problem.offer_index,
                }[supply.source]
                if (
                    not known
                    or supply.part not in problem.part_index
                    or supply.needed not in problem.part_index
                ):
                    yield _say(
                        Rule.PARTS, "unknown_supply", visit=stop.ref, part=supply.part, source=supply.from_id
                    )


def _once(problem: PlanningProblem, plan: Plan) -> Iterator[Violation]:
    served = Counter(stop.ref for stop in visit_stops(plan))
    left_out = Counter(missing.visit for missing in plan.unassigned)
    for visit, times in (served + left_out).items():
        if times > 1:
            yield _say(Rule.ONCE, "twice", visit=visit, times=times)
        if visit not in problem.visit_index:
            yield _say(Rule.ONCE, "unknown_visit", visit=visit)
    for visit in problem.visit_index:
        if visit not in served and visit not in left_out:
            yield _say(Rule.LEFT_OUT, "not_accounted", visit=visit)
    for shift, times in Counter(route.shift for route in plan.routes).items():
        if times > 1:
            yield _say(Rule.SHIFT, "shift_twice", shift=shift, times=times)


def _route(problem: PlanningProblem, route: Route) -> Iterator[Violation]:
    shift = problem.shifts[problem.shift_index[route.shift]]
    engineer = problem.engineers[shift.engineer]
    if not any(stop.kind is StopKind.VISIT for stop in route.stops):
        yield _say(Rule.SHIFT, "empty_route", shift=route.shift)
    if route.depart_s < shift.start_s:
        yield _say(Rule.SHIFT, "leaves_early", shift=route.shift, by=shift.start_s - route.depart_s)
    if route.end_s > shift.latest_s:
        yield _say(
            Rule.OVERTIME,
            "overtime_exceeded",
            shift=route.shift,
            by=route.end_s - shift.latest_s,
        )
    yield from _travel(problem, shift, route)
    yield from _breaks(shift, route)
    for at, stop in enumerate(route.stops):
        if stop.kind is StopKind.PICK_UP:
            yield from _pick_up(problem, shift, stop)
        if stop.kind is StopKind.VISIT:
            visit = problem.visits[problem.visit_index[stop.ref]]
            yield from _times(visit, shift, stop)
            yield from _engineer(problem, visit, shift, engineer)
            before = [earlier for earlier in route.stops[:at] if earlier.kind is StopKind.PICK_UP]
            yield from _tools(problem, visit, shift, engineer, before)
            yield from _parts(problem, visit, shift, stop, before)
            yield from _loaner(problem, visit, shift, stop, before)


def _travel(problem: PlanningProblem, shift: Shift, route: Route) -> Iterator[Violation]:
    """A stop is reached no earlier than the way from the last one allows; a break delays the way it precedes."""
    for origin, destination in legs_of(problem, route):
        if problem.travel_s[origin, destination] == UNREACHABLE:
            names = {"origin": problem.places[origin], "destination": problem.places[destination]}
            yield _say(Rule.TRAVEL, "unreachable", shift=shift.id, **names)
    here, left_s, rests = shift.start_place, route.depart_s, list[Stop]()
    for stop in route.stops:
        if stop.start_s < stop.arrive_s or stop.end_s < stop.start_s:
            yield _say(Rule.TRAVEL, "runs_backwards", visit=stop.ref, shift=shift.id)
        if stop.kind is StopKind.BREAK:
            rests.append(stop)
            continue
        there = place_of(problem, stop)
        yield from _leg(problem, shift, (here, there), left_s, rests, (stop.arrive_s, stop.start_s))
        here, left_s, rests = there, stop.end_s, []
    yield from _leg(problem, shift, (here, shift.end_place), left_s, rests, (route.end_s, route.end_s))


def _leg(
    problem: PlanningProblem,
    shift: Shift,
    leg: tuple[int, int],
    left_s: int,
    rests: list[Stop],
    reached: tuple[int, int],
) -> Iterator[Violation]:
    arrive_s, start_s = reached
    earliest_s = left_s
    driven = False
    for rest in rests:
        if not driven and rest.start_s >= arrive_s:
            earliest_s, driven = earliest_s + max(0, int(problem.travel_s[leg])), True
            if arrive_s < earliest_s:
                yield _too_soon(problem, shift, leg, earliest_s - arrive_s)
        if rest.start_s < earliest_s:
            yield _say(Rule.BREAK, "break_overlaps", shift=shift.id, by=earliest_s - rest.start_s)
        earliest_s = max(earliest_s, rest.end_s)
    if not driven:
        earliest_s += max(0, int(problem.travel_s[leg]))
        if arrive_s < earliest_s:
            yield _too_soon(problem, shift, leg, earliest_s - arrive_s)
    elif start_s < earliest_s:
        yield _say(Rule.BREAK, "break_overlaps", shift=shift.id, by=earliest_s - start_s)


def _too_soon(problem: PlanningProblem, shift: Shift, leg: tuple[int, int], by: int) -> Violation:
    names = {"origin": problem.places[leg[0]], "destination": problem.places[leg[1]]}
    return _say(Rule.TRAVEL, "arrives_too_soon", shift=shift.id, by=by, **names)


def _breaks(shift: Shift, route: Route) -> Iterator[Violation]:
    rests = [stop for stop in route.stops if stop.kind is StopKind.BREAK]
    for due in shift.breaks:
        taken = next(
            (
                rest
                for rest in rests
                if due.from_s <= rest.start_s < due.until_s and rest.end_s - rest.start_s == due.duration_s
            ),
            None,
        )
        if taken is not None:
            rests.remove(taken)
        elif route.end_s > due.until_s:
            yield _say(Rule.BREAK, "break_missing", shift=shift.id, until=due.until_s)
    for rest in rests:
        yield _say(Rule.BREAK, "break_unknown", shift=shift.id, at=rest.start_s)


def _times(visit: Visit, shift: Shift, stop: Stop) -> Iterator[Violation]:
    if stop.end_s - stop.start_s != visit.service_s:
        yield _say(Rule.SHIFT, "wrong_duration", visit=visit.id, shift=shift.id, needs=visit.service_s)
    if stop.start_s < visit.earliest_s:
        yield _say(
            Rule.EARLIEST, "too_early", visit=visit.id, shift=shift.id, by=visit.earliest_s - stop.start_s
        )
    if visit.windows and not any(w.open_s <= stop.start_s < w.close_s for w in visit.windows):
        yield _say(Rule.WINDOW, "outside_windows", visit=visit.id, shift=shift.id, start=stop.start_s)
    if visit.start_lock_s is not None and stop.start_s != visit.start_lock_s:
        yield _say(Rule.TIME_LOCK, "time_moved", visit=visit.id, shift=shift.id, locked=visit.start_lock_s)


def _engineer(
    problem: PlanningProblem, visit: Visit, shift: Shift, engineer: Engineer
) -> Iterator[Violation]:
    held = dict(engineer.skills)
    for skill, level in visit.skills:
        if held.get(skill, 0) < level:
            named: dict[str, Value] = {
                "skill": problem.skills[skill],
                "level": level,
                "held": held.get(skill, 0),
            }
            yield _say(Rule.SKILL, "skill_missing", visit=visit.id, shift=shift.id, **named)
    for certificate in visit.certificates:
        if not any(
            c.item == certificate and c.covers(shift.start_s, shift.latest_s) for c in engineer.certificates
        ):
            named_c = {"certificate": problem.certificates[certificate]}
            yield _say(Rule.CERTIFICATE, "certificate_missing", visit=visit.id, shift=shift.id, **named_c)
    if visit.engineer_lock >= 0 and visit.engineer_lock != shift.engineer:
        locked = problem.engineers[visit.engineer_lock].id
        yield _say(Rule.ENGINEER_LOCK, "engineer_moved", visit=visit.id, shift=shift.id, locked=locked)


def _pick_up(problem: PlanningProblem, shift: Shift, stop: Stop) -> Iterator[Violation]:
    store = problem.stores[problem.store_index[stop.ref]]
    if stop.end_s - stop.start_s != store.pick_up_s:
        yield _say(Rule.PARTS, "wrong_pick_up_time", shift=shift.id, store=store.id, needs=store.pick_up_s)
    offered = {problem.tools[tool] for tool in store.tools}
    for tool in stop.tools:
        if tool not in offered:
            yield _say(Rule.TOOL, "tool_not_there", shift=shift.id, store=store.id, tool=tool)


def _tools(
    problem: PlanningProblem, visit: Visit, shift: Shift, engineer: Engineer, before: list[Stop]
) -> Iterator[Violation]:
    carried = {held.item for held in engineer.tools if held.covers(shift.start_s, shift.latest_s)}
    taken = {tool for stop in before for tool in stop.tools}
    for tool in visit.tools:
        if tool not in carried and problem.tools[tool] not in taken:
            yield _say(Rule.TOOL, "tool_missing", visit=visit.id, shift=shift.id, tool=problem.tools[tool])


def _parts(
    problem: PlanningProblem, visit: Visit, shift: Shift, stop: Stop, before: list[Stop]
) -> Iterator[Violation]:
    stores = {earlier.ref for earlier in before}
    if len(stop.supply) != len(visit.parts):
        yield _say(Rule.PARTS, "lines_differ", visit=visit.id, shift=shift.id, lines=len(visit.parts))
    for line in visit.parts:
        needed = problem.parts[line.part]
        served = [supply for supply in stop.supply if supply.needed == needed]
        if len(served) != 1 or served[0].quantity != line.quantity:
            yield _say(Rule.PARTS, "line_not_served", visit=visit.id, shift=shift.id, part=needed)
            continue
        if not _allowed(problem, line, served[0], stop.start_s):
            yield _say(Rule.PARTS, "supply_not_allowed", visit=visit.id, shift=shift.id, part=served[0].part)
        if served[0].source is Source.PICK_UP and served[0].from_id not in stores:
            yield _say(Rule.PARTS, "not_picked_up", visit=visit.id, shift=shift.id, part=served[0].part)


def _allowed(problem: PlanningProblem, line: PartLine, supply: Supply, start_s: int) -> bool:
    part = problem.part_index[supply.part]
    if part != line.part and part not in line.alternates:
        return False
    if supply.source is not Source.OFFER:
        return True
    index = problem.offer_index[supply.from_id]
    offer = problem.offers[index]
    return index in line.offers and offer.part == part and offer.arrives_s <= start_s


def _loaner(
    problem: PlanningProblem, visit: Visit, shift: Shift, stop: Stop, before: list[Stop]
) -> Iterator[Violation]:
    loaner = stop.loaner
    if loaner is None:
        return
    classes = {problem.loaner_classes[c] for c in visit.loaner.classes} if visit.loaner else set()
    if visit.loaner is None or loaner.loaner_class not in classes:
        yield _say(Rule.LOANER, "loaner_not_granted", visit=visit.id, shift=shift.id, unit=loaner.unit)
        return
    if loaner.by is LoanerBy.VISIT:
        if loaner.store not in {earlier.ref for earlier in before} or loaner.stands_s != stop.start_s:
            yield _say(Rule.LOANER, "loaner_not_picked_up", visit=visit.id, shift=shift.id, unit=loaner.unit)
        return
    sent = {
        (problem.loaner_classes[c.loaner_class], problem.stores[c.store].id, c.arrives_s)
        for c in visit.loaner.couriers
    }
    if (loaner.loaner_class, loaner.store, loaner.stands_s) not in sent:
        yield _say(Rule.LOANER, "loaner_not_offered", visit=visit.id, shift=shift.id, unit=loaner.unit)


def _stock(problem: PlanningProblem, plan: Plan) -> Iterator[Violation]:
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
            else:
                offer = problem.offers[problem.offer_index[supply.from_id]]
                offers[offer.id] += supply.quantity
                if offer.from_store >= 0:
                    store[problem.stores[offer.from_store].id, supply.part] += supply.quantity
    for (engineer, part), used in van.items():
        held = dict(problem.engineers[engineer].van).get(problem.part_index[part], 0)
        if used > held:
            yield _say(
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
            yield _say(Rule.STOCK, "store_overspent", store=store_id, part=part, used=used, held=held)
    for offer_id, used in offers.items():
        held = problem.offers[problem.offer_index[offer_id]].quantity
        if used > held:
            yield _say(Rule.STOCK, "offer_overspent", offer=offer_id, used=used, held=held)


def _loaner_units(problem: PlanningProblem, plan: Plan) -> Iterator[Violation]:
    free = {
        (store.id, problem.loaner_classes[loaner_class], unit)
        for store in problem.stores
        for loaner_class, units in store.loaners
        for unit in units
    }
    used: set[str] = set()
    for stop in visit_stops(plan):
        if stop.loaner is None:
            continue
        if (stop.loaner.store, stop.loaner.loaner_class, stop.loaner.unit) not in free:
            yield _say(Rule.LOANER, "unit_not_free", visit=stop.ref, unit=stop.loaner.unit)
        if stop.loaner.unit in used:
            yield _say(Rule.LOANER, "unit_twice", visit=stop.ref, unit=stop.loaner.unit)
        used.add(stop.loaner.unit)


_TERM_RULES = {
    "late_arrive": Rule.ARRIVE_DUE,
    "late_repair": Rule.REPAIR_DUE,
    "late_substitute": Rule.SUBSTITUTE_DUE,
    "left_out": Rule.LEFT_OUT,
    "travel_time": Rule.TRAVEL,
    "distance": Rule.TRAVEL,
    "overtime": Rule.OVERTIME,
    "call_outs": Rule.CALL_OUT,
    "deliveries": Rule.PARTS,
    "loaner_couriers": Rule.LOANER,
    "loaner_days": Rule.LOANER,
    "measure": Rule.TRAVEL,
    "vehicles": Rule.SHIFT,
}


def _claims(problem: PlanningProblem, plan: Plan) -> Iterator[Violation]:
    found = cost(problem, plan)
    for term, rule in _TERM_RULES.items():
        claimed, true = getattr(plan.claimed, term), getattr(found, term)
        if claimed != true:
            yield _say(rule, "claim_differs", term=term, claimed=claimed, found=true)
