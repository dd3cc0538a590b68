"""The oracle's goods: part lines, tools and loaners, each from where it may come, none spent twice."""

from __future__ import annotations

from collections import defaultdict

from dispatch.problem import PlanningProblem, Visit
from tests.dispatch.oracle.sheet import Sheet, Var

BROUGHT = -1


def aboard(engineer: int) -> int:
    """Where a loaner is that lies in an engineer's van: stores are numbered from 0."""
    return -1 - engineer


def write_takings(sheet: Sheet) -> None:
    """Write where parts, tools and loaners come from, and that nobody stops at a store for nothing."""
    taken: defaultdict[tuple[int, int], list[Var]] = defaultdict(list)
    _after(sheet)
    for v, visit in enumerate(sheet.problem.visits):
        _part_lines(sheet, v, visit, taken)
        _loaner(sheet, v, visit, taken)
        _tools(sheet, v, visit)
    _purpose(sheet, taken)
    _stock(sheet)
    _units(sheet)


def _after(sheet: Sheet) -> None:
    """A visit may take from a store whose pick-up on its own route is over when its work begins."""
    model = sheet.model
    for (v, h), on in sheet.on.items():
        for k, store in enumerate(sheet.problem.stores):
            lit = sheet.after[v, h, k] = model.new_bool_var(f"after {v} {h} {k}")
            model.add_implication(lit, on)
            model.add_implication(lit, sheet.at[h, k])
            over = sheet.days[h].pick_up.begin + store.pick_up_s
            model.add(sheet.stays[v].begin >= over).only_enforce_if(lit)


def _from_store(sheet: Sheet, v: int, k: int) -> Var:
    return sum(lit for (w, _, store), lit in sheet.after.items() if (w, store) == (v, k))


def _part_lines(sheet: Sheet, v: int, visit: Visit, taken: dict[tuple[int, int], list[Var]]) -> None:
    model, problem = sheet.model, sheet.problem
    for n, line in enumerate(visit.parts):
        ways: list[Var] = []

        def way(source: str, part: int, from_: int, n: int = n, ways: list[Var] = ways) -> Var:
            lit = model.new_bool_var(f"{source} {v} {n} {part} {from_}")
            sheet.lines[v, n, source, part, from_] = lit
            ways.append(lit)
            return lit

        for part in (line.part, *line.alternates):
            for e, engineer in enumerate(problem.engineers):
                if dict(engineer.van).get(part, 0) >= line.quantity:
                    model.add(way("van", part, e) <= sheet.by(v, e))
            for k, store in enumerate(problem.stores):
                if store.endless or dict(store.stock).get(part, 0) >= line.quantity:
                    lit = way("pick_up", part, k)
                    model.add(lit <= _from_store(sheet, v, k))
                    taken[v, k].append(lit)
            for o in line.offers:
                offer = problem.offers[o]
                if offer.part == part:
                    model.add(sheet.stays[v].begin >= offer.arrives_s).only_enforce_if(way("offer", part, o))
        if line.without_cents is not None:
            sheet.cost.append(line.without_cents * way("without", line.part, 0))
        model.add(sum(ways) == sheet.routed(v))
    for o in sorted({offer for line in visit.parts for offer in line.offers}):
        pays = model.new_bool_var(f"pays {v} {o}")
        for (w, _, source, _, from_), lit in sheet.lines.items():
            if (w, source, from_) == (v, "offer", o):
                model.add_implication(lit, pays)
        sheet.cost.append(problem.offers[o].cents * pays)


def _loaner(sheet: Sheet, v: int, visit: Visit, taken: dict[tuple[int, int], list[Var]]) -> None:
    model, problem = sheet.model, sheet.problem
    if visit.loaner is None:
        return
    lent: list[Var] = []
    for e, engineer in enumerate(problem.engineers):
        for loaner_class, units in engineer.loaners:
            if units and loaner_class in visit.loaner.classes:
                lit = sheet.loaners[v, loaner_class, aboard(e), BROUGHT] = model.new_bool_var(f"has {v} {e}")
                model.add(lit <= sheet.by(v, e))
                lent.append(lit)
    for loaner_class in visit.loaner.classes:
        for k, store in enumerate(problem.stores):
            if dict(store.loaners).get(loaner_class):
                lit = sheet.loaners[v, loaner_class, k, BROUGHT] = model.new_bool_var(f"brings {v}")
                model.add(lit <= _from_store(sheet, v, k))
                taken[v, k].append(lit)
                lent.append(lit)
    for n, courier in enumerate(visit.loaner.couriers):
        free = dict(problem.stores[courier.store].loaners).get(courier.loaner_class)
        if courier.loaner_class in visit.loaner.classes and free:
            lit = model.new_bool_var(f"courier {v} {n}")
            sheet.loaners[v, courier.loaner_class, courier.store, n] = lit
            sheet.cost.append(courier.cents * lit)
            lent.append(lit)
    model.add(sum(lent) <= sheet.routed(v))


def _lacks(problem: PlanningProblem, visit: Visit, h: int) -> set[int]:
    """Tools of a visit the engineer of shift `h` does not carry, valid for the whole of it."""
    shift = problem.shifts[h]
    last_s = shift.end_s + shift.overtime_s
    carried = {
        held.item
        for held in problem.engineers[shift.engineer].tools
        if held.from_s <= shift.start_s and last_s <= held.until_s
    }
    return set(visit.tools) - carried


def _tools(sheet: Sheet, v: int, visit: Visit) -> None:
    problem = sheet.problem
    for h in range(len(problem.shifts)):
        if (v, h) in sheet.on:
            for tool in sorted(_lacks(problem, visit, h)):
                lent = [sheet.after[v, h, k] for k, store in enumerate(problem.stores) if tool in store.tools]
                sheet.model.add(sum(lent) >= sheet.on[v, h])


def _purpose(sheet: Sheet, taken: dict[tuple[int, int], list[Var]]) -> None:
    """A route stops at a store only for a visit that takes something there: no store is a mere way through."""
    problem = sheet.problem
    for (v, h, k), lit in sheet.after.items():
        if not _lacks(problem, problem.visits[v], h) & set(problem.stores[k].tools):
            sheet.model.add(sum(taken[v, k]) >= lit)
    for (h, k), at in sheet.at.items():
        sheet.model.add_bool_or(
            [lit for (_, day, store), lit in sheet.after.items() if (day, store) == (h, k)] + [at.negated()]
        )


def _stock(sheet: Sheet) -> None:
    problem, model = sheet.problem, sheet.model
    vans: defaultdict[tuple[int, int], list[Var]] = defaultdict(list)
    stores: defaultdict[tuple[int, int], list[Var]] = defaultdict(list)
    offers: defaultdict[int, list[Var]] = defaultdict(list)
    for (v, n, source, part, from_), lit in sheet.lines.items():
        drawn = problem.visits[v].parts[n].quantity * lit
        if source == "van":
            vans[from_, part].append(drawn)
        if source == "pick_up":
            stores[from_, part].append(drawn)
        if source == "offer":
            offers[from_].append(drawn)
            if problem.offers[from_].from_store >= 0:
                stores[problem.offers[from_].from_store, part].append(drawn)
    for (engineer, part), drawn in vans.items():
        model.add(sum(drawn) <= dict(problem.engineers[engineer].van).get(part, 0))
    for (store, part), drawn in stores.items():
        if not problem.stores[store].endless:
            model.add(sum(drawn) <= dict(problem.stores[store].stock).get(part, 0))
    for offer, drawn in offers.items():
        model.add(sum(drawn) <= problem.offers[offer].quantity)


def _units(sheet: Sheet) -> None:
    """Units of one place and class are alike, so their number is the limit."""
    problem = sheet.problem
    places = [(k, store.loaners) for k, store in enumerate(problem.stores)]
    places += [(aboard(e), engineer.loaners) for e, engineer in enumerate(problem.engineers)]
    free = [unit for _, loaners in places for _, units in loaners for unit in units]
    assert len(free) == len(set(free)), "a unit is in one place and of one class"
    for k, loaners in places:
        for loaner_class, units in loaners:
            lent = [
                lit for (_, of, where, _), lit in sheet.loaners.items() if (of, where) == (loaner_class, k)
            ]
            sheet.model.add(sum(lent) <= len(units))
