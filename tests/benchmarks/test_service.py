"""The short form of `make bench-service`: the same loads for a moment, without anything that fails."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from benchmarks.bad_input import bad_requests
from benchmarks.load import Measured
from benchmarks.service import Figures, bad, lists, mixed, writes
from tests.dataset_builder import tiny

# Each starts a server as a process of its own and asks it for seconds.
pytestmark = pytest.mark.slow

SHORT = Figures(
    seconds=3, write_s=3, engineers=200, tickets=2000, asked=80, bad=800, inside=10, connections=4, servers=2
)


def check_nothing_failed(measured: Measured) -> None:
    """Every request was answered, none with 5xx."""
    assert measured.seconds
    assert measured.failed == 0, measured.wrong


def test_a_mixed_load_is_answered(tmp_path: Path) -> None:
    """Lists, tickets, reports and health at once on SQLite."""
    measured = mixed(f"sqlite:///{tmp_path}/mixed.db", tiny(tmp_path / "tiny"), SHORT)

    check_nothing_failed(measured)
    assert measured.statuses.keys() == {200, 201}


def test_writes_through_two_servers_are_answered(tmp_path: Path, make_postgresql: Any) -> None:
    """Two processes over one PostgreSQL."""
    measured = writes(make_postgresql(), tiny(tmp_path / "tiny"), SHORT)

    check_nothing_failed(measured)
    assert measured.statuses.keys() <= {200, 201}, measured.codes  # 200: a reservation given up


def test_lists_of_many_tickets_are_answered(tmp_path: Path) -> None:
    """Every page and every ticket that was put there is found."""
    measured = lists(f"sqlite:///{tmp_path}/lists.db", tiny(tmp_path / "tiny"), SHORT)

    check_nothing_failed(measured)
    assert measured.statuses.keys() == {200}
    assert len(measured.seconds) == SHORT.asked


def test_bad_input_is_refused_and_never_breaks_anything(tmp_path: Path) -> None:
    """Whatever is sent is answered within five seconds, with a code of ours and not with a defect."""
    measured = bad(f"sqlite:///{tmp_path}/bad.db", tiny(tmp_path / "tiny"), SHORT)

    check_nothing_failed(measured)
    assert sum(n for status, n in measured.statuses.items() if status >= 400) > SHORT.bad // 2
    assert measured.reached > SHORT.bad // 5, measured.codes.most_common(10)


def test_the_corpus_is_the_same_every_time_and_reaches_every_route() -> None:
    """What was found once is found again; a route without bad input would never be tried."""
    body = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/A"}}}}
    document = {
        "paths": {
            "/v1/a": {
                "get": {"parameters": [{"in": "query", "name": "limit"}]},
                "post": {"requestBody": body},
            },
            "/v1/a/{id}": {"get": {"parameters": [{"in": "path", "name": "id"}]}},
        },
        "components": {"schemas": {"A": {"type": "object", "properties": {"n": {"type": "integer"}}}}},
    }

    first, second = (list(islice(_corpus(document), 300)) for _ in range(2))

    assert first == second
    assert len(set(first)) == len(first)
    heads = [one.partition(b"\r\n")[0] for one in first]
    assert any(head.startswith(b"GET /v1/a/") for head in heads)
    assert any(head.startswith(b"POST /v1/a ") for head in heads)
    assert any(b"NaN" in one for one in first)
    assert all(json.dumps(head.decode("latin-1")) for head in heads)


def _corpus(document: Mapping[str, Any]) -> Iterator[bytes]:
    return bad_requests(document, [{}], seed=7)
