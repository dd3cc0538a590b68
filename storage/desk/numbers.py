"""Numbers given at once: the next of a series, taken in the transaction that uses it, so that none is lost or given twice."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Column, bindparam, insert, select, update

from storage.ready import Asked, Ready
from storage.tables.desk import NumberRow
from storage.unit_of_work import UnitOfWork


def next_number(work: UnitOfWork, series: str, taken: Iterable[Column[str]]) -> int:
    """Take the next number of a series; `storage.appended.queue` comes before.

    Args:
        work: of the command.
        series: what ids of it begin with, like ``T-20260306-``.
        taken: columns with ids that came in otherwise: looked at when the series begins here.
    """
    asked, mine = asked_next(work, series)
    found = asked.row(work.connection, mine)
    given = None if found is None else int(found[0])
    if given is None:
        given = 1 + max((number for column in taken for number in _numbers(work, series, column)), default=0)
        work.connection.execute(insert(NumberRow).values(region_id=work.region, series=series, last=given))
    return given


def asked_next(work: UnitOfWork, series: str) -> Asked:
    """What `next_number` asks, to be foreseen (`storage.ready.foresee`) right before it is taken."""
    return _TAKE, {"in_region": work.region, "of_series": series}


# Built once: putting a statement together costs as much as running it.
_MINE = (NumberRow.c.region_id == bindparam("in_region")) & (NumberRow.c.series == bindparam("of_series"))
_TAKE = Ready(update(NumberRow).where(_MINE).values(last=NumberRow.c.last + 1).returning(NumberRow.c.last))


def _numbers(work: UnitOfWork, series: str, column: Column[str]) -> list[int]:
    of_region = column.table.c.region_id == work.region
    ids = work.connection.execute(select(column).where(of_region, column.startswith(series, autoescape=True)))
    ends = (one.removeprefix(series) for one in ids.scalars())
    return [int(end) for end in ends if end.isascii() and end.isdigit() and len(end) < 16]
