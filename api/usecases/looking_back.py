"""What a look back at promises reads of a region: tickets and what is told of them, and no more.

A whole region is some hundred thousand rows of other things; a page that is opened every morning does without them.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from dispatch.measures.case import cases
from dispatch.measures.engineers import Scorecard, scorecards
from dispatch.measures.misses import Miss, misses
from dispatch.measures.period import Period
from dispatch.measures.renewals import Renewal, renewals, running_out
from dispatch.measures.working_time import working_times
from dispatch.region import Fieldwork, Region
from inventory.stockroom import Stockroom
from kernel.clock import zone
from storage.dataset.crew_tables import ABSENCES, ENGINEERS, SHIFTS
from storage.dataset.desk_tables import ASSETS, CONTRACTS, SITES
from storage.dataset.money_tables import CHARGE_EVENTS
from storage.dataset.paper_tables import KNOWLEDGE
from storage.dataset.stock_tables import PLACES
from storage.dataset.table import Table
from storage.dataset.ticket_tables import CLOSED_TICKETS, TICKET_EVENTS, TICKETS
from storage.rows.facts import pair_of, rows_in, values_in
from storage.rows.standing import Standing, standing
from storage.tables.desk import ClosedTicketRow


def missed_in(connection: Connection, region: str, period: Period) -> tuple[tuple[Miss, ...], dict[str, str]]:
    """The promises of a region missed in a period, as `misses` lists them, and the customer of each site.

    Raises:
        Refusal: ``region.unknown``; those of `cases`.
    """
    stands = standing(connection, region)
    told = _told(connection, region, stands, done_since=period.start)
    known = cases(told, stands.schemes, now=period.now)
    return misses(known, stands.by_id, period), {site.id: site.customer for site in told.field.sites}


def scorecards_in(
    connection: Connection, region: str, period: Period, /, *, days: int
) -> tuple[Scorecard, ...]:
    """The engineers' scorecards of a region over a period, as `scorecards` gives them.

    Raises:
        Refusal: ``region.unknown``; those of `cases`.
    """
    stands = standing(connection, region)
    # A repair is judged so many days later: those that ended in the period were done that long before.
    told = _told(connection, region, stands, done_since=period.start - timedelta(days=days))
    known = cases(told, stands.schemes, now=period.now)
    shifts, absences = values_in(connection, SHIFTS, region), values_in(connection, ABSENCES, region)
    working = working_times(shifts, absences, told.field.ticket_events, period)
    crew = [engineer.id for engineer in values_in(connection, ENGINEERS, region)]
    return scorecards(known, stands.by_id, working, period, engineers=crew, days=days)


def renewals_in(
    connection: Connection, region: str, *, now: datetime, within_days: int
) -> tuple[Renewal, ...]:
    """The contracts of a region that run out, as `renewals` lists them.

    Raises:
        Refusal: ``region.unknown``; those of `renewals`.
    """
    stands = standing(connection, region)
    today = now.astimezone(zone(stands.settings.zone)).date()
    contracts = values_in(connection, CONTRACTS, region)
    listed = running_out(contracts, today=today, within_days=within_days)
    if not listed:
        return ()
    since = _midnight(min(contract.valid_from for contract, _ in listed), stands)
    told = _told(connection, region, stands, done_since=since)
    events = sorted(
        (one for one in values_in(connection, CHARGE_EVENTS, region) if one.at <= now), key=lambda one: one.at
    )
    known = cases(told, stands.schemes, now=now)
    return renewals(
        contracts, known, events, stands.schemes, stands.by_id, now=now, today=today, within_days=within_days
    )


def _midnight(day: date, stands: Standing) -> datetime:
    """A day before the first of a contract: whose zone its days are in is the scheme's matter."""
    return datetime.combine(day, datetime.min.time(), zone(stands.settings.zone)) - timedelta(days=1)


def _told(connection: Connection, region: str, stands: Standing, *, done_since: datetime) -> Region:
    """Tickets, their events and what says whose and where; of the archive what was repaired since a moment."""

    def read(file: Table) -> tuple[Any, ...]:
        return values_in(connection, file, region)

    recent = rows_in(connection, pair_of(CLOSED_TICKETS), region, ClosedTicketRow.c.repaired_at >= done_since)
    field = Fieldwork(
        contracts=read(CONTRACTS),
        sites=read(SITES),
        assets=read(ASSETS),
        tickets=read(TICKETS),
        ticket_events=read(TICKET_EVENTS),
        knowledge=read(KNOWLEDGE),
        closed_tickets=tuple(CLOSED_TICKETS.make(row) for row in recent),
    )
    return Region(stands.settings, field, Stockroom(places=read(PLACES)))
