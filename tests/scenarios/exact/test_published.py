"""The exact formulas give the numbers their sources print."""

from __future__ import annotations

import pytest

from kernel.calendars import weekly
from kernel.clock import moment
from scenarios.exact.birth_death import by_tier, impatient, limited, machine_repair, many_servers
from scenarios.exact.crews import hypercube, parts_then_engineers
from scenarios.exact.services import fixed_services, one_server, to_opening

SIXTH = 5e-7
"""Half of the last digit printed."""


@pytest.mark.parametrize(
    ("world", "delay", "wait"),
    [((4, 1, 5), 0.554113, 0.554113), ((8, 1, 10), 0.409180, 0.204590), ((20, 1, 24), 0.298072, 0.074518)],
)
def test_many_servers(world: tuple[float, float, int], delay: float, wait: float) -> None:
    """Erlang C."""
    found = many_servers(*world)

    assert (found.delay, found.wait) == pytest.approx((delay, wait), abs=SIXTH)


@pytest.mark.parametrize(
    ("world", "lost", "queue"),
    [
        ((4, 1, 3, 6), 0.307831, 1.558395),
        ((2, 1, 2, 5), 0.181818, 1.090909),
        ((4, 1, 5, 8), 0.073400, 0.518390),
    ],
)
def test_limited_room(world: tuple[float, float, int, int], lost: float, queue: float) -> None:
    """M/M/c/K."""
    found = limited(*world)

    assert (found.lost, found.queue) == pytest.approx((lost, queue), abs=SIXTH)


def test_one_server() -> None:
    """Pollaczek and Khinchine: 2, 3, 4, 6."""
    waits = [one_server(0.8, 1, cv2) for cv2 in (0, 0.5, 1, 2)]

    assert waits == pytest.approx([2, 3, 4, 6])


@pytest.mark.parametrize(("world", "wait"), [((1.6, 2), 0.903284), ((4, 5), 0.289060), ((8, 10), 0.109828)])
def test_fixed_services(world: tuple[float, int], wait: float) -> None:
    """M/D/c by Crommelin's chain."""
    assert fixed_services(*world) == pytest.approx(wait, abs=SIXTH)


def test_office_equipment() -> None:
    """The published field-service case: costs an hour, and 1, 2, 2 technicians for 10, 20, 30 customers."""
    cost = {
        (customers, technicians): machine_repair(
            customers, technicians, calls=1 / 50, repairs=1 / 2.5, down_cost=100, technician_cost=80
        ).cost
        for customers in (10, 20, 30)
        for technicians in (1, 2, 3)
    }

    printed = {(10, 1): 155.9, (20, 1): 397.8, (20, 2): 275.3, (30, 2): 391.9, (30, 3): 397.1}
    assert {key: round(cost[key], 1) for key in printed} == printed
    best = [min((1, 2, 3), key=lambda staff: cost[customers, staff]) for customers in (10, 20, 30)]
    assert best == [1, 2, 2]


def test_tiers() -> None:
    """Cobham's non-preemptive priorities."""
    assert by_tier((1, 3), 1, 5) == pytest.approx((0.138528, 0.692641), abs=SIXTH)


def test_abandonment() -> None:
    """Erlang-A."""
    found = impatient(10, 1, 10, 0.5)

    assert (found.delay, found.lost, found.queue) == pytest.approx((0.619655, 0.103913, 2.078264), abs=SIXTH)


def test_city() -> None:
    """Larson and Odoni, Urban Operations Research, 5.4."""
    atoms = ((0.5, 0, (0, 1, 2)), (0.25, 0, (0, 2, 1)), (0.35, 1, (1, 0, 2)), (0.4, 2, (2, 0, 1)))

    found = hypercube(atoms, servers=3)

    assert found.workloads == pytest.approx((0.5574, 0.4734, 0.4693), abs=5e-5)
    assert (found.delay, found.inter_area) == pytest.approx((0.23684, 0.4353), abs=5e-5)


@pytest.mark.parametrize(
    ("world", "emergency", "wait"),
    [
        ((1, 3, 2, 3, 0.5), 0.210526, 0.237464),
        ((1, 4, 2, 4, 0.5), 0.095238, 0.077229),
        ((2, 6, 1, 5, 0.5), 0.012085, 0.959092),
    ],
)
def test_parts_before_engineers(
    world: tuple[float, int, float, int, float], emergency: float, wait: float
) -> None:
    """Emergency calls never reach the engineers."""
    found = parts_then_engineers(*world)

    assert (found.emergency, found.wait) == pytest.approx((emergency, wait), abs=SIXTH)


def test_business_hours() -> None:
    """Monday to Friday 08-17: calls at any time."""
    office = weekly("office", "Etc/UTC", {"mon-fri": "08:00-17:00"})

    share, wait = to_opening(office, moment("2026-01-05T00:00Z"), moment("2026-01-12T00:00Z"))

    assert (share, wait) == pytest.approx((0.26786, 14.49107), abs=5e-6)
