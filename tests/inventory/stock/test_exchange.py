"""Good for bad, and other documents of several moves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from inventory.catalogue.part import PartKind, Tracking
from inventory.stock.document import Line, changed_condition, moves
from inventory.stock.exchange import Unit, good_for_bad
from inventory.stock.ledger import Balances, Condition, Move, fold
from inventory.stock.serials import SerialState, fold_serials
from kernel.errors import Refusal
from tests.stock_builders import PLACES, balances, envelope, move, part

KINDS = {place.id: place.kind for place in PLACES}
BOARD = replace(part(kind=PartKind.REPAIRABLE), tracking=Tracking.SERIAL)
GOOD, BAD = Unit(BOARD, "GOOD"), Unit(BOARD, "BAD")
RECEIPTS = (
    move(1, 1, "SUPPLIER", "VAN-1", serial="GOOD"),
    move(2, 1, "SUPPLIER", "CUSTOMER", serial="BAD"),
)


def opened() -> Balances:
    """A good board on the van, one in the customer's device."""
    return fold(balances(tracking=Tracking.SERIAL), RECEIPTS)


def exchanged(good: Unit = GOOD, bad: Unit = BAD) -> tuple[Move, ...]:
    """The exchange, from the van, back to the van."""
    return good_for_bad(
        envelope("X-1"), "V-1", good=good, bad=bad, shelf="VAN-1", customer="CUSTOMER", returns="VAN-1"
    )


def test_a_good_unit_goes_in_and_the_defective_one_comes_back() -> None:
    """Two moves, one document, one command; what came back is on hand and never available."""
    made = exchanged()

    after = fold(opened(), made)

    assert {step.source_document for step in made} == {"V-1"}
    assert after.serials["P-1", "GOOD"].place == "CUSTOMER"
    assert after.quantity("P-1", "VAN-1") == 0
    assert after.quantity("P-1", "VAN-1", Condition.DAMAGED) == 1
    states = {serial: unit.state for (_, serial), unit in fold_serials((*RECEIPTS, *made), KINDS).items()}
    assert states == {"GOOD": SerialState.INSTALLED, "BAD": SerialState.REMOVED_DEFECTIVE}


def test_an_exchange_given_twice_happens_once() -> None:
    """The command's key is the key of its moves."""
    once = fold(opened(), exchanged())

    assert fold(once, exchanged()) == once


def test_an_exchange_happens_whole_or_not_at_all() -> None:
    """Without the good unit nothing comes back either: the value before is as it was."""
    before = opened()
    known = before.totals

    with pytest.raises(Refusal, match=r"stock\.serial_unknown"):
        fold(before, exchanged(good=Unit(BOARD, "OTHER")))
    assert before.totals == known


def test_a_unit_never_ours_can_come_out() -> None:
    """The first repair takes out what the maker built in; its number is new to us."""
    after = fold(opened(), exchanged(bad=Unit(BOARD, "FACTORY")))

    assert after.serials["P-1", "FACTORY"].place == "VAN-1"


def test_consumables_are_not_exchanged() -> None:
    """A used filter is waste, not a repair; nor does a unit replace itself."""
    with pytest.raises(Refusal, match=r"stock\.not_repairable"):
        exchanged(bad=Unit(part("P-2")))
    with pytest.raises(Refusal, match=r"stock\.exchange_of_itself"):
        exchanged(bad=Unit(BOARD, "GOOD"))


def test_a_change_of_condition_is_two_moves_on_one_document() -> None:
    """Found damaged on the shelf: out of the count usable, back into it damaged, and nothing lost."""
    before = fold(balances(), (move(1, 5, "SUPPLIER", "FUZHOU", lot="L-1"),))
    lines = changed_condition(
        Line("P-1", 2, "FUZHOU", "", lot="L-1"), Condition.DAMAGED, adjustment="ADJUSTMENT"
    )

    after = fold(before, moves(envelope("D-1"), "DMG-1", lines, reason="found damaged"))

    assert after.quantity("P-1", "FUZHOU", lot="L-1") == 3
    assert after.quantity("P-1", "FUZHOU", Condition.DAMAGED, lot="L-1") == 2
    assert sum(n for cell, n in after.totals.items() if cell.place == "ADJUSTMENT") == 0
    assert [made.id for made in after.moves[1:]] == ["D-1/1", "D-1/2"]
