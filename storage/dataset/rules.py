"""What rows have to keep together: stock never below nothing, one van for one engineer, one site for one ticket.

Rules see accepted rows only and say which of them cannot stand; the rest is judged as if those were not there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import partial

from dispatch.desk.belonging import misplaced, outside_terms
from dispatch.desk.life import check_history
from dispatch.desk.scheme import Scheme
from dispatch.desk.ticket import EventKind, Ticket, TicketEvent
from dispatch.event_rules import lock_outside
from dispatch.region import Settings
from inventory.catalogue.place import PlaceKind
from inventory.stock.ledger import Balances, apply
from inventory.stock.loan import with_check
from inventory.stock.sourcing import OfferKind
from kernel.errors import Refusal
from kernel.interval import Interval
from storage.dataset import owed_rules, supply_rules, trip_rules
from storage.dataset.draft import Accepted, Draft, Found, last_read, schemes_among

HAPPENED = {
    "tickets": "reported_at",
    "ticket_events": "at",
    "stock_moves": "at",
    "positions": "at",
    "ticket_loans": "reserved_at",
    "loan_events": "at",
    "replacements": "at",
    "duties_handed_over": "at",
    "escalations": "at",
    "complaints": "made_at",
    "complaint_events": "at",
    "survey_events": "at",
    "preventive_events": "at",
    "borrowings": "at",
    "standing_changes": "at",
    "findings": "at",
    "charge_events": "at",
    "reports": "at",
    "answers": "at",
    "attachments": "at",
    "knowledge": "at",
    "checklist_answers": "at",
    "signatures": "at",
    "approval_events": "at",
    "lot_inspections": "at",
    "loan_checks": "at",
    "stock_counts": "at",
    "snoozes": "at",
    "order_drafts": "made_at",
    "order_steps": "at",
    "shipments": "sent_at",
    "lots_skipped": "at",
    "stock_inspections": "at",
    "dispositions": "at",
    "nonconformances": "at",
    "corrective_steps": "at",
    "remedy_promises": "at",
    "delivery_notes": "at",
}
"""Columns of moments at which something happened: none lies after the moment the region is described at."""

_COLUMN_OF_CODE = {
    "stock.not_enough": "quantity",
    "stock.lot_not_enough": "quantity",
    "stock.lot_missing": "lot",
    "stock.unknown_lot": "lot",
    "stock.serial_missing": "serial",
    "stock.serial_not_tracked": "serial",
    "stock.serial_unknown": "serial",
    "stock.serial_elsewhere": "serial",
    "stock.key_reused": "key",
    "stock.transit_without_destination": "bound_for",
    "stock.not_a_destination": "bound_for",
    "stock.destination_without_transit": "bound_for",
    "stock.reverses_unknown": "reverses",
    "stock.reverses_reversal": "reverses",
    "stock.reversed_already": "reverses",
    "stock.reversal_differs": "reverses",
}


def nothing_after(accepted: Accepted, *, as_of: datetime) -> Iterator[Found]:
    """What is said to have happened has happened by the moment the region is described at."""
    for table, column in HAPPENED.items():
        for draft in accepted[table]:
            at = draft.row[column]
            if at > as_of:
                refusal = Refusal("dataset.after_as_of", at_time=at.isoformat(), as_of=as_of.isoformat())
                yield table, draft, column, refusal


def contracts_that_hold(accepted: Accepted, *, zone_name: str) -> Iterator[Found]:
    """A ticket's contract is about the ticket's scheme and in force on the local day of the report."""
    contracts = {draft.value.id: draft.value for draft in accepted["contracts"]}
    for draft in accepted["tickets"]:
        contract = contracts.get(draft.value.contract)
        if contract is None:
            continue
        for column, refusal in outside_terms(draft.value, contract, zone_name=zone_name):
            yield "tickets", draft, column, refusal


def moves_in_order_of_time(accepted: Accepted) -> Iterator[Found]:
    """Apply the moves to the ledger; one it refuses has no effect on those after it."""
    tracking = {draft.value.id: draft.value.tracking for draft in accepted["parts"]}
    places = (draft.value for draft in accepted["places"])
    lots = {(draft.value.part, draft.value.id) for draft in accepted["lots"]}
    balances = Balances.opening(tracking, places, tracking=tracking, lots=lots)
    for draft in sorted(accepted["stock_moves"], key=lambda draft: draft.value.at):
        try:
            balances = apply(balances, draft.value)
        except Refusal as refusal:
            yield "stock_moves", draft, _COLUMN_OF_CODE.get(refusal.code, ""), refusal


def one_van_for_one_engineer(accepted: Accepted) -> Iterator[Found]:
    """What a van says of its engineer and what the engineer says of his van is the same."""
    van_of = {draft.value.id: draft.value.van for draft in accepted["engineers"]}
    carried = {draft.value.engineer: draft.value.id for draft in accepted["places"] if draft.value.engineer}
    for draft in accepted["places"]:
        place = draft.value
        if place.engineer and (van_of.get(place.engineer) != place.id or carried[place.engineer] != place.id):
            other = van_of.get(place.engineer) or "-"
            refusal = Refusal("dataset.van_disagrees", van=place.id, engineer=place.engineer, other=other)
            yield "places", draft, "engineer_id", refusal
    owners = {draft.value.id: draft.value.engineer for draft in accepted["places"]}
    for draft in accepted["engineers"]:
        engineer = draft.value
        if engineer.van and owners.get(engineer.van) != engineer.id:
            other = owners.get(engineer.van) or "-"
            refusal = Refusal(
                "dataset.engineer_disagrees", van=engineer.van, engineer=engineer.id, other=other
            )
            yield "engineers", draft, "van", refusal


def shifts_apart(accepted: Accepted) -> Iterator[Found]:
    """Nobody works two shifts, or a shift and a duty, at the same time."""
    times: dict[str, list[tuple[datetime, datetime, str, Draft]]] = {}
    for draft in accepted["shifts"]:
        worked = draft.value.worked
        times.setdefault(draft.value.engineer, []).append((worked.start, worked.end, "shifts", draft))
    for draft in accepted["on_call"]:
        duty = draft.value.duty
        times.setdefault(draft.value.engineer, []).append((duty.start, duty.end, "on_call", draft))
    for own in times.values():
        own.sort(key=lambda time: (time[0], time[1], time[2], time[3].line))
        busy_until: datetime | None = None
        busy_with = ""
        for start, end, table, draft in own:
            if busy_until is not None and start < busy_until:
                yield table, draft, "starts_at", Refusal("dataset.shifts_overlap", other=busy_with)
            else:
                busy_until, busy_with = end, draft.value.id


def offers_from_the_right_source(accepted: Accepted) -> Iterator[Found]:
    """A purchase comes from a supplier, everything else from a place."""
    suppliers = {draft.value.id for draft in accepted["suppliers"]}
    places = {draft.value.id for draft in accepted["places"]}
    for draft in accepted["supply_offers"]:
        offer = draft.value
        known, file = (
            (suppliers, "suppliers.csv") if offer.kind is OfferKind.PURCHASE else (places, "places.csv")
        )
        if offer.source not in known:
            yield (
                "supply_offers",
                draft,
                "source",
                Refusal("dataset.unknown_reference", value=offer.source, files=file),
            )


def tickets_in_one_place(accepted: Accepted) -> Iterator[Found]:
    """A ticket's equipment, contract and visits belong to the ticket's site and its customer."""
    site_of = {draft.value.id: draft.value.site for draft in accepted["assets"]}
    customer_of = {draft.value.id: draft.value.customer for draft in accepted["sites"]}
    signed_by = {draft.value.id: draft.value.customer for draft in accepted["contracts"]}
    ticket_site = {}
    for draft in accepted["tickets"]:
        ticket = draft.value
        ticket_site[ticket.id] = ticket.site
        for column, refusal in misplaced(
            ticket, site_of=site_of, customer_of=customer_of, signed_by=signed_by
        ):
            yield "tickets", draft, column, refusal
    for draft in accepted["visits"]:
        visit = draft.value
        if ticket_site.get(visit.ticket) != visit.site:
            refusal = Refusal(
                "dataset.visit_elsewhere", ticket=visit.ticket, site=ticket_site.get(visit.ticket, "-")
            )
            yield "visits", draft, "site_id", refusal
    visit_ticket = {draft.value.id: draft.value.ticket for draft in accepted["visits"]}
    for draft in accepted["ticket_events"]:
        event = draft.value
        if event.visit and visit_ticket.get(event.visit) != event.ticket:
            refusal = Refusal("board.visit_of_other_ticket", visit=event.visit, ticket=event.ticket)
            yield "ticket_events", draft, "visit_id", refusal


def parts_that_exist(accepted: Accepted) -> Iterator[Found]:
    """A part somebody says is needed stands in the catalogue: no plan could bring another."""
    known = {draft.value.id for draft in accepted["parts"]}
    for draft in accepted["ticket_events"]:
        event = draft.value
        if event.kind in {EventKind.PART_NEEDED, EventKind.PART_SHORT} and event.part_needed[0] not in known:
            refusal = Refusal("stock.unknown_part", part=event.part_needed[0])
            yield "ticket_events", draft, "value", refusal


def histories_that_fold(accepted: Accepted) -> Iterator[Found]:
    """The events of every open ticket can have happened in the order they stand."""
    by_ticket: dict[str, list[Draft]] = {}
    for draft in accepted["ticket_events"]:
        by_ticket.setdefault(draft.value.ticket, []).append(draft)
    schemes = schemes_among(accepted)
    for ticket_draft in accepted["tickets"]:
        ticket = ticket_draft.value
        scheme = schemes[ticket.scheme, ticket.version]
        yield from last_read(
            "ticket_events",
            by_ticket.get(ticket.id, ()),
            partial(_judged, ticket, scheme),
            column="kind",
        )


def _judged(ticket: Ticket, scheme: Scheme, events: Iterable[TicketEvent]) -> Iterator[Refusal]:
    return check_history(ticket, events, scheme)


def locks_as_agreed(accepted: Accepted) -> Iterator[Found]:
    """A time that may not be changed is one the customer agreed to."""
    agreed: dict[str, list[Interval]] = {}
    for draft in accepted["appointments"]:
        agreed.setdefault(draft.value.visit, []).append(draft.value.window)
    for draft in accepted["published_plan"]:
        stop = draft.value
        if lock_outside(stop, agreed.get(stop.visit, ())):
            refusal = Refusal("dataset.lock_outside_appointment", visit=stop.visit, lock=str(stop.lock))
            yield "published_plan", draft, "starts_at", refusal


def one_loan_at_a_time(accepted: Accepted) -> Iterator[Found]:
    """A loaner unit that is still out has not been lent again, and is checked in step by step."""
    known = {draft.value.id: draft.value for draft in accepted["loans"]}
    for draft in accepted["loan_checks"]:
        try:
            if draft.value.loan in known:
                known[draft.value.loan] = with_check(known[draft.value.loan], draft.value)
        except Refusal as refusal:
            yield "loan_checks", draft, "step", refusal
    out: dict[str, str] = {}
    for draft in accepted["loans"]:
        loan = known[draft.value.id]
        if loan.back_at is not None:
            continue
        if loan.unit in out:
            yield "loans", draft, "unit_id", Refusal("stock.lent_twice", unit=loan.unit, loan=out[loan.unit])
        else:
            out[loan.unit] = loan.id


def loaners_in_vans(accepted: Accepted) -> Iterator[Found]:
    """A loaner unit on the road lies in an engineer's van."""
    vans = {draft.value.id for draft in accepted["places"] if draft.value.kind is PlaceKind.VAN}
    for draft in accepted["loaner_units"]:
        if draft.value.van and draft.value.van not in vans:
            yield "loaner_units", draft, "van", Refusal("dataset.not_a_van", place=draft.value.van)


Rule = Callable[[Accepted], Iterator[Found]]

RULES: tuple[Rule, ...] = (
    one_van_for_one_engineer,
    shifts_apart,
    tickets_in_one_place,
    parts_that_exist,
    histories_that_fold,
    locks_as_agreed,
    offers_from_the_right_source,
    one_loan_at_a_time,
    loaners_in_vans,
    *trip_rules.RULES,
    *owed_rules.RULES,
    *supply_rules.RULES,
    moves_in_order_of_time,
)
"""Rules that need nothing but the rows."""


def rules_under(settings: Settings | None, /) -> tuple[Rule, ...]:
    """Give every rule of a region with this head; without one, those that need its moment or zone are left out.

    In this order; rows that refer to what one of them refused are refused before the next looks.
    """
    if settings is None:
        return RULES
    return (
        partial(nothing_after, as_of=settings.as_of),
        *RULES,
        partial(contracts_that_hold, zone_name=settings.zone),
    )
