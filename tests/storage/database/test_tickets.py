"""Tickets in a database: a number at once and once, a life that folds, nobody's word overwritten."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from dispatch.board import Board
from dispatch.desk.life import check_history
from dispatch.desk.scheme_file import builtin_schemes
from dispatch.desk.ticket import EventKind, TicketEvent
from dispatch.pose import problem_of
from kernel.errors import Refusal
from storage.check import untrue
from storage.database import Database, open_database
from storage.dataset.read import read
from storage.dataset.write import write
from storage.desk.intake import take
from storage.desk.tickets import Known, Trip, happened, ticket_known
from storage.rows.region import import_region, load_region, load_stored
from tests.storage.database.desk_worlds import NOW, REGION, desk, event, head, opened, report, told

Make = Callable[[], str]


@pytest.fixture
def there(make_url: Make, tmp_path: Path) -> Iterator[Database]:
    """The tiny region in a database."""
    database = desk(make_url, tmp_path)
    yield database
    database.close()


def known(database: Database, ticket: str) -> Known:
    """A ticket as it stands."""
    return database.run(head(), lambda work: ticket_known(work, ticket))


def test_numbers_follow_each_other_and_go_on_behind_what_was_imported(make_url: Make, tmp_path: Path) -> None:
    """A customer is told his number on the phone: it must be nobody else's, and never change."""
    database = desk(make_url, tmp_path)
    numbers = [opened(database)["ticket"] for _ in range(3)]
    assert numbers == [f"T-20260306-{n:04d}" for n in (2, 3, 4)]  # one stood in the folder

    with database.reading() as connection:
        stored = load_stored(connection, REGION)
    other = open_database(make_url())
    other.run(head(), lambda work: import_region(work, stored.region, digest=stored.digest))

    assert opened(other)["ticket"] == "T-20260306-0005"
    assert opened(other, at=NOW - timedelta(days=1))["ticket"] == "T-20260305-0002"
    database.close()
    other.close()


def test_a_ticket_opened_twice_with_one_key_is_one_ticket(there: Database) -> None:
    """The line broke before the number was read out: asking again gives the same number."""
    first = opened(there, "call-17")

    assert opened(there, "call-17") == first
    with pytest.raises(Refusal, match=r"database\.key_reused"):
        opened(there, "call-17", symptom="noise")
    with there.reading() as connection:
        tickets = load_region(connection, REGION).field.tickets
    assert [one.id for one in tickets].count(first["ticket"]) == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"site": "S2"}, "intake.asset_elsewhere"),
        ({"serial": "0008"}, "intake.asset_contradicts"),
        ({"contract": "K9"}, "intake.contract_not_in_force"),
        ({"at": NOW + timedelta(minutes=1)}, "desk.ahead_of_now"),
        ({"text": "x" * 501}, "database.text_too_long"),
        ({"text": "a\0b"}, "database.unwritable_text"),
    ],
)
def test_a_ticket_that_cannot_be_is_refused_and_takes_no_number(
    there: Database, changes: dict[str, Any], code: str
) -> None:
    """What a file is refused for, a caller is refused for too; the next one gets the number."""
    with pytest.raises(Refusal) as caught:
        opened(there, **changes)

    assert caught.value.code == code
    assert opened(there)["ticket"] == "T-20260306-0002"


def test_events_are_judged_as_a_whole_life(there: Database) -> None:
    """Nobody resumes what did not wait, repairs what is closed, or says what has not happened yet."""
    ticket = opened(there)["ticket"]
    told(there, event(ticket, EventKind.ACKNOWLEDGED, minutes=1))
    told(there, event(ticket, EventKind.WAITING, minutes=2, value="access", reason="gate shut"))

    for what, code in (
        (event(ticket, EventKind.REPORTED, minutes=3), "ticket.reported_twice"),
        (event(ticket, EventKind.ON_SITE, minutes=1), "ticket.events_out_of_order"),
        (event(ticket, EventKind.ON_SITE, minutes=90), "desk.ahead_of_now"),
        (event(ticket, EventKind.ON_SITE, minutes=3, visit="V1"), "board.visit_of_other_ticket"),
        (event(ticket, EventKind.ON_SITE, minutes=3, visit="V9"), "desk.unknown_reference"),
        (event(ticket, EventKind.PART_NEEDED, minutes=3, value="P9 1"), "stock.unknown_part"),
        (
            event(ticket, EventKind.FORECAST_FINISH, minutes=3, value=NOW.isoformat()),
            "ticket.forecast_passed",
        ),
        (event("T-9999", EventKind.ON_SITE, minutes=3), "desk.unknown_ticket"),
    ):
        with pytest.raises(Refusal) as caught:
            told(there, what)
        assert caught.value.code == code

    assert told(there, event(ticket, EventKind.RESUMED, minutes=3)) == {"ticket": ticket, "version": 3}
    with pytest.raises(Refusal, match=r"ticket\.not_waiting"):
        told(there, event(ticket, EventKind.RESUMED, minutes=4))
    assert [one.kind for one in known(there, ticket).events] == ["acknowledged", "waiting", "resumed"]


def test_who_has_seen_an_older_ticket_is_told_so(there: Database) -> None:
    """Two dispatchers on one ticket: the second looks again before he says that it waits."""
    ticket = opened(there)["ticket"]
    seen = known(there, ticket).version
    told(there, event(ticket, EventKind.ACKNOWLEDGED, minutes=1), version=seen)

    with pytest.raises(Refusal) as caught:
        told(there, event(ticket, EventKind.ACKNOWLEDGED, minutes=1), version=seen)

    assert caught.value.code == "desk.ticket_moved_on"
    assert caught.value.message.params == {"ticket": ticket, "seen": 0, "version": 1}


def test_who_says_now_and_waits_for_his_turn_is_not_refused_for_what_went_before_him(there: Database) -> None:
    """Two people write to one ticket in the same second, through two servers: the second to come may have begun first."""
    ticket = opened(there)["ticket"]
    told(there, event(ticket, EventKind.ACKNOWLEDGED, minutes=5), later=5)
    just_before = NOW + timedelta(minutes=4, seconds=30)
    said = TicketEvent(ticket, just_before, EventKind.TRIAGED, "desk-1")

    there.run(head(now=just_before), lambda work: happened(work, said))
    with pytest.raises(Refusal, match=r"ticket\.events_out_of_order"):
        told(there, replace(said, at=NOW + timedelta(minutes=3)))
    with pytest.raises(Refusal, match=r"ticket\.events_out_of_order"):  # by more than anybody waits
        told(there, event(ticket, EventKind.TRIAGED, minutes=3), later=3)

    assert [one.at for one in known(there, ticket).events] == [NOW + timedelta(minutes=5)] * 2


def test_two_events_at_once_are_both_kept_or_one_is_refused_by_version(there: Database) -> None:
    """Twenty people write to one ticket at the same moment: every answer given is in the history, in an order that folds."""
    ticket = opened(there)["ticket"]

    def write_one(number: int) -> str:
        version = 0 if number % 2 else None
        try:
            told(there, event(ticket, EventKind.ACKNOWLEDGED, reason=f"word {number}"), version=version)
        except Refusal as refusal:
            return refusal.code
        return "kept"

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(write_one, range(20)))

    now = known(there, ticket)
    said = {one.reason for one in now.events}
    assert said == {f"word {n}" for n, answer in enumerate(answers) if answer == "kept"}
    assert {answers[n] for n in range(0, 20, 2)} == {"kept"}
    assert set(answers) <= {"kept", "desk.ticket_moved_on"}
    assert [answers[n] for n in range(1, 20, 2)].count("kept") <= 1
    assert len(now.events) == answers.count("kept")
    scheme = builtin_schemes()[now.ticket.scheme, now.ticket.version]
    assert list(check_history(now.ticket, now.events, scheme)) == []


def test_tickets_opened_at_once_all_get_numbers_of_their_own(there: Database) -> None:
    """Thirty calls in the same second after a power cut."""
    with ThreadPoolExecutor(15) as pool:
        given = list(pool.map(lambda n: opened(there, f"call-{n}")["ticket"], range(30)))

    assert sorted(given) == [f"T-20260306-{n:04d}" for n in range(2, 32)]
    assert untrue(there) == []


def test_a_ticket_opened_with_a_visit_is_posed_to_the_planner_and_exported(
    there: Database, tmp_path: Path
) -> None:
    """The plan takes open tickets from here: the trip stands in the problem, in the next export too."""
    trip = Trip(45, skills=(("hv", 2),), parts=(("P1", 1),))
    ticket = there.run(head(), lambda work: take(work, report(), trip=trip))["ticket"]
    told(there, event(ticket, EventKind.ACKNOWLEDGED, minutes=20))

    with there.reading() as connection:
        region = load_region(connection, REGION)

    assert region.settings.as_of == NOW + timedelta(minutes=20)
    problem = problem_of(Board.of(region))
    assert f"{ticket}/1" in {visit.id for visit in problem.visits}
    assert [need.part for need in region.field.part_needs if need.visit == f"{ticket}/1"] == ["P1"]
    write(region, tmp_path / "out")
    assert read(tmp_path / "out").region == region
