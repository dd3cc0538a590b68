"""Bring a region into a database and back: load, move in time where asked, save."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from api.stored import envelope
from dispatch.rebase import rebased
from dispatch.region import Region
from storage.database import Database
from storage.dataset.write import written_digest
from storage.rows.region import import_region


@dataclass(frozen=True, slots=True)
class Imported:
    """What was imported; `new` is False when exactly this had been imported before."""

    region: Region
    new: bool


def import_into(database: Database, region: Region, *, digest: str, as_of: datetime | None) -> Imported:
    """Write a region into a database.

    Args:
        database: of this version.
        region: as read.
        digest: of the dataset it was read from.
        as_of: move the region in time so that it is described at this moment; None: as it is.

    Raises:
        Refusal: as `storage.rows.region.import_region`; ``clock.out_of_range`` when moved too far.
    """
    if as_of is not None:
        moved = rebased(region, as_of=as_of)
        if moved != region:
            region, digest = moved, written_digest(moved)
    head = envelope(region.settings.id, f"import-{written_digest(region)[:48]}")
    new = database.run(head, lambda work: import_region(work, region, digest=digest))
    return Imported(region, new)
