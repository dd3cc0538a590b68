"""Places of the ledger that deliveries and quarantine go through."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace

from inventory.catalogue.place import PHYSICAL, SHELVES, PlaceKind
from inventory.supply.disposition import Disposition
from kernel.errors import Refusal
from storage.stock.locks import place_of
from storage.stock.only_place import only_place
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Ways:
    """Which place stands for what.

    Args:
        supplier: outside, for suppliers.
        shelf: where accepted goods are put.
        quarantine: where goods wait or are held.
        adjustment: where a change of condition goes through.
        scrap: outside, for scrap; empty: none.
        workshop: where goods are reworked; empty: none.
    """

    supplier: str
    shelf: str
    quarantine: str
    adjustment: str
    scrap: str = ""
    workshop: str = ""


_KINDS = {
    "supplier": {PlaceKind.SUPPLIER},
    "shelf": SHELVES,
    "quarantine": {PlaceKind.QUARANTINE},
    "adjustment": {PlaceKind.ADJUSTMENT},
    "scrap": {PlaceKind.SCRAP},
    "workshop": PHYSICAL - {PlaceKind.IN_TRANSIT},
}


def usual(work: UnitOfWork, ways: Ways, *, way: Disposition | None = None) -> Ways:
    """Fill in what was not named with the region's only place of that kind; scrap only where `way` needs it.

    Raises:
        Refusal: as `storage.stock.only_place.only_place`.
    """
    scrap = only_place(work, PlaceKind.SCRAP, ways.scrap) if way is Disposition.SCRAP else ways.scrap
    return replace(
        ways,
        supplier=only_place(work, PlaceKind.SUPPLIER, ways.supplier),
        quarantine=only_place(work, PlaceKind.QUARANTINE, ways.quarantine),
        adjustment=only_place(work, PlaceKind.ADJUSTMENT, ways.adjustment),
        scrap=scrap,
    )


def check_ways(work: UnitOfWork, ways: Ways) -> None:
    """Refuse a place that is none, or of a kind its part cannot be.

    Raises:
        Refusal: ``stock.unknown_place``, ``supply.place_kind``.
    """
    for name, place in asdict(ways).items():
        if place:
            check_kind(work, place, *_KINDS[name])


def check_kind(work: UnitOfWork, place: str, *wanted: PlaceKind) -> None:
    """Refuse a place that is none, or of no kind `wanted`.

    Raises:
        Refusal: as `check_ways`.
    """
    kind = place_of(work, place).kind
    if kind not in wanted:
        named = ", ".join(one.value for one in PlaceKind if one in wanted)
        raise Refusal("supply.place_kind", place=place, kind=kind.value, wanted=named)
