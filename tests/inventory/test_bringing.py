"""The ways to bring a part: worked by hand once, and laws that hold for every stockroom."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from inventory.bringing.stores import Stores
from inventory.bringing.way import (
    Hindrance,
    NoWay,
    Road,
    Surroundings,
    Tariff,
    Wanted,
    Way,
    WayKind,
    best_of,
)
from inventory.catalogue.place import Place, PlaceKind
from inventory.catalogue.supplier import SupplierTerms
from inventory.stock.move import Condition
from inventory.stock.reservation import Reservation
from inventory.stockroom import Stockroom
from kernel.calendars import weekly
from tests.stock_builders import NOW, PLACES, move, stockroom

OFFICE = weekly("OFFICE", "Asia/Shanghai", {"mon-fri": "08:00-18:00"})
"""NOW is Monday 10:40 there."""
TARIFF = Tariff(Decimal(80), Decimal("1.50"), 60, Decimal(60), Decimal("0.80"), 1.0, Decimal(60))
ROADS = {
    "FUZHOU": Road(1800, 20_000),
    "XIAMEN": Road(10_800, 250_000),
    "VAN-1": Road(900, 10_000),
    "VAN-2": Road(600, 5_000),
    "ONSITE": Road(0, 0),
}
PLACES_HERE = (
    *(replace(p, pick_up_min=15, calendar="OFFICE") if p.kind is PlaceKind.DEPOT else p for p in PLACES),
    Place("VAN-2", PlaceKind.VAN, "van 2", engineer="E-2"),
)


def around(**changes: Any) -> Surroundings:
    """The roads above, the office's hours."""
    plain: dict[str, Any] = {"road": ROADS.get, "tariff": TARIFF, "calendars": {"OFFICE": OFFICE}}
    return Surroundings(**(plain | changes))


def room(units: dict[str, int], **changes: Any) -> Stockroom:
    """A stockroom with so many units at each place."""
    moves = [move(n, many, "ADJUSTMENT", place) for n, (place, many) in enumerate(units.items()) if many]
    return replace(stockroom(*moves), places=PLACES_HERE, **changes)


def at(hour: int, minute: int = 0, *, days: int = 0) -> datetime:
    """A moment of the office's Monday, or days later."""
    return NOW.replace(hour=hour - 8, minute=minute) + timedelta(days=days)


def test_every_way_worked_by_hand() -> None:
    """One unit at each place, wanted on a Monday at 10:40: what people would work out with a map and a tariff."""
    here = room(
        {"FUZHOU": 1, "XIAMEN": 1, "VAN-1": 1, "VAN-2": 1, "ONSITE": 1},
        terms=(SupplierTerms("S-1", "P-1", Decimal(100), lead_time_days=2.0, minimum=3),),
    )

    found = Stores(here, now=NOW).ways(Wanted("P-1", 1, customer="C-1", van="VAN-1"), around())

    assert [(way.kind, way.source, way.arrives_at, way.cost) for way in found.ways] == [
        # In the van of who goes, and in the cabinet at the site: there already.
        (WayKind.OWN_VAN, "VAN-1", at(10, 40), Decimal(0)),
        (WayKind.FORWARD, "ONSITE", at(10, 40), Decimal(0)),
        # A courier comes in an hour and drives 10 minutes: 80 + 5 x 1.50.
        (WayKind.OTHER_VAN, "VAN-2", at(11, 50), Decimal("87.50")),
        # Handed out in 15 minutes, driven in 30; there and back 2 x (half an hour at 60 + 20 km at 0.80).
        (WayKind.PICK_UP, "FUZHOU", at(11, 25), Decimal("92.00")),
        # In an hour at the counter, 15 minutes there, 30 on the road: 80 + 20 x 1.50.
        (WayKind.COURIER, "FUZHOU", at(12, 25), Decimal("110.00")),
        # A day to Fuzhou for 60, then as from Fuzhou; nobody waits for that courier.
        (WayKind.TRANSFER, "XIAMEN", at(11, 25, days=1), Decimal("170.00")),
        # Three are sold at least; they are with Fuzhou in two days.
        (WayKind.PURCHASE, "S-1", at(11, 25, days=2), Decimal("410.00")),
        (WayKind.COURIER, "XIAMEN", at(14, 55), Decimal("455.00")),
        (WayKind.PICK_UP, "XIAMEN", at(13, 55), Decimal("760.00")),
    ]
    assert found.closed == ()
    assert [(way.kind, way.source) for way in best_of(found.ways, 3)] == [(WayKind.OWN_VAN, "VAN-1")]
    assert {way.units for way in found.ways if way.kind is WayKind.PURCHASE} == {3}


def test_who_has_none_says_why() -> None:
    """Promised, held back, needed by its own van, another customer's, closed for good, too late: each under its name."""
    shut = replace(OFFICE, week=((),) * 7)
    here = room(
        {"FUZHOU": 1, "XIAMEN": 2, "VAN-1": 1, "ONSITE": 1},
        reservations=(Reservation("P-1", "FUZHOU", 1, "V-9"),),
        terms=(SupplierTerms("S-1", "P-1", Decimal(100), lead_time_days=2.0),),
    )
    broken = move(9, 1, "ADJUSTMENT", "VAN-2", condition=Condition.DAMAGED)
    here = replace(
        here,
        moves=(*here.moves, broken),
        places=tuple(replace(p, calendar="SHUT") if p.id == "XIAMEN" else p for p in here.places),
    )
    there = around(calendars={"OFFICE": OFFICE, "SHUT": shut}, needed={"VAN-1": 1})

    found = Stores(here, now=NOW).ways(Wanted("P-1", 1, by=at(18), customer="C-2"), there)

    assert found.ways == ()
    assert [(one.kind, one.source, one.hindrance, one.there) for one in found.closed] == [
        (WayKind.FORWARD, "ONSITE", Hindrance.OTHER_CUSTOMER, 1),
        (WayKind.PICK_UP, "FUZHOU", Hindrance.RESERVED, 1),
        (WayKind.PICK_UP, "XIAMEN", Hindrance.CLOSED, 2),
        (WayKind.COURIER, "FUZHOU", Hindrance.RESERVED, 1),
        (WayKind.COURIER, "XIAMEN", Hindrance.CLOSED, 2),
        (WayKind.OTHER_VAN, "VAN-1", Hindrance.NEEDED_THERE, 1),
        (WayKind.OTHER_VAN, "VAN-2", Hindrance.HELD_BACK, 1),
        (WayKind.TRANSFER, "XIAMEN", Hindrance.CLOSED, 2),
        (WayKind.PURCHASE, "S-1", Hindrance.TOO_LATE, 1),
    ]


def test_what_is_kept_for_it_is_free_for_it_alone() -> None:
    """The unit put aside for a visit is what is brought to it."""
    here = room({"FUZHOU": 1}, reservations=(Reservation("P-1", "FUZHOU", 1, "V-1"),), terms=())
    stores = Stores(here, now=NOW)

    own = stores.ways(Wanted("P-1", 1, demand_ref="V-1"), around())
    other = stores.ways(Wanted("P-1", 1, demand_ref="V-2"), around())

    assert [way.kind for way in own.ways] == [WayKind.PICK_UP, WayKind.COURIER]
    assert other.ways == ()


def test_what_was_asked_for_and_has_not_left_is_free_for_nobody() -> None:
    """One of two units waits to be sent: one is left, and who wants two is told that they are promised."""
    stores = Stores(room({"VAN-2": 2}, terms=()), now=NOW, aside={("P-1", "VAN-2"): 1})

    one, two = stores.ways(Wanted("P-1", 1), around()), stores.ways(Wanted("P-1", 2), around())

    assert [(way.source, way.free) for way in one.ways] == [("VAN-2", 1)]
    assert two.ways == ()
    assert [row.hindrance for row in two.closed if row.source == "VAN-2"] == [Hindrance.RESERVED]


def test_who_takes_no_order_any_more_is_no_way() -> None:
    """On his last day he still sells; on the next he is not named."""
    last = SupplierTerms("S-1", "P-1", Decimal(100), lead_time_days=2.0, last_order_on=NOW.date())
    here = room({}, terms=(last,))

    def sources(now: datetime) -> list[str]:
        stores = Stores(here, now=now, zone_name="Asia/Shanghai")
        return [way.source for way in stores.ways(Wanted("P-1", 1), around()).ways]

    assert sources(NOW) == ["S-1"]
    assert sources(NOW + timedelta(days=1)) == []


def test_nothing_leaves_before_the_store_opens() -> None:
    """Called at night, the courier waits at the counter until eight."""
    night = NOW + timedelta(hours=12)
    found = Stores(room({"FUZHOU": 1}, terms=()), now=night).ways(Wanted("P-1", 1), around())

    assert [(way.kind, way.leaves_at, way.arrives_at) for way in found.ways] == [
        (WayKind.PICK_UP, at(8, 15, days=1), at(8, 45, days=1)),
        (WayKind.COURIER, at(8, 15, days=1), at(8, 45, days=1)),
    ]


SHELVES = ("FUZHOU", "XIAMEN", "VAN-1", "VAN-2", "ONSITE")
ROOMS = st.builds(
    lambda units, kept, sold: room(
        dict(zip(SHELVES, units, strict=True)),
        reservations=tuple(Reservation("P-1", place, many, ref) for place, many, ref in kept),
        terms=(SupplierTerms("S-1", "P-1", Decimal(90), minimum=sold),) if sold else (),
    ),
    st.tuples(*(st.integers(0, 3) for _ in SHELVES)),
    st.lists(
        st.tuples(st.sampled_from(SHELVES), st.integers(1, 3), st.sampled_from(("V-1", "V-2"))), max_size=3
    ),
    st.integers(0, 3),
)
WANTED = st.builds(
    Wanted,
    st.just("P-1"),
    st.integers(1, 3),
    by=st.sampled_from((None, at(12), at(15), at(12, days=3))),
    customer=st.sampled_from(("", "C-1", "C-2")),
    demand_ref=st.sampled_from(("", "V-1")),
    van=st.sampled_from(("", "VAN-1")),
)
NEEDED = st.dictionaries(st.sampled_from(("VAN-1", "VAN-2")), st.integers(0, 3), max_size=2)


@given(ROOMS, WANTED, NEEDED, st.integers(0, 72))
def test_every_place_is_open_or_says_why_not(
    here: Stockroom, wanted: Wanted, needed: dict[str, int], hours: int
) -> None:
    """Open and closed together are every way there could be, each once; the cheapest comes first."""
    now = NOW + timedelta(hours=hours)
    found = Stores(here, now=now).ways(wanted, around(needed=needed))

    rows: list[Way | NoWay] = [*found.ways, *found.closed]
    seen = [(row.kind, row.source) for row in rows]
    from_stores = {(kind, store) for kind in (WayKind.PICK_UP, WayKind.COURIER) for store in SHELVES[:2]}
    vans = {(WayKind.OWN_VAN if v == wanted.van else WayKind.OTHER_VAN, v) for v in ("VAN-1", "VAN-2")}
    bought = {(WayKind.PURCHASE, "S-1")} if here.terms else set()
    there = {(WayKind.FORWARD, "ONSITE"), (WayKind.TRANSFER, "XIAMEN")}
    assert len(seen) == len(set(seen))
    assert set(seen) == from_stores | vans | bought | there
    assert [way.cost for way in found.ways] == sorted(way.cost for way in found.ways)


@given(ROOMS, WANTED, NEEDED, st.integers(0, 72))
def test_no_way_gives_what_is_not_free_or_comes_sooner_than_it_can(
    here: Stockroom, wanted: Wanted, needed: dict[str, int], hours: int
) -> None:
    """Less than what lies there unpromised, and never before the counter opens and the road is driven."""
    now = NOW + timedelta(hours=hours)
    stores = Stores(here, now=now)
    found = stores.ways(wanted, around(needed=needed))

    lies = {place: sum(m.quantity for m in here.moves if m.to_place == place) for place in SHELVES}
    for way in found.ways:
        assert way.units <= way.free
        assert wanted.by is None or way.arrives_at <= wanted.by
        assert way.arrives_at == way.leaves_at + timedelta(seconds=way.road.seconds)
        if way.kind is WayKind.PURCHASE:
            assert way.units >= max(wanted.units, here.terms[0].minimum)
            continue
        others = sum(
            row.quantity
            for row in here.reservations
            if row.place == way.source and row.demand_ref != wanted.demand_ref
        )
        assert way.free <= max(0, lies[way.source] - (0 if _first_kept(here, wanted, way) else others))
        if way.kind is WayKind.OTHER_VAN:
            assert way.free <= lies[way.source] - needed.get(way.source, 0)
        if way.source in SHELVES[:2]:
            collected = way.leaves_at - timedelta(minutes=15)
            assert OFFICE.is_open(collected) or way.kind is WayKind.TRANSFER
            assert collected >= now
    assert stores.open_ways(wanted, around(needed=needed)) == found.ways


def _first_kept(here: Stockroom, wanted: Wanted, way: Way) -> bool:
    """Whether more is promised there than lies there: then who was promised first is served, and the sum says nothing."""
    lies = sum(m.quantity for m in here.moves if m.to_place == way.source)
    promised = sum(row.quantity for row in here.reservations if row.place == way.source)
    return bool(wanted.demand_ref) and promised > lies


@given(ROOMS, WANTED)
def test_of_many_ways_those_are_kept_that_no_other_beats(here: Stockroom, wanted: Wanted) -> None:
    """A plan is offered the cheapest and the soonest, and nothing that is both dearer and later."""
    ways = Stores(here, now=NOW).ways(wanted, around()).ways

    kept = best_of(ways, 3)

    assert len(kept) <= 3
    if ways:
        assert kept[0].cost == min(way.cost for way in ways)
        assert kept[-1].arrives_at == min(way.arrives_at for way in ways)
    for one, following in pairwise(kept):
        assert one.cost <= following.cost
        assert one.arrives_at > following.arrives_at
