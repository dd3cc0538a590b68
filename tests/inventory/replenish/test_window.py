"""The chance that a part is there in time: against the reference, plain sums, and a played-through depot and bases."""

from __future__ import annotations

from itertools import pairwise
from math import comb
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from inventory.replenish.lead_time_demand import chances
from inventory.replenish.window import why_within, why_within_two_echelon, within, within_two_echelon
from kernel.errors import Refusal


def test_windows_of_depot_and_bases_meet_the_reference(reference: dict[str, Any]) -> None:
    """Three bases, seven windows from none over four hours to five days, to five decimals."""
    case = reference["sla_window_two_echelon"]

    found = [
        within_two_echelon(
            [case["lam"]],
            depot_lead=case["L0"],
            base_lead=[case["l"]],
            depot_stock=case["S0"],
            base_stock=[case["S"]],
            window=window,
        )[0]
        for window in case["windows_days"]
    ]

    np.testing.assert_allclose(np.transpose(found), case["p"], rtol=0, atol=5e-6)


@given(st.floats(0.05, 3), st.floats(0.1, 5), st.integers(0, 8), st.floats(0, 6))
def test_one_place_is_the_plain_sum(demand: float, lead: float, stock: int, window: float) -> None:
    """There unless S or more were asked for in what is left of the lead time."""
    found = float(within([demand], lead=lead, stock=stock, window=window)[0])

    if window >= lead:
        assert found == 1
    else:
        mean = demand * (lead - window)
        assert found == pytest.approx(float(chances(mean, mean, highest=20)[:stock].sum()), abs=1e-12)


@settings(max_examples=25)
@given(
    st.lists(st.tuples(st.floats(0.05, 0.6), st.floats(0.2, 2), st.integers(0, 3)), min_size=1, max_size=3),
    st.floats(0.5, 5),
    st.integers(0, 5),
    st.floats(0, 7),
)
def test_two_echelons_are_the_plain_sum(
    bases: list[tuple[float, float, int]], lead: float, depot_stock: int, window: float
) -> None:
    """Binomial shares of everything owed, written out, before and after the way from the depot is over."""
    rate = [base[0] for base in bases]
    way = [base[1] for base in bases]
    held = [base[2] for base in bases]

    found = within_two_echelon(
        [rate], depot_lead=lead, base_lead=[way], depot_stock=depot_stock, base_stock=[held], window=window
    )[0]

    for base, (own_rate, own_way, stock) in enumerate(bases):
        p = own_rate / sum(rate)
        late = max(0.0, window - own_way)
        if late >= lead:
            assert found[base] == 1
            continue
        mean = sum(rate) * max(0.0, lead - late)
        depot = chances(mean, mean, highest=60)
        coming = own_rate * max(0.0, own_way - window)
        own = np.cumsum(chances(coming, coming, highest=10))
        total = 0.0
        for asked, chance in enumerate(depot):
            if window >= own_way and asked < depot_stock:
                total += float(chance)
                continue
            owed = max(0, asked - depot_stock)
            for ours in range(min(owed, stock - 1) + 1):
                share = comb(owed, ours) * p**ours * (1 - p) ** (owed - ours)
                total += float(chance * share * own[stock - 1 - ours])
        assert found[base] == pytest.approx(total, abs=1e-9)


@settings(max_examples=25)
@given(st.floats(0.1, 0.6), st.floats(0.1, 0.6), st.integers(0, 4), st.integers(0, 3))
def test_a_longer_window_and_more_stock_never_hurt(
    here: float, there: float, depot_stock: int, base_stock: int
) -> None:
    """More time, a unit more at the depot, a unit more at the base: each is at least as good for the base."""

    def chance(window: float, depot: int, base: int) -> float:
        return float(
            within_two_echelon(
                [[here, there]],
                depot_lead=3.0,
                base_lead=1.0,
                depot_stock=depot,
                base_stock=[[base, 1]],
                window=window,
            )[0, 0]
        )

    by_window = [chance(window, depot_stock, base_stock) for window in (0, 0.5, 0.99, 1, 2, 4)]

    assert all(later >= earlier - 1e-9 for earlier, later in pairwise(by_window))
    assert by_window[-1] == pytest.approx(1)
    assert chance(0.5, depot_stock + 1, base_stock) >= by_window[1] - 1e-9
    assert chance(0.5, depot_stock, base_stock + 1) >= by_window[1] - 1e-9


def waits(
    times: NDArray[np.float64],
    place: NDArray[np.int64],
    stocks: list[int],
    *,
    way: float,
    depot_stock: int,
    depot_lead: float,
) -> NDArray[np.float64]:
    """How long each request waits when every unit is followed: no formula, only first come first served."""
    # The depot sends the unit for order n when the one it ordered S0 orders earlier is back.
    earlier = np.concatenate((np.full(depot_stock, -np.inf), times))[: len(times)]
    sent = np.maximum(times, earlier + depot_lead)
    found = np.empty(len(times))
    for base, stock in enumerate(stocks):
        mine = np.flatnonzero(place == base)
        arrives = sent[mine] + way
        served = np.concatenate((np.full(stock, -np.inf), arrives))[: len(mine)]
        found[mine] = np.maximum(0.0, served - times[mine])
    return found


def test_the_chance_is_what_following_every_unit_gives() -> None:
    """Four hundred thousand requests played through; the formula lies within five standard errors of every share."""
    draw = np.random.default_rng(20)
    rate, stocks = np.array([0.5, 0.3, 0.2]), [2, 1, 0]
    requests = 400_000
    times = np.cumsum(draw.exponential(1 / rate.sum(), requests))
    place = draw.choice(3, requests, p=rate / rate.sum())

    waited = waits(times, place, stocks, way=1.0, depot_stock=8, depot_lead=10.0)

    for window in (0.0, 1 / 6, 0.5, 1.0, 2.0, 5.0):
        formula = within_two_echelon(
            [rate], depot_lead=10.0, base_lead=1.0, depot_stock=8, base_stock=[stocks], window=window
        )[0]
        for base in range(3):
            mine = waited[place == base]
            # Requests close in time wait together: about one in twenty is independent of the one before.
            error = np.sqrt(0.25 / (len(mine) / 20))
            assert float((mine <= window + 1e-9).mean()) == pytest.approx(formula[base], abs=5 * error)


def test_the_traces_hold_the_chance_between_its_bounds() -> None:
    """What an empty depot, and one that never lacks any, would bring."""
    one = why_within(1.0, lead=2.0, stock=3, window=0.5)
    two = why_within_two_echelon(
        [0.5, 0.3, 0.2],
        base=0,
        depot_lead=10.0,
        base_lead=1.0,
        depot_stock=8,
        base_stock=[2, 1, 0],
        window=0.5,
    )

    assert float(one.bounds["one_less"]) < float(one.result["chance"])
    assert two.inputs["others"] == pytest.approx(0.5)
    assert float(two.bounds["without_depot"]) < float(two.result["chance"])
    assert float(two.result["chance"]) < float(two.bounds["never_short"])


def test_a_window_in_the_past_is_refused() -> None:
    """Nobody is served before he asks."""
    with pytest.raises(Refusal, match=r"replenish\.window_negative"):
        within([1.0], lead=1, stock=1, window=-1)
