"""Worlds with crews and queues, and their exact answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np

from dispatch.desk.milestone import Severity
from dispatch.policy import TravelPair
from kernel.calendars import weekly
from scenarios.exact.birth_death import by_tier, impatient, limited, machine_repair, many_servers
from scenarios.exact.crews import hypercube
from scenarios.exact.row import (
    EXPONENTIAL,
    MONDAY,
    Read,
    Row,
    busy,
    delayed,
    ended,
    mean_wait_h,
    plain,
    source,
    waiting,
    work,
)
from scenarios.exact.services import fixed_services, one_server, to_opening
from scenarios.run.outcome import Ended, Outcome
from scenarios.run.spread import Shape, Spread
from scenarios.run.world import Job, Room, Roster


def many_servers_worlds() -> list[Row]:
    """Erlang C."""
    found = []
    for arrivals, services, servers, days in ((4, 1, 5, 150), (8, 1, 10, 110), (20, 1, 24, 75)):
        exact = many_servers(arrivals, services, servers)
        world = plain(
            servers, (source("S", arrivals),), (Job("J", work(1 / services)),), days=days, warm_up_days=5
        )
        found.append(
            Row(
                f"M/M/c {arrivals}, {services}, {servers}",
                world,
                {"delay": exact.delay, "wait": exact.wait},
                {"delay": delayed, "wait": mean_wait_h},
            )
        )
    return found


def limited_worlds() -> list[Row]:
    """M/M/c/K."""
    found = []
    for arrivals, services, servers, room in ((4, 1, 3, 6), (2, 1, 2, 5), (4, 1, 5, 8)):
        exact = limited(arrivals, services, servers, room)
        world = plain(
            servers,
            (source("S", arrivals),),
            (Job("J", work(1 / services)),),
            days=50,
            warm_up_days=3,
            room=Room(most=room),
        )
        found.append(
            Row(
                f"M/M/c/K {arrivals}, {services}, {servers}, {room}",
                world,
                {"lost": exact.lost, "queue": exact.queue},
                {"lost": ended(Ended.TURNED_AWAY), "queue": waiting},
            )
        )
    return found


def one_server_worlds() -> list[Row]:
    """Pollaczek and Khinchine."""
    kinds = ((0.0, Shape.FIXED), (0.5, Shape.LOGNORMAL), (1.0, EXPONENTIAL), (2.0, Shape.TWO_EXPONENTIALS))
    return [
        Row(
            f"M/G/1 cv2 {cv2}",
            plain(
                1,
                (source("S", 0.8),),
                (Job("J", work(1, shape, cv2)),),
                days=round(300 + 300 * cv2),
                warm_up_days=15,
            ),
            {"wait": one_server(0.8, 1, cv2)},
            {"wait": mean_wait_h},
        )
        for cv2, shape in kinds
    ]


def fixed() -> list[Row]:
    """M/D/c."""
    return [
        Row(
            f"M/D/c {arrivals}, {servers}",
            plain(
                servers,
                (source("S", arrivals),),
                (Job("J", work(1, Shape.FIXED)),),
                days=round(320 / arrivals),
                warm_up_days=5,
            ),
            {"wait": fixed_services(arrivals, servers)},
            {"wait": mean_wait_h},
        )
        for arrivals, servers in ((1.6, 2), (4, 5), (8, 10))
    ]


def machines() -> list[Row]:
    """Machine repair: the office-equipment case."""
    found = []
    for machines, technicians in ((10, 1), (20, 1), (20, 2), (30, 2), (30, 3)):
        exact = machine_repair(
            machines, technicians, calls=1 / 50, repairs=1 / 2.5, down_cost=100, technician_cost=80
        )
        sources = tuple(source(f"M{n:02d}", 1 / 50, waits=True) for n in range(machines))
        world = plain(technicians, sources, (Job("J", work(2.5)),), days=100, warm_up_days=20)

        def cost(outcome: Outcome, technicians: int = technicians) -> float:
            rows, span = outcome.tickets, outcome.span
            until = np.where(rows.ended_s >= 0, rows.ended_s, span.until_s)
            down = np.clip(until, span.from_s, span.until_s) - np.clip(rows.born_s, span.from_s, span.until_s)
            return 100 * float(down.sum()) / (span.until_s - span.from_s) + 80 * technicians

        found.append(
            Row(f"machine repair {machines}, {technicians}", world, {"cost": exact.cost}, {"cost": cost})
        )
    return found


def tiers() -> list[Row]:
    """Two tiers, the first served first."""
    exact = by_tier((1, 3), 1, 5)
    jobs = (Job("J1", work(1), severity=Severity.P1), Job("J2", work(1), severity=Severity.P2))
    world = plain(
        5,
        (source("S1", 1, "J1"), source("S2", 3, "J2")),
        jobs,
        days=130,
        warm_up_days=5,
        room=Room(strict=True),
    )

    def of(severity: int) -> Read:
        def read(outcome: Outcome) -> float:
            rows = outcome.tickets
            mine = outcome.counted & (rows.set_out_s >= 0) & (rows.severity == severity)
            return float((rows.set_out_s - rows.born_s)[mine].mean()) / 3600

        return read

    return [
        Row("tiers 1, 3", world, {"first": exact[0], "second": exact[1]}, {"first": of(1), "second": of(2)})
    ]


def impatient_worlds() -> list[Row]:
    """Erlang-A."""
    exact = impatient(10, 1, 10, 0.5)
    world = plain(
        10,
        (source("S", 10),),
        (Job("J", work(1)),),
        days=30,
        warm_up_days=2,
        room=Room(patience=Spread(2.0, EXPONENTIAL)),
    )
    figures = {"delay": exact.delay, "abandon": exact.lost, "queue": exact.queue}
    return [
        Row("Erlang-A", world, figures, {"delay": delayed, "abandon": ended(Ended.GAVE_UP), "queue": waiting})
    ]


def city() -> list[Row]:
    """Larson's hypercube."""
    atoms = ((0.5, 0, (0, 1, 2)), (0.25, 0, (0, 2, 1)), (0.35, 1, (1, 0, 2)), (0.4, 2, (2, 0, 1)))
    exact = hypercube(atoms, servers=3)
    names = [f"S{n}" for n in range(len(atoms))]
    world = plain(
        3,
        tuple(source(name, rate) for name, (rate, _, _) in zip(names, atoms, strict=True)),
        (Job("J", work(1)),),
        days=200,
        warm_up_days=5,
        room=Room(idle_home=True),
    )
    # Ways of a few seconds: who is asked first, and nothing else.
    ways = tuple(
        TravelPair(f"E{server + 1:02d}", name, 1 + order.index(server), 1)
        for name, (_, _, order) in zip(names, atoms, strict=True)
        for server in order
    )
    world = replace(world, region=replace(world.region, field=replace(world.region.field, travel=ways)))

    def outside(outcome: Outcome) -> float:
        rows = outcome.tickets
        area = np.array([area for _, area, _ in atoms])[rows.site]
        mine = outcome.counted & (rows.engineer >= 0)
        return float((rows.engineer != area)[mine].mean())

    figures = {f"busy {n}": share for n, share in enumerate(exact.workloads)}
    read: dict[str, Read] = {f"busy {n}": busy(n) for n in range(3)}
    return [
        Row(
            "hypercube",
            world,
            {**figures, "delay": exact.delay, "inter-area": exact.inter_area},
            {**read, "delay": delayed, "inter-area": outside},
        )
    ]


def hours() -> list[Row]:
    """Calls at any time, people in business hours."""
    office = weekly("office", "Etc/UTC", {"mon-fri": "08:00-17:00"})
    open_share, wait = to_opening(office, MONDAY, MONDAY.replace(day=12))
    world = plain(1, (source("S", 1),), (Job("J", work(0, Shape.FIXED)),), days=7 * 20, warm_up_days=7)
    rosters = tuple(Roster(f"E01-{day}", "E01", day, 8 * 60, 17 * 60) for day in range(5))
    return [
        Row(
            "business hours",
            # It ends on a Friday noon: who came in the last night would else be left without a wait.
            replace(world, rosters=rosters, starts_at=MONDAY + timedelta(days=4, hours=12)),
            {"open": open_share, "wait": wait},
            {"open": lambda outcome: 1 - delayed(outcome), "wait": mean_wait_h},
        )
    ]
