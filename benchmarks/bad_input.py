"""Bad input for every route of the service, without end and always the same: what a broken or hostile client sends.

Each is a whole request on the wire, for a path of the service's own OpenAPI document: wrong words in paths, queries and
headers, bodies that are no JSON, JSON that is no value of ours, and values just beyond every bound.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from random import Random  # noqa: TID251 seeded below
from typing import Any
from urllib.parse import quote

from benchmarks.load import request

WORDS = (
    "", " ", "\x00", "\u202e", "\ud83d\ude00", "A" * 65, "A" * 5000, "..", "../../etc/passwd", "%00", "%ff%fe",
    "' OR 1=1 --", "{{7*7}}", "${jndi:ldap://x}", "=cmd|' /C calc'!A0", "<script>", "卡纸", "\r\nX-Injected: 1",
    "NaN", "Infinity", "-1", "1e309", "18446744073709551616", "null", "true", "[]", "9999-12-31T23:59:59Z",
    "2026-03-29T02:30:00", "2026-13-01", "0000-00-00", "1969-12-31T23:59:59Z", "91", "-181",
)  # fmt: skip
"""Words where an id, a number, a moment or a text is wanted."""

VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 2**63, 2**66, -(2**66), 1e308, 0.5, "", "\x00", "A" * 5000, "A" * 65, [], {}, [[]], {"a": {}},
    "9999-12-31T23:59:59Z", "2026-03-06T16:00", "=1+1", "卡纸", ["A"] * 3000, {"A": 1}, 91.0, -181.0,
)  # fmt: skip
"""Values where another is wanted."""

RAW = (
    b"", b"{", b"}", b"[", b"nul", b'{"a": NaN}', b'{"a": Infinity}', b'{"a": -Infinity}', b'{"a": 1, "a": 2}',
    b'{"a": "\\ud800"}', b'{"a": "\xff\xfe"}', b"\xef\xbb\xbf{}", b"[" * 20_000, b'{"a":' * 5000, b"1" * 5000,
    b'{"a": 1e99999}', b'{"a": "\x00"}', b'"', b"{}{}", b"\x00\x00\x00", b'{"a": "' + b"x" * 200_000 + b'"}',
)  # fmt: skip
"""Bodies that are no JSON, or none anybody should take."""

KINDS = (
    "application/json",
    "text/plain",
    "application/xml",
    "multipart/form-data; boundary=x",
    "",
    "application/json; charset=utf-16",
)

HEADERS: tuple[dict[str, str], ...] = (
    {"Idempotency-Key": "A" * 300}, {"Idempotency-Key": "\x7f"}, {"If-Match": "x"}, {"If-Match": "*"}, {"Accept": "text/csv"},
    {"Accept": "x" * 2000}, {"Accept-Language": "zh;q=x"}, {"Last-Event-ID": "x"}, {"Content-Encoding": "gzip"},
    {"X-Request-Id": "x" * 500}, {"Authorization": "Bearer x"}, {"Authorization": "Basic x"}, {"Cookie": "fieldwright=x"},
    {"Origin": "null"}, {"X-HTTP-Method-Override": "DELETE"}, {"Range": "bytes=0-0"}, {},
)  # fmt: skip

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD_", "OPTIONS", "TRACE", "PROPFIND")

STREAMS = frozenset({"/v1/events"})
"""Answers that do not end are no bad input."""


def bad_requests(document: Mapping[str, Any], headers: Mapping[str, str], *, seed: int) -> Iterator[bytes]:
    """Requests without end for the routes of an OpenAPI document."""
    chance = Random(seed)  # noqa: S311 a seeded corpus, no secret
    routes = [
        (path, method.upper(), told)
        for path, methods in sorted(document["paths"].items())
        for method, told in sorted(methods.items())
        if path not in STREAMS
    ]
    count = 0
    while True:
        for path, method, told in routes:
            count += 1
            yield _bad(
                chance, path, method, told, document, {**headers, "Idempotency-Key": f"bad-{seed}-{count}"}
            )


def _bad(
    chance: Random,
    path: str,
    method: str,
    told: Mapping[str, Any],
    document: Mapping[str, Any],
    headers: dict[str, str],
) -> bytes:
    for parameter in told.get("parameters", ()):
        if parameter["in"] == "path":
            word = chance.choice(WORDS) if chance.random() < 0.7 else "T-1"
            path = path.replace("{" + parameter["name"] + "}", _quoted(word) or "%20")
    query = [
        f"{parameter['name']}={_quoted(chance.choice(WORDS))}"
        for parameter in told.get("parameters", ())
        if parameter["in"] == "query" and chance.random() < 0.3
    ]
    if chance.random() < 0.1:
        query.append(f"{_quoted(chance.choice(WORDS))}={_quoted(chance.choice(WORDS))}")
    if query and chance.random() < 0.1:
        query.append(query[0])
    where = f"{path}?{'&'.join(query)}" if query else path
    if chance.random() < 0.03:
        method = chance.choice(METHODS)
    sent = headers | (chance.choice(HEADERS) if chance.random() < 0.2 else {})
    if "requestBody" not in told:
        body = chance.choice(RAW) if chance.random() < 0.05 else None
        return request(method, where, sent, body)
    if chance.random() < 0.35:
        return request(method, where, sent, chance.choice(RAW), kind=chance.choice(KINDS))
    schema = next(iter(told["requestBody"]["content"].values())).get("schema", {})
    body = json.dumps(_value(chance, schema, document, depth=0)).encode()
    kind = "application/json" if chance.random() < 0.95 else chance.choice(KINDS)
    return request(method, where, sent, body, kind=kind)


def _quoted(word: str) -> str:
    return quote(word.encode("utf-8", "surrogatepass"), safe="")


def _value(chance: Random, schema: Mapping[str, Any], document: Mapping[str, Any], *, depth: int) -> Any:
    """A value nearly as the schema wants it: one place in four is wrong."""
    if chance.random() < 0.25 or depth > 6:
        return chance.choice(VALUES)
    if "$ref" in schema:
        found: Any = document
        for part in schema["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        return _value(chance, found, document, depth=depth)
    for several in ("anyOf", "oneOf"):
        if several in schema:
            return _value(chance, chance.choice(schema[several]), document, depth=depth)
    if "enum" in schema:
        return chance.choice(schema["enum"])
    match schema.get("type"):
        case "object":
            made = {
                name: _value(chance, one, document, depth=depth + 1)
                for name, one in schema.get("properties", {}).items()
                if name in schema.get("required", ()) or chance.random() < 0.5
            }
            return made | ({"unknown": 1} if chance.random() < 0.05 else {})
        case "array":
            one = schema.get("items", {})
            return [_value(chance, one, document, depth=depth + 1) for _ in range(chance.randrange(3))]
        case "integer" | "number":
            return chance.choice(
                (0, 1, 7, -1, schema.get("minimum", 0) - 1, schema.get("maximum", 10**9) + 1)
            )
        case "boolean":
            return chance.random() < 0.5
        case _:
            if schema.get("format") == "date-time":
                return chance.choice(
                    ("2026-03-06T08:00:00Z", "2026-03-06T08:00:00", "9999-12-31T23:59:59Z", "x")
                )
            return chance.choice(("A", "T-1", "S1", "P1", "A" * int(schema.get("maxLength", 10) + 1)))
