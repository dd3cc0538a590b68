"""Inspections and decisions that stand: as told, without those that were taken back."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from inventory.supply.inspected import LotInspection
from inventory.supply.reinspection import LookedAt
from inventory.supply.returned import Disposed
from inventory.supply.undone import Undoable, Undone, standing
from storage.dataset.claim_tables import DISPOSITIONS, UNDONE
from storage.dataset.inspection_tables import STOCK_INSPECTIONS
from storage.dataset.quality_tables import LOT_INSPECTIONS
from storage.stock.facts import told
from storage.tables.claim import DispositionRow, UndoneRow
from storage.tables.quality import LotInspectionRow, StockInspectionRow


def lots_inspected(connection: Connection, region: str, **wanted: Any) -> tuple[LotInspection, ...]:
    """Lots inspected, in their order; `wanted` as `storage.stock.facts.told`."""
    rows: tuple[LotInspection, ...] = told(connection, region, LOT_INSPECTIONS, LotInspectionRow, **wanted)
    return standing(rows, _undone(connection, region, Undoable.INSPECTION), Undoable.INSPECTION)


def decided(connection: Connection, region: str, **wanted: Any) -> tuple[Disposed, ...]:
    """Decisions on goods in quarantine, in their order; `wanted` as `storage.stock.facts.told`."""
    rows: tuple[Disposed, ...] = told(connection, region, DISPOSITIONS, DispositionRow, **wanted)
    return standing(rows, _undone(connection, region, Undoable.DISPOSITION), Undoable.DISPOSITION)


def looked_again(connection: Connection, region: str, **wanted: Any) -> tuple[LookedAt, ...]:
    """Stock looked at again, in its order; `wanted` as `storage.stock.facts.told`."""
    rows: tuple[LookedAt, ...] = told(connection, region, STOCK_INSPECTIONS, StockInspectionRow, **wanted)
    return standing(rows, _undone(connection, region, Undoable.REINSPECTION), Undoable.REINSPECTION)


def _undone(connection: Connection, region: str, kind: Undoable) -> tuple[Undone, ...]:
    return told(connection, region, UNDONE, UndoneRow, kind=kind)
