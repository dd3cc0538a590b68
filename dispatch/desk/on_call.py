"""The on-call roster: who can be reached for a role at a moment, in which order, and when nobody can.

Duties are facts; who takes one over, or that nobody does, is another. The roster of a moment is folded from both.
Within the hours of a role its people are at work, so a gap is a time outside those hours with nobody on call.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any, NamedTuple

from dispatch.desk.clause import LadderRole
from kernel.calendars import BusinessCalendar
from kernel.clock import utc, zone
from kernel.errors import Refusal
from kernel.ids import checked_id, derived_id, natural_key
from kernel.interval import Interval, subtract


@dataclass(frozen=True, slots=True)
class RosterDuty:
    """Somebody is on call for a role from `starts_at` (in) to `ends_at` (out).

    Args:
        id: the duty's id.
        role: whom he is called as.
        person: his code.
        starts_at, ends_at: aware.
        rank: 1 is called first, 2 stands in for him, and so on.

    Raises:
        Refusal: ``on_call.rank_below_one``, ``interval.ends_before_start``, ``id.malformed``, ``clock.*``.
    """

    id: str
    role: LadderRole
    person: str
    starts_at: datetime
    ends_at: datetime
    rank: int = 1

    def __post_init__(self) -> None:
        checked_id(self.id)
        checked_id(self.person)
        object.__setattr__(self, "starts_at", utc(self.starts_at))
        object.__setattr__(self, "ends_at", utc(self.ends_at))
        Interval(self.starts_at, self.ends_at)
        if self.rank < 1:
            raise Refusal("on_call.rank_below_one", duty=self.id, rank=self.rank)

    @property
    def span(self) -> Interval:
        """From its start to its end."""
        return Interval(self.starts_at, self.ends_at)


@dataclass(frozen=True, slots=True)
class DutyHandedOver:
    """Part of a duty goes to somebody else, or to nobody: illness, leave, a swap.

    Args:
        duty: the duty's id.
        at: when it was said, aware; what was said later holds.
        by: id of who says so.
        reason: why.
        starts_at, ends_at: the part of the duty, aware.
        person: who takes it; empty: nobody.

    Raises:
        Refusal: ``on_call.reason_missing``, ``interval.ends_before_start``, ``id.malformed``, ``clock.*``.
    """

    duty: str
    at: datetime
    by: str
    reason: str
    starts_at: datetime
    ends_at: datetime
    person: str = ""

    def __post_init__(self) -> None:
        checked_id(self.duty)
        checked_id(self.by)
        if self.person:
            checked_id(self.person)
        for name in ("at", "starts_at", "ends_at"):
            object.__setattr__(self, name, utc(getattr(self, name)))
        Interval(self.starts_at, self.ends_at)
        if not self.reason.strip():
            raise Refusal("on_call.reason_missing", duty=self.duty)

    @property
    def span(self) -> Interval:
        """The part of the duty it is about."""
        return Interval(self.starts_at, self.ends_at)


class Watch(NamedTuple):
    """A person is on call for a role, after everything that was handed over."""

    role: LadderRole
    rank: int
    span: Interval
    person: str
    duty: str


def roster(duties: Iterable[RosterDuty], handed_over: Iterable[DutyHandedOver] = ()) -> tuple[Watch, ...]:
    """Fold duties and what was handed over into who is on call when.

    Returns:
        Watches in order of role, rank and time; none where nobody took a duty over.
    """
    said: dict[str, list[DutyHandedOver]] = {}
    for one in sorted(handed_over, key=lambda one: one.at):
        said.setdefault(one.duty, []).append(one)
    watches = []
    for duty in duties:
        parts = [(duty.span, duty.person)]
        for one in said.get(duty.id, ()):
            overlapping = [(span, person) for span, person in parts if span.overlaps(one.span)]
            parts = [
                *(part for part in parts if part not in overlapping),
                *((left, person) for span, person in overlapping for left in subtract(span, [one.span])),
                *((_cut(span, one.span), one.person) for span, _ in overlapping),
            ]
        watches += [Watch(duty.role, duty.rank, span, person, duty.id) for span, person in parts if person]
    return tuple(sorted(watches, key=lambda w: (w.role, w.rank, w.span, natural_key(w.duty))))


def _cut(one: Interval, other: Interval) -> Interval:
    return Interval(max(one.start, other.start), min(one.end, other.end))


def on_call(watches: Iterable[Watch], role: LadderRole, at: datetime, /) -> tuple[str, ...]:
    """Who is on call for a role at a moment, first to be called first; none: nobody."""
    there = sorted((w for w in watches if w.role is role and at in w.span), key=lambda w: w.rank)
    return tuple(dict.fromkeys(watch.person for watch in there))


def gaps(
    watches: Iterable[Watch],
    role: LadderRole,
    span: Interval,
    /,
    *,
    hours: BusinessCalendar | None = None,
) -> tuple[Interval, ...]:
    """When nobody can be reached for a role.

    Args:
        watches: the roster.
        role: whom one wants to reach.
        span: the time looked at.
        hours: when the people of the role are at work; None: never.

    Returns:
        The gaps in order, as long as they are.
    """
    manned = [watch.span for watch in watches if watch.role is role]
    if hours is not None:
        manned += [Interval(start, end) for start, end in hours.openings(span.start, span.end)]
    return subtract(span, manned)


def standby_s(
    watches: Iterable[Watch], span: Interval, /, *, hours: BusinessCalendar | None = None
) -> Mapping[str, int]:
    """Whole seconds each person is on call within a span and outside hours: nights, weekends and holidays, for a fair roster."""
    found: dict[str, int] = {}
    for watch in watches:
        if not watch.span.overlaps(span):
            continue
        part = _cut(watch.span, span)
        at_work = 0 if hours is None else hours.between(part.start, part.end)
        length = (part.end - part.start) // timedelta(seconds=1)
        found[watch.person] = found.get(watch.person, 0) + length - at_work
    return dict(sorted(found.items(), key=lambda item: natural_key(item[0])))


def rotation(
    role: LadderRole,
    people: Sequence[str],
    /,
    *,
    first_on: date,
    weeks: int,
    zone_name: str,
    changes_at: time = time(9),
) -> tuple[RosterDuty, ...]:
    """Lay out a weekly rotation: each in turn is first for a week, the next one stands in for him.

    The change is at the same time of the wall clock every week, so a week in which clocks change is an hour longer
    or shorter. A single person has nobody to stand in for him.

    Args:
        role: whom they are called as.
        people: their codes, in turn.
        first_on: date of the first change.
        weeks: how many.
        zone_name: IANA zone of the wall clock.
        changes_at: time of day of the change.

    Raises:
        Refusal: ``on_call.nobody`` without people, ``clock.unknown_zone``.

    >>> duties = rotation(LadderRole.MANAGER, ["E01", "E02"], first_on=date(2026, 3, 2), weeks=2, zone_name="UTC")
    >>> [(duty.person, duty.rank, duty.starts_at.date().isoformat()) for duty in duties]
    [('E01', 1, '2026-03-02'), ('E02', 2, '2026-03-02'), ('E02', 1, '2026-03-09'), ('E01', 2, '2026-03-09')]
    """
    if not people:
        raise Refusal("on_call.nobody", role=role)
    here = zone(zone_name)
    starts = [
        datetime.combine(first_on + timedelta(weeks=week), changes_at, here) for week in range(weeks + 1)
    ]
    duties = []
    for week, (start, end) in enumerate(pairwise(starts)):
        for rank, person in enumerate(
            dict.fromkeys((people[week % len(people)], people[(week + 1) % len(people)])), 1
        ):
            key = derived_id("DUTY", role, start.isoformat(), str(rank))
            duties.append(RosterDuty(key, role, person, start, end, rank))
    return tuple(duties)


def check_roster(
    duties: Sequence[RosterDuty], handed_over: Iterable[DutyHandedOver] = (), /
) -> Iterator[Refusal]:
    """Give what is wrong with a roster.

    Yields:
        ``on_call.unknown_duty``, ``on_call.outside_duty`` (handed over beyond its ends), ``on_call.two_at_once`` (two
        people of one rank), ``on_call.own_substitute`` (one person in two ranks of a role at once).
    """
    handed = list(handed_over)
    known = {duty.id: duty for duty in duties}
    for one in handed:
        duty = known.get(one.duty)
        if duty is None:
            yield Refusal("on_call.unknown_duty", duty=one.duty)
        elif one.starts_at < duty.starts_at or one.ends_at > duty.ends_at:
            yield Refusal(
                "on_call.outside_duty",
                duty=duty.id,
                start=duty.starts_at.isoformat(),
                end=duty.ends_at.isoformat(),
            )
    by_role: dict[LadderRole, list[Watch]] = {}
    for watch in roster(duties, handed):
        by_role.setdefault(watch.role, []).append(watch)
    for role, watches in by_role.items():
        ordered = sorted(watches, key=lambda w: w.span.start)
        for number, first in enumerate(ordered):
            for second in ordered[number + 1 :]:
                if second.span.start >= first.span.end:
                    break
                said: dict[str, Any] = {"role": role, "at_time": second.span.start.isoformat()}
                if first.rank == second.rank:
                    yield Refusal("on_call.two_at_once", **said, one=first.person, other=second.person)
                elif first.person == second.person:
                    yield Refusal("on_call.own_substitute", **said, person=first.person)
