"""The part of a region that the rules look at to judge one ticket or one report: small, however large the region."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    ScalarSelect,
    Select,
    bindparam,
    func,
    or_,
    select,
    true,
)

from dispatch.desk.history import ClosedTicket, PartUsed
from dispatch.desk.intake import QR, Report, known_of, words_of
from dispatch.region import Region
from kernel.errors import Refusal
from storage.dataset import desk_tables, money_tables, owed_tables, paper_tables, ticket_tables, visit_tables
from storage.dataset.assemble import assembled
from storage.rows.facts import IN_REGION, rows_by, rows_in, rows_query, values_in
from storage.rows.head import read_calendars, read_settings
from storage.rows.pairs import PAIRS
from storage.rows.schemes import own_practice_in, own_schemes_in
from storage.scope import Scope
from storage.tables.desk import (
    AppointmentRow,
    AssetRow,
    ClosedTicketPartRow,
    ClosedTicketRow,
    ContractRow,
    CustomerRow,
    PartNeedRow,
    PublishedStopRow,
    SiteRow,
    TicketEventRow,
    TicketRow,
    VisitRow,
)
from storage.tables.owed import SurveyEventRow
from storage.tables.paper import (
    AnswerRow,
    AttachmentRow,
    ChecklistAnswerRow,
    FindingRow,
    KnowledgeRow,
    ReportRow,
    SignatureRow,
    StandingChangeRow,
)

Conditions = Mapping[str, ColumnElement[bool]]
Queries = Mapping[str, Select[Any]]

EVERYWHERE = Scope(everywhere=True)


@dataclass(frozen=True, slots=True)
class Meant:
    """Conditions on the equipment a report may mean, the sites it may be at, and the contracts of their customers."""

    assets: ColumnElement[bool]
    sites: ColumnElement[bool]
    contracts: ColumnElement[bool]


def around(
    connection: Connection, region: str, number: str, *, scope: Scope = EVERYWHERE, alone: bool = False
) -> Region:
    """Read what is known about a ticket and its customer, or about a report.

    Args:
        connection: to read with.
        region: its id.
        number: of the ticket or report.
        alone: a ticket without what else its customer has: a large one has thousands of tickets.
        scope: how far what a report may mean reaches; of a ticket `storage.rows.tickets.check_reached` has been asked.

    Returns:
        A region with the ticket, its events, visits and files, the customer's sites, equipment, contracts and other
        tickets, and what helped before with this model; of a report its answers and files, and the equipment it may
        mean. Everything else in it is empty.

    Raises:
        Refusal: ``desk.unknown_ticket``.
    """
    of_ticket = select(TicketRow.c.site_id, TicketRow.c.asset_id).where(
        TicketRow.c.region_id == region, TicketRow.c.ticket_id == number
    )
    found = connection.execute(of_ticket).one_or_none()
    if found is not None:
        values = {IN_REGION: region, "number": number, "of_site": found.site_id, "of_asset": found.asset_id}
        return _part(connection, region, _of_ticket(alone=alone), values)
    reports = values_in(connection, paper_tables.REPORTS, region, report_id=number)
    if not reports:
        raise Refusal("desk.unknown_ticket", ticket=number[:64])
    answers = values_in(connection, paper_tables.ANSWERS, region, report_id=number)
    learnt = known_of(reports[0], answers, max((one.at for one in answers), default=reports[0].at))
    wanted = _of_report(region, learnt, scope)
    queries = {name: rows_query(name).where(condition) for name, condition in wanted.items()}
    return _part(connection, region, queries, {IN_REGION: region})


def history_of_model(connection: Connection, region: str, model: str) -> tuple[ClosedTicket, ...]:
    """Closed tickets of a model with the parts they took; none for a model nobody named."""
    if not model:
        return ()
    pairs = {pair.file.name: pair for pair in PAIRS}
    closed, used = pairs[ticket_tables.CLOSED_TICKETS.name], pairs[ticket_tables.REPAIR_HISTORY.name]
    of_model = ClosedTicketRow.c.model == model
    theirs = select(ClosedTicketRow.c.ticket_id).where(ClosedTicketRow.c.region_id == region, of_model)
    parts: dict[str, list[PartUsed]] = {}
    for row in rows_in(connection, used, region, ClosedTicketPartRow.c.ticket_id.in_(theirs)):
        ticket, part = used.file.make(row)
        parts.setdefault(ticket, []).append(part)
    found = (closed.file.make(row) for row in rows_in(connection, closed, region, of_model))
    return tuple(replace(one, parts=tuple(parts.get(one.ticket, ()))) for one in found)


def around_site(connection: Connection, region: str, *, site: str, asset: str) -> Region:
    """What `around` gives of a ticket, for one that is not there yet: about this equipment at this site.

    Args:
        connection: to read with.
        region: its id.
        site: id of the site.
        asset: id of the equipment; empty: none is meant.
    """
    values = {IN_REGION: region, "number": "", "of_site": site, "of_asset": asset}
    return _part(connection, region, _of_ticket(alone=False), values)


# Built once: putting sixteen statements together costs more than running them.
@cache
def _of_ticket(*, alone: bool) -> Queries:
    """The statements for what is known about a ticket, by file; they take region, number, site and asset."""
    region: BindParameter[str] = bindparam(IN_REGION)
    number: BindParameter[str] = bindparam("number")
    customer = _one(
        SiteRow.c.customer_id, SiteRow.c.region_id == region, SiteRow.c.site_id == bindparam("of_site")
    )
    model = _one(
        AssetRow.c.model, AssetRow.c.region_id == region, AssetRow.c.asset_id == bindparam("of_asset")
    )
    sites: Select[Any] = select(SiteRow.c.site_id).where(
        SiteRow.c.region_id == region, SiteRow.c.customer_id == customer
    )
    assets: Select[Any] = select(AssetRow.c.asset_id).where(
        AssetRow.c.region_id == region, AssetRow.c.site_id.in_(sites)
    )
    visits: Select[Any] = select(VisitRow.c.visit_id).where(
        VisitRow.c.region_id == region, VisitRow.c.ticket_id == number
    )
    wanted: Conditions = {
        desk_tables.CALENDAR_DAYS.name: true(),
        desk_tables.CUSTOMERS.name: CustomerRow.c.customer_id == customer,
        desk_tables.SITES.name: SiteRow.c.customer_id == customer,
        desk_tables.ASSETS.name: AssetRow.c.site_id.in_(sites),
        desk_tables.CONTRACTS.name: ContractRow.c.customer_id == customer,
        desk_tables.STANDING_CHANGES.name: StandingChangeRow.c.customer_id == customer,
        ticket_tables.TICKETS.name: TicketRow.c.site_id.in_(sites),
        ticket_tables.CLOSED_TICKETS.name: ClosedTicketRow.c.asset_id.in_(assets),
        ticket_tables.TICKET_EVENTS.name: TicketEventRow.c.ticket_id == number,
        visit_tables.VISITS.name: VisitRow.c.ticket_id == number,
        visit_tables.APPOINTMENTS.name: AppointmentRow.c.visit_id.in_(visits),
        visit_tables.PART_REQUIREMENTS.name: PartNeedRow.c.visit_id.in_(visits),
        visit_tables.PUBLISHED_PLAN.name: PublishedStopRow.c.visit_id.in_(visits),
        paper_tables.ATTACHMENTS.name: AttachmentRow.c.ticket_id == number,
        paper_tables.CHECKLIST_ANSWERS.name: ChecklistAnswerRow.c.ticket_id == number,
        paper_tables.SIGNATURES.name: SignatureRow.c.ticket_id == number,
        owed_tables.SURVEY_EVENTS.name: SurveyEventRow.c.ticket_id == number,
        paper_tables.KNOWLEDGE.name: KnowledgeRow.c.model == model,
        money_tables.FINDINGS.name: FindingRow.c.ticket_id == number,
    }
    if alone:
        wanted = {name: condition for name, condition in wanted.items() if name not in _OF_CUSTOMER} | {
            desk_tables.SITES.name: SiteRow.c.site_id == bindparam("of_site"),
            desk_tables.ASSETS.name: AssetRow.c.asset_id == bindparam("of_asset"),
            ticket_tables.TICKETS.name: TicketRow.c.ticket_id == number,
        }
    return {name: rows_query(name).where(condition) for name, condition in wanted.items()}


_OF_CUSTOMER = frozenset(
    table.name
    for table in (
        desk_tables.CONTRACTS,
        desk_tables.STANDING_CHANGES,
        ticket_tables.CLOSED_TICKETS,
        money_tables.FINDINGS,
    )
)
"""Files that say whether a ticket is covered; who only shows one does not read them."""


def meant_by(report: Report, region: str, scope: Scope) -> Meant:
    """What the desk has to know to judge one report, as conditions: small, however much equipment the region has.

    Args:
        report: with what was learnt since.
        region: its id.
        scope: what lies outside is never proposed and never named in a refusal.
    """
    serial, words = report.serial.strip(), sorted(words_of(report.text))
    named = [one for one in (report.asset, report.qr.removeprefix(QR)) if one]
    means = [AssetRow.c.asset_id.in_(named), AssetRow.c.site_id == report.site]
    means += [func.lower(column).in_(words) for column in (AssetRow.c.asset_id, AssetRow.c.serial)]
    if serial:
        means.append(or_(AssetRow.c.serial == serial, func.lower(AssetRow.c.serial) == serial.lower()))
    reached = scope.customers_where(region=SiteRow.c.region_id, customer=SiteRow.c.customer_id)
    theirs = select(SiteRow.c.site_id).where(SiteRow.c.region_id == region, reached)
    assets = or_(*means) & AssetRow.c.site_id.in_(theirs)
    stand = select(AssetRow.c.site_id).where(AssetRow.c.region_id == region, assets)
    sites = reached & or_(SiteRow.c.site_id == report.site, SiteRow.c.site_id.in_(stand))
    customers = select(SiteRow.c.customer_id).where(SiteRow.c.region_id == region, sites)
    return Meant(assets, sites, ContractRow.c.customer_id.in_(customers))


def _of_report(region: str, report: Report, scope: Scope) -> Conditions:
    number, meant = report.id, meant_by(report, region, scope)
    return {
        desk_tables.CALENDAR_DAYS.name: true(),
        desk_tables.SITES.name: meant.sites,
        desk_tables.ASSETS.name: meant.assets,
        desk_tables.CONTRACTS.name: meant.contracts,
        paper_tables.REPORTS.name: ReportRow.c.report_id == number,
        paper_tables.ANSWERS.name: AnswerRow.c.report_id == number,
        paper_tables.ATTACHMENTS.name: AttachmentRow.c.ticket_id == number,
    }


def _one(column: ColumnElement[str], *wanted: ColumnElement[bool]) -> ScalarSelect[str]:
    return select(column).where(*wanted).scalar_subquery()


def _part(connection: Connection, region: str, queries: Queries, wanted: Mapping[str, Any]) -> Region:
    pairs = {pair.file.name: pair for pair in PAIRS}

    def values(name: str) -> tuple[Any, ...]:
        if name not in queries:
            return ()
        pair = pairs[name]
        return tuple(pair.file.make(row) for row in rows_by(connection, pair, queries[name], wanted))

    return assembled(
        read_settings(connection, region),
        read_calendars(connection, region),
        values,
        own_schemes_in(connection, region),
        own_practice_in(connection, region),
    )
