"""Many at once: the last unit is promised once, whatever the timing."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from functools import partial
from random import Random  # noqa: TID251 seeded below

import pytest
from sqlalchemy import text

from inventory.catalogue.part import Tracking
from inventory.stock.counting import CountedCell
from inventory.stock.document import Line
from inventory.stock.ledger import Condition
from inventory.stock.transfer import Goods
from kernel.errors import Refusal
from storage.audit import breaks
from storage.check import untrue
from storage.database import Database, open_database
from storage.idempotency import Reply
from storage.stock import commands, promises, queries, units
from storage.stock.judged import Taking
from storage.stock.seats import _insert
from storage.unit_of_work import UnitOfWork
from tests.database_builders import envelope, seed
from tests.stock_builders import NOW
from tests.storage.database.stock_worlds import bring, check_world, wish

ROUNDS = 100
AT_ONCE = 200
UNITS = 5
BATCH = 20
KEEPERS = 50
TURNS = 8
PARTS = ("P-1", "P-2")


def outcome(act: Callable[[], object]) -> str:
    """``done``, or the code it was refused with; anything else is a defect and comes through."""
    try:
        act()
    except Refusal as refusal:
        return refusal.code
    return "done"


def race(database: Database, act: Callable[[int], object], *, times: int) -> Counter[str]:
    """Run `act` in `AT_ONCE` threads at the same moment, `times` times each; gives how they ended."""
    together = threading.Barrier(AT_ONCE)

    def one() -> list[str]:
        together.wait()
        return [outcome(partial(act, turn)) for turn in range(times)]

    with ThreadPoolExecutor(AT_ONCE) as threads:
        ends = [threads.submit(one) for _ in range(AT_ONCE)]
        return Counter(end for thread in ends for end in thread.result())


def test_two_hundred_at_once_reserve_exactly_the_five_there_are(database: Database) -> None:
    """The race every stock system loses once: both read five, both take five."""
    bring(database, UNITS)

    ends = race(
        database, lambda _: database.run(envelope(), lambda work: promises.reserve(work, wish())), times=1
    )

    assert ends == {"done": UNITS, "stock.not_enough_free": AT_ONCE - UNITS}
    check_world(database)


@pytest.mark.slow  # 20,000 promises; one round of it is the test above
def test_a_hundred_rounds_of_that_race_never_promise_a_sixth(database: Database) -> None:
    """A hundred parts of five units, two hundred planners who each want one of each, twenty parts a command."""
    parts = [f"Q-{number:03}" for number in range(ROUNDS)]
    seed(database, region="R-2", parts=parts)
    lines = [Line(part, UNITS, "SUPPLIER", "FUZHOU") for part in parts]
    database.run(envelope(region="R-2"), lambda work: commands.receive(work, "PO-1", lines))
    refusals: Counter[str] = Counter()

    def plan(turn: int) -> None:
        wishes = [wish(part=part) for part in parts[turn * BATCH : (turn + 1) * BATCH]]
        reply = database.run(envelope(region="R-2"), lambda work: promises.reserve_all(work, wishes))
        refusals.update(refused["code"] for refused in reply["refused"])

    ends = race(database, plan, times=ROUNDS // BATCH)

    with database.reading() as connection:
        kept = Counter(row.part for row in queries.reservations(connection, "R-2", now=NOW))
    assert ends == {"done": AT_ONCE * ROUNDS // BATCH}
    assert kept == dict.fromkeys(parts, UNITS)
    assert refusals == {"stock.not_enough_free": ROUNDS * (AT_ONCE - UNITS)}
    check_world(database, region="R-2")


@pytest.mark.slow  # fifty threads at one database; the race of two hundred stays
def test_fifty_storekeepers_at_random_lose_and_invent_nothing(database: Database) -> None:
    """Receipts, promises, issues, transfers, counts and reversals crossing each other on the same few shelves."""
    for place in ("FUZHOU", "XIAMEN"):
        bring(database, 20, place=place)
        bring(database, 20, part="P-2", place=place)
    together = threading.Barrier(KEEPERS)

    def keeper(number: int) -> Counter[str]:
        chance = Random(number)  # noqa: S311 a seeded world, no secret
        together.wait()
        return Counter(
            outcome(partial(database.run, envelope(), partial(something, chance, f"{number}-{turn}")))
            for turn in range(TURNS)
        )

    with ThreadPoolExecutor(KEEPERS) as threads:
        ends = sum((done.result() for done in [threads.submit(keeper, n) for n in range(KEEPERS)]), Counter())

    assert sum(ends.values()) == KEEPERS * TURNS
    assert ends["done"] > KEEPERS
    assert {code for code in ends if not code.startswith("stock.")} == {"done"}
    check_world(database)
    with database.reading() as connection:
        assert list(breaks(connection)) == []


def something(chance: Random, name: str, work: UnitOfWork) -> Reply:
    """One thing a storekeeper does, at random; some of it must be refused."""
    part = chance.choice(("P-1", "P-2"))
    here, there = chance.sample(("FUZHOU", "XIAMEN", "VAN-1"), 2)
    units = chance.randint(1, 4)
    match chance.choice(
        ("reserve", "release", "issue", "kept", "receive", "send", "arrive", "count", "cancel")
    ):
        case "reserve":
            wishes = [
                wish(units, part=of, place=at, id=f"{name}-{of}-{at}") for of in PARTS for at in (here, there)
            ]
            return promises.reserve_all(work, wishes)
        case "release":
            kept = queries.reservations(work.connection, "R-1", now=NOW)
            return promises.release(work, chance.choice(kept).id if kept else "none")
        case "issue":
            lines = [Line(of, units, here, "CUSTOMER") for of in chance.sample(PARTS, 2)]
            return commands.issue(work, name, [Taking(line) for line in lines])
        case "kept":
            kept = queries.reservations(work.connection, "R-1", now=NOW)
            row = chance.choice(kept) if kept else wish()
            line = Line(row.part, 1, row.place, "CUSTOMER")
            return commands.issue(work, name, [Taking(line, reservation=row.id)])
        case "receive":
            return commands.receive(work, name, [Line(part, units, "SUPPLIER", here)])
        case "send":
            goods = {Goods(part): units}
            return commands.send(
                work, f"T-{here}-{there}", goods, from_place=here, to_place=there, transit="TRANSIT"
            )
        case "arrive":
            return commands.receive_transfer(
                work,
                f"T-{here}-{there}",
                {Goods(part): units},
                to_place=there,
                transit="TRANSIT",
                adjustment="ADJUSTMENT",
                more_follows=chance.random() < 0.5,
            )
        case "count":
            found = CountedCell(part, here, Condition.USABLE, chance.randint(0, 12), NOW, "keeper")
            return commands.count(work, name, [found], adjustment="ADJUSTMENT", approval_above=Decimal(10**9))
        case _:
            made = queries.moves_of_part(work.connection, "R-1", part, most=10)
            return commands.cancel(work, chance.choice(made)[1].id, reason="mistake")


def test_the_same_race_run_naively_gives_away_ten_of_five(database: Database) -> None:
    """Look, then write: what the rule above is there for. SQLite's write lock alone would hide the mistake."""
    if database.kind == "sqlite":
        return
    bring(database, UNITS)
    both_have_looked = threading.Barrier(2)

    def naive(name: str) -> None:
        def command(work: UnitOfWork) -> None:
            free = queries.position(work.connection, "R-1", "P-1", "FUZHOU", now=NOW).available
            both_have_looked.wait(timeout=20)
            if free >= UNITS:
                _insert(work, wish(UNITS, id=name))

        database.run(envelope(), command)

    with ThreadPoolExecutor(2) as threads:
        for done in [threads.submit(naive, name) for name in ("R-a", "R-b")]:
            done.result()

    with database.reading() as connection:
        kept = queries.reservations(connection, "R-1", now=NOW)
    assert sum(row.left for row in kept) == 2 * UNITS
    assert {message.code for message in untrue(database)} == {"database.standing_differs"}


def test_picks_that_cross_wait_for_each_other_and_none_is_given_up(make_url: Callable[[], str]) -> None:
    """From Fuzhou to Xiamen and back at once: both seats are locked together, so the database never has to choose a loser."""
    url = make_url()
    first = open_database(url)
    seed(first)
    bring(first, 2 * AT_ONCE)
    bring(first, 2 * AT_ONCE, place="XIAMEN")

    def one(turn: int) -> None:
        ends = ("FUZHOU", "XIAMEN") if turn % 2 else ("XIAMEN", "FUZHOU")
        own = open_database(url)
        for number in range(TURNS):
            line = Line("P-1", 1, *ends)
            own.run(envelope(f"{turn}-{number}"), partial(units.pick, document="X", line=line))
        own.close()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(one, range(4)))

    if url.startswith("postgresql"):
        with first.reading() as connection:
            query = text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
            assert connection.execute(query).scalar_one() == 0
    check_world(first)
    first.close()


def test_numbered_units_are_named_when_they_are_picked(database: Database) -> None:
    """Two of three pumps known one by one, the second promised to somebody: the first and the third go."""
    seed(database, region="NAMED", parts=("P-1",), tracking=Tracking.SERIAL)
    lines = [Line("P-1", 1, "SUPPLIER", "FUZHOU", serial=serial) for serial in ("A", "B", "C")]
    head = partial(envelope, region="NAMED")
    database.run(head(), lambda work: commands.receive(work, "PO-1", lines))
    kept = replace(wish(), serial="B")
    database.run(head(), lambda work: promises.reserve(work, kept))

    database.run(head(), lambda work: units.pick(work, "V-1", Line("P-1", 2, "FUZHOU", "XIAMEN")))

    with database.reading() as connection:
        stands = {serial: cell.place for (_, serial), cell in queries.serials(connection, "NAMED").items()}
    assert stands == {"A": "XIAMEN", "B": "FUZHOU", "C": "XIAMEN"}
