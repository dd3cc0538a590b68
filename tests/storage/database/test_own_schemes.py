"""A region's own schemes in a database: kept word for word, and what every clock of the region counts by."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, update
from sqlalchemy.exc import DBAPIError

from dispatch.board import Board
from dispatch.desk.intake import Channel, Report
from dispatch.desk.milestone import Milestone
from dispatch.desk.practice_file import builtin_text as builtin_practice_text
from dispatch.desk.ticket import EventKind, TicketEvent
from dispatch.pose import problem_of
from kernel.envelope import Envelope
from kernel.errors import Refusal
from storage.database import Database, open_database
from storage.dataset.read import read
from storage.dataset.write import write
from storage.desk.intake import DRAFT, take
from storage.desk.schemes import add_scheme
from storage.desk.tickets import happened
from storage.rows.region import import_region, load_stored
from storage.rows.standing import practice_in, schemes_in
from storage.tables.region import PracticeRow, SchemeRow
from storage.unit_of_work import UnitOfWork
from tests.own_schemes import SHIPPED, own_text, with_own

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


def test_a_region_with_its_own_practice_comes_back_as_it_went(url: str, tmp_path: Path) -> None:
    """Equal values, and the file byte for byte, comments included."""
    folder = with_own(tmp_path / "region", own_text())
    ours = builtin_practice_text().replace("value = 20,", "value = 3,", 1)
    (folder / "practice.toml").write_text(ours, encoding="utf-8", newline="")
    reading = read(folder)
    region = reading.region
    assert region is not None
    with closing(open_database(url)) as opened:
        opened.run(envelope("import"), lambda work: import_region(work, region, digest=reading.digest))

        with opened.reading() as connection:
            back = load_stored(connection, "R1")
            known = practice_in(connection, "R1")

        assert (back.region, back.digest) == (region, reading.digest)
        assert known.most_attachments == 3
        other = update(PracticeRow).values(content=ours + "#")
        with pytest.raises(DBAPIError, match="append-only"), opened.writing(envelope("change")) as work:
            work.connection.execute(other)


def test_a_new_version_is_added_while_the_desk_works_and_a_ticket_keeps_its_own(
    stored: Database, tmp_path: Path
) -> None:
    """Terms change for those who sign the new ones; nobody's running clock moves."""
    later = own_text(
        ('version = "1"', 'version = "2"'),
        ("effective_on = 2026-01-01", "effective_on = 2026-05-01\nannounced_on = 2026-03-01"),
        ('within = "90 min"', 'within = "60 min"'),
    )
    with stored.reading() as connection:
        before = Board.of(load_stored(connection, "R1").region, now=AT)

    def added(text: str, key: str, file: str = "ours.toml") -> dict[str, object]:
        return stored.run(envelope(key), lambda work: add_scheme(work, file, text.encode()))

    first = added(later, "add")
    again = added(later, "again")

    assert first == {"scheme": "ours", "version": "2", "file": "ours-2.toml", "new": True}
    assert again == first | {"new": False}
    with stored.reading() as connection:
        region = load_stored(connection, "R1").region
        known = schemes_in(connection, "R1")
    assert set(known) >= {("ours", "1"), ("ours", "2")}
    board = Board.of(region, now=AT)
    assert board.ticket("G1").version == "1"
    assert board.clocks(board.ticket("G1")) == before.clocks(before.ticket("G1"))
    write(region, tmp_path / "out")
    assert read(tmp_path / "out").region == region
    for text, code in (
        (later.replace('within = "60 min"', 'within = "30 min"'), "scheme.duplicate"),
        (SHIPPED, "scheme.ships"),
        (
            later.replace('version = "2"', 'version = "3"').replace("2026-05-01", "2026-03-02"),
            "scheme.too_little_notice",
        ),
        ("id = ", "scheme.not_toml"),
    ):
        with pytest.raises(Refusal) as caught:
            added(text, f"wrong-{code}", "wrong.toml")
        assert caught.value.code == code


def later(version: str) -> bytes:
    """The region's own scheme in another version."""
    text = own_text(
        ('version = "1"', f'version = "{version}"'),
        ("effective_on = 2026-01-01", "effective_on = 2026-05-01\nannounced_on = 2026-03-01"),
    )
    return text.encode()


def versions(connection: Connection) -> set[str]:
    """Versions known of the region's own scheme."""
    return {version for name, version in schemes_in(connection, "R1") if name == "ours"}


def test_a_scheme_added_by_another_process_is_there_at_the_next_look(stored: Database, url: str) -> None:
    """What is kept of a region is asked for anew once its tables have come further, whoever wrote."""
    with closing(open_database(url)) as other:
        with other.reading() as connection:
            before = versions(connection)
        stored.run(envelope("add"), lambda work: add_scheme(work, "more.toml", later("2")))
        with other.reading() as connection:
            after = versions(connection)

    assert (before, after) == ({"1"}, {"1", "2"})


def test_a_scheme_that_was_rolled_back_was_never_there(stored: Database) -> None:
    """The next one gets its place and here its moment, too: what was read beside the first is not kept under them."""
    seen = []

    def given_up(work: UnitOfWork) -> None:
        add_scheme(work, "more.toml", later("2"))
        seen.append(versions(work.connection))
        raise KeyError

    with pytest.raises(KeyError):
        stored.run(envelope("add"), given_up)
    stored.run(envelope("add"), lambda work: add_scheme(work, "more.toml", later("3")))
    with stored.reading() as connection:
        after = versions(connection)

    assert seen == [{"1", "2"}]
    assert after == {"1", "3"}
