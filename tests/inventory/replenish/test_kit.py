"""What a van carries: against the published frontier and against trying every kit."""

from __future__ import annotations

import math
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.replenish.kit import KitPart, frontier, kit, poisson_need
from kernel.errors import Refusal

FOUR = tuple(
    KitPart(f"P-{row}", cost, (1 - chance, chance))
    for row, (cost, chance) in enumerate([(4.0, 0.3), (1.0, 0.2), (2.0, 0.1), (6.0, 0.05)])
)


def test_the_frontier_of_the_notes_is_met() -> None:
    """Chances .3 .2 .1 .05, holding 4 1 2 6: seven kits and no other is worth having."""
    found = [(one.cost, round(one.chance, 4)) for one in frontier(FOUR)]

    assert found == [
        (0, 0.4788),
        (1, 0.5985),
        (3, 0.665),
        (4, 0.684),
        (5, 0.855),
        (7, 0.95),
        (13, 1.0),
    ]


@pytest.mark.parametrize("budget", range(14))
def test_the_kit_for_a_budget_lies_on_the_frontier(budget: int) -> None:
    """Greedy alone would stop at the part that does not fit; the knapsack at the edge does not."""
    best = max(one.chance for one in frontier(FOUR) if one.cost <= budget)

    found = kit(FOUR, budget=budget)

    assert found.chance == pytest.approx(best)
    assert found.cost <= budget
    assert float(found.why.bounds["at_best"]) >= found.chance - 1e-12


PARTS = st.lists(
    st.tuples(st.floats(0.5, 6), st.floats(0.02, 0.6), st.floats(0, 0.3), st.floats(0, 0.1)),
    min_size=1,
    max_size=4,
)


@settings(max_examples=60)
@given(PARTS, st.floats(0, 25))
def test_no_kit_for_the_money_is_better(
    parts: list[tuple[float, float, float, float]], budget: float
) -> None:
    """Up to three units of each part, every kit tried; parts needed in pairs as well as one by one."""
    rows = [
        KitPart(f"P-{row}", cost, tuple(share / (1 + sum(more)) for share in (1.0, *more)))
        for row, (cost, *more) in enumerate(parts)
    ]

    def chance(units: tuple[int, ...]) -> float:
        return math.prod(sum(part.needed[: count + 1]) for part, count in zip(rows, units, strict=True))

    tried = {
        units: chance(units)
        for units in product(range(4), repeat=len(rows))
        if sum(part.cost * count for part, count in zip(rows, units, strict=True)) <= budget
    }
    found = kit(rows, budget=budget)
    whole = max(one.chance for one in frontier(rows) if one.cost <= budget + 1e-12)

    assert found.cost <= budget + 1e-9
    assert found.chance == pytest.approx(chance(tuple(found.units.get(part.part, 0) for part in rows)))
    assert float(found.why.bounds["at_best"]) >= max(tried.values()) - 1e-9
    assert whole == pytest.approx(max(tried.values()))
    assert found.chance == pytest.approx(whole)


def test_what_is_needed_in_pairs_is_carried_in_pairs() -> None:
    """One of two brings nothing: both or none."""
    pair = KitPart("P-1", 1.0, (0.5, 0.0, 0.5))

    assert kit([pair], budget=1.0).units == {}
    assert kit([pair], budget=2.0).units == {"P-1": 2}


def test_many_parts_are_decided_within_their_bound() -> None:
    """Two hundred parts, far too many to try: the kit is within a thousandth of what no kit can pass."""
    rows = [
        KitPart(f"P-{row}", 1 + (row * 7919) % 23, poisson_need(0.001 + (row * 104729 % 97) / 9700))
        for row in range(200)
    ]

    found = kit(rows, budget=900.0)

    assert 890 < found.cost <= 900
    assert found.chance >= 0.999 * float(found.why.bounds["at_best"])


def test_what_makes_no_sense_is_refused() -> None:
    """Chances that do not add up, a part every job needs, a frontier nobody could read."""
    with pytest.raises(Refusal, match=r"replenish\.kit_part"):
        KitPart("P-1", 1.0, (0.5, 0.4))
    with pytest.raises(Refusal, match=r"replenish\.kit_part"):
        KitPart("P-1", 1.0, (0.0, 1.0))
    with pytest.raises(Refusal, match=r"replenish\.budget_negative"):
        kit(FOUR, budget=-1)
    bare = [math.exp(-1e-4 * 2**row) for row in range(16)]
    many = [KitPart(str(row), 2.0**row, (share, 1 - share)) for row, share in enumerate(bare)]
    with pytest.raises(Refusal, match=r"replenish\.kit_too_many"):
        frontier(many)
