"""The roster: who is called for which role of the escalation ladder, what is handed over, and who it is in the end."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response
from fastapi import Path as InPath
from sqlalchemy import ColumnElement, select

from api.asked import IdAsked, strict
from api.auth.action import Action
from api.auth.door import Asked, Command, may, may_write
from api.schemas.roster import DutyIn, DutyWrittenOut, HandedOverOut, HandOverIn, RosterOut, WatchOut
from api.shapes.listed import CSV, registered
from api.shapes.registers import RowsOut, shape_of
from api.wire.body import StrictRoute
from api.wire.bounds import ID_PATTERN
from api.wire.page import CursorAsked, LimitAsked
from api.wire.table import FileWanted, table
from dispatch.desk.on_call import DutyHandedOver, RosterDuty, roster
from kernel.errors import Refusal
from storage.dataset import owed_tables
from storage.desk.facts import record
from storage.rows.facts import pair_of, rows_in, values_among
from storage.rows.register import alike
from storage.tables.crew import EngineerRow

router = APIRouter(prefix="/v1", tags=["on record"], dependencies=[Depends(strict)], route_class=StrictRoute)

Crew = Annotated[Asked, may(Action.CREW_READ)]
DutyPath = Annotated[str, InPath(pattern=ID_PATTERN, description="Id of the duty.")]


def _reached(asked: Asked) -> ColumnElement[bool]:
    """Whose duties the caller may see."""
    rows = pair_of(owed_tables.ROSTER_DUTIES).rows
    return asked.scope.engineers_where(region=rows.c.region_id, engineer=rows.c.person)


def _check_wide(command: Command) -> None:
    """Refuse who answers for a part of the region only: the roster is the whole region's.

    Raises:
        Refusal: ``right.scope_too_narrow``.
    """
    if command.scope.is_narrow:
        raise Refusal("right.scope_too_narrow", action=Action.CREW_WRITE.value)


@router.get("/duties", response_model=RowsOut[shape_of(owed_tables.ROSTER_DUTIES)], responses=CSV)  # type: ignore[misc]
def list_duties(
    asked: Crew, file: FileWanted, person: IdAsked = "", limit: LimitAsked = 50, after: CursorAsked = ""
) -> Response | RowsOut[Any]:
    """The roster: who is called for which role of the escalation ladder, and when."""
    duties = owed_tables.ROSTER_DUTIES
    wanted = [_reached(asked), *alike(duties, person=person)]
    return registered(asked.database, asked.region, duties, wanted, whole=file, limit=limit, after=after)


@router.post("/duties", status_code=201)
def write_duty(command: Annotated[Command, may_write(Action.CREW_WRITE)], body: DutyIn) -> DutyWrittenOut:
    """Put somebody on the roster."""
    _check_wide(command)
    duty = RosterDuty(body.duty, body.role, body.person, body.starts_at, body.ends_at, body.rank)
    reply = command.database.run(command.envelope, lambda work: record(work, owed_tables.ROSTER_DUTIES, duty))
    return DutyWrittenOut(duty=duty.id, new=reply["new"])


@router.post("/duties/{duty:path}/hand-over", status_code=201)
def hand_over(
    command: Annotated[Command, may_write(Action.CREW_WRITE)], duty: DutyPath, body: HandOverIn
) -> HandedOverOut:
    """Give part of a duty to somebody else, or to nobody; what was said later holds."""
    _check_wide(command)
    envelope = command.envelope
    said = DutyHandedOver(
        duty, envelope.now, envelope.actor, body.reason, body.starts_at, body.ends_at, body.person
    )
    reply = command.database.run(envelope, lambda work: record(work, owed_tables.DUTIES_HANDED_OVER, said))
    return HandedOverOut(duty=duty, person=body.person, new=reply["new"])


@router.get("/roster", response_model=RosterOut, responses=CSV)
def show_roster(
    asked: Crew,
    file: FileWanted,
    days: Annotated[int, Query(ge=1, le=92, description="So many days from now on.")] = 28,
) -> Response | RosterOut:
    """Who is called in the end, duties and what was handed over of them put together: now and in the days to come."""
    pair, until = pair_of(owed_tables.ROSTER_DUTIES), asked.now + timedelta(days=days)
    ahead = pair.rows.c.ends_at > asked.now, pair.rows.c.starts_at < until
    with asked.database.reading() as connection:
        rows = rows_in(connection, pair, asked.region, *ahead)
        duties = [owed_tables.ROSTER_DUTIES.make(row) for row in rows]
        names = {one.id for one in duties}
        said = values_among(connection, owed_tables.DUTIES_HANDED_OVER, asked.region, "duty_id", names)
        watches = [one for one in roster(duties, said) if one.span.end > asked.now]
        if asked.scope.is_narrow:
            mine = asked.scope.engineers_where(
                region=EngineerRow.c.region_id, engineer=EngineerRow.c.engineer_id
            )
            own = select(EngineerRow.c.engineer_id).where(EngineerRow.c.region_id == asked.region, mine)
            reached = set(connection.execute(own).scalars())
            watches = [one for one in watches if one.person in reached]
    shown = [
        WatchOut(
            duty=one.duty,
            role=one.role,
            person=one.person,
            starts_at=one.span.start,
            ends_at=one.span.end,
            rank=one.rank,
        )
        for one in sorted(watches, key=lambda one: (one.span.start, one.role, one.rank))
    ]
    return table("roster", WatchOut, shown) if file else RosterOut(region=asked.region, watches=shown)
