"""Coordinates are checked and distances agree with geopy."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import Refusal
from kernel.place import LatLon, geodesic_m, haversine_m, latlon, nearest

spots = st.builds(LatLon, st.floats(-80, 80), st.floats(-179, 179))


@given(spots, spots)
def test_the_matrix_agrees_with_geopy_to_six_in_a_thousand(a: LatLon, b: LatLon) -> None:
    """The sphere differs from the ellipsoid by at most 0.56 %; a swapped axis would be far off."""
    reference = geodesic_m(a, b)

    found = float(haversine_m([a], [b])[0, 0])

    assert found == pytest.approx(reference, rel=6e-3, abs=1.0)


@pytest.mark.parametrize(
    ("lat", "lon", "code"),
    [
        ("91", "0", "place.latitude_out_of_range"),
        ("-90.01", "0", "place.latitude_out_of_range"),
        ("0", "181", "place.longitude_out_of_range"),
        ("nan", "0", "place.latitude_out_of_range"),
        ("0", "inf", "place.longitude_out_of_range"),
        ("north", "east", "place.not_a_coordinate"),
        ("", "", "place.not_a_coordinate"),
    ],
)
def test_a_coordinate_off_the_earth_is_refused(lat: str, lon: str, code: str) -> None:
    """A swapped or mistyped coordinate would send someone to sea."""
    with pytest.raises(Refusal) as refused:
        latlon(lat, lon)

    assert refused.value.code == code


def test_degrees_and_minutes_are_read_through_geopy() -> None:
    """People paste what their map shows."""
    read = latlon("26 4m 0s N", "119 18m 0s E")

    assert read.lat == pytest.approx(26 + 4 / 60)
    assert read.lon == pytest.approx(119.3)


def test_the_nearest_place_is_the_one_geopy_calls_nearest() -> None:
    """Depots are proposed by distance."""
    depots = [LatLon(24.48, 118.09), LatLon(26.07, 119.30), LatLon(25.05, 117.02)]
    site = LatLon(25.43, 119.01)

    found = nearest(site, depots)

    assert found == min(range(3), key=lambda i: geodesic_m(site, depots[i]))


def test_choosing_the_nearest_of_none_is_refused() -> None:
    """An empty list has no nearest member."""
    with pytest.raises(Refusal) as refused:
        nearest(LatLon(0, 0), [])

    assert refused.value.code == "place.none_to_choose_from"
