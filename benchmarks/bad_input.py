"""Bad input for every route of the service, without end and always the same: what a broken or hostile client sends.

Each is a whole request on the wire, for a path of the service's own OpenAPI document: wrong words in paths, queries and
headers, bodies that are no JSON, JSON that is no value of ours, and values just beyond every bound.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random  # noqa: TID251 seeded below
from types import MappingProxyType
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

MOMENTS = ("2026-03-06T08:00:00Z", "2026-03-06T08:00:00", "9999-12-31T23:59:59Z", "x")

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD_", "OPTIONS", "TRACE", "PROPFIND")

STREAMS = frozenset({"/v1/events"})
"""Answers that do not end are no bad input."""


def bad_requests(
    document: Mapping[str, Any],
    askers: Sequence[Mapping[str, str]],
    known: Mapping[str, Sequence[str]] = MappingProxyType({}),
    *,
    seed: int,
) -> Iterator[bytes]:
    """Requests without end for the routes of an OpenAPI document.

    Args:
        document: the service's.
        askers: headers of people of several roles; one listed often asks often.
        known: ids that are there, by the name of a parameter or of a field; half of the requests name one, so that
            they come as far as a rule.
        seed: of the corpus; the same gives the same.
    """
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
            headers = {**chance.choice(askers), "Idempotency-Key": f"bad-{seed}-{count}"}
            yield _Bad(chance, document, known).request(path, method, told, headers)


@dataclass(frozen=True, slots=True)
class _Bad:
    chance: Random
    document: Mapping[str, Any]
    known: Mapping[str, Sequence[str]]

    def request(self, path: str, method: str, told: Mapping[str, Any], headers: dict[str, str]) -> bytes:
        chance = self.chance
        where = self._where(path, told)
        if chance.random() < 0.03:
            method = chance.choice(METHODS)
        sent = headers | (chance.choice(HEADERS) if chance.random() < 0.1 else {})
        if "requestBody" not in told:
            return request(method, where, sent, chance.choice(RAW) if chance.random() < 0.05 else None)
        if chance.random() < 0.2:
            return request(method, where, sent, chance.choice(RAW), kind=chance.choice(KINDS))
        schema = next(iter(told["requestBody"]["content"].values())).get("schema", {})
        examples = self._found(schema).get("examples")
        if examples and chance.random() < 0.6:
            value = self._bent(self._named(chance.choice(examples)))
        else:
            value = self._value(schema, depth=0)
        kind = "application/json" if chance.random() < 0.95 else chance.choice(KINDS)
        return request(method, where, sent, json.dumps(value).encode(), kind=kind)

    def _where(self, path: str, told: Mapping[str, Any]) -> str:
        """The path with its query: words for its parameters, half of them ids that are there."""
        chance = self.chance
        for one in told.get("parameters", ()):
            if one["in"] == "path":
                path = path.replace("{" + one["name"] + "}", _quoted(self._word(one["name"])) or "%20")
        query = [
            f"{one['name']}={_quoted(self._word(one['name']))}"
            for one in told.get("parameters", ())
            # A region nobody has ends the request at the door.
            if one["in"] == "query" and chance.random() < (0.05 if one["name"] == "region" else 0.2)
        ]
        if chance.random() < 0.05:
            query.append(f"{_quoted(chance.choice(WORDS))}={_quoted(chance.choice(WORDS))}")
        if query and chance.random() < 0.05:
            query.append(query[0])
        return f"{path}?{'&'.join(query)}" if query else path

    def _word(self, name: str) -> str:
        there = self.known.get(name)
        return (
            self.chance.choice(there) if there and self.chance.random() < 0.6 else self.chance.choice(WORDS)
        )

    def _named(self, value: Any, name: str = "") -> Any:
        """An example with ids that are there."""
        if isinstance(value, dict):
            return {key: self._named(one, key) for key, one in value.items()}
        if isinstance(value, list):
            return [self._named(one, name) for one in value]
        return (
            self.chance.choice(self.known[name]) if isinstance(value, str) and self.known.get(name) else value
        )

    def _bent(self, value: Any) -> Any:
        """The same with one place changed, or one name too many or too few."""
        chance = self.chance
        if isinstance(value, dict) and value and chance.random() < 0.9:
            name = chance.choice(sorted(value))
            turn = chance.random()
            if turn < 0.1:
                return {key: one for key, one in value.items() if key != name}
            return value | ({"unknown": 1} if turn < 0.15 else {name: self._bent(value[name])})
        if isinstance(value, list) and value and chance.random() < 0.7:
            at = chance.randrange(len(value))
            return [*value[:at], self._bent(value[at]), *value[at + 1 :]]
        if isinstance(value, str):
            return chance.choice((*WORDS, *VALUES))
        if isinstance(value, int | float):
            return chance.choice((0, -1, 1, 7, value + 1, 10**6, 10**9, 2**53, 0.5, *VALUES))
        return chance.choice(VALUES)

    def _found(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        """What a schema refers to, or itself."""
        found: Any = self.document if "$ref" in schema else schema
        for part in schema.get("$ref", "").removeprefix("#/").split("/") if "$ref" in schema else ():
            found = found[part]
        named: Mapping[str, Any] = found
        return named

    def _value(self, schema: Mapping[str, Any], *, depth: int) -> Any:
        """A value nearly as the schema wants it: one place in four is wrong."""
        chance = self.chance
        if chance.random() < 0.25 or depth > 6:
            return chance.choice(VALUES)
        schema = self._found(schema)
        for several in ("anyOf", "oneOf"):
            if several in schema:
                return self._value(chance.choice(schema[several]), depth=depth)
        if "enum" in schema:
            return chance.choice(schema["enum"])
        match schema.get("type"):
            case "object":
                made = {
                    name: self._value(one, depth=depth + 1)
                    for name, one in schema.get("properties", {}).items()
                    if name in schema.get("required", ()) or chance.random() < 0.5
                }
                return made | ({"unknown": 1} if chance.random() < 0.05 else {})
            case "array":
                return [
                    self._value(schema.get("items", {}), depth=depth + 1) for _ in range(chance.randrange(3))
                ]
            case "integer" | "number":
                least, most = schema.get("minimum", 0), schema.get("maximum", 10**9)
                return chance.choice((0, 1, 7, -1, least - 1, most + 1))
            case "boolean":
                return chance.random() < 0.5
            case _:
                if schema.get("format") == "date-time":
                    return chance.choice(MOMENTS)
                return chance.choice(("A", "T-1", "S1", "P1", "A" * int(schema.get("maxLength", 10) + 1)))


def _quoted(word: str) -> str:
    return quote(word.encode("utf-8", "surrogatepass"), safe="")
