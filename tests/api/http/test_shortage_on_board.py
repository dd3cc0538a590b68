"""A part missing for the next van, end to end: the storekeeper says so, and the dispatcher's board says so at once."""

from __future__ import annotations

from typing import Any

from fastapi.testclient import TestClient

from storage.database import Database
from tests.api.http.test_plans import made
from tests.api.http.test_quality import stored
from tests.api.http.test_tickets import keyed

__all__ = ["stored"]


def on_board(client: TestClient, visit: str) -> Any:
    """The visit as the board shows it."""
    return next(row for row in client.get("/v1/board").json()["visits"] if row["id"] == visit)


def test_what_is_not_on_the_shelf_any_more_takes_its_visit_off_the_plan_at_once(
    client: TestClient, stored: Database
) -> None:
    """Counted as not there before its van leaves, a published visit lists among what broke, not as a visit nobody planned."""
    plan = made(client, stored)
    client.post(f"/v1/plans/{plan}/publish", headers=keyed("publish"))
    before = on_board(client, "V2")

    line = {"part": "P1", "place": "D1", "counted": 0}
    found = client.post("/v1/counts", json={"document": "CT-1", "counts": [line]}, headers=keyed("found"))
    after = on_board(client, "V2")

    assert found.status_code == 201, found.text
    assert (before["start"] is None, before["fell_out"]) == (False, False)
    assert (after["start"], after["fell_out"]) == (None, True)
    assert not on_board(client, "V1")["fell_out"]


def test_what_the_store_cannot_stage_stands_at_its_visit_on_the_board_until_it_is_there(
    client: TestClient, stored: Database
) -> None:
    """Said short, the board names the part and how many beside its visit; brought to the depot, it says so no more."""
    plan = made(client, stored)
    client.post(f"/v1/plans/{plan}/publish", headers=keyed("publish"))
    before = on_board(client, "V2")["short"]
    said = {"kind": "part_short", "value": "P1 9", "visit": "V2"}
    brought = {"part": "P1", "quantity": 9, "from_place": "SUP", "to_place": "D1"}

    raised = client.post("/v1/tickets/G2/events", json=said, headers=keyed("short"))
    short = on_board(client, "V2")["short"]
    there = client.post("/v1/moves", json={"document": "NOTE-1", "lines": [brought]}, headers=keyed("there"))

    assert (raised.status_code, there.status_code) == (201, 201), raised.text + there.text
    assert (before, short) == ([], ["P1 9"])
    assert on_board(client, "V2")["short"] == []
    assert on_board(client, "V1")["short"] == []
