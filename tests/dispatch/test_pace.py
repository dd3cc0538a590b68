"""The road's speed by time of day, in ticks from now."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from dispatch.board import Board
from dispatch.policy import TravelSettings
from dispatch.pose import problem_of
from dispatch.problem import Pace
from tests import regions as build
from tests.dispatch.pose.worlds import HOUR_S

RUSH = ((7 * 60 + 30, 650), (9 * 60, 1000), (17 * 60, 700), (19 * 60, 1000))


def paced(pace: tuple[tuple[int, int], ...], *, hours: int = 0) -> tuple[Pace, ...]:
    """The pace of the tiny region so many hours after eight."""
    region = build.region()
    settings = replace(region.settings, travel=TravelSettings(pace=pace))
    later = region.settings.as_of + timedelta(hours=hours)
    return problem_of(Board.of(replace(region, settings=settings), now=later)).pace


def test_the_pace_begins_now_and_changes_at_the_hours_of_the_region() -> None:
    """It is eight, in the morning rush: an hour of it is left; the evening's begins nine hours from now."""
    first, second, third, *_ = paced(RUSH)

    assert (first, second, third) == (Pace(0, 650), Pace(HOUR_S, 1000), Pace(9 * HOUR_S, 700))


def test_before_the_first_hour_of_the_day_the_last_of_yesterday_holds() -> None:
    """At midnight the evening is over and the morning has not begun."""
    night = paced(((6 * 60, 800), (22 * 60, 950)), hours=16)

    assert night[:2] == (Pace(0, 950), Pace(6 * HOUR_S, 800))


def test_full_speed_all_day_is_no_pace() -> None:
    """A problem without it is the one it was."""
    assert paced(()) == ()
    assert paced(((0, 1000), (12 * 60, 1000))) == ()


@given(
    st.dictionaries(st.integers(0, 1439), st.sampled_from([300, 700, 1000]), min_size=1, max_size=6),
    st.integers(0, 60),
)
def test_at_every_moment_it_is_the_pace_of_the_local_clock(daily: dict[int, int], hours: int) -> None:
    """Whatever hour now is: sorted, from the beginning on, nothing said twice."""
    pace = tuple(sorted(daily.items()))
    found = paced(pace, hours=hours) or (Pace(0, 1000),)
    now = build.AS_OF + timedelta(hours=hours)

    assert found[0].from_s == 0
    assert all(a.from_s < b.from_s and a.per_mille != b.per_mille for a, b in pairwise(found))
    for minute in range(0, 72 * 60, 37):
        local = (now + timedelta(minutes=minute)).astimezone(ZoneInfo("Asia/Shanghai"))
        clock = local.hour * 60 + local.minute
        expected = next((speed for at, speed in reversed(pace) if at <= clock), pace[-1][1])
        said = next(one.per_mille for one in reversed(found) if one.from_s <= minute * 60)
        assert said == expected
