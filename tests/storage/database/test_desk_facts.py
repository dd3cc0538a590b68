"""Facts written one by one are judged as a dataset is, on both databases, and touch their ticket in the same command."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from dispatch.board import Board
from dispatch.borrowed import Borrowing, borrowed_shifts
from dispatch.cost import cost
from dispatch.desk.approval import ApprovalEvent, ApprovalStep
from dispatch.desk.complaint import Complaint, ComplaintEvent, ComplaintStep
from dispatch.desk.knowledge import KnowledgeEntry
from dispatch.desk.loan import LoanEvent, LoanStep, TicketLoan
from dispatch.desk.practice import ApprovalKind, DeskRole
from dispatch.desk.survey import SurveyEvent, SurveyStep
from dispatch.desk.ticket import EventKind
from dispatch.desk.work_order import ChecklistAnswer
from dispatch.loaners import Loan, extended, lent
from dispatch.pose import problem_of
from dispatch.region import Region
from dispatch.solve import Budget, solve
from dispatch.verify import violations
from kernel.errors import Location, Refusal
from storage.database import Database
from storage.dataset import owed_tables, paper_tables
from storage.dataset.read import read
from storage.dataset.table import Table
from storage.dataset.write import write
from storage.desk.facts import FILES, record
from storage.desk.intake import answer, take
from storage.desk.tickets import Trip, request_visit, ticket_known
from storage.rows.facts import values_in
from storage.rows.region import load_region
from tests.dataset_builder import CREWED, crewed
from tests.storage.database.desk_worlds import NOW, REGION, desk, event, head, opened, report, told

Make = Callable[[], str]
LATER = NOW + timedelta(days=3)


@pytest.fixture
def there(make_url: Make, tmp_path: Path) -> Iterator[Database]:
    """The tiny region in a database."""
    database = desk(make_url, tmp_path)
    yield database
    database.close()


@pytest.fixture
def opens(make_url: Make, tmp_path: Path) -> Iterator[Callable[..., Database]]:
    """Opens the tiny region with changed files; closed when the test ends."""
    with ExitStack() as stack:
        yield lambda **changed: stack.enter_context(closing(desk(make_url, tmp_path, **changed)))


def at(minutes: int) -> datetime:
    """So many minutes after now."""
    return NOW + timedelta(minutes=minutes)


def written(database: Database, file: Table, value: Any, key: str = "") -> dict[str, Any]:
    """Write one fact down, days later."""
    return database.run(head(key, now=LATER), lambda work: record(work, file, value))


def stored(database: Database) -> Region:
    """The region as it is now."""
    with database.reading() as connection:
        return load_region(connection, REGION)


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
        said = ApprovalEvent("AP7", "G1", at(2), f"M-{number}", step, role=DeskRole.MANAGER, reason="seen")
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
    for scheme, version, code in (
        ("nobodys", "1", "scheme.unknown"),
        ("value-added", "9", "scheme.unknown_version"),
    ):
        other = replace(made, id="Q8", scheme=scheme, version=version)
        with pytest.raises(Refusal) as caught:
            written(there, owed_tables.COMPLAINTS, other)
        assert caught.value.code == code
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
    """What a folder says and what commands write is judged alike: taken out and written again, the region is the same.

    Beside them stands what follows from them: the pool's own loan, and the shifts of who is borrowed.
    """
    from storage.database import open_database
    from storage.dataset.schema import FIELD
    from storage.rows.region import import_region

    with there.reading() as connection:
        whole = load_region(connection, REGION)
    names = {name: table for name, table in FIELD.items() if table.name in FILES}
    bare = replace(whole, field=replace(whole.field, **dict.fromkeys(names, ())))
    with closing(open_database(make_url())) as other:
        other.run(head(), lambda work: import_region(work, bare, digest="0" * 64))

        for name in ("ticket_loans", "complaints", "roster_duties", "preventive_visits", *names):
            for value in getattr(whole.field, name):
                written(other, names[name], value, key=f"k-{abs(hash((name, value)))}")

        again = stored(other)

    out, longer = whole.field.loan_events[1:]
    assert out.due_back_at is not None
    assert longer.due_back_at is not None
    stock = lent(whole.stock, Loan("B1", "N2", "G1", out.at, out.due_back_at))
    stock = extended(stock, "B1", due_back_at=longer.due_back_at)
    (office,) = [one for one in whole.field.calendars if one.id == "office"]
    shifts = [
        shift
        for agreed in whole.field.borrowings
        for shift in borrowed_shifts(agreed, office, zone_name=whole.settings.zone)
    ]
    assert len(shifts) == 2  # on Mondays, as the office is open
    # A survey answered or a loaner in place may have written to an open ticket; here both are about closed ones.
    expected = replace(whole, field=replace(whole.field, shifts=(*whole.field.shifts, *shifts)), stock=stock)
    assert again == expected
    write(again, tmp_path / "out")
    assert read(tmp_path / "out").region == expected


def test_a_unit_that_leaves_is_out_of_the_pool_and_the_next_plan_fetches_it(
    opens: Callable[..., Database], tmp_path: Path
) -> None:
    """Nobody enters the same loan twice, and no machine of ours is forgotten at a customer's."""
    database = opens()
    ticket = opened(database)["ticket"]
    told(database, event(ticket, EventKind.ACKNOWLEDGED))
    database.run(head("trip"), lambda work: request_visit(work, ticket, Trip(60)))
    written(database, owed_tables.TICKET_LOANS, TicketLoan("LN1", ticket, "N1", at(5), "desk-1"))

    out = LoanEvent("LN1", at(10), LoanStep.OUT, "store-1", due_back_at=at(5000))
    first = written(database, owed_tables.LOAN_EVENTS, out, key="out")
    again = written(database, owed_tables.LOAN_EVENTS, out, key="again")

    assert (first["pool"], again["pool"]) == ("out", "")
    region = stored(database)
    (loan,) = [one for one in region.stock.loans if one.id == "LN1"]
    assert (loan.unit, loan.ticket_ref, loan.out_at, loan.back_at) == ("N1", ticket, at(10), None)
    problem = problem_of(Board.of(region, now=at(20)))
    assert [visit.fetches for visit in problem.visits if visit.id == f"{ticket}/1"] == [("N1",)]
    plan = solve(problem, Budget(seed=1, work=200))
    assert violations(problem, plan) == ()
    assert plan.claimed == cost(problem, plan)
    write(region, tmp_path / "out")
    assert read(tmp_path / "out").region == region
    assert "LN1,N1" in (tmp_path / "out" / "loans.csv").read_text(encoding="utf-8")

    longer = LoanEvent("LN1", at(60), LoanStep.EXTENDED, "desk-1", "part is late", due_back_at=at(9000))
    written(database, owed_tables.LOAN_EVENTS, longer)
    written(database, owed_tables.LOAN_EVENTS, LoanEvent("LN1", at(100), LoanStep.BACK, "E1"))

    region = stored(database)
    (loan,) = [one for one in region.stock.loans if one.id == "LN1"]
    assert (loan.due_back_at, loan.back_at) == (at(9000), at(100))
    problem = problem_of(Board.of(region, now=at(110)))
    assert all(visit.fetches == () for visit in problem.visits)


def test_a_unit_somebody_has_does_not_leave_again(opens: Callable[..., Database]) -> None:
    """The pool knows it is out: the desk's word is refused before a line of it is written."""
    loans = CREWED["loans.csv"] + "Z2,N1,G0,2026-03-05T08:00Z,2026-03-12T08:00Z,\n"
    database = opens(loans=loans)
    ticket = opened(database)["ticket"]
    written(database, owed_tables.TICKET_LOANS, TicketLoan("LN1", ticket, "N1", at(5), "desk-1"))
    before = stored(database)
    out = LoanEvent("LN1", at(10), LoanStep.OUT, "store-1", due_back_at=at(5000))

    with pytest.raises(Refusal, match=r"stock\.lent_twice"):
        written(database, owed_tables.LOAN_EVENTS, out)
    with pytest.raises(Refusal, match=r"desk\.unknown_reference"):
        written(database, owed_tables.TICKET_LOANS, TicketLoan("LN2", ticket, "N9", at(5), "desk-1"))

    assert stored(database) == before


def test_one_unit_is_kept_for_one_ticket(there: Database, tmp_path: Path) -> None:
    """The second customer would be promised a machine that stands with the first; a folder that says so is refused too."""
    ticket = opened(there)["ticket"]
    written(there, owed_tables.TICKET_LOANS, TicketLoan("LN1", ticket, "N1", at(5), "desk-1"))

    with pytest.raises(Refusal) as caught:
        written(there, owed_tables.TICKET_LOANS, TicketLoan("LN2", "G1", "N1", at(6), "desk-1"))

    assert caught.value.code == "loan.unit_held_twice"
    twice = CREWED["ticket_loans.csv"] + "B2,G2,N2,2026-03-06T07:25+08:00,desk-1\n"
    (refused,) = read(crewed(tmp_path / "twice", ticket_loans=twice)).refusals
    assert (refused.code, refused.at) == (
        "loan.unit_held_twice",
        Location("ticket_loans.csv", 3, "unit_id"),
    )


def test_who_is_borrowed_works_the_hours_agreed_and_no_others_at_once(
    there: Database, tmp_path: Path
) -> None:
    """What is agreed is what the next plan reads; the same man on the same morning twice is refused."""
    agreed = Borrowing(
        "J7", "E2", "Line 3", date(2026, 3, 30), date(2026, 4, 3), "office", at(1), "desk-1", "ill"
    )
    before = len(stored(there).field.shifts)

    written(there, owed_tables.BORROWINGS, agreed)

    assert len(stored(there).field.shifts) == before + 1  # the one Monday in it
    again = replace(agreed, id="J8", department="Line 4", last_on=date(2026, 3, 30))
    with pytest.raises(Refusal, match=r"borrowed\.works_already"):
        written(there, owed_tables.BORROWINGS, again)
    twice = (
        CREWED["borrowings.csv"]
        + "J3,E2,Line 4,2026-03-16,2026-03-18,office,2026-03-05T08:00+08:00,d-1,ill,\n"
    )
    (refused,) = read(crewed(tmp_path / "twice", borrowings=twice)).refusals
    assert (refused.code, refused.at) == (
        "borrowed.works_already",
        Location("borrowings.csv", 4, "engineer_id"),
    )
    duty = CREWED["on_call.csv"] + "O2,E2,2026-03-16T06:00+08:00,2026-03-16T20:00+08:00,150\n"
    (refused,) = read(crewed(tmp_path / "on call", on_call=duty)).refusals
    assert (refused.code, refused.at) == (
        "borrowed.works_already",
        Location("borrowings.csv", 2, "engineer_id"),
    )


def test_an_answer_is_to_an_item_of_the_checklist(there: Database, tmp_path: Path) -> None:
    """What nobody asked for is no proof that the work was done; a folder is judged alike."""
    ticket = opened(there)["ticket"]

    for item, value, code in (
        ("bench_hours", "3", "work_order.unknown_item"),
        ("made_safe", "perhaps", "work_order.not_yes_or_no"),
    ):
        said = ChecklistAnswer(ticket, at(5), "E1", item, value)
        with pytest.raises(Refusal) as caught:
            written(there, paper_tables.CHECKLIST_ANSWERS, said)
        assert caught.value.code == code

    written(there, paper_tables.CHECKLIST_ANSWERS, ChecklistAnswer(ticket, at(5), "E1", "made_safe", "yes"))
    odd = CREWED["checklist_answers.csv"] + "G1,2026-03-06T07:31+08:00,E1,bench_hours,3\n"
    (refused,) = read(crewed(tmp_path / "odd", checklist_answers=odd)).refusals
    assert (refused.code, refused.at) == (
        "work_order.unknown_item",
        Location("checklist_answers.csv", 3, "item"),
    )
