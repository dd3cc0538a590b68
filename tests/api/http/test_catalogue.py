"""The catalogue written over HTTP: parts and who sells them, places, loaners, skills, partners; judged as the dataset is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from storage.check import untrue
from storage.database import Database
from storage.dataset.read import read
from storage.dataset.write import write
from storage.rows.region import load_region
from storage.scope import Scope
from storage.tables.people import Role
from tests.api.http.test_on_record import done, put, seen, without
from tests.api.http.test_reading_routes import code_of
from tests.api.http.test_tickets import keyed

PART = {"name": "Lamp", "kind": "repairable", "price": "45.00", "criticality": 2, "tracking": "serial"}
SOLD = {"supplier_id": "U-9", "price": "40.00", "lead_time_days": 3.5, "minimum": 5, "multiple": 5}
POLICY = {"place_id": "D-9", "fill_rate": 0.95, "review_period_days": 7.0, "maximum": 20}


def catalogue(client: TestClient) -> list[Any]:
    """A new part with somebody who sells it, a shelf it lies on, and a loaner beside it."""
    return [
        put(client, "/v1/suppliers/U-9", {"name": "Lamp works", "lead_time_days": 7.5}),
        put(client, "/v1/parts/P-9", PART),
        put(
            client,
            "/v1/places/D-9",
            {"kind": "depot", "name": "Harbour", "lat": 26.0, "lon": 119.4, "pick_up_min": 10},
        ),
        put(
            client,
            "/v1/loaner-classes/L-9",
            {"name": "Lamp to lend", "substitutes": ["L1"], "day_cost": "9.00"},
        ),
        put(client, "/v1/loaner-units/N-9", {"loaner_class": "L-9", "place_id": "D-9"}),
        put(client, "/v1/skills/lamps", {"name": "Lamps"}),
        put(client, "/v1/partners/X-9", {"name": "Other firm", "skills": ["lamps:2"], "price": "900.00"}),
        put(client, "/v1/parts/P-9/terms", {"rows": [SOLD]}),
        put(
            client,
            "/v1/parts/P-9/price-breaks",
            {"rows": [{"supplier_id": "U-9", "minimum": 50, "price": "38.00"}]},
        ),
        put(client, "/v1/parts/P-9/stock-policy", {"rows": [POLICY]}),
        put(client, "/v1/parts/P-9/alternates", {"rows": [{"alternate_id": "P2", "kind": "equal"}]}),
    ]


def test_a_new_part_is_sold_ordered_and_lies_on_a_new_shelf(
    client: TestClient, stored: Database, tmp_path: Path
) -> None:
    """A company that goes on for years takes up parts, suppliers and depots: nobody brings the region in anew for one."""
    written = catalogue(client)
    order = client.post(
        "/v1/orders",
        json={
            "order": "PO-9",
            "supplier": "U-9",
            "to_place": "D-9",
            "lines": [{"part": "P-9", "quantity": 10, "price_cents": 4000}],
        },
        headers=keyed("o-9"),
    )
    moved = client.post(
        "/v1/moves",
        json={
            "document": "IN-9",
            "lines": [
                {"part": "P-9", "quantity": 1, "from_place": "X1", "to_place": "D-9", "serial": "LAMP-1"}
            ],
        },
        headers=keyed("m-9"),
    )
    shown = client.get("/v1/parts/P-9").json()

    assert [one.status_code for one in written] == [201] * 7 + [200] * 4, [one.text for one in written]
    assert [one.json()["new"] for one in written] == [True] * 7 + [1] * 4
    assert order.status_code == 201, order.text
    assert moved.status_code == 201, moved.text
    assert (shown["tracking"], shown["price_cents"], shown["alternates"][0]["alternate"]) == (
        "serial",
        4500,
        "P2",
    )
    assert [one["place"] for one in shown["stock"]] == ["D-9"]
    assert [row["maximum"] for row in client.get("/v1/stock-policy?part=P-9").json()["rows"]] == [20]
    assert [action for action, _ in done(stored, "P-9")][:2] == ["catalogue.part", "catalogue.terms"]
    assert untrue(stored) == []
    with stored.reading() as connection:
        region = load_region(connection, "R1")
    write(region, tmp_path / "out")
    assert read(tmp_path / "out").refusals == ()


def test_a_part_is_replaced_only_as_it_was_seen(client: TestClient) -> None:
    """What the list shows is sent back with one thing changed; whoever saw another row is told."""
    row = next(one for one in client.get("/v1/parts").json()["rows"] if one["part_id"] == "P1")
    _, version = seen(client, "/v1/parts/P1")

    dearer = put(client, "/v1/parts/P1", without(row, "part_id") | {"price": "13.00"}, **version)
    late = put(client, "/v1/parts/P1", without(row, "part_id") | {"price": "14.00"}, **version)
    terms, held = seen(client, "/v1/parts/P1/terms")
    sold = [without(one, "part_id") | {"price": "10.50"} for one in terms["rows"]]
    cheaper = put(client, "/v1/parts/P1/terms", {"rows": sold}, **held)
    blind = put(client, "/v1/parts/P1/terms", {"rows": []})

    assert dearer.json()["changed"] == ["price"], dearer.text
    assert code_of(late) == "register.moved_on"
    assert cheaper.json() == {"part": "P1", "new": 1, "gone": 1}, cheaper.text
    assert code_of(blind) == "register.version_wanted"
    assert client.get("/v1/supplier-terms?part=P1").json()["rows"][0]["price"] == "10.50"


def test_what_a_part_has_is_replaced_only_as_it_was_seen(client: TestClient) -> None:
    """Who saw terms that somebody took away meanwhile does not bring them back; a row given twice is no answer's version."""
    catalogue(client)
    _, some = seen(client, "/v1/parts/P-9/alternates")
    _, policy = seen(client, "/v1/parts/P-9/stock-policy")

    gone = put(client, "/v1/parts/P-9/alternates", {"rows": []}, **some)
    late = put(
        client, "/v1/parts/P-9/alternates", {"rows": [{"alternate_id": "P1", "kind": "equal"}]}, **some
    )
    twice = put(client, "/v1/parts/P-9/stock-policy", {"rows": [POLICY, POLICY]}, **policy)

    assert gone.json() == {"part": "P-9", "new": 0, "gone": 1}
    assert code_of(late) == "register.moved_on"
    assert seen(client, "/v1/parts/P-9/alternates")[0] == {"rows": []}
    assert code_of(twice) == "desk.known_already"


REFUSED: dict[str, tuple[str, dict[str, Any], str]] = {
    "a place without a position": (
        "/v1/places/D-8",
        {"kind": "depot", "name": "x"},
        "dataset.place_without_coordinate",
    ),
    "an id that is an engineer": ("/v1/places/E1", {"kind": "scrap", "name": "x"}, "desk.known_already"),
    "forward stock of nobody": (
        "/v1/places/F-8",
        {"kind": "forward", "name": "x"},
        "stock.forward_without_customer",
    ),
    "somebody's second van": (
        "/v1/places/W-8",
        {"kind": "van", "name": "x", "engineer_id": "E1"},
        "dataset.van_disagrees",
    ),
    "a unit in a van that is none": (
        "/v1/loaner-units/N-8",
        {"loaner_class": "L1", "place_id": "D1", "van": "D1"},
        "dataset.not_a_van",
    ),
    "a unit of no class": (
        "/v1/loaner-units/N-8",
        {"loaner_class": "L7", "place_id": "D1"},
        "desk.unknown_reference",
    ),
    "a unit of a class of its own name": (
        "/v1/loaner-units/N-8",
        {"loaner_class": "N-8", "place_id": "D1"},
        "desk.unknown_reference",
    ),
    "a unit that stands on itself": (
        "/v1/loaner-units/N-8",
        {"loaner_class": "L1", "place_id": "N-8"},
        "desk.unknown_reference",
    ),
    "a partner named like a skill nobody knows": (
        "/v1/partners/X-8",
        {"price": "9.00", "skills": ["X-8:2"]},
        "desk.unknown_reference",
    ),
    "a partner where no site is": (
        "/v1/partners/X-8",
        {"price": "9.00", "territories": ["mars"]},
        "dataset.unknown_territory",
    ),
    "a price that is none": ("/v1/parts/P-8", PART | {"price": "-1"}, "money.negative"),
    "a part that matters not": ("/v1/parts/P-8", PART | {"criticality": 4}, "dataset.too_large"),
    "itself instead": (
        "/v1/parts/P1/alternates",
        {"rows": [{"alternate_id": "P1", "kind": "equal"}]},
        "stock.alternate_of_itself",
    ),
    "a supplier nobody knows": ("/v1/parts/P1/terms", {"rows": [SOLD]}, "desk.unknown_reference"),
    "a break without terms": (
        "/v1/parts/P2/price-breaks",
        {"rows": [{"supplier_id": "U1", "minimum": 9, "price": "9.00"}]},
        "supply.no_terms",
    ),
    "less at most than at least": (
        "/v1/parts/P2/stock-policy",
        {"rows": [POLICY | {"place_id": "D1", "minimum": 30}]},
        "stock.maximum_below_minimum",
    ),
    "a shelf that is none": (
        "/v1/parts/P2/stock-policy",
        {"rows": [POLICY | {"place_id": "X1"}]},
        "desk.unknown_reference",
    ),
    "a part that is not there": ("/v1/parts/P-8/terms", {"rows": []}, "stock.unknown_part"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_the_catalogue_is_judged_by_the_rules_of_the_file(
    client: TestClient, stored: Database, what: str
) -> None:
    """What a folder refuses the service refuses, by the same code, and nothing is kept."""
    path, body, code = REFUSED[what]

    held = client.get(path)
    version = {"If-Match": held.headers["ETag"]} if held.status_code == 200 else {}
    answer = put(client, path, body, **version)

    assert code_of(answer) == code, answer.text
    assert client.get(path).text == held.text or held.status_code == 404
    assert done(stored, path.split("/")[3]) == []


def test_what_the_ledger_was_kept_under_stays(client: TestClient) -> None:
    """A part that moved without lots has no lots to tell; a shelf goods lie on is no van tomorrow; terms with breaks stay."""
    part = next(one for one in client.get("/v1/parts").json()["rows"] if one["part_id"] == "P1")
    _, of_part = seen(client, "/v1/parts/P1")
    place, of_place = seen(client, "/v1/places/D1")
    terms, of_terms = seen(client, "/v1/parts/P1/terms")

    tracked = put(client, "/v1/parts/P1", without(part, "part_id") | {"tracking": "lot"}, **of_part)
    turned = put(client, "/v1/places/D1", without(place, "place_id") | {"kind": "warehouse"}, **of_place)
    named = put(client, "/v1/places/D1", without(place, "place_id") | {"name": "Old depot"}, **of_place)
    unsold = put(client, "/v1/parts/P1/terms", {"rows": []}, **of_terms)
    nobody_s = put(
        client, "/v1/places/W1", {"kind": "van", "name": "Van"}, **seen(client, "/v1/places/W1")[1]
    )

    assert terms["rows"]
    assert (tracked.status_code, code_of(tracked)) == (409, "stock.tracked_already")
    assert (turned.status_code, code_of(turned)) == (409, "register.still_named")
    assert named.json()["changed"] == ["name"], named.text
    assert code_of(unsold) == "supply.no_terms"
    assert code_of(nobody_s) == "dataset.engineer_disagrees"


def test_a_part_that_never_moved_may_be_tracked_otherwise(client: TestClient) -> None:
    """A slip of the first day is put right."""
    put(client, "/v1/parts/P-9", PART)
    _, version = seen(client, "/v1/parts/P-9")

    changed = put(client, "/v1/parts/P-9", PART | {"tracking": "none"}, **version)

    assert changed.json()["changed"] == ["tracking"], changed.text


def test_who_may_change_the_catalogue(client: TestClient, as_role: Callable[..., dict[str, str]]) -> None:
    """The storeroom and the company's own system do; a desk does not, and nobody whose rights end at a depot."""
    narrow = as_role(Role.STOREKEEPER, Scope(regions=("R1",), depots=("D9",)))

    def wrote(key: str, headers: dict[str, str]) -> Any:
        return put(client, f"/v1/parts/{key}", PART, key, **headers)

    answers = [
        wrote("P-1a", as_role(Role.STOREKEEPER)),
        wrote("P-1b", as_role(Role.INTEGRATION)),
        wrote("P-1c", as_role(Role.DISPATCHER)),
        wrote("P-1d", narrow),
    ]

    assert [one.status_code for one in answers] == [201, 201, 403, 403], [one.text for one in answers]
    assert code_of(answers[3]) == "right.scope_too_narrow"
    assert client.get("/v1/places/D1", headers=narrow).status_code == 404
    assert client.get("/v1/places/X1", headers=narrow).status_code == 200
