"""The engineers' scorecard: each figure with the number of cases it was taken from."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from dispatch.desk.clock import State, clocks
from dispatch.desk.milestone import Milestone
from dispatch.desk.survey import wilson
from dispatch.desk.ticket import EventKind
from dispatch.measures.case import Case
from dispatch.measures.period import Period
from dispatch.measures.returns import Fix, fixes
from dispatch.measures.working_time import WorkingTime
from kernel.calendars import BusinessCalendar
from kernel.ids import natural_key
from kernel.timetable import epoch_s


@dataclass(frozen=True, slots=True)
class Scorecard:
    """What one engineer did in the period.

    Args:
        engineer: id; empty: all of them together.
        working: his time, None: he had no shift and did nothing.
        visits: times he came to a site.
        first_time, decided: faults he restored that are judged as first-time fix, and how many were one.
        came_back, judged: of the faults he restored (those at a distance too) how many came back.
        on_time, promised: of his first arrivals that were promised for a time, how many were in time.
    """

    engineer: str
    working: WorkingTime | None
    visits: int
    first_time: int
    decided: int
    came_back: int
    judged: int
    on_time: int
    promised: int

    @property
    def fix_share(self) -> float | None:
        """First time over decided, 0 to 1; None when none is decided."""
        return self.first_time / self.decided if self.decided else None

    @property
    def fix_interval(self) -> tuple[float, float] | None:
        """The interval the true share lies in (Wilson, 95 %); None when none is decided."""
        return wilson(self.first_time, self.decided) if self.decided else None

    @property
    def on_time_share(self) -> float | None:
        """In time over promised, 0 to 1; None when none was promised."""
        return self.on_time / self.promised if self.promised else None

    @property
    def back_share(self) -> float | None:
        """Came back over judged, 0 to 1; None when none is judged."""
        return self.came_back / self.judged if self.judged else None

    @property
    def travel_share(self) -> float | None:
        """Travel over travel and work, 0 to 1; None when there was neither."""
        busy = self.working.travel_s + self.working.work_s if self.working else 0
        return self.working.travel_s / busy if self.working and busy else None


_COUNTS = ("visits", "first_time", "decided", "came_back", "judged", "on_time", "promised")


def scorecards(
    cases: Sequence[Case],
    calendars: Mapping[str, BusinessCalendar],
    working: Iterable[WorkingTime],
    period: Period,
    /,
    *,
    engineers: Iterable[str],
    days: int,
) -> tuple[Scorecard, ...]:
    """Count each engineer's visits, fixes, returns and arrivals in the period.

    Args:
        cases: all known ones, as of the period's `now`.
        calendars: as handed to the clocks.
        working: of the same period; the row of all included.
        period: whole local days.
        engineers: ids of the crew; what others say they did is nobody's figure here.
        days: that must pass without a return.

    Returns:
        All together first, then each who did something or had a shift; the counts of all are the sums of the others.
    """
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for case in cases:
        _count_visits(case, period, counts)
        _count_arrival(case, calendars, period, counts)
    for one in fixes(cases, period, days=days):
        counts[one.by]["judged"] += 1
        counts[one.by]["came_back"] += one.back
        counts[one.by]["first_time"] += one.fix is Fix.FIRST_TIME
        counts[one.by]["decided"] += one.fix in {Fix.FIRST_TIME, Fix.MORE_VISITS, Fix.CAME_BACK}
    times = {row.engineer: row for row in working}
    rows = [
        Scorecard(name, times.get(name), *(counts[name][count] for count in _COUNTS))
        for name in sorted(set(engineers), key=natural_key)
        if counts[name].total() or name in times
    ]
    if not rows:
        return ()
    sums = (sum(getattr(row, count) for row in rows) for count in _COUNTS)
    return (Scorecard("", times.get(""), *sums), *rows)


def _count_visits(case: Case, period: Period, counts: Mapping[str, Counter[str]]) -> None:
    there: set[str] = set()
    for event in case.events:
        if event.kind is EventKind.ON_SITE:
            counts[event.by]["visits"] += event.by not in there and event.at in period
            there.add(event.by)
        elif event.kind in {EventKind.LEFT, EventKind.TRAVELLING}:
            there.discard(event.by)


def _count_arrival(
    case: Case,
    calendars: Mapping[str, BusinessCalendar],
    period: Period,
    counts: Mapping[str, Counter[str]],
) -> None:
    arrived = next((event for event in case.events if event.kind is EventKind.ON_SITE), None)
    if arrived is None or arrived.at not in period or case.scheme is None:
        return
    if Milestone.ARRIVE not in case.scheme.milestones:
        return
    state = clocks(case.ticket, case.events, case.scheme, calendars, period.now)[Milestone.ARRIVE]
    if state.due_s is None or state.state is State.NOT_PROMISED:
        return
    counts[arrived.by]["promised"] += 1
    counts[arrived.by]["on_time"] += epoch_s(arrived.at) <= state.due_s
