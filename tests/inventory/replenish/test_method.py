"""A method is chosen by what its stock serves for the money."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.spare_parts import raf
from inventory.replenish.forecast import Method
from inventory.replenish.method import choose, served
from kernel.errors import Refusal


@given(st.lists(st.integers(0, 4), min_size=3, max_size=14), st.integers(0, 6), st.integers(1, 4))
def test_serving_is_what_playing_the_shelf_gives(series: list[int], stock: int, lead: int) -> None:
    """Unit by unit: what is asked for is ordered at once, comes a lead time later, what is short waits first."""
    if sum(series[1:]) == 0:
        with pytest.raises(Refusal, match=r"replenish\.no_demand"):
            served([series], first=1, stock=[stock], lead=[lead])
        return
    shelf, owed, given_units = stock, 0, 0
    coming = [0] * (len(series) + lead)
    for period, asked in enumerate(series):
        shelf += coming[period]
        paid = min(owed, shelf)
        shelf, owed = shelf - paid, owed - paid
        given_now = min(asked, shelf)
        shelf, owed = shelf - given_now, owed + asked - given_now
        coming[period + lead] += asked
        given_units += given_now if period >= 1 else 0

    found = served([series], first=1, stock=[stock], lead=[lead])

    assert found == pytest.approx(given_units / sum(series[1:]))


def test_a_part_that_dies_is_seen_by_the_method_that_forgets() -> None:
    """Half of the parts stop; TSB does not tie money up in them, Croston does."""
    draw = np.random.default_rng(3)
    alive = draw.poisson(0.8, (150, 60))
    dead = draw.poisson(0.8, (150, 60))
    dead[:, 24:] = 0

    choice = choose(np.vstack((alive, dead)), fitted=48, lead=2, price=1.0)

    assert choice.method is Method.TSB
    fill = {one.method: float(np.interp(400.0, one.investment, one.fill)) for one in choice.judgements}
    assert fill[Method.TSB] > fill[Method.SBA] + 0.02


def test_nothing_is_judged_and_never_chosen(public_files: Path) -> None:
    """On RAF it has the smallest absolute error of all, serves nobody, and is passed over."""
    parts = raf(public_files).planned(60)
    few = np.arange(0, len(parts.price), 8)

    choice = choose(parts.demand[few], fitted=60, lead=parts.lead[few], price=parts.price[few])

    (nothing,) = (one for one in choice.judgements if one.method is Method.NOTHING)
    others = [one for one in choice.judgements if one.method is not Method.NOTHING]
    assert nothing.absolute_error < min(one.absolute_error for one in others)
    assert nothing.fill.max() == 0
    assert nothing.mean_error == pytest.approx(-1)
    assert choice.method is not Method.NOTHING
    assert choice.fill == max(choice.fill, float(choice.why.bounds["next_best"]))


def test_what_cannot_be_judged_is_refused() -> None:
    """Nothing left to judge by, or lead times in halves."""
    with pytest.raises(Refusal, match=r"replenish\.fit_too_short"):
        choose([[1, 2, 3]], fitted=3, lead=1, price=1)
    with pytest.raises(Refusal, match=r"replenish\.lead_not_whole"):
        choose([[1, 2, 3]], fitted=2, lead=1.5, price=1)
