"""Commands that choose or change single units and lots: first out, good for bad, change of condition.

As `storage.stock.commands` in all else. Lots are described in `storage.stock.lots`.
"""

from __future__ import annotations

from dataclasses import dataclass

from inventory.catalogue.place import PlaceKind
from inventory.stock.document import Line, changed_condition, moves
from inventory.stock.exchange import Unit, good_for_bad
from inventory.stock.lot import day_of
from inventory.stock.move import Condition
from inventory.stock.shelf import first_out, one_by_one
from kernel.errors import Refusal
from storage.idempotency import Reply, once
from storage.regional import zone_of
from storage.stock.judged import Taking, judged, posted
from storage.stock.locks import counted, place_of
from storage.stock.lots import barred, lots_of
from storage.stock.post import prepare
from storage.stock.queries import catalogued
from storage.stock.rows import plain
from storage.stock.seats import open_seats
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Named:
    """One unit as a scanner names it: its part and, where they are known, its serial and lot."""

    part: str
    serial: str = ""
    lot: str = ""


def pick(
    work: UnitOfWork,
    document: str,
    line: Line,
    *,
    reservation: str = "",
    customer: str = "",
    originals_only: bool = False,
) -> Reply:
    """Hand out units from the lots that run out first: ``{"moves": [ids], "lots": [[lot, units]]}``.

    Args:
        work: the unit of work.
        document: the paper or record it stands on.
        line: part, quantity, `from_place`, `to_place`, reason; other fields are not read.
        reservation: id of the reservation the units were kept under; empty: none.
        customer: whom they are for; forward stock asks for it.
        originals_only: whether the work asks for original parts.

    Raises:
        Refusal: as `inventory.stock.shelf.first_out` and `storage.stock.commands.issue`.
    """

    def act() -> Reply:
        key = (line.part, line.from_place)
        out = barred(work.connection, work.region, (line.part,), now=work.now)
        ids = (reservation,) if reservation else ()
        # Where they go is locked with where they come from, in order: two picks that cross wait, and none is given up.
        # A supplier's place keeps no count: nothing lies there, and that is what is answered.
        keys = {key, *counted(work, ((line.part, line.to_place),))}
        seat = open_seats(work, keys, barred=out, ids=ids)[key]
        picks = first_out(
            seat.shelf,
            seat.reservations,
            line.quantity,
            lots=lots_of(work.connection, work.region, line.part),
            now=work.now,
            day=day_of(work.now, zone_name=zone_of(work.connection, work.region)),
            reservation=reservation,
            originals_only=originals_only,
        )
        named = one_by_one(seat.shelf, seat.reservations, picks, now=work.now, reservation=reservation)
        lines = [
            Line(
                line.part,
                one.quantity,
                line.from_place,
                line.to_place,
                lot=one.lot,
                serial=one.serial,
                reason=line.reason,
            )
            for one in named
        ]
        takings = [Taking(one, reservation, customer) for one in lines]
        made = moves(work.envelope, document, lines, reason="issued")
        reply = posted(work, "stock.pick", document, judged(work, made, takings))
        return reply | {"lots": [[one.lot, one.quantity] for one in picks]}

    told = plain(line) | {"document": document, "kept": reservation, "for": customer}
    return once(work, "stock.pick", told | {"originals_only": originals_only}, act)


def exchange(
    work: UnitOfWork,
    document: str,
    *,
    good: Named,
    bad: Named,
    shelf: str,
    customer_place: str,
    returns: str,
    reservation: str = "",
    customer: str = "",
) -> Reply:
    """Install a good unit and take the defective one back, together or not at all: ``{"moves": [ids]}``.

    Args:
        work: the unit of work.
        document: the paper or record of the exchange.
        good: what goes in.
        bad: what comes out; it comes back damaged.
        shelf: place the good unit is taken from.
        customer_place: place of the ledger that stands for customers.
        returns: place the defective unit is brought to.
        reservation: id of the reservation the good unit was kept under; empty: none.
        customer: whom it is for; forward stock asks for it.

    Raises:
        Refusal: as `inventory.stock.exchange.good_for_bad` and `storage.stock.commands.issue`.
    """

    def act() -> Reply:
        parts = catalogued(work.connection, work.region, (good.part, bad.part))
        for name in (good.part, bad.part):
            if name not in parts:
                raise Refusal("stock.unknown_part", part=name[:64])
        made = good_for_bad(
            work.envelope,
            document,
            good=Unit(parts[good.part], good.serial, good.lot),
            bad=Unit(parts[bad.part], bad.serial, bad.lot),
            shelf=shelf,
            customer=customer_place,
            returns=returns,
        )
        lines = [Line(m.part, m.quantity, m.from_place, m.to_place) for m in made]
        takings = [Taking(lines[0], reservation, customer), Taking(lines[1], customer=customer)]
        return posted(work, "stock.exchange", document, judged(work, made, takings))

    told = {
        "document": document,
        "good": [good.part, good.serial, good.lot],
        "bad": [bad.part, bad.serial, bad.lot],
        "places": [shelf, customer_place, returns],
        "kept": reservation,
        "for": customer,
    }
    return once(work, "stock.exchange", told, act)


def change_condition(
    work: UnitOfWork, document: str, line: Line, to: Condition, *, adjustment: str, to_place: str = ""
) -> Reply:
    """Say that goods are in another condition than was thought: ``{"moves": [ids]}``.

    Goods found damaged are a fact: promises do not stop it, and the position says so.

    Args:
        work: the unit of work.
        document: the paper or record it stands on.
        line: the goods as they are: part, quantity, condition, lot, serial, `from_place`, reason.
        to: their new condition.
        adjustment: the adjustment place they go through.
        to_place: where they are put; empty: where they were.

    Raises:
        Refusal: ``stock.same_condition``, ``stock.not_an_adjustment``; as `inventory.stock.ledger.apply`.
    """

    def act() -> Reply:
        through = place_of(work, adjustment)
        if through.kind is not PlaceKind.ADJUSTMENT:
            raise Refusal("stock.not_an_adjustment", place=adjustment, kind=through.kind.value)
        lines = changed_condition(line, to, adjustment=adjustment, to_place=to_place)
        made = moves(work.envelope, document, lines, reason=f"found {to.value}")
        return posted(work, "stock.change_condition", document, prepare(work, made))

    told = plain(line) | {"document": document, "to": to.value, "via": adjustment, "put": to_place}
    return once(work, "stock.change_condition", told, act)
