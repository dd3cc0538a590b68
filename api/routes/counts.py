"""Counting blind, picking for the vans, and how likely a part is there in time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from api.asked import IdAsked, PosedAsked, strict
from api.auth.action import Action
from api.auth.door import Asked, Command, may, may_write
from api.schemas.counts import (
    AvailabilityOut,
    ChanceOut,
    ChanceRowOut,
    CountDueOut,
    CountedIn,
    PickLineOut,
    PickListsOut,
    ShortageOut,
    StockCountIn,
)
from api.schemas.moves import PostedOut
from api.schemas.orders import WhyOut
from api.settings import Settings
from api.shapes.listed import CSV, listed
from api.shapes.registers import RowsOut
from api.text import say
from api.usecases.staging import staged_on
from api.wire.body import StrictRoute
from api.wire.page import CursorAsked, LimitAsked
from api.wire.table import FileWanted, table
from api.wire.written import carried_out
from inventory.availability import availability
from inventory.catalogue.place import PlaceKind
from inventory.count_list import count_list
from inventory.stock.counting import CountedCell
from storage.idempotency import Reply
from storage.rows.region import load_region, load_stockroom
from storage.stock import commands
from storage.stock.only_place import only_place
from storage.stock.reached import check_places, places_reached
from storage.unit_of_work import UnitOfWork

router = APIRouter(prefix="/v1", tags=["stock"], dependencies=[Depends(strict)], route_class=StrictRoute)

Reads = Annotated[Asked, may(Action.STOCK_READ)]


@router.get("/counts/due", response_model=RowsOut[CountDueOut], responses=CSV)
def list_due(
    asked: Reads, file: FileWanted, place: IdAsked = "", limit: LimitAsked = 50, after: CursorAsked = ""
) -> Response | RowsOut[Any]:
    """What is due to be counted, most important first, without a word on how much there should be."""
    with asked.database.reading() as connection:
        reached = places_reached(connection, asked.region, asked.scope)
        stock = load_stockroom(connection, asked.region)
    rows = [
        CountDueOut(
            count_class=line.due.count_class,
            place=cell.place,
            part=cell.part,
            condition=cell.condition,
            lot=cell.lot,
            due_at=line.due.due_at,
        )
        for line in count_list(stock, now=asked.now, place=place)
        if line.due.place in reached
        for cell in line.cells
    ]
    return listed(asked.region, "counts_due", CountDueOut, rows, whole=file, limit=limit, after=after)


@router.post("/counts", status_code=201)
def write_count(
    command: Annotated[Command, may_write(Action.COUNT_WRITE)], body: StockCountIn, request: Request
) -> PostedOut:
    """Bring the ledger to what was counted; a difference that is worth it needs two counters, and somebody's word."""
    settings: Settings = request.app.state.settings
    if body.approve:
        command.principal.check(Action.APPROVE)
    counts, again = _cells(body.counts, command), _cells(body.again, command)

    def act(work: UnitOfWork) -> Reply:
        check_places(
            work.connection, work.region, command.scope, [one.place for one in (*body.counts, *body.again)]
        )
        return commands.count(
            work,
            body.document,
            counts,
            adjustment=only_place(work, PlaceKind.ADJUSTMENT, body.adjustment),
            approval_above=Decimal(settings.count_approval_above),
            approved_by=command.principal.user if body.approve else "",
            again=again,
            recount_above=Decimal(settings.count_recount_above),
        )

    return PostedOut(moves=carried_out(command.database, command.envelope, act)["moves"])


@router.get("/pick-lists", response_model=PickListsOut, responses=CSV)
def list_picks(
    asked: Reads,
    posed: PosedAsked,
    file: FileWanted,
    day: Annotated[
        date | None, Query(description="Like 2026-03-09; unsaid: the next day vans leave.")
    ] = None,
) -> Response | PickListsOut:
    """What to pick at which depot for whom before the vans leave as published, and what is missing."""
    going = posed.of(asked.database, asked.region, now=asked.now)
    with asked.database.reading() as connection:
        reached = places_reached(connection, asked.region, asked.scope)
    on, staged = staged_on(
        going.board, going.problem, going.plan, going.board.region.stock, day=day, now=going.board.now
    )
    lines = [
        PickLineOut(
            day=on,
            van=one.van,
            depot=one.depot,
            departs_at=one.departs_at,
            part=line.part,
            quantity=line.quantity,
            visits=" ".join(line.demands),
        )
        for one in staged.lists
        if {one.van, one.depot} & reached
        for line in one.lines
    ]
    if file:
        return table("pick_lists", PickLineOut, lines)
    shortages = [
        ShortageOut(
            van=one.van,
            depot=one.depot,
            part=one.part,
            quantity=one.quantity,
            at=one.at,
            visit=one.demand_ref,
        )
        for one in staged.shortages
        if {one.van, one.depot} & reached
    ]
    return PickListsOut(region=asked.region, day=on, lines=lines, shortages=shortages)


@router.get("/availability", response_model=RowsOut[AvailabilityOut], responses=CSV)
def list_availability(
    asked: Reads,
    file: FileWanted,
    part: IdAsked = "",
    place: IdAsked = "",
    hours: Annotated[
        str,
        Query(
            pattern=r"^\d{1,4}(\.\d{1,2})?(,\d{1,4}(\.\d{1,2})?){0,5}$",
            description="Windows of hours, parted by commas.",
        ),
    ] = "4,24",
    limit: LimitAsked = 50,
    after: CursorAsked = "",
) -> Response | RowsOut[Any]:
    """How likely each part is there in time, most critical and least likely first, with the calculation."""
    windows = [float(one) for one in hours.split(",")]
    with asked.database.reading() as connection:
        reached = places_reached(connection, asked.region, asked.scope)
        region = load_region(connection, asked.region)
    homes = {engineer.van: engineer.depot for engineer in region.field.engineers if engineer.van}
    rows = [
        AvailabilityOut(
            part=row.part,
            place=row.place,
            criticality=row.criticality,
            per_month=row.per_month,
            reorder_point=row.reorder_point,
            order_up_to=row.order_up_to,
            within=[
                ChanceOut(
                    hours=window,
                    chance=chance,
                    why=WhyOut(
                        code=why.message.code,
                        values=dict(why.message.params),
                        text=say(why.message, asked.lang),
                    ),
                )
                for window, chance, why in zip(windows, row.chances, row.why, strict=True)
            ],
        )
        for row in availability(
            region.stock, asked.now, hours=windows, homes=homes, zone_name=region.settings.zone
        )
        if part in {"", row.part} and place in {"", row.place} and row.place in reached
    ]
    if file:
        lines = [
            ChanceRowOut(**row.model_dump(exclude={"within"}), hours=one.hours, chance=one.chance)
            for row in rows
            for one in row.within
        ]
        return table("availability", ChanceRowOut, lines)
    return listed(asked.region, "availability", AvailabilityOut, rows, whole=False, limit=limit, after=after)


def _cells(rows: Sequence[CountedIn], command: Command) -> list[CountedCell]:
    return [
        CountedCell(
            one.part,
            one.place,
            one.condition,
            one.counted,
            one.at or command.envelope.now,
            one.by or command.principal.user,
            one.lot,
            None if one.serials is None else tuple(one.serials),
        )
        for one in rows
    ]
