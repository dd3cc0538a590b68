"""What is counted when."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.stock.count_plan import CountClass, CountRule, count_classes, counts_due
from inventory.stock.ledger import tally
from kernel.errors import Refusal
from tests.stock_builders import NOW, PLACES, move, part

KINDS = {place.id: place.kind for place in PLACES}
DAY = timedelta(days=1)
A, B, C = CountClass


def test_the_few_parts_that_turn_over_most_are_watched_most() -> None:
    """Seventy, twenty, six, four of a hundred: the second crosses four fifths and is still A, the third crosses 95."""
    parts = [part(f"P-{number}", price=Decimal(1), criticality=3) for number in range(1, 6)]
    used = {"P-1": 70, "P-2": 20, "P-3": 6, "P-4": 4}

    assert count_classes(parts, used) == {"P-1": A, "P-2": A, "P-3": B, "P-4": C, "P-5": C}


def test_a_part_a_device_stands_still_without_is_a_class_higher() -> None:
    """Its price says little about what its lack costs."""
    parts = [part("P-1", criticality=2), part("P-2", criticality=1), part("P-3", criticality=3)]

    assert count_classes(parts, {"P-1": 100}) == {"P-1": A, "P-2": B, "P-3": C}


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50), st.integers(1, 3)), max_size=8))
def test_the_a_parts_make_up_their_share_and_none_could_be_left_out(rows: list[tuple[int, int, int]]) -> None:
    """Taken from the largest on, the last of them was still needed."""
    parts = [part(f"P-{n}", price=Decimal(price), criticality=3) for n, (price, _, _) in enumerate(rows)]
    used = {f"P-{n}": units for n, (_, units, _) in enumerate(rows)}
    values = {row.id: row.price * used[row.id] for row in parts}
    total = sum(values.values(), Decimal(0))

    classes = count_classes(parts, used)

    best = sorted((values[name] for name, found in classes.items() if found is A), reverse=True)
    assert sum(best, Decimal(0)) >= Decimal("0.8") * total
    assert not best or sum(best[:-1], Decimal(0)) < Decimal("0.8") * total
    assert classes.keys() == values.keys()


def test_what_is_due_stands_in_the_order_it_is_counted() -> None:
    """A before B, never counted before late, and nothing before its time, in a van or on a shelf."""
    ledger = [
        move(number, 1, "SUPPLIER", place, part=name)
        for number, (name, place) in enumerate(
            [
                ("P-1", "FUZHOU"),
                ("P-1", "VAN-1"),
                ("P-2", "FUZHOU"),
                ("P-3", "FUZHOU"),
                ("P-1", "QUARANTINE"),
            ],
            1,
        )
    ]
    counted = {
        ("P-1", "FUZHOU"): NOW - 31 * DAY,
        ("P-2", "FUZHOU"): NOW - 90 * DAY,
        ("P-3", "FUZHOU"): NOW - 90 * DAY,
    }
    classes = {"P-1": A, "P-2": B}

    found = counts_due(tally(KINDS, ledger), KINDS, classes, counted, now=NOW)

    assert [(row.part, row.place, row.due_at) for row in found] == [
        ("P-1", "VAN-1", None),
        ("P-1", "FUZHOU", NOW - DAY),
        ("P-2", "FUZHOU", NOW),
    ]
    assert counts_due(tally(KINDS, ledger), KINDS, classes, counted, now=NOW, most=1) == found[:1]


def test_a_rule_that_parts_nothing_is_refused() -> None:
    """Shares rise, days are whole."""
    with pytest.raises(Refusal, match=r"stock\.share_out_of_range"):
        CountRule(a_share=Decimal("0.9"), b_share=Decimal("0.8"))
    with pytest.raises(Refusal, match=r"stock\.count_days"):
        CountRule(days=((A, 0), (B, 1), (C, 1)))
