"""Loaners: kept for a ticket, out, back, looked at; the pool and how large it should be."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response
from fastapi import Path as InPath

from api.asked import IdAsked, strict
from api.auth.action import Action
from api.auth.called import with_names
from api.auth.door import Asked, Command, may, may_write
from api.schemas.loans import LoanIn, LoanOut, LoanStepIn, LoanWrittenOut, PoolsOut
from api.shapes.listed import CSV, listed, registered
from api.shapes.loans import loan_out, pool_out, standing_of
from api.shapes.registers import RowsOut, shape_of
from api.wire.body import StrictRoute
from api.wire.bounds import ID_PATTERN
from api.wire.page import CursorAsked, LimitAsked
from api.wire.table import FileWanted
from api.wire.written import carried_out
from dispatch.desk.loan import LoanEvent, LoanState, TicketLoan
from dispatch.lent import with_desk
from inventory.lending import class_pool
from inventory.stock.loan import last_words
from inventory.stock.loaner_pool import MakingReady
from inventory.stockroom import loans_of
from kernel.errors import Refusal
from kernel.ids import natural_key
from storage.dataset import owed_tables, supply_tables
from storage.desk.facts import record
from storage.idempotency import Reply
from storage.rows.facts import values_in
from storage.rows.loans import loans_there
from storage.rows.region import load_stockroom
from storage.rows.register import alike
from storage.rows.standing import schemes_in
from storage.unit_of_work import UnitOfWork

router = APIRouter(prefix="/v1", tags=["loaners"], dependencies=[Depends(strict)], route_class=StrictRoute)

Reads = Annotated[Asked, may(Action.LOAN_READ)]
Writes = Annotated[Command, may_write(Action.LOAN_WRITE)]
LoanPath = Annotated[str, InPath(pattern=ID_PATTERN, description="Id of the loan.")]
YEAR_MIN = 525_600


@router.get("/loans", response_model=RowsOut[LoanOut], responses=CSV)
def list_loans(
    asked: Reads,
    file: FileWanted,
    ticket: IdAsked = "",
    unit: IdAsked = "",
    state: Annotated[LoanState | None, Query()] = None,
    ended: Annotated[bool, Query(description="Those that hold no unit any more as well.")] = False,
    limit: LimitAsked = 50,
    after: CursorAsked = "",
) -> Response | RowsOut[Any]:
    """Loans that hold a unit, in the order they were reserved."""
    with asked.database.reading() as connection:
        there = loans_there(connection, asked.region)
        schemes = schemes_in(connection, asked.region)
    rows = []
    for one in there:
        standing = standing_of(one, schemes, asked.now)
        holds = ended or standing.state.holds_unit
        wanted = holds if state is None else standing.state is state
        if wanted and ticket in {"", one.loan.ticket} and unit in {"", one.loan.unit}:
            rows.append(loan_out(one, standing, now=asked.now))
    return listed(
        asked.region, "loans", LoanOut, with_names(asked, rows), whole=file, limit=limit, after=after
    )


@router.post("/loans", status_code=201)
def reserve_unit(command: Writes, body: LoanIn) -> LoanWrittenOut:
    """Keep a unit for a ticket; refused while another loan holds it."""

    def reserved(work: UnitOfWork) -> Reply:
        loan = TicketLoan(body.loan, body.ticket, body.unit, body.at or work.now, command.principal.user)
        return _written(work, owed_tables.TICKET_LOANS, loan, loan.id)

    return LoanWrittenOut.model_validate(carried_out(command.database, command.envelope, reserved))


@router.post("/loans/{loan:path}/steps", status_code=201)
def take_step(command: Writes, loan: LoanPath, body: LoanStepIn) -> LoanWrittenOut:
    """Write down what happened to a loan: out, at the customer's, back, looked at; refused when it cannot follow."""

    def taken(work: UnitOfWork) -> Reply:
        event = LoanEvent(
            loan,
            body.at or work.now,
            body.step,
            command.principal.user,
            body.reason,
            body.due_back_at,
        )
        return _written(work, owed_tables.LOAN_EVENTS, event, loan)

    return LoanWrittenOut.model_validate(carried_out(command.database, command.envelope, taken))


@router.get("/loaner-units", response_model=RowsOut[shape_of(supply_tables.LOANER_UNITS)], responses=CSV)  # type: ignore[misc]
def list_units(
    asked: Reads,
    file: FileWanted,
    loaner_class: IdAsked = "",
    place: IdAsked = "",
    limit: LimitAsked = 50,
    after: CursorAsked = "",
) -> Response | RowsOut[Any]:
    """Units there are to lend, all, a class's, or those that stand at a place."""
    units = supply_tables.LOANER_UNITS
    wanted = alike(units, loaner_class=loaner_class, place_id=place)
    return registered(asked.database, asked.region, units, wanted, whole=file, limit=limit, after=after)


@router.get("/loaner-classes", response_model=RowsOut[shape_of(supply_tables.LOANER_CLASSES)], responses=CSV)  # type: ignore[misc]
def list_classes(
    asked: Reads, file: FileWanted, limit: LimitAsked = 50, after: CursorAsked = ""
) -> Response | RowsOut[Any]:
    """Classes of loaners, with those that may stand in."""
    classes = supply_tables.LOANER_CLASSES
    return registered(asked.database, asked.region, classes, [], whole=file, limit=limit, after=after)


@router.get("/loaner-pool")
def show_pool(
    asked: Reads,
    loaner_class: IdAsked = "",
    days: Annotated[int, Query(ge=1, le=366, description="How many days the forecast looks ahead.")] = 7,
    cleaning_min: Annotated[
        int | None,
        Query(ge=0, le=YEAR_MIN, description="Of a unit once it is back; default: as its class says."),
    ] = None,
    inspection_min: Annotated[
        int | None, Query(ge=0, le=YEAR_MIN, description="After the cleaning; given together with it.")
    ] = None,
    refused_at_most: Annotated[
        float, Query(gt=0, lt=1, description="Share of requests that may find no unit free.")
    ] = 0.05,
) -> PoolsOut:
    """Where every unit stands, what will be free, and how many units meet the wanted share."""
    with asked.database.reading() as connection:
        pool = load_stockroom(connection, asked.region)
        loans = values_in(connection, owed_tables.TICKET_LOANS, asked.region)
        events = values_in(connection, owed_tables.LOAN_EVENTS, asked.region)
    if (cleaning_min is None) is not (inspection_min is None):
        raise Refusal("loaner.half_a_block")
    ready = None
    if cleaning_min is not None and inspection_min is not None:
        ready = MakingReady(cleaning_s=60 * cleaning_min, inspecting_s=60 * inspection_min)
    stock, kept = with_desk(pool, loans, events, now=asked.now)
    words = {loan.id: last_words(loan, now=asked.now) for loan in loans_of(stock)}
    known = sorted((row.id for row in stock.loaner_classes), key=natural_key)
    pools = [
        class_pool(
            stock, one, now=asked.now, days=days, ready=ready, kept=kept, refused_at_most=refused_at_most
        )
        for one in ([loaner_class] if loaner_class else known)
    ]
    return PoolsOut(
        region=asked.region, at=asked.now, classes=[pool_out(one, words, lang=asked.lang) for one in pools]
    )


def _written(work: UnitOfWork, file: Any, fact: Any, loan: str) -> Reply:
    reply = record(work, file, fact)
    return {"loan": loan, "ticket_event": reply["ticket_event"], "new": reply["new"]}
