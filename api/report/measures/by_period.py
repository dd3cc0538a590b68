"""The tables of a report over several periods: each row begins with the days it is about."""

from __future__ import annotations

from collections.abc import Sequence

from api.report.measures.sheet import Column, Shape, Sheet
from api.report.measures.sheets import (
    attainment,
    figures,
    first_time_fix,
    loaner_days,
    restore,
    satisfaction,
    stock_fill,
)
from dispatch.measures.trend import Trend

FOLLOWED = (figures, attainment, restore, first_time_fix, satisfaction, stock_fill, loaner_days)
DAYS = (Column("first", Shape.DAY), Column("last", Shape.DAY))


def sheets_by_period(found: Sequence[Trend], /) -> tuple[Sheet, ...]:
    """Give the tables that are followed over time, each with the rows of every period, in the order of the periods.

    Args:
        found: the periods, at least one.
    """
    tables = []
    for make in FOLLOWED:
        parts = [(one.period, make(one)) for one in found]
        rows = tuple((days.first, days.last, *row) for days, part in parts for row in part.rows)
        tables.append(Sheet(parts[0][1].name, (*DAYS, *parts[0][1].columns), rows))
    return tuple(tables)
