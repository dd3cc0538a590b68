"""What lies where."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from sqlalchemy import and_

from api.asked import AtAsked, strict
from api.auth.action import Action
from api.auth.door import Asked, may
from api.schemas.stock import StockOut, StockPageOut
from api.shapes.listed import CSV, FILE_PAGE
from api.wire.body import StrictRoute
from api.wire.bounds import ID_PATTERN
from api.wire.page import CursorAsked, LimitAsked, OneOf, SortTold, next_in, place_in
from api.wire.table import FileWanted, every, table
from inventory.stock.position import Position
from kernel.clock import moment
from storage.order import Place
from storage.stock.queries import STOCK_ORDERS, stock_page
from storage.tables.ledger import StandingRow

router = APIRouter(
    prefix="/v1/stock", tags=["stock"], dependencies=[Depends(strict)], route_class=StrictRoute
)


@router.get("", response_model=StockPageOut, responses=CSV)
def list_stock(
    asked: Annotated[Asked, may(Action.STOCK_READ)],
    file: FileWanted,
    place: Annotated[
        str, Query(pattern=r"^$|" + ID_PATTERN, max_length=64, description="Of one place only.")
    ] = "",
    part: Annotated[
        str, Query(pattern=r"^$|" + ID_PATTERN, max_length=64, description="Of one part only.")
    ] = "",
    at: AtAsked = "",
    sort: Annotated[str, OneOf(STOCK_ORDERS), SortTold] = "part",
    limit: LimitAsked = 50,
    after: CursorAsked = "",
) -> Response | StockPageOut:
    """Every part at every place that has or awaits any; `at` says which reservations have not run out."""
    now = moment(at) if at else asked.now
    mine = asked.scope.places_where(region=StandingRow.c.region_id, place=StandingRow.c.place_id)
    if part:
        mine = and_(mine, StandingRow.c.part_id == part)
    started = place_in(after, sort, STOCK_ORDERS)
    with asked.database.reading() as connection:

        def page(last: Place | None, most: int = FILE_PAGE) -> tuple[list[StockOut], Place | None]:
            found = stock_page(
                connection, asked.region, now=now, most=most, sort=sort, after=last, place=place, where=mine
            )
            return [stock_out(one) for one in found.rows], found.next_after

        if file:
            return table("stock", StockOut, every(page))
        rows, more = page(started, limit)
    return StockPageOut(region=asked.region, at=now, stock=rows, next=next_in(sort, more))


def stock_out(one: Position, /) -> StockOut:
    """One part at one place."""
    return StockOut(
        part=one.part,
        place=one.place,
        on_hand=one.on_hand,
        usable=one.usable,
        reserved=one.reserved,
        available=one.available,
        in_transit=one.in_transit,
    )
