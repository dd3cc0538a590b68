"""Lines of the review left alone over HTTP: said, listed, honoured by reviews and orders, ended."""

from __future__ import annotations

from collections.abc import Callable

from fastapi.testclient import TestClient

from storage.check import untrue
from storage.database import Database
from storage.tables.people import Role
from tests.api.http.test_reading_routes import code_of
from tests.api.http.test_storeroom import make_storeroom, stored  # noqa: F401 a fixture is known where it is imported
from tests.api.http.test_tickets import keyed


def test_a_snoozed_line_holds_over_reviews_and_orders_until_it_is_woken(
    client: TestClient,
    as_role: Callable[..., dict[str, str]],
    stored: Database,  # noqa: F811 a fixture
) -> None:
    """Listed as snoozed with who and why, bought by no order; woken, it is bought like any other."""
    keeper = as_role(Role.STOREKEEPER)
    line = {"part": "P1", "place": "D1"}
    body = {**line, "until_on": "2026-03-20", "reason": "comes by boat"}

    def sources() -> list[tuple[str, str | None]]:
        rows = client.get("/v1/reorder", params=line, headers=keeper).json()["rows"]
        return [(row["source"], row["snoozed_until"]) for row in rows]

    before = sources()
    said = client.post("/v1/reorder/snoozes", json=body, headers=keeper | keyed("snooze"))
    again = client.post("/v1/reorder/snoozes", json=body, headers=keeper | keyed("snooze"))
    held = sources()
    listed = client.get("/v1/reorder/snoozes", headers=keeper).json()["rows"]
    ordered = client.post("/v1/orders/proposed", json={"prefix": "W"}, headers=keeper | keyed("order"))
    woken = client.post("/v1/reorder/snoozes/end", json=line, headers=keeper | keyed("wake"))

    assert [source for source, _ in before] == ["purchase"]
    assert (said.status_code, again.json()) == (201, said.json())
    assert held == [("snoozed", "2026-03-20")]
    assert [(row["part"], row["place"], row["until_on"], row["reason"]) for row in listed] == [
        ("P1", "D1", "2026-03-20", "comes by boat")
    ]
    assert "P1" not in {line["part"] for order in ordered.json()["orders"] for line in order.get("lines", ())}
    assert ordered.json()["orders"] == []
    assert woken.json() == {**line, "until_on": ""}
    assert sources() == before
    assert client.get("/v1/reorder/snoozes", headers=keeper).json()["rows"] == []
    past = client.post(
        "/v1/reorder/snoozes", json=body | {"until_on": "2020-01-01"}, headers=keeper | keyed("past")
    )
    assert code_of(past) == "replenish.snooze_over"
    reading = as_role(Role.DISPATCHER)
    refused = client.post("/v1/reorder/snoozes", json=body, headers=reading | keyed("not-mine"))
    assert refused.status_code == 403
    assert untrue(stored) == []
