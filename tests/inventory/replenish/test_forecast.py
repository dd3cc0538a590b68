"""Forecasts against published figures, real demand, and their own laws."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.spare_parts import auto, car_parts, raf
from inventory.replenish.accuracy import absolute_error, mase, mean_error, pinball
from inventory.replenish.forecast import DemandClass, croston, demand_classes, sba, seasonal_naive, tsb
from kernel.errors import Refusal

SERIES = [0, 0, 0, 3, 0, 0, 2, 0, 5]
COUNTS = st.lists(st.integers(0, 5), min_size=1, max_size=20)


def test_croston_meets_the_reference() -> None:
    """The worked series of the forecast package, change 1126: fitted values of periods 5 to 9."""
    known_after = croston([SERIES], alpha=0.1)[0, 3:8]

    expected = [0.75, 0.75, 0.75, 0.7435897435897436, 0.7435897435897436]
    np.testing.assert_allclose(known_after, expected, rtol=0, atol=1e-12)


def test_sba_is_croston_less_half_of_alpha() -> None:
    """The correction of Syntetos and Boylan is one factor."""
    np.testing.assert_allclose(sba([SERIES], alpha=0.2), 0.9 * croston([SERIES], alpha=0.2))


def test_tsb_forgets_a_part_nobody_asks_for_and_croston_does_not() -> None:
    """What sets the two apart: an obsolete part's rate decays every period without demand."""
    history = [[2, 1, 2, *[0] * 30]]

    assert tsb(history, beta=0.2)[0, -1] < 0.01
    assert croston(history)[0, -1] == croston(history)[0, 2]


def test_a_missing_period_is_not_one_without_demand() -> None:
    """Where nothing is known no time passes: an unknown month lowers no rate."""
    known = croston([[0, 3, 0, 2]])[0, -1]
    with_gap = croston([[0, np.nan, 3, np.nan, 0, 2]])[0, -1]

    assert with_gap == known
    assert croston([[0, 0, 3, 0, 0, 2]])[0, -1] < known
    assert tsb([[3, np.nan, np.nan]])[0, -1] == tsb([[3]])[0, -1]


@given(st.lists(COUNTS, min_size=2, max_size=4))
def test_series_do_not_touch_each_other(series: list[list[int]]) -> None:
    """Vectorised over series means: as if each stood alone."""
    length = min(len(row) for row in series)
    table = np.array([row[:length] for row in series], dtype=float)

    for method in (croston, sba, tsb):
        alone = np.concatenate([method(row[None, :]) for row in table])
        np.testing.assert_allclose(method(table), alone, rtol=0, atol=0)


@given(COUNTS, st.integers(2, 5))
def test_rates_scale_with_demand(series: list[int], factor: int) -> None:
    """Twice as much asked for is twice the rate, whatever the unit of issue."""
    for method in (croston, sba, tsb):
        np.testing.assert_allclose(
            method([[count * factor for count in series]]), factor * method([series]), atol=1e-9
        )


def test_a_flat_table_is_asked_for() -> None:
    """One series is a table of one row; anything else is refused, not guessed."""
    with pytest.raises(Refusal, match=r"stock\.demand_shape"):
        croston([1.0, 2.0])


def test_croston_meets_the_reference_file(reference: dict[str, Any]) -> None:
    """The same series as it stands among the reference figures."""
    case = reference["croston_fixture"]

    known_after = croston([case["y"]], alpha=case["alpha"])[0, 3:8]

    np.testing.assert_allclose(known_after, case["fitted_from_t5"], rtol=0, atol=1e-12)


def test_seasonal_naive_on_car_parts_has_the_published_error(
    public_files: Path, reference: dict[str, Any]
) -> None:
    """Missing is not zero: to fourteen digits with the gaps left open, clearly wrong with zeros in them."""
    history = car_parts(public_files)
    seen, came = history[:, :-12], history[:, -12:]
    filled = np.nan_to_num(history)

    found = mase(seen, came, seasonal_naive(seen, ahead=12))
    zeros = mase(filled[:, :-12], filled[:, -12:], seasonal_naive(filled[:, :-12], ahead=12))

    expected = reference["carparts_seasonal_naive_mase"]
    assert int(np.isfinite(found).sum()) == 2493
    assert float(np.nanmean(found)) == pytest.approx(expected["published"], abs=1e-14)
    assert float(np.nanmean(zeros)) == pytest.approx(1.127, abs=5e-4)


@pytest.mark.parametrize(
    ("read", "counts"),
    [
        (car_parts, (2, 1, 2236, 435)),
        (auto, (1200, 419, 1046, 335)),
        (lambda at: raf(at).demand, (0, 0, 2597, 2403)),
    ],
    ids=["car parts", "auto", "raf"],
)
def test_demand_classes_of_the_real_parts(public_files: Path, read: Any, counts: tuple[int, ...]) -> None:
    """Smooth, erratic, intermittent, lumpy, as counted elsewhere."""
    found = Counter(demand_classes(read(public_files)))

    assert tuple(found[kind] for kind in DemandClass) == counts
    assert found[None] == 0


def test_forecasting_nothing_has_the_smallest_absolute_error(public_files: Path) -> None:
    """Why no method is chosen by MAE or MASE: on the last year of RAF nothing wins, 0.534 against 1.095."""
    history = raf(public_files).demand
    seen, came = history[:, :72], history[:, 72:]
    rate = np.repeat(sba(seen)[:, -1:], 12, axis=1)

    nothing = float(np.nanmean(mase(seen, came, np.zeros_like(came), season=1)))
    smoothed = float(np.nanmean(mase(seen, came, rate, season=1)))

    assert nothing == pytest.approx(0.534, abs=5e-4)
    assert smoothed == pytest.approx(1.095, abs=5e-4)


@given(COUNTS, st.integers(1, 20), st.integers(1, 20))
def test_seasonal_naive_repeats_the_last_season(series: list[int], ahead: int, season: int) -> None:
    """Whatever the season that fits; one that does not is refused."""
    if season > len(series):
        with pytest.raises(Refusal, match=r"replenish\.season_too_long"):
            seasonal_naive([series], ahead=ahead, season=season)
        return

    found = seasonal_naive([series], ahead=ahead, season=season)[0]

    continued = list(series)
    for _ in range(ahead):
        continued.append(continued[-season])
    assert found.tolist() == continued[len(series) :]


def test_errors_say_what_they_say() -> None:
    """Too much is above zero; a unit short counts the level, one too many the rest; the gap counts nowhere."""
    actual = [[2.0, np.nan, 4.0]]

    assert mean_error(actual, [[3.0, 9.0, 6.0]]) == pytest.approx(0.5)
    assert absolute_error(actual, [[3.0, 9.0, 2.0]]) == pytest.approx(1.5)
    assert pinball(actual, [[1.0, 9.0, 6.0]], level=0.9) == pytest.approx((0.9 * 1 + 0.1 * 2) / 2)
    with pytest.raises(Refusal, match=r"replenish\.forecast_shape"):
        mean_error(actual, [[1.0]])
    with pytest.raises(Refusal, match=r"replenish\.no_demand"):
        mean_error([[0.0]], [[1.0]])


@given(st.lists(st.integers(0, 9), min_size=5, max_size=30))
def test_the_quantile_has_the_smallest_pinball(series: list[int]) -> None:
    """What the figure is for: no other constant does better than the quantile itself."""
    best = float(np.quantile(series, 0.8, method="inverted_cdf"))

    def loss(level: float) -> float:
        return pinball([series], [[level] * len(series)], level=0.8)

    assert all(loss(best) <= loss(other) + 1e-9 for other in range(10))
