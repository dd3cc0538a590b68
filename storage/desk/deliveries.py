"""A part is to be brought straight to a visit: from which store, when it will be there, at what price."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from sqlalchemy import delete

from dispatch.desk.life import work_ended
from inventory.catalogue.place import OPEN_SHELVES, PlaceKind
from inventory.stock.sourcing import BY_HAND, SupplyOffer
from kernel.errors import Refusal
from storage.appended import queue
from storage.dataset import stock_tables, visit_tables
from storage.desk.numbers import next_number
from storage.desk.tickets import ticket_known
from storage.idempotency import Reply, once
from storage.rows.facts import add, values_in
from storage.stock.locks import check_parts, place_of
from storage.stock.queries import position
from storage.tables.catalogue import SupplyOfferRow
from storage.unit_of_work import UnitOfWork


def arrange(work: UnitOfWork, wanted: SupplyOffer) -> Reply:
    """Write down that a part is to be brought: ``{"delivery": id, "visit": id}``; plans reckon with it from now on.

    Nothing moves in the ledger: goods leave when the store sends them.

    Args:
        work: of the command.
        wanted: what, from where, to which visit, when and for how much; its id is given here.

    Raises:
        Refusal: ``board.unknown_visit``, ``board.ticket_done``, ``delivery.in_the_past``, ``delivery.no_store``,
            ``stock.unknown_part``, ``stock.unknown_place``, ``stock.not_enough_free``.
    """
    visit, part, place = wanted.demand_ref, wanted.part, wanted.source

    def act() -> Reply:
        queue(work)
        known = values_in(work.connection, visit_tables.VISITS, work.region, visit_id=visit)
        if not known:
            raise Refusal("board.unknown_visit", visit=visit)
        if work_ended(ticket_known(work, known[0].ticket).events):
            raise Refusal("board.ticket_done", ticket=known[0].ticket, visit=visit)
        if wanted.arrives_at <= work.now:
            raise Refusal("delivery.in_the_past", at_time=wanted.arrives_at.isoformat())
        check_parts(work, (part,))
        kind = place_of(work, place).kind
        if kind not in OPEN_SHELVES or kind is PlaceKind.VAN:
            raise Refusal("delivery.no_store", place=place)
        free = position(work.connection, work.region, part, place, now=work.now).available
        if free < wanted.quantity:
            raise Refusal("stock.not_enough_free", part=part, place=place, free=free, wanted=wanted.quantity)
        number = next_number(work, BY_HAND, (SupplyOfferRow.c.offer_id,))
        offer = replace(wanted, id=f"{BY_HAND}{number:04d}")
        _write(work, offer)
        return {"delivery": offer.id, "visit": visit}

    content = {
        "visit": visit,
        "part": part,
        "place": place,
        "kind": wanted.kind.value,
        "quantity": wanted.quantity,
        "arrives_at": wanted.arrives_at.isoformat(),
        "price": str(wanted.price),
    }
    return once(work, "visit.deliver", content, act)


def bring_as_planned(work: UnitOfWork, new: Iterable[SupplyOffer], withdrawn: Collection[str]) -> None:
    """Write down what a published plan asks for, and strike what it no longer takes; `storage.appended.queue` comes before.

    Args:
        work: of the command.
        new: what is asked for from now on, under the ids the plan knows it by.
        withdrawn: ids of what was asked for a plan and has not been sent or ordered.
    """
    row = SupplyOfferRow.c
    for name in withdrawn:
        work.connection.execute(
            delete(SupplyOfferRow).where(row.region_id == work.region, row.offer_id == name)
        )
        work.record("visit.delivery_withdrawn", name)
    for offer in new:
        _write(work, offer)


def _write(work: UnitOfWork, offer: SupplyOffer) -> None:
    add(work, stock_tables.SUPPLY_OFFERS, (offer,))
    facts = {"part": offer.part, "quantity": offer.quantity, "place": offer.source, "kind": offer.kind.value}
    at = offer.arrives_at.isoformat()
    work.record("visit.delivery", offer.demand_ref, delivery=offer.id, **facts, at=at)
