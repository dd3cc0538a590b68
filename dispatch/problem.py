"""The planning problem: frozen, whole numbers, ticks from the horizon's start.

Entities carry their text id and refer to each other by index; every tuple is sorted by id, so the same
input gives the same problem and the same `digest`. A tick is a second in live work; a benchmark sets
`ticks_per_unit` (10, 1000) and rounds travel up. Money is whole cents. Intervals are half-open.
Nothing here reads a clock, a file or a database; nothing but `kernel` and numpy is imported.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, fields, is_dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

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


@dataclass(frozen=True, slots=True)
class Window:
    """A start of work at `t` fits when ``open_s <= t < close_s``."""

    open_s: int
    close_s: int


@dataclass(frozen=True, slots=True)
class Lateness:
    """The price of passing a due time: `cents` for every started `per_s` ticks after `due_s`."""

    due_s: int
    cents: int
    per_s: int

    def price(self, at_s: int) -> int:
        """Cents owed when the milestone is met at `at_s`.

        >>> Lateness(due_s=100, cents=50, per_s=60).price(161)
        100
        """
        late_s = at_s - self.due_s
        return 0 if late_s <= 0 else self.cents * -(-late_s // self.per_s)


@dataclass(frozen=True, slots=True)
class Offer:
    """A delivery of one part straight to the site: courier, transfer or purchase.

    Args:
        id: the offer's own id.
        part: index into `PlanningProblem.parts`.
        quantity: how many it can bring, in whole units; shared by everyone who takes it.
        arrives_s: when the part is at the site; work cannot start before.
        cents: its price, paid once per visit that takes it.
        from_store: index of the store whose shared stock it draws on, -1 for a supplier's.
    """

    id: str
    kind: str
    part: int
    quantity: int
    arrives_s: int
    cents: int
    from_store: int


@dataclass(frozen=True, slots=True)
class PartLine:
    """A need of one visit: `quantity` whole units of `part`, or all of them of one alternate.

    `part` and `alternates` index `PlanningProblem.parts`; alternates are listed only where the scheme
    allows them. `offers` index `PlanningProblem.offers`.
    """

    part: int
    quantity: int
    alternates: tuple[int, ...] = ()
    offers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class LoanerCourier:
    """A loaner of class `loaner_class` sent from `store`, standing at the site at `arrives_s`, for `cents`."""

    loaner_class: int
    store: int
    arrives_s: int
    cents: int


@dataclass(frozen=True, slots=True)
class LoanerGrant:
    """What the scheme grants when the repair's forecast finish passes `repair_due`.

    The visit's `substitute` lateness runs from its due time until a loaner stands or the repair is
    finished, whichever is first, and is owed only when the finish passes the `repair` due time (where repair
    is not promised: whenever neither is done by its own due time).

    Args:
        classes: acceptable loaner classes (the asset's, and those listed as equal or better).
        couriers: ways to send one ahead; bringing one on the visit needs a pick-up stop instead.
        day_cents: price of a started day from standing until the repair's finish.
        stops_repair: the scheme's word: a standing loaner stops the `repair` clock (default: it runs on).
    """

    classes: tuple[int, ...]
    couriers: tuple[LoanerCourier, ...]
    day_cents: int
    stops_repair: bool = False


@dataclass(frozen=True, slots=True)
class Visit:
    """One trip of one engineer to one site.

    Args:
        place: index into `PlanningProblem.places`.
        service_s: ticks of work on site.
        earliest_s: no start before this.
        windows: appointment windows, sorted and disjoint; empty: any time.
        skills: (skill index, least level), all needed.
        certificates: indices, all to be valid for the whole of the engineer's shift, its overtime included.
        tools: indices, all to be carried, or taken at a pick-up stop that has them.
        arrive: price of a late start, or None where arrival is not promised.
        repair: price of a late finish, or None.
        substitute: price of a late loaner, or None; goes with `loaner`.
        left_out: price (objective units) of not placing the visit on any route.
        engineer_lock: index of the only engineer who may do it, -1 for anyone.
        start_lock_s: the only start allowed; None: any.
    """

    id: str
    ticket: str
    place: int
    service_s: int
    earliest_s: int
    left_out: int
    windows: tuple[Window, ...] = ()
    skills: tuple[tuple[int, int], ...] = ()
    certificates: tuple[int, ...] = ()
    tools: tuple[int, ...] = ()
    parts: tuple[PartLine, ...] = ()
    arrive: Lateness | None = None
    repair: Lateness | None = None
    substitute: Lateness | None = None
    loaner: LoanerGrant | None = None
    engineer_lock: int = -1
    start_lock_s: int | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """A certificate or calibrated tool held from `from_s` until `until_s` (out), ticks; either may lie outside the horizon."""

    item: int
    from_s: int
    until_s: int

    def covers(self, start_s: int, end_s: int) -> bool:
        """Say whether it is valid for the whole of [start, end)."""
        return self.from_s <= start_s and end_s <= self.until_s


@dataclass(frozen=True, slots=True)
class Engineer:
    """A person with a van.

    Args:
        skills: (skill index, level held).
        certificates: held certificates with their validity.
        tools: tools in the van with their calibration's validity.
        van: (part index, whole units) in the van at the horizon's start; shared by all shifts of the engineer.
    """

    id: str
    skills: tuple[tuple[int, int], ...] = ()
    certificates: tuple[Held, ...] = ()
    tools: tuple[Held, ...] = ()
    van: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Break:
    """A rest of `duration_s` that starts in [from_s, until_s), between two stops or before a stop's work.

    Owed when the route ends after `until_s`; never interrupts work or travel.
    """

    from_s: int
    until_s: int
    duration_s: int


@dataclass(frozen=True, slots=True)
class Shift:
    """One engineer's working time on one day: the vehicle of the search.

    Args:
        engineer: index into `PlanningProblem.engineers`.
        start_place, end_place: indices into `PlanningProblem.places`.
        start_s, end_s: paid time; leaves no earlier, overtime begins at `end_s`.
        overtime_s: most ticks the route may run past `end_s`.
        call_out_cents: price of using the shift at all (on call), 0 for an ordinary one.
        breaks: in order, at most a few.
    """

    id: str
    engineer: int
    start_place: int
    end_place: int
    start_s: int
    end_s: int
    overtime_s: int = 0
    call_out_cents: int = 0
    breaks: tuple[Break, ...] = ()

    @property
    def latest_s(self) -> int:
        """The end of the shift with all overtime allowed."""
        return self.end_s + self.overtime_s


@dataclass(frozen=True, slots=True)
class Store:
    """A place where a route can stop to pick up parts, tools and loaner units.

    Args:
        place: index into `PlanningProblem.places`.
        stock: (part index, free whole units), shared by all routes and by offers that draw on it.
        endless: any quantity of any part (benchmarks).
        loaners: (loaner class index, ids of the free units).
        tools: tool indices anyone may take along from here, as many at once as want to (benchmarks).
        pick_up_s: ticks a pick-up stop takes.
    """

    id: str
    place: int
    stock: tuple[tuple[int, int], ...] = ()
    endless: bool = False
    loaners: tuple[tuple[int, tuple[str, ...]], ...] = ()
    tools: tuple[int, ...] = ()
    pick_up_s: int = 0


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
        travel_s: int64 array (places, places), ticks, `UNREACHABLE` where there is no way; need not be symmetric.
        distance_m: int64 array (places, places), metres, 0 where unreachable.
        unit_s: ticks in an hour / 3600, i.e. ticks per second; 1 in live work.
    """

    objective: Objective
    places: tuple[str, ...]
    travel_s: NDArray[np.int64]
    distance_m: NDArray[np.int64]
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

    @cached_property
    def digest(self) -> str:
        """SHA-256 over everything the problem says, hex."""
        hasher = hashlib.sha256()
        for name in (f.name for f in fields(self)):
            value = getattr(self, name)
            hasher.update(name.encode())
            if isinstance(value, np.ndarray):
                hasher.update(str(value.shape).encode())
                hasher.update(np.ascontiguousarray(value, dtype="<i8").tobytes())
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


def _plain(value: object) -> object:
    if is_dataclass(value):
        return [_plain(getattr(value, f.name)) for f in fields(value)]
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value
