"""From a simulated scenario to a change asked for and decided, over HTTP, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.cli import commands
from api.cli.app import run as run_command
from storage.check import untrue
from storage.database import Database
from storage.tables.people import Role
from tests.api.http.test_reading_routes import code_of
from tests.api.http.test_scenarios import SMALL, asked, worked
from tests.api.http.test_tickets import keyed

assert commands.__doc__  # importing it registers the commands

BUSIER = {"table": {"name": "Busier", "name_zh": "更忙", "demand": [{"factor": 1.5}]}}
WORK: dict[str, Any] = {
    "base": {**SMALL, "days": 2},
    "scenarios": [{"id": "more", "patches": [{"library": "office_second_technician"}, BUSIER]}],
    "replications": 2,
}


def test_a_scenario_becomes_requests_that_somebody_else_decides(
    client: TestClient,
    stored: Database,
    tiny_url: str,
    as_role: Callable[..., dict[str, str]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """One request each patch with the figures it was seen with; nobody's own; every step kept; nothing edited."""
    run = asked(client, WORK).removeprefix("/v1/scenarios/")
    body = {"run": run, "scenario": "more", "reason": "worth it"}
    director = as_role(Role.DIRECTOR)

    early = client.post("/v1/change-requests", json=body, headers=keyed("early"))
    worked(stored)
    engineers = client.get("/v1/engineers").json()
    made = client.post("/v1/change-requests", json=body, headers=keyed("ask"))
    again = client.post("/v1/change-requests", json=body, headers=keyed("ask"))
    twice = client.post("/v1/change-requests", json={**body, "patches": [2]}, headers=keyed("once more"))
    rows = client.get("/v1/change-requests", headers={"Accept-Language": "zh-Hans"}).json()["rows"]

    assert code_of(early) == "change.not_simulated"
    assert made.status_code == 201, made.text
    assert code_of(twice) == "change.asked_already"
    assert made.json() == again.json() == {"requests": ["CR-0001", "CR-0002"]}
    assert [one["lists"] for one in rows] == [["engineers"], ["demand"]]
    assert [one["patch"] for one in rows] == [{"library": "office_second_technician"}, BUSIER]
    assert rows[1]["name"] == "更忙"
    assert {one["together"] for one in rows} == {2}
    figures = client.get(f"/v1/scenarios/{run}/files/scenarios.json").json()["scenarios"][1]["figures"]
    cost = next(one for one in rows[0]["figures"] if one["figure"] == "cost_week")
    assert cost["mean"] == figures["cost_week"]["mean"]
    assert cost["effect"] == figures["cost_week"]["change"]["effect"]
    assert not any(one["is_mine"] for one in rows)

    def step(request: str, word: str, key: str, reason: str = "", **more: str) -> Any:
        return client.post(
            f"/v1/change-requests/{request}/steps",
            json={"step": word, "reason": reason},
            headers={**keyed(key), **more},
        )

    assert code_of(step("CR-0001", "accepted", "own")) == "change.own_request"
    mine = client.get("/v1/change-requests", params={"mine": True}, headers=director).json()["rows"]
    assert [one["request"] for one in mine] == ["CR-0001", "CR-0002"]
    assert step("CR-0001", "accepted", "yes", **director).status_code == 200
    assert code_of(step("CR-0002", "declined", "mute", **director)) == "change.reason_missing"
    assert step("CR-0002", "declined", "no", "no money", **director).status_code == 200
    assert code_of(step("CR-0002", "accepted", "late", **director)) == "change.cannot_follow"
    assert code_of(step("CR-0009", "accepted", "none", **director)) == "change.not_asked"
    assert step("CR-0001", "done", "done").json() == {"request": "CR-0001", "step": "done"}

    after = client.get("/v1/change-requests", params={"decided": True}).json()["rows"]
    assert client.get("/v1/change-requests").json()["rows"] == []
    assert [[said["step"] for said in one["steps"]] for one in after] == [["accepted", "done"], ["declined"]]
    assert after[1]["steps"][0]["reason"] == "no money"
    table = client.get("/v1/change-requests", params={"decided": True}, headers={"Accept": "text/csv"}).text
    assert "CR-0002" in table
    assert client.get("/v1/engineers").json() == engineers
    assert untrue(stored) == []
    capsys.readouterr()
    assert run_command(["approvals", "changes", "--database", tiny_url, "--decided"]) == 0
    told = capsys.readouterr().out
    assert "CR-0001 · done" in told
    assert "CR-0002 · declined · Busier" in told


def test_who_may_not_simulate_may_not_ask_nor_decide(
    client: TestClient, as_role: Callable[..., dict[str, str]]
) -> None:
    """A dispatcher reads what is asked for."""
    dispatcher = as_role(Role.DISPATCHER)
    body = {"run": "none", "scenario": "more"}

    assert client.get("/v1/change-requests", headers=dispatcher).status_code == 200
    assert (
        code_of(client.post("/v1/change-requests", json=body, headers={**keyed("a"), **dispatcher}))
        == "right.denied"
    )
    assert (
        code_of(
            client.post(
                "/v1/change-requests/CR-0001/steps",
                json={"step": "done"},
                headers={**keyed("b"), **dispatcher},
            )
        )
        == "right.denied"
    )
