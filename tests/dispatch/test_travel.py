"""Travel times follow the affine model; one direction may be closed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from dispatch.policy import TravelPair, TravelSettings
from dispatch.problem import UNREACHABLE
from dispatch.travel import travel
from kernel.errors import Refusal
from kernel.place import LatLon, geodesic_m

FUZHOU, XIAMEN, URUMQI = LatLon(26.0745, 119.2965), LatLon(24.4798, 118.0894), LatLon(43.8256, 87.6168)
SPOTS = {"site:S-1": FUZHOU, "site:S-2": XIAMEN}


def test_seconds_are_affine_in_metres() -> None:
    """137 s to get going and 56 km/h: the model measured for a city network."""
    made = travel(SPOTS, TravelSettings(start_s=137, speed_kmh=Decimal(56)))

    metres = geodesic_m(FUZHOU, XIAMEN)
    assert made.metres[0, 1] == pytest.approx(metres, rel=6e-3)
    assert made.seconds[0, 1] == pytest.approx(137 + metres * 3.6 / 56, rel=6e-3)
    assert made.seconds[0, 0] == 0


def test_a_pair_too_far_apart_is_unreachable() -> None:
    """Unreachable is a value of the matrix, not a huge number that adds up."""
    made = travel(SPOTS | {"site:S-3": URUMQI}, TravelSettings(longest_s=8 * 3600))

    assert made.seconds[made.index["site:S-1"], made.index["site:S-3"]] == UNREACHABLE
    assert made.seconds[made.index["site:S-1"], made.index["site:S-2"]] > 0


def test_a_measured_pair_overrides_its_own_direction_only() -> None:
    """Roads are not symmetric: a closed bridge may be closed one way."""
    free = travel(SPOTS, TravelSettings())

    closed = travel(SPOTS, TravelSettings(), [TravelPair("site:S-1", "site:S-2", None, 0)])

    assert closed.seconds[0, 1] == UNREACHABLE
    assert closed.seconds[1, 0] == free.seconds[1, 0]


def test_a_pair_with_an_unknown_end_is_refused() -> None:
    """A misspelt id must not silently change nothing."""
    with pytest.raises(Refusal) as refused:
        travel(SPOTS, TravelSettings(), [TravelPair("site:S-1", "site:S-9", 60, 1000)])

    assert refused.value.code == "travel.unknown_location"
