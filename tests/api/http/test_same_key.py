"""A write sent twice under one key: after its reply, at the same time, with another body, after a crash before the reply.

All four stand here, for commands of every kind of table, on both databases: one effect, and the first reply for everybody.
"""

from __future__ import annotations

import http.client
import json
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from storage.audit import breaks
from storage.check import untrue
from storage.database import Database
from storage.tables.command import AuditRow
from storage.tables.people import Role
from tests.api.http.conftest import AS_OF
from tests.api.http.test_tickets import keyed
from tests.conftest import ROOT
from tests.people_builders import bearer

WRITES: dict[str, tuple[str, str, dict[str, Any], dict[str, Any]]] = {
    "a report": (
        "POST",
        "/v1/tickets",
        {
            "channel": "phone",
            "asset": "A1",
            "kind": "fault",
            "severity": "P1",
            "text": "dark",
            "contact": "gate",
        },
        {"text": "light"},
    ),
    "what happened": (
        "POST",
        "/v1/tickets/G1/events",
        {"kind": "responded", "reason": "he calls back"},
        {"reason": "she"},
    ),
    "a reservation": (
        "POST",
        "/v1/reservations",
        {"reservation": "RS-9", "part": "P1", "place": "D1", "quantity": 1, "demand": "G1"},
        {"quantity": 2},
    ),
    "goods moved": (
        "POST",
        "/v1/moves",
        {"document": "WO-9", "lines": [{"part": "P1", "quantity": 1, "from_place": "D1", "to_place": "W1"}]},
        {"document": "WO-8"},
    ),
    "a run": ("POST", "/v1/plans", {"work": 60}, {"work": 61}),
    "a row on record": ("PUT", "/v1/customers/C-9", {"name": "Harbour"}, {"name": "Quay"}),
    "an absence": (
        "POST",
        "/v1/engineers/E1/absences",
        {"starts_at": "2026-03-09T08:00:00+08:00", "ends_at": "2026-03-09T17:00:00+08:00", "reason": "leave"},
        {"reason": "ill"},
    ),
}
"""Commands by a word: method, path, body, and what another body says instead."""


def sent(client: TestClient, name: str, key: str, more: dict[str, Any] | None = None) -> Any:
    """Send a write."""
    method, path, body, _ = WRITES[name]
    return client.request(method, path, json=body | (more or {}), headers=keyed(key))


def done(stored: Database) -> int:
    """How many things the audit says were done in the region."""
    with stored.reading() as connection:
        of_region = select(func.count()).select_from(AuditRow).where(AuditRow.c.region_id == "R1")
        return int(connection.execute(of_region).scalar_one())


@pytest.mark.parametrize("name", WRITES)
def test_sent_again_it_has_one_effect_and_the_same_reply(
    client: TestClient, stored: Database, name: str
) -> None:
    """A client that did not hear the answer asks again."""
    first = sent(client, name, "k")
    assert first.status_code < 300, first.text
    effect = done(stored)

    again = sent(client, name, "k")

    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert done(stored) == effect


@pytest.mark.parametrize("name", WRITES)
def test_the_same_key_for_something_else_is_refused(client: TestClient, stored: Database, name: str) -> None:
    """A reply to another command would be a lie."""
    sent(client, name, "k")
    effect = done(stored)

    other = sent(client, name, "k", WRITES[name][3])

    assert (other.status_code, other.json()["code"]) == (422, "database.key_reused")
    assert done(stored) == effect


@pytest.mark.parametrize("name", WRITES)
def test_sent_by_many_at_the_same_time_it_has_one_effect(
    client: TestClient, stored: Database, name: str
) -> None:
    """Two tabs, a proxy that tries twice: each hears the one reply, or that it is still at work and when to come again."""
    with ThreadPoolExecutor(8) as at_once:
        answers = list(at_once.map(lambda _: sent(client, name, "k"), range(8)))
    last = sent(client, name, "k")

    assert last.status_code < 300, last.text
    for one in answers:
        if one.status_code == 409:
            assert (one.json()["code"], "retry-after" in one.headers) == ("database.key_in_flight", True)
        else:
            assert one.json() == last.json()
    effect = done(stored)
    assert sent(client, name, "k").json() == last.json()
    assert done(stored) == effect
    assert untrue(stored) == []


# A server of its own for each, to be killed.
@pytest.mark.slow
@pytest.mark.parametrize("name", ["a report", "goods moved", "a run"])
def test_after_a_crash_between_commit_and_reply_the_same_key_gives_the_reply(
    client: TestClient, stored: Database, tiny_url: str, name: str
) -> None:
    """The worst moment: everything is written and nobody knows. Asked again, the answer is there and nothing is twice."""
    me = bearer(stored, Role.MANAGER, now=AS_OF)
    before = done(stored)
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.api.http.dying_server", tiny_url],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdout is not None
    _, path, body, _ = WRITES[name]
    said = {**me, "Idempotency-Key": "k", "Content-Type": "application/json"}
    try:
        connection = http.client.HTTPConnection("127.0.0.1", int(server.stdout.readline()), timeout=60)
        connection.request("POST", path, json.dumps(body), said)
        with pytest.raises((OSError, http.client.HTTPException)):
            connection.getresponse()
        connection.close()
        assert server.wait(timeout=60) == -signal.SIGKILL
    finally:
        server.kill()
        server.wait()
        server.stdout.close()
    committed = done(stored)

    answers = [client.request("POST", path, json=body, headers=me | keyed("k")) for _ in range(2)]
    other = client.request("POST", path, json=body | WRITES[name][3], headers=me | keyed("k"))

    assert committed > before, "it died before it had written anything"
    assert {one.status_code for one in answers} <= {200, 201, 202}, answers[0].text
    assert answers[0].json() == answers[1].json()
    assert other.json()["code"] == "database.key_reused"
    assert done(stored) == committed
    assert untrue(stored) == []
    with stored.reading() as reading:
        assert list(breaks(reading)) == []
