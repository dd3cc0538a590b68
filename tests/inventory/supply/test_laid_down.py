"""What a region lays down, lots passed over, readings, and what is owed for goods sent back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.stock.move import Condition
from inventory.supply.disposition import Disposition, SupplierRemedy
from inventory.supply.inspected import LotInspection
from inventory.supply.inspection import Arrival
from inventory.supply.limits import Agreement, InspectionLimit, agreement_for, limit_for
from inventory.supply.measured import LotReading, measured
from inventory.supply.purchasing import PurchaseOrderLine
from inventory.supply.returned import Disposed, duties
from inventory.supply.sampling import InspectionSeverity, Level
from inventory.supply.shipment import Shipment, on_the_way, room, turned_away
from inventory.supply.skipped import LotSkipped, is_skipped, skip_state
from inventory.supply.switching import Inspection, Judged, standing_after
from kernel.errors import Refusal
from tests.stock_builders import NOW, PLACES, move

DAY = timedelta(days=1)
AQL = Decimal("1.5")
LIMIT = InspectionLimit("S", "P-1", "", AQL, clearance=3, seed="only we know")
KINDS = {place.id: place.kind for place in PLACES}


def test_the_most_particular_row_is_in_force() -> None:
    """The part before its class before any; among alike the supplier's own; what is for another fits nobody."""
    any_, of_class, of_part, own = (
        InspectionLimit(supplier, part, part_class, AQL)
        for supplier, part, part_class in (
            ("", "", ""),
            ("S", "", "pumps"),
            ("", "P-1", ""),
            ("S", "P-1", ""),
        )
    )
    classes = {"P-1": "pumps", "P-2": "pumps"}
    rows = (any_, of_class, of_part, own)

    assert limit_for(rows, "S", "P-1", classes=classes) is own
    assert limit_for(rows, "T", "P-1", classes=classes) is of_part
    assert limit_for(rows, "S", "P-2", classes=classes) is of_class
    assert limit_for(rows, "T", "P-2", classes=classes) is any_
    assert limit_for((of_part, own), "S", "P-3", classes=classes) is None


def test_what_nobody_can_follow_is_refused() -> None:
    """A row about both, a share that is none, lots passed over by a seed everybody knows."""
    with pytest.raises(Refusal, match=r"supply\.part_or_class"):
        InspectionLimit("", "P-1", "pumps", AQL)
    with pytest.raises(Refusal, match=r"sampling\.skip_seed_missing"):
        InspectionLimit("", "P-1", "", AQL, clearance=8)
    with pytest.raises(Refusal, match=r"supply\.units_only"):
        InspectionLimit("", "P-1", "", Decimal(15))
    with pytest.raises(Refusal, match=r"supply\.share_out_of_range"):
        Agreement("S", over_share=Decimal(2))
    with pytest.raises(Refusal, match=r"supply\.remedy_days"):
        Agreement("S", remedy_days=0)
    for days in ((1, 2, 3), (0, 1, 2, 3, 4, 5, 6, 7), (2, 1, 2, 3, 4, 5, 6, 7)):
        with pytest.raises(Refusal, match=r"supply\.report_days"):
            Agreement("S", report_days=days)
    assert agreement_for((), "S") == Agreement("S")
    assert agreement_for((Agreement("T"), Agreement("", remedy_days=9)), "S").remedy_days == 9


def lot(number: int, bad: int = 0, severity: InspectionSeverity = InspectionSeverity.NORMAL) -> LotInspection:
    """A lot of a thousand, of which three of a sample of eighty may be bad."""
    at = NOW + number * DAY
    return LotInspection(f"I-{number}", at, "S", "P-1", "PO", 1000, AQL, Level.II, severity, bad)


@given(st.lists(st.booleans(), max_size=12))
def test_a_lot_is_passed_over_only_after_enough_good_ones_in_a_row(good: list[bool]) -> None:
    """Whatever came before: the last ones were accepted, and inspection is not tightened."""
    lots: list[LotInspection] = []
    for number, fine in enumerate(good):
        state = standing_after(row.judged for row in lots)
        if state.inspection is Inspection.DISCONTINUED:
            break
        lots.append(lot(number, 0 if fine else 4, state.severity))

    found = skip_state(LIMIT, "S", "P-1", lots, ())

    accepted = [row.judged.accepted for row in lots]
    in_a_row = next((n for n, fine in enumerate(reversed(accepted)) if not fine), len(accepted))
    strict = standing_after(row.judged for row in lots).inspection
    assert found.in_a_row == min(3, in_a_row)
    assert found.skips == (in_a_row >= 3 and strict in {Inspection.NORMAL, Inspection.REDUCED})
    assert not (is_skipped(LIMIT, found, document="PO", part="P-1", lot="") and not found.skips)


def test_of_many_cleared_lots_the_laid_down_share_is_looked_at() -> None:
    """Four thousand lots at a quarter: between 23 and 27 of a hundred; the same lot is always drawn alike."""
    lots = [lot(number) for number in range(3)]
    state = skip_state(LIMIT, "S", "P-1", lots, ())
    drawn = [
        is_skipped(LIMIT, replace(state, seen=n), document="PO", part="P-1", lot="") for n in range(4000)
    ]

    assert 0.23 < 1 - sum(drawn) / 4000 < 0.27
    passed = LotSkipped(NOW, "S", "P-1", "PO", 5, 3)
    assert skip_state(LIMIT, "S", "P-1", lots, [passed, passed]).seen == 5
    assert skip_state(LIMIT, "S", "P-2", lots, [passed]).seen == 0


def test_whether_reduced_inspection_is_wanted_may_change() -> None:
    """Lots inspected while it was not wanted are no mistake afterwards; nor are reduced ones when it no longer is."""
    earned = [lot(number).judged for number in range(10)]
    reduced = lot(11, 0, InspectionSeverity.REDUCED).judged

    for may_reduce in (True, False):
        assert standing_after([*earned, earned[0]], may_reduce=may_reduce).inspection is (
            Inspection.REDUCED if may_reduce else Inspection.NORMAL
        )
        after = standing_after([*earned, reduced], may_reduce=may_reduce).inspection
        assert after is (Inspection.REDUCED if may_reduce else Inspection.NORMAL)
    with pytest.raises(Refusal, match=r"sampling\.other_table"):
        standing_after([*earned[:9], Judged(reduced.plan, 0)])


@given(st.lists(st.integers(-500, 500), min_size=1, max_size=8), st.integers(-400, 0), st.integers(0, 400))
def test_readings_add_up_to_what_was_read(hundredths: list[int], low: int, high: int) -> None:
    """Outside the limits is wrong, on them is right; the mean lies between smallest and largest."""
    lower, upper = Decimal(low).scaleb(-2), Decimal(high).scaleb(-2)
    rows = [
        LotReading("I", "C", str(n), value=Decimal(value).scaleb(-2), lower=lower, upper=upper)
        for n, value in enumerate(hundredths)
    ]

    (found,) = measured(rows)

    assert (found.units, found.wrong) == (len(rows), sum(not low <= value <= high for value in hundredths))
    assert found.lowest is not None
    assert found.mean is not None
    assert found.highest is not None
    assert found.lowest <= found.mean <= found.highest
    assert abs(found.mean * len(rows) * 100 - sum(hundredths)) <= Decimal(len(rows)) / 100


def test_a_reading_is_an_answer_or_a_measurement() -> None:
    """Neither and both are refused, and a number no limit can judge."""
    for words in ({}, {"right": True, "value": Decimal(1)}, {"value": Decimal(1)}):
        with pytest.raises(Refusal, match=r"supply\.reading_missing"):
            LotReading("I", "C", "1", **words)


def sent_back(number: int, units: int, document: str = "D") -> Disposed:
    """A return of pumps, due in ten days."""
    return Disposed(
        f"R-{number}",
        NOW + timedelta(hours=number),
        document,
        "P-1",
        units,
        Disposition.RETURN,
        "head",
        supplier="S",
        remedy=SupplierRemedy.REPLACE,
        due_at=NOW + 10 * DAY,
    )


@given(
    st.lists(st.integers(1, 9), min_size=1, max_size=4),
    st.lists(st.integers(1, 9), max_size=4),
    st.integers(0, 20),
)
def test_what_comes_settles_the_oldest_return_first(returned: list[int], came: list[int], days: int) -> None:
    """Owed and settled add up to what was sent back; nobody owes less than an older return."""
    rows = [sent_back(number, units) for number, units in enumerate(returned)]
    ledger = [
        move(
            n,
            units,
            "SUPPLIER",
            "QUARANTINE",
            at=NOW + timedelta(hours=4),
            source_document="D",
            condition=Condition.QUARANTINED,
        )
        for n, units in enumerate(came)
    ]

    found = duties(rows, ledger, KINDS, now=NOW + days * DAY + timedelta(hours=9))

    left = {duty.about.id: duty.left for duty in found}
    owed = [left.get(row.id, 0) for row in rows]
    assert sum(owed) == max(0, sum(returned) - sum(came))
    for (older, row), (_, next_) in pairwise(zip(owed, rows, strict=True)):
        assert older == 0 or left[next_.id] == next_.quantity, row
    assert all(duty.late == (days >= 10) for duty in found)


def test_a_receipt_taken_back_settles_nothing() -> None:
    """Nor do goods from elsewhere, by another document, or that come later than now or came before the return."""
    rows = [sent_back(0, 5)]
    came = move(1, 5, "SUPPLIER", "FUZHOU", source_document="D", at=NOW)
    back = move(2, 5, "FUZHOU", "SUPPLIER", source_document="D", reverses="M-1")
    other = move(3, 5, "SUPPLIER", "FUZHOU", source_document="E")
    ours = move(4, 5, "XIAMEN", "FUZHOU", source_document="D")
    later = replace(came, id="M-5", key="K-5", at=NOW + 2 * DAY)
    before = replace(came, id="M-6", key="K-6", at=NOW - timedelta(minutes=1))

    assert duties(rows, [came], KINDS, now=NOW + DAY) == ()
    for ledger in ([came, back], [other], [ours], [later], [before]):
        assert [duty.left for duty in duties(rows, ledger, KINDS, now=NOW + DAY)] == [5]


def test_a_return_says_what_is_owed_by_whom_and_when() -> None:
    """And nothing else says so."""
    for words, code in (
        ({"supplier": ""}, "supply.supplier_missing"),
        ({"due_at": None}, "supply.remedy_missing"),
        ({"remedy": None}, "supply.remedy_missing"),
        ({"due_at": NOW - DAY}, "supply.due_before_return"),
        ({"way": Disposition.SCRAP}, "supply.remedy_without_return"),
        ({"quantity": 0}, "stock.not_positive"),
    ):
        with pytest.raises(Refusal) as caught:
            replace(sent_back(0, 5), **words)
        assert caught.value.code == code


LINE = PurchaseOrderLine("PO-1", "S", "P-1", 100, "FUZHOU", NOW, received=90)


@given(st.lists(st.tuples(st.integers(1, 30), st.integers(0, 5)), max_size=4), st.integers(0, 20))
def test_what_is_turned_away_and_taken_in_is_what_came(given_: list[tuple[int, int]], percent: int) -> None:
    """Never more on the order than it and its tolerance allow; nothing is turned away while there is room."""
    arrivals = [Arrival("P-1", units, min(rejected, units)) for units, rejected in given_]

    left, found = room(LINE, over_share=Decimal(percent) / 100), []
    for arrival in arrivals:
        found.append(turned_away(arrival, left))
        left -= found[-1][0].quantity - found[-1][0].rejected

    assert [row.quantity for row, _ in found] == [row.quantity for row in arrivals]
    for (row, too_many), before in zip(found, arrivals, strict=True):
        assert row.rejected == before.rejected + too_many
    taken = sum(row.quantity - row.rejected for row, _ in found)
    offered = sum(row.quantity - row.rejected for row in arrivals)
    assert taken == min(offered, 10 + percent)
    assert [turned_away(row, None) for row in arrivals] == [(row, 0) for row in arrivals]


def test_of_units_known_one_by_one_nobody_is_turned_away_unnamed() -> None:
    """Which of three goes back is for the storekeeper to say; two that fit are taken."""
    came = Arrival("P-1", 3, serials=("A", "B", "C"))

    with pytest.raises(Refusal) as caught:
        turned_away(came, 2)

    assert caught.value.code == "supply.surplus_of_serials"
    assert caught.value.message.params == {"part": "P-1", "taken": 3, "left": 2}
    assert turned_away(came, 3) == (came, 0)


def test_of_a_shipment_told_again_the_last_word_counts() -> None:
    """Another date and another number of units; it is no second shipment."""
    first = Shipment("WB-1", "PO-1", "P-1", 40, NOW, NOW + DAY)
    second = replace(first, quantity=30, expected_at=NOW + 5 * DAY)

    (found,) = on_the_way([first, second], [replace(LINE, received=10)], now=NOW + 2 * DAY, agreements=())

    assert (found.left, found.late) == (20, False)
