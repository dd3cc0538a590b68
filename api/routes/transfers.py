"""Promises and transfers: units kept for a demand, goods sent to another place of ours and received as counted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response
from fastapi import Path as InPath

from api.asked import IdAsked, strict
from api.auth.action import Action
from api.auth.door import Asked, Command, may, may_write
from api.schemas.moves import (
    GoodsIn,
    OnTheRoadOut,
    PostedOut,
    ReceiptIn,
    ReleasedOut,
    ReservationIn,
    ReservationOut,
    ReservedOut,
    TransferIn,
)
from api.shapes.listed import CSV, listed
from api.shapes.registers import RowsOut
from api.shapes.scans import scans_of
from api.wire.body import StrictRoute
from api.wire.page import CursorAsked, LimitAsked, cursor, uncursor
from api.wire.table import FileWanted, every, table
from api.wire.written import carried_out
from inventory.catalogue.place import PlaceKind
from inventory.replenish.assessment import ReviewSettings
from inventory.stock.reservation import Reservation
from inventory.stock.transfer import Courier, Goods, is_late
from kernel.errors import Refusal
from storage.idempotency import Reply
from storage.stock import commands, promises
from storage.stock.listing import on_the_road, reservation_page, seat_of
from storage.stock.only_place import only_place
from storage.stock.reached import check_places
from storage.stock.scanning import goods_scanned
from storage.tables.reservation import ReservationRow
from storage.unit_of_work import UnitOfWork

router = APIRouter(prefix="/v1", tags=["stock"], dependencies=[Depends(strict)], route_class=StrictRoute)

Reads = Annotated[Asked, may(Action.STOCK_READ)]
Writes = Annotated[Command, may_write(Action.STOCK_WRITE)]
Reserves = Annotated[Command, may_write(Action.STOCK_RESERVE, within=True)]
ReservationPath = Annotated[
    str, InPath(pattern=r"^[\x21-\x7e]{1,100}$", description="Id of the reservation.")
]
FILE_PAGE = 2_000


@router.get("/reservations", response_model=RowsOut[ReservationOut], responses=CSV)
def list_reservations(
    asked: Reads,
    file: FileWanted,
    part: IdAsked = "",
    place: IdAsked = "",
    demand: Annotated[str, Query(max_length=80)] = "",
    limit: LimitAsked = 50,
    after: CursorAsked = "",
) -> Response | RowsOut[Any]:
    """What is kept for whom now, by id."""
    row = ReservationRow.c
    asked_for = (
        (part, row.part_id == part),
        (place, row.place_id == place),
        (demand, row.demand_ref == demand),
    )
    wanted = [condition for value, condition in asked_for if value]
    started = uncursor(after, parts=1)
    with asked.database.reading() as connection:

        def page(last: str | None, most: int) -> tuple[list[ReservationOut], str | None]:
            found, more = reservation_page(
                connection,
                asked.region,
                *wanted,
                scope=asked.scope,
                now=asked.now,
                most=most,
                after=last or "",
            )
            return [_kept_out(one) for one in found], more

        if file:
            return table("reservations", ReservationOut, every(lambda last: page(last, FILE_PAGE)))
        rows, last = page(started[0] if started else None, limit)
    return RowsOut[Any](region=asked.region, rows=rows, next=cursor(last) if last is not None else None)


@router.post("/reservations", status_code=201)
def reserve(command: Reserves, body: ReservationIn) -> ReservedOut:
    """Keep units for a demand; refused where so many are not free."""
    request = Reservation(
        body.part,
        body.place,
        body.quantity,
        body.demand,
        body.reservation,
        body.expires_at,
        body.lot,
        body.serial,
    )

    def act(work: UnitOfWork) -> Reply:
        check_places(work.connection, work.region, command.scope, (body.place,))
        return promises.reserve(work, request, customer=body.customer)

    return ReservedOut.model_validate(carried_out(command.database, command.envelope, act))


@router.post("/reservations/{reservation:path}/release")
def release(command: Reserves, reservation: ReservationPath) -> ReleasedOut:
    """Give a reservation up; its units are free again."""

    def act(work: UnitOfWork) -> Reply:
        narrow = command.scope.is_narrow  # who reaches all of it is told by the command itself
        if narrow and seat_of(work.connection, work.region, reservation, scope=command.scope) is None:
            raise Refusal("stock.reservation_unknown", reservation=reservation[:80])
        return promises.release(work, reservation)

    return ReleasedOut.model_validate(carried_out(command.database, command.envelope, act))


@router.get("/transfers", response_model=RowsOut[OnTheRoadOut], responses=CSV)
def list_transfers(
    asked: Reads,
    file: FileWanted,
    document: Annotated[str, Query(max_length=80)] = "",
    to_place: IdAsked = "",
    limit: LimitAsked = 50,
    after: CursorAsked = "",
) -> Response | RowsOut[Any]:
    """What was sent to another place of ours and has not been received, by document."""
    with asked.database.reading() as connection:
        found = on_the_road(connection, asked.region, scope=asked.scope, document=document, to_place=to_place)
    rows = [
        OnTheRoadOut(
            document=one.document,
            to_place=one.to_place,
            part=one.part,
            condition=one.condition,
            lot=one.lot,
            serial=one.serial,
            quantity=one.quantity,
            since=one.since,
            carrier=one.courier.carrier if one.courier else "",
            tracking=one.courier.tracking if one.courier else "",
            late=is_late(one.since, now=asked.now, days=ReviewSettings().transfer_days),
        )
        for one in found
    ]
    return listed(asked.region, "transfers", OnTheRoadOut, rows, whole=file, limit=limit, after=after)


@router.post("/transfers", status_code=201)
def send(command: Writes, body: TransferIn) -> PostedOut:
    """Send goods to another place of ours; they are on the road until received there."""
    goods = _goods(body.goods)
    scans = scans_of(body.scans, by=command.envelope.actor, listed=bool(goods))
    courier = Courier(body.carrier, body.tracking) if body.carrier or body.tracking else None

    def act(work: UnitOfWork) -> Reply:
        # Where they go may be anybody's: it is received there, by whoever reaches it.
        check_places(work.connection, work.region, command.scope, (body.from_place,))
        return commands.send(
            work,
            body.document,
            goods_scanned(work, scans) if scans else goods,
            from_place=body.from_place,
            to_place=body.to_place,
            transit=only_place(work, PlaceKind.IN_TRANSIT, body.transit),
            customer=body.customer,
            courier=courier,
        )

    return PostedOut.model_validate(carried_out(command.database, command.envelope, act))


@router.post("/transfer-receipts", status_code=201)
def receive(command: Writes, body: ReceiptIn) -> PostedOut:
    """Receive a transfer as counted at the door; what is short or over becomes an adjustment."""
    counted = _goods(body.goods or ())
    # An empty list is an answer too: all of it was missing. Saying nothing is none.
    scans = scans_of(body.scans, by=command.envelope.actor, listed=body.goods is not None)

    def act(work: UnitOfWork) -> Reply:
        check_places(work.connection, work.region, command.scope, (body.to_place,))
        return commands.receive_transfer(
            work,
            body.document,
            goods_scanned(work, scans) if scans else counted,
            to_place=body.to_place,
            transit=only_place(work, PlaceKind.IN_TRANSIT, body.transit),
            adjustment=only_place(work, PlaceKind.ADJUSTMENT, body.adjustment),
            more_follows=body.more_follows,
        )

    return PostedOut(moves=carried_out(command.database, command.envelope, act)["moves"])


def _goods(lines: Sequence[GoodsIn]) -> dict[Goods, int]:
    """Goods that are alike stand in one line: two of the same are a slip of the pen, not a sum."""
    found: dict[Goods, int] = {}
    for one in lines:
        what = Goods(one.part, one.condition, one.lot, one.serial)
        if what in found:
            raise Refusal("stock.duplicate", id=" / ".join(word for word in what if word))
        found[what] = one.quantity
    return found


def _kept_out(one: Reservation) -> ReservationOut:
    return ReservationOut(
        reservation=one.id,
        part=one.part,
        place=one.place,
        quantity=one.quantity,
        left=one.left,
        demand=one.demand_ref,
        expires_at=one.expires_at,
        lot=one.lot,
        serial=one.serial,
    )
