"""Searching the cheapest roster: a bracket along the bound's sequence, then the neighbours compared where it matters."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

from scenarios.measure.allocation import more_runs
from scenarios.measure.figures import Figure, Measured
from scenarios.measure.interval import Interval, interval
from scenarios.measure.selection import Selected, select
from scenarios.measure.student import t_share
from scenarios.staffing.roster import Counts, Shift, counts_of

Evaluate = Callable[[Mapping[Counts, range]], Mapping[Counts, Sequence[Measured]]]
"""Simulates the replications asked for of each roster; the same replication has the same chance in all of them."""

BRACKET_RUNS = 2
FIRST_RUNS = 4
SHORT_PRICE = 20.0
"""What a missing point of the target weighs in the comparison of survivors, in prices of a point between the bracket's ends."""


@dataclass(frozen=True, slots=True)
class Target:
    """A share of promises of a clock to be kept."""

    figure: Figure
    share: float


@dataclass(frozen=True, slots=True)
class Tried:
    """A roster and what its replications gave.

    Args:
        counts: the roster.
        kept: share of promises kept, by replication.
        cost: a week, by replication.
    """

    counts: Counts
    kept: tuple[float, ...]
    cost: tuple[float, ...]

    def sure(self, share: float, /) -> float:
        """Give how sure it is that the true share is at least this: the confidence of the one-sided t interval down to it.

        All alike, there is no spread to judge by: 1 at or above, 0 below. One replication alone: 0.
        """
        n = len(self.kept)
        mean, spread = float(np.mean(self.kept)), float(np.std(self.kept, ddof=1)) if n > 1 else 0.0
        if n < 2:
            return 0.0
        if spread == 0:
            return float(mean >= share)
        return t_share((mean - share) / (spread / sqrt(n)), n - 1)

    @property
    def cost_week(self) -> Interval:
        """Its cost with interval."""
        return interval(self.cost)

    @property
    def share(self) -> Interval:
        """Its share with interval."""
        return interval(self.kept)


@dataclass(frozen=True, slots=True)
class Estimate:
    """The first answer: the roster the bracket found, by two replications each.

    Args:
        tried: the roster.
        base: people on the base's rosters.
        runs: replications run for it.
        shifts: chosen from.
    """

    tried: Tried
    base: int
    runs: int
    shifts: tuple[Shift, ...]


@dataclass(frozen=True, slots=True)
class Staffed:
    """What a search came to.

    Args:
        best: the roster chosen.
        sure: that it keeps the target: confidence of the one-sided interval down to it.
        others: those it was compared with, best first.
        along: rosters of the sequence around it, from few to many, for the curve.
        runs: replications run.
    """

    best: Tried
    sure: float
    others: tuple[Tried, ...]
    along: tuple[Counts, ...]
    runs: int
    shifts: tuple[Shift, ...]


class Record:
    """All replications run so far, of all rosters; nothing is run twice."""

    def __init__(self, evaluate: Evaluate, figure: Figure) -> None:
        self._evaluate, self._figure = evaluate, figure
        self._seen: dict[Counts, list[Measured]] = {}

    @property
    def runs(self) -> int:
        """Replications run."""
        return sum(map(len, self._seen.values()))

    def tried(self, wanted: Mapping[Counts, int], /) -> dict[Counts, Tried]:
        """Have at least so many replications of each, and give them."""
        missing = {
            counts: range(len(self._seen.get(counts, [])), number)
            for counts, number in wanted.items()
            if number > len(self._seen.get(counts, []))
        }
        for counts, found in self._evaluate(missing).items() if missing else ():
            self._seen.setdefault(counts, []).extend(found)
        return {counts: self._tried(counts) for counts in wanted}

    def _tried(self, counts: Counts) -> Tried:
        seen = self._seen[counts]
        kept = tuple(one.figures[self._figure] for one in seen)
        return Tried(counts, kept, tuple(one.figures[Figure.COST_WEEK] for one in seen))


def bracket(record: Record, rosters: Sequence[Counts], target: Target, /) -> int | None:
    """Give the first roster of a sequence whose replications keep the target on average; None: not even the last one.

    Found by halving: more engineers are taken to keep no fewer promises.
    """
    low, high = -1, len(rosters) - 1
    if not _reaches(record, rosters[high], target):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        if _reaches(record, rosters[middle], target):
            high = middle
        else:
            low = middle
    return high


def _reaches(record: Record, counts: Counts, target: Target) -> bool:
    found = record.tried({counts: BRACKET_RUNS})[counts]
    return float(np.mean(found.kept)) >= target.share


def neighbours(
    rosters: Sequence[Counts], at: int, shifts: Sequence[Shift], /, *, most: int
) -> tuple[Counts, ...]:
    """Give rosters around one: the sequence two back and three on, and with one engineer less of each kind, dearest shifts first."""
    found = list(rosters[max(0, at - 2) : at + 4])
    hours = {shift.id: shift.minutes for shift in shifts}
    on_call = {shift.id for shift in shifts if shift.call_out_cents}
    base = {(depot, shift): number for depot, shift, number in rosters[min(at + 1, len(rosters) - 1)]}
    for key in sorted(base, key=lambda one: (-hours[one[1]], -base[one], one)):
        crew = sum(
            number for (depot, shift), number in base.items() if depot == key[0] and shift not in on_call
        )
        if crew > 1 or key[1] in on_call:
            found.append(counts_of({**base, key: base[key] - 1}))
    return tuple(dict.fromkeys(found))[:most]


def refined(
    record: Record, candidates: Sequence[Counts], target: Target, /, *, confidence: float, runs: int
) -> tuple[Tried, ...]:
    """Compare candidates and give them, the best one first: the cheapest that is sure enough, else the surest.

    Replications go where they decide (OCBA) on cost plus a price for what is short of the target.

    Args:
        record: of all replications.
        candidates: rosters.
        target: to be kept.
        confidence: from which on a roster is sure enough.
        runs: replications spent here at most, shared by all candidates.
    """
    wanted = dict.fromkeys(candidates, FIRST_RUNS)
    limit = record.runs + runs
    found = record.tried(wanted)
    price = _price(list(found.values()))
    while record.runs < limit:
        figures = [_weighed(found[one], target, price) for one in candidates]
        done = [len(found[one].kept) for one in candidates]
        more = more_runs(
            [float(np.mean(row)) for row in figures],
            [float(np.var(row, ddof=1)) for row in figures],
            done,
            more=min(len(candidates), limit - record.runs),
        )
        wanted = {one: n + m for one, n, m in zip(candidates, done, more, strict=True)}
        found = record.tried(wanted)
    return tuple(
        sorted(
            found.values(),
            key=lambda one: (
                one.sure(target.share) < confidence,
                one.cost_week.mean if one.sure(target.share) >= confidence else -one.sure(target.share),
                one.counts,
            ),
        )
    )


def _weighed(one: Tried, target: Target, price: float) -> np.ndarray:
    short = np.maximum(0.0, target.share - np.array(one.kept))
    return np.array(one.cost) + SHORT_PRICE * price * short


def _price(tried: Sequence[Tried]) -> float:
    """What a share of 1 costs between the candidates that keep least and most; at least something."""
    shares = [one.share.mean for one in tried]
    costs = [one.cost_week.mean for one in tried]
    wide = max(shares) - min(shares)
    return max((max(costs) - min(costs)) / wide if wide > 0 else 0.0, 1.0)


def cheapest(
    record: Record, rosters: Sequence[Counts], /, *, indifference: float, confidence: float, most: int
) -> Selected:
    """Pick the roster with the smallest cost a week by KN; a lead below `indifference` is worth nothing."""

    def draw(at: int, replication: int) -> float:
        return record.tried({rosters[at]: replication + 1})[rosters[at]].cost[replication]

    return select(draw, len(rosters), indifference=indifference, first=10, most=most, confidence=confidence)
