"""Keys, links and sessions of others, ended ones, made-up ones: what they open."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from api.auth.given import give_key
from kernel.errors import Refusal
from storage.check import untrue
from storage.database import Database
from storage.people.accounts import close_account, set_role
from storage.people.credentials import close_key
from storage.scope import Scope
from storage.tables.command import AuditRow, KeyRow
from storage.tables.outbox import OutboxRow
from storage.tables.people import AccountRow, ApiKeyRow, Role, SessionRow
from tests.api.auth.conftest import linked
from tests.api.http.conftest import AS_OF, StandingClock
from tests.people_builders import (
    EVERYWHERE,
    GUESS,
    PASSWORD,
    bearer,
    code,
    company,
    enter,
    person,
    somebody,
)


def test_a_key_of_another_scope_opens_nothing_here(house: Database, stranger: TestClient) -> None:
    """The scope is the key's, whatever the request names."""
    headers = bearer(house, Role.MANAGER, Scope(regions=("R7",)), now=AS_OF)

    assert code(stranger.get("/v1/tickets", headers=headers)) == "404 region.unknown"
    assert code(stranger.get("/v1/tickets?region=R1", headers=headers)) == "404 region.unknown"


def test_a_key_does_no_more_than_its_account_when_that_is_narrowed(
    house: Database, stranger: TestClient
) -> None:
    """Asked at every use, not only when it was given."""
    account = somebody(house, Role.MANAGER, now=AS_OF)
    given = give_key(
        house, company(now=AS_OF), user=account.id, name="k", scope=None, ends_at=AS_OF + timedelta(1)
    )
    headers = {"Authorization": f"Bearer {given.secret}"}
    before = stranger.get("/v1/me", headers=headers).status_code

    house.run(
        company(now=AS_OF), lambda work: set_role(work, account.id, Role.DISPATCHER, Scope(regions=("R1",)))
    )

    assert before == 200
    assert code(stranger.get("/v1/me", headers=headers)) == "401 key.unknown"


def test_nobody_is_given_a_key_that_does_more_than_its_account(house: Database) -> None:
    """A key for everywhere would be the way out of a region."""
    account = somebody(house, Role.MANAGER, Scope(regions=("R1",)), now=AS_OF)

    with pytest.raises(Refusal) as caught:
        give_key(
            house,
            company(now=AS_OF),
            user=account.id,
            name="k",
            scope=EVERYWHERE,
            ends_at=AS_OF + timedelta(1),
        )

    assert caught.value.code == "key.more_than_account"


@pytest.mark.parametrize("ended", ["time", "taken", "account"])
def test_a_key_that_has_ended_opens_nothing(
    house: Database, stranger: TestClient, clock: StandingClock, ended: str
) -> None:
    """By its moment, by being taken back, with its account."""
    account = somebody(house, Role.MANAGER, now=AS_OF)
    given = give_key(
        house, company(now=AS_OF), user=account.id, name="k", scope=None, ends_at=AS_OF + timedelta(1)
    )
    headers = {"Authorization": f"Bearer {given.secret}"}
    before = stranger.get("/v1/me", headers=headers).status_code

    if ended == "time":
        clock.moment = AS_OF + timedelta(1)
    elif ended == "taken":
        house.run(company(now=AS_OF), lambda work: close_key(work, given.id))
    else:
        house.run(company(now=AS_OF), lambda work: close_account(work, account.id))

    assert before == 200
    assert code(stranger.get("/v1/me", headers=headers)) == "401 key.unknown"


def test_a_session_ends_unused_and_used(house: Database, stranger: TestClient, clock: StandingClock) -> None:
    """After eight hours of nothing, and after seven days whatever happens."""
    person(house, now=AS_OF)
    enter(stranger)
    clock.moment = AS_OF + timedelta(hours=7)
    used = stranger.get("/v1/me").status_code
    clock.moment = AS_OF + timedelta(hours=14)
    still = stranger.get("/v1/me").status_code
    clock.moment = AS_OF + timedelta(hours=22)
    idle = stranger.get("/v1/me")
    clock.moment = AS_OF + timedelta(days=10)
    enter(stranger)
    begun = clock.moment
    for hours in range(6, 7 * 24, 6):
        clock.moment = begun + timedelta(hours=hours)
        assert stranger.get("/v1/me").status_code == 200
    clock.moment = begun + timedelta(days=7)

    assert (used, still) == (200, 200)
    assert code(idle) == "401 session.over"
    assert code(stranger.get("/v1/me")) == "401 session.over"


HEADS = st.one_of(
    st.sampled_from(
        [
            "Bearer",
            "Bearer ",
            "Bearer .",
            "Bearer fwk-.",
            "Bearer fwl-.",
            "Basic ZGVzay0xOm5pbmU=",
            "Bearer fwk-aaaaaaaaaaaa." + "A" * 43,
            "Bearer fwl-aaaaaaaaaaaa." + "A" * 43,
            "Bearer " + "A" * 5000,
            "Bearer ' OR 1=1 --.x",
            "bearer\tfwk-a.b",
        ]
    ),
    st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=60).map(
        lambda word: f"Bearer {word}"
    ),
    st.binary(max_size=40).map(lambda raw: "Bearer " + base64.b64encode(raw).decode()),
    st.text(st.characters(min_codepoint=160, max_codepoint=255), min_size=1, max_size=20),
)


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(head=HEADS)
def test_no_word_in_the_authorization_header_is_a_key_or_a_defect(stranger: TestClient, head: str) -> None:
    """Whatever it says it is refused as not known, and the cookie is not asked instead."""
    answer = stranger.get("/v1/me", headers={b"Authorization": head.encode("latin-1")})

    assert code(answer) in {"401 key.unknown", "401 link.unknown"}


def test_a_wrong_key_is_not_passed_over_for_a_good_cookie(house: Database, stranger: TestClient) -> None:
    """Who sends both means the key."""
    person(house, now=AS_OF)
    enter(stranger)

    assert code(stranger.get("/v1/me", headers={"Authorization": "Bearer fwk-x.y"})) == "401 key.unknown"


def test_two_authorization_headers_are_no_key(house: Database, stranger: TestClient) -> None:
    """A proxy that looks at one and a server that looks at the other would disagree."""
    good = bearer(house, Role.MANAGER, now=AS_OF)["Authorization"]

    answer = stranger.get("/v1/me", headers=[("Authorization", good), ("Authorization", "Bearer fwk-x.y")])

    assert code(answer) == "401 key.unknown"


def test_the_same_key_of_two_callers_is_two_commands(house: Database, stranger: TestClient) -> None:
    """Nobody is given the reply to somebody else's command by guessing its key."""
    first, second = (bearer(house, Role.ADMINISTRATOR, now=AS_OF) for _ in range(2))

    def add(headers: dict[str, str], name: str) -> Any:
        body = {"name": name, "role": "integration", "scope": {"everywhere": True}}
        return stranger.post("/v1/users", json=body, headers={**headers, "Idempotency-Key": "the-same"})

    mine, again, theirs = add(first, "pump-1"), add(first, "pump-1"), add(second, "pump-2")
    changed = add(first, "pump-3")

    assert mine.json()["id"] == again.json()["id"]
    assert theirs.json()["id"] != mine.json()["id"]
    assert code(changed).endswith("database.key_reused")


def test_no_secret_is_kept_where_replies_events_and_the_audit_are(
    house: Database, stranger: TestClient
) -> None:
    """Passwords and keys stand nowhere as they are: not in replies kept for a second asking, not in the audit."""
    admin = bearer(house, Role.ADMINISTRATOR, now=AS_OF)
    user = stranger.post(
        "/v1/users",
        json={"name": "desk-9", "role": "dispatcher", "scope": {"everywhere": True}, "password": PASSWORD},
        headers={**admin, "Idempotency-Key": "u"},
    ).json()["id"]
    key = stranger.post(
        "/v1/keys",
        json={"user": user, "name": "k", "ends_at": "2027-01-01T00:00:00Z"},
        headers={**admin, "Idempotency-Key": "k"},
    ).json()["secret"]
    enter(stranger, "desk-9")
    token = stranger.cookies["fieldwright"]

    with house.reading() as connection:
        kept = "".join(
            str(row)
            for table in (KeyRow, AuditRow, OutboxRow, AccountRow, SessionRow, ApiKeyRow)
            for row in connection.execute(select(table))
        )

    assert all(secret not in kept for secret in (PASSWORD, key.partition(".")[2], token))


def test_a_customer_s_link_opens_its_own_ticket_and_nothing_else(
    house: Database, stranger: TestClient
) -> None:
    """Not another ticket, not the list, not by another name for its own; and no phone number whole."""
    mine, other = linked(house), linked(house, "ZZG2")

    read = stranger.get("/v1/customer/tickets/G1", headers=mine)

    assert read.status_code == 200
    assert read.json()["ticket"] == "G1"
    assert code(stranger.get("/v1/customer/tickets/ZZG2", headers=mine)) == "404 board.unknown_ticket"
    assert code(stranger.get("/v1/customer/tickets/G1", headers=other)) == "404 board.unknown_ticket"
    assert code(stranger.get("/v1/customer/tickets/G1")) == "401 session.none"
    assert code(stranger.get("/v1/tickets", headers=mine)) == "403 right.denied"
    assert code(stranger.get("/v1/me", headers=mine)) == "403 right.denied"


def test_everything_tried_leaves_the_chain_whole(house: Database, stranger: TestClient) -> None:
    """The audit says who signed in, and verifies."""
    user = person(house, now=AS_OF)
    enter(stranger, password=GUESS)
    enter(stranger)
    stranger.delete("/v1/sessions")

    with house.reading() as connection:
        done = connection.execute(
            select(AuditRow.c.action, func.count())
            .where(AuditRow.c.actor == user)
            .group_by(AuditRow.c.action)
        ).all()

    assert {row[0] for row in done} == {"session.open", "session.close_all"}
    assert untrue(house) == []
