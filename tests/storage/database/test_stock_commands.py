"""Commands on stock: once for each key, all or nothing, fair to what was promised. Rows of the bug table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from inventory.catalogue.part import Tracking
from inventory.stock.counting import CountedCell
from inventory.stock.document import Line
from inventory.stock.ledger import Condition
from inventory.stock.reservation import Reservation
from inventory.stock.transfer import Goods
from kernel.errors import Refusal
from storage.database import Database
from storage.idempotency import Reply
from storage.stock import commands, promises, queries
from storage.stock.judged import Taking
from storage.tables import whole
from storage.unit_of_work import UnitOfWork
from tests.database_builders import envelope, seed
from tests.stock_builders import NOW
from tests.storage.database.stock_worlds import bring, check_world, wish

Command = Callable[[UnitOfWork], Reply]
PUMP = Goods("P-1")


def issue(quantity: int = 1, *, reservation: str = "", place: str = "FUZHOU") -> Command:
    """Hand out pumps."""
    taking = Taking(Line("P-1", quantity, place, "CUSTOMER"), reservation=reservation)
    return lambda work: commands.issue(work, "V-1", [taking])


def reserve(request: Reservation) -> Command:
    """Keep pumps."""
    return lambda work: promises.reserve(work, request)


def send(quantity: int) -> Command:
    """Send pumps to Xiamen."""
    return lambda work: commands.send(
        work, "T-1", {PUMP: quantity}, from_place="FUZHOU", to_place="XIAMEN", transit="TRANSIT"
    )


def receive(quantity: int) -> Command:
    """Receive pumps in Xiamen."""
    return lambda work: commands.receive_transfer(
        work, "T-1", {PUMP: quantity}, to_place="XIAMEN", transit="TRANSIT", adjustment="ADJUSTMENT"
    )


def count(found: int) -> Command:
    """Count pumps in Fuzhou."""
    row = CountedCell("P-1", "FUZHOU", Condition.USABLE, found, NOW, "keeper")
    return lambda work: commands.count(
        work, "C-1", [row], adjustment="ADJUSTMENT", approval_above=Decimal(10**6)
    )


def refusal(database: Database, command: Command) -> str:
    """The code a command is refused with; nothing may be left of it."""
    before = snapshot(database)
    with pytest.raises(Refusal) as caught:
        database.run(envelope(), command)
    assert snapshot(database) == before
    return caught.value.code


def snapshot(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    with database.reading() as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(select(table))), key=repr)
            for table in whole().tables.values()
        }


def on_hand(database: Database, place: str = "FUZHOU") -> tuple[int, int]:
    """Units on hand and units available of the pump."""
    with database.reading() as connection:
        found = queries.position(connection, "R-1", "P-1", place, now=NOW)
    return found.on_hand, found.available


def test_every_command_arriving_twice_has_one_effect_and_one_reply(database: Database) -> None:
    """A scanner with a bad connection sends again: the second "Apply" must not double the transfer."""
    story: list[Command] = [
        lambda work: commands.receive(work, "PO-1", [Line("P-1", 9, "SUPPLIER", "FUZHOU")]),
        reserve(wish(2, id="R-a")),
        lambda work: promises.reserve_all(work, [wish(1, id="R-b"), wish(99, id="R-c")]),
        issue(1, reservation="R-a"),
        lambda work: promises.release(work, "R-b"),
        send(3),
        receive(2),
        count(6),
        lambda work: commands.cancel(work, "first/1", reason="mistake"),
    ]
    database.run(
        envelope("first"), lambda work: commands.receive(work, "", [Line("P-1", 1, "SUPPLIER", "FUZHOU")])
    )

    for command in story:
        asked = envelope()
        reply = database.run(asked, command)
        after = snapshot(database)
        again = database.run(asked, command)

        assert again == reply
        assert snapshot(database) == after
    check_world(database)


def test_a_key_with_other_content_is_refused(database: Database) -> None:
    """Two different wishes under one key: the second must not get the first one's answer."""
    bring(database, 5)
    database.run(envelope("same"), issue(1))

    with pytest.raises(Refusal) as caught:
        database.run(envelope("same"), issue(2))

    assert caught.value.code == "database.key_reused"
    assert on_hand(database) == (4, 4)


def test_a_refused_command_leaves_its_key_free(database: Database) -> None:
    """What was refused today may be right tomorrow, from the same queue of a scanner."""
    with pytest.raises(Refusal):
        database.run(envelope("again"), issue(1))

    bring(database, 1)
    database.run(envelope("again"), issue(1))

    assert on_hand(database) == (0, 0)


def test_what_is_promised_to_one_is_not_handed_to_another(database: Database) -> None:
    """Every kind of demand is judged against one figure."""
    bring(database, 3)
    database.run(envelope(), reserve(wish(2, id="R-a")))

    assert refusal(database, issue(2)) == "stock.not_enough_free"
    assert refusal(database, send(2)) == "stock.not_enough_free"
    assert refusal(database, reserve(wish(2))) == "stock.not_enough_free"
    database.run(envelope(), issue(2, reservation="R-a"))
    assert on_hand(database) == (1, 1)
    check_world(database)


def test_damaged_and_quarantined_goods_are_on_hand_and_never_available(database: Database) -> None:
    """Elsewhere a damaged unit could still be reserved: condition is part of the balance."""
    lines = [
        Line("P-1", 1, "SUPPLIER", "FUZHOU"),
        Line("P-1", 2, "SUPPLIER", "FUZHOU", Condition.DAMAGED),
        Line("P-1", 3, "SUPPLIER", "QUARANTINE", Condition.QUARANTINED),
    ]

    database.run(envelope(), lambda work: commands.receive(work, "PO-1", lines))

    assert on_hand(database) == (3, 1)
    assert on_hand(database, "QUARANTINE") == (3, 0)
    assert refusal(database, reserve(wish(2))) == "stock.not_enough_free"
    assert refusal(database, reserve(wish(1, place="QUARANTINE"))) == "stock.not_a_shelf"


def test_a_serial_is_promised_once(database: Database) -> None:
    """Two orders for one numbered unit: the second is told who holds it."""
    seed(database, region="R-2", parts=("P-9",), tracking=Tracking.SERIAL)
    line = Line("P-9", 1, "SUPPLIER", "FUZHOU", serial="S-1")
    database.run(envelope(region="R-2"), lambda work: commands.receive(work, "PO-1", [line]))
    one, two = (Reservation("P-9", "FUZHOU", 1, "V", id=id, serial="S-1") for id in ("R-a", "R-b"))  # noqa: A001 the field's name

    database.run(envelope(region="R-2"), reserve(one))
    with pytest.raises(Refusal) as caught:
        database.run(envelope(region="R-2"), reserve(two))

    assert caught.value.code == "stock.serial_reserved"
    assert caught.value.message.params["reservation"] == "R-a"
    check_world(database, region="R-2")


def test_a_transfer_received_twice_under_two_keys_is_received_once(database: Database) -> None:
    """Two people press Receive: the second finds nothing on the road."""
    bring(database, 5)
    database.run(envelope(), send(4))

    database.run(envelope(), receive(3))

    assert refusal(database, receive(3)) == "stock.nothing_under_way"
    assert on_hand(database, "XIAMEN") == (3, 3)
    assert on_hand(database) == (1, 1)
    check_world(database)


def test_a_count_is_a_fact_even_against_promises(database: Database) -> None:
    """Goods that are gone are gone: the position says that more is promised than there is."""
    bring(database, 5)
    database.run(envelope(), reserve(wish(4, id="R-a")))

    database.run(envelope(), count(3))

    assert on_hand(database) == (3, -1)
    assert refusal(database, reserve(wish(1))) == "stock.not_enough_free"
    check_world(database)


def test_a_promise_that_ran_out_keeps_nothing(database: Database) -> None:
    """A forgotten reservation must not block a shelf for ever."""
    bring(database, 1)
    request = Reservation("P-1", "FUZHOU", 1, "V-1", id="R-a", expires_at=NOW + timedelta(hours=1))
    database.run(envelope(), reserve(request))

    later = envelope(now=NOW + timedelta(hours=1))
    database.run(later, reserve(wish(1, id="R-b")))

    with database.reading() as connection:
        kept = queries.reservations(connection, "R-1", now=later.now)
    assert [row.id for row in kept] == ["R-b"]


def test_a_closed_promise_stays_closed_for_a_command_with_an_earlier_moment(database: Database) -> None:
    """A command waits for its turn with the moment it was given: what was closed meanwhile must not come back."""
    bring(database, 10)
    request = Reservation("P-1", "FUZHOU", 5, "V-1", id="R-a", expires_at=NOW + timedelta(seconds=3))
    database.run(envelope(), reserve(request))
    database.run(envelope(now=NOW + timedelta(seconds=5)), reserve(wish(10, id="R-b")))
    early = NOW + timedelta(seconds=1)

    for command in (issue(5, reservation="R-a"), reserve(request)):
        with pytest.raises(Refusal):
            database.run(envelope(now=early), command)
    given_back = database.run(envelope(now=early), lambda work: promises.release(work, "R-a"))

    assert given_back["released"] == 0
    check_world(database)
    database.run(envelope(now=NOW + timedelta(seconds=6)), issue(10, reservation="R-b"))
    assert on_hand(database) == (0, 0)


def test_an_older_count_is_not_posted_over_a_newer_one(database: Database) -> None:
    """Both found eight of ten; posting both differences would leave six."""
    bring(database, 10)
    first = CountedCell("P-1", "FUZHOU", Condition.USABLE, 8, NOW + timedelta(seconds=60), "keeper")
    second = CountedCell("P-1", "FUZHOU", Condition.USABLE, 8, NOW + timedelta(seconds=90), "other")

    def post(name: str, row: CountedCell) -> Command:
        return lambda work: commands.count(
            work, name, [row], adjustment="ADJUSTMENT", approval_above=Decimal(10**6)
        )

    database.run(envelope(now=NOW + timedelta(seconds=600)), post("C-1", first))
    with pytest.raises(Refusal, match=r"stock\.count_overtaken"):
        database.run(envelope(now=NOW + timedelta(seconds=660)), post("C-2", second))

    assert on_hand(database) == (8, 8)


def test_a_quantity_beyond_reason_is_refused(database: Database) -> None:
    """Sums of such lines would no longer be whole numbers in the database."""
    with pytest.raises(Refusal, match=r"stock\.too_many"):
        bring(database, 2**62)
    with pytest.raises(Refusal, match=r"stock\.too_many"):
        wish(2**62)


def test_a_move_is_taken_back_once(database: Database) -> None:
    """A correction is a reversal, and a reversal is not repeated."""
    bring(database, 2)
    reply = database.run(envelope(), issue(2))
    move = reply["moves"][0]

    database.run(envelope(), lambda work: commands.cancel(work, move, reason="wrong customer"))

    assert on_hand(database) == (2, 2)
    assert (
        refusal(database, lambda work: commands.cancel(work, move, reason="again"))
        == "stock.reversed_already"
    )


def test_every_command_leaves_its_trace(database: Database) -> None:
    """Who did it, when, under which key: in the same transaction."""
    audit = whole().tables["audit"]
    bring(database, 2)
    asked = envelope(actor="mei")

    database.run(asked, issue(1))

    with database.reading() as connection:
        rows = connection.execute(select(audit).where(audit.c.key == asked.key)).mappings().all()
        assert connection.execute(select(func.count()).select_from(audit)).scalar() == 2
    assert [(row["actor"], row["action"], row["at"]) for row in rows] == [("mei", "stock.issue", NOW)]
