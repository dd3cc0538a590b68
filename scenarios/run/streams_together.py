"""The first numbers of many streams at once: what NumPy's `SeedSequence` and `PCG64` give, one array operation for all of them.

A replication of a region reads a handful of numbers from each of some twenty thousand streams. Making a generator for
each costs fifteen times what the arithmetic does. The arithmetic is published: O'Neill, PCG (HMC-CS-2014-0905), XSL-RR on 128 bits,
seeded through her `seed_seq_fe128`. A test holds every number against NumPy's own.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint32]
Longs = NDArray[np.uint64]
Reals = NDArray[np.float64]

POOL = 4
_INIT_A, _MULT_A, _INIT_B, _MULT_B = 0x43B0D7E5, 0x931E8875, 0x8B51F9DD, 0x58F38DED
_MIX_L, _MIX_R = np.uint32(0xCA01F9DD), np.uint32(0x4973F715)
_HALF = np.uint32(16)
_32, _LOW = np.uint64(32), np.uint64(0xFFFFFFFF)
_TIMES_HIGH, _TIMES_LOW = np.uint64(0x2360ED051FC65DA4), np.uint64(0x4385DF649FCCF645)


def words_of(number: int, /) -> list[int]:
    """A number as 32-bit words, the lowest first; 0 is one word (as `SeedSequence` takes it).

    >>> words_of(2**32 + 7)
    [7, 1]
    """
    found = [number & 0xFFFFFFFF]
    while number := number >> 32:
        found.append(number & 0xFFFFFFFF)
    return found


def uniforms(seed: int, keys: Words, /, *, count: int) -> Reals:
    """Give the first `count` numbers in [0, 1) of every stream.

    Args:
        seed: the root, not negative.
        keys: a row of words for each stream: its spawn key, written with `words_of`.
        count: numbers of each.

    Returns:
        Shape (streams, count): row by row what `Generator(PCG64(SeedSequence(seed, spawn_key=...))).random(count)` gives.
    """
    high, low, more_high, more_low = _seeded(_pooled(seed, keys))
    found: Reals = np.empty((len(keys), count))
    for at in range(count):
        high, low = _stepped(high, low, more_high, more_low)
        turn = high >> np.uint64(58)
        mixed = high ^ low
        mixed = (mixed >> turn) | (mixed << (-turn.astype(np.int64) & 63).astype(np.uint64))
        found[:, at] = (mixed >> np.uint64(11)).astype(np.float64) * 2.0**-53
    return found


def _pooled(seed: int, keys: Words) -> list[Words]:
    """The entropy pool of every stream (`SeedSequence.mix_entropy`)."""
    root = words_of(seed)
    root += [0] * (POOL - len(root))
    shape = np.zeros(len(keys), dtype=np.uint32)
    entropy = [shape + np.uint32(word) for word in root] + [keys[:, at] for at in range(keys.shape[1])]
    constant = _INIT_A

    def hashed(value: Words) -> Words:
        nonlocal constant
        value = value ^ np.uint32(constant)
        constant = constant * _MULT_A & 0xFFFFFFFF
        value = value * np.uint32(constant)
        return value ^ (value >> _HALF)

    def mixed(one: Words, other: Words) -> Words:
        found: Words = one * _MIX_L - other * _MIX_R
        return found ^ (found >> _HALF)

    pool = [hashed(entropy[at]) for at in range(POOL)]
    for source in range(POOL):
        for at in range(POOL):
            if source != at:
                pool[at] = mixed(pool[at], hashed(pool[source]))
    for value in entropy[POOL:]:
        for at in range(POOL):
            pool[at] = mixed(pool[at], hashed(value))
    return pool


def _seeded(pool: list[Words]) -> tuple[Longs, Longs, Longs, Longs]:
    """State (high, low) and increment (high, low) of every generator before its first number."""
    constant, words = _INIT_B, []
    for at in range(2 * POOL):
        value = pool[at % POOL] ^ np.uint32(constant)
        constant = constant * _MULT_B & 0xFFFFFFFF
        value = value * np.uint32(constant)
        words.append((value ^ (value >> _HALF)).astype(np.uint64))
    first_high, first_low, more_high, more_low = (
        words[2 * at] | (words[2 * at + 1] << _32) for at in range(POOL)
    )
    more_high = (more_high << np.uint64(1)) | (more_low >> np.uint64(63))
    more_low = (more_low << np.uint64(1)) | np.uint64(1)
    # A step from state 0 leaves the increment; then the seed is added, then one step more.
    low = more_low + first_low
    high = more_high + first_high + (low < first_low)
    return (*_stepped(high, low, more_high, more_low), more_high, more_low)


def _stepped(high: Longs, low: Longs, more_high: Longs, more_low: Longs) -> tuple[Longs, Longs]:
    """State times the multiplier plus the increment, modulo 2**128."""
    a, b = low >> _32, low & _LOW
    c, d = _TIMES_LOW >> _32, _TIMES_LOW & _LOW
    outer = b * d
    middle = a * d + (outer >> _32)
    inner = (middle & _LOW) + b * c
    carried = a * c + (middle >> _32) + (inner >> _32)
    new_low = low * _TIMES_LOW
    new_high = carried + high * _TIMES_LOW + low * _TIMES_HIGH
    new_low = new_low + more_low
    new_high = new_high + more_high + (new_low < more_low)
    return new_high, new_low
