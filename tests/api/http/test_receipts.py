"""Goods in over HTTP: from somebody, and back to them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi.testclient import TestClient

from storage.check import untrue
from storage.database import Database
from storage.tables.people import Role
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


def test_what_was_wrong_is_taken_back_whole(
    client: TestClient,
    stored: Database,  # noqa: F811 a fixture
) -> None:
    """The last first: decision, inspection, delivery; sent again under its key nothing is taken back twice."""
    taken = {
        "document": "NOTE-1",
        "shelf": "D1",
        "supplier": "U1",
        "lines": [{"part": "P2", "quantity": 3}],
    }
    lot = {"document": "NOTE-1", "part": "P2", "quantity": 3, "supplier": "U1", "shelf": "D1"}
    gone = {
        "document": "NC-1",
        "shelf": "D1",
        "part": "P2",
        "way": "return",
        "remedy": "replace",
    }

    def undo(what: str, named: str, key: str) -> Any:
        body = {"what": what, "named": named, "reason": "the wrong lot"}
        return client.post("/v1/undoings", json=body, headers=keyed(key))

    before = client.get("/v1/stock").json()["stock"]
    client.post("/v1/receipts", json=taken | {"inspected": ["P2"]}, headers=keyed("in"))
    judged = client.post(
        "/v1/inspections", json=lot | {"aql": "1.5", "looked_at": 3, "bad": ["1", "2"]}, headers=keyed("lot")
    ).json()
    back = client.post("/v1/dispositions", json=gone | {"quantity": 2}, headers=keyed("back")).json()
    assert "disposition" in back, (judged, back)
    early = undo("inspection", judged["inspection"], "early")
    answers = [
        undo("disposition", back["disposition"], "one"),
        undo("inspection", "NOTE-1", "two"),
        undo("receipt", "NOTE-1", "three"),
    ]
    again = undo("receipt", "NOTE-1", "three")

    assert code_of(early) == "supply.undo_decided"
    assert [one.status_code for one in answers] == [201] * 3, [one.text for one in answers]
    assert answers[1].json()["undone"] == judged["inspection"]
    assert again.json() == answers[2].json()
    assert client.get("/v1/stock").json()["stock"] == before
    assert code_of(undo("receipt", "NOTE-1", "four")) == "supply.undo_unknown"
    assert untrue(stored) == []


def test_many_failed_goods_taken_as_they_are_take_the_right_to_approve(
    client: TestClient,
    stored: Database,  # noqa: F811 a fixture
    as_role: Callable[..., dict[str, str]],
) -> None:
    """100 fuses at 12.50 are more than the 1,000 a storekeeper may take; in two halves they are as many."""
    lines = [{"part": "P1", "quantity": 100, "lot": "B-1"}]
    taken = {"document": "N-1", "supplier": "U1", "shelf": "D1", "lines": lines, "inspected": ["P1"]}
    assert client.post("/v1/receipts", json=taken, headers=keyed("in")).status_code == 201
    keeper = as_role(Role.STOREKEEPER)

    def waive(document: str, quantity: int, head: dict[str, str], key: str) -> Any:
        body = {"document": document, "shelf": "D1", "part": "P1", "lot": "B-1", "way": "waiver"}
        body |= {"supplier": "U1", "delivery": "N-1", "reason": "scratched only"}
        return client.post(
            "/v1/dispositions", json=body | {"quantity": quantity}, headers={**head, **keyed(key)}
        )

    whole = waive("W-0", 100, keeper, "whole")
    half = waive("W-1", 50, keeper, "half")
    same = waive("W-1", 50, keeper, "half")
    other = waive("W-2", 50, keeper, "other")
    approved = waive("W-3", 50, {}, "approved")

    assert (whole.status_code, code_of(whole)) == (403, "supply.waiver_needs_approval")
    assert half.status_code == 201, half.text
    assert same.json() == half.json()
    assert code_of(other) == "supply.waiver_needs_approval"
    assert approved.status_code == 201, approved.text
    assert untrue(stored) == []


def test_a_waiver_counts_under_every_key_as_long_as_it_stands(
    client: TestClient,
    stored: Database,  # noqa: F811 a fixture
    as_role: Callable[..., dict[str, str]],
) -> None:
    """70 fuses of 12.50 leave room for ten: the same paper again is more goods, and what was taken back is none."""
    lines = [{"part": "P1", "quantity": 200, "lot": "B-1"}]
    taken = {"document": "N-1", "supplier": "U1", "shelf": "D1", "lines": lines, "inspected": ["P1"]}
    assert client.post("/v1/receipts", json=taken, headers=keyed("in")).status_code == 201
    keeper = as_role(Role.STOREKEEPER)

    def waive(key: str) -> Any:
        body = {"document": "W-1", "shelf": "D1", "part": "P1", "lot": "B-1", "way": "waiver", "quantity": 70}
        body |= {"supplier": "U1", "delivery": "N-1", "reason": "scratched only"}
        return client.post("/v1/dispositions", json=body, headers={**keeper, **keyed(key)})

    first = waive("first")
    more = waive("more")
    same = waive("first")
    body = {"what": "disposition", "named": first.json().get("disposition"), "reason": "the wrong lot"}
    back = client.post("/v1/undoings", json=body, headers={**keeper, **keyed("back")})
    anew = waive("anew")

    assert first.status_code == 201, first.text
    assert (more.status_code, code_of(more)) == (403, "supply.waiver_needs_approval")
    assert same.json() == first.json()
    assert back.status_code == 201, back.text
    assert anew.status_code == 201, anew.text
    assert untrue(stored) == []


def test_a_fact_whose_moves_nobody_knows_is_not_taken_back_without_its_goods(
    client: TestClient,
    stored: Database,  # noqa: F811 a fixture
) -> None:
    """A return that was imported stays, and so do its goods; nothing is taken back that is not named."""
    before = client.get("/v1/stock").json()["stock"]

    def undo(what: str, named: str) -> Any:
        body = {"what": what, "named": named, "reason": "the wrong lot"}
        return client.post("/v1/undoings", json=body, headers=keyed(f"undo-{what}"))

    imported = undo("disposition", "DS1")
    nameless = undo("inspection", "")

    assert (imported.status_code, code_of(imported)) == (422, "supply.undo_imported")
    assert nameless.status_code == 422
    assert client.get("/v1/stock").json()["stock"] == before
    assert untrue(stored) == []
