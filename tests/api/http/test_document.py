"""The OpenAPI document: whole, with examples, problems and keys, and nothing in it that is not there."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from jsonschema_rs import Draft202012Validator
from pydantic import TypeAdapter

from api.app import make_app
from api.auth.door import OPEN
from api.errors import STATUS
from api.wire.example_words import OF_SHAPE, SECONDS, UNSHAPED
from dispatch.plan import CostTerms, Plan
from storage.database import Database
from storage.plan_document import SCHEMA_VERSION, PlanFile, PlanHead, plan_document
from tests.api.http.conftest import AS_OF
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


NO_VERSION_WANTED = {
    "DELETE /v1/absences/{absence}",
    "DELETE /v1/on-call/{on_call}",
    "DELETE /v1/part-classes/{part}",
    "DELETE /v1/reinspection-rules/{part_class}",
    "DELETE /v1/shifts/{shift}",
    "POST /v1/tickets/{ticket}/events",
    "POST /v1/tickets/{ticket}/work",
    "PUT /v1/addresses",
    "PUT /v1/users/{user}/password",
    "PUT /v1/users/{user}/role",
    "PUT /v1/users/{user}/shown-name",
}
"""Writes that may be held to what was seen and stand without: they take away, add to what is there, or say one thing of it anew."""


def test_who_replaces_something_is_told_to_say_what_he_saw(app: FastAPI) -> None:
    """428 stands at the routes that may answer so, and at no other that takes If-Match."""
    held, wanted = set(), set()
    for method, path, operation in operations(app.openapi()):
        if any(parameter["name"] == "If-Match" for parameter in operation.get("parameters", ())):
            held.add(f"{method} {path}")
        if operation["responses"].get("428") is not None:
            wanted.add(f"{method} {path}")
            assert operation["responses"]["428"] == {"$ref": "#/components/responses/VersionWanted"}

    assert held - wanted == NO_VERSION_WANTED
    assert wanted <= held
    assert {
        "PUT /v1/engineers/{engineer}",
        "DELETE /v1/customers/{customer}/receiver",
        "PUT /v1/parts/{part}/terms",
        "PUT /v1/practice",
    } <= wanted


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


def examples(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], list[Any]]]:
    """Every body in JSON that is taken, or given when all is well: where, its schema, its examples."""
    for method, path, operation in operations(document):
        bodies = [(f"{method} {path}", operation.get("requestBody", {}))]
        bodies += [
            (f"{method} {path} {status}", answer)
            for status, answer in operation["responses"].items()
            if status.startswith("2")
        ]
        for where, body in bodies:
            told = body.get("content", {}).get("application/json")
            if told is None:
                continue
            schema = told.get("schema", {})
            shape = document["components"]["schemas"].get(schema.get("$ref", "").rpartition("/")[2], {})
            yield where, schema, [told["example"]] if "example" in told else shape.get("examples", [])


def test_every_body_has_an_example_of_its_shape(app: FastAPI) -> None:
    """What is taken and what is given can be seen before the first request, and is what the schema says."""
    document = app.openapi()
    found = list(examples(document))
    shown = [(where, schema, example) for where, schema, some in found for example in some]
    # All at once: what is judged by one schema is read once.
    whole = Draft202012Validator(
        {"components": document["components"], "prefixItems": [schema for _, schema, _ in shown]},
        validate_formats=True,
    )
    wrong = [
        f"{shown[int(one.instance_path[0])][0]}: {one.instance_path[1:]}: {one.message}"
        for one in whole.iter_errors([example for _, _, example in shown])
    ]

    assert [where for where, _, some in found if not some] == []
    assert wrong == []
    assert len(shown) >= 400


def test_no_example_says_the_name_of_its_property_only(app: FastAPI) -> None:
    """A field that is new and has no word yet (api/wire/example_words.py) teaches nobody what stands in it."""

    def nameless(value: Any, name: str = "") -> Iterator[str]:
        if isinstance(value, dict):
            for key, one in value.items():
                yield from nameless(one, key)
        elif isinstance(value, list):
            for one in value:
                yield from nameless(one, name)
        elif value == name:
            yield name

    shown = {name for _, _, found in examples(app.openapi()) for one in found for name in nameless(one)}

    assert shown == set()


def test_the_document_is_the_same_each_time(app: FastAPI, stored: Database) -> None:
    """Nothing in it is drawn: a program made from it yesterday compares it with today's."""
    again = make_app(stored, settings=QUICK)

    assert json.dumps(again.openapi()) == json.dumps(app.openapi())


def test_what_has_an_example_of_its_own_is_there_and_says_what_is_said(app: FastAPI) -> None:
    """An answer whose shape is written down elsewhere: its path, its meanings and its plan are those of today."""
    document = app.openapi()
    shapes = document["components"]["schemas"]
    head = PlanHead("R1", "d", "p", AS_OF, AS_OF, "Asia/Shanghai", "CNY")

    assert UNSHAPED.keys() <= document["paths"].keys()
    assert (
        UNSHAPED["/v1/plans/{plan}"].keys() == plan_document(PlanFile(head, Plan((), (), CostTerms()))).keys()
    )
    assert UNSHAPED["/v1/plans/{plan}"]["schema_version"] == SCHEMA_VERSION
    assert {f"{shape}.{name}" for shape, words in OF_SHAPE.items() for name in words} - {
        f"{shape}.{name}" for shape in shapes for name in (*shapes[shape].get("properties", {}), *SECONDS)
    } == set()


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
