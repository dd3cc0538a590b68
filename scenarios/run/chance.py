"""Every source of chance by name, how strong it is, and its streams of random numbers.

A stream is named by (seed, cause, replication, entity) and by nothing else: no scenario, no staff, no stock. The n-th
report of a source always draws the n-th number of its streams, whoever is there to deal with it, so two scenarios see
the same reports, the same faults and the same repairs (common random numbers). The table for users is in
docs/scenarios.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from kernel.errors import Refusal
from scenarios.run.spread import Shape, Spread
from scenarios.run.streams_together import uniforms, words_of

Reals = NDArray[np.float64]
GOLDEN = 0.6180339887498949
FEW = 64
"""Numbers of one stream up to which many streams are read together."""


class Cause(StrEnum):
    """What chance is drawn for; the entity a stream belongs to stands behind it."""

    REPORT = "report"
    """When something is reported (source)."""
    JOB = "job"
    """What it turns out to be (source)."""
    WORK = "work"
    """How long the work takes (source)."""
    PART = "part"
    """Whether a part is needed (source, line of the job)."""
    REMOTE = "remote"
    """Whether it can be solved at a distance (source)."""
    TRAVEL = "travel"
    """How much longer or shorter the way takes (source)."""
    AWAY = "away"
    """Whether the customer is not there when the engineer comes (source)."""
    PATIENCE = "patience"
    """How long the customer waits (source)."""
    LOAN = "loan"
    """How many days a loaner is kept after the repair (source)."""
    ABSENCE = "absence"
    """Whether an engineer misses a day (engineer)."""
    LEAD = "lead"
    """How long a supplier takes (part and place)."""
    LOT = "lot"
    """Whether a delivery fails its inspection (part and place)."""
    TRIAGE = "triage"
    """Whether the parts a job takes are known before the first visit (source)."""


_NUMBER = {cause: number for number, cause in enumerate(Cause, start=1001)}
"""Part of every stream's name: a new cause goes to the end of the enum, an old one keeps its place."""


WAYS = Spread(1.0, Shape.LOGNORMAL, 0.04)
LEADS = Spread(1.0, Shape.LOGNORMAL, 0.09)
LOANS = Spread(2.0, Shape.EXPONENTIAL)


@dataclass(frozen=True, slots=True)
class Chance:
    """Which sources of chance are on, and how strong those are that no other part of the world speaks of.

    What is off goes as on average: reports come evenly, jobs and parts in turn by their shares, work and lead times
    take their mean, ways are as measured, nobody is ill or out, no lot fails.

    Args:
        off: the causes that are off.
        travel: a way takes so many times what was measured.
        absence: share of an engineer's days he misses, not planned.
        away: share of visits where the customer is not there; the engineer comes again.
        away_h: hours until the customer can be visited again.
        lead: a delivery takes so many times what the supplier promises.
        lot: share of deliveries that fail their inspection and are ordered again.
        triage: share of tickets whose parts are known before the first visit.
        loan_days: days a loaner stays after the repair.
    """

    off: frozenset[Cause] = frozenset()
    travel: Spread = WAYS
    absence: float = 0.02
    away: float = 0.02
    away_h: float = 4.0
    lead: Spread = LEADS
    lot: float = 0.01
    triage: float = 0.7
    loan_days: Spread = LOANS

    def __post_init__(self) -> None:
        shares = {
            Cause.ABSENCE: self.absence,
            Cause.AWAY: self.away,
            Cause.LOT: self.lot,
            Cause.TRIAGE: self.triage,
        }
        for cause, share in shares.items():
            if not 0 <= share <= (1 if cause is Cause.TRIAGE else 0.99):
                raise Refusal("scenario.share", cause=cause.value, value=str(share))

    def on(self, cause: Cause, /) -> bool:
        """Say whether a cause is on."""
        return cause not in self.off

    def spread(self, cause: Cause, wanted: Spread, /) -> Spread:
        """A spread under a cause: itself, or its mean where the cause is off."""
        return wanted if self.on(cause) else Spread(wanted.mean)


NO_CHANCE = Chance(off=frozenset(Cause))
QUIET = Chance(off=frozenset({Cause.TRAVEL, Cause.ABSENCE, Cause.AWAY, Cause.LOT, Cause.REMOTE}))
"""What textbooks leave out is off; reports, jobs, work, parts, patience and lead times are on."""


class Streams:
    """The random numbers of one replication.

    Args:
        seed: the root, not negative.
        replication: its number, from 0.
        chance: what is on.
    """

    def __init__(self, seed: int, replication: int, chance: Chance) -> None:
        self._seed, self._replication, self._chance = seed, replication, chance

    @property
    def key(self) -> tuple[int, int, Chance]:
        """What all its numbers follow from."""
        return self._seed, self._replication, self._chance

    def stream(self, cause: Cause, *entity: str) -> Stream:
        """The stream of a cause and a thing, from its first number on."""
        key = (_NUMBER[cause], self._replication, *(_entity(one) for one in entity))
        return Stream(self._seed, key, even=not self._chance.on(cause))

    def each(self, cause: Cause, asked: Sequence[tuple[tuple[str, ...], int, int]], /) -> Reals:
        """Numbers of many streams of a cause, one after another: for each (entity, first number, how many)."""
        few = self._chance.on(cause) and all(not first and count <= FEW for _, first, count in asked)
        if few and len(asked) > 1:
            names = [words_of(_NUMBER[cause]) + words_of(self._replication)] * len(asked)
            keys = [
                sum(map(_words, entity), start) for start, (entity, _, _) in zip(names, asked, strict=True)
            ]
            if (
                len({*map(len, keys)}) == 1
            ):  # one name in 2**32 has a word less, and is left to NumPy with its neighbours
                return self._together(np.array(keys, dtype=np.uint32), np.array([n for _, _, n in asked]))
        found = []
        for entity, first, count in asked:
            stream = self.stream(cause, *entity)
            stream.skip(first)
            found.append(stream.take(count))
        return np.concatenate(found) if found else np.zeros(0)

    def _together(self, keys: NDArray[np.uint32], counts: NDArray[np.int64]) -> Reals:
        """The first `counts` numbers of each, those that take many apart from those that take few."""
        found: Reals = np.empty(int(counts.sum()))
        starts, least = np.cumsum(counts) - counts, 0
        for most in (2, 4, 8, 16, 32, FEW):
            (rows,) = np.nonzero((counts > least) & (counts <= most))
            least = most
            if rows.size:
                drawn = uniforms(self._seed, keys[rows], count=int(counts[rows].max()))
                for at in range(drawn.shape[1]):
                    there = counts[rows] > at
                    found[starts[rows[there]] + at] = drawn[there, at]
        return found


class Stream:
    """Uniform numbers in [0, 1), one after another; evenly spread in turn (n times the golden section) where `even`."""

    def __init__(self, seed: int, key: tuple[int, ...], *, even: bool) -> None:
        self._drawn = 0
        self._even = even
        self._from = _start(key) if even else 0.0
        if not even:
            self._bits = np.random.PCG64(np.random.SeedSequence(seed, spawn_key=key))
            self._generator = np.random.Generator(self._bits)

    @property
    def drawn(self) -> int:
        """How many numbers were taken."""
        return self._drawn

    def skip(self, count: int) -> None:
        """Leave out the next `count` numbers."""
        self._drawn += count
        if count and not self._even:
            self._bits.advance(count)

    def take(self, count: int) -> Reals:
        """The next `count` numbers; two calls of 3 give what one of 6 gives."""
        first, self._drawn = self._drawn, self._drawn + count
        if self._even:
            turns: Reals = (self._from + GOLDEN * np.arange(first, self._drawn, dtype=np.float64)) % 1.0
            return turns
        return self._generator.random(count)


@lru_cache(maxsize=1 << 16)
def _words(name: str) -> list[int]:
    return words_of(_entity(name))


def _entity(name: str) -> int:
    return int.from_bytes(sha256(name.encode()).digest()[:8], "little")


def _start(key: tuple[int, ...]) -> float:
    # Another start for every thing, or all of them would go through the same turn together.
    return _entity(",".join(map(str, key))) / 2.0**64
