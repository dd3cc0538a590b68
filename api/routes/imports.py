"""Lists people keep elsewhere, brought in: each line a report of its own, taken once, none dropped."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends

from api.asked import strict
from api.auth.action import Action
from api.auth.door import Command, may_write
from api.schemas.imports import ImportOut, RefusedLineOut, TakenLineOut
from api.text import say
from api.usecases.desk_import import import_list
from api.wire.body import FileAsked, StrictRoute, takes_file
from kernel.errors import Refusal

router = APIRouter(
    prefix="/v1/imports", tags=["imports"], dependencies=[Depends(strict)], route_class=StrictRoute
)

MOST_LIST = 1_000_000
"""Bytes of a list in one request: every line is a command of its own. Longer ones come by the command line."""
NAME = "list.csv"


@router.post(
    "/reports",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"text/csv": {"schema": {"type": "string", "format": "binary"}}},
            "description": "A list of reports as a spreadsheet saves it, columns as `fieldwright ticket import` reads them.",
        }
    },
)
@takes_file
def take_list(command: Annotated[Command, may_write(Action.TICKET_WRITE)], content: FileAsked) -> ImportOut:
    """Take in every report of a CSV list; a line that was taken before is not taken again, whatever the key."""
    if command.scope.is_narrow:
        # A line may name any site: who answers for some customers reports one by one.
        raise Refusal("right.scope_too_narrow", action=Action.TICKET_WRITE.value)
    if len(content) > MOST_LIST:
        raise Refusal("request.body_too_large", most=MOST_LIST)
    taken = import_list(
        command.database, command.region, NAME, content, now=command.now, by=command.principal.user
    )
    return ImportOut(
        given=taken.given,
        accepted=taken.accepted,
        known=taken.known,
        reports=[
            TakenLineOut(
                line=at.line,
                ticket=reply["ticket"],
                opened=not reply["questions"],
                missing=[one["asked"] for one in reply["questions"]],
            )
            for at, reply in taken.replies
        ],
        refused=[
            RefusedLineOut(
                line=one.at.line if one.at is not None else 0,
                code=one.code,
                detail=say(one.message, command.lang),
            )
            for one in taken.refusals
        ],
    )
