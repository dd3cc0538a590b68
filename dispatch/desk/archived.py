"""Tickets of the repair history, as far as it keeps them: whose they were and under which contract they counted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from dispatch.desk.customer import Asset, Contract, Site
from dispatch.desk.history import ClosedTicket
from dispatch.desk.milestone import Milestone, TicketKind
from dispatch.desk.scheme import Scheme
from dispatch.desk.ticket import Ticket
from kernel.clock import utc, zone
from kernel.ids import natural_key


def archived_tickets(
    history: Iterable[ClosedTicket],
    assets: Iterable[Asset],
    sites: Iterable[Site],
    contracts: Iterable[Contract],
    schemes: Mapping[tuple[str, str], Scheme],
    /,
) -> Iterator[tuple[Ticket, Scheme | None]]:
    """Give every closed ticket of the history as the ticket it was, with the scheme version it fell under.

    The history keeps no contract: it is the one of the site's customer that held on the day of the report, where
    there was one alone. A customer may hold one contract for his machines and one for advice at a distance: of
    several the one that promises an arrival has the tickets somebody arrived for. Where that leaves more than one, or
    none, contract, scheme and version are not known; nobody's requests are guessed.

    Args:
        history: the closed tickets; one whose equipment is not among the assets is left out.
        assets: of the region.
        sites: of the region.
        contracts: of the region.
        schemes: by (id, version).

    Returns:
        In the order of the history; scheme and version of a ticket are ``unknown`` where the contract is.
    """
    standing = {asset.id: asset for asset in assets}
    places = {site.id: site for site in sites}
    by_customer: dict[str, list[Contract]] = defaultdict(list)
    for row in sorted(contracts, key=lambda one: natural_key(one.id)):
        by_customer[row.customer].append(row)
    for closed in history:
        if closed.asset not in standing:
            continue
        site = places[standing[closed.asset].site]
        found = list(_in_force(by_customer.get(site.customer, ()), schemes, closed.reported_at))
        arrived = closed.arrived_at is not None
        fitting = [one for one in found if (Milestone.ARRIVE in one[1].milestones) == arrived] or found
        contract, scheme = fitting[0] if len(fitting) == 1 else (None, None)
        ticket = Ticket(
            id=closed.ticket,
            site=site.id,
            asset=closed.asset,
            scheme=scheme.id if scheme else "unknown",
            version=scheme.version if scheme else "unknown",
            severity=closed.severity,
            kind=TicketKind.FAULT,
            reported_at=utc(closed.reported_at),
            symptom=closed.symptom,
            contract=contract.id if contract else "",
            remote=site.remote,
        )
        yield ticket, scheme


def _in_force(
    contracts: Iterable[Contract], schemes: Mapping[tuple[str, str], Scheme], at: datetime
) -> Iterator[tuple[Contract, Scheme]]:
    for contract in contracts:
        scheme = schemes.get((contract.scheme, contract.version))
        if scheme is not None and contract.holds_on(at.astimezone(zone(scheme.zone)).date()):
            yield contract, scheme
