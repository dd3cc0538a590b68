"""Places stock moves between, real ones and virtual ones."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kernel.errors import Refusal
from kernel.place import LatLon


class PlaceKind(StrEnum):
    """What a place is to the ledger."""

    WAREHOUSE = "warehouse"
    DEPOT = "depot"
    VAN = "van"
    SUPPLIER = "supplier"
    CUSTOMER = "customer"
    QUARANTINE = "quarantine"
    IN_TRANSIT = "in_transit"
    ADJUSTMENT = "adjustment"
    SCRAP = "scrap"


SHELVES = frozenset({PlaceKind.WAREHOUSE, PlaceKind.DEPOT, PlaceKind.VAN})
"""Where usable stock can be taken from."""

PHYSICAL = SHELVES | {PlaceKind.QUARANTINE, PlaceKind.IN_TRANSIT}
"""Where goods really are: these never hold less than nothing. The others are the world outside the count."""


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere goods come from, rest or go to.

    Args:
        id: natural key.
        kind: see `PlaceKind`.
        name: as people call it.
        at: coordinates, where it has any.
        engineer: the engineer whose van it is; empty for every other kind.
        pick_up_min: minutes a pick-up stop takes there (depots and warehouses).

    Raises:
        Refusal: ``stock.engineer_without_van``, ``stock.negative_minutes``.
    """

    id: str
    kind: PlaceKind
    name: str
    at: LatLon | None = None
    engineer: str = ""
    pick_up_min: int = 0

    def __post_init__(self) -> None:
        if self.engineer and self.kind is not PlaceKind.VAN:
            raise Refusal("stock.engineer_without_van", place=self.id, kind=self.kind.value)
        if self.pick_up_min < 0:
            raise Refusal("stock.negative_minutes", place=self.id, value=self.pick_up_min)
