"""What is faulty in the built-in region follows from its facts by the rules, not from what the generator wrote."""

from __future__ import annotations

from functools import cache

from dispatch.board import Board
from dispatch.desk.approval import approvals
from dispatch.region import Region
from dispatch.replacements import replacements
from inventory.review import review
from inventory.stock.ledger import tally
from inventory.stockroom import checked, position
from inventory.supply.held_back import held_back
from scenarios.library.fujian import SPEC, fujian
from scenarios.library.fujian_faulty import FUSE, FUSE_PLACE, LOT, REPEATED
from scenarios.world.catalogue import QUARANTINE


@cache
def built_in() -> Region:
    """The region, made once."""
    return fujian()


def test_the_lot_fails_by_the_table_and_waits_in_quarantine() -> None:
    """600 units, limit 1.5, level II: letter J, 80 looked at, three bad ones allowed, five found."""
    stock = built_in().stock
    kinds = {place.id: place.kind for place in stock.places}

    (held,) = held_back(stock.moves, kinds, stock.lot_inspections, stock.purchase_orders, now=SPEC.as_of)

    plan = held.lot.plan
    assert (plan.size, plan.accept, plan.reject, held.lot.bad) == (80, 3, 4, 5)
    assert (held.lot.part, held.place, held.quantity) == (FUSE, FUSE_PLACE, LOT)
    assert (
        sum(
            units
            for cell, units in tally(kinds, stock.moves).items()
            if (cell.part, cell.place) == (FUSE, QUARANTINE)
        )
        == LOT
    )
    assert checked(stock) == ()


def test_fuzhou_is_short_of_fuses_because_of_that_lot_and_the_review_says_so() -> None:
    """With the lot on the shelf nothing would be due; without it fuses are moved and bought, and the reason names the lot."""
    made = built_in()
    stands = position(made.stock, SPEC.as_of)[FUSE, FUSE_PLACE]

    found = [row for row in review(made.stock, (), SPEC.as_of) if (row.part, row.place) == (FUSE, FUSE_PLACE)]

    assert found
    for row in found:
        told = {step.code: step.params for step in row.why}
        assert told["reorder.held_back"]["quantity"] == LOT
        point = int(told["reorder.due"]["reorder_point"])
        assert stands.available <= point < stands.available + LOT


def test_the_repeat_fault_is_owed_a_replacement_and_the_request_is_in_the_inbox() -> None:
    """Two repairs under warranty within a month, the same problem again: the scheme says two are enough."""
    made = built_in()
    board = Board.of(made)

    (owed,) = replacements(board).owed
    asked = approvals(sorted(made.field.approvals, key=lambda one: one.at), SPEC.as_of)

    assert owed.ticket == REPEATED
    assert len(owed.repairs) == board.scheme(board.tickets[REPEATED]).repeat_faults == 2
    assert asked[owed.id].is_open
