"""The ledger's laws, on small worlds."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.catalogue.part import Tracking
from inventory.catalogue.place import PHYSICAL
from inventory.stock.ledger import Balances, Condition, Move, apply, fold, reversal, tally
from kernel.errors import Refusal
from tests.stock_builders import NOW, PLACES, balances, move

KINDS = {place.id: place.kind for place in PLACES}
SHELVES = ("FUZHOU", "XIAMEN", "VAN-1", "ONSITE")
PARTS = ("P-1", "P-2")


def refused(before: Balances, wrong: Move) -> str:
    """The code `wrong` is refused with; nothing may have changed by it."""
    totals = before.totals
    with pytest.raises(Refusal) as caught:
        apply(before, wrong)
    assert before.totals == totals
    assert (
        wrong.id not in {made.id for made in before.moves} or wrong in before.moves or totals == before.totals
    )
    return caught.value.code


@st.composite
def moves(draw: st.DrawFn, most: int = 14) -> tuple[Move, ...]:
    """Moves of two parts in any direction, legal or not."""
    places = tuple(place.id for place in PLACES)
    made: list[Move] = []
    for number in range(draw(st.integers(0, most))):
        start = draw(st.sampled_from(places))
        end = draw(st.sampled_from([place for place in places if place != start]))
        transit = "TRANSIT" in (start, end)
        made.append(
            move(
                number,
                draw(st.integers(1, 4)),
                start,
                end,
                part=draw(st.sampled_from(PARTS)),
                condition=draw(st.sampled_from(Condition)),
                bound_for=draw(st.sampled_from(SHELVES)) if transit else "",
                lot=draw(st.sampled_from(("", "", "L-1"))),
            )
        )
    return tuple(made)


def accepted(given_moves: tuple[Move, ...]) -> tuple[Balances, tuple[Move, ...]]:
    """Post what may be posted, in order."""
    current = balances(parts=PARTS)
    for made in given_moves:
        try:
            current = apply(current, made)
        except Refusal as refusal:
            if refusal.code not in {"stock.not_enough", "stock.lot_not_enough"}:
                raise
    return current, current.moves


@given(moves())
def test_nothing_is_made_or_lost(given_moves: tuple[Move, ...]) -> None:
    """Every unit comes from somewhere: with the places outside the count, each part sums to zero."""
    after, _ = accepted(given_moves)

    for part in PARTS:
        assert sum(quantity for cell, quantity in after.totals.items() if cell.part == part) == 0


@given(moves())
def test_a_physical_place_never_holds_less_than_nothing(given_moves: tuple[Move, ...]) -> None:
    """Whatever is tried, in whatever order and condition."""
    after, _ = accepted(given_moves)

    assert all(quantity > 0 for cell, quantity in after.totals.items() if KINDS[cell.place] in PHYSICAL)


@given(moves(), st.data())
def test_legal_moves_add_up_alike_in_any_legal_order(
    given_moves: tuple[Move, ...], data: st.DataObject
) -> None:
    """Order decides what is allowed, never what it adds up to."""
    after, legal = accepted(given_moves)
    other_order = tuple(data.draw(st.permutations(legal)))

    again, made = accepted(other_order)

    if len(made) == len(legal):
        assert again == after
    assert tally(KINDS, other_order) == tally(KINDS, legal)


@given(moves())
def test_one_by_one_equals_all_at_once_and_the_plain_sum(given_moves: tuple[Move, ...]) -> None:
    """The incremental balance is a cache of the fold, and the fold of the plain sum."""
    after, legal = accepted(given_moves)

    assert fold(balances(parts=PARTS), legal) == after
    assert {cell: n for cell, n in tally(KINDS, legal).items() if n} == after.totals


@given(moves(), st.data())
def test_an_older_value_stays_what_it_was(given_moves: tuple[Move, ...], data: st.DataObject) -> None:
    """Values are values: going forward, or two ways forward from one, changes no earlier one."""
    _, legal = accepted(given_moves)
    cut = data.draw(st.integers(0, len(legal)))
    earlier = fold(balances(parts=PARTS), legal[:cut])
    known = earlier.totals

    later = fold(earlier, legal[cut:])
    branch = apply(earlier, move(900, 2, "ADJUSTMENT", "XIAMEN"))

    assert earlier.totals == known
    assert earlier.moves == legal[:cut]
    assert later == fold(balances(parts=PARTS), legal)
    assert branch == fold(balances(parts=PARTS), (*legal[:cut], move(900, 2, "ADJUSTMENT", "XIAMEN")))


@given(moves())
def test_a_reversal_cancels(given_moves: tuple[Move, ...]) -> None:
    """Taking the last move back restores every balance: a correction is a reversal."""
    after, legal = accepted(given_moves)
    if not legal:
        return
    last = legal[-1]
    back = reversal(last, id="R-1", at=NOW, by="keeper", device="desk", reason="mistake", key="KR-1")

    restored = apply(after, back)

    assert restored == fold(balances(parts=PARTS), legal[:-1])


@given(moves())
def test_replaying_everything_changes_nothing(given_moves: tuple[Move, ...]) -> None:
    """The same key with the same content is one move, however often it arrives."""
    after, legal = accepted(given_moves)

    assert fold(after, legal) == after
    assert fold(after, legal).moves == legal
    assert tally(KINDS, legal + legal) == tally(KINDS, legal)


def test_a_second_apply_does_not_double_a_transfer() -> None:
    """A transfer confirmed twice moved its goods twice elsewhere; the idempotency key stops it here."""
    before = apply(balances(), move(1, 10, "ADJUSTMENT", "FUZHOU"))
    transfer = move(2, 4, "FUZHOU", "XIAMEN")

    twice = fold(before, (transfer, transfer))

    assert twice.quantity("P-1", "XIAMEN") == 4
    assert len(twice.moves) == 2


def test_a_key_used_for_something_else_is_refused() -> None:
    """One key, one content: a changed replay is a mistake, not a correction."""
    before = fold(balances(), (move(1, 10, "ADJUSTMENT", "FUZHOU"),))

    assert refused(before, move(2, 4, "FUZHOU", "XIAMEN", key="K-1")) == "stock.key_reused"


def test_the_journal_forgets_nothing_it_was_opened_with() -> None:
    """Storage opens a small value with what it has locked: replays and reversals of older moves are known."""
    first = move(1, 10, "ADJUSTMENT", "FUZHOU")
    opened = Balances.opening(["P-1"], PLACES, totals=tally(KINDS, [first]), posted=[first])

    assert apply(opened, first) == opened
    back = reversal(first, id="R-1", at=NOW, by="k", device="d", reason="r", key="KR")
    assert apply(opened, back).totals == {}


@pytest.mark.parametrize("condition", [Condition.QUARANTINED, Condition.DAMAGED])
def test_quarantined_and_damaged_goods_are_no_usable_ones(condition: Condition) -> None:
    """Damaged goods counted as available elsewhere: condition is part of the balance."""
    before = apply(balances(), move(1, 5, "SUPPLIER", "FUZHOU", condition=condition))

    assert refused(before, move(2, 1, "FUZHOU", "CUSTOMER")) == "stock.not_enough"


def test_more_than_is_there_is_refused_with_its_figures() -> None:
    """The sentence says what there is and what was wanted."""
    before = apply(balances(), move(1, 2, "ADJUSTMENT", "FUZHOU"))

    with pytest.raises(Refusal) as caught:
        apply(before, move(2, 3, "FUZHOU", "CUSTOMER"))

    assert caught.value.code == "stock.not_enough"
    assert caught.value.message.params == {
        "part": "P-1",
        "place": "FUZHOU",
        "condition": "usable",
        "there": 2,
        "wanted": 3,
    }


@pytest.mark.parametrize("quantity", [1.0, 60.0000024, True])
def test_quantities_are_whole_units(quantity: Any) -> None:
    """Sixty point something boxes became sixty-one elsewhere; a float never enters the ledger."""
    with pytest.raises(Refusal, match=r"stock\.not_whole"):
        replace(move(1, 1, "ADJUSTMENT", "FUZHOU"), quantity=quantity)


@pytest.mark.parametrize("quantity", [0, -3])
def test_quantities_are_positive(quantity: int) -> None:
    """The direction is said by the places."""
    with pytest.raises(Refusal, match=r"stock\.not_positive"):
        move(1, quantity, "ADJUSTMENT", "FUZHOU")


def test_a_move_goes_somewhere_else() -> None:
    """From a place to itself is no move."""
    with pytest.raises(Refusal, match=r"stock\.same_place"):
        move(1, 1, "FUZHOU", "FUZHOU")


def test_a_move_has_an_aware_moment() -> None:
    """A naive time is nobody's time."""
    with pytest.raises(Refusal, match=r"clock\.naive_time"):
        move(1, 1, "ADJUSTMENT", "FUZHOU", at=NOW.replace(tzinfo=None))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"part": "P-9"}, "stock.unknown_part"),
        ({"to_place": "NOWHERE"}, "stock.unknown_place"),
        ({"from_place": "NOWHERE"}, "stock.unknown_place"),
        ({"id": "M-1"}, "stock.move_id_used"),
        ({"to_place": "TRANSIT"}, "stock.transit_without_destination"),
        ({"to_place": "TRANSIT", "bound_for": "CUSTOMER"}, "stock.not_a_destination"),
        ({"to_place": "TRANSIT", "bound_for": "NOWHERE"}, "stock.not_a_destination"),
        ({"bound_for": "XIAMEN"}, "stock.destination_without_transit"),
        ({"reverses": "M-9"}, "stock.reverses_unknown"),
        ({"reverses": "M-1"}, "stock.reversal_differs"),
    ],
)
def test_a_move_that_cannot_stand_is_refused(changes: dict[str, Any], code: str) -> None:
    """Each rule has its own code, and a refused move leaves no trace."""
    before = apply(balances(), move(1, 10, "ADJUSTMENT", "FUZHOU"))

    assert refused(before, replace(move(2, 4, "FUZHOU", "XIAMEN"), **changes)) == code


def test_a_move_is_taken_back_once() -> None:
    """A second correction of one fact would make goods out of nothing; a reversal itself is final."""
    first = move(1, 10, "SUPPLIER", "FUZHOU")
    back = reversal(first, id="R-1", at=NOW, by="k", device="d", reason="r", key="KR-1")
    after = fold(balances(), (move(0, 20, "ADJUSTMENT", "FUZHOU"), first, back))

    assert refused(after, replace(back, id="R-2", key="KR-2")) == "stock.reversed_already"
    again = reversal(back, id="R-3", at=NOW, by="k", device="d", reason="r", key="KR-3")
    assert refused(after, again) == "stock.reverses_reversal"


def test_goods_in_transit_arrive_where_they_are_bound_for() -> None:
    """A transfer leaves its source at once and waits; what is bound for one depot is not another's to receive."""
    sent = fold(
        balances(),
        (
            move(1, 10, "ADJUSTMENT", "FUZHOU"),
            move(2, 4, "FUZHOU", "TRANSIT", bound_for="XIAMEN"),
        ),
    )
    assert sent.quantity("P-1", "FUZHOU") == 6
    assert sent.quantity("P-1", "TRANSIT", bound_for="XIAMEN") == 4

    assert refused(sent, move(3, 4, "TRANSIT", "VAN-1", bound_for="VAN-1")) == "stock.not_enough"
    received = fold(
        sent,
        (
            move(4, 3, "TRANSIT", "XIAMEN", bound_for="XIAMEN"),
            move(5, 1, "TRANSIT", "ADJUSTMENT", bound_for="XIAMEN"),
        ),
    )

    assert received.quantity("P-1", "XIAMEN") == 3
    assert received.quantity("P-1", "TRANSIT", bound_for="XIAMEN") == 0


def test_a_receipt_splits_into_accepted_quarantined_and_rejected() -> None:
    """One failed line blocked a whole receipt elsewhere; here each share is its own move from the supplier."""
    received = fold(
        balances(),
        (
            move(1, 7, "SUPPLIER", "FUZHOU"),
            move(2, 2, "SUPPLIER", "QUARANTINE", condition=Condition.QUARANTINED),
            move(3, 1, "SUPPLIER", "FUZHOU", condition=Condition.DAMAGED),
            move(4, 1, "FUZHOU", "SUPPLIER", condition=Condition.DAMAGED),
        ),
    )

    assert received.quantity("P-1", "FUZHOU") == 7
    assert received.quantity("P-1", "QUARANTINE", Condition.QUARANTINED) == 2
    assert received.quantity("P-1", "FUZHOU", Condition.DAMAGED) == 0


def test_a_past_moment_can_be_read() -> None:
    """The fold says what was where at any moment, the moment itself included."""
    made = (move(1, 10, "ADJUSTMENT", "FUZHOU"), move(2, 4, "FUZHOU", "CUSTOMER"))

    before = tally(KINDS, made, until=made[1].at - timedelta(seconds=1))
    then = tally(KINDS, made, until=made[1].at)

    assert [n for cell, n in before.items() if cell.place == "FUZHOU"] == [10]
    assert [n for cell, n in then.items() if cell.place == "FUZHOU"] == [6]


def test_a_lot_has_its_own_balance() -> None:
    """What is recalled or out of date must not leave under the number of what is not."""
    before = fold(
        balances(), (move(1, 3, "SUPPLIER", "FUZHOU", lot="L-1"), move(2, 2, "SUPPLIER", "FUZHOU", lot="L-2"))
    )

    assert refused(before, move(3, 3, "FUZHOU", "CUSTOMER", lot="L-2")) == "stock.lot_not_enough"
    assert refused(before, move(3, 1, "FUZHOU", "CUSTOMER")) == "stock.not_enough"
    assert before.quantity("P-1", "FUZHOU", lot="L-1") == 3


def test_a_part_tracked_by_lot_moves_by_lot() -> None:
    """A unit without its lot has lost where it comes from."""
    wrong = move(1, 3, "SUPPLIER", "FUZHOU")

    assert refused(balances(tracking=Tracking.LOT), wrong) == "stock.lot_missing"
    assert (
        apply(balances(tracking=Tracking.LOT), replace(wrong, lot="L-1")).quantity("P-1", "FUZHOU", lot="L-1")
        == 3
    )


def test_a_reversal_takes_back_the_same_lot_and_unit() -> None:
    """Taking back another lot would mend one balance by spoiling another."""
    first = move(1, 3, "SUPPLIER", "FUZHOU", lot="L-1")
    before = fold(balances(), (move(0, 3, "SUPPLIER", "FUZHOU", lot="L-2"), first))
    back = reversal(first, id="R-1", at=NOW, by="k", device="d", reason="r", key="KR")

    assert refused(before, replace(back, lot="L-2")) == "stock.reversal_differs"
    assert apply(before, back).quantity("P-1", "FUZHOU", lot="L-1") == 0


def test_a_late_entry_counts_from_when_it_happened() -> None:
    """A balance stored on each row was wrong after back-dated entries elsewhere; here it is read from the facts."""
    late = move(1, 4, "SUPPLIER", "FUZHOU")
    entered = (move(5, 10, "SUPPLIER", "FUZHOU"), move(6, 2, "FUZHOU", "CUSTOMER"), late)

    assert [n for cell, n in tally(KINDS, entered, until=late.at).items() if cell.place == "FUZHOU"] == [4]
    assert [n for cell, n in tally(KINDS, entered).items() if cell.place == "FUZHOU"] == [12]
