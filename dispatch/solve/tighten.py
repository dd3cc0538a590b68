"""Starts of linked visits: sooner once room has been made before them, later where a mate needs it, floating where they can."""

from __future__ import annotations

from dispatch.solve.group_starts import start_after
from dispatch.solve.groups import start_of
from dispatch.solve.layout import (
    K_FIRST,
    K_LEAST,
    K_MOST,
    K_SECOND,
    O_TRUE,
    O_TRUE_END,
    V_FLOAT,
    V_LINK,
    V_LINK_END,
    V_PIN,
    Encoded,
    Routes,
)
from dispatch.solve.routes import refresh, touch
from dispatch.solve.supply import take_again
from dispatch.solve.timing import fit, jit

TIGHTENINGS = 4


@jit
def tighten(p: Encoded, s: Routes) -> None:
    """Let groups on changed routes start as soon as they now can."""
    for _ in range(TIGHTENINGS):
        moved = False
        for g in range(len(p.GM)):
            changed = False
            for m in range(p.GM[g, 0], p.GM[g, 1]):
                h = s.RV[p.ME[m]]
                changed = changed or (h >= 0 and s.DM[h] == 1)
            if changed and _sooner(p, s, g):
                moved = True
        if not moved:
            return


@jit
def _sooner(p: Encoded, s: Routes, g: int) -> bool:
    """Move one group to the soonest starts its routes and links allow, and let it float; False: nothing changed."""
    first, end = p.GM[g, 0], p.GM[g, 1]
    for m in range(first, end):
        v = p.ME[m]
        h = s.RV[v]
        if h < 0:
            continue
        i = 0
        while s.R[h, i] != v:
            i += 1
        s.GE[m - first] = start_after(p, s, v, s.PO[v], h, i, -1, 0)
        if s.GE[m - first] < 0:
            return False
    for _ in range(2 * (end - first) + 2):
        again = False
        for m in range(first, end):
            v = p.ME[m]
            if s.RV[v] < 0:
                continue
            low = s.GE[m - first]
            for i in range(p.V[v, V_LINK], p.V[v, V_LINK_END]):
                k = p.LI[i]
                one, two = p.LK[k, K_FIRST], p.LK[k, K_SECOND]
                other = one + two - v
                if s.RV[other] < 0:
                    continue
                n = first
                while p.ME[n] != other:
                    n += 1
                low = max(low, s.GE[n - first] + (p.LK[k, K_LEAST] if two == v else -p.LK[k, K_MOST]))
            low = fit(p.W, p.O[s.PO[v], O_TRUE], p.O[s.PO[v], O_TRUE_END], low)
            if low < 0:
                return False
            if low > s.GE[m - first]:
                s.GE[m - first] = low
                again = True
        if not again:
            break
    sooner = False
    for m in range(first, end):
        v = p.ME[m]
        if s.RV[v] >= 0:
            now = start_of(s, v)
            if s.GE[m - first] > now:
                return False
            sooner = sooner or s.GE[m - first] < now or p.W[p.V[v, V_PIN], 1] < _until(p, s, g, m)
    if not sooner:
        return False
    for m in range(first, end):
        if s.RV[p.ME[m]] >= 0:
            touch_pinned(p, s, s.RV[p.ME[m]])
            s.GF[m - first] = _until(p, s, g, m)
    _swap_pins(p, s, g)
    fine = _refresh_all(p, s, g)
    if not fine:
        _swap_pins(p, s, g)
        _refresh_all(p, s, g)
    return fine


@jit
def touch_pinned(p: Encoded, s: Routes, h: int) -> None:
    """`touch` a route whose supply stays as it is."""
    if s.DM[h] == 0:
        touch(p, s, h)
        take_again(p, s, h)


@jit
def _swap_pins(p: Encoded, s: Routes, g: int) -> None:
    """Set the rows of W from GE and GF, and GE and GF from what the rows were."""
    first = p.GM[g, 0]
    for m in range(first, p.GM[g, 1]):
        v = p.ME[m]
        if s.RV[v] >= 0:
            row, opens, closes = p.V[v, V_PIN], s.GE[m - first], s.GF[m - first]
            s.GE[m - first], s.GF[m - first] = p.W[row, 0], p.W[row, 1]
            p.W[row, 0], p.W[row, 1] = opens, closes


@jit
def _until(p: Encoded, s: Routes, g: int, m: int) -> int:
    """Until when the `m`-th member may start, given the starts in GE: the end of its row of W."""
    first, v = p.GM[g, 0], p.ME[m]
    until = s.GE[m - first] + 1
    if p.V[v, V_FLOAT] == 0:
        return int(until)
    for w in range(p.O[s.PO[v], O_TRUE], p.O[s.PO[v], O_TRUE_END]):
        if p.W[w, 0] <= s.GE[m - first] < p.W[w, 1]:
            until = p.W[w, 1]
    for i in range(p.V[v, V_LINK], p.V[v, V_LINK_END]):
        k = p.LI[i]
        other, away = p.LK[k, K_FIRST], p.LK[k, K_MOST]
        if other == v:
            other, away = p.LK[k, K_SECOND], -p.LK[k, K_LEAST]
        if s.RV[other] >= 0:
            n = first
            while p.ME[n] != other:
                n += 1
            until = min(until, s.GE[n - first] + away + 1)
    return int(until)


@jit
def _refresh_all(p: Encoded, s: Routes, g: int) -> bool:
    fine = True
    for m in range(p.GM[g, 0], p.GM[g, 1]):
        h = s.RV[p.ME[m]]
        if h >= 0 and not refresh(p, s, h):
            fine = False
    return fine


@jit
def in_time(p: Encoded, s: Routes, g: int) -> bool:
    """Put off starts of a group until all its links hold; False: they cannot, and everything is as before."""
    first, end, fine, again = p.GM[g, 0], p.GM[g, 1], True, True
    for m in range(first, end):
        if s.RV[p.ME[m]] >= 0:
            touch_pinned(p, s, s.RV[p.ME[m]])
        row = p.V[p.ME[m], V_PIN]
        s.GE[m - first], s.GF[m - first] = p.W[row, 0], p.W[row, 1]
    for _ in range(2 * (end - first) + 2):
        again = False
        for m in range(first, end):
            v = p.ME[m]
            if s.RV[v] < 0:
                continue
            need = _least_start(p, s, v)
            if need <= start_of(s, v):
                continue
            again, o, row = True, s.PO[v], p.V[v, V_PIN]
            low = fit(p.W, p.O[o, O_TRUE], p.O[o, O_TRUE_END], need)
            for w in range(p.O[o, O_TRUE], p.O[o, O_TRUE_END]):
                if p.W[w, 0] <= low < p.W[w, 1]:
                    p.W[row, 0], p.W[row, 1] = low, p.W[w, 1]
            fine = low >= 0 and refresh(p, s, s.RV[v])
            if not fine:
                break
        if not (again and fine):
            break
    if fine and not again:
        return True
    for m in range(first, end):
        row = p.V[p.ME[m], V_PIN]
        p.W[row, 0], p.W[row, 1] = s.GE[m - first], s.GF[m - first]
    _refresh_all(p, s, g)
    return False


@jit
def _least_start(p: Encoded, s: Routes, v: int) -> int:
    """The soonest start the links leave placed visit `v` where its mates are."""
    low = 0
    for i in range(p.V[v, V_LINK], p.V[v, V_LINK_END]):
        k = p.LI[i]
        one, two = p.LK[k, K_FIRST], p.LK[k, K_SECOND]
        other = one + two - v
        if s.RV[other] >= 0:
            low = max(low, start_of(s, other) + (p.LK[k, K_LEAST] if two == v else -p.LK[k, K_MOST]))
    return int(low)


@jit
def bind(p: Encoded, s: Routes, g: int) -> None:
    """Pin every placed member of a group to its start; those that float may start as late as the links let them."""
    first, end = p.GM[g, 0], p.GM[g, 1]
    for m in range(first, end):
        if s.RV[p.ME[m]] >= 0:
            touch_pinned(p, s, s.RV[p.ME[m]])
            s.GE[m - first] = start_of(s, p.ME[m])
    for m in range(first, end):
        v = p.ME[m]
        if s.RV[v] >= 0:
            p.W[p.V[v, V_PIN], 0], p.W[p.V[v, V_PIN], 1] = s.GE[m - first], _until(p, s, g, m)
    _refresh_all(p, s, g)
