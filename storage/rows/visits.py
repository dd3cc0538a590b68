"""Visits with where the published plan has them: pages, one, and an engineer's own in order of time."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, select

from dispatch.desk.ticket import EventKind
from dispatch.desk.told import Telling, as_told, tellings
from dispatch.desk.visit import PublishedStop
from kernel.place import LatLon
from storage.dataset import ticket_tables
from storage.order import By, Order, Orders, Place, page_of, place_of
from storage.rows.facts import AT_ONCE
from storage.rows.head import read_settings
from storage.scope import Scope
from storage.tables.crew import EngineerRow, ShiftRow
from storage.tables.desk import PublishedStopRow, SiteRow, TicketEventRow, TicketRow, VisitRow


@dataclass(frozen=True, slots=True)
class VisitThere:
    """One visit or, of a crew's or a longer one, one part of it.

    Args:
        piece: from 1; `role`: whose part, empty the first engineer's.
        engineer, shift, partner, starts_at: as published; empty and None: not planned.
        told_at: when its customer was told this start; None: not.
    """

    visit: str
    ticket: str
    site: str
    site_name: str
    lat: float
    lon: float
    minutes: int
    severity: str
    text: str
    role: str = ""
    piece: int = 1
    engineer: str = ""
    shift: str = ""
    partner: str = ""
    starts_at: datetime | None = None
    told_at: datetime | None = None

    @property
    def ends_at(self) -> datetime | None:
        """The start and the minutes of work; the plan may know better of a crew."""
        return None if self.starts_at is None else self.starts_at + timedelta(minutes=self.minutes)


@dataclass(frozen=True, slots=True)
class VisitWish:
    """Which visits are wanted; what is empty leaves none out. `from_at` and `until_at` are about the published start.

    `engineer` goes to them as published; `depot` is that of who goes.
    """

    ticket: str = ""
    engineer: str = ""
    site: str = ""
    depot: str = ""
    from_at: datetime | None = None
    until_at: datetime | None = None


_stop, _visit = PublishedStopRow.c, VisitRow.c
# A visit that is not planned has neither role nor piece: it stands alone.
_PARTS = (By(_visit.visit_id), By(_stop.role, empty=True), By(_stop.piece, empty=True))
_STARTS = By(_stop.starts_at, empty=True)
VISIT_ORDERS: Orders = {
    "visit": _PARTS,
    "start": (_STARTS, *_PARTS),
    "engineer": (By(ShiftRow.c.engineer_id, empty=True), _STARTS, *_PARTS),
    "site": (By(_visit.site_id), *_PARTS),
    "severity": (By(TicketRow.c.severity), *_PARTS),
}
"""What visits can be sorted by; those that are not planned come last where it is by the plan."""


def visit_page(
    connection: Connection,
    region: str,
    scope: Scope,
    wish: VisitWish,
    order: Order,
    *,
    most: int,
    after: Place | None = None,
) -> tuple[list[VisitThere], Place | None]:
    """Read visits in one of `VISIT_ORDERS`, within somebody's reach.

    Returns:
        The visits, and where the next page starts; None: that was all.

    Raises:
        Refusal: ``request.bad_cursor``.
    """
    query = page_of(_wanted(region, scope, wish).order_by(None), order, after=after, most=most)
    rows = connection.execute(query).all()
    found = _as_told(connection, region, [row._mapping for row in rows[:most]])  # noqa: SLF001 SQLAlchemy's public name
    return found, place_of(rows[most - 1], order) if len(rows) > most else None


def _wanted(region: str, scope: Scope, wish: VisitWish) -> Select[Any]:
    stop, query = PublishedStopRow.c, _visits(region, scope)
    if wish.ticket:
        query = query.where(VisitRow.c.ticket_id == wish.ticket)
    if wish.site:
        query = query.where(VisitRow.c.site_id == wish.site)
    if wish.engineer:
        query = query.where(ShiftRow.c.engineer_id == wish.engineer)
    if wish.depot:
        of_depot = select(EngineerRow.c.engineer_id).where(
            EngineerRow.c.region_id == region, EngineerRow.c.depot == wish.depot
        )
        query = query.where(ShiftRow.c.engineer_id.in_(of_depot))
    if wish.from_at is not None:
        query = query.where(stop.starts_at >= wish.from_at)
    if wish.until_at is not None:
        query = query.where(stop.starts_at < wish.until_at)
    return query


def published_visits(
    connection: Connection, region: str, scope: Scope, wish: VisitWish, *, most: int
) -> list[VisitThere]:
    """Visits with a published start, within somebody's reach, the first to start first."""
    stop = PublishedStopRow.c
    query = _wanted(region, scope, wish).where(stop.starts_at.is_not(None))
    ordered = query.order_by(None).order_by(stop.starts_at, VisitRow.c.visit_id, stop.role, stop.piece)
    return _as_told(connection, region, connection.execute(ordered.limit(most)).mappings().all())


def parts_of_visit(connection: Connection, region: str, scope: Scope, visit: str) -> list[VisitThere]:
    """Every part of one visit; none where there is no such visit within reach."""
    rows = connection.execute(_visits(region, scope).where(VisitRow.c.visit_id == visit)).mappings()
    return _as_told(connection, region, rows.all())


def visits_of_ticket(connection: Connection, region: str, ticket: str) -> list[VisitThere]:
    """Every part of a ticket's visits."""
    rows = connection.execute(_visits(region, None).where(VisitRow.c.ticket_id == ticket)).mappings()
    return _as_told(connection, region, rows.all())


def told_in(connection: Connection, region: str, tickets: Collection[str]) -> tuple[Telling, ...]:
    """Who was told what about some tickets, in the order it happened."""
    event, named = TicketEventRow.c, sorted(tickets)
    found: list[Any] = []
    for start in range(0, len(named), AT_ONCE):
        of = event.ticket_id.in_(named[start : start + AT_ONCE])
        query = select(TicketEventRow).where(event.region_id == region, event.kind == EventKind.TOLD, of)
        found += connection.execute(query).mappings()
    found.sort(key=lambda row: (row["at"], row["position"]))
    return tellings(ticket_tables.TICKET_EVENTS.make(dict(row)) for row in found)


def sites_of_visits(connection: Connection, region: str) -> dict[str, LatLon]:
    """Where every visit of a region is."""
    at_site = (SiteRow.c.region_id == VisitRow.c.region_id) & (SiteRow.c.site_id == VisitRow.c.site_id)
    query = select(VisitRow.c.visit_id, SiteRow.c.lat, SiteRow.c.lon).join(SiteRow, at_site)
    rows = connection.execute(query.where(VisitRow.c.region_id == region))
    return {visit: LatLon(lat, lon) for visit, lat, lon in rows}


def days_of(
    connection: Connection, region: str, engineer: str, *, since: datetime, most: int
) -> list[VisitThere]:
    """An engineer's published visits that start at `since` or later, the first first."""
    query = _visits(region, None).where(
        ShiftRow.c.engineer_id == engineer, PublishedStopRow.c.starts_at >= since
    )
    ordered = query.order_by(None).order_by(PublishedStopRow.c.starts_at, VisitRow.c.visit_id).limit(most)
    return _as_told(connection, region, connection.execute(ordered).mappings().all())


def _visits(region: str, scope: Scope | None) -> Select[Any]:
    visit, stop, shift, site, ticket = VisitRow, PublishedStopRow, ShiftRow, SiteRow, TicketRow

    def same(other: Any, *names: str) -> ColumnElement[bool]:
        found: ColumnElement[bool] = other.c.region_id == visit.c.region_id
        for name in names:
            found &= other.c[name] == visit.c[name]
        return found

    of_stop = (shift.c.region_id == stop.c.region_id) & (shift.c.shift_id == stop.c.shift_id)
    reached = (
        []
        if scope is None
        else [scope.tickets_where(region=visit.c.region_id, ticket=visit.c.ticket_id, site=visit.c.site_id)]
    )
    return (
        select(
            visit.c.visit_id,
            visit.c.ticket_id,
            visit.c.site_id,
            site.c.name,
            site.c.lat,
            site.c.lon,
            visit.c.duration_min,
            ticket.c.severity,
            ticket.c.text,
            stop.c.role,
            stop.c.piece,
            stop.c.shift_id,
            stop.c.partner_id,
            stop.c.starts_at,
            stop.c.told_at,
            shift.c.engineer_id,
        )
        .join(site, same(site, "site_id"))
        .join(ticket, same(ticket, "ticket_id"))
        .outerjoin(stop, same(stop, "visit_id"))
        .outerjoin(shift, of_stop)
        .where(visit.c.region_id == region, *reached)
        .order_by(visit.c.visit_id, stop.c.role, stop.c.piece)
    )


def _made(row: Mapping[Any, Any]) -> VisitThere:
    return VisitThere(
        visit=row["visit_id"],
        ticket=row["ticket_id"],
        site=row["site_id"],
        site_name=row["name"],
        lat=row["lat"],
        lon=row["lon"],
        minutes=row["duration_min"],
        severity=row["severity"],
        text=row["text"],
        role=row["role"] or "",
        piece=row["piece"] or 1,
        engineer=row["engineer_id"] or "",
        shift=row["shift_id"] or "",
        partner=row["partner_id"] or "",
        starts_at=row["starts_at"],
        told_at=row["told_at"],
    )


def _as_told(connection: Connection, region: str, rows: Sequence[Mapping[Any, Any]]) -> list[VisitThere]:
    """The visits, with what their customers were told since the plan was published: that is a step of the ticket's life."""
    found = [_made(row) for row in rows]
    asked = {one.visit: one.ticket for one in found if one.starts_at is not None and one.told_at is None}
    if not asked:
        return found
    history = told_in(connection, region, set(asked.values()))
    if not history:
        return found
    tolerance = timedelta(minutes=read_settings(connection, region).policy.tolerance_min)
    stops = (
        PublishedStop(
            one.visit, one.shift, one.starts_at, role=one.role, piece=one.piece, partner=one.partner
        )
        for one in found
        if one.starts_at is not None and one.told_at is None
    )
    told = {
        (stop.visit, stop.role, stop.piece): stop.told_at
        for stop in as_told(stops, asked, history, tolerance=tolerance)
    }
    return [replace(one, told_at=told.get((one.visit, one.role, one.piece), one.told_at)) for one in found]
