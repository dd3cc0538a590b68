"""The ledger: what moved, what is moved, picked, exchanged, found in another condition, taken back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response
from fastapi import Path as InPath
from sqlalchemy import or_

from api.asked import IdAsked, strict
from api.auth.action import Action
from api.auth.called import names_of
from api.auth.door import Asked, Command, may, may_write
from api.schemas.moves import (
    ChangedIn,
    ExchangeIn,
    IssueIn,
    LotsPickedOut,
    MoveOut,
    PickIn,
    PostedOut,
    ReversalIn,
)
from api.shapes.listed import CSV, number_in
from api.shapes.registers import RowsOut
from api.wire.body import StrictRoute
from api.wire.page import CursorAsked, LimitAsked, cursor
from api.wire.table import FileWanted, every, table
from api.wire.written import carried_out
from inventory.catalogue.place import PlaceKind
from inventory.stock.document import Line
from inventory.stock.move import Move
from storage.idempotency import Reply
from storage.stock import commands, units
from storage.stock.judged import Taking
from storage.stock.listing import move_ends, move_page
from storage.stock.only_place import only_place
from storage.stock.reached import check_places
from storage.tables.ledger import MoveRow
from storage.unit_of_work import UnitOfWork

router = APIRouter(prefix="/v1", tags=["stock"], dependencies=[Depends(strict)], route_class=StrictRoute)

Writes = Annotated[Command, may_write(Action.STOCK_WRITE, within=True)]
MovePath = Annotated[str, InPath(pattern=r"^[\x21-\x7e]{1,100}$", description="Id of the move.")]
FILE_PAGE = 2_000


@router.get("/moves", response_model=RowsOut[MoveOut], responses=CSV)
def list_moves(
    asked: Annotated[Asked, may(Action.STOCK_READ)],
    file: FileWanted,
    part: IdAsked = "",
    place: Annotated[IdAsked, Query(description="From it or to it.")] = "",
    document: Annotated[str, Query(max_length=80)] = "",
    limit: LimitAsked = 50,
    after: CursorAsked = "",
) -> Response | RowsOut[Any]:
    """Moves, the newest first."""
    row = MoveRow.c
    wanted = [
        condition
        for value, condition in (
            (part, row.part_id == part),
            (place, or_(row.from_place_id == place, row.to_place_id == place)),
            (document, row.source_document == document),
        )
        if value
    ]
    start = number_in(after)
    with asked.database.reading() as connection:

        def page(before: int | None, most: int) -> tuple[list[MoveOut], int | None]:
            found, last = move_page(
                connection, asked.region, *wanted, scope=asked.scope, most=most, before=before
            )
            names = names_of(asked, connection, (move.by for _, move in found))
            return [_out(seq, move, names) for seq, move in found], last

        if file:
            return table("moves", MoveOut, every(lambda before: page(before, FILE_PAGE)))
        rows, last = page(start or None, limit)
    return RowsOut[Any](region=asked.region, rows=rows, next=cursor(str(last)) if last is not None else None)


@router.post("/moves", status_code=201)
def issue(command: Writes, body: IssueIn) -> PostedOut:
    """Hand goods out, or put them anywhere else, by the lines of a document, all or none."""
    takings = [
        Taking(
            Line(
                one.part,
                one.quantity,
                one.from_place,
                one.to_place,
                one.condition,
                lot=one.lot,
                serial=one.serial,
                reason=one.reason,
            ),
            one.reservation,
            one.customer,
        )
        for one in body.lines
    ]

    def act(work: UnitOfWork) -> Reply:
        _reached(work, command, (at for one in body.lines for at in (one.from_place, one.to_place)))
        return commands.issue(work, body.document, takings)

    return PostedOut.model_validate(carried_out(command.database, command.envelope, act))


@router.post("/moves/{move:path}/reversal", status_code=201)
def take_back(command: Writes, move: MovePath, body: ReversalIn) -> PostedOut:
    """Take a move back by its mirror image; the ledger keeps both."""

    def act(work: UnitOfWork) -> Reply:
        _reached(work, command, move_ends(work.connection, work.region, move))
        return commands.cancel(work, move, reason=body.reason)

    return PostedOut.model_validate(carried_out(command.database, command.envelope, act))


@router.post("/picks", status_code=201)
def pick(command: Writes, body: PickIn) -> LotsPickedOut:
    """Hand out units from the lots that run out first, and say which."""

    def act(work: UnitOfWork) -> Reply:
        _reached(work, command, (body.from_place, body.to_place))
        return units.pick(
            work,
            body.document,
            Line(body.part, body.quantity, body.from_place, body.to_place),
            reservation=body.reservation,
            customer=body.customer,
            originals_only=body.originals_only,
        )

    reply = carried_out(command.database, command.envelope, act)
    return LotsPickedOut(moves=reply["moves"], lots=[(lot, quantity) for lot, quantity in reply["lots"]])


@router.post("/exchanges", status_code=201)
def exchange(command: Writes, body: ExchangeIn) -> PostedOut:
    """Install a good unit and take the defective one back, together or not at all."""

    def act(work: UnitOfWork) -> Reply:
        _reached(work, command, (body.from_place, body.customer_place, body.returns))
        return units.exchange(
            work,
            body.document,
            good=units.Named(body.good.part, body.good.serial, body.good.lot),
            bad=units.Named(body.bad.part, body.bad.serial, body.bad.lot),
            shelf=body.from_place,
            customer_place=only_place(work, PlaceKind.CUSTOMER, body.customer_place),
            returns=body.returns,
            reservation=body.reservation,
            customer=body.customer,
        )

    return PostedOut.model_validate(carried_out(command.database, command.envelope, act))


@router.post("/condition-changes", status_code=201)
def change_condition(command: Writes, body: ChangedIn) -> PostedOut:
    """Say that goods are in another condition than was thought; promises do not stop a fact."""

    def act(work: UnitOfWork) -> Reply:
        _reached(work, command, (body.place, body.put))
        adjustment = only_place(work, PlaceKind.ADJUSTMENT, body.adjustment)
        line = Line(
            body.part, body.quantity, body.place, adjustment, body.was, lot=body.lot, serial=body.serial
        )
        return units.change_condition(
            work, body.document, line, body.found, adjustment=adjustment, to_place=body.put
        )

    return PostedOut.model_validate(carried_out(command.database, command.envelope, act))


def _reached(work: UnitOfWork, command: Command, places: Iterable[str]) -> None:
    check_places(work.connection, work.region, command.scope, places)


def _out(seq: int, move: Move, names: Mapping[str, str]) -> MoveOut:
    return MoveOut(
        seq=seq,
        move=move.id,
        at=move.at,
        part=move.part,
        quantity=move.quantity,
        from_place=move.from_place,
        to_place=move.to_place,
        condition=move.condition,
        lot=move.lot,
        serial=move.serial,
        bound_for=move.bound_for,
        reason=move.reason,
        by=move.by,
        by_name=names.get(move.by, ""),
        document=move.source_document,
        reverses=move.reverses,
    )
