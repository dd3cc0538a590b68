"""Where engineers stand, what is under way and what has been done, as values (`dispatch.heard` folds them)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from dispatch.desk.life import ENDS_WORK
from dispatch.desk.ticket import EventKind
from dispatch.desk.visit import CrewRole, Visit, planned_id
from kernel.place import LatLon

STOPS = ENDS_WORK | {EventKind.WAITING, EventKind.LEFT}
"""Kinds after which nobody is at work on the visit."""

MOVES_SOMEBODY = STOPS | {EventKind.TRAVELLING, EventKind.ON_SITE, EventKind.FORECAST_FINISH}
"""Kinds that say where an engineer is or what he is doing."""

SPOT = "at:"
"""Begins the location id of a spot that is neither site nor place nor home."""

LEAST_LEFT = timedelta(minutes=1)
"""What a visit under way has left when its time is over and nobody has said anything."""


EARLY = timedelta(hours=2)
"""What was heard so long before a shift, in no other one, is how that shift began."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The last that is known of an engineer.

    Args:
        at: when it was known.
        place: location id where he is, or where he is going: ``site:…``, ``at:…``.
        visit: the visit under way; empty: none.
        travelling: he is on the way there, having left `origin` (location id; empty: from his shift's start) at `at`.
        finish: when work there is forecast to be finished, or he is free to go on; None: free since `at`. While
            travelling: when he goes on from `origin`.
        rested_at: when he was last heard to have his break; None: never.
        role, piece: which part of the visit is his (`PublishedStop`).
        said: `finish` is his own word.
    """

    engineer: str
    at: datetime
    place: str
    visit: str = ""
    travelling: bool = False
    origin: str = ""
    finish: datetime | None = None
    rested_at: datetime | None = None
    role: str = ""
    piece: int = 1
    said: bool = False

    @property
    def part(self) -> str:
        """Id of his part of the visit, as planned."""
        return planned_id(self.visit, role=self.role, piece=self.piece)

    def free_at(self, now: datetime) -> datetime:
        """When he can go on from `place`, as known at `now`; of no meaning while he travels."""
        if self.finish is None:
            return now
        if self.finish > now:
            return self.finish
        return now + LEAST_LEFT if self.visit else now


@dataclass(frozen=True, slots=True)
class PartnerThere:
    """An outside partner who is at work on a visit, since when."""

    partner: str
    since: datetime


def place_at(spot: LatLon) -> str:
    """Location id of a spot that is neither site nor place nor home."""
    return f"{SPOT}{spot.lat!r},{spot.lon!r}"


def spot_at(place: str) -> LatLon:
    """The spot of such a location id."""
    lat, lon = place.removeprefix(SPOT).split(",")
    return LatLon(float(lat), float(lon))


@dataclass(frozen=True, slots=True)
class Stint:
    """A stretch of work on one part of a visit that is over: its engineer has left.

    Args:
        role, piece: of which part (`PublishedStop`).
        began: when he came; `left` where nobody said.
        rested: of that, his break.
    """

    role: str
    piece: int
    engineer: str
    began: datetime
    left: datetime
    rested: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class Begun:
    """What has been done of a visit.

    Args:
        stints: in the order they ended.
        ended: crew roles (empty: the first engineer's) of which nothing is left to do.
    """

    stints: tuple[Stint, ...] = ()
    ended: frozenset[str] = frozenset()

    def of(self, role: str) -> tuple[Stint, ...]:
        """The stints of one role."""
        return tuple(stint for stint in self.stints if stint.role == role)


def worked(spans: Iterable[tuple[datetime, datetime]]) -> timedelta:
    """How long somebody was at work: time two were there together counts once.

    >>> day = datetime.fromisoformat("2026-03-06T00:00+08:00")
    >>> hour = [day + timedelta(hours=h) for h in range(9)]
    >>> worked([(hour[2], hour[5]), (hour[0], hour[3]), (hour[7], hour[8])])
    datetime.timedelta(seconds=21600)
    """
    total, until = timedelta(), None
    for start, end in sorted(spans):
        fresh = start if until is None else max(start, until)
        total += max(timedelta(), end - fresh)
        until = end if until is None else max(until, end)
    return total


def done(stints: Iterable[Stint], more: Iterable[tuple[datetime, datetime]] = ()) -> timedelta:
    """The work done in stints, and in further spans of time."""
    own = tuple(stints)
    rested = sum((stint.rested for stint in own), timedelta())
    return worked([*((stint.began, stint.left) for stint in own), *more]) - rested


def is_return(visit: Visit, role: str, piece: int) -> bool:
    """Whether a part brings back what was in the workshop."""
    return visit.bench_min is not None and not role and piece > 1


def work_of(visit: Visit, role: CrewRole | None, *, piece: int = 1) -> timedelta:
    """The work of one of a visit's people: of what is brought back from the workshop, that on the second trip."""
    if role is not None:
        return timedelta(minutes=role.duration_min)
    minutes = visit.return_min if is_return(visit, "", piece) else visit.duration_min
    return timedelta(minutes=minutes)
