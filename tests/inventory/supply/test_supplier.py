"""What a supplier has shown, and what it owes an answer for."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from inventory.replenish.assessment import Delivered
from inventory.supply.corrective import (
    Discipline,
    NonConformance,
    Report,
    StepDone,
    overdue,
    report,
)
from inventory.supply.supplier import Delivery, scorecard
from kernel.errors import Refusal
from tests.stock_builders import NOW

DAY = timedelta(days=1)


def delivery(days: float, *, promised: float | None = 10, quantity: int = 100, **changes: Any) -> Delivery:
    """An order of sixty days ago that took so many days, promised for the tenth."""
    ordered = NOW - 60 * DAY
    plain: dict[str, Any] = {"supplier": "S-1", "part": "P-1", "order": "PO-1", "ordered_at": ordered}
    first = None if promised is None else ordered + promised * DAY
    return Delivery(
        first_promised_at=first, arrived_at=ordered + days * DAY, quantity=quantity, **(plain | changes)
    )


def test_the_card_counts_bad_units_and_days() -> None:
    """Three bad of three hundred are ten thousand a million; two of three came by the first date."""
    card = scorecard(
        "S-1", [delivery(8), delivery(10, bad=3), delivery(15), delivery(3, supplier="S-2")], now=NOW
    )

    assert (card.deliveries, card.units, card.bad) == (3, 300, 3)
    assert card.bad_per_million == pytest.approx(10_000)
    assert card.on_time == pytest.approx(2 / 3)
    assert card.lead_time_days == pytest.approx(11)
    assert card.lead_time_sd_days == pytest.approx(13**0.5)


def test_no_promise_is_neither_kept_nor_broken() -> None:
    """A supplier that confirms nothing is not punctual by that."""
    card = scorecard("S-1", [delivery(8, promised=None), delivery(12)], now=NOW)

    assert (card.promised, card.in_time, card.on_time) == (1, 0, 0)
    assert scorecard("S-1", [delivery(8, promised=None)], now=NOW).on_time is None


def test_only_the_part_and_the_stretch_asked_for_count() -> None:
    """What arrives later, arrived before, or is another part stays out."""
    rows = [delivery(1), delivery(20), delivery(70), delivery(20, part="P-2")]

    card = scorecard("S-1", rows, now=NOW, since=NOW - 50 * DAY, part="P-1")

    assert card.deliveries == 1
    assert card.lead_time_days == pytest.approx(20)


def test_reorder_hears_what_was_shown_once_it_is_enough() -> None:
    """Four deliveries change nothing; from the fifth on they replace the promise, and a share of nothing never comes out."""
    good = [delivery(8 + day) for day in range(4)]

    assert scorecard("S-1", good, now=NOW).delivered() == Delivered()
    shown = scorecard("S-1", [*good, delivery(12, bad=10)], now=NOW).delivered()
    assert shown.lead_time_days == pytest.approx(10)
    assert shown.accepted == pytest.approx(0.98)
    assert scorecard("S-1", [delivery(8, bad=100)] * 5, now=NOW).delivered().accepted > 0
    nothing = scorecard("S-9", good, now=NOW)
    assert (nothing.bad_per_million, nothing.on_time, nothing.lead_time_days) == (None, None, None)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"quantity": 0}, "stock.not_positive"),
        ({"bad": 101}, "supply.bad_out_of_range"),
        ({"days": -1}, "supply.arrived_before_order"),
    ],
)
def test_a_delivery_that_cannot_be_is_refused(changes: dict[str, Any], code: str) -> None:
    """Each with its own code."""
    with pytest.raises(Refusal) as caught:
        delivery(**({"days": 8} | changes))

    assert caught.value.code == code


OPENED = NOW - 20 * DAY
FAULT = NonConformance("NC-1", OPENED, "S-1", "P-1", 5, "PO-1", found="leaks")


def answered(*steps: tuple[Discipline, float], now: datetime = NOW) -> Report:
    """The report after these steps, each so many days after it was opened."""
    return report(
        FAULT, [StepDone("NC-1", step, OPENED + days * DAY, "S-1") for step, days in steps], now=now
    )


FIRST_THREE = ((Discipline.CONTAINMENT, 0.5), (Discipline.TEAM, 1), (Discipline.PROBLEM, 1))


def test_every_step_has_its_date() -> None:
    """Ten days for the cause: it came on the eleventh, the action chosen in time is next."""
    found = answered(*FIRST_THREE, (Discipline.ROOT_CAUSE, 11), (Discipline.CHOSEN_ACTION, 13))

    late = {step.step for step in found.steps if step.late}
    assert late == {Discipline.ROOT_CAUSE}
    assert found.waiting_for is not None
    assert (found.waiting_for.step, found.waiting_for.due_at) == (Discipline.ACTION_DONE, OPENED + 30 * DAY)
    assert overdue([found], now=NOW) == ()


def test_a_step_not_done_is_overdue_and_the_longest_overdue_stands_first() -> None:
    """Nothing was answered for one, the cause is missing for the other."""
    silent, slow = answered(), answered(*FIRST_THREE)

    found = overdue([slow, silent], now=NOW)

    assert [(row[1].step, row[1].due_at) for row in found] == [
        (Discipline.TEAM, OPENED + DAY),
        (Discipline.ROOT_CAUSE, OPENED + 10 * DAY),
    ]


def test_no_cause_without_containment_and_no_end_without_prevention() -> None:
    """A report is closed step by step; a date before its opening is a mistake."""
    with pytest.raises(Refusal, match=r"supply\.step_out_of_order"):
        answered((Discipline.TEAM, 1), (Discipline.PROBLEM, 1), (Discipline.ROOT_CAUSE, 2))
    with pytest.raises(Refusal, match=r"supply\.step_out_of_order"):
        answered(*FIRST_THREE, (Discipline.CLOSED, 5))
    with pytest.raises(Refusal, match=r"supply\.step_before_report"):
        answered((Discipline.TEAM, -1))
    steps = [(step, 1.0 + step) for step in Discipline if step > Discipline.CONTAINMENT]
    assert answered(*FIRST_THREE, *steps).waiting_for is None


def test_a_step_said_twice_keeps_its_first_date_and_the_future_has_not_happened() -> None:
    """Facts come in any order and more than once."""
    again = answered(*FIRST_THREE, (Discipline.TEAM, 9), (Discipline.ROOT_CAUSE, 25))

    assert again.steps[0].done_at == OPENED + DAY
    assert again.waiting_for is not None
    assert again.waiting_for.step is Discipline.ROOT_CAUSE
    with pytest.raises(Refusal, match=r"stock\.not_positive"):
        NonConformance("NC-2", OPENED, "S-1", "P-1", 0, "PO-1")
