"""Move a region in time by whole local days: a region described in March is one of today, wall clocks kept.

A moment keeps its local wall clock, so eight in the morning stays eight in the morning across a change to
daylight saving. Where that is impossible order comes first: a wall clock that the target day skips becomes the
end of the skipped hour, and what happened while an hour repeated itself becomes the end of that hour when the
target day does not repeat it. What followed something still does, or happens with it.

Weekdays and public holidays do not move with a region: business calendars keep their weeks, their single dates
move. A clock that runs round the clock comes due the same number of days later; one that runs in business hours
does when the days are whole weeks without holidays in them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from dispatch.desk.ticket import EventKind, TicketEvent
from dispatch.parts import shifted_stock
from dispatch.region import Fieldwork, Region
from kernel.clock import moment, utc, zone
from kernel.errors import Refusal
from kernel.interval import Interval

SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Shift:
    """By how much: whole local days of a zone, whole calendar months for what is counted by month."""

    days: int
    months: int
    zone: ZoneInfo

    def at(self, moment: datetime) -> datetime:
        """The moment `days` local days later, aware UTC.

        Raises:
            Refusal: ``clock.out_of_range`` outside the years 1970 to 2199.
        """
        if not self.days:
            return utc(moment)
        local = moment.astimezone(self.zone)
        wall = local.replace(tzinfo=None)
        repeats = _repeats(wall, self.zone)
        try:
            target = wall + timedelta(days=self.days)
        except OverflowError:
            raise Refusal("clock.out_of_range", value=moment.isoformat()) from None
        if local.fold and repeats and not _repeats(target, self.zone):
            start = moment - repeats
            wall = _change(start, moment, self.zone).replace(tzinfo=UTC) + _offset(start, self.zone)
            target = wall.replace(tzinfo=None) + timedelta(days=self.days)
        return _instant(target, self.zone, fold=local.fold)

    def maybe_at(self, moment: datetime | None) -> datetime | None:
        """As `at`; None stays None."""
        return None if moment is None else self.at(moment)

    def on(self, day: date) -> date:
        """The date `days` later.

        Raises:
            Refusal: ``clock.out_of_range``.
        """
        try:
            later = day + timedelta(days=self.days)
        except OverflowError:
            raise Refusal("clock.out_of_range", value=day.isoformat()) from None
        if not 1970 <= later.year < 2200:
            raise Refusal("clock.out_of_range", value=later.isoformat())
        return later

    def maybe_on(self, day: date | None) -> date | None:
        """As `on`; None stays None."""
        return None if day is None else self.on(day)

    def span(self, interval: Interval) -> Interval:
        """The interval with both ends moved; one that would lose all its time keeps its length."""
        start, end = self.at(interval.start), self.at(interval.end)
        return Interval(start, end if end > start else start + (interval.end - interval.start))

    def maybe_span(self, interval: Interval | None) -> Interval | None:
        """As `span`; None stays None."""
        return None if interval is None else self.span(interval)

    def month(self, month: str) -> str:
        """The calendar month (``2026-03``) `months` later."""
        index = int(month[:4]) * 12 + int(month[5:]) - 1 + self.months
        return f"{index // 12:04d}-{index % 12 + 1:02d}"


def rebased(region: Region, *, day: date) -> Region:
    """The region as if it were described on `day` at the same local time of day; see the module.

    Args:
        region: as read.
        day: date of the new `as_of`, local to the region.

    Raises:
        Refusal: ``clock.out_of_range`` when anything would leave the years 1970 to 2199.
    """
    here = zone(region.settings.zone)
    as_of = region.settings.as_of
    days = (day - as_of.astimezone(here).date()).days
    then = Shift(days, 0, here).at(as_of)
    # Demand months are counted in UTC months, as the forecast reads them.
    months = (then.year - as_of.year) * 12 + then.month - as_of.astimezone(UTC).month
    shift = Shift(days, months, here)
    return Region(
        settings=replace(region.settings, as_of=then),
        field=_field(region.field, shift),
        stock=shifted_stock(region.stock, shift),
    )


def _field(work: Fieldwork, by: Shift) -> Fieldwork:
    return replace(
        work,
        contracts=tuple(
            replace(c, valid_from=by.on(c.valid_from), valid_until=by.maybe_on(c.valid_until))
            for c in work.contracts
        ),
        calendars=tuple(
            replace(c, exceptions=tuple((by.on(on), spans) for on, spans in c.exceptions))
            for c in work.calendars
        ),
        certificates=tuple(
            replace(c, valid_from=by.on(c.valid_from), valid_until=by.maybe_on(c.valid_until))
            for c in work.certificates
        ),
        tools=tuple(replace(t, calibrated_until=by.maybe_on(t.calibrated_until)) for t in work.tools),
        shifts=tuple(
            replace(s, worked=by.span(s.worked), break_between=by.maybe_span(s.break_between))
            for s in work.shifts
        ),
        absences=tuple(replace(a, away=by.span(a.away)) for a in work.absences),
        on_call=tuple(replace(d, duty=by.span(d.duty)) for d in work.on_call),
        tickets=tuple(replace(t, reported_at=by.at(t.reported_at)) for t in work.tickets),
        ticket_events=tuple(_event(event, by) for event in work.ticket_events),
        closed_tickets=tuple(
            replace(
                c,
                reported_at=by.at(c.reported_at),
                arrived_at=by.maybe_at(c.arrived_at),
                repaired_at=by.at(c.repaired_at),
            )
            for c in work.closed_tickets
        ),
        visits=tuple(replace(v, earliest_at=by.maybe_at(v.earliest_at)) for v in work.visits),
        appointments=tuple(replace(a, window=by.span(a.window)) for a in work.appointments),
        published=tuple(
            replace(stop, starts_at=by.at(stop.starts_at), told_at=by.maybe_at(stop.told_at))
            for stop in work.published
        ),
    )


def _event(event: TicketEvent, by: Shift) -> TicketEvent:
    value = event.value
    if not by.days:
        pass  # nothing moves, and the words stay as they were written
    elif event.kind is EventKind.FORECAST_FINISH:
        value = by.at(moment(value)).isoformat()
    elif event.kind is EventKind.CUSTOMER_SET and event.set_due is not None:
        milestone, due = event.set_due
        value = f"{milestone} {by.at(due).isoformat()}"
    return replace(event, at=by.at(event.at), value=value)


def _offset(at: datetime, here: ZoneInfo) -> timedelta:
    return at.astimezone(here).utcoffset() or timedelta()


def _repeats(wall: datetime, here: ZoneInfo) -> timedelta:
    """By how much the clock is put back while it shows `wall`; nothing when it shows it once or never."""
    first = wall.replace(tzinfo=here, fold=0).utcoffset() or timedelta()
    second = wall.replace(tzinfo=here, fold=1).utcoffset() or timedelta()
    return max(first - second, timedelta())


def _instant(wall: datetime, here: ZoneInfo, *, fold: int) -> datetime:
    """The moment the clock shows `wall`; when it never does, the moment it jumps over it."""
    at = wall.replace(tzinfo=here, fold=fold)
    first = wall.replace(tzinfo=here, fold=0).utcoffset() or timedelta()
    second = wall.replace(tzinfo=here, fold=1).utcoffset() or timedelta()
    try:
        if second > first:
            naive = wall.replace(tzinfo=UTC)
            return utc(_change(naive - second, naive - first, here))
        return utc(at)
    except OverflowError:
        raise Refusal("clock.out_of_range", value=wall.isoformat()) from None


def _change(before: datetime, after: datetime, here: ZoneInfo) -> datetime:
    """The moment in (before, after] from which the zone's offset is that of `after`, to the second."""
    low, high = before.astimezone(UTC).replace(microsecond=0), after.astimezone(UTC).replace(microsecond=0)
    target = _offset(after, here)
    while high - low > SECOND:
        middle = low + (high - low) // (2 * SECOND) * SECOND
        low, high = (low, middle) if _offset(middle, here) == target else (middle, high)
    return high
