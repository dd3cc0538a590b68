"""Inventing the whole life of tickets restored lately: every step, the cause, what the customer said afterwards.

The repair history keeps report, arrival and repair; here these three moments stay and what lies between is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import numpy as np

from dispatch.desk.customer import Asset, Contract, Site
from dispatch.desk.history import ClosedTicket
from dispatch.desk.knowledge import KnowledgeEntry
from dispatch.desk.milestone import Milestone, Promise, TicketKind, Wait
from dispatch.desk.scheme import Scheme
from dispatch.desk.scheme_file import builtin_schemes
from dispatch.desk.survey import SurveyEvent, SurveyStep
from dispatch.desk.ticket import EventKind, RemoteOutcome, Ticket, TicketEvent, Way
from dispatch.loaners import Loan
from dispatch.region import Fieldwork
from kernel.clock import zone
from scenarios.world.happened import DESK, local_text
from scenarios.world.spec import Spec
from scenarios.world.streams import Cause, pick, stream

E = EventKind
LOANER_WAY = timedelta(minutes=90)
"""From leaving the depot until a loaner stands."""
WAITED_MIN = 600
"""A repair that lasted longer than this after the arrival waited for its part."""


@dataclass
class _Life:
    """Steps of one ticket, each not before the one before it, none after `now`."""

    ticket: Ticket
    now: datetime
    at: datetime
    events: list[TicketEvent] = field(default_factory=list)

    def add(
        self, at: datetime, kind: EventKind, *, by: str = DESK, value: str = "", reason: str = ""
    ) -> bool:
        """Let `kind` happen at a moment, or right after the last step; say whether that is in the past."""
        at = max(self.at, at)
        if at > self.now:
            return False
        self.at = at
        self.events.append(TicketEvent(self.ticket.id, at, kind, by, reason, value))
        return True


def with_finished(spec: Spec, seed: int, work: Fieldwork, loans: Iterable[Loan]) -> Fieldwork:
    """Tell the last `spec.told_days` days of the repair history step by step, as tickets and no longer as history.

    A ticket whose contract nobody can name stays in the history; a loaner lent for one of them stands there.
    """
    lent = {loan.ticket_ref: loan.out_at for loan in loans}
    since = spec.as_of - timedelta(days=spec.told_days)
    sites = {site.id: site for site in work.sites}
    assets = {asset.id: asset for asset in work.assets}
    tickets, events, knowledge, surveys = [], [], [], []
    for number, closed in enumerate(work.closed_tickets):
        if closed.reported_at < since:
            continue
        asset = assets[closed.asset]
        found = _contract(closed, sites[asset.site], work.contracts)
        if found is None:
            continue
        contract, scheme = found
        rng = stream(seed, Cause.FINISHED, number)
        ticket = _ticket(closed, sites[asset.site], contract)
        life = _Life(ticket, spec.as_of, ticket.reported_at)
        if closed.arrived_at is None:
            _at_a_distance(life, closed, scheme, rng)
        else:
            stands_at = lent[closed.ticket] + LOANER_WAY if closed.ticket in lent else None
            _on_site(life, closed, scheme, rng, closed.arrived_at, spec, stands_at)
        asked = _afterwards(life, closed, scheme, rng)
        tickets.append(ticket)
        events += life.events
        surveys += asked
        knowledge.append(_entry(closed, asset, rng))
    told = {ticket.id for ticket in tickets}
    return replace(
        work,
        closed_tickets=tuple(closed for closed in work.closed_tickets if closed.ticket not in told),
        tickets=(*work.tickets, *tickets),
        ticket_events=(*work.ticket_events, *events),
        knowledge=(*work.knowledge, *knowledge),
        survey_events=(*work.survey_events, *sorted(surveys, key=lambda one: (one.at, one.ticket))),
    )


def _contract(
    closed: ClosedTicket, site: Site, contracts: Iterable[Contract]
) -> tuple[Contract, Scheme] | None:
    """The one contract it falls under: with an arrival for a visit, without for help at a distance."""
    schemes: Mapping[tuple[str, str], Scheme] = builtin_schemes()
    fitting = []
    for contract in contracts:
        scheme = schemes[contract.scheme, contract.version]
        day = closed.reported_at.astimezone(zone(scheme.zone)).date()
        visits = Milestone.ARRIVE in scheme.milestones
        if (
            contract.customer == site.customer
            and contract.holds_on(day)
            and visits == (closed.arrived_at is not None)
        ):
            fitting.append((contract, scheme))
    return fitting[0] if len(fitting) == 1 else None


def _ticket(closed: ClosedTicket, site: Site, contract: Contract) -> Ticket:
    return Ticket(
        id=closed.ticket,
        site=site.id,
        asset=closed.asset,
        scheme=contract.scheme,
        version=contract.version,
        severity=closed.severity,
        kind=TicketKind.FAULT,
        reported_at=closed.reported_at,
        symptom=closed.symptom,
        contract=contract.id,
        remote=site.remote,
    )


def _minutes(number: float) -> timedelta:
    return timedelta(minutes=round(number))


def _answered(life: _Life, scheme: Scheme, rng: np.random.Generator, *, lead: timedelta) -> None:
    """Acknowledged, responded, and what the scheme asks for before anybody sets out; within half of `lead`."""
    start = life.ticket.reported_at
    slow = rng.random() < 0.06
    life.add(start + min(_minutes(rng.uniform(2, 12)), lead / 8), E.ACKNOWLEDGED)
    answer = _minutes(rng.uniform(100, 220) if slow else rng.uniform(8, 60))
    life.add(start + min(answer, lead / 3), E.RESPONDED)
    if scheme.handling.remote_first:
        visits = Milestone.ARRIVE in scheme.milestones
        outcome = RemoteOutcome.NOT_SOLVED if visits else RemoteOutcome.SOLVED
        life.add(life.at + min(_minutes(rng.uniform(5, 25)), lead / 20), E.REMOTE_TRIED, value=outcome)
    if Milestone.PROPOSE in scheme.milestones or scheme.handling.solution_agreed:
        life.add(life.at + min(_minutes(rng.uniform(5, 30)), lead / 20), E.PROPOSED)
        life.add(life.at + min(_minutes(rng.uniform(3, 20)), lead / 20), E.AGREED)


def _at_a_distance(life: _Life, closed: ClosedTicket, scheme: Scheme, rng: np.random.Generator) -> None:
    _answered(life, scheme, rng, lead=closed.repaired_at - closed.reported_at)
    life.add(closed.repaired_at, E.REPAIRED)


def _on_site(
    life: _Life,
    closed: ClosedTicket,
    scheme: Scheme,
    rng: np.random.Generator,
    arrived_at: datetime,
    spec: Spec,
    stands_at: datetime | None,
) -> None:
    by = closed.engineer or DESK
    lead = arrived_at - closed.reported_at
    tz = zone(spec.zone)
    _answered(life, scheme, rng, lead=lead)
    life.add(life.at, E.TRIAGED, value=Way.ON_SITE)
    if scheme.milestones[Milestone.ARRIVE][closed.severity].promise is Promise.CUSTOMER_SET:
        wanted = arrived_at + _minutes(rng.uniform(-25, 90))
        life.add(life.at, E.CUSTOMER_SET, value=f"{Milestone.ARRIVE} {local_text(wanted, tz)}")
    life.add(life.at + min(_minutes(rng.uniform(3, 30)), lead / 10), E.ARRANGED)
    if rng.random() < 0.1:
        _told(life, arrived_at - _minutes(rng.uniform(20, 90)), rng, spec)
    _told(life, arrived_at + _minutes(rng.uniform(-22, 30)), rng, spec)
    life.add(arrived_at - min(_minutes(rng.uniform(25, 80)), lead / 4), E.TRAVELLING, by=by)
    life.add(arrived_at, E.ON_SITE, by=by)
    found_at = arrived_at + min(_minutes(rng.uniform(10, 60)), (closed.repaired_at - arrived_at) / 2)
    for used in closed.parts:
        life.add(found_at, E.PART_NEEDED, by=by, value=f"{used.part} {used.quantity}")
    if closed.parts and closed.repaired_at - arrived_at > timedelta(minutes=WAITED_MIN):
        _part_came_later(life, closed, rng, by, spec, stands_at)
    elif stands_at is not None and life.at <= stands_at < closed.repaired_at:
        life.add(stands_at, E.LOANER_IN_PLACE)
    life.add(closed.repaired_at, E.REPAIRED, by=by)


def _told(life: _Life, time: datetime, rng: np.random.Generator, spec: Spec) -> None:
    value = f"{local_text(time, zone(spec.zone))} reception"
    life.add(life.at + _minutes(rng.uniform(1, 4)), E.TOLD, value=value)


def _part_came_later(
    life: _Life,
    closed: ClosedTicket,
    rng: np.random.Generator,
    by: str,
    spec: Spec,
    stands_at: datetime | None,
) -> None:
    """Diagnosed, left, and come again with the part."""
    work = _minutes(rng.uniform(30, 120))
    again = closed.repaired_at - work
    leaves = again - _minutes(rng.uniform(25, 80))
    life.add(life.at, E.WAITING, by=by, value=Wait.PART, reason="part not in the van")
    life.add(life.at + _minutes(rng.uniform(3, 15)), E.LEFT, by=by)
    if stands_at is not None and life.at <= stands_at < leaves - timedelta(hours=2):
        life.add(stands_at, E.LOANER_IN_PLACE)
    life.add(leaves - _minutes(rng.uniform(10, 120)), E.RESUMED)
    life.add(life.at, E.ARRANGED)
    _told(life, again + _minutes(rng.uniform(-20, 30)), rng, spec)
    life.add(leaves, E.TRAVELLING, by=by)
    life.add(again, E.ON_SITE, by=by)


def _afterwards(
    life: _Life, closed: ClosedTicket, scheme: Scheme, rng: np.random.Generator
) -> list[SurveyEvent]:
    by = closed.engineer or DESK
    life.add(closed.repaired_at + _minutes(rng.uniform(2, 15)), E.VERIFIED, by=by)
    if closed.arrived_at is not None:
        life.add(life.at + _minutes(rng.uniform(2, 15)), E.LEFT, by=by)
    if not life.add(life.at + _minutes(rng.uniform(20, 300)), E.CLOSED) or scheme.survey is None:
        return []
    asked_at = life.at + timedelta(days=scheme.survey.after_days) + _minutes(rng.uniform(30, 300))
    if asked_at > life.now:
        return []
    asked = [SurveyEvent(life.ticket.id, asked_at, SurveyStep.SENT, DESK)]
    answered_at = asked_at + _minutes(rng.uniform(60, 2000))
    if rng.random() < 0.55 and answered_at <= life.now:
        score = pick(rng, range(1, scheme.survey.highest + 1), _WEIGHTS[: scheme.survey.highest])
        asked.append(SurveyEvent(life.ticket.id, answered_at, SurveyStep.ANSWERED, DESK, score=score))
        life.add(answered_at, E.SURVEYED)
    return asked


_WEIGHTS = (1, 2, 6, 30, 61)
"""How often each score is given, worst first."""


def _entry(closed: ClosedTicket, asset: Asset, rng: np.random.Generator) -> KnowledgeEntry:
    return KnowledgeEntry(
        ticket=closed.ticket,
        at=closed.repaired_at,
        by=closed.engineer or DESK,
        cause=closed.cause,
        solution=closed.solution,
        asset=asset.id,
        serial=asset.serial,
        model=closed.model,
        symptom=closed.symptom,
        problem=closed.cause.replace(" ", "-"),
        public=rng.random() < 0.3,
    )
