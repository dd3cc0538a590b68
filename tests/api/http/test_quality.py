"""What suppliers send, answer for and owe; stock looked at again; vans staged; loaners checked in; the practice shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.usecases.importing import import_into
from kernel.clock import zone
from storage.check import untrue
from storage.database import Database, open_database
from storage.dataset.read import read
from storage.scope import Scope
from storage.tables.people import Role
from tests.api.http.conftest import AS_OF
from tests.api.http.test_desk_facts import pages
from tests.api.http.test_plans import made, starts
from tests.api.http.test_reading_routes import code_of
from tests.api.http.test_storeroom import CHANGED, on_hand
from tests.api.http.test_tickets import keyed
from tests.dataset_builder import tiny


@pytest.fixture
def stored(url: str, tmp_path: Path) -> Iterator[Database]:
    """A database with the tiny region and the places goods come from and go to."""
    database = open_database(url)
    reading = read(tiny(tmp_path / "tiny", **CHANGED))
    assert reading.region is not None, reading.refusals
    import_into(database, reading.region, digest=reading.digest, as_of=None)
    yield database
    database.close()


def test_a_shipment_is_told_once_and_followed_until_it_is_received(client: TestClient) -> None:
    """A waybill told again says the last word; what was sent again by mistake is written once."""
    expected = (AS_OF + timedelta(days=4)).isoformat()
    body = {"shipment": "WB9", "lines": [{"part": "P2", "quantity": 1}], "expected_at": expected}
    before = {row["shipment"]: row for row in pages(client, "/v1/shipments")}

    first = client.post("/v1/orders/R3/shipments", json=body, headers=keyed("one"))
    again = client.post("/v1/orders/R3/shipments", json=body, headers=keyed("one"))
    rows = {row["shipment"]: row for row in pages(client, "/v1/shipments")}

    assert (first.status_code, again.json()) == (201, first.json())
    assert first.json() == {"order": "R3", "shipment": "WB9", "lines": 1, "over": ["P2"]}
    assert rows.keys() - before.keys() == {"WB9"}
    assert (rows["WB9"]["left"], rows["WB9"]["supplier"], rows["WB9"]["late"]) == (1, "U1", False)
    assert [row["shipment"] for row in client.get("/v1/shipments?order=R1").json()["rows"]] == ["WB1"]
    assert (before["WB1"]["quantity"], before["WB1"]["left"]) == (10, 5)
    file = client.get("/v1/shipments?format=csv").content.decode("utf-8-sig").splitlines()
    assert len(file) == 1 + len(rows)
    other = body | {"expected_at": (AS_OF + timedelta(days=5)).isoformat()}
    assert code_of(client.post("/v1/orders/R3/shipments", json=other, headers=keyed("one"))) == (
        "database.key_reused"
    )
    assert code_of(client.post("/v1/orders/R3/shipments", json=body)) == "request.no_key"
    twice = body | {"lines": body["lines"] * 2}  # type: ignore[operator]
    assert code_of(client.post("/v1/orders/R3/shipments", json=twice, headers=keyed("twice"))) == (
        "stock.duplicate"
    )
    unsent = client.post("/v1/orders/R9/shipments", json=body, headers=keyed("unsent"))
    assert code_of(unsent) == "supply.not_sent"


def test_an_order_stands_line_by_line(client: TestClient) -> None:
    """Received is accepted, held and decided on; what is still to come is told beside what is on its way."""
    body = client.get("/v1/orders/R1/standing").json()

    (line,) = body["lines"]
    assert (body["supplier"], body["place"], line["part"]) == ("U1", "D1", "P1")
    assert (line["ordered"], line["received"], line["open"], line["coming"]) == (20, 5, 15, 5)
    assert line["decided"] == {"return": 3}
    unknown = client.get("/v1/orders/R8/standing")
    assert (unknown.status_code, code_of(unknown)) == (404, "supply.order_unknown")


def test_a_supplier_stands_with_its_inspections_duties_and_reports(client: TestClient) -> None:
    """What the next lot is inspected by, what is owed for goods sent back, what is not answered yet."""
    body = client.get("/v1/suppliers/U1/standing").json()

    parts = {row["part"]: row for row in body["parts"]}
    assert (parts["P1"]["inspection"], parts["P1"]["aql"], parts["P1"]["level"]) == ("normal", "1.5", "III")
    assert (parts["P1"]["lots"], parts["P1"]["recent"]) == (1, [False])
    (duty,) = body["owed"]
    assert (duty["disposition"], duty["left"], duty["remedy"], duty["late"]) == ("DS1", 3, "replace", False)
    assert sorted(body["reports"]) == ["N8", "N9"]
    assert pages(client, "/v1/supplier-duties") == [duty]
    assert client.get("/v1/supplier-duties?late=true").json()["rows"] == []
    unknown = client.get("/v1/suppliers/U9/standing")
    assert (unknown.status_code, code_of(unknown)) == (404, "stock.unknown_supplier")


def test_a_report_is_opened_about_goods_sent_back_and_taken_step_by_step(client: TestClient) -> None:
    """No cause without containment, each step once; what is closed waits for nothing and is still shown."""
    body = {"report": "N10", "source": "DS1", "found": "too long", "quantity": 2}

    def step(number: int, key: str) -> Any:
        said = {"step": number, "note": f"done {number}"}
        return client.post("/v1/corrective-reports/N10/steps", json=said, headers=keyed(key))

    opened = client.post("/v1/corrective-reports", json=body, headers=keyed("open"))
    again = client.post("/v1/corrective-reports", json=body, headers=keyed("open"))
    early = step(4, "early")
    taken = [step(number, f"step-{number}").json() for number in range(1, 9)]
    shown = client.get("/v1/corrective-reports/N10").json()

    assert (opened.status_code, again.json()) == (201, opened.json())
    assert [row["step"] for row in opened.json()["due"]] == list(range(1, 9))
    assert code_of(early) == "supply.step_out_of_order"
    assert [row["next"] for row in taken] == [*range(2, 9), None]
    assert taken[-1]["due_at"] is None
    assert (shown["waits_for"], shown["supplier"], shown["quantity"]) == (None, "U1", 2)
    assert [one["note"] for one in shown["steps"]] == [f"done {number}" for number in range(1, 9)]
    assert [row["report"] for row in pages(client, "/v1/corrective-reports")] == ["N8", "N9"]
    assert client.get("/v1/corrective-reports?supplier=U2").json()["rows"] == []
    more = body | {"report": "N11", "quantity": 4}
    assert code_of(client.post("/v1/corrective-reports", json=more, headers=keyed("more"))) == (
        "supply.more_than_concerned"
    )
    assert code_of(step(3, "twice")) == "supply.step_done"
    assert client.get("/v1/corrective-reports/N99").status_code == 404


def test_stock_that_lay_too_long_is_due_looked_at_and_what_failed_held_back(
    client: TestClient, stored: Database
) -> None:
    """Once it was looked at it is due no more, and the bad unit is no longer to be had."""
    due = client.get("/v1/reinspections/due?place=D1&ahead_days=365").json()["rows"]
    free = on_hand(client, "D1")
    body = {"document": "RI-1", "part": "P1", "place": "D1", "lot": due[0]["lot"], "bad": 1}

    done = client.post("/v1/reinspections", json=body, headers=keyed("look"))
    again = client.post("/v1/reinspections", json=body, headers=keyed("look"))

    assert {row["part"] for row in due} == {"P1"}
    assert (done.status_code, again.json()) == (201, done.json())
    assert (done.json()["units"], done.json()["bad"]) == (due[0]["quantity"], 1)
    assert (on_hand(client, "D1"), on_hand(client, "QUA")) == (free - 1, 1)
    assert client.get("/v1/reinspections/due?place=D1&ahead_days=100").json()["rows"] == []
    elsewhere = body | {"place": "SUP"}
    assert code_of(client.post("/v1/reinspections", json=elsewhere, headers=keyed("sup"))) == (
        "stock.not_a_shelf"
    )
    assert not list(untrue(stored))


def test_what_is_held_says_what_it_waits_for_and_a_remedy_gets_another_date(
    client: TestClient, stored: Database, as_role: Callable[..., dict[str, str]]
) -> None:
    """Said at the door whose it is; who may not see suppliers sees no debts, who reaches another depot no goods."""
    delivery = {"document": "DN-9", "shelf": "D1", "supplier": "U1", "inspected": ["P1"]}
    body = delivery | {"lines": [{"part": "P1", "quantity": 4, "lot": "B-1"}]}
    assert client.post("/v1/receipts", json=body, headers=keyed("note")).status_code == 201
    look = {"document": "RI-1", "part": "P1", "place": "D1", "bad": 1}
    assert client.post("/v1/reinspections", json=look, headers=keyed("look")).status_code == 201

    rows = pages(client, "/v1/quarantine")
    later = (AS_OF + timedelta(days=60)).isoformat()
    said = client.post("/v1/supplier-duties/DS1/promises", json={"promised_at": later}, headers=keyed("word"))
    again = client.post(
        "/v1/supplier-duties/DS1/promises", json={"promised_at": later}, headers=keyed("word")
    )
    unknown = client.post(
        "/v1/supplier-duties/DS9/promises", json={"promised_at": later}, headers=keyed("none")
    )

    named = {row["document"]: row for row in rows}
    assert {row: (one["waits_for"], one["supplier"], one["quantity"]) for row, one in named.items()} == {
        "DSP-1": ("remedy", "U1", 3),
        "DN-9": ("inspect", "U1", 4),
        "RI-1": ("disposition", "", 1),
    }
    assert (named["DN-9"]["place"], named["DN-9"]["lot"], named["DN-9"]["due_at"]) == ("QUA", "B-1", None)
    assert client.get("/v1/quarantine?waits_for=inspect").json()["rows"] == [named["DN-9"]]
    assert client.get("/v1/quarantine?waits_for=nobody").status_code == 422
    assert (said.status_code, again.json()) == (201, said.json())
    (duty,) = [row for row in pages(client, "/v1/supplier-duties") if row["disposition"] == "DS1"]
    assert (len(duty["promised"]), duty["expected_at"]) == (2, said.json()["expected_at"])
    assert duty["due_at"] == said.json()["due_at"] < duty["expected_at"]
    assert (unknown.status_code, code_of(unknown)) == (404, "supply.nothing_owed_for")
    dispatcher = as_role(Role.DISPATCHER, Scope(regions=("R1",)))
    seen = client.get("/v1/quarantine", headers=dispatcher).json()["rows"]
    assert sorted(row["waits_for"] for row in seen) == ["disposition", "inspect"]
    elsewhere = as_role(Role.STOREKEEPER, Scope(regions=("R1",), depots=("D2",)))
    assert client.get("/v1/quarantine", headers=elsewhere).json()["rows"] == []
    assert not list(untrue(stored))


def test_a_loaner_unit_is_checked_in_step_by_step(client: TestClient) -> None:
    """What failed says why; a unit nobody knows is not there."""
    failed = {"step": "failed", "reason": "the case is cracked"}

    silent = client.post("/v1/loaner-units/N1/check-in", json={"step": "failed"}, headers=keyed("silent"))
    done = client.post("/v1/loaner-units/N1/check-in", json=failed, headers=keyed("one"))
    again = client.post("/v1/loaner-units/N1/check-in", json=failed, headers=keyed("one"))
    pool = client.get("/v1/loaner-pool?days=1").json()["classes"]
    unknown = client.post("/v1/loaner-units/N9/check-in", json=failed, headers=keyed("none"))
    idle = client.post("/v1/loaner-units/N2/check-in", json={"step": "back"}, headers=keyed("idle"))

    assert silent.status_code == 422
    assert done.json() == {"unit": "N1", "loan": "Z1", "step": "failed", "state": "quarantine"}
    assert (done.status_code, again.json()) == (201, done.json())
    assert (unknown.status_code, code_of(unknown)) == (404, "stock.unknown_loaner_unit")
    assert code_of(idle) == "loaner.not_lent"
    standing = {unit["unit"]: unit for one in pool for unit in one["units"]}
    assert (standing["N1"]["state"], standing["N1"]["condition"]) == ("quarantine", "the case is cracked")
    assert standing["N2"]["condition"] == ""


def test_what_was_picked_is_in_the_vans_and_what_is_short_is_the_desk_s(
    client: TestClient, stored: Database, as_role: Callable[..., dict[str, str]]
) -> None:
    """A list confirmed twice moves once; another depot's keeper confirms nothing of it."""
    plan = made(client, stored)
    client.post(f"/v1/plans/{plan}/publish", headers=keyed("publish"))
    start = starts(stored)["V2"][1]
    day = start.astimezone(zone("Asia/Shanghai")).date().isoformat()
    listed = client.get(f"/v1/pick-lists?day={day}").json()
    vans = {row["place_id"] for row in pages(client, "/v1/places") if row["kind"] == "van"}
    total = sum(on_hand(client, place) for place in ("D1", "W1"))
    elsewhere = as_role(Role.STOREKEEPER, Scope(regions=("R1",), depots=("D2",)))

    none = client.post("/v1/pick-lists", json={"day": day}, headers=elsewhere | keyed("theirs"))
    done = client.post("/v1/pick-lists", json={"day": day}, headers=keyed("one"))
    again = client.post("/v1/pick-lists", json={"day": day}, headers=keyed("one"))
    anew = client.post("/v1/pick-lists", json={"day": day}, headers=keyed("two"))
    wrong = client.post("/v1/pick-lists", json={"day": "2026-03-20"}, headers=keyed("three"))

    assert none.json() == {"moves": [], "short": []}
    assert done.status_code == 201, done.text
    assert bool(done.json()["moves"]) == any(row["van"] in vans for row in listed["lines"])
    assert done.json()["short"] == [row["visit"] for row in listed["shortages"]]
    assert done.json()["moves"] or done.json()["short"]
    assert again.json() == done.json()
    assert anew.json() == {"moves": [], "short": []}
    assert code_of(wrong) == "pick.no_departure"
    assert sum(on_hand(client, place) for place in ("D1", "W1")) == total
    assert not list(untrue(stored))


def test_the_practice_in_force_is_shown_with_its_sources(client: TestClient) -> None:
    """Every figure says where it comes from."""
    body = client.get("/v1/practice").json()

    assert body["figures"]
    assert all(row["key"] and row["source"] for row in body["figures"])


def test_who_reaches_one_depot_is_shown_what_is_due_there_and_nothing_of_the_whole_company(
    client: TestClient, as_role: Callable[..., dict[str, str]]
) -> None:
    """What lies on other shelves is not there for him; orders are a matter of the whole region."""
    mine = as_role(Role.STOREKEEPER, Scope(regions=("R1",), depots=("D2",)))
    engineer = as_role(Role.ENGINEER, Scope(regions=("R1",), engineer="E1"))

    due = client.get("/v1/reinspections/due?ahead_days=365", headers=mine)
    there, nowhere = (
        client.get(f"/v1/reinspections/due?place={place}", headers=mine).json() for place in ("D1", "D9")
    )

    assert due.json()["rows"] == []
    assert there == nowhere, "another's shelf is answered like one that is not there"
    for path in ("shipments", "orders/R1/standing"):
        assert code_of(client.get(f"/v1/{path}", headers=mine)) == "right.scope_too_narrow"
        assert code_of(client.get(f"/v1/{path}", headers=engineer)) == "right.denied"


def test_a_broken_unit_goes_from_the_van_to_its_supplier_and_another_comes_for_it(
    client: TestClient, stored: Database
) -> None:
    """Taken out at a customer's, brought to the depot, sent back under the supplier's number, settled by what comes by it, which is inspected."""
    steps: list[tuple[str, dict[str, Any]]] = [
        (
            "moves",
            {
                "document": "V1",
                "lines": [{"part": "P1", "quantity": 1, "from_place": "W1", "to_place": "CUS"}],
            },
        ),
        (
            "moves",
            {
                "document": "V1",
                "lines": [
                    {
                        "part": "P1",
                        "quantity": 1,
                        "from_place": "CUS",
                        "to_place": "W1",
                        "condition": "damaged",
                    }
                ],
            },
        ),
    ]
    for number, (path, body) in enumerate(steps):
        answer = client.post(f"/v1/{path}", json=body, headers=keyed(f"used-{number}"))
        assert answer.status_code == 201, answer.text
    (lying,) = pages(client, "/v1/defectives")
    goods = [{"part": "P1", "quantity": 1, "condition": "damaged"}]
    sent = {"document": "BACK-1", "from_place": "W1", "to_place": lying["to_place"], "goods": goods}
    come = {"document": "BACK-1", "to_place": lying["to_place"], "goods": goods}
    held = {
        "document": "BACK-1",
        "part": "P1",
        "quantity": 1,
        "place": "D1",
        "was": "damaged",
        "found": "quarantined",
        "put": "QUA",
    }
    decision = {
        "document": "RMA-77",
        "shelf": "D1",
        "part": "P1",
        "quantity": 1,
        "way": "return",
        "remedy": "replace",
        "supplier": "U1",
    }
    new = {"document": "RMA-77", "shelf": "D1", "lines": [{"part": "P1", "quantity": 1}]}

    states = []
    for number, (path, body) in enumerate(
        {
            "transfers": sent,
            "transfer-receipts": come,
            "condition-changes": held,
            "dispositions": decision,
            "receipts": new,
        }.items()
    ):
        answer = client.post(f"/v1/{path}", json=body, headers=keyed(f"back-{number}"))
        assert answer.status_code == 201, answer.text
        lies = [(one["place"], one["next"]) for one in pages(client, "/v1/defectives")]
        waits = [
            (one["document"], one["waits_for"])
            for one in pages(client, "/v1/quarantine")
            if one["document"] in {"BACK-1", "RMA-77"}
        ]
        states.append((lies, waits))

    assert (lying["place"], lying["next"], lying["to_place"], lying["quantity"]) == ("W1", "bring", "D1", 1)
    assert states == [
        ([], []),
        ([("D1", "quarantine")], []),
        ([], [("BACK-1", "disposition")]),
        ([], [("RMA-77", "remedy")]),
        ([], [("RMA-77", "inspect")]),
    ]
    assert not list(untrue(stored))


def test_labels_and_an_engineer_s_day_are_printed_for_who_reaches_them(
    client: TestClient, as_role: Callable[..., dict[str, str]]
) -> None:
    """A page that runs nothing, in either language; another depot's labels and a label of nothing are refused."""
    places = client.get("/v1/labels", params={"kind": "places", "lang": "zh"})
    parts = client.get("/v1/labels", params={"kind": "parts", "place": "D1"})
    day = client.get("/v1/engineers/E1/day-sheet")
    elsewhere = as_role(Role.STOREKEEPER, Scope(regions=("R1",), depots=("D2",)))
    mine = client.get("/v1/labels", headers=elsewhere)

    assert [one.status_code for one in (places, parts, day, mine)] == [200, 200, 200, 200]
    assert "script" not in places.headers["content-security-policy"]
    assert places.text.count("<svg") == len(client.get("/v1/places?limit=200").json()["rows"]) - 5
    assert ("P1" in parts.text, "P1" in mine.text, "D1" in mine.text) == (True, False, False)
    assert "E1" in day.text
    for wanted in ({"place": "D1"}, {"kind": "units"}):
        refused = client.get("/v1/labels", params=wanted, headers=elsewhere)
        assert code_of(refused) in {"stock.unknown_place", "label.nothing_to_print"}
    assert code_of(client.get("/v1/engineers/E9/day-sheet")) == code_of(
        client.get("/v1/engineers/E9/visits.ics")
    )
