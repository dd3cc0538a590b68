"""Requests counted by several processes together: a limit is one limit, however many answer behind the port."""

from __future__ import annotations

import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from limits.storage import MemoryStorage

from api.auth import counts
from api.auth.allowance import Allowance
from api.auth.counts import Counts
from api.auth.policy import Policy
from api.auth.principal import Kind, Principal
from api.together import Turn
from kernel.errors import Refusal
from storage.scope import Scope
from storage.tables.people import Role

WHO = Principal("U-1", Kind.KEY, "K-1", Role.MANAGER, Scope(everywhere=True))


def allowed(allowance: Allowance, *, times: int) -> int:
    """How many of so many requests are let in."""
    let_in = 0
    for _ in range(times):
        with suppress(Refusal):
            allowance.spend(WHO, weight=1)
            let_in += 1
    return let_in


def test_two_processes_let_in_what_one_does(tmp_path: Path) -> None:
    """Otherwise a caller of N processes had N times what the settings say."""
    policy = Policy(per_principal=60)
    first, second = Allowance(policy, within=tmp_path), Allowance(policy, within=tmp_path)

    before = allowed(first, times=40)
    after = allowed(second, times=40) + allowed(first, times=10)

    assert (before, after) == (40, 20)


def test_a_process_alone_counts_for_itself() -> None:
    """Two applications in one process of the tests are two services."""
    policy = Policy(per_principal=60)

    assert allowed(Allowance(policy), times=70) == allowed(Allowance(policy), times=70) == 60


def test_nothing_counted_at_the_same_moment_is_lost(tmp_path: Path) -> None:
    """A lost count is a limit lifted: each process reads what the others have written, and nobody writes meanwhile."""
    several = [Counts(tmp_path) for _ in range(4)]

    def count(one: Counts) -> None:
        for _ in range(200):
            with one.alone():
                one.incr("U-1", 60)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(count, several))

    assert [one.get("U-1") for one in several] == [800] * 4


STEPS = st.lists(
    st.tuples(st.integers(0, 1), st.sampled_from("abc"), st.integers(-3, 5).filter(bool)), max_size=40
)


@given(steps=STEPS)
def test_two_that_count_together_count_as_one(steps: list[tuple[int, str, int]]) -> None:
    """Whoever of them adds or takes back, both know the sum, and it is never below nothing."""
    with tempfile.TemporaryDirectory() as folder:
        both = Counts(Path(folder)), Counts(Path(folder))
        sums: dict[str, int] = dict.fromkeys("abc", 0)
        for who, name, amount in steps:
            sums[name] = max(0, sums[name] + amount)
            told = both[who].incr(name, 60, amount) if amount > 0 else both[who].decr(name, -amount)

            assert told == sums[name]
        assert [{name: one.get(name) for name in sums} for one in both] == [sums, sums]


HITS = st.lists(st.tuples(st.floats(0, 40), st.sampled_from("ab"), st.integers(1, 4)), max_size=60)


@given(hits=HITS)
def test_a_request_is_let_in_where_the_library_lets_it_in(hits: list[tuple[float, str, int]]) -> None:
    """Its window slides over the minute; ours looks for each count once, and says the same at every moment."""
    ours, theirs = Counts(), Counts()
    now = 1_000_000.0
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(counts, "_now", lambda: now)
        patched.setattr("limits.storage.memory.time.time", lambda: now)
        for later, who, cost in hits:
            now += later

            let_in = ours.acquire_sliding_window_entry(who, 7, 60, cost)

            assert let_in == MemoryStorage.acquire_sliding_window_entry(theirs, who, 7, 60, cost)


def test_where_there_is_no_place_left_the_smallest_count_gives_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever sends from a thousand addresses does not make the busiest caller's count forgotten."""
    monkeypatch.setattr(counts, "SLOTS", counts.LOOKED_AT)
    kept = Counts()
    kept.incr("busy", 60, 1000)

    for number in range(100):
        kept.incr(f"stranger-{number}", 60)

    assert kept.get("busy") == 1000


def test_a_count_that_has_run_out_is_forgotten() -> None:
    """The window has passed: the place is free for others."""
    kept = Counts()

    kept.incr("U-1", -1.0, 5)

    assert kept.get("U-1") == 0
    assert kept.incr("U-1", 60, 2) == 2


def test_what_one_process_notes_of_a_turn_another_reads(tmp_path: Path) -> None:
    """The second between two questions to a public geocoder is one for all processes."""
    first, second = Turn("geocoder", within=tmp_path), Turn("geocoder", within=tmp_path)
    with second.taken():
        before = second.noted_s()

    with first.taken():
        first.note()

    with second.taken():
        assert second.noted_s() < 60 < before
