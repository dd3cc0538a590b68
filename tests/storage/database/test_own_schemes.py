"""A region's own schemes in a database: kept word for word, and what every clock of the region counts by."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError

from dispatch.board import Board
from dispatch.desk.intake import Channel, Report
from dispatch.desk.milestone import Milestone
from dispatch.desk.ticket import EventKind, TicketEvent
from dispatch.pose import problem_of
from kernel.envelope import Envelope
from storage.database import Database, open_database
from storage.dataset.read import read
from storage.dataset.write import write
from storage.desk.intake import DRAFT, take
from storage.desk.tickets import happened
from storage.rows.region import import_region, load_stored
from storage.rows.schemes import schemes_in
from storage.tables.region import SchemeRow
from tests.own_schemes import own_text, with_own

AT = datetime(2026, 3, 6, 1, tzinfo=UTC)


def envelope(key: str) -> Envelope:
    """The envelope of a command."""
    return Envelope("operator", "cli", AT, key, "R1")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The tiny dataset with a scheme of its own."""
    return with_own(tmp_path / "region", own_text())


@pytest.fixture
def stored(url: str, folder: Path) -> Iterator[Database]:
    """The same in a database."""
    reading = read(folder)
    assert reading.region is not None
    assert not reading.refusals
    region = reading.region
    opened = open_database(url)
    opened.run(envelope("import"), lambda work: import_region(work, region, digest=reading.digest))
    yield opened
    opened.close()


def test_a_region_with_its_own_scheme_comes_back_as_it_went(
    stored: Database, folder: Path, tmp_path: Path
) -> None:
    """Equal values, an equal problem, and the scheme's file byte for byte."""
    reading = read(folder)
    assert reading.region is not None

    with stored.reading() as connection:
        back = load_stored(connection, "R1")

    assert (back.region, back.digest) == (reading.region, reading.digest)
    assert problem_of(Board.of(back.region)).digest == problem_of(Board.of(reading.region)).digest
    write(back.region, tmp_path / "out")
    name = Path("schemes") / "ours.toml"
    assert (tmp_path / "out" / name).read_bytes() == (folder / name).read_bytes()


def test_a_report_under_the_contract_opens_a_ticket_under_its_scheme(stored: Database) -> None:
    """What the desk is told by telephone is judged by the terms the customer signed."""
    report = Report(
        DRAFT,
        AT,
        Channel.PHONE,
        "desk-1",
        asset="A1",
        contract="K1",
        kind="fault",
        severity="P1",
        symptom="no-power",
        text="it is dark",
        contact="0591",
    )

    reply = stored.run(envelope("take"), lambda work: take(work, report))

    assert reply["opened"] is True, reply
    with stored.reading() as connection:
        board = Board.of(load_stored(connection, "R1").region, now=AT)
        known = schemes_in(connection, "R1")
    ticket = board.ticket(str(reply["ticket"]))
    assert (ticket.scheme, ticket.version) == ("ours", "1")
    assert known["ours", "1"] is board.scheme(ticket)
    due = board.clocks(ticket)[Milestone.ARRIVE].due_at
    assert due is not None
    assert (due - AT).total_seconds() == 90 * 60


def test_an_event_of_its_ticket_is_judged_by_it(stored: Database) -> None:
    """The life of a ticket depends on its scheme; one that does not ship is no stranger."""
    event = TicketEvent("G1", AT, EventKind.RESUMED, "desk-1")

    reply = stored.run(envelope("event"), lambda work: happened(work, event))

    assert reply["version"] == 3


def test_a_scheme_in_force_is_never_changed(stored: Database) -> None:
    """A ticket keeps the terms it was opened under, whoever holds the connection."""
    other = own_text(('within = "2 h"', 'within = "9 h"'))

    with pytest.raises(DBAPIError, match="append-only"), stored.writing(envelope("change")) as work:
        work.connection.execute(update(SchemeRow).values(content=other))
