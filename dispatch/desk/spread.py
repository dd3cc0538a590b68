"""Preventive visits spread over days: no day beyond its level while another arrangement exists, no week crowded.

A new visit takes the emptiest week, then the emptiest day, in the middle half of its period, which keeps two
visits of one site at least half a period apart. Where those days are full it takes the rest of the period; where
that is full too, others of the same call make room; only when no arrangement has room is a day overbooked, which
is said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from typing import NamedTuple

from dispatch.desk.maintenance import PreventiveStanding, PreventiveState, PreventiveVisit
from dispatch.desk.milestone import TicketKind
from dispatch.desk.preventive_need import Need, Period, in_order
from dispatch.desk.ticket import Ticket
from dispatch.desk.visit import Appointment, PublishedStop, Visit
from kernel.clock import zone

Capacity = Callable[[date], int]
"""How many preventive visits a day can take; zero on days off."""
CATCH_UP_DAYS = 28
"""Days from the first one on among which a visit is laid out whose period is over. Chosen."""
_TAKES_ROOM = frozenset({PreventiveState.PLANNED, PreventiveState.OPENED})
Choices = tuple[tuple[date, ...], tuple[date, ...]]
"""The days a visit would rather have and the others, each from the middle of its period outwards."""


class Booked(NamedTuple):
    """What takes room already.

    Args:
        laid_out: the preventive visits there are, each on the day it is really planned for.
        days: other visits by day.
    """

    laid_out: tuple[tuple[PreventiveVisit, PreventiveStanding], ...]
    days: Mapping[date, int]


def booked(
    laid_out: Iterable[tuple[PreventiveVisit, PreventiveStanding]],
    tickets: Iterable[Ticket],
    visits: Sequence[Visit],
    appointments: Iterable[Appointment],
    stops: Iterable[PublishedStop],
    /,
    *,
    zone_name: str,
) -> Booked:
    """Say what takes room already, every visit once a day.

    A visit of the published plan takes its day there, whatever it is for: a preventive visit is not sent into a day that
    is full of faults. A preventive visit that was laid out and is in the published plan takes that day alone. One that
    nobody laid out, and that is not in the plan yet, takes the day agreed with the customer, else the first it may start.

    Args:
        laid_out: the visits there are, with their standing.
        tickets: at the desk; the ticket of a visit laid out has its id.
        visits: those still to be made, of all tickets.
        appointments: times agreed with customers.
        stops: the published plan.
        zone_name: IANA zone of the days.
    """
    here = zone(zone_name)
    laid_out = tuple(laid_out)
    ours = {visit.id for visit, standing in laid_out if standing.state in _TAKES_ROOM}
    ticket_of = {visit.id: visit.ticket for visit in visits}
    planned = {(stop.visit, stop.starts_at.astimezone(here).date()) for stop in stops}
    days: Counter[date] = Counter()
    moved: dict[str, date] = {}
    for name, day in sorted(planned):
        owner = ticket_of.get(name, "")
        if owner in ours:
            moved.setdefault(owner, day)
        else:
            days[day] += 1
    agreed: dict[str, datetime] = {}
    for one in sorted(appointments, key=lambda row: row.window.start):
        agreed.setdefault(one.visit, one.window.start)
    others = {ticket.id for ticket in tickets if ticket.kind is TicketKind.PREVENTIVE} - ours
    known = {name for name, _ in planned}
    for visit in visits:
        starts_at = agreed.get(visit.id, visit.earliest_at)
        if visit.ticket in others and visit.id not in known and starts_at is not None:
            days[starts_at.astimezone(here).date()] += 1
    stands = tuple(
        (visit, standing._replace(on=moved.get(visit.id, standing.on))) for visit, standing in laid_out
    )
    return Booked(stands, days)


def lay_out(
    needed: Sequence[Need],
    laid_out: Iterable[tuple[PreventiveVisit, PreventiveStanding]],
    capacity: Capacity,
    /,
    *,
    from_on: date,
    busy: Mapping[date, int] | None = None,
) -> tuple[PreventiveVisit, ...]:
    """Give a day to every visit that has none; those laid out before stay where they are.

    Args:
        needed: from `preventive_need.needs`.
        laid_out: the visits there are, with their standing; one that is done or cancelled takes no room.
        capacity: the level of each day.
        from_on: first day to lay out for; a visit whose period is over by then gets one of the next days, so
            that it is not lost.
        busy: other work that takes room, by day (`booked`).

    Returns:
        The new visits, in order of period.
    """
    known: dict[tuple[str, str], list[PreventiveVisit]] = {}
    taken: Counter[date] = Counter(busy or {})
    for visit, standing in laid_out:
        known.setdefault((visit.contract, visit.site), []).append(visit)
        taken[standing.on] += standing.state in _TAKES_ROOM
    days = _Days(taken, cache(capacity))
    visits = []
    overbooked = set()
    missing = (need for need in needed if not _laid_out(need, known.get((need.contract, need.site), ())))
    new = sorted(missing, key=in_order)
    for need in new:
        if not days.place(need.id, _choices(need.period, from_on)):
            overbooked.add(need.id)
    for need in new:
        start, end = need.period
        on, over = days.day_of[need.id], need.id in overbooked
        visits.append(PreventiveVisit(need.id, need.contract, need.site, start, end, on, over))
    return tuple(visits)


def _laid_out(need: Need, visits: Iterable[PreventiveVisit]) -> bool:
    """Say whether a visit stands for most of the period: a region moved in time keeps its ids, and its months differ."""
    start, end = need.period
    shared = (min(end, one.period_until) - max(start, one.period_from) for one in visits)
    return any(2 * days > end - start for days in shared)


def _choices(period: Period, from_on: date) -> Choices:
    start = max(period.start, from_on)
    if start >= period.end:
        return (), tuple(from_on + timedelta(days=n) for n in range(CATCH_UP_DAYS))
    quarter = (period.end - period.start) // 4
    middle = period.start + (period.end - period.start) // 2
    days = [start + timedelta(days=n) for n in range((period.end - start).days)]
    days.sort(key=lambda day: (abs(day - middle), day))
    inner = {day for day in days if period.start + quarter <= day < period.end - quarter}
    return tuple(day for day in days if day in inner), tuple(day for day in days if day not in inner)


class _Days:
    """Which visit stands on which day, while one call lays out. Private: only `lay_out` holds one."""

    def __init__(self, taken: Counter[date], capacity: Capacity) -> None:
        self.taken = taken
        self.capacity = capacity
        self.day_of: dict[str, date] = {}
        self.choices: dict[str, tuple[date, ...]] = {}
        self.on_day: dict[date, list[str]] = {}

    def place(self, name: str, choices: Choices) -> bool:
        """Give a visit a day; False when only an overbooked one was left."""
        self.choices[name] = (*choices[0], *choices[1])
        for days in choices:
            free = [day for day in days if self._room(day) > 0]
            if free:
                self._put(name, min(free, key=self._crowded))
                return True
        if self._make_room(name):
            return True
        least = min(self.choices[name], key=lambda day: (self.capacity(day) == 0, -self._room(day)))
        self._put(name, least)
        return False

    def _make_room(self, name: str) -> bool:
        """Move others, in the shortest chain that ends on a day with room; say whether there is one.

        The augmenting path of bipartite matching (H. W. Kuhn, Naval Research Logistics Quarterly 2 (1955) 83-97),
        days taking as many visits as they have room for: without one no arrangement of these visits has room.
        """
        mover_to: dict[date, str] = {}
        queue = [name]
        for mover in queue:
            for day in self.choices[mover]:
                if day in mover_to or not self.capacity(day):
                    continue
                mover_to[day] = mover
                if self._room(day) > 0:
                    self._shift(name, day, mover_to)
                    return True
                queue += self.on_day.get(day, [])
        return False

    def _shift(self, name: str, day: date, mover_to: Mapping[date, str]) -> None:
        mover = ""
        while mover != name:
            mover = mover_to[day]
            left = self.day_of.get(mover)
            if left is not None:
                self.on_day[left].remove(mover)
                self.taken[left] -= 1
            self._put(mover, day)
            day = left or day

    def _crowded(self, day: date) -> tuple[float, float]:
        """How full the day's week and the day itself are, 0: empty, 1: full."""
        monday = day - timedelta(days=day.weekday())
        week = [monday + timedelta(days=n) for n in range(7)]
        level = sum(self.capacity(one) for one in week)
        return sum(self.taken[one] for one in week) / level, self.taken[day] / self.capacity(day)

    def _room(self, day: date) -> int:
        return self.capacity(day) - self.taken[day]

    def _put(self, name: str, day: date) -> None:
        self.day_of[name] = day
        self.taken[day] += 1
        self.on_day.setdefault(day, []).append(name)
