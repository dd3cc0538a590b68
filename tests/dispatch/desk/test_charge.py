"""Charges: quoted by the scheme, accepted, deposit, done, rest; a fold that never owes a cent too much."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.desk.charge import (
    COLUMNS,
    ChargeEvent,
    ChargeItem,
    ChargeLine,
    ChargeStage,
    ChargeState,
    ChargeStep,
    charge_rows,
    charges,
    step,
)
from dispatch.desk.clause import FeeKind
from dispatch.desk.entitlement import Entitlement, Verdict
from dispatch.desk.milestone import Severity
from dispatch.desk.quote import PartPrice, quote
from dispatch.desk.scheme import Scheme
from dispatch.desk.scheme_file import builtin_schemes, find_scheme
from kernel.clock import moment
from kernel.errors import Message, Refusal

WORKDAY = moment("2026-03-10T10:00+08:00")
EVENING = moment("2026-03-10T20:00+08:00")
CHARGEABLE = Entitlement(Verdict.CHARGEABLE, Message("entitlement.priced"))
COVERED = Entitlement(Verdict.COVERED, Message("entitlement.by_plan"))
FUSER = PartPrice("P-1", 2, 300_00, 450_00)
VALUE_ADDED = find_scheme(builtin_schemes(), "value-added")


def scheme(name: str) -> Scheme:
    """A scheme that ships."""
    return find_scheme(builtin_schemes(), name)


def at(kind: ChargeStep, minute: int = 0, **rest: Any) -> ChargeEvent:
    """A step of charge Q-1."""
    return ChargeEvent("Q-1", "T-1", WORKDAY + timedelta(minutes=minute), "E01", kind, **rest)


def folded(*events: ChargeEvent, under: Scheme = VALUE_ADDED) -> ChargeState:
    """Charge Q-1 after its events."""
    return charges(events, {"T-1": under})["Q-1"]


PROJECT = at(ChargeStep.QUOTED, item=ChargeItem.PROJECT, cents=3000_01)
ACCEPTED, DONE = at(ChargeStep.ACCEPTED), at(ChargeStep.DONE)
DEPOSIT = at(ChargeStep.DEPOSIT_RECORDED, cents=1500_01)


@pytest.mark.parametrize(
    ("severity", "when", "entitled", "items"),
    [
        (Severity.P2, WORKDAY, CHARGEABLE, [("call", 200_00)]),
        (Severity.P1, WORKDAY, CHARGEABLE, [("call", 200_00)]),
        (Severity.P1, EVENING, CHARGEABLE, [("call", 200_00), ("out-of-hours", 100_00)]),
        (Severity.P1, EVENING, COVERED, [("out-of-hours", 100_00)]),
        (Severity.P2, EVENING, CHARGEABLE, [("call", 200_00)]),
        (Severity.P3, WORKDAY, CHARGEABLE, [("project", 5000_00)]),
        (Severity.P2, WORKDAY, COVERED, []),
    ],
)
def test_a_quote_is_what_the_scheme_says(
    severity: Severity, when: datetime, entitled: Entitlement, items: list[tuple[str, int]]
) -> None:
    """Calls at P1 and P2, projects at P3 and P4, the urgent call out of hours on top; a plan covers the call."""
    most = {FeeKind.CALL: 200_00, FeeKind.PROJECT: 5000_00}
    asked = {kind: cents for kind, cents in most.items() if (kind, cents) in items}

    lines = quote(VALUE_ADDED, entitled, severity, when, {}, amounts=asked)

    assert [(line.item.value, line.cents) for line in lines] == items


def test_a_bound_is_kept() -> None:
    """At most 200 a call, a report from 500: less or more is a matter of talking, beyond is refused."""
    call = quote(VALUE_ADDED, CHARGEABLE, Severity.P2, WORKDAY, {}, amounts={FeeKind.CALL: 150_00})
    report = quote(
        VALUE_ADDED,
        COVERED,
        Severity.P2,
        WORKDAY,
        {},
        asked_for=[FeeKind.REPORT],
        amounts={FeeKind.REPORT: 800_00},
    )

    assert [line.cents for line in call] == [150_00]
    assert report == (ChargeLine(ChargeItem.REPORT, 800_00),)
    for amounts in ({FeeKind.CALL: 200_01}, {FeeKind.REPORT: 499_99}, {FeeKind.MONTHLY_PLAN: 999_99}):
        said = {FeeKind.CALL: 200_00} | amounts
        with pytest.raises(Refusal) as refused:
            quote(VALUE_ADDED, CHARGEABLE, Severity.P2, WORKDAY, {}, asked_for=amounts, amounts=said)
        assert refused.value.code == "charge.outside_bound"


@pytest.mark.parametrize(
    ("severity", "asked", "amounts", "code"),
    [
        (Severity.P2, [], {}, "charge.amount_missing"),
        (Severity.P3, [], {}, "charge.amount_missing"),
        (Severity.P2, [FeeKind.REPORT], {FeeKind.CALL: 150_00}, "charge.amount_missing"),
        (Severity.P3, [], {FeeKind.PROJECT: 300_00, FeeKind.CALL: 150_00}, "charge.fee_not_due"),
        (Severity.P2, [], {FeeKind.CALL: 150_00, FeeKind.REPORT: 800_00}, "charge.fee_not_due"),
    ],
)
def test_a_bound_is_no_amount_and_an_amount_needs_its_fee(
    severity: Severity, asked: list[FeeKind], amounts: dict[FeeKind, int], code: str
) -> None:
    """At most 5,000 is not 5,000; and a price nothing is charged for was meant for something else."""
    with pytest.raises(Refusal) as refused:
        quote(VALUE_ADDED, CHARGEABLE, severity, WORKDAY, {}, asked_for=asked, amounts=amounts)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("name", "entitled", "lines"),
    [
        ("field-2-12", CHARGEABLE, [("part", 600_00)]),
        ("field-2-12", COVERED, []),
        ("product-warranty", CHARGEABLE, [("call", 300_00), ("part", 900_00)]),
        ("field-24-48", CHARGEABLE, [("call", 300_00), ("part", 900_00)]),
        ("field-24-48", COVERED, []),
    ],
)
def test_outside_the_warranty_parts_and_labour_cost_what_the_scheme_says(
    name: str, entitled: Entitlement, lines: list[tuple[str, int]]
) -> None:
    """field-2-12: parts at cost and no labour; elsewhere the price list and the call."""
    found = quote(scheme(name), entitled, Severity.P2, WORKDAY, {}, parts=[FUSER])

    assert [(line.item.value, line.cents) for line in found] == lines
    assert all((line.part, line.quantity) == ("P-1", 2) for line in found if line.item is ChargeItem.PART)


@pytest.mark.parametrize(
    ("entitled", "asked", "code"),
    [
        (Entitlement(Verdict.UNKNOWN, Message("x"), ("made_on",)), [], "charge.not_known"),
        (Entitlement(Verdict.SUSPENDED, Message("x")), [], "charge.suspended"),
        (CHARGEABLE, [FeeKind.REPORT], "charge.no_price"),
    ],
)
def test_nothing_is_quoted_on_sand(entitled: Entitlement, asked: list[FeeKind], code: str) -> None:
    """A missing fact, a suspended customer, a price the scheme does not have."""
    with pytest.raises(Refusal) as refused:
        quote(scheme("field-24-48"), entitled, Severity.P2, WORKDAY, {}, asked_for=asked)
    assert refused.value.code == code


def test_half_before_and_the_rest_after() -> None:
    """Quoted 3,000.01: the deposit is half, rounded up; the rest makes it even."""
    rest = at(ChargeStep.REST_RECORDED, cents=1500_00)

    assert folded(PROJECT).balance == 0
    accepted = folded(PROJECT, ACCEPTED)
    assert (accepted.deposit_due, accepted.balance) == (1500_01, 3000_01)
    assert folded(PROJECT, ACCEPTED, DEPOSIT).balance == 1500_00
    assert folded(PROJECT, ACCEPTED, DEPOSIT, DONE).stage is ChargeStage.DONE
    assert folded(PROJECT, ACCEPTED, DEPOSIT, DONE, rest).balance == 0


@pytest.mark.parametrize(
    ("events", "code"),
    [
        ((ACCEPTED,), "charge.no_such_move"),
        ((PROJECT, DONE), "charge.no_such_move"),
        ((PROJECT, ACCEPTED, DONE), "charge.deposit_first"),
        ((PROJECT, ACCEPTED, PROJECT), "charge.no_such_move"),
        ((PROJECT, ACCEPTED, at(ChargeStep.REST_RECORDED, cents=1)), "charge.no_such_move"),
        ((PROJECT, ACCEPTED, at(ChargeStep.DEPOSIT_RECORDED, cents=3000_02)), "charge.too_much"),
        (
            (PROJECT, ACCEPTED, at(ChargeStep.REFUNDED, cents=3000_02, reason="too late")),
            "charge.too_much",
        ),
        (
            (PROJECT, at(ChargeStep.WITHDRAWN, reason="no"), at(ChargeStep.REFUNDED, cents=1, reason="x")),
            "charge.no_such_move",
        ),
        (
            (PROJECT, ACCEPTED, DEPOSIT, at(ChargeStep.PAID_BACK, cents=1)),
            "charge.too_much",
        ),
        ((PROJECT, at(ChargeStep.WITHDRAWN, reason="no"), ACCEPTED), "charge.no_such_move"),
        (
            (PROJECT, ChargeEvent("Q-1", "T-2", WORKDAY, "E01", ChargeStep.ACCEPTED)),
            "charge.other_ticket",
        ),
    ],
)
def test_a_step_that_cannot_follow_is_refused(events: tuple[ChargeEvent, ...], code: str) -> None:
    """Quoted, accepted, deposit, done, rest: in this order, and never more than is owed."""
    with pytest.raises(Refusal) as refused:
        charges(events, {"T-1": VALUE_ADDED, "T-2": VALUE_ADDED})

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("kind", "rest", "code"),
    [
        (ChargeStep.QUOTED, {"item": ChargeItem.CALL}, "charge.no_amount"),
        (ChargeStep.QUOTED, {"cents": 5}, "charge.line_unclear"),
        (ChargeStep.QUOTED, {"cents": 5, "item": ChargeItem.PART}, "charge.line_unclear"),
        (ChargeStep.QUOTED, {"cents": 5, "item": ChargeItem.CALL, "part": "P-1"}, "charge.line_unclear"),
        (ChargeStep.ACCEPTED, {"cents": 5}, "charge.amount_not_used"),
        (ChargeStep.ACCEPTED, {"item": ChargeItem.CALL}, "charge.line_unclear"),
        (ChargeStep.REFUNDED, {"cents": 5}, "charge.reason_missing"),
        (ChargeStep.WITHDRAWN, {}, "charge.reason_missing"),
        (ChargeStep.DONE, {"quantity": 2}, "charge.line_unclear"),
    ],
)
def test_a_step_says_what_it_needs_and_nothing_else(
    kind: ChargeStep, rest: dict[str, Any], code: str
) -> None:
    """An amount on a step that has none would be money nobody folds."""
    with pytest.raises(Refusal) as refused:
        at(kind, **rest)

    assert refused.value.code == code


def test_a_missed_standard_is_repeated_or_partly_given_back() -> None:
    """Both are facts: the balance goes below zero until the money is back, a repeat costs nothing."""
    paid = (PROJECT, ACCEPTED, DEPOSIT, DONE, at(ChargeStep.REST_RECORDED, cents=1500_00))

    refunded = folded(*paid, at(ChargeStep.REFUNDED, cents=1000_00, reason="delivered two days late"))
    repeated = folded(*paid, at(ChargeStep.REPEATED_FREE, reason="delivered two days late"))

    assert (refunded.balance, refunded.refunded) == (-1000_00, 1000_00)
    assert step(refunded, at(ChargeStep.PAID_BACK, cents=1000_00), VALUE_ADDED).balance == 0
    assert (repeated.balance, repeated.repeats) == (0, 1)


def test_a_withdrawn_charge_owes_its_deposit_back() -> None:
    """What came in for work that will not be done is the customer's."""
    withdrawn = folded(PROJECT, ACCEPTED, DEPOSIT, at(ChargeStep.WITHDRAWN, reason="site closed"))

    assert withdrawn.balance == -1500_01
    assert step(withdrawn, at(ChargeStep.PAID_BACK, cents=1500_01), VALUE_ADDED).balance == 0


STEPS = st.one_of(
    st.builds(lambda c: at(ChargeStep.QUOTED, item=ChargeItem.CALL, cents=c), st.integers(1, 500)),
    st.sampled_from([ACCEPTED, DONE, at(ChargeStep.WITHDRAWN, reason="x")]),
    st.builds(lambda c: at(ChargeStep.DEPOSIT_RECORDED, cents=c), st.integers(1, 500)),
    st.builds(lambda c: at(ChargeStep.REST_RECORDED, cents=c), st.integers(1, 500)),
    st.builds(lambda c: at(ChargeStep.REFUNDED, cents=c, reason="x"), st.integers(1, 500)),
    st.builds(lambda c: at(ChargeStep.PAID_BACK, cents=c), st.integers(1, 500)),
    st.just(at(ChargeStep.REPEATED_FREE, reason="x")),
)


@given(st.lists(STEPS, max_size=12))
def test_money_adds_up_whatever_is_tried(tried: list[ChargeEvent]) -> None:
    """Refused steps change nothing; those taken add up to the balance, and nobody pays more than is owed."""
    state: ChargeState | None = None
    taken: list[ChargeEvent] = []
    for event in tried:
        try:
            state = step(state, event, VALUE_ADDED)
        except Refusal:
            continue
        taken.append(event)

    def total(*kinds: ChargeStep) -> int:
        return sum(event.cents for event in taken if event.step in kinds)

    if state is None:
        assert not taken
        return
    quoted, back = total(ChargeStep.QUOTED), total(ChargeStep.REFUNDED)
    received = total(ChargeStep.DEPOSIT_RECORDED, ChargeStep.REST_RECORDED) - total(ChargeStep.PAID_BACK)
    owed = quoted - back if state.stage in {ChargeStage.ACCEPTED, ChargeStage.DONE} else 0
    assert state.total == quoted == sum(line.cents for line in state.lines)
    assert state.balance == owed - received
    assert 0 <= received <= quoted
    assert back <= quoted
    assert folded(*taken) == state


def test_charges_are_exported_as_rows() -> None:
    """One row an event, amounts with two decimals, money that goes back negative; readable by any program."""
    refund = at(ChargeStep.REFUNDED, 9, cents=1000_00, reason='late, "again"')
    part = at(ChargeStep.QUOTED, 1, item=ChargeItem.PART, cents=600_00, part="P-1", quantity=2)
    rows = list(charge_rows([PROJECT, part, ACCEPTED, refund], {"T-1": VALUE_ADDED}))

    text = io.StringIO()
    csv.writer(text).writerows(rows)
    read = list(csv.DictReader(io.StringIO(text.getvalue())))

    assert rows[0] == COLUMNS
    assert [row["amount"] for row in read] == ["3000.01", "600.00", "", "-1000.00"]
    assert (read[1]["item"], read[1]["part"], read[1]["quantity"]) == ("part", "P-1", "2")
    assert read[3]["reason"] == 'late, "again"'
    assert {row["currency"] for row in read} == {"CNY"}
