"""The storekeeper's routes: parts, moves, promises, transfers, orders, receipts, counts; each judged and written once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from kernel.clock import zone
from storage.check import untrue
from storage.database import Database, open_database
from storage.scope import Scope
from storage.tables.people import Role
from tests.api.http.conftest import AS_OF
from tests.api.http.test_desk_facts import imported, pages
from tests.api.http.test_plans import made, starts
from tests.api.http.test_reading_routes import code_of
from tests.api.http.test_tickets import keyed
from tests.databases import Make
from tests.dataset_builder import TINY, tiny

PLACES = (
    TINY["places.csv"]
    + "SUP,supplier,Suppliers,,,,\nCUS,customer,Customers,,,,\nQUA,quarantine,Held back,,,,\nSCR,scrap,Scrap,,,,\n"
    + "D2,depot,Other depot,26.2,119.1,,15\n"
)


CHANGED = {
    "alternates": TINY["alternates.csv"].replace("supersedes", "equal"),
    "places": PLACES,
    "part_requirements": TINY["part_requirements.csv"] + "V2,P1,4\n",
    "demand_history": "part_id,place_id,month,quantity\nP1,D1,2026-01,40\nP1,D1,2026-02,44\n",
    "stock_policy": TINY["stock_policy.csv"].replace(",,20", ",40,80"),
}


@pytest.fixture(scope="session")
def make_storeroom(make_url: Make, tmp_path_factory: pytest.TempPathFactory) -> Make:
    """The tiny region with the places goods come from and go to."""
    return imported(make_url(), tiny(tmp_path_factory.mktemp("imported") / "storeroom", **CHANGED))


@pytest.fixture
def stored(make_storeroom: Make) -> Iterator[Database]:
    """A database with that region."""
    database = open_database(make_storeroom())
    yield database
    database.close()


def on_hand(client: TestClient, place: str, part: str = "P1") -> int:
    """Units of a part at a place."""
    rows = client.get("/v1/stock", params={"place": place}).json()["stock"]
    return sum(row["on_hand"] for row in rows if row["part"] == part)


LISTS = {
    "parts": ["P1", "P2"],
    "alternates": ["P1"],
    "places": ["D1", "W1", "X1", "Q1", "SUP", "CUS", "QUA", "SCR", "D2"],
    "lots": ["B-1", "B-2", "B-1"],
    "moves": ["5", "4", "3", "2", "1"],
    "reservations": ["given/000001", "given/000002"],
    "transfers": [],
    "orders": ["R1"],
    "inspections": ["I1", "I2"],
    "suppliers": ["U1"],
    "supplier-terms": ["U1"],
    "scorecards": ["U1"],
    "counts/due": ["c"],
}


def test_what_stands_is_listed_page_by_page_and_as_a_file(client: TestClient) -> None:
    """One walk over every list: what a page shows and what a file holds are the same rows in the same order."""
    for path, wanted in LISTS.items():
        rows = pages(client, f"/v1/{path}")
        file = client.get(f"/v1/{path}?format=csv").content.decode("utf-8-sig")
        first = [line.partition(",")[0] for line in file.splitlines()[1:]]

        assert first == [str(next(iter(row.values()))) for row in rows], path
        if path != "counts/due":
            assert first == wanted, path
        assert rows or path == "transfers", path


def test_a_part_is_shown_with_where_it_lies_and_what_can_be_promised(client: TestClient) -> None:
    """One look answers the dispatcher on the phone."""
    body = client.get("/v1/parts/P1").json()

    assert (body["price_cents"], body["currency"], body["tracking"]) == (1250, "CNY", "none")
    assert {row["place"]: row["on_hand"] for row in body["stock"]} == {"D1": 6, "W1": 2}
    assert [one["alternate"] for one in body["alternates"]] == ["P2"]
    steps = client.get("/v1/parts/P1/promise?place=D1").json()["steps"]
    assert steps[0]["quantity"] == 4
    assert [one["quantity"] for one in steps][-1] == 19
    assert code_of(client.get("/v1/parts/P9")) == "stock.unknown_part"
    assert [row["part_id"] for row in client.get("/v1/parts?name=fus").json()["rows"]] == ["P1"]


def test_goods_move_once_and_are_taken_back_by_their_mirror_image(
    client: TestClient, stored: Database
) -> None:
    """A scanner that sends twice moves once; nothing in the ledger is ever changed."""
    body = {
        "document": "WO-1",
        "lines": [{"part": "P1", "quantity": 2, "from_place": "D1", "to_place": "W1"}],
    }

    first = client.post("/v1/moves", json=body, headers=keyed("one"))
    again = client.post("/v1/moves", json=body, headers=keyed("one"))
    (move,) = first.json()["moves"]

    assert (first.status_code, again.json()) == (201, first.json())
    assert (on_hand(client, "D1"), on_hand(client, "W1")) == (4, 4)
    (row,) = client.get("/v1/moves?document=WO-1").json()["rows"]
    assert (row["move"], row["quantity"]) == (move, 2)
    too_many = {**body, "lines": [{**body["lines"][0], "quantity": 3}]}  # type: ignore[dict-item]
    assert code_of(client.post("/v1/moves", json=too_many, headers=keyed("two"))) == "stock.not_enough_free"
    assert code_of(client.post("/v1/moves", json=too_many, headers=keyed("one"))) == "database.key_reused"
    assert code_of(client.post("/v1/moves", json=body)) == "request.no_key"
    back = client.post(f"/v1/moves/{move}/reversal", json={"reason": "wrong van"}, headers=keyed("back"))
    assert back.status_code == 201, back.text
    assert (on_hand(client, "D1"), on_hand(client, "W1")) == (6, 2)
    unknown = client.post("/v1/moves/none-1/reversal", json={"reason": "x"}, headers=keyed("none"))
    assert (unknown.status_code, code_of(unknown)) == (404, "stock.reverses_unknown")
    assert not list(untrue(stored))


def test_goods_are_picked_and_found_damaged(client: TestClient) -> None:
    """The ledger says what lies there, in which condition."""
    pick = {"part": "P1", "quantity": 1, "from_place": "D1", "to_place": "W1"}
    found = {"part": "P1", "quantity": 1, "place": "W1", "was": "usable", "found": "damaged"}

    picked = client.post("/v1/picks", json=pick, headers=keyed("pick"))
    changed = client.post("/v1/condition-changes", json=found, headers=keyed("found"))

    assert picked.json()["lots"] == [["", 1]]
    assert len(changed.json()["moves"]) == 2
    (row,) = client.get("/v1/stock?place=W1").json()["stock"]
    assert (row["on_hand"], row["usable"]) == (3, 2)


def test_units_are_kept_for_a_demand_and_given_up(client: TestClient) -> None:
    """What is promised to one is promised to nobody else."""
    wish = {"reservation": "R-7", "part": "P1", "place": "D1", "quantity": 4, "demand": "V2"}

    kept = client.post("/v1/reservations", json=wish, headers=keyed("keep"))
    more = client.post(
        "/v1/reservations", json=wish | {"reservation": "R-8", "quantity": 1}, headers=keyed("more")
    )
    rows = client.get("/v1/reservations?demand=V2").json()["rows"]
    given = client.post("/v1/reservations/R-7/release", headers=keyed("give"))
    again = client.post("/v1/reservations/R-7/release", headers=keyed("give"))

    assert kept.json() == {"reservation": "R-7"}
    assert code_of(more) == "stock.not_enough_free"
    assert [(row["reservation"], row["left"]) for row in rows] == [("R-7", 4)]
    assert given.json() == again.json() == {"reservation": "R-7", "released": 4}
    unknown = client.post("/v1/reservations/R-9/release", headers=keyed("none"))
    assert (unknown.status_code, code_of(unknown)) == (404, "stock.reservation_unknown")


def test_a_transfer_leaves_and_is_received_with_its_difference(client: TestClient, stored: Database) -> None:
    """Four were sent, three came: the fourth is on nobody's shelf, and the ledger says where it was lost."""
    goods = [{"part": "P1", "quantity": 4}]
    leave = {"document": "TR-1", "from_place": "D1", "to_place": "D2", "goods": goods}

    sent = client.post("/v1/transfers", json=leave, headers=keyed("leave"))
    (road,) = client.get("/v1/transfers").json()["rows"]
    received = client.post(
        "/v1/transfer-receipts",
        json={"document": "TR-1", "to_place": "D2", "goods": [{"part": "P1", "quantity": 3}]},
        headers=keyed("receive"),
    )

    assert sent.status_code == 201, sent.text
    assert (road["document"], road["to_place"], road["quantity"]) == ("TR-1", "D2", 4)
    assert len(received.json()["moves"]) == 2
    assert client.get("/v1/transfers").json()["rows"] == []
    assert (on_hand(client, "D1"), on_hand(client, "D2")) == (2, 3)
    twice = {**leave, "document": "TR-2", "goods": goods * 2}
    assert code_of(client.post("/v1/transfers", json=twice, headers=keyed("twice"))) == "stock.duplicate"
    assert not list(untrue(stored))


def test_a_storekeeper_of_one_depot_touches_no_other(
    client: TestClient, as_role: Callable[..., dict[str, str]]
) -> None:
    """The place stands in the body: it is judged as one in the path is, and reads as if it were not there."""
    mine = as_role(Role.STOREKEEPER, Scope(regions=("R1",), depots=("D2",)))
    line = {"part": "P1", "quantity": 1, "from_place": "D1", "to_place": "D2"}
    wish = {"reservation": "R-7", "part": "P1", "place": "D1", "quantity": 1, "demand": "V2"}
    count = {"part": "P1", "place": "D1", "counted": 1, "at": AS_OF.isoformat()}
    (own,) = client.post(
        "/v1/moves",
        json={"document": "WO-1", "lines": [{**line, "to_place": "W1"}]},
        headers=keyed("own"),
    ).json()["moves"]
    client.post(
        "/v1/transfers",
        json={
            "document": "TR-1",
            "from_place": "D1",
            "to_place": "W1",
            "goods": [{"part": "P1", "quantity": 1}],
        },
        headers=keyed("road"),
    )
    client.post("/v1/reservations", json=wish | {"reservation": "R-1"}, headers=keyed("kept"))

    refused = {
        "/v1/moves": {"document": "WO-2", "lines": [line]},
        "/v1/picks": line,
        "/v1/condition-changes": {
            "part": "P1",
            "quantity": 1,
            "place": "D1",
            "was": "usable",
            "found": "damaged",
        },
        "/v1/transfers": {
            "document": "TR-2",
            "from_place": "D1",
            "to_place": "D2",
            "goods": [{"part": "P1", "quantity": 1}],
        },
        "/v1/transfer-receipts": {"document": "TR-1", "to_place": "W1", "goods": []},
        "/v1/reservations": wish,
        "/v1/counts": {"document": "CT-1", "counts": [count]},
        "/v1/exchanges": {"good": {"part": "P1"}, "bad": {"part": "P1"}, "from_place": "D1", "returns": "D2"},
    }
    for number, (path, body) in enumerate(refused.items()):
        answer = client.post(path, json=body, headers=mine | keyed(f"other-{number}"))
        assert (answer.status_code, code_of(answer)) == (404, "stock.unknown_place"), path
    back = client.post(f"/v1/moves/{own}/reversal", json={"reason": "x"}, headers=mine | keyed("back"))
    given = client.post("/v1/reservations/R-1/release", headers=mine | keyed("given"))
    assert (code_of(back), code_of(given)) == ("stock.unknown_place", "stock.reservation_unknown")
    for path in ("moves", "reservations", "transfers", "counts/due", "availability"):
        assert client.get(f"/v1/{path}", headers=mine).json()["rows"] == [], path
    shown = {row["place_id"] for row in client.get("/v1/places", headers=mine).json()["rows"]}
    assert shown == {"D2", "X1", "Q1", "SUP", "CUS", "SCR"}
    assert code_of(client.get("/v1/parts/P1/promise?place=D1", headers=mine)) == "stock.unknown_place"
    assert client.get("/v1/parts/P1", headers=mine).json()["stock"] == []
    assert code_of(client.get("/v1/orders", headers=mine)) == "right.scope_too_narrow"


def test_an_order_is_written_approved_sent_confirmed_received_and_judged(
    client: TestClient, as_role: Callable[..., dict[str, str]], stored: Database
) -> None:
    """From need to shelf: who writes a dear order does not approve it, what comes is looked at before it is used."""
    keeper = as_role(Role.STOREKEEPER)
    body = {
        "order": "PO-1",
        "supplier": "U1",
        "to_place": "D1",
        "lines": [{"part": "P1", "quantity": 100, "price_cents": 5100}],
    }

    def step(name: str, key: str, **more: Any) -> Any:
        headers = more.pop("headers", {}) | keyed(key)
        return client.post(f"/v1/orders/PO-1/{name}", json=more or None, headers=headers)

    written = client.post("/v1/orders", json=body, headers=keeper | keyed("write"))
    assert written.status_code == 201, written.text
    assert written.json()["orders"][0]["cost_cents"] == 510_000
    assert client.get("/v1/orders/PO-1").json()["state"] == "awaiting_approval"
    assert code_of(step("sending", "early", headers=keeper)) == "supply.not_approved"
    assert code_of(step("approval", "no", headers=keeper)) == "right.denied"
    assert step("approval", "yes").json()["state"] == "to_send"
    assert step("sending", "send", headers=keeper).json()["state"] == "sent"
    promised = (AS_OF + timedelta(days=9)).isoformat()
    assert step("confirmation", "confirm", promised_at=promised).json()["state"] == "confirmed"
    delivery = {
        "document": "PO-1",
        "shelf": "D1",
        "lines": [{"part": "P1", "quantity": 100}, {"part": "P9", "quantity": 1}],
        "inspected": ["P1"],
    }
    taken = client.post("/v1/receipts", json=delivery, headers=keeper | keyed("take"))
    assert taken.status_code == 201, taken.text
    first, second = taken.json()["lines"]
    assert (first["quarantined"], first["refused"]) == (100, None)
    assert second["refused"]["code"] == "stock.unknown_part"
    assert client.get("/v1/orders/PO-1").json()["state"] == "received"
    assert code_of(step("cancellation", "late")) == "supply.cancel_received"
    lot = {
        "document": "PO-1",
        "shelf": "D1",
        "part": "P1",
        "quantity": 100,
        "supplier": "U1",
        "readings": readings(1),
    }
    wrong = client.post("/v1/inspections", json=lot, headers=keyed("wrong"))
    assert code_of(wrong) == "supply.looked_at_other"
    lot["readings"] = readings(wrong.json()["params"]["size"])
    unsaid = client.post("/v1/inspections", json=lot | {"readings": []}, headers=keyed("unsaid"))
    assert code_of(unsaid) == "supply.readings_missing"
    level = client.post("/v1/inspections", json=lot | {"level": "I"}, headers=keyed("level"))
    assert code_of(level) == "supply.level_without_limit"
    judged = client.post("/v1/inspections", json=lot, headers=keyed("judge"))
    assert (judged.status_code, judged.json()["accepted"], judged.json()["held"]) == (201, False, 100)
    gone = {"document": "NC-1", "shelf": "D1", "part": "P1", "quantity": 100, "way": "return"}
    assert (
        code_of(client.post("/v1/dispositions", json=gone, headers=keyed("owed"))) == "supply.remedy_missing"
    )
    back = client.post("/v1/dispositions", json=gone | {"remedy": "replace"}, headers=keyed("gone"))
    assert back.status_code == 201, back.text
    assert on_hand(client, "QUA") == 0
    assert not list(untrue(stored))


def readings(units: int) -> list[dict[str, str]]:
    """Every unit of a sample is marked; the first six are too short by a hundredth."""
    return [
        row
        for unit in range(1, units + 1)
        for row in (
            {"unit": str(unit), "check": "length", "value": "19.79" if unit <= 6 else "19.80"},
            {"unit": str(unit), "check": "marked", "value": "yes"},
        )
    ]


def test_what_is_short_is_proposed_with_why_and_ordered_once(client: TestClient) -> None:
    """The same need is not bought again while its order waits to be sent."""
    rows = pages(client, "/v1/reorder")
    chinese = client.get("/v1/reorder", headers={"Accept-Language": "zh"}).json()["rows"]

    assert rows
    assert all(row["why"] and all(step["text"] for step in row["why"]) for row in rows)
    assert chinese[0]["why"][0]["code"] == rows[0]["why"][0]["code"]
    assert chinese[0]["why"][0]["text"] != rows[0]["why"][0]["text"]
    bought = [row for row in rows if row["source"] == "purchase"]
    first = client.post("/v1/orders/proposed", json={"prefix": "A"}, headers=keyed("first"))
    second = client.post("/v1/orders/proposed", json={"prefix": "B"}, headers=keyed("second"))
    assert first.status_code == 201, first.text
    assert bought
    assert [(one["order"], one["supplier"]) for one in first.json()["orders"]] == [("A-1", "U1")]
    assert second.json()["orders"] == []
    shown = client.post(
        "/v1/orders/proposed", json={"prefix": "A", "as_delivered": True}, headers=keyed("first")
    )
    assert (shown.status_code, code_of(shown)) == (422, "database.key_reused")
    assert code_of(client.post("/v1/orders/A-1/closing", json={"reason": "no"}, headers=keyed("early"))) == (
        "supply.order_step"
    )


def test_a_count_is_blind_needs_two_people_and_somebody_s_word_where_it_matters(
    client: TestClient, as_role: Callable[..., dict[str, str]]
) -> None:
    """Whoever counts is told no figure; what differs much is believed only from two, approved by a third."""
    due = client.get("/v1/counts/due").json()["rows"]
    assert due
    agreed_yesterday = client.get("/v1/counts/due?place=D1").json()["rows"]
    assert agreed_yesterday == []
    assert not any("quantity" in name or "expected" in name for row in due for name in row)
    client.post(
        "/v1/moves",
        json={
            "document": "GR-1",
            "lines": [{"part": "P2", "quantity": 5, "from_place": "SUP", "to_place": "D1"}],
        },
        headers=keyed("bring"),
    )
    at = AS_OF.isoformat()
    first = {"part": "P2", "place": "D1", "counted": 3, "at": at, "by": "S01"}
    second = first | {"by": "S02"}

    def count(key: str, headers: dict[str, str] | None = None, **more: Any) -> Any:
        body = {"document": "CT-1", "counts": [first], **more}
        return client.post("/v1/counts", json=body, headers=(headers or {}) | keyed(key))

    alone = count("alone")
    unheard = count("unheard", again=[second])
    forged = count("forged", as_role(Role.STOREKEEPER), again=[second], approve=True)
    heard = count("heard", again=[second], approve=True)

    assert code_of(alone) == "stock.recount_needed"
    assert not {"3", "5"} & set(alone.json()["detail"].replace(".", " ").split())
    assert code_of(unheard) == "stock.count_needs_approval"
    assert code_of(forged) == "right.denied"
    assert heard.status_code == 201, heard.text
    assert on_hand(client, "D1", "P2") == 3


def test_lots_are_described_once(client: TestClient) -> None:
    """What is known of a lot stays as it is."""
    lot = {"lot": "B-9", "part": "P1", "supplier": "U1", "receipt_document": "GR-9", "original": True}

    made = client.post("/v1/lots", json=lot | {"expires_on": "2027-03-31"}, headers=keyed("one"))
    other = client.post("/v1/lots", json=lot, headers=keyed("two"))

    assert made.json() == {"part": "P1", "lot": "B-9"}
    assert code_of(other) == "stock.duplicate"
    assert (
        code_of(client.post("/v1/lots", json=lot | {"expires_on": 7}, headers=keyed("three")))
        == "request.wrong_value"
    )


def test_vans_are_made_ready_from_the_plan_in_force(
    client: TestClient, stored: Database, as_role: Callable[..., dict[str, str]]
) -> None:
    """What published visits need beyond what lies in the van stands on its list, or among what is missing."""
    plan = made(client, stored)
    client.post(f"/v1/plans/{plan}/publish", headers=keyed("publish"))
    who, start = starts(stored)["V2"]
    day = start.astimezone(zone("Asia/Shanghai")).date().isoformat()

    body = client.get(f"/v1/pick-lists?day={day}").json()
    other = client.get("/v1/pick-lists?day=2026-03-20")
    file = client.get(f"/v1/pick-lists?day={day}&format=csv")
    elsewhere = as_role(Role.STOREKEEPER, Scope(regions=("R1",), depots=("D2",)))

    assert who == "H1"
    listed = sum(line["quantity"] for line in body["lines"] if line["visits"] == "V2")
    short = sum(line["quantity"] for line in body["shortages"] if line["visit"] == "V2")
    assert (body["day"], listed + short) == (day, 4)
    assert code_of(other) == "pick.no_departure"
    assert len(file.text.splitlines()) == 1 + len(body["lines"]) > 1
    theirs = client.get(f"/v1/pick-lists?day={day}", headers=elsewhere).json()
    assert (theirs["lines"], theirs["shortages"]) == ([], [])


def test_how_likely_a_part_is_there_is_said_with_its_calculation(client: TestClient) -> None:
    """A longer window is never less likely; every figure shows where it comes from."""
    (row,) = client.get("/v1/availability?hours=4,24,200").json()["rows"]

    chances = [one["chance"] for one in row["within"]]
    assert (row["part"], row["place"]) == ("P1", "D1")
    assert chances == sorted(chances)
    assert all(one["why"]["text"] and one["why"]["code"].startswith("formula.") for one in row["within"])
    file = client.get("/v1/availability?hours=4,24,200&format=csv").content.decode("utf-8-sig").splitlines()
    assert [float(line.rpartition(",")[2]) for line in file[1:]] == chances
    assert code_of(client.get("/v1/availability?hours=4,x")) == "request.wrong_value"
