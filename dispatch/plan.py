"""A plan: who goes where, when, with which part; what was left out and why. Ids, not indices: it outlives its problem.

Times are ticks from the horizon's start, as in the problem.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from enum import StrEnum

from kernel.errors import Message


class Source(StrEnum):
    """Where a part line comes from."""

    VAN = "van"
    PICK_UP = "pick_up"
    OFFER = "offer"
    WITHOUT = "without"
    """Not taken along: the part may not be needed."""


@dataclass(frozen=True, slots=True)
class Supply:
    """One part line of one visit, served: `quantity` of `part` (the need's own part or an alternate).

    `needed` is the part the line asks for; `from_id` the store (pick_up) or the offer (offer), empty for the van
    and for a part gone without (then `part` is `needed` and `quantity` is 0).
    """

    needed: str
    part: str
    quantity: int
    source: Source
    from_id: str = ""


class LoanerBy(StrEnum):
    """How a loaner gets to the site."""

    VISIT = "visit"
    COURIER = "courier"


@dataclass(frozen=True, slots=True)
class LoanerChoice:
    """A loaner unit for one visit: which unit, its class, the store it leaves, how, and when it stands.

    `store` is empty for a unit that lies in the engineer's van already.
    """

    unit: str
    loaner_class: str
    store: str
    by: LoanerBy
    stands_s: int


class StopKind(StrEnum):
    """What happens at a stop."""

    VISIT = "visit"
    PICK_UP = "pick_up"
    BREAK = "break"


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop of a route.

    `ref` is the visit's id, the store's id, or empty for a break (which happens where the engineer is:
    at the previous stop's place, or at the next visit's place when `arrive_s` of that visit is earlier).
    The engineer is there from `arrive_s`; work, pick-up or rest lasts [start_s, end_s).
    `tools` at a pick-up stop: tool ids taken along. At a visit: `fetches` loaner units taken back, `trip` and `role`
    as the problem's visit says them.
    """

    kind: StopKind
    ref: str
    arrive_s: int
    start_s: int
    end_s: int
    supply: tuple[Supply, ...] = ()
    loaner: LoanerChoice | None = None
    tools: tuple[str, ...] = ()
    fetches: tuple[str, ...] = ()
    trip: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class Route:
    """The day of one shift: leaves the start place at `depart_s`, is back at the end place at `end_s`.

    A shift without stops has no route.
    """

    shift: str
    depart_s: int
    end_s: int
    stops: tuple[Stop, ...]


@dataclass(frozen=True, slots=True)
class Outsourced:
    """A visit an outside partner does: work lasts [start_s, end_s)."""

    visit: str
    partner: str
    start_s: int
    end_s: int


class Known(StrEnum):
    """How a reason is known."""

    PROVED = "proved"
    NOT_FOUND = "not_found"


@dataclass(frozen=True, slots=True)
class Unassigned:
    """A visit left out: the reason as code and values, and how it is known."""

    visit: str
    reason: Message
    known: Known


@dataclass(frozen=True, slots=True)
class CostTerms:
    """What a plan costs. Money problems: cents in every field; benchmarks: `measure` in ticks and `left_out`.

    `vehicles` counts used routes for `VEHICLES_THEN_DISTANCE`.
    """

    late_arrive: int = 0
    late_repair: int = 0
    late_substitute: int = 0
    left_out: int = 0
    travel_time: int = 0
    distance: int = 0
    overtime: int = 0
    call_outs: int = 0
    deliveries: int = 0
    loaner_couriers: int = 0
    loaner_days: int = 0
    second_visits: int = 0
    partners: int = 0
    other_engineers: int = 0
    territory: int = 0
    changes: int = 0
    measure: int = 0
    vehicles: int = 0

    @property
    def total(self) -> int:
        """Sum of all terms but `vehicles`, in the objective's unit."""
        return sum(getattr(self, term.name) for term in fields(self) if term.name != "vehicles")


class BoundKind(StrEnum):
    """What a lower bound rests on."""

    NONE = "none"
    ENUMERATED = "enumerated"


@dataclass(frozen=True, slots=True)
class Manifest:
    """How a plan came to be; no wall time, so the same input gives the same bytes.

    `work` is the number of ruin-and-recreate iterations done; `pool_optimum` says whether CP-SAT proved
    its choice best among the routes in the pool; `bound` is a lower bound on the cost of any plan, only
    where `bound_kind` says why.
    """

    problem: str
    seed: int
    work: int
    versions: dict[str, str]
    status: str
    pool_columns: int
    pool_optimum: bool
    bound_kind: BoundKind = BoundKind.NONE
    bound: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """Routes in order of shift id, the visits left out and those given to partners in order of id, the solver's claim."""

    routes: tuple[Route, ...]
    unassigned: tuple[Unassigned, ...]
    claimed: CostTerms
    manifest: Manifest | None = field(default=None, compare=False)
    outside: tuple[Outsourced, ...] = ()
