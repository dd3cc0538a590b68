"""Twenty things that happen on one day in Fujian: told word for word, every plan verified, no promise broken needlessly."""

from __future__ import annotations

from dataclasses import replace
from importlib.resources import as_file, files
from pathlib import Path

import pytest

from api.cli.day_words import told
from api.usecases.day import Turn, day
from dispatch.cost import cost, visit_stops
from dispatch.publish import Change
from dispatch.solve import Budget, solve
from dispatch.verify import violations
from dispatch.word_kept import holding
from storage.dataset.read import read
from storage.day_script import Said, read_script
from tests.conftest import set_by_name

GOLDEN = Path(__file__).with_name("fujian_day.txt")
SECOND_SEARCH = Budget(seed=2, work=1000)
"""With other luck than the turn itself had: a promise that could have been kept is found."""

pytestmark = pytest.mark.slow  # plans Fujian twenty times


@pytest.fixture(scope="module")
def turns() -> tuple[Turn, ...]:
    """The whole day, once."""
    library = files("scenarios.library")
    with as_file(library / "fujian") as folder, as_file(library / "fujian_day.toml") as script:
        region = read(folder).region
        assert region is not None
        return tuple(day(region, read_script(script)))


def test_the_day_reads_as_it_always_did(turns: tuple[Turn, ...]) -> None:
    """Fixed work, fixed seed: what a dispatcher sees on this day changes only when somebody changes it."""
    lines = [line for turn in turns for line in (*told(turn, "en"), "")]
    text = "\n".join(lines)

    if set_by_name("FIELDWRIGHT_WRITE_GOLDEN"):
        GOLDEN.write_text(text, encoding="utf-8")

    assert text == GOLDEN.read_text(encoding="utf-8")


def test_the_day_can_be_told_in_chinese(turns: tuple[Turn, ...]) -> None:
    """Half the dispatchers read it so."""
    lines = [line for turn in turns for line in told(turn, "zh")]

    assert len(lines) == sum(1 for turn in turns for _ in told(turn, "en"))
    assert not [line for line in lines if "day." in line and "not" not in line]


def test_the_day_has_what_a_day_has(turns: tuple[Turn, ...]) -> None:
    """Urgent tickets, overruns, an ill engineer, a part missing, a part arriving, a customer moving, a loaner back."""
    said = [turn.line.said for turn in turns if turn.line is not None and turn.refused is None]

    assert len(turns) == 21
    assert said.count(Said.URGENT) >= 3
    assert said.count(Said.OVERRUN) >= 2
    assert {Said.ILL, Said.PART_MISSING, Said.PART_ARRIVED, Said.ANOTHER_TIME, Said.LOANER_BACK} <= set(said)
    assert [turn.refused.code for turn in turns if turn.refused is not None] == ["board.unknown_site"]


def test_every_plan_of_the_day_holds_and_is_no_dearer_than_going_on_as_before(
    turns: tuple[Turn, ...],
) -> None:
    """Twenty plans, each verified and priced by the independent reader."""
    for turn in turns:
        if turn.turned is None or turn.applied is None:
            continue
        for problem, plan in (
            (turn.turned.problem, turn.turned.plan),
            (turn.applied.problem, turn.applied.plan),
        ):
            assert violations(problem, plan) == ()
            assert plan.claimed == cost(problem, plan)
        if turn.turned.kept is not None:
            assert violations(turn.turned.problem, turn.turned.kept) == ()
            assert turn.turned.plan.claimed.total <= turn.turned.kept.claimed.total
        assert turn.applied.conflicts == ()


def test_every_urgent_visit_has_candidates_whose_plans_hold(turns: tuple[Turn, ...]) -> None:
    """Somebody is always asked: who could go?"""
    for turn in turns:
        if turn.turned is None or turn.line is None or turn.line.said is not Said.URGENT:
            continue
        assert turn.candidates
        for way in turn.candidates:
            assert way.plan is not None
            assert violations(turn.turned.problem, way.plan) == ()


def test_no_told_customer_is_moved_without_need(turns: tuple[Turn, ...]) -> None:
    """For every customer who has to be called: keeping his engineer and time is impossible or costs more."""
    needless: list[tuple[str, int]] = []
    calls = [(turn, change) for turn in turns if turn.line is not None for change in turn.calls]
    for turn, change in calls:
        saved = _saved_by_keeping(turn, change)
        if saved > 0:
            needless.append((change.visit, saved))

    assert calls
    assert needless == []


def _saved_by_keeping(turn: Turn, change: Change) -> int:
    """Cents a plan with the promise kept would be cheaper than one without; 0 when none was found that is.

    Like for like: both are searched on from the plan of the turn, with the same luck and work, so what any second
    search would still save is not put down to the promise.
    """
    assert turn.turned is not None
    problem, plan = turn.turned.problem, turn.turned.plan
    held = holding(problem, change.visit)
    kept = solve(held, SECOND_SEARCH, plan)
    if all(stop.ref != change.visit for stop in visit_stops(kept)):
        return 0
    true = replace(kept, claimed=cost(problem, kept))
    assert violations(problem, true) == ()
    free = solve(problem, SECOND_SEARCH, plan)
    return max(0, min(plan.claimed.total, free.claimed.total) - true.claimed.total)
