"""Budget goes where it decides: the published vector and the laws of any sharing."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from scenarios.measure.allocation import more_runs

MEANS = [1.2, 2.1, 3.4, 4.87, 6.05]
VARIANCES = [3.3, 2.0, 4.5, 5.3, 6.9]

RIVALS = st.lists(
    st.tuples(st.integers(-50, 50), st.integers(0, 90), st.integers(2, 40)), min_size=1, max_size=8
)


def test_the_published_example_is_given_back() -> None:
    """Chen and Lee's own figures: 100 more over five designs."""
    assert more_runs(MEANS, VARIANCES, [12, 6, 5, 5, 4], more=100) == (48, 38, 11, 2, 1)


@given(RIVALS, st.integers(0, 300))
def test_what_is_given_out_is_what_there_is(rivals: list[tuple[int, int, int]], more: int) -> None:
    """No replication is lost, none taken back, whatever the figures, equal means and no variance included."""
    means, variances, done = ([float(row[at]) for row in rivals] for at in range(3))

    added = more_runs(means, variances, [int(n) for n in done], more=more)

    assert sum(added) == more
    assert min(added) >= 0


def test_it_finds_the_best_more_often_than_an_equal_share() -> None:
    """The reason to share unequally, counted: 120 runs over ten designs whose means stand 1 apart."""
    rng = np.random.default_rng(11)
    right = {"shared": 0, "equal": 0}
    for _ in range(400):
        drawn = rng.normal(np.arange(10)[:, None], 4.0, (10, 130))
        done = [5] * 10
        for _ in range(7):
            means = [float(drawn[at, :n].mean()) for at, n in enumerate(done)]
            variances = [float(drawn[at, :n].var(ddof=1)) for at, n in enumerate(done)]
            added = more_runs(means, variances, done, more=10)
            done = [n + m for n, m in zip(done, added, strict=True)]
        assert sum(done) == 120
        right["shared"] += int(np.argmin([drawn[at, :n].mean() for at, n in enumerate(done)]) == 0)
        right["equal"] += int(np.argmin(drawn[:, :12].mean(axis=1)) == 0)

    assert right["shared"] > right["equal"] + 20
