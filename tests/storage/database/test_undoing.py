"""A wrong delivery, inspection or return is taken back whole on both databases: goods, counts, standing, debts, score."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from inventory.catalogue.supplier import Supplier
from inventory.scores import scorecards
from inventory.stock.transfer import Goods
from inventory.stockroom import Stockroom, lots_inspected
from inventory.supply.disposition import Disposition, SupplierRemedy
from inventory.supply.inspected import standing_of
from inventory.supply.inspection import Arrival
from inventory.supply.undone import Undoable, Undone
from kernel.errors import Refusal
from storage.check import untrue
from storage.database import Database
from storage.dataset.claim_tables import UNDONE
from storage.dataset.inspection_tables import INSPECTION_LIMITS
from storage.dataset.quality_tables import LOT_INSPECTIONS
from storage.stock import commands
from storage.stock.inspecting import look_again
from storage.stock.undoing import undo
from tests.database_builders import envelope
from tests.stock_builders import NOW
from tests.storage.database.test_goods_in_guarded import back, decides, due, room, stands, usable
from tests.storage.database.test_supply_commands import (  # noqa: F401 a fixture is known where it is imported
    LIMIT,
    Command,
    code,
    delivery,
    judged,
    lays_down,
    supplied,
    there,
)

DAY = timedelta(days=1)


def undoes(what: Undoable, named: str, reason: str = "the wrong lot") -> Command:
    """Something is taken back whole."""
    return lambda work: undo(work, what, named, reason=reason)


def whole(database: Database) -> Stockroom:
    """The stockroom as it is read."""
    return replace(
        room(database),
        suppliers=(Supplier("S", "S", 7, 0), Supplier("T", "T", 7, 0)),
        lot_inspections=there(database, LOT_INSPECTIONS),
    )


def state(database: Database) -> Any:
    """All a storekeeper asks about the pumps: where they lie, how the order, the supplier and the next lot stand."""
    stock = whole(database)
    seen = lots_inspected(stock, now=NOW + DAY)
    return (
        usable(database),
        stands(database),
        standing_of(seen, "S", "P-1"),
        scorecards(stock, NOW + DAY),
        due(database),
    )


def test_an_inspection_taken_back_leaves_everything_as_it_was_before(
    supplied: Database,  # noqa: F811 a fixture
) -> None:
    """Released, failed or empty: goods wait again, the next lot's table and the supplier's card know nothing of it."""
    lays_down(supplied, INSPECTION_LIMITS, LIMIT)
    supplied.run(envelope(), delivery(Arrival("P-1", 50)))
    before = state(supplied)

    for bad in ((), ("1", "2", "3")):
        done = supplied.run(envelope(f"inspect-{len(bad)}"), judged(50, 8, *bad))
        assert state(supplied) != before
        gone = supplied.run(envelope(f"back-{len(bad)}"), undoes(Undoable.INSPECTION, done["inspection"]))
        again = supplied.run(envelope(f"back-{len(bad)}"), undoes(Undoable.INSPECTION, done["inspection"]))
        assert gone == again
        assert len(gone["moves"]) == len(done["moves"])
        assert state(supplied) == before
        assert code(supplied, undoes(Undoable.INSPECTION, done["inspection"])) == "supply.undo_unknown"

    assert [(row.kind, row.reason) for row in there(supplied, UNDONE)] == [
        (Undoable.INSPECTION, "the wrong lot")
    ] * 2
    assert supplied.run(envelope(), judged(50, 8))["accepted"]
    assert untrue(supplied) == []


def test_the_last_goes_first(supplied: Database) -> None:  # noqa: F811 a fixture
    """The second lot was inspected by what followed from the first; a lot decided on is no longer only inspected."""
    lays_down(supplied, INSPECTION_LIMITS, LIMIT)
    found: list[str] = []
    for bad in ((), ("1", "2")):
        supplied.run(envelope(), delivery(Arrival("P-1", 20)))
        found.append(supplied.run(envelope(), judged(20, 8, *bad))["inspection"])
    first, second = found
    decided = supplied.run(
        envelope("decided"),
        decides(20, Disposition.RETURN, remedy=SupplierRemedy.REPLACE, delivery="PO-1"),
    )

    assert code(supplied, undoes(Undoable.INSPECTION, first)) == "supply.undo_not_last"
    assert code(supplied, undoes(Undoable.INSPECTION, second)) == "supply.undo_decided"
    assert code(supplied, undoes(Undoable.INSPECTION, "PO-1")) == "supply.undo_which"
    assert code(supplied, undoes(Undoable.RECEIPT, "PO-1")) == "supply.undo_inspected"
    supplied.run(envelope(), undoes(Undoable.DISPOSITION, decided["disposition"]))
    supplied.run(envelope(), undoes(Undoable.INSPECTION, second))
    supplied.run(envelope(), undoes(Undoable.RECEIPT, "PO-1"))
    supplied.run(envelope(), undoes(Undoable.INSPECTION, "PO-1"))
    supplied.run(envelope(), undoes(Undoable.RECEIPT, "PO-1"))

    assert code(supplied, undoes(Undoable.RECEIPT, "PO-1")) == "supply.undo_unknown"
    assert (usable(supplied), stands(supplied).received) == ({}, 0)
    assert untrue(supplied) == []


@pytest.mark.parametrize("way", list(Disposition))
def test_a_decision_taken_back_owes_nothing_and_its_goods_are_held(
    supplied: Database,  # noqa: F811 a fixture
    way: Disposition,
) -> None:
    """Every way out of quarantine leads back into it, and the supplier's card is what it was."""
    lays_down(supplied, INSPECTION_LIMITS, LIMIT)
    supplied.run(envelope(), delivery(Arrival("P-1", 50)))
    supplied.run(envelope(), judged(50, 8, "1", "2", "3"))
    before = state(supplied)
    owed = SupplierRemedy.REPLACE if way is Disposition.RETURN else None

    done = supplied.run(envelope("decided", actor="head"), decides(20, way, remedy=owed, delivery="PO-1"))
    between = due(supplied)
    supplied.run(envelope(), undoes(Undoable.DISPOSITION, "DSP-9"))

    assert (between == [("S", 20)]) == (way is Disposition.RETURN)
    assert done["disposition"] == "decided"
    assert state(supplied) == before
    assert supplied.run(envelope(), decides(50, Disposition.SCRAP, delivery="PO-1"))["moves"]
    assert untrue(supplied) == []


def test_a_return_that_was_answered_stands_until_the_answer_is_taken_back(
    supplied: Database,  # noqa: F811 a fixture
) -> None:
    """Five new ones came for it: they go back to him first, then the return never was."""
    supplied.run(envelope(), delivery(Arrival("P-1", 20), inspected=["P-1"]))
    owed = {"remedy": SupplierRemedy.REPLACE, "delivery": "PO-1"}
    supplied.run(envelope("decided"), decides(20, Disposition.RETURN, **owed))
    supplied.run(envelope(), delivery(Arrival("P-1", 5), document="DSP-9"))

    assert code(supplied, undoes(Undoable.DISPOSITION, "decided")) == "supply.undo_settled"
    supplied.run(envelope(), undoes(Undoable.RECEIPT, "DSP-9"))
    assert due(supplied) == [("S", 20)]
    supplied.run(envelope(), undoes(Undoable.DISPOSITION, "decided"))

    assert (due(supplied), usable(supplied)) == ([], {("QUARANTINE", "quarantined"): 20})
    assert untrue(supplied) == []


def test_a_delivery_is_taken_back_with_all_its_lines_and_no_other(
    supplied: Database,  # noqa: F811 a fixture
) -> None:
    """The second of two deliveries on one order goes; the order expects its units again."""
    supplied.run(envelope(), delivery(Arrival("P-1", 30)))
    supplied.run(envelope(), delivery(Arrival("P-1", 40), Arrival("P-2", 5)))

    gone = supplied.run(envelope(), undoes(Undoable.RECEIPT, "PO-1"))

    assert len(gone["moves"]) == 2
    assert usable(supplied) == {("FUZHOU", "usable"): 30}
    assert usable(supplied, "P-2") == {}
    assert (stands(supplied).received, stands(supplied).open) == (30, 70)
    assert untrue(supplied) == []


def test_what_has_gone_on_is_not_taken_back(supplied: Database) -> None:  # noqa: F811 a fixture
    """Thirty of fifty went to Xiamen: neither delivery nor inspection is undone while they are gone."""
    lays_down(supplied, INSPECTION_LIMITS, LIMIT)
    supplied.run(envelope(), delivery(Arrival("P-1", 50)))
    done = supplied.run(envelope(), judged(50, 8))["inspection"]
    goods = {Goods("P-1"): 30}
    ways: dict[str, Any] = {"from_place": "FUZHOU", "to_place": "XIAMEN", "transit": "TRANSIT"}
    sent = supplied.run(envelope(), lambda work: commands.send(work, "TR-1", goods, **ways))

    assert code(supplied, undoes(Undoable.INSPECTION, done)) == "supply.undo_gone"
    for move in sent["moves"]:
        supplied.run(envelope(), back(move))
    supplied.run(envelope(), undoes(Undoable.INSPECTION, done))

    assert usable(supplied) == {("QUARANTINE", "quarantined"): 50}
    assert untrue(supplied) == []


def test_a_look_at_the_shelf_is_taken_back(supplied: Database) -> None:  # noqa: F811 a fixture
    """The two that failed lie on the shelf again, and the goods are due as before."""
    supplied.run(envelope(), delivery(Arrival("P-1", 50)))

    def looks(bad: int) -> Command:
        ways = {"quarantine": "QUARANTINE", "adjustment": "ADJUSTMENT"}
        return lambda work: look_again(work, "RE-1", "P-1", "FUZHOU", bad=bad, **ways)

    first = supplied.run(envelope("first"), looks(2))["inspection"]
    second = supplied.run(envelope("second", now=NOW + DAY), looks(0))["inspection"]

    assert code(supplied, undoes(Undoable.REINSPECTION, first)) == "supply.undo_not_last"
    for one in (second, first):
        supplied.run(envelope(f"back-{one}", now=NOW + DAY), undoes(Undoable.REINSPECTION, one))
    assert usable(supplied) == {("FUZHOU", "usable"): 50}
    assert untrue(supplied) == []


def test_nothing_is_taken_back_without_a_reason(supplied: Database) -> None:  # noqa: F811 a fixture
    """Nor as a fact that says none; a receipt is no such fact."""
    supplied.run(envelope(), delivery(Arrival("P-1", 5)))

    assert code(supplied, undoes(Undoable.RECEIPT, "PO-1", reason=" ")) == "supply.undo_without_reason"
    with pytest.raises(Refusal, match="undo_without_reason"):
        Undone(Undoable.INSPECTION, "I-1", NOW, "keeper", "")
    with pytest.raises(Refusal, match="undo_receipt"):
        Undone(Undoable.RECEIPT, "PO-1", NOW, "keeper", "wrong")
