"""Requests made from the service's own description by Schemathesis: what it allows, and what breaks it in one place.

They are made before they are sent: to make one costs more than to answer it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random  # noqa: TID251 seeded below
from typing import Any

import requests
import schemathesis
from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.transport.requests import REQUESTS_TRANSPORT

from benchmarks.bad_input import STREAMS
from benchmarks.load import request

NOWHERE = "http://there"
OWN = frozenset(
    {"authorization", "idempotency-key", "cookie", "host", "content-length", "content-type", "connection"}
)
"""Headers that are ours to say: a made-up key would end every request at the door."""


@REQUESTS_TRANSPORT.serializer("application/toml", "application/zip")
def _file(_: Any, value: Any) -> dict[str, Any]:
    """A scheme's or a region's file as it was made up: bytes as they are, anything else as the words for it."""
    return {"data": value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")}


def schema_requests(
    document: Mapping[str, Any],
    askers: Sequence[Mapping[str, str]],
    known: Mapping[str, Sequence[str]],
    *,
    each: int,
    number: int,
) -> list[bytes]:
    """Make requests for every operation of an OpenAPI document; the same number gives the same ones.

    Args:
        document: the service's.
        askers: headers of people of several roles, in turn.
        known: ids that are there by the name of a parameter: every second path gets one.
        each: allowed ones for each operation, and as many broken ones.
        number: of the corpus.
    """
    chance = Random(number)  # noqa: S311 a seeded corpus, no secret
    made: list[bytes] = []

    def note(case: Any) -> None:
        case.path_parameters = {
            name: chance.choice(known[name]) if name in known and chance.random() < 0.5 else word
            for name, word in (case.path_parameters or {}).items()
        }
        if isinstance(case.query, dict) and chance.random() < 0.8:
            case.query.pop("region", None)  # a region nobody has ends the request at the door
        made.append(_wire(case, askers[len(made) % len(askers)], f"schema-{number}-{len(made)}"))

    schema: Any = schemathesis.openapi.from_dict(dict(document))
    for found in schema.get_all_operations():
        operation = found.ok()
        if operation.path in STREAMS:
            continue
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            try:
                _drawn(operation.as_strategy(generation_mode=mode), note, each=each, number=number)
            except Unsatisfiable:  # an operation without parameters cannot be asked wrongly
                continue
    return made


def _drawn(cases: Any, note: Any, *, each: int, number: int) -> None:
    @seed(number)
    @settings(
        max_examples=each,
        database=None,
        phases=[Phase.generate],
        deadline=None,
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.quiet,
    )
    @given(case=cases)
    def draw(case: Any) -> None:
        note(case)

    draw()


def _wire(case: Any, asker: Mapping[str, str], key: str) -> bytes:
    """A case as it goes over the wire."""
    told = requests.Request(**case.as_transport_kwargs(base_url=NOWHERE)).prepare()
    body = told.body.encode() if isinstance(told.body, str) else told.body
    assert body is None or isinstance(body, bytes)
    said = {name: _text(value) for name, value in told.headers.items()}
    headers = {name: value for name, value in said.items() if name.lower() not in OWN and value.isprintable()}
    headers |= {**asker, "Idempotency-Key": key}
    kind = said.get("Content-Type", "application/json")
    return request(str(told.method), told.path_url, headers, body, kind=kind)


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value
