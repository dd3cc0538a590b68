"""Utilisation: of the time engineers were there for work, how much they worked and travelled."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dispatch.crew import Absence, Shift, present
from dispatch.desk.ticket import EventKind, TicketEvent
from dispatch.measures.period import Period
from kernel.ids import natural_key
from kernel.timetable import epoch_s

_STARTS = {EventKind.TRAVELLING, EventKind.ON_SITE}
_ENDS = frozenset({EventKind.WAITING, EventKind.LEFT, EventKind.REPAIRED, EventKind.DELIVERED})
Span = tuple[int, int]
"""Seconds since 1970 UTC, from (in) and to (out)."""


@dataclass(frozen=True, slots=True)
class WorkingTime:
    """One engineer's time in the period, seconds.

    Args:
        engineer: id; empty: all of them together.
        present_s: shifts less absences, breaks included.
        travel_s, work_s: on the way and on site within them.
        outside_s: on the way or on site outside them: overtime and call-outs.
    """

    engineer: str
    present_s: int
    travel_s: int
    work_s: int
    outside_s: int

    @property
    def share(self) -> float | None:
        """Travel and work over presence, 0 to 1; None when not present."""
        return (self.travel_s + self.work_s) / self.present_s if self.present_s else None


def working_times(
    shifts: Iterable[Shift], absences: Iterable[Absence], events: Iterable[TicketEvent], period: Period, /
) -> tuple[WorkingTime, ...]:
    """Give each engineer who has a shift or did something, then all together.

    Empty when nobody has a shift in the period: without a roster nobody can say what was inside and what outside.

    Args:
        shifts: of the crew.
        absences: cut out of them.
        events: of all tickets, in order of time for each engineer.
        period: up to its `until`.
    """
    from_s, until_s = epoch_s(period.start), epoch_s(period.until)
    gone = list(absences)
    there: dict[str, list[Span]] = defaultdict(list)
    for shift in shifts:
        for piece in present(shift, gone):
            if spans := _clipped(epoch_s(piece.start), epoch_s(piece.end), from_s, until_s):
                there[shift.engineer] += spans
    if not there:
        return ()
    own: dict[str, list[TicketEvent]] = defaultdict(list)
    for event in sorted(events, key=lambda event: event.at):
        if event.kind in _STARTS or event.kind in _ENDS:
            own[event.by].append(event)
    busy = {by: list(_busy(rows, until_s, there[by])) for by, rows in own.items()}
    rows = []
    for engineer in sorted(
        {name for name in (*there, *busy) if there[name] or busy.get(name)}, key=natural_key
    ):
        spans = _merged(there[engineer])
        inside = dict.fromkeys(_STARTS, 0)
        outside = 0
        for kind, start_s, end_s in busy.get(engineer, ()):
            for low, high in _clipped(start_s, end_s, from_s, until_s):
                within = sum(b - a for a, b in _cut(low, high, spans))
                inside[kind] += within
                outside += high - low - within
        rows.append(
            WorkingTime(
                engineer,
                sum(b - a for a, b in spans),
                inside[EventKind.TRAVELLING],
                inside[EventKind.ON_SITE],
                outside,
            )
        )
    told = [row for row in rows if row.present_s or row.travel_s or row.work_s or row.outside_s]
    if not told:
        return ()
    total = WorkingTime(
        "",
        sum(row.present_s for row in told),
        sum(row.travel_s for row in told),
        sum(row.work_s for row in told),
        sum(row.outside_s for row in told),
    )
    return (*told, total)


def _busy(
    events: list[TicketEvent], until_s: int, there: Iterable[Span]
) -> Iterator[tuple[EventKind, int, int]]:
    """Stretches of one engineer; what nobody ended lasts to the end of the shift it began in, at most until now."""
    begun: tuple[EventKind, int] | None = None
    for event in events:
        at_s = epoch_s(event.at)
        if begun is not None and at_s > begun[1]:
            yield *begun, at_s
        begun = (event.kind, at_s) if event.kind in _STARTS else None
    if begun is not None:
        kind, at_s = begun
        ends = [end_s for start_s, end_s in there if start_s <= at_s < end_s]
        if ends and at_s < until_s:
            yield kind, at_s, min(until_s, ends[0])


def _clipped(start_s: int, end_s: int, from_s: int, until_s: int) -> list[Span]:
    low, high = max(start_s, from_s), min(end_s, until_s)
    return [(low, high)] if low < high else []


def _cut(start_s: int, end_s: int, spans: Iterable[Span]) -> list[Span]:
    return [piece for a, b in spans for piece in _clipped(a, b, start_s, end_s)]


def _merged(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for start_s, end_s in sorted(spans):
        if merged and start_s <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end_s))
        else:
            merged.append((start_s, end_s))
    return merged
