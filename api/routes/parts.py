"""What parts there are, what may stand in for them, the places they lie at, the lots they come from."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response
from fastapi import Path as InPath

from api.asked import IdAsked, NameAsked, strict
from api.auth.action import Action
from api.auth.door import Asked, Command, may, may_write
from api.routes.stock import stock_out
from api.schemas.parts import AlternateOut, LotIn, LotWrittenOut, PartOut, PromisesOut, PromiseStepOut
from api.shapes.listed import CSV, registered
from api.shapes.registers import RowsOut, shape_of
from api.wire.body import StrictRoute
from api.wire.bounds import ID_PATTERN
from api.wire.page import CursorAsked, LimitAsked, OneOf, SortTold
from api.wire.table import FileWanted
from api.wire.version import tag
from api.wire.written import carried_out
from inventory.catalogue.part import Alternate, PartKind
from inventory.catalogue.place import PlaceKind
from inventory.stock.lot import Lot
from kernel.errors import Refusal
from kernel.money import cents
from storage.dataset import stock_tables, supply_tables
from storage.desk.registers import row_of, version_of
from storage.rows.facts import pair_of, rows_in
from storage.rows.head import read_settings
from storage.rows.register import PART_ORDERS, WRITTEN, alike, naming
from storage.stock.asking import promisable
from storage.stock.lots import describe
from storage.stock.queries import catalogued, stock_page
from storage.stock.reached import check_places, places_shown
from storage.tables.ledger import StandingRow

router = APIRouter(prefix="/v1", tags=["parts"], dependencies=[Depends(strict)], route_class=StrictRoute)

Reads = Annotated[Asked, may(Action.PART_READ)]
PartPath = Annotated[str, InPath(pattern=ID_PATTERN, description="Number of the part.")]
PLACES_MOST = 1_000
"""Places a part is shown at."""


@router.get("/parts", response_model=RowsOut[shape_of(stock_tables.PARTS)], responses=CSV)  # type: ignore[misc]
def list_parts(
    asked: Reads,
    file: FileWanted,
    name: NameAsked = "",
    kind: Annotated[PartKind | None, Query()] = None,
    sort: Annotated[str, OneOf(PART_ORDERS), SortTold] = WRITTEN,
    limit: LimitAsked = 50,
    after: CursorAsked = "",
) -> Response | RowsOut[Any]:
    """The catalogue of parts."""
    parts = stock_tables.PARTS
    wanted = [*alike(parts, kind=kind or ""), *naming(parts, name, "name", "part_id")]
    return registered(
        asked.database,
        asked.region,
        parts,
        wanted,
        whole=file,
        limit=limit,
        after=after,
        orders=PART_ORDERS,
        sort=sort,
    )


@router.get("/alternates", response_model=RowsOut[shape_of(stock_tables.ALTERNATES)], responses=CSV)  # type: ignore[misc]
def list_alternates(
    asked: Reads, file: FileWanted, part: IdAsked = "", limit: LimitAsked = 50, after: CursorAsked = ""
) -> Response | RowsOut[Any]:
    """Parts that may stand in for others, all or a part's."""
    alternates = stock_tables.ALTERNATES
    wanted = alike(alternates, part_id=part)
    return registered(asked.database, asked.region, alternates, wanted, whole=file, limit=limit, after=after)


@router.get("/places", response_model=RowsOut[shape_of(stock_tables.PLACES)], responses=CSV)  # type: ignore[misc]
def list_places(
    asked: Reads,
    file: FileWanted,
    kind: Annotated[PlaceKind | None, Query()] = None,
    limit: LimitAsked = 50,
    after: CursorAsked = "",
) -> Response | RowsOut[Any]:
    """Places of the ledger: shelves, vans, and those that stand for suppliers, customers, the road."""
    places = stock_tables.PLACES
    wanted = [*alike(places, kind=kind or ""), places_shown(asked.scope)]
    return registered(asked.database, asked.region, places, wanted, whole=file, limit=limit, after=after)


@router.get("/lots", response_model=RowsOut[shape_of(supply_tables.LOTS)], responses=CSV)  # type: ignore[misc]
def list_lots(
    asked: Annotated[Asked, may(Action.STOCK_READ)],
    file: FileWanted,
    part: IdAsked = "",
    limit: LimitAsked = 50,
    after: CursorAsked = "",
) -> Response | RowsOut[Any]:
    """Lots that are described, all or a part's."""
    lots = supply_tables.LOTS
    wanted = alike(lots, part_id=part)
    return registered(asked.database, asked.region, lots, wanted, whole=file, limit=limit, after=after)


@router.post("/lots", status_code=201)
def write_lot(command: Annotated[Command, may_write(Action.STOCK_WRITE)], body: LotIn) -> LotWrittenOut:
    """Write down a lot before its goods move; what is known of it stays as it is."""
    lot = Lot(
        body.lot,
        body.part,
        body.supplier,
        body.receipt_document,
        original=body.original,
        expires_on=body.expires_on,
    )
    reply = carried_out(command.database, command.envelope, lambda work: describe(work, lot))
    return LotWrittenOut.model_validate(reply)


@router.get("/parts/{part:path}/promise")
def show_promise(
    part: PartPath,
    asked: Annotated[Asked, may(Action.STOCK_READ)],
    place: Annotated[str, Query(pattern=ID_PATTERN, max_length=64)],
) -> PromisesOut:
    """How many units can be promised at a place from which moment on, without breaking a promise made."""
    with asked.database.reading() as connection:
        check_places(connection, asked.region, asked.scope, (place,))
        steps = promisable(connection, asked.region, part, place, now=asked.now)
    return PromisesOut(
        part=part, place=place, steps=[PromiseStepOut(at=one.at, quantity=one.quantity) for one in steps]
    )


@router.get("/parts/{part:path}")
def show_part(part: PartPath, asked: Reads, response: Response) -> PartOut:
    """A part, what may stand in for it, and where it lies; the ETag is the version a write of its row can be held to."""
    mine = asked.scope.places_where(region=StandingRow.c.region_id, place=StandingRow.c.place_id)
    here = StandingRow.c.part_id == part
    with asked.database.reading() as connection:
        found = catalogued(connection, asked.region, (part,)).get(part)
        row = row_of(connection, asked.region, stock_tables.PARTS, part)
        if found is None or row is None:
            raise Refusal("stock.unknown_part", part=part)
        page = stock_page(connection, asked.region, now=asked.now, most=PLACES_MOST, where=mine & here)
        pair = pair_of(stock_tables.ALTERNATES)
        about = (pair.rows.c.part_id == part) | (pair.rows.c.alternate_id == part)
        rows = rows_in(connection, pair, asked.region, about)
        alternates: list[Alternate] = [pair.file.make(row) for row in rows]
        currency = read_settings(connection, asked.region).currency
    response.headers["ETag"] = tag(version_of(stock_tables.PARTS, row))
    return PartOut(
        part=found.id,
        name=found.name,
        kind=found.kind,
        price_cents=cents(found.price),
        currency=currency,
        criticality=found.criticality,
        tracking=found.tracking,
        served_until=found.served_until,
        alternates=[
            AlternateOut(part=one.part, alternate=one.alternate, kind=one.kind) for one in alternates
        ],
        at=asked.now,
        stock=[stock_out(one) for one in page.rows],
    )
