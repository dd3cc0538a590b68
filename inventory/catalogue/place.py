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
    FORWARD = "forward"
    SUPPLIER = "supplier"
    CUSTOMER = "customer"
    QUARANTINE = "quarantine"
    IN_TRANSIT = "in_transit"
    ADJUSTMENT = "adjustment"
    SCRAP = "scrap"


OPEN_SHELVES = frozenset({PlaceKind.WAREHOUSE, PlaceKind.DEPOT, PlaceKind.VAN})
"""Where usable stock can be taken from for anybody."""

SHELVES = OPEN_SHELVES | {PlaceKind.FORWARD}
"""Where usable stock can be taken from; forward stock for its one customer only."""

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
        customer: whose forward stock it is: nobody else's needs are served from it; empty for every other kind.
        calendar: business calendar in whose hours goods can be picked up there; empty: at any time.

    Raises:
        Refusal: ``stock.engineer_without_van``, ``stock.negative_minutes``, ``stock.forward_without_customer``,
            ``stock.customer_without_forward``.
    """

    id: str
    kind: PlaceKind
    name: str
    at: LatLon | None = None
    engineer: str = ""
    pick_up_min: int = 0
    customer: str = ""
    calendar: str = ""

    def __post_init__(self) -> None:
        if self.engineer and self.kind is not PlaceKind.VAN:
            raise Refusal("stock.engineer_without_van", place=self.id, kind=self.kind.value)
        if self.pick_up_min < 0:
            raise Refusal("stock.negative_minutes", place=self.id, value=self.pick_up_min)
        if self.kind is PlaceKind.FORWARD and not self.customer:
            raise Refusal("stock.forward_without_customer", place=self.id)
        if self.customer and self.kind is not PlaceKind.FORWARD:
            raise Refusal("stock.customer_without_forward", place=self.id, kind=self.kind.value)

    def serves(self, customer: str, /) -> bool:
        """Say whether stock here may be used for `customer`; empty: for nobody in particular."""
        return not self.customer or self.customer == customer
