"""Accounts, sessions, keys, links and the audit on both databases."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from api.app import make_app
from api.auth.first import invitation
from api.auth.policy import Policy
from kernel.errors import Refusal
from storage.check import untrue
from storage.database import Database
from storage.people.accounts import close_account
from storage.scope import Scope
from storage.tables.people import AccountRow, Role, SessionRow
from tests.api.http.conftest import AS_OF, StandingClock
from tests.people_builders import (
    PASSWORD,
    PASSWORDS,
    QUICK,
    bearer,
    code,
    company,
    enter,
    once,
    somebody,
)


def test_a_hundred_guesses_at_once_count_as_a_hundred(stored: Database) -> None:
    """A try is counted before it is looked at: no burst slips through between the look and the count."""
    hashed = PASSWORDS.hashed(PASSWORD, name="desk-1")
    somebody(stored, Role.MANAGER, now=AS_OF, name="desk-1", password_hash=hashed)
    app = make_app(stored, clock=StandingClock(), settings=QUICK)
    with TestClient(app) as client, ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda number: enter(client, "desk-1", f"wrong guess {number}"), range(24)))

    assert sum(one.status_code == 401 for one in answers) <= 10
    assert {one.status_code for one in answers} <= {401, 429, 503}


def test_the_first_start_makes_one_administrator_once(stored: Database, client: TestClient) -> None:
    """The secret works once, and never beside an account."""
    secret = invitation(stored, Policy(), now=AS_OF)
    body = {"secret": secret, "name": "Boss", "password": PASSWORD}

    wrong = client.post("/v1/first-account", json={**body, "secret": "guessed"})
    made = client.post("/v1/first-account", json=body)
    again = client.post("/v1/first-account", json={**body, "name": "second"})

    assert code(wrong) == "401 invitation.unknown"
    assert (made.status_code, made.json()["role"], made.json()["scope"]["everywhere"]) == (
        201,
        "administrator",
        True,
    )
    assert code(again) == "401 invitation.unknown"
    assert enter(client, "BOSS").status_code == 201
    assert invitation(stored, Policy(), now=AS_OF) is None


def test_an_invitation_ends(stored: Database, client: TestClient, clock: StandingClock) -> None:
    """A line in a log of last year opens nothing; a newer one ends the older."""
    first = invitation(stored, Policy(), now=AS_OF)
    second = invitation(stored, Policy(), now=AS_OF)
    body = {"name": "boss", "password": PASSWORD}

    replaced = client.post("/v1/first-account", json={**body, "secret": first})
    clock.moment = AS_OF + timedelta(hours=1)
    late = client.post("/v1/first-account", json={**body, "secret": second})

    assert (code(replaced), code(late)) == ("401 invitation.unknown", "401 invitation.unknown")


def test_an_account_from_its_first_day_to_its_last(
    stored: Database, client: TestClient, admin: dict[str, str]
) -> None:
    """Added, signed in, given another role, another password, closed; every change ends its sessions."""
    body = {"name": "desk-1", "role": "dispatcher", "scope": {"regions": ["R1"]}, "password": PASSWORD}
    user = client.post("/v1/users", json=body, headers=once(admin)).json()["id"]

    def me() -> int:
        return client.get("/v1/me").status_code

    enter(client, "desk-1")
    assert me() == 200
    client.put(
        f"/v1/users/{user}/role",
        json={"role": "storekeeper", "scope": {"regions": ["R1"], "depots": ["D1"]}},
        headers=once(admin),
    )
    assert me() == 401
    entered = enter(client, "desk-1")
    assert (entered.json()["role"], entered.json()["scope"]["depots"]) == ("storekeeper", ["D1"])
    client.put(
        f"/v1/users/{user}/password", json={"password": "eight green goats at dusk"}, headers=once(admin)
    )
    assert me() == 401
    assert enter(client, "desk-1").status_code == 401
    assert enter(client, "desk-1", "eight green goats at dusk").status_code == 201
    closed = client.post(f"/v1/users/{user}/close", headers=once(admin))
    assert closed.json()["closed_at"] is not None
    assert me() == 401
    assert enter(client, "desk-1", "eight green goats at dusk").status_code == 401
    assert untrue(stored) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"name": "desk 1"}, "user.malformed_name"),
        ({"name": ""}, "user.malformed_name"),
        ({"name": "TAKEN"}, "user.name_taken"),
        ({"password": "short"}, "password.too_short"),
        ({"password": "it is desk-1 again"}, "password.like_name"),
        ({"password": "aaaaaaaaaaaaaaaa"}, "password.unusable"),
        ({"password": ""}, "user.needs_password"),
        ({"role": "customer_link"}, "user.role_of_link"),
        ({"role": "engineer"}, "user.engineer_needs_one"),
        ({"role": "integration"}, "user.key_only"),
        ({"scope": {"everywhere": True, "regions": ["R1"]}}, "scope.everywhere_and_some"),
        ({"scope": {"regions": ["R1", "R2"], "depots": ["D1"]}}, "scope.needs_one_region"),
        ({"scope": {"regions": ["R1"], "engineer": "E1"}}, "user.engineer_of_other_role"),
    ],
)
def test_an_account_that_makes_no_sense_is_refused_by_code(
    stored: Database, client: TestClient, admin: dict[str, str], change: dict[str, Any], expected: str
) -> None:
    """And nothing of it is written."""
    somebody(stored, Role.MANAGER, now=AS_OF, name="taken")
    body = {
        "name": "desk-1",
        "role": "dispatcher",
        "scope": {"regions": ["R1"]},
        "password": PASSWORD,
        **change,
    }

    answer = client.post("/v1/users", json=body, headers=once(admin))

    assert code(answer).endswith(expected)
    with stored.reading() as connection:
        assert connection.execute(select(func.count()).select_from(AccountRow)).scalar() == 2


def test_two_administrators_do_not_close_each_other(stored: Database) -> None:
    """At the same moment: the second is the last one by then."""
    hashed = PASSWORDS.hashed(PASSWORD, name="n")
    first, second = (
        somebody(stored, Role.ADMINISTRATOR, now=AS_OF, name=name, password_hash=hashed).id
        for name in ("a-1", "b-1")
    )
    together = threading.Barrier(2)

    def close(user: str) -> str:
        together.wait(timeout=20)
        try:
            stored.run(company(now=AS_OF), lambda work: close_account(work, user))
        except Refusal as refusal:
            return refusal.code
        return "closed"

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(close, (first, second)))

    assert outcomes == ["closed", "user.last_administrator"]


def test_one_signs_out_here_elsewhere_and_everywhere(stored: Database, client: TestClient) -> None:
    """And cannot end the sessions of others."""
    hashed = PASSWORDS.hashed(PASSWORD, name="n")
    for name in ("desk-1", "desk-2"):
        somebody(stored, Role.MANAGER, now=AS_OF, name=name, password_hash=hashed)
    enter(client, "desk-2")
    others = client.get("/v1/sessions").json()["sessions"][0]["id"]
    client.cookies.clear()
    enter(client, "desk-1")
    first = client.cookies["fieldwright"]
    client.cookies.clear()
    enter(client, "desk-1")

    listed = client.get("/v1/sessions").json()["sessions"]
    elsewhere = next(one["id"] for one in listed if not one["this"])

    assert len(listed) == 2
    assert code(client.delete(f"/v1/sessions/{others}")) == "404 session.unknown"
    assert client.delete(f"/v1/sessions/{elsewhere}").status_code == 204
    assert client.get("/v1/me", headers={"Cookie": f"fieldwright={first}"}).status_code in {200, 401}
    assert len(client.get("/v1/sessions").json()["sessions"]) == 1
    assert client.delete("/v1/session").status_code == 204
    assert client.get("/v1/me").status_code == 401
    enter(client, "desk-1")
    assert client.delete("/v1/sessions").json() == {"ended": 1}
    assert client.get("/v1/me").status_code == 401
    with stored.reading() as connection:
        left = (
            connection.execute(select(SessionRow.c.id).where(SessionRow.c.closed_at.is_(None)))
            .scalars()
            .all()
        )
    assert left == [others]


def test_one_s_own_password_needs_the_old_one_and_ends_the_other_sessions(
    stored: Database, client: TestClient
) -> None:
    """Who finds a desk unlocked does not take the account with him."""
    hashed = PASSWORDS.hashed(PASSWORD, name="n")
    somebody(stored, Role.MANAGER, now=AS_OF, name="desk-1", password_hash=hashed)
    enter(client, "desk-1")
    elsewhere = client.cookies["fieldwright"]
    client.cookies.clear()
    enter(client, "desk-1")
    new = "eight green goats at dusk"

    refused = client.post("/v1/me/password", json={"old": "guessed at it", "new": new}, headers=once({}))
    done = client.post("/v1/me/password", json={"old": PASSWORD, "new": new}, headers=once({}))

    assert code(refused) == "401 session.refused"
    assert done.status_code == 204
    assert client.get("/v1/me").status_code == 200
    client.cookies.clear()
    client.cookies.set("fieldwright", elsewhere)
    assert client.get("/v1/me").status_code == 401


def test_keys_are_listed_without_secrets_and_taken_back(
    stored: Database, client: TestClient, admin: dict[str, str]
) -> None:
    """The secret is said once: asked again with the same Idempotency-Key it is not."""
    pump = somebody(stored, Role.INTEGRATION, now=AS_OF)
    body = {"user": pump.id, "name": "the pump", "ends_at": "2026-04-01T00:00:00Z"}
    headers = once(admin)
    given = client.post("/v1/keys", json=body, headers=headers).json()
    again = client.post("/v1/keys", json=body, headers=headers).json()
    program = {"Authorization": f"Bearer {given['secret']}"}

    before = client.get("/v1/tickets", headers=program).status_code
    listed = client.get("/v1/keys", headers=admin).text
    client.delete(f"/v1/keys/{given['id']}", headers=admin)

    assert (again["id"], again["secret"]) == (given["id"], "")
    assert before == 200
    assert given["secret"].partition(".")[2] not in listed
    assert code(client.get("/v1/tickets", headers=program)) == "401 key.unknown"


def test_a_command_that_comes_late_a_second_time_undoes_nothing(
    stored: Database, client: TestClient, admin: dict[str, str]
) -> None:
    """A role given, then another one; the first request again changes nothing, and with another word is refused."""
    user = somebody(stored, Role.DISPATCHER, now=AS_OF).id
    first, path = once(admin), f"/v1/users/{user}/role"

    def give(role: str, headers: dict[str, str]) -> Any:
        return client.put(path, json={"role": role, "scope": {"everywhere": True}}, headers=headers)

    give("manager", first)
    give("storekeeper", once(admin))
    late = give("manager", first)

    assert late.json()["role"] == "storekeeper"
    assert code(give("dispatcher", first)).endswith("database.key_reused")


def test_a_password_given_again_with_the_same_key_must_be_the_same(
    stored: Database, client: TestClient, admin: dict[str, str]
) -> None:
    """Who is answered "done" must not believe in a password that was never set."""
    headers = once(admin)
    body = {"name": "desk-1", "role": "dispatcher", "scope": {"everywhere": True}, "password": PASSWORD}
    client.post("/v1/users", json=body, headers=headers)

    same = client.post("/v1/users", json=body, headers=headers)
    other = client.post("/v1/users", json={**body, "password": "eight green goats at dusk"}, headers=headers)

    assert same.status_code == 201
    assert code(other).endswith("database.key_reused")


def test_users_and_keys_come_in_pages(stored: Database, client: TestClient, admin: dict[str, str]) -> None:
    """All of them, each once, by id."""
    for _ in range(5):
        bearer(stored, Role.DISPATCHER, now=AS_OF)

    for path, name in (("/v1/users", "users"), ("/v1/keys", "keys")):
        seen: list[str] = []
        after: str | None = ""
        while after is not None:
            page = client.get(path, params={"limit": 2, "after": after}, headers=admin).json()
            seen += [one["id"] for one in page[name]]
            after = page["next"]
        assert len(seen) == 6
        assert seen == sorted(set(seen))


def test_the_audit_is_read_by_actor_action_and_time(
    stored: Database, client: TestClient, admin: dict[str, str]
) -> None:
    """Newest first, page by page; every write's actor is who asked for it."""
    me = client.get("/v1/me", headers=admin).json()["user"]
    for number in range(3):
        body = {"name": f"pump-{number}", "role": "integration", "scope": {"everywhere": True}}
        client.post("/v1/users", json=body, headers=once(admin))

    def page(**query: str) -> Any:
        return client.get("/v1/company-audit", params=query, headers=admin).json()

    mine = page(actor=me)
    seen: list[tuple[int, int]] = []
    after: str | None = ""
    while after is not None:
        part = page(actor=me, limit="2", after=after)
        seen += [(one["lane"], one["number"]) for one in part["entries"]]
        after = part["next"]

    assert [one["action"] for one in mine["entries"]] == ["user.add"] * 3
    assert seen == [(one["lane"], one["number"]) for one in mine["entries"]]
    assert {one["device"].partition("-")[0] for one in mine["entries"]} == {"fwk"}
    assert page(actor=me, action="user")["entries"] == mine["entries"]
    assert page(actor=me, action="use")["entries"] == []
    assert page(actor=me, until=AS_OF.isoformat())["entries"] == []
    assert page(actor=me, since=AS_OF.isoformat())["entries"] == mine["entries"]


def test_a_link_ends_by_time_and_by_being_taken_back(
    stored: Database, client: TestClient, clock: StandingClock
) -> None:
    """Made by the desk for its own ticket; the same request again says no secret."""
    desk = bearer(stored, Role.DISPATCHER, Scope(regions=("R1",)), now=AS_OF)
    headers = once(desk)
    given = client.post("/v1/links/G1", json={}, headers=headers).json()
    again = client.post("/v1/links/G1", json={}, headers=headers).json()
    customer = {"Authorization": f"Bearer {given['secret']}"}

    read = client.get("/v1/customer/tickets/G1", headers=customer).json()
    unknown = client.post("/v1/links/NONE", json={}, headers=once(desk))
    clock.moment = AS_OF + timedelta(days=30)
    late = client.get("/v1/customer/tickets/G1", headers=customer)
    clock.moment = AS_OF
    ended = client.delete("/v1/links/G1", headers=desk).json()

    assert (read["stage"], again["secret"]) != ("", given["secret"])
    assert read["visits"] == ["2026-03-06T02:00:00Z"]
    assert code(unknown) == "404 board.unknown_ticket"
    assert code(late) == "401 link.unknown"
    assert ended == {"ended": 1}
    assert code(client.get("/v1/customer/tickets/G1", headers=customer)) == "401 link.unknown"
