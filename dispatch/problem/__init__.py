"""The planning problem: frozen, whole numbers, ticks from the horizon's start.

Entities carry their text id and refer to each other by index; every tuple is sorted by id, so the same
input gives the same problem and the same `digest`. A tick is a second in live work; a benchmark sets
`ticks_per_unit` (10, 1000) and rounds travel up. Money is whole cents. Intervals are half-open.
Nothing here reads a clock, a file or a database; nothing but `kernel` and numpy is imported.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, fields, is_dataclass, replace
from enum import StrEnum
from functools import cache, cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dispatch.problem.crew import Break, Engineer, Held, Shift
from dispatch.problem.kept import is_kept, kept_for, kept_name, plain_name
from dispatch.problem.pace import Pace, arrival, departure
from dispatch.problem.promise import Lateness, Outside, Published, Window
from dispatch.problem.supply import LoanerCourier, LoanerGrant, Offer, PartLine, Store
from dispatch.problem.visit import Link, Pair, Visit

__all__ = [
    "UNREACHABLE",
    "Break",
    "Engineer",
    "Held",
    "Lateness",
    "Legs",
    "Link",
    "LoanerCourier",
    "LoanerGrant",
    "Objective",
    "Offer",
    "Outside",
    "Pace",
    "Pair",
    "PartLine",
    "PlanningProblem",
    "Prices",
    "Published",
    "Shift",
    "Store",
    "Visit",
    "Window",
    "arrival",
    "departure",
    "is_kept",
    "kept_for",
    "kept_name",
    "plain_name",
]

Legs = NDArray[np.int32] | NDArray[np.int64]
"""A whole number for every way between two places; 32 bits save the half of a country's gigabytes."""

UNREACHABLE = -1
"""In a travel matrix: there is no way from here to there."""


class Objective(StrEnum):
    """What a plan is judged by."""

    MONEY = "money"
    """Cents, term by term: live work."""
    WORKING_TIME = "working_time"
    """Ticks: per used route, end minus latest possible departure (TRSP)."""
    DISTANCE = "distance"
    """Ticks of travel (VRPTW, DIMACS convention)."""
    VEHICLES_THEN_DISTANCE = "vehicles_then_distance"
    """Used routes first, then ticks of travel (VRPTW, SINTEF convention)."""
    HOME_CARE = "home_care"
    """Ticks of travel, plus every late start's ticks, plus the latest start's (three times the published
    objective of Mankowska, Meisel and Bierwirth 2014)."""


@dataclass(frozen=True, slots=True)
class Prices:
    """What time and distance cost, in cents; each term is rounded up once per route.

    Args:
        travel_hour: one hour on the road.
        distance_km: one kilometre.
        overtime_hour: one hour past the end of the shift.
    """

    travel_hour: int = 0
    distance_km: int = 0
    overtime_hour: int = 0


@dataclass(frozen=True, eq=False)
class PlanningProblem:
    """Everything the solver may know. Equal problems have equal digests.

    Args:
        travel_s: int64 or int32 array (places, places), ticks at full speed, `UNREACHABLE` where there is no way; need not be
            symmetric. Travel time is priced by it, whatever the pace.
        distance_m: the same kind of array, metres, 0 where unreachable.
        ticks_per_unit: ticks per second; 1 in live work.
        links: visits whose starts belong together.
        territories: ids of the areas engineers are assigned to.
        pace: the road's speed by time of day, sorted by `from_s`, the first from the beginning on; empty: full speed.
    """

    objective: Objective
    places: tuple[str, ...]
    travel_s: Legs
    distance_m: Legs
    skills: tuple[str, ...]
    certificates: tuple[str, ...]
    tools: tuple[str, ...]
    parts: tuple[str, ...]
    loaner_classes: tuple[str, ...]
    engineers: tuple[Engineer, ...]
    shifts: tuple[Shift, ...]
    stores: tuple[Store, ...]
    offers: tuple[Offer, ...]
    visits: tuple[Visit, ...]
    prices: Prices
    horizon_s: int
    ticks_per_unit: int = 1
    links: tuple[Link, ...] = ()
    territories: tuple[str, ...] = ()
    pace: tuple[Pace, ...] = ()

    def arrival(self, leave_s: int, travel_s: int) -> int:
        """The tick at which a way of `travel_s` at full speed ends when it begins at `leave_s`; see `arrival`."""
        return arrival(self.pace, leave_s, travel_s)

    @cached_property
    def linked(self) -> frozenset[int]:
        """Indices of the visits that are part of a link."""
        return frozenset(visit for link in self.links for visit in (link.first, link.second))

    @cached_property
    def digest(self) -> str:
        """SHA-256 over everything the problem says, hex."""
        hasher = hashlib.sha256()
        for name in (f.name for f in fields(self)):
            value = getattr(self, name)
            hasher.update(name.encode())
            if isinstance(value, np.ndarray):
                hasher.update(str(value.shape).encode())
                for row in value:  # a country's matrix is not copied whole
                    hasher.update(np.ascontiguousarray(row, dtype="<i8").data)
            else:
                hasher.update(json.dumps(_plain(value), separators=(",", ":")).encode())
        return hasher.hexdigest()

    @cached_property
    def visit_index(self) -> dict[str, int]:
        """Index of each visit by its id."""
        return {visit.id: i for i, visit in enumerate(self.visits)}

    @cached_property
    def shift_index(self) -> dict[str, int]:
        """Index of each shift by its id."""
        return {shift.id: i for i, shift in enumerate(self.shifts)}

    @cached_property
    def store_index(self) -> dict[str, int]:
        """Index of each store by its id."""
        return {store.id: i for i, store in enumerate(self.stores)}

    @cached_property
    def part_index(self) -> dict[str, int]:
        """Index of each part by its id."""
        return {part: i for i, part in enumerate(self.parts)}

    @cached_property
    def offer_index(self) -> dict[str, int]:
        """Index of each offer by its id."""
        return {offer.id: i for i, offer in enumerate(self.offers)}

    @cached_property
    def class_index(self) -> dict[str, int]:
        """Index of each loaner class by its id."""
        return {name: i for i, name in enumerate(self.loaner_classes)}

    @cached_property
    def engineer_index(self) -> dict[str, int]:
        """Index of each engineer by his id."""
        return {engineer.id: i for i, engineer in enumerate(self.engineers)}

    @cached_property
    def partners(self) -> frozenset[str]:
        """Ids of the outside partners somebody may be or was given to."""
        offered = {one.partner for visit in self.visits for one in visit.outside}
        asked = {visit.published.partner for visit in self.visits if visit.published is not None}
        return frozenset(offered | asked) - {""}

    def with_visit(self, visit: Visit) -> PlanningProblem:
        """The same problem with one visit in another shape; what is known of ids goes along."""
        number = self.visit_index[visit.id]
        changed = replace(self, visits=(*self.visits[:number], visit, *self.visits[number + 1 :]))
        for name in _OF_IDS & self.__dict__.keys():
            changed.__dict__[name] = self.__dict__[name]
        return changed


_OF_IDS = {
    "linked",
    *(f"{name}_index" for name in ("visit", "shift", "store", "part", "offer", "class", "engineer")),
}
"""What stays as it is when a visit changes its shape."""


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    kind: Any = type(value)
    names = _names(kind)
    return value if names is None else [_plain(getattr(value, name)) for name in names]


@cache
def _names(kind: type) -> tuple[str, ...] | None:
    """Fields of a kind of value, asked for once; None: it is no dataclass."""
    return tuple(f.name for f in fields(kind)) if is_dataclass(kind) else None
