"""Tickets of the desk and of the archive, seen alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from dispatch.desk.customer import Contract
from dispatch.desk.history import ClosedTicket
from dispatch.desk.knowledge import KnowledgeEntry
from dispatch.desk.milestone import Severity
from dispatch.desk.scheme_file import builtin_schemes
from dispatch.desk.ticket import EventKind, TicketEvent
from dispatch.measures.case import Case, cases
from tests.regions import AS_OF, at, region, ticket

FROM = date(2026, 1, 1)


def archived(name: str = "H-1", **changes: Any) -> ClosedTicket:
    """A fault of yesterday: reported at 08:00, somebody there at 09:00, repaired at 12:00."""
    plain = ClosedTicket(
        name, "A-1", "M1", Severity.P2, at(8, day=5), at(9, day=5), at(12, day=5), cause="worn"
    )
    return replace(plain, **changes)


def seen(now: Any = AS_OF, **field: Any) -> dict[str, Case]:
    """The region's cases by ticket."""
    return {case.ticket.id: case for case in cases(region(**field), builtin_schemes(), now=now)}


def test_an_archived_ticket_is_judged_by_the_contract_of_its_day() -> None:
    """The history keeps no contract: the one that held says what was promised."""
    found = seen(closed_tickets=(archived(),))["H-1"]

    assert found.archived
    assert found.scheme is not None
    assert found.scheme.id == "field-2-4-24"
    assert [event.kind for event in found.events] == [EventKind.ON_SITE, EventKind.REPAIRED]


def test_of_two_contracts_the_one_that_promises_a_visit_fits_a_visit() -> None:
    """One for the machines, one for advice at a distance; two for machines leave it open."""
    machines = Contract("C-1", "K-1", "field-2-4-24", "1", FROM)
    advice = Contract("C-2", "K-1", "software-support", "1", FROM)
    more = Contract("C-3", "K-1", "field-2-12", "1", FROM)
    remote = archived("H-2", arrived_at=None)

    told = seen(contracts=(machines, advice), closed_tickets=(archived(), remote))
    unclear = seen(contracts=(machines, more), closed_tickets=(archived(),))["H-1"]

    assert [told[name].ticket.scheme for name in ("H-1", "H-2")] == ["field-2-4-24", "software-support"]
    assert unclear.scheme is None


def test_what_is_not_yet_repaired_at_a_moment_is_open_then() -> None:
    """A backlog of last week must not know how it ended."""
    then = seen(now=at(10, day=5), closed_tickets=(archived(),))["H-1"]
    before = seen(now=at(7, day=5), closed_tickets=(archived(),))

    assert (then.restored_at, then.over_at, then.cause) == (None, None, "")
    assert [event.kind for event in then.events] == [EventKind.ON_SITE]
    assert "H-1" not in before


def test_a_reopened_ticket_is_not_restored_until_it_holds() -> None:
    """Closed, and open again: only the last repair counts."""
    events = (
        TicketEvent("T-1", at(8), EventKind.REPAIRED, "E-1"),
        TicketEvent("T-1", at(9), EventKind.CLOSED, "desk"),
        TicketEvent("T-1", at(10), EventKind.REOPENED, "desk", "stands still again"),
    )
    again = TicketEvent("T-1", at(12), EventKind.REPAIRED, "E-1")

    open_again = seen(now=at(11), ticket_events=events)["T-1"]
    held = seen(now=at(13), ticket_events=(*events, again))["T-1"]

    assert (open_again.restored_at, open_again.over_at) == (None, None)
    assert held.restored_at == again.at


def test_a_recorded_cause_goes_before_none_and_the_last_one_counts() -> None:
    """What was found out later is what it was."""
    entries = tuple(
        KnowledgeEntry("T-1", at(hour), "E-1", cause, "put right")
        for hour, cause in ((9, "dirt"), (10, "belt"))
    )

    assert seen(now=at(11), knowledge=entries)["T-1"].cause == "belt"
    assert seen(now=at(9), knowledge=entries)["T-1"].cause == "dirt"


def test_a_site_without_a_territory_belongs_to_the_nearest_depot() -> None:
    """Every ticket has one area, so that areas add up."""
    made = region()
    south = replace(made.field.sites[0], territory="south")

    assert seen()["T-1"].area == "D-1"
    assert seen(sites=(south, made.field.sites[1]))["T-1"].area == "south"


def test_what_happens_later_is_not_known() -> None:
    """A report made at nine knows nothing of ten o'clock."""
    later = TicketEvent("T-1", AS_OF + timedelta(hours=1), EventKind.RESPONDED, "desk")
    tomorrow = ticket("T-9", reported_at=AS_OF + timedelta(days=1))

    found = seen(tickets=(ticket("T-1"), tomorrow), ticket_events=(later,))

    assert found.keys() == {"T-1"}
    assert found["T-1"].events == ()
