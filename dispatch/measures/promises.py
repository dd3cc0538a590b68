"""Attainment: of the promises made, how many were kept; judged by the first promise and by the last one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from dispatch.desk.clock import ClockState, State, clocks
from dispatch.desk.milestone import Milestone
from dispatch.desk.ticket import EventKind, TicketEvent
from dispatch.measures.case import RECORDED_IN_ARCHIVE, Case
from dispatch.measures.period import Period
from kernel.calendars import BusinessCalendar


class Outcome(StrEnum):
    """What became of one promise."""

    ATTAINED = "attained"
    BREACHED = "breached"
    OPEN = "open"
    """Not due yet and not done."""
    NOT_PROMISED = "not_promised"
    """The scheme knows the milestone and promises nothing here."""
    NO_TIME_SET = "no_time_set"
    """Done or over without the customer having named a time."""
    NO_LONGER_NEEDED = "no_longer_needed"
    """Ended before it was due: solved without it, closed, cancelled."""
    NOT_RECORDED = "not_recorded"
    """The ticket comes from an archive that does not keep this step."""
    NO_SCHEME = "no_scheme"
    """No contract, or more than one, held on the day: nobody can say what was promised."""


COUNTED = (Outcome.ATTAINED, Outcome.BREACHED)
EXCLUDED = tuple(one for one in Outcome if one not in {*COUNTED, Outcome.OPEN})


class Version(StrEnum):
    """Which due time a step is held against."""

    FIRST = "first"
    """The due time as it stood at the report; where the customer sets it, the first time he named."""
    LAST = "last"
    """The due time as the clock has it: after waits that pause it, changes of severity, other times agreed."""


class By(StrEnum):
    """What attainment is told apart by."""

    ALL = "all"
    SCHEME = "scheme"
    SEVERITY = "severity"
    AREA = "area"


@dataclass(frozen=True, slots=True)
class Judged:
    """One milestone of one ticket, judged in both versions."""

    case: Case
    milestone: Milestone
    first: Outcome
    last: Outcome


@dataclass(frozen=True, slots=True)
class Attainment:
    """Promises of one milestone, for one group of tickets.

    Args:
        milestone: which; None: `Outcome.NO_SCHEME` tickets, whose milestones are unknown.
        by, group: what the tickets have in common; `group` is empty for all of them.
        version: which due time counts.
        counts: promises by outcome, every outcome named.
    """

    milestone: Milestone | None
    by: By
    group: str
    version: Version
    counts: Mapping[Outcome, int]

    @property
    def attained(self) -> int:
        """Promises kept."""
        return self.counts[Outcome.ATTAINED]

    @property
    def breached(self) -> int:
        """Promises broken."""
        return self.counts[Outcome.BREACHED]

    @property
    def open(self) -> int:
        """Promises neither kept nor broken yet."""
        return self.counts[Outcome.OPEN]

    @property
    def excluded(self) -> int:
        """Promises that do not count, for one of the reasons in `EXCLUDED`."""
        return sum(self.counts[one] for one in EXCLUDED)

    @property
    def total(self) -> int:
        """All of them: attained + breached + open + excluded."""
        return sum(self.counts.values())

    @property
    def share(self) -> float | None:
        """Attained over attained and breached, 0 to 1; None when neither happened."""
        decided = self.attained + self.breached
        return self.attained / decided if decided else None


_MOVES_A_PROMISE = frozenset({EventKind.WAITING, EventKind.RESUMED, EventKind.SEVERITY_CHANGED})


def as_first_promised(events: Iterable[TicketEvent], /) -> tuple[TicketEvent, ...]:
    """Leave out what moves a promise: waits, changes of severity, every time a customer names after his first."""
    named: set[Milestone] = set()
    kept = []
    for event in events:
        if event.kind in _MOVES_A_PROMISE:
            continue
        if event.set_due is not None:
            if event.set_due[0] in named:
                continue
            named.add(event.set_due[0])
        kept.append(event)
    return tuple(kept)


def judged(
    cases: Iterable[Case], calendars: Mapping[str, BusinessCalendar], period: Period, /
) -> tuple[Judged, ...]:
    """Judge every milestone of the tickets reported in the period, as of the period's `now`.

    Args:
        cases: tickets; those reported outside the period are passed over.
        calendars: as handed to the clocks.
        period: which reports count, and the moment they are judged at.
    """
    found = []
    for case in cases:
        if case.ticket.reported_at not in period or case.scheme is None:
            continue
        last = clocks(case.ticket, case.events, case.scheme, calendars, period.now)
        plain = as_first_promised(case.events)
        same = len(plain) == len(case.events)
        first = last if same else clocks(case.ticket, plain, case.scheme, calendars, period.now)
        found += [
            Judged(case, one, _outcome(case, first[one]), _outcome(case, last[one]))
            for one in case.scheme.milestones
        ]
    return tuple(found)


def _outcome(case: Case, state: ClockState) -> Outcome:
    if state.state is State.NOT_PROMISED:
        return Outcome.NOT_PROMISED
    if case.archived and state.milestone not in RECORDED_IN_ARCHIVE:
        return Outcome.NOT_RECORDED
    match state.state:
        case State.MET if state.due_s is not None:
            return Outcome.ATTAINED
        case State.BREACHED:
            return Outcome.BREACHED
        case State.CANCELLED if state.due_s is not None:
            return Outcome.NO_LONGER_NEEDED
        case State.MET | State.CANCELLED:
            return Outcome.NO_TIME_SET
        case _:
            return Outcome.OPEN


def attainment(rows: Iterable[Judged], /, *, without_scheme: int = 0) -> tuple[Attainment, ...]:
    """Count judged promises, for all tickets and by scheme, severity and area.

    Args:
        rows: of `judged`.
        without_scheme: tickets of the period whose promises nobody knows; a row of their own when there are any.

    Returns:
        In the order of milestones, `By`, group and `Version`; the groups of one `By` add up to its `By.ALL`.
    """
    counts: dict[tuple[Milestone, By, str, Version], Counter[Outcome]] = {}
    for row in rows:
        groups = {
            By.ALL: "",
            By.SCHEME: row.case.ticket.scheme,
            By.SEVERITY: str(row.case.ticket.severity),
            By.AREA: row.case.area,
        }
        for by, group in groups.items():
            for version, outcome in ((Version.FIRST, row.first), (Version.LAST, row.last)):
                counts.setdefault((row.milestone, by, group, version), Counter())[outcome] += 1
    order = {one: at for at, one in enumerate(Milestone)}
    kinds = {one: at for at, one in enumerate(By)}
    told = [
        Attainment(*key, {outcome: counts[key][outcome] for outcome in Outcome})
        for key in sorted(counts, key=lambda key: (order[key[0]], kinds[key[1]], key[2], key[3]))
    ]
    if without_scheme:
        none = dict.fromkeys(Outcome, 0) | {Outcome.NO_SCHEME: without_scheme}
        told += [Attainment(None, By.ALL, "", version, none) for version in Version]
    return tuple(told)
