"""What the desk writes down: reports, answers, what happened, files, visits asked for."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Response
from fastapi import Path as InPath

from api.asked import TicketPath, strict
from api.auth.action import Action
from api.auth.door import Asked, Command, may, may_write
from api.schemas.tickets import (
    AnswerIn,
    EventIn,
    KeptOut,
    ReportIn,
    TakenOut,
    TripIn,
    VersionOut,
    VisitAskedOut,
)
from api.shapes.trips import trip_of
from api.usecases.desk import SAID_AT_WORK
from api.wire.body import FileAsked, StrictRoute, takes_file
from api.wire.version import IfMatch, seen_version, tag
from api.wire.written import carried_out
from dispatch.desk.intake import Answer, Report
from dispatch.desk.ticket import TicketEvent
from kernel.errors import Refusal
from storage.dataset import paper_tables
from storage.desk.contents import content as kept_content
from storage.desk.intake import DRAFT, Brought, answer, bring, take
from storage.desk.tickets import happened, request_visit
from storage.idempotency import Reply
from storage.rows.facts import values_in
from storage.rows.tickets import check_reached
from storage.unit_of_work import UnitOfWork

router = APIRouter(
    prefix="/v1/tickets", tags=["tickets"], dependencies=[Depends(strict)], route_class=StrictRoute
)

DigestPath = Annotated[str, InPath(pattern=r"^[0-9a-f]{64}$", description="SHA-256 of the file.")]
Writes = Annotated[Command, may_write(Action.TICKET_WRITE, within=True)]


@router.post("", status_code=201)
def open_ticket(command: Writes, body: ReportIn, response: Response) -> TakenOut:
    """Take a report: a number at once; a ticket when nothing is missing, else what to ask.

    Whose rights reach only some customers has to name one of their sites.
    """
    said = body.model_dump(exclude={"at", "trip", "channel"})
    trip = trip_of(body.trip) if body.trip is not None else None

    def taken(work: UnitOfWork) -> Reply:
        report = Report(DRAFT, body.at or work.now, body.channel, command.principal.user, **said)
        reply = take(work, report, trip=trip, scope=command.scope)
        check_reached(work.connection, work.region, reply["ticket"], command.scope)
        return reply

    reply = carried_out(command.database, command.envelope, taken)
    response.headers["Location"] = f"/v1/tickets/{reply['ticket']}"
    return TakenOut.model_validate(reply)


@router.post("/{ticket:path}/answers")
def answer_question(command: Writes, ticket: TicketPath, body: AnswerIn) -> TakenOut:
    """Write down the answer to a question; the last one missing opens the ticket."""

    def said(work: UnitOfWork) -> Reply:
        check_reached(work.connection, work.region, ticket, command.scope)
        known = Answer(ticket, body.at or work.now, command.principal.user, body.asked, body.value)
        reply = answer(work, known, scope=command.scope)
        # The answer may have named somebody else's site: then nothing of it stands.
        check_reached(work.connection, work.region, ticket, command.scope)
        return reply

    return TakenOut.model_validate(carried_out(command.database, command.envelope, said))


@router.post("/{ticket:path}/events", status_code=201)
def write_event(
    command: Writes, ticket: TicketPath, body: EventIn, response: Response, if_match: IfMatch = ""
) -> VersionOut:
    """Write down what happened to a ticket; refused when it cannot have happened like that."""
    return _happened(command, ticket, body, response, if_match)


@router.post("/{ticket:path}/work", status_code=201)
def write_work(
    command: Annotated[Command, may_write(Action.VISIT_REPORT, within=True)],
    ticket: TicketPath,
    body: EventIn,
    response: Response,
    if_match: IfMatch = "",
) -> VersionOut:
    """Write down what an engineer says of a visit: on the way, on site, waiting, part needed, forecast, repaired, left."""
    if body.kind not in SAID_AT_WORK:
        raise Refusal("request.not_of_work", kind=body.kind.value, known=", ".join(sorted(SAID_AT_WORK)))
    return _happened(command, ticket, body, response, if_match)


def _happened(command: Command, ticket: str, body: EventIn, response: Response, if_match: str) -> VersionOut:
    seen = seen_version(if_match)

    def written(work: UnitOfWork) -> Reply:
        check_reached(work.connection, work.region, ticket, command.scope)
        event = TicketEvent(
            ticket,
            body.at or work.now,
            body.kind,
            command.principal.scope.engineer or command.principal.user,
            body.reason,
            body.value,
            body.visit,
        )
        return happened(work, event, version=seen)

    made = VersionOut.model_validate(carried_out(command.database, command.envelope, written))
    response.headers["ETag"] = tag(made.version)
    return made


@router.post("/{ticket:path}/visits", status_code=201)
def ask_for_visit(command: Writes, ticket: TicketPath, body: TripIn) -> VisitAskedOut:
    """Ask for one more visit; the next plan places it."""

    def asked(work: UnitOfWork) -> Reply:
        check_reached(work.connection, work.region, ticket, command.scope)
        return request_visit(work, ticket, trip_of(body))

    return VisitAskedOut.model_validate(carried_out(command.database, command.envelope, asked))


@router.post(
    "/{ticket:path}/attachments",
    status_code=201,
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}},
            "description": "The file as it is; its media type in Content-Type.",
        }
    },
)
@takes_file
def attach_file(
    command: Writes,
    ticket: TicketPath,
    content: FileAsked,
    name: Annotated[str, Query(max_length=200, description="What the sender calls it.")] = "",
    content_type: Annotated[str, Header(max_length=100)] = "application/octet-stream",
) -> KeptOut:
    """Keep a file with a ticket or report; its type and size as the desk's practice allows."""
    brought = (Brought(name, content_type, content),)

    def kept(work: UnitOfWork) -> Reply:
        check_reached(work.connection, work.region, ticket, command.scope)
        return bring(work, ticket, brought, by=command.principal.user)

    return KeptOut.model_validate(carried_out(command.database, command.envelope, kept))


@router.get(
    "/{ticket:path}/attachments/{digest}",
    response_class=Response,
    responses={200: {"content": {"application/octet-stream": {}}}},
)
def read_file(
    ticket: TicketPath, digest: DigestPath, asked: Annotated[Asked, may(Action.TICKET_READ)]
) -> Response:
    """Give a file as it came, always as a download: what a customer sent is never shown as a page of ours."""
    with asked.database.reading() as connection:
        check_reached(connection, asked.region, ticket, asked.scope)
        wanted = {"ticket_id": ticket, "digest": digest}
        known = values_in(connection, paper_tables.ATTACHMENTS, asked.region, **wanted)
        if not known:
            raise Refusal("attachment.unknown", digest=digest)
        found = kept_content(connection, asked.region, digest)
    return Response(
        found,
        media_type=known[0].media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{digest[:12]}"',
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "ETag": f'"{digest}"',
            "Cache-Control": "private, max-age=86400, immutable",
        },
    )
