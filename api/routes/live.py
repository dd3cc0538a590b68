"""That something changed, as it happens."""

from __future__ import annotations

from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Depends, Header, Query, Request
from starlette.responses import Response

from api.asked import strict
from api.auth.action import Action
from api.auth.door import Asked, may
from api.auth.present import note_present, present
from api.live import EventStream, Live
from kernel.errors import Refusal
from storage.database import PASSING
from storage.stream import StreamEvent
from storage.stream_scope import reached_events

router = APIRouter(prefix="/v1/events", tags=["live"], dependencies=[Depends(strict)])

_OF_SUPPLIERS = (
    "supplier",
    "terms",
    "price_breaks",
    "agreement",
    "inspection_limits",
    "checks",
    "part_class",
    "reinspection_rule",
)
READ_BY = {
    **{f"catalogue.{word}": Action.SUPPLIER_READ for word in _OF_SUPPLIERS},
    "catalogue.loaner_class": Action.LOAN_READ,
    "catalogue.loaner_unit": Action.LOAN_READ,
    "catalogue.stock_policy": Action.ORDER_READ,
    "catalogue": Action.PART_READ,
    "change": Action.APPROVAL_READ,
    "desk": Action.TICKET_READ,
    "desk.wishes": Action.CUSTOMER_READ,
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
    "message": Action.MESSAGE_READ,
}
"""Who may hear of an action, by its name, else by its first word: whoever may read what it is about. Anything else is told nobody."""

OF_VISITS = frozenset({"plan.stop", "plan.stop_gone"})
"""Told as what they are about, where the plan is not the reader's to read: an engineer hears that a visit of his moved."""


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
    after: Annotated[
        str,
        Query(max_length=40, description="The same for who cannot send the header; the header goes first."),
    ] = "",
) -> Response:
    """What changes in a region, from now on or from the last event heard."""
    live: Live = request.app.state.live
    position = await to_thread.run_sync(live.place, last_event_id or after)
    reader, scope = asked.principal, asked.scope

    def heard(event: StreamEvent) -> bool:
        about = READ_BY.get(event.action) or READ_BY.get(event.action.partition(".")[0])
        if scope.is_narrow and event.action in OF_VISITS:
            about = Action.TICKET_READ
        return event.region == asked.region and about is not None and reader.may(about)

    def within(events: tuple[StreamEvent, ...]) -> tuple[StreamEvent, ...]:
        with asked.database.reading() as connection:
            return reached_events(connection, asked.region, scope, events)

    def still() -> bool:
        try:
            now = live.clock.now()
            with asked.database.reading() as connection:
                who = present(request, connection, now=now)
            note_present(asked.database, who, now=now)
        except Refusal as refusal:
            if refusal.code in PASSING:
                raise
            return False
        return who.principal == asked.principal

    return EventStream(live, position, heard, still, within if scope.is_narrow else None)
