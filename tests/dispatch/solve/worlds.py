"""Small random problems with every rule in them, for the solver's tests."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dispatch.problem import (
    Break,
    Engineer,
    Held,
    Lateness,
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

HOUR = 3600
DAY = 24 * HOUR


@dataclass(frozen=True, slots=True)
class Size:
    """How large a world is, and whether a day's breaks and unreachable legs are in it."""

    visits: int = 8
    engineers: int = 3
    days: int = 2
    stores: int = 2
    breaks: bool = True
    gaps: bool = True


def world(seed: int, size: Size, objective: Objective = Objective.MONEY) -> PlanningProblem:
    """Give a random problem; the same seed gives the same one."""
    rng = np.random.default_rng(seed)
    places = size.stores + size.engineers + size.visits
    travel, metres = _legs(rng, places, gaps=size.gaps)
    offers = tuple(
        Offer(
            id=f"O{i}",
            kind="courier",
            part=int(rng.integers(4)),
            quantity=int(rng.integers(1, 3)),
            arrives_s=int(rng.integers(0, DAY)),
            cents=int(rng.integers(500, 4000)),
            from_store=int(rng.integers(-1, size.stores)),
        )
        for i in range(3)
    )
    visits = tuple(_visit(rng, i, size, offers) for i in range(size.visits))
    return PlanningProblem(
        objective=objective,
        places=tuple(f"P{i:02d}" for i in range(places)),
        travel_s=travel,
        distance_m=metres,
        skills=("cooling", "power"),
        certificates=("lift",),
        tools=("crane", "meter"),
        parts=("board", "fan", "pump", "valve"),
        loaner_classes=("large", "small"),
        engineers=tuple(_engineer(rng, i) for i in range(size.engineers)),
        shifts=_shifts(rng, size),
        stores=tuple(_store(rng, i) for i in range(size.stores)),
        offers=offers,
        visits=visits,
        prices=Prices(travel_hour=4000, distance_km=37, overtime_hour=7000),
        horizon_s=size.days * DAY,
    )


def _legs(
    rng: np.random.Generator, places: int, *, gaps: bool
) -> tuple[np.ndarray[tuple[int, int], np.dtype[np.int64]], np.ndarray[tuple[int, int], np.dtype[np.int64]]]:
    points = rng.integers(0, 40_000, (places, 2))
    metres = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1)).astype(np.int64)
    travel = (metres / 12 * rng.uniform(1.0, 1.2, metres.shape)).astype(np.int64) + 120
    np.fill_diagonal(travel, 0)
    if gaps:
        cut = rng.random(metres.shape) < 0.03
        np.fill_diagonal(cut, val=False)
        travel[cut] = -1
        metres[cut] = 0
    return travel, metres


def _visit(rng: np.random.Generator, i: int, size: Size, offers: tuple[Offer, ...]) -> Visit:
    due = int(rng.integers(8 * HOUR, size.days * DAY))
    windows: tuple[Window, ...] = ()
    if rng.random() < 0.3:
        opens = int(rng.integers(8, 14)) * HOUR
        windows = tuple(Window(opens + day * DAY, opens + day * DAY + 3 * HOUR) for day in range(size.days))
    lines = tuple(
        PartLine(
            part,
            int(rng.integers(1, 3)),
            alternates=(int((part + 1) % 4),) if rng.random() < 0.3 else (),
            offers=tuple(k for k, offer in enumerate(offers) if offer.part == part),
        )
        for part in sorted(rng.choice(4, size=int(rng.integers(0, 3)), replace=False).tolist())
    )
    grant = None
    if rng.random() < 0.4:
        grant = LoanerGrant(
            classes=(0, 1) if rng.random() < 0.5 else (1,),
            couriers=(LoanerCourier(1, int(rng.integers(size.stores)), 7 * HOUR + i * 900, 1500),),
            day_cents=900,
            stops_repair=bool(rng.random() < 0.5),
        )
    return Visit(
        id=f"V{i:02d}",
        ticket=f"T{i:02d}",
        place=size.stores + size.engineers + i,
        service_s=int(rng.integers(1, 9)) * 900,
        earliest_s=int(rng.integers(0, 9)) * HOUR,
        left_out=int(rng.integers(20_000, 90_000)),
        windows=windows,
        skills=((int(rng.integers(2)), int(rng.integers(1, 3))),) if rng.random() < 0.6 else (),
        certificates=(0,) if rng.random() < 0.2 else (),
        tools=tuple(t for t in range(2) if rng.random() < 0.25),
        parts=lines,
        arrive=Lateness(due - 4 * HOUR, 300, 600) if rng.random() < 0.7 else None,
        repair=Lateness(due, 2000, HOUR) if rng.random() < 0.8 else None,
        substitute=Lateness(due - HOUR, 700, HOUR) if grant else None,
        loaner=grant,
        engineer_lock=int(rng.integers(size.engineers)) if rng.random() < 0.1 else -1,
        start_lock_s=int(rng.integers(9, 15)) * HOUR if rng.random() < 0.1 else None,
    )


def _engineer(rng: np.random.Generator, i: int) -> Engineer:
    return Engineer(
        id=f"E{i}",
        skills=((0, int(rng.integers(1, 3))), (1, int(rng.integers(1, 3)))),
        certificates=(Held(0, 0, int(rng.integers(10, 60)) * HOUR),) if rng.random() < 0.7 else (),
        tools=tuple(Held(t, -DAY, 9 * DAY) for t in range(2) if rng.random() < 0.5),
        van=tuple((part, int(rng.integers(1, 3))) for part in range(4) if rng.random() < 0.5),
    )


def _shifts(rng: np.random.Generator, size: Size) -> tuple[Shift, ...]:
    return tuple(
        Shift(
            id=f"S{engineer}-{day}",
            engineer=engineer,
            start_place=size.stores + engineer,
            end_place=size.stores + engineer,
            start_s=day * DAY + 8 * HOUR,
            end_s=day * DAY + 16 * HOUR,
            overtime_s=2 * HOUR,
            call_out_cents=5000 if rng.random() < 0.2 else 0,
            breaks=(Break(day * DAY + 11 * HOUR, day * DAY + 13 * HOUR, 1800),) if size.breaks else (),
        )
        for engineer in range(size.engineers)
        for day in range(size.days)
    )


def _store(rng: np.random.Generator, i: int) -> Store:
    return Store(
        id=f"D{i}",
        place=i,
        stock=tuple((part, int(rng.integers(0, 4))) for part in range(4)),
        endless=False,
        loaners=((1, (f"L{i}-a", f"L{i}-b")),) if i == 0 else ((0, (f"M{i}-a",)),),
        tools=tuple(t for t in range(2) if rng.random() < 0.7),
        pick_up_s=600,
    )


def visit_at(
    place: int,
    *,
    service_s: int = HOUR,
    earliest_s: int = 0,
    left_out: int = 50_000,
    parts: tuple[PartLine, ...] = (),
    repair: Lateness | None = None,
    substitute: Lateness | None = None,
    loaner: LoanerGrant | None = None,
) -> Visit:
    """Give a plain visit ``V<place>``."""
    return Visit(
        id=f"V{place}",
        ticket=f"T{place}",
        place=place,
        service_s=service_s,
        earliest_s=earliest_s,
        left_out=left_out,
        parts=parts,
        repair=repair,
        substitute=substitute,
        loaner=loaner,
    )


def bare(
    *,
    visits: list[Visit],
    engineers: tuple[Engineer, ...] = (Engineer("E0"), Engineer("E1")),
    shifts: tuple[Shift, ...] = (Shift("S0", 0, 0, 0, 0, 8 * HOUR), Shift("S1", 1, 0, 0, 0, 8 * HOUR)),
    stores: tuple[Store, ...] = (),
    offers: tuple[Offer, ...] = (),
) -> PlanningProblem:
    """Give a problem of nine places ten minutes apart, everyone starting at place 0."""
    travel = np.full((9, 9), 600, dtype=np.int64)
    np.fill_diagonal(travel, 0)
    return PlanningProblem(
        objective=Objective.MONEY,
        places=tuple(f"P{i}" for i in range(9)),
        travel_s=travel,
        distance_m=travel * 10,
        skills=("cooling",),
        certificates=(),
        tools=(),
        parts=("p0", "p1"),
        loaner_classes=("large",),
        engineers=engineers,
        shifts=shifts,
        stores=stores,
        offers=offers,
        visits=tuple(visits),
        prices=Prices(travel_hour=1000, distance_km=10, overtime_hour=2000),
        horizon_s=DAY,
    )
