"""Counting while work goes on."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.catalogue.part import Tracking
from inventory.stock.counting import (
    CountedCell,
    Difference,
    adjustments,
    believed,
    differences,
    recounted,
    sheet,
    to_recount,
)
from inventory.stock.ledger import Condition, Move, fold
from kernel.errors import Refusal
from tests.stock_builders import NOW, PLACES, balances, envelope, move

KINDS = {place.id: place.kind for place in PLACES}
MINUTE = timedelta(minutes=1)


def count(counted: int, *, at: datetime = NOW, **changes: Any) -> CountedCell:
    """Usable P-1 in Fuzhou, counted by the keeper."""
    plain: dict[str, Any] = {"part": "P-1", "place": "FUZHOU", "condition": Condition.USABLE, "by": "counter"}
    return CountedCell(counted=counted, at=at, **(plain | changes))


def adjusted(found: tuple[Difference, ...], **changes: Any) -> tuple[Move, ...]:
    """Adjustments of what was found, at 100.00 a unit, to be approved above 500.00."""
    plain: dict[str, Any] = {
        "adjustment": "ADJUSTMENT",
        "price": {"P-1": Decimal(100)},
        "approval_above": Decimal(500),
    }
    return adjustments(envelope("COUNT", minutes=90), "CNT-1", found, **(plain | changes))


def test_who_counts_is_not_told_how_much_there_should_be() -> None:
    """A number on the sheet is the number that comes back."""
    there = fold(
        balances(),
        (
            move(1, 5, "SUPPLIER", "FUZHOU"),
            move(2, 5, "SUPPLIER", "FUZHOU", lot="L-10"),
            move(3, 5, "SUPPLIER", "FUZHOU", lot="L-2"),
            move(4, 5, "SUPPLIER", "XIAMEN"),
        ),
    )

    lines = sheet(there.totals, "FUZHOU")

    assert [cell.lot for cell in lines] == ["", "L-2", "L-10"]
    assert all(not isinstance(value, int) for cell in lines for value in cell)


def test_work_goes_on_while_somebody_counts() -> None:
    """Eight counted of ten; then four leave: two are missing, not six."""
    ledger = (
        move(1, 10, "SUPPLIER", "FUZHOU", at=NOW - MINUTE),
        move(2, 4, "FUZHOU", "CUSTOMER", at=NOW + MINUTE),
    )

    found = differences([count(8)], ledger, KINDS)

    assert [(row.expected, row.units) for row in found] == [(10, -2)]
    assert fold(balances(), (*ledger, *adjusted(found))).quantity("P-1", "FUZHOU") == 4


def test_a_move_entered_late_counts_from_when_it_happened() -> None:
    """The engineer's phone was offline: two taken before the count are no loss."""
    ledger = (
        move(1, 10, "SUPPLIER", "FUZHOU", at=NOW - 2 * MINUTE),
        move(3, 1, "FUZHOU", "VAN-1", at=NOW + MINUTE),
        move(2, 2, "FUZHOU", "CUSTOMER", at=NOW - MINUTE),
    )

    assert differences([count(8)], ledger, KINDS) == ()


@given(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9), st.integers(0, 12))
def test_after_a_count_the_ledger_is_what_was_counted_and_moved_since(
    before: int, out: int, back: int, counted: int
) -> None:
    """Position after = counted + everything moved since the count, whenever the difference is posted."""
    out = min(out, before)
    ledger = [move(1, before, "SUPPLIER", "FUZHOU", at=NOW - MINUTE)] if before else []
    ledger += [move(2, out, "FUZHOU", "CUSTOMER", at=NOW + MINUTE)] if out else []
    ledger += [move(3, back, "SUPPLIER", "FUZHOU", at=NOW + 2 * MINUTE)] if back else []
    current = fold(balances(), ledger)

    found = differences([count(counted)], ledger, KINDS)
    wanted = counted - out + back

    made = adjusted(found, approval_above=Decimal(10_000))
    if wanted < 0:
        with pytest.raises(Refusal, match=r"stock\.not_enough"):
            fold(current, made)
    else:
        after = fold(current, made)
        assert after.quantity("P-1", "FUZHOU") == wanted
        assert fold(after, made) == after
        assert sum(after.totals.values()) == 0


def test_units_known_one_by_one_are_counted_one_by_one() -> None:
    """One missing and one too many is two differences, although the number is right."""
    ledger = (
        move(1, 1, "SUPPLIER", "FUZHOU", serial="A"),
        move(2, 1, "SUPPLIER", "FUZHOU", serial="B"),
        move(3, 1, "FUZHOU", "ADJUSTMENT", serial="B"),
        move(4, 1, "SUPPLIER", "FUZHOU", serial="C"),
    )

    found = differences([count(2, serials=("B", "C"))], ledger, KINDS)

    assert [(row.missing, row.unexpected, row.units, row.changed) for row in found] == [
        (("A",), ("B",), 0, 2)
    ]
    after = fold(balances(tracking=Tracking.SERIAL), (*ledger, *adjusted(found)))
    assert after.serials["P-1", "A"].place == "ADJUSTMENT"
    assert after.serials["P-1", "B"].place == "FUZHOU"


def test_a_large_difference_needs_somebody_elses_approval() -> None:
    """Gains and losses do not cancel; up to the limit nobody is asked; who counted does not approve."""
    ledger = (move(1, 10, "SUPPLIER", "FUZHOU"), move(2, 10, "SUPPLIER", "XIAMEN"))
    found = differences([count(7), count(13, place="XIAMEN")], ledger, KINDS)

    with pytest.raises(Refusal) as caught:
        adjusted(found)
    assert caught.value.code == "stock.count_needs_approval"
    assert caught.value.message.params["value"] == "600"
    with pytest.raises(Refusal, match=r"stock\.count_approved_by_counter"):
        adjusted(found, approved_by="counter")
    assert len(adjusted(found, approved_by="head")) == 2
    assert len(adjusted(found, approval_above=Decimal(600))) == 2


def test_the_adjustments_name_their_count_and_cell() -> None:
    """A lot counted short is taken from that lot, on the count's own document."""
    ledger = (move(1, 3, "SUPPLIER", "FUZHOU", lot="L-1", condition=Condition.DAMAGED),)
    found = differences([count(1, lot="L-1", condition=Condition.DAMAGED)], ledger, KINDS)

    (made,) = adjusted(found)

    assert (made.quantity, made.lot, made.condition) == (2, "L-1", Condition.DAMAGED)
    assert (made.from_place, made.to_place) == ("FUZHOU", "ADJUSTMENT")
    assert (made.source_document, made.reason, made.by) == ("CNT-1", "count difference", "keeper")


@pytest.mark.parametrize(
    ("counts", "code"),
    [
        ([{"place": "NOWHERE"}], "stock.unknown_place"),
        ([{"place": "CUSTOMER"}], "stock.not_counted_there"),
        ([{"place": "TRANSIT"}], "stock.not_counted_there"),
        ([{}, {}], "stock.duplicate"),
        ([{"serials": ("A", "A")}], "stock.serials_miscounted"),
    ],
)
def test_a_count_that_cannot_be_is_refused(counts: list[dict[str, Any]], code: str) -> None:
    """Each with its own code."""
    with pytest.raises(Refusal) as caught:
        differences([count(2, **changes) for changes in counts], (), KINDS)

    assert caught.value.code == code


def test_a_count_is_whole_and_not_below_nothing() -> None:
    """Nor is a part without a price worth nothing."""
    some: Any = 2.0
    with pytest.raises(Refusal, match=r"stock\.not_whole"):
        count(some)
    with pytest.raises(Refusal, match=r"stock\.negative_count"):
        count(-1)
    with pytest.raises(Refusal, match=r"stock\.unknown_part"):
        adjusted(differences([count(2)], (), KINDS), price={})


def test_a_difference_worth_more_is_counted_again_by_somebody_else() -> None:
    """Two hundred against a limit of one fifty; the one who is right about the shelf does not matter, only that both agree."""
    ledger = (
        move(1, 10, "SUPPLIER", "FUZHOU", at=NOW - MINUTE),
        move(2, 3, "FUZHOU", "CUSTOMER", at=NOW + MINUTE),
    )
    first, second = count(8), count(5, at=NOW + 2 * MINUTE, by="second")
    found = differences([first], ledger, KINDS)

    assert to_recount(found, price={"P-1": Decimal(100)}, above=Decimal(150)) == (first.cell,)
    assert to_recount(found, price={"P-1": Decimal(100)}, above=Decimal(200)) == ()
    assert recounted(first, second, ledger, KINDS) == second
    with pytest.raises(Refusal, match=r"stock\.unknown_part"):
        to_recount(found, price={}, above=Decimal(1))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"counted": 8}, "stock.recount_differs"),
        ({"by": "counter"}, "stock.recount_by_counter"),
        ({"place": "XIAMEN"}, "stock.recount_elsewhere"),
    ],
)
def test_a_second_count_that_settles_nothing_is_refused(changes: dict[str, Any], code: str) -> None:
    """The same number after three have left is another mistake; nobody confirms himself."""
    ledger = (
        move(1, 10, "SUPPLIER", "FUZHOU", at=NOW - MINUTE),
        move(2, 3, "FUZHOU", "CUSTOMER", at=NOW + MINUTE),
    )
    plain: dict[str, Any] = {"counted": 5, "at": NOW + 2 * MINUTE, "by": "second"}
    second = count(**(plain | changes))

    with pytest.raises(Refusal) as caught:
        recounted(count(8), second, ledger, KINDS)

    assert caught.value.code == code


@given(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9), st.integers(0, 12), st.integers(-3, 3))
def test_two_who_count_the_same_shelf_agree_whatever_moves_between(
    before: int, out: int, back: int, lying: int, mistake: int
) -> None:
    """Who counts what lies there always agrees with another who does; who is wrong by one never does."""
    out = min(out, lying)
    ledger = [move(1, before + 20, "SUPPLIER", "FUZHOU", at=NOW - MINUTE)]
    ledger += [move(2, out, "FUZHOU", "CUSTOMER", at=NOW + MINUTE)] if out else []
    ledger += [move(3, back, "SUPPLIER", "FUZHOU", at=NOW + MINUTE)] if back else []
    found = max(0, lying - out + back + mistake)
    second = count(found, at=NOW + 2 * MINUTE, by="second")

    if found == lying - out + back:
        assert recounted(count(lying), second, ledger, KINDS) == second
    else:
        with pytest.raises(Refusal, match=r"stock\.recount_differs"):
            recounted(count(lying), second, ledger, KINDS)


def settled(
    first: list[CountedCell], again: list[CountedCell], *, above: int = 150
) -> tuple[Difference, ...]:
    """Ten in the ledger at 100.00 each; three leave after the first count."""
    ledger = (
        move(1, 10, "SUPPLIER", "FUZHOU", at=NOW - MINUTE),
        move(2, 3, "FUZHOU", "CUSTOMER", at=NOW + MINUTE),
    )
    return believed(first, again, ledger, KINDS, price={"P-1": Decimal(100)}, recount_above=Decimal(above))


def test_a_large_difference_is_believed_of_two_people_only() -> None:
    """One unit stands on one count; two need a second, and the second is what is posted."""
    second = count(5, at=NOW + 2 * MINUTE, by="second")

    assert [row.units for row in settled([count(9)], [])] == [-1]
    assert settled([count(10)], []) == ()
    assert [row.count for row in settled([count(8)], [second])] == [second]
    with pytest.raises(Refusal, match=r"stock\.recount_needed") as caught:
        settled([count(8)], [])
    assert set(caught.value.message.params) == {"part", "place"}


@pytest.mark.parametrize(
    ("first", "again", "code"),
    [
        ([], [count(5, at=NOW + 2 * MINUTE, by="second")], "stock.recount_of_nothing"),
        ([count(8)], [count(5, at=NOW + 2 * MINUTE, by="second")] * 2, "stock.duplicate"),
        ([count(9)], [count(7, at=NOW + 2 * MINUTE, by="second")], "stock.recount_differs"),
        ([count(8)], [count(5, at=NOW + 2 * MINUTE)], "stock.recount_by_counter"),
    ],
)
def test_no_second_count_is_passed_over(
    first: list[CountedCell], again: list[CountedCell], code: str
) -> None:
    """Also where none was needed: somebody found another number."""
    with pytest.raises(Refusal) as caught:
        settled(first, again)
    assert caught.value.code == code


def test_who_counted_first_does_not_approve_either() -> None:
    """His count is not among the differences once somebody counted again, but he is no other pair of eyes."""
    second = count(2, at=NOW + 2 * MINUTE, by="second")
    found = settled([count(5)], [second])

    for name in ("counter", "second"):
        with pytest.raises(Refusal, match=r"stock\.count_approved_by_counter"):
            adjusted(found, approval_above=Decimal(100), approved_by=name, counters=["counter", "second"])
    assert adjusted(found, approval_above=Decimal(100), approved_by="lead", counters=["counter", "second"])
