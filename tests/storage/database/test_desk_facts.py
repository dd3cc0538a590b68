"""Facts written one by one are judged as a dataset is, on both databases, and touch their ticket in the same command."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from dispatch.borrowed import Borrowing
from dispatch.desk.approval import ApprovalEvent, ApprovalStep
from dispatch.desk.complaint import Complaint, ComplaintEvent, ComplaintStep
from dispatch.desk.knowledge import KnowledgeEntry
from dispatch.desk.loan import LoanEvent, LoanStep, TicketLoan
from dispatch.desk.practice import ApprovalKind, Role
from dispatch.desk.survey import SurveyEvent, SurveyStep
from dispatch.desk.ticket import EventKind
from kernel.errors import Refusal
from storage.database import Database
from storage.dataset import owed_tables, paper_tables
from storage.dataset.read import read
from storage.dataset.table import Table
from storage.dataset.write import write
from storage.desk.facts import FILES, record
from storage.desk.intake import answer, take
from storage.desk.tickets import ticket_known
from storage.rows.facts import values_in
from storage.rows.region import load_region
from tests.dataset_builder import CREWED
from tests.storage.database.desk_worlds import NOW, REGION, desk, event, head, opened, report, told

Make = Callable[[], str]
LATER = NOW + timedelta(days=3)


@pytest.fixture
def there(make_url: Make, tmp_path: Path) -> Iterator[Database]:
    """The tiny region in a database."""
    database = desk(make_url, tmp_path)
    yield database
    database.close()


def at(minutes: int) -> datetime:
    """So many minutes after now."""
    return NOW + timedelta(minutes=minutes)


def written(database: Database, file: Table, value: Any, key: str = "") -> dict[str, Any]:
    """Write one fact down, days later."""
    return database.run(head(key, now=LATER), lambda work: record(work, file, value))


def kinds(database: Database, ticket: str) -> list[str]:
    """What happened to a ticket."""
    known = database.run(head(now=LATER), lambda work: ticket_known(work, ticket))
    return [one.kind.value for one in known.events]


def test_a_loaner_that_stands_is_a_step_of_its_ticket(there: Database) -> None:
    """The clock of `substitute` must not wait until somebody enters the same thing twice."""
    ticket = opened(there)["ticket"]
    written(there, owed_tables.TICKET_LOANS, TicketLoan("LN1", ticket, "N1", at(5), "desk-1"))
    out = LoanEvent("LN1", at(10), LoanStep.OUT, "store-1", due_back_at=at(5000))
    assert written(there, owed_tables.LOAN_EVENTS, out)["ticket_event"] == ""

    stands = LoanEvent("LN1", at(60), LoanStep.AT_CUSTOMER, "E1")
    assert written(there, owed_tables.LOAN_EVENTS, stands)["ticket_event"] == "loaner_in_place"

    assert kinds(there, ticket) == ["loaner_in_place"]
    with pytest.raises(Refusal, match=r"loan\.no_such_move"):
        written(there, owed_tables.LOAN_EVENTS, LoanEvent("LN1", at(70), LoanStep.PREPARING, "store-1"))
    with pytest.raises(Refusal, match=r"desk\.known_already"):
        written(there, owed_tables.TICKET_LOANS, TicketLoan("LN1", ticket, "N2", at(5), "desk-1"))


def test_a_survey_answered_too_soon_is_refused_whole(there: Database) -> None:
    """The answer and the step of the ticket are one: a ticket that is open was not surveyed."""
    ticket = opened(there, contract="K2", kind="advice", severity="P3")["ticket"]
    scored = SurveyEvent(ticket, at(100), SurveyStep.ANSWERED, "desk-1", 5)

    with pytest.raises(Refusal, match=r"survey\.not_closed"):
        written(there, owed_tables.SURVEY_EVENTS, scored)

    with there.reading() as connection:
        assert values_in(connection, owed_tables.SURVEY_EVENTS, REGION, ticket_id=ticket) == ()
    for minutes, kind in ((5, EventKind.PROPOSED), (10, EventKind.AGREED), (20, EventKind.DELIVERED)):
        told(there, event(ticket, kind, minutes=minutes))
    told(there, event(ticket, EventKind.VERIFIED, minutes=25))
    told(there, event(ticket, EventKind.CLOSED, minutes=30))
    assert written(there, owed_tables.SURVEY_EVENTS, scored)["ticket_event"] == "surveyed"
    assert kinds(there, ticket)[-1] == "surveyed"


def test_one_request_is_decided_once_whoever_is_quicker(there: Database) -> None:
    """Two managers press at the same moment: one word stands, the other is told."""
    ask = ApprovalEvent(
        "AP7", "G1", at(1), "E1", ApprovalStep.REQUESTED, ApprovalKind.PURCHASE, 90_000, reason="board"
    )
    written(there, paper_tables.APPROVAL_EVENTS, ask)

    def decide(number: int) -> str:
        step = ApprovalStep.APPROVED if number % 2 else ApprovalStep.DECLINED
        said = ApprovalEvent("AP7", "G1", at(2), f"M-{number}", step, role=Role.MANAGER, reason="seen")
        try:
            written(there, paper_tables.APPROVAL_EVENTS, said)
        except Refusal as refusal:
            return refusal.code
        return "kept"

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(decide, range(8)))

    assert sorted(answers) == ["approval.decided_already"] * 7 + ["kept"]


def test_a_complaint_begins_and_goes_on_and_a_key_writes_it_once(there: Database) -> None:
    """Its number is taken, its steps follow; a repeated command changes nothing."""
    made = Complaint("Q7", "C1", "value-added", "1", at(1), "too late", "desk-1", "G3")
    for _ in range(2):
        written(there, owed_tables.COMPLAINTS, made, key="q7")
    accepted = ComplaintEvent("Q7", at(2), ComplaintStep.ACCEPTED, "desk-1")
    written(there, owed_tables.COMPLAINT_EVENTS, accepted)

    with there.reading() as connection:
        assert values_in(connection, owed_tables.COMPLAINTS, REGION, complaint_id="Q7") == (made,)
        assert values_in(connection, owed_tables.COMPLAINT_EVENTS, REGION, complaint_id="Q7") == (accepted,)
    with pytest.raises(Refusal, match=r"desk\.ahead_of_now"):
        written(
            there,
            owed_tables.COMPLAINT_EVENTS,
            ComplaintEvent("Q7", LATER + timedelta(minutes=1), ComplaintStep.WITHDRAWN, "C1", "settled"),
        )


def test_a_fault_is_closed_only_when_its_cause_is_written_where_the_scheme_asks(
    make_url: Make, tmp_path: Path
) -> None:
    """Some schemes record every problem with cause and solution: the desk cannot forget it."""
    signed = CREWED["contracts.csv"] + "K3,C1,analytics-support,,2026-01-01,,\n"
    database = desk(make_url, tmp_path, contracts=signed)
    number = opened(database, contract="K3", severity="P1")["ticket"]
    for minutes, kind, value in (
        (10, EventKind.RESPONDED, ""),
        (15, EventKind.REMOTE_TRIED, "solved"),
        (20, EventKind.REPAIRED, ""),
        (25, EventKind.VERIFIED, ""),
    ):
        told(database, event(number, kind, minutes=minutes, value=value))
    closed = event(number, EventKind.CLOSED, minutes=30)

    with pytest.raises(Refusal, match=r"knowledge\.not_recorded"):
        told(database, closed)

    written(database, paper_tables.KNOWLEDGE, KnowledgeEntry(number, at(22), "E1", "fuse", "replaced"))
    told(database, closed)
    assert kinds(database, number)[-1] == "closed"
    database.close()


def test_the_last_answer_opens_the_ticket_and_no_answer_comes_after(there: Database) -> None:
    """A report waits for what is missing; what is opened is changed by events only."""
    from dispatch.desk.intake import Answer, Asked

    taken = there.run(head(), lambda work: take(work, report(severity="", contact="")))
    number = taken["ticket"]
    assert [one["asked"] for one in taken["questions"]] == ["severity", "contact"]

    def said(asked: Asked, value: str) -> dict[str, Any]:
        made = Answer(number, at(1), "desk-1", asked, value)
        return there.run(head(now=at(1)), lambda work: answer(work, made))

    assert said(Asked.SEVERITY, "very")["questions"][0]["given"] == "very"
    assert said(Asked.SEVERITY, "P2")["opened"] is False
    assert said(Asked.CONTACT, "gate 3")["opened"] is True
    with pytest.raises(Refusal, match=r"desk\.report_opened"):
        said(Asked.CONTACT, "gate 4")


def test_what_stands_there_already_is_not_written_again(there: Database) -> None:
    """A file of facts sent twice, or the folder a region came from: the same word of the same person is one fact."""
    with there.reading() as connection:
        before = values_in(connection, owed_tables.ESCALATIONS, REGION)
    assert before

    replies = [written(there, owed_tables.ESCALATIONS, one) for one in before]

    assert {reply["new"] for reply in replies} == {False}
    with there.reading() as connection:
        assert values_in(connection, owed_tables.ESCALATIONS, REGION) == before


def test_a_fact_about_what_is_not_there_is_refused_in_words(there: Database) -> None:
    """Never the database's own complaint about a foreign key."""
    lent = Borrowing(
        "J7", "E2", "Line 3", date(2026, 3, 16), date(2026, 3, 20), "night", at(1), "desk-1", "ill"
    )

    with pytest.raises(Refusal) as caught:
        written(there, owed_tables.BORROWINGS, lent)

    assert caught.value.code == "desk.unknown_reference"
    assert caught.value.message.params == {"column": "calendar", "value": "night"}


def test_every_fact_of_the_tiny_region_could_have_been_written_one_by_one(
    there: Database, make_url: Make, tmp_path: Path
) -> None:
    """What a folder says and what commands write is judged alike: taken out and written again, the region is the same."""
    from dataclasses import replace

    from storage.database import open_database
    from storage.dataset.schema import FIELD
    from storage.rows.region import import_region

    with there.reading() as connection:
        whole = load_region(connection, REGION)
    names = {name: table for name, table in FIELD.items() if table.name in FILES}
    bare = replace(whole, field=replace(whole.field, **dict.fromkeys(names, ())))
    other = open_database(make_url())
    other.run(head(), lambda work: import_region(work, bare, digest="0" * 64))

    for name in ("ticket_loans", "complaints", "roster_duties", "preventive_visits", *names):
        for value in getattr(whole.field, name):
            written(other, names[name], value, key=f"k-{abs(hash((name, value)))}")

    with other.reading() as connection:
        again = load_region(connection, REGION)
    # A survey answered or a loaner in place may have written to an open ticket; here both are about closed ones.
    assert again == whole
    write(again, tmp_path / "out")
    assert read(tmp_path / "out").region == whole
    other.close()
