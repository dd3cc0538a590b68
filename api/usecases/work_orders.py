"""The form of a ticket, put together from what the desk knows."""

from __future__ import annotations

from api.usecases.desk import Desk, Seen
from dispatch.desk.history import PartUsed
from dispatch.desk.practice_file import builtin_practice
from dispatch.desk.ticket import Way
from dispatch.desk.work_order import WorkOrder, work_order
from inventory.catalogue.place import PlaceKind
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
    kinds = builtin_practice().works
    way = seen.state.way or Way.ON_SITE
    learnt = [one for one in work.knowledge if one.ticket == ticket.id and one.at <= desk.now]
    return work_order(
        ticket,
        seen.events,
        desk.now,
        customer=next(one for one in work.customers if one.id == site.customer),
        site=site,
        asset=next((one for one in work.assets if one.id == ticket.asset), None),
        work=kinds.get((ticket.kind, way)),
        answers=(one for one in work.checklist_answers if one.ticket == ticket.id),
        signatures=(one for one in work.signatures if one.ticket == ticket.id),
        parts=_fitted(desk, {ticket.id, *(visit.id for visit in seen.visits)}),
        entry=max(learnt, key=lambda one: one.at, default=None),
    )


def _fitted(desk: Desk, documents: set[str]) -> tuple[PartUsed, ...]:
    """What went to the customer under the ticket's number or one of its visits, less what was taken back."""
    kinds = {place.id: place.kind for place in desk.region.stock.places}
    found: dict[str, int] = {}
    for move in desk.region.stock.moves:
        if move.source_document not in documents or move.at > desk.now:
            continue
        there = (kinds[move.to_place] is PlaceKind.CUSTOMER) - (kinds[move.from_place] is PlaceKind.CUSTOMER)
        found[move.part] = found.get(move.part, 0) + there * move.quantity
    return tuple(PartUsed(part, quantity) for part, quantity in found.items() if quantity > 0)
