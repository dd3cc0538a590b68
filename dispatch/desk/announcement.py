"""Announcements: what customers and engineers have to hear when the published plan changes or somebody sets off.

Who was never told a time hears of none by message: telling him first is the desk's decision (`dispatch.publish.call_list`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from dispatch.desk.ticket import EventKind, TicketEvent
from dispatch.desk.told import Telling
from dispatch.desk.visit import PublishedStop
from kernel.clock import zone
from kernel.ids import natural_key

BY_MESSAGE = "message"
"""Who told a customer a time that a message told him: nobody by telephone."""

DAYS_AHEAD = 1
"""An engineer hears of changes to his day today and on so many days after it; what lies behind is planned anew anyway. Chosen."""

SAME_TRIP = timedelta(hours=12)
"""Longer between two who set off to a visit, and they are no crew that comes together. Chosen: a long shift."""


class AnnouncementKind(StrEnum):
    """What is said."""

    VISIT_TIME = "visit_time"
    """To the customer: the time he was told, in writing."""
    VISIT_MOVED = "visit_moved"
    """To the customer: not the time he was told, but this one."""
    VISIT_CANCELLED = "visit_cancelled"
    """To the customer: not at the time he was told; when, is not known."""
    ON_THE_WAY = "on_the_way"
    """To the customer: the engineer set off and is there about then."""
    SET_OFF = "set_off"
    """The same where the published time is over: nobody knows when he is there."""
    DAY_CHANGED = "day_changed"
    """To the engineer: look at your day again."""


@dataclass(frozen=True, slots=True)
class Announcement:
    """Something somebody has to hear.

    Args:
        kind: what.
        about: id of the ticket, whose customer hears it, or of the engineer.
        values: what the sentence names, moments as ISO 8601.
        visit: whose time it is; empty: no visit's in particular.
        starts_at: the time it tells, for the books; None: it tells none that is not in them yet.
    """

    kind: AnnouncementKind
    about: str
    values: Mapping[str, str] = field(default_factory=dict)
    visit: str = ""
    starts_at: datetime | None = None


def moved_stops(
    before: Mapping[str, PublishedStop], after: Mapping[str, PublishedStop], /
) -> dict[str, tuple[PublishedStop | None, PublishedStop | None]]:
    """Planned ids whose place or start is another than before, with both stops; how a stop is held is no change."""
    found: dict[str, tuple[PublishedStop | None, PublishedStop | None]] = {}
    for name in sorted({*before, *after}, key=natural_key):
        old, new = before.get(name), after.get(name)
        if (old and (old.who, old.starts_at)) != (new and (new.who, new.starts_at)):
            found[name] = old, new
    return found


def to_customers(
    moved: Mapping[str, tuple[PublishedStop | None, PublishedStop | None]],
    /,
    *,
    tickets: Mapping[str, str],
    history: Iterable[Telling],
    tolerance: timedelta,
    now: datetime,
) -> tuple[Announcement, ...]:
    """What customers hear of a publication: only who believes a time that holds no longer.

    Args:
        moved: as `moved_stops` gives them; of a crew or of work in pieces only the first one is told.
        tickets: the ticket of each visit.
        history: who was told what.
        tolerance: a time at most this far from the one told is the one told.
        now: a time before it is told nobody.
    """
    told = tuple(history)
    found = []
    for name, (old, new) in moved.items():
        stop = new or old
        assert stop is not None
        ticket = tickets.get(stop.visit, "")
        if name != stop.visit or not ticket:
            continue
        knows = _believes(told, ticket, stop.visit)
        if knows is None and old is not None and old.told_at is not None:
            knows = old.starts_at
        if knows is None:
            continue
        if new is None:
            if knows > now:
                found.append(
                    Announcement(AnnouncementKind.VISIT_CANCELLED, ticket, {"ticket": ticket}, stop.visit)
                )
        elif abs(new.starts_at - knows) > tolerance and new.starts_at > now:
            found.append(_time(AnnouncementKind.VISIT_MOVED, ticket, new.visit, new.starts_at, tolerance))
    return tuple(found)


def to_engineers(
    moved: Mapping[str, tuple[PublishedStop | None, PublishedStop | None]],
    /,
    *,
    worked: Mapping[str, tuple[str, datetime]],
    now: datetime,
    zone_name: str,
) -> tuple[Announcement, ...]:
    """What engineers hear of a publication: once for each of their near days that it changes.

    Args:
        moved: as `moved_stops` gives them.
        worked: engineer and begin of each shift.
        now: the moment.
        zone_name: the region's, whose days are meant.
    """
    here = zone(zone_name)
    today = now.astimezone(here).date()
    days: set[tuple[str, date]] = set()
    for stops in moved.values():
        for stop in stops:
            if stop is None or stop.shift not in worked:
                continue
            engineer, begins_at = worked[stop.shift]
            day = begins_at.astimezone(here).date()
            if today <= day <= today + timedelta(days=DAYS_AHEAD):
                days.add((engineer, day))
    return tuple(
        Announcement(AnnouncementKind.DAY_CHANGED, engineer, {"engineer": engineer, "day": day.isoformat()})
        for engineer, day in sorted(days, key=lambda one: (natural_key(one[0]), one[1]))
    )


def of_event(
    event: TicketEvent,
    /,
    *,
    stop: PublishedStop | None,
    history: Iterable[Telling],
    tolerance: timedelta,
    others: Iterable[TicketEvent] = (),
) -> Announcement | None:
    """What the customer hears of a step of his ticket; None: nothing.

    Args:
        event: the step.
        stop: where its visit is published; None: it is not, or no visit is named.
        history: who was told what before it.
        tolerance: as for `to_customers`.
        others: what else is written down of the ticket: of a crew, the first who sets off is announced.
    """
    if event.kind is EventKind.TRAVELLING:
        if _announced(event, others):
            return None
        if stop is None or stop.starts_at <= event.at:
            return Announcement(AnnouncementKind.SET_OFF, event.ticket, {"ticket": event.ticket}, event.visit)
        values = {"ticket": event.ticket, "arrive_at": stop.starts_at.isoformat()}
        return Announcement(AnnouncementKind.ON_THE_WAY, event.ticket, values, event.visit)
    if event.kind is EventKind.TOLD and event.by != BY_MESSAGE:
        starts_at, _ = event.time_told
        before = _believes(history, event.ticket, event.visit)
        other = before is not None and abs(before - starts_at) > tolerance
        kind = AnnouncementKind.VISIT_MOVED if other else AnnouncementKind.VISIT_TIME
        told = _time(kind, event.ticket, event.visit, starts_at, tolerance)
        return Announcement(told.kind, told.about, told.values, told.visit)  # it is in the books already
    return None


def _announced(event: TicketEvent, others: Iterable[TicketEvent]) -> bool:
    """Whether somebody has set off to the same visit, the same trip: nobody left, and no other time was told between."""
    near = [
        one
        for one in others
        if one != event and one.visit in {"", event.visit} and abs(one.at - event.at) <= SAME_TRIP
    ]
    between = [one.at for one in near if one.kind in {EventKind.LEFT, EventKind.TOLD}]
    return any(
        not any(min(one.at, event.at) < at <= max(one.at, event.at) for at in between)
        for one in near
        if one.kind is EventKind.TRAVELLING and one.visit == event.visit
    )


def _believes(history: Iterable[Telling], ticket: str, visit: str) -> datetime | None:
    """The time a customer was told last."""
    about = [one for one in history if one.ticket == ticket and one.visit in {"", visit}]
    last = max(about, key=lambda one: one.at, default=None)
    return None if last is None else last.starts_at


def _time(
    kind: AnnouncementKind, ticket: str, visit: str, starts_at: datetime, tolerance: timedelta
) -> Announcement:
    """A time as it is said: from as much earlier to as much later as is no change."""
    values = {
        "ticket": ticket,
        "start_at": (starts_at - tolerance).isoformat(),
        "end_at": (starts_at + tolerance).isoformat(),
    }
    return Announcement(kind, ticket, values, visit, starts_at)
