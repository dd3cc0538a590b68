"""Who did it is said by name: an id that is drawn names nobody to who reads it."""

from __future__ import annotations

from fastapi.testclient import TestClient

from storage.database import Database
from storage.people.accounts import account_of
from storage.people.personal import erase_user
from storage.tables.people import Role
from tests.api.http.conftest import AS_OF
from tests.api.http.test_tickets import keyed
from tests.people_builders import bearer, company


def test_what_somebody_did_carries_the_name_beside_the_id(client: TestClient, stored: Database) -> None:
    """A ticket's history, requests, the ledger, the audit; who was erased has no name any more."""
    mine = bearer(stored, Role.DISPATCHER, now=AS_OF)
    request = {
        "approval": "AP-1",
        "ticket": "G1",
        "kind": "purchase",
        "price_cents": 150_000,
        "reason": "no board",
    }
    asked = client.post("/v1/approvals", json=request, headers=mine | keyed("ask"))
    event = client.post("/v1/tickets/G2/events", json={"kind": "acknowledged"}, headers=mine | keyed("event"))
    assert (asked.status_code, event.status_code) == (201, 201), (asked.text, event.text)
    user = client.get("/v1/me", headers=mine).json()["user"]
    with stored.reading() as connection:
        called = account_of(connection, user).name

    def names() -> set[tuple[str, str]]:
        events = client.get("/v1/tickets/G2/events").json()["events"]
        shown = client.get("/v1/tickets/G2").json()["events"]
        approvals = client.get("/v1/approvals").json()["rows"]
        audit = client.get("/v1/audit").json()["entries"]
        return {
            *((one["by"], one["by_name"]) for one in (*events, *shown) if one["by"] == user),
            *((one["asked_by"], one["asked_by_name"]) for one in approvals if one["asked_by"] == user),
            *((one["actor"], one["actor_name"]) for one in audit if one["actor"] == user),
        }

    assert names() == {(user, called)}
    assert "by_name" in client.get("/v1/moves").json()["rows"][0]
    assert called in client.get("/v1/audit?format=csv").text
    stored.run(company(now=AS_OF), lambda work: erase_user(work, user))
    assert names() == {(user, "")}
