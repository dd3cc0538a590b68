"""Visits: listed, shown, an engineer's own as a calendar, the plan in force as a map."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response
from fastapi import Path as InPath
from fastapi.responses import JSONResponse

from api.asked import EngineerPath, IdAsked, PosedAsked, strict
from api.auth.action import Action
from api.auth.door import Asked, may
from api.report.routes_geojson import routes_geojson
from api.report.view import Report
from api.report.visits_ics import visits_ics
from api.schemas.visits import VisitOut, VisitsOut, WholeVisitOut
from api.wire.body import StrictRoute
from api.wire.bounds import ID_PATTERN
from api.wire.page import CursorAsked, LimitAsked, OneOf, SortTold, next_in, place_in
from api.wire.table import FileWanted, every, table
from kernel.clock import moment
from kernel.errors import Refusal
from storage.dataset import visit_tables
from storage.desk.positions import check_engineer
from storage.order import Place
from storage.rows.facts import values_in
from storage.rows.visits import (
    VISIT_ORDERS,
    VisitThere,
    VisitWish,
    days_of,
    parts_of_visit,
    published_visits,
    visit_page,
)
from storage.tables.crew import EngineerRow

router = APIRouter(prefix="/v1", tags=["visits"], dependencies=[Depends(strict)], route_class=StrictRoute)

MomentAsked = Annotated[str, Query(max_length=40, description="Moment (ISO 8601 with offset).")]
VisitPath = Annotated[str, InPath(pattern=ID_PATTERN, description="Id of the visit.")]
FILE_PAGE = 1_000
LOOKS_BACK = timedelta(days=1)
MOST_EVENTS = 500
MOST_IN_CALENDAR = 5_000


@router.get("/visits", response_model=VisitsOut, responses={200: {"content": {"text/csv": {}}}})
def list_visits(
    asked: Annotated[Asked, may(Action.TICKET_READ)],
    file: FileWanted,
    ticket: IdAsked = "",
    engineer: IdAsked = "",
    site: IdAsked = "",
    depot: IdAsked = "",
    from_at: MomentAsked = "",
    until_at: MomentAsked = "",
    sort: Annotated[str, OneOf(VISIT_ORDERS), SortTold] = "visit",
    limit: LimitAsked = 50,
    after: CursorAsked = "",
) -> Response | VisitsOut:
    """List visits with where the published plan has them; `from_at` and `until_at` bound the published start."""
    wish = VisitWish(
        ticket,
        engineer,
        site,
        depot,
        moment(from_at) if from_at else None,
        moment(until_at) if until_at else None,
    )
    started, order = place_in(after, sort, VISIT_ORDERS), VISIT_ORDERS[sort]
    with asked.database.reading() as connection:

        def page(last: Place | None, most: int = FILE_PAGE) -> tuple[list[VisitOut], Place | None]:
            found, more = visit_page(
                connection, asked.region, asked.scope, wish, order, most=most, after=last
            )
            return [_visit(one) for one in found], more

        if file:
            return table("visits", VisitOut, every(page))
        shown, last = page(started, limit)
    return VisitsOut(region=asked.region, visits=shown, next=next_in(sort, last))


@router.get("/routes.geojson", response_class=JSONResponse)
def map_in_force(asked: Annotated[Asked, may(Action.PLAN_READ)], posed: PosedAsked) -> JSONResponse:
    """The plan in force as GeoJSON (RFC 7946): a line for every route, a point for every stop."""
    going = posed.of(asked.database, asked.region, now=asked.now)
    document: dict[str, Any] = routes_geojson(Report(going.board, going.problem, going.plan))
    return JSONResponse(document, media_type="application/geo+json")


@router.get("/visits.ics", response_class=Response, responses={200: {"content": {"text/calendar": {}}}})
def calendar_of_all(
    asked: Annotated[Asked, may(Action.TICKET_READ)],
    ticket: IdAsked = "",
    engineer: IdAsked = "",
    site: IdAsked = "",
    depot: IdAsked = "",
) -> Response:
    """Published visits from yesterday on as iCalendar, as far as the caller reaches: all, a depot's, an engineer's, a site's, a ticket's."""
    wish = VisitWish(ticket, engineer, site, depot, asked.now - LOOKS_BACK)
    with asked.database.reading() as connection:
        found = published_visits(connection, asked.region, asked.scope, wish, most=MOST_IN_CALENDAR + 1)
    if len(found) > MOST_IN_CALENDAR:
        raise Refusal("request.too_many_rows", most=MOST_IN_CALENDAR)
    text = visits_ics(found, region=asked.region, now=asked.now)
    return Response(text, media_type="text/calendar; charset=utf-8")


@router.get(
    "/engineers/{engineer:path}/visits.ics",
    response_class=Response,
    responses={200: {"content": {"text/calendar": {}}}},
)
def calendar(engineer: EngineerPath, asked: Annotated[Asked, may(Action.CREW_READ)]) -> Response:
    """An engineer's published visits from yesterday on as iCalendar."""
    mine = asked.scope.engineers_where(region=EngineerRow.c.region_id, engineer=EngineerRow.c.engineer_id)
    with asked.database.reading() as connection:
        check_engineer(connection, asked.region, engineer, mine)
        since = asked.now - LOOKS_BACK
        found = days_of(connection, asked.region, engineer, since=since, most=MOST_EVENTS)
    text = visits_ics(found, region=asked.region, engineer=engineer, now=asked.now)
    return Response(text, media_type="text/calendar; charset=utf-8")


@router.get("/visits/{visit:path}")
def show_visit(visit: VisitPath, asked: Annotated[Asked, may(Action.TICKET_READ)]) -> WholeVisitOut:
    """One visit: what it needs, and where the published plan has each part of it."""
    with asked.database.reading() as connection:
        stops = parts_of_visit(connection, asked.region, asked.scope, visit)
        if not stops:
            raise Refusal("explain.unknown_visit", visit=visit)
        (known,) = values_in(connection, visit_tables.VISITS, asked.region, visit_id=visit)
        needs = values_in(connection, visit_tables.PART_REQUIREMENTS, asked.region, visit_id=visit)
        windows = values_in(connection, visit_tables.APPOINTMENTS, asked.region, visit_id=visit)
    return WholeVisitOut(
        visit=visit,
        ticket=known.ticket,
        earliest_at=known.earliest_at,
        skills=dict(known.skills),
        certificates=list(known.certificates),
        tools=list(known.tools),
        needs={one.part: one.quantity for one in needs},
        windows=[(one.window.start, one.window.end) for one in windows],
        stops=[_visit(one) for one in stops],
    )


def _visit(one: VisitThere) -> VisitOut:
    return VisitOut(
        visit=one.visit,
        role=one.role,
        piece=one.piece,
        ticket=one.ticket,
        site=one.site,
        site_name=one.site_name,
        minutes=one.minutes,
        severity=one.severity,
        engineer=one.engineer,
        shift=one.shift,
        partner=one.partner,
        starts_at=one.starts_at,
        told_at=one.told_at,
    )
