"""Lots in tables: described before they move, barred when out of date, the same to queries as to the fold."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from inventory.catalogue.part import Tracking
from inventory.stock.document import Line
from inventory.stock.lot import Lot, out_of_date
from inventory.stock.position import positions
from inventory.stock.reservation import Reservation
from inventory.stock.transfer import Goods
from kernel.errors import Refusal
from storage.database import Database
from storage.idempotency import Reply
from storage.stock import commands, lots, promises, queries
from storage.stock.judged import Taking
from storage.tables.catalogue import LotRow, SupplierRow
from storage.unit_of_work import UnitOfWork
from tests.database_builders import envelope, filled, seed
from tests.stock_builders import NOW, PLACES

TODAY = NOW.date()
OLD, FRESH = "L-old", "L-new"
TOMORROW = NOW + timedelta(days=1)

Command = Callable[[UnitOfWork], Reply]


def describe(name: str, *, expires_on: date | None = None) -> Command:
    """A lot of the pump."""
    return lambda work: lots.describe(work, Lot(name, "P-1", expires_on=expires_on))


def bring(lot: str, quantity: int) -> Command:
    """Pumps of a lot into Fuzhou."""
    line = Line("P-1", quantity, "SUPPLIER", "FUZHOU", lot=lot)
    return lambda work: commands.receive(work, "PO-1", [line])


def issue(lot: str, to_place: str = "CUSTOMER", *, reservation: str = "") -> Command:
    """One pump of a lot out of Fuzhou."""
    taking = Taking(Line("P-1", 1, "FUZHOU", to_place, lot=lot), reservation=reservation)
    return lambda work: commands.issue(work, "V-1", [taking])


def keep(quantity: int, name: str = "R-1", lot: str = "") -> Command:
    """Pumps kept in Fuzhou."""
    wish = Reservation("P-1", "FUZHOU", quantity, demand_ref="V-1", id=name, lot=lot)
    return lambda work: promises.reserve(work, wish)


def code(database: Database, command: Command, *, now: datetime = NOW) -> str:
    """What a command is refused with."""
    with pytest.raises(Refusal) as caught:
        database.run(envelope(region="LOTS", now=now), command)
    return caught.value.code


@pytest.fixture
def stocked(database: Database) -> Database:
    """Three pumps of a lot whose last day is today, two that keep."""
    seed(database, region="LOTS", tracking=Tracking.LOT)
    for command in (
        describe(OLD, expires_on=TODAY),
        describe(FRESH),
        bring(OLD, 3),
        bring(FRESH, 2),
    ):
        database.run(envelope(region="LOTS"), command)
    return database


def test_a_lot_is_described_once_and_a_replay_changes_nothing(stocked: Database) -> None:
    """Lots stand in the order they were described, each with who wrote it."""
    asked = envelope(region="LOTS")
    stocked.run(asked, describe("L-3"))
    stocked.run(asked, describe("L-3"))

    with stocked.reading() as connection:
        rows = connection.execute(
            select(LotRow).where(LotRow.c.region_id == "LOTS").order_by(LotRow.c.position)
        ).all()
    assert [(row.position, row.lot_id, row.expires_on) for row in rows] == [
        (1, OLD, TODAY),
        (2, FRESH, None),
        (3, "L-3", None),
    ]
    assert {row.written_by for row in rows} == {"keeper"}
    assert code(stocked, describe("L-3")) == "stock.duplicate"


def test_a_lot_names_what_is_known(stocked: Database) -> None:
    """Its part and, where it has one, its supplier; the paper of an original is checked by the table as well."""
    assert code(stocked, lambda work: lots.describe(work, Lot("L-4", "P-9"))) == "stock.unknown_part"
    assert (
        code(stocked, lambda work: lots.describe(work, Lot("L-4", "P-1", "S-9"))) == "stock.unknown_supplier"
    )

    def proved(work: UnitOfWork) -> Reply:
        row = filled(
            SupplierRow, region_id="LOTS", supplier_id="S-1", lead_time_days=7.0, lead_time_sd_days=0.0
        )
        work.connection.execute(insert(SupplierRow).values(**row))
        return lots.describe(work, Lot("L-4", "P-1", "S-1", "GR-1", original=True))

    stocked.run(envelope(region="LOTS"), proved)

    def unproved(work: UnitOfWork) -> None:
        values = filled(LotRow, region_id="LOTS", lot_id="L-5", part_id="P-1", original=True)
        work.connection.execute(insert(LotRow).values(**values))

    with pytest.raises(IntegrityError, match="original_proved"):
        stocked.run(envelope(region="LOTS"), unproved)


def test_goods_of_a_lot_nobody_described_do_not_move(stocked: Database) -> None:
    """The same law as in memory: a recall has to find every unit."""
    assert code(stocked, bring("L-9", 1)) == "stock.unknown_lot"
    assert code(stocked, bring("", 1)) == "stock.lot_missing"


def test_what_is_out_of_date_serves_nobody(stocked: Database) -> None:
    """Today is its last day; tomorrow it is neither kept for nor handed to anybody."""
    stocked.run(envelope(region="LOTS"), issue(OLD))

    assert code(stocked, keep(3), now=TOMORROW) == "stock.not_enough_free"
    assert code(stocked, keep(1, lot=OLD), now=TOMORROW) == "stock.not_enough_free"
    assert code(stocked, issue(OLD), now=TOMORROW) == "stock.not_enough_free"
    stocked.run(envelope(region="LOTS", now=TOMORROW), keep(2))
    stocked.run(envelope(region="LOTS", now=TOMORROW), issue(FRESH, reservation="R-1"))


def test_what_is_out_of_date_may_go_anywhere_but_to_a_customer(stocked: Database) -> None:
    """Old goods that could not be thrown away or sent back would lie there for ever."""
    stocked.run(envelope(region="LOTS", now=TOMORROW), keep(2))
    stocked.run(envelope(region="LOTS", now=TOMORROW), issue(OLD, "SCRAP"))
    stocked.run(
        envelope(region="LOTS", now=TOMORROW),
        lambda work: commands.send(
            work,
            "T-1",
            {Goods("P-1", lot=OLD): 1},
            from_place="FUZHOU",
            to_place="XIAMEN",
            transit="TRANSIT",
        ),
    )

    assert code(stocked, issue(FRESH, "SCRAP"), now=TOMORROW) == "stock.not_enough_free"


@pytest.mark.parametrize("now", [NOW, NOW.replace(hour=15, minute=59), NOW.replace(hour=16), TOMORROW])
def test_a_stock_list_says_what_the_fold_says_on_any_day(stocked: Database, now: datetime) -> None:
    """The day is the region's own: in Shanghai it ends at 16:00 UTC."""
    stocked.run(
        envelope(region="LOTS"),
        lambda work: commands.send(
            work,
            "T-1",
            {Goods("P-1", lot=OLD): 1, Goods("P-1", lot=FRESH): 1},
            from_place="FUZHOU",
            to_place="XIAMEN",
            transit="TRANSIT",
        ),
    )
    day = TODAY if now < NOW.replace(hour=16, minute=0) else TODAY + timedelta(days=1)
    barred = out_of_date((Lot(OLD, "P-1", expires_on=TODAY), Lot(FRESH, "P-1")), on=day)

    with stocked.reading() as connection:
        page = queries.stock_page(connection, "LOTS", now=now)
        fold = positions(queries.totals(connection, "LOTS"), PLACES, barred=barred)

    assert {(row.part, row.place): row for row in page.rows} == fold
    assert fold["P-1", "FUZHOU"].usable == (3 if day == TODAY else 1)
