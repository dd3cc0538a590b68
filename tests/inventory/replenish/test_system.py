"""Stock of all parts together: the best for the money, and how far from the best it can be."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.replenish.echelon import base_backorders, two_echelon
from inventory.replenish.lead_time_demand import backorders
from inventory.replenish.system import curves, down_to, place_steps, within_budget
from kernel.errors import Refusal

PARTS = st.lists(
    st.tuples(st.floats(0.1, 3), st.floats(0.6, 3), st.integers(1, 9), st.sampled_from([1.0, 3.0, 9.0])),
    min_size=1,
    max_size=3,
)


def short_of(mean: list[float], variance: list[float], weight: list[float], units: tuple[int, ...]) -> float:
    """Weighted units short on average with these base stocks."""
    return sum(
        w * float(backorders(m, v, highest=stock + 1)[stock])
        for m, v, w, stock in zip(mean, variance, weight, units, strict=True)
    )


@settings(max_examples=40)
@given(PARTS, st.floats(0, 40))
def test_a_budget_is_kept_and_nearly_nothing_better_can_be_had_for_it(
    parts: list[tuple[float, float, int, float]], money: float
) -> None:
    """Every other stock for this money tried: none is below the bound, and the choice costs what it says."""
    mean = [part[0] for part in parts]
    variance = [part[0] * part[1] for part in parts]
    price = [float(part[2]) for part in parts]
    weight = [part[3] for part in parts]

    chosen = within_budget(place_steps(mean, variance, price=price, weight=weight), money=money)
    tried = [
        short_of(mean, variance, weight, units)
        for units in product(range(8), repeat=len(parts))
        if sum(p * n for p, n in zip(price, units, strict=True)) <= money
    ]

    assert chosen.money <= money * (1 + 1e-9)
    assert chosen.money == pytest.approx(float(np.dot(price, chosen.units)))
    assert chosen.short == pytest.approx(
        short_of(mean, variance, weight, tuple(chosen.units.tolist())), abs=1e-9
    )
    assert chosen.at_best <= min(tried) + 1e-9
    assert chosen.at_best <= chosen.short + 1e-9


@settings(max_examples=40)
@given(PARTS, st.floats(0.05, 1))
def test_a_target_is_reached_and_no_cheaper_stock_has_less_short(
    parts: list[tuple[float, float, int, float]], share: float
) -> None:
    """For the money it takes, the greedy choice is the best there is: its curve is convex and it stands on it."""
    mean = [part[0] for part in parts]
    variance = [part[0] * part[1] for part in parts]
    price = [float(part[2]) for part in parts]
    weight = [part[3] for part in parts]
    wanted = share * sum(m * w for m, w in zip(mean, weight, strict=True))

    chosen = down_to(place_steps(mean, variance, price=price, weight=weight), short=wanted)
    tried = [
        short_of(mean, variance, weight, units)
        for units in product(range(8), repeat=len(parts))
        if sum(p * n for p, n in zip(price, units, strict=True)) <= chosen.money + 1e-9
    ]

    assert chosen.short <= wanted + 1e-9
    assert chosen.short <= min(tried) + 1e-9


@settings(max_examples=20)
@given(
    st.lists(st.tuples(st.floats(0.1, 1), st.floats(0.1, 1), st.integers(1, 6)), min_size=1, max_size=2),
    st.floats(0, 25),
)
def test_depot_and_bases_for_a_budget(parts: list[tuple[float, float, int]], money: float) -> None:
    """The stocks named for depot and bases add up, cost what is said, and leave short what is said."""
    model = two_echelon([part[:2] for part in parts], depot_lead=3.0, base_lead=0.5)
    price = np.array([part[2] for part in parts], dtype=float)

    both = curves(model)
    chosen = within_budget(both.steps(price=price), money=money)
    depot, bases = both.split(chosen.units)

    assert (depot + bases.sum(axis=1) == chosen.units).all()
    assert float(price @ chosen.units) == pytest.approx(chosen.money)
    assert chosen.money <= money * (1 + 1e-9)
    short = 0.0
    for row in range(model.parts):
        exact = base_backorders(
            model.rows(np.array([row])), depot_stock=int(depot[row]), base_stock=int(bases[row].max())
        )[0, int(depot[row])]
        short += sum(float(exact[base, stock]) for base, stock in enumerate(bases[row]))
    assert short == pytest.approx(chosen.short, abs=1e-8)
    assert chosen.at_best <= chosen.short + 1e-9


def test_all_parts_together_take_less_money_than_each_by_itself() -> None:
    """A cheap part and a dear slow one, both to 95 % by themselves: the same units short are had for half of it."""
    mean, price = [2.0, 0.06], [1.0, 1000.0]
    by_itself = [5, 2]  # the lowest stocks with P(X < S) >= 0.95
    alone = short_of(mean, mean, [1.0, 1.0], (5, 2))

    chosen = down_to(place_steps(mean, mean, price=price), short=alone)

    assert chosen.short <= alone
    assert chosen.money < 0.6 * float(np.dot(price, by_itself))


def test_a_part_that_stops_the_device_comes_first() -> None:
    """Same demand, same price: the first unit of money goes where a shortage counts more."""
    steps = place_steps([1.0, 1.0], [1.0, 1.0], price=10.0, weight=[1.0, 9.0])

    chosen = within_budget(steps, money=20.0)

    assert chosen.units.tolist() == [0, 2]


def test_what_is_left_over_buys_a_smaller_part() -> None:
    """The dear step does not fit any more; the cheap one does, and never out of order within its part."""
    steps = place_steps([3.0, 0.2], [3.0, 0.2], price=[10.0, 4.0])

    chosen = within_budget(steps, money=25.0)

    assert chosen.units.tolist() == [2, 1]
    assert chosen.at_best < chosen.short


def test_no_money_is_no_stock_and_no_demand_needs_none() -> None:
    """The empty ends of the curve."""
    steps = place_steps([1.0, 0.0], [1.0, 0.0], price=1.0)

    nothing = within_budget(steps, money=0.0)
    satisfied = down_to(steps, short=1.0)

    assert nothing.units.tolist() == satisfied.units.tolist() == [0, 0]
    assert nothing.short == 1.0


def test_what_cannot_be_reached_or_bought_is_refused() -> None:
    """A target below zero, a budget below zero, a price below zero."""
    steps = place_steps([1.0], [1.0], price=1.0)

    with pytest.raises(Refusal, match=r"replenish\.target_out_of_reach"):
        down_to(steps, short=-1.0)
    with pytest.raises(Refusal, match=r"replenish\.budget_negative"):
        within_budget(steps, money=-1.0)
    with pytest.raises(Refusal, match=r"replenish\.price_below_zero"):
        place_steps([1.0], [1.0], price=-1.0)
