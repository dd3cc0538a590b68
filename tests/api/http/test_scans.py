"""Deliveries and transfers by scans over HTTP: each scan once, damaged codes refused, listed or scanned but not both."""

from __future__ import annotations

from fastapi.testclient import TestClient

from inventory.stock.label import Label, text_of
from storage.check import untrue
from storage.database import Database
from tests.api.http.test_reading_routes import code_of
from tests.api.http.test_storeroom import make_storeroom, on_hand, stored  # noqa: F401 a fixture is known where it is imported
from tests.api.http.test_tickets import keyed

AT = "2026-03-06T10:00:00+08:00"
ONE = text_of(Label(part="P1"))


def scan(number: int, code: str) -> dict[str, str]:
    """One pull of the trigger."""
    return {"scan": f"SC-{number}", "at": AT, "code": code}


def test_what_is_scanned_comes_leaves_and_arrives_once(client: TestClient, stored: Database) -> None:  # noqa: F811 a fixture
    """The same scan twice in a body is one unit; the body sent again is the same command. What came waits for inspection."""
    before = [on_hand(client, place) for place in ("QUA", "D1", "W1")]
    three = [scan(1, ONE), scan(2, "(241)P1(30)2"), scan(1, ONE)]
    delivery = {"document": "R1", "shelf": "D1", "scans": three}
    sent = {"document": "TR-9", "from_place": "D1", "to_place": "W1", "scans": three}
    taken = {"document": "TR-9", "to_place": "W1", "scans": three}

    for path, body in (("receipts", delivery), ("transfers", sent), ("transfer-receipts", taken)):
        first = client.post(f"/v1/{path}", json=body, headers=keyed(path))
        again = client.post(f"/v1/{path}", json=body, headers=keyed(path))
        assert (first.status_code, again.json()) == (201, first.json()), first.json()

    after = [on_hand(client, place) for place in ("QUA", "D1", "W1")]
    assert [now - then for now, then in zip(after, before, strict=True)] == [3, -3, 3]
    assert untrue(stored) == []


def test_a_code_that_does_not_fit_moves_nothing(client: TestClient, stored: Database) -> None:  # noqa: F811 a fixture
    """A GS1 number with a wrong check digit is refused, though its reader only notes it; so is saying nothing."""
    wrong = [scan(1, "(01)09521234567890(241)P1")]
    bodies = {
        "receipts": {"document": "R1", "shelf": "D1"},
        "transfers": {"document": "TR-9", "from_place": "D1", "to_place": "W1"},
        "transfer-receipts": {"document": "TR-9", "to_place": "W1"},
    }
    listed = {"receipts": "lines", "transfers": "goods", "transfer-receipts": "goods"}
    goods = [{"part": "P1", "quantity": 1}]

    for path, body in bodies.items():
        damaged = client.post(f"/v1/{path}", json=body | {"scans": wrong}, headers=keyed(f"{path}-1"))
        nothing = client.post(f"/v1/{path}", json=body, headers=keyed(f"{path}-2"))
        both = body | {"scans": [scan(1, ONE)], listed[path]: goods}
        twice = client.post(f"/v1/{path}", json=both, headers=keyed(f"{path}-3"))
        assert [code_of(one) for one in (damaged, nothing, twice)] == [
            "label.check_digit",
            "label.listed_or_scanned",
            "label.listed_or_scanned",
        ], path
    assert client.get("/v1/transfers").json()["rows"] == []
    assert untrue(stored) == []
