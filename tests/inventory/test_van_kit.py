"""What a van should carry, against every kit there is and the jobs themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import product
from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.catalogue.part import Alternate, AlternateKind
from inventory.stockroom import Stockroom
from inventory.van_kit import OWN_COUNTS, Job, VanKit, van_kit
from kernel.errors import Refusal
from tests.stock_builders import NOW, part, stockroom

PRICES = {"P-1": 100, "P-2": 30, "P-3": 70}


def room() -> Stockroom:
    """Three parts."""
    return stockroom(parts=tuple(part(name, price=Decimal(price)) for name, price in PRICES.items()))


def jobs(*took: dict[str, int], own: bool = True, first: datetime = NOW - timedelta(days=300)) -> list[Job]:
    """A job a day."""
    return [Job(first + timedelta(days=day), parts, own) for day, parts in enumerate(took)]


def judged(done: list[Job], *, budget: float | None = None, trips: int = 1, **aboard: int) -> VanKit:
    """The van with so many units of P_1, P_2, P_3 aboard."""
    there = {name.replace("_", "-"): units for name, units in aboard.items()}
    return van_kit(room(), "VAN-1", aboard=there, done=done, jobs=trips, budget=budget)


@given(
    took=st.lists(
        st.fixed_dictionaries({}, optional={name: st.just(1) for name in PRICES}),
        min_size=4,
        max_size=12,
    ),
    budget=st.integers(0, 400),
)
def test_no_kit_for_the_money_holds_more(took: list[dict[str, int]], budget: int) -> None:
    """Of all kits, judged as parts needed independently of each other; needed one by one, as the knapsack is exact then."""
    done = jobs({}, *took)
    found = judged(done, budget=budget)

    def chance(units: dict[str, int]) -> float:
        return prod(
            sum(job.parts.get(name, 0) <= units.get(name, 0) for job in done) / len(done) for name in PRICES
        )

    kits = [dict(zip(PRICES, units, strict=True)) for units in product(range(2), repeat=len(PRICES))]
    within = [kit for kit in kits if sum(PRICES[name] * units for name, units in kit.items()) <= budget]
    assert found.kit.chance == pytest.approx(max(map(chance, within)))
    assert sum(PRICES[name] * units for name, units in found.kit.units.items()) <= budget


def test_what_is_aboard_is_judged_as_it_lies_there() -> None:
    """Half the jobs take a pump: one pump aboard holds every job, and a part no job takes is told apart."""
    found = judged(jobs({"P-1": 1}, {}), P_1=1, P_3=2)

    assert (found.chance, found.aboard, found.other, found.aboard_cost) == (1.0, {"P-1": 1}, {"P-3": 2}, 240)
    assert judged(jobs({"P-1": 1}, {})).chance == pytest.approx(0.5)
    assert judged(jobs({"P-1": 1}, {}), trips=2).chance == pytest.approx(0.25)
    assert found.curve[0].chance == pytest.approx(0.5)
    assert found.curve[-1].chance == pytest.approx(1.0)


def test_own_jobs_count_more_than_those_of_the_depot() -> None:
    """One own job with a pump, one of another van without: three to one."""
    done = [*jobs({"P-1": 1}), *jobs({}, own=False)]

    found = judged(done)

    assert found.chance == pytest.approx(1 / (OWN_COUNTS + 1))
    assert (found.own_jobs, found.other_jobs) == (1, 1)


def test_later_jobs_are_played_with_what_the_older_ones_taught() -> None:
    """Pumps before, fans after: the kit of pumps holds none of the later jobs, a fan aboard all of them."""
    found = judged(jobs(*[{"P-1": 1}] * 40, *[{"P-2": 1}] * 20), P_2=4)

    assert found.played is not None
    assert (found.played.jobs, found.played.by_kit, found.played.by_aboard) == (20, 0.0, 1.0)


def test_a_superseded_part_counts_as_what_is_bought_today() -> None:
    """Nobody carries what is no longer made."""
    successor = replace(room(), alternates=(Alternate("P-1", "P-2", AlternateKind.SUPERSEDES),))

    found = van_kit(successor, "VAN-1", aboard={}, done=jobs({"P-1": 1}, {}), budget=100)

    assert found.kit.units == {"P-2": 1}


def test_what_cannot_be_judged_is_refused() -> None:
    """No job on record; no jobs between refills."""
    with pytest.raises(Refusal, match=r"kit\.no_history"):
        judged([])
    with pytest.raises(Refusal, match=r"kit\.jobs_out_of_range"):
        judged(jobs({}), trips=0)
