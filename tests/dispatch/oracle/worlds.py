"""Tiny random problems with every rule in them, each rule in a good share: for the oracle.

Every problem draws which subjects it has (`SUBJECTS`), then its numbers; odd seconds and metres, so that nothing
is right by chance of rounding.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from dispatch.problem import (
    UNREACHABLE,
    Break,
    Engineer,
    Held,
    Lateness,
    LoanerCourier,
    LoanerGrant,
    Objective,
    Offer,
    Outside,
    Pace,
    PartLine,
    PlanningProblem,
    Prices,
    Published,
    Shift,
    Store,
    Visit,
    Window,
)
from tests.dispatch.oracle.draw import Draw
from tests.dispatch.oracle.drawn_links import drawn_links

HOUR = 3600
DAY = 24 * HOUR
SUBJECTS = (
    "skills", "certificates", "tools", "parts", "alternates", "offers", "without", "loaners", "windows", "locks",
    "breaks", "fetches", "pace", "links", "partners", "preferred", "barred", "territories", "published", "opens",
    "on call", "unreachable", "away", "overtime",
)  # fmt: skip
STORES = 2


def tiny(
    seed: int,
    *,
    subjects: frozenset[str] = frozenset(SUBJECTS),
    visits: int = 8,
    rest_within_s: int = 1,
) -> PlanningProblem:
    """Give a random problem of at most `visits` visits and three engineers; the same seed gives the same one.

    Args:
        seed: of the generator.
        subjects: those it may have; each is in with a chance of one half.
        visits: most visits.
        rest_within_s: how long after its first moment a break may begin; 1: at that moment only.
    """
    rng = np.random.default_rng(seed)
    drawn = frozenset(subject for subject in SUBJECTS if rng.random() < 0.5) & subjects
    draw = Draw(rng, drawn)
    count, engineers = draw.one(2, visits + 1), draw.one(1, 4)
    places = STORES + engineers + count
    travel, metres = _legs(draw, places)
    people = tuple(_engineer(draw, i) for i in range(engineers))
    if "loaners" in drawn:
        people = _with_loaners(people, seed)
    days = 1 if draw.chance(0.6) else 2
    shifts = _shifts(draw, engineers, days, rest_within_s=rest_within_s)
    offers = tuple(_offer(draw, i) for i in range(3)) if draw.has("offers") else ()
    jobs = [_visit(draw, i, (STORES + engineers + i, engineers, days), offers) for i in range(count)]
    jobs = _promised_by_partners(jobs, seed)
    links = drawn_links(draw, jobs) if draw.has("links") else ()
    linked = {v for link in links for v in (link.first, link.second)}
    return PlanningProblem(
        objective=Objective.MONEY,
        places=tuple(f"P{i:02d}" for i in range(places)),
        travel_s=travel,
        distance_m=metres,
        skills=("cooling", "power"),
        certificates=("lift",),
        tools=("crane", "meter"),
        parts=("board", "fan", "pump"),
        loaner_classes=("large", "small"),
        engineers=people,
        shifts=shifts,
        stores=tuple(_store(draw, i) for i in range(STORES)),
        offers=offers,
        visits=tuple(replace(v, outside=()) if i in linked else v for i, v in enumerate(jobs)),
        prices=Prices(
            travel_hour=draw.one(0, 6000), distance_km=draw.one(0, 80), overtime_hour=draw.one(0, 9000)
        ),
        horizon_s=2 * DAY,
        links=links,
        territories=("east", "west"),
        pace=_pace(draw) if draw.has("pace") else (),
    )


def _legs(
    draw: Draw, places: int
) -> tuple[np.ndarray[tuple[int, int], np.dtype[np.int64]], np.ndarray[tuple[int, int], np.dtype[np.int64]]]:
    """Give ways that differ there and back; none is longer than one through a third place."""
    points = draw.rng.integers(0, 25_000, (places, 2))
    metres = np.ceil(np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))).astype(np.int64)
    travel = (metres / 12 * draw.rng.uniform(1.0, 1.3, metres.shape)).astype(np.int64) + 60
    np.fill_diagonal(travel, 0)
    for through in range(places):
        travel = np.minimum(travel, travel[:, through, None] + travel[None, through])
    if draw.has("unreachable"):
        island = draw.rng.random(places) < 0.15
        cut = island[:, None] != island[None]
        travel[cut] = UNREACHABLE
        metres[cut] = 0
    return travel, metres


def _engineer(draw: Draw, i: int) -> Engineer:
    early = Held(0, -DAY, DAY)
    return Engineer(
        id=f"E{i}",
        skills=tuple((skill, draw.one(1, 4)) for skill in range(2) if draw.chance(0.8)),
        certificates=((early,) if draw.chance(0.3) else (Held(0, -DAY, 9 * DAY),))
        if draw.chance(0.8)
        else (),
        tools=tuple(Held(t, -DAY, draw.one(1, 3) * DAY) for t in range(2) if draw.chance(0.6)),
        van=tuple((part, draw.one(1, 3)) for part in range(3) if draw.chance(0.5)),
        territories=(draw.one(0, 2),) if draw.has("territories", 0.8) else (),
        away_cents=draw.one(500, 6000) if draw.chance(0.6) else None,
    )


def _promised_by_partners(jobs: list[Visit], seed: int) -> list[Visit]:
    """Let half of what was published and has partners have been promised with one; of numbers of their own."""
    rng = np.random.default_rng((seed, 2))
    found = []
    for one in jobs:
        told = one.published
        if told is not None and one.outside and rng.random() < 0.5:
            asked = one.outside[int(rng.integers(len(one.outside)))]
            start_s = asked.start_s if rng.random() < 0.7 else told.start_s
            told = replace(told, partner=asked.partner, start_s=start_s)
        found.append(replace(one, published=told))
    return found


def _with_loaners(people: tuple[Engineer, ...], seed: int) -> tuple[Engineer, ...]:
    """Let one in four have a loaner in the van; of numbers of their own, so that the rest of a problem stays as it was."""
    rng = np.random.default_rng((seed, 1))
    return tuple(
        replace(one, loaners=((int(rng.integers(2)), (f"{one.id}-a",)),)) if rng.random() < 0.25 else one
        for one in people
    )


def _shifts(draw: Draw, engineers: int, days: int, *, rest_within_s: int) -> tuple[Shift, ...]:
    shifts = []
    for engineer in range(engineers):
        for day in range(days):
            starts = day * DAY + 8 * HOUR + 900 * draw.one(0, 8)
            noon = day * DAY + 10 * HOUR + draw.one(0, 2 * HOUR)
            shifts.append(
                Shift(
                    id=f"S{engineer}-{day}",
                    engineer=engineer,
                    start_place=STORES + engineer,
                    end_place=STORES + (engineer if draw.chance(0.8) else draw.one(0, engineers)),
                    start_s=starts,
                    end_s=starts + draw.one(3 * HOUR, 8 * HOUR),
                    overtime_s=draw.one(0, 2 * HOUR) if draw.has("overtime") else 0,
                    call_out_cents=draw.one(1000, 8000) if draw.has("on call", 0.5) else 0,
                    breaks=(Break(noon, noon + rest_within_s, draw.one(900, 2700)),)
                    if draw.has("breaks", 0.7)
                    else (),
                )
            )
    return tuple(shifts)


def _store(draw: Draw, i: int) -> Store:
    opens = tuple(
        Window(day * DAY + from_s, day * DAY + from_s + draw.one(HOUR, 3 * HOUR))
        for day in range(2)
        for from_s in (8 * HOUR + draw.one(0, 2 * HOUR), 13 * HOUR)
    )
    return Store(
        id=f"D{i}",
        place=i,
        stock=tuple((part, draw.one(1, 5)) for part in range(3) if draw.chance(0.7)),
        endless=draw.chance(0.1),
        loaners=((1, (f"L{i}-a", f"L{i}-b")),) if i else ((0, ("M0-a",)), (1, ("N0-a",))),
        tools=tuple(t for t in range(2) if draw.chance(0.5)),
        pick_up_s=draw.one(300, 900),
        opens=opens if draw.has("opens", 0.7) else (),
    )


def _offer(draw: Draw, i: int) -> Offer:
    return Offer(
        id=f"O{i}",
        kind="courier",
        part=i,
        quantity=draw.one(1, 4),
        arrives_s=6 * HOUR + draw.one(0, 8 * HOUR),
        cents=draw.one(100, 3000),
        from_store=draw.one(-1, STORES),
    )


def _visit(draw: Draw, i: int, where: tuple[int, int, int], offers: tuple[Offer, ...]) -> Visit:
    place, engineers, days = where
    day = DAY * draw.one(0, days)
    due = day + draw.one(9 * HOUR, 15 * HOUR)
    windows: tuple[Window, ...] = ()
    if draw.has("windows", 0.4):
        opens = 8 * HOUR + draw.one(0, 4 * HOUR)
        length = draw.one(HOUR, 3 * HOUR)
        windows = (Window(opens, opens + length), Window(opens + DAY, opens + DAY + length))
    grant = _grant(draw) if draw.has("loaners", 0.6) else None
    promised = None
    if draw.has("published", 0.6):
        promised = Published(
            engineer=draw.one(0, engineers),
            start_s=day + draw.one(8 * HOUR, 14 * HOUR),
            tolerance_s=draw.one(0, 1800),
            engineer_cents=draw.one(0, 5000),
            moved_cents=draw.one(0, 9000),
        )
    locked = draw.has("locks", 0.25)
    return Visit(
        id=f"V{i}",
        ticket=f"T{i}",
        place=place,
        service_s=draw.one(900, 4500),
        earliest_s=day + draw.one(6 * HOUR, 11 * HOUR) if draw.chance(0.5) else 0,
        left_out=draw.one(8_000, 150_000),
        windows=windows,
        skills=((draw.one(0, 2), draw.one(1, 3)),) if draw.has("skills", 0.6) else (),
        certificates=(0,) if draw.has("certificates", 0.3) else (),
        tools=tuple(t for t in range(2) if draw.has("tools", 0.3)),
        parts=_lines(draw, offers) if draw.has("parts", 0.7) else (),
        arrive=Lateness(due - HOUR, draw.one(50, 900), draw.one(300, 1800)) if draw.chance(0.6) else None,
        repair=Lateness(due, draw.one(500, 5000), draw.one(1200, HOUR)) if draw.chance(0.8) else None,
        substitute=Lateness(due - draw.one(0, 3 * HOUR), draw.one(300, 4000), HOUR) if grant else None,
        loaner=grant,
        engineer_lock=draw.one(0, engineers) if locked and draw.chance(0.6) else -1,
        start_lock_s=day + draw.one(9 * HOUR, 13 * HOUR)
        if locked and not windows and draw.chance(0.6)
        else None,
        barred=(draw.one(0, engineers),) if draw.has("barred", 0.4) else (),
        preferred=(draw.one(0, engineers),) if draw.has("preferred", 0.6) else (),
        other_engineer_cents=draw.one(500, 5000),
        territory=draw.one(-1, 2) if draw.has("territories") else -1,
        away_s=draw.one(HOUR, 20 * HOUR) if draw.has("away", 0.4) else 0,
        fetches=(f"F{i}",) if draw.has("fetches", 0.4) else (),
        outside=_partners(draw, day) if draw.has("partners", 0.5) else (),
        published=promised,
    )


def _grant(draw: Draw) -> LoanerGrant:
    return LoanerGrant(
        classes=(0, 1) if draw.chance(0.5) else (1,),
        couriers=tuple(
            LoanerCourier(draw.one(0, 2), 0, 6 * HOUR + draw.one(0, 12 * HOUR), draw.one(50, 1500))
            for _ in range(draw.one(0, 3))
        ),
        day_cents=draw.one(200, 1500),
        stops_repair=draw.chance(0.5),
    )


def _partners(draw: Draw, day: int) -> tuple[Outside, ...]:
    return tuple(
        Outside(f"X{n}", day + draw.one(8 * HOUR, 20 * HOUR), draw.one(5_000, 40_000))
        for n in range(draw.one(1, 3))
    )


def _lines(draw: Draw, offers: tuple[Offer, ...]) -> tuple[PartLine, ...]:
    lines = []
    for part in sorted(draw.rng.choice(3, size=draw.one(1, 3), replace=False).tolist()):
        alternates = ((part + 1) % 3,) if draw.has("alternates", 0.6) else ()
        near = {part, *alternates}
        lines.append(
            PartLine(
                part,
                draw.one(1, 3),
                alternates=alternates,
                offers=tuple(k for k, offer in enumerate(offers) if offer.part in near and draw.chance(0.8)),
                without_cents=draw.one(500, 15_000) if draw.has("without", 0.6) else None,
            )
        )
    return tuple(lines)


def _pace(draw: Draw) -> tuple[Pace, ...]:
    froms = sorted(draw.one(7 * HOUR, 15 * HOUR) for _ in range(draw.one(1, 4)))
    return (Pace(0, draw.one(600, 1001)), *(Pace(from_s, draw.one(400, 1301)) for from_s in froms))
