"""A small stockroom for tests: two depots, a van, the places outside the count, one part, one supplier."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from inventory.catalogue.part import Part, PartKind, Tracking
from inventory.catalogue.place import Place, PlaceKind
from inventory.catalogue.supplier import Supplier, SupplierTerms
from inventory.stock.ledger import Balances, Condition, Move
from inventory.stock.reservation import PlannedNeed
from inventory.stockroom import Stockroom
from kernel.envelope import Envelope
from kernel.place import LatLon

NOW = datetime(2026, 3, 2, 2, 40, tzinfo=UTC)

PLACES = (
    Place("SUPPLIER", PlaceKind.SUPPLIER, "suppliers"),
    Place("CUSTOMER", PlaceKind.CUSTOMER, "customers"),
    Place("ADJUSTMENT", PlaceKind.ADJUSTMENT, "count differences"),
    Place("SCRAP", PlaceKind.SCRAP, "scrap"),
    Place("TRANSIT", PlaceKind.IN_TRANSIT, "on the road"),
    Place("QUARANTINE", PlaceKind.QUARANTINE, "held back"),
    Place("FUZHOU", PlaceKind.DEPOT, "Fuzhou", at=LatLon(26.07, 119.30)),
    Place("XIAMEN", PlaceKind.DEPOT, "Xiamen", at=LatLon(24.48, 118.09)),
    Place("VAN-1", PlaceKind.VAN, "van 1", engineer="E-1"),
    Place("ONSITE", PlaceKind.FORWARD, "cabinet at C-1's", at=LatLon(26.10, 119.20), customer="C-1"),
)
"""Every kind of place a move can meet."""


def part(id: str = "P-1", **changes: Any) -> Part:  # noqa: A002 the field's own name
    """A consumable at 100.00 whose lack stops the device."""
    plain: dict[str, Any] = {
        "name": "pump",
        "kind": PartKind.CONSUMABLE,
        "price": Decimal(100),
        "criticality": 1,
    }
    return Part(id=id, **(plain | changes))


def move(number: int, quantity: int, from_place: str, to_place: str, **changes: Any) -> Move:
    """A move of usable P-1, a minute after the one numbered before it, thirty days ago."""
    plain: dict[str, Any] = {
        "id": f"M-{number}",
        "at": NOW - timedelta(days=30) + timedelta(minutes=number),
        "part": "P-1",
        "condition": Condition.USABLE,
        "reason": "test",
        "by": "keeper",
        "device": "desk",
        "source_document": "",
        "key": f"K-{number}",
    }
    return Move(quantity=quantity, from_place=from_place, to_place=to_place, **(plain | changes))


def balances(*, parts: tuple[str, ...] = ("P-1",), tracking: Tracking = Tracking.NONE) -> Balances:
    """Nothing anywhere."""
    return Balances.opening(parts, PLACES, tracking=dict.fromkeys(parts, tracking))


def place(id: str = "FUZHOU") -> Place:  # noqa: A002 the field's own name
    """One of the places."""
    return next(place for place in PLACES if place.id == id)


def envelope(key: str = "C-1", *, minutes: float = 0) -> Envelope:
    """A command the keeper gives at the desk, so many minutes from now."""
    return Envelope("keeper", "desk", NOW + timedelta(minutes=minutes), key, "fujian")


def need(quantity: int = 1, *, hours: float = 24, place: str = "FUZHOU", **changes: Any) -> PlannedNeed:
    """A planned need for P-1, `hours` from now."""
    plain: dict[str, Any] = {"part": "P-1", "demand_ref": "V-1"}
    return PlannedNeed(place=place, at=NOW + timedelta(hours=hours), quantity=quantity, **(plain | changes))


def stockroom(*moves: Move, **changes: Any) -> Stockroom:
    """P-1 and one supplier who brings it in ten days at 90.00, with these moves."""
    plain: dict[str, Any] = {
        "parts": (part(),),
        "places": PLACES,
        "moves": moves,
        "suppliers": (Supplier("S-1", "maker", 10, 2),),
        "terms": (SupplierTerms("S-1", "P-1", Decimal(90)),),
    }
    return Stockroom(**(plain | changes))
