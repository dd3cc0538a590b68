"""Putting a visit, or a visit and a pick-up, into a route by joining remembered stretches, in constant time a place."""

from __future__ import annotations

from dispatch.solve.layout import (
    A_LATEST,
    A_LEAVE,
    A_PLACE,
    A_PRE_D,
    A_PRE_E,
    A_PRE_L,
    A_SUF_D,
    A_SUF_E,
    A_SUF_L,
    A_TRAVEL,
    C_BUSY,
    FAR,
    G_OBJECTIVE,
    H_LAST,
    H_START,
    NOWHERE,
    O_WIN,
    S_PICK_UP,
    S_PLACE,
    V_PLACE,
    V_SERVICE,
    WORKING_TIME,
    Encoded,
    Ints,
    Routes,
)
from dispatch.solve.luck import chance
from dispatch.solve.timing import inlined, merge, route_price


@inlined
def join(
    p: Encoded, s: Routes, v: int, o: int, h: int, low: int, high: int, top: int, rng: Ints, blink: int
) -> tuple[int, int, int, int]:
    """`evaluate._try_rows` by joining stretches."""
    T, V, O, W, H, G = p.T, p.V, p.O, p.W, p.H, p.G  # noqa: E741 array names of the layout
    n, A = s.L[h], s.A[h]
    there, work = V[v, V_PLACE], V[v, V_SERVICE]
    opens, closes = W[O[o, O_WIN], 0], W[O[o, O_WIN], 1] - 1
    busy, timed = s.RC[h, C_BUSY] + work, G[G_OBJECTIVE] == WORKING_TIME
    best = NOWHERE
    for r in range(low, high + 1):
        here, after = A[r, A_PLACE], A[r + 1, A_PLACE]
        to, on = T[here, there], T[there, after]
        if A[r, A_LEAVE] + to > closes:
            if A[r, A_LEAVE] > closes:
                break
            continue
        if to >= FAR or on >= FAR or opens + work + on > A[r + 1, A_LATEST]:
            continue
        travel = A[n + 1, A_TRAVEL] + to + on - (A[r + 1, A_TRAVEL] - A[r, A_TRAVEL])
        floor = route_price(G, H, h, travel, 0, travel + busy, 0, 0)
        if floor >= top or chance(rng, blink):
            continue
        if not timed:  # ways alone are priced: it is enough that the rest of the route can begin
            if max(opens, A[r, A_LEAVE] + to) + work + on <= A[r + 1, A_LATEST]:
                top = floor
                best = (floor, r, -1, -1)
            continue
        d, e, x = merge(A[r, A_PRE_D], A[r, A_PRE_E], A[r, A_PRE_L], to, work, opens, closes)
        if x < e:
            continue
        d, e, x = merge(d, e, x, on, A[r + 1, A_SUF_D], A[r + 1, A_SUF_E], A[r + 1, A_SUF_L])
        if x < e:
            continue
        price = route_price(G, H, h, travel, 0, d, 0, 0)
        if price < top:
            top = price
            best = (price, r, -1, -1)
    return best


@inlined
def join_both(
    p: Encoded, s: Routes, v: int, o: int, h: int, store: int, top: int, rng: Ints, blink: int
) -> tuple[int, int, int, int]:
    """`evaluate._try_both` by joining stretches, every pair of rows."""
    T, V, O, W, SI, H = p.T, p.V, p.O, p.W, p.SI, p.H  # noqa: E741 array names of the layout
    n, A = s.L[h], s.A[h]
    there, work = V[v, V_PLACE], V[v, V_SERVICE]
    opens, closes = W[O[o, O_WIN], 0], W[O[o, O_WIN], 1] - 1
    shelf, picking = SI[store, S_PLACE], SI[store, S_PICK_UP]
    busy = s.RC[h, C_BUSY] + work + picking
    best = NOWHERE
    for k in range(n + 1):
        here, after = A[k, A_PLACE], A[k + 1, A_PLACE]
        to = T[here, shelf]
        if to >= FAR:
            continue
        d, e, x = merge(A[k, A_PRE_D], A[k, A_PRE_E], A[k, A_PRE_L], to, picking, H[h, H_START], H[h, H_LAST])
        travel = A[n + 1, A_TRAVEL] + to - T[here, after]
        last = shelf
        for r in range(k, n + 1):
            if x < e or e + d > closes:
                break
            after = A[r + 1, A_PLACE]
            into, on = T[last, there], T[there, after]
            total = travel + into + on
            if r > k:
                total -= T[last, after]
            floor = route_price(p.G, H, h, total, 0, total + busy, 0, 0)
            if into < FAR and on < FAR and floor < top and not chance(rng, blink):
                d1, e1, x1 = merge(d, e, x, into, work, opens, closes)
                if x1 >= e1:
                    d1, e1, x1 = merge(
                        d1, e1, x1, on, A[r + 1, A_SUF_D], A[r + 1, A_SUF_E], A[r + 1, A_SUF_L]
                    )
                    if x1 >= e1:
                        price = route_price(p.G, H, h, total, 0, d1, 0, 0)
                        if price < top:
                            top = price
                            best = (price, r, k, store)
            if r < n:
                q = s.R[h, r]
                w, z = s.PO[q], T[last, after]
                if z >= FAR:
                    break
                d, e, x = merge(d, e, x, z, V[q, V_SERVICE], W[O[w, O_WIN], 0], W[O[w, O_WIN], 1] - 1)
                if r == k:
                    travel += z
                last = after
    return best
