"""Days to plan: a problem of a size and a seed. Made for comparing planners, so nothing in it that only we can say but the price of lateness.

Money and times are those of a made-up service firm: an hour on the road 60, a kilometre 0.60, an hour of overtime 90; a promised
arrival costs 30 (P1), 15 (P2) or 6 (P3) a started half-hour late, a visit left out 1,200, 600 or 250.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator

from benchmarks.geometry import Doubles, distances
from dispatch.problem import (
    Engineer,
    Lateness,
    Legs,
    LoanerCourier,
    LoanerGrant,
    Objective,
    Offer,
    PartLine,
    PlanningProblem,
    Prices,
    Shift,
    Store,
    Visit,
    Window,
)

MIN_S = 60
HOUR_S = 3600
SKILLS, PARTS, CLASSES, STORES = 8, 40, 3, 3
OPENS_S, CLOSES_S, OVERTIME_S = 0, 9 * HOUR_S, 2 * HOUR_S
KM_SIDE = 45.0
"""Side of the square of 100 visits; it grows with the root of the visits, so that their density stays."""
SPEED_M_S = 50_000 / HOUR_S
DETOUR = 1.3
PARKING_S = 137
"""Seconds every way costs whatever its length (affine travel model of RELIABILITY.md)."""
LATE = ((0.2, 3_000, 120_000, (2, 4)), (0.4, 1_500, 60_000, (4, 8)), (0.4, 600, 25_000, (6, 9)))
"""Of each severity: its share, cents a started half-hour late, cents left out, hours from its report to the promised arrival."""


@dataclass(frozen=True, slots=True)
class Size:
    """How many visits and engineers."""

    visits: int
    engineers: int

    @property
    def name(self) -> str:
        """`100x15`."""
        return f"{self.visits}x{self.engineers}"


SIZES = tuple(
    Size(visits, engineers)
    for visits, normal in ((100, 15), (200, 30), (400, 60), (1000, 150))
    for engineers in (normal, round(0.7 * normal))
)
"""Each normal and overloaded: with 0.7 of the engineers."""


def day(size: Size, *, seed: int, supply: bool) -> PlanningProblem:
    """Make the day of `seed`; with `supply` the same day with parts and loaners besides."""
    rng = np.random.default_rng([seed, size.visits, size.engineers])
    points = _points(rng, size)
    metres, travel = _legs(points)
    engineers = _engineers(rng, size)
    visits = _visits(rng, size)
    offers: tuple[Offer, ...] = ()
    stores: tuple[Store, ...] = ()
    if supply:
        engineers, visits, offers, stores = _supplied(rng, engineers, visits, size)
    homes = size.visits + STORES
    return PlanningProblem(
        objective=Objective.MONEY,
        places=tuple(f"P{i:05d}" for i in range(len(points))),
        travel_s=travel,
        distance_m=metres,
        skills=tuple(f"K{i}" for i in range(SKILLS)),
        certificates=(),
        tools=(),
        parts=tuple(f"Q{i:02d}" for i in range(PARTS)) if supply else (),
        loaner_classes=tuple(f"L{i}" for i in range(CLASSES)) if supply else (),
        engineers=engineers,
        shifts=tuple(
            Shift(f"S{i:04d}", i, homes + i, homes + i, OPENS_S, CLOSES_S, OVERTIME_S)
            for i in range(size.engineers)
        ),
        stores=stores,
        offers=offers,
        visits=visits,
        prices=Prices(travel_hour=6_000, distance_km=60, overtime_hour=9_000),
        horizon_s=CLOSES_S + OVERTIME_S,
    )


def _points(rng: Generator, size: Size) -> Doubles:
    """Kilometres of the sites (six in ten around towns), the stores, the homes."""
    side = KM_SIDE * float(np.sqrt(size.visits / 100))
    towns = rng.uniform(0.15 * side, 0.85 * side, (max(STORES, round(side / 9)), 2))
    many = size.visits
    near = towns[rng.integers(0, len(towns), many)] + rng.normal(0, 3.5, (many, 2))
    wide = rng.uniform(0, side, (many, 2))
    sites = np.where((rng.random(many) < 0.6)[:, None], near, wide)
    homes = towns[rng.integers(0, len(towns), size.engineers)] + rng.normal(0, 5.0, (size.engineers, 2))
    return np.asarray(np.clip(np.concatenate([sites, towns[:STORES], homes]), 0, side))


def _legs(points: Doubles) -> tuple[Legs, Legs]:
    """Metres and seconds of every way, row by row, in 32 bits: a country has a hundred million of them."""
    metres = np.empty((len(points), len(points)), dtype=np.int32)
    for row, origin in enumerate(points):
        metres[row] = np.rint(distances(points, origin) * 1000 * DETOUR)
    travel = np.empty_like(metres)
    for row, there in enumerate(metres):
        travel[row] = np.ceil(there / SPEED_M_S) + np.where(there > 0, PARKING_S, 0)
    return metres, travel


def _engineers(rng: Generator, size: Size) -> tuple[Engineer, ...]:
    """Three to five skills each; every skill is somebody's at the highest level."""
    made = []
    for i in range(size.engineers):
        held = {
            int(skill): int(rng.integers(1, 4))
            for skill in rng.permutation(SKILLS)[: int(rng.integers(3, 6))]
        }
        held[i % SKILLS] = 3
        made.append(Engineer(f"E{i:04d}", skills=tuple(sorted(held.items()))))
    return tuple(made)


def _visits(rng: Generator, size: Size) -> tuple[Visit, ...]:
    made = []
    for i in range(size.visits):
        severity = int(rng.choice(len(LATE), p=[one[0] for one in LATE]))
        _, late, left_out, (least, most) = LATE[severity]
        reported = 0 if rng.random() < 0.7 else int(rng.integers(1, 5 * 4)) * 15 * MIN_S
        due = reported + int(rng.integers(least * 4, most * 4 + 1)) * 15 * MIN_S
        appointed = rng.random() < 0.25
        opens = max(reported, int(rng.integers(0, 6 * 4)) * 15 * MIN_S)
        asked = {int(rng.integers(SKILLS)): int(rng.choice([1, 2, 3], p=[0.5, 0.35, 0.15]))}
        if rng.random() < 0.1:
            asked.setdefault(int(rng.integers(SKILLS)), 1)
        minutes = min(180, max(20, 5 * round(float(rng.lognormal(np.log(50), 0.45)) / 5)))
        made.append(
            Visit(
                f"V{i:05d}",
                f"T{i:05d}",
                place=i,
                service_s=minutes * MIN_S,
                earliest_s=reported,
                left_out=left_out,
                windows=(Window(opens, opens + int(rng.integers(4, 13)) * 15 * MIN_S),) if appointed else (),
                skills=tuple(sorted(asked.items())),
                arrive=None if appointed else Lateness(due, late, 30 * MIN_S),
            )
        )
    return tuple(made)


Supplied = tuple[tuple[Engineer, ...], tuple[Visit, ...], tuple[Offer, ...], tuple[Store, ...]]


def _supplied(
    rng: Generator, engineers: tuple[Engineer, ...], visits: tuple[Visit, ...], size: Size
) -> Supplied:
    """Six visits in ten need parts; a van holds a quarter of the kinds, a store most; three in ten lines have a courier; one visit in ten may get a loaner."""
    popular = rng.permutation(PARTS)
    stocked = tuple(
        replace(
            one,
            van=tuple(
                sorted(
                    (int(part), int(rng.integers(1, 3)))
                    for part in rng.choice(PARTS, PARTS // 4, replace=False)
                )
            ),
        )
        for one in engineers
    )
    stores = tuple(
        Store(
            f"D{number}",
            size.visits + number,
            stock=tuple(
                (part, int(rng.integers(1, 2 + size.visits // 60)))
                for part in range(PARTS)
                if rng.random() < 0.7
            ),
            loaners=tuple(
                (kind, tuple(f"U{number}-{kind}-{unit}" for unit in range(1 + size.visits // 200)))
                for kind in range(CLASSES)
            ),
            pick_up_s=10 * MIN_S,
        )
        for number in range(STORES)
    )
    offers: list[Offer] = []
    needing = []
    for visit in visits:
        lines: list[PartLine] = []
        for kind in range(int(rng.choice([0, 1, 2], p=[0.4, 0.45, 0.15]))):
            part = int(popular[min(PARTS - 1, int(rng.exponential(PARTS / 4)))])
            if any(line.part == part for line in lines):
                continue
            own: tuple[int, ...] = ()
            if rng.random() < 0.3:
                own = (len(offers),)
                offers.append(
                    Offer(
                        f"O{visit.id}-{kind}",
                        "courier",
                        part,
                        1,
                        visit.earliest_s + int(rng.integers(2, 6)) * HOUR_S,
                        int(rng.integers(40, 120)) * 100,
                        -1,
                    )
                )
            sure = rng.random() < 0.8
            lines.append(PartLine(part, 1, offers=own, without_cents=None if sure else 20_000))
        grant = None
        promised = visit
        if visit.arrive is not None and rng.random() < 0.1:
            kind = int(rng.integers(CLASSES))
            courier = LoanerCourier(
                kind, int(rng.integers(STORES)), visit.arrive.due_s + HOUR_S, int(rng.integers(80, 160)) * 100
            )
            grant = LoanerGrant((kind,), (courier,), day_cents=4_000)
            due = visit.arrive.due_s + HOUR_S
            promised = replace(
                visit,
                repair=Lateness(due, visit.arrive.cents, visit.arrive.per_s),
                substitute=Lateness(due, visit.arrive.cents, visit.arrive.per_s),
            )
        needing.append(replace(promised, parts=tuple(lines), loaner=grant))
    return stocked, tuple(needing), tuple(offers), stores
