"""What an operator sees of the service: numbers, lines with the request's number, and nothing about people."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Callable, Iterator

import pytest
import structlog
from fastapi.testclient import TestClient
from starlette.requests import Request

from api.logs import log_to
from api.routes.metrics import from_this_machine
from api.settings import Settings
from storage.database import Database
from storage.tables.people import Role


@pytest.fixture
def lines() -> Iterator[Callable[[], list[dict[str, object]]]]:
    """The log's lines so far, while the test lasts."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    said = io.StringIO()
    log_to(said, Settings.model_construct())
    yield lambda: [json.loads(line) for line in said.getvalue().splitlines()]
    root.handlers[:] = before
    root.setLevel(level)
    logging.getLogger("uvicorn.access").disabled = False
    structlog.reset_defaults()


def request(host: str = "127.0.0.1", **headers: str) -> Request:
    """A request from somewhere."""
    listed = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "client": (host, 1), "headers": listed})


def test_every_answer_carries_the_requests_number(client: TestClient) -> None:
    """The caller's own, where it can stand in a log; a new one otherwise."""
    given = client.get("/healthz", headers={"X-Request-Id": "abc-12345"}).headers["x-request-id"]
    unusable = client.get("/healthz", headers={"X-Request-Id": 'a"\\b c d e f'}).headers["x-request-id"]
    refused = client.get("/nothing").headers["x-request-id"]

    assert given == "abc-12345"
    assert re.fullmatch(r"[0-9a-f]{16}", unusable)
    assert re.fullmatch(r"[0-9a-f]{16}", refused)


def test_a_line_says_the_route_and_never_what_was_asked(
    client: TestClient, lines: Callable[[], list[dict[str, object]]]
) -> None:
    """Paths and queries hold names, numbers and tokens; logs are kept for years and read by many."""
    client.get("/v1/tickets?region=R1&limit=7", headers={"X-Request-Id": "req-000001"})
    client.get("/v1/plans/secret-plan", headers={"X-Request-Id": "req-000002"})
    client.get("/wp-admin/secret-path", headers={"X-Request-Id": "req-000003"})

    found = [line for line in lines() if line.get("event") == "request"]

    assert [(line["request"], line["status"]) for line in found] == [
        ("req-000001", 200),
        ("req-000002", 404),
        ("req-000003", 404),
    ]
    assert found[0]["route"] == "/v1/tickets"
    assert str(found[1]["route"]).startswith("/v1/plans/{plan")
    assert found[2]["route"] == "unknown"
    assert "secret" not in json.dumps(found)
    assert "R1" not in json.dumps(found)


def test_metrics_count_requests_by_route(client: TestClient, as_role: Callable[..., dict[str, str]]) -> None:
    """Names of parameters, never their values: a number for each ticket would fill any watcher's memory."""
    for number in range(3):
        client.get(f"/v1/plans/p-{number}")

    text = client.get("/metrics", headers=as_role(Role.INTEGRATION)).text

    assert re.search(
        r'fieldwright_requests_total\{method="GET",route="/v1/plans/\{plan[^"]*",status="404"\} 3\.0', text
    )
    assert "p-1" not in text
    assert re.search(r"^fieldwright_run_wait_seconds 0\.0$", text, re.MULTILINE)
    assert re.search(r"^fieldwright_outbox_dead 0\.0$", text, re.MULTILINE)
    assert re.search(r'fieldwright_request_seconds_bucket\{le="0\.25",method="GET"', text)


def test_metrics_need_a_right_from_anywhere_but_this_machine(
    client: TestClient, as_role: Callable[..., dict[str, str]]
) -> None:
    """The test's client is no address of this machine."""
    stranger = client.get("/metrics", headers={"Authorization": ""})
    dispatcher = client.get("/metrics", headers=as_role(Role.DISPATCHER))

    assert stranger.status_code == 401
    assert dispatcher.status_code == 403


def test_a_request_that_a_proxy_passes_on_is_not_of_this_machine() -> None:
    """It comes from the loopback address too; whoever it is for stands in its headers."""
    assert from_this_machine(request())
    assert from_this_machine(request("::1"))
    assert not from_this_machine(request("10.0.0.1"))
    assert not from_this_machine(request("testclient"))
    assert not from_this_machine(request(x_forwarded_for="10.0.0.1"))
    assert not from_this_machine(request(forwarded="for=10.0.0.1"))
    assert not from_this_machine(request(via="1.1 proxy"))


def test_metrics_are_there_without_a_database(
    client: TestClient, stored: Database, as_role: Callable[..., dict[str, str]]
) -> None:
    """When the database is away is when somebody looks at them."""
    from api.metrics import Metrics
    from kernel.errors import Refusal

    def away() -> dict[str, float]:
        raise Refusal("database.unreachable", database="d")

    metrics = Metrics(away)
    metrics.answered("GET", "/healthz", 200, 0.01, stream=False)

    assert b"fieldwright_requests_total" in metrics.text()
    assert b"fieldwright_outbox_dead" not in metrics.text()
