"""What lies in excess, and what nobody sells any more."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response

from api.asked import IdAsked, ReviewsAsked, strict
from api.auth.action import Action
from api.auth.door import Asked, Command, may, may_write
from api.schemas.remnants import EndIn, EndingOut, EndSaidOut, ExcessOut
from api.shapes.listed import CSV, listed
from api.shapes.registers import RowsOut
from api.usecases import remnants
from api.usecases.reviews import Reviews
from api.wire.body import StrictRoute
from api.wire.page import CursorAsked, LimitAsked
from api.wire.table import FileWanted
from api.wire.written import carried_out
from kernel.money import cents
from storage.audit import revision
from storage.idempotency import Reply
from storage.rows.region import load_region
from storage.stock import ends
from storage.stock.reached import places_reached
from storage.unit_of_work import UnitOfWork

router = APIRouter(
    prefix="/v1/stock", tags=["stock"], dependencies=[Depends(strict)], route_class=StrictRoute
)


def _found(asked: Asked, reviews: Reviews) -> remnants.Remnants:
    """Both lists of this state of the region, made once for whoever reads either."""
    with asked.database.reading() as connection:
        seen = revision(connection, asked.region)

    def compute() -> remnants.Remnants:
        with asked.database.reading() as connection:
            region = load_region(connection, asked.region)
        return remnants.found(region, now=asked.now)

    return reviews.of(("remnants", asked.region, seen), compute, now=asked.now)


@router.get("/excess", response_model=RowsOut[ExcessOut], responses=CSV)
def list_excess(
    asked: Annotated[Asked, may(Action.STOCK_READ)],
    reviews: ReviewsAsked,
    file: FileWanted,
    part: IdAsked = "",
    place: IdAsked = "",
    limit: LimitAsked = 50,
    after: CursorAsked = "",
) -> Response | RowsOut[Any]:
    """Units beyond what is kept and what a year asks for, most money first, with who is short of them."""
    with asked.database.reading() as connection:
        reached = places_reached(connection, asked.region, asked.scope)
    there = _found(asked, reviews)
    rows = [
        ExcessOut(
            part=one.part,
            place=one.place,
            quantity=one.quantity,
            keep=one.keep,
            per_month=one.per_month,
            money_cents=cents(one.money),
            currency=there.currency,
            wanting=[other for other in one.wanting if other in reached],
        )
        for one in there.excess
        if part in {"", one.part} and place in {"", one.place} and one.place in reached
    ]
    return listed(asked.region, "excess", ExcessOut, rows, whole=file, limit=limit, after=after)


@router.get("/ending", response_model=RowsOut[EndingOut], responses=CSV)
def list_ending(
    asked: Annotated[Asked, may(Action.ORDER_READ)],
    reviews: ReviewsAsked,
    file: FileWanted,
    part: IdAsked = "",
    limit: LimitAsked = 50,
    after: CursorAsked = "",
) -> Response | RowsOut[Any]:
    """Parts that nobody sells, or nobody after a day that is known: how long they last, what is missing until nobody needs them."""
    rows = [
        EndingOut(
            part=one.part,
            left=one.left,
            planned=one.planned,
            per_month=one.per_month,
            lasts_until=one.lasts_until,
            stand_ins=list(one.stand_ins),
            last_order_on=one.final.last_order_on if one.final else None,
            served_until=one.final.served_until if one.final else None,
            needed=one.final.level + one.final.planned if one.final else None,
            lacking=one.final.lacking if one.final else None,
        )
        for one in _found(asked, reviews).ending
        if part in {"", one.part}
    ]
    return listed(asked.region, "ending", EndingOut, rows, whole=file, limit=limit, after=after)


@router.post("/ending", status_code=201)
def say_end(command: Annotated[Command, may_write(Action.ORDER_WRITE)], body: EndIn) -> EndSaidOut:
    """Say the last day on which a supplier takes orders for a part, or the last on which devices that take it are served."""

    def act(work: UnitOfWork) -> Reply:
        return ends.say_end(
            work,
            body.part,
            supplier=body.supplier,
            last_order_on=body.last_order_on,
            served_until=body.served_until if "served_until" in body.model_fields_set else ends.Unsaid.UNSAID,
        )

    return EndSaidOut.model_validate(carried_out(command.database, command.envelope, act))
