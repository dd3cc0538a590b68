"""Rows added to the end of a region's table, one command after another, so that no two get one place in the order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table, func, insert, select

from kernel.errors import Refusal
from storage.tables.region import RegionRow
from storage.texts import check_fits
from storage.unit_of_work import UnitOfWork


def queue(work: UnitOfWork) -> None:
    """Wait for every other command that queues in this region; what is read afterwards stands until the commit.

    Raises:
        Refusal: ``region.unknown``.
    """
    mine = select(RegionRow.c.id).where(RegionRow.c.id == work.region)
    # Rows that refer to the region are written meanwhile: only its key is asked for by them.
    if work.connection.execute(mine.with_for_update(key_share=True)).scalar() is None:
        raise Refusal("region.unknown", region=work.region)


def append_rows(work: UnitOfWork, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write rows behind those that are there, with the envelope of the command; `queue` comes before.

    Args:
        work: of the command.
        table: one made by `storage.tables.scope.region_table`.
        rows: its own columns.

    Raises:
        Refusal: as `storage.texts.check_fits`.
    """
    if not rows:
        return
    of_region = table.c.region_id == work.region
    last = work.connection.execute(select(func.max(table.c.position)).where(of_region)).scalar() or 0
    head = {
        "region_id": work.region,
        "written_by": work.actor,
        "written_from": work.device,
        "written_at": work.now,
        "written_key": work.key,
    }
    made = [{**row, **head, "position": last + at} for at, row in enumerate(rows, start=1)]
    for row in made:
        check_fits(table, row)
    work.connection.execute(insert(table), made)
