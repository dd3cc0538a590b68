"""What was published reaches the problem: the price of changing it, locks, the freeze."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from dispatch.crew import Absence
from dispatch.desk.visit import Appointment, CrewRole, Lock, PublishedStop
from dispatch.policy import Policy
from dispatch.problem import Published, Visit
from kernel.interval import Interval
from tests import regions as build
from tests.dispatch.pose.worlds import HOUR_S, named, only, posed, under

STOP = PublishedStop("V-1", "E-2/06", build.at(10))
PRICES: dict[str, Any] = {
    "changed_engineer": Decimal(7),
    "changed_engineer_told": Decimal(70),
    "moved": Decimal(11),
    "moved_told": Decimal(110),
    "tolerance_min": 20,
}


def published(stop: PublishedStop, *, policy: dict[str, Any] | None = None, **field: Any) -> Visit:
    """The visit of the tiny region with that published stop."""
    return only(
        posed(under(build.region(published=(stop,), **field), **(PRICES if policy is None else policy)))
    )


@pytest.mark.parametrize(("told_at", "other", "moved"), [(None, 700, 1100), (build.at(7), 7000, 11_000)])
def test_changing_what_was_published_has_a_price_and_more_once_it_was_told(
    told_at: datetime | None, other: int, moved: int
) -> None:
    """A customer who was rung up has taken the morning off."""
    found = published(replace(STOP, told_at=told_at)).published

    assert found == Published(1, 2 * HOUR_S, tolerance_s=20 * 60, engineer_cents=other, moved_cents=moved)


def test_a_visit_that_was_not_published_may_go_anywhere() -> None:
    """Nobody was promised anything."""
    assert only(posed()).published is None


@pytest.mark.parametrize(("minute", "moved"), [(40, 1100), (39, 0)])
def test_a_start_that_can_no_longer_be_kept_costs_nothing_more(minute: int, moved: int) -> None:
    """It is eight: twenty past half past seven may still be within the tolerance, a minute earlier is not."""
    found = published(replace(STOP, starts_at=build.at(7, minute))).published

    assert found is not None
    assert (found.engineer_cents, found.moved_cents) == (700, moved)


def test_each_part_of_a_crew_has_its_own_place_in_the_plan() -> None:
    """The helper was promised with another engineer than the first."""
    stops = (STOP, replace(STOP, shift="E-1/06", role="helper", lock=Lock.ENGINEER))

    problem = posed(published=stops, crew_roles=(CrewRole("V-1", "helper", 30),))
    first, helper = named(problem, "V-1"), named(problem, "V-1@helper")

    assert first.published is not None
    assert helper.published is not None
    assert (first.published.engineer, helper.published.engineer) == (1, 0)
    assert (first.engineer_lock, helper.engineer_lock) == (-1, 0)


def frozen(minutes: int, stop: PublishedStop = STOP, **field: Any) -> tuple[int, int | None]:
    """Engineer and start the visit is held to with a freeze of so many minutes."""
    visit = published(stop, policy={"freeze_min": minutes}, **field)
    return visit.engineer_lock, visit.start_lock_s


@pytest.mark.parametrize(("minutes", "held"), [(0, False), (120, False), (121, True)])
def test_what_starts_within_the_freeze_stays_as_it_is(minutes: int, held: bool) -> None:
    """Ten o'clock is two hours away: half-open as every interval."""
    assert frozen(minutes) == ((1, 2 * HOUR_S) if held else (-1, None))


def test_the_freeze_does_not_hold_what_cannot_be_kept() -> None:
    """Ill, an appointment elsewhere, a skill that is missing, a start that has passed: a lock would only lose the visit."""
    ill = Absence("A-1", "E-2", Interval(build.at(9), build.at(12)), "illness")
    afternoon = Appointment("V-1", Interval(build.at(14), build.at(16)))
    hard = replace(build.region().field.visits[0], skills=(("HV", 3),))

    assert frozen(600, absences=(ill,)) == (-1, None)
    assert frozen(600, appointments=(afternoon,)) == (-1, None)
    assert frozen(600, visits=(hard,)) == (-1, None)
    assert frozen(600, replace(STOP, starts_at=build.at(7, 30))) == (-1, None)


def test_the_freeze_adds_to_a_lock_and_never_contradicts_it() -> None:
    """A locked engineer keeps his time too."""
    assert frozen(600, replace(STOP, lock=Lock.ENGINEER)) == (1, 2 * HOUR_S)


def test_the_defaults_weigh_a_told_customer_more_than_one_who_knows_nothing() -> None:
    """And neither more than any deadline of the headline scheme."""
    plain = Policy()

    assert 0 < plain.moved < plain.moved_told
    assert 0 < plain.changed_engineer < plain.changed_engineer_told
