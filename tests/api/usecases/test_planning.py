"""Planning a region: the stock review sees the plan's needs and each van's own depot."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from api.usecases.planning import plan_region
from dispatch.desk.visit import PublishedStop
from dispatch.publish import ChangeKind
from dispatch.solve import Budget
from inventory.catalogue.place import Place, PlaceKind
from inventory.catalogue.supplier import Supplier, SupplierTerms
from inventory.replenish.policy import StockPolicy
from kernel.place import LatLon
from tests import regions as build

BUDGET = Budget(seed=1, work=20)


def test_a_van_is_filled_from_its_engineers_own_depot() -> None:
    """D-0 comes first by id, but the engineers belong to D-1 and pass there every morning."""
    region = build.region()
    elsewhere = Place("D-0", PlaceKind.DEPOT, "Far", LatLon(24.5, 118.1))
    stock = replace(
        region.stock,
        places=(elsewhere, *region.stock.places),
        moves=(*region.stock.moves, build.move("M-9", "P-1", 9, "D-0"), build.move("M-8", "P-1", 9, "D-1")),
        stock_policies=(StockPolicy("P-1", "VAN-1", 0.95, 7.0, minimum=2, maximum=3),),
    )

    planned = plan_region(replace(region, stock=stock), now=None, budget=BUDGET)

    assert [
        (row.place, row.quantity, row.from_place) for row in planned.proposals if row.place == "VAN-1"
    ] == [("VAN-1", 3, "D-1")]


def test_what_the_plan_uses_is_reordered() -> None:
    """The one unit in the van goes with the visit: the review has to see it gone."""
    region = build.region()
    stock = replace(
        region.stock,
        moves=(build.move("M-2", "P-1", 1, "VAN-2"),),
        suppliers=(Supplier("SUP", "supplier", 3.0, 0.5),),
        terms=(SupplierTerms("SUP", "P-1", Decimal(90), 3.0),),
        stock_policies=(StockPolicy("P-1", "VAN-2", 0.95, 7.0, minimum=0, maximum=1),),
    )

    used = plan_region(replace(region, stock=stock), now=None, budget=BUDGET)
    idle = plan_region(
        replace(region, stock=stock, field=replace(region.field, visits=(), part_needs=())),
        now=None,
        budget=BUDGET,
    )

    assert [(row.place, row.part) for row in used.proposals] == [("D-1", "P-1"), ("VAN-2", "P-1")]
    assert idle.proposals == ()


def test_the_changes_against_the_published_plan_come_along() -> None:
    """They are what the desk acts on first."""
    told = PublishedStop("V-1", "E-1/06", build.at(16), told_at=build.at(7))

    planned = plan_region(build.region(published=(told,)), now=None, budget=BUDGET)

    assert [(change.visit, change.kind, change.told) for change in planned.changes] == [
        ("V-1", ChangeKind.MOVED, True)
    ]
