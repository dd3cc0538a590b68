"""Home care: the cheapest place for a visit, or for two at once, priced with all they put off."""

from __future__ import annotations

from dispatch.solve.layout import FAR, G_SHIFTS, G_VISITS, Encoded, Ints
from dispatch.solve.luck import chance
from dispatch.solve.pairs import (
    N_APART,
    N_CLOSES,
    N_DUE,
    N_ENGINEER,
    N_HOME,
    N_LEFT_OUT,
    N_MATE,
    N_NEXT,
    N_PLACE,
    N_START,
    N_WORK,
    Pairs,
    greatest,
    link,
    overdue_at,
    push,
    reached,
    undo,
    unlink,
)
from dispatch.solve.timing import entry, inlined, jit


@inlined
def _detour(T: Ints, X: Ints, v: int, after: int, visits: int) -> int:
    """Ticks on the road more with `v` behind node `after`; an empty route costs nothing."""
    then, here, there = X[after, N_NEXT], X[after, N_PLACE], X[v, N_PLACE]
    if then < visits:
        on = X[then, N_PLACE]
        return int(T[here, there] + T[there, on] - T[here, on])
    home = X[then, N_HOME]
    direct = 0 if after >= visits else T[here, home]
    return int(T[here, there] + T[there, home] - direct)


@inlined
def _put_off(T: Ints, X: Ints, v: int, start: int, then: int, visits: int) -> int:
    """Ticks the next visit on the route becomes later than due when `v` starts at `start` before it: a bound from below."""
    if then >= visits:
        return 0
    t = start + X[v, N_WORK] + T[X[v, N_PLACE], X[then, N_PLACE]]
    return int(max(0, t - max(X[then, N_START], X[then, N_DUE])))


@entry
def put_alone(p: Encoded, a: Pairs, v: int, rng: Ints, blink: int) -> None:
    """Put visit `v` where it is cheapest, one place in `blink` overlooked; it stays out where that costs less."""
    T, X, visits = p.T, a.X, p.G[G_VISITS]
    worst = greatest(X, visits)
    best, chosen, shift = X[v, N_LEFT_OUT], -1, -1
    for h in range(p.G[G_SHIFTS]):
        if p.C[v, h] == 0:
            continue
        after = visits + h
        while True:
            then = X[after, N_NEXT]
            price = _detour(T, X, v, after, visits)
            if price < best:
                start = reached(T, X, v, after)
                top = max(worst, start - X[v, N_DUE])
                price += overdue_at(X, v, start) + top - worst
                least = price + _put_off(T, X, v, start, then, visits)
                if start < X[v, N_CLOSES] and least < best and not chance(rng, blink):
                    X[v, N_START] = start
                    link(X, v, after, h)
                    a.Q[0] = v
                    more, count = push(T, X, a.Q, a.M, visits, 1, best - price, top)
                    undo(X, a.M, count)
                    unlink(X, v)
                    if more < best - price:
                        best, chosen, shift = price + more, after, h
            after = then
            if after >= visits:
                break
    if chosen >= 0:
        X[v, N_START] = reached(T, X, v, chosen)
        link(X, v, chosen, shift)
        a.Q[0] = v
        push(T, X, a.Q, a.M, visits, 1, FAR, 0)


@jit
def _list_places(p: Encoded, X: Ints, v: int, bound: int, K: Ints) -> int:
    """List in K the places of `v` that can cost less than `bound`, the lowest bound first; gives how many."""
    T, visits, count = p.T, p.G[G_VISITS], 0
    for h in range(p.G[G_SHIFTS]):
        if p.C[v, h] == 0:
            continue
        after = visits + h
        while True:
            then, start = X[after, N_NEXT], reached(T, X, v, after)
            least = _detour(T, X, v, after, visits) + overdue_at(X, v, start)
            least += _put_off(T, X, v, start, then, visits)
            if least < bound and start < X[v, N_CLOSES]:
                i = count
                count += 1
                while i > 0 and K[i - 1, 0] > least:
                    K[i, 0], K[i, 1], K[i, 2], K[i, 3] = K[i - 1, 0], K[i - 1, 1], K[i - 1, 2], K[i - 1, 3]
                    i -= 1
                K[i, 0], K[i, 1], K[i, 2], K[i, 3] = least, after, h, start
            after = then
            if after >= visits:
                break
    return count


@entry
def put_both(p: Encoded, a: Pairs, v: int, rng: Ints, blink: int) -> None:
    """Put visit `v` and its mate where they are cheapest together: places of the one with places of the other."""
    T, X, K, J, visits = p.T, a.X, a.K, a.J, p.G[G_VISITS]
    w, worst = X[v, N_MATE], greatest(X, visits)
    best, row, column = X[v, N_LEFT_OUT] + X[w, N_LEFT_OUT], -1, -1
    rows, columns = _list_places(p, X, v, best, K), _list_places(p, X, w, best, J)
    if columns == 0:
        return
    for i in range(rows):
        if K[i, 0] + J[0, 0] >= best:
            break
        if chance(rng, blink):
            continue
        for j in range(columns):
            if K[i, 0] + J[j, 0] >= best:
                break
            if X[visits + K[i, 2], N_ENGINEER] == X[visits + J[j, 2], N_ENGINEER]:
                continue
            later = max(J[j, 3], K[i, 3] + X[v, N_APART])
            start = max(K[i, 3], later + X[w, N_APART])
            if start >= X[v, N_CLOSES] or later >= X[w, N_CLOSES]:
                continue
            top = max(worst, start - X[v, N_DUE], later - X[w, N_DUE])
            price = _detour(T, X, v, K[i, 1], visits) + _detour(T, X, w, J[j, 1], visits) + top - worst
            price += overdue_at(X, v, start) + overdue_at(X, w, later)
            least = price + _put_off(T, X, v, start, X[K[i, 1], N_NEXT], visits)
            least += _put_off(T, X, w, later, X[J[j, 1], N_NEXT], visits)
            if least >= best or chance(rng, blink):
                continue
            count, more = _link_both(p, a, v, i, j, best - price, top)
            undo(X, a.M, count)
            unlink(X, v)
            unlink(X, w)
            if more < best - price:
                best, row, column = price + more, i, j
    if row >= 0:
        _link_both(p, a, v, row, column, FAR, 0)


@inlined
def _link_both(p: Encoded, a: Pairs, v: int, i: int, j: int, room: int, top: int) -> tuple[int, int]:
    """Put `v` in the `i`-th place of K and its mate in the `j`-th of J; gives how many were put off, and what for."""
    X = a.X
    w = X[v, N_MATE]
    X[w, N_START] = max(a.J[j, 3], a.K[i, 3] + X[v, N_APART])
    X[v, N_START] = max(a.K[i, 3], X[w, N_START] + X[w, N_APART])
    link(X, v, a.K[i, 1], a.K[i, 2])
    link(X, w, a.J[j, 1], a.J[j, 2])
    a.Q[0], a.Q[1] = v, w
    more, count = push(p.T, X, a.Q, a.M, p.G[G_VISITS], 2, room, top)
    return count, more
