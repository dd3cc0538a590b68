"""Vans staged and loaners checked in, on both databases: moves and steps of tickets in one command, once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from dispatch.desk.ticket import EventKind
from inventory.stock.loan import CheckStep, Loan
from inventory.stock.loaner_pool import UnitState, standing
from inventory.stockroom import loans_of
from kernel.errors import Refusal
from storage.check import untrue
from storage.database import Database
from storage.dataset import supply_tables
from storage.desk.checking_in import check_in
from storage.desk.staging import Picked, Short, stage
from storage.desk.tickets import ticket_known
from storage.idempotency import Reply
from storage.rows.region import load_region
from storage.stock.facts import keep
from storage.stock.queries import position
from storage.tables.catalogue import LoanRow
from storage.unit_of_work import UnitOfWork
from tests.storage.database.desk_worlds import NOW, REGION, desk, head

Make = Callable[[], str]
DAY = timedelta(days=1)
LATER = NOW + 3 * DAY


@pytest.fixture
def there(make_url: Make, tmp_path: Path) -> Iterator[Database]:
    """The tiny region: usable fuses at the depot, two of them kept for somebody, and two in the van."""
    database = desk(make_url, tmp_path)
    yield database
    assert untrue(database) == []
    database.close()


def usable(database: Database, place: str) -> int:
    """Fuses."""
    with database.reading() as connection:
        return position(connection, REGION, "P1", place, now=NOW).usable


def staged(database: Database, *short: Short, units: int = 2, key: str = "") -> Reply:
    """Two fuses from the depot into the van of E1."""
    picked = [Picked("P1", units, "D1", "W1", ("V1",))] if units else []
    return database.run(head(key, now=LATER), lambda work: stage(work, "PICK-1", lambda: (picked, short)))


def test_what_was_picked_lies_in_the_van_and_what_is_missing_stands_in_the_ticket(there: Database) -> None:
    """Both or neither; the same command again changes nothing, and a shortage told already is not told twice."""
    depot, van = usable(there, "D1"), usable(there, "W1")

    first = staged(there, Short("V1", "P1", 3), key="ST")
    assert staged(there, Short("V1", "P1", 3), key="ST") == first
    again = staged(there, Short("V1", "P1", 3), Short("V1", "P1", 4), units=0)

    assert (usable(there, "D1"), usable(there, "W1")) == (depot - 2, van + 2)
    assert (first["short"], again) == (["V1"], {"moves": [], "short": ["V1"]})
    events = there.run(head(now=LATER), lambda work: ticket_known(work, "G1")).events
    raised = [(one.value, one.visit) for one in events if one.kind is EventKind.PART_SHORT]
    assert raised == [("P1 3", "V1"), ("P1 4", "V1")]


def test_a_shortage_that_came_back_is_raised_again(there: Database) -> None:
    """Two, then one, then two again: the last word on the ticket is what is missing now."""
    raised = [staged(there, Short("V1", "P1", units), units=0)["short"] for units in (2, 1, 1, 2)]

    assert raised == [["V1"], ["V1"], [], ["V1"]]


def test_more_than_is_free_is_not_staged(there: Database) -> None:
    """What is kept for others stays; the shortage beside it is not half written either."""
    before = usable(there, "D1")

    with pytest.raises(Refusal, match=r"stock\."):
        staged(there, Short("V1", "P1", 3), units=before)
    with pytest.raises(Refusal, match=r"board\.unknown_visit"):
        staged(there, Short("V-404", "P1", 3))

    assert usable(there, "D1") == before
    events = there.run(head(now=LATER), lambda work: ticket_known(work, "G1")).events
    assert all(one.kind is not EventKind.PART_SHORT for one in events)


def checked(database: Database, unit: str, step: CheckStep, hours: float, reason: str = "") -> Reply:
    """A step of a unit's way back, so many hours after now."""
    at: datetime = NOW + timedelta(hours=hours)
    return database.run(head(now=at), lambda work: check_in(work, unit, step, at=at, by="E03", reason=reason))


def test_a_damaged_unit_is_lent_to_nobody_until_it_passes(there: Database) -> None:
    """Its inspection was under way: failed it is in quarantine, mended and passed it is free."""

    def stands() -> UnitState:
        with there.reading() as connection:
            stock = load_region(connection, REGION).stock
        unit = next(one for one in stock.loaner_units if one.id == "N1")
        return standing(unit, loans_of(stock), at=LATER, now=LATER).state

    assert stands() is UnitState.INSPECTING
    assert checked(there, "N1", CheckStep.FAILED, 1, "cracked")["state"] == "quarantine"
    assert stands() is UnitState.QUARANTINE
    with pytest.raises(Refusal, match=r"loaner\.no_such_step"):
        checked(there, "N1", CheckStep.PASSED, 2)
    checked(there, "N1", CheckStep.INSPECTING, 3)
    assert checked(there, "N1", CheckStep.PASSED, 4)["state"] == "available"
    assert stands() is UnitState.AVAILABLE


def test_a_loan_of_the_desk_is_checked_in_by_the_same_command(there: Database) -> None:
    """The storekeeper does not know whose loan it was: the desk's steps are written for him."""
    for hours, step in enumerate((CheckStep.BACK, CheckStep.INSPECTING, CheckStep.PASSED), start=1):
        assert checked(there, "N2", step, hours)["loan"] == "B1"

    with there.reading() as connection:
        events = load_region(connection, REGION).field.loan_events
    assert [event.step.value for event in events][-3:] == ["back", "inspecting", "passed"]
    assert {event.by for event in events[-3:]} == {"E03"}


def test_an_old_loan_of_the_pool_does_not_stand_in_the_way_of_the_desks(there: Database) -> None:
    """Lent and back last month by the pool, out by the desk now: what is at the counter is the desk's."""
    old = Loan("OLD", "N2", "T-9", NOW - 40 * DAY, NOW - 30 * DAY, NOW - 31 * DAY)
    to_come = Loan("NEXT", "N2", "T-8", NOW + 9 * DAY, NOW + 10 * DAY)

    def lend(work: UnitOfWork) -> Reply:
        keep(work, supply_tables.LOANS, LoanRow, [old, to_come])
        return {}

    there.run(head(), lend)

    assert checked(there, "N2", CheckStep.BACK, 1)["loan"] == "B1"


def test_what_cannot_be_checked_in_is_refused(there: Database) -> None:
    """Nobody's unit; a moment to come; a failure without a word."""
    with pytest.raises(Refusal, match=r"stock\.unknown_loaner_unit"):
        checked(there, "N404", CheckStep.BACK, 1)
    with pytest.raises(Refusal, match=r"loaner\.reason_missing"):
        checked(there, "N1", CheckStep.FAILED, 1)
    with pytest.raises(Refusal, match=r"desk\.ahead_of_now"):
        there.run(head(now=NOW), lambda work: check_in(work, "N1", CheckStep.PASSED, at=LATER, by="E03"))
