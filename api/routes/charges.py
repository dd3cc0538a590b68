"""Charges: what a ticket would cost the customer, what was quoted, accepted, received; as CSV for the books."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi import Path as InPath

from api.asked import IdAsked, strict
from api.auth.action import Action
from api.auth.called import with_names
from api.auth.door import Asked, Command, may, may_write
from api.schemas.charges import (
    ChargeLineOut,
    ChargeOut,
    ChargeStepIn,
    ChargeStepRowOut,
    ChargeWrittenOut,
    QuoteIn,
    QuoteOut,
)
from api.settings import Settings
from api.shapes.listed import CSV, listed
from api.shapes.registers import RowsOut
from api.text.spoken import tell
from api.usecases.entitled import quote_of, scheme_of, ticket_named
from api.usecases.over_limit import check_refund
from api.wire.body import StrictRoute
from api.wire.bounds import ID_PATTERN
from api.wire.page import CursorAsked, LimitAsked
from api.wire.table import FileWanted
from api.wire.written import carried_out
from dispatch.desk.charge import GOES_BACK, ChargeEvent, ChargeStage, ChargeState, charges, deposit_of
from dispatch.desk.scheme import Scheme
from kernel.clock import zone
from storage.dataset.money_tables import CHARGE_EVENTS
from storage.dataset.stock_tables import PARTS
from storage.desk.facts import record
from storage.idempotency import Reply
from storage.rows.around import around
from storage.rows.facts import values_in
from storage.rows.standing import schemes_of_tickets
from storage.unit_of_work import UnitOfWork

router = APIRouter(prefix="/v1", tags=["charges"], dependencies=[Depends(strict)], route_class=StrictRoute)

Reads = Annotated[Asked, may(Action.CHARGE_READ)]
ChargePath = Annotated[str, InPath(pattern=ID_PATTERN, description="Id of the charge.")]


@router.get("/charges", response_model=RowsOut[ChargeOut], responses=CSV)
def list_charges(
    asked: Reads,
    file: FileWanted,
    ticket: IdAsked = "",
    stage: Annotated[ChargeStage | None, Query()] = None,
    unpaid: Annotated[
        bool, Query(description="Only with something still to come in or to give back.")
    ] = False,
    limit: LimitAsked = 50,
    after: CursorAsked = "",
) -> Response | RowsOut[Any]:
    """Charges as they stand, in order of their first step; of a ticket kept as closed only the steps are known."""
    events, schemes = _known(asked, ticket)
    rows = [
        _out(one, schemes[one.ticket])
        for one in charges((event for event in events if event.ticket in schemes), schemes).values()
        if stage in {None, one.stage} and (one.balance or not unpaid)
    ]
    return listed(asked.region, "charges", ChargeOut, rows, whole=file, limit=limit, after=after)


@router.get("/charge-steps", response_model=RowsOut[ChargeStepRowOut], responses=CSV)
def list_steps(
    asked: Reads, file: FileWanted, ticket: IdAsked = "", limit: LimitAsked = 50, after: CursorAsked = ""
) -> Response | RowsOut[Any]:
    """Every step of every charge, in order of time: what the books take in."""
    events, schemes = _known(asked, ticket)
    rows = [
        ChargeStepRowOut(
            charge=one.charge,
            ticket=one.ticket,
            at=one.at,
            by=one.by,
            step=one.step,
            item=one.item,
            part=one.part,
            quantity=one.quantity,
            cents=-one.cents if one.step in GOES_BACK else one.cents,
            currency=schemes[one.ticket].currency if one.ticket in schemes else "",
            reason=one.reason,
        )
        for one in events
    ]
    return listed(
        asked.region,
        "charge_steps",
        ChargeStepRowOut,
        with_names(asked, rows),
        whole=file,
        limit=limit,
        after=after,
    )


@router.post("/charges/{charge:path}/steps", status_code=201)
def take_step(
    command: Annotated[Command, may_write(Action.CHARGE_WRITE)],
    charge: ChargePath,
    body: ChargeStepIn,
    request: Request,
) -> ChargeWrittenOut:
    """Write down a step of a charge: a line quoted, accepted, money received; refused when it cannot follow.

    Money given back, or work done again for nothing, beyond the setting `refund_approval_above` takes the right to approve.
    """
    settings: Settings = request.app.state.settings

    def taken(work: UnitOfWork) -> Reply:
        event = ChargeEvent(
            charge,
            body.ticket,
            body.at or work.now,
            command.principal.user,
            body.step,
            body.item,
            body.cents,
            body.part,
            body.quantity,
            body.reason,
        )
        if not command.principal.may(Action.APPROVE):
            check_refund(work, event, limit=Decimal(settings.refund_approval_above))
        reply = record(work, CHARGE_EVENTS, event)
        return {"charge": charge, "step": body.step.value, "new": reply["new"]}

    return ChargeWrittenOut.model_validate(carried_out(command.database, command.envelope, taken))


@router.post("/quotes")
def quote(asked: Reads, body: QuoteIn) -> QuoteOut:
    """Say whether a ticket is covered or chargeable, why, and what it would cost; nothing is kept."""
    with asked.database.reading() as connection:
        near = around(connection, asked.region, body.ticket)
        parts = [
            part for name in body.parts for part in values_in(connection, PARTS, asked.region, part_id=name)
        ]
    region = replace(near, stock=replace(near.stock, parts=tuple(parts)))
    ticket = ticket_named(region, body.ticket)
    scheme = scheme_of(region, ticket)
    found, lines = quote_of(
        region,
        ticket,
        now=asked.now,
        parts={name: (one.quantity, one.list_price_cents) for name, one in body.parts.items()},
        asked_for=body.asked_for,
        amounts=body.amounts_cents,
    )
    total = sum(line.cents for line in lines)
    return QuoteOut(
        ticket=ticket.id,
        verdict=found.verdict,
        reason=tell(found.reason, asked.lang, zone=zone(scheme.zone)),
        code=found.reason.code,
        currency=scheme.currency,
        lines=[
            ChargeLineOut(item=one.item, part=one.part, quantity=one.quantity, cents=one.cents)
            for one in lines
        ],
        total_cents=total,
        deposit_cents=deposit_of(scheme, total),
    )


def _known(asked: Asked, ticket: str) -> tuple[list[ChargeEvent], dict[str, Scheme]]:
    """Steps up to now of all charges or a ticket's, and the scheme version of each ticket."""
    wanted = {"ticket_id": ticket} if ticket else {}
    with asked.database.reading() as connection:
        found = values_in(connection, CHARGE_EVENTS, asked.region, **wanted)
        schemes = schemes_of_tickets(connection, asked.region, {one.ticket for one in found})
    return sorted((one for one in found if one.at <= asked.now), key=lambda one: one.at), schemes


def _out(one: ChargeState, scheme: Scheme) -> ChargeOut:
    return ChargeOut(
        charge=one.charge,
        ticket=one.ticket,
        stage=one.stage,
        currency=scheme.currency,
        total_cents=one.total,
        deposit_due_cents=one.deposit_due,
        received_cents=one.received,
        refunded_cents=one.refunded,
        balance_cents=one.balance,
        repeats=one.repeats,
        lines=[
            ChargeLineOut(item=line.item, part=line.part, quantity=line.quantity, cents=line.cents)
            for line in one.lines
        ],
    )
