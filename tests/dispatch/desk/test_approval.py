"""Approvals: what needs a word, whose, and that nobody decides for himself, twice, or above his limit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.desk.approval import (
    Approval,
    ApprovalEvent,
    ApprovalStep,
    approvals,
    check_approvals,
    inbox,
    is_needed,
    may_decide,
)
from dispatch.desk.practice import ApprovalKind, DeskRole, Practice
from dispatch.desk.practice_file import builtin_practice
from kernel.errors import Refusal
from tests.desk_builders import FRIDAY_16

PRACTICE = replace(
    builtin_practice(),
    limits={
        **{kind: {DeskRole.DIRECTOR: 10**9} for kind in ApprovalKind},
        ApprovalKind.PURCHASE: {
            DeskRole.DISPATCHER: 1_000,
            DeskRole.MANAGER: 50_000,
            DeskRole.DIRECTOR: 900_000,
        },
    },
    free_below={**dict.fromkeys(ApprovalKind, 0), ApprovalKind.PURCHASE: 500},
)
LATER = FRIDAY_16 + timedelta(days=1)


def asked(
    name: str = "R-1",
    minute: int = 0,
    *,
    cents: int = 20_000,
    by: str = "E-1",
    kind: ApprovalKind = ApprovalKind.PURCHASE,
) -> ApprovalEvent:
    """Somebody asks for something."""
    at = FRIDAY_16 + timedelta(minutes=minute)
    return ApprovalEvent(name, "T-1", at, by, ApprovalStep.REQUESTED, kind, cents, reason="needed on site")


def decided(
    step: ApprovalStep = ApprovalStep.APPROVED,
    minute: int = 10,
    *,
    name: str = "R-1",
    by: str = "M-1",
    role: DeskRole | None = DeskRole.MANAGER,
    ticket: str = "T-1",
) -> ApprovalEvent:
    """Somebody decides."""
    at = FRIDAY_16 + timedelta(minutes=minute)
    return ApprovalEvent(
        name, ticket, at, by, step, role=role, reason="too dear" if step != "approved" else ""
    )


def codes(*events: ApprovalEvent, practice: Practice = PRACTICE) -> list[str]:
    """What is refused."""
    return [flaw.code for flaw in check_approvals(events, practice)]


def test_a_request_is_asked_decided_and_kept() -> None:
    """Who asked for what, who said what to it, when and in which role: all of it stays readable."""
    events = [asked(), decided(ApprovalStep.DECLINED)]

    open_one = approvals(events, FRIDAY_16)["R-1"]
    done = approvals(events, LATER)["R-1"]

    assert codes(*events) == []
    assert open_one.is_open
    assert done == Approval(
        "R-1",
        "T-1",
        ApprovalKind.PURCHASE,
        20_000,
        "needed on site",
        FRIDAY_16,
        "E-1",
        ApprovalStep.DECLINED,
        events[1].at,
        "M-1",
        DeskRole.MANAGER,
        "too dear",
    )


@pytest.mark.parametrize(
    ("events", "code"),
    [
        ([asked(), decided(by="E-1")], "approval.own_request"),
        ([asked(), decided(), decided(minute=11)], "approval.decided_already"),
        (
            [asked(), decided(), decided(ApprovalStep.WITHDRAWN, 11, by="E-1", role=None)],
            "approval.decided_already",
        ),
        ([asked(), decided(role=DeskRole.DISPATCHER)], "approval.role_may_not"),
        ([asked(cents=60_000), decided()], "approval.role_may_not"),
        ([asked(), decided(ApprovalStep.WITHDRAWN, by="E-2", role=None)], "approval.not_his_to_withdraw"),
        ([asked(), decided(ticket="T-2")], "approval.other_ticket"),
        ([decided()], "approval.not_asked"),
        ([asked(), asked(minute=1)], "approval.asked_twice"),
        ([asked(cents=499)], "approval.not_needed"),
        ([asked(cents=900_001)], "approval.above_all_limits"),
        ([asked(minute=20), decided(minute=10)], "approval.events_out_of_order"),
    ],
)
def test_a_step_that_may_not_be_is_refused(events: list[ApprovalEvent], code: str) -> None:
    """Money leaves on two people's word, once, within what each may say."""
    assert codes(*events) == [code]


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: replace(asked(), cents=None), "approval.request_incomplete"),
        (lambda: replace(asked(), kind=None), "approval.request_incomplete"),
        (lambda: asked(cents=-1), "approval.request_incomplete"),
        (lambda: replace(asked(), reason=" "), "approval.reason_missing"),
        (lambda: replace(asked(), role=DeskRole.MANAGER), "approval.value_not_used"),
        (lambda: replace(decided(), cents=5), "approval.value_not_used"),
        (lambda: decided(role=None), "approval.decision_incomplete"),
        (lambda: replace(decided(ApprovalStep.DECLINED), reason=""), "approval.reason_missing"),
    ],
)
def test_an_incomplete_step_is_refused(make: Callable[[], object], code: str) -> None:
    """A decision without its role, a request without its price: nobody could check them later."""
    with pytest.raises(Refusal) as refused:
        make()

    assert refused.value.code == code


def test_the_limit_itself_may_be_approved_and_whoever_asked_may_withdraw() -> None:
    """At the edge of the rule."""
    assert codes(asked(cents=50_000), decided()) == []
    assert codes(asked(), decided(ApprovalStep.WITHDRAWN, by="E-1", role=None)) == []
    assert codes(asked(cents=500), decided(role=DeskRole.DISPATCHER)) == []
    assert is_needed(ApprovalKind.PURCHASE, 500, PRACTICE)
    assert not is_needed(ApprovalKind.PURCHASE, 499, PRACTICE)


def test_the_inbox_holds_what_somebody_may_decide_oldest_first() -> None:
    """Not his own, not what is above him, not what is decided."""
    events = [
        asked("R-1", 0),
        asked("R-2", 1, cents=60_000),
        asked("R-3", 2, by="M-1"),
        asked("R-4", 3),
        asked("R-5", 4, cents=900),
        decided(name="R-4"),
    ]

    def names(role: DeskRole, person: str) -> list[str]:
        return [one.id for one in inbox(events, PRACTICE, LATER, role=role, person=person)]

    assert codes(*events) == []
    assert names(DeskRole.MANAGER, "M-1") == ["R-1", "R-5"]
    assert names(DeskRole.MANAGER, "M-2") == ["R-1", "R-3", "R-5"]
    assert names(DeskRole.DIRECTOR, "D-1") == ["R-1", "R-2", "R-3", "R-5"]
    assert names(DeskRole.DISPATCHER, "desk") == ["R-5"]


def test_every_kind_has_somebody_who_may_decide_it_in_what_ships() -> None:
    """Replacement, refund, purchase over a limit, outside partner."""
    practice = builtin_practice()

    for kind in ApprovalKind:
        assert may_decide(kind, practice.free_below[kind], practice)
    assert may_decide(ApprovalKind.REFUND, 500_000, practice) == (DeskRole.MANAGER, DeskRole.DIRECTOR)


STEPS = st.one_of(
    st.builds(
        asked,
        st.sampled_from(["R-1", "R-2"]),
        st.integers(0, 9),
        cents=st.sampled_from([600, 20_000, 60_000]),
        by=st.sampled_from(["E-1", "M-1"]),
    ),
    st.builds(
        decided,
        st.sampled_from([ApprovalStep.APPROVED, ApprovalStep.DECLINED]),
        st.integers(0, 9),
        name=st.sampled_from(["R-1", "R-2"]),
        by=st.sampled_from(["E-1", "M-1", "D-1"]),
        role=st.sampled_from(list(DeskRole)),
    ),
)


@given(st.lists(STEPS, max_size=8))
def test_whatever_passes_the_check_was_decided_by_another_within_his_limit(
    events: list[ApprovalEvent],
) -> None:
    """The law of the inbox, over every order of steps."""
    in_order = sorted(events, key=lambda one: one.at)
    kept: list[ApprovalEvent] = []
    for one in in_order:
        if not codes(*kept, one):
            kept.append(one)

    found = approvals(kept, LATER)

    assert len([one for one in kept if one.role is not None]) == len(
        [r for r in found.values() if not r.is_open]
    )
    for request in found.values():
        if request.decided_by:
            assert request.decided_by != request.asked_by
            assert request.role in may_decide(request.kind, request.cents, PRACTICE)
        for role in DeskRole:
            shown = request.id in {r.id for r in inbox(kept, PRACTICE, LATER, role=role, person="X-1")}
            assert shown == (request.is_open and role in may_decide(request.kind, request.cents, PRACTICE))
