"""Positions, what is kept about persons, the demonstration: on both databases."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import insert, select, update
from sqlalchemy.exc import DBAPIError

from api.auth.demo import PASSWORD as DEMO_PASSWORD
from api.auth.demo import check_loopback, make_demo
from api.auth.policy import kept_of
from dispatch.desk.intake import Asked
from kernel.envelope import Envelope
from kernel.errors import Refusal
from storage import idempotency
from storage.check import untrue
from storage.database import Database
from storage.people.retention import forget_old, forget_replies
from storage.scope import Scope
from storage.tables.command import AuditRow
from storage.tables.crew import PositionRow
from storage.tables.paper import AnswerRow, ReportRow, SignatureRow
from storage.tables.people import Role
from storage.unit_of_work import UnitOfWork
from tests.api.auth.conftest import linked
from tests.api.http.conftest import AS_OF, StandingClock
from tests.database_builders import filled
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

WORKING = AS_OF + timedelta(hours=1)
"""Nine o'clock there: E1 is in his shift, ZZE2 at a course."""


def test_a_customer_s_page_masks_numbers(stored: Database, client: TestClient) -> None:
    """The page may lie open on a counter."""
    row = filled(
        ReportRow, region_id="R1", position=900, report_id="G1", contact="call 138 1234 5678", channel="phone"
    )

    stored.run(
        Envelope("o", "t", AS_OF, "r", "R1"),
        lambda work: work.connection.execute(insert(ReportRow).values(**row)),
    )

    read = client.get("/v1/customer/tickets/G1", headers=linked(stored)).json()
    assert read["contact"] == "call *** **** *678"


def test_an_engineer_says_where_he_is_on_duty_only_and_of_himself_only(
    stored: Database, client: TestClient, clock: StandingClock
) -> None:
    """Where somebody is after work is nobody's business; it is refused, not quietly dropped."""
    mine = bearer(stored, Role.ENGINEER, Scope(regions=("R1",), engineer="E1"), now=AS_OF)
    desk = bearer(stored, Role.DISPATCHER, Scope(regions=("R1",)), now=AS_OF)
    before_work = AS_OF - timedelta(hours=1)

    def say(engineer: str, at: Any) -> Any:
        clock.moment = at
        body = {"engineer": engineer, "at": at.isoformat(), "lat": 26.06, "lon": 119.3}
        return client.post("/v1/positions", json=body, headers=once(mine))

    early, working, other = say("E1", before_work), say("E1", WORKING), say("ZZE2", WORKING)
    clock.moment = WORKING + timedelta(minutes=30)
    shown = client.get("/v1/positions", headers=desk).json()["positions"]
    clock.moment = WORKING + timedelta(hours=12)
    off = client.get("/v1/positions", headers=desk).json()["positions"]

    assert code(early) == "422 position.off_duty"
    assert working.status_code == 201
    assert code(other) == "404 position.unknown_engineer"
    assert [one["engineer"] for one in shown] == ["E1"]
    assert off == []


def test_a_position_of_another_time_is_refused(
    stored: Database, client: TestClient, clock: StandingClock
) -> None:
    """A track of the whole week sent at once would get round the rule."""
    mine = bearer(stored, Role.ENGINEER, Scope(regions=("R1",), engineer="E1"), now=AS_OF)
    clock.moment = WORKING

    for minutes in (-6, 1):
        at = WORKING + timedelta(minutes=minutes)
        body = {"engineer": "E1", "at": at.isoformat(), "lat": 26.06, "lon": 119.3}
        assert code(client.post("/v1/positions", json=body, headers=once(mine))) == "422 position.not_now"


def test_what_is_kept_about_an_account_is_given_out_and_erased(
    stored: Database, client: TestClient, admin: dict[str, str]
) -> None:
    """The name goes, the work stays under the id, and the chain verifies."""
    hashed = PASSWORDS.hashed(PASSWORD, name="n")
    user = somebody(stored, Role.MANAGER, now=AS_OF, name="ling.chen", password_hash=hashed).id
    enter(client, "ling.chen")
    client.cookies.clear()

    before = client.get(f"/v1/people/users/{user}", headers=admin).json()
    erased = client.post(f"/v1/people/users/{user}/erase", headers=once(admin))
    after = client.get(f"/v1/people/users/{user}", headers=admin)

    assert before["account"][0]["sign_in_name"] == "ling.chen"
    assert [one["action"] for one in before["did"]] == ["session.open"]
    assert before["sessions"][0]["address"] == "127.0.0.1"
    assert "hash" not in str(before["account"])
    assert erased.json()["rows"] == {"account": 1, "session": 1, "api_key": 0}
    assert "ling" not in after.text
    assert "127.0.0.1" not in after.text
    assert [one["action"] for one in after.json()["did"]] == ["session.open"]
    assert enter(client, "ling.chen").status_code == 401
    assert untrue(stored) == []


def test_an_engineer_s_private_life_is_erased_and_his_work_stays(
    stored: Database, client: TestClient, admin: dict[str, str]
) -> None:
    """Home, whereabouts and reasons of absence go; shifts and visits are the record of the work."""

    def seen(work: UnitOfWork) -> None:
        row = filled(PositionRow, region_id="R1", position=900, engineer_id="ZZE2", lat=26.0, lon=119.0)
        work.connection.execute(insert(PositionRow).values(**row))

    stored.run(Envelope("o", "t", AS_OF, "p", "R1"), seen)
    before = client.get("/v1/people/engineers/R1/ZZE2", headers=admin).json()

    erased = client.post("/v1/people/engineers/R1/ZZE2/erase", headers=once(admin)).json()["rows"]

    after = client.get("/v1/people/engineers/R1/ZZE2", headers=admin).json()
    assert erased == {"engineer": 1, "engineer_position": 1, "absence": 1, "outbox": 0, "receiver": 0}
    assert (before["engineer"][0]["home_lat"], after["engineer"][0]["home_lat"]) == (26.1, 26.2)
    assert before["absence"][0]["reason"] == "course"
    assert after["absence"][0]["reason"] == ""
    assert "engineer_position" not in after
    assert after["shift"] == before["shift"]
    assert untrue(stored) == []


def test_a_contact_is_found_and_overwritten_and_nothing_beside_it(
    stored: Database, client: TestClient, admin: dict[str, str]
) -> None:
    """Reports are append-only: of their columns only what names a person can be overwritten."""
    contact = "Ms Lin, 138 1234 5678"

    def told(work: UnitOfWork) -> None:
        report = filled(
            ReportRow, region_id="R1", position=900, report_id="T-9", contact=contact, channel="phone"
        )
        answer = filled(
            AnswerRow, region_id="R1", position=900, report_id="T-9", asked=Asked.CONTACT, value=contact
        )
        signed = filled(SignatureRow, region_id="R1", position=900, ticket_id="G1", name=contact)
        for table, row in ((ReportRow, report), (AnswerRow, answer), (SignatureRow, signed)):
            work.connection.execute(insert(table).values(**row))

    stored.run(Envelope("o", "t", AS_OF, "c", "R1"), told)
    found = client.post("/v1/people/contacts/R1/find", json={"contact": contact}, headers=admin).json()
    headers = once(admin)
    erased = client.post("/v1/people/contacts/R1/erase", json={"contact": contact}, headers=headers).json()[
        "rows"
    ]
    again = client.post("/v1/people/contacts/R1/erase", json={"contact": contact}, headers=headers).json()[
        "rows"
    ]
    left = client.post("/v1/people/contacts/R1/find", json={"contact": contact}, headers=admin).json()

    expected = {"report": 1, "answer": 1, "signature": 1, "outbox": 0, "receiver": 0}
    assert {name: len(rows) for name, rows in found.items()} == expected
    assert erased == again == expected
    assert not any(left.values())
    with stored.reading() as connection:
        kept = connection.execute(select(ReportRow.c.contact).where(ReportRow.c.report_id == "T-9")).scalar()
        facts = "".join(connection.execute(select(AuditRow.c.facts)).scalars())
    assert str(kept).startswith("erased-")
    assert "Lin" not in facts
    assert untrue(stored) == []
    for column in ("text", "at"):
        with pytest.raises(DBAPIError, match="append-only"), stored.writing(company(now=AS_OF)) as work:
            work.connection.execute(update(ReportRow).values({column: ReportRow.c[column]}))


def test_what_is_old_enough_is_forgotten(stored: Database, client: TestClient) -> None:
    """Positions, ended sessions and keys, failed sign-ins: by the settings, and never what is still in use."""
    hashed = PASSWORDS.hashed(PASSWORD, name="n")
    somebody(stored, Role.MANAGER, now=AS_OF, name="desk-1", password_hash=hashed)
    enter(client, "desk-1", "a wrong one")
    enter(client, "desk-1")
    enter(client, "nobody-1")
    bearer(stored, Role.MANAGER, now=AS_OF, days=10)
    kept = kept_of(QUICK)

    soon = stored.run(company(now=AS_OF + timedelta(days=2)), lambda work: forget_old(work, kept))
    later = stored.run(company(now=AS_OF + timedelta(days=101)), lambda work: forget_old(work, kept))

    assert (soon["failed_sign_in"], soon["session"], soon["api_key"]) == (1, 0, 0)
    assert (later["session"], later["api_key"]) == (1, 1)
    assert untrue(stored) == []


def test_the_oldest_replies_are_forgotten_and_nothing_else(stored: Database) -> None:
    """A key row for every write ever made would outgrow the facts; what was sent lately is answered as before."""
    at = {"old": AS_OF, "older": AS_OF - timedelta(days=1), "new": AS_OF + timedelta(days=30)}

    def write(key: str, moment: datetime) -> dict[str, Any]:
        envelope = Envelope("o", "t", moment, key, "R1")
        return stored.run(
            envelope, lambda work: idempotency.once(work, "try", {}, lambda: {"at": work.now.isoformat()})
        )

    first = {key: write(key, moment) for key, moment in at.items()}
    before = AS_OF + timedelta(days=2)
    gone = [
        stored.run(company(now=before, key=f"f-{number}"), partial(forget_replies, before=before, most=1))
        for number in range(12)
    ]
    again = {key: write(key, AS_OF + timedelta(days=40)) for key in at}

    assert sum(gone) >= 2
    assert gone[-1] == 0
    assert again["new"] == first["new"]
    assert all(again[key] != first[key] for key in ("old", "older"))
    assert untrue(stored) == []


def test_the_demonstration_is_heard_on_this_machine_only(stored: Database, client: TestClient) -> None:
    """One marked account for each role; twice made is made once; beyond loopback it is refused."""
    demo = make_demo(stored, PASSWORDS, now=AS_OF)
    again = make_demo(stored, PASSWORDS, now=AS_OF)

    entered = {name: enter(client, name, DEMO_PASSWORD).json() for name in demo.names}

    assert {one["role"] for one in entered.values()} == {
        "dispatcher",
        "storekeeper",
        "manager",
        "director",
        "administrator",
        "engineer",
    }
    assert all(one["demo"] for one in entered.values())
    client.cookies.clear()
    assert (
        client.get("/v1/me", headers={"Authorization": f"Bearer {demo.key}"}).json()["role"] == "integration"
    )
    link = {"Authorization": f"Bearer {demo.link}"}
    assert client.get(f"/v1/customer/tickets/{demo.ticket}", headers=link).status_code == 200
    assert (again.names, again.key) == (demo.names, "")
    enter(client, demo.names[0], DEMO_PASSWORD)
    with TestClient(client.app, client=("192.0.2.7", 50000), cookies=client.cookies) as afar:
        assert code(enter(afar, demo.names[0], DEMO_PASSWORD)) == "401 session.refused"
        assert code(afar.get("/v1/me")) == "401 session.over"
        assert code(afar.get("/v1/me", headers={"Authorization": f"Bearer {demo.key}"})) == "401 key.unknown"
    assert check_loopback(stored, "127.0.0.1")
    assert check_loopback(stored, "::1")
    for host in ("0.0.0.0", "::", "192.0.2.7", "desk.example"):  # noqa: S104 what is refused
        with pytest.raises(Refusal) as caught:
            check_loopback(stored, host)
        assert caught.value.code == "serve.demo_beyond_loopback"


def test_without_demonstration_accounts_any_address_is_listened_on(stored: Database) -> None:
    """The refusal is about the known passwords, not about the address."""
    assert check_loopback(stored, "0.0.0.0") == []  # noqa: S104 what is allowed here
