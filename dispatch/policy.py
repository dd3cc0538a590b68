"""What a region weighs its plans with: money, readable by a manager. TOML in `region.toml`, table `policy`."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Policy:
    """Prices of a plan, in the region's currency.

    Args:
        travel_hour: an hour on the road (fuel and vehicle; wages are paid anyway).
        distance_km: a kilometre.
        overtime_hour: an hour past the end of a shift.
        left_out: a visit left out of the horizon, by severity P1 to P4.
        late_hour: a started hour past a timed milestone whose scheme names no breach remedy.
        loaner_courier: sending one loaner, or parts for one visit, by courier, fixed part.
        loaner_courier_km: the same, per kilometre from where they lie.
        loaner_prepare_min: minutes from the decision until a loaner leaves the depot by courier, or he collects parts.
        second_visit: a second trip because a part that may be needed was not taken along.
        other_engineer: an engineer the customer did not ask for, where he asked for some.
        changed_engineer, changed_engineer_told: another engineer than published; after the customer was told.
        moved, moved_told: a start moved by more than `tolerance_min` from the published one; after the customer was told.
        tolerance_min: a start moved by no more than this is not moved.
        freeze_min: minutes from now in which published visits keep engineer and time; 0: none do.
        stretch_min: longest time one engineer works on continuous work before relief.
        handover_min: minutes in which both are there.
        fetch_min: minutes it takes to fetch back a loaner.
    """

    travel_hour: Decimal = Decimal(60)
    distance_km: Decimal = Decimal("0.80")
    overtime_hour: Decimal = Decimal(120)
    left_out: dict[str, Decimal] = field(
        default_factory=lambda: {
            "P1": Decimal(20000),
            "P2": Decimal(12000),
            "P3": Decimal(6000),
            "P4": Decimal(3000),
        }
    )
    late_hour: Decimal = Decimal(100)
    loaner_courier: Decimal = Decimal(80)
    loaner_courier_km: Decimal = Decimal("1.50")
    loaner_prepare_min: int = 60
    second_visit: Decimal = Decimal(400)
    other_engineer: Decimal = Decimal(60)
    changed_engineer: Decimal = Decimal(20)
    changed_engineer_told: Decimal = Decimal(60)
    moved: Decimal = Decimal(20)
    moved_told: Decimal = Decimal(120)
    tolerance_min: int = 15
    freeze_min: int = 0
    stretch_min: int = 480
    handover_min: int = 30
    fetch_min: int = 15


@dataclass(frozen=True, slots=True)
class TravelSettings:
    """The affine time model: seconds = `start_s` + metres × `detour` / (`speed_kmh` / 3.6).

    137 s and 56 km/h fit a real city network to 18.7 % (straight-line metres, detour 1). Pairs farther
    apart than `longest_s` are unreachable. `pace` is the road's speed by time of day: (minute of the local day it
    begins, per mille of full speed), in order, the last one until the first of the next day; empty: always full.
    """

    start_s: int = 137
    speed_kmh: Decimal = Decimal(56)
    detour: Decimal = Decimal(1)
    longest_s: int = 8 * 3600
    pace: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class TravelPair:
    """A measured or closed road between two locations, in one direction; overrides the model.

    `seconds` None: unreachable. Locations are ids of sites or places, or an engineer's id for a home.
    """

    origin: str
    destination: str
    seconds: int | None
    metres: int
