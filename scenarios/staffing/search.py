"""Searching the cheapest roster: a bracket along the bound's sequence, then the neighbours compared where it matters."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf, sqrt

import numpy as np

from scenarios.measure.allocation import more_runs
from scenarios.measure.compare import lost_to
from scenarios.measure.figures import Figure, Measured
from scenarios.measure.interval import Interval, interval
from scenarios.measure.selection import Selected, select
from scenarios.measure.student import t_share
from scenarios.run.outcome import Late
from scenarios.staffing.lever import Lever
from scenarios.staffing.roster import Counts, Shift

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
        lost: promises broken with it, of all, by what broke them.
    """

    tried: Tried
    base: int
    runs: int
    shifts: tuple[Shift, ...]
    lost: Mapping[Late, float]


@dataclass(frozen=True, slots=True)
class Option:
    """The least of a sequence that keeps the target on average when some levers are pulled.

    Args:
        levers: pulled beside hiring.
        tried: the roster; None: not even the largest one keeps the target.
        holding_week: what keeping the stock costs a week beside it, in currency units.
    """

    levers: tuple[Lever, ...]
    tried: Tried | None
    holding_week: float

    @property
    def cost_week(self) -> float:
        """Cost a week with the stock kept; without a roster there is none to compare."""
        return inf if self.tried is None else self.tried.cost_week.mean + self.holding_week


@dataclass(frozen=True, slots=True)
class Most:
    """The most that can be reached: the largest roster with every lever pulled.

    Args:
        tried: the roster.
        lost: promises broken even so, of all, by what broke them.
    """

    tried: Tried
    lost: Mapping[Late, float]


@dataclass(frozen=True, slots=True)
class Staffed:
    """What a search came to.

    Args:
        best: the roster chosen, and its replications: none of them was used to choose it.
        sure: that it keeps the target: confidence of the one-sided interval down to it.
        others: those it was compared with, best first by the replications of the search; of those in `shown` by others.
        along: rosters of the sequence around it, from few to many, for the curve.
        runs: replications run.
        shifts: chosen from.
        holds: whether the target is kept in the confidence asked for.
        levers: pulled beside hiring.
        options: hiring alone and each lever with it, cheapest first; empty where none was looked at.
        lost: promises broken by the roster chosen, of all, by what broke them.
        most: what can be reached at all; None: not looked at.
        holding_week: what keeping the stock costs a week beside the roster, in currency units.
        shown: rosters shown on replications the search never saw, the surest first; the last one failed or was the last.
    """

    best: Tried
    sure: float
    others: tuple[Tried, ...]
    along: tuple[Counts, ...]
    runs: int
    shifts: tuple[Shift, ...]
    holds: bool
    levers: tuple[Lever, ...] = ()
    options: tuple[Option, ...] = ()
    lost: Mapping[Late, float] = field(default_factory=dict)
    most: Most | None = None
    holding_week: float = 0.0
    shown: tuple[Counts, ...] = ()


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

    def lost(self, counts: Counts, /) -> Mapping[Late, float]:
        """Give what broke promises under a roster that was tried; see `lost_to`."""
        return lost_to(self._seen[counts], self._figure)

    def _tried(self, counts: Counts) -> Tried:
        seen = self._seen[counts]
        kept = tuple(one.figures[self._figure] for one in seen)
        return Tried(counts, kept, tuple(one.figures[Figure.COST_WEEK] for one in seen))


def bracket(
    record: Record, rosters: Sequence[Counts], target: Target, /, *, runs: int = BRACKET_RUNS
) -> int | None:
    """Give the first roster of a sequence whose replications keep the target on average; None: not even the last one.

    Found by halving: more engineers are taken to keep no fewer promises.

    Args:
        record: of all replications.
        rosters: from few to many.
        target: to be kept.
        runs: replications of each roster looked at.
    """
    low, high = -1, len(rosters) - 1
    if not _reaches(record, rosters[high], target, runs):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        if _reaches(record, rosters[middle], target, runs):
            high = middle
        else:
            low = middle
    return high


def _reaches(record: Record, counts: Counts, target: Target, runs: int) -> bool:
    found = record.tried({counts: runs})[counts]
    return float(np.mean(found.kept)) >= target.share


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
