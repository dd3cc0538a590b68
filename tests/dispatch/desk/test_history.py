"""The repair history grows from closed tickets: what was reopened counts as repaired when it held."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from dispatch.desk.history import ClosedTicket, PartUsed, as_closed
from dispatch.desk.knowledge import ARCHIVE, archived
from dispatch.desk.ticket import EventKind, TicketEvent
from dispatch.desk.triage import likely
from tests.desk_builders import FRIDAY_16, event, make_ticket

LATER = FRIDAY_16 + timedelta(days=1)
EVENTS = [
    event(EventKind.SEVERITY_CHANGED, 5, "P1"),
    event(EventKind.ON_SITE, 30),
    event(EventKind.REPAIRED, 60),
    event(EventKind.CLOSED, 70),
    event(EventKind.REOPENED, 80),
    replace(event(EventKind.ON_SITE, 90), by="E-2"),
    event(EventKind.REPAIRED, 100),
    event(EventKind.CLOSED, 110),
]


def kept(events: list[TicketEvent], *, minute: float = 1440, asset: str = "A-1") -> ClosedTicket | None:
    """What the history keeps of the ticket."""
    return as_closed(
        replace(make_ticket(), asset=asset, symptom="jam"),
        events,
        FRIDAY_16 + timedelta(minutes=minute),
        model="LP-7",
        cause="worn roller",
        solution="changed",
        parts=[PartUsed("P-1", 1)],
    )


def test_a_closed_ticket_enters_the_history_with_what_it_took() -> None:
    """First arrival, last repair, the severity it ended with, who solved it."""
    closed = kept(EVENTS)

    assert closed is not None
    assert (closed.arrived_at, closed.repaired_at) == (EVENTS[1].at, EVENTS[6].at)
    assert (closed.severity, closed.engineer, closed.symptom) == ("P1", "E-2", "jam")
    assert likely([closed], model="LP-7", symptom="jam").parts[0].what == "P-1"


def test_what_is_open_cancelled_or_about_no_equipment_is_not_in_it() -> None:
    """A repair that is not closed may still fail; a cancelled ticket teaches nothing."""
    assert kept(EVENTS, minute=65) is None
    assert kept(EVENTS, minute=75) is not None
    assert kept(EVENTS, minute=85) is None
    assert kept([event(EventKind.CANCELLED, 5)]) is None
    assert kept(EVENTS, asset="") is None


def test_a_repair_from_afar_has_no_arrival() -> None:
    """Triage counts it as solved without a visit."""
    closed = kept([event(EventKind.REPAIRED, 60), event(EventKind.CLOSED, 70)])

    assert closed is not None
    assert (closed.arrived_at, closed.engineer) == (None, "E-1")
    found = likely([closed], model="LP-7")
    assert found.remote is not None
    assert found.remote.n == 1


def test_the_archive_is_knowledge_for_inside() -> None:
    """What was written down before this program is searched too; nobody released it to customers."""
    closed = kept(EVENTS)
    assert closed is not None

    entry = archived(replace(closed, engineer=""))

    assert entry is not None
    assert (entry.cause, entry.model, entry.by, entry.public) == ("worn roller", "LP-7", ARCHIVE, False)
    assert archived(replace(closed, solution=" ")) is None
    assert closed.repaired_at < LATER
