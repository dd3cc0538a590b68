"""Who did it is said by name: an id that is drawn names nobody to who reads it."""

from __future__ import annotations

from fastapi.testclient import TestClient
from sqlalchemy import update

from api.wire.bounds import Out
from storage.database import Database
from storage.people.accounts import account_of
from storage.people.personal import erase_user
from storage.tables.people import AccountRow, Role
from tests.api.http.conftest import AS_OF
from tests.api.http.test_tickets import PNG, keyed
from tests.people_builders import bearer, company, somebody


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
    called = "Desk, east"
    shown = update(AccountRow).where(AccountRow.c.id == user).values(shown_name=called)
    stored.run(company(now=AS_OF), lambda work: work.connection.execute(shown))

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


def test_what_somebody_signs_in_with_is_not_shown_to_everybody(client: TestClient, stored: Database) -> None:
    """It is half of his way in: who reads accounts sees it, and he himself; others the name people call him by, or his role."""
    desk = somebody(stored, Role.DISPATCHER, now=AS_OF, name="desk-7")
    office = bearer(stored, Role.ADMINISTRATOR, now=AS_OF)
    store = bearer(stored, Role.STOREKEEPER, now=AS_OF)

    def called(headers: dict[str, str]) -> str:
        return str(client.get(f"/v1/names?ids={desk.id}", headers=headers).json()["names"][desk.id])

    assert called(office) == "desk-7"
    assert called(store) == "dispatcher"
    assert called(store | {"Accept-Language": "zh"}) == "调度员"


def test_names_stand_beside_the_ids_of_every_list_that_has_them(client: TestClient, stored: Database) -> None:
    """Nobody reads who it was off a drawn id; a reservation, a complaint, an order, a file say it in words."""
    mine = bearer(stored, Role.MANAGER, now=AS_OF)
    user = client.get("/v1/me", headers=mine).json()["user"]
    with stored.reading() as connection:
        called = account_of(connection, user).name
    complaint = {"complaint": "B-1", "customer": "C1", "ticket": "G1", "text": "late"}
    wrote = client.post("/v1/complaints", json=complaint, headers=mine | keyed("b"))
    learnt = {"ticket": "G1", "cause": "cable", "solution": "a new cable"}
    knew = client.post("/v1/knowledge", json=learnt, headers=mine | keyed("k"))
    sent = client.post(
        "/v1/tickets/G1/attachments?name=hall.png",
        content=PNG,
        headers=mine | keyed("f", **{"Content-Type": "image/png"}),
    )
    assert [one.status_code for one in (wrote, knew, sent)] == [201] * 3, (wrote.text, knew.text, sent.text)

    (complained,) = client.get("/v1/complaints", headers=mine).json()["rows"]
    (found,) = client.get("/v1/knowledge?q=cable", headers=mine).json()["entries"]
    (file,) = client.get("/v1/tickets/G1", headers=mine).json()["attachments"]

    assert {(one["by"], one["by_name"]) for one in (complained, found, file)} == {(user, called)}
    assert called in client.get("/v1/complaints?format=csv", headers=mine).text


def test_every_answer_that_names_an_account_has_its_name_beside_it() -> None:
    """A new field `…_by` fails here until its name stands beside it, or it is known to be no account's."""
    outs = [one for one in Out.__subclasses__() if one.__module__.startswith("api.schemas")]
    missing = {
        f"{one.__name__}.{field}"
        for one in [*outs, *(more for each in outs for more in each.__subclasses__())]
        for field in one.model_fields
        if (field == "by" or field.endswith("_by")) and f"{field}_name" not in one.model_fields
    }

    # What of it was like the words; by which way a unit comes.
    assert missing == {"FoundOut.by", "BoardLoanerOut.by", "LoanerOut.by"}
