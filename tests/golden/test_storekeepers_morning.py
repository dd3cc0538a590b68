"""A storekeeper's morning in Fuzhou, command by command, word for word the same on both databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from importlib.resources import as_file, files
from pathlib import Path

import pytest

from api.usecases.importing import import_into
from api.usecases.planning import needs_for, plan_region
from dispatch.parts import PlannedNeed
from dispatch.solve import Budget
from inventory.stock.counting import CountedCell
from inventory.stock.document import Line
from inventory.stock.move import Condition
from inventory.stock.reservation import Reservation
from inventory.stock.transfer import Goods
from kernel.clock import moment
from kernel.envelope import Envelope
from kernel.errors import Refusal
from storage.check import untrue
from storage.database import Database, open_database
from storage.dataset.read import Reading, read
from storage.stock.commands import count, issue, receive, receive_transfer, send
from storage.stock.judged import Taking
from storage.stock.promises import reserve_all
from storage.stock.queries import moves, position
from storage.unit_of_work import UnitOfWork
from tests.conftest import set_by_name

GOLDEN = Path(__file__).with_name("storekeepers_morning.txt")
SHOWN = (
    ("P-PRT-04", "D-FZ"),
    ("P-PRT-04", "VAN-101"),
    ("P-PRT-04", "QUARANTINE"),
    ("P-CMP-01", "D-FZ"),
    ("P-CHL-06", "D-FZ"),
)


@pytest.fixture(scope="module")
def fujian() -> Reading:
    """The built-in region."""
    with as_file(files("scenarios.library") / "fujian") as there:
        return read(there)


@pytest.fixture(scope="module")
def tomorrow(fujian: Reading) -> tuple[PlannedNeed, ...]:
    """What the plan takes off shelves and vans tomorrow."""
    assert fujian.region is not None
    planned = plan_region(fujian.region, now=None, budget=Budget(seed=1, work=0))
    start = moment("2026-03-06T16:00Z")
    return tuple(
        need
        for need in needs_for(planned.board, planned.problem, planned.plan)
        if start <= need.at < start + timedelta(days=1)
    )


@pytest.fixture
def store(url: str, fujian: Reading) -> Iterator[Database]:
    """A database with Fujian in it."""
    database = open_database(url)
    assert fujian.region is not None
    import_into(database, fujian.region, digest=fujian.digest, as_of=None)
    yield database
    database.close()


class Morning:
    """Writes down what the storekeeper does and what the shelves say afterwards."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.lines: list[str] = []
        self.number = 0

    def does(self, at: str, words: str, command: Callable[[UnitOfWork], object]) -> None:
        """One command, given twice: the second time changes nothing."""
        self.number += 1
        when: datetime = moment(f"2026-03-06T{at}+08:00")
        head = Envelope("store-fz", "scanner-1", when, f"morning-{self.number}", "fujian")
        self.lines.append(f"{at}  {words}")
        try:
            answer = self.database.run(head, command)
            assert self.database.run(head, command) == answer
            self.lines.append(f"       {answer}")
        except Refusal as refusal:
            values = ", ".join(f"{name}={value}" for name, value in refusal.message.params.items())
            self.lines.append(f"       refused: {refusal.code} ({values})")
        with self.database.reading() as connection:
            for part, place in SHOWN:
                row = position(connection, "fujian", part, place, now=when)
                self.lines.append(
                    f"       {part} at {place}: on hand {row.on_hand}, usable {row.usable}, reserved {row.reserved},"
                    f" available {row.available}, on the way {row.in_transit}"
                )
        self.lines.append("")


@pytest.mark.slow  # the built-in region in a database
def test_a_storekeepers_morning_reads_the_same_on_both_databases(
    store: Database, fujian: Reading, tomorrow: tuple[PlannedNeed, ...]
) -> None:
    """Transfer, short receipt, count, reservations for tomorrow's plan, a defective return: the whole trade in a page."""
    morning = Morning(store)
    pump, board = Goods("P-CMP-01"), Goods("P-PRT-04")
    assert fujian.region is not None
    before = len(fujian.region.stock.moves)

    morning.does(
        "07:30",
        "receive purchase order PO-1: 6 P-PRT-04 arrived, 1 of them damaged",
        lambda work: receive(
            work,
            "PO-1",
            [
                Line("P-PRT-04", 5, "SUPPLIERS", "D-FZ"),
                Line("P-PRT-04", 1, "SUPPLIERS", "D-FZ", Condition.DAMAGED),
            ],
        ),
    )
    morning.does(
        "08:00",
        "send 3 P-PRT-04 to the van of E-101",
        lambda work: send(work, "TR-1", {board: 3}, from_place="D-FZ", to_place="VAN-101", transit="TRANSIT"),
    )
    morning.does(
        "08:20",
        "the van counts 2 at the door: one is missing",
        lambda work: receive_transfer(
            work, "TR-1", {board: 2}, to_place="VAN-101", transit="TRANSIT", adjustment="ADJUSTMENT"
        ),
    )
    morning.does(
        "08:40",
        "count P-CMP-01 on the shelf: 1 found",
        lambda work: count(
            work,
            "CNT-1",
            [CountedCell("P-CMP-01", "D-FZ", Condition.USABLE, 1, work.now, "store-fz")],
            adjustment="ADJUSTMENT",
            approval_above=Decimal(100_000),
        ),
    )
    morning.does(
        "09:00",
        f"reserve for tomorrow's plan: {len(tomorrow)} lines",
        lambda work: reserve_all(
            work,
            [
                Reservation(
                    need.part,
                    need.place,
                    need.quantity,
                    need.demand_ref,
                    id=f"plan/{need.demand_ref}/{need.part}",
                )
                for need in tomorrow
            ],
        ),
    )
    morning.does(
        "09:20",
        "the van asks for 99 P-CMP-01",
        lambda work: send(work, "TR-2", {pump: 99}, from_place="D-FZ", to_place="VAN-101", transit="TRANSIT"),
    )
    morning.does(
        "09:40",
        "a defective P-PRT-04 comes back from a customer, into quarantine",
        lambda work: issue(
            work,
            "RET-1",
            [Taking(Line("P-PRT-04", 1, "CUSTOMERS", "QUARANTINE", Condition.DAMAGED, reason="returned"))],
        ),
    )

    morning.lines += [f"ledger and audit chain read again: {len(untrue(store))} findings"]
    with store.reading() as connection:
        morning.lines += [f"moves posted this morning: {len(moves(connection, 'fujian')) - before}", ""]
    told = "\n".join(morning.lines)
    if set_by_name("FIELDWRIGHT_WRITE_GOLDEN"):
        GOLDEN.write_text(told, encoding="utf-8")
    assert told == GOLDEN.read_text(encoding="utf-8")
