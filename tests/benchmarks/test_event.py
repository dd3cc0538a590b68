"""A day that is disturbed is planned again around what has begun."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks import event
from benchmarks.field.days import Size, day
from dispatch.solve import Budget, solve
from dispatch.verify import violations

NOW_S = 2 * 3600


@pytest.mark.parametrize("kind", event.KINDS)
def test_what_has_begun_stays_and_the_plan_holds(kind: str) -> None:
    """A gap between plans that undo the past would say nothing."""
    made = day(Size(24, 5), seed=4, supply=False)
    going = event.in_force(made, solve(made, Budget(seed=1, work=2000)))
    begun = {visit: h for visit, (h, stop) in going.stops.items() if stop.start_s < NOW_S}

    problem = event.after(made, going, kind, NOW_S, np.random.default_rng(1))
    again = solve(problem, Budget(seed=1, work=1000), going.plan)

    now = event.in_force(problem, again).stops
    assert violations(problem, again) == ()
    assert begun
    assert all(now[visit] == (h, going.stops[visit][1]) for visit, h in begun.items())


def test_a_plan_that_changes_nothing_moves_nobody() -> None:
    """Only what is elsewhere than told is counted."""
    made = day(Size(12, 3), seed=2, supply=False)
    plan = solve(made, Budget(seed=1, work=500))

    assert event.moved(made, plan, event.in_force(made, plan)) == 0


def test_a_command_prints_one_line_an_event_and_the_figures(capsys: pytest.CaptureFixture[str]) -> None:
    """The last line is what the table of the engine shows."""
    code = event.main(
        ["--size", "12x3", "--seeds", "1", "--kinds", "urgent", "--soon", "0.1", "--fresh", "0.1"]
    )

    said = capsys.readouterr().out.splitlines()
    assert code == 0
    assert len(said) == 2
    assert said[-1].startswith("again in at most")
