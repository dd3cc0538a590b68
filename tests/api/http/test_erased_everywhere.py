"""What is erased of a person is nowhere any more: in no table, no stored reply, no message that waits, no plan."""

from __future__ import annotations

from collections.abc import Callable

from fastapi.testclient import TestClient
from sqlalchemy import select

from api.usecases.plan_run import make_plan
from api.worker import Worker
from storage.check import untrue
from storage.database import Database
from storage.tables import whole
from storage.tables.command import KeyRow
from storage.tables.people import FailedSignInRow, Role
from tests.api.http.conftest import AS_OF, StandingClock
from tests.api.http.test_reading_routes import code_of
from tests.api.http.test_tickets import REPORT, keyed
from tests.people_builders import GUESS, enter, person

NUMBER = "+86 591 8765 4321"


def holding(stored: Database, words: str) -> list[str]:
    """The tables that hold these words anywhere."""
    with stored.reading() as connection:
        return [
            table.name
            for table in whole().sorted_tables
            if any(words in repr(row) for row in connection.execute(select(table)))
        ]


def test_a_contact_is_erased_from_what_waits_to_be_sent_too(
    client: TestClient, stored: Database, as_role: Callable[..., dict[str, str]]
) -> None:
    """A message that waits, or was given up, names a number as well as the report does; it is not sent to nobody."""
    administrator = as_role(Role.ADMINISTRATOR)
    asking = {name: value for name, value in REPORT.items() if name != "severity"}
    open_one = client.post("/v1/tickets", json={**REPORT, "contact": NUMBER}, headers=keyed("whole"))
    assert open_one.status_code == 201, open_one.text
    client.post("/v1/tickets", json={**asking, "contact": NUMBER}, headers=keyed("half"))
    message = {
        "kind": "ticket_received",
        "about": open_one.json().get("number", "T-1"),
        "channel": "sms",
        "to": NUMBER,
        "lang": "en",
        "values": {"ticket": "T-1"},
    }
    assert client.post("/v1/messages", json=message, headers=keyed("left")).status_code == 201
    assert "outbox" in holding(stored, NUMBER)
    found = client.post("/v1/people/contacts/R1/find", json={"contact": NUMBER}, headers=administrator)

    erased = client.post(
        "/v1/people/contacts/R1/erase",
        json={"contact": NUMBER},
        headers={**administrator, **keyed("erase")},
    )

    assert len(found.json()["outbox"]) == 1
    assert erased.json()["rows"]["outbox"] == 1
    assert holding(stored, NUMBER) == []
    assert [one["state"] for one in client.get("/v1/messages").json()["rows"]] == ["dropped"]
    assert not list(untrue(stored))


def test_an_engineer_s_home_is_erased_from_the_plans_too(
    client: TestClient, stored: Database, as_role: Callable[..., dict[str, str]]
) -> None:
    """Written over HTTP, planned from, published: after the erasure no table knows where he lives or why he was away."""
    administrator = as_role(Role.ADMINISTRATOR)
    seen = client.get("/v1/engineers/E2").headers["etag"]
    body = {**client.get("/v1/engineers/E2").json(), "home_lat": 26.0876543, "home_lon": 119.2345678}
    body.pop("engineer_id")
    put = client.put("/v1/engineers/E2", json=body, headers={**keyed("home"), "If-Match": seen})
    assert put.status_code == 200, put.text
    away = {
        "engineer_id": "E2",
        "starts_at": "2026-03-06T14:00:00+08:00",
        "ends_at": "2026-03-06T15:00:00+08:00",
        "reason": "dentist at noon",
    }
    absent = client.put("/v1/absences/B9", json=away, headers=keyed("away"))
    assert absent.status_code in {200, 201}, absent.text
    client.post("/v1/plans", json={"work": 20}, headers=keyed("plan"))
    Worker(stored, "w-1", solve=make_plan, clock=StandingClock()).once()

    erased = client.post("/v1/people/engineers/R1/E2/erase", headers={**administrator, **keyed("erase")})

    assert erased.status_code == 200, code_of(erased)
    assert holding(stored, "26.0876543") == []
    assert holding(stored, "dentist") == []


def test_where_an_engineer_lived_before_cannot_be_guessed_either(
    client: TestClient, stored: Database, as_role: Callable[..., dict[str, str]]
) -> None:
    """A digest of a place in town is the place: of every command that told it, not of the last alone."""
    office = as_role(Role.ADMINISTRATOR)
    for home in (26.0876543, 26.0976543):
        there = client.get("/v1/engineers/E2")
        body = {**there.json(), "home_lat": home, "home_lon": 119.2345678}
        body.pop("engineer_id")
        headers = keyed(f"home-{home}") | {"If-Match": there.headers["etag"]}
        client.put("/v1/engineers/E2", json=body, headers=headers).raise_for_status()

    erased = client.post("/v1/people/engineers/R1/E2/erase", headers=office | keyed("erase"))

    with stored.reading() as connection:
        told = select(KeyRow.c.digest).where(KeyRow.c.command == "register.engineers")
        kept = list(connection.execute(told).scalars())
    assert erased.status_code == 200, erased.text
    assert kept == ["", ""]


def test_why_an_engineer_was_away_cannot_be_guessed_either(
    client: TestClient, stored: Database, as_role: Callable[..., dict[str, str]]
) -> None:
    """Few words say why: each is tried against a digest, of an absence that was changed or taken back too."""
    away = {"starts_at": "2026-03-09T14:00:00+08:00", "ends_at": "2026-03-09T15:00:00+08:00"}
    noted = client.post("/v1/engineers/E2/absences", json=away | {"reason": "dentist"}, headers=keyed("a-1"))
    name = noted.json()["absence"]
    there = client.get(f"/v1/absences/{name}")
    changed = client.put(
        f"/v1/absences/{name}",
        json=away | {"engineer_id": "E2", "reason": "surgeon"},
        headers=keyed("a-2") | {"If-Match": there.headers["etag"]},
    )
    other = client.put(
        "/v1/absences/B-77", json=away | {"engineer_id": "E2", "reason": "x"}, headers=keyed("a-3")
    )
    gone = client.delete("/v1/absences/B-77", headers=keyed("a-4"))
    assert [one.status_code for one in (noted, changed, other, gone)] == [201, 200, 201, 200], other.text

    client.post(
        "/v1/people/engineers/R1/E2/erase", headers=as_role(Role.ADMINISTRATOR) | keyed("erase")
    ).raise_for_status()
    again = client.post("/v1/engineers/E2/absences", json=away | {"reason": "dentist"}, headers=keyed("a-1"))

    with stored.reading() as connection:
        told = KeyRow.c.command.in_(["crew.absence", "register.absences"])
        kept = list(connection.execute(select(KeyRow.c.digest).where(told)).scalars())
    assert set(kept) == {""}
    assert code_of(again) == "database.key_reused"


def test_what_somebody_signed_in_with_cannot_be_guessed_after_his_erasure(
    client: TestClient, stored: Database, as_role: Callable[..., dict[str, str]]
) -> None:
    """Tries are counted by the digest of the name: they go with it."""
    user = person(stored, now=AS_OF, name="desk-7")
    assert enter(client, "desk-7", GUESS).status_code == 401

    def tries() -> int:
        with stored.reading() as connection:
            return len(connection.execute(select(FailedSignInRow.c.seq)).all())

    before = tries()
    erased = client.post(f"/v1/people/users/{user}/erase", headers=as_role(Role.ADMINISTRATOR) | keyed("e"))

    assert erased.status_code == 200, erased.text
    assert (before, tries()) == (1, 0)
