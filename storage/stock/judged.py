"""From the lines of a document to moves in the ledger: judged against promises, posted, counted on orders, recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from inventory.catalogue.place import SHELVES, PlaceKind
from inventory.stock.document import Line
from inventory.stock.move import Condition, Move
from inventory.stock.position import PartPlace
from inventory.stock.shelf import take
from kernel.errors import Refusal
from storage.idempotency import Reply
from storage.stock.known import Known
from storage.stock.orders import count_arrivals
from storage.stock.post import Prepared, prepare, write
from storage.stock.seats import Seat, asked_seats, open_seats, write_promises
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Taking:
    """A line of a document and on whose account it goes.

    Args:
        line: what goes where.
        reservation: id of the reservation the units were kept under; empty: none.
        customer: whom they are for; forward stock asks for it.
    """

    line: Line
    reservation: str = ""
    customer: str = ""


def judged(work: UnitOfWork, made: Sequence[Move], takings: Sequence[Taking]) -> Prepared:
    """Lock what the moves touch, and let the rules judge each that takes usable goods off a shelf."""
    ids = [taking.reservation for taking in takings if taking.reservation]

    def taken_from(known: Known) -> set[PartPlace]:
        shelves = zip(made, _off_shelves(made, known), strict=True)
        return {(move.part, move.from_place) for move, judge in shelves if judge}

    prepared = prepare(work, made, also=lambda known: asked_seats(work, taken_from(known), ids))
    keys, shelves = taken_from(prepared.known), _off_shelves(made, prepared.known)
    before = open_seats(work, keys, barred=prepared.known.barred, ids=ids) if keys else {}
    after = dict(before)
    for move, taking, judge in zip(made, takings, shelves, strict=True):
        if not judge:
            if taking.reservation:
                raise Refusal("stock.reservation_differs", reservation=taking.reservation)
            continue
        seat = after[move.part, move.from_place]
        account = {"reservation": taking.reservation, "customer": taking.customer}
        kept = take(seat.shelf, seat.reservations, move, now=work.now, **account)
        after[move.part, move.from_place] = Seat(seat.shelf, kept).without(move)
    for key in sorted(before):
        # Nothing is promised anew here, so nothing can stand in the way.
        write_promises(work, before[key], after[key].reservations)
    return prepared


def _off_shelves(made: Sequence[Move], known: Known) -> list[bool]:
    """Whether each move takes usable goods off a shelf."""
    barred, places = known.barred, known.places
    return [
        places[move.from_place].kind in SHELVES
        and move.condition is Condition.USABLE
        and ((move.part, move.lot) not in barred or places[move.to_place].kind is PlaceKind.CUSTOMER)
        for move in made
    ]


def posted(work: UnitOfWork, action: str, about: str, prepared: Prepared) -> Reply:
    """Write what was judged and say so in the audit chain: ``{"moves": [ids of those that are new]}``."""
    written = write(work, prepared)
    count_arrivals(work, written, prepared.known.places, prepared.known.ordered)
    new = [move.id for move in written]
    work.record(action, about, moves=new)
    return {"moves": new}
