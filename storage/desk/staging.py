"""Tomorrow's vans staged in one command: what is picked goes into the vans, what is missing becomes a step of its ticket."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from dispatch.desk.ticket import EventKind, TicketEvent
from inventory.stock.document import Line, moves
from inventory.stock.lot import Lot, day_of
from inventory.stock.reservation import active
from inventory.stock.shelf import first_out, one_by_one
from kernel.errors import Refusal
from storage.appended import queue
from storage.dataset import visit_tables
from storage.desk.tickets import ticket_known, write_event
from storage.idempotency import Reply, once
from storage.regional import zone_of
from storage.rows.facts import values_in
from storage.stock.judged import Taking, judged, posted
from storage.stock.locks import counted
from storage.stock.lots import barred, lots_of
from storage.stock.seats import Seat, open_seats
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Picked:
    """`quantity` units of `part` taken at `depot` into `van`, for the visits named."""

    part: str
    quantity: int
    depot: str
    van: str
    demands: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Short:
    """`quantity` units of `part` that cannot be had for `visit`."""

    visit: str
    part: str
    quantity: int


def stage(
    work: UnitOfWork, document: str, found: Callable[[], tuple[Sequence[Picked], Sequence[Short]]]
) -> Reply:
    """Put what was picked into the vans and say what is missing: ``{"moves": [ids], "short": [visits]}``.

    Units kept at the depot for one of the visits go first, then what runs out first. A shortage that was raised with the
    same figure already is not raised again.

    Args:
        work: of the command.
        document: of the day's staging.
        found: asked once the command has its turn: what was picked, and what is missing.

    Raises:
        Refusal: ``desk.unknown_reference`` for a visit nobody knows; as `storage.stock.units.pick` and
            `storage.desk.tickets.write_event`.
    """

    def act() -> Reply:
        queue(work)
        picked, short = found()
        takings = _takings(work, picked)
        new: list[str] = []
        if takings:
            made = moves(work.envelope, document, [one.line for one in takings], reason="staged")
            new = posted(work, "stock.stage", document, judged(work, made, takings))["moves"]
        return {"moves": new, "short": [one.visit for one in short if _raised(work, one)]}

    # Not the lines: they follow from what lies there, and given again there is nothing left to pick.
    content = {"document": document}
    return once(work, "stock.stage", content, act)


def _takings(work: UnitOfWork, picked: Sequence[Picked]) -> list[Taking]:
    parts = {one.part for one in picked}
    out = barred(work.connection, work.region, parts, now=work.now)
    keys = {(one.part, place) for one in picked for place in (one.depot, one.van)}
    seats = open_seats(work, counted(work, keys), barred=out) if picked else {}
    lots = {part: lots_of(work.connection, work.region, part) for part in sorted(parts)}
    day = day_of(work.now, zone_name=zone_of(work.connection, work.region))
    found: list[Taking] = []
    used: dict[str, int] = {}
    for one in picked:
        seat, left = seats[one.part, one.depot], one.quantity
        own = [row for row in active(seat.reservations, work.now) if row.demand_ref in one.demands]
        for reservation, most in [*((row.id, row.left - used.get(row.id, 0)) for row in own), ("", left)]:
            units = min(left, most)
            if units <= 0:
                continue
            for line in _lines(one, seat, units, lots[one.part], work, day, reservation):
                found.append(Taking(line, reservation))
                seat = _without(seat, line)
            used[reservation] = used.get(reservation, 0) + units
            left -= units
        seats[one.part, one.depot] = seat
    return found


def _lines(
    one: Picked, seat: Seat, units: int, lots: Sequence[Lot], work: UnitOfWork, day: date, reservation: str
) -> list[Line]:
    picks = first_out(
        seat.shelf, seat.reservations, units, lots=lots, now=work.now, day=day, reservation=reservation
    )
    named = one_by_one(seat.shelf, seat.reservations, picks, now=work.now, reservation=reservation)
    return [
        Line(one.part, pick.quantity, one.depot, one.van, lot=pick.lot, serial=pick.serial) for pick in named
    ]


def _without(seat: Seat, line: Line) -> Seat:
    lots = {**seat.shelf.lots, line.lot: seat.shelf.lots.get(line.lot, 0) - line.quantity}
    serials = {serial: lot for serial, lot in seat.shelf.serials.items() if serial != line.serial}
    return replace(seat, shelf=replace(seat.shelf, lots=lots, serials=serials))


def _raised(work: UnitOfWork, short: Short) -> bool:
    """Write a shortage down as a step of its ticket; False: it stands there already."""
    visits = values_in(work.connection, visit_tables.VISITS, work.region, visit_id=short.visit)
    if not visits:
        raise Refusal("board.unknown_visit", visit=short.visit[:64])
    ticket, value = visits[0].ticket, f"{short.part} {short.quantity}"
    said = [
        known.value
        for known in ticket_known(work, ticket).events
        if (known.kind, known.visit) == (EventKind.PART_SHORT, short.visit)
        and known.value.rpartition(" ")[0] == short.part
    ]
    if said and said[-1] == value:
        return False
    write_event(
        work, TicketEvent(ticket, work.now, EventKind.PART_SHORT, work.actor, value=value, visit=short.visit)
    )
    return True
