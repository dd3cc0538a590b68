"""What waits for somebody's word: asked for, listed, decided."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response
from fastapi import Path as InPath

from api.asked import strict
from api.auth.action import Action
from api.auth.called import names_of
from api.auth.door import Asked, Command, may, may_write
from api.schemas.approvals import ApprovalIn, ApprovalOut, ApprovalStepOut, DecisionIn, WithdrawalIn
from api.shapes.listed import CSV, listed
from api.shapes.registers import RowsOut
from api.wire.body import StrictRoute
from api.wire.bounds import ID_PATTERN
from api.wire.page import CursorAsked, LimitAsked
from api.wire.table import FileWanted
from api.wire.written import carried_out
from dispatch.desk.approval import Approval, ApprovalEvent, ApprovalStep, approvals, may_decide
from dispatch.desk.practice import DeskRole, Practice
from kernel.errors import Refusal
from kernel.ids import natural_key
from storage.dataset.paper_tables import APPROVAL_EVENTS
from storage.desk.facts import record
from storage.idempotency import Reply
from storage.rows.facts import values_in
from storage.rows.head import read_settings
from storage.rows.standing import practice_in
from storage.rows.tickets import check_reached
from storage.tables.people import Role
from storage.unit_of_work import UnitOfWork

router = APIRouter(
    prefix="/v1/approvals", tags=["approvals"], dependencies=[Depends(strict)], route_class=StrictRoute
)

ApprovalPath = Annotated[str, InPath(pattern=ID_PATTERN, description="Id of the request.")]

DECIDES_AS = {
    Role.DISPATCHER: DeskRole.DISPATCHER,
    Role.MANAGER: DeskRole.MANAGER,
    Role.DIRECTOR: DeskRole.DIRECTOR,
}
"""In which role of the desk's practice an account decides."""


@router.get("", response_model=RowsOut[ApprovalOut], responses=CSV)
def list_approvals(
    asked: Annotated[Asked, may(Action.APPROVAL_READ)],
    file: FileWanted,
    mine: Annotated[bool, Query(description="Only what the caller may decide, none of his own.")] = False,
    own: Annotated[bool, Query(description="Only what the caller asked for.")] = False,
    decided: Annotated[bool, Query(description="Those decided or withdrawn as well.")] = False,
    limit: LimitAsked = 50,
    after: CursorAsked = "",
) -> Response | RowsOut[Any]:
    """List requests that wait, oldest first."""
    with asked.database.reading() as connection:
        events = values_in(connection, APPROVAL_EVENTS, asked.region)
        currency = read_settings(connection, asked.region).currency
        practice = practice_in(connection, asked.region)
        known = approvals(sorted(events, key=lambda one: one.at), asked.now).values()
        wanted = [
            one
            for one in sorted(known, key=lambda one: (one.asked_at, natural_key(one.id)))
            if (one.is_open or decided)
            and (not mine or _is_his(one, asked, practice))
            and (not own or one.asked_by == asked.principal.user)
        ]
        names = names_of(
            asked, connection, {by for one in wanted for by in (one.asked_by, one.decided_by) if by}
        )
    found = [_out(one, currency, practice, asked, names) for one in wanted]
    return listed(asked.region, "approvals", ApprovalOut, found, whole=file, limit=limit, after=after)


@router.post("", status_code=201)
def ask(command: Annotated[Command, may_write(Action.TICKET_WRITE)], body: ApprovalIn) -> ApprovalStepOut:
    """Ask for something that costs money; refused where nobody has to approve it, or nobody may."""

    def asked(work: UnitOfWork) -> Reply:
        check_reached(work.connection, work.region, body.ticket, command.scope)
        return _written(
            work,
            ApprovalEvent(
                body.approval,
                body.ticket,
                body.at or work.now,
                command.principal.user,
                ApprovalStep.REQUESTED,
                body.kind,
                body.price_cents,
                reason=body.reason,
            ),
        )

    return ApprovalStepOut.model_validate(carried_out(command.database, command.envelope, asked))


@router.post("/{approval:path}/decision")
def decide(
    command: Annotated[Command, may_write(Action.APPROVE)], approval: ApprovalPath, body: DecisionIn
) -> ApprovalStepOut:
    """Approve or decline a request, up to the limit of the account's role; nobody decides his own."""
    step = ApprovalStep.APPROVED if body.approved else ApprovalStep.DECLINED

    def decided(work: UnitOfWork) -> Reply:
        return _written(
            work,
            ApprovalEvent(
                approval,
                _ticket_of(work, approval, command),
                body.at or work.now,
                command.principal.user,
                step,
                role=DECIDES_AS.get(command.principal.role),
                reason=body.reason,
            ),
        )

    return ApprovalStepOut.model_validate(carried_out(command.database, command.envelope, decided))


@router.post("/{approval:path}/withdrawal")
def withdraw(
    command: Annotated[Command, may_write(Action.TICKET_WRITE)], approval: ApprovalPath, body: WithdrawalIn
) -> ApprovalStepOut:
    """Take one's own request back while nobody has decided."""

    def withdrawn(work: UnitOfWork) -> Reply:
        return _written(
            work,
            ApprovalEvent(
                approval,
                _ticket_of(work, approval, command),
                body.at or work.now,
                command.principal.user,
                ApprovalStep.WITHDRAWN,
                reason=body.reason,
            ),
        )

    return ApprovalStepOut.model_validate(carried_out(command.database, command.envelope, withdrawn))


def _written(work: UnitOfWork, event: ApprovalEvent) -> Reply:
    reply = record(work, APPROVAL_EVENTS, event)
    return {"approval": event.id, "step": event.step.value, "new": reply["new"]}


def _ticket_of(work: UnitOfWork, approval: str, command: Command) -> str:
    """The ticket a request is for; one of others' tickets is as unknown as one that is not there."""
    known = values_in(work.connection, APPROVAL_EVENTS, work.region, approval_id=approval)
    if not known:
        raise Refusal("approval.not_asked", approval=approval)
    ticket: str = known[0].ticket
    try:
        check_reached(work.connection, work.region, ticket, command.scope)
    except Refusal:
        raise Refusal("approval.not_asked", approval=approval) from None
    return ticket


def _is_his(one: Approval, asked: Asked, practice: Practice) -> bool:
    role = DECIDES_AS.get(asked.principal.role)
    return (
        one.is_open
        and one.asked_by != asked.principal.user
        and role in may_decide(one.kind, one.cents, practice)
    )


def _out(
    one: Approval, currency: str, practice: Practice, asked: Asked, names: Mapping[str, str]
) -> ApprovalOut:
    return ApprovalOut(
        approval=one.id,
        ticket=one.ticket,
        kind=one.kind,
        price_cents=one.cents,
        currency=currency,
        reason=one.reason,
        asked_at=one.asked_at,
        asked_by=one.asked_by,
        asked_by_name=names.get(one.asked_by, one.asked_by),
        may_decide=list(may_decide(one.kind, one.cents, practice)),
        is_mine=_is_his(one, asked, practice),
        step=one.step,
        decided_at=one.decided_at,
        decided_by=one.decided_by,
        decided_by_name=names.get(one.decided_by, one.decided_by),
        role=one.role,
        answer=one.answer,
    )
