"""That something changed, as it happens."""

from __future__ import annotations

from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Depends, Header, Request
from starlette.responses import Response

from api.asked import strict
from api.auth.action import RIGHTS, Action
from api.auth.door import Asked, may
from api.auth.present import present
from api.live import EventStream, Live
from kernel.errors import Refusal
from storage.database import PASSING
from storage.stream import StreamEvent

router = APIRouter(prefix="/v1/events", tags=["live"], dependencies=[Depends(strict)])

READ_BY = {
    "desk": Action.TICKET_READ,
    "plan": Action.PLAN_READ,
    "pool": Action.LOAN_READ,
    "position": Action.POSITION_READ,
    "run": Action.PLAN_READ,
    "scheme": Action.SCHEME_READ,
    "stock": Action.STOCK_READ,
    "supply": Action.SUPPLIER_READ,
    "ticket": Action.TICKET_READ,
    "visit": Action.TICKET_READ,
    "crew": Action.CREW_READ,
}
"""Who may hear of an action, by its first word: whoever may read what it is about. Anything else is told nobody."""


@router.get(
    "",
    response_class=Response,
    responses={
        200: {
            "description": "`text/event-stream`: `changed` says what to read again, `reload` that everything is.",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        }
    },
)
async def events(
    request: Request,
    asked: Annotated[Asked, may(Action.LIVE_READ)],
    last_event_id: Annotated[
        str,
        Header(max_length=40, description="Number of the last event heard: what followed it comes first."),
    ] = "",
) -> Response:
    """What changes in a region, from now on or from the last event heard."""
    live: Live = request.app.state.live
    position = await to_thread.run_sync(live.place, last_event_id)
    rights = RIGHTS[asked.principal.role]

    def heard(event: StreamEvent) -> bool:
        about = READ_BY.get(event.action.partition(".")[0])
        return event.region == asked.region and about in rights

    def still() -> bool:
        try:
            who = present(request, asked.database, now=live.clock.now())
        except Refusal as refusal:
            if refusal.code in PASSING:
                raise
            return False
        return who == asked.principal

    return EventStream(live, position, heard, still)
