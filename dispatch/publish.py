"""What a new plan changes against the published one: who must be called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dispatch.desk.visit import PublishedStop
from dispatch.plan import Plan, StopKind
from dispatch.pose import PIECE
from kernel.ids import natural_key


class ChangeKind(StrEnum):
    """What happened to a visit between two plans."""

    ADDED = "added"
    MOVED = "moved"
    LEFT_OUT = "left_out"


@dataclass(frozen=True, slots=True)
class Change:
    """One visit that is not where it was published.

    Args:
        told: the customer knows the old time.
        old: (shift, start) as published; None: was not published.
        new: (shift, start) as planned; None: left out.
    """

    visit: str
    kind: ChangeKind
    told: bool
    old: tuple[str, datetime] | None
    new: tuple[str, datetime] | None


def changes(
    published: Mapping[str, PublishedStop], plan: Plan, *, moment: Mapping[str, datetime]
) -> tuple[Change, ...]:
    """Compare the published stops with a plan, in order of visit id.

    Args:
        published: stops by visit.
        plan: the new plan.
        moment: planned start by visit, aware.
    """
    planned = {
        stop.ref: (route.shift.partition(PIECE)[0], moment[stop.ref])
        for route in plan.routes
        for stop in route.stops
        if stop.kind is StopKind.VISIT
    }
    found: list[Change] = []
    for visit in sorted({*planned, *(missing.visit for missing in plan.unassigned)}, key=natural_key):
        before, new = published.get(visit), planned.get(visit)
        old = (before.shift, before.starts_at) if before else None
        if old != new:
            kind = ChangeKind.LEFT_OUT if new is None else ChangeKind.MOVED if old else ChangeKind.ADDED
            found.append(Change(visit, kind, before is not None and before.told_at is not None, old, new))
    return tuple(found)
