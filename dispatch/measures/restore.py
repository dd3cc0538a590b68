"""Time to restore, and what it was spent on: reaction, logistic delay, travel, work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from statistics import median

from dispatch.desk.milestone import Wait
from dispatch.desk.ticket import EventKind
from dispatch.measures.case import Case
from dispatch.measures.period import Period
from kernel.timetable import epoch_s


class Phase(StrEnum):
    """What a ticket's time is spent on, from the report until it is restored."""

    REACTION = "reaction"
    """Nobody has gone there yet; at a distance: nobody who can help has answered yet."""
    TRAVEL = "travel"
    """Somebody is on the way."""
    WORK = "work"
    """Somebody is on site, or the unit is in the workshop; at a distance: the question is being worked on."""
    PART = "part"
    """Waiting for a part."""
    CUSTOMER = "customer"
    """Waiting for the customer."""
    ACCESS = "access"
    """Waiting to be let in."""
    IDLE = "idle"
    """Begun, and nobody there, on the way or waiting for anything that was named."""


LOGISTIC = (Phase.PART, Phase.CUSTOMER, Phase.ACCESS, Phase.IDLE)
"""What logistic delay consists of."""
_WAITS = {Wait.PART: Phase.PART, Wait.CUSTOMER: Phase.CUSTOMER, Wait.ACCESS: Phase.ACCESS}


@dataclass(frozen=True, slots=True)
class Restored:
    """One ticket's time to restore.

    Args:
        case: the ticket.
        seconds: from the report until it was restored.
        spent: seconds by phase, every phase named; None: it comes from an archive that keeps no steps.
    """

    case: Case
    seconds: int
    spent: Mapping[Phase, int] | None


@dataclass(frozen=True, slots=True)
class RestoreTime:
    """Mean time to restore of a group of tickets. Seconds; the shares of `mean_by_phase` add up to `split_mean_s`.

    Args:
        severity: empty: all.
        tickets: restored in the period.
        mean_s, median_s: time to restore of all of them.
        split: tickets whose steps are recorded.
        split_mean_s: mean time to restore of those.
        mean_by_phase: mean seconds a ticket of those spent in each phase.
    """

    severity: str
    tickets: int
    mean_s: float
    median_s: float
    split: int
    split_mean_s: float
    mean_by_phase: Mapping[Phase, float]

    @property
    def logistic_s(self) -> float:
        """Mean logistic delay: waits for part, customer and access, and time nobody did anything."""
        return sum(self.mean_by_phase[phase] for phase in LOGISTIC)


def spent(case: Case, /) -> dict[Phase, int] | None:
    """Seconds a restored ticket spent in each phase; they add up to its time to restore.

    Returns:
        Every phase named; None when it is not restored, or its steps are not recorded.
    """
    return None if case.restored_at is None else spent_until(case, case.restored_at)


def spent_until(case: Case, until: datetime, /) -> dict[Phase, int] | None:
    """Seconds a ticket spent in each phase from its report to `until`; they add up to the time between.

    Returns:
        Every phase named; None when its steps are not recorded.
    """
    if case.archived:
        return None
    seconds = dict.fromkeys(Phase, 0)
    known = [event for event in case.events if event.at <= until]
    field = any(event.kind in {EventKind.TRAVELLING, EventKind.ON_SITE} for event in known)
    phase, since_s = Phase.REACTION, epoch_s(case.ticket.reported_at)
    begun = at_work = in_workshop = False
    for event in known:
        at_s = epoch_s(event.at)
        seconds[phase] += at_s - since_s
        since_s = at_s
        match event.kind:
            case EventKind.TRAVELLING:
                phase, begun, at_work = Phase.TRAVEL, True, False
            case EventKind.ON_SITE | EventKind.COLLECTED:
                phase, begun, at_work = Phase.WORK, True, True
            case EventKind.RETURNED if phase is Phase.TRAVEL:
                phase, at_work = Phase.WORK, True
            case EventKind.RESPONDED if not field:
                phase, begun, at_work = Phase.WORK, True, True
            case EventKind.WAITING:
                phase = _WAITS[Wait(event.value)]
            case EventKind.RESUMED if phase in _WAITS.values():
                phase = Phase.WORK if at_work else Phase.IDLE if begun else Phase.REACTION
            case EventKind.LEFT if in_workshop:
                pass
            case EventKind.LEFT if phase in _WAITS.values():
                at_work = False
            case EventKind.LEFT | EventKind.TESTED | EventKind.REPAIRED | EventKind.DELIVERED:
                phase, at_work = Phase.IDLE, False
        in_workshop = event.kind is EventKind.COLLECTED or (
            in_workshop and event.kind is not EventKind.TESTED
        )
    seconds[phase] += epoch_s(until) - since_s
    return seconds


def restored(cases: Iterable[Case], period: Period, /) -> tuple[Restored, ...]:
    """Give the tickets restored in the period (and by its `now`), in the order given."""
    return tuple(
        Restored(case, epoch_s(case.restored_at) - epoch_s(case.ticket.reported_at), spent(case))
        for case in cases
        if case.restored_at is not None and case.restored_at in period
    )


def restore_times(rows: Iterable[Restored], /) -> tuple[RestoreTime, ...]:
    """Average over all tickets, then over those of each severity at the report; none where none was restored."""
    listed = list(rows)
    groups = {"": listed}
    for row in sorted(listed, key=lambda row: row.case.ticket.severity):
        groups.setdefault(str(row.case.ticket.severity), []).append(row)
    return tuple(_averaged(severity, group) for severity, group in groups.items() if group)


def _averaged(severity: str, rows: list[Restored]) -> RestoreTime:
    split = [row for row in rows if row.spent is not None]
    n = max(1, len(split))
    return RestoreTime(
        severity=severity,
        tickets=len(rows),
        mean_s=sum(row.seconds for row in rows) / len(rows),
        median_s=median(row.seconds for row in rows),
        split=len(split),
        split_mean_s=sum(row.seconds for row in split) / n,
        mean_by_phase={phase: sum((row.spent or {})[phase] for row in split) / n for phase in Phase},
    )
