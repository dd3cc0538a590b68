"""The same stories through a database: what the rules take it takes, what they refuse it refuses, word for word."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from dispatch.desk.charge import ChargeEvent
from dispatch.desk.clock import clocks
from dispatch.desk.complaint import Complaint, ComplaintEvent
from dispatch.desk.customer import Customer, Site
from dispatch.desk.escalation import Escalated
from dispatch.desk.intake import Channel, Report
from dispatch.desk.knowledge import KnowledgeEntry
from dispatch.desk.loan import LoanEvent, TicketLoan
from dispatch.desk.scheme_file import builtin_schemes
from dispatch.desk.survey import SurveyEvent
from dispatch.desk.ticket import TicketEvent
from dispatch.measures import measures
from dispatch.measures.period import period
from dispatch.parts import Stockroom
from dispatch.region import Fieldwork, Region, Settings
from inventory.catalogue.loaner import LoanerClass, LoanerUnit
from inventory.catalogue.part import Part, PartKind
from inventory.catalogue.place import Place, PlaceKind
from kernel.clock import zone
from kernel.envelope import Envelope
from kernel.errors import Refusal
from kernel.place import LatLon
from storage.database import Database, open_database
from storage.desk.facts import FILES, record
from storage.desk.intake import DRAFT, take
from storage.desk.tickets import happened
from storage.rows.region import import_region, load_region
from storage.unit_of_work import UnitOfWork
from tests.golden.desk_story import CUSTOMER, REFUSED, Story
from tests.golden.test_desk_stories import SCRIPTS, ids

REGION = "stories"
SPOT = LatLon(26.08, 119.30)
FILE_OF: dict[type, str] = {
    TicketLoan: "ticket_loans",
    LoanEvent: "loan_events",
    ChargeEvent: "charge_events",
    SurveyEvent: "survey_events",
    Complaint: "complaints",
    ComplaintEvent: "complaint_events",
    KnowledgeEntry: "knowledge",
    Escalated: "escalations",
}


def world(story: Story) -> Region:
    """The customer with his equipment, the loaners and the parts the script names."""
    words = [word for row in story.script["steps"] for word in " ".join(row).split()]
    parts = sorted({word for word in words if word.startswith("P-")})
    units = sorted({word for word in words if word.startswith("LU-")})
    field = Fieldwork(
        customers=(Customer(CUSTOMER, "Customer"),),
        contracts=(story.contract,),
        sites=(Site("S-1", CUSTOMER, SPOT, remote=story.ticket.remote),),
        assets=(story.asset,),
    )
    stock = Stockroom(
        parts=tuple(Part(name, name, PartKind.CONSUMABLE, Decimal(1), 1) for name in parts),
        places=(Place("D-1", PlaceKind.DEPOT, "Depot", SPOT),),
        loaner_classes=(LoanerClass(story.asset.loaner_class, "Loaner", (), Decimal(10)),),
        loaner_units=tuple(LoanerUnit(name, story.asset.loaner_class, "D-1") for name in units),
    )
    as_of = story.ticket.reported_at - timedelta(hours=1)
    return Region(Settings(REGION, "Stories", as_of, story.scheme.zone, "CNY", 3), field, stock)


class Desk:
    """A database, and somebody who writes down one fact after the other."""

    def __init__(self, database: Database) -> None:
        """Open the desk."""
        self.database = database
        self.numbers = count(1)

    def run(self, at: datetime, command: Callable[[UnitOfWork], Any]) -> Any:
        """Run a command at a moment."""
        key = f"story-{next(self.numbers)}"
        return self.database.run(Envelope("desk", "terminal", at, key, REGION), command)

    def write(self, at: datetime, fact: Any) -> None:
        """Write one fact down through its door."""
        if isinstance(fact, TicketEvent):
            self.run(at, lambda work: happened(work, fact))
        else:
            self.run(at, lambda work: record(work, FILES[FILE_OF[type(fact)]], fact))

    def open(self, story: Story) -> str:
        """Take the report the script begins with; give its number."""
        said = story.ticket
        report = Report(
            DRAFT,
            said.reported_at,
            Channel.PHONE,
            "desk",
            asset=said.asset,
            kind=said.kind,
            severity=story.script["severity"],
            text=said.text,
            contact="reception",
        )
        reply = self.run(said.reported_at, lambda work: take(work, report))
        assert reply["opened"], reply
        return str(reply["ticket"])


@pytest.fixture
def desk(url: str) -> Any:
    """A desk with an empty database, on SQLite and on PostgreSQL."""
    database = open_database(url)
    yield Desk(database)
    database.close()


@pytest.mark.slow  # eleven lives on two databases
@pytest.mark.parametrize("script", SCRIPTS, ids=ids)
def test_a_story_told_to_a_database_is_the_story(script: Path, desk: Desk) -> None:
    """Number at once, every step in its own transaction, refusals by the same code; what is read back is what was said."""
    first = Story.read(script)
    desk.run(
        first.ticket.reported_at - timedelta(hours=1),
        lambda work: import_region(work, world(first), digest="0" * 64),
    )
    story = Story.read(script, number=desk.open(first))
    refused = 0

    for when, what, *rest in story.script["steps"]:
        code = ""
        try:
            story.take(when, what.removeprefix(REFUSED), *rest)
        except Refusal as refusal:
            code = refusal.code
        for fact in story.said:
            if not code:
                desk.write(story.at(when), fact)
                continue
            with pytest.raises(Refusal) as caught:
                desk.write(story.at(when), fact)
            assert caught.value.code == code
            refused += 1

    end = story.at(story.script["steps"][-1][0])
    with desk.database.reading() as connection:
        field = load_region(connection, REGION).field
    (ticket,) = field.tickets
    assert replace(ticket, id="T-1") == first.ticket
    assert list(field.ticket_events) == story.events
    for stored, told in (
        (field.ticket_loans, story.loans),
        (field.loan_events, story.loan_events),
        (field.charge_events, story.charged),
        (field.survey_events, story.asked),
        (field.complaints, story.complaints),
        (field.complaint_events, story.complained),
        (field.knowledge, story.known),
        (field.escalated, story.told_up),
    ):
        assert list(stored) == told
    assert clocks(ticket, field.ticket_events, story.scheme, {}, end) == clocks(
        story.ticket, story.events, story.scheme, {}, end
    )
    # Some refusals come before there is a fact to write: a time nobody may set, a word that is none.
    assert refused <= sum(row[1].startswith(REFUSED) for row in story.script["steps"])


@pytest.mark.parametrize("script", SCRIPTS, ids=ids)
def test_a_story_can_be_measured(script: Path) -> None:
    """One ticket, one score, one complaint: a report counts each of them once and leaves none out."""
    story = Story.read(script)
    for when, what, *rest in story.script["steps"]:
        if not what.startswith(REFUSED):
            story.take(when, what, *rest)
    made = world(story)
    told = replace(
        made,
        field=replace(
            made.field,
            tickets=(story.ticket,),
            ticket_events=tuple(story.events),
            survey_events=tuple(story.asked),
            complaints=tuple(story.complaints),
            complaint_events=tuple(story.complained),
            knowledge=tuple(story.known),
        ),
    )
    end = story.at(story.script["steps"][-1][0]) + timedelta(days=30)
    days = period(
        f"{story.ticket.reported_at:%Y-%m-%d}..{end:%Y-%m-%d}", now=end, zone=zone(story.scheme.zone)
    )

    found = measures(told, builtin_schemes(), days)

    assert (found.reported, found.without_scheme) == (1, 0)
    assert {row.milestone for row in found.attainment} == set(story.scheme.milestones)
    assert found.restore[0].split == 1
    assert abs(sum(found.restore[0].mean_by_phase.values()) - found.restore[0].mean_s) < 1
    assert found.satisfied[0].found.n == 1
    assert [row.total for row in found.complaints] == [1, 1]
