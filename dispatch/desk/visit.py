"""Visits as the desk knows them: what a trip needs, what the customer agreed, what was published and told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kernel.interval import Interval


@dataclass(frozen=True, slots=True)
class PartNeed:
    """Whole units of one part that a visit needs; `likely` is how often it turns out to be needed, 0 to 1, None: always."""

    visit: str
    part: str
    quantity: int
    likely: float | None = None


@dataclass(frozen=True, slots=True)
class Appointment:
    """A time the customer agreed to: work starts within it. Several are alternatives."""

    visit: str
    window: Interval


LEAD = "lead"
"""What the first of a crew does where the desk gives it no name."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One trip to one site for one ticket.

    Args:
        duration_min: minutes of work on site.
        earliest_at: no start before; None: at once.
        skills: (skill, least level), all needed.
        certificates, tools: ids, all needed.
        role: what its engineer does when others come along (`CrewRole`); empty: `LEAD`.
        continuous: work goes on, with relief, until it is done; None: as the scheme says.
        bench_min: minutes the unit is in the workshop; the visit collects it, a second trip brings it back. None: repaired on site.
        return_min: minutes of work on site when it is brought back; 0 without a workshop.
    """

    id: str
    ticket: str
    site: str
    duration_min: int
    earliest_at: datetime | None = None
    skills: tuple[tuple[str, int], ...] = ()
    certificates: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    role: str = ""
    continuous: bool | None = None
    bench_min: int | None = None
    return_min: int = 0


@dataclass(frozen=True, slots=True)
class CrewRole:
    """One more engineer on a visit.

    Args:
        role: what he does; a word of its own on each visit.
        duration_min: minutes of his work.
        within_min: minutes he may start after the first; 0: together.
        skills, certificates, tools: what he needs, as on the visit itself.
    """

    visit: str
    role: str
    duration_min: int
    within_min: int = 0
    skills: tuple[tuple[str, int], ...] = ()
    certificates: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class VisitOrder:
    """`visit` starts only when the work of the visit `after` is done."""

    visit: str
    after: str


def closing(orders: Iterable[VisitOrder]) -> Iterator[VisitOrder]:
    """Give each order that would have a visit wait for itself, directly or through those before it."""
    waits: dict[str, list[str]] = {}

    def leads_to(start: str, wanted: str) -> bool:
        seen, todo = {start}, [start]
        while todo:
            at = todo.pop()
            if at == wanted:
                return True
            todo += [other for other in waits.get(at, ()) if other not in seen]
            seen.update(waits.get(at, ()))
        return False

    for order in orders:
        if leads_to(order.after, order.visit):
            yield order
        else:
            waits.setdefault(order.visit, []).append(order.after)


class Lock(StrEnum):
    """What of a published stop may not be changed."""

    NONE = "none"
    ENGINEER = "engineer"
    TIME = "time"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class PublishedStop:
    """Where a visit, or one part of it, stands in the published plan.

    Args:
        shift: the shift or on-call duty; empty when a partner does it.
        told_at: when the customer was told; None: not yet.
        role: whose part of a crew's visit it is; empty: the first engineer's.
        piece: number of the piece, of work that is relieved, goes on in a later shift or comes back from the workshop.
        partner: the outside partner who does it; empty: our own engineer.
    """

    visit: str
    shift: str
    starts_at: datetime
    lock: Lock = Lock.NONE
    told_at: datetime | None = None
    role: str = ""
    piece: int = 1
    partner: str = ""

    @property
    def who(self) -> str:
        """The shift, or the partner, it stands with."""
        return self.partner or self.shift

    @property
    def planned(self) -> str:
        """Id the solver places it under."""
        return planned_id(self.visit, role=self.role, piece=self.piece)


ROLE, PIECE = "@", "#"
"""Between a visit's id and a role, a number; no id has them."""


def planned_id(visit: str, *, role: str = "", piece: int = 1) -> str:
    """Id under which the solver places a part of a visit; the first engineer's first piece has the visit's own.

    >>> planned_id("V1", role="helper", piece=2)
    'V1@helper#2'
    """
    return visit + (f"{ROLE}{role}" if role else "") + (f"{PIECE}{piece}" if piece > 1 else "")


def part_of_trip(planned: str, /) -> tuple[str, str, int]:
    """Take apart what `planned_id` put together: visit, role, piece.

    >>> part_of_trip("V1@helper#2")
    ('V1', 'helper', 2)
    """
    rest, _, piece = planned.partition(PIECE)
    visit, _, role = rest.partition(ROLE)
    return visit, role, int(piece or 1)
