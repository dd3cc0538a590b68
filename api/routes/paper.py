"""Pages to print: labels for shelves, parts and units, and an engineer's day."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import HTMLResponse

from api.asked import EngineerPath, IdAsked, strict
from api.auth.action import Action
from api.auth.door import Asked, may
from api.headers import PAPER
from api.report.labels import label_sheet
from api.report.route_sheet import route_sheet
from api.text import Lang
from api.usecases.at_site import DAYS, zone_here
from api.wire.body import StrictRoute
from inventory.labelling import LabelKind, labels
from kernel.errors import Refusal
from storage.desk.positions import check_engineer
from storage.rows.region import load_stockroom
from storage.rows.visits import VisitThere, days_of
from storage.stock.reached import places_reached
from storage.tables.crew import EngineerRow

router = APIRouter(prefix="/v1", tags=["paper"], dependencies=[Depends(strict)], route_class=StrictRoute)

MOST_VISITS = 60

LangAsked = Annotated[Lang | None, Query(description="Language of the page; by default the caller's.")]


@router.get("/labels", response_class=HTMLResponse, responses={200: {"content": {"text/html": {}}}})
def print_labels(
    asked: Annotated[Asked, may(Action.STOCK_READ)],
    kind: Annotated[LabelKind, Query(description="What the labels stick on.")] = LabelKind.PLACES,
    place: IdAsked = "",
    part: IdAsked = "",
    lang: LangAsked = None,
) -> Response:
    """Labels for A4 sheets of 3 x 7, a QR code on each, of what stands in places the caller reaches."""
    with asked.database.reading() as connection:
        reached = places_reached(connection, asked.region, asked.scope)
        stock = load_stockroom(connection, asked.region)
    if place and place not in reached:
        raise Refusal("stock.unknown_place", place=place)
    named = [place] if place or not asked.scope.is_narrow else sorted(reached)
    rows = [row for at in named for row in labels(stock, kind, now=asked.now, place=at, part=part)]
    if not rows:
        raise Refusal("label.nothing_to_print")
    return _printed(label_sheet(dict.fromkeys(rows), lang or asked.lang))


@router.get(
    "/engineers/{engineer:path}/day-sheet",
    response_class=HTMLResponse,
    responses={200: {"content": {"text/html": {}}}},
)
def print_day(
    engineer: EngineerPath, asked: Annotated[Asked, may(Action.CREW_READ)], lang: LangAsked = None
) -> Response:
    """An engineer's published visits of today and tomorrow, to print."""
    mine = asked.scope.engineers_where(region=EngineerRow.c.region_id, engineer=EngineerRow.c.engineer_id)
    with asked.database.reading() as connection:
        check_engineer(connection, asked.region, engineer, mine)
        here = zone_here(connection, asked.region)
        midnight = asked.now.astimezone(here).replace(hour=0, minute=0, second=0, microsecond=0)
        found = days_of(connection, asked.region, engineer, since=midnight, most=MOST_VISITS)
    by_day: dict[str, list[VisitThere]] = {
        f"{midnight + timedelta(days=number):%Y-%m-%d}": [] for number in range(DAYS)
    }
    for one in found:
        if one.starts_at is not None:
            by_day.get(f"{one.starts_at.astimezone(here):%Y-%m-%d}", []).append(one)
    return _printed(route_sheet(engineer, list(by_day.items()), here=here, lang=lang or asked.lang))


def _printed(page: str) -> Response:
    return HTMLResponse(
        page, headers={"Content-Security-Policy": PAPER, "Cache-Control": "private, no-store"}
    )
