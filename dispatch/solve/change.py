"""Changing routes: put a visit in, take visits out, and keep the pick-up where it is cheapest."""

from __future__ import annotations

from dispatch.solve.evaluate import price_with_pick_up
from dispatch.solve.layout import (
    C_COST,
    C_LATE,
    G_STORES,
    NEVER_PRICE,
    O_FIXED,
    O_TRUE,
    O_TRUE_END,
    V_OPT,
    V_OPT_END,
    V_PIN,
    Encoded,
    Ints,
    Routes,
)
from dispatch.solve.routes import pick_up_at, refresh, touch
from dispatch.solve.supply import draws_left, release, supply
from dispatch.solve.timing import entry, inlined, jit

PICK_UP_TRIES = 6


@jit
def _open_gap(s: Routes, h: int, i: int, token: int) -> None:
    for j in range(s.L[h], i, -1):
        s.R[h, j] = s.R[h, j - 1]
    s.R[h, i] = token
    s.L[h] += 1


@jit
def _close_gap(s: Routes, h: int, i: int) -> None:
    for j in range(i, s.L[h] - 1):
        s.R[h, j] = s.R[h, j + 1]
    s.L[h] -= 1


@jit
def dump(p: Encoded, s: Routes, h: int) -> None:
    """Empty a touched route: all its visits wait. Always possible."""
    release(p, s, h)
    for i in range(s.L[h]):
        if s.R[h, i] >= 0:
            await_route(s, s.R[h, i])
    s.L[h] = 0
    s.SU[h] = 1
    refresh(p, s, h)


@jit
def await_route(s: Routes, v: int) -> None:
    """Put visit `v` on the waiting list."""
    s.RV[v] = -1
    if s.IU[v] == 0:
        s.IU[v] = 1
        s.U[s.U[-1]] = v
        s.U[-1] += 1


@jit
def settle(p: Encoded, s: Routes, h: int) -> bool:
    """Give a touched route its parts and its cheapest pick-up, or none where none is needed.

    Returns:
        False when the route cannot be had as it is; it then holds nothing.
    """
    pick = pick_up_at(s, h)
    if pick < 0:
        return bool(supply(p, s, h) < 0 and refresh(p, s, h))
    token = s.R[h, pick]
    _close_gap(s, h, pick)
    lacking = supply(p, s, h)
    possible = refresh(p, s, h)
    if lacking < 0 and possible:
        return True
    release(p, s, h)
    if possible and _move_pick_up(p, s, h, lacking):
        return True
    _open_gap(s, h, pick, token)
    if supply(p, s, h) < 0 and refresh(p, s, h):
        return True
    release(p, s, h)
    return False


@jit
def _move_pick_up(p: Encoded, s: Routes, h: int, lacking: int) -> bool:
    """Add the cheapest pick-up before token `lacking` that supplies the route; False: none of the best does."""
    dearer_than = -1
    for _ in range(PICK_UP_TRIES):
        best, best_k, best_store = NEVER_PRICE, -1, -1
        for store in range(p.G[G_STORES]):
            for k in range(lacking + 1):
                price = price_with_pick_up(p, s, h, k, store, best)
                if dearer_than < price < best:
                    best, best_k, best_store = price, k, store
        if best_k < 0:
            return False
        _open_gap(s, h, best_k, -1 - best_store)
        if supply(p, s, h) < 0 and refresh(p, s, h):
            return True
        release(p, s, h)
        _close_gap(s, h, best_k)
        dearer_than = best
    return False


@entry
def put_in(p: Encoded, s: Routes, v: int, o: int, h: int, r: int, k: int, store: int) -> bool:
    """Put waiting visit `v` with option `o` into route `h` as `best_in_route` found it.

    The caller takes `v` off the waiting list. When stock turns out not to suffice everything is as before.
    """
    touch(p, s, h)
    s.PO[v] = o
    _open_gap(s, h, r, v)
    if k >= 0:
        _open_gap(s, h, k, -1 - store)
    if supply(p, s, h) < 0 and refresh(p, s, h):
        s.RV[v] = h
        return True
    release(p, s, h)
    if k >= 0:
        _close_gap(s, h, k)
    i = 0
    while s.R[h, i] != v:
        i += 1
    _close_gap(s, h, i)
    if not (supply(p, s, h) < 0 and refresh(p, s, h)):
        dump(p, s, h)
    return False


@jit
def take_out(p: Encoded, s: Routes, h: int, marked: Ints) -> None:
    """Take all visits with a mark out of route `h`; they wait, their marks go."""
    touch(p, s, h)
    kept = 0
    visits = 0
    for i in range(s.L[h]):
        v = s.R[h, i]
        if v >= 0 and marked[v] == 1:
            marked[v] = 0
            await_route(s, v)
        else:
            s.R[h, kept] = v
            kept += 1
            visits += v >= 0
    s.L[h] = kept if visits > 0 else 0
    if not settle(p, s, h):
        dump(p, s, h)


@inlined
def holds_pin(p: Encoded, v: int, o: int) -> bool:
    """Whether option `o` lets a linked visit start where it is pinned; any other visit: yes."""
    row = p.V[v, V_PIN]
    if row < 0:
        return True
    for w in range(p.O[o, O_TRUE], p.O[o, O_TRUE_END]):
        if p.W[w, 0] <= p.W[row, 0] and p.W[row, 1] <= p.W[w, 1]:
            return True
    return False


@jit
def improve_options(p: Encoded, s: Routes, h: int) -> None:
    """Try every other way to supply each visit of a touched route where its supply or lateness costs money."""
    if s.RC[h, C_LATE] == 0:
        return
    for i in range(s.L[h]):
        if i >= s.L[h]:  # settling may have dropped the pick-up
            break
        v = s.R[h, i]
        if v < 0 or p.V[v, V_OPT_END] - p.V[v, V_OPT] < 2:
            continue
        kept, price = s.PO[v], s.RC[h, C_COST]
        release(p, s, h)
        for o in range(p.V[v, V_OPT], p.V[v, V_OPT_END]):
            if o == kept or not draws_left(p, s, o) or p.O[o, O_FIXED] >= p.O[kept, O_FIXED] + price:
                continue
            if not holds_pin(p, v, o):
                continue
            s.PO[v] = o
            if supply(p, s, h) < 0 and refresh(p, s, h) and s.RC[h, C_COST] < price:
                kept, price = o, s.RC[h, C_COST]
            release(p, s, h)
        s.PO[v] = kept
        if not (supply(p, s, h) < 0 and refresh(p, s, h)):
            dump(p, s, h)
            return
