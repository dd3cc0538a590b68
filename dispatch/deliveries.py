"""From where a part can be brought straight to a visit's site, and when it would be there."""

from __future__ import annotations

from dataclasses import dataclass

from dispatch.problem import UNREACHABLE, PlanningProblem, Store
from kernel.errors import Refusal

HOUR_S = 3600
KM_M = 1000


@dataclass(frozen=True, slots=True)
class Source:
    """A store that has what is asked for.

    Args:
        store: its id.
        free: whole units promised to nobody.
        arrives_s: tick at which goods fetched there now are at the site: the store's opening, its time for a pick-up, the way.
        cents: the way there and back, by the prices routes are driven at.
    """

    store: str
    free: int
    arrives_s: int
    cents: int


def sources(problem: PlanningProblem, visit: str, part: str, quantity: int) -> tuple[Source, ...]:
    """Stores a part can be brought from, the earliest there first.

    Args:
        problem: posed at the moment it is asked.
        visit: whose site it is brought to.
        part: its number; a part no visit needs is in no store of the problem.
        quantity: whole units, all from one store.

    Raises:
        Refusal: ``explain.unknown_visit``.
    """
    if visit not in problem.visit_index:
        raise Refusal("explain.unknown_visit", visit=visit)
    site = problem.visits[problem.visit_index[visit]].place
    found = []
    for store in problem.stores:
        free = sum(units for number, units in store.stock if problem.parts[number] == part)
        way_s = int(problem.travel_s[store.place, site])
        opens_s = _opens(store)
        if free < quantity or way_s == UNREACHABLE or opens_s is None:
            continue
        arrives_s = problem.arrival(opens_s + store.pick_up_s, way_s)
        metres = int(problem.distance_m[store.place, site])
        prices = problem.prices
        cents = 2 * (way_s * prices.travel_hour // HOUR_S + metres * prices.distance_km // KM_M)
        found.append(Source(store.id, free, arrives_s, cents))
    return tuple(sorted(found, key=lambda one: (one.arrives_s, one.cents, one.store)))


def _opens(store: Store) -> int | None:
    """The tick from which goods can be fetched; None: not any more within what is planned."""
    if not store.opens:
        return 0
    return next((max(0, one.open_s) for one in store.opens if one.close_s > 0), None)
