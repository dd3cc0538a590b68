"""What stands beside a ticket, its form to print, and the regions somebody reaches."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from fastapi import Path as InPath
from fastapi.responses import HTMLResponse

from api.asked import strict
from api.auth.action import Action
from api.auth.door import Asked, may
from api.headers import PAPER
from api.report.work_order import work_order_page
from api.schemas.beside import BesideOut, RegionOut, RegionsOut
from api.shapes.beside import beside_out
from api.text import Lang
from api.usecases.beside import beside, form_of
from api.wire.bounds import ID_PATTERN
from kernel.clock import zone
from storage.rows.head import read_settings
from storage.rows.region import region_ids
from storage.rows.standing import practice_in
from storage.rows.tickets import check_reached
from storage.stream import end_of

router = APIRouter(prefix="/v1", tags=["tickets"], dependencies=[Depends(strict)])

TicketPath = Annotated[str, InPath(pattern=ID_PATTERN, description="Number of the ticket.")]
Reads = Annotated[Asked, may(Action.TICKET_READ)]

SEES = {
    "contact": Action.TICKET_WRITE,
    "loans": Action.LOAN_READ,
    "charges": Action.CHARGE_READ,
    "feedback": Action.FEEDBACK_READ,
}
"""What of it each right shows."""


@router.get("/regions")
def list_regions(asked: Annotated[Asked, may(Action.SELF)]) -> RegionsOut:
    """The regions the caller reaches, to choose one from."""
    with asked.database.reading() as connection:
        live = end_of(connection).seq
        mine = [one for one in region_ids(connection) if asked.scope.reaches(one)]
        found = [read_settings(connection, one) for one in mine]
    return RegionsOut(
        now=asked.now,
        live=live,
        regions=[
            RegionOut(region=one.id, name=one.name, zone=one.zone, currency=one.currency) for one in found
        ],
    )


@router.get("/tickets/{ticket:path}/beside")
def show_beside(ticket: TicketPath, asked: Reads) -> BesideOut:
    """Give a ticket's parts, loaners, charges, complaints and survey, as far as the caller may read each."""
    with asked.database.reading() as connection:
        check_reached(connection, asked.region, ticket, asked.scope)
        found = beside(connection, asked.region, ticket, now=asked.now)
        currency = read_settings(connection, asked.region).currency
        practice = practice_in(connection, asked.region)
    sees = frozenset(name for name, action in SEES.items() if asked.principal.may(action))
    return beside_out(ticket, found, practice, currency=currency, sees=sees)


@router.get(
    "/tickets/{ticket:path}/form",
    response_class=HTMLResponse,
    responses={200: {"content": {"text/html": {}}}},
)
def print_form(
    ticket: TicketPath,
    asked: Reads,
    lang: Annotated[Lang | None, Query(description="Language of the page; by default the caller's.")] = None,
) -> Response:
    """The work order and service report of a ticket as a page to print."""
    with asked.database.reading() as connection:
        check_reached(connection, asked.region, ticket, asked.scope)
        form = form_of(connection, asked.region, ticket, now=asked.now)
    page = work_order_page(
        form.order,
        names=form.names,
        here=zone(form.desk.region.settings.zone),
        lang=lang or asked.lang,
        signature=form.signature,
    )
    return HTMLResponse(
        page, headers={"Content-Security-Policy": PAPER, "Cache-Control": "private, no-store"}
    )
