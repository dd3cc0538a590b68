"""History replayed: the same tickets at the same seconds, and an error that is nought where nothing differs."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from kernel.errors import Refusal
from scenarios.fitted.checked import Checked, checked, left_open
from scenarios.fitted.replayed import Actual, Replay, replayed
from scenarios.measure.interval import Verdict
from scenarios.run.outcome import Outcome
from scenarios.run.simulate import simulate_each
from tests.scenarios.fitted.test_fitted import made


@cache
def replay() -> Replay:
    """The last ten weeks of a small region."""
    return replayed(made(), days=70, warm_up_days=7)


@cache
def outcomes() -> tuple[Outcome, ...]:
    """Three replications of them."""
    return tuple(simulate_each(replay().world, replications=range(3), seed=1))


def test_every_ticket_is_reported_at_the_second_it_was() -> None:
    """In every replication: chance decides what became of it, not whether it came."""
    reported = [one.reported_s for one in replay().actual]

    assert len(reported) > 40
    assert reported == sorted(reported)
    for outcome in outcomes():
        assert outcome.tickets.born_s.tolist() == reported


def test_known_work_takes_as_long_as_it_took() -> None:
    """What the history knows is not drawn anew."""
    jobs = {job.id: job for job in replay().world.demand.jobs}

    known = [one for one in replay().actual if one.work_s > 0]

    assert known
    assert all(jobs[one.ticket].work.mean * 60 == pytest.approx(one.work_s) for one in known)


def test_a_history_that_is_the_models_own_has_no_error() -> None:
    """The yardstick: what one replication did, taken for history, is reproduced by that replication exactly."""
    (outcome, *_) = outcomes()
    rows = outcome.tickets
    own = tuple(
        replace(
            one,
            arrived_s=int(rows.arrived_s[at]),
            restored_s=int(rows.restored_s[at]),
            first_time_fix=int(rows.first_time_fix[at]),
        )
        for at, one in enumerate(replay().actual)
    )

    found = {one.figure: one for one in checked([outcome], own)}

    for figure in (Checked.ARRIVE_4H, Checked.HOURS_TO_ARRIVE, Checked.HOURS_TO_RESTORE):
        assert found[figure].tickets > 40
        assert found[figure].verdict is Verdict.EQUAL
    assert left_open([outcome], own) == 0


def test_an_hour_sooner_in_history_is_an_hour_of_error() -> None:
    """With its interval: the same in every week."""
    (outcome, *_) = outcomes()
    rows = outcome.tickets

    def sooner(at: int, one: Actual) -> Actual:
        arrived, restored = int(rows.arrived_s[at]), int(rows.restored_s[at])
        return replace(one, arrived_s=max(-1, arrived - 3600), restored_s=restored)

    own = tuple(sooner(at, one) for at, one in enumerate(replay().actual))
    found = {one.figure: one for one in checked([outcome], own)}

    assert found[Checked.HOURS_TO_ARRIVE].error.mean == pytest.approx(1.0)
    assert found[Checked.HOURS_TO_ARRIVE].verdict is Verdict.MORE


def test_too_little_history_is_refused() -> None:
    """A model is not judged by a handful of tickets."""
    with pytest.raises(Refusal, match=r"scenario\.little_history"):
        replayed(made(), days=7, warm_up_days=0)
