"""Lots, serials, forward stock and reservations with their fate travel through the folder; older files still read."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from inventory.catalogue.part import Tracking
from inventory.stock.lot import Lot
from inventory.stock.reservation import Reservation
from kernel.clock import moment
from storage.dataset.read import load, read
from storage.dataset.write import write
from tests.dataset_builder import TINY, tiny

PARTS = "part_id,name,kind,price,criticality,tracking\nP1,Fuse,consumable,12.50,1,\nP2,Board,repairable,980,2,serial\n"
PLACES = (
    "".join(
        f"{line}{',customer_id' if not at else ','}\n" for at, line in enumerate(TINY["places.csv"].split())
    )
    + "F9,forward,Cabinet,26.06,119.3,,,C1\n"
)
MOVES = (
    "move_id,at,part_id,quantity,from_place,to_place,key,lot,serial\n"
    "M1,2026-03-01T08:00Z,P1,10,X1,D1,k1,L-7,\n"
    "M2,2026-03-01T08:00Z,P2,1,X1,F9,k2,L-8,A\n"
)
RESERVATIONS = (
    "part_id,place_id,quantity,demand_ref,reservation_id,expires_at,lot,serial,consumed\n"
    "P1,D1,3,G1,R-1,,L-7,,2\n"
    "P2,F9,1,G1,R-2,2026-03-07T08:00Z,,A,\n"
)


def folder(at: Path, *, moves: str = MOVES, places: str = PLACES) -> Path:
    """The tiny folder with a board tracked by serial in a customer's cabinet."""
    return tiny(at, parts=PARTS, places=places, stock_moves=moves, reservations=RESERVATIONS)


def test_what_the_ledger_knows_of_a_unit_reads_back(tmp_path: Path) -> None:
    """A lot or serial lost on the way out is a recall that misses its goods."""
    region = load(folder(tmp_path / "in"))

    write(region, tmp_path / "out")

    assert load(tmp_path / "out") == region
    assert [(made.lot, made.serial) for made in region.stock.moves] == [("L-7", ""), ("L-8", "A")]
    assert [part.tracking for part in region.stock.parts] == [Tracking.NONE, Tracking.SERIAL]
    assert [place.customer for place in region.stock.places if place.id == "F9"] == ["C1"]
    assert region.stock.reservations == (
        Reservation("P1", "D1", 3, "G1", "R-1", lot="L-7", consumed=2),
        Reservation("P2", "F9", 1, "G1", "R-2", moment("2026-03-07T08:00Z"), serial="A"),
    )


LOT_PARTS = PARTS.replace("12.50,1,", "12.50,1,lot")
LOTS = "lot_id,part_id,supplier_id,receipt_document,original,expires_on\nL-7,P1,U1,GR-1,yes,2026-12-31\nL-7,P2,,,no,\nL-9,P2,,,,\n"


def test_where_a_lot_comes_from_and_how_long_it_keeps_reads_back(tmp_path: Path) -> None:
    """Yes, no and not known are three answers, and all of them come back."""
    region = load(tiny(tmp_path / "in", parts=LOT_PARTS, places=PLACES, stock_moves=MOVES, lots=LOTS))

    write(region, tmp_path / "out")

    assert load(tmp_path / "out") == region
    assert region.stock.lots == (
        Lot("L-7", "P1", "U1", "GR-1", original=True, expires_on=date(2026, 12, 31)),
        Lot("L-7", "P2", original=False),
        Lot("L-9", "P2"),
    )


def test_a_region_without_lots_has_no_file_of_them(tmp_path: Path) -> None:
    """As with every other file that may be left out."""
    write(load(tiny(tmp_path / "in", lots=None)), tmp_path / "out")

    assert not (tmp_path / "out" / "lots.csv").exists()


@pytest.mark.parametrize(
    ("old", "new", "at", "code"),
    [
        ("L-7,P1,", "L-8,P1,", ("stock_moves.csv", 2, "lot"), "stock.unknown_lot"),
        ("L-7,P1,U1", "L-7,P1,U9", ("lots.csv", 2, "supplier_id"), "dataset.unknown_reference"),
        ("L-9,P2", "L-9,P9", ("lots.csv", 4, "part_id"), "dataset.unknown_reference"),
        ("L-9,P2", "L-7,P2", ("lots.csv", 4, "lot_id"), "dataset.duplicate_id"),
        ("P1,U1,GR-1", "P1,U1,", ("lots.csv", 2, ""), "stock.original_unproved"),
        (",no,", ",never,", ("lots.csv", 3, "original"), "dataset.not_a_choice"),
        ("2026-12-31", "2026-12-32", ("lots.csv", 2, "expires_on"), "dataset.not_a_date"),
    ],
)
def test_a_lot_that_cannot_be_is_refused(
    tmp_path: Path, old: str, new: str, at: tuple[str, int, str], code: str
) -> None:
    """By file, line and column; what names it falls with it."""
    lots = LOTS.replace(old, new, 1)

    found = read(tiny(tmp_path, parts=LOT_PARTS, places=PLACES, stock_moves=MOVES, lots=lots)).refusals

    told = {(f.at.file, f.at.line, f.at.column, f.code) for f in found if f.at}
    assert (*at, code) in told


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        ("P2,1,X1,F9,k2,,", "stock.serial_missing", "serial"),
        ("P1,1,X1,F9,k2,,A", "stock.serial_not_tracked", "serial"),
        ("P2,1,D1,F9,k2,,A", "stock.serial_unknown", "serial"),
        ("P1,1,D1,F9,k2,L-8,", "stock.lot_not_enough", "quantity"),
    ],
)
def test_the_ledgers_rules_hold_for_files_as_well(tmp_path: Path, row: str, code: str, column: str) -> None:
    """A row that hides its unit is named by file, line and column."""
    moves = MOVES.replace("P2,1,X1,F9,k2,L-8,A", row)

    found = read(folder(tmp_path, moves=moves)).refusals

    at = found[0].at
    assert at is not None
    assert (found[0].code, at.file, at.line, at.column) == (code, "stock_moves.csv", 3, column)


def test_forward_stock_names_its_customer(tmp_path: Path) -> None:
    """Nobody's cabinet would serve everybody."""
    found = read(folder(tmp_path, places=PLACES.replace(",,,C1\n", ",,,\n"))).refusals

    assert found[0].code == "stock.forward_without_customer"
