"""Chance by cause: one stream of random numbers for each cause and thing, so that counts do not disturb each other.

A stream is named by (seed, cause, entity): the tenth engineer's home is the same whether there are
eleven engineers or sixty, and no number drawn for engineers is missing for tickets.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import TypeVar

import numpy as np

T = TypeVar("T")


class Cause(IntEnum):
    """What chance is drawn for. The numbers are part of every stream's name: never reuse one."""

    ENGINEER = 1
    CERTIFICATE = 2
    TOOL = 3
    ABSENCE = 4
    CUSTOMER = 10
    SITE = 11
    ASSET = 12
    TICKET = 20
    VISIT = 21
    REMOTE = 22
    NEED = 23
    PART = 30
    DEPOT_STOCK = 31
    VAN_STOCK = 32
    SUPPLIER = 33
    OFFER = 34
    ORDER = 35
    LOANER = 40
    CLOSED = 50
    USED = 51
    FINISHED = 52


def stream(seed: int, cause: Cause, /, *entity: int) -> np.random.Generator:
    """The generator of one cause and one thing.

    >>> int(stream(7, Cause.SITE, 3).integers(100)) == int(stream(7, Cause.SITE, 3).integers(100))
    True
    """
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(cause, *entity))))


def pick(rng: np.random.Generator, choices: Sequence[T], weights: Sequence[float] | None = None) -> T:
    """Draw one of `choices`, by `weights` where given."""
    if weights is None:
        return choices[int(rng.integers(len(choices)))]
    bounds = np.cumsum(np.asarray(weights, dtype=float))
    return choices[
        min(int(np.searchsorted(bounds, rng.random() * bounds[-1], side="right")), len(choices) - 1)
    ]


def apportioned(count: int, weights: Sequence[float]) -> list[int]:
    """Share `count` things over `weights` one after another (Sainte-Lague): the index each one goes to.

    One more thing leaves the earlier ones where they are.

    >>> apportioned(5, [3.0, 1.0])
    [0, 0, 1, 0, 0]
    """
    given = [0] * len(weights)
    order = []
    for _ in range(count):
        at = max(range(len(weights)), key=lambda i: (weights[i] / (2 * given[i] + 1), -i))
        given[at] += 1
        order.append(at)
    return order
