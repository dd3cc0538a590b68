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
        loaner_courier: sending one loaner by courier, fixed part.
        loaner_courier_km: the same, per kilometre from the depot.
        loaner_prepare_min: minutes from the decision until a loaner leaves the depot by courier.
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


@dataclass(frozen=True, slots=True)
class TravelSettings:
    """The affine time model: seconds = `start_s` + metres × `detour` / (`speed_kmh` / 3.6).

    137 s and 56 km/h fit a real city network to 18.7 % (straight-line metres, detour 1). Pairs farther
    apart than `longest_s` are unreachable.
    """

    start_s: int = 137
    speed_kmh: Decimal = Decimal(56)
    detour: Decimal = Decimal(1)
    longest_s: int = 8 * 3600


@dataclass(frozen=True, slots=True)
class TravelPair:
    """A measured or closed road between two locations, in one direction; overrides the model.

    `seconds` None: unreachable. Locations are ids of sites or places, or an engineer's id for a home.
    """

    origin: str
    destination: str
    seconds: int | None
    metres: int
