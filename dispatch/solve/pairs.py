"""Home care: all routes timed together, so that a visit put in may put off others, those linked to them too.

Where the plan is visits alone and visits in pairs, no breaks, parts or choices, timing is one rule: a visit starts at the
latest of its opening, its arrival and what its mate allows. The soonest starts of given routes are the least ones that
keep all of these (difference constraints), and as lateness only grows with a start, they are the best ones.

Nodes are the rows of X: visits first, then the shifts, each the start and the end of its route.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from dispatch.solve.by_reference import by_reference
from dispatch.solve.layout import (
    DIFFERENT,
    FAR,
    G_OBJECTIVE,
    G_SHIFTS,
    G_VISITS,
    H_END_PLACE,
    H_ENGINEER,
    H_LAST,
    H_START,
    H_START_PLACE,
    HOME_CARE,
    K_BOTH,
    K_FIRST,
    K_LEAST,
    K_MOST,
    K_PAIR,
    K_SECOND,
    NEVER_PRICE,
    O_TRUE,
    O_TRUE_END,
    V_ARR_DUE,
    V_LEFT_OUT,
    V_OPT,
    V_OPT_END,
    V_PLACE,
    V_SERVICE,
    Encoded,
    Ints,
    Routes,
)
from dispatch.solve.timing import entry, inlined, jit

# Nodes: after and before on the route, its shift or -1, start; place, where a route ends, work, the first and past the last
# start, due, mate or -1, least ticks the mate starts later, latest end of the route, price left out, engineer, mark
N_NEXT, N_BEFORE, N_SHIFT, N_START, N_PLACE, N_HOME, N_WORK, N_OPENS, N_CLOSES = 0, 1, 2, 3, 4, 5, 6, 7, 8
N_DUE, N_MATE, N_APART, N_LAST, N_LEFT_OUT, N_ENGINEER, N_MARK = 9, 10, 11, 12, 13, 14, 15
N_COLUMNS = 16

PUSHES = 6
"""Starts put off in one trial, by visit; more than that is two visits that wait for each other."""


@by_reference
class Pairs(NamedTuple):
    """A thread's routes as nodes: X and, as they were last accepted, Y (nodes, N_COLUMNS).

    Q (pushes,) nodes whose start was put off; M (pushes, 2) nodes and the starts they had; K, J (nodes, 4) places for a
    visit: bound, node it follows, shift, start; U, KY (visits,) visits taken out and their order; E (shifts,) lengths.
    """

    X: Ints
    Y: Ints
    Q: Ints
    M: Ints
    K: Ints
    J: Ints
    U: Ints
    KY: Ints
    E: Ints


def in_pairs(p: Encoded) -> bool:
    """Whether a problem is home care with nothing but visits alone and visits in pairs."""
    if p.G[G_OBJECTIVE] != HOME_CARE or not len(p.V) or not len(p.H):
        return False
    none = not (len(p.N) or len(p.X) or len(p.SI) or len(p.B) or len(p.PC) or p.PQ.any())
    one = (p.V[:, V_OPT_END] - p.V[:, V_OPT] == 1).all() and (p.O[:, O_TRUE_END] - p.O[:, O_TRUE] == 1).all()
    twos = len(p.GM) == len(p.LK) and (p.GM[:, 1] - p.GM[:, 0] == 2).all()
    linked = (p.LK[:, K_PAIR] == DIFFERENT).all() and (p.LK[:, K_BOTH] == 1).all()
    return bool(none and one and twos and linked and int(p.T.max(initial=0)) < FAR)


def empty_pairs(p: Encoded) -> Pairs:
    """Give the nodes of a problem of which `in_pairs` holds; no visit is on a route."""
    visits, shifts = len(p.V), len(p.H)
    X = np.zeros((visits + shifts, N_COLUMNS), dtype=np.int64)
    X[:, [N_SHIFT, N_MATE]] = -1
    X[:visits, N_PLACE], X[:visits, N_WORK] = p.V[:, V_PLACE], p.V[:, V_SERVICE]
    X[:visits, N_DUE], X[:visits, N_LEFT_OUT] = p.V[:, V_ARR_DUE], p.V[:, V_LEFT_OUT]
    windows = p.W[p.O[p.V[:, V_OPT], O_TRUE]]
    X[:visits, N_OPENS], X[:visits, N_CLOSES] = windows[:, 0], windows[:, 1]
    first, second = p.LK[:, K_FIRST], p.LK[:, K_SECOND]
    X[first, N_MATE], X[second, N_MATE] = second, first
    X[first, N_APART], X[second, N_APART] = p.LK[:, K_LEAST], -p.LK[:, K_MOST]
    X[visits:, N_PLACE], X[visits:, N_HOME] = p.H[:, H_START_PLACE], p.H[:, H_END_PLACE]
    X[visits:, N_START], X[visits:, N_LAST] = p.H[:, H_START], p.H[:, H_LAST]
    X[visits:, N_ENGINEER] = p.H[:, H_ENGINEER]

    def zeros(*shape: int) -> Ints:
        return np.zeros(shape, dtype=np.int64)

    pushes = PUSHES * visits + 8
    places = visits + shifts
    return Pairs(
        X=X,
        Y=X.copy(),
        Q=zeros(pushes),
        M=zeros(pushes, 2),
        K=zeros(places, 4),
        J=zeros(places, 4),
        U=zeros(visits + 1),
        KY=zeros(visits + 1),
        E=zeros(shifts),
    )


@entry
def read_routes(p: Encoded, s: Routes, X: Ints) -> None:
    """Make the nodes those of the routes, and time them."""
    visits = p.G[G_VISITS]
    for v in range(visits):
        X[v, N_SHIFT] = -1
    for h in range(p.G[G_SHIFTS]):
        X[visits + h, N_NEXT], X[visits + h, N_BEFORE] = visits + h, visits + h
        for i in range(s.L[h]):
            link(X, s.R[h, i], X[visits + h, N_BEFORE], h)
    retime(p.T, X, visits)


@jit
def copy(source: Ints, target: Ints) -> None:
    """Copy the nodes of `source` into `target`."""
    for v in range(source.shape[0]):
        for column in range(N_COLUMNS):
            target[v, column] = source[v, column]


@inlined
def link(X: Ints, v: int, after: int, h: int) -> None:
    """Put `v` behind node `after` on shift `h`; its start is left to the caller."""
    then = X[after, N_NEXT]
    X[v, N_BEFORE], X[v, N_NEXT], X[v, N_SHIFT] = after, then, h
    X[after, N_NEXT] = v
    X[then, N_BEFORE] = v


@inlined
def unlink(X: Ints, v: int) -> None:
    """Take `v` off its route; the starts stay as they are."""
    before, then = X[v, N_BEFORE], X[v, N_NEXT]
    X[before, N_NEXT] = then
    X[then, N_BEFORE] = before
    X[v, N_SHIFT] = -1


@inlined
def overdue_at(X: Ints, v: int, start: int) -> int:
    """Ticks `v` is late when it starts at `start`."""
    return int(max(0, start - X[v, N_DUE]))


@inlined
def reached(T: Ints, X: Ints, v: int, after: int) -> int:
    """Start of `v` right behind node `after`, its mate left aside."""
    return int(max(X[v, N_OPENS], X[after, N_START] + X[after, N_WORK] + T[X[after, N_PLACE], X[v, N_PLACE]]))


@entry
def retime(T: Ints, X: Ints, visits: int) -> None:
    """Let every visit start as soon as it can: from the openings upwards until all rules hold.

    Ends where a visit would start too late, and leaves it there. Without the triangle inequality that happens even when visits
    were only taken out; `price_of_pairs` refuses such a plan.
    """
    for v in range(visits):
        X[v, N_START] = X[v, N_OPENS]
    again = True
    while again:
        again = False
        for end in range(visits, X.shape[0]):
            before, v = end, X[end, N_NEXT]
            while v < visits:
                start, mate = max(X[v, N_START], reached(T, X, v, before)), X[v, N_MATE]
                if mate >= 0:
                    start = max(start, X[mate, N_START] + X[mate, N_APART])
                    again = again or start > X[v, N_START]
                X[v, N_START] = start
                if start >= X[v, N_CLOSES]:
                    return
                before, v = v, X[v, N_NEXT]


@jit
def push(
    T: Ints, X: Ints, Q: Ints, M: Ints, visits: int, queued: int, room: int, worst: int
) -> tuple[int, int]:
    """Put off whatever has to wait for the `queued` nodes in Q, and what waits for that.

    `worst` is the greatest lateness before. M learns the starts that were.

    Returns:
        (what lateness grows by, the greatest of all included; nodes in M); FAR when that is not below `room` or not possible.
    """
    head, count, more, top = 0, 0, 0, worst
    while head < queued:
        v = Q[head]
        head += 1
        for side in range(2):
            if side == 0:
                w, t = X[v, N_NEXT], X[v, N_START] + X[v, N_WORK]
                if w >= visits:
                    if t + T[X[v, N_PLACE], X[w, N_HOME]] > X[w, N_LAST]:
                        return FAR, count
                    continue
                t += T[X[v, N_PLACE], X[w, N_PLACE]]
            else:
                w = X[v, N_MATE]
                if w < 0:
                    continue
                t = X[v, N_START] + X[v, N_APART]
            start = X[w, N_START]
            if t <= start:
                continue
            if t >= X[w, N_CLOSES] or queued == len(Q):
                return FAR, count
            more += overdue_at(X, w, t) - overdue_at(X, w, start)
            top = max(top, t - X[w, N_DUE])
            M[count, 0], M[count, 1] = w, start
            count += 1
            X[w, N_START] = t
            if more + top - worst >= room:
                return FAR, count
            Q[queued] = w
            queued += 1
    return more + top - worst, count


@inlined
def undo(X: Ints, M: Ints, count: int) -> None:
    """Give back the starts `push` changed."""
    for i in range(count - 1, -1, -1):
        X[M[i, 0], N_START] = M[i, 1]


@jit
def greatest(X: Ints, visits: int) -> int:
    """Ticks the latest start of all lies after its due time."""
    worst = 0
    for v in range(visits):
        if X[v, N_SHIFT] >= 0:
            worst = max(worst, X[v, N_START] - X[v, N_DUE])
    return worst


@entry
def price_of_pairs(T: Ints, X: Ints, visits: int) -> int:
    """Price of all routes and of the visits without one, as `anneal.price_of`; `NEVER_PRICE` where one is too late."""
    total = greatest(X, visits)
    for end in range(visits, X.shape[0]):
        place, v = X[end, N_PLACE], X[end, N_NEXT]
        if v >= visits:
            continue
        while v < visits:
            if X[v, N_START] >= X[v, N_CLOSES]:
                return NEVER_PRICE
            total += T[place, X[v, N_PLACE]] + overdue_at(X, v, X[v, N_START])
            place, v = X[v, N_PLACE], X[v, N_NEXT]
        total += T[place, X[end, N_HOME]]
        last = X[end, N_BEFORE]
        if X[last, N_START] + X[last, N_WORK] + T[place, X[end, N_HOME]] > X[end, N_LAST]:
            return NEVER_PRICE
    for v in range(visits):
        if X[v, N_SHIFT] < 0:
            total += X[v, N_LEFT_OUT]
    return total
