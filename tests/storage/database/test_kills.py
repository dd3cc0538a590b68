"""Killed in the middle of writing: what was answered is there, what was not is whole or absent."""

from __future__ import annotations

import multiprocessing
from functools import partial
from random import Random  # noqa: TID251 seeded below

from sqlalchemy import select

from storage.audit import breaks
from storage.check import untrue
from storage.database import Database, open_database
from storage.dataset import paper_tables
from storage.rows.facts import values_in
from storage.tables.command import KeyRow
from storage.tables.content import ContentRow
from storage.tables.outbox import OutboxRow
from storage.tables.paper import AttachmentRow
from tests.database_builders import envelope, seed
from tests.storage.database.crashing_writer import command, write
from tests.storage.database.stock_worlds import check_world

KILLS = {"sqlite": 50, "postgresql": 20}


def killed(url: str, name: str, chance: Random) -> tuple[set[str], str]:
    """Start a writer, kill it after a few answers; gives the keys it had answers for and the one under way."""
    fork = multiprocessing.get_context("forkserver")
    fork.set_forkserver_preload(["tests.storage.database.crashing_writer"])
    ours, theirs = fork.Pipe(duplex=False)
    writer = fork.Process(target=write, args=(url, name, theirs), daemon=True)
    writer.start()
    theirs.close()
    patience = chance.randint(1, 6)
    answered: set[str] = set()
    asked = ""
    while len(answered) < patience:
        word, key = ours.recv()
        if word == "done":
            answered.add(key)
        asked = key
    # Somewhere between two commits, at a moment no test chooses twice.
    while ours.poll(chance.random() * 0.004):
        word, key = ours.recv()
        if word == "done":
            answered.add(key)
        asked = key
    writer.kill()
    writer.join()
    try:
        while True:
            word, key = ours.recv()
            if word == "done":
                answered.add(key)
            asked = key
    except EOFError:
        ours.close()
    return answered, asked


def known(database: Database) -> set[str]:
    """Keys the database has an answer for."""
    with database.reading() as connection:
        return set(connection.execute(select(KeyRow.c.key).where(KeyRow.c.reply.is_not(None))).scalars())


def test_nothing_answered_is_lost_when_the_writer_is_killed(url: str) -> None:
    """A power cut of the program, at any moment: one effect for each key, whether it was answered or not."""
    database = open_database(url)
    seed(database)
    chance = Random(3)  # noqa: S311 a seeded world, no secret
    every: set[str] = set()

    for number in range(KILLS[database.kind]):
        answered, asked = killed(url, f"w{number}", chance)
        there = known(database)
        assert answered <= there
        assert {key for key in there if key.startswith(f"w{number}-")} <= answered | {asked}
        # The client asks again with the same key: it takes effect now, or its first answer comes back.
        if asked not in there:
            database.run(envelope(asked), partial(command, asked))
        every |= answered | {asked}

    assert known(database) == every
    check_world(database)
    assert untrue(database) == []
    with database.reading() as connection:
        assert list(breaks(connection)) == []
        messages = connection.execute(select(OutboxRow.c.key)).scalars().all()
        reports = values_in(connection, paper_tables.REPORTS, "R-1")
        kept = connection.execute(select(AttachmentRow.c.ticket_id, AttachmentRow.c.digest)).all()
        held = connection.execute(select(ContentRow.c.digest)).scalars().all()
    assert sorted(messages) == sorted(every)
    taken = sorted(key for key in every if int(key.rpartition("-")[2]) % 2)
    assert sorted(report.text.removeprefix("dark ") for report in reports) == taken
    numbers = [int(report.id.rpartition("-")[2]) for report in reports]
    assert numbers == list(range(1, len(taken) + 1))  # no number lost, none given twice
    assert {ticket for ticket, _ in kept} == {report.id for report in reports}
    assert sorted(digest for _, digest in kept) == sorted(held)
    database.close()
