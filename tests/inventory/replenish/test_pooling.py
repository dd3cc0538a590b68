"""Own shelf, neighbour, emergency, and how many loaners: against the reference and against first principles."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.replenish.lead_time_demand import chances
from inventory.replenish.pooling import erlang_loss, pool_size, shares
from kernel.errors import Refusal


def test_erlangs_loss_meets_the_reference(reference: dict[str, Any]) -> None:
    """One offered to 0 to 5, two to two."""
    np.testing.assert_allclose(erlang_loss(1.0, highest=5), reference["erlang_loss"]["a=1"], rtol=1e-12)
    assert erlang_loss(2.0, highest=2)[2] == pytest.approx(reference["erlang_loss"]["a=2,c=2"], abs=1e-12)


@given(st.floats(0.05, 30), st.integers(0, 40))
def test_erlangs_loss_is_a_cut_off_poisson(offered: float, units: int) -> None:
    """Units out have the chances of a Poisson number cut off at the units there are."""
    chance = chances(offered, offered, highest=units)

    found = float(erlang_loss(offered, highest=units)[units])

    assert found == pytest.approx(float(chance[units] / chance.sum()), rel=1e-9)


def test_shares_of_places_that_help_each_other_meet_the_reference(reference: dict[str, Any]) -> None:
    """Two places, stock 1 and 1, 2 and 2, 2 and 1: own, lateral, emergency to six decimals."""
    for case in reference["lateral_ctmc"]:
        found = shares(case["S"], [m / case["mu"] for m in case["m"]])

        for place, (own, lateral, emergency) in enumerate(case["own_lateral_emergency"]):
            assert found.own[place] == pytest.approx(own, abs=1e-6)
            assert found.lateral[place] == pytest.approx(lateral, abs=1e-6)
            assert found.emergency == pytest.approx(emergency, abs=1e-6)


@settings(max_examples=30)
@given(
    st.lists(st.tuples(st.integers(0, 3), st.floats(0.1, 2)), min_size=2, max_size=3),
    st.randoms(use_true_random=False),
)
def test_who_gives_changes_nothing_for_all_together(places: list[tuple[int, float]], draw: Any) -> None:
    """Full pooling: whatever order of asking, units out altogether are Erlang's; own and lateral make up the rest.

    Seen from the stock: what is handed out in a lead time is what is out, place by place.
    """
    stock = [place[0] for place in places]
    demand = [place[1] for place in places]
    numbers = range(len(places))
    givers = [draw.sample([p for p in numbers if p != place], len(places) - 1) for place in numbers]

    plain = shares(stock, demand)
    other = shares(stock, demand, givers=givers)

    assert plain.emergency == other.emergency
    for found in (plain, other):
        for place in numbers:
            assert found.own[place] + found.lateral[place] + found.emergency == pytest.approx(1)
            assert 0 <= found.own[place] <= 1 - found.emergency + 1e-9
    alone = [
        1 - float(erlang_loss(load, highest=units)[units]) for units, load in zip(stock, demand, strict=True)
    ]
    # Neighbours take from the shelf what its own customers would have found, and never give it back.
    assert sum(plain.own) <= sum(alone) + 1e-9


def test_a_place_without_stock_lives_on_its_neighbour() -> None:
    """Nothing of its own: all of it lateral or emergency, and the chain is the neighbour's alone."""
    found = shares([0, 2], [0.7, 0.4])

    assert found.own[0] == pytest.approx(0)
    assert found.own[1] == pytest.approx(1 - found.emergency)
    assert found.emergency == pytest.approx(float(erlang_loss(1.1, highest=2)[2]))


def test_too_many_states_or_a_wrong_order_are_refused() -> None:
    """Exact or not at all; and an order of asking that leaves somebody out is a mistake."""
    with pytest.raises(Refusal, match=r"replenish\.too_many_states"):
        shares([9] * 6, [1.0] * 6)
    with pytest.raises(Refusal, match=r"replenish\.givers"):
        shares([1, 1, 1], [1.0] * 3, givers=[[1], [0, 2], [0, 1]])
    with pytest.raises(Refusal, match=r"replenish\.negative_stock"):
        shares([1], [1.0, 2.0])
    with pytest.raises(Refusal, match=r"replenish\.negative_load"):
        shares([1], [-1.0])


@given(st.floats(0, 3), st.floats(0, 20), st.floats(0, 3), st.floats(0.001, 0.5))
def test_a_pool_is_the_smallest_that_does(requests: float, out: float, ready: float, target: float) -> None:
    """Its share of refused requests is within the target, one unit less is not; the curve falls and goes on beyond."""
    found = pool_size(requests_a_day=requests, days_out=out, days_made_ready=ready, refused_at_most=target)

    assert found.refused <= target
    assert found.curve[found.units] == found.refused
    assert len(found.curve) > found.units + 1
    assert all(later <= earlier for earlier, later in pairwise(found.curve))
    if found.units:
        assert found.curve[found.units - 1] > target
        assert found.why.bounds["one_less"] == found.curve[found.units - 1]
    assert 0 <= found.use <= 1


def test_cleaning_time_costs_units() -> None:
    """A unit that is being made ready is not there: leaving it out would size the pool too small."""
    with_it = pool_size(requests_a_day=1, days_out=4, days_made_ready=2, refused_at_most=0.05)
    without = pool_size(requests_a_day=1, days_out=4, days_made_ready=0, refused_at_most=0.05)

    assert with_it.units > without.units


def test_a_pool_no_one_could_keep_is_refused() -> None:
    """Figures behind it are wrong."""
    with pytest.raises(Refusal, match=r"replenish\.pool_too_large"):
        pool_size(requests_a_day=1e6, days_out=30, days_made_ready=1, refused_at_most=0.1)
    with pytest.raises(Refusal, match=r"replenish\.fraction_out_of_range"):
        pool_size(requests_a_day=1, days_out=1, days_made_ready=0, refused_at_most=0)
    with pytest.raises(Refusal, match=r"replenish\.negative_load"):
        erlang_loss(-1.0, highest=1)
