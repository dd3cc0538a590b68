"""Did the repair hold: first-time fix, returns, repeated causes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from dispatch.desk.milestone import TicketKind
from dispatch.desk.ticket import EventKind, TicketEvent
from dispatch.measures.case import Case
from dispatch.measures.period import Period


class Fix(StrEnum):
    """What became of one restored ticket."""

    FIRST_TIME = "first_time"
    """Restored on the first visit, and the asset did not come back."""
    MORE_VISITS = "more_visits"
    """It took more than one visit."""
    CAME_BACK = "came_back"
    """Another fault of the same asset was reported within the days that have to pass, or it was reopened."""
    AT_A_DISTANCE = "at_a_distance"
    """Nobody went there."""
    NOT_RECORDED = "not_recorded"
    """It comes from an archive that does not keep the number of visits."""


@dataclass(frozen=True, slots=True)
class FirstTimeFix:
    """Faults of an asset whose days of waiting for a return ended in the period, by what became of them.

    Args:
        days: that must pass without a return.
        counts: tickets by `Fix`, every word named.
        held, returned: the same tickets asked only whether the repair held; they add up to the same.
    """

    days: int
    counts: Mapping[Fix, int]
    held: int
    returned: int

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.counts.values())

    @property
    def decided(self) -> int:
        """First time, more visits and came back."""
        return sum(self.counts[fix] for fix in (Fix.FIRST_TIME, Fix.MORE_VISITS, Fix.CAME_BACK))

    @property
    def share(self) -> float | None:
        """First time over the decided ones, 0 to 1; None when there are none."""
        return self.counts[Fix.FIRST_TIME] / self.decided if self.decided else None

    @property
    def held_share(self) -> float | None:
        """Held over held and returned, 0 to 1; None when none is decided."""
        decided = self.held + self.returned
        return self.held / decided if decided else None


@dataclass(frozen=True, slots=True)
class Fixed:
    """One restored fault whose days of waiting for a return ended in the period.

    Args:
        case: the ticket.
        by: id of who restored it first.
        fix: what became of it.
        back: the repair did not hold.
    """

    case: Case
    by: str
    fix: Fix
    back: bool


@dataclass(frozen=True, slots=True)
class Repeats:
    """Restored faults whose cause had been repaired on the same asset shortly before.

    Args:
        days: that count as shortly.
        repeated: of `known`.
        known: faults restored in the period with an asset and a cause.
        unknown: those without an asset or a cause.
    """

    days: int
    repeated: int
    known: int
    unknown: int

    @property
    def share(self) -> float | None:
        """Repeated over known, 0 to 1; None when none is known."""
        return self.repeated / self.known if self.known else None


@dataclass(frozen=True, slots=True)
class CauseCount:
    """One cause in a Pareto table: `share` of all known ones, `running` with those before it, 0 to 1."""

    cause: str
    tickets: int
    share: float
    running: float


def visits_made(case: Case, /) -> int:
    """Times somebody came to the site; several of a crew at once are one."""
    visits, there = 0, False
    for event in case.events:
        if event.kind is EventKind.ON_SITE:
            visits += not there
            there = True
        elif event.kind in {EventKind.LEFT, EventKind.TRAVELLING}:
            there = False
    return visits


def first_time_fix(cases: Sequence[Case], period: Period, /, *, days: int) -> FirstTimeFix:
    """Judge the faults restored so long before that their days of waiting for a return ended in the period.

    So each ticket is judged once and with all its days behind it: a period is not made to look bad by returns that are
    known early, nor good by returns still to come. A ticket counts by its first restoration: reopened is came back.

    Args:
        cases: all known ones, as of the period's `now`, so that returns are seen.
        period: in which the days ended.
        days: that must pass without a return.
    """
    counts: Counter[Fix] = Counter()
    returned = 0
    for one in fixes(cases, period, days=days):
        returned += one.back
        counts[one.fix] += 1
    return FirstTimeFix(days, {fix: counts[fix] for fix in Fix}, counts.total() - returned, returned)


def fixes(cases: Sequence[Case], period: Period, /, *, days: int) -> Iterator[Fixed]:
    """Judge each of the tickets `first_time_fix` counts, in the order given.

    Args:
        cases: as there.
        period: as there.
        days: as there.
    """
    faults = _faults_by_asset(cases)
    for case in cases:
        done = _first_restored(case)
        if case.ticket.kind is not TicketKind.FAULT or not case.ticket.asset or done is None:
            continue
        first = done.at
        ended = first + timedelta(days=days)
        if not period.start <= ended < period.until:
            continue
        reopened = any(e.kind is EventKind.REOPENED and first <= e.at <= ended for e in case.events)
        back = reopened or any(
            first <= other.ticket.reported_at <= ended
            for other in faults[case.ticket.asset]
            if other is not case
        )
        yield Fixed(case, done.by, _fix(case, back=back), back)


def _fix(case: Case, *, back: bool) -> Fix:
    visits = visits_made(case)
    if not visits:
        return Fix.AT_A_DISTANCE
    if case.archived:
        return Fix.NOT_RECORDED
    if back:
        return Fix.CAME_BACK
    return Fix.MORE_VISITS if visits > 1 else Fix.FIRST_TIME


def repeats(cases: Sequence[Case], period: Period, /, *, days: int) -> Repeats:
    """Count restored faults whose cause was repaired on the same asset at most `days` before their report."""
    faults = _faults_by_asset(cases)
    repeated = known = unknown = 0
    for case in _restored_faults(cases, period):
        if not case.ticket.asset or not case.cause:
            unknown += 1
            continue
        known += 1
        reported_at = case.ticket.reported_at
        repeated += any(
            other.cause == case.cause
            and other.restored_at is not None
            and timedelta(0) <= reported_at - other.restored_at <= timedelta(days=days)
            for other in faults[case.ticket.asset]
            if other is not case
        )
    return Repeats(days, repeated, known, unknown)


def causes(cases: Iterable[Case], period: Period, /) -> tuple[CauseCount, ...]:
    """Count the causes of faults restored in the period, most frequent first; faults without a cause are left out."""
    counts = Counter(case.cause for case in _restored_faults(cases, period) if case.cause)
    total, running, rows = sum(counts.values()), 0, []
    for cause, tickets in sorted(counts.items(), key=lambda row: (-row[1], row[0])):
        running += tickets
        rows.append(CauseCount(cause, tickets, tickets / total, running / total))
    return tuple(rows)


def _restored_faults(cases: Iterable[Case], period: Period) -> list[Case]:
    return [
        case
        for case in cases
        if case.ticket.kind is TicketKind.FAULT
        and case.restored_at is not None
        and case.restored_at in period
    ]


def _first_restored(case: Case) -> TicketEvent | None:
    done = {EventKind.REPAIRED, EventKind.DELIVERED}
    return next((event for event in case.events if event.kind in done), None)


def _faults_by_asset(cases: Iterable[Case]) -> dict[str, list[Case]]:
    found: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        if case.ticket.asset and case.ticket.kind is TicketKind.FAULT and not case.cancelled:
            found[case.ticket.asset].append(case)
    return found
