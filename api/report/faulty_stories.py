"""Stories of what is faulty: a lot that failed its sample, a device that keeps failing; told from the facts, not from the plan."""

from __future__ import annotations

from datetime import datetime

from api.report.told import Told
from api.report.view import Report
from dispatch.desk.approval import approvals
from dispatch.region import Story
from dispatch.replacements import replacements
from inventory.stockroom import lots_inspected, position
from inventory.supply.held_back import held_back
from kernel.errors import Message, Value
from kernel.money import from_cents


def lot_failed(report: Report, story: Story) -> Told:
    """A lot failed its sample and waits in quarantine: without it the place is short, with it it would not be."""
    part, place = story.ids if len(story.ids) == 2 else ("", "")
    region, now = report.board.region, report.board.now
    kinds = {row.id: row.kind for row in region.stock.places}
    facts: dict[str, Value] = {
        "part": report.part_names.get(part, part),
        "place": report.place_names.get(place, place),
    }
    held = [
        one
        for one in held_back(
            region.stock.moves,
            kinds,
            lots_inspected(region.stock, now=now),
            region.stock.purchase_orders,
            now=now,
        )
        if (one.lot.part, one.place) == (part, place)
    ]
    found = [row for row in report.proposals if (row.part, row.place) == (part, place)]
    due = next((step.params for row in found for step in row.why if step.code == "reorder.due"), None)
    if not held or due is None:
        return Told(story, False, Message("story.no_lot_held", facts))
    lot, stands = held[0].lot, position(region.stock, now, zone_name=region.settings.zone).get((part, place))
    missing, point = sum(one.quantity for one in held), int(due["reorder_point"])
    facts |= {
        "supplier": lot.supplier,
        "bad": lot.bad,
        "size": lot.plan.size,
        "accept": lot.plan.accept,
        "units": missing,
        "available": stands.available if stands else 0,
        "reorder_point": point,
        "quantity": sum(row.quantity for row in found),
        "arrives": _first_day(report, [row.arrives_at for row in found if row.arrives_at]),
    }
    holds = int(facts["available"]) + missing > point
    return Told(story, holds, Message("story.lot_failed" if holds else "story.lot_not_the_reason", facts))


def _first_day(report: Report, arrivals: list[datetime]) -> str:
    return f"{report.here(min(arrivals)):%Y-%m-%d}" if arrivals else "-"


def repeat_fault(report: Report, story: Story) -> Told:
    """A device failed again after the repairs its scheme allows: a new one is owed, and the request waits for its word."""
    board = report.board
    ticket = story.ids[0] if story.ids else ""
    owed = next((one for one in replacements(board).owed if one.ticket == ticket), None)
    if owed is None:
        return Told(story, False, Message("story.no_replacement_owed", {"ticket": ticket}))
    asked = approvals(sorted(board.region.field.approvals, key=lambda one: one.at), board.now).get(owed.id)
    facts: dict[str, Value] = {
        "model": owed.model,
        "serial": owed.serial,
        "ticket": ticket,
        "repairs": ", ".join(owed.repairs),
        "problem": owed.problem,
        "request": owed.id,
    }
    if asked is None or not asked.is_open:
        return Told(story, False, Message("story.replacement_not_asked", facts))
    facts["price"] = f"{from_cents(asked.cents):,.2f} {board.region.settings.currency}"
    visit = next((one.id for one in board.visits.values() if one.ticket == ticket), "")
    return Told(story, True, Message("story.repeat_fault", facts), visit)
