"""What lies where."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from api.asked import (
    ID_PATTERN,
    AtAsked,
    ClockAsked,
    CursorAsked,
    DatabaseAsked,
    LimitAsked,
    RegionAsked,
    at_or_now,
    cursor,
    strict,
    uncursor,
)
from api.schemas import StockOut, StockPageOut
from storage.rows.region import only_region
from storage.stock.queries import stock_page

router = APIRouter(prefix="/v1/stock", tags=["stock"], dependencies=[Depends(strict)])


@router.get("")
def list_stock(
    database: DatabaseAsked,
    clock: ClockAsked,
    region: RegionAsked = "",
    place: Annotated[
        str, Query(pattern=r"^$|" + ID_PATTERN, max_length=64, description="Of one place only.")
    ] = "",
    at: AtAsked = "",
    limit: LimitAsked = 50,
    after: CursorAsked = "",
) -> StockPageOut:
    """Every part at every place that has or awaits any; `at` says which reservations have not run out."""
    now = at_or_now(at, clock)
    started = uncursor(after, parts=2)
    with database.reading() as connection:
        which = only_region(connection, region)
        last = (started[0], started[1]) if started else None
        page = stock_page(connection, which, now=now, most=limit, after=last, place=place)
    return StockPageOut(
        region=which,
        at=now,
        stock=[
            StockOut(
                part=one.part,
                place=one.place,
                on_hand=one.on_hand,
                usable=one.usable,
                reserved=one.reserved,
                available=one.available,
                in_transit=one.in_transit,
            )
            for one in page.rows
        ],
        next=cursor(*page.next_after) if page.next_after else None,
    )
