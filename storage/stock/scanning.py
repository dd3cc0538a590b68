"""What was scanned, as lines of a delivery or goods of a transfer: as finely as the region's ledger knows each part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from inventory.catalogue.part import Tracking
from inventory.stock.counting import CountedCell
from inventory.stock.label import Piece, Scan, as_tracked, pieces_scanned
from inventory.stock.move import Condition
from inventory.stock.transfer import Goods
from inventory.supply.inspection import Arrival
from storage.stock.queries import catalogued
from storage.unit_of_work import UnitOfWork


def arrivals_scanned(work: UnitOfWork, scans: Sequence[Scan]) -> list[Arrival]:
    """Lines of a delivery, one a part and lot in the order first scanned, nothing turned away; raises as `pieces_scanned`."""
    lines = _lines(_pieces(work, scans))
    return [Arrival(part, units, 0, lot, serials) for (part, lot), (units, serials) in lines.items()]


def goods_scanned(work: UnitOfWork, scans: Sequence[Scan]) -> dict[Goods, int]:
    """Goods of a transfer, all usable, in the order first scanned; raises as `pieces_scanned`."""
    return {
        Goods(part, lot=lot, serial=serial): count
        for (part, lot, serial), count in _pieces(work, scans).items()
    }


def counts_scanned(
    work: UnitOfWork, scans: Sequence[Scan], *, place: str, condition: Condition, by: str
) -> list[CountedCell]:
    """What was counted at a place, one a part and lot, each at the moment of its own last scan; raises as `pieces_scanned`.

    What is known unit by unit is counted unit by unit; a label of such a part that names none is refused by the count.
    """
    tracking = _tracking(work, scans)
    looked: dict[tuple[str, str], datetime] = {}
    for scan in scans:
        for part, lot, _ in as_tracked(pieces_scanned([scan]), tracking):
            looked[part, lot] = max(scan.at, looked.get((part, lot), scan.at))
    lines = _lines(as_tracked(pieces_scanned(scans), tracking))
    return [
        CountedCell(
            part,
            place,
            condition,
            units,
            looked[part, lot],
            by,
            lot,
            serials if tracking.get(part) is Tracking.SERIAL else None,
        )
        for (part, lot), (units, serials) in sorted(lines.items())
    ]


def _pieces(work: UnitOfWork, scans: Sequence[Scan]) -> dict[Piece, int]:
    return as_tracked(pieces_scanned(scans), _tracking(work, scans))


def _tracking(work: UnitOfWork, scans: Sequence[Scan]) -> dict[str, Tracking]:
    known = catalogued(work.connection, work.region, {part for part, _, _ in pieces_scanned(scans)})
    return {part: row.tracking for part, row in known.items()}


def _lines(pieces: Mapping[Piece, int]) -> dict[tuple[str, str], tuple[int, tuple[str, ...]]]:
    """Units and the serials among them, by part and lot."""
    lines: dict[tuple[str, str], tuple[int, tuple[str, ...]]] = {}
    for (part, lot, serial), count in pieces.items():
        units, serials = lines.get((part, lot), (0, ()))
        lines[part, lot] = units + count, (*serials, serial) if serial else serials
    return lines
