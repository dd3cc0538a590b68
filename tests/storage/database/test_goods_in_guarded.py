"""Between the supplier's van and the shelf nothing is made, lost, counted twice or passed by its inspection, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from inventory.stock.counting import CountedCell
from inventory.stock.document import Line
from inventory.stock.move import Condition
from inventory.stock.transfer import Goods
from inventory.stockroom import Stockroom
from inventory.supplied import LineStanding, open_duties, whole_order
from inventory.supply.disposition import Disposition
from inventory.supply.inspection import Arrival
from inventory.supply.limits import Agreement
from inventory.supply.ordering import Order, OrderLine, OrderStep
from storage.check import untrue
from storage.database import Database
from storage.dataset.agreed_tables import SUPPLIER_AGREEMENTS
from storage.dataset.claim_tables import DISPOSITIONS, UNDONE
from storage.dataset.inspection_tables import INSPECTION_LIMITS
from storage.dataset.supply_tables import PURCHASE_ORDERS
from storage.stock import commands, queries, units
from storage.stock.disposing import dispose
from storage.stock.inspecting import inspect, look_again
from storage.stock.ordering import take_step, write_orders
from storage.stock.receiving import take_in
from tests.database_builders import envelope
from tests.stock_builders import NOW, PLACES
from tests.storage.database.test_supply_commands import (  # noqa: F401 a fixture is known where it is imported
    LIMIT,
    WAYS,
    Command,
    code,
    delivery,
    judged,
    lays_down,
    sends_back,
    supplied,
    there,
)

DAY = timedelta(days=1)


def usable(database: Database, part: str = "P-1") -> dict[tuple[str, str], int]:
    """Units of a part by place and condition, nothing outside the count."""
    with database.reading() as connection:
        held = queries.totals(connection, "R-1", parts=(part,))
    ours = {"FUZHOU", "QUARANTINE", "XIAMEN"}
    return {(cell.place, cell.condition.value): n for cell, n in held.items() if cell.place in ours and n}


def back(move: str) -> Command:
    """A move is taken back."""
    return lambda work: commands.cancel(work, move, reason="typing mistake")


def writes(order: str = "W-1") -> Command:
    """An order of sixty seals P-2 from S, written and no more."""
    made = Order(order, "S", "FUZHOU", (OrderLine("P-2", 60, Decimal(1)),), NOW, "keeper")
    return lambda work: write_orders(
        work, lambda: (made,), asked={"order": order}, approval_above=Decimal(500)
    )


def does(step: OrderStep, order: str = "W-1") -> Command:
    """A step of the order."""
    return lambda work: take_step(work, order, step, approval_above=Decimal(500))


def room(database: Database) -> Stockroom:
    """The stockroom as far as orders and returns go."""
    with database.reading() as connection:
        ledger = queries.moves(connection, "R-1")
    return Stockroom(
        places=PLACES,
        moves=ledger,
        purchase_orders=there(database, PURCHASE_ORDERS),
        dispositions=there(database, DISPOSITIONS),
        undone=there(database, UNDONE),
        agreements=there(database, SUPPLIER_AGREEMENTS),
    )


def stands(database: Database, at: datetime = NOW + DAY) -> LineStanding:
    """The one line of PO-1."""
    (line,) = whole_order(room(database), "PO-1", now=at).lines
    return line


def due(database: Database) -> list[tuple[str, int]]:
    """Who owes how much."""
    found = open_duties(room(database), now=NOW + DAY)
    return sorted((duty.about.supplier, duty.left) for duty in found)


def decides(units_: int, way: Disposition, document: str = "DSP-9", **words: Any) -> Command:
    """Goods in quarantine become something."""
    goods = Line("P-1", units_, "", "", lot=words.pop("lot", ""), reason="scratched")
    return lambda work: dispose(work, document, goods, WAYS, way=way, **words)


# Taking back


def test_no_half_of_a_change_is_taken_back_alone(supplied: Database) -> None:  # noqa: F811 the fixture
    """Fifty were released by their inspection: one half taken back, fifty more would lie in quarantine."""
    lays_down(supplied, INSPECTION_LIMITS, LIMIT)
    supplied.run(envelope(), delivery(Arrival("P-1", 50)))
    released = supplied.run(envelope(), judged(50, 8))["moves"]
    looked = supplied.run(
        envelope(),
        lambda work: look_again(
            work, "RE-1", "P-1", "FUZHOU", bad=2, quarantine="QUARANTINE", adjustment="ADJUSTMENT"
        ),
    )["moves"]
    line = Line("P-1", 3, "FUZHOU", "ADJUSTMENT")
    for document in ("CC-1", ""):
        changed = supplied.run(
            envelope(),
            lambda work, document=document: units.change_condition(  # type: ignore[misc]
                work, document, line, Condition.DAMAGED, adjustment="ADJUSTMENT"
            ),
        )["moves"]
        assert [code(supplied, back(move)) for move in changed] == ["stock.reverses_half"] * 2

    for move in (*released, *looked):
        assert code(supplied, back(move)) == "stock.reverses_half"
    assert sum(usable(supplied).values()) == 50


def test_a_decision_is_not_undone_behind_its_back(supplied: Database) -> None:  # noqa: F811 the fixture
    """A return taken back in the ledger only would lie in quarantine and be owed as well; a receipt is taken back as before."""
    receipt = supplied.run(envelope(), delivery(Arrival("P-1", 100), inspected=["P-1"]))["moves"]
    sent = supplied.run(envelope(), sends_back(40, supplier="S", delivery="PO-1"))["moves"]
    scrapped = supplied.run(envelope(), decides(10, Disposition.SCRAP))["moves"]

    for move in (*sent, *scrapped):
        assert code(supplied, back(move)) == "stock.reverses_decision"

    assert code(supplied, back(receipt[0])) == "stock.not_enough"
    other = supplied.run(envelope(), delivery(Arrival("P-1", 5), document="DN-2", supplier="S"))["moves"]
    supplied.run(envelope(), back(other[0]))
    assert usable(supplied) == {("QUARANTINE", "quarantined"): 50}


def test_a_difference_found_by_counting_is_taken_back_as_before(supplied: Database) -> None:  # noqa: F811 the fixture
    """It goes through the same place and is no half of anything."""
    cell = CountedCell("P-1", "FUZHOU", Condition.USABLE, 7, NOW, "x")
    found = supplied.run(
        envelope(),
        lambda work: commands.count(
            work, "CNT-1", [cell], adjustment="ADJUSTMENT", approval_above=Decimal(10_000)
        ),
    )

    supplied.run(envelope(), back(found["moves"][0]))

    assert usable(supplied) == {}


# Who sends it, and what may come


def test_what_comes_for_a_return_is_inspected_as_its_supplier_is(supplied: Database) -> None:  # noqa: F811 the fixture
    """The replacement of what failed waits as the first lot did, and no more comes by it than is owed."""
    lays_down(supplied, INSPECTION_LIMITS, LIMIT)
    supplied.run(envelope(), delivery(Arrival("P-1", 100)))
    supplied.run(envelope(), sends_back(10, supplier="S", delivery="PO-1"))

    first, second = (
        supplied.run(envelope(), delivery(Arrival("P-1", units), document="DSP-1"))["lines"][0]
        for units in (4, 500)
    )

    assert (first["accepted"], first["quarantined"], first["surplus"]) == (0, 4, 0)
    assert (second["quarantined"], second["rejected"], second["surplus"]) == (6, 494, 494)
    third = supplied.run(envelope(), delivery(Arrival("P-1", 1), document="DSP-1"))["lines"][0]
    assert (third["quarantined"], third["surplus"]) == (0, 1)
    assert due(supplied) == []
    of_another = delivery(Arrival("P-1", 1), document="DSP-1", supplier="T")
    assert code(supplied, of_another) == "supply.order_of_another"


def test_nothing_is_taken_in_from_nobody(supplied: Database) -> None:  # noqa: F811 the fixture
    """A mistyped order would pass its supplier's inspection by: its near names are shown, or the command says who sends it."""
    came = Arrival("P-1", 10)
    mistyped = delivery(came, document="PO-11")

    assert code(supplied, mistyped) == "supply.sender_unknown_near"
    assert code(supplied, delivery(came, document="DN-77")) == "supply.sender_unknown"

    lays_down(supplied, INSPECTION_LIMITS, LIMIT)
    (line,) = supplied.run(envelope(), delivery(came, document="DN-77", supplier="S"))["lines"]
    assert line["quarantined"] == 10
    (line,) = supplied.run(envelope(), delivery(came, document="DN-78", supplier="T"))["lines"]
    assert line["accepted"] == 10


def test_an_order_is_sent_before_it_is_received_and_not_after_it_is_cancelled(
    supplied: Database,  # noqa: F811 the fixture
) -> None:
    """What came before would be on the shelf and on order at once."""
    came = delivery(Arrival("P-2", 60), document="W-1")
    supplied.run(envelope(), writes())
    assert code(supplied, came) == "supply.not_sent"
    supplied.run(envelope(), does(OrderStep.SEND))
    supplied.run(envelope(), does(OrderStep.CANCEL))
    assert code(supplied, came) == "supply.order_cancelled"


def test_what_came_before_an_order_was_sent_is_not_still_to_come(supplied: Database) -> None:  # noqa: F811 the fixture
    """Posted by hand on the order's name, less what was taken back."""
    supplied.run(envelope(), writes())
    line = Line("P-2", 25, "SUPPLIER", "FUZHOU")
    supplied.run(envelope("in-1"), lambda work: commands.receive(work, "W-1", [line, line]))
    supplied.run(envelope(), back("in-1/2"))

    supplied.run(envelope(), does(OrderStep.SEND))

    with supplied.reading() as connection:
        assert queries.on_order(connection, "R-1", "P-2", now=NOW) == {"FUZHOU": 35}


# What a lot was, and whose


def test_a_lot_is_judged_once_and_then_only_again(supplied: Database) -> None:  # noqa: F811 the fixture
    """A failed lot judged as if it were new would reach the shelf, or count as two failures."""
    lays_down(supplied, INSPECTION_LIMITS, LIMIT)
    supplied.run(envelope(), delivery(Arrival("P-1", 50)))
    assert supplied.run(envelope(), judged(50, 8, "1", "2"))["next"] == "normal"

    assert code(supplied, judged(50, 8)) == "supply.inspected_already"
    assert code(supplied, judged(50, 8, "1", "2")) == "supply.inspected_already"

    again = supplied.run(envelope(), judged(50, 8, original=False))
    assert (again["shelf"], again["held"]) == (50, 0)
    supplied.run(envelope(), delivery(Arrival("P-1", 20)))
    assert supplied.run(envelope(), judged(20, 8))["accepted"]


def test_a_lot_is_judged_as_whose_it_is_and_as_what_came(supplied: Database) -> None:  # noqa: F811 the fixture
    """Another's failure, an order nobody knows, more than came by it: none of them can be judged."""
    lays_down(supplied, INSPECTION_LIMITS, replace(LIMIT, supplier=""))
    supplied.run(envelope(), delivery(Arrival("P-1", 50)))
    supplied.run(envelope(), delivery(Arrival("P-1", 50), document="DN-9", supplier="T"))

    def looks(document: str, supplier: str, many: int = 50) -> Command:
        return lambda work: inspect(
            work, document, Arrival("P-1", many), WAYS, supplier=supplier, looked_at=8
        )

    assert code(supplied, looks("PO-1", "T")) == "supply.order_of_another"
    assert code(supplied, looks("PO-NOPE", "S")) == "supply.more_than_delivered"
    assert code(supplied, looks("PO-1", "S", 60)) == "supply.more_than_delivered"
    supplied.run(envelope(), sends_back(20, supplier="S", delivery="PO-1"))
    assert code(supplied, looks("PO-1", "S")) == "supply.more_than_delivered"
    assert supplied.run(envelope(), looks("DN-9", "T"))["accepted"]


def test_a_bad_unit_was_looked_at(supplied: Database) -> None:  # noqa: F811 the fixture
    """Number nine hundred of a sample of eight is a typing mistake, and so is a serial of another lot."""
    lays_down(supplied, INSPECTION_LIMITS, LIMIT)
    supplied.run(envelope(), delivery(Arrival("P-1", 50)))

    for number in ("900", "9", "1" * 60):
        assert code(supplied, judged(50, 8, number)) == "supply.not_in_sample"
    assert code(supplied, judged(50, 8, "1" * 5000)) == "id.malformed"
    named = Arrival("P-1", 5, serials=("A", "B", "C", "D", "E"))
    stranger: Command = lambda work: inspect(  # noqa: E731 a word for the test
        work, "PO-1", named, WAYS, supplier="S", looked_at=5, bad=("A", "X")
    )
    assert code(supplied, stranger) == "supply.bad_unit_unknown"
    assert supplied.run(envelope(), judged(50, 8, "8"))["bad"] == 1


def test_no_more_goes_back_than_came_and_to_who_sent_it(supplied: Database) -> None:  # noqa: F811 the fixture
    """A hundred and fifty lie in quarantine, a hundred of them by PO-1 of S: a hundred and fifty of PO-1 never were."""
    supplied.run(envelope(), delivery(Arrival("P-1", 100), inspected=["P-1"]))
    supplied.run(envelope(), delivery(Arrival("P-1", 50), document="DN-9", supplier="T", inspected=["P-1"]))

    assert code(supplied, sends_back(150, supplier="S", delivery="PO-1")) == "supply.more_than_delivered"
    assert code(supplied, sends_back(50, supplier="T", delivery="PO-1")) == "supply.order_of_another"
    supplied.run(envelope("d-1"), sends_back(60, delivery="PO-1"))
    assert code(supplied, sends_back(41, "DSP-2", delivery="PO-1")) == "supply.more_than_delivered"
    assert code(supplied, sends_back(10, supplier="T", delivery="DN-9")) == "supply.record_of_another"
    supplied.run(envelope(), sends_back(50, "DSP-3", supplier="T", delivery="DN-9"))

    assert due(supplied) == [("S", 60), ("T", 50)]
    assert (stands(supplied).held, stands(supplied).decided) == (40, {Disposition.RETURN: 60})
    assert untrue(supplied) == []


def test_what_came_before_a_return_settles_nothing(supplied: Database) -> None:  # noqa: F811 the fixture
    """A decision recorded by the name of the order or delivery would be settled by the delivery itself."""
    supplied.run(envelope(), delivery(Arrival("P-1", 100), inspected=["P-1"]))
    supplied.run(envelope(), writes())
    supplied.run(envelope(), delivery(Arrival("P-1", 50), document="DN-9", supplier="T", inspected=["P-1"]))

    for record in ("PO-1", "W-1", "DN-9"):
        assert code(supplied, sends_back(40, record, supplier="S")) == "supply.record_of_delivery"
        assert code(supplied, decides(1, Disposition.SCRAP, record)) == "supply.record_of_delivery"
    supplied.run(envelope(), sends_back(40, supplier="S", delivery="PO-1"))

    assert due(supplied) == [("S", 40)]
    assert (stands(supplied).held, stands(supplied).decided) == (60, {Disposition.RETURN: 40})


def test_goods_of_no_lot_are_not_those_of_another_lot(supplied: Database) -> None:  # noqa: F811 the fixture
    """The last lot inspected was of T and had a number: what has none and came by PO-1 is owed by S."""
    lays_down(supplied, INSPECTION_LIMITS, replace(LIMIT, supplier=""))
    supplied.run(envelope(), delivery(Arrival("P-1", 50)))
    supplied.run(envelope(), judged(50, 8, "1", "2"))
    lot = Arrival("P-1", 50, lot="L2")
    supplied.run(envelope(), delivery(lot, document="DN-9", supplier="T"))
    supplied.run(
        envelope(),
        lambda work: inspect(work, "DN-9", lot, WAYS, supplier="T", looked_at=8, bad=("1", "2")),
    )

    found = supplied.run(envelope(), sends_back(50))

    assert found["supplier"] == "S"
    assert due(supplied) == [("S", 50)]


def test_nobody_who_inspected_a_delivery_waives_of_it(supplied: Database) -> None:  # noqa: F811 the fixture
    """One rejects half of it, another passes the other half: the first still waives nothing."""
    lays_down(supplied, INSPECTION_LIMITS, LIMIT)
    supplied.run(envelope(), delivery(Arrival("P-1", 100)))
    supplied.run(envelope(actor="E01"), judged(50, 8, "1", "2"))
    supplied.run(envelope(actor="E02"), judged(50, 8))

    for words in ({"delivery": "PO-1"}, {}):
        waive = decides(50, Disposition.WAIVER, **words)
        assert code(supplied, waive, actor="E01") == "supply.waiver_by_inspector"
        assert code(supplied, waive, actor="E02") == "supply.waiver_by_inspector"
    supplied.run(envelope(actor="E03"), decides(50, Disposition.WAIVER))
    assert usable(supplied) == {("FUZHOU", "usable"): 100}


def test_what_was_found_bad_on_the_shelf_is_accepted_no_longer(supplied: Database) -> None:  # noqa: F811 the fixture
    """Received is accepted, held and decided on: none of them falls below nothing."""
    supplied.run(envelope(), delivery(Arrival("P-1", 100)))
    supplied.run(
        envelope(),
        lambda work: look_again(
            work, "RE-1", "P-1", "FUZHOU", bad=40, quarantine="QUARANTINE", adjustment="ADJUSTMENT"
        ),
    )
    supplied.run(envelope(), sends_back(40, supplier="S", delivery="PO-1"))

    line = stands(supplied)

    assert (line.received, line.accepted, line.held, line.decided) == (100, 60, 0, {Disposition.RETURN: 40})


# Lines and places


def test_a_line_that_cannot_be_takes_no_room_from_the_next(supplied: Database) -> None:  # noqa: F811 the fixture
    """A hundred ordered and none beyond: sixty that are refused leave the hundred behind them their place."""
    lays_down(supplied, SUPPLIER_AGREEMENTS, Agreement("S", over_share=Decimal(0)))
    named = tuple(f"N{number}" for number in range(60))

    lines = supplied.run(
        envelope("in-1"),
        delivery(
            Arrival("P-1", 60, serials=named),
            Arrival("P-1", 100),
            Arrival("P-1", 1),
            Arrival("P-1", 1, serials=("A",)),
        ),
    )["lines"]

    said = [(row["accepted"], row["surplus"], row["refused"] and row["refused"]["code"]) for row in lines]
    assert said == [
        (0, 0, "stock.serial_not_tracked"),
        (100, 0, None),
        (0, 1, None),
        (0, 0, "supply.surplus_of_serials"),
    ]
    assert there(supplied, PURCHASE_ORDERS)[0].received == 100


@pytest.mark.parametrize("shelf", ["CUSTOMER", "SCRAP", "TRANSIT", "QUARANTINE", "ADJUSTMENT", "SUPPLIER"])
def test_a_shelf_is_a_shelf(supplied: Database, shelf: str) -> None:  # noqa: F811 the fixture
    """Goods accepted into thin air are on nobody's shelf, and usable goods in quarantine are not usable."""
    wrong = replace(WAYS, shelf=shelf)

    assert code(supplied, lambda work: take_in(work, "PO-1", [], wrong)) == "supply.place_kind"
    assert (
        code(supplied, lambda work: take_in(work, "PO-1", [], replace(WAYS, workshop="SCRAP")))
        == "supply.place_kind"
    )


def test_a_difference_goes_to_an_adjustment_place(supplied: Database) -> None:  # noqa: F811 the fixture
    """Two missing in Fuzhou are not two found in Xiamen."""
    supplied.run(envelope(), delivery(Arrival("P-1", 10)))
    cell = CountedCell("P-1", "FUZHOU", Condition.USABLE, 8, NOW, "x")
    supplied.run(
        envelope(),
        lambda work: commands.send(
            work, "TR-1", {Goods("P-1"): 3}, from_place="FUZHOU", to_place="XIAMEN", transit="TRANSIT"
        ),
    )

    assert (
        code(
            supplied,
            lambda work: commands.count(
                work, "CNT", [cell], adjustment="XIAMEN", approval_above=Decimal(10_000)
            ),
        )
        == "supply.place_kind"
    )
    assert (
        code(
            supplied,
            lambda work: commands.receive_transfer(
                work, "TR-1", {Goods("P-1"): 1}, to_place="XIAMEN", transit="TRANSIT", adjustment="FUZHOU"
            ),
        )
        == "supply.place_kind"
    )
