"""What is read from the plan people go by: promises in danger, ways out, candidates, previews, explanations, calls."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from fastapi import Path as InPath

from api.asked import PosedAsked, TicketPath, strict
from api.auth.action import Action
from api.auth.door import Asked, Command, may, may_write
from api.schemas.rescue import (
    CallOut,
    CallsOut,
    CandidatesOut,
    ChooseIn,
    ChosenOut,
    EndangeredListOut,
    EndangeredOut,
    ExplanationOut,
    FillersOut,
    MoveIn,
    PreviewOut,
    RescueOut,
    ToldIn,
)
from api.schemas.tickets import VersionOut
from api.shapes.in_force import (
    calls_out,
    candidates_out,
    endangered_out,
    explanation_out,
    fillers_out,
    preview_out,
    rescue_out,
)
from api.shapes.listed import CSV
from api.usecases.moving import tried
from api.usecases.rescuing import choose, rescue_ticket
from api.wire.body import StrictRoute
from api.wire.bounds import ID_PATTERN
from api.wire.table import FileWanted, table
from api.wire.written import carried_out
from dispatch.candidates import candidates, fillers
from dispatch.desk.ticket import EventKind, TicketEvent
from dispatch.endangered import endangered
from dispatch.explain import explain
from dispatch.publish import call_list
from kernel.errors import Refusal
from storage.dataset import visit_tables
from storage.desk.tickets import happened
from storage.idempotency import Reply
from storage.rows.facts import values_in
from storage.unit_of_work import UnitOfWork

router = APIRouter(
    prefix="/v1", tags=["plan in force"], dependencies=[Depends(strict)], route_class=StrictRoute
)

EngineerPath = Annotated[str, InPath(pattern=ID_PATTERN, description="Id of the engineer.")]
VisitPath = Annotated[
    str,
    InPath(
        pattern=r"^[^\s\x00-\x1f]{1,200}$",
        description="Id of the visit, or of one part of it as plans name it.",
    ),
]
Tries = Annotated[Asked, may(Action.PLAN_TRY)]


@router.get("/endangered", response_model=EndangeredListOut, responses=CSV)
def list_endangered(asked: Tries, posed: PosedAsked, file: FileWanted) -> Response | EndangeredListOut:
    """Promises that will not be kept as things stand, the earliest due first."""
    going = posed.of(asked.database, asked.region, now=asked.now)
    found = [endangered_out(one) for one in endangered(going.board, going.problem, going.plan)]
    if file:
        return table("endangered", EndangeredOut, found)
    return EndangeredListOut(region=asked.region, at=going.board.now, endangered=found)


@router.get("/tickets/{ticket:path}/rescue")
def list_ways(ticket: TicketPath, asked: Tries, posed: PosedAsked) -> RescueOut:
    """The ways out for a ticket or one of its visits: finish, promises kept, money, others, last safe moment."""
    going = posed.of(asked.database, asked.region, now=asked.now)
    rescued = rescue_ticket(going.board, going.problem, going.plan, ticket)
    return rescue_out(going, rescued, asked.lang)


@router.post("/tickets/{ticket:path}/rescue")
def choose_way(
    command: Annotated[Command, may_write(Action.PLAN_PUBLISH)],
    posed: PosedAsked,
    ticket: TicketPath,
    body: ChooseIn,
) -> ChosenOut:
    """Publish one of the ways by its `choice`; refused when the plan as it now goes on no longer has it."""
    reply = choose(command.database, command.envelope, ticket, body.choice, posed=posed)
    return ChosenOut.model_validate(reply)


@router.get("/visits/{visit:path}/candidates")
def list_candidates(
    visit: VisitPath,
    asked: Tries,
    posed: PosedAsked,
    most: Annotated[int, Query(ge=1, le=20, description="Engineers shown.")] = 5,
) -> CandidatesOut:
    """Who could take a visit, the cheapest first: start, promises, price, parts and loaner, who is moved or displaced."""
    going = posed.of(asked.database, asked.region, now=asked.now)
    return candidates_out(going, visit, candidates(going.problem, going.plan, visit, most=most))


@router.get("/engineers/{engineer:path}/fillers")
def list_fillers(
    engineer: EngineerPath,
    asked: Tries,
    posed: PosedAsked,
    most: Annotated[int, Query(ge=1, le=20, description="Visits shown.")] = 5,
) -> FillersOut:
    """Which visits fit best into an engineer's free time, what saves most first; others stay in their order."""
    going = posed.of(asked.database, asked.region, now=asked.now)
    return fillers_out(going, engineer, fillers(going.problem, going.plan, engineer, most=most))


@router.get("/visits/{visit:path}/explanation")
def explanation(visit: VisitPath, asked: Tries, posed: PosedAsked) -> ExplanationOut:
    """Why a visit is where it is, what every shift answers, why not, what would help."""
    going = posed.of(asked.database, asked.region, now=asked.now)
    return explanation_out(going, explain(going.problem, going.plan, visit), asked.lang)


@router.post("/visits/{visit:path}/preview")
def preview(visit: VisitPath, asked: Tries, posed: PosedAsked, body: MoveIn) -> PreviewOut:
    """Try a move and keep nothing: what it costs and whom it moves, or which rules it breaks."""
    going = posed.of(asked.database, asked.region, now=asked.now)
    way, broken = tried(going, visit, body.engineer, not_before=body.not_before)
    return preview_out(going, visit, body.engineer, way, broken, asked.lang)


@router.get("/calls", response_model=CallsOut, responses=CSV)
def list_calls(
    asked: Annotated[Asked, may(Action.CALL_READ)], posed: PosedAsked, file: FileWanted
) -> Response | CallsOut:
    """Customers to call about the published plan; who believes a time that no longer holds comes first."""
    board = posed.of(asked.database, asked.region, now=asked.now).board
    calls = calls_out(call_list(board))
    return (
        table("calls", CallOut, calls) if file else CallsOut(region=asked.region, at=board.now, calls=calls)
    )


@router.post("/visits/{visit:path}/told", status_code=201)
def write_told(
    command: Annotated[Command, may_write(Action.CALL_WRITE)], visit: VisitPath, body: ToldIn
) -> VersionOut:
    """Write down that a customer was told a time; while it is the published one, the visit keeps it."""

    def told(work: UnitOfWork) -> Reply:
        known = values_in(work.connection, visit_tables.VISITS, work.region, visit_id=visit)
        if not known:
            raise Refusal("explain.unknown_visit", visit=visit)
        event = TicketEvent(
            known[0].ticket,
            body.at or work.now,
            EventKind.TOLD,
            command.principal.user,
            value=f"{body.starts_at.isoformat()} {body.whom}",
            visit=visit,
        )
        return happened(work, event)

    return VersionOut.model_validate(carried_out(command.database, command.envelope, told))
