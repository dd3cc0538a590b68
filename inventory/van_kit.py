"""What a van should carry: learnt from the parts its jobs took, judged by the chance that every part is aboard."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from inventory.catalogue.part import Alternate, current
from inventory.replenish.kit import Kit, KitPart, kit
from inventory.stockroom import Stockroom
from kernel.errors import Refusal
from kernel.ids import natural_key

OWN_COUNTS = 3
"""A van's own job counts as often as this, one of another van of its depot once. Alone they are too few: the kit learnt
from them held hardly more of the jobs that followed than what lay in the vans (docs/inventory.md)."""

FAR = 1e-9
"""More units of a part than are needed with this chance are not looked at."""

POINTS = 10
"""Budgets the curve shows between nothing and a van that lacks hardly anything."""

MOST_JOBS = 100
"""Jobs between two refills at most."""


@dataclass(frozen=True, slots=True)
class Job:
    """What one repair on site took.

    Args:
        at: when it was done, aware.
        parts: units by part; empty: none.
        own: done with the van that is judged; else by another of its home.
    """

    at: datetime
    parts: Mapping[str, int]
    own: bool


@dataclass(frozen=True, slots=True)
class Played:
    """A kit learnt from the older jobs, played through the van's later ones, for the money that lies in it now.

    Args:
        jobs: jobs played through, the last third of the van's own.
        by_kit: share of them for which the kit held everything.
        by_aboard: share for which what lies in the van now would have.
    """

    jobs: int
    by_kit: float
    by_aboard: float


@dataclass(frozen=True, slots=True)
class VanKit:
    """One van judged.

    Args:
        van: place id.
        own_jobs: jobs of the van the chances are read from; `other_jobs`: of the others of its home.
        jobs: jobs between two refills.
        aboard: units by part as they lie in the van now, of the parts any job took.
        other: units in the van of parts no job took.
        aboard_cost: price of all units aboard.
        chance: that what is aboard holds everything the next `jobs` jobs need.
        kit: the best for the budget.
        curve: the best for rising budgets.
        played: how such a kit did on jobs it had not seen; None: too few to say.
    """

    van: str
    own_jobs: int
    other_jobs: int
    jobs: int
    aboard: Mapping[str, int]
    other: Mapping[str, int]
    aboard_cost: float
    chance: float
    kit: Kit
    curve: tuple[Kit, ...]
    played: Played | None


def van_kit(
    stockroom: Stockroom,
    van: str,
    *,
    aboard: Mapping[str, int],
    done: Iterable[Job],
    jobs: int = 1,
    budget: float | None = None,
) -> VanKit:
    """Judge what a van carries and say what it should carry for the money.

    A part a job took counts as what is bought in its place today.

    Args:
        stockroom: with parts, prices and supersessions.
        van: place id.
        aboard: usable units in it, by part.
        done: jobs on record of the van and of those refilled from the same home.
        jobs: jobs between two refills, 1 to `MOST_JOBS`.
        budget: money its parts may tie up; None: as much as what lies in it now.

    Raises:
        Refusal: ``kit.no_history`` without any job, ``kit.jobs_out_of_range``, ``replenish.budget_negative``.
    """
    if not 1 <= jobs <= MOST_JOBS:
        raise Refusal("kit.jobs_out_of_range", value=jobs, most=MOST_JOBS)
    price = {part.id: float(part.price) for part in stockroom.parts}
    known = sorted(_as_bought(done, stockroom.alternates, price), key=lambda job: job.at)
    if not known:
        raise Refusal("kit.no_history", van=van)
    parts = _parts(known, price, jobs=jobs)
    named = {part.part for part in parts}
    there = {part: units for part, units in aboard.items() if units}
    cost = sum(price.get(part, 0.0) * units for part, units in there.items())
    dear = sum(part.cost * (len(part.needed) - 1) for part in parts)
    own = sum(job.own for job in known)
    return VanKit(
        van=van,
        own_jobs=own,
        other_jobs=len(known) - own,
        jobs=jobs,
        aboard={part: units for part, units in there.items() if part in named},
        other={part: units for part, units in there.items() if part not in named},
        aboard_cost=cost,
        chance=math.prod(_held(part, there.get(part.part, 0)) for part in parts),
        kit=kit(parts, budget=cost if budget is None else budget),
        curve=_curve(parts, dear),
        played=_played(known, there, price, budget=cost),
    )


def _as_bought(
    done: Iterable[Job], alternates: Sequence[Alternate], price: Mapping[str, float]
) -> Iterator[Job]:
    now_bought: dict[str, str] = {}
    for job in done:
        found: dict[str, int] = {}
        for part, units in job.parts.items():
            if part not in now_bought:
                now_bought[part] = current(alternates, part)
            if now_bought[part] in price:
                found[now_bought[part]] = found.get(now_bought[part], 0) + units
        yield replace(job, parts=found)


def _parts(known: Sequence[Job], price: Mapping[str, float], *, jobs: int) -> list[KitPart]:
    """Every part any job took, with the chance of needing 0, 1, ... units of it in `jobs` jobs."""
    counted = [job for job in known for _ in range(OWN_COUNTS if job.own else 1)]
    named = sorted({part for job in known for part in job.parts}, key=natural_key)
    return [
        KitPart(part, price[part], _needed((job.parts.get(part, 0) for job in counted), jobs))
        for part in named
    ]


def _played(
    known: Sequence[Job], aboard: Mapping[str, int], price: Mapping[str, float], *, budget: float
) -> Played | None:
    own = [job for job in known if job.own]
    later = own[2 * len(own) // 3 :]
    before = [job for job in known if later and job.at < later[0].at]
    if len(later) < FEWEST_PLAYED or not before:
        return None
    units = kit(_parts(before, price, jobs=1), budget=budget).units
    return Played(len(later), _share(later, units), _share(later, aboard))


FEWEST_PLAYED = 10
"""Jobs from which on a share of them says anything."""


def _share(jobs: Sequence[Job], units: Mapping[str, int]) -> float:
    whole = sum(all(units.get(part, 0) >= n for part, n in job.parts.items()) for job in jobs)
    return whole / len(jobs)


def _needed(units: Iterable[int], jobs: int) -> tuple[float, ...]:
    """Chance of 0, 1, ... units in `jobs` jobs, each as likely as any job on record; what is hardly ever needed is cut.

    Where every job took some, one job more that took none is thought of: nothing is certain after a few dozen.
    """
    count = np.bincount(np.fromiter(units, dtype=np.int64)).astype(np.float64)
    if not count[0]:
        count[0] = 1.0
    one = count / count.sum()
    found = np.ones(1)
    for _ in range(jobs):
        found = np.convolve(found, one)
    enough = int(np.argmax(np.cumsum(found) > 1 - FAR))
    head = found[:enough].tolist()
    return (*head, max(0.0, 1.0 - sum(head)))


def _held(part: KitPart, units: int) -> float:
    return min(1.0, sum(part.needed[: units + 1]))


def _curve(parts: Sequence[KitPart], dear: float) -> tuple[Kit, ...]:
    """The best kits for rising budgets, closer together where the chance still rises fast; equal kits once."""
    found: list[Kit] = []
    for point in range(POINTS + 1):
        one = kit(parts, budget=dear * (point / POINTS) ** 2)
        if not found or one.chance > found[-1].chance:
            found.append(one)
    return tuple(found)
