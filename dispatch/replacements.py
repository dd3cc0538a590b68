"""Replacements a region owes for repeat faults, read from its tickets, diagnoses, warranties and replacements so far."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from dispatch.board import Board
from dispatch.desk.customer import Asset, Contract, StandingChange
from dispatch.desk.entitlement import Finding, Verdict, entitlement
from dispatch.desk.knowledge import KnowledgeEntry
from dispatch.desk.milestone import TicketKind
from dispatch.desk.repeat_fault import Attempt, Replaced, attempts, serial_of, undiagnosed
from dispatch.desk.replacement import Places, ReplacementProposal, proposals
from dispatch.desk.request import Requests, all_requests
from dispatch.desk.ticket import Ticket
from dispatch.parts import PlaceKind
from kernel.clock import zone
from kernel.ids import natural_key


class ToAsk(NamedTuple):
    """A fact without which nobody can say whether a repair counts: ``diagnosis`` or ``warranty``, of a ticket."""

    ticket: str
    fact: str


class Replacements(NamedTuple):
    """What is owed, and what has to be asked before more can be said."""

    owed: tuple[ReplacementProposal, ...]
    to_ask: tuple[ToAsk, ...]


def replacements(board: Board) -> Replacements:
    """Propose the replacements owed now, longest owed first, by the scheme of each device's latest fault."""
    faults: dict[str, list[Ticket]] = {}
    for ticket in sorted(board.tickets.values(), key=lambda one: (one.reported_at, natural_key(one.id))):
        if ticket.kind is TicketKind.FAULT and ticket.asset and ticket.reported_at <= board.now:
            faults.setdefault(ticket.asset, []).append(ticket)
    known = _Known.of(board)
    places = _places(board)
    owed: list[ReplacementProposal] = []
    to_ask: list[ToAsk] = []
    for asset in board.region.field.assets:
        tickets = faults.get(asset.id, [])
        most = board.scheme(tickets[-1]).repeat_faults if tickets else 0
        if not most:
            continue
        found, unclear = _attempts(board, known, asset, tickets)
        replaced = known.replaced.get(asset.id, ())
        owed += proposals(asset, found, replaced, board.now, most_repairs=most, places=places)
        to_ask += [ToAsk(name, "warranty") for name in unclear]
        to_ask += [ToAsk(one.ticket, "diagnosis") for one in undiagnosed(found)]
    owed.sort(key=lambda one: (one.owed_since, natural_key(one.asset)))
    return Replacements(tuple(owed), tuple(dict.fromkeys(to_ask)))


class _Known(NamedTuple):
    """The facts of a region by whom they are about: looked through once, not once for every ticket."""

    contracts: Mapping[str, Contract]
    customers: Mapping[str, str]
    standing: Mapping[str, list[StandingChange]]
    findings: Mapping[str, list[Finding]]
    diagnoses: Mapping[str, list[KnowledgeEntry]]
    replaced: Mapping[str, list[Replaced]]
    requests: Requests

    @classmethod
    def of(cls, board: Board) -> _Known:
        work = board.region.field
        standing: dict[str, list[StandingChange]] = defaultdict(list)
        findings: dict[str, list[Finding]] = defaultdict(list)
        diagnoses: dict[str, list[KnowledgeEntry]] = defaultdict(list)
        replaced: dict[str, list[Replaced]] = defaultdict(list)
        for change in work.standing_changes:
            standing[change.customer].append(change)
        for finding in work.findings:
            findings[finding.ticket].append(finding)
        for entry in sorted(work.knowledge, key=lambda one: one.at):
            diagnoses[entry.ticket].append(entry)
        for one in work.replaced:
            replaced[one.asset].append(one)
        return cls(
            contracts={contract.id: contract for contract in work.contracts},
            customers={site.id: site.customer for site in work.sites},
            standing=standing,
            findings=findings,
            diagnoses=diagnoses,
            replaced=replaced,
            requests=all_requests(
                board.tickets.values(),
                work.closed_tickets,
                work.assets,
                work.sites,
                work.contracts,
                board.schemes,
            ),
        )


def _attempts(
    board: Board, known: _Known, asset: Asset, tickets: Iterable[Ticket]
) -> tuple[list[Attempt], list[str]]:
    found: list[Attempt] = []
    unclear: list[str] = []
    for ticket in tickets:
        scheme = board.scheme(ticket)
        customer = known.customers.get(ticket.site, "")
        entitled = entitlement(
            ticket,
            scheme,
            now=board.now,
            customer=customer,
            contract=known.contracts.get(ticket.contract),
            asset=asset,
            standing=known.standing.get(customer, ()),
            findings=known.findings.get(ticket.id, ()),
            requests=known.requests,
        )
        day = ticket.reported_at.astimezone(zone(scheme.zone)).date()
        runs = entitled.warranty is None or entitled.warranty.holds_on(day)
        if entitled.verdict is Verdict.UNKNOWN:
            unclear.append(ticket.id)
        found += attempts(
            ticket,
            board.events.get(ticket.id, ()),
            known.diagnoses.get(ticket.id, ()),
            board.now,
            serial=serial_of(asset, known.replaced.get(asset.id, ()), ticket.reported_at),
            warranty=entitled.verdict is Verdict.COVERED and runs,
        )
    return found, unclear


def _places(board: Board) -> Places:
    """The first place of each kind; empty: the region has none, the move names it later."""

    def first(*kinds: PlaceKind) -> str:
        named = [place.id for kind in kinds for place in board.region.stock.places if place.kind is kind]
        return named[0] if named else ""

    return Places(
        customer=first(PlaceKind.CUSTOMER),
        quarantine=first(PlaceKind.QUARANTINE),
        shelf=first(PlaceKind.WAREHOUSE, PlaceKind.DEPOT),
    )
