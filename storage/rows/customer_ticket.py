"""What a customer is shown of his ticket beside the ticket itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from kernel.interval import Interval
from storage.rows.visits import visits_of_ticket
from storage.tables.desk import AppointmentRow
from storage.tables.paper import ReportRow


def contact_of(connection: Connection, region: str, ticket: str) -> str:
    """How to reach who reported it; empty: not said."""
    query = select(ReportRow.c.contact).where(
        ReportRow.c.region_id == region, ReportRow.c.report_id == ticket
    )
    return str(connection.execute(query).scalar() or "")


@dataclass(frozen=True, slots=True)
class ToldVisit:
    """A visit the customer was told.

    Args:
        visit: its id.
        starts_at: when it begins, as told.
        engineer: id of who comes; empty: an outside partner.
        window: what was agreed for the beginning; None: nothing but the start.
    """

    visit: str
    starts_at: datetime
    engineer: str
    window: Interval | None


def told_visits(connection: Connection, region: str, ticket: str) -> list[ToldVisit]:
    """The visits the customer was told, in order; planned ones nobody told him are not promised."""
    found = [
        one
        for one in visits_of_ticket(connection, region, ticket)
        if one.starts_at is not None and one.told_at is not None
    ]
    found.sort(key=lambda one: (one.starts_at, one.visit, one.role, one.piece))
    row = AppointmentRow.c
    agreed = select(row.visit_id, row.from_at, row.until_at).where(
        row.region_id == region, row.visit_id.in_({one.visit for one in found})
    )
    windows = [
        (name, Interval(start, end)) for name, start, end in connection.execute(agreed.order_by(row.from_at))
    ]
    return [
        ToldVisit(one.visit, one.starts_at, one.engineer, _window(windows, one.visit, one.starts_at))
        for one in found
        if one.starts_at is not None
    ]


def _window(windows: list[tuple[str, Interval]], visit: str, at: datetime) -> Interval | None:
    return next((window for name, window in windows if name == visit and at in window), None)
