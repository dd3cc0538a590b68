"""Worlds from the literature, made by name: small enough to be known exactly, run by the same loop as any region."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta, timezone

from dispatch.crew import Engineer
from dispatch.desk.customer import Asset, Customer, Site
from dispatch.policy import Policy, TravelPair, TravelSettings
from dispatch.region import Fieldwork, Region, Settings
from inventory.stockroom import Stockroom
from kernel.errors import Refusal
from kernel.place import LatLon
from scenarios.patch.base_file import Made
from scenarios.run.chance import QUIET
from scenarios.run.spread import Shape, Spread
from scenarios.run.world import Demand, Job, Room, Roster, Source, World

MONDAY = datetime(2026, 3, 9, tzinfo=timezone(timedelta()))
SPOT = LatLon(26.08, 119.30)
A_YEAR_H = 365 * 24

OFFICE_CALL_H, OFFICE_WORK_H = 50.0, 2.5
OFFICE_WAGE_CENTS, OFFICE_DOWN_CENTS = 8_000, 10_000


def office_equipment(*, customers: int, technicians: int) -> World:
    """Office equipment: each customer calls once in 50 hours while his machine runs, a repair takes 2.5 hours.

    A technician costs 80 an hour, a machine that stands still 100. How many technicians? One for 10 customers, two for 20 and
    for 30. The machine repair (M/M/c//N) model of the operations research textbooks; exact costs in docs/scenarios.md.

    Args:
        customers: with one machine each.
        technicians: always on duty, with no way to go.
    """
    ids = [f"C-{number:03d}" for number in range(1, customers + 1)]
    field = Fieldwork(
        customers=tuple(Customer(one, f"Customer {one}") for one in ids),
        sites=tuple(Site(one, one, SPOT, f"Customer {one}") for one in ids),
        assets=tuple(Asset(f"A-{one}", one, f"SN-{one}", "COPIER", "") for one in ids),
        engineers=tuple(_staff(technicians)),
    )
    sources = tuple(
        Source(one, one, A_YEAR_H / OFFICE_CALL_H, (("repair", 1.0),), asset=f"A-{one}", waits=True)
        for one in ids
    )
    work = Spread(OFFICE_WORK_H * 60, Shape.EXPONENTIAL)
    made = _textbook(field, Demand(sources, (Job("repair", work),)), wage_cents=OFFICE_WAGE_CENTS)
    return replace(made, down_hour_cents=OFFICE_DOWN_CENTS)


CITY = (("A1-near-2", 0.50, "123"), ("A1-near-3", 0.25, "132"), ("A2", 0.35, "213"), ("A3", 0.40, "312"))
"""Places calls come from: calls an hour, and the servers in order of preference."""


def three_server_city() -> World:
    """Larson's city of three response areas: 1.5 calls an hour, one hour each, the nearest idle server goes.

    Workloads .5574, .4734, .4693; calls that wait .23684. Source: Larson and Odoni, Urban Operations Research (1981), 5.4.
    Ways are a second apart: they order the servers and take no time that counts.
    """
    names = [place for place, _, _ in CITY]
    staff = tuple(_staff(3))
    ways = [
        TravelPair(origin, place, 1 + order.index(server), 1)
        for place, _, order in CITY
        for server in order
        for origin in (f"E{server:0>2}",)
    ]
    between = [TravelPair(one, other, 1, 1) for one in names for other in names if one != other]
    back = [TravelPair(place, one.id, 1, 1) for place in names for one in staff]
    field = Fieldwork(
        customers=(Customer("CITY", "City"),),
        sites=tuple(Site(place, "CITY", SPOT, place) for place in names),
        engineers=staff,
        travel=(*ways, *between, *back),
    )
    sources = tuple(Source(place, place, rate * A_YEAR_H, (("call", 1.0),)) for place, rate, _ in CITY)
    demand = Demand(sources, (Job("call", Spread(60, Shape.EXPONENTIAL)),))
    made = _textbook(field, demand, wage_cents=0)
    return replace(made, room=Room(idle_home=True))


def _staff(count: int) -> list[Engineer]:
    return [Engineer(f"E{number:02d}", "", SPOT) for number in range(1, count + 1)]


def _textbook(field: Fieldwork, demand: Demand, *, wage_cents: int) -> World:
    """A world without roads, hours or papers: everybody is always there."""
    settings = Settings(
        "library",
        "Library",
        MONDAY,
        "Etc/UTC",
        "USD",
        1,
        Policy(),
        TravelSettings(start_s=0),
    )
    always = tuple(
        Roster(f"{one.id}-{day}", one.id, day, 0, 1440, wage_cents=wage_cents)
        for one in field.engineers
        for day in range(7)
    )
    return World(Region(settings, field, Stockroom()), MONDAY, 365, always, demand, QUIET)


_MADE: Mapping[str, tuple[Callable[..., World], Mapping[str, tuple[int, int]]]] = {
    "office-equipment": (office_equipment, {"customers": (1, 500), "technicians": (1, 100)}),
    "three-server-city": (three_server_city, {}),
}
"""By name: what makes it, and the least and most of each number it needs."""


def made_world(made: Made, /) -> World:
    """Make a world of the library.

    Raises:
        Refusal: ``scenario.unknown_choice`` for a name, ``scenario.missing_key``, ``scenario.unknown_key`` and
            ``scenario.out_of_range`` for its numbers.
    """
    if made.name not in _MADE:
        raise Refusal(
            "scenario.unknown_choice", at=made.at, key="made", value=made.name[:60], choices=", ".join(_MADE)
        )
    make, bounds = _MADE[made.name]
    numbers = dict(made.numbers)
    for name, (least, most) in bounds.items():
        if name not in numbers:
            raise Refusal("scenario.missing_key", at=made.at, key=f"numbers.{name}")
        if not least <= numbers[name] <= most:
            raise Refusal(
                "scenario.out_of_range", at=made.at, name=name, value=numbers[name], least=least, most=most
            )
    for name in numbers:
        if name not in bounds:
            raise Refusal("scenario.unknown_key", at=made.at, key=name[:60], known=", ".join(bounds) or "-")
    return make(**numbers)
