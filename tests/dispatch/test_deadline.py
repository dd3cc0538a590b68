"""How a deadline stands: the table of cases every screen is checked against."""

from __future__ import annotations

import pytest

from dispatch.deadline import DeadlineState, most_urgent, state

M, H = 60, 3600


@pytest.mark.parametrize(
    ("due_s", "forecast_s", "now_s", "done_s", "expected"),
    [
        pytest.param(4 * H, 3 * H, 0, None, "on_track", id="planned an hour before due"),
        pytest.param(4 * H, 4 * H - 30 * M, 0, None, "on_track", id="exactly thirty minutes spare"),
        pytest.param(
            4 * H, 4 * H - 30 * M + 1, 0, None, "at_risk", id="a second less than thirty minutes spare"
        ),
        pytest.param(4 * H, 4 * H, 0, None, "at_risk", id="planned for the due second itself"),
        pytest.param(4 * H, 4 * H + 1, 0, None, "will_miss", id="planned a second after due"),
        pytest.param(4 * H, 5 * H, 4 * H, None, "will_miss", id="the due second has not passed yet"),
        pytest.param(4 * H, 5 * H, 4 * H + 1, None, "breached", id="due has passed, still planned"),
        pytest.param(4 * H, None, 4 * H + 1, None, "breached", id="due has passed, nobody planned"),
        pytest.param(4 * H, None, 0, None, "unassigned", id="nobody planned, four hours left"),
        pytest.param(4 * H, None, 2 * H, None, "unassigned", id="nobody planned, exactly two hours left"),
        pytest.param(4 * H, None, 2 * H + 1, None, "at_risk", id="nobody planned, under two hours left"),
        pytest.param(None, None, 0, None, "unassigned", id="nobody planned, no deadline"),
        pytest.param(None, 9 * H, 0, None, "on_track", id="planned, no deadline"),
        pytest.param(4 * H, None, 9 * H, 4 * H, "done", id="done at the due second"),
        pytest.param(4 * H, None, 9 * H, 4 * H + 1, "done_late", id="done a second late"),
        pytest.param(None, None, 9 * H, 4 * H, "done", id="done, no deadline"),
        pytest.param(-H, -2 * H, -3 * H, None, "on_track", id="seconds before the origin count too"),
    ],
)
def test_a_deadline_stands_as_the_table_says(
    due_s: int | None, forecast_s: int | None, now_s: int, done_s: int | None, expected: str
) -> None:
    """One function decides what is coloured how, to the second."""
    found = state(due_s=due_s, forecast_s=forecast_s, now_s=now_s, done_s=done_s)

    assert found == expected


def test_a_visit_shows_its_most_urgent_deadline() -> None:
    """A breached arrival must not hide behind a repair that is on track."""
    states = [DeadlineState.ON_TRACK, DeadlineState.BREACHED, DeadlineState.AT_RISK]

    assert most_urgent(states) is DeadlineState.BREACHED
    assert most_urgent([]) is DeadlineState.ON_TRACK
