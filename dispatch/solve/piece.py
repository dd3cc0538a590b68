"""A piece of a large problem as a problem of its own: its engineers and visits, and what of the shared things is left to it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from dispatch.plan import Route, Source
from dispatch.problem import Engineer, Offer, PlanningProblem, Store, Visit
from dispatch.solve.borders import Piece

Shelf = tuple[str, str, str]
"""Something several pieces share: ``store`` with its id and a part, ``offer`` with its id and nothing."""


@dataclass(eq=False)
class Granted:
    """What a piece may take of the shared shelves and offers, and which loaner units of the stores."""

    units_of: Counter[Shelf] = field(default_factory=Counter)
    loaners: set[str] = field(default_factory=set)


def granted(
    problem: PlanningProblem, cut: Sequence[Piece], routes: dict[int, Route], *, sweep: int
) -> list[Granted]:
    """Share out what there is: each piece keeps what its routes take, the rest goes where it is asked for.

    Routes that take more than there is (a plan of yesterday) keep it in order, as long as it lasts. Of the rest the largest
    remainders, a tie to another piece in another sweep; what no visit asks for goes nowhere.
    """
    found = [Granted() for _ in cut]
    owner = {h: number for number, piece in enumerate(cut) for h in piece.shifts}
    taken = [Granted() for _ in cut]
    for h, route in sorted(routes.items()):
        _use(problem, route, taken[owner[h]])
    asked, classes = _asked(problem, cut)
    for turn, (key, quantity) in enumerate(sorted(_held(problem).items())):
        left = quantity
        for mine, used in zip(found, taken, strict=True):
            if key in used.units_of:
                mine.units_of[key] = min(left, used.units_of[key])
                left -= mine.units_of[key]
        for number, share in _shared(left, asked[key], len(cut), turn=sweep + turn).items():
            found[number].units_of[key] += share
    away: set[str] = set()
    for mine, used in zip(found, taken, strict=True):
        mine.loaners |= used.loaners - away
        away |= used.loaners
    for turn, store in enumerate(problem.stores):
        for kind, units in store.loaners:
            free = [unit for unit in units if unit not in away]
            for number, share in _shared(len(free), classes[kind], len(cut), turn=sweep + turn).items():
                found[number].loaners.update(free[:share])
                free = free[share:]
    return found


def _use(problem: PlanningProblem, route: Route, mine: Granted) -> None:
    """Add what a route takes."""
    for stop in route.stops:
        if stop.loaner is not None:
            mine.loaners.add(stop.loaner.unit)
        for supply in stop.supply:
            if supply.source is Source.PICK_UP:
                mine.units_of["store", supply.from_id, supply.part] += supply.quantity
            elif supply.source is Source.OFFER and supply.from_id in problem.offer_index:
                offer = problem.offers[problem.offer_index[supply.from_id]]
                mine.units_of["offer", offer.id, ""] += supply.quantity
                if offer.from_store >= 0:
                    store = problem.stores[offer.from_store].id
                    mine.units_of["store", store, supply.part] += supply.quantity


def _held(problem: PlanningProblem) -> dict[Shelf, int]:
    """What there is of everything finite."""
    held = {("offer", offer.id, ""): offer.quantity for offer in problem.offers}
    for store in problem.stores:
        if not store.endless:
            held |= {("store", store.id, problem.parts[part]): quantity for part, quantity in store.stock}
    return held


def _asked(
    problem: PlanningProblem, cut: Sequence[Piece]
) -> tuple[defaultdict[Shelf, Counter[int]], defaultdict[int, Counter[int]]]:
    """Units of every shelf and offer, and loaners of every class, that the visits of each piece could do with."""
    asked: defaultdict[Shelf, Counter[int]] = defaultdict(Counter)
    classes: defaultdict[int, Counter[int]] = defaultdict(Counter)
    parts: defaultdict[int, Counter[int]] = defaultdict(Counter)
    for number, piece in enumerate(cut):
        for visit in (problem.visits[v] for v in piece.visits):
            for line in visit.parts:
                for part in (line.part, *line.alternates):
                    parts[part][number] += line.quantity
                for offer in line.offers:
                    asked["offer", problem.offers[offer].id, ""][number] += line.quantity
            for kind in visit.loaner.classes if visit.loaner is not None else ():
                classes[kind][number] += 1
    for store in problem.stores:
        for part, _ in store.stock:
            asked["store", store.id, problem.parts[part]] = parts[part]
    return asked, classes


def _shared(left: int, wanted: Counter[int], many: int, *, turn: int) -> dict[int, int]:
    """Divide `left` whole units by what each asks for."""
    asked = sum(wanted.values())
    if left <= 0 or asked <= 0:
        return {}
    found = {number: left * count // asked for number, count in wanted.items()}
    rest = left - sum(found.values())
    first = sorted(wanted, key=lambda number: (-(left * wanted[number] % asked), (number - turn) % many))
    for number in first[:rest]:
        found[number] += 1
    return found


def problem_of(problem: PlanningProblem, piece: Piece, may: Granted) -> PlanningProblem:
    """The piece as a problem: its shifts, their engineers and its visits, on the roads between them.

    Engineers of other pieces who are named by a visit (as preferred, or because it was promised with them) are there as one
    person without a shift.
    """
    crew = sorted({problem.shifts[h].engineer for h in piece.shifts})
    person = {old: new for new, old in enumerate(crew)}
    visits = [problem.visits[v] for v in piece.visits]
    asked = sorted({offer for visit in visits for line in visit.parts for offer in line.offers})
    offer_at = {old: new for new, old in enumerate(asked)}
    place_at = _places(problem, piece, visits)
    both = np.ix_(list(place_at), list(place_at))
    visit_at = {old: new for new, old in enumerate(piece.visits)}
    return replace(
        problem,
        places=tuple(problem.places[old] for old in place_at),
        travel_s=problem.travel_s[both],
        distance_m=problem.distance_m[both],
        engineers=(*(problem.engineers[old] for old in crew), Engineer("")),
        shifts=tuple(
            replace(
                shift,
                engineer=person[shift.engineer],
                start_place=place_at[shift.start_place],
                end_place=place_at[shift.end_place],
            )
            for shift in (problem.shifts[h] for h in piece.shifts)
        ),
        stores=tuple(_less(problem, store, may, place_at[store.place]) for store in problem.stores),
        offers=tuple(
            _offer(problem.offers[old], may.units_of["offer", problem.offers[old].id, ""]) for old in asked
        ),
        visits=tuple(_visit(visit, person, offer_at, place_at[visit.place]) for visit in visits),
        links=tuple(
            replace(link, first=visit_at[link.first], second=visit_at[link.second])
            for link in problem.links
            if link.first in visit_at
        ),
    )


def _places(problem: PlanningProblem, piece: Piece, visits: Iterable[Visit]) -> dict[int, int]:
    """New number of every place that is needed, in order."""
    used = {visit.place for visit in visits} | {store.place for store in problem.stores}
    for h in piece.shifts:
        used |= {problem.shifts[h].start_place, problem.shifts[h].end_place}
    return {old: new for new, old in enumerate(sorted(used))}


def _less(problem: PlanningProblem, store: Store, may: Granted, place: int) -> Store:
    stock = store.stock
    if not store.endless:
        left = ((part, may.units_of["store", store.id, problem.parts[part]]) for part, _ in store.stock)
        stock = tuple((part, quantity) for part, quantity in left if quantity > 0)
    loaners = tuple(
        (kind, tuple(unit for unit in units if unit in may.loaners)) for kind, units in store.loaners
    )
    return replace(store, place=place, stock=stock, loaners=tuple(one for one in loaners if one[1]))


def _offer(offer: Offer, quantity: int) -> Offer:
    return replace(offer, quantity=quantity)


def _visit(visit: Visit, person: dict[int, int], offer_at: dict[int, int], place: int) -> Visit:
    absent = len(person)
    published = visit.published
    return replace(
        visit,
        place=place,
        engineer_lock=-1 if visit.engineer_lock < 0 else person.get(visit.engineer_lock, absent),
        barred=tuple(person[one] for one in visit.barred if one in person),
        preferred=tuple(sorted({person.get(one, absent) for one in visit.preferred})),
        published=published and replace(published, engineer=person.get(published.engineer, absent)),
        parts=tuple(
            replace(line, offers=tuple(offer_at[offer] for offer in line.offers)) for line in visit.parts
        ),
    )
