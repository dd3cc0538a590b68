"""Who takes what from where: vans, stores, offers and loaner units along one route.

Before the pick-up stop a visit's carried parts come from the van; after it from the van as long as it
has them, then from the store (from an endless store at once). A line is never split.
"""

from __future__ import annotations

from dispatch.solve.layout import (
    G_PARTS,
    H_ENGINEER,
    O_DRAW,
    O_DRAW_END,
    O_NEED,
    O_NEED_END,
    S_ENDLESS,
    Encoded,
    Routes,
)
from dispatch.solve.timing import inlined, jit


@inlined
def draws_left(p: Encoded, s: Routes, o: int) -> bool:
    """Whether every delivery and courier of option `o` can still be had."""
    for x in range(p.O[o, O_DRAW], p.O[o, O_DRAW_END]):
        left = s.OL[p.X[x, 1]] if p.X[x, 0] < 0 else s.SL[p.X[x, 0], p.X[x, 1]]
        for y in range(p.O[o, O_DRAW], x):  # two lines may draw on the same thing
            if p.X[y, 0] == p.X[x, 0] and p.X[y, 1] == p.X[x, 1]:
                left -= p.X[y, 2]
        if left < p.X[x, 2]:
            return False
    return True


@inlined
def van_suffices(p: Encoded, s: Routes, v: int, o: int, h: int) -> bool:
    """Whether visit `v` needs no pick-up on route `h`: tools and parts are in the van, no loaner to bring."""
    if p.C[v, h] != 1:
        return False
    van, N, first = s.VL[p.H[h, H_ENGINEER]], p.N, p.O[o, O_NEED]
    for k in range(first, p.O[o, O_NEED_END]):
        left = van[N[k, 0]]
        for j in range(first, k):  # two lines may need the same part
            if N[j, 0] == N[k, 0]:
                left -= N[j, 1]
        if left < N[k, 1]:
            return False
    return True


@jit
def _could_swap(p: Encoded, s: Routes, h: int, store: int, item: int, quantity: int) -> bool:
    """Whether `_swap` would find a taking to move on route `h`, which has its pick-up at `store`."""
    van, shelf, picked = s.VL[p.H[h, H_ENGINEER]], s.SL[store], False
    for i in range(s.L[h]):
        v = s.R[h, i]
        if v < 0:
            picked = -1 - v == store
        elif picked:
            o = s.PO[v]
            for k in range(p.O[o, O_NEED], p.O[o, O_NEED_END]):
                if p.N[k, 0] != item:
                    continue
                taken = p.N[k, 1]
                if (s.NM[v] >> (k - p.O[o, O_NEED])) & 1:
                    if van[item] >= taken and shelf[item] + taken >= quantity:
                        return True
                elif shelf[item] >= taken and van[item] + taken >= quantity:
                    return True
    return False


@inlined
def store_suffices(p: Encoded, s: Routes, v: int, o: int, h: int, store: int) -> bool:
    """Whether visit `v` has all it needs on route `h` after a pick-up at `store`."""
    if p.C[v, h] == 0 or (p.C[v, h] == 2 and p.K[v, h, store] == 0):
        return False
    van, shelf, N, first = s.VL[p.H[h, H_ENGINEER]], s.SL[store], p.N, p.O[o, O_NEED]
    mask = 0
    for k in range(first, p.O[o, O_NEED_END]):
        item, quantity = N[k, 0], N[k, 1]
        carried, shelved = van[item], shelf[item]
        for j in range(first, k):
            if N[j, 0] == item:
                if (mask >> (j - first)) & 1:
                    shelved -= N[j, 1]
                else:
                    carried -= N[j, 1]
        if carried < quantity:
            if shelved < quantity and not _could_swap(p, s, h, store, item, quantity):
                return False
            mask |= 1 << (k - first)
    return True


@jit
def assign(p: Encoded, s: Routes, h: int, told: bool) -> int:
    """Take from vans, stores and offers what route `h` needs, token by token; if `told` as its need bits say.

    Returns:
        -1 when all is had, else the index of the first token that lacks something; then nothing is taken.
    """
    e, parts, store, endless = p.H[h, H_ENGINEER], p.G[G_PARTS], -1, False
    O, N, X, C, tokens = p.O, p.N, p.X, p.C, s.R[h]  # noqa: E741 array names of the layout
    options, bits, shelves, offers, van = s.PO, s.NM, s.SL, s.OL, s.VL[e]
    for i in range(s.L[h]):
        v = tokens[i]
        if v < 0:
            store = -1 - v
            endless = p.SI[store, S_ENDLESS] == 1
            continue
        o = options[v]
        fine = C[v, h] == 1 or (C[v, h] == 2 and store >= 0 and p.K[v, h, store] == 1)
        mask, done = 0, 0
        if fine:
            fine = draws_left(p, s, o)
        if fine:
            for x in range(O[o, O_DRAW], O[o, O_DRAW_END]):
                if X[x, 0] < 0:
                    offers[X[x, 1]] -= X[x, 2]
                else:
                    shelves[X[x, 0], X[x, 1]] -= X[x, 2]
            for k in range(O[o, O_NEED], O[o, O_NEED_END]):
                item, quantity = N[k, 0], N[k, 1]
                if store >= 0 and van[item] < quantity and shelves[store, item] < quantity:
                    _swap(p, s, h, i, e, store, item, quantity)
                shelf = (bits[v] >> (k - O[o, O_NEED])) & 1 == 1 if told else van[item] < quantity
                shelf = shelf or (endless and item < parts)
                if not shelf and van[item] >= quantity:
                    van[item] -= quantity
                elif shelf and store >= 0 and shelves[store, item] >= quantity:
                    shelves[store, item] -= quantity
                    mask |= 1 << (k - O[o, O_NEED])
                else:
                    fine = False
                    break
                done += 1
            if not fine:
                _give_back(p, s, o, e, store, mask, done)
        if not fine:
            _release_first(p, s, h, i)
            return i
        bits[v] = mask
    return -1


@jit
def _swap(p: Encoded, s: Routes, h: int, count: int, e: int, store: int, item: int, quantity: int) -> None:
    """Move one earlier taking of `item` from van to shelf or back, where that leaves `quantity` in one place.

    Only takings after the pick-up, of the first `count` tokens, can be moved.
    """
    tokens, picked = s.R[h], False
    van, shelf = s.VL[e], s.SL[store]
    for i in range(count):
        v = tokens[i]
        if v < 0:
            picked = True
        elif picked:
            o = s.PO[v]
            for k in range(p.O[o, O_NEED], p.O[o, O_NEED_END]):
                if p.N[k, 0] != item:
                    continue
                bit, taken = 1 << (k - p.O[o, O_NEED]), p.N[k, 1]
                if s.NM[v] & bit:
                    if van[item] >= taken and shelf[item] + taken >= quantity:
                        van[item] -= taken
                        shelf[item] += taken
                        s.NM[v] ^= bit
                        return
                elif shelf[item] >= taken and van[item] + taken >= quantity:
                    shelf[item] -= taken
                    van[item] += taken
                    s.NM[v] ^= bit
                    return


@inlined
def _give_back(p: Encoded, s: Routes, o: int, e: int, store: int, mask: int, needs: int) -> None:
    N, X, first, shelves, van = p.N, p.X, p.O[o, O_NEED], s.SL, s.VL[e]
    for x in range(p.O[o, O_DRAW], p.O[o, O_DRAW_END]):
        if X[x, 0] < 0:
            s.OL[X[x, 1]] += X[x, 2]
        else:
            shelves[X[x, 0], X[x, 1]] += X[x, 2]
    for k in range(first, first + needs):
        if (mask >> (k - first)) & 1:
            shelves[store, N[k, 0]] += N[k, 1]
        else:
            van[N[k, 0]] += N[k, 1]


@jit
def _release_first(p: Encoded, s: Routes, h: int, count: int) -> None:
    e, store, tokens, options, bits = p.H[h, H_ENGINEER], -1, s.R[h], s.PO, s.NM
    for i in range(count):
        v = tokens[i]
        if v < 0:
            store = -1 - v
        else:
            o = options[v]
            _give_back(p, s, o, e, store, bits[v], p.O[o, O_NEED_END] - p.O[o, O_NEED])


@jit
def release(p: Encoded, s: Routes, h: int) -> None:
    """Give back everything route `h` holds; the reverse of `assign`. Holds nothing twice: see `SU`."""
    if s.SU[h] == 1:
        s.SU[h] = 0
        _release_first(p, s, h, s.L[h])


@jit
def supply(p: Encoded, s: Routes, h: int) -> int:
    """`assign` route `h` and note that it holds its things."""
    lacking = assign(p, s, h, False)
    s.SU[h] = 1 if lacking < 0 else 0
    return lacking


@jit
def supply_as_told(p: Encoded, s: Routes, h: int) -> int:
    """`supply`, each part from where the need bits say."""
    lacking = assign(p, s, h, True)
    s.SU[h] = 1 if lacking < 0 else 0
    return lacking


@jit
def take_again(p: Encoded, s: Routes, h: int) -> None:
    """Take exactly what the options and need bits of route `h` say; it must be there."""
    e, store = p.H[h, H_ENGINEER], -1
    for i in range(s.L[h]):
        v = s.R[h, i]
        if v < 0:
            store = -1 - v
            continue
        o = s.PO[v]
        for x in range(p.O[o, O_DRAW], p.O[o, O_DRAW_END]):
            if p.X[x, 0] < 0:
                s.OL[p.X[x, 1]] -= p.X[x, 2]
            else:
                s.SL[p.X[x, 0], p.X[x, 1]] -= p.X[x, 2]
        for k in range(p.O[o, O_NEED], p.O[o, O_NEED_END]):
            if (s.NM[v] >> (k - p.O[o, O_NEED])) & 1:
                s.SL[store, p.N[k, 0]] -= p.N[k, 1]
            else:
                s.VL[e, p.N[k, 0]] -= p.N[k, 1]
    s.SU[h] = 1
