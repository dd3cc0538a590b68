"""Goods in over HTTP: from somebody, and back to them."""

from __future__ import annotations

from fastapi.testclient import TestClient

from storage.check import untrue
from storage.database import Database
from tests.api.http.test_reading_routes import code_of
from tests.api.http.test_storeroom import make_storeroom, stored  # noqa: F401 a fixture is known where it is imported
from tests.api.http.test_tickets import keyed


def test_goods_in_are_somebody_s_and_go_back_to_them(
    client: TestClient,
    stored: Database,  # noqa: F811 a fixture
) -> None:
    """A document nobody knows needs its supplier; what goes back names the delivery, and no more than came by it."""
    taken = {
        "document": "NOTE 2026/77",
        "shelf": "D1",
        "lines": [{"part": "P1", "quantity": 3, "lot": "B-1"}],
        "inspected": ["P1"],
    }
    gone = {
        "document": "NC-1",
        "shelf": "D1",
        "part": "P1",
        "lot": "B-1",
        "way": "return",
        "remedy": "replace",
    }
    gone |= {"supplier": "U1", "delivery": "NOTE 2026/77"}

    nobody = client.post("/v1/receipts", json=taken, headers=keyed("nobody"))
    known = client.post("/v1/receipts", json=taken | {"supplier": "U1"}, headers=keyed("known"))
    many = client.post("/v1/dispositions", json=gone | {"quantity": 4}, headers=keyed("many"))
    back = client.post("/v1/dispositions", json=gone | {"quantity": 2}, headers=keyed("back"))
    undone = client.post(
        f"/v1/moves/{back.json()['moves'][0]}/reversal", json={"reason": "x"}, headers=keyed("undone")
    )

    assert code_of(nobody) == "supply.sender_unknown"
    assert (known.status_code, known.json()["lines"][0]["quarantined"]) == (201, 3)
    assert code_of(many) == "supply.more_than_delivered"
    assert back.status_code == 201, back.text
    assert code_of(undone) == "stock.reverses_decision"
    assert untrue(stored) == []
