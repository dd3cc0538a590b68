"""A transfer by courier over HTTP: who carries it, and by which number it is followed."""

from __future__ import annotations

from fastapi.testclient import TestClient

from storage.check import untrue
from storage.database import Database
from tests.api.http.test_reading_routes import code_of
from tests.api.http.test_storeroom import make_storeroom, stored  # noqa: F401 fixtures
from tests.api.http.test_tickets import keyed


def test_a_transfer_by_courier_says_who_carries_it_and_when_it_is_late(
    client: TestClient,
    stored: Database,  # noqa: F811 the fixture
) -> None:
    """The number it is followed by stands beside it until it is received; half of it is refused, and nothing leaves."""
    leave = {"from_place": "D1", "to_place": "D2", "goods": [{"part": "P1", "quantity": 2}]}
    courier = {"carrier": "SF Express", "tracking": "SF1234"}

    half = client.post(
        "/v1/transfers", json={**leave, "document": "TR-0", "carrier": "SF"}, headers=keyed("half")
    )
    blank = client.post(
        "/v1/transfers",
        json={**leave, "document": "TR-0", "carrier": "SF", "tracking": "12 34"},
        headers=keyed("blank"),
    )
    sent = client.post("/v1/transfers", json={**leave, "document": "TR-3", **courier}, headers=keyed("by"))
    client.post("/v1/transfers", json={**leave, "document": "TR-4"}, headers=keyed("own"))
    carried, own = client.get("/v1/transfers").json()["rows"]

    assert (code_of(half), code_of(blank)) == ("stock.courier_half", "stock.tracking_number")
    assert sent.status_code == 201, sent.text
    assert (carried["carrier"], carried["tracking"], carried["late"]) == ("SF Express", "SF1234", False)
    assert (own["document"], own["carrier"], own["tracking"]) == ("TR-4", "", "")
    assert not list(untrue(stored))
