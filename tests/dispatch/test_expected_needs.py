"""What open visits will take before a plan says from where."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from dispatch.crew import Engineer, Shift
from dispatch.desk.customer import Site
from dispatch.desk.visit import Appointment, PartNeed, PublishedStop, Visit
from dispatch.expected_needs import expected_needs
from dispatch.region import Fieldwork, Region, Settings
from kernel.interval import Interval
from kernel.place import LatLon
from tests.stock_builders import NOW, move, stockroom

HOUR = timedelta(hours=1)
FIELD = Fieldwork(
    sites=(Site(id="QUANZHOU", customer="C-1", at=LatLon(24.87, 118.68)),),
    engineers=(Engineer("E-1", "FUZHOU", LatLon(26.0, 119.3), van="VAN-1"),),
    shifts=(Shift("S-1", "E-1", Interval(NOW, NOW + 8 * HOUR)),),
    visits=(Visit(id="V-1", ticket="T-1", site="QUANZHOU", duration_min=60),),
    part_needs=(PartNeed("V-1", "P-1", 2),),
)
PUBLISHED = (PublishedStop("V-1", "S-1", NOW + 3 * HOUR),)


def needs(*, in_van: int = 0, **changes: Any) -> list[tuple[str, int, float, str]]:
    """Place, quantity, hours from now and reference of every need."""
    moves = (move(1, in_van, "ADJUSTMENT", "VAN-1"),) if in_van else ()
    settings = Settings("R", "region", NOW, "Asia/Shanghai", "CNY", horizon_days=3)
    region = Region(settings, replace(FIELD, **changes), stockroom(*moves))
    found = expected_needs(region, now=NOW)
    return [(row.place, row.quantity, (row.at - NOW) / HOUR, row.demand_ref) for row in found]


def test_an_unpublished_visit_is_expected_at_the_nearest_depot() -> None:
    """Quanzhou is nearer to Xiamen; without any time the need is there now."""
    assert needs() == [("XIAMEN", 2, 0, "V-1")]


def test_it_is_expected_when_the_work_may_start() -> None:
    """The later of the visit's own earliest start and the first appointment."""
    later = (replace(FIELD.visits[0], earliest_at=NOW + 2 * HOUR),)
    windows = tuple(
        Appointment("V-1", Interval(NOW + start * HOUR, NOW + (start + 1) * HOUR)) for start in (9, 5)
    )

    assert needs(visits=later) == [("XIAMEN", 2, 2, "V-1")]
    assert needs(visits=later, appointments=windows) == [("XIAMEN", 2, 5, "V-1")]


def test_a_published_visit_takes_from_the_van_when_the_van_has_it() -> None:
    """The published engineer at the published time; his depot when the van does not hold enough."""
    assert needs(published=PUBLISHED, in_van=2) == [("VAN-1", 2, 3, "V-1")]
    assert needs(published=PUBLISHED, in_van=1) == [("FUZHOU", 2, 3, "V-1")]


def test_one_van_does_not_serve_two_visits_with_the_same_part() -> None:
    """What the first takes is gone for the second."""
    visits = (*FIELD.visits, replace(FIELD.visits[0], id="V-2"))
    lines = (*FIELD.part_needs, PartNeed("V-2", "P-1", 2))
    stops = (*PUBLISHED, PublishedStop("V-2", "S-1", NOW + 5 * HOUR))

    found = needs(visits=visits, part_needs=lines, published=stops, in_van=3)

    assert found == [("VAN-1", 2, 3, "V-1"), ("FUZHOU", 2, 5, "V-2")]
