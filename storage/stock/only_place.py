"""The place a command means when it names none: the only one of its kind."""

from __future__ import annotations

from sqlalchemy import select

from inventory.catalogue.place import PlaceKind
from kernel.errors import Refusal
from storage.tables.catalogue import PlaceRow
from storage.unit_of_work import UnitOfWork

SHOWN = 10
"""Places named in a refusal at most."""


def only_place(work: UnitOfWork, kind: PlaceKind, named: str = "") -> str:
    """Give the place named, or the region's only place of a kind where none is.

    Raises:
        Refusal: ``stock.no_such_place`` where the region has none, ``stock.which_place`` where it has several.
    """
    if named:
        return named
    here = (PlaceRow.c.region_id == work.region) & (PlaceRow.c.kind == kind.value)
    found = (
        work.connection.execute(
            select(PlaceRow.c.place_id).where(here).order_by(PlaceRow.c.place_id).limit(SHOWN + 1)
        )
        .scalars()
        .all()
    )
    if not found:
        raise Refusal("stock.no_such_place", kind=kind.value)
    if len(found) > 1:
        raise Refusal("stock.which_place", kind=kind.value, places=", ".join(found[:SHOWN]))
    return str(found[0])
