"""Changes asked for after a simulation: nobody decides his own, what is decided stays so, every step is kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.desk.change_request import (
    NEXT,
    ChangeEvent,
    ChangeStep,
    Simulated,
    change_requests,
    check_step,
)
from kernel.errors import Refusal

NOW = datetime(2026, 3, 6, 8, 0, tzinfo=UTC)
OF = Simulated(
    "run-1", "two-more", ("Two more", "增加两名"), {"library": "x"}, ("engineers",), {}, 4, 1, "CNY"
)
ASKED = ChangeEvent("CR-0001", NOW, "manager", ChangeStep.REQUESTED, OF)


def said(step: ChangeStep, by: str = "director", reason: str = "because", hours: int = 1) -> ChangeEvent:
    """A later step of the request."""
    return ChangeEvent("CR-0001", NOW + timedelta(hours=hours), by, step, None, reason)


def test_what_is_accepted_is_open_until_it_is_done() -> None:
    """Deciding edits nothing: somebody has to enter it, and says so."""
    after = change_requests([ASKED, said(ChangeStep.ACCEPTED), said(ChangeStep.DONE, "manager", hours=2)])

    assert after["CR-0001"].step is ChangeStep.DONE
    assert [one.by for one in after["CR-0001"].steps] == ["director", "manager"]
    assert change_requests([ASKED])["CR-0001"].is_open


@pytest.mark.parametrize(
    ("event", "code"),
    [
        (said(ChangeStep.ACCEPTED, "manager"), "change.own_request"),
        (said(ChangeStep.DECLINED, "manager"), "change.own_request"),
        (said(ChangeStep.WITHDRAWN, "director"), "change.not_his_to_withdraw"),
        (said(ChangeStep.DONE), "change.cannot_follow"),
        (said(ChangeStep.REQUESTED), "change.cannot_follow"),
    ],
)
def test_a_step_that_is_not_ones_own_to_take_is_refused(event: ChangeEvent, code: str) -> None:
    """Who asks does not decide, who decides does not take back, nothing is done before it is accepted."""
    known = change_requests([ASKED])["CR-0001"]

    with pytest.raises(Refusal) as refused:
        check_step(known, event)

    assert refused.value.code == code


@pytest.mark.parametrize("step", [ChangeStep.DECLINED, ChangeStep.WITHDRAWN])
def test_a_no_says_why(step: ChangeStep) -> None:
    """Whoever asked wants to know."""
    with pytest.raises(Refusal, match=r"change\.reason_missing"):
        said(step, reason=" ")


def test_a_request_nobody_made_is_refused() -> None:
    """An id that was typed wrong decides nothing."""
    with pytest.raises(Refusal, match=r"change\.not_asked"):
        check_step(None, said(ChangeStep.ACCEPTED))


@given(st.lists(st.sampled_from(list(ChangeStep)), max_size=6))
def test_steps_that_cannot_follow_change_nothing(steps: Sequence[ChangeStep]) -> None:
    """Whatever is said, the steps kept are a walk along what may follow; after an end nothing is added."""
    found = change_requests([ASKED, *(said(one, hours=at) for at, one in enumerate(steps))])["CR-0001"]

    walk = [ChangeStep.REQUESTED, *(one.step for one in found.steps)]
    assert all(later in NEXT.get(earlier, frozenset()) for earlier, later in pairwise(walk))
    first = next((one for one in steps if one in NEXT[ChangeStep.REQUESTED]), None)
    assert (found.steps[0].step if found.steps else None) == first
