"""Reports asked for by many at once are computed once, and never of an older state than whoever asks could read."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from api.usecases.at_once import AtOnce
from kernel.clock import Stopwatch
from kernel.errors import Refusal

ASKING = 8


def test_many_at_once_are_one_computation() -> None:
    """The first computes, the others wait for it; afterwards it is computed anew, for nothing is kept."""
    reports, begun = AtOnce(), threading.Event()
    computed: list[int] = []

    def slow() -> int:
        computed.append(1)
        begun.set()
        watch = Stopwatch()
        while reports.shared < ASKING - 1:
            assert watch.seconds < 30
        return len(computed)

    with ThreadPoolExecutor(ASKING) as threads:
        first = threads.submit(reports.of, ("R1", 7), slow)
        assert begun.wait(10)
        newer = reports.of(("R1", 8), lambda: -1)
        others = [threads.submit(reports.of, ("R1", 7), slow) for _ in range(ASKING - 1)]
        answers = [one.result() for one in (first, *others)]

    assert newer == -1, "another state of the region is another question"
    assert answers == [1] * ASKING
    assert reports.of(("R1", 7), lambda: 99) == 99


def test_a_refusal_is_everybody_s_and_leaves_nothing_behind() -> None:
    """Who asks after it is answered for himself."""
    reports = AtOnce()

    def refuses() -> int:
        raise Refusal("region.unknown", region="R9")

    for _ in range(2):
        with pytest.raises(Refusal, match=r"region\.unknown"):
            reports.of("R9", refuses)

    assert reports.of("R9", lambda: 1) == 1
