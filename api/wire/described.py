"""The OpenAPI document: what FastAPI finds out by itself, and what only we know: problems, keys, who may ask, examples."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse

from api.wire.examples import with_examples
from api.wire.version import SEEN_WANTED

KEY = "Idempotency-Key"

PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "What was refused and what to do about it (RFC 9457). `code` is for programs, `detail` for people, "
    "in the language of Accept-Language; every code stands in docs/refusals.md.",
    "required": ["type", "title", "status", "detail", "code", "params"],
    "properties": {
        "type": {"type": "string", "pattern": "^urn:fieldwright:problem:"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "params": {"type": "object", "description": "The values the sentence names."},
        "at": {
            "type": "object",
            "description": "Where in a file, or in a row by its column; line 0: not a line in particular.",
            "properties": {
                "file": {"type": "string"},
                "line": {"type": "integer"},
                "column": {"type": "string"},
            },
        },
        "problems": {
            "type": "array",
            "description": "All of them, where several things are wrong.",
            "items": {
                "type": "object",
                "required": ["code", "detail", "params"],
                "properties": {
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                    "params": {"type": "object"},
                    "at": {"type": "object"},
                },
            },
        },
    },
    "examples": [
        {
            "type": "urn:fieldwright:problem:database.key_reused",
            "title": "Not possible as asked",
            "status": 422,
            "detail": "The key K-1 came before with another request. Give this one a key of its own.",
            "code": "database.key_reused",
            "params": {"key": "K-1"},
        }
    ],
}
"""The shape of every answer that is none."""

PROBLEMS = {
    400: "NotUnderstood",
    401: "NotSignedIn",
    403: "NotAllowed",
    404: "NotThere",
    409: "InTheWay",
    412: "MovedOn",
    413: "TooLarge",
    415: "WrongKind",
    428: "VersionWanted",
    429: "TooMany",
    503: "NotNow",
}
"""Problems that many routes have, by status: their name in the document."""

_IN_A_WHILE = {
    "Retry-After": {"description": "Seconds until it is worth asking again.", "schema": {"type": "integer"}}
}

_UNUSED = ("HTTPValidationError", "ValidationError")


def describe(app: FastAPI, *, anybody: Collection[tuple[str, str]], statuses: Mapping[str, int]) -> None:
    """Have `app` give its OpenAPI document with problems, required keys, who may ask, and examples of what is answered.

    Args:
        app: with all its routes.
        anybody: routes (method, path) that ask nobody who they are.
        statuses: of problems, by code.
    """

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            made = get_openapi(
                title=app.title, version=app.version, description=app.description, routes=app.routes
            )
            components = made.setdefault("components", {})
            schemas = components.setdefault("schemas", {})
            schemas["Problem"] = PROBLEM
            components["responses"] = {name: _problem(status, statuses) for status, name in PROBLEMS.items()}
            components["securitySchemes"] = {
                "key": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "An API key, or a customer's link.",
                },
                "session": {"type": "apiKey", "in": "cookie", "name": "fieldwright"},
            }
            for method, path, operation in _operations(made):
                _complete(operation, asks=(method, path) not in anybody)
            for name in _UNUSED:
                schemas.pop(name, None)
            with_examples(made)
            app.openapi_schema = made
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]  # FastAPI's own way to extend the document

    def read(_: Request) -> JSONResponse:
        return JSONResponse(app.openapi())

    # In a thread: the first to ask waits a second for it, and nobody else should.
    app.add_route("/openapi.json", read, include_in_schema=False)


def _operations(document: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield method.upper(), path, operation


def _problem(status: int, statuses: Mapping[str, int]) -> dict[str, Any]:
    """What is answered with a status, with every code it may have."""
    codes = sorted(code for code, one in statuses.items() if one == status)
    told = ", ".join(f"`{code}`" for code in codes)
    return {
        "description": f"{HTTPStatus(status).phrase}. `code` is one of {told}.",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    } | ({"headers": _IN_A_WHILE} if status in {429, 503} else {})


def _problems(operation: Mapping[str, Any], *, asks: bool) -> list[int]:
    """The statuses of problems a route may have by what it takes."""
    given = operation.get("parameters", ())
    names = {parameter["name"] for parameter in given}
    told = {parameter.get("description") for parameter in given}
    found = {503}
    if asks:
        found |= {401, 403, 429}
    if "region" in names or any(parameter["in"] == "path" for parameter in given):
        found.add(404)
    if KEY in names:
        found |= {400, 409}
    if "If-Match" in names:
        found.add(412)
    if SEEN_WANTED in told:
        found.add(428)
    if "requestBody" in operation:
        found |= {400, 413, 415}
    return sorted(found)


def _complete(operation: dict[str, Any], *, asks: bool) -> None:
    responses = operation["responses"]
    responses.pop("422", None)
    for status in _problems(operation, asks=asks):
        responses[str(status)] = {"$ref": f"#/components/responses/{PROBLEMS[status]}"}
    responses["default"] = {
        "description": "Refused, with the code why: 422 where nothing else is said.",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for parameter in operation.get("parameters", ()):
        if parameter["name"] == KEY:
            parameter["required"] = True
            parameter["schema"].pop("default", None)
    if asks:
        operation["security"] = [{"key": []}, {"session": []}]
