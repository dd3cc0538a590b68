"""Excess and ending parts over HTTP: said, listed by whose rights reach them, honoured by the review."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.usecases import remnants
from storage.check import untrue
from storage.database import Database
from storage.tables.people import Role
from tests.api.http.test_reading_routes import code_of
from tests.api.http.test_storeroom import make_storeroom, stored  # noqa: F401 a fixture is known where it is imported
from tests.api.http.test_tickets import keyed

END = {"part": "P1", "supplier": "U1", "last_order_on": "2026-03-20", "served_until": "2029-12-31"}


def test_a_last_day_of_order_is_said_once_and_the_review_buys_for_it(
    client: TestClient,
    as_role: Callable[..., dict[str, str]],
    stored: Database,  # noqa: F811 a fixture
) -> None:
    """What `ending` misses is what the review buys; the same key says it once; another role says nothing."""
    keeper = as_role(Role.STOREKEEPER)

    before = client.get("/v1/stock/ending", headers=keeper).json()["rows"]
    said = client.post("/v1/stock/ending", json=END, headers=keeper | keyed("end"))
    again = client.post("/v1/stock/ending", json=END, headers=keeper | keyed("end"))
    (row,) = client.get("/v1/stock/ending", headers=keeper).json()["rows"]
    lines = client.get("/v1/reorder", params={"part": "P1"}, headers=keeper).json()["rows"]
    refused = client.post("/v1/stock/ending", json=END, headers=as_role(Role.DISPATCHER) | keyed("not-mine"))
    nobodys = client.post(
        "/v1/stock/ending", json={"part": "P1", "last_order_on": "2026-03-20"}, headers=keeper | keyed("no")
    )

    assert before == []
    assert (said.status_code, again.json()) == (201, said.json())
    assert (row["last_order_on"], row["served_until"]) == ("2026-03-20", "2029-12-31")
    bought = sum(line["quantity"] for line in lines if line["source"] == "purchase")
    assert row["lacking"] <= bought
    assert {line["urgency"] for line in lines} >= {"last_order"}
    assert (refused.status_code, code_of(nobodys)) == (403, "supply.end_of_whom")
    assert untrue(stored) == []


def test_excess_is_listed_where_rights_reach(
    client: TestClient,
    as_role: Callable[..., dict[str, str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As JSON and as a file the same rows; who asks for a place gets that place."""
    keeper = as_role(Role.STOREKEEPER)

    looked, found_of = 0, remnants.found

    def counted(*given: Any, **more: Any) -> remnants.Remnants:
        nonlocal looked
        looked += 1
        return found_of(*given, **more)

    monkeypatch.setattr(remnants, "found", counted)
    found = {"part": "P2", "quantity": 30, "from_place": "X1", "to_place": "D2", "reason": "found"}
    client.post("/v1/moves", json={"document": "F-1", "lines": [found]}, headers=keyed("found"))
    rows = client.get("/v1/stock/excess", headers=keeper).json()["rows"]
    file = client.get("/v1/stock/excess?format=csv", headers=keeper).content.decode("utf-8-sig")
    other = client.get("/v1/stock/excess", params={"place": "D2"}, headers=keeper).json()["rows"]

    client.get("/v1/stock/ending")
    assert [(row["part"], row["place"], row["quantity"]) for row in rows] == [("P2", "D2", 30)]
    assert looked == 1, "rates and levels of one state are looked at once, whoever reads which list"
    assert len(file.splitlines()) == len(rows) + 1
    assert other == rows


def test_a_day_beyond_all_calendars_is_refused_and_the_last_one_is_reckoned_with(
    client: TestClient,
    stored: Database,  # noqa: F811 a fixture
) -> None:
    """What is accepted once is read by every later review: no day may make them fail."""
    reads = ("reorder", "stock/excess", "stock/ending")

    def says(key: str, **days: str) -> int:
        body = {"part": "P1", "supplier": "U1", **days}
        return client.post("/v1/stock/ending", json=body, headers=keyed(key)).status_code

    assert says("far", last_order_on="9999-12-31") == 422
    assert says("early", last_order_on="0001-01-01") == 422
    assert says("long", served_until="2200-01-01") == 422
    for day in ("1970-01-01", "2199-12-31"):
        assert says(f"order-{day}", last_order_on=day) == 201
        assert [client.get(f"/v1/{path}").status_code for path in reads] == [200] * 3
        assert says(f"served-{day}", last_order_on="2026-03-20", served_until=day) == 201
        assert [client.get(f"/v1/{path}").status_code for path in reads] == [200] * 3
    assert untrue(stored) == []


def test_an_end_of_service_is_unsaid_by_null(
    client: TestClient,
    stored: Database,  # noqa: F811 a fixture
) -> None:
    """Left out it stays; null it is known no longer."""
    client.post("/v1/stock/ending", json=END, headers=keyed("end"))

    kept = client.post("/v1/stock/ending", json={"part": "P1", "supplier": "U1"}, headers=keyed("kept"))
    gone = client.post("/v1/stock/ending", json={"part": "P1", "served_until": None}, headers=keyed("gone"))

    assert kept.json()["served_until"] == "2029-12-31"
    assert (gone.status_code, gone.json()["served_until"]) == (201, "")
    assert untrue(stored) == []
