"""Between rows of the ledger's tables and the values the rules speak about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import RowMapping

from inventory.stock.document import Line
from inventory.stock.move import Cell, Condition, Move
from inventory.stock.reservation import Reservation

Row = Mapping[str, Any] | RowMapping


def move_row(move: Move) -> dict[str, Any]:
    """The columns of `MoveRow` that the move itself says."""
    return {
        "id": move.id,
        "at": move.at,
        "part_id": move.part,
        "quantity": move.quantity,
        "from_place_id": move.from_place,
        "to_place_id": move.to_place,
        "condition": move.condition.value,
        "lot": move.lot,
        "reason": move.reason,
        "by": move.by,
        "device": move.device,
        "source_document": move.source_document,
        "key": move.key,
        "reverses": move.reverses,
        "bound_for": move.bound_for,
        "serial": move.serial,
    }


def move_of(row: Row) -> Move:
    """The move a row of `MoveRow` holds."""
    return Move(
        id=row["id"],
        at=row["at"],
        part=row["part_id"],
        quantity=row["quantity"],
        from_place=row["from_place_id"],
        to_place=row["to_place_id"],
        condition=Condition(row["condition"]),
        reason=row["reason"],
        by=row["by"],
        device=row["device"],
        source_document=row["source_document"],
        key=row["key"],
        reverses=row["reverses"],
        bound_for=row["bound_for"],
        lot=row["lot"],
        serial=row["serial"],
    )


CELL_COLUMNS = ("part_id", "place_id", "condition", "lot", "bound_for")
"""What names a balance within its region."""


def cell_row(cell: Cell) -> dict[str, Any]:
    """The columns of `BalanceRow` that name a balance."""
    return {
        "part_id": cell.part,
        "place_id": cell.place,
        "condition": cell.condition.value,
        "lot": cell.lot,
        "bound_for": cell.bound_for,
    }


def cell_of(row: Row) -> Cell:
    """The balance a row of `BalanceRow` or `SerialRow` is about."""
    return Cell(row["part_id"], row["place_id"], Condition(row["condition"]), row["bound_for"], row["lot"])


def reservation_of(row: Row) -> Reservation:
    """The reservation a row of `ReservationRow` holds."""
    return Reservation(
        part=row["part_id"],
        place=row["place_id"],
        quantity=row["quantity"],
        demand_ref=row["demand_ref"],
        id=row["id"],
        expires_at=row["expires_at"],
        lot=row["lot"],
        serial=row["serial"],
        consumed=row["consumed"],
    )


def plain(value: Line | Reservation) -> dict[str, object]:
    """A line or a reservation in plain JSON values, as the content a key stands for."""
    return {name: str(field) if field is not None else None for name, field in asdict(value).items()}
