"""What a route reads before its handler: the type, the size, the shape; tried on routes that only say what came."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI, Request
from fastapi.testclient import TestClient

from api.errors import refuse_with_problems
from api.wire.body import MOST_FILE, MOST_JSON, FileAsked, StrictRoute, takes_file
from api.wire.bounds import IdIn, In, MomentIn, UnitsIn
from api.wire.table import FileWanted

JSON = {"Content-Type": "application/json"}


class Wish(In):
    """Something to ask for."""

    part: IdIn
    units: UnitsIn
    at: MomentIn


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    """Speaks to an application of three routes."""
    router = APIRouter(route_class=StrictRoute)

    @router.post("/wish")
    def wish(body: Wish) -> dict[str, Any]:
        return {"part": body.part, "units": body.units, "at": body.at.isoformat()}

    @router.post("/nothing")
    def nothing() -> dict[str, Any]:
        return {}

    @router.post("/file")
    @takes_file
    def file(content: FileAsked, request: Request) -> dict[str, Any]:
        return {"size": len(content), "type": request.headers.get("content-type")}

    @router.get("/list")
    def listed(wanted: FileWanted) -> dict[str, Any]:
        return {"file": wanted}

    app = FastAPI()
    refuse_with_problems(app)
    app.include_router(router)
    with TestClient(app, raise_server_exceptions=False) as speaking:
        yield speaking


def code_of(answer: Any, status: int) -> str:
    """The code of a problem document of this status."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    return str(answer.json()["code"])


def test_a_whole_body_reaches_the_handler(client: TestClient) -> None:
    """The moment is told in UTC, whatever offset it came with."""
    wish = {"part": "P-1", "units": 2, "at": "2026-03-06T08:30:00+08:00"}

    answer = client.post("/wish", json=wish)

    assert answer.json() == {"part": "P-1", "units": 2, "at": "2026-03-06T00:30:00+00:00"}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"units": "2"}, "request.wrong_value"),
        ({"units": 2.0}, "request.wrong_value"),
        ({"units": True}, "request.wrong_value"),
        ({"units": 0}, "request.wrong_value"),
        ({"units": -1}, "request.wrong_value"),
        ({"part": "P 1"}, "request.wrong_value"),
        ({"part": "P" * 65}, "request.wrong_value"),
        ({"part": None}, "request.wrong_value"),
        ({"colour": "red"}, "request.wrong_value"),
        ({"at": 5}, "request.wrong_value"),
        ({"at": "2026-03-06T08:30"}, "clock.naive_time"),
        ({"at": "9999-12-31T00:00Z"}, "clock.out_of_range"),
        ({"at": "soon"}, "clock.not_a_moment"),
    ],
)
def test_every_field_has_its_type_and_its_bounds(
    client: TestClient, change: dict[str, Any], code: str
) -> None:
    """Nothing is turned into what somebody may have meant."""
    wish = {"part": "P-1", "units": 2, "at": "2026-03-06T08:30:00+08:00"} | change

    assert code_of(client.post("/wish", json=wish), 422) == code


@pytest.mark.parametrize(
    ("headers", "code", "status"),
    [
        ({}, "request.wrong_content_type", 415),
        ({"Content-Type": "text/plain"}, "request.wrong_content_type", 415),
        ({"Content-Type": "application/json; charset=latin-1"}, "request.wrong_content_type", 415),
        ({"Content-Type": "application/x-www-form-urlencoded"}, "request.wrong_content_type", 415),
        ({**JSON, "Content-Encoding": "gzip"}, "request.encoded_body", 415),
        (JSON, "request.duplicate_name", 400),
    ],
)
def test_only_plain_json_is_taken(
    client: TestClient, headers: dict[str, str], code: str, status: int
) -> None:
    """A browser's form can send text from another site without asking: it is no JSON."""
    body = b'{"part": "P-1", "part": "P-2"}'

    assert code_of(client.post("/wish", content=body, headers=headers), status) == code


def test_a_body_that_is_too_large_is_refused_before_it_is_read(client: TestClient) -> None:
    """Said by its length, or found out while it comes: memory has an end."""
    large = b" " * (MOST_JSON + 1)

    said = client.post("/wish", content=large, headers=JSON)
    found = client.post("/wish", content=iter([large[:MOST_JSON], b"  "]), headers=JSON)

    assert code_of(said, 413) == code_of(found, 413) == "request.body_too_large"
    assert code_of(client.post("/file", headers={"Content-Length": str(MOST_FILE + 1)}), 413)


def test_a_file_is_taken_as_it_is(client: TestClient) -> None:
    """A log that happens to be JSON is a file all the same."""
    answer = client.post("/file", content=b'{"a": NaN', headers=JSON)

    assert answer.json() == {"size": 9, "type": "application/json"}


def test_a_body_nobody_reads_is_not_dropped_in_silence(client: TestClient) -> None:
    """Whoever sends one believes that it counts."""
    assert client.post("/nothing").json() == {}
    assert code_of(client.post("/nothing", json={"parts": [1]}), 422) == "request.body_not_wanted"


@pytest.mark.parametrize(
    ("query", "accept", "file"),
    [
        ("", "*/*", False),
        ("", "text/csv", True),
        ("", "text/csv;q=0.9, */*", True),
        ("?format=csv", "application/json", True),
        ("?format=json", "text/csv", False),
    ],
)
def test_a_list_is_a_file_when_asked_for(client: TestClient, query: str, accept: str, *, file: bool) -> None:
    """By the address for people, by the header for programs; the address wins."""
    assert client.get(f"/list{query}", headers={"Accept": accept}).json() == {"file": file}
