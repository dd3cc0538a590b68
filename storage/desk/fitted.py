"""Parts an engineer fits at a customer's: out of his van, on the visit's account, by what is typed or scanned."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, select

from inventory.catalogue.place import PlaceKind
from inventory.stock.document import Line, moves
from inventory.stock.label import scanned
from kernel.errors import Refusal
from storage.idempotency import Reply, once
from storage.stock.judged import Taking, judged, posted
from storage.stock.queries import catalogued, reservations
from storage.tables.catalogue import PlaceRow
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Taken:
    """What an engineer took in his hand; lot and serial empty: the part is not followed by them."""

    part: str
    lot: str = ""
    serial: str = ""


def taken(connection: Connection, region: str, code: str, /) -> Taken:
    """Read what was typed or scanned: a part's own number, our label, or a GS1 code that names our number.

    Raises:
        Refusal: ``fitted.code_names_no_part``, ``fitted.unknown_part``; those of `inventory.stock.label.scanned`.
    """
    typed = code.strip()
    if typed and catalogued(connection, region, [typed[:64]]):
        return Taken(typed[:64])
    try:
        found = scanned(code)
    except Refusal as refusal:
        if refusal.code in {"label.not_read", "label.nothing_of_use"} and len(typed) <= 64:
            raise Refusal("fitted.unknown_part", part=typed) from None
        raise
    if not found.part:
        raise Refusal("fitted.code_names_no_part", code=typed[:80])
    if not catalogued(connection, region, [found.part]):
        raise Refusal("fitted.unknown_part", part=found.part[:64])
    return Taken(found.part, found.lot, found.serial)


def fit(work: UnitOfWork, visit: str, what: Taken, quantity: int, *, engineer: str) -> Reply:
    """Move parts from an engineer's van to the customer under the visit's number: ``{"moves": [ids]}``.

    Units kept for the visit are taken first, where they cover the whole quantity.

    Args:
        work: of the command.
        visit: its id, the document of the moves.
        what: part, lot, serial.
        quantity: units, at least one.
        engineer: whose van.

    Raises:
        Refusal: ``fitted.no_van``, ``fitted.no_customer_place``; as `storage.stock.commands.issue`.
    """
    content = {
        "visit": visit,
        "part": what.part,
        "lot": what.lot,
        "serial": what.serial,
        "quantity": quantity,
        "engineer": engineer,
    }

    def act() -> Reply:
        van = van_of(work.connection, work.region, engineer)
        customer = _first(work.connection, work.region, PlaceRow.c.kind == PlaceKind.CUSTOMER)
        if not van:
            raise Refusal("fitted.no_van", engineer=engineer)
        if not customer:
            raise Refusal("fitted.no_customer_place")
        line = Line(what.part, quantity, van, customer, lot=what.lot, serial=what.serial)
        takings = [Taking(line, reservation=_kept(work, visit, line))]
        made = moves(work.envelope, visit, [line], reason="fitted")
        return posted(work, "stock.issue", visit, judged(work, made, takings))

    return once(work, "visit.fit", content, act)


def van_of(connection: Connection, region: str, engineer: str) -> str:
    """The van an engineer drives; empty: none."""
    mine = (PlaceRow.c.kind == PlaceKind.VAN) & (PlaceRow.c.engineer_id == engineer)
    return _first(connection, region, mine)


def _first(connection: Connection, region: str, wanted: ColumnElement[bool]) -> str:
    query = select(PlaceRow.c.place_id).where(PlaceRow.c.region_id == region, wanted)
    return str(connection.execute(query.order_by(PlaceRow.c.position).limit(1)).scalar() or "")


def _kept(work: UnitOfWork, visit: str, line: Line) -> str:
    """A reservation of the visit for exactly this, that covers it; empty: none."""
    for one in reservations(work.connection, work.region, now=work.now, part=line.part):
        same = (one.place, one.demand_ref) == (line.from_place, visit)
        if (
            same
            and one.left >= line.quantity
            and one.lot in {"", line.lot}
            and one.serial in {"", line.serial}
        ):
            return one.id
    return ""
