"""The part of a region that the rules look at to judge one ticket or one report: small, however large the region."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    ScalarSelect,
    Select,
    bindparam,
    func,
    select,
    union,
)

from dispatch.desk.customer import Asset, Contract, Site
from dispatch.desk.history import ClosedTicket, PartUsed
from dispatch.desk.intake import QR, Report, known_of, words_of
from dispatch.region import Region
from kernel.errors import Refusal
from storage.dataset import desk_tables, money_tables, owed_tables, paper_tables, ticket_tables, visit_tables
from storage.dataset.assemble import assembled
from storage.ready import Asked, Ready, foresee
from storage.rows.facts import (
    IN_REGION,
    asked_among,
    pair_of,
    rows_by,
    rows_in,
    rows_where,
    values_among,
    values_in,
)
from storage.rows.pairs import PAIRS
from storage.rows.standing import standing
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
    """The equipment a report may mean, the sites it may be at, and the contracts of their customers."""

    assets: tuple[Asset, ...]
    sites: tuple[Site, ...]
    contracts: tuple[Contract, ...]


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
        return _part(connection, region, _there(connection, values, alone=alone), values)
    reports = values_in(connection, paper_tables.REPORTS, region, report_id=number)
    if not reports:
        raise Refusal("desk.unknown_ticket", ticket=number[:64])
    answers = values_in(connection, paper_tables.ANSWERS, region, report_id=number)
    learnt = known_of(reports[0], answers, max((one.at for one in answers), default=reports[0].at))
    wanted = _of_report(number)
    queries = {name: rows_where(name, condition) for name, condition in wanted.items()}
    found_by_words = meant(connection, region, learnt, scope)
    read = {
        desk_tables.SITES.name: found_by_words.sites,
        desk_tables.ASSETS.name: found_by_words.assets,
        desk_tables.CONTRACTS.name: found_by_words.contracts,
    }
    return _part(connection, region, queries, {IN_REGION: region}, read=read)


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
    return _part(connection, region, _there(connection, values, alone=False), values)


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
    return {name: rows_where(name, condition) for name, condition in wanted.items()}


_ALWAYS = frozenset(
    table.name
    for table in (desk_tables.CUSTOMERS, desk_tables.SITES, desk_tables.ASSETS, ticket_tables.TICKETS)
)
"""Files that hold something about every ticket."""

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


def meant(
    connection: Connection,
    region: str,
    report: Report,
    scope: Scope,
    *,
    also: Callable[[Sequence[Asset]], Sequence[Asked]] = lambda _: (),
) -> Meant:
    """What the desk has to know to judge one report: small, however much equipment the region has.

    Args:
        connection: to read with.
        region: its id.
        report: with what was learnt since.
        scope: what lies outside is never proposed and never named in a refusal.
        also: what will be asked once the equipment is known, to be foreseen with its sites.
    """
    reached = scope.customers_where(region=SiteRow.c.region_id, customer=SiteRow.c.customer_id)
    theirs = select(SiteRow.c.site_id).where(SiteRow.c.region_id == region, reached)
    equipment = pair_of(desk_tables.ASSETS)
    rows = rows_by(connection, equipment, *asked_meant(region, report))
    assets = tuple(equipment.file.make(row) for row in rows)
    near = {asset.site for asset in assets} | ({report.site} if report.site else set())
    if scope.is_narrow:
        near &= set(connection.execute(theirs.where(SiteRow.c.site_id.in_(sorted(near)))).scalars())
        assets = tuple(asset for asset in assets if asset.site in near)
    if not near:
        return Meant(assets, (), ())
    theirs_too: Asked = _contracts_at(), {IN_REGION: region, "ids": sorted(near)}
    at = asked_among(desk_tables.SITES, region, "site_id", near)
    foresee(connection, [at, theirs_too, *also(assets)])
    sites = tuple(values_among(connection, desk_tables.SITES, region, "site_id", near))
    pair = pair_of(desk_tables.CONTRACTS)
    contracts = tuple(pair.file.make(row) for row in rows_by(connection, pair, *theirs_too))
    return Meant(assets, sites, contracts)


def asked_meant(region: str, report: Report) -> Asked:
    """What `meant` asks first, to be foreseen (`storage.ready.foresee`)."""
    words, serial = sorted(words_of(report.text)), report.serial.strip()
    nothing = [None]  # a list that is empty would be another statement
    wanted = {
        IN_REGION: region,
        "named": [one for one in (report.asset, report.qr.removeprefix(QR)) if one] or nothing,
        "at": report.site,
        "words": words or nothing,
        "serials": ([*words, serial.lower()] if serial else words) or nothing,
        "serial": serial or None,
    }
    return _meant(), wanted


@cache
def _contracts_at() -> Ready:
    """Contracts of the customers of some sites."""
    at = SiteRow.c.site_id.in_(bindparam("ids", expanding=True))
    owners = select(SiteRow.c.customer_id).where(SiteRow.c.region_id == bindparam(IN_REGION), at)
    return Ready(rows_where(desk_tables.CONTRACTS.name, ContractRow.c.customer_id.in_(owners)))


@cache
def _meant() -> Ready:
    """Equipment named, at the place named, or called by its id or serial in the text.

    Each way to be meant is found by an index of its own; told as one condition, neither database takes them.
    """
    name, serial = func.lower(AssetRow.c.asset_id), func.lower(AssetRow.c.serial)
    ways = (
        AssetRow.c.asset_id.in_(bindparam("named", expanding=True)),
        AssetRow.c.site_id == bindparam("at"),
        name.in_(bindparam("words", expanding=True)),
        serial.in_(bindparam("serials", expanding=True)),
        serial == func.lower(bindparam("serial", type_=AssetRow.c.serial.type)),
    )
    here = AssetRow.c.region_id == bindparam(IN_REGION)
    named = union(*(select(AssetRow.c.asset_id).where(here, way) for way in ways))
    return Ready(rows_where(desk_tables.ASSETS.name, AssetRow.c.asset_id.in_(named)))


def _of_report(number: str) -> Conditions:
    return {
        paper_tables.REPORTS.name: ReportRow.c.report_id == number,
        paper_tables.ANSWERS.name: AnswerRow.c.report_id == number,
        paper_tables.ATTACHMENTS.name: AttachmentRow.c.ticket_id == number,
    }


def _one(column: ColumnElement[str], *wanted: ColumnElement[bool]) -> ScalarSelect[str]:
    return select(column).where(*wanted).scalar_subquery()


def _part(
    connection: Connection,
    region: str,
    queries: Queries,
    wanted: Mapping[str, Any],
    *,
    read: Mapping[str, tuple[Any, ...]] = MappingProxyType({}),
) -> Region:
    pairs = {pair.file.name: pair for pair in PAIRS}
    stands = standing(connection, region)

    def values(name: str) -> tuple[Any, ...]:
        if name not in queries:
            return read.get(name, ())
        pair = pairs[name]
        return tuple(pair.file.make(row) for row in rows_by(connection, pair, queries[name], wanted))

    return assembled(stands.settings, stands.calendars, values, stands.own_schemes, stands.own_practice)


def _there(connection: Connection, wanted: Mapping[str, Any], *, alone: bool) -> Queries:
    """The statements about a ticket that find anything: most of its tables hold nothing about most tickets."""
    queries = _of_ticket(alone=alone)
    asked, statement = _whether(alone=alone)
    found = connection.execute(statement, wanted).one()
    empty = {name for name, there in zip(asked, found, strict=True) if not there}
    return {name: query for name, query in queries.items() if name not in empty}


@cache
def _whether(*, alone: bool) -> tuple[tuple[str, ...], Select[Any]]:
    """One statement for all of them: whether there is anything."""
    queries = {name: query for name, query in _of_ticket(alone=alone).items() if name not in _ALWAYS}
    columns: list[Any] = [query.order_by(None).exists() for query in queries.values()]
    return tuple(queries), select(*columns)
