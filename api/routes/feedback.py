"""What customers say afterwards: complaints and their answers, questionnaires and follow-ups."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response
from fastapi import Path as InPath

from api.asked import IdAsked, strict
from api.auth.action import Action
from api.auth.called import with_names
from api.auth.door import Asked, Command, may, may_write
from api.schemas.feedback import (
    ComplaintIn,
    ComplaintOut,
    ComplaintStepIn,
    ComplaintWrittenOut,
    SurveyOut,
    SurveyStepIn,
    SurveyWrittenOut,
)
from api.shapes.feedback import complaint_out, survey_out
from api.shapes.listed import CSV, listed
from api.shapes.registers import RowsOut
from api.wire.body import StrictRoute
from api.wire.bounds import ID_PATTERN
from api.wire.page import CursorAsked, LimitAsked
from api.wire.table import FileWanted
from api.wire.written import carried_out
from dispatch.desk.complaint import Complaint, ComplaintEvent
from dispatch.desk.survey import SurveyEvent
from storage.dataset import owed_tables
from storage.desk.complaints import complain
from storage.desk.facts import record
from storage.idempotency import Reply
from storage.rows.facts import values_in
from storage.rows.standing import calendars, schemes_in
from storage.rows.surveys import asked_about
from storage.unit_of_work import UnitOfWork

router = APIRouter(prefix="/v1", tags=["feedback"], dependencies=[Depends(strict)], route_class=StrictRoute)

Reads = Annotated[Asked, may(Action.FEEDBACK_READ)]
Writes = Annotated[Command, may_write(Action.FEEDBACK_WRITE)]
ComplaintPath = Annotated[str, InPath(pattern=ID_PATTERN, description="Number of the complaint.")]
TicketPath = Annotated[str, InPath(pattern=ID_PATTERN, description="Number of the ticket.")]


@router.get("/complaints", response_model=RowsOut[ComplaintOut], responses=CSV)
def list_complaints(
    asked: Reads,
    file: FileWanted,
    customer: IdAsked = "",
    ticket: IdAsked = "",
    due: Annotated[bool, Query(description="Only those on which we owe the next step.")] = False,
    over: Annotated[bool, Query(description="Those settled or withdrawn as well.")] = False,
    limit: LimitAsked = 50,
    after: CursorAsked = "",
) -> Response | RowsOut[Any]:
    """Complaints with their two clocks, in the order they were made."""
    with asked.database.reading() as connection:
        made: tuple[Complaint, ...] = values_in(connection, owed_tables.COMPLAINTS, asked.region)
        steps = values_in(connection, owed_tables.COMPLAINT_EVENTS, asked.region)
        schemes = schemes_in(connection, asked.region)
        known = calendars(connection, asked.region)
    by_complaint: dict[str, list[ComplaintEvent]] = {}
    for step in sorted(steps, key=lambda one: one.at):
        by_complaint.setdefault(step.complaint, []).append(step)
    rows = []
    for one in sorted(made, key=lambda one: (one.made_at, one.id)):
        if customer in {"", one.customer} and ticket in {"", one.ticket}:
            row = complaint_out(one, by_complaint.get(one.id, ()), schemes, known, now=asked.now)
            if (over or row.state.is_open) and (row.next_step is not None or not due):
                rows.append(row)
    return listed(
        asked.region,
        "complaints",
        ComplaintOut,
        with_names(asked, rows),
        whole=file,
        limit=limit,
        after=after,
    )


@router.post("/complaints", status_code=201)
def write_complaint(command: Writes, body: ComplaintIn) -> ComplaintWrittenOut:
    """Write a complaint down; its clocks run from now."""

    def made(work: UnitOfWork) -> Reply:
        return complain(
            work,
            body.complaint,
            body.customer,
            body.text,
            made_at=body.at or work.now,
            ticket=body.ticket,
            scheme=body.scheme,
            version=body.scheme_version,
        )

    return ComplaintWrittenOut.model_validate(carried_out(command.database, command.envelope, made))


@router.post("/complaints/{complaint:path}/steps", status_code=201)
def take_step(command: Writes, complaint: ComplaintPath, body: ComplaintStepIn) -> ComplaintWrittenOut:
    """Accept a complaint, answer it, write down what the customer says to it; refused when it cannot follow."""

    def taken(work: UnitOfWork) -> Reply:
        event = ComplaintEvent(
            complaint, body.at or work.now, body.step, command.principal.user, body.reason, body.remedy
        )
        return {
            "complaint": complaint,
            "new": record(work, owed_tables.COMPLAINT_EVENTS, event)["new"],
        }

    return ComplaintWrittenOut.model_validate(carried_out(command.database, command.envelope, taken))


@router.get("/surveys", response_model=RowsOut[SurveyOut], responses=CSV)
def list_surveys(
    asked: Reads,
    file: FileWanted,
    ticket: IdAsked = "",
    owed: Annotated[bool, Query(description="Only where something is due and not done.")] = False,
    limit: LimitAsked = 50,
    after: CursorAsked = "",
) -> Response | RowsOut[Any]:
    """Tickets that were closed, what their customers were asked and said, what is still to be asked."""
    with asked.database.reading() as connection:
        there = asked_about(connection, asked.region, ticket=ticket)
        schemes = schemes_in(connection, asked.region)
    found = [survey_out(one, schemes, now=asked.now) for one in there]
    rows = [row for row in found if row.owed or not owed]
    return listed(asked.region, "surveys", SurveyOut, rows, whole=file, limit=limit, after=after)


@router.post("/surveys/{ticket:path}/steps", status_code=201)
def write_answer(command: Writes, ticket: TicketPath, body: SurveyStepIn) -> SurveyWrittenOut:
    """Write down that a questionnaire went out, a score, a follow-up; a fault that is back opens the ticket again."""

    def said(work: UnitOfWork) -> Reply:
        event = SurveyEvent(
            ticket, body.at or work.now, body.step, command.principal.user, body.score, body.remark
        )
        reply = record(work, owed_tables.SURVEY_EVENTS, event)
        return {"ticket": ticket, "ticket_event": reply["ticket_event"], "new": reply["new"]}

    return SurveyWrittenOut.model_validate(carried_out(command.database, command.envelope, said))
