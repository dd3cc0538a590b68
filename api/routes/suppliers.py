"""Who sells parts, on which terms, and what each has shown."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response

from api.asked import IdAsked, NameAsked, strict
from api.auth.action import Action
from api.auth.door import Asked, may
from api.schemas.suppliers import ScorecardOut
from api.shapes.listed import CSV, listed, registered
from api.shapes.registers import RowsOut, shape_of
from api.wire.body import StrictRoute
from api.wire.page import CursorAsked, LimitAsked
from api.wire.table import FileWanted
from inventory.scores import scorecards
from kernel.clock import moment
from storage.dataset import supply_tables
from storage.rows.region import load_stockroom
from storage.rows.register import alike, naming

router = APIRouter(prefix="/v1", tags=["suppliers"], dependencies=[Depends(strict)], route_class=StrictRoute)

Reads = Annotated[Asked, may(Action.SUPPLIER_READ)]


@router.get("/suppliers", response_model=RowsOut[shape_of(supply_tables.SUPPLIERS)], responses=CSV)  # type: ignore[misc]
def list_suppliers(
    asked: Reads, file: FileWanted, name: NameAsked = "", limit: LimitAsked = 50, after: CursorAsked = ""
) -> Response | RowsOut[Any]:
    """Who sells parts, with the lead time each promises."""
    suppliers = supply_tables.SUPPLIERS
    wanted = naming(suppliers, name, "name", "supplier_id")
    return registered(asked.database, asked.region, suppliers, wanted, whole=file, limit=limit, after=after)


@router.get("/supplier-terms", response_model=RowsOut[shape_of(supply_tables.SUPPLIER_TERMS)], responses=CSV)  # type: ignore[misc]
def list_terms(
    asked: Reads,
    file: FileWanted,
    supplier: IdAsked = "",
    part: IdAsked = "",
    limit: LimitAsked = 50,
    after: CursorAsked = "",
) -> Response | RowsOut[Any]:
    """Prices, minimum and multiple, by supplier and part."""
    terms = supply_tables.SUPPLIER_TERMS
    wanted = alike(terms, supplier_id=supplier, part_id=part)
    return registered(asked.database, asked.region, terms, wanted, whole=file, limit=limit, after=after)


@router.get("/scorecards", response_model=RowsOut[ScorecardOut], responses=CSV)
def list_scorecards(
    asked: Reads,
    file: FileWanted,
    part: IdAsked = "",
    since: Annotated[
        str, Query(max_length=40, description="Deliveries from this moment on (ISO 8601); empty: all.")
    ] = "",
    limit: LimitAsked = 50,
    after: CursorAsked = "",
) -> Response | RowsOut[Any]:
    """Every supplier's scorecard: bad units a million, deliveries in time, lead time as it was."""
    with asked.database.reading() as connection:
        stock = load_stockroom(connection, asked.region)
    promised = {row.id: row.lead_time_days for row in stock.suppliers}
    rows = [
        ScorecardOut(
            supplier=card.supplier,
            at=asked.now,
            deliveries=card.deliveries,
            units=card.units,
            bad=card.bad,
            bad_per_million=card.bad_per_million,
            promised=card.promised,
            in_time=card.in_time,
            on_time=card.on_time,
            lead_time_days=card.lead_time_days,
            lead_time_sd_days=card.lead_time_sd_days,
            lead_time_promised_days=promised[card.supplier],
        )
        for card in scorecards(stock, asked.now, since=moment(since) if since else None, part=part)
    ]
    return listed(asked.region, "scorecards", ScorecardOut, rows, whole=file, limit=limit, after=after)
