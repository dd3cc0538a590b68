"""Every good route seen, once: the columns CP-SAT chooses from.

An open-addressing table finds a route by its shift class and its set of (visit, option); the cheapest
order of the same set is kept.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from dispatch.solve.by_reference import by_reference
from dispatch.solve.layout import A_START, C_COST, C_WORST, H_CLASS, V_PIN, Encoded, Ints, Routes
from dispatch.solve.timing import entry, jit

ENTRIES = 40_000
TABLE = 1 << 18
STOPS = 1 << 19


@by_reference
class Pool(NamedTuple):
    """Routes seen: E (entries, 6) price, shift, first stop, stops, key, latest; F (stops, 4) token, option, bits, pin.

    T (table,) entry + 1 or 0; N (2,) entries and stops used.
    """

    E: Ints
    F: Ints
    T: Ints
    N: Ints


def empty_pool() -> Pool:
    """Give a pool without routes."""

    def room(*shape: int) -> Ints:
        return np.empty(shape, dtype=np.int64)  # written before it is read: to blank it takes milliseconds

    return Pool(E=room(ENTRIES, 6), F=room(STOPS, 4), T=np.zeros(TABLE, np.int64), N=np.zeros(2, np.int64))


def forget(pool: Pool) -> None:
    """Empty the pool."""
    pool.T[:] = 0
    pool.N[:] = 0


@entry
def mix(x: int) -> int:
    """Scramble a whole number (finaliser of splitmix64, Steele and others 2014)."""
    x = (x ^ ((x >> 30) & 0x3FFFFFFFF)) * -0x40A7B892E31B1A47
    x = (x ^ ((x >> 27) & 0x1FFFFFFFFF)) * -0x6B2FB644ECCEEE15
    return x ^ ((x >> 31) & 0x1FFFFFFFF)


@jit
def route_key(p: Encoded, s: Routes, h: int) -> int:
    """Key of route `h`: its shift class and its set of options and pins, whatever the order."""
    key = mix(p.H[h, H_CLASS] + 1)
    for i in range(s.L[h]):
        v = s.R[h, i]
        if v >= 0:
            key += mix(s.PO[v] * 7919 + 13)
            if p.V[v, V_PIN] >= 0:
                key += mix(s.PO[v] * 7919 + 1 + (s.A[h, i + 1, A_START] << 20))
    return key


@jit
def remember(p: Encoded, s: Routes, h: int, pool: Pool) -> None:
    """Add route `h` to the pool, or make its twin there cheaper; a full pool takes no more."""
    n = s.L[h]
    if n == 0:
        return
    key = route_key(p, s, h)
    slot = key & (TABLE - 1)
    while pool.T[slot] != 0:
        entry = pool.T[slot] - 1
        if pool.E[entry, 4] == key:
            if s.RC[h, C_COST] < pool.E[entry, 0] and n <= pool.E[entry, 3]:
                _write(p, s, h, pool, entry, pool.E[entry, 2])
            return
        slot = (slot + 1) & (TABLE - 1)
    entry, first = pool.N[0], pool.N[1]
    if entry == ENTRIES or first + n > STOPS:
        return
    pool.T[slot] = entry + 1
    pool.E[entry, 4] = key
    pool.N[0] += 1
    pool.N[1] += n
    _write(p, s, h, pool, entry, first)


@jit
def _write(p: Encoded, s: Routes, h: int, pool: Pool, entry: int, first: int) -> None:
    pool.E[entry, 0], pool.E[entry, 1], pool.E[entry, 2], pool.E[entry, 3] = s.RC[h, C_COST], h, first, s.L[h]
    pool.E[entry, 5] = s.RC[h, C_WORST]
    for i in range(s.L[h]):
        token = s.R[h, i]
        pool.F[first + i, 3] = s.A[h, i + 1, A_START] if token >= 0 and p.V[token, V_PIN] >= 0 else -1
        pool.F[first + i, 0] = token
        pool.F[first + i, 1] = s.PO[token] if token >= 0 else -1
        pool.F[first + i, 2] = s.NM[token] if token >= 0 else 0
