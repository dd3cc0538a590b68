"""Mistakes other stock systems shipped, tried on both databases: first the naive way, to see it fail, then ours."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import func, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from inventory.catalogue.part import Tracking
from inventory.stock.document import Line, moves
from inventory.stock.ledger import Condition
from inventory.stock.reservation import Reservation
from inventory.stock.transfer import Goods
from kernel.errors import Refusal
from storage.check import untrue
from storage.database import Database
from storage.engine import sqlite_driver, sqlite_file
from storage.stock import commands, promises, queries
from storage.stock.judged import Taking
from storage.stock.post import post
from storage.stock.seats import _insert
from storage.tables.catalogue import StockPolicyRow
from storage.tables.ledger import BalanceRow, StandingRow
from storage.tables.reservation import ReservationRow
from storage.unit_of_work import UnitOfWork
from tests.database_builders import envelope, filled, seed
from tests.stock_builders import NOW
from tests.storage.database.stock_worlds import bring, check_world, wish

AT_ONCE = 24
TURNS = 4


def at_once(*acts: Callable[[], object]) -> Counter[str]:
    """Start all at the same moment; gives how they ended, a refusal by its code."""
    together = threading.Barrier(len(acts))

    def one(act: Callable[[], object]) -> str:
        together.wait(timeout=20)
        try:
            act()
        except Refusal as refusal:
            return refusal.code
        return "done"

    with ThreadPoolExecutor(len(acts)) as threads:
        return Counter(end.result() for end in [threads.submit(one, act) for act in acts])


def unit(name: str) -> Reservation:
    """Wish for the one numbered unit there is."""
    return Reservation("P-9", "FUZHOU", 1, "visit", id=name, serial="S-1")


def numbered_unit(database: Database) -> None:
    """One unit known by its number, in a region of its own."""
    seed(database, region="R-2", parts=("P-9",), tracking=Tracking.SERIAL)
    line = Line("P-9", 1, "SUPPLIER", "FUZHOU", serial="S-1")
    database.run(envelope(region="R-2"), lambda work: commands.receive(work, "PO-1", [line]))


def promised(database: Database, region: str = "R-1") -> int:
    """Units promised and not yet handed out."""
    with database.reading() as connection:
        return sum(row.left for row in queries.reservations(connection, region, now=NOW))


def test_a_look_that_skips_locked_rows_finds_a_promised_unit_free(database: Database) -> None:
    """A reader that does not wait sees no promise, twice; the index behind the rule stops the second."""
    numbered_unit(database)
    both_have_looked = threading.Barrier(2)
    found_free: list[bool] = []
    stopped: list[str] = []

    def naive(name: str) -> None:
        holders = select(ReservationRow.c.id).where(ReservationRow.c.serial == "S-1")
        with database.reading() as connection:
            found_free.append(connection.execute(holders).first() is None)
        both_have_looked.wait(timeout=20)
        row = unit(name)
        values = filled(ReservationRow, region_id="R-2", id=row.id, serial=row.serial, part_id=row.part)
        values |= {"place_id": row.place, "quantity": 1, "consumed": 0, "fate": "active"}
        try:
            with database.writing(envelope(region="R-2")) as work:
                work.connection.execute(insert(ReservationRow).values(**values))
        except IntegrityError:
            stopped.append(name)

    ends = at_once(lambda: naive("R-a"), lambda: naive("R-b"))

    assert ends == {"done": 2}
    assert found_free == [True, True]
    assert len(stopped) == 1


def test_one_numbered_unit_wanted_by_many_goes_to_one(database: Database) -> None:
    """Nobody is skipped: each waits for the row, then is told who holds the unit."""
    numbered_unit(database)

    def ask(number: int) -> Callable[[], object]:
        return lambda: database.run(
            envelope(region="R-2"), lambda work: promises.reserve(work, unit(f"R-{number}"))
        )

    ends = at_once(*(ask(number) for number in range(AT_ONCE)))

    assert ends == {"done": 1, "stock.serial_reserved": AT_ONCE - 1}
    check_world(database, region="R-2")


def test_five_and_five_of_five_fit_only_who_looks_before_locking(database: Database) -> None:
    """A figure read before the transaction is old when it is used, whatever the database."""
    bring(database, 5)
    both_have_looked = threading.Barrier(2)

    def naive(name: str) -> None:
        with database.reading() as connection:
            free = queries.position(connection, "R-1", "P-1", "FUZHOU", now=NOW).available
        both_have_looked.wait(timeout=20)
        if free >= 5:
            database.run(envelope(), lambda work: _insert(work, wish(5, id=name)))

    at_once(lambda: naive("R-a"), lambda: naive("R-b"))
    assert promised(database) == 10

    bring(database, 5, part="P-2")
    ends = at_once(
        *[lambda: database.run(envelope(), lambda work: promises.reserve(work, wish(5, part="P-2")))] * 2
    )
    assert ends == {"done": 1, "stock.not_enough_free": 1}
    assert promised(database) == 15


def test_goods_held_back_stop_who_counts_all_on_hand(database: Database) -> None:
    """On hand is three, to be had is one; the row itself refuses a promise made on the larger figure."""
    lines = [
        Line("P-1", 1, "SUPPLIER", "FUZHOU"),
        Line("P-1", 1, "SUPPLIER", "FUZHOU", Condition.DAMAGED),
        Line("P-1", 1, "SUPPLIER", "FUZHOU", Condition.QUARANTINED),
    ]
    database.run(envelope(), lambda work: commands.receive(work, "PO-1", lines))

    def naive(work: UnitOfWork) -> int:
        here = (StandingRow.c.region_id == "R-1", StandingRow.c.part_id == "P-1")
        change = update(StandingRow).where(*here, StandingRow.c.on_hand - StandingRow.c.reserved >= 3)
        made: int = work.connection.execute(change.values(reserved=StandingRow.c.reserved + 3)).rowcount
        return made

    with database.reading() as connection:
        found = queries.position(connection, "R-1", "P-1", "FUZHOU", now=NOW)
    ends = [
        at_once(lambda: database.run(envelope(), lambda work: promises.reserve(work, wish(units))))  # noqa: B023 run at once
        for units in (3, 2, 1, 1)
    ]

    assert (found.on_hand, found.available) == (3, 1)
    assert [*map(dict, ends)] == [
        {"stock.not_enough_free": 1},
        {"stock.not_enough_free": 1},
        {"done": 1},
        {"stock.not_enough_free": 1},
    ]
    check_world(database)
    database.run(envelope(), lambda work: promises.release(work, _first(work)))
    assert database.run(envelope(), naive) == 1
    assert {message.code for message in untrue(database)} == {"database.standing_differs"}


def _first(work: UnitOfWork) -> str:
    return queries.reservations(work.connection, "R-1", now=NOW)[0].id


def test_a_balance_written_from_an_old_figure_loses_a_receipt(database: Database) -> None:
    """Both read nothing and write five; ours add to the row, and no row of the ledger holds a balance."""
    bring(database, 5)
    both_have_looked = threading.Barrier(2)

    def naive() -> None:
        here = (BalanceRow.c.region_id == "R-1", BalanceRow.c.place_id == "FUZHOU")
        with database.reading() as connection:
            seen = connection.execute(select(BalanceRow.c.quantity).where(*here)).scalar_one()
        both_have_looked.wait(timeout=20)
        with database.writing(envelope()) as work:
            work.connection.execute(update(BalanceRow).where(*here).values(quantity=seen + 5))

    at_once(naive, naive)
    with database.reading() as connection:
        assert sum(queries.totals(connection, "R-1").values()) == 10 - 5

    seed(database, region="R-2")
    ends = at_once(*[lambda: bring(database, 5, region="R-2")] * AT_ONCE)
    assert ends == {"done": AT_ONCE}
    with database.reading() as connection:
        found = queries.position(connection, "R-2", "P-1", "FUZHOU", now=NOW)
    assert found.on_hand == 5 * AT_ONCE
    check_world(database, region="R-2")


def test_two_that_lock_in_the_order_of_their_lines_stop_each_other(database: Database) -> None:
    """What sorted locks are there for: each holds what the other wants, and the database ends one of them.

    SQLite has one lock for the whole file; two that begin by reading and then write cross there.
    """
    for part in ("P-1", "P-2"):
        bring(database, 5, part=part)

    if database.kind == "sqlite":
        driver = sqlite_driver()
        file = sqlite_file(database.engine)
        one, two = (driver.connect(file, timeout=0.1, isolation_level=None) for _ in range(2))
        for connection in (one, two):
            connection.execute("BEGIN")
            connection.execute("SELECT on_hand FROM standing").fetchall()
        one.execute("UPDATE standing SET on_hand = on_hand")
        with pytest.raises(driver.OperationalError, match="locked"):
            two.execute("UPDATE standing SET on_hand = on_hand")
        one.close()
        two.close()
        return

    both_hold_one = threading.Barrier(2)

    def naive(parts: Sequence[str]) -> None:
        with database.writing(envelope()) as work:
            for part in parts:
                row = select(StandingRow.c.on_hand).where(StandingRow.c.part_id == part)
                work.connection.execute(row.with_for_update()).all()
                if part == parts[0]:
                    both_hold_one.wait(timeout=20)

    ends = at_once(lambda: naive(("P-1", "P-2")), lambda: naive(("P-2", "P-1")))
    assert ends == {"done": 1, "database.busy": 1}


def test_the_same_two_parts_in_opposite_order_never_stop_each_other(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Issues, promises and transfers of two parts, half of them from the end: one try each is enough."""
    monkeypatch.setattr("storage.database.ATTEMPTS", 1)
    units = AT_ONCE * TURNS * 2
    for part in ("P-1", "P-2"):
        bring(database, units, part=part)

    def keeper(number: int) -> Callable[[], object]:
        parts = ("P-1", "P-2") if number % 2 else ("P-2", "P-1")
        taken = [Taking(Line(part, 1, "FUZHOU", "CUSTOMER")) for part in parts]
        goods = {Goods(part): 1 for part in parts}

        def act() -> None:
            for turn in range(TURNS):
                name = f"{number}-{turn}"
                match (number + turn) % 3:
                    case 0:
                        database.run(envelope(), lambda work: commands.issue(work, name, taken))  # noqa: B023 run at once
                    case 1:
                        wishes = [wish(part=part, id=f"{name}-{part}") for part in parts]
                        database.run(envelope(), lambda work: promises.reserve_all(work, wishes))  # noqa: B023 run at once
                    case _:
                        way: dict[str, Any] = {
                            "from_place": "FUZHOU",
                            "to_place": "XIAMEN",
                            "transit": "TRANSIT",
                        }
                        database.run(
                            envelope(),
                            lambda work: commands.send(work, name, goods, **way),  # noqa: B023 run at once
                        )

        return act

    ends = at_once(*(keeper(number) for number in range(AT_ONCE)))

    assert ends == {"done": AT_ONCE}
    check_world(database)


def test_a_second_apply_without_a_key_doubles_the_transfer(database: Database) -> None:
    """The naive command makes new moves whenever it arrives; ours arrives many times at once and counts once."""
    for part in ("P-1", "P-2"):
        bring(database, 9, part=part)
    way: dict[str, Any] = {"from_place": "FUZHOU", "to_place": "XIAMEN", "transit": "TRANSIT"}

    def naive() -> None:
        line = Line("P-2", 3, "FUZHOU", "TRANSIT", bound_for="XIAMEN")
        database.run(envelope(), lambda work: post(work, moves(work.envelope, "T-2", [line], reason="sent")))

    asked = envelope("scanned")
    naive_ends = at_once(naive, naive)
    ends = at_once(
        *[lambda: database.run(asked, lambda work: commands.send(work, "T-1", {Goods("P-1"): 3}, **way))]
        * AT_ONCE
    )

    assert (naive_ends, ends) == ({"done": 2}, {"done": AT_ONCE})
    with database.reading() as connection:
        twice, once = (
            queries.position(connection, "R-1", part, "XIAMEN", now=NOW).in_transit for part in ("P-2", "P-1")
        )
    assert (twice, once) == (6, 3)
    check_world(database)


@pytest.mark.parametrize("quantity", [1.5, 24.805, 60.0000024])
def test_units_are_whole_where_fractions_do_not_add_up(database: Database, quantity: float) -> None:
    """Fractions leave a rest in either database; what is not whole never reaches it."""
    naive = text("SELECT CAST(:a AS DOUBLE PRECISION) - :b - :c")
    with database.reading() as connection:
        rest = connection.execute(naive, {"a": 136.5, "b": 111.695, "c": 24.805}).scalar_one()
    assert rest != 0
    assert abs(rest) < 1e-9

    line = Line("P-1", quantity, "SUPPLIER", "FUZHOU")  # type: ignore[arg-type]  # as a form might send it
    ends = at_once(
        lambda: database.run(envelope(), lambda work: commands.receive(work, "PO-1", [line])),
    )

    assert ends == {"stock.not_whole": 1}
    with database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(BalanceRow)).scalar() == 0


def test_a_receipt_splits_into_accepted_quarantined_and_rejected(database: Database) -> None:
    """A paper with one condition for all lines makes faulty goods usable; ours gives each line its own."""
    parcel = [(4, "FUZHOU", Condition.USABLE), (3, "QUARANTINE", Condition.QUARANTINED)]
    parcel.append((2, "SCRAP", Condition.DAMAGED))
    naive = [Line("P-2", units, "SUPPLIER", "FUZHOU") for units, _, _ in parcel]
    split = [Line("P-1", units, "SUPPLIER", place, condition) for units, place, condition in parcel]

    database.run(envelope(), lambda work: commands.receive(work, "PO-1", [*split, *naive]))

    with database.reading() as connection:
        totals = queries.totals(connection, "R-1")
        free = [
            queries.position(connection, "R-1", part, "FUZHOU", now=NOW).available for part in ("P-2", "P-1")
        ]
    there = {
        (cell.place, cell.condition): units
        for cell, units in totals.items()
        if cell.part == "P-1" and units > 0
    }
    assert free == [9, 4]
    assert there == {(place, condition): units for units, place, condition in parcel}
    check_world(database)


def test_one_wish_that_cannot_be_kept_leaves_the_others(database: Database) -> None:
    """Naively the first refusal ends the command and takes with it what went before."""
    bring(database, 2)
    bring(database, 1, part="P-2")

    def asked(name: str) -> list[Reservation]:
        return [
            wish(1, id=f"{name}-1"),
            wish(99, id=f"{name}-2"),
            wish(1, part="P-2", id=f"{name}-3"),
        ]

    def naive(work: UnitOfWork) -> None:
        for request in asked("naive"):
            if promises._reserved(work, (request,), customer=""):
                raise Refusal("stock.not_enough_free", part=request.part, place=request.place)

    ends = at_once(lambda: database.run(envelope(), naive))
    left_by_naive = promised(database)
    reply = database.run(envelope(), lambda work: promises.reserve_all(work, asked("ours")))

    assert (ends, left_by_naive) == ({"stock.not_enough_free": 1}, 0)
    assert reply["reserved"] == ["ours-1", "ours-3"]
    assert [(row["reservation"], row["code"]) for row in reply["refused"]] == [
        ("ours-2", "stock.not_enough_free")
    ]
    assert promised(database) == 2
    check_world(database)


def test_a_part_has_marks_of_its_own_at_every_place(database: Database) -> None:
    """One row for a part, as the naive key has it, has no room for a second place."""
    marks = {"FUZHOU": 4, "XIAMEN": 1, "VAN-1": 2}
    rows = [
        filled(
            StockPolicyRow,
            region_id="R-1",
            part_id="P-1",
            place_id=place,
            position=at,
            fill_rate=0.9,
            review_period_days=7.0,
        )
        | {"minimum": minimum, "maximum": 9}
        for at, (place, minimum) in enumerate(marks.items())
    ]

    def naive(work: UnitOfWork) -> None:
        work.connection.execute(text("CREATE TEMPORARY TABLE naive (part TEXT PRIMARY KEY, minimum INTEGER)"))
        for minimum in marks.values():
            work.connection.execute(text("INSERT INTO naive VALUES ('P-1', :m)"), {"m": minimum})

    with pytest.raises(IntegrityError):
        database.run(envelope(), naive)
    with database.writing(envelope()) as work:
        work.connection.execute(insert(StockPolicyRow), rows)

    with database.reading() as connection:
        kept = connection.execute(select(StockPolicyRow.c.place_id, StockPolicyRow.c.minimum)).all()
    assert {row.place_id: row.minimum for row in kept} == marks
    with pytest.raises(IntegrityError), database.writing(envelope()) as work:
        work.connection.execute(insert(StockPolicyRow), [rows[0] | {"position": 9}])
