"""Told times: did somebody come when the customer had been told he would."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from dispatch.desk.ticket import EventKind
from dispatch.measures.case import Case
from dispatch.measures.period import Period
from dispatch.measures.promises import Outcome, Version


@dataclass(frozen=True, slots=True)
class Word:
    """One arrival the customer was told about.

    Args:
        ticket: id.
        first_at, last_at: the first and the last time he was told.
        arrived_at: when somebody came; None: nobody yet.
        over_at: when nobody was needed any more before somebody came; None: not.
    """

    ticket: str
    first_at: datetime
    last_at: datetime
    arrived_at: datetime | None
    over_at: datetime | None

    def outcome(self, version: Version, /, *, tolerance_min: int, now: datetime) -> Outcome:
        """Judge it by the first or the last time told; a little late is in time."""
        told_at = self.first_at if version is Version.FIRST else self.last_at
        latest = told_at + timedelta(minutes=tolerance_min)
        if self.arrived_at is not None:
            return Outcome.ATTAINED if self.arrived_at <= latest else Outcome.BREACHED
        if self.over_at is not None and self.over_at <= latest:
            return Outcome.NO_LONGER_NEEDED
        return Outcome.BREACHED if now > latest else Outcome.OPEN


@dataclass(frozen=True, slots=True)
class WordsKept:
    """Told arrivals of the period in one version; attained + breached + open + no longer needed = all."""

    version: Version
    attained: int
    breached: int
    open: int
    no_longer_needed: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.attained + self.breached + self.open + self.no_longer_needed

    @property
    def share(self) -> float | None:
        """Attained over attained and breached, 0 to 1; None when neither happened."""
        decided = self.attained + self.breached
        return self.attained / decided if decided else None


def words(case: Case, /) -> Iterator[Word]:
    """Give the arrivals a ticket's customer was told about, in the order they came or were due."""
    told: dict[str, list[datetime]] = {}
    for event in case.events:
        if event.kind is EventKind.TOLD:
            told.setdefault(event.visit, []).append(event.time_told[0])
        elif event.kind is EventKind.ON_SITE:
            # Steps of a ticket with one visit need not name it.
            key = event.visit if event.visit in told or not told else next(iter(told))
            if key in told:
                times = told.pop(key)
                yield Word(case.ticket.id, times[0], times[-1], event.at, None)
    for times in told.values():
        yield Word(case.ticket.id, times[0], times[-1], None, case.restored_at or case.over_at)


def words_kept(cases: Iterable[Case], period: Period, /, *, tolerance_min: int) -> tuple[WordsKept, ...]:
    """Count the told arrivals whose first told time lies in the period, in both versions.

    Args:
        cases: as of the period's `now`.
        period: which told times count.
        tolerance_min: minutes after the told time that are still in time.
    """
    found = [word for case in cases for word in words(case) if word.first_at in period]
    rows = []
    for version in Version:
        outcomes = [word.outcome(version, tolerance_min=tolerance_min, now=period.now) for word in found]
        rows.append(
            WordsKept(
                version,
                outcomes.count(Outcome.ATTAINED),
                outcomes.count(Outcome.BREACHED),
                outcomes.count(Outcome.OPEN),
                outcomes.count(Outcome.NO_LONGER_NEEDED),
            )
        )
    return tuple(rows)
