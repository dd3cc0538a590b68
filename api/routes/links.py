"""A customer's link: one ticket, read only, by who holds its secret."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from api.asked import TicketPath, strict
from api.auth.action import Action
from api.auth.door import Asked, Command, may, may_write
from api.auth.given import give_link
from api.auth.masked import masked
from api.schemas.people import CustomerTicketOut, EndedOut, GivenOut, LinkIn
from api.wire.body import StrictRoute
from dispatch.desk.life import state_of
from kernel.errors import Refusal
from storage.people.credentials import close_links
from storage.rows.customer_ticket import contact_of, told_visits
from storage.rows.tickets import check_reached, ticket_page
from storage.tables.desk import TicketRow

router = APIRouter(tags=["customer link"], dependencies=[Depends(strict)], route_class=StrictRoute)


@router.post("/v1/links/{ticket:path}", status_code=201)
def make_link(
    ticket: TicketPath,
    body: LinkIn,
    command: Annotated[Command, may_write(Action.LINK_MAKE)],
    request: Request,
) -> GivenOut:
    """Make a link to a ticket for its customer; the secret is in this answer and nowhere else."""
    where = command.scope.tickets_where(
        region=TicketRow.c.region_id, ticket=TicketRow.c.ticket_id, site=TicketRow.c.site_id
    )
    given = give_link(
        command.database,
        command.envelope,
        ticket=ticket,
        ends_at=body.ends_at,
        lasts=request.app.state.policy.link_lasts,
        where=where,
    )
    return GivenOut(id=given.id, secret=given.secret)


@router.delete("/v1/links/{ticket:path}")
def end_links(ticket: TicketPath, command: Annotated[Command, may_write(Action.LINK_MAKE)]) -> EndedOut:
    """Take back every link to a ticket."""
    with command.database.reading() as connection:
        check_reached(connection, command.region, ticket, command.scope)
    return EndedOut(ended=command.database.run(command.envelope, lambda work: close_links(work, ticket)))


@router.get("/v1/customer/tickets/{ticket:path}")
def read_customer_ticket(
    ticket: TicketPath, asked: Annotated[Asked, may(Action.LINK_READ)]
) -> CustomerTicketOut:
    """The ticket a link is for: where it stands, which visits the customer was told."""
    if ticket != asked.scope.ticket:
        raise Refusal("board.unknown_ticket", ticket=ticket)
    with asked.database.reading() as connection:
        page = ticket_page(connection, asked.region, most=1, ticket=ticket, over=True)
        contact = contact_of(connection, asked.region, ticket)
        visits = told_visits(connection, asked.region, ticket)
    found = page.tickets[0]
    state = state_of(found, page.events.get(ticket, ()), asked.now)
    return CustomerTicketOut(
        ticket=found.id,
        reported_at=found.reported_at,
        stage=state.stage.value,
        symptom=found.symptom,
        text=masked(found.text),
        contact=masked(contact),
        visits=[one.starts_at for one in visits],
    )
