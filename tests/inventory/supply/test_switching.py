"""How strictly a supplier is looked at: the steps one by one, and the long run against the published formula."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.supply.characteristic import binomial_at_most
from inventory.supply.sampling import InspectionSeverity, plan
from inventory.supply.switching import (
    Inspection,
    Judged,
    PutRight,
    Skipping,
    Standing,
    follow,
    scheme_acceptance,
    standing_after,
)
from kernel.errors import Refusal

L15 = {severity: plan("L", Decimal("1.5"), severity) for severity in InspectionSeverity}
"""Two hundred units: 7 normal, 5 tightened; 80 reduced, 3 to 6."""


def lots(standing: Standing, *bad: int, **words: Any) -> Standing:
    """Standing after lots with that many bad units, each inspected by the table in force."""
    for count in bad:
        standing = follow(standing, Judged(L15[standing.severity], count, **words))
    return standing


def test_two_of_five_tighten_and_five_in_a_row_relax() -> None:
    """Four good ones between two bad ones are enough to forget the first."""
    assert lots(Standing(), 8, 0, 0, 0, 8).inspection is Inspection.TIGHTENED
    assert lots(Standing(), 8, 0, 0, 0, 0, 8).inspection is Inspection.NORMAL
    tight = lots(Standing(), 8, 8)
    assert lots(tight, 5, 5, 5, 5).inspection is Inspection.TIGHTENED
    assert lots(tight, 5, 5, 5, 5, 5) == Standing()
    assert lots(tight, 5, 5, 5, 5, 6, 5, 5, 5, 5).inspection is Inspection.TIGHTENED


def test_five_failures_under_tightened_inspection_end_it_until_put_right() -> None:
    """In all, not in a row; then nothing is inspected until somebody answers for it."""
    stopped = lots(Standing(), 8, 8, 6, 0, 6, 0, 6, 0, 6, 0, 6)

    assert stopped.inspection is Inspection.DISCONTINUED
    with pytest.raises(Refusal, match=r"sampling\.discontinued"):
        follow(stopped, Judged(L15[InspectionSeverity.TIGHTENED], 0))
    again = follow(stopped, PutRight())
    assert (again.inspection, again.failed) == (Inspection.TIGHTENED, 0)
    with pytest.raises(Refusal, match=r"sampling\.not_discontinued"):
        follow(again, PutRight())


def test_ten_lots_good_enough_for_a_stricter_limit_reduce_inspection() -> None:
    """Three points each; one that a stricter limit would not have passed costs all of them."""
    assert lots(Standing(), *[5] * 9).inspection is Inspection.NORMAL
    assert lots(Standing(), *[5] * 10).inspection is Inspection.REDUCED
    assert lots(Standing(), *[5] * 9, 6, 5).points == 3
    one = plan("J", Decimal("0.65"))
    assert standing_after([Judged(one, 1)] * 14).points == 28
    assert standing_after([Judged(one, 1)] * 15).inspection is Inspection.REDUCED


def test_reduced_inspection_ends_with_the_first_doubt() -> None:
    """A lot that fails, one that comes near to it, irregular deliveries, or somebody's decision."""
    reduced = lots(Standing(), *[0] * 10)

    assert lots(reduced, 3, 3).inspection is Inspection.REDUCED
    assert Judged(L15[InspectionSeverity.REDUCED], 5).accepted
    assert lots(reduced, 5) == Standing()
    assert lots(reduced, 6) == Standing()
    assert lots(reduced, 0, steady=False) == Standing()
    assert follow(reduced, Judged(L15[InspectionSeverity.REDUCED], 0), may_reduce=False) == Standing()
    waiting = lots(Standing(), *[0] * 12, steady=False)
    assert (waiting.inspection, waiting.points) == (Inspection.NORMAL, 30)
    assert lots(waiting, 0).inspection is Inspection.REDUCED


def test_a_lot_presented_again_changes_nothing() -> None:
    """It was sorted after it failed: it says nothing about the process."""
    tight = lots(Standing(), 8, 8, 5)

    assert lots(tight, 8, 8, 0, original=False) == tight


def test_a_lot_inspected_by_the_wrong_table_is_refused() -> None:
    """Its numbers say nothing about the table in force."""
    with pytest.raises(Refusal, match=r"sampling\.other_table"):
        follow(Standing(), Judged(L15[InspectionSeverity.REDUCED], 0))


def in_the_long_run(normal: float, tightened: float) -> float:
    """Share of lots accepted by the switching rules themselves: their Markov chain, state by state."""
    chance = {Inspection.NORMAL: normal, Inspection.TIGHTENED: tightened}
    steps: dict[Standing, list[tuple[float, Standing]]] = {}
    waiting = [Standing()]
    while waiting:
        here = waiting.pop()
        if here in steps:
            continue
        cell = L15[here.severity]
        steps[here] = []
        for bad, likely in ((0, chance[here.inspection]), (99, 1 - chance[here.inspection])):
            there = follow(here, Judged(cell, bad), may_reduce=False)
            # The published formula knows no end of inspection: what is put right at once goes on.
            if there.inspection is Inspection.DISCONTINUED:
                there = follow(there, PutRight())
            steps[here].append((likely, there))
            waiting.append(there)
    order = {standing: at for at, standing in enumerate(steps)}
    moved = np.zeros((len(order), len(order)))
    for here, ways in steps.items():
        for likely, there in ways:
            moved[order[here], order[there]] += likely
    wanted = np.vstack([moved.T - np.eye(len(order)), np.ones(len(order))])
    shares = np.linalg.lstsq(wanted, np.append(np.zeros(len(order)), 1.0), rcond=None)[0]
    return float(sum(shares[order[here]] * chance[here.inspection] for here in order))


def test_the_published_scheme_is_met_by_formula_and_by_the_rules(reference: dict[str, Any]) -> None:
    """Stephens and Larson: two hundred units, seven and five, for four qualities."""
    for share, published in reference["acceptance"]["scheme_200_7_5"].items():
        normal, tightened = (binomial_at_most(most, of=200, share=float(share)) for most in (7, 5))

        assert scheme_acceptance(normal=normal, tightened=tightened) == pytest.approx(published, abs=5e-5)
        assert in_the_long_run(normal, tightened) == pytest.approx(published, abs=5e-5)


@given(st.floats(0.05, 0.99), st.floats(0.05, 0.99))
def test_the_formula_is_the_long_run_of_the_rules(normal: float, tightened: float) -> None:
    """For any two chances of acceptance, not the published ones alone."""
    assert scheme_acceptance(normal=normal, tightened=tightened) == pytest.approx(
        in_the_long_run(normal, tightened), abs=1e-6
    )


def test_the_formula_knows_its_ends() -> None:
    """A supplier without fault, and one from whom nothing passes any more."""
    assert scheme_acceptance(normal=1.0, tightened=1.0) == 1.0
    assert scheme_acceptance(normal=0.5, tightened=0.0) == 0.0
    assert scheme_acceptance(normal=0.5, tightened=1.0) < 1.0


def test_lots_are_skipped_only_after_enough_good_ones() -> None:
    """Eight in a row; the first that fails starts the count anew."""
    rule = Skipping(8, 0.25)
    in_a_row = 0
    for _ in range(7):
        in_a_row = rule.after(in_a_row, accepted=True)
        assert all(rule.inspects(f"L-{lot}", in_a_row=in_a_row, seed="s") for lot in range(50))
    in_a_row = rule.after(in_a_row, accepted=True)
    looked_at = [lot for lot in range(4000) if rule.inspects(f"L-{lot}", in_a_row=in_a_row, seed="s")]

    # Four standard deviations of a fair draw about a thousand.
    assert abs(len(looked_at) - 1000) < 110
    assert looked_at != [lot for lot in range(4000) if rule.inspects(f"L-{lot}", in_a_row=in_a_row, seed="t")]
    assert rule.after(in_a_row, accepted=False) == 0
    assert rule.after(in_a_row, accepted=True) == in_a_row
    with pytest.raises(Refusal, match=r"sampling\.skip_lot"):
        Skipping(0, 0.25)
    with pytest.raises(Refusal, match=r"sampling\.skip_lot"):
        Skipping(8, 0.0)


def test_every_lot_inspected_is_skip_lot_with_a_fraction_of_one() -> None:
    """And skipping accepts more, never less."""
    assert Skipping(8, 1.0).acceptance(0.9) == pytest.approx(0.9)
    assert Skipping(8, 0.25).acceptance(0.95) == pytest.approx(0.98328, abs=5e-6)
    assert Skipping(8, 0.25).acceptance(0.0) == 0.0
