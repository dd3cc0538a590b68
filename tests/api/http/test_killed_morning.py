"""The README's morning, the server killed again and again meanwhile: what was answered stands, and each thing happened once."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random  # noqa: TID251 seeded below
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from api.app import make_app
from api.usecases.plan_run import make_plan
from api.worker import Worker
from storage.audit import breaks
from storage.check import untrue
from storage.database import Database, open_database
from storage.tables.command import AuditRow
from storage.tables.people import Role
from tests.api.http.conftest import AS_OF, StandingClock
from tests.api.http.test_storeroom import make_storeroom  # noqa: F401 a fixture
from tests.conftest import ROOT
from tests.databases import Make
from tests.people_builders import QUICK, bearer

Ask = Callable[[str, str, Any], Any]
"""Path, key (empty: to read), body: the answer, once there is one."""

REPORT = {
    "asset": "A1",
    "kind": "fault",
    "severity": "P1",
    "text": "It is dark in the hall",
    "contact": "gate 3",
    "trip": {"minutes": 30},
}
GOODS = {
    "document": "N-1",
    "supplier": "U1",
    "shelf": "D1",
    "lines": [{"part": "P2", "quantity": 5}],
}
LOT = {"document": "N-1", "shelf": "D1", "part": "P2", "quantity": 5, "supplier": "U1"}


def morning(ask: Ask, stored: Database) -> None:
    """A ticket opened, a way out chosen, a plan made and published, a part received and inspected."""
    ticket = ask("/v1/tickets", "call-1", REPORT)["ticket"]
    ways = ask(f"/v1/tickets/{ticket}/rescue", "", None)["ways"]
    way = next(one for one in ways if one["kind"] == "engineer" and one["closed"] is None)
    ask(f"/v1/tickets/{ticket}/rescue", "way-1", {"choice": way["choice"]})
    plan = ask("/v1/plans", "plan-1", {"work": 60})["plan"]
    assert Worker(stored, "w-1", solve=make_plan, clock=StandingClock()).once() is not None
    ask(f"/v1/plans/{plan}/publish", "plan-2", None)
    ask("/v1/receipts", "goods-1", GOODS | {"inspected": ["P2"]})
    ask("/v1/inspections", "goods-2", LOT | {"aql": "1.5", "looked_at": 5})


@dataclass
class Mortal:
    """A server that is killed in the middle of writes, started anew by whoever needs it.

    Args:
        url: of its database; `me`: headers of who asks.
        chance: when it dies.
    """

    url: str
    me: dict[str, str]
    chance: Random
    deaths: int = 0
    answers: dict[str, tuple[str, Any, Any]] = field(default_factory=dict)
    """What was acknowledged, by key: where, what was asked, what was answered."""
    _server: subprocess.Popen[str] | None = None
    _port: int = 0

    def ask(self, path: str, key: str, body: Any) -> Any:
        """Ask until there is an answer: with the same key, as the manual says."""
        for tries in range(12):
            if self._server is None:
                # Ever longer, so that what takes a while is done one day.
                self._start(self.chance.randint(1, 3), self.chance.random() * 0.05 * 5**tries)
            try:
                status, told = self._sent(path, key, body)
            except (OSError, http.client.HTTPException):
                self.deaths += 1
                self.end()
                continue
            if status == 503 or told.get("code") == "database.key_in_flight":
                time.sleep(0.1)  # the database has not noticed yet that who began it is gone
                continue
            assert status < 300, told
            if key:
                self.answers[key] = path, body, told
            return told
        raise AssertionError(f"no answer: {path}")

    def end(self) -> None:
        """Have none left."""
        if self._server is not None:
            self._server.kill()
            self._server.wait()
            assert self._server.stdout is not None
            self._server.stdout.close()
            self._server = None

    def _start(self, write: int, seconds: float) -> None:
        self._server = subprocess.Popen(
            [sys.executable, "-m", "tests.api.http.dying_server", self.url, str(write), f"{seconds:.4f}"],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._server.stdout is not None
        self._port = int(self._server.stdout.readline())

    def _sent(self, path: str, key: str, body: Any) -> tuple[int, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        try:
            said = self.me | ({"Idempotency-Key": key, "Content-Type": "application/json"} if key else {})
            connection.request(
                "POST" if key else "GET", path, None if body is None else json.dumps(body), said
            )
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()


@contextmanager
def calmly(database: Database, me: dict[str, str]) -> Iterator[Ask]:
    """Ask a server that nobody kills."""
    app = make_app(database, clock=StandingClock(), settings=QUICK)
    with TestClient(app, headers=me) as client:

        def ask(path: str, key: str, body: Any) -> Any:
            answer = (
                client.post(path, json=body, headers={"Idempotency-Key": key}) if key else client.get(path)
            )
            assert answer.status_code < 300, answer.text
            return answer.json()

        yield ask


def happened(stored: Database) -> Counter[str]:
    """How often what was done in the region, by the audit."""
    with stored.reading() as connection:
        here = select(AuditRow.c.action).where(AuditRow.c.region_id == "R1")
        return Counter(connection.execute(here).scalars())


# Some servers as processes of their own.
@pytest.mark.slow
def test_a_morning_with_the_server_killed_meanwhile_is_a_morning_without(
    make_storeroom: Make,  # noqa: F811 a fixture
) -> None:
    """Every write asked again with its key until it is answered: the audit tells the same as of a server nobody killed."""
    calm, killed = open_database(make_storeroom()), open_database(url := make_storeroom())
    with calmly(calm, bearer(calm, Role.MANAGER, now=AS_OF)) as ask:
        morning(ask, calm)
    me = bearer(killed, Role.MANAGER, now=AS_OF)
    mortal = Mortal(url, me, Random(7))  # noqa: S311 a seeded world, no secret

    try:
        morning(mortal.ask, killed)
    finally:
        mortal.end()
    told = happened(killed)
    with calmly(killed, me) as ask:
        again = {key: ask(path, key, body) for key, (path, body, _) in mortal.answers.items()}

    assert mortal.deaths >= 2
    assert again == {key: answer for key, (_, _, answer) in mortal.answers.items()}
    assert told == happened(calm) == happened(killed)
    assert untrue(killed) == []
    with killed.reading() as connection:
        assert list(breaks(connection)) == []
    calm.close()
    killed.close()
