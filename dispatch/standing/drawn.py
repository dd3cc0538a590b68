"""What routes take of what is shared: units from vans, shelves and offers, and loaner units."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from dispatch.plan import Route, Source
from dispatch.problem import PlanningProblem

Key = TypeVar("Key")


@dataclass(frozen=True)
class Drawn:
    """Units taken: from vans by (engineer, part), shelves by (store, part), offers by id, loaners by unit."""

    vans: Counter[tuple[str, str]] = field(default_factory=Counter)
    shelves: Counter[tuple[str, str]] = field(default_factory=Counter)
    offers: Counter[str] = field(default_factory=Counter)
    lent: Counter[str] = field(default_factory=Counter)

    def changed(self, gone: Drawn, come: Drawn) -> Drawn:
        """The same without what `gone` took, and with what `come` takes; nothing is left that nobody takes."""
        return Drawn(
            *(
                _changed(held, less, more)
                for held, less, more in (
                    (self.vans, gone.vans, come.vans),
                    (self.shelves, gone.shelves, come.shelves),
                    (self.offers, gone.offers, come.offers),
                    (self.lent, gone.lent, come.lent),
                )
            )
        )

    def less(self, gone: Drawn) -> Drawn:
        """The same without what `gone` took."""
        return self.changed(gone, Drawn())


def drawn(problem: PlanningProblem, routes: Iterable[Route]) -> Drawn:
    """What these routes take together."""
    found = Drawn()
    for route in routes:
        engineer = problem.engineers[problem.shifts[problem.shift_index[route.shift]].engineer].id
        for stop in route.stops:
            if stop.loaner is not None:
                found.lent[stop.loaner.unit] += 1
            for supply in stop.supply:
                if supply.source is Source.VAN:
                    found.vans[engineer, supply.part] += supply.quantity
                elif supply.source is Source.PICK_UP:
                    found.shelves[supply.from_id, supply.part] += supply.quantity
                elif supply.source is Source.OFFER:
                    offer = problem.offers[problem.offer_index[supply.from_id]]
                    found.offers[offer.id] += supply.quantity
                    if offer.from_store >= 0:
                        found.shelves[problem.stores[offer.from_store].id, supply.part] += supply.quantity
    return found


def overdrawn(problem: PlanningProblem, taken: Drawn, among: Drawn) -> Iterator[tuple[str, str] | str]:
    """Shelves, by (store, part), and offers, by id, of those in `among` that have fewer than is `taken`."""
    held: dict[str, dict[int, int]] = {}
    for store, part in among.shelves:
        shelf = problem.stores[problem.store_index[store]]
        stock = held.setdefault(store, dict(shelf.stock))
        if not shelf.endless and taken.shelves[store, part] > stock.get(problem.part_index[part], 0):
            yield store, part
    for offer in among.offers:
        if taken.offers[offer] > problem.offers[problem.offer_index[offer]].quantity:
            yield offer


def vans_overdrawn(problem: PlanningProblem, taken: Drawn, among: Drawn) -> bool:
    """Whether a van of those in `among` has fewer than is `taken` from it."""
    held: dict[str, dict[int, int]] = {}
    for engineer, part in among.vans:
        van = held.setdefault(engineer, dict(problem.engineers[problem.engineer_index[engineer]].van))
        if taken.vans[engineer, part] > van.get(problem.part_index[part], 0):
            return True
    return False


def _changed(held: Counter[Key], less: Counter[Key], more: Counter[Key]) -> Counter[Key]:
    if not less and not more:
        return held
    left = held.copy()
    for key, units in more.items():
        left[key] += units
    for key, units in less.items():
        left[key] -= units
        if left[key] == 0:
            del left[key]
    return left
