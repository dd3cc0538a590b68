"""Promises that meet a loss, a second shelf, another command or a text no database can keep."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from inventory.catalogue.part import Tracking
from inventory.stock.document import Line, moves
from inventory.stock.lot import Lot
from inventory.stock.reservation import Reservation
from kernel.errors import Refusal
from storage.database import Database
from storage.idempotency import Reply
from storage.stock import commands, lots, promises, queries
from storage.stock.judged import Taking
from storage.stock.post import post
from storage.unit_of_work import UnitOfWork
from tests.database_builders import envelope, seed
from tests.stock_builders import NOW
from tests.storage.database.stock_worlds import bring, check_world, wish
from tests.storage.database.test_bug_table import at_once

Command = Callable[[UnitOfWork], Reply]
LATER = NOW + timedelta(hours=2)


def reserve_all(*wishes: Reservation) -> Command:
    """Keep what can be kept."""
    return lambda work: promises.reserve_all(work, wishes)


def take(quantity: int, reservation: str = "") -> Command:
    """Hand out pumps from Fuzhou."""
    taking = Taking(Line("P-1", quantity, "FUZHOU", "CUSTOMER"), reservation)
    return lambda work: commands.issue(work, "V-1", [taking])


def code(database: Database, command: Command, *, region: str = "R-1") -> str:
    """What a command is refused with."""
    with pytest.raises(Refusal) as caught:
        database.run(envelope(region=region), command)
    return caught.value.code


def unit(name: str, place: str, **changes: Any) -> Reservation:
    """A wish for the numbered unit S-1 at a place."""
    return replace(Reservation("P-9", place, 1, "visit", id=name, serial="S-1"), **changes)


@pytest.fixture
def carried(database: Database) -> Database:
    """Three numbered units; S-1 was promised in Fuzhou for an hour and then found in Xiamen."""
    seed(database, region="R-9", parts=("P-9",), tracking=Tracking.SERIAL)
    lines = [Line("P-9", 1, "SUPPLIER", "FUZHOU", serial=serial) for serial in ("S-1", "S-2", "S-3")]
    database.run(envelope(region="R-9"), lambda work: commands.receive(work, "PO-1", lines))
    promised = unit("R-old", "FUZHOU", expires_at=NOW + timedelta(hours=1))
    database.run(envelope(region="R-9"), lambda work: promises.reserve(work, promised))
    for start, end in (("FUZHOU", "ADJUSTMENT"), ("ADJUSTMENT", "XIAMEN")):
        line = Line("P-9", 1, start, end, serial="S-1")
        database.run(envelope(region="R-9"), lambda work, line=line: _found(work, line))  # type: ignore[misc]
    return database


def _found(work: UnitOfWork, line: Line) -> Reply:
    """What a count found: a fact, whatever was promised."""
    return {"moves": len(post(work, moves(work.envelope, "C-1", [line], reason="count difference")))}


def test_after_a_loss_who_comes_first_is_served(database: Database) -> None:
    """Two were promised two each of four, one is lost: neither may wait for the other for ever."""
    bring(database, 4)
    database.run(envelope(), reserve_all(wish(2, id="R-a"), wish(2, id="R-b")))
    loss = Line("P-1", 1, "FUZHOU", "SCRAP")
    database.run(envelope(), lambda work: _found(work, loss))

    assert code(database, take(1)) == "stock.not_enough_free"
    database.run(envelope(), take(2, "R-a"))

    assert code(database, take(2, "R-b")) == "stock.not_enough_free"
    database.run(envelope(), take(1, "R-b"))
    assert code(database, take(1, "R-b")) == "stock.not_enough_free"
    check_world(database)


def test_one_id_on_two_shelves_is_one_reservation(database: Database) -> None:
    """The first is kept, the second is told that the id stands for other goods."""
    bring(database, 3)
    bring(database, 3, part="P-2")

    reply = database.run(
        envelope(), reserve_all(wish(1, id="R-a"), wish(1, part="P-2", id="R-a"), wish(1, id="R-b"))
    )

    assert reply["reserved"] == ["R-a", "R-b"]
    assert [(row["reservation"], row["code"]) for row in reply["refused"]] == [
        ("R-a", "stock.reservation_differs")
    ]
    check_world(database)


def test_one_id_wanted_at_two_shelves_at_the_same_moment_goes_to_one(database: Database) -> None:
    """No row of the one is locked by the other: the id itself is where they meet."""
    bring(database, 9)
    bring(database, 9, part="P-2")
    wishes = [wish(1, part=part, id="R-same") for part in ("P-1", "P-2")] * 4

    ends = at_once(
        *(
            lambda one=one: database.run(envelope(), lambda work: promises.reserve(work, one))
            for one in wishes
        )
    )

    assert ends == {"done": 4, "stock.reservation_differs": 4}
    check_world(database)
    with database.reading() as connection:
        assert len(queries.reservations(connection, "R-1", now=NOW)) == 1


def test_a_unit_promised_where_it_stood_before_is_told_of_alone(carried: Database) -> None:
    """One wish that cannot be kept must not take the others of the command with it."""
    reply = carried.run(
        envelope(region="R-9"), reserve_all(unit("R-1", "XIAMEN"), unit("R-2", "FUZHOU", serial="S-2"))
    )

    assert reply["reserved"] == ["R-2"]
    assert [(row["code"], row["values"]["reservation"]) for row in reply["refused"]] == [
        ("stock.serial_reserved", "R-old")
    ]
    check_world(carried, region="R-9")


def test_a_promise_that_ran_out_where_the_unit_stood_keeps_nothing(carried: Database) -> None:
    """Nobody has closed it yet: who asks next does."""
    carried.run(
        envelope(region="R-9", now=LATER), lambda work: promises.reserve(work, unit("R-new", "XIAMEN"))
    )

    with carried.reading() as connection:
        kept = queries.reservations(connection, "R-9", now=LATER)
        fuzhou = queries.position(connection, "R-9", "P-9", "FUZHOU", now=LATER)
    assert [row.id for row in kept] == ["R-new"]
    assert fuzhou.reserved == 0


@pytest.mark.parametrize("text", ["a\0b", "half \ud83d", "x\udcff"])
def test_a_text_no_database_can_keep_is_refused_by_code(database: Database, text: str) -> None:
    """Wherever it stands in a command: a scanner that sends rubbish is told so, and nothing is left."""
    bring(database, 3)
    told: list[Command] = [
        lambda work: promises.reserve(work, replace(wish(), demand_ref=text)),
        lambda work: promises.reserve(work, replace(wish(), part=text)),
        reserve_all(replace(wish(), lot=text)),
        lambda work: promises.release(work, text),
        lambda work: commands.issue(work, text, [Taking(Line("P-1", 1, "FUZHOU", "CUSTOMER"))]),
        lambda work: commands.receive(work, "PO-1", [Line("P-1", 1, "SUPPLIER", "FUZHOU", lot=text)]),
        lambda work: commands.cancel(work, "M-1", reason=text),
        lambda work: lots.describe(work, Lot("L-1", "P-1", receipt_document=text)),
    ]

    assert {code(database, command) for command in told} == {"database.unwritable_text"}
    check_world(database)


def test_a_text_longer_than_its_column_is_refused_by_code(database: Database) -> None:
    """SQLite would keep it, PostgreSQL would stop in the middle of the command."""
    bring(database, 3)
    long = "x" * 501
    told: list[Command] = [
        lambda work: promises.reserve(work, replace(wish(), demand_ref=long)),
        lambda work: commands.receive(work, long, [Line("P-1", 1, "SUPPLIER", "FUZHOU")]),
        lambda work: commands.receive(work, "PO-1", [Line("P-1", 1, "SUPPLIER", "FUZHOU", lot=long)]),
        lambda work: commands.receive(work, "PO-1", [Line("P-1", 1, "SUPPLIER", "FUZHOU", reason=long)]),
        lambda work: lots.describe(work, Lot("L-1", "P-1", receipt_document=long)),
    ]

    assert {code(database, command) for command in told} == {"database.text_too_long"}
    assert code(database, lambda work: promises.reserve(work, replace(wish(), id=long))) in {
        "database.text_too_long",
        "id.malformed",
    }
    reply = database.run(envelope(), reserve_all(replace(wish(), demand_ref=long), wish(1, id="R-good")))
    assert (reply["reserved"], [row["code"] for row in reply["refused"]]) == (
        ["R-good"],
        ["database.text_too_long"],
    )


def test_a_reservation_of_a_fraction_is_refused() -> None:
    """Units are whole before they come near a database."""
    with pytest.raises(Refusal, match=r"stock\.not_whole"):
        wish(1.5)  # type: ignore[arg-type]  # what a caller without types may do
