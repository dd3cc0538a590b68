"""How many server processes there are by default, and what each of them is allowed."""

from __future__ import annotations

import os
import sys

import pytest

from api.auth.policy import policy_of
from api.settings import Settings
from api.several import core_of_each, processes_of, shared_out

CHOSEN = Settings.model_construct(processes=0)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the port is shared out on Linux")
@pytest.mark.parametrize(("cores", "processes"), [(1, 1), (2, 2), (8, 2)])
def test_a_machine_of_two_cores_or_more_serves_by_two_processes(
    monkeypatch: pytest.MonkeyPatch, cores: int, processes: int
) -> None:
    """One process is one core of Python; the third would be the database's."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(cores)))

    assert processes_of(CHOSEN) == processes


def test_a_sqlite_that_may_have_one_connection_only_has_one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the fix of its write-ahead log nobody opens it twice on his own accord."""
    monkeypatch.setattr("api.several.carries_the_fix", lambda _: False)

    assert processes_of(CHOSEN) == 1


def test_a_number_of_processes_that_is_chosen_holds() -> None:
    """The operator knows his machine."""
    assert processes_of(Settings.model_construct(processes=5)) == 5


def test_what_a_process_keeps_for_itself_is_its_part() -> None:
    """Two processes hold no more streams open and take no more memory for passwords than one."""
    one = Settings.model_construct(processes=1, live_most=1001)
    two = Settings.model_construct(processes=2, live_most=1001)

    assert shared_out(one).live_most == 1001
    assert shared_out(two).live_most == 501
    assert [policy_of(settings).hashing.at_once for settings in (one, two)] == [2, 1]


def test_each_process_keeps_to_a_core_of_its_own_where_there_are_enough() -> None:
    """Threads of one process take turns anyway; from core to core they leave behind what they work with."""
    assert core_of_each(2, {0, 1, 2}) == [0, 1]
    assert core_of_each(3, {4, 7}) == [None, None, None]
    assert [core_of_each(2, range(4), port=port) for port in (8000, 8001)] == [[0, 1], [2, 3]]
    assert core_of_each(2, {0, 1, 2}, port=8000) == [1, 2]
    assert core_of_each(2, frozenset()) == [None, None]
