"""What is faulty in the built-in region: a lot that failed its sample, a device that keeps failing.

Both are facts as the storekeeper and the desk would have written them; what follows from them the rules say.
"""

from __future__ import annotations

from calendar import THURSDAY, monthcalendar
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from dispatch.board import Board
from dispatch.desk.knowledge import KnowledgeEntry
from dispatch.desk.replacement import requests
from dispatch.desk.ticket import EventKind, Ticket, TicketEvent
from dispatch.region import Region, Story
from dispatch.replacements import replacements
from inventory.replenish.demand import DemandMonth
from inventory.stock.document import Line, moves
from inventory.stock.move import Move
from inventory.supply.inspected import LotInspection
from inventory.supply.inspection import Arrival, split
from inventory.supply.purchasing import PurchaseOrderLine
from inventory.supply.sampling import InspectionSeverity, Level
from kernel.clock import moment
from kernel.envelope import Envelope
from scenarios.world.catalogue import CUSTOMER_PLACE, QUARANTINE, SUPPLIER_PLACE

FUSE, FUSE_PLACE = "P-UPS-13", "D-FZ"
FUSES_LEFT = 2
"""Fuses that lie in Fuzhou while the lot that should be there is held."""
FUSES_A_SERVICE = 11
"""Every Thursday a battery service in Fuzhou takes as many; a year of them is ordered at once."""
LOT, LOT_BAD, LOT_AQL = 600, 5, Decimal("1.5")
"""Letter J: a sample of 80, three bad ones allowed."""
FUSE_ORDER, INSPECTION = "PO-D-FZ-0227-P-UPS-13-YEAR", "INSP-FUSE"

REPEATED = "T-0116"
"""An open ticket of a scheme that replaces what two repairs in a row did not mend."""
REPEATED_PRICE = 46_000_00
"""Cents a new device of that model costs."""


def lot_failed(made: Region) -> Region:
    """A year's fuses came to Fuzhou on Wednesday, five of eighty were bad, and all of them wait in quarantine."""
    stock = made.stock
    came_at, judged_at = moment("2026-03-04T09:10+08:00"), moment("2026-03-04T11:25+08:00")
    ordered_at, promised_at = moment("2026-02-27T10:00+08:00"), moment("2026-03-04T18:00+08:00")
    (taken,) = split(
        (Arrival(FUSE, LOT),),
        (FUSE,),
        parts=(FUSE,),
        supplier=SUPPLIER_PLACE,
        shelf=FUSE_PLACE,
        quarantine=QUARANTINE,
    )
    head = Envelope("storekeeper", "desk-1", came_at, "M-LOT-FUSE", made.settings.id)
    came = moves(head, FUSE_ORDER, taken.lines, reason="received")
    line = PurchaseOrderLine(FUSE_ORDER, "SUP-06", FUSE, LOT, FUSE_PLACE, ordered_at, promised_at, LOT)
    judged = LotInspection(
        INSPECTION, judged_at, "SUP-06", FUSE, FUSE_ORDER, LOT, LOT_AQL, Level.II, InspectionSeverity.NORMAL, LOT_BAD,
        by="storekeeper",
    )  # fmt: skip
    asked = tuple(
        replace(row, quantity=FUSES_A_SERVICE * len(_thursdays(row.month)))
        for row in _every_month(stock.demand_history)
    )
    stock = replace(
        stock,
        moves=tuple(sorted((*_services(stock.moves, made.settings.as_of), *came), key=lambda move: move.at)),
        purchase_orders=(*stock.purchase_orders, line),
        lot_inspections=(*stock.lot_inspections, judged),
        demand_history=(
            *(row for row in stock.demand_history if (row.part, row.place) != (FUSE, FUSE_PLACE)),
            *asked,
        ),
    )
    return _told(replace(made, stock=stock), "lot_failed", FUSE, FUSE_PLACE)


def _every_month(known: tuple[DemandMonth, ...]) -> tuple[DemandMonth, ...]:
    return tuple(DemandMonth(FUSE, FUSE_PLACE, month, 0) for month in sorted({row.month for row in known}))


def _thursdays(month: str) -> tuple[date, ...]:
    year, number = map(int, month.split("-"))
    return tuple(date(year, number, day) for week in monthcalendar(year, number) if (day := week[THURSDAY]))


def _services(known: tuple[Move, ...], now: datetime) -> tuple[Move, ...]:
    """The ledger with the services since it opened, and what they took opened on top."""
    opened = next(
        move
        for move in known
        if (move.part, move.to_place, move.reason) == (FUSE, FUSE_PLACE, "opening stock")
    )
    days = [day for month in ("2026-01", "2026-02", "2026-03") for day in _thursdays(month)]
    used = [moment(f"{day}T16:00+08:00") for day in days]
    served = tuple(
        move
        for at in used
        if opened.at < at < now
        for move in moves(
            Envelope("storekeeper", "desk-1", at, f"M-SERVICE-{at:%m%d}", "fujian"),
            f"SERVICE-{at:%m%d}",
            (Line(FUSE, FUSES_A_SERVICE, FUSE_PLACE, CUSTOMER_PLACE),),
            reason="fitted",
        )
    )
    more = replace(opened, quantity=opened.quantity + FUSES_A_SERVICE * len(served))
    return (*(more if move is opened else move for move in known), *served)


def repeat_fault(made: Region) -> Region:
    """A power supply in Xiamen was repaired twice under warranty and alarms again: a new one is asked for."""
    work = made.field
    now = next(ticket for ticket in work.tickets if ticket.id == REPEATED)
    asset = next(one for one in work.assets if one.id == now.asset)
    invoiced = replace(asset, invoiced_on=date(2024, 9, 12), warranty_months=24)
    first = _repaired(now, "H-XM-1", "2026-02-11T09:20+08:00", "E-109")
    second = _repaired(now, "H-XM-2", "2026-02-24T14:05+08:00", "E-109")
    found = tuple(
        KnowledgeEntry(
            ticket, moment(at), by, "charger board failed", solution, asset.id, asset.serial, asset.model,
            now.symptom, "charger-board",
        )
        for ticket, at, by, solution in (
            ("H-XM-1", "2026-02-11T12:30+08:00", "E-109", "charger board replaced"),
            ("H-XM-2", "2026-02-24T17:15+08:00", "E-109", "charger board and its fan replaced"),
            (now.id, "2026-03-06T10:20+08:00", "desk", "the same code in its log again; no repair helped"),
        )
    )  # fmt: skip
    made = replace(
        made,
        field=replace(
            work,
            assets=tuple(invoiced if one.id == asset.id else one for one in work.assets),
            tickets=(*work.tickets, first[0], second[0]),
            ticket_events=(*work.ticket_events, *first[1], *second[1]),
            knowledge=(*work.knowledge, *found),
        ),
    )
    asked = requests(
        replacements(Board.of(made)).owed,
        {event.id for event in made.field.approvals},
        moment("2026-03-06T10:30+08:00"),
        by="desk",
        cents=REPEATED_PRICE,
    )
    made = replace(made, field=replace(made.field, approvals=(*made.field.approvals, *asked)))
    return _told(made, "repeat_fault", now.id)


def _repaired(
    like: Ticket, number: str, reported: str, engineer: str
) -> tuple[Ticket, tuple[TicketEvent, ...]]:
    """An earlier ticket of the same device: reported, gone to, repaired, closed within a few hours."""
    at = moment(reported)
    steps = (
        (6, EventKind.ACKNOWLEDGED, "desk", ""),
        (20, EventKind.RESPONDED, "desk", ""),
        (22, EventKind.TRIAGED, "desk", "on_site"),
        (25, EventKind.ARRANGED, "desk", ""),
        (60, EventKind.TRAVELLING, engineer, ""),
        (100, EventKind.ON_SITE, engineer, ""),
        (185, EventKind.REPAIRED, engineer, ""),
        (195, EventKind.VERIFIED, engineer, ""),
        (200, EventKind.LEFT, engineer, ""),
        (240, EventKind.CLOSED, "desk", ""),
    )
    events = tuple(
        TicketEvent(number, at + timedelta(minutes=after), kind, by, value=value)
        for after, kind, by, value in steps
    )
    return replace(like, id=number, reported_at=at), events


def _told(made: Region, kind: str, *ids: str) -> Region:
    return replace(made, settings=replace(made.settings, stories=(*made.settings.stories, Story(kind, ids))))
