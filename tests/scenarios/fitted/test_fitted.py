"""A world fitted to a region: rates, profiles, rosters and shelves that follow from its facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.desk.customer import Asset
from dispatch.region import Region
from kernel.clock import moment
from scenarios.fitted.reported import Past, a_year, demand, past, profile
from scenarios.fitted.rosters import rosters
from scenarios.fitted.world import scaled, tickets_a_week, world_of
from scenarios.run.outcome import Outcome
from scenarios.run.simulate import simulate
from scenarios.world.region import region
from scenarios.world.spec import Spec


@cache
def made() -> Region:
    """A small region with a year of history."""
    return region(
        Spec(engineers=8, visits=12, remote=4, parts=12, loaners=4, closed=600, history_months=13, depots=2),
        seed=3,
    )


def seen() -> Past:
    """Its past."""
    return past(made(), until_at=made().settings.as_of)


def test_all_assets_together_report_as_often_as_they_did() -> None:
    """Shrinking moves rates between assets of a model; it makes none more and none fewer."""
    rates = a_year(made().field.assets, seen())

    assert sum(rates.values()) * seen().years == pytest.approx(len(seen().cases))


def test_a_bad_asset_is_worse_than_its_like_but_not_as_bad_as_it_looks() -> None:
    """Regression to the mean, by how much assets of the model differ beyond chance."""
    rates = a_year(made().field.assets, seen())
    counts: dict[str, int] = dict.fromkeys((one.id for one in made().field.assets), 0)
    for case in seen().cases:
        counts[case.ticket.asset] += 1
    for model in {one.model for one in made().field.assets}:
        ids = [one.id for one in made().field.assets if one.model == model]
        mean = float(np.mean([counts[one] for one in ids]))
        for one in ids:
            fitted = rates[one] * seen().years
            low, high = min(counts[one], mean), max(counts[one], mean)
            assert low - 1e-9 <= fitted <= high + 1e-9


def test_profiles_have_mean_one() -> None:
    """They say when, not how much."""
    week, year = profile(seen(), made().settings.zone)

    assert np.mean(week) == pytest.approx(1)
    assert np.mean(year) == pytest.approx(1)
    assert np.mean(week[9:17]) > 2 * np.mean(week[:4])  # the history has working hours


@given(st.integers(1, 400))
def test_a_short_past_has_an_even_year(days: int) -> None:
    """A month that was never seen whole must not be taken for a quiet one."""
    until_at = made().settings.as_of
    short = past(made(), until_at=until_at)
    cut = tuple(c for c in short.cases if c.ticket.reported_at >= until_at - timedelta(days=days))
    found = profile(replace(short, cases=cut, from_at=until_at - timedelta(days=days)), "Asia/Shanghai")[1]

    assert all(rate > 0 for rate in found) or days > 365
    assert found == (1.0,) * 12 or days > 365


def test_a_working_day_nobody_listed_works_like_the_one_before() -> None:
    """The region lists Friday to Monday; Tuesday to Thursday are Mondays."""
    found = rosters(made(), wage_cents=5000)

    def day(weekday: int) -> list[tuple[str, int, int, int]]:
        return sorted(
            (r.engineer, r.from_min, r.until_min, r.call_out_cents) for r in found if r.weekday == weekday
        )

    assert day(0)
    assert day(1) == day(2) == day(3) == day(0)
    assert all(r.wage_cents == (0 if r.call_out_cents else 5000) for r in found)


def test_a_load_can_be_set() -> None:
    """Every source by the same factor."""
    world = world_of(made(), starts_at=moment("2026-03-09T00:00+08:00"), days=7)

    assert tickets_a_week(scaled(world, a_week=55).demand) == pytest.approx(55)
    assert tickets_a_week(world.demand) == pytest.approx(len(seen().cases) / seen().years * 7 / 365, rel=1e-6)


def test_an_asset_without_a_model_that_ever_failed_has_no_source() -> None:
    """Nothing is known of it: it is not invented."""
    new = Asset("A-NEW", made().field.sites[0].id, "NEVER-FAILED", "SN-1", "")
    more = replace(made(), field=replace(made().field, assets=(*made().field.assets, new)))

    found = demand(more, past(more, until_at=more.settings.as_of))

    assert "A-NEW" not in {source.id for source in found.sources}


def test_a_fitted_world_runs_and_its_books_balance() -> None:
    """The whole way from facts to an outcome."""
    world = scaled(
        world_of(made(), starts_at=moment("2026-03-09T00:00+08:00"), days=14, wage_cents=6000), a_week=40
    )

    found: Outcome = simulate(world, replication=0, seed=1)

    found.identities()
    assert 40 <= len(found.tickets) <= 130
