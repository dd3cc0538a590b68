"""Taking a report: equipment found by what the caller has at hand, what is known while he tells it, when somebody could come."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from api.asked import PosedAsked, strict
from api.auth.action import Action
from api.auth.door import Asked, may
from api.schemas.taking import FoundListOut, TellingIn, TimesIn, TimesOut, ToldOut
from api.schemas.tickets import SaidIn
from api.shapes.taking import found_out, times_out, told_out
from api.shapes.trips import trip_of
from api.usecases.taking import times, told
from api.wire.body import StrictRoute
from dispatch.desk.intake import Report
from kernel.clock import zone
from storage.dataset import stock_tables
from storage.desk.intake import DRAFT
from storage.regional import zone_of
from storage.rows.equipment import equipment_found
from storage.rows.facts import pair_of, rows_in
from storage.tables.desk import SiteRow

router = APIRouter(
    prefix="/v1/intake", tags=["tickets"], dependencies=[Depends(strict)], route_class=StrictRoute
)

Customers = Annotated[Asked, may(Action.CUSTOMER_READ)]
TIMES = 4
"""Times shown."""


@router.get("/equipment")
def find_equipment(
    asked: Customers,
    text: Annotated[
        str,
        Query(
            max_length=200,
            description="What a scan says, an id, a serial, a telephone, a name of a place or customer.",
        ),
    ] = "",
    most: Annotated[int, Query(ge=1, le=50)] = 20,
) -> FoundListOut:
    """Find equipment by what the caller has at hand, the surest first."""
    mine = asked.scope.customers_where(region=SiteRow.c.region_id, customer=SiteRow.c.customer_id)
    with asked.database.reading() as connection:
        found = equipment_found(connection, asked.region, text, where=mine, most=most)
    return FoundListOut(region=asked.region, found=[found_out(one) for one in found])


@router.post("")
def look_at_report(asked: Customers, body: TellingIn) -> ToldOut:
    """Say what is known of a report so far and what is missing, what it would cost and promise, what is likely; keeps nothing."""
    report = _report(asked, body)
    with asked.database.reading() as connection:
        found = told(connection, asked.region, report, scope=asked.scope)
        wanted = [one.what for one in found.likely.parts]
        parts = pair_of(stock_tables.PARTS)
        named = rows_in(connection, parts, asked.region, parts.rows.c.part_id.in_(wanted)) if wanted else ()
        names = {row["part_id"]: row["name"] for row in named}
        here = zone(zone_of(connection, asked.region))
    return told_out(found, asked.lang, here=here, parts=names)


@router.post("/times")
def list_times(asked: Annotated[Asked, may(Action.PLAN_TRY)], posed: PosedAsked, body: TimesIn) -> TimesOut:
    """Say when somebody could come, were the report a ticket now; keeps nothing."""
    report = _report(asked, body)
    with asked.database.reading() as connection:
        found = told(connection, asked.region, report, scope=asked.scope)
    if found.ticket is None:
        missing = [one.asked.value for one in found.found.questions]
        return TimesOut(at=asked.now, missing=missing, times=[])
    going = posed.of(asked.database, asked.region, now=asked.now)
    return times_out(times(going, found.ticket, trip_of(body.trip), most=TIMES))


def _report(asked: Asked, said: SaidIn) -> Report:
    words = said.model_dump(include=set(SaidIn.model_fields) - {"channel"})
    return Report(DRAFT, asked.now, said.channel, asked.principal.user, **words)
