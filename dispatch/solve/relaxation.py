"""Which columns are worth CP-SAT's time: those with the least reduced cost in a Lagrangian relaxation.

That every visit is served once and that nothing shared is overspent is priced instead of demanded; what is left falls
apart by shift class: as many columns of a class as it has shifts, those below zero. Prices go up by subgradients with steps
after Polyak (B. Polyak, "Minimization of unsmooth functionals", 1969; for covering by columns A. Caprara, M. Fischetti and
P. Toth, "A heuristic method for the set covering problem", Operations Research 47(5), 1999).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dispatch.solve.columns import Columns
from dispatch.solve.layout import G_OBJECTIVE, H_CLASS, HOME_CARE, V_LEFT_OUT, Encoded, Ints
from dispatch.solve.timing import entry, jit

Doubles = NDArray[np.float64]

ROUNDS = 200
MOST_ENTRIES = 40_000_000
"""Entries looked at over all rounds: a large pool gets fewer rounds."""
PATIENCE = 10
"""Rounds without a better bound until the steps are halved."""
SHORTEST_STEP = 0.005


class _Table(NamedTuple):
    """The columns by rows, as compiled code reads them.

    price (columns,); order (columns,) column numbers by class, those of class k from by_class[k] on; sizes (classes,)
    shifts of each; first (columns + 1,) and stops: as in `Columns`; use_first (columns + 1,) where the rows of
    each begin in uses, (uses, 2) resource and quantity; capacity (resources,); left_out (visits,) prices.
    """

    price: Doubles
    order: Ints
    by_class: Ints
    sizes: Ints
    first: Ints
    stops: Ints
    use_first: Ints
    uses: Ints
    capacity: Doubles
    left_out: Doubles


class _Prices(NamedTuple):
    """What is paid: worth (visits,) for a visit served, toll (resources,) for a unit used; the best of both so far; room.

    short (visits,) and over (resources,) are what is missing and used too much, taken (shifts,) columns of one class.
    """

    worth: Doubles
    toll: Doubles
    best_worth: Doubles
    best_toll: Doubles
    short: Doubles
    over: Doubles
    taken: Ints


def promising(p: Encoded, columns: Columns, forced: Ints, keep: int) -> Ints:
    """Numbers of at most `keep` columns with the least reduced cost, and of the `forced`, in order.

    Columns that no plan cheaper than the `forced` ones can hold, by the bound of the relaxation, are left out.
    """
    if columns.count <= keep:
        return np.arange(columns.count)
    table = _laid_out(p, columns)
    upper, worth = _start(p, columns, forced, table.left_out)
    entries = len(columns.stops) + len(table.uses) + columns.count
    reduced = np.zeros(columns.count)
    bound = ascend(table, _first_prices(table, worth), upper, min(ROUNDS, MOST_ENTRIES // entries), reduced)
    able = np.flatnonzero(reduced <= upper - bound + 1)
    best = able[np.argsort(reduced[able], kind="stable")[:keep]]
    return np.unique(np.concatenate([forced, best]))


def _laid_out(p: Encoded, columns: Columns) -> _Table:
    numbers = np.arange(columns.count + 1)
    used, where = np.unique(columns.uses[:, 1], return_inverse=True)
    class_of = p.H[columns.shift, H_CLASS]
    sizes = np.bincount(p.H[:, H_CLASS]).astype(np.int64)
    order = np.argsort(class_of, kind="stable")
    return _Table(
        price=columns.price.astype(np.float64),
        order=order.astype(np.int64),
        by_class=np.searchsorted(class_of[order], np.arange(len(sizes) + 1)).astype(np.int64),
        sizes=sizes,
        first=np.ascontiguousarray(columns.first),
        stops=np.ascontiguousarray(columns.stops),
        use_first=np.searchsorted(columns.uses[:, 0], numbers).astype(np.int64),
        uses=np.stack([where.astype(np.int64).ravel(), columns.uses[:, 2]], axis=1),
        capacity=np.array([columns.capacity[int(r)] for r in used], dtype=np.float64),
        left_out=p.V[:, V_LEFT_OUT].astype(np.float64),
    )


def _start(p: Encoded, columns: Columns, forced: Ints, left_out: Doubles) -> tuple[float, Doubles]:
    """Price of the plan of the `forced` columns; first worth of the visits: their share of their column, or left out."""
    worth = left_out.copy()
    upper = float(columns.price[forced].sum() + left_out.sum())
    for c in forced:
        tokens = columns.stops[columns.first[c] : columns.first[c + 1], 0]
        visits = tokens[tokens >= 0]
        worth[visits] = np.minimum(left_out[visits], columns.price[c] / max(1, len(visits)))
        upper -= float(left_out[visits].sum())
    if p.G[G_OBJECTIVE] == HOME_CARE:
        upper += float(columns.latest[forced].max(initial=0))
    return upper, worth


def _first_prices(table: _Table, worth: Doubles) -> _Prices:
    resources, most = len(table.capacity), int(table.sizes.max(initial=0))
    return _Prices(
        worth,
        np.zeros(resources),
        worth.copy(),
        np.zeros(resources),
        np.zeros(len(worth)),
        np.zeros(resources),
        np.zeros(most, dtype=np.int64),
    )


@entry
def ascend(t: _Table, at: _Prices, upper: float, rounds: int, reduced: Doubles) -> float:
    """Raise the bound by at most so many rounds.

    Args:
        t: the columns.
        at: the prices to begin with; changed.
        upper: price of a known plan.
        rounds: most rounds.
        reduced: (columns,) filled with the reduced costs at the best prices: no plan cheaper than `upper` holds
            a column whose reduced cost is more than `upper` less the bound.

    Returns:
        The bound: no plan of these columns costs less.
    """
    bound, share, idle = -np.inf, 1.0, 0
    for _ in range(rounds):
        below = _relaxed(t, at, reduced)
        if below > bound:
            bound, idle = below, 0
            _copy(at.worth, at.best_worth)
            _copy(at.toll, at.best_toll)
        else:
            idle += 1
        if idle == PATIENCE:
            idle, share = 0, share / 2
            _copy(at.best_worth, at.worth)
            _copy(at.best_toll, at.toll)
            if share < SHORTEST_STEP:
                break
        elif not _stepped(t, at, share * (upper - below)):
            break
    _copy(at.best_worth, at.worth)
    _copy(at.best_toll, at.toll)
    _relaxed(t, at, reduced)
    for k in range(len(t.sizes)):
        count = _least(t, at, k, reduced)
        if count == t.sizes[k] and count > 0:
            dearest = reduced[at.taken[count - 1]]
            for j in range(t.by_class[k], t.by_class[k + 1]):
                reduced[t.order[j]] -= dearest
    return float(bound)


@jit
def _copy(source: Doubles, target: Doubles) -> None:
    for i in range(len(source)):
        target[i] = source[i]


@jit
def _relaxed(t: _Table, at: _Prices, reduced: Doubles) -> float:
    """The bound at these prices; fills the reduced costs, and what is short and over in the plan it comes from."""
    below = 0.0
    for v in range(len(at.worth)):
        at.short[v] = 1.0
        below += at.worth[v]
    for r in range(len(at.toll)):
        at.over[r] = -t.capacity[r]
        below -= at.toll[r] * t.capacity[r]
    for c in range(len(reduced)):
        cost = t.price[c]
        for i in range(t.first[c], t.first[c + 1]):
            if t.stops[i, 0] >= 0:
                cost -= at.worth[t.stops[i, 0]]
        for i in range(t.use_first[c], t.use_first[c + 1]):
            cost += at.toll[t.uses[i, 0]] * t.uses[i, 1]
        reduced[c] = cost
    for k in range(len(t.sizes)):
        for j in range(_least(t, at, k, reduced)):
            c = at.taken[j]
            below += reduced[c]
            for i in range(t.first[c], t.first[c + 1]):
                if t.stops[i, 0] >= 0:
                    at.short[t.stops[i, 0]] -= 1.0
            for i in range(t.use_first[c], t.use_first[c + 1]):
                at.over[t.uses[i, 0]] += t.uses[i, 1]
    return below


@jit
def _least(t: _Table, at: _Prices, k: int, reduced: Doubles) -> int:
    """Put the cheapest columns below zero of class `k` into `taken`, as many as it has shifts; gives how many."""
    count = 0
    for j in range(t.by_class[k], t.by_class[k + 1]):
        c = t.order[j]
        if reduced[c] >= 0 or (count == t.sizes[k] and reduced[c] >= reduced[at.taken[count - 1]]):
            continue
        count = min(count + 1, t.sizes[k])
        i = count - 1
        while i > 0 and reduced[at.taken[i - 1]] > reduced[c]:
            at.taken[i] = at.taken[i - 1]
            i -= 1
        at.taken[i] = c
    return count


@jit
def _stepped(t: _Table, at: _Prices, length: float) -> bool:
    """Change the prices against what is short and over; False: nothing is, or there is no way up."""
    square = 0.0
    for v in range(len(at.worth)):
        if at.short[v] > 0 and at.worth[v] >= t.left_out[v]:
            at.short[v] = 0.0
        square += at.short[v] * at.short[v]
    for r in range(len(at.toll)):
        if at.over[r] < 0 and at.toll[r] <= 0:
            at.over[r] = 0.0
        square += at.over[r] * at.over[r]
    if square == 0 or length <= 0:
        return False
    step = length / square
    for v in range(len(at.worth)):
        at.worth[v] = min(at.worth[v] + step * at.short[v], t.left_out[v])
    for r in range(len(at.toll)):
        at.toll[r] = max(0.0, at.toll[r] + step * at.over[r])
    return True
