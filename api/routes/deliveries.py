"""Parts brought straight to a visit: from where they can come, and one of these ways asked for."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response
from fastapi import Path as InPath

from api.asked import IdAsked, PosedAsked, strict
from api.auth.action import Action
from api.auth.door import Asked, Command, may, may_write
from api.schemas.deliveries import BringIn, BroughtOut, ToBringListOut, WaysOut
from api.shapes.bringing import to_bring_out, ways_out
from api.shapes.listed import CSV, registered
from api.shapes.registers import RowsOut, shape_of
from api.wire.body import StrictRoute
from api.wire.bounds import ID_PATTERN
from api.wire.page import CursorAsked, LimitAsked
from api.wire.table import FileWanted
from api.wire.written import carried_out
from dispatch.bringing import ways_to
from dispatch.deliveries import to_bring
from inventory.stock.sourcing import OfferKind, SupplyOffer
from kernel.clock import moment
from kernel.errors import Refusal
from kernel.money import from_cents
from storage.dataset import stock_tables
from storage.desk.deliveries import arrange
from storage.rows.register import alike
from storage.stock.reached import places_reached
from storage.tables.catalogue import SupplyOfferRow

router = APIRouter(prefix="/v1", tags=["plans"], dependencies=[Depends(strict)], route_class=StrictRoute)

VisitPath = Annotated[str, InPath(pattern=ID_PATTERN, description="Id of the visit.")]


@router.get("/deliveries", response_model=RowsOut[shape_of(stock_tables.SUPPLY_OFFERS)], responses=CSV)  # type: ignore[misc]
def list_deliveries(
    asked: Annotated[Asked, may(Action.STOCK_READ)],
    file: FileWanted,
    visit: IdAsked = "",
    source: IdAsked = "",
    limit: LimitAsked = 50,
    after: CursorAsked = "",
) -> Response | RowsOut[Any]:
    """Ways parts are brought straight to visits, all, a visit's, or from one place.

    Whose rights reach some places only sees what these give; what is bought is for those who see the whole region.
    """
    offers = stock_tables.SUPPLY_OFFERS
    wanted = alike(offers, visit_id=visit, source=source)
    if asked.scope.is_narrow:
        row = SupplyOfferRow.c
        mine = asked.scope.places_where(region=row.region_id, place=row.source)
        # A supplier may be called what a place of ours is called.
        wanted = [*wanted, row.kind != OfferKind.PURCHASE, mine]
    return registered(asked.database, asked.region, offers, wanted, whole=file, limit=limit, after=after)


@router.get("/deliveries/to-bring")
def list_to_bring(asked: Annotated[Asked, may(Action.STOCK_READ)], posed: PosedAsked) -> ToBringListOut:
    """What the published plan, or somebody, wants brought to visits: to be sent, to be ordered, on the way.

    Whose rights reach some places only sees what these give; what is bought is for those who see the whole region.
    """
    going = posed.of(asked.database, asked.region, now=asked.now)
    found = to_bring(going.board, going.plan)
    if asked.scope.is_narrow:
        with asked.database.reading() as connection:
            reached = places_reached(connection, asked.region, asked.scope)
        found = tuple(
            one
            for one in found
            # A supplier may be called what a place of ours is called.
            if one.offer.kind is not OfferKind.PURCHASE and one.offer.source in reached
        )
    return ToBringListOut(
        at=going.board.now,
        currency=going.board.region.settings.currency,
        rows=[to_bring_out(going, one, asked.lang) for one in found],
    )


@router.get("/visits/{visit:path}/sources")
def list_sources(
    visit: VisitPath,
    asked: Annotated[Asked, may(Action.PLAN_TRY)],
    posed: PosedAsked,
    part: Annotated[str, Query(pattern=ID_PATTERN, max_length=64)],
    quantity: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
    by: Annotated[
        str, Query(max_length=40, description="Leave out what is there later (ISO 8601); empty: nothing.")
    ] = "",
) -> WaysOut:
    """The ways a part can be brought to a visit now, the cheapest first: when it is there, what it costs, and why not otherwise."""
    going = posed.of(asked.database, asked.region, now=asked.now)
    found = ways_to(going.board, visit, part, quantity, by=moment(by) if by else None)
    return ways_out(going, found, asked.lang, visit=visit, part=part, quantity=quantity)


@router.post("/visits/{visit:path}/deliveries", status_code=201)
def write_delivery(
    command: Annotated[Command, may_write(Action.PLAN_PUBLISH)], visit: VisitPath, body: BringIn
) -> BroughtOut:
    """Ask for a part to be brought to a visit by transfer or courier; plans reckon with it from now on."""
    if body.kind is OfferKind.PURCHASE:
        raise Refusal("delivery.is_bought", part=body.part)
    price = from_cents(body.price_cents)
    wanted = SupplyOffer(
        "new", body.part, body.kind, body.place, visit, body.arrives_at, price, body.quantity
    )
    reply = carried_out(command.database, command.envelope, lambda work: arrange(work, wanted))
    return BroughtOut.model_validate(reply)
