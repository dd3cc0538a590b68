"""The figures of one replication: promises kept, time to restore, utilisation, money; only of books that balance.

A promise counts once it is decided: kept when done by its due moment, broken when the due moment has passed within
the span. A ticket nobody was needed for before that moment (solved at a distance, given up) decides nothing; one
turned away has its promises broken. Definitions for readers: docs/scenarios.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import nan

import numpy as np
from numpy.typing import NDArray

from scenarios.measure.diary import Day
from scenarios.run.outcome import NEVER, Ended, Late, Outcome, Whole

DAY_S = 86_400
WEEK_S = 7 * DAY_S


class Unit(StrEnum):
    """How a figure is written."""

    SHARE = "share"
    HOURS = "hours"
    MONEY = "money"
    NUMBER = "number"


class Better(StrEnum):
    """Which direction a manager wants."""

    MORE = "more"
    LESS = "less"
    NEITHER = "neither"


class Figure(StrEnum):
    """What is measured of every replication; the value is its name in files and texts."""

    ARRIVE = "arrive"
    RESTORE = "restore"
    FIRST_TIME_FIX = "first_time_fix"
    HOURS_TO_ARRIVE = "hours_to_arrive"
    HOURS_TO_RESTORE = "hours_to_restore"
    HOURS_TO_RESTORE_P90 = "hours_to_restore_p90"
    UTILISATION = "utilisation"
    TRAVEL_SHARE = "travel_share"
    OVERTIME_HOURS_WEEK = "overtime_hours_week"
    STOCK_FILL = "stock_fill"
    PART_HOURS = "part_hours"
    LOANER_DAYS_WEEK = "loaner_days_week"
    COST_WEEK = "cost_week"
    COST_TICKET = "cost_ticket"
    TICKETS_WEEK = "tickets_week"
    LOST = "lost"
    BY_PARTNER = "by_partner"
    OPEN_AT_END = "open_at_end"


@dataclass(frozen=True, slots=True)
class Meaning:
    """Unit of a figure and the direction that is wanted."""

    unit: Unit
    better: Better


_S, _H, _M, _N = Unit.SHARE, Unit.HOURS, Unit.MONEY, Unit.NUMBER
MEANING: Mapping[Figure, Meaning] = {
    Figure.ARRIVE: Meaning(_S, Better.MORE),
    Figure.RESTORE: Meaning(_S, Better.MORE),
    Figure.FIRST_TIME_FIX: Meaning(_S, Better.MORE),
    Figure.HOURS_TO_ARRIVE: Meaning(_H, Better.LESS),
    Figure.HOURS_TO_RESTORE: Meaning(_H, Better.LESS),
    Figure.HOURS_TO_RESTORE_P90: Meaning(_H, Better.LESS),
    Figure.UTILISATION: Meaning(_S, Better.NEITHER),
    Figure.TRAVEL_SHARE: Meaning(_S, Better.LESS),
    Figure.OVERTIME_HOURS_WEEK: Meaning(_H, Better.LESS),
    Figure.STOCK_FILL: Meaning(_S, Better.MORE),
    Figure.PART_HOURS: Meaning(_H, Better.LESS),
    Figure.LOANER_DAYS_WEEK: Meaning(_N, Better.NEITHER),
    Figure.COST_WEEK: Meaning(_M, Better.LESS),
    Figure.COST_TICKET: Meaning(_M, Better.LESS),
    Figure.TICKETS_WEEK: Meaning(_N, Better.NEITHER),
    Figure.LOST: Meaning(_S, Better.LESS),
    Figure.BY_PARTNER: Meaning(_S, Better.NEITHER),
    Figure.OPEN_AT_END: Meaning(_N, Better.LESS),
}
"""What each figure is; every figure has one (tested)."""

CLOCKS = (Figure.ARRIVE, Figure.RESTORE)
"""Figures that are shares of promises kept."""


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """Promises of one clock to one tier of contract, in one region, of one severity."""

    clock: Figure
    tier: str
    region: str
    severity: int


@dataclass(frozen=True, slots=True)
class Kept:
    """Whole numbers of promises: those decided, and those of them kept."""

    kept: int
    promised: int


@dataclass(frozen=True, slots=True)
class Measured:
    """What is kept of one replication.

    Args:
        replication: its number.
        figures: every `Figure`; nan where nothing of the kind happened.
        cells: promises, where any was decided.
        late: tickets counted, by `Late`; they add up to `tickets`.
        broken: promises counted and broken, by clock and `Late`; under ``NOT`` stand those turned away.
        money_cents: by kind, within the span.
        span_s: seconds that count.
        engineers: (id, seconds on duty with overtime, at work, on the way), in the order of the world.
        open_by_day: tickets open at the end of each simulated day, the warm-up included.
        diary: what everybody did on its first days, where that was asked for.
    """

    replication: int
    figures: Mapping[Figure, float]
    cells: Mapping[Cell, Kept]
    late: tuple[int, ...]
    broken: Mapping[Figure, tuple[int, ...]]
    money_cents: Mapping[str, int]
    span_s: int
    engineers: tuple[tuple[str, int, int, int], ...]
    open_by_day: tuple[int, ...]
    diary: tuple[Day, ...] = ()

    @property
    def tickets(self) -> int:
        """Tickets counted."""
        return sum(self.late)


def measured(outcome: Outcome, /, *, down_hour_cents: int = 0) -> Measured:
    """Measure one replication.

    Args:
        outcome: its rows.
        down_hour_cents: what an hour costs from a report until the equipment runs again, in money under ``downtime``.

    Raises:
        Refusal: ``scenario.books_open`` where the books do not balance: then there is nothing to report.
    """
    outcome.identities()
    counts = outcome.counted
    money = {kind: int(cents) for kind, cents in outcome.money_cents.items()}
    if down_hour_cents:
        money["downtime"] = down_s(outcome) * down_hour_cents // 3600
    cells = _cells(outcome, counts)
    late = np.bincount(outcome.tickets.late[counts], minlength=len(Late))
    crew = outcome.crew
    present = crew.on_duty_s + crew.overtime_s
    return Measured(
        outcome.replication,
        _figures(outcome, counts, cells, cost=sum(money.values()) / 100),
        cells,
        tuple(int(number) for number in late),
        {clock: _broken(outcome, clock, counts) for clock in CLOCKS},
        money,
        outcome.span.until_s - outcome.span.from_s,
        tuple(
            (name, int(present[row]), int(crew.busy_s[row]), int(crew.travel_s[row]))
            for row, name in enumerate(outcome.engineers)
        ),
        _open_by_day(outcome),
    )


def down_s(outcome: Outcome, /) -> int:
    """Seconds within the span in which equipment stood still, all tickets together, whenever they were reported."""
    rows, span = outcome.tickets, outcome.span
    lost = np.isin(rows.ended, (Ended.GAVE_UP, Ended.TURNED_AWAY))
    until = np.where(rows.restored_s == NEVER, span.until_s, np.minimum(rows.restored_s, span.until_s))
    return int(np.maximum(until - np.maximum(rows.born_s, span.from_s), 0)[~lost].sum())


def decided(outcome: Outcome, clock: Figure, /) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Give (kept, broken) for every ticket under the clock ``ARRIVE`` or ``RESTORE``; neither: not promised or undecided."""
    rows = outcome.tickets
    at, due = (
        (rows.arrived_s, rows.due_arrive_s)
        if clock is Figure.ARRIVE
        else (rows.restored_s, rows.due_restore_s)
    )
    promised = due != NEVER
    done = at != NEVER
    kept = promised & done & (at <= due)
    passed = promised & ((done & (at > due)) | (~done & (due < outcome.span.until_s)))
    # Restored by the due moment with nobody there: no arrival was needed any more.
    needless = ~done & (rows.restored_s != NEVER) & (rows.restored_s <= due)
    gave_up = (rows.ended == Ended.GAVE_UP) & (rows.late == Late.NOT)
    turned_away = promised & (rows.ended == Ended.TURNED_AWAY)
    return kept, (passed & ~needless & ~gave_up) | turned_away


def _broken(outcome: Outcome, clock: Figure, counts: NDArray[np.bool_]) -> tuple[int, ...]:
    _, broken = decided(outcome, clock)
    by_code = np.bincount(outcome.tickets.late[counts & broken], minlength=len(Late))
    return tuple(int(number) for number in by_code)


def _cells(outcome: Outcome, counts: NDArray[np.bool_]) -> dict[Cell, Kept]:
    rows = outcome.tickets
    found: dict[Cell, Kept] = {}
    regions, severities = max(1, len(outcome.regions)), 16
    for clock in CLOCKS:
        kept, broken = decided(outcome, clock)
        code = (rows.tier * regions + rows.region) * severities + rows.severity
        judged = counts & (kept | broken)
        promised_by = np.bincount(code[judged])
        kept_by = np.bincount(code[counts & kept], minlength=len(promised_by))
        for at in np.flatnonzero(promised_by):
            where, severity = divmod(int(at), severities)
            tier, region = divmod(where, regions)
            cell = Cell(clock, outcome.tiers[tier], outcome.regions[region], severity)
            found[cell] = Kept(int(kept_by[at]), int(promised_by[at]))
    return found


def _figures(
    outcome: Outcome, counts: NDArray[np.bool_], cells: Mapping[Cell, Kept], *, cost: float
) -> dict[Figure, float]:
    rows, crew, stock = outcome.tickets, outcome.crew, outcome.stock
    weeks = (outcome.span.until_s - outcome.span.from_s) / WEEK_S
    number = int(counts.sum())
    arrived = counts & (rows.arrived_s != NEVER)
    restored = counts & (rows.restored_s != NEVER)
    to_restore = (rows.restored_s - rows.born_s)[restored]
    present = int(crew.on_duty_s.sum() + crew.overtime_s.sum())
    fixes = counts & (rows.first_time_fix >= 0)
    lost = np.isin(rows.ended, (Ended.GAVE_UP, Ended.TURNED_AWAY))
    return {
        Figure.ARRIVE: share_kept(cells, Figure.ARRIVE),
        Figure.RESTORE: share_kept(cells, Figure.RESTORE),
        Figure.FIRST_TIME_FIX: _over(int(rows.first_time_fix[fixes].sum()), int(fixes.sum())),
        Figure.HOURS_TO_ARRIVE: _mean_h((rows.arrived_s - rows.born_s)[arrived]),
        Figure.HOURS_TO_RESTORE: _mean_h(to_restore),
        Figure.HOURS_TO_RESTORE_P90: float(np.quantile(to_restore, 0.9)) / 3600 if to_restore.size else nan,
        Figure.UTILISATION: _over(int(crew.busy_s.sum() + crew.travel_s.sum()), present),
        Figure.TRAVEL_SHARE: _over(int(crew.travel_s.sum()), present),
        Figure.OVERTIME_HOURS_WEEK: int(crew.overtime_s.sum()) / 3600 / weeks,
        Figure.STOCK_FILL: _over(int(stock.filled.sum()), int(stock.wanted.sum())),
        Figure.PART_HOURS: _over(int(rows.waited_part_s[counts].sum()) / 3600, number),
        Figure.LOANER_DAYS_WEEK: int(rows.loaner_s.sum()) / DAY_S / weeks,
        Figure.COST_WEEK: cost / weeks,
        Figure.COST_TICKET: _over(cost, number),
        Figure.TICKETS_WEEK: number / weeks,
        Figure.LOST: _over(int((counts & lost).sum()), number),
        Figure.BY_PARTNER: _over(int((counts & (rows.ended == Ended.BY_PARTNER)).sum()), number),
        Figure.OPEN_AT_END: float((rows.ended == Ended.OPEN).sum()),
    }


def share_kept(
    cells: Mapping[Cell, Kept], clock: Figure, /, *, tier: str | None = None, region: str | None = None
) -> float:
    """Give the share of promises of a clock that were kept, in all cells or those of a tier or region; nan: none decided."""
    found = total(cells, clock, tier=tier, region=region)
    return _over(found.kept, found.promised)


def total(
    cells: Mapping[Cell, Kept],
    clock: Figure,
    /,
    *,
    tier: str | None = None,
    region: str | None = None,
    severity: int | None = None,
) -> Kept:
    """Add up the promises of a clock; None: all of that kind."""
    rows = [
        count
        for cell, count in cells.items()
        if cell.clock is clock
        and tier in {None, cell.tier}
        and region in {None, cell.region}
        and severity in {None, cell.severity}
    ]
    return Kept(sum(row.kept for row in rows), sum(row.promised for row in rows))


def _open_by_day(outcome: Outcome) -> tuple[int, ...]:
    """Tickets born and not yet done at the end of each whole day; those that were lost are never open here."""
    rows = outcome.tickets
    waiting = ~np.isin(rows.ended, (Ended.GAVE_UP, Ended.TURNED_AWAY))
    ends = np.arange(DAY_S, outcome.span.until_s + 1, DAY_S)
    born = np.sort(rows.born_s[waiting])
    done = np.sort(rows.restored_s[waiting & (rows.restored_s != NEVER)])
    open_then = np.searchsorted(born, ends, side="left") - np.searchsorted(done, ends, side="left")
    return tuple(int(number) for number in open_then)


def _mean_h(seconds: Whole) -> float:
    return int(seconds.sum()) / seconds.size / 3600 if seconds.size else nan


def _over(part: float, whole: float) -> float:
    return part / whole if whole else nan
