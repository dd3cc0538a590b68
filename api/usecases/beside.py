"""What stands beside a ticket: its parts, loaners, charges, complaints, survey, and the form to print."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from api.usecases.desk import Desk, Seen
from api.usecases.fitted import fitted_under
from api.usecases.work_orders import order_of
from dispatch.desk.charge import ChargeState, charges
from dispatch.desk.clause import SurveyClause
from dispatch.desk.complaint import Complaint, ComplaintStanding, complaint_standing
from dispatch.desk.customer import Asset, Customer, Site
from dispatch.desk.loan import LoanStanding, TicketLoan, loan_standing, needed_until
from dispatch.desk.survey import SurveyStanding, survey_standing
from dispatch.desk.visit import PartNeed
from dispatch.desk.work_order import WorkOrder
from dispatch.loaners import Loan
from kernel.errors import Refusal
from storage.dataset import money_tables, owed_tables, paper_tables, supply_tables, visit_tables
from storage.desk.contents import content
from storage.rows.around import around
from storage.rows.customer_ticket import contact_of
from storage.rows.facts import values_in
from storage.rows.standing import schemes_in
from storage.stock.queries import catalogued


@dataclass(frozen=True, slots=True)
class Form:
    """The form of a ticket, names of its parts, and the signed image (media type, bytes) where there is one."""

    desk: Desk
    order: WorkOrder
    names: dict[str, str]
    signature: tuple[str, bytes] | None


@dataclass(frozen=True, slots=True)
class Lent:
    """A loaner kept for a ticket, and where it stands."""

    loan: TicketLoan
    standing: LoanStanding


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside a ticket.

    Args:
        customer, site, asset: whose, where, what; no asset: none is meant.
        contact: how to reach who reported it; empty: not said.
        needs: parts its visits are thought to need; `fitted`: (part, units) that went in; `names` of both.
        lent: loaners the desk keeps for it; `out`: those lent before the desk kept book.
        charges, complaints: with how they stand.
        survey: how the asking stands; `asks`: what the scheme says about it, None: nothing.
    """

    customer: Customer
    site: Site
    asset: Asset | None
    contact: str
    needs: tuple[PartNeed, ...]
    fitted: tuple[tuple[str, int], ...]
    names: dict[str, str]
    lent: tuple[Lent, ...]
    out: tuple[Loan, ...]
    charges: tuple[ChargeState, ...]
    complaints: tuple[tuple[Complaint, ComplaintStanding], ...]
    survey: SurveyStanding
    asks: SurveyClause | None


def form_of(connection: Connection, region: str, ticket: str, *, now: datetime) -> Form:
    """Put together the form of a ticket.

    Raises:
        Refusal: ``desk.unknown_ticket``, also for a report that is no ticket yet.
    """
    desk = Desk(around(connection, region, ticket), now)
    seen = _ticket(desk, ticket)
    fitted = fitted_under(connection, region, seen.ticket.id, *(one.id for one in seen.visits), now=now)
    order = replace(order_of(desk, ticket), parts=fitted)
    names = {
        name: part.name for name, part in catalogued(connection, region, [one.part for one in fitted]).items()
    }
    signature = None
    if order.signature is not None:
        digest = order.signature.digest
        kinds = values_in(connection, paper_tables.ATTACHMENTS, region, ticket_id=ticket, digest=digest)
        if kinds:
            signature = (kinds[0].media_type, content(connection, region, digest))
    return Form(desk, order, names, signature)


def beside(connection: Connection, region: str, ticket: str, *, now: datetime) -> Beside:
    """Read what stands beside a ticket.

    Raises:
        Refusal: ``desk.unknown_ticket``, also for a report that is no ticket yet.
    """
    desk = Desk(around(connection, region, ticket), now)
    seen = _ticket(desk, ticket)
    fitted = fitted_under(connection, region, seen.ticket.id, *(one.id for one in seen.visits), now=now)
    needs = tuple(
        need
        for visit in seen.visits
        for need in values_in(connection, visit_tables.PART_REQUIREMENTS, region, visit_id=visit.id)
    )
    wanted = [*(one.part for one in needs), *(one.part for one in fitted)]
    said = _by_time(values_in(connection, money_tables.CHARGE_EVENTS, region, ticket_id=ticket), now)
    asked = _by_time(values_in(connection, owed_tables.SURVEY_EVENTS, region, ticket_id=ticket), now)
    lent = _lent(connection, region, seen, now=now)
    known = {one.loan.id for one in lent}
    earlier = values_in(connection, supply_tables.LOANS, region, ticket_id=ticket)
    field = desk.region.field
    return Beside(
        next(one for one in field.customers if one.id == seen.customer),
        next(one for one in field.sites if one.id == seen.ticket.site),
        next((one for one in field.assets if one.id == seen.ticket.asset), None),
        contact_of(connection, region, ticket),
        needs,
        tuple((one.part, one.quantity) for one in fitted),
        {name: part.name for name, part in catalogued(connection, region, wanted).items()},
        lent,
        tuple(one for one in earlier if one.id not in known),
        tuple(charges(said, {ticket: seen.scheme}).values()),
        _complaints(connection, region, desk, ticket),
        survey_standing(seen.events, asked, seen.scheme.survey, now),
        seen.scheme.survey,
    )


def _ticket(desk: Desk, number: str) -> Seen:
    seen = desk.shown(number)
    if not isinstance(seen, Seen):
        raise Refusal("desk.unknown_ticket", ticket=number[:64])
    return seen


def _lent(connection: Connection, region: str, seen: Seen, *, now: datetime) -> tuple[Lent, ...]:
    clause = seen.scheme.loaner
    if clause is None:
        return ()
    until = needed_until(seen.events, now)
    return tuple(
        Lent(
            loan,
            loan_standing(
                _by_time(values_in(connection, owed_tables.LOAN_EVENTS, region, loan_id=loan.id), now),
                clause,
                now,
                needed_until=until,
            ),
        )
        for loan in values_in(connection, owed_tables.TICKET_LOANS, region, ticket_id=seen.ticket.id)
    )


def _complaints(
    connection: Connection, region: str, desk: Desk, ticket: str
) -> tuple[tuple[Complaint, ComplaintStanding], ...]:
    made: tuple[Complaint, ...] = values_in(connection, owed_tables.COMPLAINTS, region, ticket_id=ticket)
    if not made:
        return ()
    schemes = schemes_in(connection, region)
    calendars = {one.id: one for one in desk.region.field.calendars}
    return tuple(
        (
            one,
            complaint_standing(
                one,
                _by_time(
                    values_in(connection, owed_tables.COMPLAINT_EVENTS, region, complaint_id=one.id), desk.now
                ),
                schemes[one.scheme, one.version],
                calendars,
                desk.now,
            ),
        )
        for one in made
    )


def _by_time(events: Iterable[Any], now: datetime) -> list[Any]:
    return sorted((one for one in events if one.at <= now), key=lambda one: one.at)
