"""What to move and what to buy, and the purchase orders that follow: written, approved, sent, confirmed, cancelled."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response
from fastapi import Path as InPath

from api.asked import IdAsked, strict
from api.auth.action import Action
from api.auth.door import Asked, Command, may, may_write
from api.schemas.orders import (
    ConfirmationIn,
    OrderIn,
    OrderOut,
    OrdersProposedIn,
    OrderStateOut,
    OrdersWrittenOut,
    OrderWrittenOut,
    ProposalOut,
)
from api.shapes.listed import CSV, listed
from api.shapes.orders import order_out, proposal_out
from api.shapes.registers import RowsOut
from api.usecases import orders
from api.wire.body import StrictRoute
from api.wire.bounds import ID_PATTERN
from api.wire.page import CursorAsked, LimitAsked
from api.wire.table import FileWanted
from api.wire.written import carried_out
from inventory.replenish.reorder import Source
from inventory.supply.ordering import Order, OrderLine, OrderState, OrderStep
from kernel.clock import zone
from kernel.errors import Refusal
from kernel.money import cents, from_cents
from storage.idempotency import Reply
from storage.rows.head import read_settings
from storage.rows.region import load_region
from storage.stock.ordering import write_orders
from storage.unit_of_work import UnitOfWork

router = APIRouter(prefix="/v1", tags=["orders"], dependencies=[Depends(strict)], route_class=StrictRoute)

Reads = Annotated[Asked, may(Action.ORDER_READ)]
Writes = Annotated[Command, may_write(Action.ORDER_WRITE)]
OrderPath = Annotated[str, InPath(pattern=ID_PATTERN, description="Number of the order.")]


@router.get("/reorder", response_model=RowsOut[ProposalOut], responses=CSV)
def list_proposals(
    asked: Reads,
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
        region = load_region(connection, asked.region)
    budget = None if budget_cents is None else from_cents(budget_cents)
    found = orders.reviewed(region, now=asked.now, budget=budget, as_delivered=as_delivered)
    here, currency = zone(region.settings.zone), region.settings.currency
    rows = [
        proposal_out(one, lang=asked.lang, zone=here, currency=currency)
        for one in found
        if part in {"", one.part} and place in {"", one.place} and source in {None, one.source}
    ]
    return listed(asked.region, "reorder", ProposalOut, rows, whole=file, limit=limit, after=after)


@router.get("/orders", response_model=RowsOut[OrderOut], responses=CSV)
def list_orders(
    asked: Reads,
    file: FileWanted,
    supplier: IdAsked = "",
    state: Annotated[OrderState | None, Query()] = None,
    limit: LimitAsked = 50,
    after: CursorAsked = "",
) -> Response | RowsOut[Any]:
    """Orders as they stand, in the order they were written."""
    with asked.database.reading() as connection:
        there = orders.orders_there(connection, asked.region)
        currency = read_settings(connection, asked.region).currency
    rows = [
        order_out(one, currency)
        for one in there
        if supplier in {"", one.standing.order.supplier} and state in {None, one.standing.state}
    ]
    return listed(asked.region, "orders", OrderOut, rows, whole=file, limit=limit, after=after)


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
        return orders.propose(work, body.prefix, budget=budget)

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
        return orders.take(work, order, OrderStep.CONFIRM, part=body.part, promised_at=body.promised_at)

    return OrderStateOut.model_validate(carried_out(command.database, command.envelope, act))


@router.post("/orders/{order:path}/cancellation")
def cancel(command: Writes, order: OrderPath) -> OrderStateOut:
    """Cancel an order of which nothing has arrived."""
    return _taken(command, order, OrderStep.CANCEL)


@router.get("/orders/{order:path}")
def show_order(order: OrderPath, asked: Reads) -> OrderOut:
    """An order as it stands."""
    with asked.database.reading() as connection:
        there = orders.orders_there(connection, asked.region, order=order)
        currency = read_settings(connection, asked.region).currency
    if not there:
        raise Refusal("supply.order_unknown", order=order)
    return order_out(there[0], currency)


def _taken(command: Command, order: str, step: OrderStep) -> OrderStateOut:
    reply = carried_out(command.database, command.envelope, lambda work: orders.take(work, order, step))
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
