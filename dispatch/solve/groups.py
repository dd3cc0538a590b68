"""Visits whose starts are linked: placed together, pinned to their starts, taken out together.

Every member of a group on a route is pinned (see `layout`), so each route is timed alone and the links hold
whatever happens to other routes. Pins are set when a group is put in, for several starts of its first member,
and moved to sooner starts when room has been made before them. For given sequences there is one set of starts
of which each is the soonest possible (difference constraints and minima of allowed times form a lattice), so
going only to sooner starts loses nothing.
"""

from __future__ import annotations

from dispatch.solve.change import take_out
from dispatch.solve.layout import (
    A_START,
    ANYONE,
    FAR,
    H_ENGINEER,
    K_BOTH,
    K_FIRST,
    K_LEAST,
    K_MOST,
    K_PAIR,
    K_SECOND,
    SAME,
    V_GROUP,
    V_LINK,
    V_LINK_END,
    Encoded,
    Ints,
    Routes,
)
from dispatch.solve.timing import entry, jit


@jit
def start_of(s: Routes, v: int) -> int:
    """Start of placed visit `v`."""
    h, i = s.RV[v], 0
    while s.R[h, i] != v:
        i += 1
    return int(s.A[h, i + 1, A_START])


@jit
def span_of(p: Encoded, s: Routes, v: int) -> tuple[int, int]:
    """Soonest and latest start of waiting visit `v` by the links to placed visits; (1, 0): one before it is missing."""
    low, high = 0, FAR
    for i in range(p.V[v, V_LINK], p.V[v, V_LINK_END]):
        k = p.LI[i]
        first, second = p.LK[k, K_FIRST], p.LK[k, K_SECOND]
        if second == v:
            if s.RV[first] >= 0:
                at = start_of(s, first)
                low, high = max(low, at + p.LK[k, K_LEAST]), min(high, at + p.LK[k, K_MOST])
        elif s.RV[second] >= 0:
            at = start_of(s, second)
            low, high = max(low, at - p.LK[k, K_MOST]), min(high, at - p.LK[k, K_LEAST])
    return low, high


@jit
def may_come(p: Encoded, s: Routes, v: int, h: int) -> bool:
    """Whether the links let the engineer of shift `h` do visit `v`, given who does the others."""
    e = p.H[h, H_ENGINEER]
    for i in range(p.V[v, V_LINK], p.V[v, V_LINK_END]):
        k = p.LI[i]
        if p.LK[k, K_PAIR] == ANYONE:
            continue
        other = p.LK[k, K_FIRST] + p.LK[k, K_SECOND] - v
        if s.RV[other] >= 0:
            same = p.H[s.RV[other], H_ENGINEER] == e
            if same != (p.LK[k, K_PAIR] == SAME):
                return False
    return True


@entry
def lacks(p: Encoded, s: Routes, v: int) -> bool:
    """Whether placed or waiting visit `v` may not be done because a linked one is not."""
    for i in range(p.V[v, V_LINK], p.V[v, V_LINK_END]):
        k = p.LI[i]
        if p.LK[k, K_SECOND] == v:
            if s.RV[p.LK[k, K_FIRST]] < 0:
                return True
        elif p.LK[k, K_BOTH] == 1 and s.RV[p.LK[k, K_SECOND]] < 0:
            return True
    return False


@jit
def mend_group(p: Encoded, s: Routes, g: int, marked: Ints) -> bool:
    """Take out members until none lacks another; False: none did."""
    taken, again = False, True
    while again:
        again = False
        for m in range(p.GM[g, 0], p.GM[g, 1]):
            v = p.ME[m]
            if s.RV[v] >= 0 and lacks(p, s, v):
                marked[v] = 1
                take_out(p, s, s.RV[v], marked)
                taken = again = True
    return taken


@jit
def mend(p: Encoded, s: Routes, marked: Ints) -> None:
    """Take out every visit that lacks another; also when taking out empties a route of other groups."""
    again = True
    while again:
        again = False
        for g in range(len(p.GM)):
            if mend_group(p, s, g, marked):
                again = True


@jit
def take_out_groups(p: Encoded, s: Routes, old: int, marked: Ints) -> None:
    """After a ruin: of each group with a member among those waiting since there were `old`, take out all."""
    i = old
    while i < s.U[-1]:
        g = p.V[s.U[i], V_GROUP]
        if g >= 0:
            take_out_group(p, s, g, marked)
        i += 1


@entry
def take_out_group(p: Encoded, s: Routes, g: int, marked: Ints) -> None:
    """Take out all members of a group."""
    for m in range(p.GM[g, 0], p.GM[g, 1]):
        v = p.ME[m]
        if s.RV[v] >= 0:
            marked[v] = 1
            take_out(p, s, s.RV[v], marked)
