"""What a simulation starts from: a region's facts, who works when, what is reported how often, which chance is on.

A scenario is a change of this value and nothing else; `simulate` reads it and never changes it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from dispatch.desk.milestone import Severity, TicketKind
from dispatch.region import Region
from scenarios.run.chance import Chance
from scenarios.run.spread import Spread

EVEN_WEEK = (1.0,) * 168
EVEN_YEAR = (1.0,) * 12


@dataclass(frozen=True, slots=True)
class Roster:
    """When one engineer works, week after week, in the region's local time; absences are cut out of it.

    Args:
        id: its own id; engineer: whose.
        weekday: 0 Monday to 6 Sunday, the day it begins on.
        from_min, until_min: minutes of that day; `until_min` may lie past midnight (a night shift).
        overtime_min: most minutes past the end.
        call_out_cents: price of using it at all (on-call duty); 0 for an ordinary shift.
        wage_cents: an hour of it, whether there is work or not.
    """

    id: str
    engineer: str
    weekday: int
    from_min: int
    until_min: int
    overtime_min: int = 0
    call_out_cents: int = 0
    wage_cents: int = 0


@dataclass(frozen=True, slots=True)
class PartChance:
    """A part a job takes with a probability: `quantity` whole units of `part`; without them it is not repaired."""

    part: str
    chance: float
    quantity: int = 1


@dataclass(frozen=True, slots=True)
class Job:
    """A kind of work somebody may report: what it takes and how long.

    Args:
        id: its name.
        work: time on site, minutes.
        kind, severity: of the ticket.
        skills: (skill, least level), all needed; `certificates`, `tools`: ids, all needed.
        parts: what may turn out to be needed.
        remote: share solved at a distance, without a visit.
    """

    id: str
    work: Spread
    kind: TicketKind = TicketKind.FAULT
    severity: Severity = Severity.P3
    skills: tuple[tuple[str, int], ...] = ()
    certificates: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    parts: tuple[PartChance, ...] = ()
    remote: float = 0.0


@dataclass(frozen=True, slots=True)
class Shelf:
    """A part kept at a place, and how it is filled up again.

    Args:
        part, place: ids; the place is a depot, a warehouse or a van of the region's stockroom.
        level: on hand, on order, less what is owed, is brought up to this; what lies there at the start, too.
        reorder: it is filled up when that has fallen to this or below; None: `level` - 1, one for one.
        upstream: the place it is filled from; empty: a supplier. A van is filled from its engineer's depot before his
            day begins, whatever stands here.
        lead_days: on the way from there.
    """

    part: str
    place: str
    level: int
    reorder: int | None = None
    upstream: str = ""
    lead_days: float = 0.0


@dataclass(frozen=True, slots=True)
class Source:
    """Something that reports: a piece of equipment, or a whole site.

    Args:
        id: its name, the entity of its streams of chance; never changes meaning between scenarios.
        site: id of the site; `asset`: id of the equipment, empty for none.
        scheme, version: what is promised; empty scheme: nothing is.
        a_year: mean reports in 365 days, while it runs.
        jobs: (job id, weight).
        waits: it reports again only when the last report is dealt with (one machine of a finite number).
        at_s: it reports at these seconds since the world's start, ascending, whatever `a_year` says (history replayed).
    """

    id: str
    site: str
    a_year: float
    jobs: tuple[tuple[str, float], ...]
    asset: str = ""
    scheme: str = ""
    version: str = ""
    waits: bool = False
    at_s: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Demand:
    """What is reported, how often, when.

    Args:
        sources: who reports.
        jobs: what may be reported.
        week: 168 relative rates by hour of the local week, Monday 00:00 first; their mean is 1.
        year: 12 relative rates by local month, January first; their mean is 1.
        factor: everything so many times as often.
    """

    sources: tuple[Source, ...] = ()
    jobs: tuple[Job, ...] = ()
    week: tuple[float, ...] = EVEN_WEEK
    year: tuple[float, ...] = EVEN_YEAR
    factor: float = 1.0


@dataclass(frozen=True, slots=True)
class Room:
    """How much may wait, and how long customers wait; for worlds that lose work.

    Args:
        most: most tickets open at once, those at work included; a further one is turned away. None: any number.
        patience: hours a customer waits for somebody to set out before he needs it no more; None: for ever.
        part_lost: a ticket whose parts are not all on the shelf of its depot is dealt with outside (an emergency
            supply) and counts as turned away.
        lateral: a part that its depot has not may come from another one that has it.
        strict: a worse severity goes first, whatever is due.
        idle_home: who has nothing to do goes back to where his shift starts, at once; else he stays where he is.
    """

    most: int | None = None
    patience: Spread | None = None
    part_lost: bool = False
    lateral: bool = True
    strict: bool = False
    idle_home: bool = False


@dataclass(frozen=True, slots=True)
class World:
    """Everything a replication needs.

    Args:
        region: people, places, sites, stock, contracts, prices; its shifts, tickets and visits are not read: `rosters`
            and `demand` say who works and what happens. It starts with nothing open.
        starts_at: aware; second 0.
        shelves: where parts lie; the loaner pool is the region's loaner units, classes and their times.
        warm_up_days: not counted; `days`: counted.
        down_hour_cents: what an hour costs in which equipment stands still, whatever is promised.
    """

    region: Region
    starts_at: datetime
    days: int
    rosters: tuple[Roster, ...] = ()
    demand: Demand = field(default_factory=Demand)
    chance: Chance = field(default_factory=Chance)
    room: Room = field(default_factory=Room)
    shelves: tuple[Shelf, ...] = ()
    warm_up_days: int = 0
    down_hour_cents: int = 0
