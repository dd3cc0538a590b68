"""The service report: what was done, in what time, with what, and what stops a customer from signing it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from dispatch.desk.customer import Asset, Customer, Site
from dispatch.desk.history import PartUsed
from dispatch.desk.knowledge import KnowledgeEntry
from dispatch.desk.life import Stage
from dispatch.desk.milestone import TicketKind
from dispatch.desk.practice_file import builtin_practice
from dispatch.desk.ticket import EventKind, TicketEvent, Way
from dispatch.desk.triage import usual_work
from dispatch.desk.work_order import (
    ChecklistAnswer,
    Signature,
    WorkOrder,
    check_answers,
    check_signing,
    work_order,
)
from kernel.errors import Refusal
from kernel.place import LatLon
from tests.desk_builders import FRIDAY_16, event, make_ticket

WORK = usual_work(builtin_practice(), TicketKind.FAULT, Way.ON_SITE)
NEEDED = [item.id for item in WORK.checklist if not item.optional]
DIGEST = "0f" * 32
EVENTS = [
    event(EventKind.TRAVELLING, 10),
    event(EventKind.ON_SITE, 30),
    event(EventKind.WAITING, 40, "part"),
    event(EventKind.RESUMED, 70),
    event(EventKind.REPAIRED, 90),
    event(EventKind.VERIFIED, 95, DIGEST),
]


def at(minute: float) -> timedelta:
    """Minutes after the report."""
    return timedelta(minutes=minute)


def answered(*items: str, minute: float = 80, value: str = "yes") -> list[ChecklistAnswer]:
    """Answers to some items."""
    return [ChecklistAnswer("T-1", FRIDAY_16 + at(minute), "E-1", item, value) for item in items]


def signed(minute: float = 92, digest: str = DIGEST) -> Signature:
    """The customer's signature."""
    return Signature("T-1", FRIDAY_16 + at(minute), "E-1", "front desk", digest)


def form(
    events: list[TicketEvent],
    minute: float = 100,
    *,
    answers: list[ChecklistAnswer] | None = None,
    signature: bool = True,
) -> WorkOrder:
    """The form at a moment."""
    when = FRIDAY_16 + at(60)
    return work_order(
        make_ticket(),
        events,
        FRIDAY_16 + at(minute),
        customer=Customer("K-1"),
        site=Site("S-1", "K-1", LatLon(26.0, 119.0)),
        asset=Asset("A-1", "S-1"),
        work=WORK,
        answers=answered(*NEEDED) if answers is None else answers,
        signatures=[signed()] if signature else [],
        parts=[PartUsed("P-2", 1), PartUsed("P-1", 1), PartUsed("P-2", 2)],
        entry=KnowledgeEntry("T-1", when, "E-1", "worn roller", "changed"),
    )


def test_the_form_says_what_was_done() -> None:
    """Ticket, people, times, waits, parts, cause and solution, checklist, signature: what the customer signs for."""
    done = form(EVENTS)

    assert (done.state.stage, done.severity) == (Stage.VERIFIED, "P2")
    assert done.engineers == ("E-1",)
    assert (done.times.travelling_at, done.times.arrived_at, done.times.repaired_at) == (
        EVENTS[0].at,
        EVENTS[1].at,
        EVENTS[4].at,
    )
    assert done.waits == (("part", EVENTS[2].at, EVENTS[3].at),)
    assert done.parts == (PartUsed("P-1", 1), PartUsed("P-2", 3))
    assert (done.cause, done.solution) == ("worn roller", "changed")
    assert done.unanswered == ()
    assert done.signature == signed()
    assert list(check_signing(done, signed())) == []


def test_before_the_work_the_same_form_is_empty() -> None:
    """The engineer prints it in the morning: nothing that happens later is on it."""
    before = form(EVENTS, 5)

    assert (before.state.stage, before.times.arrived_at, before.waits, before.signature) == (
        Stage.REPORTED,
        None,
        (),
        None,
    )
    assert [item.id for item in before.unanswered] == NEEDED
    assert before.cause == ""


def test_an_unfinished_form_cannot_be_signed() -> None:
    """A signature under open items, or under work that is not done, is worth nothing."""
    open_items = form(EVENTS, answers=answered(*NEEDED[1:]))
    not_done = form(EVENTS[:4])
    other = form(EVENTS, answers=None)

    assert [flaw.message.params.get("items") for flaw in check_signing(open_items, signed())] == [NEEDED[0]]
    assert [flaw.code for flaw in check_signing(not_done, signed())] == ["work_order.nothing_to_sign"]
    assert [flaw.code for flaw in check_signing(other, signed(85))] == ["work_order.nothing_to_sign"]
    assert [flaw.code for flaw in check_signing(other, signed(digest="1" * 64))] == [
        "work_order.signature_differs"
    ]


def test_after_a_reopening_the_form_starts_again() -> None:
    """What was ticked and signed belonged to work that did not hold."""
    again = form([*EVENTS, event(EventKind.REOPENED, 200), event(EventKind.ON_SITE, 210)], 300)

    assert (again.signature, again.cause, again.times.repaired_at) == (None, "", None)
    assert again.times.arrived_at == FRIDAY_16 + at(210)
    assert [item.id for item in again.unanswered] == NEEDED


def test_a_wait_nobody_ended_is_shown_open() -> None:
    """And one that is followed by another, or by the repair, ends there."""
    waits = [event(EventKind.WAITING, 10, "part"), event(EventKind.WAITING, 20, "customer")]
    ended = [*waits, event(EventKind.REPAIRED, 30)]

    assert form(waits).waits == (("part", waits[0].at, waits[1].at), ("customer", waits[1].at, None))
    assert form(ended).waits[-1] == ("customer", waits[1].at, ended[-1].at)


@pytest.mark.parametrize(
    ("answers", "codes"),
    [
        (answered(*NEEDED), []),
        (answered("colour"), ["work_order.unknown_item"]),
        (answered(NEEDED[0], value="maybe"), ["work_order.not_yes_or_no"]),
    ],
)
def test_answers_fit_their_items(answers: list[ChecklistAnswer], codes: list[str]) -> None:
    """A tick that may mean anything means nothing."""
    assert [flaw.code for flaw in check_answers(answers, WORK)] == codes


def test_a_number_is_a_number() -> None:
    """Hours on the bench, people who took part."""
    bench = usual_work(builtin_practice(), TicketKind.FAULT, Way.WORKSHOP)

    def codes(value: str) -> list[str]:
        return [flaw.code for flaw in check_answers(answered("bench_hours", value=value), bench)]

    assert codes("2.5") == []
    assert codes("two") == codes("NaN") == codes("Infinity") == ["work_order.not_a_number"]


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: replace(signed(), name=" "), "work_order.name_missing"),
        (lambda: replace(signed(), digest="x"), "ticket.not_a_digest"),
        (lambda: replace(signed(), remark="x" * 2001), "work_order.text_too_long"),
        (lambda: answered("tidy", value=" "), "work_order.answer_empty"),
    ],
)
def test_an_empty_signature_or_answer_is_refused(make: Callable[[], object], code: str) -> None:
    """A form is kept for years; what is on it has to say something."""
    with pytest.raises(Refusal) as refused:
        make()

    assert refused.value.code == code
