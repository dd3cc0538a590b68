"""A loaner as a way out: what it costs beside the bill it replaces, brought on the visit or sent ahead."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from dispatch.cost import visit_stops
from dispatch.plan import LoanerBy, LoanerChoice, Plan
from dispatch.problem import LoanerGrant, Visit
from dispatch.rescue import narrow
from dispatch.rescue.narrow import Narrowed
from dispatch.rescue.placed import Case, lent, no_place, placed, priced, where
from dispatch.rescue.way import Way, WayKind
from kernel.errors import Message, Value


def loaners(case: Case, visit: Visit, free: Narrowed) -> Iterator[Way]:
    """A loaner while the repair stays as planned (sent), and one brought on the visit."""
    grant, problem = visit.loaner, case.problem
    brought, sent = Message("rescue.way_loaner_brought_any"), Message("rescue.way_loaner_sent_any")
    if grant is None or not _overruns(case, visit):
        why = Message("closed.no_loaner_granted" if grant is None else "closed.repair_in_time")
        yield Way(WayKind.LOANER_BROUGHT, brought, why)
        yield Way(WayKind.LOANER_SENT, sent, why)
        return
    units = _free_units(case)
    stores = [
        (number, kind)
        for number in range(len(problem.stores))
        if (kind := next((c for c in grant.classes if units.get((number, c))), None)) is not None
    ]
    if not stores:
        yield Way(WayKind.LOANER_BROUGHT, brought, Message("closed.no_unit_free"))
    for number, kind in stores:
        way = narrow.past_store(narrow.by_our_own(free), number)
        name = Message("rescue.way_loaner_brought", {"store": problem.stores[number].id})
        plan = placed(case, way)
        if plan is None:
            yield Way(WayKind.LOANER_BROUGHT, name, no_place(way))
        else:
            yield priced(case, WayKind.LOANER_BROUGHT, name, _brought(case, plan, number, kind, units))
    yield from _couriers(case, grant, units)


def _overruns(case: Case, visit: Visit) -> bool:
    """Whether the scheme's grant is due: nobody is planned, or the equipment runs too late."""
    at = where(case.plan).get(visit.id)
    return at is None or visit.repair is None or at.done.end_s + visit.away_s > visit.repair.due_s


def _free_units(case: Case) -> dict[tuple[int, int], str]:
    """The first free unit by (store, class) that no other visit has."""
    taken = {stop.loaner.unit for stop in visit_stops(case.plan) if stop.loaner and stop.ref != case.visit}
    return {
        (number, kind): free[0]
        for number, store in enumerate(case.problem.stores)
        for kind, units in store.loaners
        if (free := [unit for unit in units if unit not in taken])
    }


def _brought(case: Case, plan: Plan, store: int, kind: int, units: dict[tuple[int, int], str]) -> Plan:
    """The plan with a loaner from the store the route passes, if it does not bring or send one anyway."""
    stop = next(stop for stop in visit_stops(plan) if stop.ref == case.visit)
    from_here = case.problem.stores[store].id
    if stop.loaner is not None and (stop.loaner.by, stop.loaner.store) == (LoanerBy.VISIT, from_here):
        return plan
    name = case.problem.loaner_classes[kind]
    unit = LoanerChoice(units[store, kind], name, from_here, LoanerBy.VISIT, stop.start_s)
    return lent(case, plan, replace(stop, loaner=unit))


def _couriers(case: Case, grant: LoanerGrant, units: dict[tuple[int, int], str]) -> Iterator[Way]:
    problem = case.problem
    name = Message("rescue.way_loaner_sent_any")
    stop = next((stop for stop in visit_stops(case.plan) if stop.ref == case.visit), None)
    if stop is None:
        yield Way(WayKind.LOANER_SENT, name, Message("closed.nobody_planned"))
        return
    open_ones = [
        one
        for one in grant.couriers
        if one.loaner_class in grant.classes and (one.store, one.loaner_class) in units
    ]
    if not open_ones:
        yield Way(WayKind.LOANER_SENT, name, Message("closed.no_unit_free"))
    kept: set[tuple[int, int]] = set()
    for one in sorted(open_ones, key=lambda one: (one.arrives_s, one.cents)):
        if any(arrives <= one.arrives_s and cents <= one.cents for arrives, cents in kept):
            continue  # another comes sooner and is no dearer
        kept.add((one.arrives_s, one.cents))
        store, kind = problem.stores[one.store].id, problem.loaner_classes[one.loaner_class]
        unit = LoanerChoice(units[one.store, one.loaner_class], kind, store, LoanerBy.COURIER, one.arrives_s)
        told: dict[str, Value] = {"store": store, "arrives_tick": one.arrives_s}
        plan = lent(case, case.plan, replace(stop, loaner=unit))
        yield priced(case, WayKind.LOANER_SENT, Message("rescue.way_loaner_sent", told), plan)
