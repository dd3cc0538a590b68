"""The form of a ticket, put together from what the desk knows."""

from __future__ import annotations

from api.usecases.desk import Desk, Seen
from api.usecases.fitted import fitted, parts_of
from dispatch.desk.triage import work_of
from dispatch.desk.work_order import WorkOrder, work_order
from dispatch.region import practice_of
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
    kinds = {place.id: place.kind for place in desk.region.stock.places}
    used = fitted(desk.region.stock.moves, kinds, now=desk.now)
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
        parts=parts_of(used, ticket.id, *(visit.id for visit in seen.visits)),
        entry=max(learnt, key=lambda one: one.at, default=None),
    )
