"""A report while it is told: found by what the caller has, looked at as often as one types, and nothing of it kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient

from dispatch.desk.intake import qr_payload
from kernel.clock import moment
from storage.database import Database
from storage.rows.region import load_region
from storage.scope import Scope
from storage.tables.people import Role
from tests.api.http.test_reading_routes import code_of
from tests.api.http.test_tickets import REPORT, keyed, opened

FAULT = {"asset": "A1", "kind": "fault", "contract": "K1", "severity": "P1"}


def found(client: TestClient, text: str, **more: Any) -> list[tuple[str, str]]:
    """What is found, and by what."""
    answer = client.get("/v1/intake/equipment", params={"text": text}, **more)
    assert answer.status_code == 200, answer.text
    return [(one["asset"], one["by"]) for one in answer.json()["found"]]


def test_equipment_is_found_by_what_the_caller_has_at_hand(client: TestClient) -> None:
    """A code on the machine, its number, the place's name: whoever calls has one of them."""
    first = client.get("/v1/assets").json()["rows"][0]
    site = next(one for one in client.get("/v1/sites").json()["rows"] if one["site_id"] == first["site_id"])

    assert found(client, qr_payload("A1")) == [("A1", "scan")]
    assert ("A1", "asset") in found(client, "a1")
    assert (first["asset_id"], "serial") in found(client, first["serial"].lower())
    assert (first["asset_id"], "site") in found(client, site["name"][:5].upper())
    assert found(client, "") == []
    assert found(client, "nothing is called this") == []


def test_a_telephone_finds_where_somebody_reported_from(client: TestClient) -> None:
    """Who calls again is known by his number, however it was set apart."""
    client.post("/v1/tickets", json=REPORT | {"contact": "gate 3, 0591-555 0199"}, headers=keyed("one"))

    assert ("A1", "contact") in found(client, "(0591) 5550199")
    assert found(client, "0591 777 0000") == []


def test_signs_of_the_search_are_taken_as_they_stand(client: TestClient) -> None:
    """A per cent sign is no wish to see everything."""
    assert found(client, "%") == found(client, "_") == found(client, "\\") == []


def test_others_customers_are_not_found(client: TestClient, as_role: Callable[..., dict[str, str]]) -> None:
    """A scope is a condition of the query, and of what a report may mean."""
    other = as_role(Role.MANAGER, Scope(regions=("R1",), customers=("C9",)))

    told = client.post("/v1/intake", json=FAULT, headers=other)

    assert found(client, "A1", headers=other) == []
    assert (told.json().get("asset"), told.json().get("clocks")) == ("", [])


def test_what_is_told_gives_promise_price_and_what_is_missing(client: TestClient) -> None:
    """Everything the caller wants to hear while he is still on the phone."""
    body = client.post("/v1/intake", json=FAULT).json()

    assert {one["asked"] for one in body["questions"]} == {"text", "contact"}
    assert (body["asset"], body["customer"], body["contract"], body["severity"]) == ("A1", "C1", "K1", "P1")
    assert body["verdict"]["verdict"] in {"covered", "chargeable", "unknown", "suspended"}
    assert body["verdict"]["reason"]
    assert any(one["due_at"] for one in body["clocks"])
    assert [one["ticket"] for one in body["duplicates"]] == ["G1"]


def test_what_is_looked_at_is_what_is_opened(client: TestClient) -> None:
    """The promise named on the phone is the promise of the ticket."""
    looked = client.post("/v1/intake", json=FAULT).json()

    number = opened(client)

    def due(body: dict[str, Any]) -> dict[str, str | None]:
        return {one["milestone"]: one["due_at"] for one in body["clocks"]}

    assert due(client.get(f"/v1/tickets/{number}").json()) == due(looked)


def test_looking_keeps_nothing(client: TestClient, stored: Database) -> None:
    """One looks at every key pressed."""
    with stored.reading() as connection:
        before = load_region(connection, "R1")

    client.post("/v1/intake", json=FAULT)
    client.post("/v1/intake/times", json=FAULT | {"trip": {"minutes": 60}})

    with stored.reading() as connection:
        assert load_region(connection, "R1") == before


def test_an_empty_report_asks_for_everything(client: TestClient) -> None:
    """The form starts empty."""
    body = client.post("/v1/intake", json={}).json()

    assert {"asset", "site", "kind", "text", "contact"} <= {one["asked"] for one in body["questions"]}
    assert (body["verdict"], body["clocks"], body["minutes"]) == (None, [], 0)


def test_what_contradicts_itself_is_refused(client: TestClient) -> None:
    """Two pieces of equipment are not one."""
    answer = client.post("/v1/intake", json={"asset": "A1", "site": "S9"})

    assert code_of(answer) == "intake.asset_elsewhere"


def test_times_lie_ahead_and_are_sorted(client: TestClient) -> None:
    """What is offered on the phone can be kept."""
    answer = client.post("/v1/intake/times", json=FAULT | {"trip": {"minutes": 30}})

    body = answer.json()
    starts = [moment(one["starts_at"]) for one in body["times"]]
    assert answer.status_code == 200, answer.text
    assert starts
    assert starts == sorted(starts)
    assert all(one >= moment(body["at"]) for one in starts)


@pytest.mark.parametrize("missing", ["kind", "asset"])
def test_times_of_what_is_no_ticket_yet_say_what_to_ask(client: TestClient, missing: str) -> None:
    """No time is offered for something nobody knows where it is."""
    said = {name: value for name, value in FAULT.items() if name != missing}

    body = client.post("/v1/intake/times", json=said | {"trip": {"minutes": 30}}).json()

    assert body["times"] == []
    assert missing in body["missing"]


def test_the_time_offered_is_the_visit_s_appointment(client: TestClient) -> None:
    """What was said on the phone is what the plan has to keep."""
    span = {"start": "2026-03-06T06:00:00Z", "end": "2026-03-06T08:00:00Z"}

    taken = client.post(
        "/v1/tickets", json=REPORT | {"trip": {"minutes": 30, "windows": [span]}}, headers=keyed("one")
    )

    assert taken.status_code == 201, taken.text
    ((start, end),) = client.get(f"/v1/visits/{taken.json()['visit']}").json()["windows"]
    assert (moment(start), moment(end)) == (moment(span["start"]), moment(span["end"]))
