"""Bring a region into a database and back: load, move in time where asked, save."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from api.stored import envelope
from api.usecases.dataset_run import DatasetRead
from dispatch.rebase import rebased
from dispatch.region import Region
from kernel.envelope import Envelope
from kernel.errors import Refusal
from storage.database import Database
from storage.dataset.write import written_digest
from storage.desk.contents import keep
from storage.desk.enclosed import enclosed_in
from storage.rows.region import import_region
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Imported:
    """What was imported; `new` is False when exactly this had been imported before.

    `lost`: attachments that are named and not there, or there and not as named.
    """

    region: Region
    new: bool
    lost: tuple[Refusal, ...] = ()


def import_into(
    database: Database,
    region: Region,
    *,
    digest: str,
    as_of: datetime | None,
    folder: Path | None = None,
    now: datetime | None = None,
) -> Imported:
    """Write a region into a database, with the bytes of its attachments.

    Args:
        database: of this version.
        region: as read.
        digest: of the dataset it was read from.
        as_of: move the region in time so that it is described at this moment; None: as it is.
        now: when it is said to be imported; None: now, by the machine's clock.
        folder: where the bytes stand; None: nowhere. Imported again, a folder adds what was missing.

    Raises:
        Refusal: as `storage.rows.region.import_region`; ``clock.out_of_range`` when moved too far.
    """
    if as_of is not None:
        moved = rebased(region, as_of=as_of)
        if moved != region:
            region, digest = moved, written_digest(moved)
    head = envelope(region.settings.id, import_key(region))
    head = head if now is None else replace(head, now=now)

    def act(work: UnitOfWork) -> Imported:
        new = import_region(work, region, digest=digest)
        lost = []
        for one in () if folder is None else enclosed_in(folder, region):
            if isinstance(one, Refusal):
                lost.append(one)
            else:
                keep(work, one[1])
        return Imported(region, new, tuple(lost))

    return database.run(head, act)


def import_read(database: Database, head: Envelope, found: DatasetRead) -> bool:
    """Write what was read of an upload; the same again changes nothing.

    Args:
        database: open.
        head: who asked, when; region and key become those of the import.
        found: with its region.

    Returns:
        Whether it is new; False when exactly this had been imported before.

    Raises:
        Refusal: as `storage.rows.region.import_region`.
    """
    region = found.region
    assert region is not None
    own = replace(head, region=region.settings.id, key=import_key(region))

    def act(work: UnitOfWork) -> bool:
        new = import_region(work, region, digest=found.digest)
        for one in found.enclosed:
            keep(work, one)
        return new

    return database.run(own, act)


def import_key(region: Region, /) -> str:
    """The key of an import: what is imported, so that the same twice is once."""
    return f"import-{written_digest(region)[:48]}"
