"""The form of a ticket, put together from what the desk knows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from api.usecases.desk import Desk, Seen
from api.usecases.triaged import fitted, parts_of
from dispatch.desk.history import PartUsed
from dispatch.desk.triage import work_of
from dispatch.desk.work_order import WorkOrder, work_order
from dispatch.region import practice_of
from inventory.catalogue.place import PlaceKind
from inventory.stock.move import Move
from kernel.errors import Refusal


def order_of(desk: Desk, number: str, /) -> WorkOrder:
    """Put together the form of a ticket at the desk's moment.

    Raises:
        Refusal: ``desk.unknown_ticket``, also for a report that is no ticket yet.
    """
    seen = desk.shown(number)
    if not isinstance(seen, Seen):
        raise Refusal("desk.unknown_ticket", ticket=number[:64])
    work, ticket = desk.region.field, seen.ticket
    site = next(one for one in work.sites if one.id == ticket.site)
    learnt = [one for one in work.knowledge if one.ticket == ticket.id and one.at <= desk.now]
    return work_order(
        ticket,
        seen.events,
        desk.now,
        customer=next(one for one in work.customers if one.id == site.customer),
        site=site,
        asset=next((one for one in work.assets if one.id == ticket.asset), None),
        work=work_of(practice_of(work), ticket.kind, seen.state.way),
        answers=(one for one in work.checklist_answers if one.ticket == ticket.id),
        signatures=(one for one in work.signatures if one.ticket == ticket.id),
        parts=parts_of(fitted(desk.region, now=desk.now), ticket.id, *(visit.id for visit in seen.visits)),
        entry=max(learnt, key=lambda one: one.at, default=None),
    )


def fitted_by(
    moves: Iterable[Move], kinds: Mapping[str, PlaceKind], *, now: datetime
) -> tuple[PartUsed, ...]:
    """What went to customers by some moves up to `now`, less what was taken back, in order of first appearance."""
    found: dict[str, int] = {}
    for move in moves:
        if move.at > now:
            continue
        there = (kinds[move.to_place] is PlaceKind.CUSTOMER) - (kinds[move.from_place] is PlaceKind.CUSTOMER)
        found[move.part] = found.get(move.part, 0) + there * move.quantity
    return tuple(PartUsed(part, quantity) for part, quantity in found.items() if quantity > 0)
