"""What a report resembles: earlier tickets of its equipment, and reports that wait and may mean it."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    String,
    bindparam,
    func,
    literal_column,
    select,
    union,
)

from dispatch.desk.customer import Asset
from dispatch.desk.duplicate import duplicates
from dispatch.desk.history import ClosedTicket
from dispatch.desk.intake import QR, Answer, Asked, Assessment, Report, known_of
from dispatch.desk.life import work_ended
from dispatch.desk.ticket import Ticket
from storage.dataset import desk_tables, paper_tables, ticket_tables
from storage.ready import Asked as Question
from storage.ready import Ready
from storage.rows.facts import IN_REGION, asked_in, values_among, values_in
from storage.rows.standing import Standing
from storage.rows.tickets import events_of
from storage.tables.desk import ClosedTicketRow, TicketRow
from storage.tables.paper import AnswerRow, ReportRow

TICKETS, CLOSED, REPORTS = "tickets", "closed", "reports"
"""What there may be about a piece of equipment."""


def resembled(
    connection: Connection, region: str, found: Assessment, report: Report, stands: Standing
) -> list[dict[str, Any]]:
    """Earlier tickets and waiting reports of the equipment that a report resembles, in plain JSON values."""
    if found.asset is None:
        return []
    asset = found.asset.id
    there = _there(connection, region, found.asset, but=report.id)
    if not any(there.values()):
        return []
    tickets: tuple[Ticket, ...] = ()
    if there[TICKETS]:
        tickets = values_in(connection, ticket_tables.TICKETS, region, asset_id=asset)
    events = events_of(connection, region, [one.id for one in tickets]) if tickets else {}
    open_ones = [one for one in tickets if one.id != report.id and not work_ended(events.get(one.id, ()))]
    closed: tuple[ClosedTicket, ...] = ()
    if there[CLOSED]:
        closed = values_in(connection, ticket_tables.CLOSED_TICKETS, region, asset_id=asset)
    # A report keeps its number as a ticket: mostly one of the same equipment.
    waiting = _waiting(connection, region, found.asset, there[REPORTS] - there[TICKETS] - there[CLOSED])
    if not (open_ones or closed or waiting):
        return []
    alike = duplicates(
        asset,
        report.symptom,
        report.at,
        open_ones,
        [one for one in closed if one.ticket != report.id],
        waiting=waiting,
        repeat_days=stands.practice.repeat_days,
    )
    return [
        {"ticket": one.ticket, "likeness": one.likeness, "at": one.at.isoformat(), "days": one.days}
        for one in alike
    ]


def asked_resembled(region: str, asset: Asset) -> list[Question]:
    """What `resembled` asks of a piece of equipment, and what its ticket names, to be foreseen (`storage.ready.foresee`)."""
    return [
        _asked_there(region, asset),
        asked_in(ticket_tables.TICKETS, region, asset_id=asset.id),
        asked_in(ticket_tables.CLOSED_TICKETS, region, asset_id=asset.id),
        asked_in(desk_tables.SITES, region, site_id=asset.site),
        asked_in(desk_tables.ASSETS, region, asset_id=asset.id),
    ]


def _there(connection: Connection, region: str, asset: Asset, *, but: str) -> dict[str, set[str]]:
    """Ids of what there is about a piece of equipment, by what it is: mostly nothing, and that is one statement."""
    found: dict[str, set[str]] = {TICKETS: set(), CLOSED: set(), REPORTS: set()}
    asked, values = _asked_there(region, asset)
    for kind, name in asked.rows(connection, values):
        if name != but:
            found[kind].add(name)
    return found


def _asked_there(region: str, asset: Asset) -> Question:
    serial = asset.serial.lower() or None
    return _meaning(), {IN_REGION: region, "asset": asset.id, "qr": QR + asset.id, "serial": serial}


def _waiting(connection: Connection, region: str, asset: Asset, named: set[str]) -> list[Report]:
    """Those of some reports that are no tickets yet and mean the equipment, with what was learnt since, in their order."""
    for opened in _opened():
        if named:
            named = named - set(
                connection.execute(opened, {IN_REGION: region, "ids": sorted(named)}).scalars()
            )
    if not named:
        return []
    answers: dict[str, list[Answer]] = {}
    for answer in values_among(connection, paper_tables.ANSWERS, region, "report_id", named):
        answers.setdefault(answer.report, []).append(answer)
    found = []
    one: Report
    for one in values_among(connection, paper_tables.REPORTS, region, "report_id", named):
        mine = answers.get(one.id, [])
        learnt = known_of(one, mine, max((answer.at for answer in mine), default=one.at))
        if learnt.asset in {"", asset.id}:
            found.append(learnt)
    return found


@cache
def _meaning() -> Ready:
    """Ids about a piece of equipment: its tickets, and reports that may mean it, each way by an index of its own."""
    told, asset = AnswerRow.c, bindparam("asset", type_=ReportRow.c.asset.type)
    unnamed, serial = ReportRow.c.asset == "", func.lower(func.trim(ReportRow.c.serial))
    ways = (
        ReportRow.c.asset == asset,
        unnamed & (ReportRow.c.qr == bindparam("qr")),
        unnamed & (serial == bindparam("serial", type_=ReportRow.c.serial.type)),
    )
    here = bindparam(IN_REGION, type_=ReportRow.c.region_id.type)

    def ids(kind: str, name: ColumnElement[str], *wanted: ColumnElement[bool]) -> Select[str, str]:
        return select(literal_column(f"'{kind}'", String).label("kind"), name).where(*wanted)

    ways_to_it = union(
        ids(TICKETS, TicketRow.c.ticket_id, TicketRow.c.region_id == here, TicketRow.c.asset_id == asset),
        ids(
            CLOSED,
            ClosedTicketRow.c.ticket_id,
            ClosedTicketRow.c.region_id == here,
            ClosedTicketRow.c.asset_id == asset,
        ),
        *(ids(REPORTS, ReportRow.c.report_id, ReportRow.c.region_id == here, way) for way in ways),
        ids(
            REPORTS,
            told.report_id,
            told.region_id == here,
            told.asked == Asked.ASSET,
            told.value == asset,
        ),
    )
    return Ready(ways_to_it)


@cache
def _opened() -> tuple[Select[Any], ...]:
    """Statements for those of some reports that are tickets, by their table."""
    return tuple(
        select(rows.c.ticket_id).where(
            rows.c.region_id == bindparam(IN_REGION),
            rows.c.ticket_id.in_(bindparam("ids", expanding=True)),
        )
        for rows in (TicketRow, ClosedTicketRow)
    )
