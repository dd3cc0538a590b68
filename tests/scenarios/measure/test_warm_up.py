"""MSER-5 finds the end of a start that tells nothing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenarios.measure.warm_up import BATCH, mser


def slow(values: list[float]) -> int | None:
    """The definition, word for word: every cut tried, sums taken anew."""
    whole = len(values) // BATCH
    if whole < 2:
        return None
    means = [sum(values[k * BATCH : (k + 1) * BATCH]) / BATCH for k in range(whole)]
    judged = []
    for cut in range(whole - 1):
        kept = np.array(means[cut:])
        judged.append(float(((kept - kept.mean()) ** 2).sum() / len(kept) ** 2))
    best = min(range(len(judged)), key=lambda cut: (judged[cut], cut))
    return None if best > whole // 2 else best * BATCH


@given(st.lists(st.integers(0, 8).map(lambda n: n * 5.0), max_size=60))
def test_the_quick_sums_find_the_cut_of_the_definition(values: list[float]) -> None:
    """Running sums may lose digits, never the cut: one as good as the best of the definition is found."""
    expected, found = slow(values), mser(values)

    if expected is None or found is None:
        assert expected == found
    else:
        kept, wanted = (np.array(values[: len(values) // BATCH * BATCH][cut:]) for cut in (found, expected))
        judged = [
            float(((m := part.reshape(-1, BATCH).mean(axis=1)) - m.mean()).var() / len(m))
            for part in (kept, wanted)
        ]
        assert judged[0] == pytest.approx(judged[1], abs=1e-9)


def test_a_ramp_before_a_steady_state_is_cut_off() -> None:
    """An empty start fades over 100 values here: most of it goes, little of the rest does."""
    rng = np.random.default_rng(3)
    values = 10 - 10 * np.exp(-np.arange(1000) / 30) + rng.normal(0, 0.5, 1000)

    cut = mser(values)

    assert cut is not None
    assert 50 <= cut <= 250
    assert values[cut:].mean() == pytest.approx(10, abs=0.1)


def test_a_run_that_never_settles_is_said_to_be_too_short() -> None:
    """Half a run of growth has no steady part; a cut would invent one."""
    assert mser([float(n) for n in range(200)]) is None


def test_a_steady_run_keeps_everything() -> None:
    """Nothing to remove, nothing removed."""
    assert mser([4.0] * 50) == 0
