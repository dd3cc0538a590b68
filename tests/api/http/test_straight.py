"""Routes answered straight give what FastAPI gives: every route is asked both ways."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from fastapi.testclient import TestClient

from api.app import make_app
from api.serving import MOST_HEAD
from api.wire.straight import StraightRoutes, straight
from storage.database import Database, open_database
from storage.tables.people import Role
from tests.api.http.conftest import AS_OF, StandingClock
from tests.api.http.streams import serving
from tests.people_builders import QUICK, bearer

KNOWN = {
    "ticket": "G1",
    "engineer": "E1",
    "place": "D1",
    "part": "P1",
    "visit": "V1",
    "site": "S1",
    "asset": "A1",
}
"""What is there, for parameters of a path."""

AWAY = "2026-03-06T00:00:00"
"""A moment without its offset."""


def asked(client: TestClient, method: str, path: str, **more: Any) -> tuple[Any, ...]:
    """An answer without what differs from one request to the next."""
    answer = client.request(method, path, **more)
    headers = {name: value for name, value in answer.headers.items() if name != "x-request-id"}
    return answer.status_code, answer.content, headers


def routes(app: FastAPI) -> Iterator[tuple[str, str]]:
    """Every method and path, with something in the parameters; streams that do not end are left out."""
    for one in iter_route_contexts(app.routes):
        if isinstance(one.original_route, APIRoute) and one.path != "/v1/events":
            path = re.sub(r"\{(\w+)(?::path)?\}", lambda found: KNOWN.get(found[1], "none-1"), str(one.path))
            for method in sorted(one.methods or ()):
                yield method, path


def tried(method: str, path: str, headers: dict[str, str]) -> Iterator[dict[str, Any]]:
    """Ways to ask for a route: well, without being anybody, with what it does not know, and with a body that is none."""
    key = {"Idempotency-Key": f"{method} {path}"[:200]}
    written: dict[str, Any] = {} if method == "GET" else {"json": {}}
    yield {"headers": headers | key, **written}
    yield {"headers": key, **written}
    yield {"headers": headers, "params": {"nobody": "knows"}, **written}
    yield {
        "headers": headers | key | {"Accept-Language": "zh"},
        "params": {"limit": "0", "at": AWAY},
        **written,
    }
    if method != "GET":
        yield {"headers": headers | key}
        yield {"headers": headers | key | {"Content-Type": "application/json"}, "content": b'{"a":1,"a":2}'}
        yield {"headers": headers | key | {"Content-Type": "application/json"}, "content": b"null"}


@pytest.fixture
def both(stored: Database) -> Iterator[tuple[TestClient, TestClient]]:
    """The application as it is, and the same left to FastAPI."""
    made = [make_app(stored, clock=StandingClock(), settings=QUICK) for _ in range(2)]
    left: list[Any] = [one for one in made[1].user_middleware if str(one.cls) != str(StraightRoutes)]
    assert len(left) == len(made[1].user_middleware) - 1
    made[1].user_middleware = left
    clients = [TestClient(app, raise_server_exceptions=False) for app in made]
    with clients[0] as first, clients[1] as second:
        yield first, second


@pytest.mark.parametrize(
    "beneath",
    [
        "/v1/tickets",
        pytest.param("/v1", marks=pytest.mark.slow),  # two thousand requests
    ],
)
def test_a_route_answers_straight_what_fastapi_answers(
    both: tuple[TestClient, TestClient], stored: Database, tiny_url: str, beneath: str
) -> None:
    """Status, bytes and headers, asked well and badly: it is a shorter way to the same answer, not another one."""
    # All of them on one database: what an answer is read from has no part in how its route is found.
    beneath = "/v1/t" if tiny_url.startswith("postgresql") else beneath
    headers = bearer(stored, Role.MANAGER, now=AS_OF)
    app: Any = both[0].app
    compared = 0

    for method, path in sorted(routes(app)):
        for way in tried(method, path, headers) if path.startswith(beneath) else ():
            if method != "GET":
                asked(both[0], method, path, **way)  # what is said once is said now: a secret, that it is new
            straightly, longer = (asked(client, method, path, **way) for client in both)

            assert straightly == longer, (method, path, way)
            compared += 1

    assert compared > 60


def test_nearly_every_route_is_answered_straight(both: tuple[TestClient, TestClient]) -> None:
    """The comparison above would pass, too, if none was; the few left are streams, pages and files."""
    app: Any = both[0].app
    found = [one.original_route for one in iter_route_contexts(app.routes)]
    plain = [one for one in found if isinstance(one, APIRoute) and one.path.startswith("/v1/")]

    assert sum(straight(one) is not None for one in plain) > 0.9 * len(plain)


def test_a_route_is_looked_at_once_by_all_applications_of_a_process(
    both: tuple[TestClient, TestClient], stored: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The routes are the same ones: to look at three hundred of them takes longer than many an answer."""
    asked(both[0], "GET", "/v1/health")
    looked: list[APIRoute] = []
    monkeypatch.setattr("api.wire.straight.straight", looked.append)

    with TestClient(make_app(stored, clock=StandingClock(), settings=QUICK)) as client:
        answer = client.get("/v1/me", headers=bearer(stored, Role.MANAGER, now=AS_OF))

    assert answer.status_code == 200
    assert looked == []


def test_a_key_taken_back_opens_nothing_at_the_next_request(client: TestClient, stored: Database) -> None:
    """Nothing about who asks is kept from one request to the next."""
    headers = bearer(stored, Role.DISPATCHER, now=AS_OF)
    key = headers["Authorization"].removeprefix("Bearer ").partition(".")[0]
    administrator = bearer(stored, Role.ADMINISTRATOR, now=AS_OF)
    before = client.get("/v1/me", headers=headers)

    ended = client.delete(f"/v1/keys/{key}", headers=administrator)
    after = client.get("/v1/me", headers=headers)

    assert (before.status_code, ended.status_code, after.status_code) == (200, 204, 401)


def test_a_write_is_seen_by_the_next_read_of_another_process(
    stored: Database, tiny_url: str, two_processes: Callable[[str], tuple[TestClient, TestClient]]
) -> None:
    """What a process keeps of a region is what the database says, whoever wrote last."""
    headers = bearer(stored, Role.MANAGER, now=AS_OF)
    first, second = two_processes(tiny_url)
    seen = second.get("/v1/tickets/G1", headers=headers)
    event = {"kind": "acknowledged", "at": (AS_OF - timedelta(minutes=1)).isoformat()}

    written = first.post("/v1/tickets/G1/events", json=event, headers=headers | {"Idempotency-Key": "e-1"})
    again = second.get("/v1/tickets/G1", headers=headers)
    listed = second.get("/v1/tickets", headers=headers).json()["tickets"]

    assert written.status_code == 201, written.text
    assert again.headers["ETag"] != seen.headers["ETag"]
    assert next(one["version"] for one in listed if one["id"] == "G1") == written.json()["version"]


@pytest.fixture
def two_processes() -> Iterator[Callable[[str], tuple[TestClient, TestClient]]]:
    """Two applications with a database of their own open each, on the same one: as two processes have."""
    opened: list[Database] = []

    def made(url: str) -> tuple[TestClient, TestClient]:
        opened.extend(open_database(url) for _ in range(2))
        apps = [make_app(one, clock=StandingClock(), settings=QUICK) for one in opened]
        return TestClient(apps[0]), TestClient(apps[1])

    yield made
    for one in opened:
        one.close()


def test_a_head_that_does_not_end_is_ended(stored: Database) -> None:
    """The parser keeps a name or a value until it is whole: of one that never is it would keep all there is."""
    with (
        serving(stored, QUICK, StandingClock()) as there,
        socket.create_connection(("127.0.0.1", there.port), timeout=20) as speaking,
    ):
        speaking.sendall(b"GET /healthz HTTP/1.1\r\nHost: here\r\nX-Long: ")
        sent = 0
        try:
            while sent < 100 * MOST_HEAD:
                sent += speaking.send(b"a" * 65_536)
            answer = speaking.recv(200)
        except ConnectionError:
            answer = b""  # it was closed while we were still speaking

    assert answer.startswith(b"HTTP/1.1 400") or sent < 100 * MOST_HEAD
