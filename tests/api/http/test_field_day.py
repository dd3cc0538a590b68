"""A day that is shown live: the plan's engineers go, come and are done, and nobody says anything twice."""

from __future__ import annotations

from datetime import timedelta

from fastapi.testclient import TestClient

from api.usecases.field_day import reported
from api.usecases.in_force import Posed
from dispatch.desk.ticket import EventKind
from storage.audit import last_at
from storage.check import untrue
from storage.database import Database
from tests.api.http.conftest import AS_OF
from tests.api.http.test_by_hand import holds
from tests.api.http.test_tickets import keyed


def test_an_engineer_of_the_plan_goes_comes_and_is_done(client: TestClient, stored: Database) -> None:
    """Left alone, a day on show goes on as planned instead of being late."""
    client.post("/v1/visits/V2/move", json={"engineer": "E2"}, headers=keyed("one"))
    posed, until = Posed(), AS_OF + timedelta(hours=6)

    said = [
        event
        for minutes in range(30, 361, 30)
        for event in reported(
            stored,
            posed,
            "R1",
            since=AS_OF + timedelta(minutes=minutes - 30),
            until=AS_OF + timedelta(minutes=minutes),
        )
        if event.visit == "V2"
    ]
    again = reported(stored, posed, "R1", since=AS_OF, until=until)

    assert [(event.kind, event.by) for event in said] == [
        (EventKind.TRAVELLING, "E2"),
        (EventKind.ON_SITE, "E2"),
        (EventKind.REPAIRED, "E2"),
    ]
    assert [event for event in again if event.visit == "V2"] == []
    assert holds(stored)
    assert untrue(stored) == []
    with stored.reading() as connection:
        last = last_at(connection, "R1")
    assert last is not None
    assert last >= said[-1].at
