"""A report while it is being told: what is known, missing and likely, and when somebody could come. Nothing is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection, select

from api.usecases.entitled import entitlement_of
from api.usecases.in_force import InForce
from dispatch.candidates import candidates
from dispatch.cost import cost
from dispatch.desk.clock import ClockState, clocks
from dispatch.desk.customer import Contract
from dispatch.desk.entitlement import Entitlement
from dispatch.desk.history import ClosedTicket, PartUsed
from dispatch.desk.intake import Asked, Assessment, Directory, Report
from dispatch.desk.milestone import Milestone, TicketKind
from dispatch.desk.scheme import Scheme
from dispatch.desk.ticket import Ticket, Way
from dispatch.desk.triage import Likely, SeverityProposal, likely, proposed_severities, usual_skills
from dispatch.event import TicketOpened, VisitRequested
from dispatch.plan import Known, Unassigned
from dispatch.pose import problem_of
from dispatch.rescue.way import Way as Candidate
from kernel.errors import Message
from storage.dataset import ticket_tables, visit_tables
from storage.desk.intake import DRAFT, directory_for, looked_at
from storage.desk.tickets import Trip
from storage.rows.around import around_site
from storage.rows.facts import pair_of, rows_in
from storage.rows.standing import calendars, practice_in
from storage.scope import Scope
from storage.tables.desk import AssetRow, ClosedTicketPartRow, ClosedTicketRow, TicketRow, VisitRow

SUPPOSED = "-"
"""Stands for words that do not change what is promised, while they are not said yet."""


@dataclass(frozen=True)
class Told:
    """A report as far as it is told.

    Args:
        found: what is known and what is missing.
        duplicates: earlier tickets it resembles, in plain JSON values.
        severities: proposed by the scheme's words, the surest first.
        ticket: as it would be opened, with what is proposed where nothing is said; None: too little is known.
        entitlement, clocks: of that ticket.
        likely: what earlier tickets of the model took.
        contracts: those in force, where one has to be chosen.
        minutes: of work proposed; 0: the kind is not known.
        skills: proposed: (skill, least level).
    """

    found: Assessment
    duplicates: Sequence[Mapping[str, Any]]
    severities: tuple[SeverityProposal, ...]
    likely: Likely
    minutes: int
    skills: tuple[tuple[str, int], ...]
    contracts: tuple[tuple[Contract, Scheme], ...]
    ticket: Ticket | None = None
    entitlement: Entitlement | None = None
    clocks: Mapping[Milestone, ClockState] = field(default_factory=dict)


@dataclass(frozen=True)
class Times:
    """When somebody could come, soonest first, on the board with the ticket opened."""

    going: InForce
    visit: str
    ways: tuple[Candidate, ...]


def told(connection: Connection, region: str, report: Report, *, scope: Scope) -> Told:
    """Look at a report while it is being told.

    Args:
        connection: to read with.
        region: its id.
        report: under the id `DRAFT`; its moment is now.
        scope: how far whoever asks may see; what lies outside is not known.

    Raises:
        Refusal: ``intake.*`` of what contradicts itself.
    """
    directory = _within(directory_for(connection, region, report), scope)
    found, alike = looked_at(connection, region, report, directory)
    scheme, asset = found.scheme, found.asset
    severities = () if scheme is None else proposed_severities(scheme, report.symptom, report.text)
    model = asset.model if asset is not None else ""
    before = likely(_history(connection, region, model), model=model, symptom=report.symptom)
    minutes, skills = _work(connection, region, report, model, before)
    chosen = {name for one in found.questions if one.asked is Asked.CONTRACT for name in one.choices}
    contracts = tuple(
        (one, directory.schemes[one.scheme, one.version]) for one in directory.contracts if one.id in chosen
    )
    known = Told(found, alike, severities, before, minutes, skills, contracts)
    ticket = found.ticket or supposed(connection, region, report, directory, severities)
    if ticket is None or found.site is None or scheme is None:
        return known
    here = around_site(connection, region, site=ticket.site, asset=ticket.asset)
    return replace(
        known,
        ticket=ticket,
        entitlement=entitlement_of(here, ticket, now=report.at),
        clocks=clocks(ticket, (), scheme, calendars(connection, region), report.at),
    )


def supposed(
    connection: Connection,
    region: str,
    report: Report,
    directory: Directory,
    severities: Sequence[SeverityProposal],
) -> Ticket | None:
    """The ticket a report would be with the proposed severity and without its words; None: more is missing."""
    likeliest = severities[0].severity.value if severities else ""
    filled = replace(
        report,
        severity=report.severity or likeliest,
        text=report.text or SUPPOSED,
        contact=report.contact or SUPPOSED,
    )
    return looked_at(connection, region, filled, directory)[0].ticket


def times(going: InForce, ticket: Ticket, trip: Trip, *, most: int) -> Times:
    """Say who could come when, were the ticket opened now; nobody else's plan is looked at twice.

    Args:
        going: the plan in force.
        ticket: under the id `DRAFT`.
        trip: the visit it takes.
        most: times shown.

    Raises:
        Refusal: ``board.*``, ``interval.*``.
    """
    name = f"{DRAFT}/1"
    board = going.board.apply(
        TicketOpened(replace(ticket, reported_at=min(ticket.reported_at, going.board.now)))
    )
    board = board.apply(VisitRequested(*trip.named(name, ticket)))
    problem = problem_of(board)
    # Nobody has the new visit: the others go on as they do, and the plan in force is not carried on anew for it.
    left = (
        Unassigned(one.id, Message("unassigned.not_found", {"visit": one.id}), Known.NOT_FOUND)
        for one in problem.visits
        if one.id not in going.problem.visit_index
    )
    plan = replace(going.plan, unassigned=(*going.plan.unassigned, *left))
    plan = replace(plan, claimed=cost(problem, plan))
    ways = candidates(problem, plan, name, most=most)
    tried = replace(going, board=board, problem=problem, plan=plan)
    return Times(tried, name, ways)


def _within(directory: Directory, scope: Scope) -> Directory:
    """What of the directory somebody may know of."""
    if not scope.customers:
        return directory
    sites = {name: one for name, one in directory.sites.items() if one.customer in scope.customers}
    return Directory(
        sites,
        {name: one for name, one in directory.assets.items() if one.site in sites},
        tuple(one for one in directory.contracts if one.customer in scope.customers),
        directory.schemes,
    )


def _history(connection: Connection, region: str, model: str) -> list[ClosedTicket]:
    """Closed tickets of a model with the parts they took."""
    if not model:
        return []
    wanted = ClosedTicketRow.c.model == model
    used: dict[str, list[PartUsed]] = {}
    mine = select(ClosedTicketRow.c.ticket_id).where(ClosedTicketRow.c.region_id == region, wanted)
    for row in rows_in(
        connection, pair_of(ticket_tables.REPAIR_HISTORY), region, ClosedTicketPartRow.c.ticket_id.in_(mine)
    ):
        used.setdefault(row["ticket_id"], []).append(PartUsed(row["part_id"], row["quantity"]))
    file = ticket_tables.CLOSED_TICKETS
    closed = (file.make(row) for row in rows_in(connection, pair_of(file), region, wanted))
    return [replace(one, parts=tuple(used.get(one.ticket, ()))) for one in closed]


def _work(
    connection: Connection, region: str, report: Report, model: str, before: Likely
) -> tuple[int, tuple[tuple[str, int], ...]]:
    """Minutes and skills to propose: what the model took before, else what the kind of work usually takes."""
    works = practice_in(connection, region).works
    usual = works.get((TicketKind(report.kind), Way.ON_SITE)) if report.kind in set(TicketKind) else None
    minutes = before.repair_min or (usual.usual_min if usual is not None else 0)
    if not model:
        return minutes, usual.skills if usual is not None else ()
    of_model = (
        select(TicketRow.c.ticket_id)
        .join(
            AssetRow,
            (AssetRow.c.region_id == TicketRow.c.region_id) & (AssetRow.c.asset_id == TicketRow.c.asset_id),
        )
        .where(TicketRow.c.region_id == region, AssetRow.c.model == model)
    )
    file = visit_tables.VISITS
    visits = rows_in(connection, pair_of(file), region, VisitRow.c.ticket_id.in_(of_model))
    return minutes, usual_skills(file.make(row) for row in visits)
