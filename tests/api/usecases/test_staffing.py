"""The search for a roster from one end to the other, on a region small enough to be searched in seconds."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from api.usecases.simulating import OneByOne
from api.usecases.staffing import Search, curves, searched, target_of
from kernel.clock import moment
from scenarios.fitted.world import scaled, world_of
from scenarios.measure.figures import Figure
from scenarios.measure.simulated import Scenario
from scenarios.staffing.lever import Prices
from scenarios.staffing.roster import hired
from scenarios.staffing.search import Estimate, Staffed
from tests.scenarios.fitted.test_fitted import made

PRICES = Prices(skill_cents=200)


@cache
def base(*, away: float = 0.02) -> Scenario:
    """A week of sixty tickets, two depots, eight people."""
    found = world_of(
        made(), starts_at=moment("2026-03-09T00:00+08:00"), days=7, warm_up_days=2, wage_cents=6000
    )
    found = replace(scaled(found, a_week=60), chance=replace(found.chance, away=away, away_h=90.0))
    return Scenario("small", ("Small", "小"), ("", ""), found)


def answer(asked: Scenario, target: str, *, people_only: bool) -> tuple[Staffed, list[Estimate]]:
    """Search it here."""
    wanted, told = target_of(target), list[Estimate]()
    assert wanted is not None
    search = Search(wanted, 0.9, 12, 1, PRICES, people_only=people_only)
    return searched(asked, search, OneByOne(), estimated=told.append), told


@pytest.mark.slow  # some hundred replications
def test_the_roster_named_keeps_the_target_on_chance_the_search_never_saw() -> None:
    """First estimate, sure, trimmed, confirmed; a roster that was compared and is cheaper is not sure."""
    found, told = answer(base(), "restore=0.6", people_only=True)

    assert told[0].tried.share.mean >= 0.6
    assert found.holds
    assert found.sure >= 0.9
    assert len(found.best.kept) == 24
    assert found.best.counts in found.shown
    assert all(len(one.kept) == 24 for one in found.others if one.counts in found.shown)
    assert 0.99 < found.best.share.mean + sum(found.lost.values()) < 1.01
    shown, lines = curves([(base(), base().world, found)])
    assert shown[lines[0][0]].engineers == hired(found.best.counts, found.shifts)
    assert all(shown[at].world.demand == base().world.demand for at in lines[0])


@pytest.mark.slow  # the largest roster with every lever
def test_a_target_no_roster_reaches_is_answered_with_the_most_there_is() -> None:
    """Nine doors of ten are closed at the first visit and opened after days: no number of people helps."""
    found, told = answer(base(away=0.9), "restore=0.95", people_only=False)

    assert told == []
    assert not found.holds
    assert found.most is not None
    assert found.best.share.mean < 0.95
    assert all(one.tried is None for one in found.options)
    assert found.best.cost[0] > 0
    assert Figure.RESTORE is target_of("restore=0.95").figure  # type: ignore[union-attr]
