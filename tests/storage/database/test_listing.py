"""Pages of the ledger say what its folds say: moves, promises, what is on the road; and no more than rights reach."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from inventory.stock.move import Move
from inventory.stock.reservation import Reservation
from inventory.stock.transfer import Goods, under_way
from kernel.errors import Refusal
from storage.database import Database
from storage.idempotency import Reply
from storage.scope import Scope
from storage.stock import commands, promises, queries
from storage.stock.listing import move_page, on_the_road, reservation_page
from storage.stock.reached import check_places, places_reached
from storage.unit_of_work import UnitOfWork
from tests.database_builders import envelope
from tests.stock_builders import NOW
from tests.storage.database.stock_worlds import KINDS, bring, wish

Command = Callable[[UnitOfWork], Reply]
EVERYWHERE = Scope(everywhere=True)
ROADS = (("T-1", "P-1", 4, 3), ("T-1", "P-2", 2, 0), ("T-2", "P-1", 1, 1), ("T-3", "P-2", 3, None))
"""Document, part, units sent, units received; None: nothing was received of the document."""


def sending(document: str, goods: dict[Goods, int]) -> Command:
    """From Fuzhou to Xiamen."""
    return lambda work: commands.send(
        work, document, goods, from_place="FUZHOU", to_place="XIAMEN", transit="TRANSIT"
    )


def receiving(document: str, counted: dict[Goods, int]) -> Command:
    """In Xiamen; the rest follows."""
    return lambda work: commands.receive_transfer(
        work,
        document,
        counted,
        to_place="XIAMEN",
        transit="TRANSIT",
        adjustment="ADJUSTMENT",
        more_follows=True,
    )


def keeping(request: Reservation) -> Command:
    """Units for a demand."""
    return lambda work: promises.reserve(work, request)


@pytest.fixture
def busy(database: Database) -> Database:
    """Goods brought, sent in three transfers, received in part, promised, one promise given up."""
    for part in ("P-1", "P-2"):
        bring(database, 10, part=part)
    sent: dict[str, dict[Goods, int]] = {}
    counted: dict[str, dict[Goods, int]] = {}
    for document, part, out, found in ROADS:
        sent.setdefault(document, {})[Goods(part)] = out
        if found is not None:
            counted.setdefault(document, {})[Goods(part)] = found
    for document, goods in sent.items():
        database.run(envelope(), sending(document, goods))
    for document, goods in counted.items():
        database.run(envelope(), receiving(document, goods))
    for number in (1, 2, 3):
        database.run(envelope(), keeping(wish(id=f"R-{number}")))
    database.run(envelope(), lambda work: promises.release(work, "R-2"))
    return database


def test_what_is_on_the_road_is_what_was_sent_less_what_was_received(busy: Database) -> None:
    """One statement over all documents says what the rule says of each."""
    with busy.reading() as connection:
        found = on_the_road(connection, "R-1", scope=EVERYWHERE)
        ledger = queries.moves(connection, "R-1")

    folded = {
        (document, bound, *what): quantity
        for document in ("T-1", "T-2", "T-3")
        for (bound, what), quantity in under_way(document, ledger, KINDS).items()
    }
    listed = {
        (one.document, one.to_place, one.part, one.condition, one.lot, one.serial): one.quantity
        for one in found
    }
    assert listed == folded
    assert sorted(listed.values()) == [1, 2, 3]
    assert all(one.since == NOW for one in found)


def test_moves_page_by_page_are_the_ledger_backwards(busy: Database) -> None:
    """No move is shown twice and none is left out, whatever the page."""
    with busy.reading() as connection:
        whole = queries.moves(connection, "R-1")
        for most in (1, 3, 100):
            pages: list[Move] = []
            before: int | None = None
            while True:
                rows, before = move_page(connection, "R-1", scope=EVERYWHERE, most=most, before=before)
                pages += [move for _, move in rows]
                if before is None:
                    break

            assert pages == list(reversed(whole))


def test_promises_page_by_page_are_those_that_are_kept(busy: Database) -> None:
    """What was given up or has run out keeps nothing."""
    busy.run(envelope(), keeping(Reservation("P-1", "FUZHOU", 1, "V-9", "R-9", NOW + timedelta(hours=1))))

    with busy.reading() as connection:
        for now in (NOW, NOW + timedelta(hours=2)):
            first, after = reservation_page(connection, "R-1", scope=EVERYWHERE, now=now, most=1)
            rest, end = reservation_page(
                connection, "R-1", scope=EVERYWHERE, now=now, most=100, after=after or ""
            )

            assert (*first, *rest) == queries.reservations(connection, "R-1", now=now)
            assert end is None


def test_who_keeps_one_depot_sees_and_touches_what_is_his(busy: Database) -> None:
    """A transfer is known at both its ends; a shelf of others is as unknown as one that is not there."""
    here, there = (Scope(regions=("R-1",), depots=(place,)) for place in ("FUZHOU", "XIAMEN"))
    nowhere = Scope(regions=("R-1",), depots=("NONE",))

    with busy.reading() as connection:
        seen = {
            scope: [one.document for one in on_the_road(connection, "R-1", scope=scope)]
            for scope in (here, there, nowhere)
        }
        moves, _ = move_page(connection, "R-1", scope=there, most=100)
        kept, _ = reservation_page(connection, "R-1", scope=there, now=NOW, most=100)
        check_places(connection, "R-1", here, ("FUZHOU", "CUSTOMER", "TRANSIT", "ADJUSTMENT"))
        with pytest.raises(Refusal, match=r"stock\.unknown_place"):
            check_places(connection, "R-1", here, ("no such place",))
        with pytest.raises(Refusal, match=r"stock\.unknown_place"):
            check_places(connection, "R-1", here, ("FUZHOU", "XIAMEN"))
        with pytest.raises(Refusal, match=r"stock\.unknown_place"):
            check_places(connection, "R-1", here, ("QUARANTINE",))
        reached = places_reached(connection, "R-1", here)

    assert seen[here] == seen[there] == ["T-1", "T-1", "T-3"]
    assert seen[nowhere] == []
    assert kept == []
    assert reached == {"FUZHOU"}
    assert all("XIAMEN" in {move.from_place, move.to_place, move.bound_for} for _, move in moves)
