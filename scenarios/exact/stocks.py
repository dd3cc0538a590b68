"""Worlds with parts and loaners, and their exact answers."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from dispatch.desk.customer import Site
from dispatch.policy import TravelSettings
from inventory.catalogue.loaner import LoanerClass, LoanerUnit
from inventory.catalogue.part import Part, PartKind
from inventory.catalogue.place import Place, PlaceKind
from inventory.replenish.echelon import base_backorders, two_echelon
from inventory.replenish.lead_time_demand import backorders, chances
from inventory.replenish.pooling import erlang_loss
from inventory.stockroom import Stockroom
from kernel.place import LatLon
from scenarios.exact.crews import parts_then_engineers
from scenarios.exact.row import (
    EXPONENTIAL,
    HERE,
    WEEK_H,
    Row,
    ended,
    filled,
    mean_wait_h,
    no_loaner,
    plain,
    short,
    source,
    work,
)
from scenarios.run.chance import QUIET
from scenarios.run.outcome import Ended
from scenarios.run.spread import Shape, Spread
from scenarios.run.world import Job, PartChance, Room, Shelf


def loaners() -> list[Row]:
    """Erlang-B as a loaner pool."""
    found = []
    cases = [(f"{a}, {c}", float(a), c, 1.0) for a, c in ((1, 2), (3, 5), (8, 10), (20, 24))]
    cases += [(f"3 a week, 10 days, {c} units", 3 / 7 * 10, c, 10.0) for c in (6, 8)]
    for name, offered, units, stays in cases:
        stock = Stockroom(
            places=(Place("D", PlaceKind.DEPOT, "D", HERE),),
            loaner_classes=(LoanerClass("L", "L", (), Decimal(0)),),
            loaner_units=tuple(LoanerUnit(f"U{n}", "L", "D") for n in range(units)),
        )
        chance = replace(QUIET, loan_days=Spread(stays, EXPONENTIAL))
        world = plain(
            1,
            (source("S", offered / stays / 24, asset="A"),),
            (Job("J", work(0, Shape.FIXED), remote=1.0),),
            days=round((600 if offered < 5 else 200) * stays),
            warm_up_days=round(10 * stays),
            stock=stock,
            chance=chance,
        )
        exact = {"lost": float(erlang_loss(offered, highest=units)[units])}
        found.append(Row(f"Erlang-B {name}", world, exact, {"lost": no_loaner}))
    return found


def _stocked(*, places: tuple[Place, ...] | None = None) -> Stockroom:
    return Stockroom(
        parts=(Part("P", "Part", PartKind.CONSUMABLE, Decimal(1), 1),),
        places=places or (Place("D", PlaceKind.DEPOT, "D", HERE),),
    )


def palm() -> list[Row]:
    """Palm's one store."""
    found = []
    for level in range(6):
        world = plain(
            1,
            (source("S", 2 / 24),),
            (Job("J", work(0, Shape.FIXED), parts=(PartChance("P", 1.0),)),),
            days=1200 if level < 4 else 2400,
            warm_up_days=20,
            stock=_stocked(),
            shelves=(Shelf("P", "D", level, lead_days=1),),
        )
        at_once = float(chances(2, 2, highest=max(0, level - 1)).sum()) if level else 0.0
        exact = {"backorders": float(backorders(2, 2, highest=level)[level]), "fill": at_once}
        found.append(Row(f"Palm {level}", world, exact, {"backorders": short, "fill": filled}))
    return found


def echelons() -> list[Row]:
    """A depot and four bases."""
    bases = [f"B{n}" for n in range(4)]
    spots = {name: LatLon(26.0 + n, 119.0) for n, name in enumerate(["W", *bases])}
    found = []
    for depot in (0, 1, 2, 4):
        model = two_echelon([[0.5] * 4], depot_lead=1.0, base_lead=0.5)
        exact = float(base_backorders(model, depot_stock=depot, base_stock=1)[0, depot, 0, 1])
        places = (
            Place("W", PlaceKind.WAREHOUSE, "W", spots["W"]),
            *(Place(name, PlaceKind.DEPOT, name, spots[name]) for name in bases),
        )
        shelves = (
            Shelf("P", "W", depot, lead_days=7),
            *(Shelf("P", name, 1, upstream="W", lead_days=3.5) for name in bases),
        )
        world = plain(
            1,
            tuple(source(name, 0.5 / WEEK_H) for name in bases),
            (Job("J", work(0, Shape.FIXED), parts=(PartChance("P", 1.0),)),),
            days=7_000,
            warm_up_days=140,
            stock=_stocked(places=places),
            shelves=shelves,
            room=Room(lateral=False),
        )
        # A second from anywhere to anywhere: which depot a base's customers belong to, and nothing else.
        sites = tuple(Site(name, "C", spots[name]) for name in bases)
        fast = TravelSettings(start_s=0, speed_kmh=Decimal(10**7))
        region = replace(
            world.region,
            field=replace(world.region.field, sites=sites),
            settings=replace(world.region.settings, travel=fast),
        )
        found.append(
            Row(
                f"two echelons {depot}",
                replace(world, region=region),
                {"backorders": exact},
                {"backorders": lambda outcome: short(outcome) / 4},
            )
        )
    return found


def parts_first() -> list[Row]:
    """A part, then an engineer, with an emergency channel."""
    found = []
    for arrivals, stock, replenishment, engineers, services, days in (
        (1, 3, 2, 3, 0.5, 250),
        (1, 4, 2, 4, 0.5, 350),
        (2, 6, 1, 5, 0.5, 250),
    ):
        exact = parts_then_engineers(arrivals, stock, replenishment, engineers, services)
        world = plain(
            engineers,
            (source("S", arrivals),),
            (Job("J", work(1 / services), parts=(PartChance("P", 1.0),)),),
            days=days,
            warm_up_days=5,
            stock=_stocked(),
            shelves=(Shelf("P", "D", stock, lead_days=replenishment / 24),),
            room=Room(part_lost=True),
            chance=replace(QUIET, lead=Spread(1.0, EXPONENTIAL)),
        )
        found.append(
            Row(
                f"parts and engineers {arrivals}, {stock}, {replenishment}, {engineers}, {services}",
                world,
                {"emergency": exact.emergency, "wait": exact.wait},
                {"emergency": ended(Ended.TURNED_AWAY), "wait": mean_wait_h},
            )
        )
    return found
