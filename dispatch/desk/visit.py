"""Visits as the desk knows them: what a trip needs, what the customer agreed, what was published and told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kernel.interval import Interval


@dataclass(frozen=True, slots=True)
class PartNeed:
    """Whole units of one part that a visit needs."""

    visit: str
    part: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Appointment:
    """A time the customer agreed to: work starts within it. Several are alternatives."""

    visit: str
    window: Interval


@dataclass(frozen=True, slots=True)
class Visit:
    """One trip to one site for one ticket.

    Args:
        duration_min: minutes of work on site.
        earliest_at: no start before; None: at once.
        skills: (skill, least level), all needed.
        certificates, tools: ids, all needed.
    """

    id: str
    ticket: str
    site: str
    duration_min: int
    earliest_at: datetime | None = None
    skills: tuple[tuple[str, int], ...] = ()
    certificates: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()


class Lock(StrEnum):
    """What of a published stop may not be changed."""

    NONE = "none"
    ENGINEER = "engineer"
    TIME = "time"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class PublishedStop:
    """Where a visit stands in the published plan; `told_at` is when the customer was told, None: not yet."""

    visit: str
    shift: str
    starts_at: datetime
    lock: Lock = Lock.NONE
    told_at: datetime | None = None
