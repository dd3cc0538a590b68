"""What is still open, and for how long."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from dispatch.measures.case import Case
from dispatch.measures.period import Period

STEPS_DAYS = (1, 3, 7, 14, 30)
"""Ages at which a backlog is cut, in days; the last group has no end."""


@dataclass(frozen=True, slots=True)
class AgeGroup:
    """Open tickets from `from_days` (in) to `until_days` (out) old; None: and older."""

    from_days: int
    until_days: int | None
    tickets: int


@dataclass(frozen=True, slots=True)
class Backlog:
    """Tickets neither restored nor over at the end of the period.

    Args:
        tickets: how many; the groups add up to it.
        median_s, oldest_s: age since the report, seconds; None: there are none.
        oldest: id of the oldest; empty: there are none.
        groups: by age.
    """

    tickets: int
    median_s: float | None
    oldest_s: float | None
    oldest: str
    groups: tuple[AgeGroup, ...]


def backlog(cases: Iterable[Case], period: Period, /) -> Backlog:
    """Age what was open when the period ended, or at `now` while it runs.

    Args:
        cases: as they stood at that moment (`case.cases` with ``now=period.until``).
        period: the days.
    """
    waiting = [
        case
        for case in cases
        if case.ticket.reported_at <= period.until and case.restored_at is None and case.over_at is None
    ]
    ages = [(period.until - case.ticket.reported_at, case.ticket.id) for case in waiting]
    bounds = [0, *STEPS_DAYS]
    groups = tuple(
        AgeGroup(
            low,
            high,
            sum(
                timedelta(days=low) <= age and (high is None or age < timedelta(days=high)) for age, _ in ages
            ),
        )
        for low, high in zip(bounds, [*STEPS_DAYS, None], strict=True)
    )
    if not ages:
        return Backlog(0, None, None, "", groups)
    seconds = [age.total_seconds() for age, _ in ages]
    oldest = max(ages, key=lambda row: row[0])
    return Backlog(len(ages), median(seconds), oldest[0].total_seconds(), oldest[1], groups)
