"""What goes out: messages that wait, were sent or given up; and where addresses are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi import Path as InPath

from api.asked import strict
from api.auth.action import Action
from api.auth.door import Asked, Command, may, may_write
from api.outbound.geocoding import Geocoder
from api.outbound.message import Message, left
from api.schemas.messages import (
    AddressFixIn,
    AddressIn,
    AddressOut,
    MessageActedOut,
    MessageIn,
    MessageOut,
)
from api.shapes.listed import CSV, number_in
from api.shapes.registers import RowsOut
from api.wire.body import StrictRoute
from api.wire.page import CursorAsked, LimitAsked, cursor
from api.wire.table import FileWanted, every, table
from api.wire.version import IfMatch, seen_version, tag
from api.wire.written import carried_out
from kernel.errors import Refusal
from kernel.place import latlon
from storage.idempotency import Reply, once
from storage.outbox import Letter, drop, find, letters, send_again
from storage.outside import MANUAL, Found, keep_address, known_address, plain_address
from storage.tables.outbox import OutboxState
from storage.unit_of_work import UnitOfWork

router = APIRouter(prefix="/v1", tags=["going out"], dependencies=[Depends(strict)], route_class=StrictRoute)

NumberPath = Annotated[int, InPath(ge=1, le=2**53, description="Number of the message.")]
Writes = Annotated[Command, may_write(Action.MESSAGE_WRITE)]
Addresses = Annotated[Command, may_write(Action.ADDRESS_WRITE)]
FILE_PAGE = 1_000


def geocoder_of(request: Request) -> Geocoder:
    """The one of this process: it waits its turn at a public service."""
    found: Geocoder = request.app.state.geocoder
    return found


@router.get("/messages", response_model=RowsOut[MessageOut], responses=CSV)
def list_messages(
    asked: Annotated[Asked, may(Action.MESSAGE_READ)],
    file: FileWanted,
    state: Annotated[OutboxState | None, Query(description="`dead`: given up.")] = None,
    limit: LimitAsked = 50,
    after: CursorAsked = "",
) -> Response | RowsOut[Any]:
    """Messages of a region, the newest first; to whom they go is not told."""
    start = number_in(after)
    with asked.database.reading() as connection:

        def page(before: int | None, most: int) -> tuple[list[MessageOut], int | None]:
            found = letters(connection, asked.region, state=state, before=before or None, most=most + 1)
            more = found[most - 1].seq if len(found) > most else None
            return [_out(one) for one in found[:most]], more

        if file:
            return table("messages", MessageOut, every(lambda last: page(last, FILE_PAGE)))
        shown, last = page(start, limit)
    return RowsOut[Any](region=asked.region, rows=shown, next=cursor(str(last)) if last is not None else None)


@router.post("/messages", status_code=201)
def leave_message(command: Writes, body: MessageIn) -> MessageActedOut:
    """Leave a message to a customer or an engineer; `fieldwright send` hands it to its channel."""
    message = Message(body.channel, body.to, body.kind, body.lang, body.values)

    def done(work: UnitOfWork) -> Reply:
        left(work, message, about=body.about)
        return {"number": 0, "about": body.about}

    return MessageActedOut.model_validate(carried_out(command.database, command.envelope, done))


@router.post("/messages/{number}/again")
def try_again(command: Writes, number: NumberPath) -> MessageActedOut:
    """Send a message anew that was given up."""
    return _act(command, number, "message.again", send_again)


@router.post("/messages/{number}/drop")
def drop_message(command: Writes, number: NumberPath) -> MessageActedOut:
    """Have a message not sent any more."""
    return _act(command, number, "message.drop", drop)


@router.post("/addresses/find")
def find_address(
    command: Addresses,
    body: AddressIn,
    geocoder: Annotated[Geocoder, Depends(geocoder_of)],
    response: Response,
) -> AddressOut:
    """Say where an address is: what is kept, else what the service of the setting `geocoder` says, which is kept then.

    The ETag is the version that putting it right can be held to.
    """
    found = geocoder.find(body.address, actor=command.principal.user)
    response.headers["ETag"] = tag(found.version)
    return _address(found)


@router.put("/addresses")
def fix_address(command: Addresses, body: AddressFixIn, if_match: IfMatch = "") -> AddressOut:
    """Say where an address is; no service says otherwise from then on. With If-Match only as it was seen."""
    at, seen = latlon(body.lat, body.lon), seen_version(if_match)

    def done(work: UnitOfWork) -> Reply:
        def act() -> Reply:
            known = None
            if seen is not None:
                known = known_address(work.connection, body.address, lock=True)
            if seen is not None and (known is None or known.version != seen):
                raise Refusal("register.moved_on", id=body.address[:60])
            found = Found(plain_address(body.address), MANUAL, at, "", work.now)
            keep_address(work, found)
            return _address(found).model_dump()

        return once(work, "address.fix", {"address": body.address, "lat": body.lat, "lon": body.lon}, act)

    return AddressOut.model_validate(carried_out(command.database, command.envelope, done))


def _act(command: Command, number: int, name: str, act: Callable[[UnitOfWork, int], None]) -> MessageActedOut:
    def done(work: UnitOfWork) -> Reply:
        def acted() -> Reply:
            about = find(work.connection, work.region, number).about
            act(work, number)
            return {"number": number, "about": about}

        return once(work, name, {"message": number}, acted)

    return MessageActedOut.model_validate(carried_out(command.database, command.envelope, done))


def _out(one: Letter) -> MessageOut:
    return MessageOut(
        number=one.seq,
        about=one.about,
        kind=str(one.body.get("kind", one.topic)),
        channel=str(one.body.get("channel", "")),
        state=one.state.value,
        attempts=one.attempts,
        left_at=one.at,
        next_at=one.next_at,
        code=one.error_code,
    )


def _address(found: Found) -> AddressOut:
    assert found.at is not None
    return AddressOut(
        address=found.address,
        lat=found.at.lat,
        lon=found.at.lon,
        source=found.source,
        label=found.label,
    )
