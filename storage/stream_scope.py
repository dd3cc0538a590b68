"""Which events of the live stream somebody may hear of whose rights reach a part of a region only.

An event names what was done and the id of what it was done to. It is told where that id is one the caller could read over
its own route: a ticket of his, a visit of such a ticket, an engineer, a shift, a place, a document that moved goods there.
What cannot be traced to one of these is told nobody of a narrow scope.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, or_, select

from dispatch.desk.visit import part_of_trip
from storage.scope import Scope
from storage.stream import StreamEvent
from storage.tables.catalogue import PlaceRow
from storage.tables.crew import AbsenceRow, EngineerRow, OnCallRow, ShiftRow
from storage.tables.desk import AssetRow, ContractRow, CustomerRow, SiteRow, TicketRow, VisitRow
from storage.tables.ledger import MoveRow

AT_ONCE = 400
"""Ids in one statement."""


def reached_events(
    connection: Connection, region: str, scope: Scope, events: Sequence[StreamEvent]
) -> tuple[StreamEvent, ...]:
    """Those of some events of a region that a scope reaches, in their order."""
    if not scope.is_narrow:
        return tuple(events)
    reached: dict[str, set[str]] = {}
    for kind in {_kind(one) for one in events} - {""}:
        names = sorted({_name(one) for one in events if _kind(one) == kind})
        reached[kind] = {
            found
            for start in range(0, len(names), AT_ONCE)
            for found in _reached(connection, region, scope, kind, names[start : start + AT_ONCE])
        }
    return tuple(one for one in events if _name(one) in reached.get(_kind(one), ()))


_KINDS = {
    "ticket": "ticket",
    "visit": "visit",
    "plan.stop": "visit",
    "plan.stop_gone": "visit",
    "crew": "crew",
    "position": "crew",
    "stock": "stock",
    "desk.customer": "customer",
    "desk.site": "customer",
    "desk.asset": "customer",
    "desk.contract": "customer",
    "desk.wishes": "customer",
    "desk": "ticket",
}


def _kind(event: StreamEvent) -> str:
    """What the id of an event is one of; empty: nothing that can be traced."""
    return _KINDS.get(event.action) or _KINDS.get(event.action.partition(".")[0], "")


def _name(event: StreamEvent) -> str:
    # A stop of a visit is named by its visit, then its role and piece.
    return part_of_trip(event.about)[0] if event.action.startswith("plan.stop") else event.about


def _reached(
    connection: Connection, region: str, scope: Scope, kind: str, names: Collection[str]
) -> Iterator[str]:
    tickets = select(TicketRow.c.ticket_id).where(
        TicketRow.c.region_id == region,
        scope.tickets_where(
            region=TicketRow.c.region_id, ticket=TicketRow.c.ticket_id, site=TicketRow.c.site_id
        ),
    )
    if kind == "ticket":
        # Depots narrow no tickets: who reaches a depot is told of none.
        if not scope.depots:
            yield from _ids(
                connection,
                region,
                TicketRow,
                TicketRow.c.ticket_id,
                names,
                TicketRow.c.ticket_id.in_(tickets),
            )
    elif kind == "visit":
        if not scope.depots:
            yield from _ids(
                connection, region, VisitRow, VisitRow.c.visit_id, names, VisitRow.c.ticket_id.in_(tickets)
            )
    elif kind == "crew":
        for rows, column in (
            (EngineerRow, EngineerRow.c.engineer_id),
            (ShiftRow, ShiftRow.c.shift_id),
            (OnCallRow, OnCallRow.c.duty_id),
            (AbsenceRow, AbsenceRow.c.absence_id),
        ):
            mine = scope.engineers_where(region=rows.c.region_id, engineer=rows.c.engineer_id)
            yield from _ids(connection, region, rows, column, names, mine)
    elif kind == "customer":
        yield from _of_customers(connection, region, scope, names)
    else:
        yield from _of_stock(connection, region, scope, names)


def _of_customers(connection: Connection, region: str, scope: Scope, names: Collection[str]) -> Iterator[str]:
    if not scope.customers:
        return
    sites = select(SiteRow.c.site_id).where(
        SiteRow.c.region_id == region,
        scope.customers_where(region=SiteRow.c.region_id, customer=SiteRow.c.customer_id),
    )
    for rows, column in (
        (CustomerRow, CustomerRow.c.customer_id),
        (SiteRow, SiteRow.c.site_id),
        (ContractRow, ContractRow.c.contract_id),
    ):
        mine = scope.customers_where(region=rows.c.region_id, customer=rows.c.customer_id)
        yield from _ids(connection, region, rows, column, names, mine)
    yield from _ids(connection, region, AssetRow, AssetRow.c.asset_id, names, AssetRow.c.site_id.in_(sites))


def _of_stock(connection: Connection, region: str, scope: Scope, names: Collection[str]) -> Iterator[str]:
    places = select(PlaceRow.c.place_id).where(
        PlaceRow.c.region_id == region,
        scope.places_where(region=PlaceRow.c.region_id, place=PlaceRow.c.place_id),
    )
    mine = or_(MoveRow.c.from_place_id.in_(places), MoveRow.c.to_place_id.in_(places))
    for column in (MoveRow.c.id, MoveRow.c.source_document):
        yield from _ids(connection, region, MoveRow, column, names, mine)


def _ids(
    connection: Connection,
    region: str,
    rows: Any,
    column: ColumnElement[str],
    names: Collection[str],
    mine: ColumnElement[bool],
) -> Iterator[str]:
    query = select(column).where(rows.c.region_id == region, column.in_(names), mine).distinct()
    yield from connection.execute(query).scalars()
