"""How far a model is from what happened: history replayed, compared week by week, figure by figure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import hypot, isfinite, nan

import numpy as np
from numpy.typing import NDArray

from scenarios.fitted.replayed import Actual
from scenarios.measure.interval import Interval, Verdict, difference, interval
from scenarios.run.outcome import NEVER, Outcome, Whole

WEEK_S = 7 * 86_400
QUICK_S = 4 * 3600

Reals = NDArray[np.float64]


class Checked(StrEnum):
    """What history and model both know."""

    ARRIVE = "arrive"
    """Share of promised arrivals kept, of tickets whose contract is known."""
    ARRIVE_4H = "arrive_4h"
    """Share of visits within four hours of the report, whatever was promised."""
    HOURS_TO_ARRIVE = "hours_to_arrive"
    HOURS_TO_RESTORE = "hours_to_restore"
    FIRST_TIME_FIX = "first_time_fix"
    AT_WORK = "at_work"
    """Time on site over time on duty; the way is not kept by history."""


SHARES = frozenset({Checked.ARRIVE, Checked.ARRIVE_4H, Checked.FIRST_TIME_FIX, Checked.AT_WORK})


@dataclass(frozen=True, slots=True)
class Checking:
    """One figure of the model beside what happened.

    Args:
        figure: which.
        tickets: of history that have it.
        happened: mean of the weeks as they were; `modelled`: of the same weeks, mean over the replications.
        error: modelled - happened, with its interval over weeks.
        verdict: what the error shows.
    """

    figure: Checked
    tickets: int
    happened: Interval
    modelled: Interval
    error: Interval
    verdict: Verdict


@dataclass(frozen=True, eq=False)
class _Rows:
    """Tickets of one telling of the same history."""

    born: Whole
    arrived: Whole
    restored: Whole
    due: Whole
    fixed: Whole
    visited: NDArray[np.bool_]


def checked(outcomes: Sequence[Outcome], actual: Sequence[Actual], /) -> tuple[Checking, ...]:
    """Compare replications of a replayed history with what became of its tickets.

    A ticket counts where history knows its end and somebody came, in history and in the model alike; a week is one value of
    history and one of each replication, and the weeks' differences make the interval.

    Args:
        outcomes: one or more, of the world of a `Replay`.
        actual: of that replay, in its order.
    """
    span = outcomes[0].span
    happened = _actual(outcomes[0], actual)
    counted = (happened.born >= span.from_s) & happened.visited
    week = (happened.born - span.from_s) // WEEK_S
    weeks = int((span.until_s - span.from_s) // WEEK_S)
    found = []
    told = [_modelled(one) for one in outcomes]
    for figure, (value, knows) in _FIGURES.items():
        use = counted & knows(happened)
        then = _by_week(value(happened), use, week, weeks)
        each = [_by_week(value(rows), use & rows.visited, week, weeks) for rows in told]
        now = np.array(each).mean(axis=0)
        error = difference(now, then)
        found.append(Checking(figure, int(use.sum()), interval(then), interval(now), error.by, error.verdict))
    return (*found, _at_work(outcomes, actual, week, weeks))


def left_open(outcomes: Sequence[Outcome], actual: Sequence[Actual], /) -> float:
    """Give the tickets that were visited and done in history but not in the model, mean over the replications."""
    happened = _actual(outcomes[0], actual)
    counted = (happened.born >= outcomes[0].span.from_s) & happened.visited
    return float(np.mean([int((counted & ~_modelled(one).visited).sum()) for one in outcomes]))


def _at_work(outcomes: Sequence[Outcome], actual: Sequence[Actual], week: Whole, weeks: int) -> Checking:
    """Time on site over time on duty: weeks of history against replications, which know nothing of each other."""
    work = np.array([one.work_s for one in actual], dtype=np.int64)
    use = (work != NEVER) & (week >= 0) & (week < weeks)
    present = [int(one.crew.on_duty_s.sum() + one.crew.overtime_s.sum()) for one in outcomes]
    span = outcomes[0].span
    a_week = float(np.mean(present)) * WEEK_S / (span.until_s - span.from_s)
    then = interval(np.bincount(week[use], weights=work[use], minlength=weeks)[:weeks] / max(a_week, 1.0))
    now = interval(
        [int(one.crew.busy_s.sum()) / max(all_, 1) for one, all_ in zip(outcomes, present, strict=True)]
    )
    error = Interval(now.mean - then.mean, hypot(now.half, then.half), min(now.n, then.n))
    verdict = Verdict.UNKNOWN
    if isfinite(error.half):
        verdict = Verdict.MORE if error.low > 0 else Verdict.LESS if error.high < 0 else Verdict.NOT_DETECTED
    return Checking(Checked.AT_WORK, int(use.sum()), then, now, error, verdict)


def _actual(outcome: Outcome, actual: Sequence[Actual]) -> _Rows:
    def column(name: str) -> Whole:
        return np.array([getattr(one, name) for one in actual], dtype=np.int64)

    arrived, restored = column("arrived_s"), column("restored_s")
    return _Rows(
        column("reported_s"),
        arrived,
        restored,
        outcome.tickets.due_arrive_s,
        column("first_time_fix"),
        (arrived != NEVER) & (restored != NEVER),
    )


def _modelled(outcome: Outcome) -> _Rows:
    rows = outcome.tickets
    visited = (rows.arrived_s != NEVER) & (rows.restored_s != NEVER)
    return _Rows(
        rows.born_s, rows.arrived_s, rows.restored_s, rows.due_arrive_s, rows.first_time_fix, visited
    )


def _all(rows: _Rows) -> NDArray[np.bool_]:
    return np.ones(rows.born.size, dtype=bool)


_FIGURES: Mapping[Checked, tuple[Callable[[_Rows], Reals], Callable[[_Rows], NDArray[np.bool_]]]] = {
    Checked.ARRIVE: (lambda rows: (rows.arrived <= rows.due).astype(float), lambda rows: rows.due != NEVER),
    Checked.ARRIVE_4H: (lambda rows: (rows.arrived - rows.born <= QUICK_S).astype(float), _all),
    Checked.HOURS_TO_ARRIVE: (lambda rows: (rows.arrived - rows.born) / 3600, _all),
    Checked.HOURS_TO_RESTORE: (lambda rows: (rows.restored - rows.born) / 3600, _all),
    Checked.FIRST_TIME_FIX: (lambda rows: (rows.fixed == 1).astype(float), lambda rows: rows.fixed >= 0),
}
"""Of a telling: the value of every ticket, and which tickets of history have it."""


def _by_week(values: Reals, use: NDArray[np.bool_], week: Whole, weeks: int) -> Reals:
    """Mean of each whole week, nan where it has none."""
    use = use & (week >= 0) & (week < weeks)
    sums = np.bincount(week[use], weights=values[use], minlength=weeks)
    counts = np.bincount(week[use], minlength=weeks)
    return np.where(counts > 0, sums / np.maximum(counts, 1), nan)
