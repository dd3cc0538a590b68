"""From a first estimate to a roster that is sure: up until it keeps the target, down where nothing is lost, then shown on new chance."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scenarios.staffing.roster import Counts, Shift, counts_of
from scenarios.staffing.search import FIRST_RUNS, Record, Target, Tried

LEAST_RUNS = 12
"""Replications before a roster is called sure."""


def climbed(
    record: Record, rosters: Sequence[Counts], at: int, target: Target, /, *, confidence: float, runs: int
) -> int | None:
    """Give the first roster from `at` on that is sure to keep the target; None: not even the last.

    Steps double until one is sure, then the gap is halved: more engineers are taken to keep no fewer promises.

    Args:
        record: of all replications.
        rosters: from few to many.
        at: position begun at.
        target: to be kept.
        confidence: from which on a roster is sure enough.
        runs: replications of each roster looked at.
    """

    def sure(number: int) -> bool:
        counts = rosters[number]
        return record.tried({counts: runs})[counts].sure(target.share) >= confidence

    low, high, step = at - 1, at, 1
    while not sure(high):
        if high == len(rosters) - 1:
            return None
        low, high, step = high, min(high + step, len(rosters) - 1), 2 * step
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if sure(middle) else (middle, high)
    return high


def one_fewer(counts: Counts, shifts: Sequence[Shift], /) -> tuple[Counts, ...]:
    """Give the rosters with one less of one kind; a depot keeps somebody, duty on call is done by those there are."""
    on_call = {shift.id for shift in shifts if shift.call_out_cents}
    table = {(depot, shift): number for depot, shift, number in counts}
    crew = {
        depot: sum(n for d, shift, n in counts if d == depot and shift not in on_call)
        for depot, _, _ in counts
    }
    return tuple(
        counts_of({**table, key: number - 1})
        for key, number in table.items()
        if crew[key[0]] > 1 or key[1] in on_call
    )


def trimmed(
    record: Record,
    start: Counts,
    shifts: Sequence[Shift],
    target: Target,
    /,
    *,
    confidence: float,
    runs: int,
) -> tuple[Counts, ...]:
    """Take out of a sure roster what is not needed: the survivors, the smallest that is sure first.

    Each kind is left out once by itself under the same chance; what loses least for what it saves goes first, as many
    together as the roster stays sure without.

    Args:
        record: of all replications.
        start: sure.
        shifts: it is made of.
        target: to be kept.
        confidence: from which on a roster is sure enough.
        runs: replications of each roster judged.
    """
    on_call = frozenset(shift.id for shift in shifts if shift.call_out_cents)
    fewer = one_fewer(start, shifts)
    if not fewer:
        return (start,)
    tried = record.tried({start: runs, **dict.fromkeys(fewer, FIRST_RUNS)})
    order = sorted(fewer, key=lambda one: (_lost_for_saved(tried[start], tried[one]), one))
    useful = [one for one in order if _saved(tried[start], tried[one]) > 0]
    low, high = 0, len(useful) + 1  # so many may go; so many may not
    while high - low > 1:
        middle = (low + high) // 2
        found = _without(start, useful[:middle])
        if (
            _all_there(found, start, on_call)
            and record.tried({found: runs})[found].sure(target.share) >= confidence
        ):
            low = middle
        else:
            high = middle
    best = _without(start, useful[:low])
    near = [_without(start, useful[:number]) for number in (max(0, low - 1), low + 1, low + 2)]
    also = [_without(best, [one], start) for one in useful[low : low + 3]]
    fit = (one for one in (*near, *also) if _all_there(one, start, on_call))
    return tuple(dict.fromkeys([best, *fit, start]))


def _without(start: Counts, fewer: Sequence[Counts], of: Counts | None = None) -> Counts:
    """The roster less everything each of `fewer` lacks of `of`."""
    table = {(depot, shift): number for depot, shift, number in start}
    whole = {(depot, shift): number for depot, shift, number in of or start}
    for one in fewer:
        left = {(depot, shift): number for depot, shift, number in one}
        for key, number in whole.items():
            table[key] = table.get(key, 0) - (number - left.get(key, 0))
    return counts_of({key: max(0, number) for key, number in table.items()})


def _all_there(counts: Counts, start: Counts, on_call: frozenset[str]) -> bool:
    """Say whether every depot still has somebody who is not only on call."""
    here, before = ({depot for depot, shift, _ in one if shift not in on_call} for one in (counts, start))
    return here == before


def _saved(start: Tried, one: Tried) -> float:
    n = len(one.cost)
    return float(np.mean(start.cost[:n]) - np.mean(one.cost))


def _lost_for_saved(start: Tried, one: Tried) -> float:
    n = len(one.kept)
    lost = float(np.mean(start.kept[:n]) - np.mean(one.kept))
    saved = _saved(start, one)
    return lost / saved if saved > 0 else float("inf")


def confirmed(
    fresh: Record, order: Sequence[Counts], target: Target, /, *, confidence: float, runs: int
) -> tuple[Tried, bool, tuple[Tried, ...]]:
    """Show rosters on replications the search never saw: of those picked by them each looks a little better than it is.

    They are shown one after the other until one fails. In a fixed order each may be held to the whole confidence, and the
    answer is wrong no more often than that (fixed-sequence testing; Maurer, Hothorn, Lehmacher 1995).

    Args:
        fresh: of replications of its own.
        order: rosters, the surest first; fixed before any is shown.
        target: to be kept.
        confidence: each must hold in.
        runs: replications of each.

    Returns:
        The cheapest that holds, else the first one; whether it holds; and all that were shown.
    """
    shown: list[Tried] = []
    held: list[Tried] = []
    for counts in order:
        shown.append(fresh.tried({counts: runs})[counts])
        if shown[-1].sure(target.share) < confidence:
            break
        held.append(shown[-1])
    best = min(held, key=lambda one: (one.cost_week.mean, one.counts)) if held else shown[0]
    return best, bool(held), tuple(shown)
