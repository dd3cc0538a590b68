"""What has arrived of a purchase order: counted up by the command that posts the receipt, in its transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import case, update

from inventory.catalogue.place import Place, PlaceKind
from inventory.stock.move import Move
from storage.tables.catalogue import PurchaseOrderLineRow
from storage.unit_of_work import UnitOfWork


def arrivals(moves: Iterable[Move], places: Mapping[str, Place]) -> Counter[tuple[str, str]]:
    """Units from suppliers by document and part, what was taken back counted off."""
    arrived: Counter[tuple[str, str]] = Counter()
    for move in moves:
        if places[move.from_place].kind is PlaceKind.SUPPLIER and not move.reverses:
            arrived[move.source_document, move.part] += move.quantity
        elif places[move.to_place].kind is PlaceKind.SUPPLIER and move.reverses:
            arrived[move.source_document, move.part] -= move.quantity
    return arrived


def count_arrivals(
    work: UnitOfWork, moves: Iterable[Move], places: Mapping[str, Place], ordered: Collection[tuple[str, str]]
) -> None:
    """Add units from a supplier to the order line that their document and part name; what is taken back counts less.

    Everything that came counts, usable or not: the rest of the order is what the supplier still has to send. What
    came beyond the order counts too, because it stands in the stockroom. A document that is no order changes none.

    Args:
        work: the unit of work; the moves' own rows are locked, and order lines are locked after them.
        moves: those that are new in the ledger.
        places: the places they name.
        ordered: order lines their documents name, as (order, part).
    """
    on_order = [move for move in moves if (move.source_document, move.part) in ordered]
    line = PurchaseOrderLineRow.c
    for (order, part), units in sorted(arrivals(on_order, places).items()):
        # An import may bring a line whose count is lower than its moves: what is taken back ends at nothing.
        more = line.received + units
        named = (line.region_id == work.region, line.order_id == order, line.part_id == part)
        written = {"written_by": work.actor, "written_from": work.device, "written_at": work.now}
        work.connection.execute(
            update(PurchaseOrderLineRow)
            .where(*named)
            .values(received=case((more > 0, more), else_=0), written_key=work.key, **written)
        )
