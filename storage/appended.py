"""Rows added to the end of a region's table, one command after another, so that no two get one place in the order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Insert, Select, Table, bindparam, func, insert, select

from kernel.errors import Refusal
from storage.ready import Ready, write
from storage.tables.region import RegionRow
from storage.texts import check_fits
from storage.unit_of_work import UnitOfWork

# Built once. Rows that refer to the region are written meanwhile: only its key is asked for by them.
QUEUE = Ready(
    select(RegionRow.c.id).where(RegionRow.c.id == bindparam("in_region")).with_for_update(key_share=True)
)
"""The turn of a command in its region; no row: there is no such region."""


@cache
def _last_of(table: Table) -> Select[Any]:
    return select(func.max(table.c.position)).where(table.c.region_id == bindparam("in_region"))


def queue(work: UnitOfWork) -> None:
    """Wait for every other command that queues in this region; what is read afterwards stands until the commit.

    Raises:
        Refusal: ``region.unknown``.
    """
    if QUEUE.row(work.connection, {"in_region": work.region}) is None:
        raise Refusal("region.unknown", region=work.region)


@cache
def _into(table: Table) -> Insert:
    return insert(table)


@cache
def _behind(table: Table) -> Ready:
    """One row behind the last: both in one statement."""
    last = func.coalesce(_last_of(table).scalar_subquery(), 0)
    return Ready(insert(table).values(position=last + 1).inline())


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
    head = {
        "region_id": work.region,
        "written_by": work.actor,
        "written_from": work.device,
        "written_at": work.now,
        "written_key": work.key,
    }
    made = [{**row, **head} for row in rows]
    for one in made:
        check_fits(table, one)
    here = {"in_region": work.region}
    if len(made) == 1:
        write(work.connection, [(_behind(table), made[0] | here)])
        return
    last = work.connection.execute(_last_of(table), here).scalar() or 0
    work.connection.execute(
        _into(table), [{**row, "position": last + at} for at, row in enumerate(made, start=1)]
    )
