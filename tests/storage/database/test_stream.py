"""The live stream: nothing is missed and nothing comes twice, whoever commits first."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from storage.database import Database, open_database
from storage.stream import BEGUN, Position, after, begin, end_of, forget, place_of
from storage.tables.stream import StreamRow
from storage.unit_of_work import UnitOfWork
from tests.database_builders import envelope
from tests.stock_builders import NOW

START = Position(0, 0)


def do(database: Database, about: str, *, now_h: float = 0) -> None:
    """A command that did something."""
    told = envelope(now=NOW + timedelta(hours=now_h))
    database.run(told, lambda work: work.record("ticket.open", about))


def heard_after(database: Database, position: Position, *, most: int = 1000) -> list[str]:
    """What follows a position."""
    with database.reading() as connection:
        return [event.about for event in after(connection, position, most=most)]


def the_end(database: Database) -> Position:
    """Where the stream ends."""
    with database.reading() as connection:
        return end_of(connection)


def test_what_a_command_did_is_heard_once_and_in_order(database: Database) -> None:
    """A page at a time gives the same as all at once."""

    def command(work: UnitOfWork) -> None:
        for about in ("T-1", "T-2", "T-1"):
            work.record("ticket.open", about)

    database.run(envelope(), command)
    do(database, "T-3")

    with database.reading() as connection:
        first = after(connection, START, most=2)
        rest = after(connection, first[-1].position, most=2)
    assert [event.about for event in (*first, *rest)] == ["T-1", "T-2", "T-3"]
    assert (first[0].region, first[0].action, first[0].at) == ("R-1", "ticket.open", NOW)


def test_a_command_that_is_refused_is_not_heard(database: Database) -> None:
    """Readers would ask for something that is not there."""

    def command(work: UnitOfWork) -> None:
        work.record("ticket.open", "T-1")
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        database.run(envelope(), command)

    assert heard_after(database, START) == []


def test_a_transaction_that_commits_late_with_a_smaller_number_is_not_skipped(
    make_postgresql: object,
) -> None:
    """It has its number, another commits first, a reader comes by, then it commits: the reader must still hear it."""
    assert callable(make_postgresql)
    database = open_database(make_postgresql())
    with database.writing(envelope("slow")) as slow:
        slow.connection.execute(StreamRow.insert().values(_row(slow, "slow")))

        do(database, "quick")
        seen_while_open = heard_after(database, START)
        end_while_open = the_end(database)
    seen_afterwards = heard_after(database, end_while_open)

    assert seen_while_open == []  # "quick" waits: something may still come before it
    assert seen_afterwards == ["slow", "quick"]
    with database.reading() as connection:
        numbers = (
            connection.execute(select(StreamRow.c.seq).order_by(StreamRow.c.about.desc())).scalars().all()
        )
    assert numbers == sorted(numbers)
    database.close()


def _row(work: UnitOfWork, about: str) -> dict[str, object]:
    number = work.connection.exec_driver_sql("SELECT pg_current_xact_id()::text::bigint").scalar()
    return {"transaction": number, "region_id": "R-1", "action": "ticket.open", "about": about, "at": NOW}


def test_readers_that_come_by_at_any_time_hear_everything_in_one_order(database: Database) -> None:
    """Writers race; readers that look all the while and one who looks afterwards agree on every event and its place."""
    writers, each = 6, 25
    ended = threading.Event()
    heard: list[list[str]] = [[], []]

    def write(name: int) -> None:
        for number in range(each):
            do(database, f"T-{name}-{number}")

    def listen(mine: list[str]) -> None:
        position = START
        while True:
            last_look = ended.is_set()
            with database.reading() as connection:
                found = after(connection, position, most=7)
            mine.extend(event.about for event in found)
            position = found[-1].position if found else position
            if last_look and not found:
                return

    listening = [threading.Thread(target=listen, args=(mine,)) for mine in heard]
    writing = [threading.Thread(target=write, args=(name,)) for name in range(writers)]
    for thread in (*listening, *writing):
        thread.start()
    for thread in writing:
        thread.join()
    ended.set()
    for thread in listening:
        thread.join()

    whole = heard_after(database, START)
    assert len(whole) == len(set(whole)) == writers * each
    assert heard == [whole, whole]
    for name in range(writers):
        of_one = [about for about in whole if about.startswith(f"T-{name}-")]
        assert of_one == [f"T-{name}-{number}" for number in range(each)]


def test_old_events_are_forgotten_and_the_last_one_never(database: Database) -> None:
    """A reader away for longer hears that it has missed something; numbers are never given twice."""
    do(database, "T-1", now_h=-100)
    do(database, "T-2", now_h=-90)
    with database.reading() as connection:
        first = after(connection, START, most=1)[0].position

    with database.writing(envelope()) as work:
        gone = forget(work.connection, before=NOW)
    do(database, "T-3")

    assert gone == 1
    assert heard_after(database, START) == ["T-2", "T-3"]
    with database.reading() as connection:
        assert place_of(connection, first.seq) is None
        assert end_of(connection).seq > first.seq + 1


def test_a_stream_that_begins_has_a_place_to_go_on_from(database: Database) -> None:
    """The first reader of an empty service comes back and misses nothing."""
    for _ in range(2):
        with database.writing(envelope()) as work:
            begin(work.connection, work.envelope)
    there = the_end(database)

    do(database, "T-1")

    with database.reading() as connection:
        assert place_of(connection, there.seq) == there
        assert [event.action for event in after(connection, START, most=9)] == [BEGUN, "ticket.open"]
    assert heard_after(database, there) == ["T-1"]


def test_a_restored_stream_goes_on_behind_what_it_holds(make_postgresql: object) -> None:
    """Another server counts transactions from elsewhere; who goes on from an old event hears the new ones."""
    assert callable(make_postgresql)
    database = open_database(make_postgresql())
    do(database, "T-1")
    do(database, "T-2")
    far = StreamRow.c.transaction + 10**12
    with database.writing(envelope()) as work:
        work.connection.execute(update(StreamRow).values(transaction=far))

    with database.writing(envelope()) as work:
        begin(work.connection, work.envelope)
    do(database, "T-3")

    assert heard_after(database, START) == ["T-1", "T-2", "T-3"]
    with database.reading() as connection:
        last = place_of(connection, 2)
    assert last is not None
    assert heard_after(database, last) == ["T-3"]
    database.close()
