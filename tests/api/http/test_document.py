"""The OpenAPI document: whole, with examples, problems and keys, and nothing in it that is not there."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from pydantic import TypeAdapter

from api.app import make_app
from api.auth.door import OPEN
from api.errors import STATUS
from storage.database import Database
from tests.people_builders import QUICK


@pytest.fixture
def app(stored: Database) -> FastAPI:
    """The application, not started."""
    return make_app(stored, settings=QUICK)


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every method of every path."""
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield method.upper(), path, operation


def test_every_reference_of_the_document_is_there(app: FastAPI) -> None:
    """A program that reads it must not fall over its own links."""
    document = app.openapi()
    known = document["components"]["schemas"]

    named = set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(document)))

    assert document["openapi"].startswith("3.1")
    assert named <= known.keys()
    assert "HTTPValidationError" not in known


def test_every_shape_has_a_name_of_its_own(app: FastAPI) -> None:
    """Two of one name are told apart by where we keep them, or which way they go: a client written from this would say so too."""
    shapes = app.openapi()["components"]["schemas"]

    assert "ChargeOut" in shapes
    assert [name for name in shapes if "__" in name or name.endswith(("-Input", "-Output"))] == []


def test_every_operation_names_its_problems_and_who_may_ask(app: FastAPI) -> None:
    """What a client has to handle stands beside what it asks for."""
    for method, path, operation in operations(app.openapi()):
        assert "application/problem+json" in operation["responses"]["default"]["content"]
        assert ("security" in operation) == ((method, path) not in OPEN), (method, path)
        assert operation.get("description") or operation.get("summary")


def test_what_a_route_takes_says_which_problems_it_has(app: FastAPI) -> None:
    """A client knows before its first mistake: who has to sign in, what is not there, what came meanwhile, when to ask again."""
    document = app.openapi()
    told = document["components"]["responses"]
    named = {name: set(re.findall(r"`([a-z_]+\.[a-z_]+)`", one["description"])) for name, one in told.items()}

    for method, path, operation in operations(document):
        has = {one["$ref"].rpartition("/")[2] for one in operation["responses"].values() if "$ref" in one}
        takes = {parameter["name"] for parameter in operation.get("parameters", ())}
        assert has <= told.keys()
        assert "NotNow" in has
        assert ({"NotSignedIn", "NotAllowed", "TooMany"} <= has) == ((method, path) not in OPEN), path
        assert ("MovedOn" in has) == ("If-Match" in takes)
        assert ("InTheWay" in has) == ("Idempotency-Key" in takes)
        assert "NotThere" in has or "{" not in path
    assert named["NotSignedIn"] == {code for code, status in STATUS.items() if status == 401}
    assert named["MovedOn"] == {"register.moved_on", "desk.ticket_moved_on"}


def test_every_write_asks_for_a_key(app: FastAPI) -> None:
    """What keeps something is safe to send again; what keeps nothing needs no key."""
    keeps_nothing = {
        "/v1/visits/{visit}/preview",
        "/v1/board/what-if",
        "/v1/board/what-if/candidates",
        "/v1/board/what-if/preview",
    }
    for method, path, operation in operations(app.openapi()):
        needed = any(
            parameter["name"] == "Idempotency-Key" and parameter["required"]
            for parameter in operation.get("parameters", ())
        )
        if method in {"GET", "HEAD"} or path in keeps_nothing or (method, path) in OPEN:
            assert not needed
        elif path.startswith(
            ("/v1/tickets", "/v1/board", "/v1/plans", "/v1/runs", "/v1/visits", "/v1/engineers", "/v1/duties")
        ):
            assert needed, (method, path)


def test_every_example_is_taken_by_its_own_shape(app: FastAPI) -> None:
    """An example that is refused teaches the wrong thing."""
    checked = 0
    for route in iter_route_contexts(app.routes):
        field = getattr(route, "body_field", None)
        shape: Any = field.field_info.annotation if field is not None else None
        config = getattr(shape, "model_config", {})
        for example in (config.get("json_schema_extra") or {}).get("examples", ()):
            TypeAdapter(shape).validate_python(example)
            checked += 1

    assert checked >= 9
