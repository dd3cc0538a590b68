"""Visits, and visits whose starts belong together."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from dispatch.problem.promise import Lateness, Outside, Published, Window
from dispatch.problem.supply import LoanerGrant, PartLine


@dataclass(frozen=True, slots=True)
class Visit:
    """One trip of one engineer to one site; a crew, a relief or a later day is a visit of its own, linked.

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
        trip: the desk's visit this is a part of; empty: it is that visit itself.
        role: what the engineer does on it, the desk's word; empty: works alone.
        barred: engineers (indices) who may not come.
        preferred: engineers (indices) the customer prefers; anyone else costs `other_engineer_cents`.
        territory: index into `PlanningProblem.territories`, -1: anyone's.
        away_s: ticks from the end of work until the equipment runs again (bench time and the way back);
            lateness, loaner days and the loaner's due time count to then.
        fetches: loaner units (ids) standing there, fetched back on this visit.
        outside: partners who could do it instead; never of a linked visit.
        published: where it stands in the published plan; None: not in it.
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
    trip: str = ""
    role: str = ""
    barred: tuple[int, ...] = ()
    preferred: tuple[int, ...] = ()
    other_engineer_cents: int = 0
    territory: int = -1
    away_s: int = 0
    fetches: tuple[str, ...] = ()
    outside: tuple[Outside, ...] = ()
    published: Published | None = None

    @property
    def desk_visit(self) -> str:
        """Id of the desk's visit this belongs to."""
        return self.trip or self.id


class Pair(StrEnum):
    """Who may do the two visits of a link."""

    ANY = "any"
    SAME = "same"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Link:
    """Two visits whose starts belong together: ``least_s <= start(second) - start(first) <= most_s``.

    A crew at once: 0 and 0, different engineers, both. A second within a stated gap: 0 and the gap; two of those: what
    their gaps leave, so that one person is not both. Work
    handed over: the first's time less the overlap, twice. A repair gone on with in a later shift: at least the first's time,
    same engineer, both. Order between visits: at least the first's time. A workshop trip: the first's time and the bench's.

    Args:
        first, second: indices into `PlanningProblem.visits`; links form no circle.
        least_s: ticks; below zero where the second may come first.
        most_s: ticks, None: any.
        engineers: who may do them.
        both: neither is done without the other; otherwise the second is not done without the first.
    """

    first: int
    second: int
    least_s: int
    most_s: int | None = None
    engineers: Pair = Pair.ANY
    both: bool = False
