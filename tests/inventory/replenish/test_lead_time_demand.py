"""Chances and units short, one by one and many at once, against the reference."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.replenish.lead_time_demand import backorders, blocks, chances


def test_poisson_backorders_meet_the_reference(reference: dict[str, Any]) -> None:
    """Four means, stock 0 to 12, all in one call."""
    means = [float(mean) for mean in reference["poisson_ebo"]]

    found = backorders(means, means, highest=12)

    np.testing.assert_allclose(found, list(reference["poisson_ebo"].values()), rtol=0, atol=1e-6)


@pytest.mark.parametrize(("case", "mean", "variance"), [("mean4_var8", 4.0, 8.0), ("mean2_var6", 2.0, 6.0)])
def test_negative_binomial_backorders_meet_the_reference(
    reference: dict[str, Any], case: str, mean: float, variance: float
) -> None:
    """The same with a variance above the mean."""
    found = backorders(mean, variance, highest=12)

    np.testing.assert_allclose(found, reference["nb_ebo"][case], rtol=0, atol=1e-6)


@given(st.lists(st.tuples(st.floats(0, 40), st.floats(0, 4)), min_size=1, max_size=6), st.integers(0, 60))
def test_many_at_once_are_as_if_each_stood_alone(rows: list[tuple[float, float]], highest: int) -> None:
    """Poisson, negative binomial and no demand at all side by side do not touch each other."""
    mean = np.array([row[0] for row in rows])
    variance = mean * np.array([row[1] for row in rows])

    together = chances(mean, variance, highest=highest)
    short = backorders(mean, variance, highest=highest)

    for row in range(len(rows)):
        np.testing.assert_array_equal(together[row], chances(mean[row], variance[row], highest=highest))
        np.testing.assert_array_equal(short[row], backorders(mean[row], variance[row], highest=highest))


@given(st.lists(st.integers(1, 3000), max_size=80))
def test_blocks_hold_every_row_once_and_rows_of_similar_width(widths: list[int]) -> None:
    """A row left out would be a part without stock."""
    wide = np.array(widths, dtype=np.int64)

    found = list(blocks(wide))

    assert sorted(int(row) for rows in found for row in rows) == list(range(len(widths)))
    for rows in found:
        first, last = int(wide[rows].min()), int(wide[rows].max())
        assert last <= first + max(16, first // 4)
