"""Laying out the preventive visits of a region and opening their tickets: load, decide, save."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial

from dispatch.desk.maintenance import (
    PreventiveEvent,
    PreventiveStanding,
    PreventiveState,
    PreventiveVisit,
    preventive_standing,
)
from dispatch.desk.preventive_need import needs
from dispatch.desk.spread import Capacity, booked, lay_out
from dispatch.heard import heard
from dispatch.region import Region, schemes_of
from kernel.clock import SystemClock, zone
from kernel.errors import Refusal


def laid_out(
    region: Region, until: date, capacity: Capacity, /, *, now: datetime
) -> tuple[PreventiveVisit, ...]:
    """The visits to lay out for every whole period whose last day is `until` or earlier and that is not over `now`.

    Raises:
        Refusal: ``board.now_before_facts``.
    """
    field, settings = region.field, region.settings
    if now < settings.as_of:
        raise Refusal("board.now_before_facts", now=now.isoformat(), as_of=settings.as_of.isoformat())
    today = now.astimezone(zone(settings.zone)).date()
    after = until + timedelta(days=1)
    owed = needs(field.contracts, field.sites, schemes_of(field), after, since=today)
    over = heard(field).over
    taken = booked(
        _standing(region, now),
        field.tickets,
        [visit for visit in field.visits if visit.id not in over],
        field.appointments,
        field.published,
        zone_name=settings.zone,
    )
    return lay_out(owed, taken.laid_out, capacity, from_on=today, busy=taken.days)


def _standing(region: Region, now: datetime) -> list[tuple[PreventiveVisit, PreventiveStanding]]:
    """Every visit laid out so far with where it stands."""
    events: dict[str, list[PreventiveEvent]] = {}
    for event in sorted(region.field.preventive_events, key=lambda one: one.at):
        events.setdefault(event.visit, []).append(event)
    return [
        (visit, preventive_standing(visit, events.get(visit.id, ()), now, report=False))
        for visit in region.field.preventive_visits
    ]


def levels(region: Region, calendar: str, /, *, per_day: int) -> Capacity:
    """So many visits on every day a calendar of the region opens; without one, from Monday to Friday.

    Raises:
        Refusal: ``preventive.unknown_calendar``.
    """
    if not calendar:
        return lambda day: per_day if day.weekday() < 5 else 0
    known = {one.id: one for one in region.field.calendars}
    if calendar not in known:
        listed = ", ".join(sorted(known)) or "-"
        raise Refusal("preventive.unknown_calendar", calendar=calendar[:64], known=listed)
    here, days = zone(region.settings.zone), known[calendar]

    def level(day: date) -> int:
        midnight = datetime(day.year, day.month, day.day, tzinfo=here)
        after = day + timedelta(days=1)
        opens = days.between(midnight, datetime(after.year, after.month, after.day, tzinfo=here)) > 0
        return per_day if opens else 0

    return level


def saved(
    database: str, region: str, decide: Callable[[Region], tuple[PreventiveVisit, ...]], /
) -> tuple[PreventiveVisit, ...]:
    """Decide on the region as it stands in a database and keep the visits, nothing else written in between."""
    from api.stored import envelope, opened
    from storage.appended import queue
    from storage.dataset.owed_tables import PREVENTIVE_VISITS
    from storage.rows.facts import add
    from storage.rows.region import load_stored, only_region
    from storage.unit_of_work import UnitOfWork

    def act(work: UnitOfWork) -> tuple[PreventiveVisit, ...]:
        queue(work)
        visits = decide(load_stored(work.connection, work.region).region)
        add(work, PREVENTIVE_VISITS, visits)
        work.record("desk.preventive_visits", str(len(visits)))
        return visits

    with opened(database) as there:
        with there.reading() as connection:
            which = only_region(connection, region)
        name = f"preventive-{SystemClock().now():%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"
        return there.run(envelope(which, name), act)


def opened_at(database: str, region: str, now: datetime, /, *, days: int, by: str) -> tuple[str, ...]:
    """Open a ticket with its visit for every preventive visit laid out for one of the next days; gives their ids.

    A visit has the id of its ticket, starts no earlier than its day, and takes what the practice says. One ticket,
    one transaction: what cannot be opened stops none of those before it.

    Args:
        database: URL.
        region: its id; empty: the only one.
        now: aware; when they are opened.
        days: counted from the day that is then where the region is.
        by: code of who opens them.
    """
    from api.stored import envelope, opened
    from storage.desk.preventive import open_visit
    from storage.rows.region import load_stored, only_region

    with opened(database) as there:
        with there.reading() as connection:
            which = only_region(connection, region)
            known = load_stored(connection, which).region
        here = zone(known.settings.zone)
        until = now.astimezone(here).date() + timedelta(days=days)
        done = []
        for visit, standing in _standing(known, now):
            if standing.state is PreventiveState.PLANNED and standing.on < until:
                midnight = datetime(standing.on.year, standing.on.month, standing.on.day, tzinfo=here)
                command = replace(envelope(which, f"open-{visit.id}"), now=now, actor=by)
                there.run(command, partial(open_visit, visit=visit, earliest_at=midnight))
                done.append(visit.id)
        return tuple(done)
