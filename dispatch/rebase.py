"""Move a region in time: one described on a morning in March becomes one of today.

Two things move differently. What people arranged by the clock keeps its hours and moves by whole local days:
shifts, breaks, absences, on-call duty, calendars, appointments, the published plan, the earliest moment of a visit.
What happened, and what runs from it, keeps its distance from the moment the region is described at: reports and
events, closed tickets, moves of stock, orders and deliveries, reservations, loans, when a customer was told. Where
the region is moved to its own time of day both are the same.

A moment that moves by days keeps its local wall clock, so eight in the morning stays eight in the morning across a
change to daylight saving. Where that is impossible order comes first: a wall clock that the target day skips becomes
the end of the skipped hour, and what happened while an hour repeated itself becomes the end of that hour when the
target day does not repeat it. What followed something of its kind still does, or happens with it.

Weekdays and public holidays do not move with a region: business calendars keep their weeks, their single dates
move. A clock that runs round the clock comes due as much later as it was started; one that runs in business hours
does when the days are whole weeks without holidays in them and the time of day is the region's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dispatch.desk.ticket import EventKind, TicketEvent
from dispatch.parts import shifted_stock
from dispatch.region import Fieldwork, Region
from kernel.clock import moment, utc, zone
from kernel.errors import Refusal
from kernel.interval import Interval

SECOND = timedelta(seconds=1)

LIVE_AT = time(10, 40)
"""Local time of day of a region shown live: the morning under way, most of the day's work still ahead."""


@dataclass(frozen=True, slots=True)
class Shift:
    """By how much.

    Args:
        days: whole local days.
        months: whole calendar months, for what is counted by month.
        zone: whose days.
        then: added to every moment after that, and to no date.
    """

    days: int
    months: int
    zone: ZoneInfo
    then: timedelta = timedelta()

    def at(self, moment: datetime) -> datetime:
        """The moment `days` local days and `then` later, aware UTC.

        Raises:
            Refusal: ``clock.out_of_range`` outside the years 1970 to 2199.
        """
        try:
            return utc(self._days_later(moment) + self.then)
        except OverflowError:
            raise Refusal("clock.out_of_range", value=moment.isoformat()) from None

    def _days_later(self, moment: datetime) -> datetime:
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


def live_at(now: datetime, here: ZoneInfo) -> datetime:
    """The moment a region of zone `here` is described at when it is shown live: `LIVE_AT` of the local day of `now`."""
    return _instant(datetime.combine(now.astimezone(here).date(), LIVE_AT), here, fold=0)


def rebased(region: Region, *, as_of: datetime) -> Region:
    """The region as if it were described at `as_of`; see the module.

    Args:
        region: as read.
        as_of: the new moment, aware; whole seconds count.

    Raises:
        Refusal: ``clock.out_of_range`` when anything would leave the years 1970 to 2199.
    """
    here, old, new = zone(region.settings.zone), region.settings.as_of, utc(as_of).replace(microsecond=0)
    days = (new.astimezone(here).date() - old.astimezone(here).date()).days
    # Demand months are counted in UTC months, as the forecast reads them.
    months = (new.year - old.year) * 12 + new.month - old.astimezone(UTC).month
    arranged = Shift(days, months, here)
    happened = replace(arranged, then=new - arranged.at(old))
    return Region(
        settings=replace(region.settings, as_of=new),
        field=_field(region.field, arranged, happened),
        stock=shifted_stock(region.stock, happened),
    )


def _field(work: Fieldwork, by: Shift, happened: Shift) -> Fieldwork:
    return replace(
        work,
        contracts=tuple(
            replace(
                c,
                valid_from=by.on(c.valid_from),
                valid_until=by.maybe_on(c.valid_until),
                plan_from=by.maybe_on(c.plan_from),
            )
            for c in work.contracts
        ),
        assets=tuple(
            replace(a, invoiced_on=by.maybe_on(a.invoiced_on), made_on=by.maybe_on(a.made_on))
            for a in work.assets
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
        positions=tuple(
            replace(seen, at=happened.at(seen.at), free_at=happened.maybe_at(seen.free_at))
            for seen in work.positions
        ),
        tickets=tuple(replace(t, reported_at=happened.at(t.reported_at)) for t in work.tickets),
        ticket_events=tuple(_event(event, happened) for event in work.ticket_events),
        closed_tickets=tuple(
            replace(
                c,
                reported_at=happened.at(c.reported_at),
                arrived_at=happened.maybe_at(c.arrived_at),
                repaired_at=happened.at(c.repaired_at),
            )
            for c in work.closed_tickets
        ),
        visits=tuple(replace(v, earliest_at=by.maybe_at(v.earliest_at)) for v in work.visits),
        appointments=tuple(replace(a, window=by.span(a.window)) for a in work.appointments),
        **{name: _flat(getattr(work, name), arranged, by, happened) for name, arranged in _FACTS.items()},
        published=tuple(
            replace(stop, starts_at=by.at(stop.starts_at), told_at=happened.maybe_at(stop.told_at))
            for stop in work.published
        ),
    )


_FACTS: Mapping[str, tuple[str, ...]] = {
    "ticket_loans": (),
    "loan_events": (),
    "replaced": (),
    "roster_duties": ("starts_at", "ends_at"),
    "duties_handed_over": ("starts_at", "ends_at"),
    "escalated": (),
    "complaints": (),
    "complaint_events": (),
    "survey_events": (),
    "preventive_visits": (),
    "preventive_events": (),
    "borrowings": (),
    "standing_changes": (),
    "findings": (),
    "charge_events": (),
    "reports": (),
    "answers": (),
    "attachments": (),
    "knowledge": (),
    "checklist_answers": (),
    "signatures": (),
    "approvals": (),
}
"""Plain facts of the desk, with those of their moments that were arranged by the clock; the others happened."""


def _flat(values: Iterable[Any], arranged: tuple[str, ...], by: Shift, happened: Shift) -> tuple[Any, ...]:
    """Values whose fields are plain: every moment and every date among them moved."""

    def moved(name: str, one: Any) -> Any:
        if isinstance(one, datetime):
            return (by if name in arranged else happened).at(one)
        return by.on(one) if isinstance(one, date) else one

    return tuple(
        replace(
            value,
            **{
                field.name: moved(field.name, getattr(value, field.name))
                for field in fields(value)
                if field.init
            },
        )
        for value in values
    )


def _event(event: TicketEvent, by: Shift) -> TicketEvent:
    value = event.value
    if not by.days and not by.then:
        pass  # nothing moves, and the words stay as they were written
    elif event.kind is EventKind.FORECAST_FINISH:
        value = by.at(moment(value)).isoformat()
    elif event.kind is EventKind.TOLD:
        when, whom = event.time_told
        value = f"{by.at(when).isoformat()} {whom}"
    elif event.kind is EventKind.TIME_ASKED:
        asked = event.time_asked
        value = f"{by.at(asked.start).isoformat()} {by.at(asked.end).isoformat()}"
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
