"""A part asked for over HTTP: shown from where it can come, brought from there, and planned with from then on."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from kernel.clock import moment
from storage.check import untrue
from storage.database import Database
from storage.scope import Scope
from storage.tables.people import Role
from tests.api.http.conftest import AS_OF
from tests.api.http.test_by_hand import holds
from tests.api.http.test_reading_routes import code_of
from tests.api.http.test_tickets import keyed

WISH = {
    "part": "P1",
    "quantity": 2,
    "place": "D1",
    "arrives_at": "2026-03-06T09:30:00+08:00",
    "price_cents": 4000,
}


def test_a_part_that_is_short_is_brought_from_where_it_was_shown(
    client: TestClient, stored: Database, as_role: Callable[..., dict[str, str]]
) -> None:
    """The dispatcher presses one line of the list; the store sees what it has to send."""
    desk = as_role(Role.DISPATCHER)
    asked = {"kind": "part_needed", "value": "P1 2", "visit": "V2"}
    short = client.post("/v1/tickets/G2/work", json=asked, headers=desk | keyed("short"))
    assert short.status_code == 201, short.text
    shown = client.get("/v1/visits/V2/sources?part=P1&quantity=2", headers=desk)
    assert shown.status_code == 200, shown.text
    (source,) = [one for one in shown.json()["ways"] if one["kind"] == "pick_up"]
    wish = {**WISH, "arrives_at": source["arrives_at"], "price_cents": source["price_cents"]}

    done = client.post("/v1/visits/V2/deliveries", json=wish, headers=desk | keyed("one"))
    again = client.post("/v1/visits/V2/deliveries", json=wish, headers=desk | keyed("one"))

    assert (source["source"], source["free"]) == ("D1", 4)
    to_bring = client.get("/v1/deliveries/to-bring", headers=as_role(Role.STOREKEEPER)).json()["rows"]
    assert [(one["delivery"], one["stage"], one["left"]) for one in to_bring] == [
        (done.json()["delivery"], "to_send", 2)
    ]
    assert moment(source["arrives_at"]) > AS_OF
    assert (done.status_code, again.json()) == (201, done.json()), done.text
    listed = client.get("/v1/deliveries?visit=V2", headers=as_role(Role.STOREKEEPER)).json()["rows"]
    assert [(one["offer_id"], one["kind"], one["source"], one["quantity"]) for one in listed] == [
        (done.json()["delivery"], "transfer", "D1", 2)
    ]
    shown = client.post("/v1/visits/V2/preview", json={"engineer": "E2"}, headers=desk).json()
    assert {line["source"] for line in shown["parts"]} <= {"van", "pick_up", "offer"}
    assert holds(stored)
    assert untrue(stored) == []


def test_a_depot_s_store_sees_what_it_gives_and_nothing_else(
    client: TestClient, as_role: Callable[..., dict[str, str]]
) -> None:
    """What another depot sends, and what is bought, is not for it to know; the list says so as the work to be done does."""
    done = client.post("/v1/visits/V2/deliveries", json=WISH, headers=keyed("one"))
    assert done.status_code == 201, done.text
    every = client.get("/v1/deliveries").json()["rows"]
    given = [(one["kind"], one["source"]) for one in every if one["kind"] != "purchase"]

    def seen(depot: str) -> list[tuple[str, str]]:
        mine = as_role(Role.STOREKEEPER, Scope(regions=("R1",), depots=(depot,)))
        rows = client.get("/v1/deliveries", headers=mine).json()["rows"]
        return [(one["kind"], one["source"]) for one in rows]

    assert {source for _, source in given} == {"D1"}
    assert seen("D1") == given
    assert seen("D9") == []


@pytest.mark.parametrize(
    ("visit", "other", "code"),
    [
        ("V9", {}, "board.unknown_visit"),
        ("V2", {"part": "P9"}, "stock.unknown_part"),
        ("V2", {"place": "D9"}, "stock.unknown_place"),
        ("V2", {"place": "W1"}, "delivery.no_store"),
        ("V2", {"quantity": 7}, "stock.not_enough_free"),
        ("V2", {"arrives_at": "2026-03-05T09:30:00+08:00"}, "delivery.in_the_past"),
        ("V2", {"kind": "purchase"}, "delivery.is_bought"),
    ],
)
def test_what_cannot_be_brought_is_refused_by_name(
    client: TestClient, stored: Database, visit: str, other: dict[str, object], code: str
) -> None:
    """A promise of a part nobody can send would be planned with."""
    before = client.get("/v1/deliveries").json()["rows"]

    answer = client.post(f"/v1/visits/{visit}/deliveries", json={**WISH, **other}, headers=keyed("one"))

    assert code_of(answer) == code
    assert client.get("/v1/deliveries").json()["rows"] == before
    assert untrue(stored) == []
