"""Bad bodies to every route that takes one: an answer with a code, never a defect, and nothing kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient

from storage.audit import revision
from storage.database import Database
from tests.api.http.test_reading_routes import code_of

JSON = {"Content-Type": "application/json"}
DEEP = b"[" * 5_000

BODIES: tuple[bytes, ...] = (
    b"",
    b"null",
    b"[]",
    b'"x"',
    b"{",
    b'{"a": NaN}',
    b'{"a": 1, "a": 2}',
    b'{"kind": "\\ud800"}',
    b'{"text": "\\u0000"}',
    b"\xff\xfe{}",
    b'{"at": 1e400}',
    b'{"minutes": 73786976294838206464, "work": 73786976294838206464}',
    b'{"kind": {"a": {"b": []}}, "parts": {"a": -1}, "asset": ["x"]}',
    b'{"at": "9999-12-31T23:59:59Z", "starts_at": "2026-03-06T08:00", "ends_at": "x"}',
    b'{"parts": [1e3, "2", null], "engineer": "=1+1", "choice": 7, "seconds": "NaN"}',
    DEEP,
)


def ways(app: FastAPI) -> Iterator[tuple[str, str]]:
    """Every route that takes a JSON body, with words for its parameters."""
    for route in iter_route_contexts(app.routes):
        if getattr(route, "body_field", None) is None:
            continue
        path = str(getattr(route, "path", "")).replace(":path", "")
        for name, word in (("ticket", "G1"), ("visit", "V1"), ("engineer", "E1"), ("region", "R1")):
            path = path.replace(f"{{{name}}}", word)
        for method in getattr(route, "methods", None) or ():
            yield method, path.replace("{", "").replace("}", "")


@pytest.mark.parametrize("number", range(len(BODIES)))
def test_a_bad_body_is_refused_with_a_code_and_leaves_nothing(
    client: TestClient, stored: Database, number: int
) -> None:
    """Strangers send anything; what they send is theirs to mend, and says so."""
    app: Any = client.app
    with stored.reading() as connection:
        before = revision(connection, "R1")
    asked = list(ways(app))
    assert len(asked) > 10

    for at, (method, path) in enumerate(asked):
        headers = JSON | {"Idempotency-Key": f"k-{number}-{at}"}
        answer = client.request(method, path, content=BODIES[number], headers=headers)

        assert 400 <= answer.status_code < 500, (method, path, answer.status_code, answer.text[:200])
        code_of(answer)
    with stored.reading() as connection:
        assert revision(connection, "R1") == before
