"""What plans do with good and bad lots, against published figures and against counting every case."""

from __future__ import annotations

import math
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.supply.characteristic import (
    acceptance,
    binomial_at_most,
    curve,
    hypergeometric_at_most,
    none_accepted,
    poisson_at_most,
    quality_at,
    smallest_plan,
)
from inventory.supply.sampling import AQLS, LETTERS, InspectionSeverity, Level, plan, plan_for_lot
from kernel.errors import Refusal


def test_the_published_characteristics_are_met(reference: dict[str, Any]) -> None:
    """Ten of which three may be bad; twenty of which none may be; the curve of letter J at 1.0."""
    known = reference["acceptance"]

    for share, chance in known["OC2c_10_3"].items():
        assert binomial_at_most(3, of=10, share=float(share)) == pytest.approx(chance, abs=5e-8)
    for share, chance in known["assess_20_0"].items():
        assert binomial_at_most(0, of=20, share=float(share)) == pytest.approx(chance, abs=5e-9)
    for chance, per_hundred in known["oc_J_aql1"].items():
        found = quality_at(plan("J", Decimal(1)), float(chance))
        assert 100 * found == pytest.approx(per_hundred, abs=5e-5)
    regulation = known["cfr42_140"]
    for per_hundred, chance in regulation["per100"].items():
        found = poisson_at_most(regulation["c"], mean=regulation["n"] * float(per_hundred) / 100)
        assert found == pytest.approx(chance, abs=0.01)


def test_the_smallest_plan_for_two_promises_is_found(reference: dict[str, Any]) -> None:
    """The producer's and the consumer's point fix the plan; no smaller one keeps both."""
    known = reference["acceptance"]["find_plan"]
    (good, passes), (bad, slips) = known["PRP"], known["CRP"]

    found = smallest_plan(good=good, good_accepted=passes, bad=bad, bad_accepted=slips)

    assert found == (known["n"], known["c"])
    assert not any(
        binomial_at_most(accept, of=size, share=good) >= passes
        and binomial_at_most(accept, of=size, share=bad) <= slips
        for size in range(1, found[0])
        for accept in range(size)
    )


@given(st.integers(1, 9), st.integers(0, 9), st.floats(0.01, 0.99))
def test_a_chance_is_the_sum_over_every_sample(size: int, count: int, share: float) -> None:
    """Each of the two to the n ways a sample can turn out, added up."""
    ways = sum(
        math.prod(share if bad else 1 - share for bad in way)
        for way in product((False, True), repeat=size)
        if sum(way) <= count
    )

    assert binomial_at_most(count, of=size, share=share) == pytest.approx(ways)


@given(
    st.sampled_from(LETTERS),
    st.sampled_from(AQLS),
    st.sampled_from(InspectionSeverity),
    st.floats(0.001, 0.999),
)
def test_the_curve_is_read_both_ways(
    letter: str, aql: Decimal, severity: InspectionSeverity, chance: float
) -> None:
    """The quality at a chance is accepted with that chance, for every cell of every table."""
    cell = plan(letter, aql, severity)

    assert acceptance(cell, quality_at(cell, chance)) == pytest.approx(chance, abs=1e-7)


def test_worse_lots_pass_less_often() -> None:
    """Down the curve, chances fall and shares rise."""
    points = curve(plan_for_lot(4000, aql=Decimal("1.5"), level=Level.II))

    assert len(points) == 9
    assert [point.share for point in points] == sorted(point.share for point in points)
    assert points[0].accepted > points[-1].accepted


@given(st.floats(0.01, 0.5), st.floats(0.01, 0.5))
def test_a_sample_without_a_bad_unit_protects_as_promised_and_no_unit_is_too_many(
    tolerated: float, risk: float
) -> None:
    """At the limit the lot slips through no more often than the risk; with one unit fewer it would."""
    size = none_accepted(tolerated=tolerated, consumer_risk=risk)

    assert binomial_at_most(0, of=size, share=tolerated) <= risk * (1 + 1e-6)
    assert size == 1 or binomial_at_most(0, of=size - 1, share=tolerated) > risk


@given(st.integers(1, 60), st.floats(0.01, 0.5), st.floats(0.01, 0.5))
def test_a_single_lot_is_counted_exactly(lot: int, tolerated: float, risk: float) -> None:
    """A small lot needs fewer units than a process: what is looked at is no longer there to be bad."""
    size = none_accepted(tolerated=tolerated, consumer_risk=risk, lot=lot)
    bad = max(1, math.ceil(lot * tolerated - 1e-9))

    assert 1 <= size <= lot
    assert hypergeometric_at_most(0, of=size, lot=lot, bad=bad) <= risk + 1e-9
    assert hypergeometric_at_most(0, of=size - 1, lot=lot, bad=bad) > risk - 1e-9


def test_what_no_sample_can_tell_is_refused() -> None:
    """The same quality cannot be both good and bad, and a chance lies between 0 and 1."""
    with pytest.raises(Refusal, match=r"sampling\.no_plan"):
        smallest_plan(good=0.1, good_accepted=0.95, bad=0.1, bad_accepted=0.1)
    with pytest.raises(Refusal, match=r"sampling\.no_plan"):
        smallest_plan(good=0.0001, good_accepted=0.999999, bad=0.000101, bad_accepted=0.000001)
    with pytest.raises(Refusal, match=r"sampling\.chance_out_of_range"):
        none_accepted(tolerated=1.0)
    with pytest.raises(Refusal, match=r"sampling\.lot_too_small"):
        none_accepted(tolerated=0.1, lot=0)
    with pytest.raises(Refusal, match=r"sampling\.chance_out_of_range"):
        quality_at(plan("J", Decimal(1)), 0.0)
    assert binomial_at_most(-1, of=5, share=0.1) == poisson_at_most(-1, mean=1.0) == 0.0
