"""What to move and what to buy, and the purchase orders that follow, from their writing to their end."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response
from fastapi import Path as InPath

from api.asked import IdAsked, ReviewsAsked, strict
from api.auth.action import Action
from api.auth.called import with_names
from api.auth.door import Asked, Command, may, may_write
from api.schemas.orders import (
    ClosingIn,
    ConfirmationIn,
    ExpectedOut,
    LineSaidOut,
    OrderIn,
    OrderOut,
    OrdersChosenIn,
    OrdersProposedIn,
    OrderStateOut,
    OrdersWrittenOut,
    OrderWrittenOut,
    ProposalOut,
    SnoozedOut,
    SnoozeIn,
    WakeIn,
)
from api.shapes.listed import CSV, FILE_PAGE, listed
from api.shapes.orders import order_out, proposal_out
from api.shapes.registers import RowsOut
from api.usecases import orders
from api.usecases.reviews import Review
from api.wire.body import StrictRoute
from api.wire.bounds import ID_PATTERN
from api.wire.page import CursorAsked, LimitAsked, OneOf, SortTold, next_in, page_by, place_in
from api.wire.table import FileWanted, every, table
from api.wire.written import carried_out
from inventory.replenish.reorder import Proposal, Source
from inventory.replenish.snooze import asleep
from inventory.stock.lot import day_of
from inventory.supply.ordering import Order, OrderLine, OrderState, OrderStep, Wanted
from kernel.clock import zone
from kernel.errors import Refusal
from kernel.money import cents, from_cents
from storage.audit import revision
from storage.dataset import counter_tables
from storage.idempotency import Reply
from storage.order import Place
from storage.regional import zone_of
from storage.rows.facts import values_in
from storage.rows.head import read_settings
from storage.rows.region import load_region
from storage.stock import snoozing
from storage.stock.ordering import take_step, write_orders
from storage.unit_of_work import UnitOfWork

router = APIRouter(prefix="/v1", tags=["orders"], dependencies=[Depends(strict)], route_class=StrictRoute)

Reads = Annotated[Asked, may(Action.ORDER_READ)]
Writes = Annotated[Command, may_write(Action.ORDER_WRITE)]
OrderPath = Annotated[str, InPath(pattern=ID_PATTERN, description="Number of the order.")]


@router.get("/reorder", response_model=RowsOut[ProposalOut], responses=CSV)
def list_proposals(
    asked: Reads,
    reviews: ReviewsAsked,
    file: FileWanted,
    part: IdAsked = "",
    place: IdAsked = "",
    source: Annotated[Source | None, Query()] = None,
    budget_cents: Annotated[
        int | None, Query(ge=0, le=10**12, description="Money for purchases at most; unsaid: no limit.")
    ] = None,
    as_delivered: Annotated[
        bool, Query(description="By the lead times and yields suppliers have shown, not promised.")
    ] = False,
    limit: LimitAsked = 50,
    after: CursorAsked = "",
) -> Response | RowsOut[Any]:
    """What to move between places and what to buy, what breaks first first, each with its calculation."""
    with asked.database.reading() as connection:
        seen = revision(connection, asked.region)

    def compute() -> Review:
        with asked.database.reading() as connection:
            region = load_region(connection, asked.region)
        budget = None if budget_cents is None else from_cents(budget_cents)
        found = orders.reviewed(region, now=asked.now, budget=budget, as_delivered=as_delivered)
        return Review(asked.now, region.settings, found)

    review = reviews.of((asked.region, seen, budget_cents, as_delivered), compute, now=asked.now)
    here, currency = zone(review.settings.zone), review.settings.currency
    wanted = [
        one
        for one in review.found
        if part in {"", one.part} and place in {"", one.place} and source in {None, one.source}
    ]

    def told(one: Proposal) -> ProposalOut:
        return proposal_out(one, lang=asked.lang, zone=here, currency=currency)

    return listed(
        asked.region, "reorder", ProposalOut, wanted, whole=file, limit=limit, after=after, row=told
    )


@router.get("/reorder/snoozes", response_model=RowsOut[SnoozedOut], responses=CSV)
def list_snoozed(
    asked: Reads, file: FileWanted, limit: LimitAsked = 50, after: CursorAsked = ""
) -> Response | RowsOut[Any]:
    """Parts at places that are snoozed now, the first to wake first."""
    with asked.database.reading() as connection:
        said = values_in(connection, counter_tables.SNOOZES, asked.region)
        here = zone_of(connection, asked.region)
    held = asleep(said, at=asked.now, on=day_of(asked.now, zone_name=here)).values()
    rows = [
        SnoozedOut(
            part=row.part,
            place=row.place,
            until_on=row.until_on,
            reason=row.reason,
            by=row.by,
            at=row.at,
        )
        for row in sorted(held, key=lambda row: (str(row.until_on), row.part, row.place))
        if row.until_on is not None
    ]
    return listed(
        asked.region, "snoozes", SnoozedOut, with_names(asked, rows), whole=file, limit=limit, after=after
    )


@router.post("/reorder/snoozes", status_code=201)
def snooze(command: Writes, body: SnoozeIn) -> LineSaidOut:
    """Leave a part at a place alone in every review until a day: listed as snoozed, not moved, not bought."""

    def act(work: UnitOfWork) -> Reply:
        return snoozing.snooze(work, body.part, body.place, until_on=body.until_on, reason=body.reason)

    return LineSaidOut.model_validate(carried_out(command.database, command.envelope, act))


@router.post("/reorder/snoozes/end", status_code=201)
def wake(command: Writes, body: WakeIn) -> LineSaidOut:
    """End a snooze before its day: the next review moves and buys again."""

    def act(work: UnitOfWork) -> Reply:
        return snoozing.wake(work, body.part, body.place, reason=body.reason)

    return LineSaidOut.model_validate(carried_out(command.database, command.envelope, act))


@router.get("/orders", response_model=RowsOut[OrderOut], responses=CSV)
def list_orders(
    asked: Reads,
    file: FileWanted,
    supplier: IdAsked = "",
    state: Annotated[OrderState | None, Query()] = None,
    sort: Annotated[str, OneOf(orders.ORDER_ORDERS), SortTold] = "written",
    limit: LimitAsked = 50,
    after: CursorAsked = "",
) -> Response | RowsOut[Any]:
    """Orders as they stand, in the order they were written unless asked otherwise."""
    started, key = place_in(after, sort, orders.ORDER_ORDERS), orders.ORDER_ORDERS[sort]
    with asked.database.reading() as connection:
        there = orders.orders_there(connection, asked.region)
        currency = read_settings(connection, asked.region).currency
    wanted = [
        one
        for one in there
        if supplier in {"", one.standing.order.supplier} and state in {None, one.standing.state}
    ]

    def page(last: Place | None, most: int = FILE_PAGE) -> tuple[list[OrderOut], Place | None]:
        shown, more = page_by(wanted, key, after=last, limit=most)
        return with_names(asked, [order_out(one, currency) for one in shown]), more

    if file:
        return table("orders", OrderOut, every(page))
    rows, last = page(started, limit)
    return RowsOut[Any](region=asked.region, rows=rows, next=next_in(sort, last))


@router.get("/orders/expected", response_model=RowsOut[ExpectedOut], responses=CSV)
def list_expected(
    asked: Reads,
    file: FileWanted,
    supplier: IdAsked = "",
    place: IdAsked = "",
    limit: LimitAsked = 50,
    after: CursorAsked = "",
) -> Response | RowsOut[Any]:
    """Lines of sent orders of which something is still to come, what is due first first."""
    with asked.database.reading() as connection:
        found = orders.still_expected(connection, asked.region)
    rows = [
        ExpectedOut(
            order=one.line.order,
            supplier=one.line.supplier,
            part=one.line.part,
            place=one.line.to_place,
            ordered=one.line.quantity,
            received=one.line.received,
            left=one.left,
            expected_at=one.due_at,
            late=one.due_at < asked.now,
        )
        for one in found
        if supplier in {"", one.line.supplier} and place in {"", one.line.to_place}
    ]
    return listed(asked.region, "expected", ExpectedOut, rows, whole=file, limit=limit, after=after)


@router.post("/orders", status_code=201)
def write_order(command: Writes, body: OrderIn, response: Response) -> OrdersWrittenOut:
    """Write an order by hand; nothing is sent yet."""
    lines = tuple(OrderLine(one.part, one.quantity, from_cents(one.price_cents)) for one in body.lines)

    def act(work: UnitOfWork) -> Reply:
        order = Order(body.order, body.supplier, body.to_place, lines, work.now, work.actor)
        return write_orders(work, lambda: (order,), asked=body.model_dump(mode="json"))

    response.headers["Location"] = f"/v1/orders/{body.order}"
    return _written(carried_out(command.database, command.envelope, act))


@router.post("/orders/proposed", status_code=201)
def propose_orders(command: Writes, body: OrdersProposedIn) -> OrdersWrittenOut:
    """Review the stock and write the orders its purchases ask for, without what waits to be sent."""
    budget = None if body.budget_cents is None else from_cents(body.budget_cents)

    def act(work: UnitOfWork) -> Reply:
        return orders.propose(work, body.prefix, budget=budget, as_delivered=body.as_delivered)

    return _written(carried_out(command.database, command.envelope, act))


@router.post("/orders/chosen", status_code=201)
def order_chosen(command: Writes, body: OrdersChosenIn) -> OrdersWrittenOut:
    """Write the orders for lines of a review somebody chose, with their quantities; nothing is sent yet."""
    wanted = tuple(Wanted(one.supplier, one.place, one.part, one.quantity) for one in body.lines)

    def act(work: UnitOfWork) -> Reply:
        return orders.order_chosen(work, body.prefix, wanted)

    return _written(carried_out(command.database, command.envelope, act))


@router.post("/orders/{order:path}/approval")
def approve(command: Annotated[Command, may_write(Action.APPROVE)], order: OrderPath) -> OrderStateOut:
    """Approve an order; never whoever wrote it."""
    return _taken(command, order, OrderStep.APPROVE)


@router.post("/orders/{order:path}/sending")
def send(command: Writes, order: OrderPath) -> OrderStateOut:
    """Say that the order went out: its lines are on order from now on."""
    return _taken(command, order, OrderStep.SEND)


@router.post("/orders/{order:path}/confirmation")
def confirm(command: Writes, order: OrderPath, body: ConfirmationIn) -> OrderStateOut:
    """Write down the date the supplier confirms; it is measured by the first one."""

    def act(work: UnitOfWork) -> Reply:
        return take_step(work, order, OrderStep.CONFIRM, part=body.part, promised_at=body.promised_at)

    return OrderStateOut.model_validate(carried_out(command.database, command.envelope, act))


@router.post("/orders/{order:path}/cancellation")
def cancel(command: Writes, order: OrderPath) -> OrderStateOut:
    """Cancel an order of which nothing has arrived."""
    return _taken(command, order, OrderStep.CANCEL)


@router.post("/orders/{order:path}/closing")
def close(command: Writes, order: OrderPath, body: ClosingIn) -> OrderStateOut:
    """Say that what has not come of an order does not come any more: it is expected no longer."""

    def act(work: UnitOfWork) -> Reply:
        return take_step(work, order, OrderStep.CLOSE, reason=body.reason)

    return OrderStateOut.model_validate(carried_out(command.database, command.envelope, act))


@router.get("/orders/{order:path}")
def show_order(order: OrderPath, asked: Reads) -> OrderOut:
    """An order as it stands."""
    with asked.database.reading() as connection:
        there = orders.orders_there(connection, asked.region, order=order)
        currency = read_settings(connection, asked.region).currency
    if not there:
        raise Refusal("supply.order_unknown", order=order)
    return with_names(asked, [order_out(there[0], currency)])[0]


def _taken(command: Command, order: str, step: OrderStep) -> OrderStateOut:
    reply = carried_out(command.database, command.envelope, lambda work: take_step(work, order, step))
    return OrderStateOut.model_validate(reply)


def _written(reply: Reply) -> OrdersWrittenOut:
    return OrdersWrittenOut(
        orders=[
            OrderWrittenOut(
                order=one["order"],
                supplier=one["supplier"],
                place=one["place"],
                lines=one["lines"],
                cost_cents=cents(Decimal(one["cost"])),
            )
            for one in reply["orders"]
        ]
    )
