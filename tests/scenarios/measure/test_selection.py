"""KN keeps its promise where it is hardest: all rivals behind by just what matters."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from scenarios.measure.selection import eta, probability_best, select

SD = 3.0


def table(figures: np.ndarray) -> Callable[[int, int], float]:
    """Draw from a table of scenarios and replications."""
    return lambda at, number: float(figures[at, number])


@pytest.mark.parametrize("shared", [0.0, 0.8])
def test_the_best_is_picked_in_95_of_100_in_the_least_favourable_case(shared: float) -> None:
    """The promise is made for rivals exactly the indifference apart, with and without common random numbers."""
    rng = np.random.default_rng(2)
    right = runs = 0

    for _ in range(200):
        common = rng.normal(0, 1, 2000)
        own = rng.normal(0, 1, (4, 2000))
        figures = SD * (np.sqrt(shared) * common + np.sqrt(1 - shared) * own)
        figures[1:] += 1.0
        found = select(table(figures), 4, indifference=1.0, first=10, most=2000)
        assert found.sure
        right += found.best == 0
        runs += found.replications

    assert right >= 0.95 * 200
    assert runs / 200 < (60 if shared else 250)


def test_common_random_numbers_decide_sooner() -> None:
    """Two scenarios that differ by a constant are told apart by the first replications."""
    weather = np.random.default_rng(4).normal(0, 50, 200)

    found = select(lambda at, n: float(weather[n]) + 2 * at, 2, indifference=1.0, first=10, most=200)

    assert (found.best, found.sure, found.replications) == (0, True, 10)


def test_equals_that_run_out_of_replications_are_not_called_sure() -> None:
    """A guess must not be sold as a finding."""
    drawn = np.random.default_rng(6).normal(0, 30, (3, 50))

    found = select(table(drawn), 3, indifference=0.1, first=10, most=50)

    assert not found.sure
    assert found.best in found.left


def test_the_constant_is_that_of_the_formula() -> None:
    """Worked by hand: k 2, n0 10, 95 %: (10^(2/9) - 1) / 2."""
    assert eta(2, 10, confidence=0.95) == pytest.approx((10 ** (2 / 9) - 1) / 2)


def test_two_far_apart_are_surely_ordered_and_equals_are_even() -> None:
    """The bound is one half between equals and one between strangers."""
    assert probability_best([0.0, 10.0], [0.0, 1.0]) == pytest.approx(1.0)
    assert probability_best([0.0, 0.0], [0.0, 1.0]) == pytest.approx(0.5)
