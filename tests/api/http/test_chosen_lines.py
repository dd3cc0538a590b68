"""Orders of lines somebody chose, and what a lot's sample asks for."""

from __future__ import annotations

from fastapi.testclient import TestClient

from tests.api.http.test_desk_facts import pages
from tests.api.http.test_reading_routes import code_of
from tests.api.http.test_storeroom import (  # noqa: F401 fixtures
    make_storeroom,
    stored,
)
from tests.api.http.test_tickets import keyed


def test_lines_somebody_chose_are_ordered_with_the_quantity_he_decided(client: TestClient) -> None:
    """The list says how each part stood; what is chosen becomes an order that is expected once it was sent."""
    row = next(one for one in pages(client, "/v1/reorder") if one["source"] == "purchase")
    wanted = {
        "part": row["part"],
        "place": row["place"],
        "supplier": row["supplier"],
        "quantity": row["quantity"] + 20,
    }
    stock = client.get("/v1/stock", params={"place": row["place"], "part": row["part"]}).json()["stock"]

    written = client.post(
        "/v1/orders/chosen", json={"prefix": "C", "lines": [wanted]}, headers=keyed("chosen")
    )
    again = client.post("/v1/orders/chosen", json={"prefix": "C", "lines": [wanted]}, headers=keyed("chosen"))
    assert written.status_code == 201, written.text
    assert again.json() == written.json()
    (order,) = written.json()["orders"]
    assert row["stood"]["on_hand"] == sum(one["on_hand"] for one in stock)
    assert row["stood"]["available"] == sum(one["available"] for one in stock)
    shown = client.get(f"/v1/orders/{order['order']}").json()
    assert shown["lines"][0]["quantity"] >= wanted["quantity"]
    assert order["order"] not in {one["order"] for one in pages(client, "/v1/orders/expected")}
    if shown["approval_needed"]:
        client.post(f"/v1/orders/{order['order']}/approval", headers=keyed("yes"))
    client.post(f"/v1/orders/{order['order']}/sending", headers=keyed("out"))
    due = {one["order"]: one for one in pages(client, "/v1/orders/expected")}
    assert due[order["order"]]["left"] == shown["lines"][0]["quantity"]
    assert (
        code_of(
            client.post(
                "/v1/orders/chosen",
                json={"prefix": "D", "lines": [wanted | {"supplier": "NOBODY"}]},
                headers=keyed("no"),
            )
        )
        == "supply.no_terms"
    )


def test_nothing_is_ordered_to_where_nothing_lies_or_from_who_sells_no_more(client: TestClient) -> None:
    """Scrap, suppliers and customers are no shelves; after his last day a supplier takes no order."""

    def answered(key: str, **line: str) -> tuple[int, str]:
        wanted = {"part": "P1", "place": "D1", "supplier": "U1", "quantity": 1} | line
        content = {"prefix": f"X-{key}", "lines": [wanted]}
        answer = client.post("/v1/orders/chosen", json=content, headers=keyed(key))
        return answer.status_code, "" if answer.status_code == 201 else code_of(answer)

    before = answered("before")
    nowhere = {answered(place, place=place)[1] for place in ("SCR", "SUP", "CUS", "QUA")}
    said = {"part": "P1", "supplier": "U1", "last_order_on": "2026-01-01"}
    client.post("/v1/stock/ending", json=said, headers=keyed("end")).raise_for_status()

    assert before == (201, "")
    assert nowhere == {"stock.not_a_shelf"}
    assert answered("after")[1] == "supply.sells_no_more"
    assert {one["order"] for one in pages(client, "/v1/orders") if one["order"].startswith("X-")} == {
        "X-before-1"
    }


def test_the_sample_a_lot_asks_for_is_told_before_anybody_looks(client: TestClient) -> None:
    """As many units as the judgement would then ask for; where nothing is laid down it says so."""
    told = client.get("/v1/inspections/plan", params={"supplier": "U1", "part": "P1", "units": 100})
    assert told.status_code in {200, 422}, told.text
    if told.status_code == 200:
        plan = told.json()
        assert 0 < plan["size"] <= 100
        assert plan["accept"] < plan["reject"]
    else:
        assert code_of(told) == "supply.no_inspection_limit"
