"""What inventory offers a plan: only what is free, only where a route can stop."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from dispatch.parts import Condition, Move, Supplies, ledger_of, planned_needs, posted, supplies
from dispatch.plan import Route, Source, Stop, StopKind, Supply
from inventory.catalogue.place import Place, PlaceKind
from inventory.stock.reservation import Reservation
from inventory.stock.sourcing import OfferKind, SupplyOffer
from kernel.place import LatLon
from tests import builders
from tests import regions as build


def read(**stock: Any) -> Supplies:
    """What the tiny region's stockroom, changed as said, offers."""
    return supplies(replace(build.region().stock, **stock), now=build.AS_OF)


def test_what_is_kept_for_somebody_is_not_there_for_others() -> None:
    """Two lie at the depot, one is reserved, and the van's only one is: they stand under a name of their own."""
    kept = (Reservation("P-1", "D-1", 1, "X"), Reservation("P-1", "VAN-2", 1, "X"))

    found = read(reservations=kept)

    assert [dict(shelf.stock) for shelf in found.shelves] == [{"P-1": 1, "P-1@X": 1}]
    assert found.vans == {"E-1": {}, "E-2": {"P-1@X": 1}}
    assert (found.kept("P-1", "X"), found.kept("P-1", "Y")) == (1, 0)


def test_what_leaves_for_whom_it_is_kept_is_taken_from_that_promise() -> None:
    """Else a unit of somebody else's would be kept for a visit that has its part already."""
    kept = (Reservation("P-1", "D-1", 1, "V-1"), Reservation("P-1", "D-1", 1, "V-11"))
    stock = replace(build.region().stock, reservations=kept)
    ledger = ledger_of(stock)
    going = Move(
        "M-9",
        build.AS_OF,
        "P-1",
        1,
        "D-1",
        "VAN-1",
        Condition.USABLE,
        "as planned",
        "plan",
        "plan",
        "V-1/1/van",
        "M-9",
    )

    after, _ = posted(stock, ledger, going)

    assert [row.left for row in after.reservations] == [0, 1]


def test_a_van_is_no_place_to_pick_up_at() -> None:
    """Even a van whose position is known drives about with its engineer."""
    places = build.region().stock.places
    parked = tuple(
        replace(place, at=LatLon(26.0, 119.3)) if place.kind is PlaceKind.VAN else place for place in places
    )

    found = read(places=parked)

    assert [shelf.id for shelf in found.shelves] == ["D-1"]
    assert found.vans["E-2"] == {"P-1": 1}


def test_a_shelf_without_coordinates_cannot_be_driven_to() -> None:
    """It is stock on paper until somebody says where."""
    nowhere = Place("D-0", PlaceKind.WAREHOUSE, "Somewhere")

    assert [shelf.id for shelf in read(places=(*build.region().stock.places, nowhere)).shelves] == ["D-1"]


def test_a_delivery_draws_on_a_shelf_only_when_it_leaves_one() -> None:
    """A transfer takes the depot's unit; a purchase takes nobody's."""
    offers = tuple(
        SupplyOffer(name, "P-1", kind, source, "V-1", build.at(12), Decimal(9), 1)
        for name, kind, source in (
            ("O-1", OfferKind.TRANSFER, "D-1"),
            ("O-2", OfferKind.PURCHASE, "SUP"),
        )
    )

    found = read(supply_offers=offers).deliveries["V-1"]

    assert [(one.id, one.from_shelf) for one in found] == [("O-1", "D-1"), ("O-2", "")]


def test_a_plan_needs_what_it_takes_off_vans_and_shelves_and_no_delivery() -> None:
    """A delivery is paid and on its way: counting it as demand would order it twice."""
    lines = (
        Supply("P-1", "P-1", 1, Source.VAN),
        Supply("P-2", "P-2", 2, Source.PICK_UP, "D-1"),
        Supply("P-3", "P-3", 3, Source.OFFER, "O-1"),
    )
    stops = (Stop(StopKind.PICK_UP, "D-1", 0, 0, 0), builders.at("V-1", 100, supply=lines))
    plan = builders.plan(Route("S", 0, 200, stops))

    needs = planned_needs(plan, engineers={"S": "E-1"}, vans={"E-1": "VAN-1"}, moment={"V-1": build.at(9)})

    assert [(n.part, n.place, n.quantity, n.at, n.demand_ref) for n in needs] == [
        ("P-1", "VAN-1", 1, build.at(9), "V-1"),
        ("P-2", "D-1", 2, build.at(9), "V-1"),
    ]
