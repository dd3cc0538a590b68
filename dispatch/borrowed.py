"""Engineers borrowed from other departments: for some days, within their hours, so many days a week.

A borrowed engineer is an engineer like others: what he can stands with his skills and certificates, where he may
go in his territories. What is agreed about his time becomes shifts, stored beside the agreement; called back
early he is absent. So the planner, the verifier and the screens treat him like everybody else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from dispatch.crew import Engineer, Shift
from kernel.calendars import BusinessCalendar
from kernel.clock import utc, zone
from kernel.errors import Refusal
from kernel.ids import checked_id, derived_id
from kernel.interval import Interval

LONGEST_DAYS = 366
"""Days one agreement may last; who stays longer belongs to the crew. Chosen."""

PREFIX = "BORROWED"
"""How ids of shifts begin that follow from an agreement."""


@dataclass(frozen=True, slots=True)
class Borrowing:
    """Another department lends an engineer.

    Args:
        id: of the agreement.
        engineer: his id; his skills, certificates and territories stand with him.
        department: who lends him.
        first_on, last_on: the days he is there at most, both included, local to the region.
        calendar: business calendar of the region in whose hours he works.
        at: when it was agreed, aware.
        by: id of who agreed it.
        reason: what for.
        most_days: days a week at most, the first ones of each week; None: all of them.

    Raises:
        Refusal: ``borrowed.ends_before_start``, ``borrowed.too_long``, ``borrowed.no_days``, ``borrowed.reason_missing``,
            ``id.malformed``, ``clock.*``.
    """

    id: str
    engineer: str
    department: str
    first_on: date
    last_on: date
    calendar: str
    at: datetime
    by: str
    reason: str
    most_days: int | None = None

    def __post_init__(self) -> None:
        for text in (self.id, self.engineer, self.calendar, self.by):
            checked_id(text)
        object.__setattr__(self, "at", utc(self.at))
        if self.last_on < self.first_on:
            first, last = self.first_on.isoformat(), self.last_on.isoformat()
            raise Refusal("borrowed.ends_before_start", borrowing=self.id, start=first, end=last)
        if (self.last_on - self.first_on).days >= LONGEST_DAYS:
            raise Refusal("borrowed.too_long", borrowing=self.id, days=LONGEST_DAYS)
        if self.most_days is not None and not 1 <= self.most_days <= 7:
            raise Refusal("borrowed.no_days", borrowing=self.id, days=self.most_days)
        if not self.reason.strip():
            raise Refusal("borrowed.reason_missing", borrowing=self.id)


def borrowed_shifts(
    borrowing: Borrowing, calendar: BusinessCalendar, /, *, zone_name: str
) -> tuple[Shift, ...]:
    """Give the shifts an agreement amounts to.

    Each day is one shift from the first opening to the last close, with a break as long as the longest time between
    its hours that begins within it; he starts and ends at home. Days the calendar closes, holidays too, have none. Ids follow from the
    agreement and the day, so that asking again gives the same shifts.

    Args:
        borrowing: what was agreed.
        calendar: the one it names.
        zone_name: the region's zone, in which its days lie.

    Returns:
        In order of day.
    """
    here = zone(zone_name)
    shifts: list[Shift] = []
    week, days = (0, 0), 0
    for number in range((borrowing.last_on - borrowing.first_on).days + 1):
        on = borrowing.first_on + timedelta(days=number)
        midnight = datetime(on.year, on.month, on.day, tzinfo=here)
        tomorrow = on + timedelta(days=1)
        next_midnight = datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=here)
        openings = calendar.openings(utc(midnight), utc(next_midnight))
        if not openings:
            continue
        this_week = on.isocalendar()[:2]
        week, days = this_week, days + 1 if this_week == week else 1
        if borrowing.most_days is not None and days > borrowing.most_days:
            continue
        shifts.append(_shift(borrowing, on, openings))
    return tuple(shifts)


def _shift(borrowing: Borrowing, on: date, openings: tuple[tuple[datetime, datetime], ...]) -> Shift:
    between = [
        (after - close, close, after) for (_, close), (after, _) in pairwise(openings) if after > close
    ]
    rest, starts, ends = max(between, default=(timedelta(0), None, None), key=lambda gap: gap[0])
    return Shift(
        id=derived_id(PREFIX, borrowing.id, on.isoformat()),
        engineer=borrowing.engineer,
        worked=Interval(openings[0][0], openings[-1][1]),
        break_between=Interval(starts, ends) if starts is not None and ends is not None else None,
        break_min=rest // timedelta(minutes=1),
    )


def check_borrowings(
    borrowings: Iterable[Borrowing],
    engineers: Mapping[str, Engineer],
    calendars: Mapping[str, BusinessCalendar],
    shifts: Iterable[Shift],
    /,
    *,
    zone_name: str,
) -> Iterator[Refusal]:
    """Give what is wrong with agreements.

    Yields:
        ``borrowed.unknown_engineer``, ``borrowed.unknown_calendar``, ``borrowed.works_already`` (he has another shift
        at the same time, or is lent twice).
    """
    taken: dict[str, list[Shift]] = {}
    for shift in shifts:
        taken.setdefault(shift.engineer, []).append(shift)
    agreed: dict[str, list[Shift]] = {}
    for one in borrowings:
        if one.engineer not in engineers:
            yield Refusal("borrowed.unknown_engineer", borrowing=one.id, engineer=one.engineer)
            continue
        if one.calendar not in calendars:
            yield Refusal("borrowed.unknown_calendar", borrowing=one.id, calendar=one.calendar)
            continue
        mine = borrowed_shifts(one, calendars[one.calendar], zone_name=zone_name)
        stored, lent = taken.get(one.engineer, []), agreed.setdefault(one.engineer, [])
        for shift in mine:
            others = [*(other for other in stored if not _is_own(other, shift)), *lent]
            clash = next((other for other in others if other.worked.overlaps(shift.worked)), None)
            if clash is not None:
                at = shift.worked.start.isoformat()
                yield Refusal(
                    "borrowed.works_already",
                    borrowing=one.id,
                    engineer=one.engineer,
                    at_time=at,
                    shift=clash.id,
                )
                break
        lent += mine


def _is_own(stored: Shift, agreed: Shift) -> bool:
    """A stored shift is this one of an agreement; moved in time with its region it keeps the id of another day."""
    return stored.id == agreed.id or (stored.id.startswith(f"{PREFIX}-") and stored.worked == agreed.worked)
