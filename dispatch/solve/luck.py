"""Pseudo-random numbers from one state word: the same seed, the same numbers, on any machine."""

from __future__ import annotations

from dispatch.solve.layout import Ints
from dispatch.solve.timing import inlined


@inlined
def chance(rng: Ints, share: int) -> bool:
    """True about once in `share` times; never for 0. Advances the generator only when asked for a chance."""
    if share == 0:
        return False
    return next_number(rng) % share == 0


@inlined
def next_number(rng: Ints) -> int:
    """Next pseudo-random number, 0 to 2**62 - 1: xorshift64* (Vigna 2016) on one state word."""
    x = int(rng[0])
    x ^= (x >> 12) & 0xFFFFFFFFFFFFF
    x ^= x << 25
    x ^= (x >> 27) & 0x1FFFFFFFFF
    rng[0] = x
    return ((x * 0x2545F4914F6CDD1D) >> 2) & 0x3FFFFFFFFFFFFFFF
