"""Who writes by a key is supposed to be who he was, and proved with the command's first question: nothing rests on the supposition.

What is changed about the key is changed past the application, as another server does it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import delete, func, select, update

from api.app import make_app
from storage import one_go, ready
from storage.database import Database
from storage.people.accounts import close_account, set_role
from storage.people.credentials import close_key, key_by, key_supposed
from storage.scope import Scope
from storage.tables.command import AuditRow, KeyRow
from storage.tables.people import ApiKeyRow, Role
from storage.unit_of_work import UnitOfWork
from tests.api.http.conftest import AS_OF, StandingClock
from tests.api.http.test_tickets import keyed
from tests.people_builders import EVERYWHERE, QUICK, bearer, company

HAPPENED = {"kind": "responded", "reason": "he calls back"}


def told(client: TestClient, me: dict[str, str], key: str, body: Any = HAPPENED) -> Any:
    """Write down that something happened."""
    return client.post("/v1/tickets/G1/events?region=R1", json=body, headers=me | keyed(key))


def known_well(client: TestClient, stored: Database) -> tuple[dict[str, str], str, str]:
    """Somebody who has written before; gives his header, key and account."""
    me = bearer(stored, Role.MANAGER, now=AS_OF)
    for number in range(3):  # the first time it is noted that the key is in use
        assert told(client, me, f"before-{number}").status_code == 201
    key = me["Authorization"].removeprefix("Bearer ").partition(".")[0]
    with stored.reading() as connection:
        found = key_by(connection, key)
    assert found is not None
    return me, key, found[2].id


def written(stored: Database) -> tuple[int, int]:
    """Keys of commands, and entries about the ticket."""
    with stored.reading() as connection:
        keys = connection.execute(select(func.count()).select_from(KeyRow)).scalar_one()
        about = select(func.count()).select_from(AuditRow).where(AuditRow.c.about == "G1")
        return keys, connection.execute(about).scalar_one()


ENDS: dict[str, tuple[Callable[[UnitOfWork, str, str], None], str]] = {
    "the key is taken back": (lambda work, key, _: close_key(work, key), "key.unknown"),
    "the account is closed": (lambda work, _, user: close_account(work, user), "key.unknown"),
    "the account may do less": (
        lambda work, _, user: set_role(work, user, Role.ENGINEER, Scope(regions=("R1",), engineer="E1")),
        "key.unknown",
    ),
    "the account reaches less": (
        lambda work, _, user: set_role(work, user, Role.MANAGER, Scope(regions=("elsewhere",))),
        "key.unknown",
    ),
}


@pytest.mark.parametrize("what", list(ENDS))
def test_a_key_that_ends_is_refused_at_the_next_write(
    client: TestClient, stored: Database, what: str
) -> None:
    """Nothing of the command stands, and what is wrong with the body, or with the right, is not told."""
    end, code = ENDS[what]
    me, key, user = known_well(client, stored)
    bearer(stored, Role.ADMINISTRATOR, EVERYWHERE, now=AS_OF)  # so that no last one is closed
    stored.run(company(now=AS_OF), lambda work: end(work, key, user))
    before = written(stored)

    well = told(client, me, "after")
    elsewhere = client.post("/v1/tickets/G9/events?region=R1", json=HAPPENED, headers=me | keyed("other"))
    bad = told(client, me, "bad", {"kind": "no such kind"})

    assert [one.status_code for one in (well, elsewhere, bad)] == [401] * 3
    assert {one.json()["code"] for one in (well, elsewhere, bad)} == {code}
    assert written(stored) == before


@pytest.mark.parametrize("body", [HAPPENED, {"kind": "no such kind"}], ids=["well", "badly"])
def test_the_first_to_ask_after_a_key_has_ended_is_refused_whatever_he_says(
    client: TestClient, stored: Database, body: dict[str, str]
) -> None:
    """The process still holds what it read of the key: also what is refused before any question is proved."""
    me, key, _ = known_well(client, stored)
    stored.run(company(now=AS_OF), lambda work: close_key(work, key))

    answer = told(client, me, "after", body)

    assert answer.status_code == 401


def test_a_wrong_secret_is_refused_as_ever(client: TestClient, stored: Database) -> None:
    """Who knows the name of a key that was used just now knows nothing."""
    me, _, _ = known_well(client, stored)

    answer = told(client, {"Authorization": me["Authorization"][:-2] + "xx"}, "after")

    assert answer.status_code == 401


def test_a_change_that_takes_nothing_away_is_not_noticed(client: TestClient, stored: Database) -> None:
    """The key was noted as used by another process: what was supposed is not so any more, and the write is made all the same."""
    me, key, _ = known_well(client, stored)
    stored.run(
        company(now=AS_OF),
        lambda work: work.connection.execute(
            update(ApiKeyRow).where(ApiKeyRow.c.id == key).values(name="renamed")
        ),
    )

    assert [told(client, me, f"after-{number}").status_code for number in range(2)] == [201, 201]
    assert written(stored)[1] == 5


def test_a_write_that_begins_anew_is_counted_once(stored: Database) -> None:
    """Each minute somebody notes that a key is in use: every other process would count its next write double."""
    settings = QUICK.model_copy(update={"requests_per_min": 5, "requests_per_min_address": 5})
    with TestClient(make_app(stored, clock=StandingClock(), settings=settings)) as client:
        me, key, _ = known_well(client, stored)
        stored.run(
            company(now=AS_OF),
            lambda work: work.connection.execute(
                update(ApiKeyRow).where(ApiKeyRow.c.id == key).values(name="renamed")
            ),
        )

        answers = [told(client, me, f"after-{number}").status_code for number in range(3)]

    assert answers == [201, 201, 429]


def test_a_key_that_is_no_more_is_supposed_no_more(client: TestClient, stored: Database) -> None:
    """Whoever sends it would spend what its account may ask for, and each time ask twice."""
    me, key, _ = known_well(client, stored)
    stored.run(
        company(now=AS_OF),
        lambda work: work.connection.execute(delete(ApiKeyRow).where(ApiKeyRow.c.id == key)),
    )

    assert told(client, me, "after").status_code == 401
    assert key_supposed(key) is None


REPORT = {
    "channel": "phone",
    "asset": "A1",
    "kind": "fault",
    "severity": "P1",
    "text": "dark",
    "contact": "gate",
}


@pytest.mark.parametrize("make_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize(
    ("path", "body", "most"), [("/v1/tickets/G1/events", HAPPENED, 2), ("/v1/tickets", REPORT, 6)]
)
def test_a_write_goes_to_the_server_few_times(
    client: TestClient, stored: Database, monkeypatch: pytest.MonkeyPatch, path: str, body: Any, most: int
) -> None:
    """Who asks, the key, the turn and all it reads; all it writes with the commit: every way more is felt by everybody."""
    assert stored.kind == "postgresql"  # SQLite has no way to go
    me, _, _ = known_well(client, stored)
    first = client.post("/v1/tickets?region=R1", json=REPORT, headers=me | keyed("the first of the day"))
    ways: list[str] = []
    go, ask = one_go.in_one_go, psycopg.Cursor.execute

    def counted(server: Any, statements: Any, **more: Any) -> Any:
        ways.append("several")
        return go(server, statements, **more)

    def asked(cursor: Any, query: Any, *values: Any, **more: Any) -> Any:
        ways.append(str(query))
        return ask(cursor, query, *values, **more)

    monkeypatch.setattr(ready, "in_one_go", counted)
    monkeypatch.setattr(psycopg.Cursor, "execute", asked)
    answer = client.post(f"{path}?region=R1", json=body, headers=me | keyed("after"))

    assert (first.status_code, answer.status_code) == (201, 201)
    assert len(ways) <= most, ways
