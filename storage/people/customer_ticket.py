"""What a customer is shown of his ticket beside the ticket itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from kernel.interval import Interval
from storage.tables.crew import ShiftRow
from storage.tables.desk import AppointmentRow, PublishedStopRow, VisitRow
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
    stop, shift = PublishedStopRow.c, ShiftRow.c
    query = (
        select(stop.visit_id, stop.starts_at, shift.engineer_id)
        .outerjoin(ShiftRow, (shift.region_id == stop.region_id) & (shift.shift_id == stop.shift_id))
        .join(
            VisitRow,
            (VisitRow.c.region_id == PublishedStopRow.c.region_id)
            & (VisitRow.c.visit_id == PublishedStopRow.c.visit_id),
        )
        .where(
            VisitRow.c.region_id == region,
            VisitRow.c.ticket_id == ticket,
            PublishedStopRow.c.told_at.is_not(None),
        )
        .order_by(stop.starts_at, stop.visit_id, stop.role, stop.piece)
    )
    found = connection.execute(query).all()
    row = AppointmentRow.c
    agreed = select(row.visit_id, row.from_at, row.until_at).where(
        row.region_id == region, row.visit_id.in_({one.visit_id for one in found})
    )
    windows = [
        (name, Interval(start, end)) for name, start, end in connection.execute(agreed.order_by(row.from_at))
    ]
    return [
        ToldVisit(
            one.visit_id,
            one.starts_at,
            one.engineer_id or "",
            next(
                (window for name, window in windows if name == one.visit_id and one.starts_at in window), None
            ),
        )
        for one in found
    ]
