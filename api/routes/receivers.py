"""How customers and engineers are reached by message: shown and written by who may write messages, nobody else."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from fastapi import Path as InPath

from api.asked import EngineerPath, strict
from api.auth.action import Action
from api.auth.door import Asked, Command, may, may_write
from api.schemas.messages import ReceiverIn, ReceiverOut, ReceiverRemovedOut, ReceiverWrittenOut
from api.shapes.listed import CSV, listed
from api.shapes.registers import RowsOut
from api.wire.body import StrictRoute
from api.wire.bounds import ID_PATTERN
from api.wire.page import CursorAsked, LimitAsked
from api.wire.table import FileWanted
from api.wire.version import IfSeen, seen_version, tag
from api.wire.written import carried_out
from storage.receivers import Receiver, Who, reach, reach_no_more, receiver_of, receivers

router = APIRouter(prefix="/v1", tags=["going out"], dependencies=[Depends(strict)], route_class=StrictRoute)

CustomerPath = Annotated[str, InPath(pattern=ID_PATTERN, description="Id of the customer.")]
# Whoever only reads messages is not told to whom they go.
Reads = Annotated[Asked, may(Action.MESSAGE_WRITE)]
Writes = Annotated[Command, may_write(Action.MESSAGE_WRITE)]


@router.get("/receivers", response_model=RowsOut[ReceiverOut], responses=CSV)
def list_receivers(
    asked: Reads, file: FileWanted, limit: LimitAsked = 50, after: CursorAsked = ""
) -> Response | RowsOut[Any]:
    """Who is reached by message, by which channel: customers first."""
    with asked.database.reading() as connection:
        rows = [_out(one) for one in receivers(connection, asked.region)]
    return listed(asked.region, "receivers", ReceiverOut, rows, whole=file, limit=limit, after=after)


@router.get("/customers/{customer:path}/receiver")
def show_customers(customer: CustomerPath, asked: Reads, response: Response) -> ReceiverOut:
    """How a customer is reached; the ETag is the version a write can be held to."""
    return _show(asked, response, Who.CUSTOMER, customer)


@router.put("/customers/{customer:path}/receiver")
def write_customers(
    customer: CustomerPath, command: Writes, body: ReceiverIn, response: Response, if_match: IfSeen = ""
) -> ReceiverWrittenOut:
    """Say how a customer is reached: times that change, and the engineer on the way, are messages to him from now on."""
    return _write(command, response, Who.CUSTOMER, customer, body, if_match)


@router.delete("/customers/{customer:path}/receiver")
def remove_customers(customer: CustomerPath, command: Writes, if_match: IfSeen = "") -> ReceiverRemovedOut:
    """Send a customer no messages from now on: he is called."""
    return _remove(command, Who.CUSTOMER, customer, if_match)


@router.get("/engineers/{engineer:path}/receiver")
def show_engineers(engineer: EngineerPath, asked: Reads, response: Response) -> ReceiverOut:
    """How an engineer is reached; the ETag is the version a write can be held to."""
    return _show(asked, response, Who.ENGINEER, engineer)


@router.put("/engineers/{engineer:path}/receiver")
def write_engineers(
    engineer: EngineerPath, command: Writes, body: ReceiverIn, response: Response, if_match: IfSeen = ""
) -> ReceiverWrittenOut:
    """Say how an engineer is reached: that his day has changed is a message to him from now on."""
    return _write(command, response, Who.ENGINEER, engineer, body, if_match)


@router.delete("/engineers/{engineer:path}/receiver")
def remove_engineers(engineer: EngineerPath, command: Writes, if_match: IfSeen = "") -> ReceiverRemovedOut:
    """Send an engineer no messages from now on."""
    return _remove(command, Who.ENGINEER, engineer, if_match)


def _show(asked: Asked, response: Response, who: Who, name: str) -> ReceiverOut:
    with asked.database.reading() as connection:
        found = receiver_of(connection, asked.region, who, name)
    response.headers["ETag"] = tag(found.version)
    return _out(found)


def _write(
    command: Command, response: Response, who: Who, name: str, body: ReceiverIn, if_match: str
) -> ReceiverWrittenOut:
    told = Receiver(who, name, body.channel, body.address, body.lang)
    seen = seen_version(if_match)
    reply = carried_out(command.database, command.envelope, lambda work: reach(work, told, seen=seen))
    response.status_code = 201 if reply["new"] else 200
    response.headers["ETag"] = tag(reply["version"])
    return ReceiverWrittenOut(id=reply["id"], new=reply["new"])


def _remove(command: Command, who: Who, name: str, if_match: str) -> ReceiverRemovedOut:
    seen = seen_version(if_match)
    reply = carried_out(
        command.database, command.envelope, lambda work: reach_no_more(work, who, name, seen=seen)
    )
    return ReceiverRemovedOut.model_validate(reply)


def _out(one: Receiver) -> ReceiverOut:
    return ReceiverOut(who=one.who.value, id=one.id, channel=one.channel, address=one.address, lang=one.lang)
