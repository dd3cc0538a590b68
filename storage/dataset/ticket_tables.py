"""Tables of what customers reported: open tickets, their events, closed tickets and the parts they took."""

from __future__ import annotations

from typing import Any

from dispatch.desk.history import ClosedTicket, PartUsed
from dispatch.desk.milestone import Severity, TicketKind
from dispatch.desk.scheme_file import find_scheme
from dispatch.desk.ticket import EventKind, Ticket, TicketEvent
from kernel.clock import zone
from kernel.errors import Location, Refusal
from storage.dataset.cell import ID, MOMENT, TEXT, choice
from storage.dataset.desk_tables import SCHEME, SITE, with_version
from storage.dataset.stock_tables import UNITS, part_id
from storage.dataset.table import Column, Row, Schemes, Table, to

SEVERITY = choice(Severity)


def _ticket(row: Row) -> Ticket:
    return Ticket(
        id=row["ticket_id"],
        site=row["site_id"],
        asset=row["asset_id"],
        scheme=row["scheme"],
        version=row["scheme_version"],
        severity=row["severity"],
        kind=row["kind"],
        reported_at=row["reported_at"],
        symptom=row["symptom"],
        text=row["text"],
        contract=row["contract_id"],
    )


def _opened_under(row: Row, schemes: Schemes) -> Row:
    """The row with its version; only one without a version asks for the day of the report, in the scheme's zone."""
    known = any(name == row["scheme"] for name, _ in schemes)
    here = zone(find_scheme(schemes, row["scheme"]).zone if known else "UTC")
    return with_version(row, schemes, on=row["reported_at"].astimezone(here).date())


TICKETS = Table(
    "tickets",
    "What a customer reported and is not done yet.",
    (
        Column("ticket_id", ID, "The ticket; shared with closed tickets: no id may be used in both."),
        SITE,
        Column(
            "asset_id",
            ID,
            "The equipment, at the same site.",
            empty="no equipment meant",
            default="",
            references=to("assets"),
        ),
        Column(
            "contract_id",
            ID,
            "The contract it falls under: of the site's customer and the ticket's scheme, in force on the day of the report.",
            empty="none",
            default="",
            references=to("contracts"),
        ),
        SCHEME,
        Column(
            "scheme_version",
            ID,
            "Version it was opened under, and keeps.",
            empty="the newest in force on the day of the report",
            default="",
        ),
        Column("severity", SEVERITY, "At the report; later changes are events."),
        Column("kind", choice(TicketKind), "What is asked for."),
        Column("reported_at", MOMENT, "When it was reported; not after `as_of`."),
        Column("symptom", TEXT, "Code of the symptom.", empty="not said", default=""),
        Column("text", TEXT, "The customer's words.", empty="none", default=""),
    ),
    key=("ticket_id",),
    make=_ticket,
    under=_opened_under,
    rows=lambda region: (
        {
            "ticket_id": ticket.id,
            "site_id": ticket.site,
            "asset_id": ticket.asset,
            "contract_id": ticket.contract,
            "scheme": ticket.scheme,
            "scheme_version": ticket.version,
            "severity": ticket.severity,
            "kind": ticket.kind,
            "reported_at": ticket.reported_at,
            "symptom": ticket.symptom,
            "text": ticket.text,
        }
        for ticket in region.field.tickets
    ),
    namespace="ticket",
)


def _event(row: Row) -> TicketEvent:
    try:
        return TicketEvent(
            row["ticket_id"],
            row["at"],
            row["kind"],
            row["by"],
            row["reason"],
            row["value"],
            row["visit_id"],
        )
    except Refusal as refusal:
        column = "reason" if refusal.code == "ticket.reason_missing" else "value"
        raise refusal.located(Location("", column=column)) from None


TICKET_EVENTS = Table(
    "ticket_events",
    "One step of an open ticket's life; the events of one ticket stand in order of time.",
    (
        Column("ticket_id", ID, "The ticket.", references=to("tickets")),
        Column("at", MOMENT, "When it happened; not after `as_of`."),
        Column("kind", choice(EventKind), "What happened."),
        Column("by", ID, "Who says so."),
        Column(
            "reason",
            TEXT,
            "Why; needed for `waiting`, `severity_changed`, `cancelled`, `reopened`.",
            empty="none",
            default="",
        ),
        Column(
            "value",
            TEXT,
            "`waiting`: part, customer or access; `severity_changed`: the new severity; `forecast_finish`: a moment; "
            "`customer_set`: a milestone, a blank and a moment; `triaged`: remote, on_site, workshop or nothing; "
            "`remote_tried`: solved or not_solved; `part_needed`, `part_short`: a part, a blank and how many; `told`: the time told, "
            "a blank and who was told; `verified`: the SHA-256 of the signed report or nothing.",
            empty="every other kind",
            default="",
        ),
        Column(
            "visit_id",
            ID,
            "The visit it is about, one of the ticket's.",
            empty="the ticket's only one, or the first that is not done",
            default="",
            references=to("visits"),
        ),
    ),
    key=(),
    make=_event,
    rows=lambda region: (
        {
            "ticket_id": event.ticket,
            "at": event.at,
            "kind": event.kind,
            "by": event.by,
            "reason": event.reason,
            "value": event.value,
            "visit_id": event.visit,
        }
        for event in region.field.ticket_events
    ),
)


def _closed(row: Row) -> ClosedTicket:
    try:
        return ClosedTicket(
            ticket=row["ticket_id"],
            asset=row["asset_id"],
            model=row["model"],
            severity=row["severity"],
            reported_at=row["reported_at"],
            arrived_at=row["arrived_at"],
            repaired_at=row["repaired_at"],
            symptom=row["symptom"],
            cause=row["cause"],
            solution=row["solution"],
            engineer=row["engineer_id"],
        )
    except Refusal as refusal:
        raise refusal.located(Location("", column="repaired_at")) from None


def _closed_row(closed: ClosedTicket) -> dict[str, Any]:
    return {
        "ticket_id": closed.ticket,
        "asset_id": closed.asset,
        "model": closed.model,
        "severity": closed.severity,
        "reported_at": closed.reported_at,
        "arrived_at": closed.arrived_at,
        "repaired_at": closed.repaired_at,
        "engineer_id": closed.engineer,
        "symptom": closed.symptom,
        "cause": closed.cause,
        "solution": closed.solution,
    }


CLOSED_TICKETS = Table(
    "closed_tickets",
    "A ticket that is done.",
    (
        Column("ticket_id", ID, "The ticket; shared with open tickets."),
        Column("asset_id", ID, "The equipment.", references=to("assets")),
        Column("model", TEXT, "The asset's model at the time.", empty="not known", default=""),
        Column("severity", SEVERITY, "It ended with."),
        Column("reported_at", MOMENT, "When it was reported."),
        Column("arrived_at", MOMENT, "When an engineer stood on site.", empty="solved without a visit"),
        Column("repaired_at", MOMENT, "When the equipment worked again."),
        Column(
            "engineer_id",
            ID,
            "Who solved it; may have left the company and `engineers.csv`.",
            empty="not known",
            default="",
        ),
        Column("symptom", TEXT, "Code of what was reported.", empty="not said", default=""),
        Column("cause", TEXT, "What it was.", empty="not said", default=""),
        Column("solution", TEXT, "What helped.", empty="not said", default=""),
    ),
    key=("ticket_id",),
    make=_closed,
    rows=lambda region: map(_closed_row, region.field.closed_tickets),
    namespace="ticket",
)

REPAIR_HISTORY = Table(
    "repair_history",
    "Units of a part that a closed ticket took.",
    (
        Column("ticket_id", ID, "The closed ticket.", references=to("closed_tickets")),
        part_id(),
        Column("quantity", UNITS, "How much.", unit="whole units"),
    ),
    key=("ticket_id", "part_id"),
    make=lambda row: (row["ticket_id"], PartUsed(row["part_id"], row["quantity"])),
    rows=lambda region: (
        {"ticket_id": closed.ticket, "part_id": used.part, "quantity": used.quantity}
        for closed in region.field.closed_tickets
        for used in closed.parts
    ),
)
