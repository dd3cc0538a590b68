"""Changes of the region asked for after a simulation: asked, listed, decided; nothing is edited by them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response
from fastapi import Path as InPath

from api.asked import strict
from api.auth.action import Action
from api.auth.called import names_of
from api.auth.door import Asked, Command, may, may_write
from api.schemas.change_requests import (
    ChangeFigureOut,
    ChangeRequestOut,
    ChangeSaidOut,
    ChangesAskedOut,
    ChangesIn,
    ChangeStepIn,
    ChangeStepOut,
)
from api.shapes.listed import CSV, listed
from api.shapes.registers import RowsOut
from api.usecases.change_requests import wanted_of
from api.wire.body import StrictRoute
from api.wire.bounds import ID_PATTERN
from api.wire.page import CursorAsked, LimitAsked
from api.wire.table import FileWanted
from api.wire.written import carried_out
from dispatch.desk.change_request import BY_ANOTHER, NEXT, ChangeRequest, ChangeStep
from kernel.errors import Refusal
from storage.desk.change_requests import ask_for, decide_on, requested
from storage.idempotency import Reply
from storage.unit_of_work import UnitOfWork

router = APIRouter(
    prefix="/v1/change-requests",
    tags=["change requests"],
    dependencies=[Depends(strict)],
    route_class=StrictRoute,
)

RequestPath = Annotated[str, InPath(pattern=ID_PATTERN, description="Id of the request.")]


@router.get("", response_model=RowsOut[ChangeRequestOut], responses=CSV)
def list_change_requests(
    asked: Annotated[Asked, may(Action.APPROVAL_READ)],
    file: FileWanted,
    mine: Annotated[bool, Query(description="Only what the caller may decide, none of his own.")] = False,
    own: Annotated[bool, Query(description="Only what the caller asked for.")] = False,
    decided: Annotated[bool, Query(description="Those declined, withdrawn or done as well.")] = False,
    run: Annotated[str, Query(max_length=64, description="Of this simulation only; empty: all.")] = "",
    limit: LimitAsked = 50,
    after: CursorAsked = "",
) -> Response | RowsOut[Any]:
    """List changes asked for after a simulation: those nobody has decided and those accepted but not done, oldest first."""
    with asked.database.reading() as connection:
        known = requested(connection, asked.region).values()
        wanted = [
            one
            for one in known
            if (decided or one.step in NEXT)
            and (not mine or _is_his(one, asked))
            and (not own or one.asked_by == asked.principal.user)
            and (not run or one.of.run == run)
        ]
        people = {by for one in wanted for by in (one.asked_by, *(step.by for step in one.steps))}
        names = names_of(asked, connection, people)
    found = [_out(one, asked, names) for one in wanted]
    return listed(
        asked.region, "change_requests", ChangeRequestOut, found, whole=file, limit=limit, after=after
    )


@router.post("", status_code=201)
def ask_for_changes(
    command: Annotated[Command, may_write(Action.SCENARIO_RUN)], body: ChangesIn
) -> ChangesAskedOut:
    """Ask for the patches of a simulated scenario, one request each with the scenario's figures; nothing is edited."""

    def asked(work: UnitOfWork) -> Reply:
        wanted = wanted_of(work.connection, work.region, body.run, body.scenario, body.patches)
        return ask_for(work, wanted, reason=body.reason)

    return ChangesAskedOut.model_validate(carried_out(command.database, command.envelope, asked))


@router.post("/{request:path}/steps")
def decide(
    command: Annotated[Command, may_write(Action.SCENARIO_RUN)], request: RequestPath, body: ChangeStepIn
) -> ChangeStepOut:
    """Accept or decline what another asked for (who may approve), take one's own back, or say that it is done."""
    step = ChangeStep(body.step)
    if step in BY_ANOTHER and not command.principal.may(Action.APPROVE):
        raise Refusal("change.may_not_decide", request=request)

    def decided(work: UnitOfWork) -> Reply:
        return decide_on(work, request, step, reason=body.reason)

    return ChangeStepOut.model_validate(carried_out(command.database, command.envelope, decided))


def _is_his(one: ChangeRequest, asked: Asked) -> bool:
    return one.is_open and one.asked_by != asked.principal.user and asked.principal.may(Action.APPROVE)


def _out(one: ChangeRequest, asked: Asked, names: Mapping[str, str]) -> ChangeRequestOut:
    return ChangeRequestOut(
        request=one.id,
        name=one.of.name[asked.lang == "zh"],
        run=one.of.run,
        scenario=one.of.scenario,
        lists=list(one.of.lists),
        patch=dict(one.of.patch),
        together=one.of.together,
        replications=one.of.replications,
        currency=one.of.currency,
        figures=[ChangeFigureOut(figure=name, **row) for name, row in one.of.figures.items()],
        reason=one.reason,
        asked_at=one.asked_at,
        asked_by=one.asked_by,
        asked_by_name=names.get(one.asked_by, one.asked_by),
        step=one.step,
        steps=[
            ChangeSaidOut(
                step=said.step,
                at=said.at,
                by=said.by,
                by_name=names.get(said.by, said.by),
                reason=said.reason,
            )
            for said in one.steps
        ],
        is_mine=_is_his(one, asked),
        is_own=one.asked_by == asked.principal.user,
    )
