"""Opening the ticket of a preventive visit: the ticket, its visit for the planner and the step, in one transaction."""

from __future__ import annotations

from datetime import datetime

from dispatch.desk.maintenance import (
    PreventiveEvent,
    PreventiveStep,
    PreventiveVisit,
    as_ticket,
    check_preventive,
)
from dispatch.desk.milestone import TicketKind
from dispatch.desk.ticket import Way
from dispatch.desk.triage import usual_work
from storage.appended import queue
from storage.dataset import desk_tables, owed_tables
from storage.desk.tickets import Trip, write_ticket, write_trip
from storage.idempotency import Reply, once
from storage.rows.facts import add, values_in
from storage.rows.standing import practice_in
from storage.unit_of_work import UnitOfWork


def open_visit(work: UnitOfWork, visit: PreventiveVisit, *, earliest_at: datetime) -> Reply:
    """Open the ticket of a preventive visit, with a visit as long as the practice says: ``{"ticket": id, "visit": id}``.

    Args:
        work: of the command.
        visit: one that is laid out.
        earliest_at: the planner's visit starts no earlier.

    Raises:
        Refusal: ``maintenance.no_such_move`` when it is open, done or cancelled already; ``triage.no_such_work``; those of
            `storage.desk.tickets.write_ticket`.
    """

    def act() -> Reply:
        queue(work)
        connection, region = work.connection, work.region
        before = values_in(connection, owed_tables.PREVENTIVE_EVENTS, region, preventive_id=visit.id)
        step = PreventiveEvent(visit.id, work.now, PreventiveStep.OPENED, work.actor)
        for wrong in check_preventive(visit, [*before, step]):
            raise wrong
        (contract,) = values_in(connection, desk_tables.CONTRACTS, region, contract_id=visit.contract)
        (site,) = values_in(connection, desk_tables.SITES, region, site_id=visit.site)
        ticket = as_ticket(visit, contract, site, at=work.now)
        usual = usual_work(practice_in(connection, region), TicketKind.PREVENTIVE, Way.ON_SITE)
        write_ticket(work, ticket)
        trip = write_trip(work, ticket, Trip(usual.usual_min, earliest_at, usual.skills))
        add(work, owed_tables.PREVENTIVE_EVENTS, (step,))
        work.record("desk.preventive_opened", visit.id)
        return {"ticket": ticket.id, "visit": trip}

    return once(work, "desk.preventive_open", {"visit": visit.id}, act)
