"""One visit by hand: given to an engineer, taken off the plan, held where it is; undone; what the phone says of it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi import Path as InPath

from api.asked import PosedAsked, strict
from api.auth.action import Action
from api.auth.door import Command, may_write, own_key
from api.schemas.by_hand import AgreedIn, AgreedOut, LockedOut, LockIn, MovedOut, OverrunIn, UndoIn, UndoneOut
from api.schemas.rescue import MoveIn
from api.schemas.tickets import VersionOut
from api.usecases.day_events import at_work
from api.usecases.moving import hold, move, put_back, unassign
from api.wire.body import StrictRoute
from api.wire.bounds import ID_PATTERN
from api.wire.written import carried_out
from dispatch.desk.ticket import EventKind, TicketEvent
from kernel.interval import Interval
from storage.desk.appointments import agree
from storage.desk.tickets import happened
from storage.idempotency import Reply
from storage.unit_of_work import UnitOfWork

router = APIRouter(prefix="/v1", tags=["plans"], dependencies=[Depends(strict)], route_class=StrictRoute)

VisitPath = Annotated[str, InPath(pattern=ID_PATTERN, description="Id of the visit.")]
Publishes = Annotated[Command, may_write(Action.PLAN_PUBLISH)]


@router.post("/visits/{visit:path}/move")
def move_visit(command: Publishes, posed: PosedAsked, visit: VisitPath, body: MoveIn) -> MovedOut:
    """Give a visit to an engineer and publish what comes of it; refused with the rules when he cannot come."""
    reply = move(
        command.database, command.envelope, visit, body.engineer, not_before=body.not_before, posed=posed
    )
    return MovedOut.model_validate(reply)


@router.post("/visits/{visit:path}/unassign")
def unassign_visit(command: Publishes, posed: PosedAsked, visit: VisitPath) -> MovedOut:
    """Take a visit off the plan; everybody else stays where he is."""
    return MovedOut.model_validate(unassign(command.database, command.envelope, visit, posed=posed))


@router.post("/visits/{visit:path}/lock")
def lock_visit(command: Publishes, visit: VisitPath, body: LockIn) -> LockedOut:
    """Hold a published visit to its engineer, its time or both, or let it go."""
    return LockedOut.model_validate(hold(command.database, command.envelope, visit, body.lock))


@router.post("/board/undo")
def undo(command: Publishes, body: UndoIn) -> UndoneOut:
    """Put back what a move, a lock or an undoing of one's own changed; refused when another changed it since."""
    reply = put_back(command.database, command.envelope, own_key(command.principal.user, body.key))
    return UndoneOut.model_validate({**reply, "undone": body.key})


@router.post("/visits/{visit:path}/appointments")
def agree_times(
    command: Annotated[Command, may_write(Action.PLAN_PUBLISH)], visit: VisitPath, body: AgreedIn
) -> AgreedOut:
    """Write down when the customer can be visited, instead of what was agreed before."""
    windows = [Interval(one.start, one.end) for one in body.windows]
    reply = carried_out(command.database, command.envelope, lambda work: agree(work, visit, windows))
    return AgreedOut.model_validate(reply)


@router.post("/visits/{visit:path}/overrun", status_code=201)
def write_overrun(
    command: Annotated[Command, may_write(Action.PLAN_PUBLISH)],
    visit: VisitPath,
    body: OverrunIn,
    posed: PosedAsked,
) -> VersionOut:
    """Write down when the engineer at work on a visit says he will be done, as told over the phone."""
    going = posed.of(command.database, command.region, now=command.now)
    engineer = at_work(going.board, visit).engineer
    ticket = going.board.visits[visit].ticket

    def said(work: UnitOfWork) -> Reply:
        value = body.finishes_at.isoformat()
        event = TicketEvent(ticket, work.now, EventKind.FORECAST_FINISH, engineer, value=value, visit=visit)
        return happened(work, event)

    return VersionOut.model_validate(carried_out(command.database, command.envelope, said))
